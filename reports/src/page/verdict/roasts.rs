//! Roast by roast: what the candidate made worse and better, and the worst with the command that makes each again.

use super::drawn::{Drawn, Layout};
use super::input::RoastsOf;
use super::words::spoken;
use crate::gates::with_unit;
use crate::markup::{capital, shortened};
use crate::number::{NONE, measured};
use crate::picture::{Anchor, Axis, Chart, Labels, Margins, Picture};
use crate::worst::{Contrast, Subject};

/// The roasts of one gate as they stand in the page.
#[derive(Clone, Debug)]
pub(super) struct Block {
    /// What is scored, in words.
    pub title: String,
    /// The gate.
    pub gate: String,
    /// How many are worse, better and the same, and how many are silent.
    pub counts: String,
    /// Every roast by how much worse it is; None without any.
    pub all: Option<Drawn>,
    /// The worst; None where none is worse.
    pub worst: Option<Drawn>,
    /// The same with commands.
    pub rows: Vec<Line>,
}

/// One of the worst roasts, in text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub case: String,
    pub seed: String,
    pub baseline: String,
    pub candidate: String,
    pub worse: String,
    pub command: String,
}

/// The roasts of a gate, drawn and told; `place` numbers the gates of the page.
pub(super) fn block(of: &RoastsOf, arms: (&str, &str), place: usize) -> Block {
    let subject = Subject::of(&of.gate);
    let title = shortened(&subject.map_or_else(|| of.gate.clone(), |subject| titled(&subject)), 120);
    let harms: Vec<f64> = of.all.iter().filter_map(|one| one.harm).collect();
    let count = |is: fn(&f64) -> bool| harms.iter().filter(|harm| is(harm)).count();
    let silent = of.all.iter().filter(|one| one.candidate.is_none() && one.baseline.is_some()).count();
    let silent =
        if silent == 0 { String::new() } else { format!("; silent where the baseline speaks on {silent}") };
    let counts = format!(
        "Worse on {} of {} roasts, better on {}, the same on {}{silent}.",
        count(|harm| *harm > 0.0),
        of.all.len(),
        count(|harm| *harm < 0.0),
        count(|harm| *harm == 0.0)
    );
    let unit = of.all.first().map_or("s", |one| &*one.unit).to_owned();
    let all = (!harms.is_empty()).then(|| every(&harms, &title, &unit, &counts, place));
    let worst = (!of.worst.is_empty()).then(|| dumbbells(&of.worst, &title, &unit, arms, place));
    Block { title, gate: of.gate.clone(), counts, all, worst, rows: of.worst.iter().map(line).collect() }
}

fn titled(subject: &Subject<'_>) -> String {
    let lead = subject.lead_s.map_or_else(String::new, |lead_s| format!("@{lead_s}s"));
    let slice = if subject.slice == "all" { String::new() } else { format!(" · {}", subject.slice) };
    format!("{}{slice}", capital(&spoken(&format!("{}{lead}", subject.metric))))
}

fn line((roast, command): &(Contrast, String)) -> Line {
    let silent = || roast.silent.as_deref().unwrap_or(NONE).to_owned();
    Line {
        case: roast.case.to_string(),
        seed: roast.seed.map_or_else(|| NONE.to_owned(), |seed| seed.to_string()),
        baseline: measured(roast.baseline, &roast.unit),
        candidate: roast.candidate.map_or_else(silent, |value| measured(Some(value), &roast.unit)),
        worse: roast.harm.map_or_else(|| NONE.to_owned(), |harm| with_unit(harm, &roast.unit)),
        command: command.clone(),
    }
}

/// Every roast by how much worse the candidate is, the worst first: one step each, under zero where it is better.
fn every(harms: &[f64], title: &str, unit: &str, counts: &str, place: usize) -> Drawn {
    let range = harms.iter().fold((0.0_f64, 0.0_f64), |(low, high), harm| (low.min(*harm), high.max(*harm)));
    #[allow(clippy::cast_precision_loss)] // Roasts are fewer than 2⁵³.
    let n = harms.len() as f64;
    let draw = |layout: Layout| {
        let name = if unit == "1" { "worse by".to_owned() } else { format!("worse by, {unit}") };
        let decimals = if range.1 - range.0 < 1.0 { 2 } else { usize::from(range.1 - range.0 < 8.0) };
        let x = Axis::exact("roasts, the worst first", (0.0, n), Labels::Number(0), 8);
        let y = Axis::round(&name, range, Labels::Number(decimals), 5);
        let picture = Picture::new(layout.width, 190.0, &format!("Every roast: {title}"), counts);
        let mut chart = Chart::new(picture, Margins::default(), x, y);
        let part = |is: fn(&f64) -> bool| -> Vec<(f64, f64, f64)> {
            let own = harms.iter().enumerate().filter(|(_, harm)| is(harm));
            own.flat_map(|(i, harm)| {
                #[allow(clippy::cast_precision_loss)]
                let i = i as f64;
                [(i, harm.min(0.0), harm.max(0.0)), (i + 1.0, harm.min(0.0), harm.max(0.0))]
            })
            .collect()
        };
        chart.band("fill-fail", &part(|harm| *harm > 0.0));
        chart.band("fill-pass", &part(|harm| *harm < 0.0));
        chart.level("zero", 0.0);
        chart.into_picture()
    };
    Drawn::twice(&format!("regret-{place}"), "Above zero the candidate is worse, below it is better.", draw)
}

/// The worst roasts, a row each: from what the baseline scored to what the candidate did.
fn dumbbells(
    worst: &[(Contrast, String)],
    title: &str,
    unit: &str,
    arms: (&str, &str),
    place: usize,
) -> Drawn {
    let said = |(one, _): &(Contrast, String)| {
        format!(
            "{}: {} to {}",
            shortened(&one.case, 48),
            measured(one.baseline, unit),
            measured(one.candidate, unit)
        )
    };
    let alt = format!(
        "From {} to {}. {}",
        shortened(arms.0, 48),
        shortened(arms.1, 48),
        worst.iter().map(said).collect::<Vec<_>>().join(". ")
    );
    let title = format!("The worst roasts: {title}");
    Drawn::twice(
        &format!("worst-{place}"),
        "Each row goes from what the baseline scored (square) to what the candidate scored (dot), the worst first.",
        |layout| rows(layout, worst, (&title, &alt), unit, arms),
    )
}

/// Room over the rows, for the legend and the numbers of the axis.
const TOP: f64 = 48.0;

fn rows(
    layout: Layout,
    worst: &[(Contrast, String)],
    (title, alt): (&str, &str),
    unit: &str,
    (baseline, candidate): (&str, &str),
) -> Picture {
    let height = if layout.is_narrow { 36.0 } else { 22.0 };
    let frame = if layout.is_narrow { (10.0, layout.width - 10.0) } else { (330.0, 940.0) };
    #[allow(clippy::cast_precision_loss)] // Tens.
    let whole = TOP + height * worst.len() as f64 + 8.0;
    let mut picture = Picture::new(layout.width, whole, title, alt);
    let values =
        worst.iter().flat_map(|(one, _)| [one.baseline, one.candidate]).flatten().filter(|v| v.is_finite());
    let range = values.fold((0.0_f64, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
    let decimals = if range.1 - range.0 < 1.0 { 2 } else { usize::from(range.1 - range.0 < 8.0) };
    let axis = Axis::round("", range, Labels::Number(decimals), if layout.is_narrow { 5 } else { 8 });
    let x = |value: f64| frame.0 + axis.share(value).clamp(0.0, 1.0) * (frame.1 - frame.0);
    let (place, unit_said) = (frame.0, if unit == "1" { String::new() } else { format!(", {unit}") });
    picture.rect("fill-baseline", (place, 8.0), (8.0, 8.0));
    picture.text(
        "name",
        Anchor::Start,
        (place + 14.0, 16.0),
        &format!("{}{unit_said}", shortened(baseline, 20)),
    );
    picture.dot("fill-candidate", (place + 174.0, 12.0), 4.0);
    picture.text("name", Anchor::Start, (place + 184.0, 16.0), &shortened(candidate, 24));
    for (value, text) in axis.ticks() {
        picture.line("grid", &[(x(value), TOP - 4.0), (x(value), whole)]);
        picture.text("tick", Anchor::Middle, (x(value), TOP - 10.0), &text);
    }
    let mut y = TOP;
    for (one, _) in worst {
        let middle = if layout.is_narrow { y + 24.0 } else { y + 11.0 };
        named_into(&mut picture, layout, one, y);
        let ends = one.baseline.map(x).zip(one.candidate.map(x));
        if let Some((from, to)) = ends {
            picture.line("fail", &[(from, middle), (to, middle)]);
        }
        if let Some(from) = one.baseline.map(x) {
            picture.rect("fill-baseline", (from - 4.0, middle - 4.0), (8.0, 8.0));
        }
        if let Some(to) = one.candidate.map(x) {
            picture.dot("fill-candidate", (to, middle), 4.5);
        }
        y += height;
    }
    picture
}

/// The name of a roast and how much worse it is, over its row or beside it.
fn named_into(picture: &mut Picture, layout: Layout, one: &Contrast, y: f64) {
    let silent = || one.silent.as_deref().unwrap_or(NONE).to_owned();
    let worse = one.harm.map_or_else(silent, |harm| with_unit(harm, &one.unit));
    let seed = one.seed.map_or_else(String::new, |seed| format!(" seed {seed}"));
    if layout.is_narrow {
        picture.text("name", Anchor::Start, (4.0, y + 11.0), &format!("{}{seed}", shortened(&one.case, 26)));
        picture.text("name", Anchor::End, (layout.width - 2.0, y + 11.0), &shortened(&worse, 18));
    } else {
        let name = format!("{}{seed}", shortened(&one.case, 30));
        picture.text("name", Anchor::End, (318.0, y + 15.0), &name);
        picture.text("name", Anchor::Start, (958.0, y + 15.0), &shortened(&worse, 24));
    }
}

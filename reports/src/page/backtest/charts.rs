//! The charts of a backtest: errors as the event comes nearer, coverage, widths, learning, machines, regimes.

use trier_tables::rows::BacktestRow;

use super::super::lines::{At, Interval, Line, draw, top};
use super::super::parts::Figure;
use super::super::whiskers::{Whisker, whiskers};
use super::LEAD_S;
use super::figures::{Slice, seconds};
use crate::markup::shortened;
use crate::number::{maybe, maybe_percent, maybe_signed, plain};
use crate::picture::{Anchor, Axis, Chart, Labels, Margins, Picture};

/// Room on the right for the names of lines.
const NAMES: f64 = 84.0;

/// How many earlier roasts were known, as in the table, and how it is written.
const KNOWN: [&str; 4] = ["0", "1-2", "3-9", "10+"];
const KNOWN_WRITTEN: [&str; 4] = ["none", "1 or 2", "3 to 9", "10 or more"];

/// An empty chart of half the page's width.
fn half(title: &str, alt: &str, x: Axis, y: Axis) -> Chart {
    let margins = Margins { top: 46.0, right: NAMES, ..Margins::default() };
    let mut picture = Picture::new(460.0, 300.0, title, alt);
    picture.text("strong", Anchor::Start, (4.0, 14.0), &shortened(title, 60));
    Chart::new(picture, margins, x, y)
}

/// The scale of leads: what comes before the event, time going to the right.
fn leads_axis(slice: &Slice<'_>, name: &str, ticks: usize) -> Axis {
    let ends = slice.leads_s.first().copied().zip(slice.leads_s.last().copied()).unwrap_or((1.0, 0.0));
    Axis::exact(name, (-ends.0, -ends.1), Labels::Before, ticks)
}

/// The values of a line by lead, from the longest.
fn by_lead<'a>(
    slice: &Slice<'a>,
    at: impl Fn(f64) -> Option<&'a BacktestRow>,
    of: fn(&BacktestRow) -> Option<f64>,
) -> Vec<At> {
    slice
        .leads_s
        .iter()
        .map(|lead_s| At { x: -lead_s, y: at(*lead_s).and_then(of), interval: None })
        .collect()
}

/// A line in words: each lead with its value.
fn told(line: &Line) -> String {
    let value = |at: &At| Some(format!("{} before {}", seconds(-at.x), plain(at.y?, 1)));
    let values: Vec<String> = line.values.iter().filter_map(value).collect();
    format!("{}: {}", line.name, if values.is_empty() { "nothing".to_owned() } else { values.join(", ") })
}

fn all_told(lines: &[Line]) -> String {
    lines.iter().map(told).collect::<Vec<_>>().join(". ")
}

/// Mean absolute errors of `names` by lead, over all machines or of one; the first with its interval.
fn error_lines(slice: &Slice<'_>, machine: Option<&str>, names: &[(&str, &'static str)]) -> Vec<Line> {
    let line = |(i, (name, ink)): (usize, &(&str, &'static str))| {
        let row = |lead_s: f64| slice.known_by(slice.earlier, machine, lead_s, name);
        let mut values = by_lead(slice, row, |row| row.mae_s);
        if i == 0 {
            for (at, lead_s) in values.iter_mut().zip(&slice.leads_s) {
                at.interval = row(*lead_s).and_then(|row| row.mae_low_s.zip(row.mae_high_s));
            }
        }
        Line { name: (*name).to_owned(), ink, values }
    };
    let lines = names.iter().enumerate().map(line);
    lines.filter(|line| line.values.iter().any(|at| at.y.is_some())).collect()
}

/// Errors as the event comes nearer.
pub(super) fn errors(slice: &Slice<'_>) -> Figure {
    let lines = error_lines(slice, None, slice.names());
    let event = slice.target.event;
    let alt = format!("Mean absolute error in s by the time before {event}. {}.", all_told(&lines));
    let x = leads_axis(slice, &format!("s before {event}"), 8);
    let y = Axis::round("mean absolute error, s", (0.0, top(&lines)), Labels::Number(0), 7);
    let mut chart = half(&format!("Error before {event}"), &alt, x, y);
    draw(&mut chart, &lines, Interval::Band);
    Figure {
        id: format!("{}-error", slice.target.id),
        picture: chart.into_picture(),
        caption: format!(
            "How far off forecasts were as {event} came nearer, with {}. The area is the 95 % interval of {}'s mean.",
            slice.known(),
            slice.first().0
        ),
    }
}

/// An interval by its name, the share it promises, its ink, and the share it held.
type Stated = (&'static str, f64, &'static str, fn(&BacktestRow) -> Option<f64>);

/// Shares of events within the intervals stated.
pub(super) fn coverage(slice: &Slice<'_>) -> Figure {
    let (name, _) = slice.first();
    let stated: [Stated; 3] = [
        ("90 %", 0.9, "who0", |row| row.coverage_90),
        ("80 %", 0.8, "who1", |row| row.coverage_80),
        ("50 %", 0.5, "who2", |row| row.coverage_50),
    ];
    let lines: Vec<Line> = stated
        .iter()
        .map(|(said, _, ink, of)| {
            let values = by_lead(slice, |lead_s| slice.all(lead_s, name), *of);
            Line { name: (*said).to_owned(), ink, values }
        })
        .collect();
    let in_words = |(line, (said, ..)): (&Line, &(&str, _, _, _))| {
        let value = |at: &At| Some(format!("{} before {}", seconds(-at.x), maybe_percent(Some(at.y?))));
        let values: Vec<String> = line.values.iter().filter_map(value).collect();
        format!("Of the {said} interval: {}", values.join(", "))
    };
    let alt: Vec<String> = lines.iter().zip(&stated).map(in_words).collect();
    let x = leads_axis(slice, &format!("s before {}", slice.target.event), 8);
    let y = Axis::exact("events within the interval", (0.0, 1.0), Labels::Percent, 6);
    let title = format!("Events within {name}'s intervals");
    let mut chart = half(&title, &(alt.join(". ") + "."), x, y);
    for (_, nominal, ..) in &stated {
        chart.level("upright", *nominal);
    }
    draw(&mut chart, &lines, Interval::Band);
    Figure {
        id: format!("{}-coverage", slice.target.id),
        picture: chart.into_picture(),
        caption: format!(
            "Each line is what the interval of its name held, and the dotted one at 50, 80 or 90 % what it promised: \
             above, {name}'s interval is wider than it need be; below, too sure of itself."
        ),
    }
}

/// Widths of the interval beside the naive one.
pub(super) fn widths(slice: &Slice<'_>) -> Figure {
    let (name, ink) = slice.first();
    let row = |lead_s: f64| slice.all(lead_s, name);
    let line = |name: &str, ink: &'static str, of: fn(&BacktestRow) -> Option<f64>| Line {
        name: name.to_owned(),
        ink,
        values: by_lead(slice, row, of),
    };
    let lines = [line(name, ink, |row| row.width_90_s), line("naive", "usual0", |row| row.naive_width_90_s)];
    let event = slice.target.event;
    let alt =
        format!("Mean width of the 90 % interval in s by the time before {event}. {}.", all_told(&lines));
    let x = leads_axis(slice, &format!("s before {event}"), 8);
    let y = Axis::round("width of the 90 % interval, s", (0.0, top(&lines)), Labels::Number(0), 7);
    let mut chart = half(&format!("Width of the 90 % interval before {event}"), &alt, x, y);
    draw(&mut chart, &lines, Interval::Band);
    Figure {
        id: format!("{}-width", slice.target.id),
        picture: chart.into_picture(),
        caption: "Narrower is better, at the same share of events held: the naive interval is as wide as one about the \
                  best baseline must be to hold as many."
            .to_owned(),
    }
}

/// Errors by how many earlier roasts of the machine were known.
pub(super) fn learning(slice: &Slice<'_>) -> Figure {
    let lead_s = slice.lead_s(LEAD_S);
    let line = |(i, (name, ink)): (usize, &(&str, &'static str))| {
        let at = |(known, x): (&&str, u32)| {
            let row = slice.known_by(known, None, lead_s, name);
            let interval = row.filter(|_| i == 0).and_then(|row| row.mae_low_s.zip(row.mae_high_s));
            At { x: f64::from(x), y: row.and_then(|row| row.mae_s), interval }
        };
        Line { name: (*name).to_owned(), ink, values: KNOWN.iter().zip(0_u32..).map(at).collect() }
    };
    let lines: Vec<Line> = slice.names().iter().enumerate().map(line).collect();
    let lines: Vec<Line> = lines.into_iter().filter(|line| line.top().is_some()).collect();
    let in_words = |line: &Line| {
        let value = |(at, known): (&At, &&str)| Some(format!("{known} known {}", plain(at.y?, 1)));
        let values: Vec<String> = line.values.iter().zip(&KNOWN_WRITTEN).filter_map(value).collect();
        format!("{}: {}", line.name, values.join(", "))
    };
    let alt: Vec<String> = lines.iter().map(in_words).collect();
    let before = format!("{} before {}", seconds(lead_s), slice.target.event);
    let alt = format!("Mean absolute error in s {before} by earlier roasts known. {}.", alt.join(". "));
    let x = Axis::exact("earlier roasts of the machine known", (-0.3, 3.3), Labels::Names(&KNOWN_WRITTEN), 9);
    let y = Axis::round("mean absolute error, s", (0.0, top(&lines)), Labels::Number(0), 7);
    let mut chart = half(&format!("Error {before} by roasts known"), &alt, x, y);
    draw(&mut chart, &lines, Interval::Whiskers);
    Figure {
        id: format!("{}-learning", slice.target.id),
        picture: chart.into_picture(),
        caption: format!("What earlier roasts of the machine teach, {before}. Uprights are 95 % intervals."),
    }
}

/// The difference to the best baseline, machine by machine; None where there is none.
pub(super) fn beside(slice: &Slice<'_>) -> Option<Figure> {
    let (lead_s, (name, _)) = (slice.lead_s(LEAD_S), slice.first());
    let all = slice.machines.iter().copied();
    let mut rows: Vec<(&str, &BacktestRow)> =
        all.filter_map(|machine| Some((machine, slice.machine(machine, lead_s, name)?))).collect();
    rows.retain(|(_, row)| row.difference_s.is_some());
    rows.sort_by(|a, b| a.1.difference_s.unwrap_or(0.0).total_cmp(&b.1.difference_s.unwrap_or(0.0)));
    let whisker = |(machine, row): &(&str, &BacktestRow)| {
        let interval = row.difference_low_s.zip(row.difference_high_s);
        let ink = match interval {
            Some((_, high)) if high < 0.0 => "pass",
            Some((low, _)) if low > 0.0 => "fail",
            _ => "usual2",
        };
        Whisker {
            name: format!("{} ({})", shortened(machine, 28), row.n_scored),
            ink,
            value: row.difference_s,
            interval,
            said: format!(
                "{} to {}",
                maybe_signed(row.difference_s, "s"),
                row.best_baseline.as_deref().unwrap_or_default()
            ),
        }
    };
    let whisks: Vec<Whisker> = rows.iter().map(whisker).collect();
    let told: Vec<String> = whisks.iter().map(|row| format!("{}: {}", row.name, row.said)).collect();
    let before = format!("{} before {}", seconds(lead_s), slice.target.event);
    let title = format!("{name} beside the best baseline, {before}");
    let alt = format!("Difference of mean absolute errors by machine: {}.", told.join(", "));
    let scale = ("error less that of the best baseline, s", 0);
    (!whisks.is_empty()).then(|| Figure {
        id: format!("{}-beside", slice.target.id),
        picture: whiskers((&title, &alt), scale, 34, &whisks),
        caption: format!(
            "{name} beside the best baseline of each machine, {before}, number of roasts in brackets. Left of zero {name} is \
             nearer. A line is the 95 % interval over days, where there are six or more; green or red where it leaves out zero."
        ),
    })
}

/// Errors of each machine as the event comes nearer, all on one scale.
pub(super) fn machines(slice: &Slice<'_>) -> Vec<Figure> {
    let names = slice.beside();
    let each = slice.machines.iter().copied();
    let each = each.map(|machine| (machine, error_lines(slice, Some(machine), &names)));
    let all: Vec<(&str, Vec<Line>)> = each.filter(|(_, lines)| !lines.is_empty()).collect();
    let highest = all.iter().map(|(_, lines)| top(lines)).max_by(f64::total_cmp).unwrap_or(1.0);
    let y = Axis::round("mean absolute error, s", (0.0, highest), Labels::Number(0), 5);
    let panel = |(place, (machine, lines)): (usize, &(&str, Vec<Line>))| {
        let event = slice.target.event;
        let n = slice.leads_s.iter().filter_map(|lead_s| slice.machine(machine, *lead_s, slice.first().0));
        let n = n.map(|row| row.n_scored).max().unwrap_or(0);
        let title = format!("{machine}: error before {event}");
        let alt = format!("{n} roasts. Mean absolute error in s. {}.", all_told(lines));
        let margins = Margins { top: 36.0, right: 62.0, bottom: 22.0, left: 32.0 };
        let picture = Picture::new(300.0, 200.0, &title, &alt);
        let mut chart = Chart::new(picture, margins, leads_axis(slice, "", 5), y.clone());
        draw(&mut chart, lines, Interval::Band);
        let picture = chart.picture_mut();
        picture.text("strong", Anchor::Start, (4.0, 12.0), &shortened(machine, 34));
        picture.text("tick", Anchor::End, (296.0, 26.0), &format!("{n} roasts"));
        Figure {
            id: format!("{}-machine-{}", slice.target.id, place + 1),
            picture: chart.into_picture(),
            caption: String::new(),
        }
    };
    all.iter().enumerate().map(panel).collect()
}

/// Errors below and above 150 °C; None where there is none.
pub(super) fn regimes(slice: &Slice<'_>) -> Option<Figure> {
    let regimes = [("below_150", "below 150 °C"), ("above_150", "above 150 °C")];
    let mut rows = Vec::new();
    for (regime, written) in regimes {
        for (name, ink) in slice.beside() {
            let Some(row) = slice.regime(regime, name).filter(|row| row.mae_s.is_some()) else { continue };
            let interval = row.mae_low_s.zip(row.mae_high_s);
            rows.push(Whisker {
                name: format!("{written}, {}", shortened(name, 16)),
                ink,
                value: row.mae_s,
                interval,
                said: format!("{}, {} forecasts", maybe(row.mae_s, "s"), row.n_scored),
            });
        }
    }
    let told: Vec<String> = rows.iter().map(|row| format!("{}: {}", row.name, row.said)).collect();
    let alt = format!("Mean absolute error by BT when asked, all leads together: {}.", told.join(", "));
    let title = format!("Error before {} by BT when asked", slice.target.event);
    (!rows.is_empty()).then(|| Figure {
        id: format!("{}-regimes", slice.target.id),
        picture: whiskers((&title, &alt), ("mean absolute error, s", 0), 30, &rows),
        caption: format!(
            "All leads together, by what BT was when asked, with {}. Lines are 95 % intervals.",
            slice.known()
        ),
    })
}

//! Curves by lead: how far off both arms are, the longer before the event they are asked.

use super::drawn::Drawn;
use super::input::{LeadError, Side};
use super::words::target_of;
use crate::markup::{capital, shortened};
use crate::number::{NONE, plain};
use crate::page::{Cell, Grid, Tone};
use crate::picture::{Anchor, Axis, Chart, Labels, Margins, Picture};

/// Width and height of one curve, units.
const SIZE: (f64, f64) = (460.0, 270.0);

/// One chart for each metric that has a value at any lead.
pub(super) fn curves(leads: &[LeadError], arms: (&str, &str)) -> Vec<Drawn> {
    metrics(leads)
        .into_iter()
        .filter_map(|metric| {
            let own: Vec<&LeadError> = leads.iter().filter(|one| one.metric == metric).collect();
            own.iter().any(|one| one.baseline.mean_s.is_some()).then(|| curve(metric, &own, arms))
        })
        .collect()
}

/// Metrics in the order in which they come.
fn metrics<'a>(leads: &[LeadError<'a>]) -> Vec<&'a str> {
    let mut found: Vec<&str> = Vec::new();
    for one in leads {
        if !found.contains(&one.metric) {
            found.push(one.metric);
        }
    }
    found
}

/// An arm's ink, and its part of a lead.
type OfArm = (&'static str, fn(&LeadError) -> Side);

/// What a metric forecasts, in words.
fn target(metric: &str) -> String {
    let (target, _) = metric.split_once('.').unwrap_or((metric, ""));
    target_of(target).unwrap_or(target).to_owned()
}

fn curve(metric: &str, leads: &[&LeadError], arms: (&str, &str)) -> Drawn {
    let target = target(metric);
    let names = (shortened(arms.0, 48), shortened(arms.1, 48));
    let at = |one: &&LeadError| {
        let of = |side: Side| {
            side.mean_s.map_or_else(|| NONE.to_owned(), |mean_s| format!("{} s", plain(mean_s, 1)))
        };
        format!(
            "{} s before: {} {}, {} {}",
            one.lead_s,
            names.0,
            of(one.baseline),
            names.1,
            of(one.candidate)
        )
    };
    let alt = leads.iter().map(at).collect::<Vec<_>>().join(". ");
    let title = format!("Mean absolute error of {target} by lead");
    let picture = Picture::new(SIZE.0, SIZE.1, &title, &alt);
    let highest = |side: &Side| side.interval_s.map(|(_, high)| high).or(side.mean_s);
    let all = leads.iter().flat_map(|one| [highest(&one.baseline), highest(&one.candidate)]).flatten();
    let high_s = all.fold(1.0_f64, f64::max);
    let longest_s = leads.iter().map(|one| one.lead_s).fold(1.0_f64, f64::max);
    let x = Axis::exact(&format!("s before {target}"), (-1.04 * longest_s, 0.0), Labels::Before, 6);
    let y =
        Axis::round("mean absolute error, s", (0.0, high_s), Labels::Number(usize::from(high_s < 3.0)), 6);
    let margins = Margins { top: 44.0, right: 14.0, ..Margins::default() };
    let mut chart = Chart::new(picture, margins, x, y);
    let sides: [OfArm; 2] = [("baseline", |one| one.baseline), ("candidate", |one| one.candidate)];
    for (class, side) in sides {
        let band: Vec<(f64, f64, f64)> = leads
            .iter()
            .rev()
            .map(|one| {
                let (low, high) = side(one).interval_s.unwrap_or((f64::NAN, f64::NAN));
                (-one.lead_s, low, high)
            })
            .collect();
        chart.band(&format!("band-{class}"), &band);
    }
    for (class, side) in sides {
        let line: Vec<(f64, f64)> =
            leads.iter().rev().map(|one| (-one.lead_s, side(one).mean_s.unwrap_or(f64::NAN))).collect();
        chart.line(class, &line);
        for at in line.into_iter().filter(|(_, mean_s)| mean_s.is_finite()) {
            chart.dot(&format!("fill-{class}"), at, 2.6);
        }
    }
    legend(chart.picture_mut(), &[("candidate", arms.1), ("baseline", arms.0)]);
    let caption = format!(
        "{}: on roasts where both arms say a time, each cluster once. Bands are 95 % intervals; where one is missing, \
         too few clusters speak.",
        capital(&target)
    );
    Drawn::once(&format!("by-lead-{}", target.replace(' ', "-")), &caption, chart.into_picture())
}

/// Arms by class and name, each beside a piece of its line, at the top.
pub(super) fn legend(picture: &mut Picture, arms: &[(&str, &str)]) {
    let mut x = 44.0;
    for (class, name) in arms {
        picture.line(class, &[(x, 11.0), (x + 26.0, 11.0)]);
        picture.text("name", Anchor::Start, (x + 32.0, 15.0), &shortened(name, 24));
        x += 205.0;
    }
}

/// The same numbers as a table.
pub(super) fn table(leads: &[LeadError], (baseline, candidate): (&str, &str)) -> Grid {
    let (baseline, candidate) = (shortened(baseline, 24), shortened(candidate, 24));
    let columns = [
        "forecast of".to_owned(),
        "#s before".to_owned(),
        format!("#{baseline}, s"),
        "#95 % interval".to_owned(),
        format!("#{candidate}, s"),
        "#95 % interval".to_owned(),
        "#roasts".to_owned(),
        "#clusters".to_owned(),
        format!("#{baseline} silent"),
        format!("#{candidate} silent"),
    ];
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let mut grid = Grid::new("Mean absolute error by lead, on roasts where both arms say a time", &columns);
    for one in leads {
        let mean = |side: Side| side.mean_s.map_or_else(|| NONE.to_owned(), |mean_s| plain(mean_s, 1));
        let interval = |side: Side| {
            let of = |(low, high)| format!("{} to {}", plain(low, 1), plain(high, 1));
            side.interval_s.map_or_else(|| NONE.to_owned(), of)
        };
        let silent = |side: Side| {
            let tone = if side.silent > 0 { Tone::Warn } else { Tone::Plain };
            Cell::toned(side.silent.to_string(), tone)
        };
        let first = one.fault.map_or_else(
            || capital(&target(one.metric)),
            |why| format!("{}: {why}", capital(&target(one.metric))),
        );
        grid.rows.push(vec![
            Cell::of(first),
            Cell::of(one.lead_s.to_string()),
            Cell::of(mean(one.baseline)),
            Cell::of(interval(one.baseline)),
            Cell::of(mean(one.candidate)),
            Cell::of(interval(one.candidate)),
            Cell::of(one.n_roasts.to_string()),
            Cell::of(one.n_clusters.to_string()),
            silent(one.baseline),
            silent(one.candidate),
        ]);
    }
    grid
}

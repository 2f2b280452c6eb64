//! Many roasts at once: how they spread, a small curve of each, and a row of each.

use super::input::{Overview, Small, Spread, Unit};
use super::tables::grade_tone;
use crate::markup::shortened;
use crate::number::{NONE, clock, maybe, maybe_clock, maybe_percent, plain};
use crate::page::{Cell, Fact, Figure, Grid, Tone};
use crate::picture::{Axis, Chart, Labels, Margins, Picture, legend};
use trier_tables::rows::SessionRow;

/// The figure of a small curve, units.
const SMALL: (f64, f64) = (176.0, 84.0);

/// A small curve and what stands beneath it.
pub(super) struct Tile {
    /// The curve.
    pub(super) svg: String,
    /// The roast's name.
    pub(super) name: String,
    /// Its numbers.
    pub(super) note: String,
    /// Where it leads; empty for nowhere.
    pub(super) to: String,
}

pub(super) fn facts(overview: &Overview) -> Vec<Fact> {
    let sessions = &overview.sessions;
    let plain_fact = |name: &str, value: String, note: String| Fact {
        name: name.to_owned(),
        value,
        note,
        tone: Tone::Plain,
    };
    let count = |what: fn(&&SessionRow) -> bool| sessions.iter().filter(what).count();
    let mut machines: Vec<&str> = sessions.iter().map(|session| &*session.machine).collect();
    machines.sort_unstable();
    machines.dedup();
    let named = machines.iter().take(3).map(|name| shortened(name, 24)).collect::<Vec<_>>().join(", ");
    let more = if machines.len() > 3 { ", …" } else { "" };
    let dropped = count(|session| session.drop_s.is_some());
    let good = count(|session| &*session.grade == "good");
    let discarded = if overview.discarded == 0 {
        String::new()
    } else {
        format!("{} discarded, not shown", overview.discarded)
    };
    let mut all = vec![
        plain_fact("Roasts", sessions.len().to_string(), discarded),
        plain_fact("Machines", machines.len().to_string(), format!("{named}{more}")),
        Fact {
            tone: if dropped == sessions.len() { Tone::Pass } else { Tone::Warn },
            ..plain_fact("Dropped", format!("{dropped} of {}", sessions.len()), String::new())
        },
        plain_fact("Good data", format!("{good} of {}", sessions.len()), String::new()),
    ];
    all.extend(overview.spreads.iter().take(4).filter_map(|spread| {
        let [low, middle, high] = spread.quantiles?.map(|value| written(value, spread.unit));
        Some(plain_fact(spread.name, middle, format!("{low} to {high} (10 to 90 %)")))
    }));
    all
}

fn written(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Clock => clock(value),
        Unit::Celsius => format!("{} °C", plain(value, 1)),
        Unit::Share => maybe_percent(Some(value)),
        Unit::Percent => format!("{} %", plain(value, 1)),
    }
}

pub(super) fn spreads(overview: &Overview) -> Grid {
    let mut grid = Grid::new("How the roasts differ", &["measure", "#roasts", "#10 %", "#median", "#90 %"]);
    for Spread { name, unit, n, quantiles } in &overview.spreads {
        let mut cells = vec![Cell::of(*name), Cell::of(n.to_string())];
        match quantiles {
            Some(all) => cells.extend(all.map(|value| Cell::of(written(value, *unit)))),
            None => cells.extend([NONE; 3].map(Cell::of)),
        }
        grid.rows.push(cells);
    }
    grid
}

/// BT and rate of rise over all roasts, 10 to 90 %.
pub(super) fn bands(overview: &Overview) -> Option<[Figure; 2]> {
    let last = overview.bands.last()?;
    let n = overview.sessions.len();
    let note = "The band holds eight roasts of ten; it ends when half of them have dropped.";
    let one = |id: &str,
               what: &str,
               unit: &str,
               class: (&str, &str),
               value: fn(&super::input::Band) -> [f64; 3],
               limits: (f64, f64)| {
        let kept = |value: f64| if (limits.0..=limits.1).contains(&value) { value } else { f64::NAN };
        let rows: Vec<(f64, [f64; 3])> =
            overview.bands.iter().map(|band| (band.at_s, value(band).map(kept))).collect();
        let finite = || rows.iter().flat_map(|(_, all)| *all).filter(|value| value.is_finite());
        let range = (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max));
        let range = if range.0 <= range.1 { range } else { (0.0, 1.0) };
        let end = rows.iter().rev().find(|(_, all)| all[1].is_finite());
        let alt = end.map_or_else(
            || "No reading.".to_owned(),
            |(at_s, [low, middle, high])| {
                let [low, middle, high] = [low, middle, high].map(|value| plain(*value, 1));
                format!(
                    "Of {n} roasts, at {}: median {middle} {unit}, 10 % below {low}, 10 % above {high}.",
                    clock(*at_s)
                )
            },
        );
        let title = format!("{what} of all roasts");
        let x = Axis::exact("time since charge, min", (0.0, last.at_s), Labels::Clock, 8);
        let y = Axis::round(unit, range, Labels::Number(0), 7);
        let margins = Margins { top: 40.0, right: 24.0, ..Margins::default() };
        let mut chart = Chart::new(Picture::new(560.0, 320.0, &title, &alt), margins, x, y);
        chart.band(class.1, &rows.iter().map(|(at, all)| (*at, all[0], all[2])).collect::<Vec<_>>());
        chart.line(class.0, &rows.iter().map(|(at, all)| (*at, all[1])).collect::<Vec<_>>());
        legend(chart.picture_mut(), (44.0, 12.0), &[(class.0, "median"), (class.1, "10 to 90 %")]);
        Figure {
            id: id.to_owned(),
            picture: chart.into_picture(),
            caption: format!("{what}, {unit}. {note}"),
        }
    };
    Some([
        one("bands-bt", "BT", "°C", ("bt", "band"), |band| band.bt_c, (-20.0, 450.0)),
        one(
            "bands-ror",
            "Rate of rise",
            "°C/min",
            ("ror", "band-ror"),
            |band| band.ror_c_per_min,
            (0.0, 60.0),
        ),
    ])
}

/// A small curve of each roast, all by the same axes.
pub(super) fn tiles(overview: &Overview, to: &[String]) -> Vec<Tile> {
    let bt = || {
        overview
            .curves
            .iter()
            .flat_map(|curve| &curve.points)
            .map(|(_, bt, _)| *bt)
            .filter(|bt| bt.is_finite())
    };
    let high = bt().fold(240.0, f64::max).min(450.0);
    let low = bt().fold(80.0, f64::min).max(-20.0);
    let last = overview
        .curves
        .iter()
        .filter_map(|curve| curve.points.last())
        .map(|point| point.0)
        .fold(60.0, f64::max);
    let axes = (
        Axis::exact("", (0.0, last), Labels::Clock, 2).quiet(),
        Axis::exact("", (low, high), Labels::Number(0), 2).quiet(),
    );
    let each = overview.sessions.iter().zip(&overview.curves).enumerate();
    each.map(|(i, (session, curve))| Tile {
        svg: small(session, curve, &axes),
        name: shortened(&session.source, 48),
        note: format!("{} · {} dev.", maybe_clock(session.drop_s), maybe_percent(session.development_ratio)),
        to: to.get(i).cloned().unwrap_or_default(),
    })
    .collect()
}

fn small(session: &SessionRow, curve: &Small, (x, y): &(Axis, Axis)) -> String {
    let alt = format!(
        "First crack {}, drop {} at {}.",
        maybe_clock(session.first_crack_s),
        maybe_clock(session.drop_s),
        maybe(session.drop_bt_c, "°C")
    );
    let picture = Picture::new(SMALL.0, SMALL.1, &shortened(&session.source, 48), &alt);
    let margins = Margins { top: 4.0, right: 4.0, bottom: 4.0, left: 4.0 };
    let mut chart = Chart::new(picture, margins, x.clone(), y.clone());
    let rates = Axis::exact("", (0.0, 40.0), Labels::Number(0), 2);
    let turned_s = session.turning_point_s.unwrap_or(0.0);
    let ror: Vec<(f64, f64)> = curve
        .points
        .iter()
        .filter(|(at_s, ..)| *at_s >= turned_s)
        .map(|(at_s, _, ror)| (*at_s, if (0.0..=40.0).contains(ror) { *ror } else { f64::NAN }))
        .collect();
    chart.line_on(&rates, "ror", &ror);
    chart.line("bt", &curve.points.iter().map(|(at_s, bt, _)| (*at_s, *bt)).collect::<Vec<_>>());
    for (at_s, bt_c) in
        [(session.first_crack_s, session.first_crack_bt_c), (session.drop_s, session.drop_bt_c)]
    {
        if let (Some(at_s), Some(bt_c)) = (at_s, bt_c) {
            chart.dot("fill-bt", (at_s, bt_c), 2.5);
        }
    }
    chart.into_picture().inline()
}

/// A row of each roast.
pub(super) fn sessions(overview: &Overview, to: &[String]) -> Grid {
    let columns = [
        "roast",
        "machine",
        "outcome",
        "#first crack",
        "#BT, °C",
        "#drop",
        "#BT, °C",
        "#development",
        "data",
        "trust",
    ];
    let mut grid = Grid::new("All roasts", &columns);
    let number =
        |value: Option<f64>| Cell::of(value.map_or_else(|| NONE.to_owned(), |value| plain(value, 1)));
    for (i, session) in overview.sessions.iter().enumerate() {
        grid.rows.push(vec![
            Cell { to: to.get(i).cloned().unwrap_or_default(), ..Cell::of(shortened(&session.source, 80)) },
            Cell::of(shortened(&session.machine, 40)),
            Cell::of(session.outcome.replace('_', " ")),
            Cell::of(maybe_clock(session.first_crack_s)),
            number(session.first_crack_bt_c),
            Cell::of(maybe_clock(session.drop_s)),
            number(session.drop_bt_c),
            Cell::of(maybe_percent(session.development_ratio)),
            Cell::toned(session.grade.replace('_', " "), grade_tone(&session.grade)),
            Cell::of(session.trust.replace('_', " ")),
        ]);
    }
    grid
}

/// Files that gave no roast, or not as they were.
pub(super) fn files(overview: &Overview) -> Grid {
    let mut grid = Grid::new("Files that were not simply read", &["file", "outcome", "why", "#findings"]);
    for file in overview.files.iter().filter(|file| &*file.outcome != "read") {
        let tone = if &*file.outcome == "refused" { Tone::Warn } else { Tone::Plain };
        grid.rows.push(vec![
            Cell::of(shortened(&file.source, 80)),
            Cell::toned(&*file.outcome, tone),
            Cell::of(file.reason.as_deref().unwrap_or(NONE)),
            Cell::of(file.n_findings.to_string()),
        ]);
    }
    grid
}

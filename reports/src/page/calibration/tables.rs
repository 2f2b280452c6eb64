//! The tables of a calibration.

use super::super::parts::{Cell, Grid, Tone};
use super::{Calibration, HELD_OUT, RMSE};
use crate::number::{NONE, plain, signed};
use crate::summary::{CURVES, WEAK, curve_name, digits};

/// Metrics over all roasts, with the heads of their columns.
const TOTALS: [(&str, &str); 8] = [
    ("median.bt_rmse", "#BT RMSE"),
    ("median.bt_rmse.charge_to_turning_point", "#to TP"),
    ("median.bt_rmse.turning_point_to_dry_end", "#to dry end"),
    ("median.bt_rmse.dry_end_to_first_crack", "#to FC"),
    ("median.bt_rmse.first_crack_to_drop", "#to drop"),
    ("median.drop.bt", "#at drop"),
    ("turning_point.within_8_s_and_6_c", "#TP met"),
    ("first_crack.within_30_s", "#FC met"),
];

/// Medians over roasts, by part and curve.
pub(super) fn totals(of: &Calibration<'_>) -> Grid {
    let columns: Vec<&str> =
        ["roasts", "curve", "#n", "#95 %"].into_iter().chain(TOTALS.iter().map(|(_, head)| *head)).collect();
    let caption = "Medians over roasts, °C, and the share of roasts whose turning point is within 8 s and 6 °C and \
                   whose first crack is within 30 s";
    let mut grid = Grid::new(caption, &columns);
    for (part, written) in [(HELD_OUT, "held out"), ("train", "trained on")] {
        for curve in CURVES {
            let Some(whole) = of.total(part, curve, "median.bt_rmse") else { continue };
            let interval = whole
                .low
                .zip(whole.high)
                .map(|(low, high)| format!("{} to {}", plain(low, 1), plain(high, 1)));
            let mut row = vec![
                Cell::of(written),
                Cell::of(curve_name(curve)),
                Cell::of(whole.n.to_string()),
                Cell::of(interval.unwrap_or_else(|| NONE.to_owned())),
            ];
            row.extend(TOTALS.iter().map(|(metric, _)| {
                let total = of.total(part, curve, metric);
                let said = total.and_then(|row| Some((row.value?, &*row.unit))).map(|(value, unit)| {
                    if unit == "1" { format!("{} %", plain(value * 100.0, 0)) } else { plain(value, 1) }
                });
                Cell::of(said.unwrap_or_else(|| NONE.to_owned()))
            }));
            grid.rows.push(row);
        }
    }
    grid
}

/// Errors roast by roast.
pub(super) fn errors(of: &Calibration<'_>, held: &[&str]) -> Grid {
    type Written = fn(f64, usize) -> String;
    let columns: [(&str, &str, &str, Written); 9] = [
        ("#BT RMSE", "machine", RMSE, plain),
        ("#with 3 batch numbers", "machine_and_batch", RMSE, plain),
        ("#family", "family", RMSE, plain),
        ("#last roast", "last_roast", RMSE, plain),
        ("#mean curve", "mean_curve", RMSE, plain),
        ("#TP, s", "machine", "turning_point.time", signed),
        ("#TP, °C", "machine", "turning_point.bt", signed),
        ("#FC, s", "machine", "first_crack.time", signed),
        ("#drop, °C", "machine", "drop.bt", signed),
    ];
    let heads: Vec<&str> = ["roast"].into_iter().chain(columns.iter().map(|(head, ..)| *head)).collect();
    let caption = "Roasts held out: root mean square of simulated less measured BT, °C, and how far off the machine's \
                   turning point, first crack and drop are";
    let mut grid = Grid::new(caption, &heads);
    grid.rows = held
        .iter()
        .zip(1..)
        .map(|(source, place)| {
            let is_drawn = of.curves.iter().any(|row| &*row.part == HELD_OUT && &*row.source == *source);
            let to = if is_drawn { format!("roast-{place}") } else { String::new() };
            let name = Cell { to, ..Cell::of(*source) };
            let value = |(_, curve, metric, written): &(&str, &str, &str, Written)| {
                let value = of.error(source, curve, metric);
                Cell::of(value.map_or_else(|| NONE.to_owned(), |value| written(value, 1)))
            };
            std::iter::once(name).chain(columns.iter().map(value)).collect()
        })
        .collect();
    grid
}

/// What is missed in each phase, by all alike and by each on its own.
pub(super) fn phases(of: &Calibration<'_>) -> Grid {
    let columns = ["phase", "#roasts", "#all alike, °C", "#each on its own, ± °C", "#family, all alike, °C"];
    let mut grid = Grid::new("Mean miss by phase, roasts held out: simulated less measured", &columns);
    for (phase, written) in super::charts::PHASES {
        let total = |curve: &str, which: &str| of.total(HELD_OUT, curve, &format!("{which}.bt_bias.{phase}"));
        let value = |curve: &str, which: &str| total(curve, which).and_then(|row| row.value);
        let said = |value: Option<f64>, written: fn(f64, usize) -> String| {
            Cell::of(value.map_or_else(|| NONE.to_owned(), |value| written(value, 1)))
        };
        let n = total("machine", "shared").map_or_else(|| NONE.to_owned(), |row| row.n.to_string());
        grid.rows.push(vec![
            Cell::of(written),
            Cell::of(n),
            said(value("machine", "shared"), signed),
            said(value("machine", "own"), plain),
            said(value("family", "shared"), signed),
        ]);
    }
    grid
}

/// The numbers fitted.
pub(super) fn parameters(of: &Calibration<'_>) -> Grid {
    let columns = [
        "number",
        "whose",
        "unit",
        "#family",
        "its prior, ± 1 sd",
        "#fitted",
        "± 1 standard error",
        "#sd ratio",
        "what the roasts say",
    ];
    let caption =
        "Numbers fitted; the sd ratio is the standard deviation after the roasts over that before them";
    let mut grid = Grid::new(caption, &columns);
    grid.rows = of
        .parameters
        .iter()
        .map(|row| {
            let (said, tone) = match (row.at_bound, row.sd_ratio < WEAK) {
                (true, _) => ("at its bound: they ask for another law", Tone::Fail),
                (_, true) => ("told", Tone::Plain),
                _ => ("little: this is the prior", Tone::Warn),
            };
            let ends = |low: f64, high: f64| format!("{} to {}", digits(low), digits(high));
            vec![
                Cell::of(&*row.key),
                Cell::of(&*row.level),
                Cell::of(&*row.unit),
                Cell::of(digits(row.prior)),
                Cell::of(ends(row.prior_low, row.prior_high)),
                Cell::of(digits(row.value)),
                Cell::of(ends(row.low, row.high)),
                Cell::of(plain(row.sd_ratio, 2)),
                Cell::toned(said, tone),
            ]
        })
        .collect();
    grid
}

/// Numbers that go together.
pub(super) fn pairs(of: &Calibration<'_>) -> Grid {
    let mut grid = Grid::new("Not told apart: numbers that move as one", &["one", "other", "#correlation"]);
    let row = |pair: &trier_tables::rows::FitPairRow| {
        vec![Cell::of(&*pair.one), Cell::of(&*pair.other), Cell::of(signed(pair.correlation, 2))]
    };
    grid.rows = of.pairs.iter().map(row).collect();
    grid
}

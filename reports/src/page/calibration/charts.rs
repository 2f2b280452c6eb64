//! The charts of a calibration: how near each curve comes, roasts, misses by phase, numbers.

use std::collections::BTreeMap;

use trier_tables::rows::{FitCurveRow, FitParameterRow};

use super::super::parts::Figure;
use super::super::whiskers::{Whisker, whiskers};
use super::{Calibration, HELD_OUT, RMSE};
use crate::markup::shortened;
use crate::number::{maybe, plain, signed};
use crate::picture::{Anchor, Axis, Chart, Labels, Margins, Picture};
use crate::summary::{CURVES, WEAK, curve_name, digits};

/// The phases, as in the tables and as people say.
pub(super) const PHASES: [(&str, &str); 4] = [
    ("charge_to_turning_point", "charge to turning point"),
    ("turning_point_to_dry_end", "turning point to dry end"),
    ("dry_end_to_first_crack", "dry end to first crack"),
    ("first_crack_to_drop", "first crack to drop"),
];

/// The median roast under each curve; None where no roast was held out.
pub(super) fn beside(of: &Calibration<'_>) -> Option<Figure> {
    let row = |curve: &&str| {
        let total = of.total(HELD_OUT, curve, "median.bt_rmse")?;
        let is_machine = curve.starts_with("machine");
        Some(Whisker {
            name: curve_name(curve).to_owned(),
            ink: if is_machine { "who0" } else { "usual0" },
            value: total.value,
            interval: total.low.zip(total.high),
            said: format!("{} in {} roasts", maybe(total.value, "°C"), total.n),
        })
    };
    let rows: Vec<Whisker> = CURVES.iter().filter_map(row).collect();
    let told: Vec<String> = rows.iter().map(|row| format!("{}: {}", row.name, row.said)).collect();
    let alt = format!("Median over the roasts held out: {}.", told.join(", "));
    let scale = ("median BT RMSE over roasts held out, °C", 0);
    (!rows.is_empty()).then(|| Figure {
        id: "near".to_owned(),
        picture: whiskers(("How near each curve comes", &alt), scale, 29, &rows),
        caption: "Nearer to zero is better. Below the machine stand what it began from and two curves that need no model. \
                  Lines are 95 % intervals of the median."
            .to_owned(),
    })
}

/// One picture for each roast held out.
pub(super) fn roasts(of: &Calibration<'_>, held: &[&str]) -> Vec<Figure> {
    let mut curves: BTreeMap<&str, Vec<&FitCurveRow>> = BTreeMap::new();
    for row in of.curves.iter().filter(|row| &*row.part == HELD_OUT) {
        curves.entry(&row.source).or_default().push(row);
    }
    let all = || curves.values().flatten();
    let bounds = |of: fn(&FitCurveRow) -> [Option<f64>; 2]| {
        let values = || all().flat_map(|row| of(row)).flatten();
        (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max))
    };
    let (first, last) = bounds(|row| [Some(row.since_charge_s), None]);
    let x = Axis::exact("", (first, last), Labels::Clock, 7);
    let y = Axis::round("BT, °C", bounds(|row| [Some(row.bt_c), row.machine_bt_c]), Labels::Number(0), 6);
    let panel = |(source, place): (&&str, u32)| {
        let rows = curves.get(source)?;
        Some(roast(of, source, place, rows, (x.clone(), y.clone())))
    };
    held.iter().zip(1..).filter_map(panel).collect()
}

fn roast(
    of: &Calibration<'_>,
    source: &str,
    place: u32,
    rows: &[&FitCurveRow],
    axes: (Axis, Axis),
) -> Figure {
    let rmse = |curve: &str| maybe(of.error(source, curve, RMSE), "°C");
    let alt = format!(
        "BT RMSE: machine {}, with three batch numbers {}, family before any fit {}.",
        rmse("machine"),
        rmse("machine_and_batch"),
        rmse("family")
    );
    let title = format!("{place}. {source}");
    let margins = Margins { top: 44.0, right: 12.0, bottom: 22.0, left: 34.0 };
    let mut picture = Picture::new(330.0, 230.0, &title, &alt);
    picture.text("strong", Anchor::Start, (4.0, 12.0), &shortened(&title, 42));
    let mut chart = Chart::new(picture, margins, axes.0, axes.1);
    type Column = fn(&FitCurveRow) -> Option<f64>;
    let columns: [(&str, Column); 4] = [
        ("usual0", |row| row.family_bt_c),
        ("who2", |row| row.machine_and_batch_bt_c),
        ("bt", |row| Some(row.bt_c)),
        ("et", |row| row.machine_bt_c),
    ];
    for (ink, column) in columns {
        let values: Vec<(f64, f64)> =
            rows.iter().map(|row| (row.since_charge_s, column(row).unwrap_or(f64::NAN))).collect();
        chart.line(ink, &values);
    }
    legend(&mut chart, &format!("machine {}", rmse("machine")));
    Figure { id: format!("roast-{place}"), picture: chart.into_picture(), caption: String::new() }
}

/// What the lines are, in the free corner below the curve.
fn legend(chart: &mut Chart, machine: &str) {
    let ((left, top), (width, height)) = chart.frame();
    let names =
        [("bt", "measured"), ("et", machine), ("who2", "with 3 batch numbers"), ("usual0", "family, no fit")];
    let mut y = top + height - 46.0;
    for (ink, name) in names {
        let x = left + width - 150.0;
        chart.picture_mut().line(ink, &[(x, y - 4.0), (x + 22.0, y - 4.0)]);
        chart.picture_mut().text("name", Anchor::Start, (x + 27.0, y), name);
        y += 13.0;
    }
}

/// The mean miss of each roast in each phase; None where no roast was held out.
pub(super) fn phases(of: &Calibration<'_>) -> Option<Figure> {
    const ROW: f64 = 40.0;
    let misses: Vec<Vec<f64>> = PHASES
        .iter()
        .map(|(phase, _)| {
            let metric = format!("bt_bias.{phase}");
            let of_phase = of.errors.iter().filter(|row| &*row.part == HELD_OUT && &*row.curve == "machine");
            of_phase.filter(|row| *row.metric == *metric).filter_map(|row| row.value).collect()
        })
        .collect();
    let all = || misses.iter().flatten().copied();
    let ends = (all().fold(0.0, f64::min), all().fold(0.0, f64::max));
    all().next()?;
    let shared = |phase: &str| {
        let total = |which: &str| of.total(HELD_OUT, "machine", &format!("{which}.bt_bias.{phase}"))?.value;
        total("shared").zip(total("own"))
    };
    let said = |phase: &str| {
        shared(phase).map_or_else(
            || "too few roasts".to_owned(),
            |(shared_c, own_c)| format!("all {} °C, each ±{} °C", signed(shared_c, 1), plain(own_c, 1)),
        )
    };
    let told: Vec<String> =
        PHASES.iter().map(|(phase, written)| format!("{written}: {}", said(phase))).collect();
    let alt = format!(
        "Mean of simulated less measured BT by phase, one dot a roast held out. {}.",
        told.join("; ")
    );
    let margins = Margins { top: 8.0, right: 12.0, bottom: 34.0, left: 12.0 };
    let picture = Picture::new(560.0, 4.0 * ROW + margins.top + margins.bottom, "Misses by phase", &alt);
    let x = Axis::round("simulated less measured BT, mean of the phase, °C", ends, Labels::Number(0), 9);
    let mut chart = Chart::new(picture, margins, x, Axis::exact("", (0.0, 4.0), Labels::Names(&[]), 2));
    let ((left, top), (width, height)) = chart.frame();
    let zero = chart.x(0.0);
    chart.picture_mut().line("zero", &[(zero, top), (zero, top + height)]);
    let mut row = 3.5;
    for ((phase, written), misses) in PHASES.iter().zip(&misses) {
        let y = chart.y(row);
        for miss_c in misses {
            chart.dot("dot-roast", (*miss_c, row - 0.2), 4.0);
        }
        if let Some((shared_c, _)) = shared(phase) {
            let x = chart.x(shared_c);
            chart.picture_mut().line("who0", &[(x, y - 2.0), (x, y + 18.0)]);
        }
        chart.picture_mut().text("name", Anchor::Start, (left, y - 8.0), written);
        chart.picture_mut().text("tick", Anchor::End, (left + width, y - 8.0), &said(phase));
        row -= 1.0;
    }
    Some(Figure {
        id: "misses".to_owned(),
        picture: chart.into_picture(),
        caption: "One dot is one roast held out; the upright is what all miss alike. Right of zero the simulated bean probe \
                  shows too much."
            .to_owned(),
    })
}

/// Each number with its prior and what the roasts made of it, each on a scale of its own; None without numbers.
pub(super) fn parameters(of: &Calibration<'_>) -> Option<Figure> {
    const ROW: f64 = 22.0;
    const LEFT: f64 = 232.0;
    const WIDTH: f64 = 190.0;
    let told = of.parameters.iter().filter(|row| row.sd_ratio < WEAK).count();
    let alt = format!(
        "{} numbers, of {told} of which the roasts say more than little. {}.",
        of.parameters.len(),
        of.parameters.iter().map(in_words).collect::<Vec<_>>().join("; ")
    );
    #[allow(clippy::cast_precision_loss)] // Some dozens of numbers.
    let height = of.parameters.len() as f64 * ROW + 30.0;
    let mut picture = Picture::new(600.0, height, "The numbers fitted", &alt);
    picture.text("axis", Anchor::Middle, (LEFT + WIDTH / 2.0, 12.0), "prior (bar) and fit (dot)");
    picture.text("axis", Anchor::Start, (LEFT + WIDTH + 10.0, 12.0), "fit; sd ratio");
    let mut y = 34.0;
    for row in of.parameters {
        let ends = [row.prior_low, row.prior_high, row.low, row.high, row.value, row.prior];
        let range = (
            ends.into_iter().fold(f64::INFINITY, f64::min),
            ends.into_iter().fold(f64::NEG_INFINITY, f64::max),
        );
        let scale = Axis::exact("", range, Labels::Number(0), 2);
        let x = |value: f64| LEFT + scale.share(value).clamp(0.0, 1.0) * WIDTH;
        let middle = y - 4.0;
        picture.rect(
            "fan-prior",
            (x(row.prior_low), middle - 5.0),
            (x(row.prior_high) - x(row.prior_low), 10.0),
        );
        picture.line("usual0 whisker", &[(x(row.prior), middle - 6.0), (x(row.prior), middle + 6.0)]);
        let ink = if row.at_bound {
            "fail"
        } else if row.sd_ratio < WEAK {
            "who0"
        } else {
            "usual2"
        };
        picture.line(&format!("whisker {ink}"), &[(x(row.low), middle), (x(row.high), middle)]);
        picture.dot(&format!("fill-{ink}"), (x(row.value), middle), 4.0);
        picture.text("name", Anchor::End, (LEFT - 8.0, y), &shortened(&row.key, 38));
        let note = if row.at_bound {
            ", at its bound"
        } else if row.sd_ratio < WEAK {
            ""
        } else {
            ", little said"
        };
        let said = format!("{}; {}{note}", with_unit(row.value, &row.unit), plain(row.sd_ratio, 2));
        picture.text("tick", Anchor::Start, (LEFT + WIDTH + 10.0, y), &said);
        y += ROW;
    }
    (!of.parameters.is_empty()).then(|| Figure {
        id: "fitted".to_owned(),
        picture,
        caption: "Each number on a scale of its own. The bar is its prior, one standard deviation either way, with an upright at \
                  the family's number; the dot with its line is the fit and its standard error. Where the line is as long as \
                  the bar (sd ratio near 1) the roasts say nothing of it."
            .to_owned(),
    })
}

fn in_words(row: &FitParameterRow) -> String {
    let key = &row.key;
    let value = with_unit(row.value, &row.unit);
    format!("{key} from {} to {value}, sd ratio {}", digits(row.prior), plain(row.sd_ratio, 2))
}

/// A number with its unit; `1` is none.
fn with_unit(value: f64, unit: &str) -> String {
    if unit == "1" { digits(value) } else { format!("{} {unit}", digits(value)) }
}

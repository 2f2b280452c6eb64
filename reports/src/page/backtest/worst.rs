//! The worst roasts of a target: BT and, below it, when the event was expected as the roast went on.

use std::collections::BTreeMap;

use trier_tables::rows::{WorstCurveRow, WorstForecastRow, WorstRow};

use super::super::parts::{Cell, Figure, Grid};
use super::super::sections::Block;
use super::Worst;
use super::figures::Slice;
use crate::markup::shortened;
use crate::number::{clock, plain};
use crate::picture::{Anchor, Axis, Chart, Labels, Margins, Picture};

/// Width and height of one roast's picture, and where its two charts part.
const SIZE: (f64, f64) = (330.0, 290.0);
const PARTED: f64 = 158.0;

/// The blocks about the worst roasts of a target.
pub(super) fn blocks(worst: Option<Worst<'_>>, slice: &Slice<'_>) -> Vec<Block> {
    let Some(worst) = worst else {
        let text = "The folder was written by a version that kept no curves of the worst roasts; run `sim backtest` \
                    again with --out to see them.";
        return vec![Block::Text(text.to_owned())];
    };
    let rows: Vec<&WorstRow> = worst.roasts.iter().filter(|row| *row.target == *slice.target.name).collect();
    let Some(first) = rows.first() else {
        return vec![Block::Text(format!("{} said no time of any roast.", slice.first().0))];
    };
    let mut curves: BTreeMap<&str, Vec<&WorstCurveRow>> = BTreeMap::new();
    for row in worst.curves {
        curves.entry(&row.source).or_default().push(row);
    }
    let mut forecasts: BTreeMap<&str, Vec<&WorstForecastRow>> = BTreeMap::new();
    for row in worst.forecasts.iter().filter(|row| *row.target == *slice.target.name) {
        forecasts.entry(&row.source).or_default().push(row);
    }
    let picture = |row: &&WorstRow| {
        let (curve, forecasts) = (curves.get(&*row.source)?, forecasts.get(&*row.source)?);
        Some(figure(row, curve, forecasts, slice))
    };
    let figures: Vec<Figure> = rows.iter().filter_map(picture).collect();
    let table = table(&rows, &figures, slice);
    let text = format!(
        "The roasts that {} was farthest off at, by its mean absolute error over all leads. Above, BT up to the drop; \
         below, when {} was expected as the roast went on: the median, and the intervals of 50 and 90 %. A forecast that \
         is right lies on the dotted line where {} happened; the oblique line is the present, which no forecast can pass.",
        first.predictor, slice.target.event, slice.target.event
    );
    vec![Block::Text(text), Block::Figures { class: "panels", figures }, Block::Table(table)]
}

/// - `figures`: those that are drawn.
fn table(rows: &[&WorstRow], figures: &[Figure], slice: &Slice<'_>) -> Grid {
    let columns =
        ["#place", "roast", "machine", "#earlier roasts", "#happened", "#mean error, s", "#said a time"];
    let mut grid = Grid::new(&format!("The worst roasts: {}", slice.target.event), &columns);
    let drawn =
        |id: String| figures.iter().find(|figure| figure.id == id).map_or_else(String::new, |_| id.clone());
    grid.rows = rows
        .iter()
        .map(|row| {
            vec![
                Cell::of(row.place.to_string()),
                Cell { to: drawn(id(row, slice)), ..Cell::of(&*row.source) },
                Cell::of(&*row.machine),
                Cell::of(row.n_earlier.to_string()),
                Cell::of(clock(row.event_s)),
                Cell::of(plain(row.mae_s, 1)),
                Cell::of(format!("{} of {}", row.n_scored, row.n_asked)),
            ]
        })
        .collect();
    grid
}

fn id(row: &WorstRow, slice: &Slice<'_>) -> String {
    format!("{}-worst-{}", slice.target.id, row.place)
}

fn figure(row: &WorstRow, curve: &[&WorstCurveRow], said: &[&WorstForecastRow], slice: &Slice<'_>) -> Figure {
    let word = slice.target.heading;
    let title = format!("{}. {}", row.place, row.source);
    let last = said.iter().rev().find_map(|row| Some((row.since_charge_s, row.p50_s?)));
    let last = last.map_or_else(
        || "it never said a time".to_owned(),
        |(at_s, p50_s)| format!("at {} it expected it at {}", clock(at_s), clock(p50_s)),
    );
    let alt = format!(
        "{word} happened at {}; off by {} s in the mean, with {} earlier roasts known; {last}.",
        clock(row.event_s),
        plain(row.mae_s, 1),
        row.n_earlier
    );
    let end = curve.iter().map(|row| row.since_charge_s).chain([row.event_s]).max_by(f64::total_cmp);
    let x = |name: &str, labels| Axis::exact(name, (0.0, end.unwrap_or(1.0)), labels, 6);
    let mut picture = Picture::new(SIZE.0, SIZE.1, &title, &alt);
    picture.text("strong", Anchor::Start, (4.0, 12.0), &shortened(&title, 44));
    let under = format!("{}, off by {} s", shortened(&row.machine, 30), plain(row.mae_s, 0));
    picture.text("tick", Anchor::Start, (4.0, 26.0), &under);

    let bt: Vec<(f64, f64)> =
        curve.iter().map(|row| (row.since_charge_s, row.bt_c.unwrap_or(f64::NAN))).collect();
    let sizes = || bt.iter().map(|(_, bt_c)| *bt_c).filter(|bt_c| bt_c.is_finite());
    let range = (sizes().fold(f64::INFINITY, f64::min), sizes().fold(f64::NEG_INFINITY, f64::max));
    let y = Axis::round("BT, °C", range, Labels::Number(0), 4);
    let above = Margins { top: 54.0, right: 10.0, bottom: SIZE.1 - PARTED + 30.0, left: 40.0 };
    let mut chart = Chart::new(picture, above, x("", Labels::Names(&[])), y);
    chart.line("bt", &bt);
    chart.upright("upright", row.event_s, &format!("{} {}", word.to_lowercase(), clock(row.event_s)));

    let below = Margins { top: PARTED, right: 10.0, bottom: 34.0, left: 40.0 };
    let y = Axis::round("expected at, min:s", expected_range(row, said), Labels::Clock, 5);
    let mut chart = Chart::new(chart.into_picture(), below, x("since charge, min:s", Labels::Clock), y);
    expected(&mut chart, row, said, end.unwrap_or(1.0));
    Figure { id: id(row, slice), picture: chart.into_picture(), caption: String::new() }
}

/// From the earliest to the latest that was expected in the middle, and the event.
fn expected_range(row: &WorstRow, said: &[&WorstForecastRow]) -> (f64, f64) {
    let middle =
        || said.iter().flat_map(|row| [row.p25_s, row.p50_s, row.p75_s]).flatten().chain([row.event_s]);
    (middle().fold(f64::INFINITY, f64::min), middle().fold(f64::NEG_INFINITY, f64::max))
}

fn expected(chart: &mut Chart, row: &WorstRow, said: &[&WorstForecastRow], end_s: f64) {
    type Quantile = fn(&WorstForecastRow) -> Option<f64>;
    let at = |row: &WorstForecastRow, of: Quantile| of(row).unwrap_or(f64::NAN);
    let band = |low: Quantile, high: Quantile| -> Vec<(f64, f64, f64)> {
        said.iter().map(|row| (row.since_charge_s, at(row, low), at(row, high))).collect()
    };
    chart.band("fan-wide", &band(|row| row.p05_s, |row| row.p95_s));
    chart.band("fan", &band(|row| row.p25_s, |row| row.p75_s));
    // The present: what is expected lies after it.
    let (low, high) = expected_range(row, said);
    let (from, to) = (low.max(0.0), high.min(end_s));
    if from < to {
        chart.line("zero", &[(from, from), (to, to)]);
    }
    chart.level("upright", row.event_s);
    let median: Vec<(f64, f64)> =
        said.iter().map(|row| (row.since_charge_s, at(row, |row| row.p50_s))).collect();
    chart.line("who0", &median);
}

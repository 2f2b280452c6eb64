//! The tables of a backtest.

use trier_tables::rows::BacktestRow;

use super::super::parts::{Cell, Grid, Tone};
use super::figures::{Slice, seconds};
use crate::number::{NONE, maybe_percent, plain, signed};

fn number(value: Option<f64>) -> String {
    value.map_or_else(|| NONE.to_owned(), |value| plain(value, 1))
}

fn ends(low: Option<f64>, high: Option<f64>) -> String {
    let both = low.zip(high);
    both.map_or_else(|| NONE.to_owned(), |(low, high)| format!("{} to {}", plain(low, 1), plain(high, 1)))
}

/// The difference to the best baseline, with a tone where its interval leaves out zero.
fn difference(row: &BacktestRow) -> Cell {
    let Some((difference, name)) = row.difference_s.zip(row.best_baseline.as_deref()) else {
        return Cell::toned(NONE, Tone::Soft);
    };
    let tone = match row.difference_low_s.zip(row.difference_high_s) {
        Some((_, high)) if high < 0.0 => Tone::Pass,
        Some((low, _)) if low > 0.0 => Tone::Fail,
        _ => Tone::Plain,
    };
    Cell::toned(format!("{} to {name}", signed(difference, 1)), tone)
}

/// Each predictor at each lead, over all machines.
pub(super) fn overall(slice: &Slice<'_>) -> Grid {
    let caption = format!("All machines together, {}: errors and widths in s", slice.known());
    let columns = [
        "before",
        "predictor",
        "#said a time",
        "#MAE",
        "#95 %",
        "#bias",
        "#P90",
        "#CRPS",
        "#in 50 %",
        "#in 80 %",
        "#in 90 %",
        "#width 90 %",
        "#naive",
        "beside the best baseline",
        "#95 %",
    ];
    let mut grid = Grid::new(&caption, &columns);
    for lead_s in &slice.leads_s {
        for (name, _) in slice.names() {
            let Some(row) = slice.all(*lead_s, name) else { continue };
            grid.rows.push(vec![
                Cell::of(seconds(*lead_s)),
                Cell::of(*name),
                Cell::of(format!("{} of {}", row.n_scored, row.n_asked)),
                Cell::of(number(row.mae_s)),
                Cell::of(ends(row.mae_low_s, row.mae_high_s)),
                Cell::of(row.bias_s.map_or_else(|| NONE.to_owned(), |bias| signed(bias, 1))),
                Cell::of(number(row.p90_s)),
                Cell::of(number(row.crps_s)),
                Cell::of(maybe_percent(row.coverage_50)),
                Cell::of(maybe_percent(row.coverage_80)),
                Cell::of(maybe_percent(row.coverage_90)),
                Cell::of(number(row.width_90_s)),
                Cell::of(number(row.naive_width_90_s)),
                difference(row),
                Cell::of(ends(row.difference_low_s, row.difference_high_s)),
            ]);
        }
    }
    grid
}

/// Mean absolute errors machine by machine, leads across.
pub(super) fn machines(slice: &Slice<'_>) -> Grid {
    let leads: Vec<String> = slice.leads_s.iter().map(|lead_s| format!("#{}", seconds(*lead_s))).collect();
    let mut columns = vec!["machine", "predictor", "#roasts"];
    columns.extend(leads.iter().map(String::as_str));
    let caption = format!("Mean absolute error in s by machine and time before {}", slice.target.event);
    let mut grid = Grid::new(&caption, &columns);
    for machine in &slice.machines {
        for (name, _) in slice.names() {
            let rows: Vec<Option<&BacktestRow>> =
                slice.leads_s.iter().map(|lead_s| slice.machine(machine, *lead_s, name)).collect();
            let Some(n) = rows.iter().flatten().map(|row| row.n_scored).max() else { continue };
            let mut cells = vec![Cell::of(*machine), Cell::of(*name), Cell::of(n.to_string())];
            cells.extend(rows.iter().map(|row| Cell::of(number(row.and_then(|row| row.mae_s)))));
            grid.rows.push(cells);
        }
    }
    grid
}

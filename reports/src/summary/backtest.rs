//! What a backtest found: predictors beside the best baseline, by lead and by machine.

use trier_tables::rows::BacktestRow;

use crate::number::{NONE, maybe_percent, plain, signed};
use crate::terminal::{Align, table};

/// The figures over all machines of one target where this many earlier roasts were known.
///
/// - `earlier`: as in the table: `3+`, `0` and so on.
///
/// Empty when there are none.
#[must_use]
pub fn backtest_table(rows: &[BacktestRow], target: &str, earlier: &str) -> String {
    let of_slice = |row: &&BacktestRow| {
        *row.target == *target && *row.earlier == *earlier && row.machine.is_none() && row.lead_s.is_some()
    };
    let mut picked: Vec<&BacktestRow> = rows.iter().filter(of_slice).collect();
    // The table is in the order of bits, which is the order of leads, then by predictor's name.
    picked.sort_by(|a, b| a.lead_s.partial_cmp(&b.lead_s).unwrap_or(std::cmp::Ordering::Equal));
    let cells: Vec<Vec<String>> = picked.iter().map(|row| figures(row)).collect();
    if cells.is_empty() {
        return String::new();
    }
    let headers = [
        "lead s",
        "predictor",
        "scored",
        "MAE s",
        "95 %",
        "bias",
        "P90",
        "CRPS",
        "in 50 %",
        "in 80 %",
        "in 90 %",
        "width s",
        "beside the best baseline s",
        "95 %",
    ];
    let aligns = [
        Align::Right,
        Align::Left,
        Align::Right,
        Align::Right,
        Align::Left,
        Align::Right,
        Align::Right,
        Align::Right,
        Align::Right,
        Align::Right,
        Align::Right,
        Align::Right,
        Align::Left,
        Align::Left,
    ];
    table(&headers, &cells, &aligns)
}

fn figures(row: &BacktestRow) -> Vec<String> {
    let number = |value: Option<f64>| value.map_or_else(|| NONE.to_owned(), |value| plain(value, 1));
    let beside = row.difference_s.zip(row.best_baseline.as_ref());
    vec![
        number(row.lead_s).trim_end_matches(".0").to_owned(),
        row.predictor.to_string(),
        format!("{}/{}", row.n_scored, row.n_asked),
        number(row.mae_s),
        interval(row.mae_low_s, row.mae_high_s),
        row.bias_s.map_or_else(|| NONE.to_owned(), |bias| signed(bias, 1)),
        number(row.p90_s),
        number(row.crps_s),
        maybe_percent(row.coverage_50),
        maybe_percent(row.coverage_80),
        maybe_percent(row.coverage_90),
        number(row.width_90_s),
        beside.map_or_else(String::new, |(difference, name)| {
            format!("{} to {name}'s {}", signed(difference, 1), number(row.baseline_mae_s))
        }),
        if beside.is_some() { interval(row.difference_low_s, row.difference_high_s) } else { String::new() },
    ]
}

fn interval(low: Option<f64>, high: Option<f64>) -> String {
    low.zip(high)
        .map_or_else(|| NONE.to_owned(), |(low, high)| format!("[{}, {}]", plain(low, 1), plain(high, 1)))
}

/// Mean absolute errors of one target machine by machine, one line for each predictor, leads across.
#[must_use]
pub fn backtest_machines_table(rows: &[BacktestRow], target: &str, earlier: &str) -> String {
    let picked: Vec<&BacktestRow> = rows
        .iter()
        .filter(|row| *row.target == *target && *row.earlier == *earlier && row.lead_s.is_some())
        .filter(|row| row.machine.is_some())
        .collect();
    let mut leads: Vec<f64> = picked.iter().filter_map(|row| row.lead_s).collect();
    leads.sort_by(f64::total_cmp);
    leads.dedup();
    let mut lines: Vec<(&str, &str)> =
        picked.iter().filter_map(|row| Some((row.machine.as_deref()?, &*row.predictor))).collect();
    lines.sort_unstable();
    lines.dedup();
    if lines.is_empty() {
        return String::new();
    }
    let cells: Vec<Vec<String>> = lines
        .iter()
        .map(|(machine, predictor)| {
            let at = |lead_s: &f64| {
                picked.iter().find(|row| {
                    row.machine.as_deref() == Some(machine)
                        && *row.predictor == **predictor
                        && row.lead_s == Some(*lead_s)
                })
            };
            let most = leads.iter().filter_map(&at).map(|row| row.n_scored).max().unwrap_or(0);
            let mae = |lead: &f64| {
                at(lead).and_then(|row| row.mae_s).map_or_else(|| NONE.to_owned(), |mae| plain(mae, 1))
            };
            let mut line = vec![(*machine).to_owned(), (*predictor).to_owned(), most.to_string()];
            line.extend(leads.iter().map(mae));
            line
        })
        .collect();
    let names: Vec<String> = leads.iter().map(|lead| format!("{} s", plain(*lead, 0))).collect();
    let mut headers = vec!["machine", "predictor", "roasts"];
    headers.extend(names.iter().map(String::as_str));
    let mut aligns = vec![Align::Left, Align::Left];
    aligns.resize(headers.len(), Align::Right);
    table(&headers, &cells, &aligns)
}

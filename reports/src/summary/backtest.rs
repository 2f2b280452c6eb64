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
        "abstained",
        "MAE s",
        "95 %",
        "bias",
        "P90",
        "pinball",
        "CRPS",
        "in 50 %",
        "in 80 %",
        "in 90 %",
        "width s",
        "naive s",
        "beside the best baseline s",
        "95 %",
    ];
    let mut aligns = [Align::Right; 17];
    for left in [1, 5, 15, 16] {
        aligns[left] = Align::Left;
    }
    table(&headers, &cells, &aligns)
}

fn figures(row: &BacktestRow) -> Vec<String> {
    let number = |value: Option<f64>| value.map_or_else(|| NONE.to_owned(), |value| plain(value, 1));
    let beside = row.difference_s.zip(row.best_baseline.as_ref());
    vec![
        number(row.lead_s).trim_end_matches(".0").to_owned(),
        row.predictor.to_string(),
        format!("{}/{}", row.n_scored, row.n_asked),
        row.n_abstained.to_string(),
        number(row.mae_s),
        interval(row.mae_low_s, row.mae_high_s),
        row.bias_s.map_or_else(|| NONE.to_owned(), |bias| signed(bias, 1)),
        number(row.p90_s),
        number(row.pinball_s),
        number(row.crps_s),
        maybe_percent(row.coverage_50),
        maybe_percent(row.coverage_80),
        maybe_percent(row.coverage_90),
        number(row.width_90_s),
        number(row.naive_width_90_s),
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

/// Mean absolute errors of one target over all machines by how many earlier roasts were known, one line for
/// each number and predictor, leads across.
#[must_use]
pub fn backtest_learning_table(rows: &[BacktestRow], target: &str) -> String {
    let known = ["0", "1-2", "3-9", "10+"];
    let of_slice = |row: &&BacktestRow| {
        *row.target == *target
            && known.contains(&&*row.earlier)
            && row.machine.is_none()
            && row.lead_s.is_some()
    };
    let picked: Vec<&BacktestRow> = rows.iter().filter(of_slice).collect();
    let place = |row: &BacktestRow| known.iter().position(|earlier| **earlier == *row.earlier);
    let mut lines: Vec<(usize, &str)> =
        picked.iter().filter_map(|row| Some((place(row)?, &*row.predictor))).collect();
    lines.sort_unstable();
    lines.dedup();
    let lines: Vec<[&str; 2]> = lines.into_iter().map(|(place, name)| [known[place], name]).collect();
    across(["known", "predictor"], &lines, &picked, |row| [&row.earlier, &row.predictor])
}

/// Mean absolute errors of one target over all machines below and above 150 °C, three or more roasts known.
#[must_use]
pub fn backtest_regimes_table(rows: &[BacktestRow], target: &str) -> String {
    let of_slice = |row: &&BacktestRow| {
        *row.target == *target && *row.slice == *"regime" && *row.earlier == *"3+" && row.machine.is_none()
    };
    let cells: Vec<Vec<String>> = rows
        .iter()
        .filter(of_slice)
        .map(|row| {
            let regime = if *row.regime == *"below_150" { "below" } else { "above" };
            let mut cells = figures(row);
            regime.clone_into(&mut cells[0]);
            cells.truncate(6);
            cells
        })
        .collect();
    if cells.is_empty() {
        return String::new();
    }
    let (left, right) = (Align::Left, Align::Right);
    let headers = ["150 °C", "predictor", "scored", "abstained", "MAE s", "95 %"];
    table(&headers, &cells, &[left, left, right, right, right, left])
}

/// Mean absolute errors of one target machine by machine, one line for each predictor, leads across.
#[must_use]
pub fn backtest_machines_table(rows: &[BacktestRow], target: &str, earlier: &str) -> String {
    let picked: Vec<&BacktestRow> = rows
        .iter()
        .filter(|row| *row.target == *target && *row.earlier == *earlier && row.lead_s.is_some())
        .filter(|row| row.machine.is_some())
        .collect();
    let mut lines: Vec<[&str; 2]> =
        picked.iter().filter_map(|row| Some([row.machine.as_deref()?, &*row.predictor])).collect();
    lines.sort_unstable();
    lines.dedup();
    across(["machine", "predictor"], &lines, &picked, |row| {
        [row.machine.as_deref().unwrap_or_default(), &row.predictor]
    })
}

/// One line for each of `lines`, with the mean absolute errors at each lead, and the share of events that its 90 %
/// intervals held over all leads; empty where there are none.
fn across<'a>(
    names: [&str; 2],
    lines: &[[&str; 2]],
    picked: &[&'a BacktestRow],
    line_of: impl Fn(&'a BacktestRow) -> [&'a str; 2],
) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let mut leads: Vec<f64> = picked.iter().filter_map(|row| row.lead_s).collect();
    leads.sort_by(f64::total_cmp);
    leads.dedup();
    let cells: Vec<Vec<String>> = lines
        .iter()
        .map(|line| {
            let at =
                |lead_s: &f64| picked.iter().find(|row| line_of(row) == *line && row.lead_s == Some(*lead_s));
            let most = leads.iter().filter_map(&at).map(|row| row.n_scored).max().unwrap_or(0);
            let mae = |lead: &f64| {
                at(lead).and_then(|row| row.mae_s).map_or_else(|| NONE.to_owned(), |mae| plain(mae, 1))
            };
            let mut cells = vec![line[0].to_owned(), line[1].to_owned(), most.to_string()];
            cells.extend(leads.iter().map(mae));
            cells.push(maybe_percent(held_90(leads.iter().filter_map(&at).copied())));
            cells
        })
        .collect();
    let leads: Vec<String> = leads.iter().map(|lead| format!("{} s", plain(*lead, 0))).collect();
    let mut headers = vec![names[0], names[1], "roasts"];
    headers.extend(leads.iter().map(String::as_str));
    headers.push("in 90 %");
    let mut aligns = vec![Align::Left, Align::Left];
    aligns.resize(headers.len(), Align::Right);
    table(&headers, &cells, &aligns)
}

/// The share of events within the 90 % interval over the forecasts of all `rows`; None where no interval was stated.
fn held_90<'a>(rows: impl Iterator<Item = &'a BacktestRow>) -> Option<f64> {
    let (mut held, mut forecasts) = (0.0, 0.0);
    for row in rows {
        if let Some(share) = row.coverage_90 {
            held += share * f64::from(row.n_scored);
            forecasts += f64::from(row.n_scored);
        }
    }
    (forecasts > 0.0).then(|| held / forecasts)
}

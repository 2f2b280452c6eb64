//! A calibration in tables: the numbers fitted, and how far off the machine is on roasts it never saw.

use trier_tables::rows::{FitErrorRow, FitParameterRow, FitTotalRow};

use crate::number::{NONE, plain, signed};
use crate::terminal::{Align, clean, table, tail};

/// Longer names of roasts lose their beginning.
const NAME_COLUMNS: usize = 36;

/// From here on the roasts say little about a number.
pub(crate) const WEAK: f64 = 0.8;

/// A number with about four digits.
pub(crate) fn digits(value: f64) -> String {
    let size = value.abs();
    let decimals = if size >= 1000.0 || size == 0.0 {
        0
    } else if size >= 100.0 {
        1
    } else if size >= 1.0 {
        2
    } else {
        4
    };
    plain(value, decimals)
}

/// One row per number fitted: where it started, where it ended, how well the roasts tell it.
#[must_use]
pub fn parameters_table(rows: &[FitParameterRow]) -> String {
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let said = if row.sd_ratio < WEAK { "" } else { "the roasts say little" };
            vec![
                row.key.to_string(),
                row.unit.to_string(),
                digits(row.prior),
                digits(row.value),
                format!("{} to {}", digits(row.low), digits(row.high)),
                plain(row.sd_ratio, 2),
                said.to_owned(),
            ]
        })
        .collect();
    let headers = ["number", "unit", "family", "fitted", "± 1 standard error", "sd ratio", ""];
    let right = Align::Right;
    let aligns = [Align::Left, Align::Left, right, right, right, right, Align::Left];
    table(&headers, &cells, &aligns)
}

/// What curves are called.
pub(crate) fn curve_name(curve: &str) -> &str {
    match curve {
        "machine" => "machine",
        "machine_and_batch" => "machine, 3 batch numbers",
        "family" => "family before any fit",
        "last_roast" => "last training roast replayed",
        "mean_curve" => "mean training curve",
        other => other,
    }
}

/// The order in which curves are shown.
pub(crate) const CURVES: [&str; 5] = ["machine", "machine_and_batch", "family", "last_roast", "mean_curve"];

/// Medians over roasts, one row per part and curve, phases apart.
#[must_use]
pub fn fit_totals_table(rows: &[FitTotalRow]) -> String {
    const COLUMNS: [(&str, &str); 8] = [
        ("median.bt_rmse", "BT RMSE"),
        ("median.bt_rmse.charge_to_turning_point", "to TP"),
        ("median.bt_rmse.turning_point_to_dry_end", "to dry end"),
        ("median.bt_rmse.dry_end_to_first_crack", "to FC"),
        ("median.bt_rmse.first_crack_to_drop", "to drop"),
        ("median.drop.bt", "at drop"),
        ("turning_point.within_8_s_and_6_c", "TP met"),
        ("first_crack.within_30_s", "FC met"),
    ];
    let mut cells = Vec::new();
    for part in ["train", "held_out"] {
        for curve in CURVES {
            let find = |metric: &str| {
                rows.iter().find(|row| &*row.part == part && &*row.curve == curve && &*row.metric == metric)
            };
            let Some(first) = find(COLUMNS[0].0) else { continue };
            let mut row = vec![part.replace('_', " "), curve_name(curve).to_owned(), first.n.to_string()];
            row.extend(
                COLUMNS.iter().map(|(metric, _)| find(metric).map_or_else(|| NONE.to_owned(), total_cell)),
            );
            cells.push(row);
        }
    }
    let headers: Vec<&str> =
        ["roasts", "curve", "n"].into_iter().chain(COLUMNS.iter().map(|(_, head)| *head)).collect();
    let mut aligns = vec![Align::Left, Align::Left];
    aligns.resize(headers.len(), Align::Right);
    table(&headers, &cells, &aligns)
        + "medians over roasts in °C, the whole roast with its 95 % interval; TP met: within 8 s and 6 °C; FC met: within 30 s\n"
}

fn total_cell(row: &FitTotalRow) -> String {
    let Some(value) = row.value else { return NONE.to_owned() };
    if &*row.unit == "1" {
        let met = plain(value * f64::from(row.n), 0);
        return format!("{met} of {}", row.n);
    }
    let is_whole = &*row.metric == "median.bt_rmse";
    let interval = row.low.zip(row.high).filter(|_| is_whole);
    let interval =
        interval.map_or_else(String::new, |(low, high)| format!(" [{}, {}]", plain(low, 1), plain(high, 1)));
    plain(value, 1) + &interval
}

/// One row per roast held out: how far off the machine is, as it is and with the batch's own numbers.
#[must_use]
pub fn fit_errors_table(rows: &[FitErrorRow]) -> String {
    let mut sources: Vec<&str> = Vec::new();
    for row in rows.iter().filter(|row| &*row.part == "held_out") {
        if !sources.contains(&&*row.source) {
            sources.push(&row.source);
        }
    }
    let value = |source: &str, curve: &str, metric: &str| {
        rows.iter()
            .find(|row| {
                &*row.part == "held_out"
                    && &*row.source == source
                    && &*row.curve == curve
                    && &*row.metric == metric
            })
            .and_then(|row| row.value)
    };
    let cells: Vec<Vec<String>> = sources
        .iter()
        .map(|source| {
            let cell = |curve, metric, signs: bool| {
                value(source, curve, metric)
                    .map_or_else(|| NONE.to_owned(), |v| if signs { signed(v, 1) } else { plain(v, 1) })
            };
            vec![
                tail(&clean(source), NAME_COLUMNS),
                cell("machine", "bt_rmse", false),
                cell("machine_and_batch", "bt_rmse", false),
                cell("last_roast", "bt_rmse", false),
                cell("machine", "turning_point.time", true),
                cell("machine", "turning_point.bt", true),
                cell("machine", "first_crack.time", true),
                cell("machine", "drop.bt", true),
            ]
        })
        .collect();
    let headers =
        ["held-out roast", "RMSE °C", "with 3 numbers", "last roast", "TP s", "TP °C", "FC s", "drop °C"];
    let mut aligns = vec![Align::Left];
    aligns.resize(headers.len(), Align::Right);
    table(&headers, &cells, &aligns)
}

//! Two sets of answers side by side: the first that differ, in words.

use std::collections::BTreeMap;

use trier_pipeline::Fault;
use trier_tables::rows::PredictionRow;

/// How far two answers may be apart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Apart {
    /// Seconds, whatever the answer.
    pub s: f64,
    /// And this share of it.
    pub share: f64,
    /// The share of the moments at which only one of the two may say a time.
    pub silent: f64,
}

impl Apart {
    /// Not at all.
    pub(super) const NONE: Self = Self { s: 0.0, share: 0.0, silent: 0.0 };
}

/// What was asked: the target, and when in microseconds since charge.
type Asked = (String, i64);

#[allow(clippy::cast_possible_truncation)] // A roast is hours at most.
fn by_moment(rows: &[PredictionRow]) -> BTreeMap<Asked, &PredictionRow> {
    rows.iter()
        .map(|row| ((row.target.to_string(), (row.since_charge_s * 1e6).round() as i64), row))
        .collect()
}

/// Holds `other` against `first` at each moment that both were asked at; how many there were.
///
/// # Errors
/// The first two that are further apart than they may be, in words; `other` is called `named`.
pub(super) fn same(
    first: &[PredictionRow],
    other: &[PredictionRow],
    named: &str,
    apart: Apart,
) -> Result<usize, String> {
    let others = by_moment(other);
    let (mut compared, mut silent, mut first_silent) = (0_usize, 0_usize, None);
    for (moment, row) in by_moment(first) {
        let Some(other) = others.get(&moment) else {
            continue;
        };
        compared += 1;
        let says = || {
            format!(
                "{} at {:.1} s: {}, and {named} {}",
                row.target,
                row.since_charge_s,
                said(row),
                said(other)
            )
        };
        match (row.p50_s, other.p50_s) {
            (Some(a), Some(b)) if (a - b).abs() > apart.s + apart.share * a.max(b) => return Err(says()),
            (Some(_), None) | (None, Some(_)) => {
                silent += 1;
                first_silent.get_or_insert_with(says);
            }
            _ if apart.s == 0.0 && !identical(row, other) => return Err(says()),
            _ => {}
        }
    }
    if compared == 0 {
        return Err(format!("nothing was asked {named}"));
    }
    #[allow(clippy::cast_precision_loss)] // Some thousands.
    match first_silent {
        Some(says) if silent as f64 > apart.silent * compared as f64 => Err(says),
        _ => Ok(compared),
    }
}

/// Whether all that is said is the same to the last bit.
fn identical(a: &PredictionRow, b: &PredictionRow) -> bool {
    let bits = |row: &PredictionRow| {
        let quantiles = [row.p05_s, row.p10_s, row.p25_s, row.p50_s, row.p75_s, row.p90_s, row.p95_s];
        (quantiles.map(|q| q.map(f64::to_bits)), row.abstain.clone(), row.reasons.clone())
    };
    bits(a) == bits(b)
}

/// What a row says, in words.
fn said(row: &PredictionRow) -> String {
    match (&row.abstain, row.p50_s) {
        (Some(code), _) => format!("{code} ({})", row.reasons),
        (None, Some(s)) => format!("{s:.3} s"),
        (None, None) => "nothing".to_owned(),
    }
}

/// Looks for answers that were refused, and for faults; how many rows there were.
///
/// # Errors
/// The first of them.
pub(super) fn sound(rows: &[PredictionRow], named: &str) -> Result<usize, String> {
    let is_fault = |code: &str| code == "bad_output" || Fault::ALL.iter().any(|fault| fault.code() == code);
    let bad = rows.iter().find(|row| row.abstain.as_deref().is_some_and(is_fault));
    match bad {
        Some(row) => Err(format!("{} at {:.1} s {named}: {}", row.target, row.since_charge_s, said(row))),
        None if rows.is_empty() => Err(format!("nothing was asked {named}")),
        None => Ok(rows.len()),
    }
}

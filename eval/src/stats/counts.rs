//! Counts held against what was planned or seen before: sample ratio, and drift of the inputs.

use super::chi2;
use super::error::{StatsError, check_finite};
use super::sum::exact_sum;
use trier_roast::math;

/// A p below this says that assignment is broken; nothing measured on it may be used.
pub const MISMATCH_P: f64 = 0.001;

/// Counts against planned shares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SampleRatio {
    /// χ², arms − 1 degrees of freedom.
    pub chi2: f64,
    /// Its p.
    pub p: f64,
}

impl SampleRatio {
    /// Whether the ratio is a mismatch, p below [`MISMATCH_P`].
    #[must_use]
    pub fn blocks(&self) -> bool {
        self.p < MISMATCH_P
    }
}

/// Tests `observed` counts per arm against the `planned` shares, which are put to a sum of 1. Vector: `uplift/srm`.
///
/// # Errors
/// Lists of different length, fewer than two arms, no counts, or a share that is not above 0.
pub fn sample_ratio(observed: &[u64], planned: &[f64]) -> Result<SampleRatio, StatsError> {
    check_finite(planned, 2)?;
    if observed.len() != planned.len() {
        return Err(StatsError::Unequal { left: observed.len(), right: planned.len() });
    }
    if let Some(&value) = planned.iter().find(|p| **p <= 0.0) {
        return Err(StatsError::OutOfRange { name: "planned share", value, range: "above 0" });
    }
    let counts = as_numbers(observed);
    let (total, shares): (f64, f64) = (counts.iter().sum(), planned.iter().sum());
    if total <= 0.0 {
        return Err(StatsError::TooFew { got: 0, need: 1 });
    }
    let terms: Vec<f64> = counts
        .iter()
        .zip(planned)
        .map(|(seen, share)| {
            let due = total * share / shares;
            (seen - due) * (seen - due) / due
        })
        .collect();
    let chi2 = exact_sum(&terms);
    #[allow(clippy::cast_precision_loss)]
    Ok(SampleRatio { chi2, p: chi2::sf(chi2, planned.len() as f64 - 1.0) })
}

/// The population stability index of `actual` counts per bin against `expected` ones: Σ (a − e) ln(a/e) of shares.
///
/// 0 when alike; by custom below 0.1 is stable and above 0.25 is drift. Vector: `drift/psi`.
///
/// # Errors
/// Lists of different length, fewer than two bins, or an empty bin, whose logarithm does not exist: merge it.
pub fn stability_index(expected: &[u64], actual: &[u64]) -> Result<f64, StatsError> {
    if expected.len() != actual.len() {
        return Err(StatsError::Unequal { left: expected.len(), right: actual.len() });
    }
    if expected.len() < 2 {
        return Err(StatsError::TooFew { got: expected.len(), need: 2 });
    }
    if expected.iter().chain(actual).any(|count| *count == 0) {
        return Err(StatsError::OutOfRange {
            name: "count in a bin",
            value: 0.0,
            range: "1 or more; merge bins",
        });
    }
    let (expected, actual) = (as_numbers(expected), as_numbers(actual));
    let (all_expected, all_actual): (f64, f64) = (expected.iter().sum(), actual.iter().sum());
    let terms: Vec<f64> = expected
        .iter()
        .zip(&actual)
        .map(|(e, a)| {
            let (e, a) = (e / all_expected, a / all_actual);
            (a - e) * math::ln(a / e)
        })
        .collect();
    Ok(exact_sum(&terms))
}

fn as_numbers(counts: &[u64]) -> Vec<f64> {
    #[allow(clippy::cast_precision_loss)]
    let numbers = counts.iter().map(|c| *c as f64).collect();
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plan_met_is_no_mismatch() {
        let met = sample_ratio(&[300, 100], &[3.0, 1.0]).expect("counts");
        assert_eq!((met.chi2, met.p, met.blocks()), (0.0, 1.0, false));
        assert!(sample_ratio(&[300, 200], &[0.5, 0.5]).expect("counts").blocks());
        assert!(sample_ratio(&[0, 0], &[0.5, 0.5]).is_err() && sample_ratio(&[1], &[1.0]).is_err());
    }

    #[test]
    fn shares_count_not_sizes() {
        assert!(stability_index(&[10, 20, 30], &[100, 200, 300]).expect("bins").abs() < 1e-15);
        let (one, two) = (stability_index(&[10, 30], &[20, 20]), stability_index(&[20, 20], &[10, 30]));
        assert!((one.expect("bins") - two.expect("bins")).abs() < 1e-15);
        assert!(stability_index(&[10, 0], &[5, 5]).is_err());
    }
}

//! Non-inferiority: is the candidate worse by less than the margin that matters?

use super::error::{StatsError, check_finite};
use super::paired_t::paired_t;
use super::student_t;
use trier_roast::math;

/// A one-sided test that a mean difference is below a margin; negative is better.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NonInferiority {
    /// (mean − margin)/se.
    pub t: f64,
    /// P(T ≤ t) at a true difference of exactly the margin: small says "not worse".
    pub p: f64,
    /// One-sided upper bound of the mean difference.
    pub upper: f64,
    /// The larger of both one-sided p against ±margin: small says "the same".
    pub p_tost: f64,
}

/// Tests `d` against `margin` > 0; the upper bound has one-sided confidence `level`.
///
/// Vector: `ni/paired`.
///
/// # Errors
/// A margin that is not positive, and as for [`paired_t`].
pub fn non_inferiority(d: &[f64], margin: f64, level: f64) -> Result<NonInferiority, StatsError> {
    check_margin(margin)?;
    let all = paired_t(d, level)?;
    let t = (all.mean - margin) / all.se;
    let p = student_t::cdf(t, all.df);
    let p_above_low_side = student_t::sf((all.mean + margin) / all.se, all.df);
    let upper = all.mean + student_t::quantile(level, all.df) * all.se;
    Ok(NonInferiority { t, p, upper, p_tost: p.max(p_above_low_side) })
}

/// The same for the ratio candidate / baseline, on logarithms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RatioNonInferiority {
    /// Geometric mean of the ratios.
    pub ratio: f64,
    /// One-sided upper bound of it.
    pub upper: f64,
    /// One-sided p against the margin ratio.
    pub p: f64,
}

/// Tests losses of both arms against a `margin` ratio above 1. Vector: `ni/paired`.
///
/// # Errors
/// Lists of different length, a loss that is not positive (a ratio to 0 means
/// nothing: edge case `edge/zero_baseline_relative`), a margin of 1 or less, and
/// as for [`paired_t`].
pub fn ratio_non_inferiority(
    candidate: &[f64],
    baseline: &[f64],
    margin: f64,
    level: f64,
) -> Result<RatioNonInferiority, StatsError> {
    check_finite(candidate, 2)?;
    check_finite(baseline, 2)?;
    if candidate.len() != baseline.len() {
        return Err(StatsError::Unequal { left: candidate.len(), right: baseline.len() });
    }
    if let Some(&value) = candidate.iter().chain(baseline).find(|v| **v <= 0.0) {
        return Err(StatsError::OutOfRange { name: "loss", value, range: "above 0 for a ratio" });
    }
    if margin.is_nan() || margin <= 1.0 {
        return Err(StatsError::OutOfRange { name: "margin", value: margin, range: "a ratio above 1" });
    }
    let logs: Vec<f64> = candidate.iter().zip(baseline).map(|(c, b)| math::ln(c / b)).collect();
    let all = paired_t(&logs, level)?;
    let test = non_inferiority(&logs, math::ln(margin), level)?;
    Ok(RatioNonInferiority { ratio: math::exp(all.mean), upper: math::exp(test.upper), p: test.p })
}

fn check_margin(margin: f64) -> Result<(), StatsError> {
    if margin.is_finite() && margin > 0.0 {
        return Ok(());
    }
    Err(StatsError::OutOfRange { name: "margin", value: margin, range: "above 0" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_and_the_test_agree() {
        // p at the margin equal to the bound is exactly 1 − level.
        let d = [-3.0, 1.5, -0.2, 4.1, -2.2, 0.3];
        let bound = non_inferiority(&d, 1.0, 0.95).expect("six").upper;
        let at_bound = non_inferiority(&d, bound, 0.95).expect("six");
        assert!((at_bound.p - 0.05).abs() < 1e-12, "{at_bound:?}");
    }

    #[test]
    fn a_ratio_to_nothing_is_refused() {
        assert!(ratio_non_inferiority(&[0.4, 1.0], &[0.0, 1.0], 1.05, 0.95).is_err());
        assert!(non_inferiority(&[1.0, 2.0], 0.0, 0.95).is_err());
    }
}

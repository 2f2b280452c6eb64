//! Quantiles of a sample, by three definitions.

use super::beta;
use super::error::{StatsError, check_finite, check_share};
use super::sum::exact_sum;
use trier_roast::order::quantile_of_sorted;

/// A copy of `x` in ascending order.
#[must_use]
pub fn sorted(x: &[f64]) -> Vec<f64> {
    let mut copy = x.to_vec();
    copy.sort_by(f64::total_cmp);
    copy
}

/// The `p` quantile of `x` by Hyndman and Fan's definition 7, the one used unless named.
///
/// # Errors
/// No values, or one that is not finite. Vector: `metric/quantiles`.
pub fn type7(x: &[f64], p: f64) -> Result<f64, StatsError> {
    check_finite(x, 1)?;
    quantile_of_sorted(&sorted(x), p).ok_or(StatsError::TooFew { got: 0, need: 1 })
}

/// The `p` quantile of `x` by definition 8, nearly median-unbiased.
///
/// # Errors
/// As for [`type7`]. Vector: `metric/quantiles`.
pub fn type8(x: &[f64], p: f64) -> Result<f64, StatsError> {
    check_finite(x, 1)?;
    let ascending = sorted(x);
    let last = ascending.len() - 1;
    #[allow(clippy::cast_precision_loss)]
    let position = (ascending.len() as f64 + 1.0 / 3.0) * p.clamp(0.0, 1.0) + 1.0 / 3.0;
    // Positions count from 1; past either end the end itself is meant.
    #[allow(clippy::cast_precision_loss)]
    let from_zero = (position - 1.0).clamp(0.0, last as f64);
    #[allow(clippy::cast_precision_loss)]
    let share = if last == 0 { 0.0 } else { from_zero / last as f64 };
    quantile_of_sorted(&ascending, share).ok_or(StatsError::TooFew { got: 0, need: 1 })
}

/// The `p` quantile of `x` by Harrell and Davis: every order statistic, weighted by a beta.
///
/// Smooth where a single order statistic jumps, so it suits tails of few roasts.
///
/// # Errors
/// As for [`type7`], or `p` not strictly between 0 and 1. Vector: `metric/quantiles`.
pub fn harrell_davis(x: &[f64], p: f64) -> Result<f64, StatsError> {
    check_finite(x, 1)?;
    check_share("p", p)?;
    #[allow(clippy::cast_precision_loss)]
    let n = x.len() as f64;
    let (a, b) = (p * (n + 1.0), (1.0 - p) * (n + 1.0));
    let mut below = 0.0;
    let mut terms = Vec::with_capacity(x.len());
    for (i, value) in sorted(x).into_iter().enumerate() {
        #[allow(clippy::cast_precision_loss)]
        let (edge, rest) = ((i + 1) as f64 / n, (x.len() - i - 1) as f64 / n);
        let up_to = beta::regularised(a, b, edge, rest);
        terms.push((up_to - below) * value);
        below = up_to;
    }
    Ok(exact_sum(&terms))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_value_is_every_quantile_of_itself() {
        for p in [0.01, 0.5, 0.99] {
            assert_eq!(type7(&[4.5], p), Ok(4.5));
            assert_eq!(type8(&[4.5], p), Ok(4.5));
            assert_eq!(harrell_davis(&[4.5], p), Ok(4.5));
        }
        assert!(type7(&[], 0.5).is_err() && type8(&[f64::NAN], 0.5).is_err());
    }

    proptest! {
        #[test]
        fn shifting_and_scaling_carry_over(
            x in proptest::collection::vec(-500.0_f64..500.0, 1..30),
            p in 0.02_f64..0.98,
            shift in -50.0_f64..50.0,
            scale in 0.1_f64..9.0,
        ) {
            let moved: Vec<f64> = x.iter().map(|v| v * scale + shift).collect();
            for quantile in [type7, type8, harrell_davis] {
                let was = quantile(&x, p).expect("finite");
                let is = quantile(&moved, p).expect("finite");
                prop_assert!((is - (was * scale + shift)).abs() < 1e-8);
            }
        }
    }
}

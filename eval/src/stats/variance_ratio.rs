//! Whether a spread became smaller: the ratio of two variances, after over before.
//!
//! The F test is for comparison only: outliers and skew double its error rate. The decision rests on
//! [`super::spread`] and [`super::bonett`] together.

use super::error::{StatsError, check_finite, check_share, is_constant};
use super::f_dist;
use super::normal;
use super::sum::{mean, variance};
use trier_roast::math;

/// The F analysis of a ratio of variances.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VarianceRatio {
    /// Variance before, n − 1.
    pub before: f64,
    /// Variance after, n − 1.
    pub after: f64,
    /// after / before.
    pub ratio: f64,
    /// One-sided p for "smaller after".
    pub p_less: f64,
    /// Two-sided p.
    pub p_two_sided: f64,
    /// Two-sided interval of the ratio.
    pub interval: (f64, f64),
    /// How much smaller the variance is, %.
    pub reduction_pct: f64,
    /// How much smaller the standard deviation is, %.
    pub sd_reduction_pct: f64,
}

/// The F analysis of two independent samples at confidence `level`. Vector: `variance/two_sample`.
///
/// # Errors
/// Fewer than two values in either, one that is not finite, a level outside 0 to 1, or no spread
/// before (edge case `edge/variance_zero_before`).
pub fn variance_ratio(before: &[f64], after: &[f64], level: f64) -> Result<VarianceRatio, StatsError> {
    check_share("level", level)?;
    let (var_before, var_after) = spreads(before, after)?;
    #[allow(clippy::cast_precision_loss)]
    let (df_before, df_after) = (before.len() as f64 - 1.0, after.len() as f64 - 1.0);
    let ratio = var_after / var_before;
    let p_less = f_dist::cdf(ratio, df_after, df_before);
    let p_greater = f_dist::sf(ratio, df_after, df_before);
    let outside = 0.5 * (1.0 - level);
    let at = |p: f64| ratio / f_dist::quantile(p, df_after, df_before);
    Ok(VarianceRatio {
        before: var_before,
        after: var_after,
        ratio,
        p_less,
        p_two_sided: (2.0 * p_less.min(p_greater)).min(1.0),
        interval: (at(1.0 - outside), at(outside)),
        reduction_pct: 100.0 * (1.0 - ratio),
        sd_reduction_pct: 100.0 * (1.0 - ratio.sqrt()),
    })
}

/// The logarithm of a variance ratio, which adds up over SKUs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LnRatio {
    /// ln(variance after / variance before).
    pub ln_vr: f64,
    /// √(2/(n₁−1) + 2/(n₂−1)).
    pub se: f64,
    /// Normal two-sided interval.
    pub interval: (f64, f64),
    /// ln of the ratio of coefficients of variation, for when means move; None unless both means are above 0.
    pub ln_cvr: Option<f64>,
}

/// The log ratio at confidence `level`. Vector: `variance/two_sample`.
///
/// # Errors
/// As for [`variance_ratio`], or no spread after.
pub fn ln_ratio(before: &[f64], after: &[f64], level: f64) -> Result<LnRatio, StatsError> {
    check_share("level", level)?;
    let (var_before, var_after) = spreads(before, after)?;
    if is_constant(after) {
        return Err(StatsError::NoSpread { n: after.len() });
    }
    #[allow(clippy::cast_precision_loss)]
    let (df_before, df_after) = (before.len() as f64 - 1.0, after.len() as f64 - 1.0);
    let ln_vr = math::ln(var_after / var_before);
    let se = (2.0 / df_before + 2.0 / df_after).sqrt();
    let reach = normal::quantile(0.5 + 0.5 * level) * se;
    let means = mean(before).zip(mean(after)).filter(|(b, a)| *b > 0.0 && *a > 0.0);
    Ok(LnRatio {
        ln_vr,
        se,
        interval: (ln_vr - reach, ln_vr + reach),
        ln_cvr: means.map(|(b, a)| 0.5 * ln_vr - math::ln(a / b)),
    })
}

/// Both variances, of which the first is not 0.
pub(crate) fn spreads(before: &[f64], after: &[f64]) -> Result<(f64, f64), StatsError> {
    check_finite(before, 2)?;
    check_finite(after, 2)?;
    if is_constant(before) {
        return Err(StatsError::ZeroBaselineVariance { n: before.len() });
    }
    let none = StatsError::TooFew { got: before.len().min(after.len()), need: 2 };
    Ok((variance(before).ok_or(none)?, variance(after).ok_or(none)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exchanging_the_periods_turns_the_ratio() {
        let (x, y) = ([1.0, 4.0, 2.0, 8.0, 5.0], [3.0, 3.5, 2.0, 4.0]);
        let (one, two) =
            (variance_ratio(&x, &y, 0.9).expect("spread"), variance_ratio(&y, &x, 0.9).expect("spread"));
        assert!((one.ratio * two.ratio - 1.0).abs() < 1e-13);
        assert!((one.p_less + two.p_less - 1.0).abs() < 1e-12);
        assert!((one.interval.0 * two.interval.1 - 1.0).abs() < 1e-11);
        let logs = (ln_ratio(&x, &y, 0.9).expect("spread"), ln_ratio(&y, &x, 0.9).expect("spread"));
        assert!((logs.0.ln_vr + logs.1.ln_vr).abs() < 1e-13);
    }

    #[test]
    fn no_spread_before_has_no_reduction() {
        // Edge case `edge/variance_zero_before`.
        let got = variance_ratio(&[5.0; 6], &[5.0, 5.1, 4.9, 5.0], 0.95);
        assert_eq!(got, Err(StatsError::ZeroBaselineVariance { n: 6 }));
        assert_eq!(variance_ratio(&[1.0, 2.0], &[3.0, 3.0], 0.95).map(|v| v.reduction_pct), Ok(100.0));
    }
}

//! Several SKUs, one question: variance ratios pooled within SKU and put together over them.

use super::error::StatsError;
use super::f_dist;
use super::sum::exact_sum;
use super::variance_ratio::{ln_ratio, spreads};

/// The ratio of the variances within SKU, pooled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PooledRatio {
    /// Variance within SKU before.
    pub before: f64,
    /// Variance within SKU after.
    pub after: f64,
    /// Degrees of freedom before.
    pub df_before: f64,
    /// Degrees of freedom after.
    pub df_after: f64,
    /// after / before.
    pub ratio: f64,
    /// One-sided p of F for "smaller after".
    pub p_less: f64,
}

/// Pools the variances of `skus`, (before, after) each. Vector: `variance/multi_sku`.
///
/// # Errors
/// No SKU, fewer than two values in one of its periods, one that is not finite, or no spread before.
pub fn pooled_ratio(skus: &[(Vec<f64>, Vec<f64>)]) -> Result<PooledRatio, StatsError> {
    let (mut squares, mut df) = ((Vec::new(), Vec::new()), (0.0, 0.0));
    for (before, after) in skus {
        let spread = spreads(before, after)?;
        #[allow(clippy::cast_precision_loss)]
        let here = (before.len() as f64 - 1.0, after.len() as f64 - 1.0);
        squares.0.push(here.0 * spread.0);
        squares.1.push(here.1 * spread.1);
        df = (df.0 + here.0, df.1 + here.1);
    }
    if skus.is_empty() {
        return Err(StatsError::TooFew { got: 0, need: 1 });
    }
    let (before, after) = (exact_sum(&squares.0) / df.0, exact_sum(&squares.1) / df.1);
    let ratio = after / before;
    let p_less = f_dist::cdf(ratio, df.1, df.0);
    Ok(PooledRatio { before, after, df_before: df.0, df_after: df.1, ratio, p_less })
}

/// Estimates put together by the inverse of their variances.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Meta {
    /// As if all estimated the same value.
    pub fixed: f64,
    /// Standard error of that.
    pub fixed_se: f64,
    /// Cochran's Q, k − 1 degrees of freedom when they do.
    pub q: f64,
    /// Variance between what they estimate (DerSimonian and Laird), never below 0.
    pub tau2: f64,
    /// With that variance.
    pub random: f64,
    /// Standard error of that.
    pub random_se: f64,
    /// Share of the variation that is between them, %.
    pub i2_pct: f64,
}

/// Puts log variance ratios of `skus` together. Vector: `variance/multi_sku`.
///
/// # Errors
/// As for [`pooled_ratio`], or no spread after.
pub fn ln_ratios(skus: &[(Vec<f64>, Vec<f64>)]) -> Result<Meta, StatsError> {
    let mut estimates = Vec::with_capacity(skus.len());
    for (before, after) in skus {
        let one = ln_ratio(before, after, 0.95)?;
        estimates.push((one.ln_vr, one.se));
    }
    meta(&estimates)
}

/// Puts (estimate, standard error) pairs together. Vector: `variance/multi_sku`.
///
/// # Errors
/// No pair, a value that is not finite, or a standard error that is not above 0.
pub fn meta(estimates: &[(f64, f64)]) -> Result<Meta, StatsError> {
    if estimates.is_empty() {
        return Err(StatsError::TooFew { got: 0, need: 1 });
    }
    for (index, (value, se)) in estimates.iter().enumerate() {
        if !value.is_finite() || !se.is_finite() {
            return Err(StatsError::NonFinite { index, value: if value.is_finite() { *se } else { *value } });
        }
        if *se <= 0.0 {
            return Err(StatsError::OutOfRange { name: "se", value: *se, range: "above 0" });
        }
    }
    let weighted = |tau2: f64| {
        let weights: Vec<f64> = estimates.iter().map(|(_, se)| 1.0 / (se * se + tau2)).collect();
        let terms: Vec<f64> = estimates.iter().zip(&weights).map(|((value, _), w)| w * value).collect();
        let total = exact_sum(&weights);
        (exact_sum(&terms) / total, (1.0 / total).sqrt(), weights, total)
    };
    let (fixed, fixed_se, weights, total) = weighted(0.0);
    let off: Vec<f64> =
        estimates.iter().zip(&weights).map(|((value, _), w)| w * (value - fixed) * (value - fixed)).collect();
    let q = exact_sum(&off);
    #[allow(clippy::cast_precision_loss)]
    let df = estimates.len() as f64 - 1.0;
    let squares: Vec<f64> = weights.iter().map(|w| w * w).collect();
    let unit = total - exact_sum(&squares) / total;
    let tau2 = if unit > 0.0 { ((q - df) / unit).max(0.0) } else { 0.0 };
    let (random, random_se, ..) = weighted(tau2);
    let i2_pct = if q > 0.0 { (100.0 * (q - df) / q).max(0.0) } else { 0.0 };
    Ok(Meta { fixed, fixed_se, q, tau2, random, random_se, i2_pct })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn estimates_that_agree_have_no_variance_between_them() {
        // Q is below its degrees of freedom: an untruncated tau² would be negative.
        let got = meta(&[(1.0, 0.5), (1.1, 0.5), (0.9, 0.5)]).expect("three");
        assert_eq!((got.tau2, got.i2_pct), (0.0, 0.0));
        assert!((got.random - 1.0).abs() < 1e-12 && (got.random_se - 0.5 / 3.0_f64.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn one_estimate_is_itself() {
        let got = meta(&[(0.7, 0.2)]).expect("one");
        assert!((got.fixed - 0.7).abs() < 1e-15 && (got.random_se - 0.2).abs() < 1e-15);
        assert!(meta(&[]).is_err() && meta(&[(1.0, 0.0)]).is_err() && meta(&[(f64::NAN, 1.0)]).is_err());
    }
}

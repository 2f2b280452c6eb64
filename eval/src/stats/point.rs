//! How far point predictions lie from what happened.

use super::error::{StatsError, check_finite};
use super::quantile;
use super::sum::{exact_sum, mean, variance};
use trier_roast::order::quantile_of_sorted;

/// Errors of a predictor in figures. All in the unit of the errors; error is predicted minus happened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PointErrors {
    /// How many errors.
    pub n: usize,
    /// Mean absolute error.
    pub mae: f64,
    /// Root of the mean squared error.
    pub rmse: f64,
    /// Mean error: positive when predictions come too late.
    pub bias: f64,
    /// Median error.
    pub median: f64,
    /// Median absolute error.
    pub median_abs: f64,
    /// 90 % quantile of the absolute error, definition 7.
    pub p90_abs: f64,
    /// 95 % quantile of the absolute error, definition 7.
    pub p95_abs: f64,
    /// Largest absolute error.
    pub max_abs: f64,
    /// Mean of the worst tenth of absolute errors (expected shortfall).
    pub es90_abs: f64,
    /// Standard deviation of the errors, n − 1; None for a single one.
    pub sd: Option<f64>,
    /// Median distance of the errors from their median, unscaled.
    pub mad: f64,
}

/// Figures of `errors`, predicted minus happened. Vector: `metric/point`.
///
/// # Errors
/// No values, or one that is not finite.
pub fn point_errors(errors: &[f64]) -> Result<PointErrors, StatsError> {
    check_finite(errors, 1)?;
    let none = StatsError::TooFew { got: 0, need: 1 };
    let sizes: Vec<f64> = errors.iter().map(|e| e.abs()).collect();
    let ascending = quantile::sorted(&sizes);
    let squares: Vec<f64> = errors.iter().map(|e| e * e).collect();
    let of_size = |p| quantile_of_sorted(&ascending, p).ok_or(none);
    let median = quantile::type7(errors, 0.5)?;
    let distances: Vec<f64> = errors.iter().map(|e| (e - median).abs()).collect();
    Ok(PointErrors {
        n: errors.len(),
        mae: mean(&sizes).ok_or(none)?,
        rmse: mean(&squares).ok_or(none)?.sqrt(),
        bias: mean(errors).ok_or(none)?,
        median,
        median_abs: of_size(0.5)?,
        p90_abs: of_size(0.9)?,
        p95_abs: of_size(0.95)?,
        max_abs: of_size(1.0)?,
        es90_abs: expected_shortfall_90(&ascending),
        sd: variance(errors).map(f64::sqrt),
        mad: quantile::type7(&distances, 0.5)?,
    })
}

/// Share of `errors` no larger than `tolerance`, 0 to 1. Vector: `metric/point`.
///
/// # Errors
/// No values, or one that is not finite.
pub fn within_share(errors: &[f64], tolerance: f64) -> Result<f64, StatsError> {
    check_finite(errors, 1)?;
    let within = errors.iter().filter(|e| e.abs() <= tolerance).count();
    #[allow(clippy::cast_precision_loss)]
    Ok(within as f64 / errors.len() as f64)
}

/// Mean absolute error as a share of what happened, %. Vector: `metric/point`.
///
/// # Errors
/// Lists of different length, no values, one that is not finite, or a `happened` of 0.
pub fn mape_pct(errors: &[f64], happened: &[f64]) -> Result<f64, StatsError> {
    check_finite(errors, 1)?;
    check_finite(happened, 1)?;
    if errors.len() != happened.len() {
        return Err(StatsError::Unequal { left: errors.len(), right: happened.len() });
    }
    if happened.contains(&0.0) {
        return Err(StatsError::OutOfRange { name: "happened", value: 0.0, range: "anything but 0" });
    }
    let shares: Vec<f64> = errors.iter().zip(happened).map(|(e, h)| (e / h).abs()).collect();
    #[allow(clippy::cast_precision_loss)]
    Ok(100.0 * exact_sum(&shares) / errors.len() as f64)
}

/// How much of a reference's loss a predictor saves: 1 − `loss`/`reference`; 0 is no better, below 0 worse.
///
/// The references are naive ones: the mean of the SKU so far, and the rate of rise carried on.
///
/// # Errors
/// A loss that is not finite or below 0, or a reference of 0 (edge case `edge/zero_baseline_relative`).
pub fn skill(loss: f64, reference: f64) -> Result<f64, StatsError> {
    check_finite(&[loss, reference], 2)?;
    if loss < 0.0 {
        return Err(StatsError::OutOfRange { name: "loss", value: loss, range: "0 or more" });
    }
    Ok(-relative_change(reference, loss)?)
}

/// `candidate` / `baseline` − 1, the change as a share of the baseline.
///
/// # Errors
/// A value that is not finite, or a baseline that is not above 0: a share of nothing means nothing
/// (edge case `edge/zero_baseline_relative`).
pub fn relative_change(baseline: f64, candidate: f64) -> Result<f64, StatsError> {
    check_finite(&[baseline, candidate], 2)?;
    if baseline <= 0.0 {
        return Err(StatsError::ZeroBaseline { value: baseline });
    }
    Ok((candidate - baseline) / baseline)
}

/// Mean of the worst tenth of `ascending`, sharing out the value on the edge.
///
/// VaR + Σ max(0, e − VaR)/(0.1 n), VaR the order statistic number ⌈0.9 n⌉.
fn expected_shortfall_90(ascending: &[f64]) -> f64 {
    let n = ascending.len();
    // ⌈9n/10⌉ in integers: 0.9 × 10 must not become 9.000000000000002.
    let edge = ascending[(9 * n).div_ceil(10) - 1];
    let beyond: Vec<f64> = ascending.iter().map(|e| (e - edge).max(0.0)).collect();
    #[allow(clippy::cast_precision_loss)]
    let tenth = 0.1 * n as f64;
    edge + exact_sum(&beyond) / tenth
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ten_equal_errors_have_no_tail() {
        let figures = point_errors(&[-3.0; 10]).expect("ten errors");
        assert_eq!((figures.mae, figures.bias, figures.es90_abs), (3.0, -3.0, 3.0));
        assert_eq!((figures.sd, figures.mad), (Some(0.0), 0.0));
    }

    #[test]
    fn skill_is_the_share_saved() {
        assert_eq!((skill(5.0, 10.0), skill(10.0, 10.0), skill(15.0, 10.0)), (Ok(0.5), Ok(0.0), Ok(-0.5)));
        assert_eq!(relative_change(0.0, 0.4), Err(StatsError::ZeroBaseline { value: 0.0 }));
    }

    #[test]
    fn nothing_and_nan_have_no_figures() {
        assert!(matches!(point_errors(&[]), Err(StatsError::TooFew { .. })));
        assert!(matches!(point_errors(&[1.0, f64::NAN]), Err(StatsError::NonFinite { index: 1, .. })));
        assert!(mape_pct(&[1.0], &[0.0]).is_err());
    }

    proptest! {
        #[test]
        fn figures_keep_their_order_and_scale(
            errors in proptest::collection::vec(-90.0_f64..90.0, 1..40),
            scale in 0.1_f64..9.0,
        ) {
            let one = point_errors(&errors).expect("finite");
            prop_assert!(one.bias.abs() <= one.mae + 1e-9 && one.mae <= one.rmse + 1e-9);
            prop_assert!(one.rmse <= one.max_abs + 1e-9 && one.median_abs <= one.p90_abs);
            prop_assert!(one.p90_abs <= one.p95_abs && one.es90_abs <= one.max_abs + 1e-9);
            let scaled: Vec<f64> = errors.iter().map(|e| e * scale).collect();
            let two = point_errors(&scaled).expect("finite");
            prop_assert!((two.mae - one.mae * scale).abs() < 1e-9);
            prop_assert!((two.es90_abs - one.es90_abs * scale).abs() < 1e-9);
            let mut backwards = errors.clone();
            backwards.reverse();
            prop_assert_eq!(point_errors(&backwards).expect("finite"), one);
        }
    }
}

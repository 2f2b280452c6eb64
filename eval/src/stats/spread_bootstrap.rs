//! Bootstrap of the log variance ratio: shown, not decided on, for it is liberal below thirty roasts.

use super::bootstrap::Draws;
use super::error::{StatsError, check_finite, check_share};
use super::quantile::sorted;
use super::sum::variance;
use super::variance_ratio::spreads;
use trier_roast::math;
use trier_roast::order::quantile_of_sorted;

/// What resampling both periods says of ln(variance after / variance before).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpreadBootstrap {
    /// On the values as they are.
    pub estimate: f64,
    /// Between the α/2 and 1 − α/2 quantiles of the replicates.
    pub percentile: (f64, f64),
    /// The same, mirrored at the estimate.
    pub basic: (f64, f64),
    /// Share of replicates below 0.
    pub below_zero: f64,
    /// How many replicates.
    pub replicates: usize,
}

/// The bootstrap with the indices given, one row per replicate and period. Vector: `variance/bootstrap_lnvr`.
///
/// # Errors
/// Fewer than two values in a period, one that is not finite, no spread, rows that differ in number, none
/// of them, or a replicate without spread (too few values for this).
pub fn with_rows(
    before: &[f64],
    after: &[f64],
    rows_before: &[Vec<usize>],
    rows_after: &[Vec<usize>],
    alpha: f64,
) -> Result<SpreadBootstrap, StatsError> {
    check_share("alpha", alpha)?;
    let (var_before, var_after) = spreads(before, after)?;
    if rows_before.len() != rows_after.len() {
        return Err(StatsError::Unequal { left: rows_before.len(), right: rows_after.len() });
    }
    let ln_variance = |x: &[f64], row: &[usize]| {
        let drawn: Vec<f64> = row.iter().map(|i| x[*i]).collect();
        math::ln(variance(&drawn).unwrap_or(f64::NAN))
    };
    let replicates: Vec<f64> = rows_before
        .iter()
        .zip(rows_after)
        .map(|(b, a)| ln_variance(after, a) - ln_variance(before, b))
        .collect();
    check_finite(&replicates, 2)?;
    let estimate = math::ln(var_after / var_before);
    check_finite(&[estimate], 1)?;
    let ascending = sorted(&replicates);
    let at = |share: f64| quantile_of_sorted(&ascending, share).unwrap_or(f64::NAN);
    let percentile = (at(0.5 * alpha), at(1.0 - 0.5 * alpha));
    #[allow(clippy::cast_precision_loss)]
    let below_zero = replicates.iter().filter(|r| **r < 0.0).count() as f64 / replicates.len() as f64;
    Ok(SpreadBootstrap {
        estimate,
        percentile,
        basic: (2.0 * estimate - percentile.1, 2.0 * estimate - percentile.0),
        below_zero,
        replicates: replicates.len(),
    })
}

/// The same with `replicates` rows drawn by `key`, each period by a stream of its own. The draws go with the
/// order of the values; sort them first.
///
/// # Errors
/// As [`with_rows`].
pub fn drawn(
    before: &[f64],
    after: &[f64],
    replicates: usize,
    key: &str,
    alpha: f64,
) -> Result<SpreadBootstrap, StatsError> {
    let rows_of = |period: &str, n: usize| Draws::new(&format!("{key}/{period}")).rows(n, replicates);
    with_rows(before, after, &rows_of("before", before.len()), &rows_of("after", after.len()), alpha)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_makes_the_interval() {
        let before: Vec<f64> = (0..20).map(|i| f64::from(i * i % 23)).collect();
        let after: Vec<f64> = (0..24).map(|i| f64::from(i * 7 % 19) * 0.5).collect();
        let one = drawn(&before, &after, 999, "a", 0.05).expect("spread");
        assert_eq!(drawn(&before, &after, 999, "a", 0.05), Ok(one));
        assert_ne!(drawn(&before, &after, 999, "b", 0.05), Ok(one));
        assert!(one.percentile.0 < one.estimate && one.estimate < one.percentile.1 && one.below_zero > 0.9);
        assert!(drawn(&before, &[1.0, 1.0], 9, "a", 0.05).is_err());
    }
}

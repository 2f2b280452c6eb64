//! Miller's jackknife of the log variance: a t test of two spreads.

use super::error::StatsError;
use super::sum::variance;
use super::variance_ratio::spreads;
use super::welch::{Welch, welch};
use trier_roast::math;

/// Welch's test of the jackknife pseudo-values, after minus before: its difference is the log ratio of the
/// variances. Vector: `variance/miller_jackknife`.
///
/// # Errors
/// Fewer than three values in a period, one that is not finite, or no spread, be it after leaving one out.
pub fn miller(before: &[f64], after: &[f64]) -> Result<Welch, StatsError> {
    let fewest = before.len().min(after.len());
    if fewest < 3 {
        return Err(StatsError::TooFew { got: fewest, need: 3 });
    }
    spreads(before, after)?;
    welch(&pseudo_values(before)?, &pseudo_values(after)?)
}

/// n ln s² − (n − 1) ln s² without each value in turn.
fn pseudo_values(x: &[f64]) -> Result<Vec<f64>, StatsError> {
    let ln_variance = |values: &[f64]| {
        let spread = variance(values).filter(|v| *v > 0.0).ok_or(StatsError::NoSpread { n: values.len() })?;
        Ok(math::ln(spread))
    };
    #[allow(clippy::cast_precision_loss)]
    let n = x.len() as f64;
    let all = ln_variance(x)?;
    (0..x.len())
        .map(|i| {
            let rest: Vec<f64> = x[..i].iter().chain(&x[i + 1..]).copied().collect();
            Ok(n * all - (n - 1.0) * ln_variance(&rest)?)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scale_adds_its_log_squared() {
        let (x, y) = ([1.0, 4.0, 2.0, 8.0, 5.0], [3.0, 3.5, 2.0, 4.0]);
        let one = miller(&x, &y).expect("spread");
        let two = miller(&x, &y.map(|v| 2.0 * v - 7.0)).expect("spread");
        assert!((two.difference - one.difference - 2.0 * math::ln(2.0)).abs() < 1e-12);
        assert!((two.se - one.se).abs() < 1e-12);
        assert!(miller(&x, &[1.0, 1.0, 2.0]).is_err() && miller(&x, &[1.0, 2.0]).is_err());
    }
}

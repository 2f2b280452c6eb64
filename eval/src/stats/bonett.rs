//! Bonett's interval for a ratio of variances, which knows how heavy the tails are.
//!
//! D. G. Bonett, "Robust confidence interval for a ratio of standard deviations", Applied
//! Psychological Measurement 30 (2006).

use super::error::{StatsError, check_share};
use super::normal;
use super::quantile::sorted;
use super::sum::{exact_sum, mean};
use super::variance_ratio::spreads;
use trier_roast::math;

/// The fewest values a period needs: the share trimmed has √(n − 4) below.
pub const N_MIN: usize = 5;

/// The interval and what it rests on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bonett {
    /// Pooled kurtosis about the trimmed means; 3 for normals.
    pub kurtosis: f64,
    /// Standard error of the log ratio.
    pub se: f64,
    /// Two-sided interval of variance after / variance before.
    pub interval: (f64, f64),
}

/// The interval at confidence `level`: the variance fell when its upper end is below 1. Vector: `variance/bonett`.
///
/// # Errors
/// Fewer than [`N_MIN`] values in a period or too few for the level (n must exceed z), one that is not
/// finite, or no spread in one.
pub fn bonett(before: &[f64], after: &[f64], level: f64) -> Result<Bonett, StatsError> {
    check_share("level", level)?;
    let (var_before, var_after) = spreads(before, after)?;
    let z = normal::quantile(0.5 + 0.5 * level);
    let fewest = before.len().min(after.len());
    #[allow(clippy::cast_precision_loss)]
    let (n1, n2) = (before.len() as f64, after.len() as f64);
    if fewest < N_MIN || n1.min(n2) <= z {
        return Err(StatsError::TooFew { got: fewest, need: N_MIN });
    }
    if var_after <= 0.0 {
        return Err(StatsError::NoSpread { n: after.len() });
    }
    let squares = (n1 - 1.0) * var_before + (n2 - 1.0) * var_after;
    let kurtosis = (n1 + n2) * (fourth_powers(before)? + fourth_powers(after)?) / (squares * squares);
    let part = |n: f64| (kurtosis - (n - 3.0) / n) / (n - 1.0);
    let se = (part(n1) + part(n2)).sqrt();
    let small_sample = (n2 / (n2 - z)) / (n1 / (n1 - z));
    let centre = math::ln(small_sample * var_after / var_before);
    Ok(Bonett { kurtosis, se, interval: (math::exp(centre - z * se), math::exp(centre + z * se)) })
}

/// Σ (x − m)⁴ about the mean m without the ⌊n/(2√(n−4))⌋ outermost values on each side.
fn fourth_powers(x: &[f64]) -> Result<f64, StatsError> {
    let ascending = sorted(x);
    #[allow(clippy::cast_precision_loss)]
    let n = x.len() as f64;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Below n/2 from n = 5 on.
    let cut = (n / (2.0 * (n - 4.0).sqrt())).floor() as usize;
    let kept = &ascending[cut..x.len() - cut];
    let centre = mean(kept).ok_or(StatsError::TooFew { got: x.len(), need: N_MIN })?;
    let terms: Vec<f64> =
        x.iter().map(|v| (v - centre) * (v - centre)).map(|square| square * square).collect();
    Ok(exact_sum(&terms))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_place_nor_unit_matter() {
        let before: Vec<f64> = (0..12).map(|i| f64::from(i * i % 17)).collect();
        let after: Vec<f64> = (0..14).map(|i| f64::from(i * 5 % 13) * 0.4).collect();
        let moved = |x: &[f64], by: f64| -> Vec<f64> { x.iter().map(|v| 3.0 * v + by).collect() };
        let one = bonett(&before, &after, 0.95).expect("spread");
        let two = bonett(&moved(&before, 500.0), &moved(&after, -90.0), 0.95).expect("spread");
        assert!((two.interval.1 / one.interval.1 - 1.0).abs() < 1e-10);
        assert!((two.kurtosis / one.kurtosis - 1.0).abs() < 1e-10);
    }

    #[test]
    fn too_few_have_no_interval() {
        assert!(matches!(bonett(&[1.0, 2.0, 3.0, 4.0], &[1.0; 9], 0.95), Err(StatsError::TooFew { .. })));
        assert!(bonett(&[1.0; 9], &[1.0, 2.0, 3.0, 4.0, 5.0], 0.95).is_err());
        assert!(bonett(&[1.0, 2.0, 3.0, 4.0, 5.0], &[1.0, 2.0, 3.0, 4.0, 9.0], 0.95).is_ok());
    }
}

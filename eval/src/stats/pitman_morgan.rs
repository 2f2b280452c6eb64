//! Pitman and Morgan's test: spreads of two arms on the same seeds, which go together.

use super::crn::correlation;
use super::error::StatsError;
use super::student_t;
use super::variance_ratio::spreads;

/// The correlation of sum and difference, 0 when both variances are equal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PitmanMorgan {
    /// Correlation of candidate + baseline with candidate − baseline: below 0, the candidate varies less.
    pub r: f64,
    /// Its t, n − 2 degrees of freedom.
    pub t: f64,
    /// Two-sided p.
    pub p_two_sided: f64,
    /// One-sided p for "the candidate varies less".
    pub p_less: f64,
    /// Variance of the candidate / variance of the baseline.
    pub ratio: f64,
}

/// The test on values of both arms, case by case. Vector: `variance/pitman_morgan`.
///
/// # Errors
/// Lists of different length, fewer than three pairs, a value that is not finite, or sums or differences
/// without spread.
pub fn pitman_morgan(baseline: &[f64], candidate: &[f64]) -> Result<PitmanMorgan, StatsError> {
    if baseline.len() != candidate.len() {
        return Err(StatsError::Unequal { left: baseline.len(), right: candidate.len() });
    }
    if baseline.len() < 3 {
        return Err(StatsError::TooFew { got: baseline.len(), need: 3 });
    }
    let (var_baseline, var_candidate) = spreads(baseline, candidate)?;
    let pairs = || baseline.iter().zip(candidate);
    let sums: Vec<f64> = pairs().map(|(b, c)| c + b).collect();
    let differences: Vec<f64> = pairs().map(|(b, c)| c - b).collect();
    let r = correlation(&sums, &differences)?;
    #[allow(clippy::cast_precision_loss)]
    let df = baseline.len() as f64 - 2.0;
    let t = r * (df / ((1.0 - r) * (1.0 + r))).sqrt();
    Ok(PitmanMorgan {
        r,
        t,
        p_two_sided: student_t::p_two_sided(t, df),
        p_less: student_t::cdf(t, df),
        ratio: var_candidate / var_baseline,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exchanging_the_arms_turns_the_sign() {
        let (x, y) = ([1.0, 4.0, 2.0, 8.0, 5.0], [1.5, 3.0, 2.0, 5.0, 4.0]);
        let (one, two) = (pitman_morgan(&x, &y).expect("spread"), pitman_morgan(&y, &x).expect("spread"));
        assert!((one.r + two.r).abs() < 1e-13 && one.r < 0.0 && (one.ratio * two.ratio - 1.0).abs() < 1e-13);
        assert!(pitman_morgan(&x, &x).is_err() && pitman_morgan(&x, &y[..4]).is_err());
    }
}

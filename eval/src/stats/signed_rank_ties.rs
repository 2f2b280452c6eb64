//! Wilcoxon's signed-rank test where differences are 0 or of one size: the normal approximation.
//!
//! Exact ranks, without ties, are [`super::signed_rank`]. Ties share the middle of their ranks and
//! take Σ(t³ − t)/48 from the variance; zeros go by one of two rules, never in silence.

use super::error::{StatsError, check_finite};
use super::normal;
use super::ranks::{mid_ranks, tie_sum};

/// What becomes of differences that are 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zeros {
    /// Left out before ranking (Wilcoxon).
    LeftOut,
    /// Ranked, then left out (Pratt): cases without a difference still hold the others in their place.
    Ranked,
}

/// What signed ranks say, by the normal approximation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SignedRankTies {
    /// Sum of the ranks of positive differences.
    pub w_plus: f64,
    /// How far from its mean, in standard deviations.
    pub z: f64,
    /// Two-sided p.
    pub p_two_sided: f64,
    /// One-sided p for "lower", that is better.
    pub p_less: f64,
    /// Differences that were 0.
    pub zeros: usize,
}

/// The signed-rank test of `d`; `continuity` moves the rank sum half a rank towards its mean.
///
/// Vectors: `paired/wilcoxon_ties_wilcox_nocc`, `paired/wilcoxon_ties_wilcox_cc`,
/// `paired/wilcoxon_ties_pratt_nocc`, `paired/wilcoxon_ties_pratt_cc`.
///
/// # Errors
/// No values, one that is not finite, or all of them 0.
pub fn signed_rank_ties(d: &[f64], zeros: Zeros, continuity: bool) -> Result<SignedRankTies, StatsError> {
    check_finite(d, 1)?;
    let is_zero = |v: &f64| v.abs() <= 0.0;
    let zero_count = d.iter().filter(|v| is_zero(v)).count();
    if zero_count == d.len() {
        return Err(StatsError::NoSpread { n: d.len() });
    }
    let ranked: Vec<f64> = d.iter().copied().filter(|v| zeros == Zeros::Ranked || !is_zero(v)).collect();
    let sizes: Vec<f64> = ranked.iter().map(|v| v.abs()).collect();
    let ranks = mid_ranks(&sizes);
    let w_plus: f64 = ranks.iter().zip(&ranked).filter(|(_, v)| **v > 0.0).map(|(r, _)| r).sum();
    let nonzero: Vec<f64> = sizes.iter().copied().filter(|v| !is_zero(v)).collect();
    #[allow(clippy::cast_precision_loss)]
    let (n, z) = (ranked.len() as f64, (ranked.len() - nonzero.len()) as f64);
    let mean = 0.25 * (n * (n + 1.0) - z * (z + 1.0));
    let cubes = |n: f64| n * (n + 1.0) * (2.0 * n + 1.0);
    let sd = ((cubes(n) - cubes(z) - 0.5 * tie_sum(&nonzero)) / 24.0).sqrt();
    let half = if continuity { 0.5 } else { 0.0 };
    let off = w_plus - mean;
    let toward = if off == 0.0 { 0.0 } else { half * off.signum() };
    let score = (off - toward) / sd;
    Ok(SignedRankTies {
        w_plus,
        z: score,
        p_two_sided: (2.0 * normal::sf(score.abs())).min(1.0),
        p_less: normal::cdf((off + half) / sd),
        zeros: zero_count,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::signed_rank::signed_rank;

    #[test]
    fn without_ties_it_comes_near_the_exact_test() {
        let d: Vec<f64> = (1..=40).map(|i| f64::from(i) * if i % 3 == 0 { 1.0 } else { -1.0 }).collect();
        let exact = signed_rank(&d, 0.95).expect("no ties");
        let near = signed_rank_ties(&d, Zeros::LeftOut, true).expect("not all zero");
        assert_eq!(near.w_plus.to_bits(), exact.w_plus.to_bits());
        assert!((near.p_less - exact.p_less).abs() < 2e-3, "{near:?} {exact:?}");
        assert_eq!(signed_rank_ties(&d, Zeros::Ranked, true), Ok(near));
    }

    #[test]
    fn turning_the_signs_turns_the_score() {
        let d = [-2.0, 0.0, 3.0, -2.0, 1.0];
        for zeros in [Zeros::LeftOut, Zeros::Ranked] {
            let one = signed_rank_ties(&d, zeros, true).expect("some");
            let two = signed_rank_ties(&d.map(|v| -v), zeros, true).expect("some");
            assert!((one.z + two.z).abs() < 1e-14 && one.zeros == 1);
        }
        assert_eq!(signed_rank_ties(&[0.0; 8], Zeros::Ranked, false), Err(StatsError::NoSpread { n: 8 }));
    }
}

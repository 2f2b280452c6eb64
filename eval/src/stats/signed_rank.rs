//! Wilcoxon's signed-rank test, exact, with the Hodges–Lehmann estimate.
//!
//! A companion printed beside the t interval: it gives way to a wild roast less
//! easily. For differences without zeros and ties; the tie rules come with those tests.

use super::error::{StatsError, check_finite, check_share};
use trier_roast::order::quantile_of_sorted;

/// The most differences the exact distribution is worked out for.
pub const EXACT_N_MAX: usize = 400;

/// What signed ranks say about differences; negative is better.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SignedRank {
    /// Sum of the ranks of positive differences.
    pub w_plus: f64,
    /// Probability of a rank sum at or below this one under equality: small favours "better".
    pub p_less: f64,
    /// Probability of a rank sum at or above this one.
    pub p_greater: f64,
    /// Twice the smaller of the two, 1 at most.
    pub p_two_sided: f64,
    /// Median of the means of all pairs of differences, in their unit.
    pub hodges_lehmann: f64,
    /// Lower end of the exact two-sided interval around it.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
    /// Share of ranks above 0 minus share below, −1 to 1.
    pub rank_biserial: f64,
}

/// The exact signed-rank analysis of `d` with a two-sided interval of confidence `level`.
///
/// Vectors: `paired/wilcoxon_exact`, and `wilcoxon_p_ni` of `ni/paired` on d − margin.
///
/// # Errors
/// No values, one that is not finite, one that is 0, two of one size, more than
/// [`EXACT_N_MAX`] of them, or a level outside 0 to 1.
pub fn signed_rank(d: &[f64], level: f64) -> Result<SignedRank, StatsError> {
    check_share("level", level)?;
    check_finite(d, 1)?;
    let ranked = without_ties(d)?;
    let n = ranked.len();
    let w_plus: usize = ranked.iter().enumerate().filter(|(_, v)| **v > 0.0).map(|(i, _)| i + 1).sum();
    let all = n * (n + 1) / 2;
    let at_or_below = null_distribution(n);
    let p_less = at_or_below[w_plus];
    let p_greater = if w_plus == 0 { 1.0 } else { 1.0 - at_or_below[w_plus - 1] };
    let pair_means = pair_means(d);
    let outside = 0.5 * (1.0 - level);
    let q = at_or_below.partition_point(|p| *p < outside).max(1).min(all);
    #[allow(clippy::cast_precision_loss)]
    let (plus, total) = (w_plus as f64, all as f64);
    Ok(SignedRank {
        w_plus: plus,
        p_less,
        p_greater,
        p_two_sided: (2.0 * p_less.min(p_greater)).min(1.0),
        hodges_lehmann: quantile_of_sorted(&pair_means, 0.5).ok_or(StatsError::TooFew { got: 0, need: 1 })?,
        lower: pair_means[q - 1],
        upper: pair_means[all - q],
        rank_biserial: (2.0 * plus - total) / total,
    })
}

/// `d` in order of size, if no value is 0 and no two are of one size.
fn without_ties(d: &[f64]) -> Result<Vec<f64>, StatsError> {
    if d.len() > EXACT_N_MAX {
        #[allow(clippy::cast_precision_loss)]
        let value = d.len() as f64;
        return Err(StatsError::OutOfRange { name: "n", value, range: "1 to 400 for exact ranks" });
    }
    let mut ranked = d.to_vec();
    ranked.sort_by(|a, b| a.abs().total_cmp(&b.abs()));
    let range = "differences of different sizes, none of them 0";
    if ranked[0] == 0.0 {
        return Err(StatsError::OutOfRange { name: "difference", value: 0.0, range });
    }
    match ranked.windows(2).find(|two| two[0].abs() >= two[1].abs()) {
        Some(two) => Err(StatsError::OutOfRange { name: "difference", value: two[0], range }),
        None => Ok(ranked),
    }
}

/// P(W ≤ w) for w = 0 to n(n+1)/2 when each of the ranks 1 to n counts with probability one half.
fn null_distribution(n: usize) -> Vec<f64> {
    let all = n * (n + 1) / 2;
    let mut share = vec![0.0; all + 1];
    share[0] = 1.0;
    let mut reach = 0;
    for rank in 1..=n {
        reach += rank;
        for w in (0..=reach).rev() {
            let with_rank = if w >= rank { share[w - rank] } else { 0.0 };
            share[w] = 0.5 * (share[w] + with_rank);
        }
    }
    let mut below = 0.0;
    share
        .iter()
        .map(|p| {
            below += p;
            f64::min(below, 1.0)
        })
        .collect()
}

/// Means of all pairs of `d`, each value with itself included, ascending.
fn pair_means(d: &[f64]) -> Vec<f64> {
    let mut means = Vec::with_capacity(d.len() * (d.len() + 1) / 2);
    for (i, a) in d.iter().enumerate() {
        means.extend(d[i..].iter().map(|b| 0.5 * (a + b)));
    }
    means.sort_by(f64::total_cmp);
    means
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_gains_are_one_in_eight() {
        let all = signed_rank(&[-1.0, -2.0, -4.0], 0.95).expect("no ties");
        assert_eq!((all.w_plus, all.p_less, all.p_greater), (0.0, 0.125, 1.0));
        assert_eq!((all.hodges_lehmann, all.rank_biserial), (-2.25, -1.0));
    }

    #[test]
    fn ties_and_zeros_are_refused_rather_than_dropped() {
        assert!(signed_rank(&[1.0, -1.0, 2.0], 0.95).is_err());
        assert!(signed_rank(&[0.0, 3.0], 0.95).is_err());
        assert!(signed_rank(&[f64::NAN], 0.95).is_err());
    }

    #[test]
    fn turning_all_signs_swaps_the_tails() {
        let d: [f64; 7] = [-3.0, 1.5, -0.2, 4.1, -2.2, -6.0, 0.9];
        let one = signed_rank(&d, 0.9).expect("no ties");
        let two = signed_rank(&d.map(|v| -v), 0.9).expect("no ties");
        assert!((one.p_less - two.p_greater).abs() < 1e-15);
        assert!((one.lower + two.upper).abs() < 1e-15);
    }
}

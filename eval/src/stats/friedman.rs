//! More than two candidates on the same cases: Friedman's test, and Nemenyi's pairs for display.
//!
//! The gate compares only the candidate named in the plan; this tells whether any differ at all.

use super::chi2;
use super::error::{StatsError, check_finite};
use super::f_dist;
use super::ranks::{mid_ranks, tie_sum};
use super::studentised_range;
use trier_roast::math;

/// What ranks within cases say of several candidates.
#[derive(Clone, Debug, PartialEq)]
pub struct Friedman {
    /// Friedman's χ², corrected for ties, k − 1 degrees of freedom.
    pub chi2: f64,
    /// Its p.
    pub p: f64,
    /// Iman and Davenport's F; infinite when all cases rank alike.
    pub f: f64,
    /// Its p with k − 1 over (k − 1)(n − 1) degrees of freedom; never below the share of orders that
    /// agree as much, (k!)^(1 − n).
    pub p_f: f64,
    /// Mean rank of each candidate, 1 is best.
    pub mean_ranks: Vec<f64>,
    /// Nemenyi's p of each pair, 1 on the diagonal.
    pub nemenyi_p: Vec<Vec<f64>>,
}

/// Compares candidates over `losses`, one row per case and one column per candidate. Vector: `multi/friedman_nemenyi`.
///
/// # Errors
/// Fewer than two cases or candidates, rows of different length, a value that is not finite, or no row
/// in which candidates differ.
pub fn friedman(losses: &[Vec<f64>]) -> Result<Friedman, StatsError> {
    let k = losses.first().map_or(0, Vec::len);
    if losses.len() < 2 || k < 2 {
        return Err(StatsError::TooFew { got: losses.len().min(k), need: 2 });
    }
    for row in losses {
        check_finite(row, 2)?;
        if row.len() != k {
            return Err(StatsError::Unequal { left: k, right: row.len() });
        }
    }
    #[allow(clippy::cast_precision_loss)]
    let (n, width) = (losses.len() as f64, k as f64);
    let ranked: Vec<Vec<f64>> = losses.iter().map(|row| mid_ranks(row)).collect();
    let rank_sums: Vec<f64> = (0..k).map(|j| ranked.iter().map(|row| row[j]).sum()).collect();
    let ties: f64 = losses.iter().map(|row| tie_sum(row)).sum();
    let left = 1.0 - ties / (n * width * (width * width - 1.0));
    if left <= 0.0 {
        return Err(StatsError::NoSpread { n: losses.len() });
    }
    let squares: f64 = rank_sums.iter().map(|r| r * r).sum();
    let chi2 = (12.0 / (n * width * (width + 1.0)) * squares - 3.0 * n * (width + 1.0)) / left;
    let (df1, df2) = (width - 1.0, (width - 1.0) * (n - 1.0));
    let most = n * df1;
    let f = if most - chi2 <= 1e-12 * most { f64::INFINITY } else { (n - 1.0) * chi2 / (most - chi2) };
    let floor = math::exp(-(n - 1.0) * math::ln_gamma(width + 1.0));
    let mean_ranks: Vec<f64> = rank_sums.iter().map(|r| r / n).collect();
    let unit = (width * (width + 1.0) / (12.0 * n)).sqrt();
    let pair = |i: usize, j: usize| studentised_range::sf((mean_ranks[i] - mean_ranks[j]).abs() / unit, k);
    Ok(Friedman {
        chi2,
        p: chi2::sf(chi2, df1),
        f,
        p_f: if f.is_finite() { f_dist::sf(f, df1, df2).max(floor) } else { floor },
        nemenyi_p: (0..k).map(|i| (0..k).map(|j| if i == j { 1.0 } else { pair(i, j) }).collect()).collect(),
        mean_ranks,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_candidates_it_is_the_sign_test_in_disguise() {
        // χ² = (wins − losses)²/n: 5 of 6 gives 16/6.
        let rows: Vec<Vec<f64>> =
            (0..6).map(|i| if i == 0 { vec![2.0, 1.0] } else { vec![1.0, 2.0] }).collect();
        let got = friedman(&rows).expect("six cases");
        assert!((got.chi2 - 16.0 / 6.0).abs() < 1e-12);
        // With the spread known, Nemenyi of two is its root: p of z = √χ².
        assert!((got.nemenyi_p[0][1] - got.p).abs() < 1e-10);
    }

    #[test]
    fn agreement_of_all_and_none_are_the_ends() {
        let all = friedman(&vec![vec![1.0, 2.0, 3.0]; 4]).expect("four cases");
        assert_eq!((all.chi2, all.f), (8.0, f64::INFINITY));
        assert!((all.p_f - 1.0 / 216.0).abs() < 1e-15);
        assert!(friedman(&vec![vec![1.0; 3]; 4]).is_err());
        assert!(friedman(&[vec![1.0, 2.0], vec![1.0]]).is_err());
    }
}

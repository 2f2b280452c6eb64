//! Several questions, one error rate.

use super::error::{StatsError, check_finite, check_share};
use trier_roast::math;

/// Holm's adjusted p, in the order of `p`: "any of these wins" at one error rate.
///
/// Vector: `multiplicity/weighted_holm` with equal weights, `holm` of `multiplicity/adjusted_p`.
///
/// # Errors
/// A p outside 0 to 1.
pub fn holm(p: &[f64]) -> Result<Vec<f64>, StatsError> {
    weighted_holm(p, &vec![1.0; p.len()])
}

/// Holm's adjusted p with `weights` shared out again over the hypotheses that remain.
///
/// Vector: `multiplicity/weighted_holm`.
///
/// # Errors
/// Lists of different length, a p outside 0 to 1, or a weight that is not positive.
pub fn weighted_holm(p: &[f64], weights: &[f64]) -> Result<Vec<f64>, StatsError> {
    check_p(p)?;
    check_finite(weights, 0)?;
    if p.len() != weights.len() {
        return Err(StatsError::Unequal { left: p.len(), right: weights.len() });
    }
    if let Some(&value) = weights.iter().find(|w| **w <= 0.0) {
        return Err(StatsError::OutOfRange { name: "weight", value, range: "above 0" });
    }
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&i, &j| (p[i] / weights[i]).total_cmp(&(p[j] / weights[j])).then(i.cmp(&j)));
    let mut adjusted = vec![0.0; p.len()];
    let mut worst = 0.0_f64;
    for (done, &i) in order.iter().enumerate() {
        let remaining: f64 = order[done..].iter().map(|&j| weights[j]).sum();
        worst = worst.max((p[i] * remaining / weights[i]).min(1.0));
        adjusted[i] = worst;
    }
    Ok(adjusted)
}

/// p times the number of questions, 1 at most. Vector: `multiplicity/adjusted_p`.
///
/// # Errors
/// A p outside 0 to 1.
pub fn bonferroni(p: &[f64]) -> Result<Vec<f64>, StatsError> {
    check_p(p)?;
    let n = count(p);
    Ok(p.iter().map(|value| (value * n).min(1.0)).collect())
}

/// Holm's procedure with Šidák's 1 − (1 − p)^m, for independent questions. Vector: `multiplicity/adjusted_p`.
///
/// # Errors
/// A p outside 0 to 1.
pub fn holm_sidak(p: &[f64]) -> Result<Vec<f64>, StatsError> {
    stepped(p, Step::Down, |value, rank, n| -math::exp_m1((n - rank + 1.0) * math::ln_1p(-value)))
}

/// Hochberg's step-up of Holm's factors, for questions that are not negatively dependent.
///
/// Vector: `multiplicity/adjusted_p`.
///
/// # Errors
/// A p outside 0 to 1.
pub fn hochberg(p: &[f64]) -> Result<Vec<f64>, StatsError> {
    stepped(p, Step::Up, |value, rank, n| (n - rank + 1.0) * value)
}

/// Benjamini and Hochberg's adjusted p: the share of false finds among those made. For exploring slices.
///
/// Vector: `multiplicity/adjusted_p`.
///
/// # Errors
/// A p outside 0 to 1.
pub fn benjamini_hochberg(p: &[f64]) -> Result<Vec<f64>, StatsError> {
    stepped(p, Step::Up, |value, rank, n| n / rank * value)
}

/// Benjamini and Yekutieli's, under any dependence. Vector: `multiplicity/adjusted_p`.
///
/// # Errors
/// A p outside 0 to 1.
pub fn benjamini_yekutieli(p: &[f64]) -> Result<Vec<f64>, StatsError> {
    let harmonic: f64 = (1..=p.len()).map(|i| 1.0 / count(&p[..i])).sum();
    stepped(p, Step::Up, |value, rank, n| harmonic * n / rank * value)
}

/// Hommel's adjusted p: the closed test of Simes' tests. Vector: `multiplicity/adjusted_p`.
///
/// # Errors
/// A p outside 0 to 1.
pub fn hommel(p: &[f64]) -> Result<Vec<f64>, StatsError> {
    check_p(p)?;
    let order = ascending(p);
    let sorted: Vec<f64> = order.iter().map(|&i| p[i]).collect();
    let n = sorted.len();
    // Simes over the largest m, with the factor m/rank inside that set.
    let simes = |from: usize, m: usize, first_rank: usize| {
        let terms = sorted[from..].iter().enumerate();
        #[allow(clippy::cast_precision_loss)]
        terms.map(|(i, value)| m as f64 * value / (i + first_rank) as f64).fold(f64::INFINITY, f64::min)
    };
    let mut adjusted = vec![simes(0, n, 1).min(1.0); n];
    for m in (2..n).rev() {
        let split = n - m + 1;
        let tail = simes(split, m, 2);
        #[allow(clippy::cast_precision_loss)]
        let head = |value: f64| (m as f64 * value).min(tail);
        let beyond = head(sorted[split - 1]);
        for (i, best) in adjusted.iter_mut().enumerate() {
            *best = best.max(if i < split { head(sorted[i]) } else { beyond });
        }
    }
    let mut in_order = vec![0.0; n];
    for (place, &i) in order.iter().enumerate() {
        in_order[i] = adjusted[place].max(sorted[place]).min(1.0);
    }
    Ok(in_order)
}

/// The e-values that may be called finds at false discovery rate `alpha`, whatever their dependence (e-BH).
///
/// Their indices, ascending: the k largest, k the greatest with k·e₍ₖ₎ ≥ K/α. Vector: `multiplicity/e_bh`.
///
/// # Errors
/// An e-value that is not finite or below 0, or `alpha` outside 0 to 1.
pub fn e_benjamini_hochberg(e: &[f64], alpha: f64) -> Result<Vec<usize>, StatsError> {
    check_share("alpha", alpha)?;
    check_finite(e, 0)?;
    if let Some(&value) = e.iter().find(|v| **v < 0.0) {
        return Err(StatsError::OutOfRange { name: "e-value", value, range: "0 or more" });
    }
    let mut order = ascending(e);
    order.reverse();
    let bar = count(e) / alpha;
    let k = (1..=e.len()).filter(|&k| count(&e[..k]) * e[order[k - 1]] >= bar).max().unwrap_or(0);
    let mut found = order[..k].to_vec();
    found.sort_unstable();
    Ok(found)
}

/// Which end a stepwise procedure starts from.
#[derive(Clone, Copy, PartialEq)]
enum Step {
    /// From the smallest p: adjusted p may not fall.
    Down,
    /// From the largest: adjusted p may not rise.
    Up,
}

/// `of` each p with its rank (1 is the smallest) and their number, made monotone, in the order of `p`.
fn stepped(p: &[f64], step: Step, of: impl Fn(f64, f64, f64) -> f64) -> Result<Vec<f64>, StatsError> {
    check_p(p)?;
    let mut order: Vec<(usize, usize)> = ascending(p).into_iter().enumerate().collect();
    if step == Step::Up {
        order.reverse();
    }
    let mut adjusted = vec![0.0; p.len()];
    let mut so_far = if step == Step::Down { 0.0_f64 } else { 1.0 };
    for (place, i) in order {
        let value = of(p[i], count(&p[..=place]), count(p)).min(1.0);
        so_far = if step == Step::Down { so_far.max(value) } else { so_far.min(value) };
        adjusted[i] = so_far;
    }
    Ok(adjusted)
}

fn ascending(x: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..x.len()).collect();
    order.sort_by(|&i, &j| x[i].total_cmp(&x[j]));
    order
}

fn count(x: &[f64]) -> f64 {
    #[allow(clippy::cast_precision_loss)]
    let n = x.len() as f64;
    n
}

/// Adjusted p for hypotheses tested in the declared order, stopping at the first that fails.
///
/// Vector: `multiplicity/fixed_sequence`.
///
/// # Errors
/// A p outside 0 to 1.
pub fn fixed_sequence(p: &[f64]) -> Result<Vec<f64>, StatsError> {
    check_p(p)?;
    let mut worst = 0.0_f64;
    Ok(p.iter()
        .map(|value| {
            worst = worst.max(*value);
            worst
        })
        .collect())
}

pub(crate) fn check_p(p: &[f64]) -> Result<(), StatsError> {
    check_finite(p, 0)?;
    match p.iter().find(|v| !(0.0..=1.0).contains(*v)) {
        Some(&value) => Err(StatsError::OutOfRange { name: "p", value, range: "0 to 1" }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_question_needs_no_correction() {
        assert_eq!(holm(&[0.03]), Ok(vec![0.03]));
        assert_eq!(holm(&[]), Ok(vec![]));
        assert!(holm(&[f64::NAN]).is_err() && holm(&[1.2]).is_err());
        assert!(weighted_holm(&[0.1], &[0.0]).is_err());
    }

    #[test]
    fn equal_p_of_all_are_no_more_certain_than_one() {
        // Simes and Benjamini-Hochberg keep p when all agree; Bonferroni and Holm do not.
        for method in [hommel, benjamini_hochberg, hochberg] {
            assert_eq!(method(&[0.03; 4]), Ok(vec![0.03; 4]));
        }
        assert_eq!(bonferroni(&[0.03; 4]), Ok(vec![0.12; 4]));
        assert_eq!(hommel(&[]), Ok(vec![]));
        assert!(hommel(&[f64::NAN]).is_err() && benjamini_yekutieli(&[-0.1]).is_err());
    }

    #[test]
    fn e_values_are_finds_together_or_not_at_all() {
        assert_eq!(e_benjamini_hochberg(&[25.0, 1.0, 25.0], 0.1), Ok(vec![0, 2]));
        assert_eq!(e_benjamini_hochberg(&[10.0, 1.0, 10.0], 0.1), Ok(vec![]));
        assert!(e_benjamini_hochberg(&[-1.0], 0.1).is_err());
    }

    proptest! {
        #[test]
        fn the_methods_keep_their_order(p in proptest::collection::vec(0.0_f64..1.0, 1..9)) {
            // Hommel ≤ Hochberg ≤ Holm ≤ Bonferroni, Holm-Šidák ≤ Holm, BH ≤ BY, p ≤ all of them.
            let by = |f: fn(&[f64]) -> Result<Vec<f64>, StatsError>| f(&p).expect("in range");
            let (hommel, hochberg, holm_p) = (by(hommel), by(hochberg), by(holm));
            let (bonferroni, sidak) = (by(bonferroni), by(holm_sidak));
            let (bh, by_) = (by(benjamini_hochberg), by(benjamini_yekutieli));
            for i in 0..p.len() {
                let rising = [p[i], hommel[i], hochberg[i], holm_p[i], bonferroni[i]];
                prop_assert!(rising.windows(2).all(|two| two[0] <= two[1] + 1e-12), "{rising:?}");
                prop_assert!(p[i] <= sidak[i] + 1e-12 && sidak[i] <= holm_p[i] + 1e-12);
                prop_assert!(p[i] <= bh[i] && bh[i] <= by_[i] + 1e-12 && bh[i] <= hommel[i] + 1e-12);
            }
        }

        #[test]
        fn holm_lies_between_the_raw_p_and_bonferroni(
            p in proptest::collection::vec(0.0_f64..1.0, 1..9),
        ) {
            let adjusted = holm(&p).expect("all in range");
            #[allow(clippy::cast_precision_loss)]
            let n = p.len() as f64;
            for (raw, after) in p.iter().zip(&adjusted) {
                prop_assert!(*after >= *raw && *after <= (n * raw).min(1.0) + 1e-12);
            }
        }
    }
}

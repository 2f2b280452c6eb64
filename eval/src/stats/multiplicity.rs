//! Several questions, one error rate.

use super::error::{StatsError, check_finite};

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

fn check_p(p: &[f64]) -> Result<(), StatsError> {
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

    proptest! {
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

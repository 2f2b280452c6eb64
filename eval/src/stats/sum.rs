//! Sums without rounding error: the same bits for any order of the terms.
//!
//! Terms are gathered into parts that do not overlap, so their total is exact;
//! it is rounded once, at the end. Method: J. R. Shewchuk, "Adaptive Precision
//! Floating-Point Arithmetic", Discrete & Computational Geometry 18 (1997).

/// The correctly rounded sum of `x`, whatever its order; 0 when empty.
///
/// Holds for terms and totals below 1e300 in size. NaN when a term is NaN or
/// infinite, so that broken evidence cannot hide in a total.
///
/// Vector: `reduce/exact_sum`.
#[must_use]
pub fn exact_sum(x: &[f64]) -> f64 {
    if x.iter().any(|v| !v.is_finite()) {
        return f64::NAN;
    }
    let mut parts: Vec<f64> = Vec::new();
    for &term in x {
        add_to_parts(&mut parts, term);
    }
    round_once(&parts)
}

/// The mean of `x` from its exact sum; None when `x` is empty.
#[must_use]
pub fn mean(x: &[f64]) -> Option<f64> {
    #[allow(clippy::cast_precision_loss)]
    (!x.is_empty()).then(|| exact_sum(x) / x.len() as f64)
}

/// The variance of `x` about its mean with n − 1 below; None for fewer than two values.
#[must_use]
pub fn variance(x: &[f64]) -> Option<f64> {
    if x.len() < 2 {
        return None;
    }
    let centre = mean(x)?;
    let squares: Vec<f64> = x.iter().map(|v| (v - centre) * (v - centre)).collect();
    #[allow(clippy::cast_precision_loss)]
    Some(exact_sum(&squares) / (x.len() - 1) as f64)
}

/// Adds `term` to `parts`, which stay free of overlap and ascending in size.
fn add_to_parts(parts: &mut Vec<f64>, term: f64) {
    let mut carried = term;
    let mut kept = 0;
    for i in 0..parts.len() {
        let (large, small) =
            if carried.abs() < parts[i].abs() { (parts[i], carried) } else { (carried, parts[i]) };
        let total = large + small;
        let rest = small - (total - large);
        if rest != 0.0 {
            parts[kept] = rest;
            kept += 1;
        }
        carried = total;
    }
    parts.truncate(kept);
    parts.push(carried);
}

/// The double nearest to the sum of `parts`, ties to even.
fn round_once(parts: &[f64]) -> f64 {
    let mut rest = parts.iter().rev();
    let Some(&first) = rest.next() else { return 0.0 };
    let mut total = first;
    let mut lost = 0.0;
    for &part in rest.by_ref() {
        let before = total;
        total = before + part;
        lost = part - (total - before);
        if lost != 0.0 {
            break;
        }
    }
    // Half way between two doubles the parts further down decide which way to go.
    if let Some(&next) = rest.next()
        && ((lost < 0.0 && next < 0.0) || (lost > 0.0 && next > 0.0))
    {
        let doubled = 2.0 * lost;
        let moved = total + doubled;
        if (moved - total).to_bits() == doubled.to_bits() {
            total = moved;
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_sums_to_nothing_and_broken_terms_show() {
        assert_eq!(exact_sum(&[]).to_bits(), 0.0_f64.to_bits());
        assert!(exact_sum(&[1.0, f64::INFINITY, 2.0]).is_nan());
        assert_eq!(mean(&[]), None);
        assert_eq!(variance(&[3.0]), None);
    }

    #[test]
    fn half_way_cases_go_to_even_and_the_tail_decides() {
        // 1 + 2^-53 lies half way to the next double: even means down; a little more means up.
        let half = 1.110_223_024_625_156_5e-16;
        assert_eq!(exact_sum(&[1.0, half]).to_bits(), 1.0_f64.to_bits());
        assert_eq!(exact_sum(&[1.0, half, 1e-40]).to_bits(), (1.0 + f64::EPSILON).to_bits());
        assert_eq!(exact_sum(&[1.0, half, -1e-40]).to_bits(), 1.0_f64.to_bits());
    }

    proptest! {
        #[test]
        fn any_order_gives_the_same_bits(
            x in proptest::collection::vec(-1e18_f64..1e18, 0..40),
            turn in 0_usize..40,
        ) {
            let forward = exact_sum(&x);
            let mut other = x.clone();
            other.reverse();
            if !other.is_empty() {
                let by = turn % other.len();
                other.rotate_left(by);
            }
            prop_assert_eq!(forward.to_bits(), exact_sum(&other).to_bits());
        }

        #[test]
        fn a_sum_with_its_own_negation_is_zero(x in proptest::collection::vec(-1e12_f64..1e12, 1..40)) {
            let both: Vec<f64> = x.iter().copied().chain(x.iter().map(|v| -v)).collect();
            prop_assert!(exact_sum(&both) == 0.0);
        }

        #[test]
        fn doubling_every_term_doubles_the_sum(x in proptest::collection::vec(-1e12_f64..1e12, 1..40)) {
            let doubled: Vec<f64> = x.iter().map(|v| 2.0 * v).collect();
            prop_assert_eq!(exact_sum(&doubled).to_bits(), (2.0 * exact_sum(&x)).to_bits());
        }
    }
}

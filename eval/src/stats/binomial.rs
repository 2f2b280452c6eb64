//! The binomial distribution: how many of `n` went one way.

use super::beta;

/// P(X ≤ k) for `n` trials that each count with probability `p`.
///
/// `p` in 0 to 1, NaN outside. Vectors: `metric/coverage_ci`, `paired/sign_test`.
#[must_use]
pub fn cdf(k: u64, n: u64, p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    if k >= n {
        return 1.0;
    }
    #[allow(clippy::cast_precision_loss)]
    let (k, n) = (k as f64, n as f64);
    beta::regularised(n - k, k + 1.0, 1.0 - p, p)
}

/// P(X ≥ k). Range as [`cdf`]. Vector: `paired/sign_test`.
#[must_use]
pub fn at_least(k: u64, n: u64, p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    if k == 0 {
        return 1.0;
    }
    if k > n {
        return 0.0;
    }
    #[allow(clippy::cast_precision_loss)]
    let (k, n) = (k as f64, n as f64);
    beta::regularised(k, n - k + 1.0, p, 1.0 - p)
}

/// P(X = k). Range as [`cdf`]. Vector: `prop/mcnemar`, for its mid-p.
#[must_use]
pub fn pmf(k: u64, n: u64, p: f64) -> f64 {
    if k == 0 { cdf(0, n, p) } else { (cdf(k, n, p) - cdf(k - 1, n, p)).max(0.0) }
}

/// Two-sided p of `k` of `n` against one half: twice the smaller tail, 1 at most.
///
/// Vectors: `prop/mcnemar`, `paired/sign_test`.
#[must_use]
pub fn p_two_sided_half(k: u64, n: u64) -> f64 {
    (2.0 * cdf(k.min(n.saturating_sub(k)), n, 0.5)).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_coins() {
        // 1, 3, 3, 1 of 8.
        for (k, below) in [(0, 1.0), (1, 4.0), (2, 7.0), (3, 8.0)] {
            assert!((cdf(k, 3, 0.5) - below / 8.0).abs() < 1e-15);
            assert!(
                (at_least(k, 3, 0.5) + if k == 0 { 0.0 } else { cdf(k - 1, 3, 0.5) } - 1.0).abs() < 1e-15
            );
        }
        assert!((pmf(1, 3, 0.5) - 0.375).abs() < 1e-15);
        assert!((p_two_sided_half(3, 3) - 0.25).abs() < 1e-15);
        assert_eq!(p_two_sided_half(0, 0).to_bits(), 1.0_f64.to_bits());
        assert!(cdf(1, 3, 1.5).is_nan());
    }
}

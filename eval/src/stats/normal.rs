//! The standard normal distribution.

use trier_roast::{math, quantile::normal_quantile};

/// Share of a standard normal at or below `z`. Vector: `special/normal`.
#[must_use]
pub fn cdf(z: f64) -> f64 {
    math::normal_cdf(z)
}

/// Share of a standard normal above `z`, exact far out in the tail. Vector: `special/normal`.
#[must_use]
pub fn sf(z: f64) -> f64 {
    math::normal_cdf(-z)
}

/// The z below which a share `p` of a standard normal lies.
///
/// Infinite at 0 and 1, NaN outside them. Vector: `special/normal`.
#[must_use]
pub fn quantile(p: f64) -> f64 {
    normal_quantile(p)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quantile_undoes_the_distribution() {
        for p in [1e-300, 1e-12, 0.025, 0.3, 0.5, 0.8, 0.999] {
            let back = cdf(quantile(p));
            assert!((back - p).abs() <= 1e-12 * p, "{p} came back as {back}");
        }
        assert_eq!(quantile(0.5).to_bits(), 0.0_f64.to_bits());
        assert!(quantile(1.5).is_nan() && quantile(0.0).is_infinite());
    }
}

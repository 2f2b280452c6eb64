//! Crack: the share of the beans that have popped.
//!
//! It says when beans pop, never what a microphone or a roaster hears. Each bean has
//! its own threshold; the batch is a normal population of them. Equations B9.

use crate::lanes::plain::normal_cdf;

/// Share of beans whose threshold lies below the hottest their core has been, 0 to 1.
///
/// F = Φ((M − μ)/σ).
///
/// - `hottest_c`: running maximum of core temperature, °C.
/// - `mean_c`, `sd_c`: the population, °C; `sd_c` above 0.
pub(crate) fn cracked(hottest_c: f64, mean_c: f64, sd_c: f64) -> f64 {
    debug_assert!(sd_c > 0.0, "a population with spread {sd_c} °C");
    normal_cdf((hottest_c - mean_c) / sd_c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_the_beans_have_cracked_at_the_mean() {
        assert!((cracked(203.0, 203.0, 4.0) - 0.5).abs() < 1e-15);
        // 5 % is 1.645 standard deviations below.
        assert!((cracked(203.0 - 1.644_853_626_951_472_7 * 4.0, 203.0, 4.0) - 0.05).abs() < 1e-12);
    }
}

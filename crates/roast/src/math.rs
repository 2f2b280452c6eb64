//! Portable elementary functions: the same bits on every machine.
//!
//! `std` leaves the precision of `exp`, `ln` and `pow` unspecified and forwards
//! them to the platform, so two machines may differ in the last bit. Everything
//! here goes through the `libm` crate, which is plain Rust. `f64::sqrt`, `abs`,
//! `floor` and the four operations are exact by IEEE 754 and need no twin here.

/// The ratio of a circle's circumference to its diameter.
pub const PI: f64 = core::f64::consts::PI;

/// e raised to `x`. Underflows to 0 and overflows to infinity.
#[must_use]
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// Natural logarithm of `x`; negative infinity at 0, NaN below.
#[must_use]
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// Natural logarithm of 1 + `x`, exact near 0.
#[must_use]
pub fn ln_1p(x: f64) -> f64 {
    libm::log1p(x)
}

/// e raised to `x`, minus 1, exact near 0.
#[must_use]
pub fn exp_m1(x: f64) -> f64 {
    libm::expm1(x)
}

/// `base` raised to `exponent`.
#[must_use]
pub fn pow(base: f64, exponent: f64) -> f64 {
    libm::pow(base, exponent)
}

/// Sine of an angle in radians.
#[must_use]
pub fn sin(x_rad: f64) -> f64 {
    libm::sin(x_rad)
}

/// Cosine of an angle in radians.
#[must_use]
pub fn cos(x_rad: f64) -> f64 {
    libm::cos(x_rad)
}

/// Complementary error function.
#[must_use]
pub fn erfc(x: f64) -> f64 {
    libm::erfc(x)
}

/// Natural logarithm of the absolute value of the gamma function.
#[must_use]
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// Standard normal distribution function, Φ(z) = erfc(−z/√2)/2.
#[must_use]
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * erfc(-z * core::f64::consts::FRAC_1_SQRT_2)
}

/// Standard normal density, φ(z) = exp(−z²/2)/√(2π).
#[must_use]
pub fn normal_pdf(z: f64) -> f64 {
    /// 1/√(2π).
    const INV_SQRT_TAU: f64 = 0.398_942_280_401_432_7;
    INV_SQRT_TAU * exp(-0.5 * z * z)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_cdf_meets_its_known_values() {
        // Φ(0) = 1/2 exactly; Φ(1.959963984540054) = 0.975 by definition of the quantile.
        assert_eq!(normal_cdf(0.0).to_bits(), 0.5_f64.to_bits());
        assert!((normal_cdf(1.959_963_984_540_054) - 0.975).abs() < 1e-15);
        assert!((normal_cdf(-8.0) - 6.220_960_574_271_785e-16).abs() < 1e-28);
    }

    #[test]
    fn density_is_the_slope_of_the_distribution() {
        let step = 1e-5;
        for z in [-3.0, -0.7, 0.0, 1.3] {
            let slope = (normal_cdf(z + step) - normal_cdf(z - step)) / (2.0 * step);
            assert!((slope - normal_pdf(z)).abs() < 1e-10, "at {z}");
        }
    }
}

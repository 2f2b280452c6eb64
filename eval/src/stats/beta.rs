//! The regularised incomplete beta function, the root of t, F and binomial tails.
//!
//! Continued fraction DLMF 8.17.22, evaluated by the modified Lentz method.

use trier_roast::math;

/// Terms after which the fraction is taken as it stands. It needs about the root
/// of the larger parameter; 20,000 serves parameters past 1e8.
const TERMS_MAX: u32 = 20_000;

/// I_x(a, b), the share of a Beta(a, b) distribution below `x`; 0 to 1.
///
/// - `a`, `b`: positive.
/// - `x`, `y`: 0 to 1 with x + y = 1. Both are asked for because the caller often
///   knows the small one of them to full precision.
///
/// NaN outside these ranges. Relative error about 1e-13 for parameters to 1000.
///
/// Vectors: `special/student_t`, and `harrell_davis` of `metric/quantiles`.
#[must_use]
pub fn regularised(a: f64, b: f64, x: f64, y: f64) -> f64 {
    if !(a > 0.0 && b > 0.0 && (0.0..=1.0).contains(&x) && (0.0..=1.0).contains(&y)) {
        return f64::NAN;
    }
    if x == 0.0 {
        return 0.0;
    }
    if y == 0.0 {
        return 1.0;
    }
    let ln_front = a * ln_of(x, y) + b * ln_of(y, x) - ln_beta(a, b);
    let front = math::exp(ln_front);
    // The fraction converges fast on the near side of the mean; the far side is the complement.
    if x < (a + 1.0) / (a + b + 2.0) {
        front * fraction(a, b, x) / a
    } else {
        1.0 - front * fraction(b, a, y) / b
    }
}

/// ln B(a, b) = ln Γ(a) + ln Γ(b) − ln Γ(a + b).
#[must_use]
pub fn ln_beta(a: f64, b: f64) -> f64 {
    math::ln_gamma(a) + math::ln_gamma(b) - math::ln_gamma(a + b)
}

/// ln `x` where `x` = 1 − `rest`, by whichever of the two is the more exact.
fn ln_of(x: f64, rest: f64) -> f64 {
    if rest < 0.5 { math::ln_1p(-rest) } else { math::ln(x) }
}

/// The continued fraction of DLMF 8.17.22 at `x`.
fn fraction(a: f64, b: f64, x: f64) -> f64 {
    /// Stands in for a zero denominator.
    const TINY: f64 = 1e-300;
    let guard = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / guard(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for term in 1..=TERMS_MAX {
        let m = f64::from(term);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / guard(1.0 + even * d);
        c = guard(1.0 + even / c);
        value *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / guard(1.0 + odd * d);
        c = guard(1.0 + odd / c);
        let factor = d * c;
        value *= factor;
        if (factor - 1.0).abs() < 1e-16 {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_closed_forms() {
        // I_x(1, 1) = x; I_x(a, 1) = x^a; I_x(1, b) = 1 - (1-x)^b; I_1/2(a, a) = 1/2.
        for x in [1e-9, 0.2, 0.5, 0.93] {
            assert!((regularised(1.0, 1.0, x, 1.0 - x) - x).abs() < 1e-15);
            assert!((regularised(3.0, 1.0, x, 1.0 - x) - x * x * x).abs() < 1e-15);
            let want = 1.0 - (1.0 - x) * (1.0 - x);
            assert!((regularised(1.0, 2.0, x, 1.0 - x) - want).abs() < 1e-15);
        }
        for a in [0.5, 4.0, 500.0] {
            assert!((regularised(a, a, 0.5, 0.5) - 0.5).abs() < 1e-12, "a = {a}");
        }
    }

    #[test]
    fn both_sides_add_to_one() {
        for (a, b, x) in [(0.5, 14.0, 0.01), (7.3, 2.2, 0.8), (500.0, 0.5, 0.999)] {
            let total = regularised(a, b, x, 1.0 - x) + regularised(b, a, 1.0 - x, x);
            assert!((total - 1.0).abs() < 1e-12, "({a}, {b}, {x}) gives {total}");
        }
    }

    #[test]
    fn outside_the_range_there_is_no_number() {
        assert!(regularised(0.0, 1.0, 0.5, 0.5).is_nan());
        assert!(regularised(1.0, 1.0, -0.1, 1.1).is_nan());
    }
}

//! The regularised incomplete gamma function, the root of χ² and Poisson tails.
//!
//! Series DLMF 8.11.4 below the mean, continued fraction DLMF 8.9.2 above it, the latter by the
//! modified Lentz method.

use trier_roast::math;

/// Terms after which series and fraction are taken as they stand; they need a few roots of `a`.
const TERMS_MAX: u32 = 100_000;

/// P(a, x), the share of a gamma distribution of shape `a` below `x`; 0 to 1.
///
/// `a` > 0, `x` ≥ 0; NaN elsewhere. Relative error about 1e-13 for `a` to 1000.
///
/// Vector: `special/chi2`.
#[must_use]
pub fn lower(a: f64, x: f64) -> f64 {
    if !is_inside(a, x) {
        return f64::NAN;
    }
    if x == 0.0 {
        return 0.0;
    }
    if x < a + 1.0 { front(a, x) * series(a, x) } else { 1.0 - front(a, x) * fraction(a, x) }
}

/// Q(a, x) = 1 − P(a, x), exact far out in the tail. Ranges and vector as [`lower`].
#[must_use]
pub fn upper(a: f64, x: f64) -> f64 {
    if !is_inside(a, x) {
        return f64::NAN;
    }
    if x == 0.0 {
        return 1.0;
    }
    if x < a + 1.0 { 1.0 - front(a, x) * series(a, x) } else { front(a, x) * fraction(a, x) }
}

fn is_inside(a: f64, x: f64) -> bool {
    a > 0.0 && a.is_finite() && x >= 0.0 && x.is_finite()
}

/// xᵃ e⁻ˣ / Γ(a).
fn front(a: f64, x: f64) -> f64 {
    math::exp(a * math::ln(x) - x - math::ln_gamma(a))
}

/// Σ xⁿ / (a (a+1) … (a+n)).
fn series(a: f64, x: f64) -> f64 {
    let mut term = 1.0 / a;
    let mut total = term;
    for n in 1..=TERMS_MAX {
        term *= x / (a + f64::from(n));
        total += term;
        if term <= 1e-17 * total {
            break;
        }
    }
    total
}

/// Γ(a, x) / (xᵃ e⁻ˣ).
fn fraction(a: f64, x: f64) -> f64 {
    /// Stands in for a zero denominator.
    const TINY: f64 = 1e-300;
    let guard = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut b = x + 1.0 - a;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / guard(b);
    let mut value = d;
    for n in 1..=TERMS_MAX {
        let n = f64::from(n);
        let step = -n * (n - a);
        b += 2.0;
        d = 1.0 / guard(step * d + b);
        c = guard(b + step / c);
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
    fn shape_one_is_exponential_and_shape_two_too() {
        // Q(1, x) = e^-x; Q(2, x) = (1 + x) e^-x; Q(1/2, x) = erfc √x.
        for x in [1e-6, 0.3, 1.9, 7.0, 80.0] {
            let decay = math::exp(-x);
            assert!((upper(1.0, x) / decay - 1.0).abs() < 1e-13, "{x}");
            assert!((upper(2.0, x) / ((1.0 + x) * decay) - 1.0).abs() < 1e-13, "{x}");
            assert!((upper(0.5, x) / math::erfc(x.sqrt()) - 1.0).abs() < 1e-12, "{x}");
        }
    }

    #[test]
    fn both_sides_add_to_one() {
        for (a, x) in [(0.3, 0.01), (4.0, 4.9), (4.0, 5.1), (300.0, 280.0), (300.0, 340.0)] {
            assert!((lower(a, x) + upper(a, x) - 1.0).abs() < 1e-13, "({a}, {x})");
        }
        assert!(lower(0.0, 1.0).is_nan() && upper(1.0, -1.0).is_nan());
    }
}

//! Power of the one-sided paired t test: how likely it shows an effect that is there.

use super::{normal, student_t, sum::exact_sum};
use trier_roast::math;

/// Probability that a one-sided paired t test at `alpha` rejects, 0 to 1; NaN for values out of range.
///
/// - `effect`: how far the true mean lies on the side looked for, in standard
///   deviations of a difference; below 0 when it lies on the other.
/// - `n`: differences, 2 or more.
/// - `alpha`: one-sided, 0 to 1.
///
/// P(T > t₁₋α) for T noncentral t with n − 1 degrees of freedom and noncentrality
/// `effect`·√n. Of a two-sided test it is the sum over both signs at half the alpha.
/// Vectors: `power/paired_t`, `power/noninferiority`.
#[must_use]
pub fn paired_t_power(effect: f64, n: u32, alpha: f64) -> f64 {
    if n < 2 || !effect.is_finite() || !(0.0..=1.0).contains(&alpha) {
        return f64::NAN;
    }
    let df = f64::from(n) - 1.0;
    let critical = student_t::quantile(1.0 - alpha, df);
    if critical.is_infinite() {
        return if critical > 0.0 { 0.0 } else { 1.0 };
    }
    let centre = effect * f64::from(n).sqrt();
    // T exceeds c where Z + centre > c·S, S = √(χ²/df): a mean over S, which has a smooth
    // density, about normal around 1 with a spread of 1/√(2 df). Simpson's rule.
    const STEPS: u32 = 1_000;
    let spread = 10.0 / (2.0 * df).sqrt();
    let (low, high) = ((1.0 - spread).max(0.0), 1.0 + spread);
    let step = (high - low) / f64::from(STEPS);
    let half = 0.5 * df;
    let ln_front = math::ln(2.0) + half * math::ln(half) - math::ln_gamma(half);
    let weighed = |i: u32| {
        let s = low + step * f64::from(i);
        let ln_s_power = if df == 1.0 { 0.0 } else { (df - 1.0) * math::ln(s) };
        let density = math::exp(ln_front + ln_s_power - half * s * s);
        let weight = match i {
            0 | STEPS => 1.0,
            _ if i % 2 == 1 => 4.0,
            _ => 2.0,
        };
        weight * density * normal::cdf(centre - critical * s)
    };
    let terms: Vec<f64> = (0..=STEPS).map(weighed).collect();
    (exact_sum(&terms) * step / 3.0).clamp(0.0, 1.0)
}

/// The least number of differences with which a one-sided paired t test at `alpha` has `power`.
///
/// `effect` as in [`paired_t_power`]. None when it is not above 0, `alpha` or
/// `power` is not between 0 and 1, or more than a million would be needed.
/// Vectors: `power/paired_t`, `power/noninferiority`.
#[must_use]
pub fn n_for_power(effect: f64, alpha: f64, power: f64) -> Option<u32> {
    let is_inside = |share: f64| share > 0.0 && share < 1.0;
    if effect.is_nan() || effect <= 0.0 || !is_inside(alpha) || !is_inside(power) {
        return None;
    }
    // A normal in place of t asks for a few too few; from there it is counted up, or down.
    let reach = normal::quantile(1.0 - alpha) + normal::quantile(power);
    let about = (reach.max(0.0) / effect) * (reach.max(0.0) / effect);
    if about.is_nan() || about > 1e6 {
        return None;
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to a million.
    let mut n = (about.floor() as u32).max(2);
    let effect = effect.min(1e6); // A larger one needs two as well, and stays finite times √2.
    while n > 2 && paired_t_power(effect, n - 1, alpha) >= power {
        n -= 1;
    }
    while paired_t_power(effect, n, alpha) < power {
        n += 1;
    }
    Some(n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_an_effect_power_is_alpha() {
        for n in [2, 3, 5, 13, 200, 20_000] {
            for alpha in [0.025, 0.05, 0.5] {
                let power = paired_t_power(0.0, n, alpha);
                assert!((power - alpha).abs() < 1e-7, "{n} {alpha}: {power}");
            }
        }
        assert!(paired_t_power(0.5, 1, 0.05).is_nan() && paired_t_power(f64::NAN, 5, 0.05).is_nan());
        assert_eq!(paired_t_power(0.5, 5, 0.0).to_bits(), 0.0_f64.to_bits());
    }

    #[test]
    fn many_differences_have_the_power_of_a_normal() {
        // Φ(effect·√n − z): 0.02·100 − 1.9600 = 0.0400.
        let want = normal::cdf(2.0 - normal::quantile(0.975));
        assert!((paired_t_power(0.02, 10_000, 0.025) - want).abs() < 1e-3);
    }

    #[test]
    fn the_number_needed_is_the_least_that_does() {
        for effect in [0.05, 0.3, 1.0, 4.0] {
            let n = n_for_power(effect, 0.025, 0.8).expect("some number");
            assert!(paired_t_power(effect, n, 0.025) >= 0.8, "{effect}: {n}");
            assert!(n == 2 || paired_t_power(effect, n - 1, 0.025) < 0.8, "{effect}: {n}");
        }
        assert_eq!(n_for_power(f64::INFINITY, 0.025, 0.8), Some(2));
        for nothing in [0.0, -1.0, f64::NAN, 1e-9] {
            assert_eq!(n_for_power(nothing, 0.025, 0.8), None);
        }
        assert_eq!((n_for_power(1.0, 0.0, 0.8), n_for_power(1.0, 0.05, 1.0)), (None, None));
    }
}

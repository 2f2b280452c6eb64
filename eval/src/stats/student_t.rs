//! Student's t distribution with any positive number of degrees of freedom.

use super::beta;
use trier_roast::{math, quantile::invert_tail};

/// Share of t with `df` degrees of freedom at or below `t`. NaN unless `df` > 0.
///
/// Vector: `special/student_t`.
#[must_use]
pub fn cdf(t: f64, df: f64) -> f64 {
    sf(-t, df)
}

/// Share of t with `df` degrees of freedom above `t`, exact far out in the tail.
///
/// NaN unless `df` > 0. Vector: `special/student_t`.
#[must_use]
pub fn sf(t: f64, df: f64) -> f64 {
    if df.is_nan() || df <= 0.0 || t.is_nan() {
        return f64::NAN;
    }
    if t.is_infinite() {
        return if t > 0.0 { 0.0 } else { 1.0 };
    }
    // Both shares from t/√df, so that neither a huge t nor a huge df overflows.
    let ratio = t / df.sqrt();
    let (x, y) = if ratio.abs() > 1.0 {
        let inverse = (1.0 / ratio) * (1.0 / ratio);
        (inverse / (1.0 + inverse), 1.0 / (1.0 + inverse))
    } else {
        let square = ratio * ratio;
        (1.0 / (1.0 + square), square / (1.0 + square))
    };
    let tail = 0.5 * beta::regularised(0.5 * df, 0.5, x, y);
    if t > 0.0 { tail } else { 1.0 - tail }
}

/// Two-sided p of `t`: the share of t at least as far from 0 on either side.
#[must_use]
pub fn p_two_sided(t: f64, df: f64) -> f64 {
    (2.0 * sf(t.abs(), df)).min(1.0)
}

/// The t below which a share `p` lies, with `df` degrees of freedom.
///
/// Infinite at 0 and 1; NaN outside them or unless `df` > 0. Vector: `special/student_t`.
#[must_use]
pub fn quantile(p: f64, df: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) || df.is_nan() || df <= 0.0 {
        return f64::NAN;
    }
    if p == 0.5 {
        return 0.0;
    }
    if p == 0.0 || p == 1.0 {
        return if p == 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    // Solved for the upper tail, where sf keeps its digits; 1 − p is exact above one half.
    let tail = p.min(1.0 - p);
    let mut high = 1.0;
    while sf(high, df) > tail && high < 1e300 {
        high *= 4.0;
    }
    let size = invert_tail(|x| sf(x, df), |x| density(x, df), tail, high);
    if p < 0.5 { -size } else { size }
}

/// Density of t with `df` degrees of freedom at `t`.
fn density(t: f64, df: f64) -> f64 {
    let ln_front = -beta::ln_beta(0.5 * df, 0.5) - 0.5 * math::ln(df);
    math::exp(ln_front - 0.5 * (df + 1.0) * math::ln_1p(t * t / df))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_degree_of_freedom_is_cauchy() {
        // F(1) = 3/4 and F(t) = 1/2 + atan(t)/π, so the p quantile is −cot(πp).
        assert!((cdf(1.0, 1.0) - 0.75).abs() < 1e-14);
        let p = 1e-10;
        let want = -math::cos(math::PI * p) / math::sin(math::PI * p);
        assert!((quantile(p, 1.0) / want - 1.0).abs() < 1e-12);
    }

    #[test]
    fn many_degrees_of_freedom_are_normal() {
        assert!((cdf(1.96, 1e8) - math::normal_cdf(1.96)).abs() < 1e-8);
        assert!((quantile(0.975, 1e8) - 1.959_963_984_540_054).abs() < 1e-6);
    }

    #[test]
    fn the_quantile_undoes_the_distribution() {
        for df in [0.7, 1.0, 2.0, 9.4, 28.0, 1000.0] {
            for p in [1e-12, 0.001, 0.2, 0.4999, 0.6, 0.975, 0.999_999] {
                let back = cdf(quantile(p, df), df);
                assert!((back - p).abs() <= 1e-12 * p, "df {df}: {p} came back as {back}");
            }
        }
    }

    #[test]
    fn the_ends_are_safe() {
        assert_eq!(sf(f64::INFINITY, 3.0).to_bits(), 0.0_f64.to_bits());
        assert!((sf(1e200, 3.0)).abs() < 1e-300);
        assert!(sf(1.0, 0.0).is_nan() && quantile(2.0, 3.0).is_nan());
    }
}

//! The χ² distribution with any positive number of degrees of freedom.

use super::gamma;
use trier_roast::{math, quantile::invert_tail};

/// Share of χ² with `df` degrees of freedom at or below `x`; 0 below 0, NaN unless `df` > 0.
///
/// Vector: `special/chi2`.
#[must_use]
pub fn cdf(x: f64, df: f64) -> f64 {
    gamma::lower(0.5 * df, 0.5 * x.max(0.0))
}

/// Share above `x`, exact far out in the tail. Vector: `special/chi2`.
#[must_use]
pub fn sf(x: f64, df: f64) -> f64 {
    gamma::upper(0.5 * df, 0.5 * x.max(0.0))
}

/// The x below which a share `p` lies; 0 and infinite at the ends, NaN outside them or unless `df` > 0.
///
/// Vector: `special/chi2`.
#[must_use]
pub fn quantile(p: f64, df: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) || df.is_nan() || df <= 0.0 {
        return f64::NAN;
    }
    if p == 0.0 || p == 1.0 {
        return if p == 0.0 { 0.0 } else { f64::INFINITY };
    }
    let half = 0.5 * df;
    // The nearer tail keeps its digits. The low one is searched on ln x, where it is nearly straight.
    let ln_density =
        |x: f64| (half - 1.0) * math::ln(x) - 0.5 * x - half * math::ln(2.0) - math::ln_gamma(half);
    if p <= 0.5 {
        let top = math::ln(df + 1.0);
        let tail = |down: f64| cdf(math::exp(top - down), df);
        let density = |down: f64| math::exp(ln_density(math::exp(top - down)) + top - down);
        let mut reach = 1.0;
        while tail(reach) > p && reach < 1e300 {
            reach *= 4.0;
        }
        return math::exp(top - invert_tail(tail, density, p, reach));
    }
    let mut high = df + 1.0;
    while sf(high, df) > 1.0 - p {
        high *= 2.0;
    }
    invert_tail(|x| sf(x, df), |x| math::exp(ln_density(x)), 1.0 - p, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_degrees_of_freedom_are_exponential() {
        // sf = e^(−x/2), so the p quantile is −2 ln(1 − p).
        for p in [1e-12, 1e-3, 0.2, 0.5, 0.8, 0.999_999] {
            let want = -2.0 * math::ln_1p(-p);
            assert!((quantile(p, 2.0) / want - 1.0).abs() < 1e-12, "{p}");
        }
    }

    #[test]
    fn the_quantile_undoes_the_distribution() {
        for df in [0.3, 1.0, 4.0, 37.0, 900.0] {
            for p in [1e-10, 0.025, 0.3, 0.5, 0.51, 0.9995] {
                let back = cdf(quantile(p, df), df);
                assert!((back - p).abs() < 1e-11 * p, "df {df}: {p} came back as {back}");
            }
        }
        assert!(quantile(0.5, 0.0).is_nan() && quantile(1.0, 3.0).is_infinite());
    }
}

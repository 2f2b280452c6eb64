//! Fisher's F distribution: the ratio of two independent mean squares.

use super::beta;
use trier_roast::{math, quantile::invert_tail};

/// Share of F with `df1` over `df2` degrees of freedom at or below `x`; 0 below 0, NaN unless both are positive.
///
/// Vector: `special/f_dist`.
#[must_use]
pub fn cdf(x: f64, df1: f64, df2: f64) -> f64 {
    sf_of_inverse(x, df2, df1)
}

/// Share above `x`, exact far out in the tail. Vector: `special/f_dist`.
#[must_use]
pub fn sf(x: f64, df1: f64, df2: f64) -> f64 {
    let (part, rest) = parts(x, df1, df2);
    beta::regularised(0.5 * df2, 0.5 * df1, rest, part)
}

/// P(1/F ≥ 1/x): the lower tail, from the same beta with its sides exchanged.
fn sf_of_inverse(x: f64, df2: f64, df1: f64) -> f64 {
    let (part, rest) = parts(x, df1, df2);
    beta::regularised(0.5 * df1, 0.5 * df2, part, rest)
}

/// The x below which a share `p` lies; 0 and infinite at the ends, NaN outside the ranges.
///
/// Vector: `special/f_dist`.
#[must_use]
pub fn quantile(p: f64, df1: f64, df2: f64) -> f64 {
    if !((0.0..=1.0).contains(&p) && df1 > 0.0 && df2 > 0.0) {
        return f64::NAN;
    }
    if p == 0.0 || p == 1.0 {
        return if p == 0.0 { 0.0 } else { f64::INFINITY };
    }
    if cdf(1.0, df1, df2) >= p {
        // The lower tail of F is the upper tail of its inverse.
        1.0 / upper_quantile(p, df2, df1)
    } else {
        upper_quantile(1.0 - p, df1, df2)
    }
}

/// The x of 1 or more above which a share `tail` lies, searched on ln x.
fn upper_quantile(tail: f64, df1: f64, df2: f64) -> f64 {
    let beyond = |up: f64| sf(math::exp(up), df1, df2);
    let density = |up: f64| {
        let (part, rest) = parts(math::exp(up), df1, df2);
        let ln_terms = 0.5 * df1 * math::ln(part) + 0.5 * df2 * math::ln(rest);
        math::exp(ln_terms - beta::ln_beta(0.5 * df1, 0.5 * df2))
    };
    if beyond(0.0) <= tail {
        return 1.0;
    }
    let mut reach = 1.0;
    while beyond(reach) > tail && reach < 700.0 {
        reach *= 2.0;
    }
    math::exp(invert_tail(beyond, density, tail, reach.min(700.0)))
}

/// df1·x / (df1·x + df2) and what it leaves of 1.
fn parts(x: f64, df1: f64, df2: f64) -> (f64, f64) {
    let (above, below) = (df1 * x.max(0.0), df2);
    if above > below {
        let ratio = below / above;
        (1.0 / (1.0 + ratio), ratio / (1.0 + ratio))
    } else {
        let ratio = above / below;
        (ratio / (1.0 + ratio), 1.0 / (1.0 + ratio))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::student_t;

    #[test]
    fn one_over_df_is_the_square_of_t() {
        for (t, df) in [(0.3, 4.0), (1.7, 11.0), (8.0, 40.0)] {
            let want = student_t::p_two_sided(t, df);
            assert!((sf(t * t, 1.0, df) / want - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn the_quantile_undoes_the_distribution() {
        for (df1, df2) in [(1.0, 40.0), (5.0, 12.0), (23.0, 23.0), (300.0, 7.0)] {
            for p in [1e-9, 0.025, 0.5, 0.77, 0.9995] {
                let back = cdf(quantile(p, df1, df2), df1, df2);
                assert!((back - p).abs() < 1e-11 * p, "F({df1}, {df2}): {p} came back as {back}");
            }
        }
        assert!((quantile(0.5, 9.0, 9.0) - 1.0).abs() < 1e-12);
        assert!(quantile(0.5, 0.0, 1.0).is_nan());
    }
}

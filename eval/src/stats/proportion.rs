//! Shares: how many of how many, with intervals, and the difference of two shares.

use super::beta;
use super::binomial;
use super::error::{StatsError, check_share};
use super::normal;
use trier_roast::{math, quantile::invert_tail};

/// A share with its intervals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// k / n.
    pub share: f64,
    /// Wilson's score interval, two-sided.
    pub wilson: (f64, f64),
    /// The exact interval of Clopper and Pearson, two-sided.
    pub exact: (f64, f64),
    /// The exact lower bound, one-sided at the same level.
    pub exact_lower: f64,
    /// The exact upper bound, one-sided at the same level; 1 − (1 − level)^(1/n) when `k` is 0.
    pub exact_upper: f64,
}

/// Intervals of confidence `level` for a share of which `k` of `n` is known. Vector: `metric/coverage_ci`.
///
/// # Errors
/// No trials, `k` above `n`, or a level outside 0 to 1.
pub fn share(k: u64, n: u64, level: f64) -> Result<Share, StatsError> {
    check_share("level", level)?;
    check_counts(k, n)?;
    let outside = 1.0 - level;
    Ok(Share {
        share: ratio(k, n),
        wilson: wilson(k, n, normal::quantile(1.0 - 0.5 * outside)),
        exact: (exact_lower(k, n, 0.5 * outside), exact_upper(k, n, 0.5 * outside)),
        exact_lower: exact_lower(k, n, outside),
        exact_upper: exact_upper(k, n, outside),
    })
}

/// P(X ≤ `k`) when the true share is `nominal`: small says that an interval covers too rarely.
///
/// Vector: `metric/coverage_ci`.
///
/// # Errors
/// No trials, `k` above `n`, or a nominal share outside 0 to 1.
pub fn p_under(k: u64, n: u64, nominal: f64) -> Result<f64, StatsError> {
    check_share("nominal", nominal)?;
    check_counts(k, n)?;
    Ok(binomial::cdf(k, n, nominal))
}

/// Newcombe's interval for the difference of two shares, `k2`/`n2` − `k1`/`n1` (his method 10).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ShareDifference {
    /// Second share minus first.
    pub difference: f64,
    /// Lower end.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
}

/// The difference of two independent shares with its interval at `level`. Vector: `prop/newcombe_diff`.
///
/// # Errors
/// As for [`share`].
pub fn difference(k1: u64, n1: u64, k2: u64, n2: u64, level: f64) -> Result<ShareDifference, StatsError> {
    let (one, two) = (share(k1, n1, level)?, share(k2, n2, level)?);
    let difference = two.share - one.share;
    let reach = |a: f64, b: f64| (a * a + b * b).sqrt();
    Ok(ShareDifference {
        difference,
        lower: difference - reach(two.share - two.wilson.0, one.wilson.1 - one.share),
        upper: difference + reach(two.wilson.1 - two.share, one.share - one.wilson.0),
    })
}

fn ratio(k: u64, n: u64) -> f64 {
    #[allow(clippy::cast_precision_loss)]
    let share = k as f64 / n as f64;
    share
}

fn check_counts(k: u64, n: u64) -> Result<(), StatsError> {
    if n == 0 {
        return Err(StatsError::TooFew { got: 0, need: 1 });
    }
    if k > n {
        #[allow(clippy::cast_precision_loss)]
        return Err(StatsError::OutOfRange { name: "k", value: k as f64, range: "0 to n" });
    }
    Ok(())
}

fn wilson(k: u64, n: u64, z: f64) -> (f64, f64) {
    let p = ratio(k, n);
    #[allow(clippy::cast_precision_loss)]
    let n = n as f64;
    let squared = z * z;
    let centre = (p + squared / (2.0 * n)) / (1.0 + squared / n);
    let reach = z / (1.0 + squared / n) * (p * (1.0 - p) / n + squared / (4.0 * n * n)).sqrt();
    // At the ends the formula meets 0 and 1 but for rounding.
    let lower = if k == 0 { 0.0 } else { centre - reach };
    let upper = if p == 1.0 { 1.0 } else { centre + reach };
    (lower, upper)
}

/// The share at which `k` or more of `n` has probability `outside`.
fn exact_lower(k: u64, n: u64, outside: f64) -> f64 {
    if k == 0 {
        return 0.0;
    }
    #[allow(clippy::cast_precision_loss)]
    let (k, n) = (k as f64, n as f64);
    beta_quantile(k, n - k + 1.0, outside)
}

/// The share at which `k` or fewer of `n` has probability `outside`.
fn exact_upper(k: u64, n: u64, outside: f64) -> f64 {
    if k == n {
        return 1.0;
    }
    #[allow(clippy::cast_precision_loss)]
    let (k, n) = (k as f64, n as f64);
    // By the mirror image: the upper tail of a beta is the lower tail of the other way round.
    1.0 - beta_quantile(n - k, k + 1.0, outside)
}

/// The x below which a share `p` of Beta(a, b) lies, `a`, `b` of 1 or more.
fn beta_quantile(a: f64, b: f64, p: f64) -> f64 {
    // Falling in −ln x, as the search wants it: the lower tail is nearly a power of x.
    let below = |down: f64| {
        let x = math::exp(-down);
        beta::regularised(a, b, x, -math::exp_m1(-down))
    };
    let density = |down: f64| {
        let rest = -math::exp_m1(-down);
        math::exp(-a * down + (b - 1.0) * math::ln(rest) - beta::ln_beta(a, b))
    };
    let mut reach = 1.0;
    while below(reach) > p && reach < 700.0 {
        reach *= 2.0;
    }
    math::exp(-invert_tail(below, density, p, reach))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_of_n_is_the_rule_of_three() {
        // Upper 95 % bound of 0 of n is 1 − 0.05^(1/n), about 3/n.
        let none = share(0, 60, 0.95).expect("counts");
        let want = 1.0 - math::pow(0.05, 1.0 / 60.0);
        assert!((none.exact_upper - want).abs() < 1e-13, "{none:?}");
        assert_eq!((none.exact.0, none.wilson.0), (0.0, 0.0));
        let all = share(60, 60, 0.95).expect("counts");
        assert!((all.exact_lower - (1.0 - want)).abs() < 1e-13 && all.exact.1 == 1.0 && all.wilson.1 == 1.0);
        assert!(share(2, 1, 0.95).is_err() && share(0, 0, 0.95).is_err());
    }

    #[test]
    fn the_exact_bounds_leave_what_they_say_outside() {
        for (k, n) in [(1, 9), (43, 50), (500, 1000), (8, 9)] {
            let got = share(k, n, 0.9).expect("counts");
            assert!((binomial::at_least(k, n, got.exact.0) - 0.05).abs() < 1e-12);
            assert!((binomial::cdf(k, n, got.exact.1) - 0.05).abs() < 1e-12);
        }
    }

    #[test]
    fn exchanging_the_arms_turns_the_difference() {
        let (one, two) = (difference(46, 60, 52, 61, 0.95), difference(52, 61, 46, 60, 0.95));
        let (one, two) = (one.expect("counts"), two.expect("counts"));
        assert!((one.lower + two.upper).abs() < 1e-14 && (one.difference + two.difference).abs() < 1e-15);
    }
}

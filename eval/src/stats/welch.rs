//! Welch's t test: two independent samples whose spreads may differ.

use super::error::{StatsError, check_finite, is_constant};
use super::student_t;
use super::sum::{mean, variance};

/// The difference of two means, second minus first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Welch {
    /// Mean of the second minus mean of the first.
    pub difference: f64,
    /// Its standard error.
    pub se: f64,
    /// difference / se.
    pub t: f64,
    /// Degrees of freedom after Satterthwaite.
    pub df: f64,
    /// Two-sided p.
    pub p_two_sided: f64,
    /// One-sided p for "the second is lower".
    pub p_less: f64,
}

impl Welch {
    /// The one-sided upper bound of the difference at confidence `level`.
    #[must_use]
    pub fn upper(&self, level: f64) -> f64 {
        self.difference + student_t::quantile(level, self.df) * self.se
    }
}

/// The test of `second` against `first`. Vectors: `variance/miller_jackknife`, `uplift/cuped`.
///
/// # Errors
/// Fewer than two values in either, one that is not finite, or no spread in both.
pub fn welch(first: &[f64], second: &[f64]) -> Result<Welch, StatsError> {
    check_finite(first, 2)?;
    check_finite(second, 2)?;
    if is_constant(first) && is_constant(second) {
        return Err(StatsError::NoSpread { n: first.len() + second.len() });
    }
    let none = StatsError::TooFew { got: first.len().min(second.len()), need: 2 };
    let part = |x: &[f64]| -> Result<(f64, f64, f64), StatsError> {
        #[allow(clippy::cast_precision_loss)]
        let n = x.len() as f64;
        Ok((mean(x).ok_or(none)?, variance(x).ok_or(none)? / n, n - 1.0))
    };
    let ((mean1, square1, df1), (mean2, square2, df2)) = (part(first)?, part(second)?);
    let square = square1 + square2;
    let df = square * square / (square1 * square1 / df1 + square2 * square2 / df2);
    let (difference, se) = (mean2 - mean1, square.sqrt());
    let t = difference / se;
    Ok(Welch {
        difference,
        se,
        t,
        df,
        p_two_sided: student_t::p_two_sided(t, df),
        p_less: student_t::cdf(t, df),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_spreads_and_sizes_give_all_degrees_of_freedom() {
        let got = welch(&[1.0, 2.0, 3.0], &[5.0, 6.0, 7.0]).expect("spread");
        assert!((got.df - 4.0).abs() < 1e-12 && (got.difference - 4.0).abs() < 1e-15);
        assert!((got.se - (2.0_f64 / 3.0).sqrt()).abs() < 1e-15);
        assert!(welch(&[1.0, 1.0], &[2.0, 2.0]).is_err() && welch(&[1.0], &[1.0, 2.0]).is_err());
    }
}

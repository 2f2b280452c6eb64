//! One series with a change in it and no control: segmented regression, OBSERVATIONAL by nature.
//!
//! Whatever else changed on that day is in the estimate, so it supports no claim by itself.

use super::error::{StatsError, check_finite};
use super::regression::{Fit, fit};
use super::sum::exact_sum;

/// A line before, and how it jumps and bends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interrupted {
    /// Level at the start, slope per step before, jump at the change, change of slope per step after it.
    pub coefficients: [f64; 4],
    /// Newey and West's standard errors of these, without small-sample factor.
    pub se: [f64; 4],
    /// Durbin and Watson's statistic of the residuals, about 2 when neighbours are not alike.
    pub durbin_watson: f64,
    /// The jump and the bend together at the last value.
    pub effect_at_end: f64,
}

/// Fits `y` in order of time with a change at index `change`, errors alike up to `lag` steps. The order matters.
///
/// y = b₀ + b₁t + b₂[t ≥ change] + b₃[t ≥ change](t − change); Bartlett's kernel. Vector: `uplift/its`.
///
/// # Errors
/// A value that is not finite, fewer than two before or after the change, a lag as long as the series, or
/// no spread about the lines.
pub fn interrupted(y: &[f64], change: usize, lag: usize) -> Result<Interrupted, StatsError> {
    check_finite(y, 5)?;
    let fewest = change.min(y.len().saturating_sub(change));
    if fewest < 2 {
        return Err(StatsError::TooFew { got: fewest, need: 2 });
    }
    if lag >= y.len() {
        #[allow(clippy::cast_precision_loss)]
        return Err(StatsError::OutOfRange {
            name: "lag",
            value: lag as f64,
            range: "below the series' length",
        });
    }
    #[allow(clippy::cast_precision_loss)]
    let row = |t: usize| {
        let after = if t >= change { (1.0, (t - change) as f64) } else { (0.0, 0.0) };
        vec![1.0, t as f64, after.0, after.1]
    };
    let rows: Vec<Vec<f64>> = (0..y.len()).map(row).collect();
    let fitted = fit(&rows, y)?;
    let squares = exact_sum(&fitted.residuals.iter().map(|e| e * e).collect::<Vec<f64>>());
    let size = y.iter().fold(0.0, |size: f64, v| size.max(v.abs()));
    if squares.sqrt() <= 1e-12 * size {
        return Err(StatsError::NoSpread { n: y.len() });
    }
    let steps: Vec<f64> =
        fitted.residuals.windows(2).map(|two| (two[1] - two[0]) * (two[1] - two[0])).collect();
    let variances = newey_west(&fitted, lag);
    let b = &fitted.coefficients;
    #[allow(clippy::cast_precision_loss)]
    let beyond = (y.len() - 1 - change) as f64;
    Ok(Interrupted {
        coefficients: [b[0], b[1], b[2], b[3]],
        se: std::array::from_fn(|i| variances[i][i].max(0.0).sqrt()),
        durbin_watson: exact_sum(&steps) / squares,
        effect_at_end: b[2] + b[3] * beyond,
    })
}

/// The covariance of coefficients under errors alike up to `lag` steps.
fn newey_west(fitted: &Fit, lag: usize) -> Vec<Vec<f64>> {
    let scores = fitted.scores();
    let k = fitted.coefficients.len();
    let together = |apart: usize, i: usize, j: usize| {
        exact_sum(
            &scores[apart..].iter().zip(&scores).map(|(s, before)| s[i] * before[j]).collect::<Vec<f64>>(),
        )
    };
    let entry = |i: usize, j: usize| {
        let apart = (1..=lag).map(|apart| {
            #[allow(clippy::cast_precision_loss)]
            let weight = 1.0 - apart as f64 / (lag as f64 + 1.0);
            weight * (together(apart, i, j) + together(apart, j, i))
        });
        together(0, i, j) + apart.sum::<f64>()
    };
    let middle: Vec<Vec<f64>> = (0..k).map(|i| (0..k).map(|j| entry(i, j)).collect()).collect();
    fitted.wrapped(&middle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jump_and_a_bend_are_found() {
        let y: Vec<f64> = (0..20)
            .map(|t| {
                let ripple = if t % 2 == 0 { 1e-6 } else { -1e-6 };
                let after = if t >= 8 { -5.0 - 0.25 * f64::from(t - 8) } else { 0.0 };
                40.0 + 0.5 * f64::from(t) + after + ripple
            })
            .collect();
        let got = interrupted(&y, 8, 2).expect("spread");
        for (b, want) in got.coefficients.iter().zip([40.0, 0.5, -5.0, -0.25]) {
            assert!((b - want).abs() < 1e-5, "{got:?}");
        }
        assert!((got.effect_at_end + 7.75).abs() < 1e-5);
        // A ripple of alternating sign: neighbours differ by twice their size.
        assert!((got.durbin_watson - 4.0).abs() < 0.5);
        assert!(interrupted(&y, 1, 2).is_err() && interrupted(&y, 19, 2).is_err());
    }
}

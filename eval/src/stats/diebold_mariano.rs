//! Diebold and Mariano's test of two forecasters over one series: days of one machine, in order.
//!
//! Neighbouring days are alike, so their losses are no independent pairs; the variance counts the
//! likeness up to the horizon. With the correction for short series of D. Harvey, S. Leybourne and
//! P. Newbold, International Journal of Forecasting 13 (1997).

use super::error::{StatsError, check_finite, is_constant};
use super::student_t;
use super::sum::{exact_sum, mean};

/// What the series of loss differences says; negative is better.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DieboldMariano {
    /// Mean difference over its standard error.
    pub dm: f64,
    /// The same with the correction for short series.
    pub corrected: f64,
    /// Two-sided p of `corrected`, n − 1 degrees of freedom.
    pub p_two_sided: f64,
    /// One-sided p for "lower".
    pub p_less: f64,
}

/// The test of loss differences in order of time for forecasts `horizon` steps ahead. The order matters.
///
/// The rectangular kernel counts autocovariances up to horizon − 1. Vector: `paired/diebold_mariano_hln`.
///
/// # Errors
/// A horizon of 0 or as long as the series, a value that is not finite, no spread, or a variance that the
/// kernel makes negative (the series is too short for the horizon).
pub fn diebold_mariano(loss_differences: &[f64], horizon: usize) -> Result<DieboldMariano, StatsError> {
    let d = loss_differences;
    check_finite(d, 2)?;
    #[allow(clippy::cast_precision_loss)]
    let (n, h) = (d.len() as f64, horizon as f64);
    if horizon == 0 || horizon >= d.len() {
        return Err(StatsError::OutOfRange {
            name: "horizon",
            value: h,
            range: "1 to the series' length, excluded",
        });
    }
    if is_constant(d) {
        return Err(StatsError::NoSpread { n: d.len() });
    }
    let centre = mean(d).ok_or(StatsError::TooFew { got: 0, need: 2 })?;
    let autocovariance = |lag: usize| {
        let terms: Vec<f64> = d[lag..].iter().zip(d).map(|(a, b)| (a - centre) * (b - centre)).collect();
        exact_sum(&terms) / n
    };
    let long_run = autocovariance(0) + 2.0 * (1..horizon).map(autocovariance).sum::<f64>();
    if long_run <= 0.0 {
        return Err(StatsError::OutOfRange { name: "long-run variance", value: long_run, range: "above 0" });
    }
    let dm = centre / (long_run / n).sqrt();
    let corrected = dm * ((n + 1.0 - 2.0 * h + h * (h - 1.0) / n) / n).sqrt();
    Ok(DieboldMariano {
        dm,
        corrected,
        p_two_sided: student_t::p_two_sided(corrected, n - 1.0),
        p_less: student_t::cdf(corrected, n - 1.0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::paired_t::paired_t;

    #[test]
    fn one_step_ahead_is_the_paired_t_test() {
        // For h = 1 the correction √((n−1)/n) turns the n of the variance into n − 1.
        let d = [-3.0, 1.5, -0.2, 4.1, -2.2, 0.3];
        let (one, two) = (diebold_mariano(&d, 1).expect("six"), paired_t(&d, 0.95).expect("six"));
        assert!((one.corrected - two.t).abs() < 1e-13 && (one.p_less - two.p_less).abs() < 1e-13);
    }

    #[test]
    fn likeness_of_neighbours_takes_from_the_evidence() {
        let slow: Vec<f64> = (0..30).map(|i| -1.0 + f64::from(i / 6 % 2) * 1.5).collect();
        let (near, far) =
            (diebold_mariano(&slow, 1).expect("thirty"), diebold_mariano(&slow, 4).expect("thirty"));
        assert!(far.dm.abs() < 0.7 * near.dm.abs(), "{far:?} {near:?}");
        assert!(diebold_mariano(&slow, 0).is_err() && diebold_mariano(&slow, 30).is_err());
    }
}

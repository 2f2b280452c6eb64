//! Whether forecasts say how unsure they are: where what happened fell in their distribution.

use super::error::{StatsError, check_finite};
use super::kolmogorov;
use super::normal;
use super::sum::{mean, variance};

/// Probability integral transforms of a predictor in figures. One per session: the steps inside a
/// session are not independent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Calibration {
    /// Largest gap to the uniform distribution.
    pub ks_d: f64,
    /// Its exact two-sided p.
    pub ks_p: f64,
    /// Mean, 1/2 when calibrated: above, events come later than forecast.
    pub mean: f64,
    /// Variance (n − 1), 1/12 when calibrated: above, forecasts are too sure.
    pub variance: f64,
}

/// F(y) of a normal forecast, 0 to 1. Vector: `metric/pit_calibration`.
///
/// # Errors
/// A value that is not finite, or a `sigma` that is not above 0.
pub fn pit_gaussian(y: f64, mu: f64, sigma: f64) -> Result<f64, StatsError> {
    check_finite(&[y, mu, sigma], 3)?;
    if sigma <= 0.0 {
        return Err(StatsError::OutOfRange { name: "sigma", value: sigma, range: "above 0" });
    }
    Ok(normal::cdf((y - mu) / sigma))
}

/// Figures of transforms `pit`. Vector: `metric/pit_calibration`.
///
/// # Errors
/// Fewer than two, one that is not finite, or one outside 0 to 1.
pub fn calibration(pit: &[f64]) -> Result<Calibration, StatsError> {
    check_finite(pit, 2)?;
    let gap = kolmogorov::uniform(pit)?;
    let none = StatsError::TooFew { got: pit.len(), need: 2 };
    Ok(Calibration {
        ks_d: gap.d,
        ks_p: gap.p,
        mean: mean(pit).ok_or(none)?,
        variance: variance(pit).ok_or(none)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn even_transforms_are_calibrated() {
        let pit: Vec<f64> = (0..200).map(|i| (f64::from(i) + 0.5) / 200.0).collect();
        let got = calibration(&pit).expect("inside");
        assert!((got.mean - 0.5).abs() < 1e-12 && (got.variance - 1.0 / 12.0).abs() < 1e-3);
        assert!(got.ks_p > 0.999_999);
    }

    #[test]
    fn forecasts_that_are_too_sure_show() {
        // True spread 2, forecast spread 1: the transforms crowd at the ends.
        let at = |i: i32| 2.0 * normal::quantile((f64::from(i) + 0.5) / 200.0);
        let pit: Vec<f64> = (0..200).map(|i| pit_gaussian(at(i), 0.0, 1.0).expect("finite")).collect();
        let got = calibration(&pit).expect("inside");
        assert!(got.variance > 0.12 && got.ks_p < 0.01, "{got:?}");
    }
}

//! A few looks, declared beforehand: alpha spent as O'Brien and Fleming would, after Lan and DeMets.
//!
//! K. K. G. Lan and D. L. DeMets, Biometrika 70 (1983). The boundaries are symmetric and two-sided; the density
//! of the paths still inside is carried from look to look by Simpson's rule.

use super::error::{StatsError, check_finite, check_share};
use super::normal;
use super::sum::exact_sum;
use trier_roast::math;

/// Boundaries for the looks of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Looks {
    /// Two-sided alpha spent up to and with each look.
    pub spent: Vec<f64>,
    /// |z| from which a look stops.
    pub bounds: Vec<f64>,
}

/// O'Brien-Fleming-type boundaries for looks at these shares of the information. Vector: `sequential/lan_demets_obf`.
///
/// Each tail spends 2 − 2Φ(z₁₋α/₄/√t) up to t.
///
/// # Errors
/// No looks, shares that do not rise or leave 0 to 1, or `alpha` outside 0 to 1.
pub fn obrien_fleming(information: &[f64], alpha: f64) -> Result<Looks, StatsError> {
    check_share("alpha", alpha)?;
    check_finite(information, 1)?;
    let mut before = 0.0;
    for &value in information {
        if value <= before || value > 1.0 + 1e-12 {
            return Err(StatsError::OutOfRange { name: "information", value, range: "rising, to 1 at most" });
        }
        before = value;
    }
    let whole = normal::quantile(1.0 - 0.25 * alpha);
    let spent: Vec<f64> = information.iter().map(|t| 4.0 * normal::sf(whole / t.sqrt())).collect();
    let mut bounds = Vec::with_capacity(information.len());
    let mut paths = Paths::start();
    let mut used = 0.0;
    for (t, total) in information.iter().zip(&spent) {
        let bound = paths.bound(*t, total - used);
        bounds.push(bound);
        paths = paths.inside(*t, bound);
        used = *total;
    }
    Ok(Looks { spent, bounds })
}

/// The density of B(t), a Brownian path at time t, over the paths no look has stopped.
struct Paths {
    t: f64,
    /// Value, and density times the weight of the quadrature.
    points: Vec<(f64, f64)>,
}

impl Paths {
    fn start() -> Self {
        Self { t: 0.0, points: vec![(0.0, 1.0)] }
    }

    /// The |z| at `t` beyond which a share `spend` of the paths lies.
    fn bound(&self, t: f64, spend: f64) -> f64 {
        let step = (t - self.t).sqrt();
        let beyond = |z: f64| {
            let edge = z * t.sqrt();
            let terms: Vec<f64> = self
                .points
                .iter()
                .map(|(at, mass)| mass * (normal::sf((edge - at) / step) + normal::sf((edge + at) / step)))
                .collect();
            exact_sum(&terms)
        };
        let (mut low, mut high) = (0.0, 40.0);
        while high - low > 1e-13 {
            let middle = 0.5 * (low + high);
            if beyond(middle) > spend {
                low = middle;
            } else {
                high = middle;
            }
            if middle <= low && high <= middle {
                break;
            }
        }
        0.5 * (low + high)
    }

    /// The paths that at `t` lie within |z| ≤ `bound`.
    fn inside(&self, t: f64, bound: f64) -> Self {
        let step = (t - self.t).sqrt();
        let edge = bound.min(12.0) * t.sqrt();
        // A fiftieth of the narrowest kernel leaves Simpson's error near 1e-9 of a density.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Some thousands.
        let half = ((edge * 50.0 / step).ceil() as usize).clamp(200, 4_000);
        #[allow(clippy::cast_precision_loss)]
        let width = edge / half as f64;
        let points = (0..=2 * half)
            .map(|i| {
                #[allow(clippy::cast_precision_loss)]
                let at = width * (i as f64 - half as f64);
                let weight = if i == 0 || i == 2 * half {
                    1.0
                } else if i % 2 == 1 {
                    4.0
                } else {
                    2.0
                };
                let terms: Vec<f64> = self
                    .points
                    .iter()
                    .map(|(from, mass)| mass * math::normal_pdf((at - from) / step))
                    .collect();
                (at, weight * width / 3.0 * terms.iter().sum::<f64>() / step)
            })
            .collect();
        Self { t, points }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_look_is_the_plain_test() {
        let got = obrien_fleming(&[1.0], 0.05).expect("in range");
        assert!((got.bounds[0] - 1.959_963_984_540_054).abs() < 1e-10 && (got.spent[0] - 0.05).abs() < 1e-15);
    }

    #[test]
    fn the_published_five_looks() {
        // DeMets and Lan: 4.877, 3.357, 2.680, 2.290, 2.031.
        let got = obrien_fleming(&[0.2, 0.4, 0.6, 0.8, 1.0], 0.05).expect("in range");
        for (z, want) in got.bounds.iter().zip([4.877, 3.357, 2.680, 2.290, 2.031]) {
            assert!((z - want).abs() < 5e-4, "{z} for {want}");
        }
    }

    #[test]
    fn looks_out_of_order_are_refused() {
        assert!(obrien_fleming(&[0.5, 0.5], 0.05).is_err() && obrien_fleming(&[0.0, 1.0], 0.05).is_err());
        assert!(obrien_fleming(&[0.5, 1.1], 0.05).is_err() && obrien_fleming(&[], 0.05).is_err());
    }
}

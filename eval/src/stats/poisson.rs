//! Events per hour: an exact interval for a rate, false alarms above all.

use super::chi2;
use super::error::{StatsError, check_share};

/// A rate with its exact two-sided interval, per unit of the exposure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// Events over exposure.
    pub rate: f64,
    /// Lower end; 0 without events.
    pub lower: f64,
    /// Upper end; positive even without events.
    pub upper: f64,
}

/// The rate of `events` over `exposure` (hours listened, say) with Garwood's interval at `level`.
///
/// χ² quantiles: α/2 at 2k and 1 − α/2 at 2k + 2 degrees of freedom, halved. Vector: its events and
/// rate are `false_alarms_per_hour` of `metric/alarms`; the χ² quantiles are `special/chi2`.
///
/// # Errors
/// An exposure that is not above 0, or a level outside 0 to 1.
pub fn rate(events: u32, exposure: f64, level: f64) -> Result<Rate, StatsError> {
    check_share("level", level)?;
    if !(exposure > 0.0 && exposure.is_finite()) {
        return Err(StatsError::OutOfRange { name: "exposure", value: exposure, range: "above 0" });
    }
    let events = f64::from(events);
    let outside = 0.5 * (1.0 - level);
    let lower = if events == 0.0 { 0.0 } else { 0.5 * chi2::quantile(outside, 2.0 * events) };
    let upper = 0.5 * chi2::quantile(1.0 - outside, 2.0 * events + 2.0);
    Ok(Rate { rate: events / exposure, lower: lower / exposure, upper: upper / exposure })
}

#[cfg(test)]
mod tests {
    use super::*;
    use trier_roast::math;

    #[test]
    fn no_event_still_has_an_upper_end() {
        // P(0 | μ) = e^−μ = 0.025 at μ = 3.689.
        let none = rate(0, 2.0, 0.95).expect("exposure");
        assert_eq!((none.rate, none.lower), (0.0, 0.0));
        assert!((none.upper + math::ln(0.025) / 2.0).abs() < 1e-12);
        assert!(rate(1, 0.0, 0.95).is_err());
    }
}

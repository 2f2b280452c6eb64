//! What common random numbers save: both arms see the same roast, so their luck cancels.

use super::error::{StatsError, check_finite, is_constant};
use super::sum::{exact_sum, mean};

/// Pearson's correlation of the losses of two arms on the same roasts, −1 to 1.
///
/// # Errors
/// Lists of different length, fewer than two pairs, a value that is not finite,
/// or an arm without spread.
pub fn correlation(a: &[f64], b: &[f64]) -> Result<f64, StatsError> {
    check_finite(a, 2)?;
    check_finite(b, 2)?;
    if a.len() != b.len() {
        return Err(StatsError::Unequal { left: a.len(), right: b.len() });
    }
    if is_constant(a) || is_constant(b) {
        return Err(StatsError::NoSpread { n: a.len() });
    }
    let none = StatsError::TooFew { got: a.len(), need: 2 };
    let (mean_a, mean_b) = (mean(a).ok_or(none)?, mean(b).ok_or(none)?);
    let products = |x: &[f64], mx: f64, y: &[f64], my: f64| {
        let terms: Vec<f64> = x.iter().zip(y).map(|(p, q)| (p - mx) * (q - my)).collect();
        exact_sum(&terms)
    };
    let spread = products(a, mean_a, a, mean_a) * products(b, mean_b, b, mean_b);
    Ok((products(a, mean_a, b, mean_b) / spread.sqrt()).clamp(-1.0, 1.0))
}

/// How many times more independent roasts would be needed: 1/(1 − `rho`).
///
/// Infinite at a correlation of 1. Vector: `power/crn_gain`.
#[must_use]
pub fn runs_saved_factor(rho: f64) -> f64 {
    1.0 / (1.0 - rho)
}

/// Standard deviation of the difference of two arms, each of standard deviation `sd`.
///
/// `rho` is their correlation; 0 for independent roasts. Vector: `power/crn_gain`.
#[must_use]
pub fn sd_of_difference(sd: f64, rho: f64) -> f64 {
    sd * (2.0 * (1.0 - rho)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arm_goes_with_itself_and_against_its_negation() {
        let a = [3.0, 1.0, 4.0, 1.5, 9.0];
        let turned = a.map(|v| 10.0 - 2.0 * v);
        assert!((correlation(&a, &a).expect("spread") - 1.0).abs() < 1e-15);
        assert!((correlation(&a, &turned).expect("spread") + 1.0).abs() < 1e-15);
        assert!(correlation(&a, &[2.0; 5]).is_err());
    }
}

//! The continuous ranked probability score: how far a whole forecast lies from what happened.
//!
//! In the unit of what is forecast, lower is better; a forecast of one point scores its absolute
//! error. Of a forecast known by quantiles it is [`super::interval::crps_of_quantiles`].

use super::error::{StatsError, check_finite};
use super::sum::exact_sum;
use trier_roast::math;

/// CRPS of a normal forecast with mean `mu` and standard deviation `sigma` when `y` happened.
///
/// σ (z (2Φ(z) − 1) + 2φ(z) − 1/√π), z = (y − μ)/σ. Vector: `metric/crps_gaussian`.
///
/// # Errors
/// A value that is not finite, or a `sigma` that is not above 0.
pub fn gaussian(y: f64, mu: f64, sigma: f64) -> Result<f64, StatsError> {
    check_finite(&[y, mu, sigma], 3)?;
    if sigma <= 0.0 {
        return Err(StatsError::OutOfRange { name: "sigma", value: sigma, range: "above 0" });
    }
    let z = (y - mu) / sigma;
    let root_pi = math::PI.sqrt();
    Ok(sigma * (z * (2.0 * math::normal_cdf(z) - 1.0) + 2.0 * math::normal_pdf(z) - 1.0 / root_pi))
}

/// CRPS of the forecast that every one of `members` is as likely: mean|x − y| − Σ|xᵢ − xⱼ|/(2m²).
///
/// Vector: `metric/crps_ensemble`.
///
/// # Errors
/// No members, or a value that is not finite.
pub fn ensemble(y: f64, members: &[f64]) -> Result<f64, StatsError> {
    #[allow(clippy::cast_precision_loss)]
    let m = members.len() as f64;
    scored(y, members, 1, 2.0 * m * m)
}

/// The same without the reward for more members: 2m(m − 1) below, for arms of different size.
///
/// Vector: `metric/crps_ensemble`.
///
/// # Errors
/// Fewer than two members, or a value that is not finite.
pub fn ensemble_fair(y: f64, members: &[f64]) -> Result<f64, StatsError> {
    #[allow(clippy::cast_precision_loss)]
    let m = members.len() as f64;
    scored(y, members, 2, 2.0 * m * (m - 1.0))
}

fn scored(y: f64, members: &[f64], need: usize, pairs: f64) -> Result<f64, StatsError> {
    check_finite(members, need)?;
    check_finite(&[y], 1)?;
    let off: Vec<f64> = members.iter().map(|x| (x - y).abs()).collect();
    let ascending = super::quantile::sorted(members);
    // Σᵢⱼ|xᵢ − xⱼ| = 2 Σ (2k − m + 1) x₍ₖ₎, k from 0.
    #[allow(clippy::cast_precision_loss)]
    let m = members.len() as f64;
    #[allow(clippy::cast_precision_loss)]
    let spread: Vec<f64> =
        ascending.iter().enumerate().map(|(k, x)| 2.0 * (2.0 * k as f64 - m + 1.0) * x).collect();
    Ok(exact_sum(&off) / m - exact_sum(&spread) / pairs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn certainty_scores_the_error() {
        assert!((gaussian(7.0, 4.0, 1e-9).expect("finite") - 3.0).abs() < 1e-8);
        assert_eq!(ensemble(7.0, &[4.0]), Ok(3.0));
        assert!(ensemble_fair(7.0, &[4.0]).is_err() && gaussian(1.0, 1.0, 0.0).is_err());
        assert!(matches!(ensemble(7.0, &[4.0, f64::NAN]), Err(StatsError::NonFinite { index: 1, .. })));
    }

    proptest! {
        #[test]
        fn a_large_ensemble_of_normal_quantiles_scores_as_the_normal(y in -3.0_f64..3.0) {
            let members: Vec<f64> =
                (0..2_000).map(|i| super::super::normal::quantile((f64::from(i) + 0.5) / 2_000.0)).collect();
            let want = gaussian(y, 0.0, 1.0).expect("finite");
            prop_assert!((ensemble(y, &members).expect("finite") - want).abs() < 1e-3);
        }

        #[test]
        fn shift_and_scale_carry_over(
            x in proptest::collection::vec(-50.0_f64..50.0, 2..12),
            y in -50.0_f64..50.0, shift in -9.0_f64..9.0, scale in 0.1_f64..9.0,
        ) {
            let moved: Vec<f64> = x.iter().map(|v| v * scale + shift).collect();
            for score in [ensemble, ensemble_fair] {
                let (one, two) = (score(y, &x).expect("finite"), score(y * scale + shift, &moved).expect("finite"));
                prop_assert!((two - one * scale).abs() < 1e-9);
            }
            prop_assert!(ensemble(y, &x).expect("finite") >= -1e-12);
        }
    }
}

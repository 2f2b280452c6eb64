//! Power of the sign flip by simulation: what a pilot's own residuals say, whatever their shape.

use super::bootstrap::Draws;
use super::error::{StatsError, check_finite, check_share};
use super::sign_flip;
use super::sum::mean;

/// A power that was simulated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SimulatedPower {
    /// Share of simulated comparisons that show the effect, one-sided.
    pub power: f64,
    /// Monte Carlo standard error of that.
    pub se: f64,
    /// Comparisons simulated.
    pub runs: u32,
    /// What a report calls the key they were drawn by.
    pub seed: u64,
}

/// How often the exact sign flip finds a true mean of `effect` (negative: better) at one-sided `alpha`.
///
/// Each of `runs` comparisons draws `clusters` values from the pilot's differences about their mean and adds
/// the effect. Same key, same power; the draws go with the order of the
/// pilot. Held to `power/paired_t` by a law: normals give nearly the power of t.
///
/// # Errors
/// Fewer than two pilot values, one that is not finite, more clusters than the exact flip takes, so few that no
/// outcome reaches `alpha`, no runs, or `alpha` outside 0 to 1.
pub fn power_by_flips(
    pilot: &[f64],
    effect: f64,
    clusters: usize,
    alpha: f64,
    runs: u32,
    key: &str,
) -> Result<SimulatedPower, StatsError> {
    check_share("alpha", alpha)?;
    check_finite(pilot, 2)?;
    check_finite(&[effect], 1)?;
    if runs == 0 {
        return Err(StatsError::TooFew { got: 0, need: 1 });
    }
    // One side reaches half of what two sides do.
    let floor = 0.5 * sign_flip::floor_two_sided(clusters);
    if clusters == 0 || floor > alpha {
        return Err(StatsError::Unreachable { n: clusters, floor, alpha });
    }
    let centre = mean(pilot).ok_or(StatsError::TooFew { got: 0, need: 2 })?;
    let mut draws = Draws::new(key);
    let mut found = 0_u32;
    for _ in 0..runs {
        let d: Vec<f64> = (0..clusters).map(|_| pilot[draws.below(pilot.len())] - centre + effect).collect();
        found += u32::from(sign_flip::exact(&d)?.p_less <= alpha);
    }
    let power = f64::from(found) / f64::from(runs);
    let se = (power * (1.0 - power) / f64::from(runs)).sqrt();
    Ok(SimulatedPower { power, se, runs, seed: draws.seed })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{normal, power};

    #[test]
    fn normal_residuals_have_about_the_power_of_t() {
        let pilot: Vec<f64> = (0..400).map(|i| normal::quantile((f64::from(i) + 0.5) / 400.0)).collect();
        let got = power_by_flips(&pilot, -0.8, 12, 0.05, 1_500, "plan").expect("in range");
        let of_t = power::paired_t_power(0.8, 12, 0.05);
        // Flips lose a few percent of power to t at twelve; four Monte Carlo errors beside.
        assert!((got.power - of_t).abs() < 0.03 + 4.0 * got.se, "{got:?} and {of_t}");
        assert_eq!(power_by_flips(&pilot, -0.8, 12, 0.05, 1_500, "plan"), Ok(got));
    }

    #[test]
    fn what_cannot_be_shown_is_refused_before_it_runs() {
        let few = power_by_flips(&[1.0, 2.0], -1.0, 4, 0.05, 10, "k");
        assert_eq!(few, Err(StatsError::Unreachable { n: 4, floor: 0.0625, alpha: 0.05 }));
        assert!(power_by_flips(&[1.0], -1.0, 9, 0.05, 10, "k").is_err());
        assert!(power_by_flips(&[1.0, 2.0], -1.0, 21, 0.05, 10, "k").is_err());
    }
}

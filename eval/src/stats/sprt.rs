//! Sequential tests with likelihood ratios: Wald's of a pass rate, and the mixture of normals.

use super::error::{StatsError, check_finite, check_share};
use trier_roast::math;

/// What Wald's test says so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wald {
    /// Not enough seen.
    Continue,
    /// The lower rate is accepted.
    AcceptLow,
    /// The higher rate is accepted.
    AcceptHigh,
}

/// A run of Wald's test.
#[derive(Clone, Debug, PartialEq)]
pub struct WaldRun {
    /// ln likelihood ratio of the higher over the lower rate after each trial.
    pub llr: Vec<f64>,
    /// At or above this the higher rate is accepted.
    pub upper: f64,
    /// At or below this the lower.
    pub lower: f64,
    /// The answer, by the first bound reached.
    pub decision: Wald,
}

/// Wald's test of pass rates `low` against `high`: wrong about `low` by `alpha`, about `high` by `beta` at most.
///
/// Bounds ln((1 − β)/α) and ln(β/(1 − α)). Vector: `sequential/wald_sprt`.
///
/// # Errors
/// A rate or level outside 0 to 1, or rates that do not rise.
pub fn wald(passed: &[bool], low: f64, high: f64, alpha: f64, beta: f64) -> Result<WaldRun, StatsError> {
    check_share("low", low)?;
    check_share("high", high)?;
    check_share("alpha", alpha)?;
    check_share("beta", beta)?;
    if high <= low {
        return Err(StatsError::OutOfRange { name: "high", value: high, range: "above low" });
    }
    let (upper, lower) = (math::ln((1.0 - beta) / alpha), math::ln(beta / (1.0 - alpha)));
    let (gain, loss) = (math::ln(high / low), math::ln((1.0 - high) / (1.0 - low)));
    let mut total = 0.0;
    let llr: Vec<f64> = passed
        .iter()
        .map(|pass| {
            total += if *pass { gain } else { loss };
            total
        })
        .collect();
    let decision = llr
        .iter()
        .find(|v| **v >= upper || **v <= lower)
        .map_or(Wald::Continue, |v| if *v >= upper { Wald::AcceptHigh } else { Wald::AcceptLow });
    Ok(WaldRun { llr, upper, lower, decision })
}

/// A run of the mixture test.
#[derive(Clone, Debug, PartialEq)]
pub struct Mixture {
    /// Mixture likelihood ratio after each value.
    pub ratio: Vec<f64>,
    /// The p that holds at any time of looking: the smallest 1/ratio so far, 1 at most.
    pub p: Vec<f64>,
}

/// The mixture sequential test that a mean is `theta0`, known variance `sigma2`, mixed over N(θ₀, `tau`²).
///
/// √(σ²/(σ² + nτ²)) exp(n²τ²(x̄ − θ₀)²/(2σ²(σ² + nτ²))); R. Johari, P. Koomen, L. Pekelis and D. Walsh,
/// Operations Research 70 (2022). The order of values matters. Vector: `sequential/msprt_normal`.
///
/// # Errors
/// A value that is not finite, or a variance or `tau` that is not above 0.
pub fn mixture_normal(x: &[f64], sigma2: f64, tau: f64, theta0: f64) -> Result<Mixture, StatsError> {
    check_finite(x, 0)?;
    check_finite(&[sigma2, tau, theta0], 3)?;
    for (name, value) in [("sigma2", sigma2), ("tau", tau)] {
        if value <= 0.0 {
            return Err(StatsError::OutOfRange { name, value, range: "above 0" });
        }
    }
    let (mut sum, mut n, mut best) = (0.0, 0.0, 1.0_f64);
    let mut run = Mixture { ratio: Vec::with_capacity(x.len()), p: Vec::with_capacity(x.len()) };
    for value in x {
        n += 1.0;
        sum += value - theta0;
        let spread = sigma2 + n * tau * tau;
        let ratio = (sigma2 / spread).sqrt() * math::exp(tau * tau * sum * sum / (2.0 * sigma2 * spread));
        best = best.min(1.0 / ratio);
        run.ratio.push(ratio);
        run.p.push(best);
    }
    Ok(run)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_ends_at_its_first_bound() {
        let run = wald(&[true; 20], 0.5, 0.7, 0.05, 0.1).expect("in range");
        assert_eq!(run.decision, Wald::AcceptHigh);
        // A later turn does not take the answer back.
        let mut turned = vec![true; 9];
        turned.extend([false; 30]);
        assert_eq!(wald(&turned, 0.5, 0.7, 0.05, 0.1).expect("in range").decision, Wald::AcceptHigh);
        assert_eq!(wald(&[false; 9], 0.5, 0.7, 0.05, 0.1).expect("in range").decision, Wald::AcceptLow);
        assert!(wald(&[], 0.7, 0.5, 0.05, 0.1).is_err());
    }

    #[test]
    fn p_never_rises_and_never_forgets() {
        let x: Vec<f64> = (0..30).map(|i| if i < 12 { 2.0 } else { -1.3 }).collect();
        let run = mixture_normal(&x, 4.0, 0.8, 0.0).expect("in range");
        assert!(run.p.windows(2).all(|two| two[1] <= two[0]) && run.ratio[29] < run.ratio[11]);
        assert!(mixture_normal(&x, 0.0, 0.8, 0.0).is_err());
    }
}

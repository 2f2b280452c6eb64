//! When: the odds of each second to come, given that it has not happened yet.
//!
//! Nothing is said of the past, so the odds are of the seconds from now on alone. What
//! is overdue is thereby expected soon, and not "now" at each sample anew.

use super::{
    aim::roasts,
    belief::Belief,
    forecast::{Forecast, Quantiles, Used},
    predictor::{Seen, Target},
};

/// The step of the grid, s.
pub(super) const STEP_S: f64 = 1.0;

/// How far ahead it reaches, in steps: longer than from charge to drop in any shared roast.
pub(super) const STEPS: usize = 1_200;

/// Quantiles by odds of each step from now: `odds(0)` is of the first second to come.
///
/// Odds need no common factor; None when none is above zero or one is not finite.
pub(super) fn quantiles(mut odds: impl FnMut(usize) -> f64) -> Option<Quantiles> {
    let mut until = Vec::with_capacity(STEPS);
    let mut sum = 0.0;
    for step in 0..STEPS {
        sum += odds(step);
        until.push(sum);
    }
    if !sum.is_finite() || sum <= 0.0 {
        return None;
    }
    let at = |share: f64| {
        let goal = share * sum;
        let step = until.partition_point(|so_far| *so_far < goal).min(STEPS - 1);
        let (before, within) =
            if step == 0 { (0.0, until[0]) } else { (until[step - 1], until[step] - until[step - 1]) };
        let part = if within > 0.0 { (goal - before) / within } else { 1.0 };
        #[allow(clippy::cast_precision_loss)] // A thousand steps.
        Some(STEP_S * (step as f64 + part))
    };
    Some(Quantiles {
        p05_s: at(0.05),
        p10_s: at(0.10),
        p25_s: at(0.25),
        p50_s: at(0.50),
        p75_s: at(0.75),
        p90_s: at(0.90),
        p95_s: at(0.95),
    })
}

/// The forecast by time alone.
pub(super) fn by_time(target: Target, seen: &Seen<'_>, when: &Belief) -> Forecast {
    #[allow(clippy::cast_precision_loss)] // A thousand steps.
    let odds = |step: usize| when.odds(seen.now_s + STEP_S * (step as f64 + 0.5));
    // Odds of a time density never vanish, so there is always an answer.
    let quantiles = quantiles(odds).unwrap_or_default();
    let word = match target {
        Target::FirstCrackStart => "first crack",
        Target::Drop => "drop",
    };
    let n = seen.basis.earlier.len();
    let reason = format!("{word} expected {:.0} ± {:.0} s after charge by {}", when.mean, when.sd, roasts(n));
    Forecast::Seconds { quantiles, reasons: vec![reason], used: Used::of(&[], n) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn even_odds_have_even_quantiles() {
        let even = quantiles(|_| 1.0).expect("odds");
        for (share, got) in [0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95].iter().zip(even.ascending()) {
            let got = got.expect("stated");
            assert!((got - share * 1_200.0).abs() < 1e-9, "{got} at {share}");
        }
    }

    #[test]
    fn no_odds_at_all_are_no_answer() {
        assert_eq!(quantiles(|_| 0.0), None);
        assert_eq!(quantiles(|_| f64::NAN), None);
    }
}

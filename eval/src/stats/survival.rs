//! Sessions that ended before the event: they say "not until then", and may not be dropped.
//!
//! Dropping them would leave the easy roasts. An observation is a time with whether the event was
//! seen at it; otherwise it is right-censored there.

use super::error::{StatsError, check_finite};

/// One step of a survival curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SurvivalStep {
    /// An event time, s.
    pub time_s: f64,
    /// Share without the event after it.
    pub survival: f64,
}

/// Kaplan and Meier's survival curve at the event times, ascending. Vector: `metric/censored`.
///
/// # Errors
/// Lists of different length, no values, or one that is not finite.
pub fn kaplan_meier(times_s: &[f64], seen: &[bool]) -> Result<Vec<SurvivalStep>, StatsError> {
    check(times_s, seen)?;
    let mut events: Vec<f64> = times_s.iter().zip(seen).filter(|(_, seen)| **seen).map(|(t, _)| *t).collect();
    events.sort_by(f64::total_cmp);
    let mut at = events.clone();
    at.dedup();
    let mut survival = 1.0;
    Ok(at
        .into_iter()
        .map(|time_s| {
            // One censored at the very time of an event was still at risk of it.
            #[allow(clippy::cast_precision_loss)]
            let at_risk = times_s.iter().filter(|t| **t >= time_s).count() as f64;
            #[allow(clippy::cast_precision_loss)]
            let here = events.iter().filter(|t| **t == time_s).count() as f64;
            survival *= 1.0 - here / at_risk;
            SurvivalStep { time_s, survival }
        })
        .collect())
}

/// How often predictions put two sessions in the order they came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Concordance {
    /// Pairs in the right order.
    pub concordant: u64,
    /// Pairs in the wrong order.
    pub discordant: u64,
    /// Pairs predicted at one time.
    pub tied: u64,
}

impl Concordance {
    /// Harrell's C, 0 to 1, one half for guessing; None when no pair can be compared.
    #[must_use]
    pub fn c(&self) -> Option<f64> {
        let all = self.concordant + self.discordant + self.tied;
        #[allow(clippy::cast_precision_loss)]
        (all > 0).then(|| (self.concordant as f64 + 0.5 * self.tied as f64) / all as f64)
    }
}

/// Compares predicted with true order over all pairs of which one is known to come first. Vector: `metric/censored`.
///
/// A pair counts when the earlier one was seen, or when both end at one time and one of them was seen.
///
/// # Errors
/// Lists of different length, no values, or one that is not finite.
pub fn concordance(times_s: &[f64], seen: &[bool], predicted_s: &[f64]) -> Result<Concordance, StatsError> {
    check(times_s, seen)?;
    check_finite(predicted_s, 1)?;
    if times_s.len() != predicted_s.len() {
        return Err(StatsError::Unequal { left: times_s.len(), right: predicted_s.len() });
    }
    let mut got = Concordance { concordant: 0, discordant: 0, tied: 0 };
    for first in (0..times_s.len()).filter(|i| seen[*i]) {
        for later in 0..times_s.len() {
            let at_once = times_s[first] == times_s[later];
            if times_s[first] < times_s[later] || (at_once && !seen[later]) {
                match predicted_s[first].total_cmp(&predicted_s[later]) {
                    std::cmp::Ordering::Less => got.concordant += 1,
                    std::cmp::Ordering::Greater => got.discordant += 1,
                    std::cmp::Ordering::Equal => got.tied += 1,
                }
            }
        }
    }
    Ok(got)
}

/// Mean loss over all sessions, s: |predicted − time| of those seen, and max(0, time − predicted) of the censored.
///
/// A prediction past the end of a censored session may yet have been right and costs nothing.
///
/// # Errors
/// As for [`concordance`].
pub fn censored_mae(times_s: &[f64], seen: &[bool], predicted_s: &[f64]) -> Result<f64, StatsError> {
    check(times_s, seen)?;
    check_finite(predicted_s, 1)?;
    if times_s.len() != predicted_s.len() {
        return Err(StatsError::Unequal { left: times_s.len(), right: predicted_s.len() });
    }
    let loss = |i: usize| {
        let early = times_s[i] - predicted_s[i];
        if seen[i] { early.abs() } else { early.max(0.0) }
    };
    let losses: Vec<f64> = (0..times_s.len()).map(loss).collect();
    super::sum::mean(&losses).ok_or(StatsError::TooFew { got: 0, need: 1 })
}

fn check(times: &[f64], seen: &[bool]) -> Result<(), StatsError> {
    check_finite(times, 1)?;
    if times.len() != seen.len() {
        return Err(StatsError::Unequal { left: times.len(), right: seen.len() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_censoring_the_curve_is_the_share_left() {
        let got = kaplan_meier(&[3.0, 1.0, 2.0, 2.0], &[true; 4]).expect("finite");
        let left: Vec<f64> = got.iter().map(|s| s.survival).collect();
        assert_eq!(left, [0.75, 0.25, 0.0]);
    }

    #[test]
    fn a_censored_session_counts_until_it_ends() {
        // At 2 there are three at risk; the one censored at 1 is gone.
        let got = kaplan_meier(&[1.0, 2.0, 3.0, 4.0], &[false, true, false, true]).expect("finite");
        assert!((got[0].survival - 2.0 / 3.0).abs() < 1e-15 && got[1].survival == 0.0);
        assert!(kaplan_meier(&[1.0], &[]).is_err() && kaplan_meier(&[f64::NAN], &[true]).is_err());
    }

    #[test]
    fn order_is_all_that_counts() {
        let times = [1.0, 2.0, 3.0];
        let right = concordance(&times, &[true; 3], &[10.0, 20.0, 90.0]).expect("finite");
        assert_eq!((right.c(), right.concordant), (Some(1.0), 3));
        let none = concordance(&times, &[false, false, true], &times).expect("finite");
        assert_eq!(none.c(), None);
    }

    #[test]
    fn too_early_for_a_censored_session_costs() {
        // Seen: off by 2. Censored at 10: predicted 7 is 3 too early, predicted 30 may be right.
        let got = censored_mae(&[5.0, 10.0, 10.0], &[true, false, false], &[7.0, 7.0, 30.0]);
        assert_eq!(got, Ok(5.0 / 3.0));
    }
}

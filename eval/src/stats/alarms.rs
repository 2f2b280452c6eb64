//! Alarms before events: which announced one in time, which cried wolf, which events came unannounced.

use super::error::{StatsError, check_finite};
use super::poisson::{Rate, rate};
use super::quantile;

/// How alarms and events went together.
#[derive(Clone, Debug, PartialEq)]
pub struct AlarmScore {
    /// Events announced in time.
    pub hits: u32,
    /// Alarms that belong to no event.
    pub false_alarms: u32,
    /// Events that no alarm announced in time.
    pub missed: u32,
    /// From alarm to event, s, of each hit in the order of events.
    pub leads_s: Vec<f64>,
}

/// Matches alarms to events, one to one. Vector: `metric/alarms`.
///
/// Events in order of time; each takes the earliest alarm not yet taken that came `lead_s_min` to
/// `lead_s_max` before it, ends included.
///
/// - `events_s`, `alarms_s`: instants, in any order.
///
/// # Errors
/// A value that is not finite, or a window that ends before it starts.
pub fn match_alarms(
    events_s: &[f64],
    alarms_s: &[f64],
    lead_s_min: f64,
    lead_s_max: f64,
) -> Result<AlarmScore, StatsError> {
    check_finite(events_s, 0)?;
    check_finite(alarms_s, 0)?;
    check_finite(&[lead_s_min, lead_s_max], 2)?;
    if lead_s_max < lead_s_min {
        return Err(StatsError::OutOfRange {
            name: "lead_s_max",
            value: lead_s_max,
            range: "lead_s_min or more",
        });
    }
    let alarms = quantile::sorted(alarms_s);
    let mut taken = vec![false; alarms.len()];
    let mut leads_s = Vec::new();
    let mut missed = 0;
    for event in quantile::sorted(events_s) {
        let in_time = |lead: f64| lead >= lead_s_min && lead <= lead_s_max;
        match (0..alarms.len()).find(|&i| !taken[i] && in_time(event - alarms[i])) {
            Some(i) => {
                taken[i] = true;
                leads_s.push(event - alarms[i]);
            }
            None => missed += 1,
        }
    }
    #[allow(clippy::cast_possible_truncation)] // Counts of alarms in a suite.
    let (hits, false_alarms) = (leads_s.len() as u32, (alarms.len() - leads_s.len()) as u32);
    Ok(AlarmScore { hits, false_alarms, missed, leads_s })
}

impl AlarmScore {
    /// Share of alarms that announced an event; None without alarms.
    #[must_use]
    pub fn precision(&self) -> Option<f64> {
        share(self.hits, self.hits + self.false_alarms)
    }

    /// Share of events announced; None without events.
    #[must_use]
    pub fn recall(&self) -> Option<f64> {
        share(self.hits, self.hits + self.missed)
    }

    /// The F measure in which recall counts `beta` times as much as precision; None without alarms and events.
    #[must_use]
    pub fn f(&self, beta: f64) -> Option<f64> {
        let square = beta * beta;
        let found = (1.0 + square) * f64::from(self.hits);
        let all = found + square * f64::from(self.missed) + f64::from(self.false_alarms);
        (all > 0.0).then_some(found / all)
    }

    /// The `p` quantile of the leads, s; None without hits. One half for the median, 0.1 for the short ones.
    #[must_use]
    pub fn lead_s(&self, p: f64) -> Option<f64> {
        quantile::type7(&self.leads_s, p).ok()
    }

    /// False alarms per hour over `hours` listened, with an exact 95 % interval.
    ///
    /// # Errors
    /// Hours that are not above 0.
    pub fn false_alarms_per_hour(&self, hours: f64) -> Result<Rate, StatsError> {
        rate(self.false_alarms, hours, 0.95)
    }
}

fn share(part: u32, all: u32) -> Option<f64> {
    (all > 0).then(|| f64::from(part) / f64::from(all))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alarm_announces_one_event_only() {
        let got = match_alarms(&[100.0, 101.0], &[90.0], 5.0, 45.0).expect("finite");
        assert_eq!((got.hits, got.false_alarms, got.missed), (1, 0, 1));
        assert_eq!((got.precision(), got.recall()), (Some(1.0), Some(0.5)));
    }

    #[test]
    fn nothing_to_announce_has_no_recall() {
        let got = match_alarms(&[], &[1.0], 5.0, 45.0).expect("finite");
        assert_eq!((got.recall(), got.precision(), got.f(1.0)), (None, Some(0.0), Some(0.0)));
        assert_eq!(match_alarms(&[], &[], 5.0, 45.0).expect("finite").f(1.0), None);
        assert!(
            match_alarms(&[f64::NAN], &[], 5.0, 45.0).is_err() && match_alarms(&[], &[], 5.0, 4.0).is_err()
        );
    }

    #[test]
    fn the_window_has_both_its_ends() {
        let got = match_alarms(&[100.0, 200.0], &[95.0, 155.0], 5.0, 45.0).expect("finite");
        assert_eq!((got.hits, got.leads_s.clone()), (2, vec![5.0, 45.0]));
        assert_eq!(got.lead_s(0.5), Some(25.0));
    }
}

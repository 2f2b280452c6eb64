//! Grain and pace: how fine BT is shown, and how often.
//!
//! Neither makes a reading wrong, and features go by time. But a display that has gone from tenths
//! to whole degrees, or a device that has come to speak at another pace, says less than it did, and whoever
//! compares its roasts should know. The first sample by which that is sure carries the flag.

use trier_roast::{EventTime, Quality, order::median};

/// Different values in turn that are all whole degrees before the display is called coarse: of a
/// display in halves, one in four thousand such runs comes by chance. Those further than a degree from the one
/// before are left out: they tell how fast BT moves.
const WHOLES: u32 = 12;
const STEP_C_MAX: f64 = 1.0;

/// Values that are not whole before it is called fine.
const FINES: u32 = 3;

/// A value this near a whole degree is one, °C or °F: it may have been converted.
const WHOLE_WITHIN: f64 = 1e-6;

/// Intervals that make a usual one, and that make another.
const INTERVALS: usize = 9;

/// Another pace is slower or faster by this. Samplers that are asked for too much wander by less.
const OTHER_PACE: f64 = 2.5;

/// Watches one device's BT.
#[derive(Clone, Debug, Default)]
pub(super) struct Grain {
    last: Option<(EventTime, f64)>,
    is_fine: bool,
    wholes: u32,
    fines: u32,
    intervals_s: [f64; INTERVALS],
    intervals: usize,
    usual_s: Option<f64>,
}

impl Grain {
    /// Takes a plausible value; what has changed for good by it.
    pub(super) fn push(&mut self, at: EventTime, c: f64) -> Quality {
        let Some((last, was_c)) = self.last.replace((at, c)) else { return Quality::GOOD };
        let step_c = (c - was_c).abs();
        let tells = step_c > 0.0 && step_c <= STEP_C_MAX + WHOLE_WITHIN;
        let coarser = if tells && self.grows_coarse(c) { Quality::COARSER } else { Quality::GOOD };
        if self.changes_pace(at.since_s(last)) { coarser.with(Quality::PACE_CHANGE) } else { coarser }
    }

    fn grows_coarse(&mut self, c: f64) -> bool {
        let is_whole = |value: f64| (value - value.round()).abs() < WHOLE_WITHIN;
        if is_whole(c) || is_whole(1.8 * c) {
            self.wholes += 1;
            self.fines = 0;
            let coarse = self.is_fine && self.wholes >= WHOLES;
            self.is_fine &= !coarse;
            return coarse;
        }
        self.wholes = 0;
        self.fines += 1;
        self.is_fine |= self.fines >= FINES;
        false
    }

    /// Whether this interval is the last of a run that are all far from the usual one, to one side of it.
    fn changes_pace(&mut self, interval_s: f64) -> bool {
        let is_other = self
            .usual_s
            .is_none_or(|usual_s| interval_s > OTHER_PACE * usual_s || OTHER_PACE * interval_s < usual_s);
        if !is_other {
            self.intervals = 0;
            return false;
        }
        let first_s = self.intervals_s[0];
        // One that is to the other side of the usual one begins another run.
        if let Some(usual_s) = self.usual_s
            && self.intervals > 0
            && (first_s > usual_s) != (interval_s > usual_s)
        {
            self.intervals = 0;
        }
        self.intervals_s[self.intervals] = interval_s;
        self.intervals += 1;
        if self.intervals < INTERVALS {
            return false;
        }
        self.intervals = 0;
        let was_known = self.usual_s.is_some();
        self.usual_s = median(&self.intervals_s);
        was_known
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is flagged, and when, of a climb shown in steps of `step_c(t)` each `interval_s(t)`.
    fn flagged(step_c: impl Fn(f64) -> f64, interval_s: impl Fn(f64) -> f64) -> Vec<(Quality, f64)> {
        let mut grain = Grain::default();
        let (mut t_s, mut found) = (0.0, Vec::new());
        while t_s < 600.0 {
            let step_c = step_c(t_s);
            let c = ((90.0 + 0.17 * t_s) / step_c).round() * step_c;
            let flags = grain.push(EventTime::default().plus_s(t_s), c);
            if flags != Quality::GOOD {
                found.push((flags, t_s));
            }
            t_s += interval_s(t_s);
        }
        found
    }

    #[test]
    fn a_display_that_comes_to_show_whole_degrees_is_flagged_once() {
        let found = flagged(|t_s| if t_s < 300.0 { 0.1 } else { 1.0 }, |_| 1.0);
        // A dozen degrees at 0.17 °C/s.
        assert!(
            matches!(found[..], [(Quality::COARSER, at_s)] if (355.0..370.0).contains(&at_s)),
            "{found:?}"
        );
    }

    #[test]
    fn a_device_that_comes_to_speak_at_another_pace_is_flagged_once() {
        let found = flagged(|_| 0.1, |t_s| if t_s < 300.0 { 1.0 } else { 5.0 });
        assert_eq!(found, [(Quality::PACE_CHANGE, 345.0)]);
        let faster = flagged(|_| 0.1, |t_s| if t_s < 300.0 { 2.0 } else { 0.5 });
        assert_eq!(faster, [(Quality::PACE_CHANGE, 304.5)]);
    }

    #[test]
    fn displays_and_paces_that_stay_as_they_are_are_not_flagged() {
        for step_c in [0.05, 0.1, 0.25, 0.5, 1.0] {
            for interval_s in [0.5, 1.0, 3.0] {
                assert_eq!(flagged(|_| step_c, |_| interval_s), [], "{step_c} °C each {interval_s} s");
            }
        }
        // A sampler that wanders, with a hole now and then.
        let wanders = |t_s: f64| if t_s % 50.0 < 2.0 { 20.0 } else { 1.0 + 0.6 * (t_s % 1.7) };
        assert_eq!(flagged(|_| 0.1, wanders), []);
    }
}

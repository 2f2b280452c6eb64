//! Order: whether a sample's time comes after the time before it, and how long after.
//!
//! Samples are judged in the order they arrive. Putting them back in order within
//! a lateness bound is another matter, and would hold readings back.

use trier_roast::{EventTime, Quality, order::median};

/// Intervals remembered to know what is usual.
const INTERVALS_KEPT: usize = 9;

/// Intervals needed before one can be called unusual.
const INTERVALS_NEEDED: usize = 3;

/// A gap is more than this many usual intervals, as [`Quality::AFTER_GAP`] says.
const GAP_INTERVALS: f64 = 10.0;

/// Judges the times of the samples of one stream.
#[derive(Clone, Debug, Default)]
pub struct OrderJudge {
    newest: Option<EventTime>,
    /// The last few, in a ring, and how many there have been.
    intervals_s: [f64; INTERVALS_KEPT],
    intervals: usize,
    usual_interval_s: Option<f64>,
}

impl OrderJudge {
    /// The flags that the time of the next sample earns it, and time moves on to it.
    ///
    /// [`Quality::OUT_OF_ORDER`] before the newest time so far (which then stays the
    /// newest), [`Quality::DUPLICATE_TIME`] at it, [`Quality::AFTER_GAP`] when more
    /// than ten usual intervals after it. The usual interval is the median of the
    /// last nine; it is not known before the fourth sample.
    pub fn judge(&mut self, at: EventTime) -> Quality {
        let Some(newest) = self.newest else {
            self.newest = Some(at);
            return Quality::GOOD;
        };
        if at < newest {
            return Quality::OUT_OF_ORDER;
        }
        if at == newest {
            return Quality::DUPLICATE_TIME;
        }
        let interval_s = at.since_s(newest);
        let is_gap = self.usual_interval_s.is_some_and(|usual_s| interval_s > GAP_INTERVALS * usual_s);
        self.newest = Some(at);
        self.remember(interval_s);
        if is_gap { Quality::AFTER_GAP } else { Quality::GOOD }
    }

    fn remember(&mut self, interval_s: f64) {
        let gone_s = std::mem::replace(&mut self.intervals_s[self.intervals % INTERVALS_KEPT], interval_s);
        self.intervals += 1;
        // One that comes for its like changes no median, and most samplers are regular.
        if self.intervals > INTERVALS_KEPT && gone_s.to_bits() == interval_s.to_bits() {
            return;
        }
        if self.intervals >= INTERVALS_NEEDED {
            self.usual_interval_s = median(&self.intervals_s[..self.intervals.min(INTERVALS_KEPT)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(times_s: &[i64]) -> Vec<Quality> {
        let mut judge = OrderJudge::default();
        times_s.iter().map(|s| judge.judge(EventTime::from_us(s * 1_000_000))).collect()
    }

    #[test]
    fn late_and_doubled_times_are_told_apart() {
        let good = Quality::GOOD;
        let got = flags(&[10, 11, 11, 9, 12]);
        assert_eq!(got, [good, good, Quality::DUPLICATE_TIME, Quality::OUT_OF_ORDER, good]);
    }

    #[test]
    fn a_gap_is_measured_against_the_usual_interval() {
        // Ten seconds is a gap for a sampler of 0.9 s and none for one of 2 s.
        assert_eq!(flags(&[0, 2, 4, 6, 16])[4], Quality::GOOD);
        assert_eq!(flags(&[0, 1, 2, 3, 14])[4], Quality::AFTER_GAP);
        // One gap does not make gaps usual.
        assert_eq!(flags(&[0, 1, 2, 3, 14, 25])[5], Quality::AFTER_GAP);
    }
}

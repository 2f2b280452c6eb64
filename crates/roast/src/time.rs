//! Event time: when something happened at the machine, in whole microseconds.
//!
//! Not when it was received, and never read from a clock here. Integers, so that
//! adding a thousand sample intervals lands on the same instant as multiplying.

/// An instant in microseconds since 1970-01-01T00:00:00Z, as the machine tells it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventTime(i64);

impl EventTime {
    /// The instant `us` microseconds after the epoch (negative: before).
    #[must_use]
    pub const fn from_us(us: i64) -> Self {
        Self(us)
    }

    /// Microseconds since the epoch.
    #[must_use]
    pub const fn us(self) -> i64 {
        self.0
    }

    /// This instant moved by `seconds`, rounded to the nearest microsecond.
    ///
    /// Saturates at the ends of the range (292,000 years); NaN moves nothing.
    #[must_use]
    pub fn plus_s(self, seconds: f64) -> Self {
        // `as` saturates and maps NaN to zero, which is what the doc comment promises.
        #[allow(clippy::cast_possible_truncation)]
        let us = (seconds * 1e6).round() as i64;
        Self(self.0.saturating_add(us))
    }

    /// Seconds from `earlier` to this instant; negative when this one is first.
    #[must_use]
    pub fn since_s(self, earlier: Self) -> f64 {
        #[allow(clippy::cast_precision_loss)] // A roast is under 2^53 µs, 285 years.
        let us = self.0.wrapping_sub(earlier.0) as f64;
        us / 1e6
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moving_and_measuring_are_inverse() {
        let charge = EventTime::from_us(1_767_603_600_000_000);
        for s in [-60.0, 0.0, 0.25, 743.5, 86_400.0] {
            assert_eq!(charge.plus_s(s).since_s(charge).to_bits(), s.to_bits());
        }
    }

    #[test]
    fn wild_values_saturate_and_nan_stays_put() {
        let t = EventTime::from_us(5);
        assert_eq!(t.plus_s(f64::NAN), t);
        assert_eq!(t.plus_s(f64::INFINITY).us(), i64::MAX);
    }
}

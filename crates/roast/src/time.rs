//! Event time: when something happened at the machine, in whole microseconds, and
//! the calendar day of it.
//!
//! Not when it was received, and never read from a clock here. Integers, so that
//! adding a thousand sample intervals lands on the same instant as multiplying.

use core::fmt;

const US_PER_S: i64 = 1_000_000;
const US_PER_DAY: i64 = 86_400 * US_PER_S;

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

    /// Whether a clock that was set can have said this: from 2000 up to 2100, UTC.
    ///
    /// Clocks that never were set, and recordings without a date, count from 1970.
    #[must_use]
    pub const fn is_wall_time(self) -> bool {
        /// 2000-01-01 and 2100-01-01, s since the epoch.
        const YEARS: [i64; 2] = [946_684_800, 4_102_444_800];
        YEARS[0] * US_PER_S <= self.0 && self.0 < YEARS[1] * US_PER_S
    }

    /// Microseconds since midnight, UTC: 0 to 86,399,999,999.
    #[must_use]
    pub const fn us_of_day(self) -> i64 {
        self.0.rem_euclid(US_PER_DAY)
    }
}

/// A day of the Gregorian calendar, UTC. Shows itself as `2026-01-04`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// Year; 0 is the year before 1.
    pub year: i64,
    /// Month, 1 to 12.
    pub month: i64,
    /// Day of the month, 1 to 31.
    pub day: i64,
}

impl Date {
    // Years are counted from March, so that the leap day comes last and month
    // lengths follow one linear rule; 400 years are always 146,097 days.
    const DAYS_FROM_0000_03_01: i64 = 719_468;
    const DAYS_PER_400_YEARS: i64 = 146_097;

    /// The day of `at`.
    #[must_use]
    pub fn of(at: EventTime) -> Self {
        let days = at.0.div_euclid(US_PER_DAY) + Self::DAYS_FROM_0000_03_01;
        let cycle = days.div_euclid(Self::DAYS_PER_400_YEARS);
        let day_of_cycle = days.rem_euclid(Self::DAYS_PER_400_YEARS);
        let year_of_cycle =
            (day_of_cycle - day_of_cycle / 1_460 + day_of_cycle / 36_524 - day_of_cycle / 146_096) / 365;
        let day_of_year = day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = cycle * 400 + year_of_cycle + i64::from(month <= 2);
        Self { year, month, day }
    }

    /// Midnight, UTC, at which this day begins.
    ///
    /// None when the calendar has no such day, or event time does not reach it.
    #[must_use]
    pub fn midnight(self) -> Option<EventTime> {
        let year = self.year.checked_sub(i64::from(self.month <= 2))?;
        let month_from_march = if self.month > 2 { self.month - 3 } else { self.month.checked_add(9)? };
        let year_of_cycle = year.rem_euclid(400);
        let day_of_year = month_from_march.checked_mul(153)?.checked_add(2)? / 5;
        let day_of_cycle = (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100)
            .checked_add(day_of_year)?
            .checked_add(self.day.checked_sub(1)?)?;
        let days = year
            .div_euclid(400)
            .checked_mul(Self::DAYS_PER_400_YEARS)?
            .checked_add(day_of_cycle)?
            .checked_sub(Self::DAYS_FROM_0000_03_01)?;
        let at = EventTime(days.checked_mul(US_PER_DAY)?);
        // A 31st of April comes back as the 1st of May.
        (Self::of(at) == self).then_some(at)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
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

    fn on(year: i64, month: i64, day: i64) -> Date {
        Date { year, month, day }
    }

    #[test]
    fn dates_meet_their_known_values() {
        for (days, date, shown) in [
            (0, on(1970, 1, 1), "1970-01-01"),
            (-1, on(1969, 12, 31), "1969-12-31"),
            (11_016, on(2000, 2, 29), "2000-02-29"),
            (20_454, on(2026, 1, 1), "2026-01-01"),
        ] {
            let midnight = EventTime::from_us(days * US_PER_DAY);
            assert_eq!((Date::of(midnight), date.to_string().as_str()), (date, shown));
            assert_eq!(Date::of(EventTime::from_us(midnight.us() + US_PER_DAY - 1)), date);
            assert_eq!(date.midnight(), Some(midnight));
        }
    }

    #[test]
    fn consecutive_days_are_consecutive_dates_and_come_back() {
        // Over 400 years: the day grows by one, or a new month begins at 1.
        let date = |day: i64| Date::of(EventTime::from_us(day * US_PER_DAY));
        for day in -146_097..0 {
            let (before, after) = (date(day), date(day + 1));
            let same_month = on(before.year, before.month, before.day + 1) == after;
            assert!(same_month || (after.day == 1 && before.day >= 28), "{before} then {after}");
            assert_eq!(before.midnight(), Some(EventTime::from_us(day * US_PER_DAY)));
        }
    }

    #[test]
    fn days_that_no_calendar_has_begin_never() {
        for date in [on(2025, 2, 29), on(2026, 4, 31), on(2026, 0, 1), on(2026, 13, 1), on(2026, 1, 0)] {
            assert_eq!(date.midnight(), None, "{date}");
        }
        for wild in [i64::MIN, i64::MAX] {
            assert_eq!([on(wild, 1, 1), on(2026, wild, 1), on(2026, 1, wild)].map(Date::midnight), [None; 3]);
        }
    }

    #[test]
    fn wall_time_is_the_century_of_2000() {
        let begins = |year| on(year, 1, 1).midnight().expect("a day");
        let just_before = |at: EventTime| EventTime::from_us(at.us() - 1);
        assert!(begins(2000).is_wall_time() && just_before(begins(2100)).is_wall_time());
        assert!(!just_before(begins(2000)).is_wall_time() && !begins(2100).is_wall_time());
        assert!(!EventTime::default().is_wall_time());
    }
}

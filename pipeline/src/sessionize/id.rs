//! Session ids: derived from the machine and the charge, never drawn at random.

use std::sync::Arc;

use trier_roast::EventTime;

const US_PER_MS: i64 = 1_000;
const MS_PER_DAY: i64 = 86_400_000;

/// The id of the roast that `machine` was charged with at `charge`.
///
/// `S-`, the FNV-1a hash (64 bits, hexadecimal) of the machine's name, `-`, and the
/// charge in UTC to the millisecond: `S-af63dc4c8601ec8c-20260104T092000000Z`. The
/// same readings give the same id on any machine and in any replay; the name itself,
/// which may hold a serial number, is not in it. One stream never opens two sessions
/// within a minute, so a millisecond is fine enough.
#[must_use]
pub fn session_id(machine: &str, charge: EventTime) -> Arc<str> {
    let ms = charge.us().div_euclid(US_PER_MS);
    let (year, month, day) = civil_date(ms.div_euclid(MS_PER_DAY));
    let ms_of_day = ms.rem_euclid(MS_PER_DAY);
    let (s, ms) = (ms_of_day / 1_000, ms_of_day % 1_000);
    let (hour, minute, second) = (s / 3_600, s / 60 % 60, s % 60);
    let machine = fnv1a(machine.as_bytes());
    Arc::from(format!("S-{machine:016x}-{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}{ms:03}Z"))
}

/// FNV-1a, 64 bits. Names things apart; protects nothing.
fn fnv1a(bytes: &[u8]) -> u64 {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    bytes.iter().fold(OFFSET, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(PRIME))
}

/// Year, month and day of the Gregorian calendar, `days` after 1970-01-01.
///
/// Years are counted from March, so that the leap day comes last and month lengths
/// follow one linear rule; 400 years are always 146,097 days.
fn civil_date(days: i64) -> (i64, i64, i64) {
    const DAYS_FROM_0000_03_01: i64 = 719_468;
    const DAYS_PER_400_YEARS: i64 = 146_097;
    let days = days + DAYS_FROM_0000_03_01;
    let cycle = days.div_euclid(DAYS_PER_400_YEARS);
    let day_of_cycle = days.rem_euclid(DAYS_PER_400_YEARS);
    let year_of_cycle =
        (day_of_cycle - day_of_cycle / 1_460 + day_of_cycle / 36_524 - day_of_cycle / 146_096) / 365;
    let day_of_year = day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = cycle * 400 + year_of_cycle + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_meet_their_known_values() {
        assert_eq!(civil_date(0), (1970, 1, 1));
        assert_eq!(civil_date(-1), (1969, 12, 31));
        assert_eq!(civil_date(11_016), (2000, 2, 29));
        assert_eq!(civil_date(20_454), (2026, 1, 1));
    }

    #[test]
    fn consecutive_days_are_consecutive_dates() {
        // Over 400 years: the day grows by one, or a new month begins at 1.
        for day in -146_097..0 {
            let (before, after) = (civil_date(day), civil_date(day + 1));
            let same_month = (before.0, before.1, before.2 + 1) == after;
            assert!(same_month || (after.2 == 1 && before.2 >= 28), "{before:?} then {after:?}");
        }
    }

    #[test]
    fn an_id_is_derived_and_tells_machines_and_charges_apart() {
        let charge = EventTime::from_us(1_767_518_400_250_000);
        let id = session_id("a", charge);
        // FNV-1a of "a" as published with the algorithm.
        assert_eq!(&*id, "S-af63dc4c8601ec8c-20260104T092000250Z");
        assert_ne!(id, session_id("b", charge));
        assert_ne!(id, session_id("a", charge.plus_s(60.0)));
    }

    #[test]
    fn the_ends_of_time_have_ids() {
        for us in [i64::MIN, i64::MAX] {
            assert!(session_id("", EventTime::from_us(us)).starts_with("S-"));
        }
    }
}

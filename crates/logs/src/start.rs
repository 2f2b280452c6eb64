//! When a recording started, by the clock on the wall; or that nobody knows.
//!
//! Which roasts a predictor may learn from hangs on it, so a time that no set clock
//! shows is no time, and one worked out from other keys is said.

use crate::log::{Finding, FindingCode};
use trier_roast::{Date, EventTime};

/// Furthest that local time is from UTC, s.
const OFFSET_MAX_S: f64 = 15.0 * 3600.0;

/// The instant `seconds` after 1970 began, if a clock that was set can have shown it.
pub(crate) fn wall_time(seconds: f64) -> Option<EventTime> {
    Some(EventTime::default().plus_s(seconds)).filter(|at| at.is_wall_time())
}

/// The instant of a local date and time, as `2026-01-05` and `09:00:00`.
///
/// - `west_s`: how far local time is behind UTC, s; None counts as UTC.
pub(crate) fn local_time(date: &str, time: &str, west_s: Option<f64>) -> Option<EventTime> {
    let [year, month, day] = numbers(date, '-')?;
    let [hour, minute, second] = numbers(time, ':')?;
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let midnight = Date { year: year.into(), month: month.into(), day: day.into() }.midnight()?;
    let west_s = west_s.unwrap_or(0.0);
    if !(-OFFSET_MAX_S..=OFFSET_MAX_S).contains(&west_s) {
        return None;
    }
    let at = midnight.plus_s(f64::from(3600 * hour + 60 * minute + second) + west_s);
    Some(at).filter(|at| at.is_wall_time())
}

/// The three whole numbers of a text such as `09:00:00`.
fn numbers(text: &str, between: char) -> Option<[u32; 3]> {
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok())?;
    let found: Option<Vec<u32>> = text.trim().split(between).map(digits).collect();
    found?.try_into().ok()
}

/// Records that the time of the recording was worked out.
pub(crate) fn inferred(detail: String, findings: &mut Vec<Finding>) {
    findings.push(Finding::new(FindingCode::StartTimeInferred, detail));
}

/// Records that nobody knows when the recording was made.
pub(crate) fn unknown(why: &str, findings: &mut Vec<Finding>) {
    let detail = format!("{why}: the roast teaches no predictor and none learns for it");
    findings.push(Finding::new(FindingCode::NoStartTime, detail));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_time_is_behind_utc_to_the_west() {
        // 2026-01-05T09:00:00Z.
        let at = Some(EventTime::from_us(1_767_603_600_000_000));
        assert_eq!(local_time("2026-01-05", "09:00:00", None), at);
        assert_eq!(local_time("2026-01-05", "04:00:00", Some(18_000.0)), at);
        assert_eq!(local_time("2026-01-05", "18:00:00", Some(-32_400.0)), at);
        assert_eq!(wall_time(1_767_603_600.0), at);
    }

    #[test]
    fn what_no_clock_shows_is_no_time() {
        for (date, time, west_s) in [
            ("2026-02-30", "09:00:00", 0.0),
            ("05.01.2026", "09:00:00", 0.0),
            ("2026-01-05", "9 am", 0.0),
            ("2026-01-05", "09:00", 0.0),
            ("2026-01-05", "24:00:00", 0.0),
            ("2026-01-05", "09:00:00", 1e300),
            ("2026-01-05", "09:00:00", f64::NAN),
            ("1970-01-01", "00:00:00", 0.0),
            ("2026-01-05", "+9:00:00", 0.0),
        ] {
            assert_eq!(local_time(date, time, Some(west_s)), None, "{date} {time} {west_s}");
        }
        for seconds in [0.0, -1.0, 9.4e8, 4.2e9, 1.7e12, f64::NAN, f64::INFINITY] {
            assert_eq!(wall_time(seconds), None, "{seconds}");
        }
    }
}

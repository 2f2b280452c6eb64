//! Times as people and programs write them: `08:26`, `2026-01-05T09:00:00.5+01:00`.

use crate::log::{Finding, FindingCode};
use crate::start;
use trier_roast::EventTime;

/// Seconds of a time such as `08:26`, `1:02:03` or `-0:10`; `00:60`, which some programs write, is 60 s.
pub(crate) fn minutes_seconds(text: &str) -> Option<f64> {
    let (sign, text) = text.strip_prefix('-').map_or((1.0, text), |rest| (-1.0, rest));
    let parts: Vec<&str> = text.split(':').collect();
    let [whole @ .., seconds] = parts.as_slice() else { return None };
    if !(1..=2).contains(&whole.len()) {
        return None;
    }
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let seconds_s: f64 = digits(seconds).then(|| seconds.parse().ok())??;
    let mut minutes = 0.0;
    for part in whole {
        let number: u32 = digits(part).then(|| part.parse().ok())??;
        minutes = minutes * 60.0 + f64::from(number);
    }
    (seconds_s <= 60.0).then_some(sign * (minutes * 60.0 + seconds_s))
}

/// Says which times of a column have a sixtieth second, which no clock shows.
pub(crate) fn note_sixtieths<'a>(cells: impl Iterator<Item = &'a str>, findings: &mut Vec<Finding>) {
    let odd: Vec<&str> = cells.filter(|cell| cell.ends_with(":60")).collect();
    if !odd.is_empty() {
        let detail = format!("{} times end in :60: read as the full minute", odd.len());
        findings.push(Finding::new(FindingCode::OddTime, detail));
    }
}

/// The instant of an ISO 8601 time; without a zone it is UTC.
pub(crate) fn instant(text: &str) -> Option<EventTime> {
    let (date, time) = text.trim().split_once(['T', 't', ' '])?;
    let (time, west_s) = match time.find(['Z', 'z', '+', '-']) {
        Some(at) => (&time[..at], west_of(&time[at..])?),
        None => (time, 0.0),
    };
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    if fraction.is_empty() || fraction.len() > 9 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let fraction_s: f64 = format!("0.{fraction}").parse().ok()?;
    Some(start::local_time(date, time, Some(west_s))?.plus_s(fraction_s))
}

/// How far west of UTC a zone such as `Z` or `+02:00` is, s.
fn west_of(zone: &str) -> Option<f64> {
    if zone.eq_ignore_ascii_case("z") {
        return Some(0.0);
    }
    let sign = if zone.starts_with('-') { 1.0 } else { -1.0 };
    let digits: String = zone[1..].chars().filter(|c| *c != ':').collect();
    if !digits.bytes().all(|b| b.is_ascii_digit()) || ![2, 4].contains(&digits.len()) {
        return None;
    }
    let hours: f64 = digits[..2].parse().ok()?;
    let minutes: f64 = if digits.len() == 4 { digits[2..].parse().ok()? } else { 0.0 };
    Some(sign * (hours * 3600.0 + minutes * 60.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_and_seconds() {
        let known =
            [("00:60", 60.0), ("08:26", 506.0), ("1:02:03.5", 3723.5), ("-0:10", -10.0), ("75:00", 4500.0)];
        for (text, s) in known {
            assert_eq!(minutes_seconds(text), Some(s), "{text}");
        }
        for none in ["", "8", "0:61", "a:10", "1:", ":1", "1:2:3:4", "+1:00", "1:nan", "-"] {
            assert_eq!(minutes_seconds(none), None, "{none}");
        }
    }

    #[test]
    fn instants_with_and_without_zone() {
        // 2026-01-05T09:00:00Z, and half a second later.
        let at = Some(EventTime::from_us(1_767_603_600_500_000));
        for text in [
            "2026-01-05T09:00:00.5Z",
            "2026-01-05 09:00:00.500",
            "2026-01-05T10:00:00.5+01:00",
            "2026-01-05T04:00:00.500000-0500",
        ] {
            assert_eq!(instant(text), at, "{text}");
        }
        for none in [
            "",
            "2026-01-05",
            "2026-01-05T09:00",
            "2026-01-05T09:00:00.",
            "2026-01-05T09:00:00+1",
            "éT",
            "2026-01-05T09:00:00+é1",
        ] {
            assert_eq!(instant(none), None, "{none}");
        }
    }
}

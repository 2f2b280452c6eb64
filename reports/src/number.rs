//! Numbers as people read them: times of a roast, temperatures, signed differences.

/// What stands where there is no value.
pub const NONE: &str = "–";

/// A time of a roast as minutes and seconds, to the nearest second: `8:05`, `-0:12`.
#[must_use]
pub fn clock(seconds: f64) -> String {
    let whole = seconds.abs().round();
    let sign = if seconds < 0.0 && whole > 0.0 { "-" } else { "" };
    format!("{sign}{:.0}:{:02.0}", (whole / 60.0).floor(), whole % 60.0)
}

/// A time, or the sign for none.
#[must_use]
pub fn maybe_clock(seconds: Option<f64>) -> String {
    seconds.map_or_else(|| NONE.to_owned(), clock)
}

/// A number with one decimal and its unit, or the sign for none.
#[must_use]
pub fn maybe(value: Option<f64>, unit: &str) -> String {
    value.map_or_else(|| NONE.to_owned(), |value| format!("{} {unit}", plain(value, 1)))
}

/// A number with its sign, one decimal and its unit, or the sign for none.
#[must_use]
pub fn maybe_signed(value: Option<f64>, unit: &str) -> String {
    value.map_or_else(|| NONE.to_owned(), |value| format!("{} {unit}", signed(value, 1)))
}

/// A number with this many decimals; never `-0.0`.
#[must_use]
pub fn plain(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    if text.trim_start_matches('-').bytes().all(|b| b == b'0' || b == b'.') {
        return text.trim_start_matches('-').to_owned();
    }
    text
}

/// A number with its sign, also when positive; nothing before zero.
#[must_use]
pub fn signed(value: f64, decimals: usize) -> String {
    let text = plain(value, decimals);
    let is_zero = text.bytes().all(|b| b == b'0' || b == b'.');
    if text.starts_with('-') || is_zero { text } else { format!("+{text}") }
}

/// A number as it is told beside its limit: three decimals at most, counts whole, and no unit for `1`.
///
/// What is not zero never reads as zero: below a thousandth it is written as `4.0e-5`.
#[must_use]
pub fn measured(value: Option<f64>, unit: &str) -> String {
    let Some(value) = value else { return NONE.to_owned() };
    let text = if value != 0.0 && value.abs() < 1e-3 { format!("{value:.1e}") } else { trimmed(value) };
    if unit == "1" { text } else { format!("{text} {unit}") }
}

fn trimmed(value: f64) -> String {
    let text = plain(value, 3);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A share from 0 to 1 as a percentage, or the sign for none.
#[must_use]
pub fn maybe_percent(share: Option<f64>) -> String {
    share.map_or_else(|| NONE.to_owned(), |share| format!("{} %", plain(share * 100.0, 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_round_to_the_nearest_second() {
        let times = [0.0, 59.6, 485.4, -12.0, -0.2, 3599.5];
        assert_eq!(times.map(clock), ["0:00", "1:00", "8:05", "-0:12", "0:00", "60:00"]);
    }

    #[test]
    fn what_is_not_zero_never_reads_as_zero() {
        let told = [0.0, 4e-5, -2e-17, 6.2, 24.0, 0.0628, 1e-3].map(|value| measured(Some(value), "1"));
        assert_eq!(told, ["0", "4.0e-5", "-2.0e-17", "6.2", "24", "0.063", "0.001"]);
        assert_eq!((measured(Some(3.0), "s"), measured(None, "s")), ("3 s".to_owned(), NONE.to_owned()));
    }

    #[test]
    fn zero_has_no_sign() {
        assert_eq!([0.04, -0.04, 0.06, -0.06].map(|v| signed(v, 1)), ["0.0", "0.0", "+0.1", "-0.1"]);
        assert_eq!([-0.2, -1.0].map(|v| plain(v, 0)), ["0", "-1"]);
        assert_eq!(maybe_signed(None, "s"), "–");
    }
}

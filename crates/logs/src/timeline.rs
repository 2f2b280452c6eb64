//! The times of the samples: in order, at the pace declared, without gaps?

use crate::LogError;
use crate::log::{Finding, FindingCode};
use crate::number::shortest;
use trier_roast::order::median;

/// Furthest time from the start of recording, s. Two weeks; beyond is nonsense.
const TIME_MAX_S: f64 = 1.2e6;

/// Largest share of samples that may repeat the time before them.
const EQUAL_MAX: f64 = 0.05;

/// How far the real interval may be from the declared one, as a share of it.
const INTERVAL_TOLERANCE: f64 = 0.25;

/// Checks that times rise, and records what is odd about them.
///
/// Returns the median interval, s (0 for a single sample).
///
/// # Errors
/// [`LogError::BadValue`] for a time beyond two weeks, [`LogError::TimeNotRising`]
/// when time falls anywhere or stands still in more than 5 % of samples.
pub(crate) fn check(
    time_s: &[f64],
    declared_s: Option<f64>,
    key: &'static str,
    findings: &mut Vec<Finding>,
) -> Result<f64, LogError> {
    if let Some(index) = time_s.iter().position(|t| t.is_nan() || t.abs() > TIME_MAX_S) {
        let want = "a time within two weeks of the start, in seconds";
        return Err(LogError::BadValue {
            key: key.to_owned(),
            index: Some(index),
            got: shortest(time_s[index]),
            want,
        });
    }
    let steps: Vec<f64> = time_s.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let not_rising = |i: usize, detail| LogError::TimeNotRising {
        key,
        index: i + 1,
        got_s: time_s[i + 1],
        before_s: time_s[i],
        detail,
    };
    if let Some(i) = steps.iter().position(|s| *s < 0.0) {
        return Err(not_rising(i, "the samples cannot be put in order without guessing".to_owned()));
    }
    let equal = steps.iter().filter(|s| **s <= 0.0).count();
    if let Some(i) = steps.iter().position(|s| *s <= 0.0) {
        #[allow(clippy::cast_precision_loss)]
        if equal as f64 > EQUAL_MAX * time_s.len() as f64 {
            return Err(not_rising(i, format!("time stands still {equal} times, more than 5 % of samples")));
        }
        let detail = format!("{equal} samples have the time of the one before, first at {key}[{}]", i + 1);
        findings.push(Finding::new(FindingCode::EqualTimes, detail));
    }
    let interval_s = median(&steps).unwrap_or(0.0);
    describe(time_s, &steps, interval_s, declared_s, findings);
    Ok(interval_s)
}

fn describe(
    time_s: &[f64],
    steps: &[f64],
    interval_s: f64,
    declared_s: Option<f64>,
    findings: &mut Vec<Finding>,
) {
    if let Some(first_s) = time_s.first().filter(|t| **t < 0.0) {
        findings.push(Finding::new(FindingCode::NegativeStart, format!("time begins at {first_s:.1} s")));
    }
    let declared_s = declared_s.filter(|d| d.is_finite() && *d > 0.0);
    if let Some(declared_s) = declared_s.filter(|d| (interval_s - d).abs() > INTERVAL_TOLERANCE * d) {
        let detail = format!("{} s declared, {interval_s:.2} s recorded", shortest(declared_s));
        findings.push(Finding::new(FindingCode::IntervalDiffers, detail));
    }
    // One sample late is jitter; 3.5 s is when a 30 s rate of rise begins to suffer.
    let gaps = || steps.iter().copied().filter(|s| *s > 3.0 * interval_s && *s > 3.5);
    let longest_s = gaps().fold(0.0, f64::max);
    if longest_s > 0.0 {
        let detail = format!("{} without samples, the longest {longest_s:.1} s", gaps().count());
        findings.push(Finding::new(FindingCode::Gap, detail));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(time_s: &[f64], declared_s: f64) -> (Result<f64, LogError>, Vec<FindingCode>) {
        let mut findings = Vec::new();
        let result = check(time_s, Some(declared_s), "timex", &mut findings);
        (result, findings.iter().map(|f| f.code).collect())
    }

    #[test]
    fn an_even_recording_has_nothing_to_say() {
        let even: Vec<f64> = (0..50).map(|i| 2.0 * f64::from(i)).collect();
        assert_eq!(checked(&even, 2.0), (Ok(2.0), vec![]));
        assert_eq!(checked(&even, 1.0), (Ok(2.0), vec![FindingCode::IntervalDiffers]));
    }

    #[test]
    fn odd_times_are_said() {
        let mut odd: Vec<f64> = (0..50).map(|i| f64::from(i) - 10.0).collect();
        odd[20] = odd[19];
        odd.iter_mut().skip(30).for_each(|t| *t += 9.0);
        let codes = vec![FindingCode::EqualTimes, FindingCode::NegativeStart, FindingCode::Gap];
        assert_eq!(checked(&odd, 1.0), (Ok(1.0), codes));
    }

    #[test]
    fn time_that_falls_or_stands_is_refused() {
        for times in [vec![0.0, 2.0, 1.0, 3.0], vec![0.0, 1.0, 1.0, 1.0, 2.0]] {
            let error = checked(&times, 1.0).0.expect_err("not rising");
            assert_eq!(error.code(), "time_not_rising");
        }
        assert_eq!(checked(&[0.0, 2e6], 1.0).0.expect_err("absurd").code(), "bad_value");
    }
}

//! What a score is about: the roast and the cluster it belongs to.

use super::metric::Metric;
use std::sync::Arc;
use trier_roast::EventTime;
use trier_tables::rows::ScoreRow;

/// The roast scored; its keys go into every score row.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// The case, or the source of a real log.
    pub case: Arc<str>,
    /// The seed; None for a real log.
    pub seed: Option<i64>,
    /// The pipeline's session; None when it made none of this roast.
    pub session_id: Option<Arc<str>>,
    /// The machine that roasted.
    pub machine: Arc<str>,
    /// The lot of beans; empty when not known.
    pub lot: Arc<str>,
    /// What is independent of what: lot × machine × day.
    pub cluster: Arc<str>,
}

impl Subject {
    /// A score row about this roast: a value, or why there is none.
    #[must_use]
    pub fn row(
        &self,
        arm: &str,
        metric: &Metric,
        lead_s: Option<f64>,
        value: Result<f64, String>,
    ) -> ScoreRow {
        let (value, missing) = match value {
            Ok(value) => (Some(value), None),
            Err(reason) => (None, Some(reason.into())),
        };
        ScoreRow {
            case: Arc::clone(&self.case),
            arm: arm.into(),
            seed: self.seed,
            session_id: self.session_id.clone(),
            metric: metric.name.into(),
            value,
            unit: metric.unit.into(),
            direction: metric.direction.name().into(),
            lead_s,
            machine: Arc::clone(&self.machine),
            lot: Arc::clone(&self.lot),
            cluster: Arc::clone(&self.cluster),
            missing,
        }
    }
}

/// The UTC day of `at` as `YYYY-MM-DD`, by the Gregorian calendar.
#[must_use]
pub fn day_of(at: EventTime) -> String {
    let days = at.us().div_euclid(86_400_000_000);
    // Count from 0000-03-01, so that the leap day ends a year; a 400-year era has 146,097 days.
    let from_march = days + 719_468;
    let era = from_march.div_euclid(146_097);
    let day_of_era = from_march.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_named_by_the_calendar() {
        let day = |s: i64| day_of(EventTime::from_us(s * 1_000_000));
        assert_eq!(day(0), "1970-01-01");
        assert_eq!(day(-1), "1969-12-31");
        // 951,782,400 s is 2000-02-29, a leap day of a century that has one.
        assert_eq!(day(951_782_400), "2000-02-29");
        assert_eq!(day(951_782_400 + 86_400), "2000-03-01");
        assert_eq!(day(1_767_603_600), "2026-01-05");
    }
}

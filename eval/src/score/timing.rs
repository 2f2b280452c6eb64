//! When the event comes: forecast minus event at fixed leads before it.
//!
//! One value a roast and lead. The 90th percentile and the tail of `abs_error` are statistics of many roasts
//! and so the judge's (`stats::point`), not scores of one.

use super::metric::{Direction, Metric, joined};
use super::subject::Subject;
use super::told::{AtLead, Told};
use trier_tables::rows::ScoreRow;

/// A forecast this near to the event is within reach of a hand, s.
const WITHIN_S: f64 = 10.0;

const ERROR: [Metric; 2] = Metric::pair(
    Metric::at_leads(
        "first_crack.error",
        "s",
        Direction::Zero,
        "median forecast minus event; positive is too late",
    ),
    "drop.error",
);
const ABS_ERROR: [Metric; 2] = Metric::pair(
    Metric::at_leads("first_crack.abs_error", "s", Direction::Lower, "size of the error, either way"),
    "drop.abs_error",
);
const WITHIN_10S: [Metric; 2] = Metric::pair(
    Metric::at_leads(
        "first_crack.within_10s",
        "1",
        Direction::Higher,
        "1 when the error is at most 10 s, else 0",
    ),
    "drop.within_10s",
);

/// The family's metrics.
pub(super) const METRICS: [Metric; 6] = joined(&[&ERROR, &ABS_ERROR, &WITHIN_10S]);

/// Error, absolute error and whether it is small, for each lead.
pub(super) fn scores(subject: &Subject, told: &Told<'_>, at: &[AtLead<'_>]) -> Vec<ScoreRow> {
    let mut rows = Vec::with_capacity(3 * at.len());
    for (lead_s, standing) in at {
        let error = standing.as_ref().map(|standing| standing.error_s()).map_err(Clone::clone);
        let mut put =
            |metrics, value| rows.push(subject.row(told.arm, told.own(metrics), Some(*lead_s), value));
        put(&ERROR, error.clone());
        put(&ABS_ERROR, error.clone().map(f64::abs));
        put(&WITHIN_10S, error.map(|error_s| f64::from(u8::from(error_s.abs() <= WITHIN_S))));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::super::made_up::{prediction, reference, subject};
    use super::*;
    use trier_pipeline::Target;
    use trier_tables::rows::PredictionRow;

    fn score(
        predictions: &[PredictionRow],
        first_crack_s: Option<i64>,
        lead_s: f64,
    ) -> (Option<f64>, String) {
        let all: Vec<&PredictionRow> = predictions.iter().collect();
        let told = Told::of("slope90", Target::FirstCrackStart, &reference(first_crack_s, None), &all);
        let rows = scores(&subject(), &told, &told.at_leads(&[lead_s]));
        assert_eq!(rows.len(), 3, "a row for every metric, whatever is missing");
        let of = |name: &str| rows.iter().find(|row| &*row.metric == name).expect("scored");
        let (error, size, near) =
            (of("first_crack.error"), of("first_crack.abs_error"), of("first_crack.within_10s"));
        assert_eq!(size.value, error.value.map(f64::abs));
        assert_eq!(near.value, error.value.map(|e| if e.abs() <= 10.0 { 1.0 } else { 0.0 }));
        assert!(rows.iter().all(|row| row.missing == error.missing && row.lead_s == Some(lead_s)));
        (error.value, error.missing.as_deref().unwrap_or("").to_owned())
    }

    #[test]
    fn error_is_predicted_minus_happened() {
        // At 440 s: 65 s to go, so 505 s; it came at 500 s: 5 s too late a forecast.
        let late = [prediction("first_crack_start", 440, Some(65.0))];
        assert_eq!(score(&late, Some(500), 60.0).0, Some(5.0));
        let early = [prediction("first_crack_start", 440, Some(49.0))];
        assert_eq!(score(&early, Some(500), 60.0).0, Some(-11.0));
    }

    #[test]
    fn only_what_was_known_at_the_lead_counts() {
        let two = [
            prediction("first_crack_start", 441, Some(59.0)),
            prediction("first_crack_start", 438, Some(80.0)),
            prediction("first_crack_start", 430, Some(0.0)),
        ];
        // The forecast at 441 s was made after the lead; the one at 438 s stands.
        assert_eq!(score(&two, Some(500), 60.0).0, Some(18.0));
    }

    #[test]
    fn every_absence_has_its_reason() {
        let old = [prediction("first_crack_start", 429, Some(65.0))];
        assert_eq!(score(&old, Some(500), 60.0), (None, "no_forecast".to_owned()));
        let silent = [prediction("first_crack_start", 440, None)];
        assert_eq!(score(&silent, Some(500), 60.0), (None, "abstained:no_basis".to_owned()));
        assert_eq!(score(&silent, None, 60.0), (None, "no_reference".to_owned()));
        assert_eq!(score(&silent, Some(50), 60.0), (None, "lead_before_charge".to_owned()));
        let other = [prediction("drop", 440, Some(65.0))];
        assert_eq!(score(&other, Some(500), 60.0), (None, "no_forecast".to_owned()));
    }
}

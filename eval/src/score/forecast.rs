//! Forecasts held against the event, at fixed leads before it.
//!
//! At each lead the forecast is the last one made at or before event − lead, so a
//! later, better-informed one can never stand in for it.

use super::metric::{METRICS, Metric};
use super::subject::Subject;
use trier_roast::EventTime;
use trier_tables::rows::{PredictionRow, ScoreRow};

/// The oldest forecast that still counts at a lead, s before it.
pub const FORECAST_AGE_S_MAX: f64 = 10.0;

/// When things happened: truth in simulation, recorded marks in a real log.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reference {
    /// Charge.
    pub charge: EventTime,
    /// Start of first crack; None when it did not come or was not recorded.
    pub first_crack: Option<EventTime>,
    /// Drop; None as above.
    pub drop: Option<EventTime>,
}

/// A target with its event and the two metrics it is scored by.
struct Scored {
    target: &'static str,
    event: Option<EventTime>,
    error: &'static Metric,
    abs_error: &'static Metric,
}

/// Scores of `arm` on one roast: error and absolute error per target and lead.
///
/// - `predictions`: those of this roast, in any order; other predictors' are skipped.
/// - `leads_s`: s before the event.
///
/// A row for every target, lead and metric, each with a value or the reason why
/// not: `no_reference`, `lead_before_charge`, `no_forecast` or `abstained:<code>`.
#[must_use]
pub fn forecast_scores(
    subject: &Subject,
    arm: &str,
    predictions: &[PredictionRow],
    reference: &Reference,
    leads_s: &[f64],
) -> Vec<ScoreRow> {
    let targets = [
        Scored {
            target: "first_crack_start",
            event: reference.first_crack,
            error: &METRICS[0],
            abs_error: &METRICS[1],
        },
        Scored { target: "drop", event: reference.drop, error: &METRICS[2], abs_error: &METRICS[3] },
    ];
    let mut rows = Vec::with_capacity(4 * leads_s.len());
    for scored in &targets {
        let own: Vec<&PredictionRow> =
            predictions.iter().filter(|p| *p.predictor == *arm && *p.target == *scored.target).collect();
        for &lead_s in leads_s {
            let error = error_at(&own, scored.event, reference.charge, lead_s);
            let size = error.clone().map(f64::abs);
            rows.push(subject.row(arm, scored.error, Some(lead_s), error));
            rows.push(subject.row(arm, scored.abs_error, Some(lead_s), size));
        }
    }
    rows
}

/// Predicted minus happened at `lead_s` before `event`, s; or why there is none.
fn error_at(
    predictions: &[&PredictionRow],
    event: Option<EventTime>,
    charge: EventTime,
    lead_s: f64,
) -> Result<f64, String> {
    let event = event.ok_or("no_reference")?;
    let moment = event.plus_s(-lead_s);
    if moment < charge {
        return Err("lead_before_charge".to_owned());
    }
    let last = predictions.iter().filter(|p| p.as_of_us <= moment.us()).max_by_key(|p| p.as_of_us);
    let fresh = last.filter(|p| moment.since_s(EventTime::from_us(p.as_of_us)) <= FORECAST_AGE_S_MAX);
    let forecast = fresh.ok_or("no_forecast")?;
    if let Some(code) = &forecast.abstain {
        return Err(format!("abstained:{code}"));
    }
    let median_s = forecast.p50_s.ok_or("no_median")?;
    Ok(EventTime::from_us(forecast.as_of_us).since_s(event) + median_s)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::cluster_of;
    use std::sync::Arc;

    fn prediction(target: &str, as_of_s: i64, p50_s: Option<f64>) -> PredictionRow {
        PredictionRow {
            source: "s".into(),
            machine: "m".into(),
            session_id: "r".into(),
            predictor: "slope90".into(),
            version: 1,
            target: target.into(),
            as_of_us: as_of_s * 1_000_000,
            since_charge_s: 0.0,
            p05_s: None,
            p10_s: None,
            p25_s: None,
            p50_s,
            p75_s: None,
            p90_s: None,
            p95_s: None,
            abstain: if p50_s.is_none() { Some("no_basis".into()) } else { None },
            reasons: "".into(),
            used_until_s: None,
            used_points: None,
            used_roasts: None,
        }
    }

    fn score(
        predictions: &[PredictionRow],
        first_crack_s: Option<i64>,
        lead_s: f64,
    ) -> (Option<f64>, String) {
        let subject = Subject {
            case: "c".into(),
            seed: Some(1),
            session_id: Some("r".into()),
            machine: "m".into(),
            lot: "l".into(),
            cluster: cluster_of("l", "m", "c"),
        };
        let reference = Reference {
            charge: EventTime::from_us(0),
            first_crack: first_crack_s.map(|s| EventTime::from_us(s * 1_000_000)),
            drop: None,
        };
        let rows = forecast_scores(&subject, "slope90", predictions, &reference, &[lead_s]);
        assert_eq!(rows.len(), 4, "a row for every target and metric, whatever is missing");
        assert_eq!(rows[2].missing, Some(Arc::from("no_reference")));
        (rows[0].value, rows[0].missing.as_deref().unwrap_or("").to_owned())
    }

    #[test]
    fn error_is_predicted_minus_happened() {
        // At 440 s: 65 s to go, so 505 s; it came at 500 s: 5 s too late a forecast.
        let late = [prediction("first_crack_start", 440, Some(65.0))];
        assert_eq!(score(&late, Some(500), 60.0).0, Some(5.0));
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

//! The roasts that were forecast worst, with what was read and what was expected as they went.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use trier_pipeline::Target;
use trier_roast::{EventTime, Quality};
use trier_tables::rows::{AskedRow, PredictionRow, TelemetryRow, WorstCurveRow, WorstForecastRow, WorstRow};

/// Roasts named of each target.
const WORST_MAX: usize = 10;

/// Readings kept are this far apart, s.
const CURVE_S: f64 = 5.0;

/// Forecasts kept are this far apart, s.
const FORECAST_S: f64 = 10.0;

/// The ten roasts of each target that `predictor` was farthest off at, worst first: by its mean absolute error
/// over the leads at which it said a time, then by source. A roast of which it said nothing is not among them.
#[must_use]
pub fn worst(asked: &[AskedRow], predictor: &str) -> Vec<WorstRow> {
    let mut rows = Vec::new();
    for target in Target::ALL.map(Target::name) {
        let mut roasts: BTreeMap<&str, Vec<&AskedRow>> = BTreeMap::new();
        for row in asked.iter().filter(|row| *row.predictor == *predictor && *row.target == *target) {
            roasts.entry(&row.source).or_default().push(row);
        }
        let mut all: Vec<WorstRow> = roasts.into_values().filter_map(|asked| off(&asked)).collect();
        // Sources are in order, and stay so where errors are alike.
        all.sort_by(|a, b| b.mae_s.total_cmp(&a.mae_s));
        all.truncate(WORST_MAX);
        rows.extend(all.into_iter().zip(1..).map(|(row, place)| WorstRow { place, ..row }));
    }
    rows
}

/// One roast, with no place yet; None where no lead has a forecast.
fn off(asked: &[&AskedRow]) -> Option<WorstRow> {
    let errors: Vec<f64> = asked.iter().filter_map(|row| Some(row.error_s?.abs())).collect();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let row = asked.first()?;
    Some(WorstRow {
        target: Arc::clone(&row.target),
        place: 0,
        source: Arc::clone(&row.source),
        machine: Arc::clone(&row.machine),
        predictor: Arc::clone(&row.predictor),
        n_earlier: row.n_earlier,
        event_s: row.event_s,
        mae_s: crate::stats::sum::mean(&errors)?,
        n_scored: count(errors.len()),
        n_asked: count(asked.len()),
    })
}

/// BT of one roast about each five seconds, from `charge` to `end`.
#[must_use]
pub fn worst_curve(
    source: &Arc<str>,
    (charge, end): (EventTime, EventTime),
    telemetry: &[TelemetryRow],
) -> Vec<WorstCurveRow> {
    let mut steps = BTreeSet::new();
    let row = |row: &TelemetryRow| {
        let at = EventTime::from_us(row.t_us);
        let since_charge_s = at.since_s(charge);
        let is_first = (charge..=end).contains(&at) && steps.insert(step(since_charge_s, CURVE_S));
        let usable = Quality::of_names(&row.quality).is_usable();
        is_first.then(|| WorstCurveRow {
            source: Arc::clone(source),
            since_charge_s,
            bt_c: row.bt_c.filter(|_| usable),
        })
    };
    telemetry.iter().filter_map(row).collect()
}

/// What `row` says `predictor` expected of one roast about each ten seconds, until it happened.
///
/// - `predictions`: those of the roast's session, ascending in time.
#[must_use]
pub fn worst_forecasts(
    row: &WorstRow,
    charge: EventTime,
    predictions: &[&PredictionRow],
) -> Vec<WorstForecastRow> {
    let mut steps = BTreeSet::new();
    let own =
        predictions.iter().filter(|said| *said.predictor == *row.predictor && *said.target == *row.target);
    let at = own.map(|said| (EventTime::from_us(said.as_of_us).since_s(charge), said));
    at.filter(|(since_charge_s, _)| *since_charge_s <= row.event_s)
        .filter(|(since_charge_s, _)| steps.insert(step(*since_charge_s, FORECAST_S)))
        .map(|(since_charge_s, said)| {
            let expected = |left_s: Option<f64>| left_s.map(|left_s| since_charge_s + left_s);
            WorstForecastRow {
                target: Arc::clone(&row.target),
                source: Arc::clone(&row.source),
                since_charge_s,
                p05_s: expected(said.p05_s),
                p25_s: expected(said.p25_s),
                p50_s: expected(said.p50_s),
                p75_s: expected(said.p75_s),
                p95_s: expected(said.p95_s),
                abstain: said.abstain.clone(),
            }
        })
        .collect()
}

/// Which step of this length a time lies in.
fn step(since_charge_s: f64, length_s: f64) -> i64 {
    #[allow(clippy::cast_possible_truncation)] // A recording is some days at most.
    let step = (since_charge_s / length_s).floor() as i64;
    step
}

#[cfg(test)]
mod tests {
    use super::super::made_up::{at_s, prediction};
    use super::*;

    fn asked(source: &str, predictor: &str, lead_s: f64, error_s: Option<f64>) -> AskedRow {
        AskedRow {
            source: source.into(),
            machine: "m".into(),
            cluster: "c".into(),
            predictor: predictor.into(),
            target: "first_crack_start".into(),
            lead_s,
            n_earlier: 2,
            bt_c: None,
            event_s: 500.0,
            error_s,
            pinball_s: None,
            crps_s: None,
            within_50: None,
            within_80: None,
            within_90: None,
            width_90_s: None,
            missing: None,
        }
    }

    #[test]
    fn the_worst_come_first_and_a_roast_without_a_forecast_is_none() {
        let mut rows: Vec<AskedRow> =
            (0..12_u32).map(|i| asked(&format!("{i:02}"), "curve", 60.0, Some(f64::from(i)))).collect();
        // 40 s too early and 20 s too late are off by 30 s in the mean; a third lead said nothing.
        rows.extend(
            [(30.0, Some(20.0)), (60.0, Some(-40.0)), (90.0, None)].map(|(l, e)| asked("x", "curve", l, e)),
        );
        rows.extend([asked("mute", "curve", 60.0, None), asked("x", "artisan", 60.0, Some(900.0))]);
        let found = worst(&rows, "curve");
        let told: Vec<(u32, &str, f64)> =
            found.iter().map(|r| (r.place, &*r.source, r.mae_s)).take(2).collect();
        assert_eq!(told, [(1, "x", 30.0), (2, "11", 11.0)]);
        assert_eq!((found.len(), found[0].n_scored, found[0].n_asked), (10, 2, 3));
        assert!(found.iter().all(|row| &*row.source != "mute" && &*row.predictor == "curve"));
    }

    #[test]
    fn expectations_are_counted_from_charge_and_end_with_the_event() {
        let mut row = worst(&[asked("x", "slope90", 60.0, Some(1.0))], "slope90").remove(0);
        row.event_s = 280.0;
        let mut told = [100, 105, 290, 300, 310].map(|s| prediction("first_crack_start", s, Some(250.0)));
        told[3].p95_s = Some(300.0);
        let other = prediction("drop", 200, Some(1.0));
        let all: Vec<&PredictionRow> = told.iter().chain([&other]).collect();
        let said = worst_forecasts(&row, at_s(20), &all);
        let times: Vec<(f64, Option<f64>)> = said.iter().map(|r| (r.since_charge_s, r.p50_s)).collect();
        assert_eq!(times, [(80.0, Some(330.0)), (270.0, Some(520.0)), (280.0, Some(530.0))]);
        assert_eq!((said[2].p95_s, said[1].p95_s), (Some(580.0), None));
    }

    fn sample(s: i64, bt_c: Option<f64>, quality: &str) -> TelemetryRow {
        TelemetryRow {
            source: "x".into(),
            machine: "m".into(),
            session_id: None,
            t_us: at_s(s).us(),
            since_charge_s: None,
            bt_c,
            et_c: None,
            inlet_c: None,
            exhaust_c: None,
            drum_c: None,
            gas_pct: None,
            air_pct: None,
            drum_rpm: None,
            pops_per_s: None,
            bt_ror_c_per_min: None,
            quality: quality.to_owned().into(),
            trust: "unsigned".into(),
        }
    }

    #[test]
    fn readings_that_cannot_be_used_leave_a_hole() {
        let spike = Quality::SPIKE.names();
        let rows = [
            sample(0, Some(200.0), ""),
            sample(40, Some(90.0), ""),
            sample(42, Some(91.0), ""),
            sample(45, None, ""),
            sample(50, Some(999.0), &spike),
            sample(60, Some(30.0), ""),
        ];
        let curve = worst_curve(&"x".into(), (at_s(40), at_s(50)), &rows);
        let told: Vec<(f64, Option<f64>)> = curve.iter().map(|r| (r.since_charge_s, r.bt_c)).collect();
        assert_eq!(told, [(0.0, Some(90.0)), (5.0, None), (10.0, None)]);
    }
}

//! Forecasts of one roast as asked for at fixed leads, each with all that is scored about it.

use std::sync::Arc;

use super::forecast::{FORECAST_AGE_S_MAX, Reference};
use crate::stats::interval::{crps_of_quantiles, pinball};
use trier_roast::{EventTime, Quality};
use trier_tables::rows::{AskedRow, PredictionRow, TelemetryRow};

/// The roast that is asked about.
#[derive(Clone, Copy, Debug)]
pub struct AskedOf<'a> {
    /// Where the readings came from.
    pub source: &'a Arc<str>,
    /// The machine that roasted.
    pub machine: &'a Arc<str>,
    /// What is independent of what.
    pub cluster: &'a Arc<str>,
    /// Earlier roasts of the machine that were known.
    pub n_earlier: u32,
    /// When things happened.
    pub reference: Reference,
    /// Forecasts of this roast's session.
    pub predictions: &'a [PredictionRow],
    /// The stream's samples.
    pub telemetry: &'a [TelemetryRow],
}

/// One row for each of `arms`, both targets where the event is known, and each lead that is not before charge.
#[must_use]
pub fn asked_rows(of: &AskedOf<'_>, arms: &[String], leads_s: &[f64]) -> Vec<AskedRow> {
    let targets = [("first_crack_start", of.reference.first_crack), ("drop", of.reference.drop)];
    let mut rows = Vec::new();
    for arm in arms {
        for (target, event) in targets.iter().filter_map(|(target, event)| Some((*target, (*event)?))) {
            let own: Vec<&PredictionRow> =
                of.predictions.iter().filter(|p| *p.predictor == **arm && &*p.target == target).collect();
            for lead_s in leads_s.iter().filter(|lead_s| event.plus_s(-**lead_s) >= of.reference.charge) {
                rows.push(asked(of, &own, (arm, target), event, *lead_s));
            }
        }
    }
    rows
}

fn asked(
    of: &AskedOf<'_>,
    predictions: &[&PredictionRow],
    (arm, target): (&str, &str),
    event: EventTime,
    lead_s: f64,
) -> AskedRow {
    let moment = event.plus_s(-lead_s);
    let last = predictions.iter().filter(|p| p.as_of_us <= moment.us()).max_by_key(|p| p.as_of_us);
    let fresh = last.filter(|p| moment.since_s(EventTime::from_us(p.as_of_us)) <= FORECAST_AGE_S_MAX);
    let said = match fresh {
        None => Err("no_forecast".to_owned()),
        Some(forecast) => match (&forecast.abstain, forecast.p50_s) {
            (Some(code), _) => Err(format!("abstained:{code}")),
            (None, None) => Err("no_median".to_owned()),
            (None, Some(median_s)) => Ok((*forecast, median_s)),
        },
    };
    let mut row = AskedRow {
        source: Arc::clone(of.source),
        machine: Arc::clone(of.machine),
        cluster: Arc::clone(of.cluster),
        predictor: arm.into(),
        target: target.into(),
        lead_s,
        n_earlier: of.n_earlier,
        bt_c: newest_bt_c(of.telemetry, moment),
        event_s: event.since_s(of.reference.charge),
        error_s: None,
        pinball_s: None,
        crps_s: None,
        within_50: None,
        within_80: None,
        within_90: None,
        width_90_s: None,
        missing: None,
    };
    match said {
        Err(why) => row.missing = Some(why.into()),
        Ok((forecast, median_s)) => score(&mut row, forecast, median_s, event),
    }
    row
}

fn score(row: &mut AskedRow, forecast: &PredictionRow, median_s: f64, event: EventTime) {
    let left_s = event.since_s(EventTime::from_us(forecast.as_of_us));
    let stated = [
        (0.05, forecast.p05_s),
        (0.10, forecast.p10_s),
        (0.25, forecast.p25_s),
        (0.50, Some(median_s)),
        (0.75, forecast.p75_s),
        (0.90, forecast.p90_s),
        (0.95, forecast.p95_s),
    ];
    let quantiles: Vec<(f64, f64)> = stated.iter().filter_map(|(level, q)| Some((*level, (*q)?))).collect();
    #[allow(clippy::cast_precision_loss)] // Seven at most.
    let n = quantiles.len() as f64;
    let within =
        |low: Option<f64>, high: Option<f64>| Some(f64::from(u8::from((low?..=high?).contains(&left_s))));
    row.error_s = Some(median_s - left_s);
    row.pinball_s = Some(quantiles.iter().map(|(level, q)| pinball(left_s, *q, *level)).sum::<f64>() / n);
    row.crps_s = crps_of_quantiles(left_s, &quantiles);
    row.within_50 = within(forecast.p25_s, forecast.p75_s);
    row.within_80 = within(forecast.p10_s, forecast.p90_s);
    row.within_90 = within(forecast.p05_s, forecast.p95_s);
    row.width_90_s = forecast.p95_s.zip(forecast.p05_s).map(|(high, low)| high - low);
}

/// BT of the newest usable sample up to `moment`, if there is one of the last seconds.
fn newest_bt_c(telemetry: &[TelemetryRow], moment: EventTime) -> Option<f64> {
    let since_us = moment.plus_s(-FORECAST_AGE_S_MAX).us();
    telemetry
        .iter()
        .filter(|row| (since_us..=moment.us()).contains(&row.t_us) && row.bt_c.is_some())
        .filter(|row| Quality::of_names(&row.quality).is_usable())
        .max_by_key(|row| row.t_us)
        .and_then(|row| row.bt_c)
}

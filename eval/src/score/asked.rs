//! Forecasts of one roast as asked for at fixed leads, each with all that is scored about it.

use std::sync::Arc;

use super::interval::Spread;
use super::seen::Reference;
use super::told::{FORECAST_AGE_S_MAX, Standing, Told};
use trier_pipeline::Target;
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
    let predictions: Vec<&PredictionRow> = of.predictions.iter().collect();
    let mut rows = Vec::new();
    for arm in arms {
        for target in Target::ALL {
            let told = Told::of(arm, target, &of.reference, &predictions);
            let Some(event) = told.event else {
                continue;
            };
            for lead_s in leads_s.iter().filter(|lead_s| event.plus_s(-**lead_s) >= of.reference.charge) {
                rows.push(asked(of, &told, event, *lead_s));
            }
        }
    }
    rows
}

fn asked(of: &AskedOf<'_>, told: &Told<'_>, event: EventTime, lead_s: f64) -> AskedRow {
    let mut row = AskedRow {
        source: Arc::clone(of.source),
        machine: Arc::clone(of.machine),
        cluster: Arc::clone(of.cluster),
        predictor: told.arm.into(),
        target: told.target.name().into(),
        lead_s,
        n_earlier: of.n_earlier,
        bt_c: newest_bt_c(of.telemetry, event.plus_s(-lead_s)),
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
    match told.before(event, lead_s) {
        Err(why) => row.missing = Some(why.into()),
        Ok(standing) => score(&mut row, &standing),
    }
    row
}

fn score(row: &mut AskedRow, standing: &Standing<'_>) {
    let spread = Spread::of(standing);
    row.error_s = Some(standing.error_s());
    row.pinball_s = Some(spread.pinball_s);
    row.crps_s = spread.crps_s;
    row.within_50 = spread.within_50;
    row.within_80 = spread.within_80;
    row.within_90 = spread.within_90;
    row.width_90_s = spread.width_90_s;
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

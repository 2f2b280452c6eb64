//! What one arm said of one target of one roast, and which of it stood at a moment.
//!
//! At each lead the forecast is the last one made at or before event − lead, so a
//! later, better-informed one can never stand in for it.

use super::metric::Metric;
use super::reason::{LEAD_BEFORE_CHARGE, NO_FORECAST, NO_REFERENCE};
use super::seen::Reference;
use trier_pipeline::Target;
use trier_roast::EventTime;
use trier_tables::rows::PredictionRow;

/// The oldest forecast that still counts at a lead, s before it.
pub const FORECAST_AGE_S_MAX: f64 = 10.0;

/// One arm's forecasts of one target, ascending in time, and the event.
#[derive(Clone, Debug)]
pub(super) struct Told<'a> {
    /// Whose.
    pub arm: &'a str,
    /// Of what.
    pub target: Target,
    /// When that happened; None when it did not, or nobody knows.
    pub event: Option<EventTime>,
    /// When the beans went in.
    pub charge: EventTime,
    /// What was said.
    pub rows: Vec<&'a PredictionRow>,
}

/// The forecast that stood at a moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing<'a> {
    /// The forecast.
    pub row: &'a PredictionRow,
    /// Its median, s from when it was made.
    pub median_s: f64,
    /// How long it really took from then, s.
    pub left_s: f64,
}

impl Standing<'_> {
    /// Predicted minus happened, s: positive is too late.
    pub(super) fn error_s(&self) -> f64 {
        self.median_s - self.left_s
    }
}

/// A lead, s, and the forecast that stood there or why there is none.
pub(super) type AtLead<'a> = (f64, Result<Standing<'a>, String>);

impl<'a> Told<'a> {
    /// What `arm` said of `target` among `predictions`, which are of this roast.
    pub(super) fn of(
        arm: &'a str,
        target: Target,
        reference: &Reference,
        predictions: &[&'a PredictionRow],
    ) -> Self {
        let own = |row: &&&PredictionRow| *row.predictor == *arm && *row.target == *target.name();
        let mut rows: Vec<&PredictionRow> = predictions.iter().filter(own).copied().collect();
        rows.sort_by_key(|row| row.as_of_us);
        let event = match target {
            Target::FirstCrackStart => reference.first_crack,
            Target::Drop => reference.drop,
        };
        Self { arm, target, event, charge: reference.charge, rows }
    }

    /// The one of a pair of metrics that is about this target.
    pub(super) fn own<'m>(&self, [first_crack, drop]: &'m [Metric; 2]) -> &'m Metric {
        match self.target {
            Target::FirstCrackStart => first_crack,
            Target::Drop => drop,
        }
    }

    /// The forecast that stood `lead_s` before the event; or why there is none.
    pub(super) fn at(&self, lead_s: f64) -> Result<Standing<'a>, String> {
        self.before(self.event.ok_or(NO_REFERENCE)?, lead_s)
    }

    /// The forecast that stood `lead_s` before each lead, in their order.
    pub(super) fn at_leads(&self, leads_s: &[f64]) -> Vec<AtLead<'a>> {
        leads_s.iter().map(|lead_s| (*lead_s, self.at(*lead_s))).collect()
    }

    /// The forecast that stood `lead_s` before `instant`, held against it; or why there is none.
    pub(super) fn before(&self, instant: EventTime, lead_s: f64) -> Result<Standing<'a>, String> {
        let moment = instant.plus_s(-lead_s);
        if moment < self.charge {
            return Err(LEAD_BEFORE_CHARGE.to_owned());
        }
        let made = self.rows.partition_point(|row| row.as_of_us <= moment.us());
        let last = made.checked_sub(1).map(|at| self.rows[at]);
        let as_of = |row: &PredictionRow| EventTime::from_us(row.as_of_us);
        let row = last.filter(|row| moment.since_s(as_of(row)) <= FORECAST_AGE_S_MAX).ok_or(NO_FORECAST)?;
        if let Some(code) = &row.abstain {
            return Err(format!("abstained:{code}"));
        }
        let median_s = row.p50_s.ok_or("no_median")?;
        Ok(Standing { row, median_s, left_s: instant.since_s(as_of(row)) })
    }
}

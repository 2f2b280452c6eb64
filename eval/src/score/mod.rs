//! Scores: what was predicted and marked, held against what happened. Pure functions of rows.
//!
//! A family of metrics has its file, with its table; [`METRICS`] are all of them and [`all_scores`] makes them.

mod metric;
pub mod reason;
mod seen;
mod subject;

mod samples;
mod told;

mod timing;

mod interval;

mod censored;

mod physics;

mod abstention;

mod marks;

mod sessions;

mod curve;

mod ror;

mod registry;

mod all;

mod asked;
mod backtest;
mod boundaries;
mod total;
mod worst;

#[cfg(test)]
mod made_up;

pub use all::all_scores;
pub use asked::{AskedOf, asked_rows};
pub use backtest::{BASELINES, ROASTS_MIN, backtest, worse_than_baseline};
pub use boundaries::Boundaries;
pub use interval::{PIT_LEAD_S, nominal};
pub use metric::{Direction, Metric};
pub use registry::{METRICS, is_of_pipeline, metric_named};
pub use seen::{Reference, Seen, Truth};
pub use subject::{PIPELINE, Subject};
pub use told::FORECAST_AGE_S_MAX;
pub use total::{Total, totals};
pub use worst::{worst, worst_curve, worst_forecasts};

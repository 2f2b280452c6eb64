//! Scores: what was predicted and marked, held against what happened. Pure functions of rows.

mod asked;
mod backtest;
mod boundaries;
mod forecast;
mod marks;
mod metric;
mod subject;
mod total;

pub use asked::{AskedOf, asked_rows};
pub use backtest::{BASELINES, ROASTS_MIN, backtest, worse_than_baseline};
pub use boundaries::Boundaries;
pub use forecast::{FORECAST_AGE_S_MAX, Reference, forecast_scores};
pub use marks::mark_scores;
pub use metric::{Direction, METRICS, Metric, metric_named};
pub use subject::Subject;
pub use total::{Total, totals};

//! The row structs of every table that more than one crate meets. Truth, which only the
//! simulator and the scorer know, is declared in the simulator.

pub mod backtest;
pub mod calibrated;
pub mod inputs;
pub mod judged;
pub mod roast;
pub mod suggested;

pub use backtest::{AskedRow, BacktestRow, WorstCurveRow, WorstForecastRow, WorstRow};
pub use calibrated::{FitBarRow, FitCurveRow, FitErrorRow, FitPairRow, FitParameterRow, FitTotalRow};
pub use inputs::{FileRow, FindingRow};
pub use judged::{
    CaseRow, ComparisonRow, CoverageRow, GateRow, SafetyRow, ScoreRow, SelfTestRow, TransitionRow,
};
pub use roast::{MarkRow, PredictionRow, SessionRow, TelemetryRow};
pub use suggested::SuggestionRow;

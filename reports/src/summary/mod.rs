//! What a run or an evaluation came to, in words and tables for a terminal.

mod backtest;
mod calibration;
mod errors;
mod explain;
mod files;
mod logs;
mod roast;
mod sweep;
mod verdict;

pub use backtest::{
    backtest_learning_table, backtest_machines_table, backtest_regimes_table, backtest_table,
};
pub(crate) use calibration::{CURVES, WEAK, curve_name, digits};
pub use calibration::{fit_errors_table, fit_totals_table, parameters_table};
pub use errors::errors_table;
pub use explain::{Explained, explain_text};
pub use files::{files_text, stray_marks_text};
pub use logs::{MachineTotal, logs_table, totals_table};
pub use roast::{Reference, marks_table, phases_line};
pub use sweep::{Effects, Spread, effects_table, spreads_table};
pub use verdict::{plan_text, verdict_text};

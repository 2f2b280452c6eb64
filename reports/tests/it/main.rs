//! Reports through the public door: what people will read, as they will read it.

mod backtest_page;
mod calibration_page;
mod curves;
mod hostile;
mod made_up;
mod outputs;
mod run_page;
mod summary;
mod verdict_page;
mod well_formed;

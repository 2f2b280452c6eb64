//! Reports through the public door: what people will read, as they will read it.

mod backtest_page;
mod calibration_page;
mod curves;
mod made_up;
mod markup;
mod outputs;
mod summary;

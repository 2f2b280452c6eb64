//! The simulator's plant for the predictor `twin`: of a machine that is known, or of a family.
//!
//! The predictor is the pipeline's and knows a trait only; here the two meet, as truth and prediction do.

mod assist;
mod member;
mod plant;

pub use assist::{Assisted, assisted};
pub use plant::{families, of_scenario};

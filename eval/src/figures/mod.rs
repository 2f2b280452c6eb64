//! Figures for whoever looks at a verdict: what its scores say in as many numbers as a picture takes.
//!
//! They decide nothing. Roasts, clusters and leads are those of the plan, never of the rows.

mod by_lead;
mod calibration;
mod single;

#[cfg(test)]
mod made_up;

pub use by_lead::{AtLead, Side, by_lead};
pub use calibration::{BINS, Held, Pit, held, pit};
pub use single::{OfMetric, PHYSICS, SILENCE, Silence, of_metrics, roasted_h, silences};

/// The level of every interval here.
const LEVEL: f64 = 0.95;

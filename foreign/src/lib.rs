//! Predictors of others: programs that speak JSON Lines, and ONNX models.
//!
//! The one place below the command that starts processes, waits and reads a clock: each question
//! has a deadline. What a program or a model says reaches the pipeline as a forecast or as
//! an abstain with a code ([`trier_pipeline::Fault`]), and nowhere else: there is no way from here to a
//! control, to a reading or to a mark.
//!
//! Modules in order, each using only those above it. `docs/predictors.md` is the way in.

pub mod error;

pub mod incidents;
pub mod limits;
pub mod protocol;

mod child;
#[cfg(feature = "onnx")]
mod grid;
#[cfg(feature = "onnx")]
mod model;
#[cfg(not(feature = "onnx"))]
mod no_model;
mod program;

pub mod spec;

pub use error::ForeignError;
#[cfg(feature = "onnx")]
pub use grid::{CHANNELS, KNOWN};
pub use incidents::{Incident, Incidents};
pub use limits::Limits;
pub use spec::{Kind, Opened, Spec};

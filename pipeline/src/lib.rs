//! Production: readings in; telemetry, marks, sessions and predictions out.
//!
//! A state machine with no clock, no I/O and no randomness: storage, sockets and
//! timers are wrapped around [`Stream`], not inside it. It cannot name the
//! simulator, so it sees on simulated roasts exactly what it sees on real ones.
//!
//! Modules in order, each using only those above it.

pub mod error;

pub mod ingest;

pub mod sessionize;

pub mod features;

pub mod predict;

pub mod stream;

pub mod line;

pub mod records;

pub use error::PipelineError;
pub use ingest::Ledger;
pub use line::{Fact, Line, LineConfig, LineCounts, LineOut, QuietMoment, Replay, Revision, WITHDRAWN};
pub use predict::{
    Abstain, Basis, DropPlan, EarlierRoast, Fault, Forecast, Kin, MachineMemory, PREDICTORS, Predictor,
    Quantiles, Seen, Target, Used, Usual, predictor_named, predictors_named,
};
pub use stream::{Heard, Outputs, Stream, StreamConfig};

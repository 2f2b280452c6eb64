//! Around the pipeline: the durable store, and the doors that readings come in by.
//!
//! The pipeline has no clock and no I/O; here they are. What a reading is worth is decided there,
//! what was decided is kept here: a message is acknowledged once it, what became of it and the
//! books are on the disk. The promise and the failures it holds against are in `docs/store.md`.
//! Modules in order, each using only those above it.

mod error;

pub mod clock;

mod arrival;
mod taken;

mod store;

mod metrics;
mod writer;

pub mod doors;

pub use arrival::Arrival;
pub use error::StoreError;
pub use metrics::Metrics;
pub use store::{DatabasePlace, Editor, HeldRow, RejectedRow, SealedRow, Store, View};
pub use taken::{Contiguous, Outcome, Taken};
pub use writer::{Answer, Desk, GATHER, GROUP_MESSAGES, QUEUE_BYTES, Refusal, start};

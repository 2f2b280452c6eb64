//! Faults: what goes wrong between a machine and the pipeline, which cannot know of it.
//!
//! Pure functions of what is heard: truth stays what it was. Faults of the machine itself, such as a slow probe or
//! a burner that hunts, belong to a scenario. Their ids are those of the catalogue in `docs/golden.md`.

mod file;
mod kind;

mod draws;
mod marks;
mod sensor;
mod sent;

mod apply;

pub use apply::{Struck, apply};
pub use file::{Fault, FaultFile};
pub use kind::{Channel, FaultKind, SizeSpec, Subject};

//! Traces: what each golden case roasts when chance is at rest, as a table that a reviewer can diff.
//!
//! A trace is written once and then holds the simulator: a roast that comes out otherwise is stale, until somebody
//! says that the model moved, or why the case did. How to is in `docs/golden.md`.

mod bless;
mod check;
mod digest;
mod made;

pub use bless::{BlessError, Blessed, bless};
pub use check::{TraceFault, faults};

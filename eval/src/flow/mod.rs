//! Critical flows: what a suite must have exercised, and what it did exercise.
//!
//! A declared catalogue holds named paths through the session state machine, cells of a tag and a
//! phase, and safety transitions. Coverage is measured from what the pipeline put out in units that
//! ran, never from what a case says of itself. Words and catalogue are in `docs/flows.md`.

mod catalogue;
mod coverage;
mod matcher;
mod observe;
mod phase;
mod trace;
mod words;

pub use catalogue::{Catalogue, Flow, FlowKind};
pub use coverage::{CoverageSummary, Unit, coverage, safety_rows, summary, transition_rows};
pub use observe::{Answers, Observed, observe};
pub use phase::Phase;
pub use words::{Family, STEP_FAMILIES, step_families, tag_families};

pub(crate) use catalogue::CatalogueFile;

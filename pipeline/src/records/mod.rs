//! Records: what people say about roasts. Profiles that a roast should follow, what the tasting said of
//! it, and corrections of what the pipeline found, each by an author.
//!
//! Rules only: nothing here reads or writes a file, and nothing is ever changed in place. A change
//! is a new version or revision; what was there before stays, to the byte.

mod figure;
mod name;

mod diff;
mod drop_plan;
mod profile;
mod thin;

mod edit;
mod history;
mod phases;
mod qc;

#[cfg(test)]
mod schema;

pub use diff::{Change, diff};
pub use edit::{Edit, Revision, RevisionError};
pub use figure::{Figure, Target};
pub use history::{EditError, History, Reviewed};
pub use name::digest;
pub use phases::{SessionPhase, session_phases};
pub use profile::{ControlStep, CurvePoints, POINTS_MAX, Profile, ProfileError, Roast};
pub use qc::{Colour, Defect, Qc};

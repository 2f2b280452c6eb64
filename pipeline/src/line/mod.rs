//! The line of one machine: frames in as they come, rows out in the order things happened.
//!
//! Frames wait in a reorder buffer until they can be put in order; readings in order go through a
//! [`Stream`](crate::Stream); sessions get revisions. What comes too late for that, up to a day, asks for a
//! replay: the caller gives all frames from a quiet moment on again, from its store. So rows are a
//! function of the frames, not of how they came. No I/O and no clock: the caller keeps the frames.

mod replay;
mod revisions;

mod machine;

pub use machine::{Fact, Line, LineConfig, LineCounts, LineOut};
pub use replay::{QuietMoment, Replay};
pub use revisions::{Revision, WITHDRAWN};

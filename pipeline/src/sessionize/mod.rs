//! Sessions: which stretch of a machine's stream is one roast, and how it ended.
//!
//! By marks and event time only; the curve is read in `features`. A charge opens a
//! session, from whatever source. Silence is judged when the next reading comes,
//! never by a clock, so a replay seals where the live stream did.

mod id;
mod plain;
mod session;
mod state;

pub use id::session_id;
pub use plain::{PLAIN_FALL_C, PLAIN_GAP_MS, PLAIN_MACHINES_MAX, PlainError, PlainRows, PlainSession};
pub use session::{Outcome, PlacedMark, SealCause, Sealed, Session};
pub use state::{
    COOLDOWN_S, FRESH_CHARGE_S, GAP_S, MARK_REACH_S, ROAST_S_MAX, SILENCE_S, Sessionizer, Taken,
};

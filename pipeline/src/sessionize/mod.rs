//! Sessions: which stretch of a machine's stream is one roast, and how it ended.
//!
//! By marks, by the shape of BT, and by event time. A charge opens a session, be it told or
//! shown. Silence is judged when the next reading comes, never by a clock, so a replay seals
//! where the live stream did.

mod breaks;
mod claims;
mod id;
mod plain;
mod scale;
mod session;
mod shape;
mod state;

pub use breaks::{Break, Breaks};
pub use claims::{AGREE_S, Claims, Judged, SURE, Shown};
pub use id::session_id;
pub use plain::{PLAIN_FALL_C, PLAIN_GAP_MS, PLAIN_MACHINES_MAX, PlainError, PlainRows, PlainSession};
pub use session::{Course, Outcome, PlacedMark, SealCause, Sealed, Session};
pub use shape::{Beans, Event, Heat, Shape};
pub use state::{
    COOLDOWN_S, FRESH_CHARGE_S, GAP_S, MARK_REACH_S, ROAST_S_MAX, SAME_CHARGE_S, SILENCE_S, Sessionizer,
    Taken,
};

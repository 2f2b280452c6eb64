//! Ingest: what a message is, what becomes of it, what each reading is worth, and the proof that
//! none was lost.
//!
//! Nothing here changes a reading: one that came late, twice or broken is kept, with flags or a
//! reason that say so.

mod alias;
mod channel;
mod frame;
mod trail;

mod frozen;
mod grain;
mod ledger;
mod order;
mod quality;

mod account;
mod clock;

mod admission;
mod quarantine;
mod timeline;

mod device;

mod buffer;

pub use account::{Account, Count, Holder, Place};
pub use admission::{AHEAD_S_MAX, Admission, Known, REOPEN_S, Reason, admit, is_believable};
pub use channel::as_read;
pub use clock::MachineClock;
pub use frame::{Door, Form, Frame, FrameKey, Rejection, Unproven, decode};
pub use ledger::Ledger;
pub use order::OrderJudge;
pub use quality::{BT_C_MAX, BT_C_MIN, ET_C_MAX, Falls, SampleJudge};
pub use quarantine::{Act, Decision, DecisionError, Quarantined, decide};
pub(crate) use {
    buffer::{Buffer, Taken},
    device::{Due, Gone, Standing, Stood, sample_bits},
    timeline::{Dated, Position},
    trail::Trail,
};

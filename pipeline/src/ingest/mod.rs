//! Ingest: what each reading is worth, and the proof that none was lost.
//!
//! Nothing here holds a reading back or changes one: a sample that came late,
//! twice or broken is passed on with flags that say so.

mod alias;
mod channel;
mod frozen;
mod ledger;
mod order;
mod quality;

pub use channel::as_read;
pub use ledger::Ledger;
pub use order::OrderJudge;
pub use quality::{BT_C_MAX, BT_C_MIN, ET_C_MAX, Falls, SampleJudge};

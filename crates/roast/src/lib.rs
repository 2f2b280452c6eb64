//! The words of the field, for every other crate: units, event time, samples,
//! marks, phases, rate of rise, and maths and a hash with the same bits on every machine.
//!
//! No Arrow, no I/O, no randomness, no clock. Modules in order, each using only
//! those above it.

pub mod hash;
pub mod math;
pub mod time;
pub mod unit;

pub mod mark;
pub mod order;
pub mod quality;
pub mod quantile;
pub mod ror;
pub mod sample;
pub mod trust;

pub mod phase;

pub use mark::{Mark, MarkKind, MarkSource};
pub use phase::Phases;
pub use quality::Quality;
pub use sample::{Reading, ReadingBody, Sample};
pub use time::{Date, EventTime};
pub use trust::{Distrust, Trust};
pub use unit::TempUnit;

//! The log formats of the roasting world, read with every repair said.
//!
//! A log comes in as bytes and leaves as samples and marks in °C and event time,
//! with a list of [`Finding`]s that says what was repaired or looks odd, or it is
//! refused with a [`LogError`] that says why. Nothing in a log is ever evaluated,
//! nothing is guessed silently, and no byte string panics.
//!
//! Read today: Artisan `.alog` and RoasTime JSON. The other formats are
//! recognised by their content and refused by name. Modules in order, each using
//! only those above it.

mod error;
mod format;
mod number;

mod value;

mod pyliteral;

mod log;

mod controls;
mod drawn;
mod simulated;
mod start;
mod timeline;
mod units;
mod weight;

mod marks;

mod finish;

mod alog;
mod roastime;

mod detect;

mod repeats;

pub use detect::read;
pub use error::LogError;
pub use format::LogFormat;
pub use log::{Finding, FindingCode, RoastLog};
pub use repeats::repeats;

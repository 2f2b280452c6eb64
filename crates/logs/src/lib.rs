//! The log formats of the roasting world, read with every repair said, and written.
//!
//! A log comes in as bytes and leaves as samples and marks in °C and event time,
//! with a list of [`Finding`]s that says what was repaired or looks odd, or it is
//! refused with a [`LogError`] that says why. Nothing in a log is ever evaluated,
//! nothing is guessed silently, and no byte string panics.
//!
//! Every [`LogFormat`] is recognised by its content and read; roasts are written as
//! Artisan's files, see [`write()`]. Modules in order, each
//! using only those above it.

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

mod machine;
mod marks;

mod finish;

mod cells;

mod clock;
mod words;

mod columns;

mod agent;
mod alog;
mod artisan_csv;
mod artisan_json;
mod hand;
mod klog;
mod mapped;
mod plain;
mod roastime;
mod roastime_csv;
mod tc4;
mod telemetry;

mod detect;

mod repeats;

mod spell;

mod profile;

mod write;

pub use columns::{ColumnMap, ColumnMapError};
pub use detect::{read, read_with};
pub use error::LogError;
pub use format::LogFormat;
pub use log::{Finding, FindingCode, RoastLog};
pub use repeats::repeats;
pub use write::{ExportFormat, write};

//! Why a log could not be read.

use crate::LogFormat;

/// Why a log was refused. Every variant has a stable [`code`](Self::code).
///
/// The text tells place, value, limit and what to do, and never repeats names,
/// paths or ids found inside the file. It does not name the file: the caller does.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LogError {
    /// No bytes, or only white space.
    #[error("the file is empty; copy or export it again")]
    EmptyFile,
    /// More bytes than any roast needs; refused before anything is allocated.
    #[error("{bytes} bytes exceed the limit of {limit} bytes for one log; a roast takes under 1 MB")]
    TooLarge {
        /// Size of the file.
        bytes: usize,
        /// Largest size read.
        limit: usize,
    },
    /// Not a format this crate knows.
    #[error("not a known log format: {detail}; docs/data.md lists the formats that are read")]
    UnknownFormat {
        /// What was seen.
        detail: &'static str,
    },
    /// Well-formed, but no recording: a recipe, a summary, settings.
    #[error("not a recording: {detail}")]
    NotALog {
        /// What it is instead.
        detail: &'static str,
    },
    /// The text stops in the middle of something.
    #[error("cut off at byte {at} (line {line}) inside {open}; copy or export the file again")]
    Truncated {
        /// Offset of the end, bytes.
        at: usize,
        /// Line of the end, from 1.
        line: usize,
        /// What was still open there.
        open: String,
    },
    /// Not a Python literal, or not JSON.
    #[error("malformed {notation} at byte {at} (line {line}): {detail}")]
    Malformed {
        /// The notation it seemed to be in; which program's file it was to be cannot be known.
        notation: &'static str,
        /// Offset of the fault, bytes.
        at: usize,
        /// Line of the fault, from 1.
        line: usize,
        /// What is wrong there.
        detail: String,
    },
    /// A key without which there is no roast.
    #[error("key {key} is missing; the file holds no complete recording")]
    MissingKey {
        /// The key.
        key: &'static str,
    },
    /// A value of the wrong type or out of any sensible range.
    #[error("key {key}{}: {got} where {want} was expected", at_index(.index))]
    BadValue {
        /// The key.
        key: String,
        /// Position in the list, from 0, where the key holds one.
        index: Option<usize>,
        /// What was found, without repeating text.
        got: String,
        /// What should be there.
        want: &'static str,
    },
    /// A cell of a table that holds something else than its column should.
    #[error("line {line}, column {column}: {got} where {want} was expected")]
    BadCell {
        /// Line of the file, from 1.
        line: usize,
        /// The column, by our name for it.
        column: String,
        /// What was found, without repeating text.
        got: String,
        /// What should be there.
        want: &'static str,
    },
    /// A table without a column that its format has.
    #[error("line {line}: {} has a column {column}, and this header names none; export the file again", .format.title())]
    MissingColumn {
        /// The format it seemed to be.
        format: LogFormat,
        /// The column.
        column: &'static str,
        /// Line of the header, from 1.
        line: usize,
    },
    /// A table whose columns nothing explains.
    #[error("line {line}: {detail}; say which columns hold what in a column map (docs/data.md)")]
    UnknownColumns {
        /// Line of the header, from 1.
        line: usize,
        /// What was missed there.
        detail: String,
    },
    /// More of something than any roast has; refused before it fills the memory.
    #[error("more than {limit} {what}; no recording of a roast has so many")]
    TooManyRows {
        /// What there is too much of.
        what: &'static str,
        /// Most that is read.
        limit: usize,
    },
    /// Two curves of one recording have different lengths.
    #[error("{key} has {got} values but {time_key} has {want}; a curve was lost, export the file again")]
    LengthMismatch {
        /// The curve.
        key: &'static str,
        /// Its length.
        got: usize,
        /// The curve it must match.
        time_key: &'static str,
        /// That one's length.
        want: usize,
    },
    /// A recording without samples.
    #[error("the recording holds no samples ({key} is empty); it was saved before anything was recorded")]
    NoSamples {
        /// The empty curve.
        key: &'static str,
    },
    /// Bean temperature is absent where the roast should be.
    #[error("BT is missing in {missing} of {samples} samples {span}; the probe was not connected")]
    AllMissing {
        /// Samples without BT.
        missing: usize,
        /// Samples looked at.
        samples: usize,
        /// Which samples: of the whole recording, or of the roast.
        span: &'static str,
    },
    /// A curve somebody designed; nobody measured it.
    #[error(
        "a drawn profile, not a measurement: {samples} samples exactly {interval_s} s apart and {smooth}; \
         give the recording it was drawn from"
    )]
    DrawnProfile {
        /// Number of samples.
        samples: usize,
        /// Their spacing, s.
        interval_s: f64,
        /// How smooth the curve is, with its number.
        smooth: String,
    },
    /// Too little to be a roast.
    #[error("{length_s:.0} s from charge to {until}, under {limit_s:.0} s: a false start, not a roast")]
    TooShort {
        /// Length from charge, s.
        length_s: f64,
        /// The end of it: drop, or the end of the recording.
        until: &'static str,
        /// Shortest roast read, s.
        limit_s: f64,
    },
    /// Charge is not marked and cannot be worked out.
    #[error(
        "no CHARGE mark, and none can be inferred: {detail}; mark CHARGE in the program that made the file"
    )]
    NoCharge {
        /// Why not.
        detail: String,
    },
    /// Charge is not before drop, so no roast lies between.
    #[error("CHARGE at {charge_s:.1} s is not before DROP at {drop_s:.1} s; correct the marks")]
    MarksContradict {
        /// CHARGE, s from the start of recording.
        charge_s: f64,
        /// DROP, s from the start of recording.
        drop_s: f64,
    },
    /// Time runs backwards, or stands still too often.
    #[error("{key}[{index}] = {got_s} s follows {before_s} s; {detail}")]
    TimeNotRising {
        /// The time curve.
        key: &'static str,
        /// First offending position.
        index: usize,
        /// Time there, s.
        got_s: f64,
        /// Time before it, s.
        before_s: f64,
        /// The rule that was broken.
        detail: String,
    },
    /// Neither what the file says nor its temperatures tell °C from °F.
    #[error(
        "temperature unit unclear: {detail}; set mode to 'C' or 'F' in the file, or state the unit in a column map"
    )]
    UnitUnclear {
        /// What was seen.
        detail: String,
    },
}

impl LogError {
    /// The stable reason code, as written in tables and reports.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::EmptyFile => "empty_file",
            Self::TooLarge { .. } => "too_large",
            Self::UnknownFormat { .. } => "unknown_format",
            Self::NotALog { .. } => "not_a_log",
            Self::Truncated { .. } => "truncated",
            Self::Malformed { .. } => "malformed",
            Self::MissingKey { .. } => "missing_key",
            Self::BadValue { .. } => "bad_value",
            Self::BadCell { .. } => "bad_cell",
            Self::MissingColumn { .. } => "missing_column",
            Self::UnknownColumns { .. } => "unknown_columns",
            Self::TooManyRows { .. } => "too_many_rows",
            Self::LengthMismatch { .. } => "length_mismatch",
            Self::NoSamples { .. } => "no_samples",
            Self::AllMissing { .. } => "all_missing",
            Self::DrawnProfile { .. } => "drawn_profile",
            Self::TooShort { .. } => "too_short",
            Self::NoCharge { .. } => "no_charge",
            Self::MarksContradict { .. } => "marks_contradict",
            Self::TimeNotRising { .. } => "time_not_rising",
            Self::UnitUnclear { .. } => "unit_unclear",
        }
    }
}

/// `[7]` for a position in a list, nothing for a single value.
fn at_index(index: &Option<usize>) -> String {
    index.map_or_else(String::new, |i| format!("[{i}]"))
}

//! What a device sends at once: its readings of a few seconds, numbered. Not how they are encoded.

use trier_roast::Reading;

use crate::Origin;

/// The longest batch that is read or written, signature and all, bytes.
pub const BATCH_BYTES_MAX: usize = 64 * 1024;
/// The most readings in one batch.
pub const READINGS_MAX: usize = 1024;
/// The longest name of a company, site, machine, device or key, bytes of UTF-8.
pub const NAME_BYTES_MAX: usize = 128;

/// Readings of one device, in the order it made them.
///
/// A device counts its starts and the batches since the start. It sends a batch again byte for byte
/// until it is acknowledged, and never uses a number twice: (company, device, boot, seq) names these
/// readings for ever.
///
/// Labels are by the device's wall clock, which is set now and then. A device that also counts the
/// microseconds since its start says so in `tick_us`, and begins a new batch when its wall clock was
/// set, so that within a batch the two clocks advance alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// The machine that the readings are of.
    pub origin: Origin,
    /// What speaks for the machine: a driver, an agent, a bridge.
    pub device: String,
    /// How often the device had started; only grows.
    pub boot: u64,
    /// Number of the batch since that start; only grows.
    pub seq: u64,
    /// Microseconds from the device's start to the first reading, by a clock that is never set; None
    /// where a device has no such clock.
    pub tick_us: Option<u64>,
    /// At least one and at most [`READINGS_MAX`], in the order made.
    pub readings: Vec<Reading>,
}

/// Why bytes are no batch, or a batch has no bytes.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BatchError {
    /// Longer than any batch; refused before it is looked at.
    #[error("batch is {got} bytes long, more than the {BATCH_BYTES_MAX} allowed")]
    TooLong {
        /// Length, bytes.
        got: usize,
    },
    /// Not of a batch's shape.
    #[error("byte {at}: expected {expected}")]
    Shape {
        /// Offset in the payload, bytes.
        at: usize,
        /// What should have been there.
        expected: &'static str,
    },
    /// Says that it is something other than `batch/1`, such as a later version of it.
    #[error("its schema is {got:?}, not \"batch/1\"")]
    Schema {
        /// What it says it is.
        got: String,
    },
    /// No COSE_Sign1 message with the headers that a batch has.
    #[error("not a COSE_Sign1 message of a batch: {what}")]
    Frame {
        /// What is wrong with it.
        what: &'static str,
    },
    /// The same content has another, shorter or sorted, encoding; only that one is read.
    #[error("not the canonical encoding of its content")]
    NotCanonical,
    /// No readings, or too many.
    #[error("{got} readings in a batch, which holds 1 to {READINGS_MAX}")]
    Readings {
        /// How many there are or are declared to be.
        got: u64,
    },
    /// A name that is empty, too long, or holds control characters.
    #[error("{what} is no name of 1 to {NAME_BYTES_MAX} bytes without control characters")]
    Name {
        /// Whose name.
        what: &'static str,
    },
    /// NaN or an infinity where a value must be finite, or a confidence outside 0 to 1.
    #[error("reading {index} holds a value that is not finite or a confidence outside 0 to 1")]
    Value {
        /// Which reading, from 0.
        index: usize,
    },
}

/// Whether `name` may name a company, site, machine, device or key.
pub(crate) fn is_name(name: &str) -> bool {
    (1..=NAME_BYTES_MAX).contains(&name.len()) && !name.chars().any(char::is_control)
}

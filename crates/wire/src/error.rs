//! Why an envelope could not be read.

/// What is wrong with a line that should have been an envelope.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WireError {
    /// Longer than any honest envelope; refused before it is parsed.
    #[error("envelope is {got} bytes long, more than the {limit} allowed")]
    TooLong {
        /// Length of the line, bytes.
        got: usize,
        /// The most that is read, bytes.
        limit: usize,
    },
    /// Not JSON, or not of the envelope's shape.
    #[error("not a telemetry envelope")]
    Shape {
        /// What the JSON reader said, with its line and column.
        source: serde_json::Error,
    },
    /// `ts` is not an ISO 8601 instant.
    #[error("key ts: {got:?} is not an instant such as 2026-01-05T08:00:00.000Z")]
    Time {
        /// The text found.
        got: String,
    },
    /// The topic names one kind of payload and the payload is of the other.
    #[error("topic is {topic:?} but the payload is not of that kind")]
    TopicMismatch {
        /// The topic found.
        topic: &'static str,
    },
    /// An event of a type or with a mark name that is not known.
    #[error("key payload.mark: {got:?} names no mark")]
    UnknownMark {
        /// The text found.
        got: String,
    },
}

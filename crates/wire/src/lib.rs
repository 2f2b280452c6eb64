//! The telemetry envelope of the Artisan.ts pipeline, as JSON.
//!
//! What a machine sends, one JSON object a line or a message:
//! `{ts, origin:{orgId, siteId, machineId}, topic, payload, sessionId?, sig?, kid?}`.
//! The payload is a `TelemetryPoint` or a `RoastEvent`. Signatures are carried, not
//! judged: an envelope read here is unsigned until somebody verifies it.

mod envelope;
mod error;
mod payload;

pub use envelope::{Envelope, Origin, Topic, iso_ms, parse_ts};
pub use error::WireError;
pub use payload::{EventType, Payload, RoastEvent, TelemetryPoint};

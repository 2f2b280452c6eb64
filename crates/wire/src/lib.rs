//! What a machine sends and whether it is believed: the telemetry envelope of the Artisan.ts
//! pipeline as JSON, signed batches of readings as CBOR, and the registry of keys.
//!
//! An envelope is one JSON object a line or a message:
//! `{ts, origin:{orgId, siteId, machineId}, topic, payload, sessionId?, sig?, kid?}`.
//! A batch is many readings under one signature. Both are read first and judged afterwards, by
//! [`Registry`]: what is not believed is still shown, with the reason. The formats are in
//! `docs/wire.md`. No clock and no randomness: time and secrets come in as arguments.

mod error;
mod json;
mod payload;
mod seal;

mod envelope;

mod batch;
mod cbor;
mod cose;

mod sign;

mod keys;
mod verify;

mod replay;

#[cfg(test)]
mod schema;

pub use batch::{BATCH_BYTES_MAX, Batch, BatchError, NAME_BYTES_MAX, READINGS_MAX};
pub use cose::BatchMessage;
pub use envelope::{Envelope, EnvelopeMessage, Origin, Topic, iso_ms, parse_ts};
pub use error::WireError;
pub use keys::{KEYS_MAX, KeyState, KeysError, Registry};
pub use payload::{EventDetail, EventType, Payload, RoastEvent, TelemetryPoint};
pub use replay::{Memory, MemoryLimits, Seen};
pub use sign::DeviceKey;
pub use verify::{Arrival, Judgement};

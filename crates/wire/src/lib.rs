//! The telemetry envelope: JSON encoding of readings as production sends them.

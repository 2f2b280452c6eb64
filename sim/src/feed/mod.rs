//! The feed: readings on their way to production, as envelopes.

use trier_roast::{EventTime, Reading};
use trier_wire::{Envelope, Origin};

/// The unsigned envelopes that carry `readings` of a machine charged at `charge`.
#[must_use]
pub fn envelopes(origin: &Origin, charge: EventTime, readings: &[Reading]) -> Vec<Envelope> {
    readings.iter().map(|reading| Envelope::of_reading(origin, charge, reading)).collect()
}

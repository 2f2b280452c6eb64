//! A message as it came in, read and judged by itself. Not whether it came before.

use trier_pipeline::ingest::{Door, Frame, Rejection, decode};
use trier_roast::{Distrust, EventTime, Trust};
use trier_wire::Registry;

/// A message as it came in.
#[derive(Debug)]
pub struct Arrival {
    pub(crate) tenant: String,
    pub(crate) received_at: EventTime,
    pub(crate) bytes: Vec<u8>,
    pub(crate) read: Result<Frame, Rejection>,
}

impl Arrival {
    /// Reads and judges a message that came through `door`.
    #[must_use]
    pub fn read(bytes: Vec<u8>, door: Door<'_>, registry: &Registry, received_at: EventTime) -> Self {
        let read = decode(&bytes, door, registry, received_at);
        Self { tenant: door.tenant.to_owned(), received_at, bytes, read }
    }

    /// How long it is, bytes.
    #[must_use]
    pub const fn size(&self) -> usize {
        self.bytes.len()
    }
}

/// Boot and sequence number as the store has them: highest byte first, so that they sort.
pub(crate) fn key_of(boot: u64, seq: u64) -> [u8; 16] {
    (u128::from(boot) << 64 | u128::from(seq)).to_be_bytes()
}

/// A trust as the store has it: its name, or why there is none.
pub(crate) const fn trust_code(trust: Trust) -> &'static str {
    match trust {
        Trust::Unverified(distrust) => distrust.code(),
        Trust::Unsigned | Trust::Verified => trust.name(),
    }
}

/// The trust that the store has under `code`; None where this program knows none of that code.
pub(crate) fn trust_of(code: &str) -> Option<Trust> {
    let distrusts = Distrust::ALL.into_iter().map(Trust::Unverified);
    [Trust::Verified, Trust::Unsigned].into_iter().chain(distrusts).find(|trust| trust_code(*trust) == code)
}

//! A message as it came in, read and judged by itself, its signature with those of its group. Not whether it came before.

use trier_pipeline::ingest::{Door, Frame, Rejection, Unproven};
use trier_roast::{Distrust, EventTime, Trust};
use trier_wire::Registry;

/// A message as it came in. Its signature, where it has one, is checked when it is stored.
#[derive(Debug)]
pub struct Arrival {
    tenant: String,
    received_at: EventTime,
    bytes: Vec<u8>,
    read: Result<Unproven, Rejection>,
}

/// A message as it came in, judged.
#[derive(Debug)]
pub(crate) struct Judged {
    pub(crate) tenant: String,
    pub(crate) received_at: EventTime,
    pub(crate) bytes: Vec<u8>,
    pub(crate) read: Result<Frame, Rejection>,
}

impl Arrival {
    /// Reads a message that came through `door`, and judges who may have sent it.
    #[must_use]
    pub fn read(bytes: Vec<u8>, door: Door<'_>, registry: &Registry, received_at: EventTime) -> Self {
        let read = Unproven::read(&bytes, door, registry, received_at);
        Self { tenant: door.tenant.to_owned(), received_at, bytes, read }
    }

    /// How long it is, bytes.
    #[must_use]
    pub const fn size(&self) -> usize {
        self.bytes.len()
    }

    /// These messages, in their order, all signatures checked together.
    pub(crate) fn judge(group: Vec<Self>) -> Vec<Judged> {
        let (mut unproven, mut rest) = (Vec::new(), Vec::new());
        for Self { tenant, received_at, bytes, read } in group {
            let rejection = read.map(|frame| unproven.push(frame)).err();
            rest.push((tenant, received_at, bytes, rejection));
        }
        let mut frames = Unproven::prove(unproven).into_iter();
        let judged = |(tenant, received_at, bytes, rejection): (_, _, _, Option<Rejection>)| {
            let read = rejection.map_or_else(|| Ok(frames.next().expect("one for each that was read")), Err);
            Judged { tenant, received_at, bytes, read }
        };
        rest.into_iter().map(judged).collect()
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

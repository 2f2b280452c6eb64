//! A frame: one message as it came, read and judged for its proof. Not whether it is stored.
//!
//! An envelope is a frame of at most one reading, a batch one of up to 1024. What no decoder reads
//! is a [`Rejection`], with a code that never changes.

use trier_roast::{Distrust, EventTime, Reading, Trust};
use trier_wire::{
    Arrival, BatchError, BatchMessage, EnvelopeMessage, Judgement, Origin, Registry, WireError,
};

/// What names a frame for ever.
///
/// A batch is named by its device's own numbers. An envelope has none: its device is `site/machine`,
/// and its numbers are the first and the second eight bytes of its digest, most significant first,
/// so that the same content has the same key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FrameKey {
    /// The company whose door it came through.
    pub tenant: String,
    /// What spoke.
    pub device: String,
    /// How often that had started; half a digest for an envelope.
    pub boot: u64,
    /// Number of the message since that start; half a digest for an envelope.
    pub seq: u64,
}

/// The two forms in which readings come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A line of JSON. Its numbers say nothing about order.
    Envelope,
    /// CBOR, bare or within COSE_Sign1. Its numbers are the order in which it was made.
    Batch,
}

/// One message, read.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// Its name.
    pub key: FrameKey,
    /// How it came.
    pub form: Form,
    /// Whose machine it says it is of; another company than the key's only where it is not believed.
    pub origin: Origin,
    /// What was said, in the order it was said; none for an event that marks nothing, such as a note.
    pub readings: Vec<Reading>,
    /// Microseconds from the device's start to the first reading, where the device counts them.
    pub tick_us: Option<u64>,
    /// How far it is believed, as of its receipt.
    pub trust: Trust,
    /// BLAKE3 of what was said in its canonical form, without the proof.
    pub digest: [u8; 32],
    /// When it came, by our clock. Never orders or dates a reading: only what lies after it by more
    /// than a clock can be wrong is not believed.
    pub received_at: EventTime,
}

impl Frame {
    /// How many readings it brings.
    #[must_use]
    pub fn n_readings(&self) -> u64 {
        self.readings.len() as u64
    }

    /// The earliest time that a reading in it is labelled with.
    #[must_use]
    pub fn first_label(&self) -> Option<EventTime> {
        self.readings.iter().map(|reading| reading.at).min()
    }

    /// The latest time that a reading in it is labelled with.
    #[must_use]
    pub fn last_label(&self) -> Option<EventTime> {
        self.readings.iter().map(|reading| reading.at).max()
    }
}

/// Which door a message came through, by credentials, route or topic: never by what it says.
#[derive(Clone, Copy, Debug)]
pub struct Door<'a> {
    /// The company.
    pub tenant: &'a str,
    /// The roastery and the machine, where the route names them, as an MQTT topic does.
    pub machine: Option<(&'a str, &'a str)>,
}

impl<'a> Door<'a> {
    /// The door of a whole company.
    #[must_use]
    pub const fn of(tenant: &'a str) -> Self {
        Self { tenant, machine: None }
    }
}

/// Why a message is no frame.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Rejection {
    /// Looks like neither form and is no text.
    #[error("neither a batch nor a text: byte {at} is no UTF-8")]
    NotText {
        /// Offset of the first byte that is wrong.
        at: usize,
    },
    /// Looks like an envelope and is none.
    #[error("no envelope")]
    Envelope(#[source] WireError),
    /// Looks like a batch and is none.
    #[error("no batch")]
    Batch(#[source] BatchError),
}

impl Rejection {
    /// Every code there is.
    pub const CODES: [&'static str; 12] = [
        "not_text",
        "too_long",
        "not_an_envelope",
        "no_instant",
        "topic_mismatch",
        "unknown_mark",
        "not_a_batch",
        "unknown_schema",
        "not_signed_as_a_batch",
        "not_canonical",
        "bad_number_of_readings",
        "bad_value",
    ];

    /// The code used in tables and counters. It never changes.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotText { .. } => "not_text",
            Self::Envelope(WireError::TooLong { .. }) | Self::Batch(BatchError::TooLong { .. }) => "too_long",
            Self::Envelope(WireError::Time { .. }) => "no_instant",
            Self::Envelope(WireError::TopicMismatch { .. }) => "topic_mismatch",
            Self::Envelope(WireError::UnknownMark { .. }) => "unknown_mark",
            Self::Envelope(_) => "not_an_envelope",
            Self::Batch(BatchError::Schema { .. }) => "unknown_schema",
            Self::Batch(BatchError::Frame { .. }) => "not_signed_as_a_batch",
            Self::Batch(BatchError::NotCanonical) => "not_canonical",
            Self::Batch(BatchError::Readings { .. }) => "bad_number_of_readings",
            Self::Batch(BatchError::Name { .. } | BatchError::Value { .. }) => "bad_value",
            Self::Batch(_) => "not_a_batch",
        }
    }
}

/// First bytes of a batch: an array of up to 23 items, and the tag of COSE_Sign1.
const ARRAY: std::ops::RangeInclusive<u8> = 0x80..=0x97;
const TAG: u8 = 0xd2;

/// A frame whose signature, where it has one, is still to be checked: alone or, which is cheaper, with others.
#[derive(Clone, Debug)]
pub struct Unproven {
    frame: Frame,
    judgement: Judgement,
    /// Whether it came through a door of its machine.
    is_in_scope: bool,
}

impl Unproven {
    /// The frame that these bytes are: a batch where the first byte is CBOR's, else one line of JSON.
    ///
    /// JSON never begins with such a byte, so no message can be taken for both. Who may sign is judged
    /// by the registry, at the time of receipt. A frame for another machine than its door's is out of
    /// scope, and one for another company crosses tenants, whatever its signature.
    ///
    /// # Errors
    /// When it is too long, is of neither form, or says what cannot be. Lengths and counts are held
    /// against their limits before memory is taken for them.
    pub fn read(
        bytes: &[u8],
        door: Door<'_>,
        registry: &Registry,
        received_at: EventTime,
    ) -> Result<Self, Rejection> {
        let arrival = Arrival { tenant: door.tenant, at: received_at };
        let (judgement, frame) = match bytes.first() {
            Some(first) if *first == TAG || ARRAY.contains(first) => {
                let message = BatchMessage::read(bytes).map_err(Rejection::Batch)?;
                (registry.judge_batch(&message, arrival), of_batch(message, arrival))
            }
            _ => {
                let line =
                    std::str::from_utf8(bytes).map_err(|e| Rejection::NotText { at: e.valid_up_to() })?;
                let message = EnvelopeMessage::read(line).map_err(Rejection::Envelope)?;
                let reading = message.envelope.reading().map_err(Rejection::Envelope)?;
                (registry.judge_envelope(&message, arrival), of_envelope(message, reading, arrival))
            }
        };
        let here = (frame.origin.site_id.as_str(), frame.origin.machine_id.as_str());
        let is_in_scope = door.machine.is_none_or(|machine| machine == here);
        Ok(Self { frame, judgement, is_in_scope })
    }

    /// These frames, in their order, their signatures checked together; the same as one by one.
    #[must_use]
    pub fn prove(unproven: Vec<Self>) -> Vec<Frame> {
        let trusts = Judgement::trusts(unproven.iter().map(|one| &one.judgement));
        unproven.into_iter().zip(trusts).map(|(one, trust)| one.believed(trust)).collect()
    }

    /// The frame, believed as far as its judgement says and its door lets it.
    fn believed(self, trust: Trust) -> Frame {
        let strays = !self.is_in_scope && trust.reason().is_none();
        let trust = if strays { Trust::Unverified(Distrust::OutOfScope) } else { trust };
        Frame { trust, ..self.frame }
    }
}

/// The frame that these bytes are, as [`Unproven::read`], its signature checked.
///
/// # Errors
/// As [`Unproven::read`].
pub fn decode(
    bytes: &[u8],
    door: Door<'_>,
    registry: &Registry,
    received_at: EventTime,
) -> Result<Frame, Rejection> {
    let unproven = Unproven::read(bytes, door, registry, received_at)?;
    let trust = unproven.judgement.trust();
    Ok(unproven.believed(trust))
}

/// The frame of a batch. Nothing is said of its trust yet.
fn of_batch(message: BatchMessage, arrival: Arrival<'_>) -> Frame {
    let BatchMessage { batch, digest, .. } = message;
    let tenant = arrival.tenant.to_owned();
    Frame {
        key: FrameKey { tenant, device: batch.device, boot: batch.boot, seq: batch.seq },
        form: Form::Batch,
        origin: batch.origin,
        readings: batch.readings,
        tick_us: batch.tick_us,
        trust: Trust::default(),
        digest,
        received_at: arrival.at,
    }
}

/// The frame of an envelope. Nothing is said of its trust yet.
fn of_envelope(message: EnvelopeMessage, reading: Option<Reading>, arrival: Arrival<'_>) -> Frame {
    let EnvelopeMessage { envelope, digest, .. } = message;
    let half = |from: usize| digest[from..from + 8].iter().fold(0, |n, byte| n << 8 | u64::from(*byte));
    let origin = envelope.origin;
    let device = format!("{}/{}", origin.site_id, origin.machine_id);
    Frame {
        key: FrameKey { tenant: arrival.tenant.to_owned(), device, boot: half(0), seq: half(8) },
        form: Form::Envelope,
        origin,
        readings: reading.into_iter().collect(),
        tick_us: None,
        trust: Trust::default(),
        digest,
        received_at: arrival.at,
    }
}

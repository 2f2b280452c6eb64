//! A bounded memory of which batches came before. Not the store: that remembers for ever.

use std::collections::BTreeMap;

use trier_roast::Distrust;

use crate::{Batch, BatchMessage};

/// How much is remembered.
///
/// At most `devices * boots * batches` digests of 32 bytes and their numbers; the defaults are
/// 1024, 4 and 256: a million batches, some 60 MB when full.
#[derive(Clone, Copy, Debug)]
pub struct MemoryLimits {
    /// Devices, of all companies together.
    pub devices: usize,
    /// Starts of one device, the latest.
    pub boots: usize,
    /// Batches of one start, the latest.
    pub batches: usize,
}

impl Default for MemoryLimits {
    fn default() -> Self {
        Self { devices: 1024, boots: 4, batches: 256 }
    }
}

/// What is known of a batch's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// It did not come before. It is remembered now.
    New,
    /// The same bytes came before: acknowledge again, store nothing.
    Replayed,
    /// Other bytes came before under this number. Which of the two is right, a person decides;
    /// the first stays remembered, so that the order of arrival changes no later answer.
    Conflict,
    /// Below what is remembered of its device, or of a device more than are remembered: the
    /// store must be asked. Never to be taken for new.
    BeyondMemory,
}

impl Seen {
    /// The reason code for what is not new.
    #[must_use]
    pub const fn distrust(self) -> Option<Distrust> {
        match self {
            Self::New => None,
            Self::Replayed => Some(Distrust::Replayed),
            Self::Conflict => Some(Distrust::Conflict),
            Self::BeyondMemory => Some(Distrust::BeyondMemory),
        }
    }
}

/// The latest few of numbered things.
type Latest<T> = BTreeMap<u64, T>;

/// What is kept under `number`, made by `make` if it is new; None when it may have been forgotten.
///
/// Things leave only for later ones, so once there are `limit` there always are, and all that was
/// forgotten lies below all that is kept.
fn entry<T>(kept: &mut Latest<T>, number: u64, limit: usize, make: impl FnOnce() -> T) -> Option<&mut T> {
    if kept.len() >= limit && !kept.contains_key(&number) {
        let (&oldest, _) = kept.first_key_value()?;
        if number < oldest {
            return None;
        }
        kept.pop_first();
    }
    Some(kept.entry(number).or_insert_with(make))
}

/// The digests of one start's batches.
type Boot = Latest<[u8; 32]>;

/// The batches that came before, by company, device, boot and sequence number.
///
/// Ask only after the judgement, and keep what is verified and what is unsigned in two memories:
/// otherwise anybody could use up the numbers of a device.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    limits: MemoryLimits,
    devices: BTreeMap<(String, String), Latest<Boot>>,
}

impl Memory {
    /// A memory of nothing, with room for `limits`.
    #[must_use]
    pub fn new(limits: MemoryLimits) -> Self {
        Self { limits, devices: BTreeMap::new() }
    }

    /// Whether this batch came before; remembers it if not.
    pub fn see(&mut self, message: &BatchMessage) -> Seen {
        self.number(&message.batch, message.digest).unwrap_or(Seen::BeyondMemory)
    }

    /// None when the number is beyond memory.
    fn number(&mut self, batch: &Batch, digest: [u8; 32]) -> Option<Seen> {
        let device = (batch.origin.org_id.clone(), batch.device.clone());
        // A device is never forgotten for another: it would be new again.
        if self.devices.len() >= self.limits.devices && !self.devices.contains_key(&device) {
            return None;
        }
        let boots = self.devices.entry(device).or_default();
        let boot = entry(boots, batch.boot, self.limits.boots, Boot::new)?;
        let mut is_new = false;
        let kept = entry(boot, batch.seq, self.limits.batches, || {
            is_new = true;
            digest
        })?;
        Some(match (is_new, *kept == digest) {
            (true, _) => Seen::New,
            (false, true) => Seen::Replayed,
            (false, false) => Seen::Conflict,
        })
    }
}

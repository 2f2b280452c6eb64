//! The faults that the campaign injects, by their names in the catalogue, counted with their effects.

use std::collections::BTreeMap;
use std::fmt;

/// A fault of a device or of transport.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FaultId {
    /// A device restarts in the middle of a roast; what it would have said meanwhile is lost.
    D01,
    /// The wall clock is set, by a second to ten years either way, or was never set until then.
    D02,
    /// The wall clock runs up to 2 % fast or slow.
    D03,
    /// Numbers pass the ends of 8, 16 and 32 bits.
    D05,
    /// The tick goes back or stands still.
    D10,
    /// A message is lost and sent again.
    N01,
    /// A message comes twice.
    N02,
    /// Messages overtake each other.
    N03,
    /// Messages pile up and come in a burst.
    N04,
    /// One device is cut off from the rest, and sends what it kept when it is back.
    N05,
    /// The acknowledgement is lost: the message is sent again long after it was stored.
    N06,
}

impl FaultId {
    pub(crate) const ALL: [Self; 11] = [
        Self::D01,
        Self::D02,
        Self::D03,
        Self::D05,
        Self::D10,
        Self::N01,
        Self::N02,
        Self::N03,
        Self::N04,
        Self::N05,
        Self::N06,
    ];
}

impl fmt::Display for FaultId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// How often a fault was injected, and how often that changed anything that was sent or its order.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Injected {
    pub(crate) injected: u64,
    pub(crate) effective: u64,
}

/// The counts of all faults.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally(BTreeMap<FaultId, Injected>);

impl Tally {
    pub(crate) fn count(&mut self, id: FaultId, has_effect: bool) {
        let count = self.0.entry(id).or_default();
        count.injected += 1;
        count.effective += u64::from(has_effect);
    }

    pub(crate) fn add(&mut self, other: &Self) {
        for (id, more) in &other.0 {
            let count = self.0.entry(*id).or_default();
            count.injected += more.injected;
            count.effective += more.effective;
        }
    }

    pub(crate) fn effective(&self, id: FaultId) -> u64 {
        self.0.get(&id).map_or(0, |count| count.effective)
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = (FaultId, Injected)> {
        self.0.iter().map(|(id, count)| (*id, *count))
    }
}

/// A seeded sequence of choices: splitmix64, whose constants are published with it.
#[derive(Clone, Debug)]
pub(crate) struct Choices(u64);

impl Choices {
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ stream.wrapping_mul(0xd1b5_4a32_d192_ed03))
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 up to but not `below`.
    pub(crate) fn below(&mut self, below: u64) -> u64 {
        self.next() % below
    }

    pub(crate) fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    /// Seconds from `from_s` to `to_s`, in milliseconds.
    pub(crate) fn seconds(&mut self, from_s: u64, to_s: u64) -> f64 {
        #[allow(clippy::cast_precision_loss)] // Hours in milliseconds.
        let ms = (1_000 * from_s + self.below(1_000 * (to_s - from_s))) as f64;
        ms / 1e3
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        let index = self.below(from.len() as u64);
        from[usize::try_from(index).expect("a slice's index")]
    }
}

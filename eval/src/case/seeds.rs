//! The seeds that a suite or a case runs with.

/// Seeds in a file stay below this; more per case would be a campaign, not a gate.
pub const SEEDS_END: u64 = 10_000;

/// Seeds from `first` to `last`, both included; written `"1..6"` for six seeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seeds {
    /// The first seed.
    pub first: u64,
    /// The last seed, at least `first`.
    pub last: u64,
}

impl Seeds {
    /// Reads `"A..B"` (both included) or `"A"`; None when it is neither, B < A, or B is 10,000 or more.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        let (first, last) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
        (first <= last && last < SEEDS_END).then_some(Self { first, last })
    }

    /// The seeds in order.
    pub fn iter(self) -> impl Iterator<Item = u64> {
        self.first..=self.last
    }
}

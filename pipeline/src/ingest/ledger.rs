//! The ledger: readings in equal rows out, at every moment.

/// Counts of what came in and what went out of one stream.
///
/// Marks worked out from the curve are rows nobody sent, so they are counted apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Readings pushed in.
    pub received: u64,
    /// Telemetry rows put out, one per sample.
    pub telemetry: u64,
    /// Mark rows put out for marks that were announced.
    pub marks: u64,
    /// Mark rows put out for marks inferred here.
    pub inferred_marks: u64,
}

impl Ledger {
    /// Whether every reading received has become a row: received = telemetry + marks.
    #[must_use]
    pub const fn balances(&self) -> bool {
        self.received == self.telemetry + self.marks
    }
}

//! What became of a message.

use trier_pipeline::ingest::Place;

/// How far the numbers of one start of a device go without a hole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contiguous {
    /// Which start.
    pub boot: u64,
    /// The last number before which none is missing, counted from 0; None while 0 is missing.
    pub seq: Option<u64>,
}

/// What a message became. All of these are written down; none of them is to be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is new, and used.
    Stored,
    /// It came before.
    Duplicate,
    /// It is kept and not used, for this reason.
    Quarantined(&'static str),
    /// It could not be read, for this reason.
    Rejected(&'static str),
}

impl Outcome {
    /// Where it is in the books.
    #[must_use]
    pub const fn place(self) -> Place {
        match self {
            Self::Stored => Place::Stored,
            Self::Duplicate => Place::Duplicate,
            Self::Quarantined(_) => Place::Quarantined,
            Self::Rejected(_) => Place::Rejected,
        }
    }

    /// The reason code; empty where there is none.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Stored | Self::Duplicate => "",
            Self::Quarantined(reason) | Self::Rejected(reason) => reason,
        }
    }
}

/// A message that was taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// What it became.
    pub outcome: Outcome,
    /// Readings in it.
    pub readings: u32,
    /// Of a batch: how far its device's numbers go now.
    pub contiguous: Option<Contiguous>,
}

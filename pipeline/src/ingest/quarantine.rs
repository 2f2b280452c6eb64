//! Quarantine: what is kept apart, what a person sees of it, and what a person may do about it.
//!
//! A decision is an event with its author and time. The store logs it and applies it in the same
//! transaction; nothing else takes a frame out of quarantine.

use trier_roast::{EventTime, Trust};
use trier_wire::Origin;

use super::admission::{AHEAD_S_MAX, Admission, Known, Reason};
use super::frame::{Frame, FrameKey};

/// A frame in quarantine, as people look through them.
#[derive(Clone, Debug, PartialEq)]
pub struct Quarantined {
    /// Its name.
    pub key: FrameKey,
    /// Which of the copies under that name, where there are more.
    pub digest: [u8; 32],
    /// Why it is kept apart.
    pub reason: Reason,
    /// Whose machine it says it is of.
    pub origin: Origin,
    /// How far it was believed.
    pub trust: Trust,
    /// When it came.
    pub received_at: EventTime,
    /// How many readings it brings.
    pub readings: u64,
    /// The earliest and the latest time that they are labelled with.
    pub labels: Option<(EventTime, EventTime)>,
}

impl Quarantined {
    /// What there is to see of `frame`.
    #[must_use]
    pub fn of(frame: &Frame, reason: Reason) -> Self {
        Self {
            key: frame.key.clone(),
            digest: frame.digest,
            reason,
            origin: frame.origin.clone(),
            trust: frame.trust,
            received_at: frame.received_at,
            readings: frame.n_readings(),
            labels: frame.first_label().zip(frame.last_label()),
        }
    }
}

/// What a person may do about a frame in quarantine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Use it, though its proof, its time or its clock spoke against that. Its trust stays.
    Release,
    /// Of copies in conflict, this is the one that stands. Others that come later change nothing.
    Keep,
}

impl Act {
    /// The name used in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Keep => "keep",
        }
    }

    /// The act of this name, if there is one.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Release, Self::Keep].into_iter().find(|act| act.name() == name)
    }
}

/// A decision about a frame in quarantine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What is to be done.
    pub act: Act,
    /// About the copy of this digest under this key.
    pub key: FrameKey,
    /// The copy.
    pub digest: [u8; 32],
    /// Who decided.
    pub author: String,
    /// When, by our clock.
    pub at: EventTime,
}

/// Why a decision cannot be carried out. Nothing was changed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DecisionError {
    /// Which copy stands, and not whether one may be used, is the question.
    #[error("it is in conflict with another copy; rule which of them to keep")]
    NeedsRuling,
    /// There is nothing to choose from.
    #[error("it is in quarantine for {reason}, not for a conflict; release it")]
    NoConflict {
        /// Why it is there.
        reason: &'static str,
    },
    /// It would pass for the newest of its machine, and all else would be late.
    #[error(
        "it is labelled {ahead_s} s ahead of now, more than {AHEAD_S_MAX} s; release it once that time has come"
    )]
    StillAhead {
        /// How far, s.
        ahead_s: f64,
    },
}

/// What becomes of a frame in quarantine by a person's decision at `at`.
///
/// - `reason`: why it is there.
/// - `known`: what the store holds under its key.
///
/// Kept or released it is stored, unless the same is stored already (a duplicate) or other bytes are
/// (a conflict, or what is in conflict still).
///
/// # Errors
/// When the act does not fit the reason.
pub fn decide(
    act: Act,
    frame: &Frame,
    reason: Reason,
    known: &Known,
    at: EventTime,
) -> Result<Admission, DecisionError> {
    match (act, reason) {
        (Act::Keep, Reason::Conflict) => return Ok(Admission::Store),
        (Act::Keep, _) => return Err(DecisionError::NoConflict { reason: reason.code() }),
        (Act::Release, Reason::Conflict) => return Err(DecisionError::NeedsRuling),
        (Act::Release, _) => {}
    }
    let ahead_s = frame.last_label().map_or(0.0, |label| label.since_s(at));
    if reason == Reason::Future && ahead_s > AHEAD_S_MAX {
        return Err(DecisionError::StillAhead { ahead_s });
    }
    Ok(known.compare(frame).unwrap_or(Admission::Store))
}

//! Admission: what becomes of a frame, from the frame and what is known under its key. Not the
//! doing of it, which is the store's, in one transaction with the looking up.

use trier_roast::{Distrust, EventTime, Trust};

use super::clock::MachineClock;
use super::frame::{Form, Frame};

/// A frame is merged this long after the newest of its machine, s; later it needs a person.
pub const REOPEN_S: f64 = 86_400.0;

/// How far ahead of its receipt a label can be and still be believed, s. People's clocks are off by
/// minutes; a zone taken for UTC is off by hours. Own choice.
pub const AHEAD_S_MAX: f64 = 600.0;

/// Why a frame is in quarantine.
///
/// The codes go into tables and counters and never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Reason {
    /// Its proof, or the lack of one, is not accepted.
    Distrust(Distrust),
    /// Other bytes came under its key. All of them are kept and none is used until a person rules.
    Conflict,
    /// More than [`REOPEN_S`] older than the newest of its machine.
    Late,
    /// Labelled more than [`AHEAD_S_MAX`] after its receipt, by a clock that nothing else corrects.
    Future,
    /// Labelled by a clock that was never set, and with nothing else to date it by.
    ClockUnset,
}

impl Reason {
    /// The code used in tables and counters.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Distrust(distrust) => distrust.code(),
            Self::Conflict => "conflict",
            Self::Late => "late",
            Self::Future => "future",
            Self::ClockUnset => "clock_unset",
        }
    }

    /// The reason of this code, if there is one.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let own = [Self::Conflict, Self::Late, Self::Future, Self::ClockUnset];
        let distrusts = Distrust::ALL.into_iter().map(Self::Distrust);
        // Ours first: of the two conflicts it is the one that ingest finds.
        own.into_iter().chain(distrusts).find(|reason| reason.code() == code)
    }
}

/// What the store holds under a frame's key, when the frame comes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The copy that is in use: its digest and how far it is believed.
    pub stored: Option<([u8; 32], Trust)>,
    /// Whether copies with different digests are withheld under this key, no person having ruled.
    pub in_conflict: bool,
    /// Whether a person has ruled which copy stands.
    pub ruled: bool,
    /// Why this very digest is in quarantine under this key, where it is; each reason once.
    pub quarantined: Vec<Reason>,
}

impl Known {
    /// What becomes of a frame by comparison with what is there; None where nothing is.
    pub(super) fn compare(&self, frame: &Frame) -> Option<Admission> {
        match self.stored {
            Some((digest, trust)) if digest == frame.digest => {
                Some(if frame.trust > trust { Admission::Proof } else { Admission::Duplicate })
            }
            _ if self.ruled => Some(Admission::Quarantine(Reason::Conflict)),
            Some(_) => Some(Admission::Conflict),
            None => self.in_conflict.then_some(Admission::Conflict),
        }
    }
}

/// What becomes of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Stored, and given to its machine's line.
    Store,
    /// The same is there already: counted and acknowledged again, nothing else.
    Duplicate,
    /// As [`Admission::Duplicate`], but the proof is better than the stored copy's, whose trust rises
    /// to this frame's. So a copy stripped of its signature on the way takes nothing away.
    Proof,
    /// Other bytes than those stored, and no person has ruled: this frame and the stored copy, if
    /// there still is one, are moved to quarantine for [`Reason::Conflict`].
    Conflict,
    /// Kept apart.
    Quarantine(Reason),
}

/// What becomes of `frame`.
///
/// - `known`: what the store holds under its key.
/// - `clock`: that of the frame's machine.
///
/// The first of these that applies: proof not accepted, the same as stored, other than stored,
/// a label that cannot be, too late. What is in quarantine for the same reason already is a duplicate.
#[must_use]
pub fn admit(frame: &Frame, known: &Known, clock: &MachineClock) -> Admission {
    let admission = decide(frame, known, clock);
    let again = match admission {
        Admission::Quarantine(reason) => known.quarantined.contains(&reason),
        Admission::Conflict => known.quarantined.contains(&Reason::Conflict),
        Admission::Store | Admission::Duplicate | Admission::Proof => false,
    };
    if again { Admission::Duplicate } else { admission }
}

fn decide(frame: &Frame, known: &Known, clock: &MachineClock) -> Admission {
    if let Trust::Unverified(distrust) = frame.trust {
        return Admission::Quarantine(Reason::Distrust(distrust));
    }
    if let Some(admission) = known.compare(frame) {
        return admission;
    }
    if let Some(reason) = misdated(frame) {
        return Admission::Quarantine(reason);
    }
    let is_late =
        clock.newest().zip(clock.place(frame)).is_some_and(|(newest, at)| newest.since_s(at) > REOPEN_S);
    if is_late { Admission::Quarantine(Reason::Late) } else { Admission::Store }
}

/// Whether a clock can have said this of a message that came then.
#[must_use]
pub fn is_believable(label: EventTime, received_at: EventTime) -> bool {
    label.is_wall_time() && label.since_s(received_at) <= AHEAD_S_MAX
}

/// Why no label dates this frame, where it has no tick by which others may.
fn misdated(frame: &Frame) -> Option<Reason> {
    if frame.form == Form::Batch && frame.tick_us.is_some() {
        return None;
    }
    let wrong = frame.readings.iter().find(|reading| !is_believable(reading.at, frame.received_at))?;
    Some(if wrong.at.is_wall_time() { Reason::Future } else { Reason::ClockUnset })
}

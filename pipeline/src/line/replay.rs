//! From where a line has to hear its machine again.

use std::collections::BTreeMap;
use std::sync::Arc;

use trier_roast::EventTime;

use crate::ingest::{Form, Frame, Position, Standing};

/// Which frames of a machine are to be given to the line again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replay {
    /// Rows of telemetry and marks from this event time on will come again, and replace those there
    /// are; None for all.
    pub from: Option<EventTime>,
    /// Boot and sequence number, by device, after which frames are wanted; all of a device that is
    /// not named.
    pub after: BTreeMap<Arc<str>, (u64, u64)>,
}

impl Replay {
    /// Everything there is of the machine.
    #[must_use]
    pub const fn everything() -> Self {
        Self { from: None, after: BTreeMap::new() }
    }

    /// Whether it wants this frame of the machine, which must be stored and not withheld.
    #[must_use]
    pub fn wants(&self, frame: &Frame) -> bool {
        match frame.form {
            Form::Envelope => self.from.is_none_or(|from| frame.last_label().is_some_and(|at| at >= from)),
            Form::Batch => {
                let position = (frame.key.boot, frame.key.seq);
                self.after.get(frame.key.device.as_str()).is_none_or(|after| position > *after)
            }
        }
    }
}

/// What the line remembers of a quiet moment, to hear again what came after.
#[derive(Clone, Debug)]
pub(super) struct QuietMoment {
    /// Of the first reading after it; None where nothing was heard before.
    pub(super) at: Option<EventTime>,
    pub(super) standing: Standing,
    /// Readings heard and repeats left out before it.
    pub(super) heard: u64,
    pub(super) repeats: u64,
}

impl QuietMoment {
    pub(super) fn replay(&self) -> Replay {
        let after = |(name, stood): (&Arc<str>, &crate::ingest::Stood)| {
            Some((Arc::clone(name), stood.settled?.position))
        };
        Replay { from: self.at, after: self.standing.iter().filter_map(after).collect() }
    }

    /// Whether what belongs at `at`, or at a frame of a device, lies after it.
    pub(super) fn is_before(&self, at: EventTime, frame: Option<&(Arc<str>, Position)>) -> bool {
        let stood = frame.and_then(|(name, position)| Some((self.standing.get(name)?, *position)));
        let heard_past = stood.is_some_and(|(stood, position)| {
            stood.settled.is_some_and(|dated| position <= dated.position)
                || stood.gone.is_some_and(|(p, _)| position <= p)
        });
        self.at.is_none_or(|from| from <= at) && !heard_past
    }
}

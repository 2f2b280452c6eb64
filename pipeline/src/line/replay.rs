//! From where a line has to hear its machine again.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use trier_roast::EventTime;

use crate::ingest::{Form, Frame, Position, Standing, Stood};

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

/// What a line remembers of a quiet moment, to hear again what came after. It can be written down
/// and read back; what is in it is the line's business.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuietMoment {
    /// Event time of the first reading after it, µs; None where nothing was heard before.
    from_us: Option<i64>,
    #[serde(with = "by_name")]
    pub(super) standing: Standing,
    /// Readings heard and repeats left out before it.
    pub(super) heard: u64,
    pub(super) repeats: u64,
}

impl QuietMoment {
    /// Before anything was heard.
    pub(super) const fn first() -> Self {
        Self { from_us: None, standing: Standing::new(), heard: 0, repeats: 0 }
    }

    /// Before a reading that happened at `at`, where that was heard so far.
    pub(super) const fn before(at: EventTime, standing: Standing, heard: u64, repeats: u64) -> Self {
        Self { from_us: Some(at.us()), standing, heard, repeats }
    }

    /// When the first reading after it happened; None where nothing was heard before it.
    pub(super) fn at(&self) -> Option<EventTime> {
        self.from_us.map(EventTime::from_us)
    }

    pub(super) fn replay(&self) -> Replay {
        let after = |(name, stood): (&Arc<str>, &Stood)| Some((Arc::clone(name), stood.settled?.position));
        Replay { from: self.at(), after: self.standing.iter().filter_map(after).collect() }
    }

    /// Whether what belongs at `at`, or at a frame of a device, lies after it.
    pub(super) fn is_before(&self, at: EventTime, frame: Option<&(Arc<str>, Position)>) -> bool {
        let stood = frame.and_then(|(name, position)| Some((self.standing.get(name)?, *position)));
        let heard_past = stood.is_some_and(|(stood, position)| {
            stood.settled.is_some_and(|dated| position <= dated.position)
                || stood.gone.is_some_and(|(p, _)| position <= p)
        });
        self.at().is_none_or(|from| from <= at) && !heard_past
    }
}

/// Names as texts; shared ones have no form of their own when written down.
mod by_name {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::ingest::{Standing, Stood};

    pub(super) fn serialize<S: Serializer>(standing: &Standing, out: S) -> Result<S::Ok, S::Error> {
        standing.iter().map(|(name, stood)| (&**name, stood)).collect::<BTreeMap<_, _>>().serialize(out)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Standing, D::Error> {
        let read = BTreeMap::<String, Stood>::deserialize(from)?;
        Ok(read.into_iter().map(|(name, stood)| (Arc::from(name), stood)).collect())
    }
}

//! The clocks of a machine's devices, as far as admission needs them.

use std::collections::BTreeMap;
use std::sync::Arc;

use trier_roast::EventTime;

use super::frame::Frame;

/// Starts of one device that are remembered.
const BOOTS_KEPT: usize = 4;

/// The newest event time of a machine, and where its devices' ticks stand in event time.
#[derive(Clone, Debug, Default)]
pub struct MachineClock {
    newest: Option<EventTime>,
    /// By device, and by start: a tick, and the event time it stands for.
    dated: BTreeMap<Arc<str>, BTreeMap<u64, (u64, EventTime)>>,
}

impl MachineClock {
    /// The newest event time of all its devices; None before the first.
    #[must_use]
    pub const fn newest(&self) -> Option<EventTime> {
        self.newest
    }

    /// When the first reading of `frame` happened, as far as is known now: by tick where its start
    /// is dated, else by label where that can be. None for a frame without readings.
    #[must_use]
    pub fn place(&self, frame: &Frame) -> Option<EventTime> {
        let label = frame.readings.first()?.at;
        let boots = self.dated.get(frame.key.device.as_str());
        let known = boots.and_then(|boots| boots.get(&frame.key.boot));
        let Some((tick_us, (known_us, at))) = frame.tick_us.zip(known) else {
            return Some(label).filter(|label| label.is_wall_time());
        };
        let since_us = i128::from(tick_us) - i128::from(*known_us);
        let us = (i128::from(at.us()) + since_us).clamp(i128::from(i64::MIN), i128::from(i64::MAX));
        i64::try_from(us).ok().map(EventTime::from_us)
    }

    /// Moves on to an event time; never back.
    pub(crate) fn advance(&mut self, at: EventTime) {
        self.newest = self.newest.max(Some(at));
    }

    /// Remembers which event time a tick of a device's start stands for.
    pub(crate) fn date(&mut self, device: &str, boot: u64, tick_us: Option<u64>, at: EventTime) {
        let Some(tick_us) = tick_us else { return };
        let boots = match self.dated.get_mut(device) {
            Some(boots) => boots,
            None => self.dated.entry(Arc::from(device)).or_default(),
        };
        boots.insert(boot, (tick_us, at));
        if boots.len() > BOOTS_KEPT {
            boots.pop_first();
        }
    }
}

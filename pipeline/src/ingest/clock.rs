//! The clocks of a machine's devices, as far as admission needs them.

use std::collections::BTreeMap;

use trier_roast::EventTime;

use super::frame::Frame;

/// The newest event time of a machine, and where its devices' ticks stand in event time.
#[derive(Clone, Debug, Default)]
pub struct MachineClock {
    newest: Option<EventTime>,
    /// By device and start: a tick, and the event time it stands for.
    dated: BTreeMap<(String, u64), (u64, EventTime)>,
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
        let start = (frame.key.device.clone(), frame.key.boot);
        let Some((tick_us, (known_us, at))) = frame.tick_us.zip(self.dated.get(&start)) else {
            return Some(label).filter(|label| label.is_wall_time());
        };
        let since_us = i128::from(tick_us) - i128::from(*known_us);
        let us = (i128::from(at.us()) + since_us).clamp(i128::from(i64::MIN), i128::from(i64::MAX));
        i64::try_from(us).ok().map(EventTime::from_us)
    }
}

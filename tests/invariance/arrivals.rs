//! The ways that frames come: late, twice, overtaking each other, in bursts.

use trier_pipeline::ingest::Frame;
use trier_roast::EventTime;

use crate::faults::{Choices, FaultId, Tally};

/// Frames are at most this late within the bound of 30 s, of which a frame itself spans up to 12 s and
/// clocks may differ by 4.
const LATE_S: u64 = 10;

/// One way of arriving.
pub(crate) struct Arrivals(Choices);

/// A frame, when it was said by its place in the day, and when it comes.
struct Coming<'a> {
    frame: &'a Frame,
    comes: EventTime,
}

impl Arrivals {
    pub(crate) fn new(seed: u64, number: u64) -> Self {
        Self(Choices::new(seed, 1 + number))
    }

    /// Nothing is later than the lateness bound allows.
    pub(crate) fn within<'a>(&mut self, frames: &'a [Frame], tally: &mut Tally) -> Vec<&'a Frame> {
        let mut coming = Vec::new();
        let (loss, twice) = (2 + self.0.below(20), 2 + self.0.below(20));
        let clog_s = self.0.seconds(60, 600);
        let clog = frames.get(self.index(frames.len())).map(said);
        for frame in frames {
            let said = said(frame);
            let mut comes = said.plus_s(self.0.seconds(0, LATE_S / 2));
            if self.0.one_in(loss) {
                // Sent again by a device that heard nothing.
                comes = comes.plus_s(self.0.seconds(1, LATE_S / 2));
                tally.count(FaultId::N01, true);
            }
            // While nothing gets through, time stands still for all: what piled up comes in a burst.
            if let Some(from) = clog.filter(|from| *from <= comes && comes < from.plus_s(clog_s)) {
                let until = from.plus_s(clog_s);
                tally.count(FaultId::N04, true);
                let share = comes.since_s(from) / clog_s;
                comes = until.plus_s(share - 1.0);
            }
            coming.push(Coming { frame, comes });
            if self.0.one_in(twice) {
                coming.push(Coming { frame, comes: comes.plus_s(self.0.seconds(0, 3)) });
                tally.count(FaultId::N02, true);
            }
            if self.0.one_in(200) {
                coming.push(Coming { frame, comes: comes.plus_s(self.0.seconds(60, 20_000)) });
                tally.count(FaultId::N06, true);
            }
        }
        in_order(coming, tally)
    }

    /// One device is cut off for minutes to hours, and what it kept comes after what is said then.
    pub(crate) fn beyond_lateness<'a>(&mut self, frames: &'a [Frame], tally: &mut Tally) -> Vec<&'a Frame> {
        let Some(lost) = frames.get(self.index(frames.len())) else { return Vec::new() };
        let from = said(lost);
        let until = from.plus_s(self.0.seconds(120, 7_200));
        let coming = frames.iter().map(|frame| {
            let said = said(frame);
            let is_cut = frame.key.device == lost.key.device && from <= said && said < until;
            let comes = if is_cut { until.plus_s(60.0 + said.since_s(from) / 1e3) } else { said };
            (is_cut, Coming { frame, comes })
        });
        let coming: Vec<(bool, Coming<'a>)> = coming.collect();
        let last = frames.last().map(said);
        tally.count(FaultId::N05, coming.iter().any(|(is_cut, _)| *is_cut) && last > Some(until));
        in_order(coming.into_iter().map(|(_, coming)| coming).collect(), tally)
    }

    fn index(&mut self, of: usize) -> usize {
        usize::try_from(self.0.below(of.max(1) as u64)).expect("an index")
    }
}

/// When a frame was said, by our clock: it was received a second after in the helper that made it.
fn said(frame: &Frame) -> EventTime {
    frame.received_at.plus_s(-1.0)
}

fn in_order<'a>(mut coming: Vec<Coming<'a>>, tally: &mut Tally) -> Vec<&'a Frame> {
    coming.sort_by_key(|coming| coming.comes);
    let overtaken = coming.windows(2).any(|pair| said(pair[0].frame) > said(pair[1].frame));
    tally.count(FaultId::N03, overtaken);
    coming.into_iter().map(|coming| coming.frame).collect()
}

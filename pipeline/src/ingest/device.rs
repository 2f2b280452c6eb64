//! The frames of one device that wait for their turn, and where the device stood before them.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use trier_roast::{EventTime, Mark, Reading, ReadingBody, Sample, Trust};

use super::frame::Frame;
use super::timeline::{Dated, Header, Position, Segment, date, event_times};

/// What orders readings.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) at: EventTime,
    pub(crate) device: Arc<str>,
    /// Of what has no numbering: samples before marks.
    pub(crate) rank: u8,
    pub(crate) position: Position,
    pub(crate) index: usize,
}

/// Samples first, then marks as a roast meets them.
pub(crate) fn rank(body: &ReadingBody) -> u8 {
    match body {
        ReadingBody::Sample(_) => 0,
        ReadingBody::Mark(mark) => 1 + mark.kind as u8,
    }
}

/// A reading whose turn has come.
#[derive(Clone, Debug)]
pub(crate) struct Due {
    /// When it happened (of a mark, when it was announced), and what was said.
    pub(crate) reading: Reading,
    pub(crate) trust: Trust,
    /// Whether the same device said the same of the same instant already.
    pub(crate) is_repeat: bool,
    pub(crate) key: Key,
    /// What has gone of its frame once it has; None where its device has no numbering.
    pub(crate) gone: Option<Gone>,
}

/// What has gone of a frame.
#[derive(Clone, Debug)]
pub(crate) enum Gone {
    /// Its readings up to one of them.
    Part,
    /// All of it, which was dated so.
    Whole(Box<Dated>),
}

impl Due {
    pub(crate) const fn of_envelope(reading: Reading, trust: Trust, key: Key) -> Self {
        Self { reading, trust, is_repeat: false, key, gone: None }
    }

    /// How often the device had started, where it counts that.
    pub(crate) fn boot(&self) -> Option<u64> {
        self.gone.as_ref().map(|_| self.key.position.0)
    }

    pub(crate) fn is_beside(&self, other: &Self) -> bool {
        self.key.at == other.key.at && self.key.device == other.key.device
    }

    pub(crate) fn says_as(&self, other: &Self) -> bool {
        same_body(&self.reading.body, &other.reading.body)
    }
}

/// By bits: −0 is not 0, and NaN is itself.
fn same_body(a: &ReadingBody, b: &ReadingBody) -> bool {
    match (a, b) {
        (ReadingBody::Sample(a), ReadingBody::Sample(b)) => sample_bits(a) == sample_bits(b),
        (ReadingBody::Mark(a), ReadingBody::Mark(b)) => {
            (a.kind, a.at, a.source, a.confidence.to_bits())
                == (b.kind, b.at, b.source, b.confidence.to_bits())
        }
        (ReadingBody::Sample(_), ReadingBody::Mark(_)) | (ReadingBody::Mark(_), ReadingBody::Sample(_)) => {
            false
        }
    }
}

/// The bits of all channels; all of them set for one that was not read.
pub(crate) fn sample_bits(sample: &Sample) -> [u64; 9] {
    let Sample { bt_c, et_c, inlet_c, exhaust_c, drum_c, gas_pct, air_pct, drum_rpm, pops_per_s } = *sample;
    [bt_c, et_c, inlet_c, exhaust_c, drum_c, gas_pct, air_pct, drum_rpm, pops_per_s]
        .map(|value| value.map_or(u64::MAX, f64::to_bits))
}

/// Where a device stood at an instant: after its last frame that had gone, and how many readings of
/// the frame behind that had gone too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stood {
    pub(crate) settled: Option<Dated>,
    pub(crate) gone: Option<(Position, usize)>,
}

/// Where all devices of a machine stood, by name.
pub(crate) type Standing = BTreeMap<Arc<str>, Stood>;

/// A frame that waits, wholly or in part.
#[derive(Clone, Debug)]
pub(crate) struct Waiting {
    header: Header,
    readings: Vec<Reading>,
    trust: Trust,
    /// None while nothing dates it.
    dated: Option<Dated>,
    /// How many of its readings have gone.
    gone: usize,
    /// No reading of it happened before the first of these, none that is left before the second, µs.
    floor_us: i64,
    gone_to_us: i64,
}

impl Waiting {
    fn left(&self) -> usize {
        self.readings.len() - self.gone
    }

    /// Event times of the readings that are left; none while nothing dates it.
    fn times(&self) -> impl Iterator<Item = EventTime> {
        let dated = self.dated.as_ref().into_iter();
        dated.flat_map(|dated| event_times(&self.readings[self.gone..], dated, self.gone_to_us))
    }

    fn next_at(&self) -> Option<EventTime> {
        self.times().next()
    }

    pub(crate) const fn tick_us(&self) -> Option<u64> {
        self.header.tick_us
    }

    /// The first and the last event time in it, and the start it is of; None while nothing dates it.
    pub(crate) fn span(&self) -> Option<(EventTime, EventTime, u64)> {
        let mut times = event_times(&self.readings, self.dated.as_ref()?, self.floor_us);
        let first = times.next()?;
        Some((first, times.last().unwrap_or(first), self.header.position.0))
    }

    fn set(&mut self, dated: Option<Dated>, floor_us: Option<i64>) {
        if self.dated == dated {
            return;
        }
        self.dated = dated;
        let Some(dated) = &self.dated else { return };
        self.floor_us = floor_us.unwrap_or(i64::MIN);
        let gone = event_times(&self.readings[..self.gone], dated, self.floor_us).last();
        self.gone_to_us = gone.map_or(self.floor_us, EventTime::us);
    }

    /// Lets its next reading go, which happened at `at`.
    fn go(&mut self, device: &Arc<str>, at: EventTime) -> Option<Due> {
        let reading = moved(self.readings.get(self.gone)?, at);
        let (position, index) = (self.header.position, self.gone);
        self.gone += 1;
        self.gone_to_us = at.us();
        let whole = self.dated.filter(|_| self.left() == 0);
        let gone = Some(whole.map_or(Gone::Part, |dated| Gone::Whole(Box::new(dated))));
        let key = Key { at, device: Arc::clone(device), rank: 0, position, index };
        Some(Due { reading, trust: self.trust, is_repeat: false, key, gone })
    }
}

/// One device's frames.
#[derive(Clone, Debug, Default)]
pub(crate) struct Device {
    /// Where it stands after the last of its readings that was heard.
    pub(crate) stood: Stood,
    /// In order of position. They come and go at the ends.
    waiting: VecDeque<Waiting>,
    /// Whether frames without a date were let go.
    forgot: bool,
}

impl Device {
    pub(crate) fn standing(stood: Stood) -> Self {
        Self { stood, ..Self::default() }
    }

    /// The frames that wait, in order.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = &Waiting> {
        self.waiting.iter()
    }

    pub(crate) fn newest(&self) -> Option<&Waiting> {
        self.waiting.back()
    }

    pub(crate) fn is_newest(&self, position: Position) -> bool {
        self.newest().is_none_or(|last| last.header.position < position)
    }

    /// Whether readings of this frame, or of one after it, have gone.
    pub(crate) fn is_past(&self, position: Position) -> bool {
        let settled = self.stood.settled.is_some_and(|dated| position <= dated.position);
        let mut later = self.waiting.iter().rev().take_while(|frame| frame.header.position >= position);
        settled || later.any(|frame| frame.gone > 0)
    }

    pub(crate) fn undated(&self) -> usize {
        self.waiting().filter(|frame| frame.dated.is_none()).map(Waiting::left).sum()
    }

    /// Event times of all readings that wait.
    pub(crate) fn times(&self) -> impl Iterator<Item = EventTime> {
        self.waiting().flat_map(Waiting::times)
    }

    /// Lets a frame wait, without a date yet; how many readings wait more than before.
    pub(crate) fn wait(&mut self, frame: &Frame, header: Header) -> usize {
        let partly = self.stood.gone.filter(|(at, _)| *at == header.position);
        let waiting = Waiting {
            header,
            readings: frame.readings.clone(),
            trust: frame.trust,
            dated: None,
            gone: partly.map_or(0, |(_, gone)| gone.min(frame.readings.len())),
            floor_us: i64::MIN,
            gone_to_us: i64::MIN,
        };
        let left = waiting.left();
        // From the newest on: most come in order.
        let before = self.waiting.iter().rposition(|frame| frame.header.position < header.position);
        let place = before.map_or(0, |before| before + 1);
        match self.waiting.get_mut(place).filter(|known| known.header.position == header.position) {
            // The same again can only be a better proof of it.
            Some(known) => left - std::mem::replace(known, waiting).left().min(left),
            None => {
                self.waiting.insert(place, waiting);
                left
            }
        }
    }

    /// Takes a frame back; how many readings of it waited.
    pub(crate) fn forget(&mut self, position: Position) -> usize {
        let place = self.waiting.iter().position(|frame| frame.header.position == position);
        let left = place.and_then(|place| self.waiting.remove(place)).map_or(0, |frame| frame.left());
        self.date();
        left
    }

    /// Takes back all frames that have no date; how many readings of them waited.
    pub(crate) fn forget_undated(&mut self) -> usize {
        let undated = self.undated();
        if undated > 0 {
            self.waiting.retain(|frame| frame.dated.is_some());
            self.forgot = true;
        }
        undated
    }

    /// Dates all frames that wait; the segment of frames that went and would now be dated otherwise.
    fn date(&mut self) -> Option<Segment> {
        let headers: Vec<Header> = self.waiting.iter().map(|frame| frame.header).collect();
        let dating = date(self.stood.settled.as_ref(), &headers);
        let mut floor_us = self.stood.settled.map(|dated| dated.end_us);
        for (frame, dated) in self.waiting.iter_mut().zip(dating.frames) {
            frame.set(dated, floor_us);
            floor_us = dated.map(|dated| dated.end_us).or(floor_us);
        }
        dating.dates_earlier
    }

    /// Dates the newest frame by the one before it; false where that is not all there is to do.
    pub(crate) fn date_newest(&mut self) -> bool {
        let mut backwards = self.waiting.iter_mut().rev();
        let Some(newest) = backwards.next() else { return true };
        let before = match backwards.next() {
            // Where nothing has a date yet, only a label that can be gives one.
            Some(undated) if undated.dated.is_none() => return !newest.header.is_believable,
            Some(frame) => frame.dated,
            None => self.stood.settled,
        };
        let Some(before) = before else { return false };
        let dating = date(Some(&before), &[newest.header]);
        newest.set(dating.frames.first().copied().flatten(), Some(before.end_us));
        dating.dates_earlier.is_none()
    }

    /// Where the newest frame belongs, if that is before `gone_to`.
    pub(crate) fn late_newest(&self, gone_to: Option<EventTime>) -> Option<(EventTime, Position)> {
        let newest = self.newest()?;
        let at = newest.next_at()?;
        gone_to.is_some_and(|to| at < to).then_some((at, newest.header.position))
    }

    /// Dates all frames that wait; the first of them that belongs before `gone_to`, or a frame that
    /// went and would now be dated otherwise.
    pub(crate) fn redate(&mut self, gone_to: Option<EventTime>) -> Option<(EventTime, Position)> {
        if let Some(segment) = self.date() {
            return Some((EventTime::from_us(segment.start_us), segment.first));
        }
        let next = || self.waiting().filter_map(|frame| Some((frame.next_at()?, frame.header.position)));
        if self.forgot
            && let Some((at, _)) = next().min()
        {
            return Some((at, (0, 0)));
        }
        let gone_to = gone_to?;
        next().filter(|(at, _)| *at < gone_to).min()
    }

    /// Takes those of its readings that happened before `until`, in order. Whoever hears
    /// them says so in `stood`.
    pub(crate) fn take(&mut self, name: &Arc<str>, until: Option<EventTime>, out: &mut Vec<Due>) {
        while let Some(frame) = self.waiting.front_mut() {
            let before = frame.gone;
            while let Some(at) = frame.next_at().filter(|at| until.is_none_or(|until| *at < until)) {
                if frame.gone == before {
                    out.reserve(frame.left());
                }
                out.extend(frame.go(name, at));
            }
            if frame.dated.is_none() || frame.left() > 0 {
                break;
            }
            self.waiting.pop_front();
        }
    }
}

/// A reading as it happened at `at`, whatever it was labelled.
fn moved(reading: &Reading, at: EventTime) -> Reading {
    let shift_us = at.us().saturating_sub(reading.at.us());
    let body = match reading.body {
        ReadingBody::Sample(sample) => ReadingBody::Sample(sample),
        ReadingBody::Mark(mark) => {
            let at = EventTime::from_us(mark.at.us().saturating_add(shift_us));
            ReadingBody::Mark(Mark { at, ..mark })
        }
    };
    Reading { at, body }
}

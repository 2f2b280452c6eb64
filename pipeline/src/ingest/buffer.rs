//! The reorder buffer of one machine: frames of all its devices in, readings in order out.
//!
//! The order is by event time, then device, boot, sequence number and place in the frame: content
//! decides it, never arrival. A reading waits until the newest event time is more than the lateness
//! bound ahead. What comes later than that is not taken: the line then reads again from its store.

use std::collections::BTreeMap;
use std::sync::Arc;

use trier_roast::EventTime;

use super::clock::MachineClock;
use super::device::{Device, Due, Key, Standing, Stood, Waiting, rank};
use super::frame::{Form, Frame};
use super::timeline::{Header, Position};

/// What became of a frame given to the buffer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It waits for its turn, or has nothing to wait for.
    Waits,
    /// It belongs before readings that have gone, or dates them otherwise: from this time on, and
    /// from this frame of its device on where that numbers them.
    TooLate { from: EventTime, frame: Option<(Arc<str>, Position)> },
}

/// The reorder buffer.
#[derive(Clone, Debug)]
pub(crate) struct Buffer {
    lateness_s: f64,
    devices: BTreeMap<Arc<str>, Device>,
    envelopes: BTreeMap<Key, Due>,
    clock: MachineClock,
    /// Readings before this have gone.
    gone_to: Option<EventTime>,
    /// Readings that wait.
    held: usize,
}

impl Buffer {
    /// A buffer whose devices stand there, all readings before `gone_to` having gone.
    pub(crate) fn standing(lateness_s: f64, standing: &Standing, gone_to: Option<EventTime>) -> Self {
        let devices = standing.iter().map(|(name, stood)| (Arc::clone(name), Device::standing(*stood)));
        Self {
            lateness_s,
            devices: devices.collect(),
            envelopes: BTreeMap::new(),
            clock: MachineClock::default(),
            gone_to,
            held: 0,
        }
    }

    /// Where the devices stand of which anything was heard.
    pub(crate) fn stood(&self) -> Standing {
        let heard = self.devices.iter().filter(|(_, device)| device.stood != Stood::default());
        heard.map(|(name, device)| (Arc::clone(name), device.stood)).collect()
    }

    /// Where a device stands, for whoever hears a reading of it.
    pub(crate) fn stood_mut(&mut self, name: &str) -> Option<&mut Stood> {
        self.devices.get_mut(name).map(|device| &mut device.stood)
    }

    pub(crate) const fn clock(&self) -> &MachineClock {
        &self.clock
    }

    /// Readings that wait.
    pub(crate) const fn held(&self) -> usize {
        self.held
    }

    /// Readings among them that wait because nothing dates them.
    pub(crate) fn undated(&self) -> usize {
        self.devices.values().map(Device::undated).sum()
    }

    /// Takes a frame in.
    pub(crate) fn insert(&mut self, frame: &Frame) -> Taken {
        match (frame.form, Header::of(frame)) {
            (_, None) => Taken::Waits,
            (Form::Envelope, Some(_)) => self.insert_envelope(frame),
            (Form::Batch, Some(header)) => self.insert_batch(frame, header),
        }
    }

    /// Takes many frames in, in any order; where one is too late for where the buffer stands.
    pub(crate) fn insert_all(&mut self, frames: impl IntoIterator<Item = Frame>) -> Taken {
        let mut late = Taken::Waits;
        for frame in frames {
            match (frame.form, Header::of(&frame)) {
                (_, None) => {}
                (Form::Envelope, Some(_)) => late = earlier(late, self.insert_envelope(&frame)),
                (Form::Batch, Some(header)) => {
                    let device = self.devices.entry(Arc::from(frame.key.device.as_str())).or_default();
                    if !device.is_past(header.position) {
                        self.held += device.wait(&frame, header);
                    }
                }
            }
        }
        for (name, device) in &mut self.devices {
            if let Some((from, first)) = device.redate(self.gone_to) {
                late = earlier(late, Taken::TooLate { from, frame: Some((Arc::clone(name), first)) });
            }
            device.waiting().for_each(|frame| note(&mut self.clock, name, frame));
        }
        late
    }

    fn insert_envelope(&mut self, frame: &Frame) -> Taken {
        let device: Arc<str> = Arc::from(frame.key.device.as_str());
        for reading in &frame.readings {
            if self.gone_to.is_some_and(|to| reading.at < to) {
                return Taken::TooLate { from: reading.at, frame: None };
            }
            let position = (frame.key.boot, frame.key.seq);
            let key = Key {
                at: reading.at,
                device: Arc::clone(&device),
                rank: rank(&reading.body),
                position,
                index: 0,
            };
            let due = Due::of_envelope(*reading, frame.trust, key.clone());
            match self.envelopes.get_mut(&key) {
                // The same again can only be a better proof of it.
                Some(known) => known.trust = known.trust.max(due.trust),
                None => {
                    self.envelopes.insert(key, due);
                    self.held += 1;
                }
            }
            self.clock.advance(reading.at);
        }
        Taken::Waits
    }

    fn insert_batch(&mut self, frame: &Frame, header: Header) -> Taken {
        let name = frame.key.device.as_str();
        let device = match self.devices.get_mut(name) {
            Some(device) => device,
            None => self.devices.entry(Arc::from(name)).or_default(),
        };
        let position = header.position;
        let too_late =
            |from: EventTime, first| Taken::TooLate { from, frame: Some((Arc::from(name), first)) };
        if device.is_past(position) {
            return too_late(self.clock.place(frame).or(self.gone_to).unwrap_or_default(), position);
        }
        let is_newest = device.is_newest(position);
        self.held += device.wait(frame, header);
        let in_line = is_newest && device.date_newest();
        let late = if in_line { device.late_newest(self.gone_to) } else { device.redate(self.gone_to) };
        if let Some((from, first)) = late {
            self.held -= device.forget(position);
            return too_late(from, first);
        }
        if in_line {
            device.newest().into_iter().for_each(|frame| note(&mut self.clock, name, frame));
        } else {
            device.waiting().for_each(|frame| note(&mut self.clock, name, frame));
        }
        Taken::Waits
    }

    /// What waits and happened more than the lateness bound before the newest, in order.
    pub(crate) fn release(&mut self) -> Vec<Due> {
        match self.clock.newest() {
            Some(newest) => self.release_before(Some(newest.plus_s(-self.lateness_s))),
            None => Vec::new(),
        }
    }

    /// Makes room where more than `limit` readings wait: half of that is left. The oldest go before
    /// their time, in order; if that is not enough, those without a date are let go unheard.
    pub(crate) fn make_room(&mut self, limit: usize) -> Vec<Due> {
        if self.held <= limit {
            return Vec::new();
        }
        let dated = self.devices.values().flat_map(Device::times);
        let mut times: Vec<EventTime> = dated.chain(self.envelopes.keys().map(|key| key.at)).collect();
        let leave = limit / 2;
        let due = if times.len() > leave {
            let surplus = (times.len() - leave).min(times.len() - 1);
            let until = *times.select_nth_unstable(surplus).1;
            self.release_before(Some(until))
        } else {
            Vec::new()
        };
        if self.held > limit {
            self.held -= self.devices.values_mut().map(Device::forget_undated).sum::<usize>();
        }
        due
    }

    /// What waits and happened before `until`, in order; all that has a date where that is None.
    pub(crate) fn release_before(&mut self, until: Option<EventTime>) -> Vec<Due> {
        let mut due = Vec::new();
        for (name, device) in &mut self.devices {
            device.take(name, until, &mut due);
        }
        while let Some(first) = self.envelopes.first_entry() {
            if until.is_some_and(|until| first.key().at >= until) {
                break;
            }
            due.push(first.remove());
        }
        due.sort_by(|a, b| a.key.cmp(&b.key));
        find_repeats(&mut due);
        self.held -= due.len();
        self.gone_to = self.gone_to.max(until.or_else(|| due.last().map(|last| last.key.at)));
        due
    }
}

/// The one of both from which on more has to be read again.
fn earlier(a: Taken, b: Taken) -> Taken {
    match (&a, &b) {
        (Taken::Waits, _) => b,
        (Taken::TooLate { from: first, .. }, Taken::TooLate { from: second, .. }) if second < first => b,
        _ => a,
    }
}

/// Marks readings that repeat another of the same device and instant, which gets the better trust:
/// a message that was sent again in other words.
fn find_repeats(due: &mut [Due]) {
    let mut from = 0;
    for index in 1..due.len() {
        if !due[from].is_beside(&due[index]) {
            from = index;
            continue;
        }
        let (before, after) = due.split_at_mut(index);
        let again = &mut after[0];
        let first = before[from..].iter_mut().find(|first| !first.is_repeat && first.says_as(again));
        if let Some(first) = first {
            first.trust = first.trust.max(again.trust);
            again.is_repeat = true;
        }
    }
}

/// Tells the clock what a frame's date says.
fn note(clock: &mut MachineClock, device: &str, frame: &Waiting) {
    if let Some((first, end, boot)) = frame.span() {
        clock.advance(end);
        clock.date(device, boot, frame.tick_us(), first);
    }
}

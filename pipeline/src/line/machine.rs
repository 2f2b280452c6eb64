//! The line itself.

use std::sync::Arc;

use trier_roast::{EventTime, Trust};

use super::replay::{QuietMoment, Replay};
use super::revisions::{Revision, Revisions};
use crate::ingest::{Buffer, Dated, Due, Frame, Gone, MachineClock, REOPEN_S, Standing, Stood, Taken};
use crate::predict::Basis;
use crate::sessionize::{MARK_REACH_S, SILENCE_S};
use crate::stream::{Heard, Outputs, Stream, StreamConfig};

/// A silence longer than this, s of event time, is a quiet moment: nothing goes on across it, so
/// what comes after can be heard again without what came before.
const QUIET_S: f64 = 900.0;

const _: () = assert!(QUIET_S > SILENCE_S && QUIET_S > MARK_REACH_S, "no session reaches across");

/// Skew is told of segments at least this long, s: over less it is jitter.
const SKEW_OVER_S: f64 = 600.0;

/// What is set for a line.
#[derive(Clone, Debug)]
pub struct LineConfig {
    /// Where its rows say that the readings come from, such as the company.
    pub source: Arc<str>,
    /// The machine as its rows name it. Session ids are made from it, so it must be the only one of
    /// this name, such as `site/machine`.
    pub machine: Arc<str>,
    /// How long a reading waits for others that happened before it, s of event time.
    pub lateness_s: f64,
    /// The most readings that wait at once. Where more do, the oldest go before their time.
    pub readings_held_max: usize,
}

impl LineConfig {
    /// The line of `machine` of `source` with the usual bounds: 30 s and 262,144 readings, some 40 MB
    /// when full.
    #[must_use]
    pub const fn of(source: Arc<str>, machine: Arc<str>) -> Self {
        Self { source, machine, lateness_s: 30.0, readings_held_max: 262_144 }
    }
}

/// Something that a person may want to know, beside the rows.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Fact {
    /// From this frame on, a device's labels are off by so much: its clock was set, or had been wrong
    /// when the device started.
    Offset {
        /// The device.
        device: Arc<str>,
        /// Its start and the frame's number.
        position: (u64, u64),
        /// When the frame's last reading happened.
        at: EventTime,
        /// Label less event time, s.
        label_ahead_s: f64,
    },
    /// A device's wall clock ran faster than its tick by so much, over one start.
    Skew {
        /// The device.
        device: Arc<str>,
        /// How often it had started.
        boot: u64,
        /// Parts in a million; negative where the wall clock was slower.
        ppm: f64,
        /// Over how long, s by tick.
        over_s: f64,
    },
    /// More readings waited than may, so the oldest went before their time.
    Crowded {
        /// How many.
        readings: usize,
    },
}

/// What a line puts out.
#[derive(Clone, Debug, Default)]
pub struct LineOut {
    /// Rows of telemetry and marks, in order of event time. Sessions are in `revisions`.
    pub rows: Outputs,
    /// Sessions sealed, changed or withdrawn.
    pub revisions: Vec<Revision>,
    /// What else there is to know.
    pub facts: Vec<Fact>,
}

/// Where the readings given to a line are: given = heard + repeats + waiting, once no replay is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineCounts {
    /// Heard by the stream.
    pub heard: u64,
    /// Left out, as the same device had said the same of the same instant in another message.
    pub repeats: u64,
    /// Waiting for their turn.
    pub waiting: u64,
    /// Among the waiting, those without a date: their device's clock was never set.
    pub undated: u64,
}

/// The pipeline of one machine, from frames to rows.
pub struct Line {
    config: LineConfig,
    buffer: Buffer,
    stream: Option<Stream>,
    last_heard: Option<EventTime>,
    heard: u64,
    repeats: u64,
    /// Quiet moments of the last day, the oldest first; never empty.
    moments: Vec<QuietMoment>,
    revisions: Revisions,
    wanted: Option<Replay>,
}

impl Line {
    /// A line that has heard nothing.
    #[must_use]
    pub fn new(config: LineConfig) -> Self {
        Self {
            buffer: Buffer::standing(config.lateness_s, &Standing::new(), None),
            config,
            stream: None,
            last_heard: None,
            heard: 0,
            repeats: 0,
            moments: vec![QuietMoment::first()],
            revisions: Revisions::default(),
            wanted: None,
        }
    }

    /// A line that goes on from a quiet moment, such as after a restart. It wants what came after that
    /// first: see [`Line::wanted`].
    #[must_use]
    pub fn resume(config: LineConfig, moment: QuietMoment) -> Self {
        let wanted = Some(moment.replay());
        Self { moments: vec![moment], wanted, ..Self::new(config) }
    }

    /// The earliest moment that this line can still go back to by itself. Whoever keeps the latest
    /// answer, with the revisions since, can resume from there.
    #[must_use]
    pub fn earliest(&self) -> Option<&QuietMoment> {
        self.moments.first()
    }

    /// Takes a revision that was put out before, such as before a restart. What comes of the machine's
    /// frames is compared with it: only what is new is put out again.
    pub fn recall(&mut self, revision: Revision) {
        self.revisions.recall(revision);
    }

    /// Takes a frame that was stored, and puts out what can be put in order now.
    ///
    /// Where it comes too late for that, [`Line::wanted`] says so. Repeated frames do no harm.
    pub fn push(&mut self, frame: &Frame, out: &mut LineOut) {
        match self.buffer.insert(frame) {
            Taken::Waits => {}
            Taken::TooLate { from, frame } => self.want(from, frame.as_ref()),
        }
        let due = self.buffer.release();
        self.take(&due, out);
        let crowd = self.buffer.make_room(self.config.readings_held_max);
        if !crowd.is_empty() {
            out.facts.push(Fact::Crowded { readings: crowd.len() });
            self.take(&crowd, out);
        }
    }

    /// Says that a frame given before is no longer to be used, as another has come under its key: its
    /// machine is to be heard again without it.
    pub fn withhold(&mut self, frame: &Frame) {
        let at = self.buffer.clock().place(frame).unwrap_or_default();
        let position = (frame.key.boot, frame.key.seq);
        let device: Arc<str> = Arc::from(frame.key.device.as_str());
        let numbered = (frame.form == crate::ingest::Form::Batch).then_some((device, position));
        self.want(at, numbered.as_ref());
    }

    /// What is to be heard again before its rows are right; None when they are.
    #[must_use]
    pub const fn wanted(&self) -> Option<&Replay> {
        self.wanted.as_ref()
    }

    /// Wants all of its machine again, for what cannot be told otherwise, such as the release of
    /// readings that are days old.
    pub fn want_everything(&mut self) {
        self.wanted = Some(Replay::everything());
    }

    /// Hears again all that [`Line::wanted`] wants, in any order, and puts out what is different. All of it
    /// is held in memory meanwhile.
    ///
    /// Rows of telemetry and marks come again from [`Replay::from`] on, and replace the earlier ones;
    /// of sessions only what is new or changed, as further revisions. Sessions that are no more get a
    /// last revision, [`super::WITHDRAWN`].
    pub fn replay(&mut self, frames: impl IntoIterator<Item = Frame>, out: &mut LineOut) {
        let Some(wanted) = self.wanted.take() else { return };
        if wanted == Replay::everything() {
            self.moments = vec![QuietMoment::first()];
        } else {
            // Moments after the one to begin with may be none any more.
            let kept = self.moments.iter().rposition(|moment| moment.replay() == wanted).unwrap_or(0);
            self.moments.truncate(kept + 1);
        }
        let Some(moment) = self.moments.last() else { return };
        (self.heard, self.repeats) = (moment.heard, moment.repeats);
        let from = moment.at();
        self.buffer = Buffer::standing(self.config.lateness_s, &moment.standing, from);
        self.stream = None;
        self.last_heard = None;
        self.revisions.doubt(from.map(|at| at.plus_s(-QUIET_S)));
        let late = self.buffer.insert_all(frames.into_iter().filter(|frame| wanted.wants(frame)));
        let due = self.buffer.release();
        self.take(&due, out);
        out.revisions.extend(self.revisions.withdraw());
        if let Taken::TooLate { from, frame } = late {
            self.want(from, frame.as_ref());
        }
    }

    /// Ends the line: all that waits is heard, and a session still open is sealed. What has no date
    /// stays unheard.
    pub fn end(mut self, out: &mut LineOut) -> LineCounts {
        let due = self.buffer.release_before(None);
        self.take(&due, out);
        if let Some(stream) = self.stream.take() {
            stream.end(&mut out.rows);
            self.seal(out);
        }
        self.counts()
    }

    /// The clock by which admission tells whether a frame of this machine is late.
    #[must_use]
    pub const fn clock(&self) -> &MachineClock {
        self.buffer.clock()
    }

    /// Where the readings given are.
    #[must_use]
    pub fn counts(&self) -> LineCounts {
        LineCounts {
            heard: self.heard,
            repeats: self.repeats,
            waiting: self.buffer.held() as u64,
            undated: self.buffer.undated() as u64,
        }
    }

    fn want(&mut self, from: EventTime, frame: Option<&(Arc<str>, (u64, u64))>) {
        let moment = self.moments.iter().rev().find(|moment| moment.is_before(from, frame));
        let replay = moment.map_or_else(Replay::everything, QuietMoment::replay);
        let is_earlier = self.wanted.as_ref().is_none_or(|wanted| replay.from < wanted.from);
        if is_earlier {
            self.wanted = Some(replay);
        }
    }

    fn take(&mut self, due: &[Due], out: &mut LineOut) {
        for next in due {
            if next.is_repeat {
                self.repeats += 1;
            } else {
                self.hear(next, out);
            }
            let Some(gone) = &next.gone else { continue };
            let device = &next.key.device;
            let Some(stood) = self.buffer.stood_mut(device) else { continue };
            match gone {
                Gone::Part => stood.gone = Some((next.key.position, next.key.index + 1)),
                Gone::Whole(dated) => {
                    tell_clock(device, stood.settled, **dated, out);
                    *stood = Stood { settled: Some(**dated), gone: None };
                }
            }
        }
    }

    fn hear(&mut self, next: &Due, out: &mut LineOut) {
        let at = next.reading.at;
        if self.last_heard.is_some_and(|last| at.since_s(last) > QUIET_S)
            && let Some(stream) = self.stream.take()
        {
            stream.end_before(at, &mut out.rows);
            self.seal(out);
        }
        if self.stream.is_none() {
            self.begin(at);
        }
        self.last_heard = Some(at);
        self.heard += 1;
        let (samples, marks) = (out.rows.telemetry.len(), out.rows.marks.len());
        let heard = Heard { reading: next.reading, trust: next.trust, boot: next.boot() };
        if let Some(stream) = &mut self.stream {
            stream.hear(heard, &mut out.rows);
        }
        self.seal(out);
        let of_sample = out.rows.telemetry[samples..].last().and_then(|row| row.session_id.as_ref());
        let of_mark = out.rows.marks[marks..].first().and_then(|row| row.session_id.as_ref());
        if let Some(session) = of_sample.or(of_mark) {
            self.revisions.hear(session, &next.reading, next.trust);
        }
    }

    /// Begins a stream at a quiet moment.
    fn begin(&mut self, at: EventTime) {
        // In a replay the moment to begin with is known, and so is the first of all.
        if self.moments.last().is_none_or(|last| last.heard < self.heard) {
            self.moments.push(QuietMoment::before(at, self.buffer.stood(), self.heard, self.repeats));
        }
        self.forget();
        let (source, machine) = (Arc::clone(&self.config.source), Arc::clone(&self.config.machine));
        let config = StreamConfig { source, machine, trust: Trust::default() };
        self.stream = Some(Stream::new(config, Vec::new(), Basis::default()));
    }

    /// Forgets quiet moments that nothing on time can reach any more, and the sessions before them.
    fn forget(&mut self) {
        // What is wanted must still be there when it comes.
        let Some(newest) = self.clock().newest().filter(|_| self.wanted.is_none()) else { return };
        let horizon = newest.plus_s(-REOPEN_S - QUIET_S);
        let reachable = self.moments.iter().rposition(|moment| moment.at().is_none_or(|at| at <= horizon));
        self.moments.drain(..reachable.unwrap_or(0));
        if let Some(at) = self.moments.first().and_then(QuietMoment::at) {
            self.revisions.forget(at);
        }
    }

    /// Numbers the sessions that the stream has sealed.
    fn seal(&mut self, out: &mut LineOut) {
        for row in out.rows.sessions.drain(..) {
            out.revisions.extend(self.revisions.seal(row));
        }
    }
}

/// Tells what the date of a frame says of its device's clock, after that of the frame before.
fn tell_clock(device: &Arc<str>, before: Option<Dated>, now: Dated, out: &mut LineOut) {
    if before.is_some_and(|before| before.position == now.position) {
        return;
    }
    if before.map_or(0, |before| before.shift_us) != now.shift_us {
        let label_ahead_s = EventTime::from_us(0).since_s(EventTime::from_us(now.shift_us));
        let at = EventTime::from_us(now.end_us);
        let device = Arc::clone(device);
        out.facts.push(Fact::Offset { device, position: now.position, at, label_ahead_s });
    }
    let ended = before.filter(|before| before.segment != now.segment);
    if let Some((before, (ppm, over_s))) = ended.and_then(|before| Some((before, before.skew()?)))
        && over_s >= SKEW_OVER_S
    {
        out.facts.push(Fact::Skew { device: Arc::clone(device), boot: before.position.0, ppm, over_s });
    }
}

//! A device that numbers, ticks and labels what it says; and a store in memory that feeds a line.

use std::collections::BTreeMap;
use std::sync::Arc;

use trier_pipeline::ingest::{Form, Frame, FrameKey};
use trier_pipeline::{Fact, Line, LineConfig, LineCounts, LineOut, Revision};
use trier_roast::{EventTime, Mark, Reading, ReadingBody, Trust};
use trier_tables::rows::{MarkRow, TelemetryRow};
use trier_wire::{Batch, BatchMessage, Origin};

/// One start of a device: its wall clock may be off, its tick never is.
pub(crate) struct Start<'a> {
    pub(crate) device: &'a str,
    pub(crate) boot: u64,
    /// When it began, by true time.
    pub(crate) began: EventTime,
    /// How far its wall clock is ahead of true time, µs, at a true time.
    pub(crate) ahead_us: &'a dyn Fn(EventTime) -> i64,
}

impl Start<'_> {
    /// Frames of `readings`, which carry true times: at most so many readings in each. A new one begins
    /// where the wall clock was set, and after a pause.
    pub(crate) fn frames(&self, readings: &[Reading], in_each: usize) -> Vec<Frame> {
        let mut frames: Vec<Frame> = Vec::new();
        let mut cut: Vec<&[Reading]> = Vec::new();
        let mut from = 0;
        for i in 1..=readings.len() {
            let is_over = readings.get(i).is_none_or(|r| self.is_cut(readings[i - 1].at, r.at));
            if i - from == in_each || is_over {
                cut.push(&readings[from..i]);
                from = i;
            }
        }
        for (seq, part) in (0..).zip(cut) {
            let ticks = u64::try_from(part[0].at.us() - self.began.us()).expect("after the start");
            frames.push(self.frame(seq, Some(ticks), part));
        }
        frames
    }

    fn is_cut(&self, from: EventTime, to: EventTime) -> bool {
        let is_set = ((self.ahead_us)(to) - (self.ahead_us)(from)).abs() > 50_000;
        is_set || to.since_s(from) > 10.0
    }

    /// One frame of readings with true times.
    pub(crate) fn frame(&self, seq: u64, tick_us: Option<u64>, readings: &[Reading]) -> Frame {
        let moved = |at: EventTime, by: EventTime| EventTime::from_us(at.us() + (self.ahead_us)(by));
        let labelled = |reading: &Reading| Reading {
            at: moved(reading.at, reading.at),
            body: match reading.body {
                ReadingBody::Sample(sample) => ReadingBody::Sample(sample),
                ReadingBody::Mark(mark) => ReadingBody::Mark(Mark { at: moved(mark.at, reading.at), ..mark }),
            },
        };
        let last = readings.last().expect("a frame has readings").at;
        let readings = readings.iter().map(labelled).collect();
        frame_of(self.device, self.boot, seq, tick_us, readings, last.plus_s(1.0))
    }
}

/// A frame as it would be decoded.
pub(crate) fn frame_of(
    device: &str,
    boot: u64,
    seq: u64,
    tick_us: Option<u64>,
    readings: Vec<Reading>,
    received_at: EventTime,
) -> Frame {
    let origin = Origin { org_id: "trier".into(), site_id: "lab".into(), machine_id: "m1".into() };
    let batch = Batch { origin: origin.clone(), device: device.into(), boot, seq, tick_us, readings };
    let message = BatchMessage::read(&batch.encode().expect("can be written")).expect("can be read");
    Frame {
        key: FrameKey { tenant: "trier".into(), device: device.into(), boot, seq },
        form: Form::Batch,
        origin,
        readings: message.batch.readings,
        tick_us,
        trust: Trust::Unsigned,
        digest: message.digest,
        received_at,
    }
}

/// What a store ends up with.
#[derive(Default)]
pub(crate) struct Kept {
    pub(crate) telemetry: Vec<TelemetryRow>,
    pub(crate) marks: Vec<MarkRow>,
    /// Every revision put out, in order.
    pub(crate) revisions: Vec<Revision>,
    pub(crate) facts: Vec<Fact>,
    pub(crate) replays: usize,
    pub(crate) counts: LineCounts,
}

impl Kept {
    /// The latest revision of each session that stands, without its number.
    pub(crate) fn standing(&self) -> Vec<Revision> {
        let mut latest: BTreeMap<Arc<str>, &Revision> = BTreeMap::new();
        for revision in &self.revisions {
            let before = latest.insert(Arc::clone(&revision.row.session_id), revision);
            assert!(before.is_none_or(|before| before.row.revision + 1 == revision.row.revision));
        }
        let stands = latest.into_values().filter(|revision| &*revision.row.outcome != "withdrawn");
        let mut standing: Vec<Revision> = stands.cloned().collect();
        for revision in &mut standing {
            revision.row.revision = 0;
        }
        standing
    }
}

pub(crate) fn config() -> LineConfig {
    LineConfig::of(Arc::from("trier"), Arc::from("lab/m1"))
}

/// Stores frames in this order and feeds them to a line, which is replayed as soon as it wants to be.
pub(crate) fn feed<'a>(config: LineConfig, frames: impl IntoIterator<Item = &'a Frame>) -> Kept {
    feed_in_groups(config, frames, 1)
}

/// The same, replayed after every so many frames only, as a store does that commits in groups.
pub(crate) fn feed_in_groups<'a>(
    config: LineConfig,
    frames: impl IntoIterator<Item = &'a Frame>,
    in_each: usize,
) -> Kept {
    let mut line = Line::new(config);
    let (mut kept, mut out) = (Kept::default(), LineOut::default());
    let (mut stored, mut given): (BTreeMap<&FrameKey, &Frame>, u64) = (BTreeMap::new(), 0);
    let mut frames = frames.into_iter().enumerate().peekable();
    while let Some((number, frame)) = frames.next() {
        let is_group_over = (number + 1) % in_each == 0 || frames.peek().is_none();
        if stored.insert(&frame.key, frame).is_none() {
            given += frame.n_readings();
            line.push(frame, &mut out);
            kept.append(&mut out);
        }
        if !is_group_over {
            continue;
        }
        for round in 0.. {
            let Some(wanted) = line.wanted().cloned() else { break };
            assert!(round < 20, "replays come to an end");
            kept.replays += 1;
            line.replay(stored.values().map(|frame| (*frame).clone()), &mut out);
            let from_us = wanted.from.map_or(i64::MIN, EventTime::us);
            kept.telemetry.retain(|row| row.t_us < from_us);
            kept.marks.retain(|row| row.t_us < from_us);
            kept.append(&mut out);
        }
        let counts = line.counts();
        assert_eq!(counts.heard + counts.repeats + counts.waiting, given, "{counts:?}");
    }
    kept.counts = line.end(&mut out);
    kept.append(&mut out);
    kept
}

impl Kept {
    fn append(&mut self, out: &mut LineOut) {
        self.telemetry.append(&mut out.rows.telemetry);
        self.marks.append(&mut out.rows.marks);
        self.revisions.append(&mut out.revisions);
        self.facts.append(&mut out.facts);
    }
}

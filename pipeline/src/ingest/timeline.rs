//! A device's timeline: what its labels and its ticks say together about when its readings
//! happened. Not the order among devices.
//!
//! A label is what the wall clock said; that clock is set now and then. A tick counts from the
//! device's start and is never set. Along a device's own numbering, (boot, seq), time follows the
//! label as long as the two clocks advance alike. Where they do not, the wall clock was set: time goes
//! on by the tick, and the difference is kept from then on. So a clock that is set neither cuts nor
//! reorders what was going on. The rules are a function of the frames, not of when they came.

use serde::{Deserialize, Serialize};
use trier_roast::{EventTime, Reading};

use super::admission::{AHEAD_S_MAX, is_believable};
use super::frame::Frame;

/// Two clocks advance alike that differ by less than this, µs: they are read one after the other.
const JITTER_US: i128 = 50_000;

/// Nor are they unlike where one is faster by less than one part in this: quartz is off by 200
/// parts in a million, clocks that are being slewed by up to 2 %.
const SLEW: i128 = 50;

/// A start has this long to get its clock set, µs by tick; the last label it was set to dates it.
pub(crate) const DATING_US: u64 = 600_000_000;

/// After a silence longer than this, µs by tick, the label dates again: nothing goes on across it.
const DATE_AGAIN_US: i128 = 3_600_000_000;

/// How long a device was away that started anew and whose label is behind, µs. Nothing tells; a
/// restart takes about this.
const RESTART_US: i128 = 30_000_000;

/// How long after the frame before one follows whose clock went back without a tick, µs.
const NEXT_US: i128 = 1_000_000;

/// Names a frame among those of one device: its boot and sequence number.
pub(crate) type Position = (u64, u64);

/// What of a frame its device's timeline depends on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Header {
    pub(crate) position: Position,
    pub(crate) tick_us: Option<u64>,
    /// Labels of its first reading and of its latest.
    first_us: i64,
    latest_us: i64,
    /// Whether a clock that was set can have said so.
    pub(crate) is_believable: bool,
    /// No reading happened later than this, since it was received before.
    ceiling_us: i64,
}

impl Header {
    /// None for a frame without readings.
    pub(crate) fn of(frame: &Frame) -> Option<Self> {
        let first = frame.readings.first()?.at;
        let latest = frame.last_label()?;
        Some(Self {
            position: (frame.key.boot, frame.key.seq),
            tick_us: frame.tick_us,
            first_us: first.us(),
            latest_us: latest.us().max(first.us()),
            is_believable: is_believable(first, frame.received_at),
            ceiling_us: frame.received_at.plus_s(AHEAD_S_MAX).us(),
        })
    }
}

/// A frame that has a date, and with it all that the next frame needs of those before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Dated {
    /// The frame.
    pub(crate) position: Position,
    tick_us: Option<u64>,
    first_us: i64,
    latest_us: i64,
    /// Event time less label.
    pub(crate) shift_us: i64,
    /// Event time of its latest reading. None before this is earlier.
    pub(crate) end_us: i64,
    /// The segment that it is in: frames that are dated together.
    pub(crate) segment: Segment,
}

/// Frames of one start that are dated together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Segment {
    /// Its first frame.
    pub(crate) first: Position,
    tick_us: Option<u64>,
    pub(crate) start_us: i64,
    /// The frame whose label dates it.
    dated_by: Position,
}

/// What a frame is to the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Link {
    /// It goes on; the wall clock was set by so much between the two, most often 0.
    On { step_us: i128 },
    /// It begins a segment, this long after the end of the one before unless its label says more.
    New { gap_us: i128 },
}

/// How far two clocks may differ over so long, µs, and still be said to advance alike.
fn alike_us(over_us: i128) -> i128 {
    JITTER_US + over_us / SLEW
}

impl Dated {
    fn link(&self, next: &Header) -> Link {
        if next.position.0 != self.position.0 {
            // Whoever counts microseconds since then was there at least so long.
            return Link::New { gap_us: RESTART_US.max(next.tick_us.map_or(0, i128::from)) };
        }
        let label_us = i128::from(next.first_us) - i128::from(self.first_us);
        let Some((before, after)) = self.tick_us.zip(next.tick_us) else {
            // Without ticks only a clock that went back can be told from time that passed.
            let back_us = i128::from(self.latest_us) - i128::from(next.first_us);
            let step_us = if back_us > NEXT_US { -back_us - NEXT_US } else { 0 };
            return Link::On { step_us };
        };
        let tick_us = i128::from(after) - i128::from(before);
        let silence_us = tick_us - (i128::from(self.latest_us) - i128::from(self.first_us));
        // By its tick it began before the frame ahead of it was over, or at the same instant though not
        // by its label: the tick went back or stands still.
        let span_us = tick_us - silence_us;
        let is_inside = silence_us < -alike_us(span_us) || (tick_us == 0 && label_us.abs() > JITTER_US);
        if is_inside {
            return Link::New { gap_us: NEXT_US };
        }
        if silence_us > DATE_AGAIN_US {
            return Link::New { gap_us: silence_us };
        }
        let step_us = label_us - tick_us;
        Link::On { step_us: if step_us.abs() <= alike_us(tick_us) { 0 } else { step_us } }
    }

    /// How much faster the wall clock runs than the tick, in parts of a million, since the segment
    /// began, and over how many seconds; None where the device counts no ticks.
    pub(crate) fn skew(&self) -> Option<(f64, f64)> {
        let ticks_us = self.tick_us?.checked_sub(self.segment.tick_us?).filter(|us| *us > 0)?;
        let wall_us =
            i128::from(self.first_us) + i128::from(self.shift_us) - i128::from(self.segment.start_us);
        #[allow(clippy::cast_precision_loss)] // Both are under 2^53 µs within a segment.
        let (ticks_us, wall_us) = (ticks_us as f64, wall_us as f64);
        Some(((wall_us / ticks_us - 1.0) * 1e6, ticks_us / 1e6))
    }

    fn of(header: &Header, shift_us: i64, floor_us: Option<i64>, segment: Segment) -> Self {
        let end_us = header.latest_us.saturating_add(shift_us);
        Self {
            position: header.position,
            tick_us: header.tick_us,
            first_us: header.first_us,
            latest_us: header.latest_us,
            shift_us,
            end_us: floor_us.map_or(end_us, |floor| floor.max(end_us)),
            segment,
        }
    }
}

/// What the frames after a mark are dated as.
#[derive(Clone, Debug)]
pub(crate) struct Dating {
    /// One for each frame; None while nothing dates it.
    pub(crate) frames: Vec<Option<Dated>>,
    /// Whether a clock was set soon enough after its start to date what was dated before already:
    /// the segment concerned.
    pub(crate) dates_earlier: Option<Segment>,
}

/// Dates `headers`, which are in order of position and follow `before`.
///
/// A segment is dated by the last label that its clock was set to within its first ten minutes,
/// and that can be; else it follows what came before it. With nothing before it, the first label
/// that can be dates it, whenever that comes; until then its frames have no date. Where the label
/// lies before the end of the segment before, time goes on from there: it never goes back along a
/// device's own numbering.
pub(crate) fn date(before: Option<&Dated>, headers: &[Header]) -> Dating {
    let mut dating = Dating { frames: Vec::with_capacity(headers.len()), dates_earlier: None };
    let mut last = before.copied();
    let mut rest = headers;
    while let (Some(at), Some((next, behind))) = (last, rest.split_first()) {
        let Link::On { step_us } = at.link(next) else { break };
        let segment = at.segment;
        if step_us != 0 && may_date(segment.tick_us, next) && next.position > segment.dated_by {
            dating.dates_earlier.get_or_insert(segment);
        }
        last = Some(Dated::of(next, narrow(i128::from(at.shift_us) - step_us), Some(at.end_us), segment));
        dating.frames.push(last);
        rest = behind;
    }
    while !rest.is_empty() {
        let (steps, length) = relative(rest);
        let gap = |at: Dated| match at.link(&rest[0]) {
            Link::New { gap_us } => (at.end_us, gap_us),
            Link::On { .. } => (at.end_us, NEXT_US),
        };
        let (segment, behind) = rest.split_at(length);
        let marks = date_segment(segment, &steps, last.map(gap));
        last = marks.last().copied().flatten().or(last);
        dating.frames.extend(marks);
        rest = behind;
    }
    dating
}

/// Whether the clock that says so was set in time to date the segment that began at this tick.
fn may_date(began: Option<u64>, header: &Header) -> bool {
    let in_time = began.zip(header.tick_us).is_some_and(|(from, to)| to.saturating_sub(from) <= DATING_US);
    header.is_believable && in_time
}

/// How far the wall clock was set, in all, before each frame of the segment that `headers` begin
/// with, and how many frames that has.
fn relative(headers: &[Header]) -> (Vec<i128>, usize) {
    let mut steps = vec![0];
    for pair in headers.windows(2) {
        // A link looks at what was sent only, so any date will do for it.
        let segment =
            Segment { first: pair[0].position, tick_us: None, start_us: 0, dated_by: pair[0].position };
        let Link::On { step_us } = Dated::of(&pair[0], 0, None, segment).link(&pair[1]) else { break };
        steps.push(steps.last().copied().unwrap_or_default() + step_us);
    }
    let length = steps.len();
    (steps, length)
}

/// Dates one whole segment, which follows an end by a gap where there is one before it.
fn date_segment(headers: &[Header], steps: &[i128], before: Option<(i64, i128)>) -> Vec<Option<Dated>> {
    let Some(first) = headers.first() else { return Vec::new() };
    let is_set = |k: usize| k == 0 || steps[k] != steps[k - 1];
    let in_time = (0..headers.len()).rev().find(|k| {
        is_set(*k) && headers[*k].is_believable && (*k == 0 || may_date(first.tick_us, &headers[*k]))
    });
    let dated_by = match before {
        Some(_) => in_time,
        None => in_time.or_else(|| headers.iter().position(|header| header.is_believable)),
    };
    // By its label the first frame began here, once the clock is set.
    let labelled_us = dated_by.map(|k| i128::from(first.first_us) + steps[k]);
    let start_us = match (labelled_us, before) {
        (Some(us), Some((end_us, _))) if us >= i128::from(end_us) => us,
        // A tick that jumped is no reason to believe in the future.
        (_, Some((end_us, gap_us))) => {
            (i128::from(end_us) + gap_us).min(i128::from(first.ceiling_us.max(end_us)))
        }
        (Some(us), None) => us,
        (None, None) => return vec![None; headers.len()],
    };
    let shift_us = start_us - i128::from(first.first_us);
    let segment = Segment {
        first: first.position,
        tick_us: first.tick_us,
        start_us: narrow(start_us),
        dated_by: headers[dated_by.unwrap_or(0)].position,
    };
    let mut end_us = before.map(|(end_us, _)| end_us);
    headers
        .iter()
        .zip(steps)
        .map(|(header, steps_us)| {
            let mark = Dated::of(header, narrow(shift_us - steps_us), end_us, segment);
            end_us = Some(mark.end_us);
            Some(mark)
        })
        .collect()
}

/// Event times of readings of a frame with this mark, none of which happened before `floor_us`.
pub(crate) fn event_times(
    readings: &[Reading],
    mark: &Dated,
    floor_us: i64,
) -> impl Iterator<Item = EventTime> {
    let shift_us = mark.shift_us;
    readings.iter().scan(floor_us, move |newest_us, reading| {
        *newest_us = (*newest_us).max(reading.at.us().saturating_add(shift_us));
        Some(EventTime::from_us(*newest_us))
    })
}

/// The nearest that event time can hold.
fn narrow(us: i128) -> i64 {
    i64::try_from(us).unwrap_or(if us < 0 { i64::MIN } else { i64::MAX })
}

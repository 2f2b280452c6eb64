//! Trail: the points of one curve's last seconds.
//!
//! Old ones go many at a time. Many machines speak in turn, so what a reading touches has left the processor's
//! caches since the last one, and waiting for it costs more than working with it. Taking a point here touches the
//! newest end only; a ring that drops its oldest point at each new one touches both.

use trier_roast::EventTime;

/// Points beyond twice those that were to be kept, before old ones go.
const SPARE: usize = 32;

/// Points ascending by time, the newest and some that are yet to go among them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trail {
    points: Vec<(EventTime, f64)>,
    /// Here as well, so that asking for it touches no point.
    newest: Option<(EventTime, f64)>,
    /// Old points go when there are this many.
    full: usize,
}

impl Trail {
    /// The newest point; None before the first.
    pub(crate) const fn newest(&self) -> Option<(EventTime, f64)> {
        self.newest
    }

    /// All points there still are.
    pub(crate) fn points(&self) -> &[(EventTime, f64)] {
        &self.points
    }

    /// Index of the first point that is at most `span_s` older than `at`.
    pub(crate) fn since(&self, at: EventTime, span_s: f64) -> usize {
        self.points.partition_point(|(then, _)| at.since_s(*then) > span_s)
    }

    /// Adds a point, which must be later than the newest.
    pub(crate) fn push(&mut self, at: EventTime, c: f64) {
        debug_assert!(self.newest.is_none_or(|(last, _)| last < at), "points come in order of time");
        self.points.push((at, c));
        self.newest = Some((at, c));
    }

    /// Lets points go that are more than `span_s` older than `at`, if there are enough of them to bother; how
    /// many went.
    pub(crate) fn forget(&mut self, at: EventTime, span_s: f64) -> usize {
        if self.points.len() < self.full {
            return 0;
        }
        let old = self.since(at, span_s);
        self.points.drain(..old);
        self.full = 2 * self.points.len() + SPARE;
        old
    }
}

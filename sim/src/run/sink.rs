//! What watches a roast as it runs, and what it gets to see.
//!
//! A run keeps nothing of its past by itself: whoever watches keeps what it wants.

use trier_roast::{EventTime, Mark, Reading, ReadingBody, Sample};

use crate::TruthRow;

use super::row::{Beans, Instant, Names, truth_row};

/// Watches a running roast.
pub trait Sink {
    /// Sees one sample instant, in order of time.
    fn look(&mut self, look: &Look<'_>);
}

/// A roast at one sample instant.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    /// Event time.
    pub at: EventTime,
    /// Seconds since charge; negative before it.
    pub since_charge_s: f64,
    /// What the displays show.
    pub sample: &'a Sample,
    /// True marks so far, in the order they came; the turning point is not among them yet.
    pub marks: &'a [Mark],
    /// When the bean probe's own tip was coldest since charge, s since charge. None while the drum is empty.
    pub coldest_s: Option<f64>,
    pub(super) names: &'a Names,
    pub(super) now: Instant<'a>,
    pub(super) beans: Option<Beans<'a>>,
}

impl Look<'_> {
    /// What is true at this instant, worked out on demand.
    #[must_use]
    pub fn truth(&self) -> TruthRow {
        truth_row(self.names, self.now, self.beans)
    }
}

/// Keeps everything.
#[derive(Clone, Debug, Default)]
pub(super) struct Everything {
    pub readings: Vec<Reading>,
    pub truth: Vec<TruthRow>,
}

impl Sink for Everything {
    fn look(&mut self, look: &Look<'_>) {
        self.readings.push(Reading { at: look.at, body: ReadingBody::Sample(*look.sample) });
        self.truth.push(look.truth());
    }
}

//! Batches, from a scenario and a seed to readings and truth.

mod bare;
mod batch;
mod day;
mod days;
#[cfg(test)]
mod methods;
#[cfg(test)]
mod numerics;
mod rig;
mod row;
mod scores;
mod sink;
mod spread;
mod stall;
mod steered;
#[cfg(test)]
mod together;
mod tray;
mod watch;

use std::sync::Arc;

use trier_roast::{EventTime, Mark, Reading, ReadingBody};

use crate::{TruthMarkRow, TruthRow};

pub use bare::{BareEnd, bare_evaluations, bare_roast, bare_roasts};
pub use days::{Roasts, roast, roasts, score, watch_roast};
pub use scores::Scores;
pub use sink::{Look, Sink};
pub use steered::{MOVING, Settings, Steered};

/// How a batch ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The recipe's drop was reached.
    Dropped,
    /// It was not, within the recording's time.
    TimedOut,
    /// BT turned and has not risen by 1 °C for 300 s since, nor since the last step that the recipe takes by time.
    Stalled,
    /// The beans came near ignition, or the air that meets them got hotter than any machine lets it, and the run
    /// was stopped.
    FireRisk,
}

impl Outcome {
    /// A short name, stable across versions.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Dropped => "dropped",
            Self::TimedOut => "timed_out",
            Self::Stalled => "stalled",
            Self::FireRisk => "fire_risk",
        }
    }
}

/// The worst that the books of heat and mass showed at any step, and their limits.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Closure {
    /// Largest energy residual, share of throughput.
    pub energy: f64,
    /// Largest mass residual, share of green mass.
    pub mass: f64,
    /// Steps checked.
    pub steps: u32,
}

/// Something worth knowing about a batch that its outcome does not say.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Finding {
    /// The empty drum did not get to its charge temperature in the longest pause that was allowed.
    ChargedOffTemperature {
        /// BT shown when it was charged all the same, °C.
        shown_bt_c: f64,
        /// BT that `day.charge_bt_c` asks for, °C.
        wanted_bt_c: f64,
    },
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::ChargedOffTemperature { shown_bt_c, wanted_bt_c } => write!(
                f,
                "charged at {shown_bt_c:.1} °C after the longest pause allowed; {wanted_bt_c:.1} °C did not come"
            ),
        }
    }
}

/// What is known of a batch when it is over, beside what was seen while it ran.
#[derive(Clone, Debug)]
pub struct Ended {
    /// When the beans went in.
    pub charged: EventTime,
    /// When each thing truly happened, in order of time. The turning point is the probe's own, before
    /// noise and display; beans have none.
    pub truth_marks: Vec<Mark>,
    /// The marks that production got to see, in the order of what they are about.
    pub pressed: Vec<Mark>,
    /// How it ended.
    pub outcome: Outcome,
    /// What else is worth knowing.
    pub findings: Vec<Finding>,
    /// How well the books closed.
    pub closure: Closure,
    /// Green coffee in, kg, as weighed.
    pub green_kg: f64,
    /// Mass lost at the end of the recording, after its time in the tray, % of green.
    pub weight_loss_pct: f64,
    /// Water left at the end, kg per kg initial dry.
    pub moisture: f64,
    /// Lightness L* of the beans at the end.
    pub lightness: f64,
}

/// One simulated batch.
#[derive(Clone, Debug)]
pub struct BatchRun {
    /// When the beans went in.
    pub charged: EventTime,
    /// Everything production gets to see, in the order it is said.
    pub readings: Vec<Reading>,
    /// What was true, one row per sample instant.
    pub truth: Vec<TruthRow>,
    /// When each thing truly happened. The turning point is the probe's own, before
    /// noise and display; beans have none.
    pub truth_marks: Vec<Mark>,
    /// How it ended.
    pub outcome: Outcome,
    /// What else is worth knowing.
    pub findings: Vec<Finding>,
    /// How well the books closed.
    pub closure: Closure,
    /// Green coffee in, kg, as weighed.
    pub green_kg: f64,
    /// Mass lost at the end of the recording, after its time in the tray, % of green.
    pub weight_loss_pct: f64,
}

impl BatchRun {
    /// The true marks as rows of the table `truth_marks`, each beside the mark that production got of it.
    #[must_use]
    pub fn truth_mark_rows(&self, source: &Arc<str>, machine: &Arc<str>) -> Vec<TruthMarkRow> {
        let marked = |kind| {
            self.readings.iter().find_map(|reading| match reading.body {
                ReadingBody::Mark(mark) if mark.kind == kind => Some(mark.at),
                _ => None,
            })
        };
        let row = |mark: &Mark| TruthMarkRow {
            marked_t_us: marked(mark.kind).map(EventTime::us),
            marked_late_s: marked(mark.kind).map(|at| at.since_s(mark.at)),
            source: Arc::clone(source),
            machine: Arc::clone(machine),
            kind: mark.kind.name().into(),
            t_us: mark.at.us(),
            since_charge_s: mark.at.since_s(self.charged),
        };
        self.truth_marks.iter().map(row).collect()
    }
}

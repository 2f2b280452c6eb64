//! One batch, from a scenario and a seed to readings and truth.

mod batch;
mod day;
#[cfg(test)]
mod numerics;
mod row;
mod scores;
mod sink;
mod watch;

use std::sync::Arc;

use trier_roast::{EventTime, Mark, Reading, ReadingBody};

use crate::machine::{Load, Plant};
use crate::physics::pressure_pa;
use crate::scenario::Scenario;
use crate::seed::Seed;
use crate::{SimError, TruthMarkRow, TruthRow};

use batch::Batch;
use day::Day;
use scores::Scorer;
use sink::Everything;

pub use scores::Scores;
pub use sink::{Look, Sink};

/// How a batch ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The recipe's drop was reached.
    Dropped,
    /// It was not, within the recording's time.
    TimedOut,
    /// The beans came near ignition and the run was stopped.
    FireRisk,
}

impl Outcome {
    /// A short name, stable across versions.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Dropped => "dropped",
            Self::TimedOut => "timed_out",
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
    /// How well the books closed.
    pub closure: Closure,
    /// Green coffee in, kg, as weighed.
    pub green_kg: f64,
    /// Mass lost at the end, % of green.
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
    /// How well the books closed.
    pub closure: Closure,
    /// Green coffee in, kg, as weighed.
    pub green_kg: f64,
    /// Mass lost at the end, % of green.
    pub weight_loss_pct: f64,
}

impl BatchRun {
    /// The true marks as rows of the table `truth_marks`.
    #[must_use]
    pub fn truth_mark_rows(&self, source: &Arc<str>, machine: &Arc<str>) -> Vec<TruthMarkRow> {
        let row = |mark: &Mark| TruthMarkRow {
            source: Arc::clone(source),
            machine: Arc::clone(machine),
            kind: mark.kind.name().into(),
            t_us: mark.at.us(),
            since_charge_s: mark.at.since_s(self.charged),
        };
        self.truth_marks.iter().map(row).collect()
    }
}

/// Roasts batch `batch` of `scenario` under `seed`.
///
/// Batch `scenario.history_roasts` is the one asked for; those before it are earlier
/// roasts of the machine, of the same recipe unless the scenario says otherwise. The asked batch does not depend on
/// how many came before it.
///
/// # Errors
/// A [`SimError`] when heat, mass or arithmetic stop adding up.
pub fn roast(scenario: &Scenario, seed: u64, batch: u32) -> Result<BatchRun, SimError> {
    let mut kept = Everything::default();
    let ended = watch_roast(scenario, seed, batch, &mut kept)?;
    let Everything { mut readings, truth } = kept;
    let heard = ended.pressed.iter().map(|mark| Reading { at: mark.at, body: ReadingBody::Mark(*mark) });
    readings.extend(heard);
    // Stable: a sample is said before a mark of the same instant.
    readings.sort_by_key(|reading| reading.at);
    Ok(BatchRun {
        charged: ended.charged,
        readings,
        truth,
        truth_marks: ended.truth_marks,
        outcome: ended.outcome,
        closure: ended.closure,
        green_kg: ended.green_kg,
        weight_loss_pct: ended.weight_loss_pct,
    })
}

/// The scores of batch `batch` of `scenario` under `seed`: what [`roast`] gives in numbers, without keeping
/// its curves. A roast that did not drop has scores too; [`Scores::outcome`] says so.
///
/// # Errors
/// As [`roast`].
pub fn score(scenario: &Scenario, seed: u64, batch: u32) -> Result<Scores, SimError> {
    let mut scorer = Scorer::new();
    let ended = watch_roast(scenario, seed, batch, &mut scorer)?;
    Ok(scorer.finish(&ended))
}

/// Roasts as [`roast`] does, under the eyes of `sink`, and keeps nothing else.
///
/// # Errors
/// As [`roast`].
pub fn watch_roast(
    scenario: &Scenario,
    seed: u64,
    batch: u32,
    sink: &mut impl Sink,
) -> Result<Ended, SimError> {
    let earlier = scenario.history_roasts.saturating_sub(batch);
    let charged = scenario.charged_at(batch);
    let scenario = scenario.of_batch(batch);
    let spec = &scenario.machine;
    let seed = Seed::new(seed, &spec.id, earlier);
    let day = Day::draw(scenario, &seed);
    let plant = Plant {
        spec,
        ambient_c: scenario.room.ambient_c + day.ambient_c,
        pressure_pa: pressure_pa(scenario.room.altitude_m),
    };
    let moisture0 = day.lot.moisture_dry();
    // Nobody fills a drum over its rating because the scale was a little off.
    let green_kg = (scenario.charge.mass_kg * day.mass_factor).min(spec.capacity_kg);
    let dry_kg = green_kg / (1.0 + moisture0);
    let load = Load { lot: &day.lot, green_kg, dry_kg, moisture0, green_c: scenario.charge.bean_temp_c };
    Batch::new(scenario, &plant, &load, &day, &seed, charged).run(sink)
}

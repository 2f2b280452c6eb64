//! Batches in order: each by itself, or back to back on a day, with the heat that the one before left.

use trier_roast::{Reading, ReadingBody};

use crate::SimError;
use crate::machine::{Load, Plant};
use crate::physics::pressure_pa;
use crate::scenario::Scenario;
use crate::seed::Seed;

use super::batch::{Batch, Task};
use super::day::Day;
use super::rig::Left;
use super::scores::{Scorer, Scores};
use super::sink::{Everything, Look, Sink};
use super::spread;
use super::{BatchRun, Ended};

/// Roasts batch `batch` of `scenario` under `seed`.
///
/// Batch `scenario.history_roasts` is the one asked for; those before it are earlier
/// roasts of the machine, of the same recipe unless the scenario says otherwise. The asked batch does not depend on
/// how many came before it, but for those of its own day: they are roasted first, and not kept. [`roasts`] gives
/// all of them at the cost of one day.
///
/// # Errors
/// A [`SimError`] when heat, mass or arithmetic stop adding up.
pub fn roast(scenario: &Scenario, seed: u64, batch: u32) -> Result<BatchRun, SimError> {
    let mut kept = Everything::default();
    let ended = watch_roast(scenario, seed, batch, &mut kept)?;
    Ok(batch_run(kept, ended))
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
    let mut left = None;
    for before in scenario.first_of_day().min(batch)..batch {
        left = Some(play(scenario, seed, before, left, &mut Nothing)?.1);
    }
    Ok(play(scenario, seed, batch, left, sink)?.0)
}

/// All batches of `scenario` under `seed` in order, the asked one last: what [`roast`] gives for each, with every
/// roast of a day made once.
#[must_use]
pub fn roasts(scenario: &Scenario, seed: u64) -> Roasts<'_> {
    Roasts { scenario, seed, next: 0, left: None }
}

/// The iterator of [`roasts`]; after an error it ends.
#[derive(Clone, Debug)]
pub struct Roasts<'a> {
    scenario: &'a Scenario,
    seed: u64,
    next: u32,
    left: Option<Left>,
}

impl Roasts<'_> {
    /// The asked roast, which is the last; what is left before it of its day is roasted and not kept.
    ///
    /// # Errors
    /// As [`roast`].
    pub fn asked(mut self) -> Result<BatchRun, SimError> {
        let asked = self.scenario.history_roasts;
        if self.next > asked {
            return roast(self.scenario, self.seed, asked);
        }
        for batch in self.next.max(self.scenario.first_of_day())..asked {
            self.left = Some(play(self.scenario, self.seed, batch, self.left.take(), &mut Nothing)?.1);
        }
        let mut kept = Everything::default();
        let (ended, _) = play(self.scenario, self.seed, asked, self.left, &mut kept)?;
        Ok(batch_run(kept, ended))
    }
}

impl Iterator for Roasts<'_> {
    type Item = Result<BatchRun, SimError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next > self.scenario.history_roasts {
            return None;
        }
        let mut kept = Everything::default();
        let played = play(self.scenario, self.seed, self.next, self.left.take(), &mut kept);
        match played {
            Ok((ended, left)) => {
                self.next += 1;
                self.left = Some(left);
                Some(Ok(batch_run(kept, ended)))
            }
            Err(error) => {
                self.next = u32::MAX;
                Some(Err(error))
            }
        }
    }
}

/// Looks away.
struct Nothing;

impl Sink for Nothing {
    fn look(&mut self, _: &Look<'_>) {}
}

/// Roasts one batch on what the one before `left`, which counts within a day only.
fn play(
    asked: &Scenario,
    seed: u64,
    batch: u32,
    left: Option<Left>,
    sink: &mut impl Sink,
) -> Result<(Ended, Left), SimError> {
    let scenario = asked.of_batch(batch);
    let earlier = asked.history_roasts.saturating_sub(batch);
    let day = asked.day.as_ref().filter(|_| batch >= asked.first_of_day());
    let id = &scenario.machine.id;
    let own = Seed::new(seed, id, earlier);
    let unit = spread::of_unit(&scenario.machine, &own);
    let spec = unit.as_ref();
    // A day's draws are those of its last roast, the asked one.
    let of_day = if day.is_some() { Seed::new(seed, id, 0).counted_as(earlier) } else { own.clone() };
    let drawn = Day::draw(scenario, &own, &of_day, asked.charged_at(batch));
    let plant = Plant {
        spec,
        ambient_c: scenario.room.ambient_c + drawn.ambient_c,
        pressure_pa: pressure_pa(scenario.room.altitude_m),
    };
    let moisture0 = drawn.lot.moisture_dry();
    // Nobody fills a drum over its rating because the scale was a little off.
    let green_kg = (scenario.charge.mass_kg * drawn.mass_factor).min(spec.capacity_kg);
    let dry_kg = green_kg / (1.0 + moisture0);
    let load = Load { lot: &drawn.lot, green_kg, dry_kg, moisture0, green_c: scenario.charge.bean_temp_c };
    let task = Task { scenario, plant: &plant, load: &load, seed: &own, heat_factor: drawn.heat_factor, day };
    let follows = day.zip(left).filter(|_| batch > asked.first_of_day());
    let under_way = match follows {
        Some((day, left)) => Batch::next(task, day, left),
        None => Batch::first(task, drawn.wall_c, &of_day, asked.charged_at(batch)),
    };
    under_way.run(sink)
}

fn batch_run(kept: Everything, ended: Ended) -> BatchRun {
    let Everything { mut readings, mut truth } = kept;
    // A charge that waits for a temperature has no time before it comes.
    let charged_us = ended.charged.us();
    for row in truth.iter_mut().filter(|row| row.t_us < charged_us) {
        row.since_charge_s = trier_roast::EventTime::from_us(row.t_us).since_s(ended.charged);
    }
    let heard = ended.pressed.iter().map(|mark| Reading { at: mark.at, body: ReadingBody::Mark(*mark) });
    readings.extend(heard);
    // Stable: a sample is said before a mark of the same instant.
    readings.sort_by_key(|reading| reading.at);
    BatchRun {
        charged: ended.charged,
        readings,
        truth,
        truth_marks: ended.truth_marks,
        outcome: ended.outcome,
        findings: ended.findings,
        closure: ended.closure,
        green_kg: ended.green_kg,
        weight_loss_pct: ended.weight_loss_pct,
    }
}

//! One batch from lead-in to cooling: machine, operator and probes in step.

use std::sync::Arc;

use trier_roast::{EventTime, Mark, MarkKind, MarkSource, Reading, ReadingBody};

use crate::draw::Draw;
use crate::machine::{
    Books, ENERGY_LIMIT, Inputs, Load, MASS_LIMIT, Plant, STEP_S, STEP_US, State, StepClosure, advance,
    crack_shares, expansion, mean_bean_c,
};
use crate::operator::{Follower, pressed};
use crate::physics::{lightness, pressure_pa};
use crate::probes::{ProbeSet, Wander};
use crate::scenario::Scenario;
use crate::seed::Seed;
use crate::{SimError, TruthRow};

/// Mean bean temperature at colour change, °C (B9: 159.4 ± 1.5 over 12 roasts).
const COLOUR_CHANGE_C: f64 = 159.4;
/// Share of beans cracked when first crack starts, and second (B9).
const CRACK_STARTS: f64 = 0.05;
/// Share of beans cracked when first crack ends (B9).
const CRACK_ENDS: f64 = 0.95;
/// Share of pops that can be heard (p_1 in B9; our estimate).
const AUDIBLE_SHARE: f64 = 0.15;
/// Core temperature at which beans may catch fire, °C (B17).
const FIRE_RISK_C: f64 = 260.0;

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

/// Roasts batch `batch` of `scenario` under `seed`.
///
/// Batch `scenario.history_roasts` is the one asked for; those before it are earlier
/// roasts of the same recipe on the same machine. The asked batch does not depend on
/// how many came before it.
///
/// # Errors
/// A [`SimError`] when heat, mass or arithmetic stop adding up.
pub fn roast(scenario: &Scenario, seed: u64, batch: u32) -> Result<BatchRun, SimError> {
    let earlier = scenario.history_roasts.saturating_sub(batch);
    let spec = if earlier == 0 { &scenario.machine } else { &scenario.earlier_machine };
    let seed = Seed::new(seed, &spec.id, earlier);
    let day = Day::draw(scenario, &seed);
    let plant = Plant {
        spec,
        ambient_c: scenario.room.ambient_c + day.ambient_c,
        pressure_pa: pressure_pa(scenario.room.altitude_m),
    };
    let moisture0 = day.lot.moisture_dry();
    let green_kg = scenario.charge.mass_kg * day.mass_factor;
    let load = Load { lot: &day.lot, green_kg, dry_kg: green_kg / (1.0 + moisture0), moisture0 };
    let charged = scenario.charged_at(batch);
    Batch::new(scenario, &plant, &load, &day, &seed, charged).run()
}

/// What differs from batch to batch (B16).
struct Day {
    ambient_c: f64,
    wall_c: f64,
    heat_factor: f64,
    mass_factor: f64,
    lot: crate::Lot,
}

impl Day {
    fn draw(scenario: &Scenario, seed: &Seed) -> Self {
        let spread = &scenario.machine.spread;
        let normal = |name: &str| seed.stream(name).normal();
        let mut lot = scenario.lot.clone();
        lot.moisture_wet_pct += spread.moisture_wet_pct * normal("batch.moisture");
        Self {
            ambient_c: spread.ambient_c * normal("batch.ambient"),
            wall_c: spread.wall_c * normal("batch.wall"),
            heat_factor: seed.stream("batch.heat").log_normal(spread.heat_share),
            mass_factor: 1.0 + spread.mass_share * normal("batch.mass"),
            lot,
        }
    }
}

/// A batch under way.
struct Batch<'a> {
    scenario: &'a Scenario,
    plant: &'a Plant<'a>,
    load: &'a Load<'a>,
    seed: &'a Seed,
    charged: EventTime,
    heat_factor: f64,
    state: State,
    probes: ProbeSet,
    follower: Follower<'a>,
    burner: Wander,
    air: Wander,
    pops: Draw,
    books: Books,
    stage: Stage,
    /// Steps since charge; negative before it.
    step: i64,
    dose_at_colour_min: Option<f64>,
    cracked_at_row: f64,
    lowest_bt: (f64, i64),
    closure: Closure,
    last: StepClosure,
    readings: Vec<Reading>,
    truth: Vec<TruthRow>,
    truth_marks: Vec<Mark>,
}

/// Where the beans are. Steps are counted from charge.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Stage {
    LeadIn,
    Roasting,
    Cooling { since_step: i64 },
}

impl<'a> Batch<'a> {
    fn new(
        scenario: &'a Scenario,
        plant: &'a Plant<'a>,
        load: &'a Load<'a>,
        day: &Day,
        seed: &'a Seed,
        charged: EventTime,
    ) -> Self {
        let (spec, noise) = (plant.spec, &plant.spec.noise);
        let follower = Follower::new(&scenario.recipe);
        let state = State {
            plenum_c: spec.start.plenum_c + day.wall_c,
            wall_c: spec.start.wall_c + day.wall_c,
            structure_c: spec.start.structure_c + day.wall_c,
            heater_w: steady_heater_w(spec, follower.controls().0),
            ..State::default()
        };
        let (gas_pct, air_pct) = follower.controls();
        let idle = Inputs {
            gas: gas_pct / 100.0,
            air: air_pct / 100.0,
            heat_factor: 1.0,
            air_factor: 1.0,
            load: None,
        };
        Self {
            probes: ProbeSet::settled(plant, &state, &idle, seed),
            burner: Wander::new(noise.burner_share, noise.burner_s, STEP_S, seed.stream("process.burner")),
            air: Wander::new(noise.air_share, noise.air_s, STEP_S, seed.stream("process.air")),
            pops: seed.stream("crack.pops"),
            books: Books::open(plant, &state),
            step: -steps_in(scenario.recording.lead_in_s),
            heat_factor: day.heat_factor,
            stage: Stage::LeadIn,
            dose_at_colour_min: None,
            cracked_at_row: 0.0,
            lowest_bt: (f64::INFINITY, 0),
            closure: Closure::default(),
            last: StepClosure::default(),
            readings: Vec::new(),
            truth: Vec::new(),
            truth_marks: Vec::new(),
            scenario,
            plant,
            load,
            seed,
            charged,
            state,
            follower,
        }
    }

    fn run(mut self) -> Result<BatchRun, SimError> {
        let recording = &self.scenario.recording;
        let interval = steps_in(self.plant.spec.probes.interval_s);
        let outcome = loop {
            if self.step == 0 {
                self.charge();
            }
            if self.step % interval == 0 && self.sample() {
                self.drop();
            }
            match self.stage {
                Stage::Cooling { since_step } if self.step - since_step >= steps_in(recording.cooling_s) => {
                    break Outcome::Dropped;
                }
                Stage::Roasting if self.step >= steps_in(recording.timeout_s) => break Outcome::TimedOut,
                Stage::Roasting if self.state.core_c > FIRE_RISK_C => break Outcome::FireRisk,
                _ => {}
            }
            self.advance()?;
        };
        self.mark_turning_point();
        Ok(self.finish(outcome))
    }

    fn load_now(&self) -> Option<&'a Load<'a>> {
        (self.stage == Stage::Roasting).then_some(self.load)
    }

    fn inputs(&self) -> Inputs<'a> {
        let (gas_pct, air_pct) = self.follower.controls();
        Inputs {
            gas: gas_pct / 100.0,
            air: air_pct / 100.0,
            heat_factor: self.heat_factor * (1.0 + self.burner.value()),
            air_factor: 1.0 + self.air.value(),
            load: self.load_now().map(|load| (load, self.since_charge_s())),
        }
    }

    fn since_charge_s(&self) -> f64 {
        seconds(self.step)
    }

    fn at(&self) -> EventTime {
        EventTime::from_us(self.charged.us() + self.step * STEP_US)
    }

    fn charge(&mut self) {
        let green_c = self.scenario.charge.bean_temp_c;
        self.state = State {
            shell_c: green_c,
            core_c: green_c,
            hottest_c: green_c,
            moisture: self.load.moisture0,
            ..self.state
        };
        self.stage = Stage::Roasting;
        self.books.charge(&self.state, self.load);
        self.mark_truth(MarkKind::Charge, 0.0);
    }

    fn drop(&mut self) {
        self.books.drop(&self.state, self.load);
        self.stage = Stage::Cooling { since_step: self.step };
        self.mark_truth(MarkKind::Drop, self.since_charge_s());
    }

    /// Reads the probes, writes the row of truth, and lets the operator look.
    /// True when the beans are to be dropped now.
    fn sample(&mut self) -> bool {
        let sample = self.probes.read(self.follower.controls(), self.plant.spec.bodies.drum_rpm);
        self.readings.push(Reading { at: self.at(), body: ReadingBody::Sample(sample) });
        let row = self.truth_row();
        self.truth.push(row);
        self.cracked_at_row = self.cracked().0;
        let drop = self.follower.look(self.since_charge_s(), sample.bt_c.unwrap_or(0.0));
        drop && self.stage == Stage::Roasting
    }

    fn cracked(&self) -> (f64, f64) {
        self.load_now().map_or((0.0, 0.0), |load| crack_shares(&self.state, load.lot))
    }

    fn advance(&mut self) -> Result<(), SimError> {
        let inputs = self.inputs();
        let before = self.state;
        let cracked_before = self.cracked();
        self.state = advance(self.plant, &before, &inputs);
        self.step += 1;
        self.check_books()?;
        self.probes.follow(self.plant, &self.state, &inputs);
        self.burner.advance();
        self.air.advance();
        if self.stage == Stage::Roasting {
            self.find_marks(&before, cracked_before);
        }
        Ok(())
    }

    fn check_books(&mut self) -> Result<(), SimError> {
        let since_charge_s = self.since_charge_s();
        if let Some((field, got)) = self.state.first_non_finite() {
            return Err(SimError::NonFinite { field, got, since_charge_s });
        }
        self.last = self.books.balance(self.plant, &self.state, self.load_now());
        let (energy, mass) = (self.last.energy.abs(), self.last.mass.abs());
        if energy > ENERGY_LIMIT {
            return Err(SimError::EnergyOpen { residual: energy, limit: ENERGY_LIMIT, since_charge_s });
        }
        if mass > MASS_LIMIT {
            return Err(SimError::MassOpen { residual: mass, limit: MASS_LIMIT, since_charge_s });
        }
        self.closure.energy = self.closure.energy.max(energy);
        self.closure.mass = self.closure.mass.max(mass);
        self.closure.steps += 1;
        Ok(())
    }

    /// Marks what was crossed during the step just taken, by straight-line interpolation.
    fn find_marks(&mut self, before: &State, cracked_before: (f64, f64)) {
        let mean = (mean_bean_c(before), mean_bean_c(&self.state));
        let (first, second) = self.cracked();
        let crossings = [
            (MarkKind::DryEnd, mean.0, mean.1, COLOUR_CHANGE_C),
            (MarkKind::FirstCrackStart, cracked_before.0, first, CRACK_STARTS),
            (MarkKind::FirstCrackEnd, cracked_before.0, first, CRACK_ENDS),
            (MarkKind::SecondCrackStart, cracked_before.1, second, CRACK_STARTS),
        ];
        for (kind, was, is, limit) in crossings {
            if was < limit && is >= limit && self.truth_marks.iter().all(|m| m.kind != kind) {
                let share = (limit - was) / (is - was);
                self.mark_truth(kind, self.since_charge_s() - STEP_S * (1.0 - share));
                if kind == MarkKind::DryEnd {
                    self.dose_at_colour_min = Some(self.state.dose_min);
                }
            }
        }
        let tip_c = self.probes.bt_element_c();
        if tip_c < self.lowest_bt.0 {
            self.lowest_bt = (tip_c, self.step);
        }
    }

    fn mark_turning_point(&mut self) {
        // A lowest value on the last step means the probe never turned.
        let (_, step) = self.lowest_bt;
        if step > 0 && step + 1 < self.step {
            self.mark_truth(MarkKind::TurningPoint, seconds(step));
        }
    }

    fn mark_truth(&mut self, kind: MarkKind, since_charge_s: f64) {
        let at = self.charged.plus_s((since_charge_s * 1e3).round() / 1e3);
        self.truth_marks.push(Mark { kind, at, source: MarkSource::Device, confidence: 1.0 });
    }

    fn truth_row(&mut self) -> TruthRow {
        let inputs = self.inputs();
        let load = self.load_now();
        let (first, second) = self.cracked();
        // N_b · p_1 · ΔF pops are expected since the last row (B9).
        let pops = load.map(|load| {
            let beans = load.green_kg * 1e3 / load.lot.bean_mass_g;
            f64::from(self.pops.poisson(beans * AUDIBLE_SHARE * (first - self.cracked_at_row).max(0.0)))
        });
        let state = &self.state;
        let with = |value: f64| load.map(|_| value);
        let since_colour_min = self.dose_at_colour_min.map_or(0.0, |at| state.dose_min - at);
        TruthRow {
            source: Arc::from(self.scenario.id.as_str()),
            machine: Arc::from(self.plant.spec.id.as_str()),
            t_us: self.at().us(),
            since_charge_s: self.since_charge_s(),
            heater_w: state.heater_w,
            plenum_c: state.plenum_c,
            outlet_c: self.plant.outlet_c(state, &inputs),
            wall_c: state.wall_c,
            structure_c: state.structure_c,
            bean_shell_c: with(state.shell_c),
            bean_core_c: with(state.core_c),
            bean_mean_c: with(mean_bean_c(state)),
            moisture: with(state.moisture),
            organic_loss: with(state.organic_loss),
            reaction_kj_kg: with(state.reaction_kj_kg),
            dose_min: with(state.dose_min),
            cracked: with(first),
            second_cracked: with(second),
            pops,
            lightness: with(lightness(mean_bean_c(state) / COLOUR_CHANGE_C, since_colour_min)),
            expansion: load.map(|load| expansion(state, load)),
            weight_loss_pct: load.map(|load| weight_loss_pct(state, load)),
            energy_residual: self.last.energy,
            mass_residual: self.last.mass,
        }
    }

    fn finish(mut self, outcome: Outcome) -> BatchRun {
        let drop = self.truth_marks.iter().find(|m| m.kind == MarkKind::Drop).map(|m| m.at);
        let heard = self.truth_marks.iter().filter_map(|mark| {
            let mark = pressed(&self.scenario.operator, self.seed, mark, drop)?;
            Some(Reading { at: mark.at, body: ReadingBody::Mark(mark) })
        });
        self.readings.extend(heard.collect::<Vec<_>>());
        // Stable: a sample is said before a mark of the same instant.
        self.readings.sort_by_key(|reading| reading.at);
        self.truth_marks.sort_by_key(|mark| (mark.at, mark.kind));
        BatchRun {
            charged: self.charged,
            readings: self.readings,
            truth: self.truth,
            truth_marks: self.truth_marks,
            outcome,
            closure: self.closure,
            green_kg: self.load.green_kg,
            weight_loss_pct: weight_loss_pct(&self.state, self.load),
        }
    }
}

/// Mass lost since green, %: WL = 1 − (1 − v + X)/(1 + X0) (B8).
fn weight_loss_pct(state: &State, load: &Load<'_>) -> f64 {
    100.0 * (1.0 - load.dry_kg * (1.0 - state.organic_loss + state.moisture) / load.green_kg)
}

/// The power a heater has settled at under control `gas_pct`, W.
fn steady_heater_w(spec: &crate::MachineSpec, gas_pct: f64) -> f64 {
    let h = &spec.heater;
    h.efficiency * h.power_w * trier_roast::math::pow(gas_pct / 100.0, h.control_exponent)
}

/// Whole steps in `s` seconds, rounded to the nearest.
fn steps_in(s: f64) -> i64 {
    #[allow(clippy::cast_possible_truncation)] // Checked to be under 7,200 s.
    let steps = (s / STEP_S).round() as i64;
    steps
}

/// Seconds that `step` steps take; exact, since a step is a power of two.
fn seconds(step: i64) -> f64 {
    #[allow(clippy::cast_precision_loss)]
    let steps = step as f64;
    steps * STEP_S
}

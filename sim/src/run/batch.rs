//! A batch under way: machine, operator and probes in step, from lead-in to cooling.

use std::sync::Arc;

use trier_roast::{EventTime, MarkKind, math};

use crate::SimError;
use crate::draw::Draw;
use crate::machine::{
    Books, ENERGY_LIMIT, Inputs, Load, MASS_LIMIT, MachineSpec, Plant, STEP_S, STEP_US, State, StepClosure,
    advance, crack_shares,
};
use crate::operator::{Follower, pressed};
use crate::probes::{ProbeSet, Wander};
use crate::scenario::Scenario;
use crate::seed::Seed;

use super::day::Day;
use super::row::{Beans, Instant, Names, lightness_of, weight_loss_pct};
use super::sink::{Look, Sink};
use super::watch::{Sight, Watch};
use super::{Closure, Ended, Outcome};

/// Share of pops that can be heard (p_1 in B9; our estimate).
const AUDIBLE_SHARE: f64 = 0.15;
/// Core temperature at which beans may catch fire, °C (B17).
const FIRE_RISK_C: f64 = 260.0;

/// A batch under way.
pub(super) struct Batch<'a> {
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
    watch: Watch,
    names: Names,
    cracked_at_row: f64,
    closure: Closure,
    last: StepClosure,
}

/// Where the beans are. Steps are counted from charge.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Stage {
    LeadIn,
    Roasting,
    Cooling { since_step: i64 },
}

impl<'a> Batch<'a> {
    pub(super) fn new(
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
            watch: Watch::new(charged),
            names: Names { source: Arc::from(scenario.id.as_str()), machine: Arc::from(spec.id.as_str()) },
            cracked_at_row: 0.0,
            closure: Closure::default(),
            last: StepClosure::default(),
            scenario,
            plant,
            load,
            seed,
            charged,
            state,
            follower,
        }
    }

    /// Roasts to the end under the eyes of `sink`.
    pub(super) fn run(mut self, sink: &mut impl Sink) -> Result<Ended, SimError> {
        let recording = &self.scenario.recording;
        let interval = steps_in(self.plant.spec.probes.interval_s);
        let outcome = loop {
            if self.step == 0 {
                self.charge();
            }
            if self.step % interval == 0 && self.sample(sink) {
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
        let green_c = self.load.green_c;
        self.state = State {
            shell_c: green_c,
            core_c: green_c,
            hottest_c: green_c,
            moisture: self.load.moisture0,
            ..self.state
        };
        self.stage = Stage::Roasting;
        self.books.charge(&self.state, self.load);
        self.watch.charge(self.probes.bt_element_c());
    }

    fn drop(&mut self) {
        self.books.drop(&self.state, self.load);
        self.stage = Stage::Cooling { since_step: self.step };
        self.follower.dropped();
        self.watch.mark(MarkKind::Drop, self.since_charge_s());
    }

    /// Reads the probes, shows them and the truth to `sink`, and lets the operator look.
    /// True when the beans are to be dropped now.
    fn sample(&mut self, sink: &mut impl Sink) -> bool {
        let sample = self.probes.read(self.follower.controls(), self.plant.spec.bodies.drum_rpm);
        let beans = self.beans();
        let (at, since_charge_s) = (self.at(), self.since_charge_s());
        let now = Instant {
            t_us: at.us(),
            since_charge_s,
            state: &self.state,
            outlet_c: self.plant.outlet_c(&self.state, &self.inputs(), 0.0),
            books: self.last,
        };
        let coldest_s = (self.stage == Stage::Roasting).then(|| self.watch.coldest_s());
        let (names, marks) = (&self.names, self.watch.marks());
        sink.look(&Look { at, since_charge_s, sample: &sample, marks, coldest_s, names, now, beans });
        self.cracked_at_row = self.cracked().0;
        let drop = self.follower.look(self.since_charge_s(), sample.bt_c.unwrap_or(0.0));
        drop && self.stage == Stage::Roasting
    }

    fn cracked(&self) -> (f64, f64) {
        self.load_now().map_or((0.0, 0.0), |load| crack_shares(&self.state, load.lot))
    }

    fn advance(&mut self) -> Result<(), SimError> {
        let inputs = self.inputs();
        let before = Sight::of(&self.state, self.cracked());
        self.probes.wander();
        let parts = self.plant.spec.steps.parts;
        for part in 0..parts {
            let inputs = inputs.later(f64::from(part) * STEP_S / f64::from(parts));
            self.state = advance(self.plant, &self.state, &inputs, parts);
            self.probes.follow(self.plant, &self.state, &inputs);
        }
        self.step += 1;
        self.check_books()?;
        self.burner.advance();
        self.air.advance();
        if self.stage == Stage::Roasting {
            let after = Sight::of(&self.state, self.cracked());
            let tip_c = self.probes.bt_element_c();
            self.watch.look(self.since_charge_s(), before, after, self.state.dose_min, tip_c);
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

    /// What is to be told of the beans; draws the pops since the row before.
    fn beans(&mut self) -> Option<Beans<'a>> {
        let (load, cracked) = (self.load_now()?, self.cracked());
        // N_b · p_1 · ΔF pops are expected since the last row (B9).
        let count = load.green_kg * 1e3 / load.lot.bean_mass_g;
        let expected = count * AUDIBLE_SHARE * (cracked.0 - self.cracked_at_row).max(0.0);
        let dose_since_colour_min = self.watch.dose_since_colour_min(self.state.dose_min);
        Some(Beans { load, cracked, pops: self.pops.poisson(expected), dose_since_colour_min })
    }

    fn finish(self, outcome: Outcome) -> Ended {
        let (state, load) = (&self.state, self.load);
        let lightness = lightness_of(state, load, self.watch.dose_since_colour_min(state.dose_min));
        let truth_marks = self.watch.finish();
        let drop = truth_marks.iter().find(|m| m.kind == MarkKind::Drop).map(|m| m.at);
        let press = |mark| pressed(&self.scenario.operator, self.seed, mark, drop);
        Ended {
            charged: self.charged,
            pressed: truth_marks.iter().filter_map(press).collect(),
            truth_marks,
            outcome,
            closure: self.closure,
            green_kg: load.green_kg,
            weight_loss_pct: weight_loss_pct(state, load),
            moisture: state.moisture,
            lightness,
        }
    }
}

/// The power a heater has settled at under control `gas_pct`, W.
fn steady_heater_w(spec: &MachineSpec, gas_pct: f64) -> f64 {
    let h = &spec.heater;
    h.efficiency * h.power_w * math::pow(gas_pct / 100.0, h.control_exponent)
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

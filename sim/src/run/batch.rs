//! A batch under way: machine, operator and probes in step, from lead-in to cooling.

use trier_roast::{EventTime, MarkKind};

use crate::SimError;
use crate::draw::Draw;
use crate::machine::{
    ENERGY_LIMIT, Inputs, Load, MASS_LIMIT, Plant, STEP_S, STEP_US, State, StepClosure, Stepper,
    crack_shares, cut,
};
use crate::operator::{Follower, pressed};
use crate::probes::Due;
use crate::scenario::{RoastingDay, Scenario};
use crate::seed::Seed;

use super::rig::{Left, Rig};
use super::row::{Beans, Instant, Names, lightness_of, weight_loss_pct};
use super::sink::{Look, Sink};
use super::stall::Stall;
use super::watch::{Sight, Watch};
use super::{Closure, Ended, Finding, Outcome, tray};

/// Share of pops that can be heard (p_1 in B9; our estimate).
const AUDIBLE_SHARE: f64 = 0.15;
/// Core temperature at which beans may catch fire, °C (B17).
const FIRE_RISK_C: f64 = 260.0;
/// Air that a machine's own limiter would not have let into the drum, °C: a heater without a fan. Our estimate;
/// the hottest inlet of a shipped roast is 400.
const HOTTEST_AIR_C: f64 = 800.0;

/// BT this close to the charge temperature is there, °C.
const CHARGE_CLOSE_C: f64 = 0.5;

/// What a batch is of: fixed while it runs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Task<'a> {
    pub scenario: &'a Scenario,
    pub plant: &'a Plant<'a>,
    pub load: &'a Load<'a>,
    /// The root of this batch's own draws.
    pub seed: &'a Seed,
    /// Factor on heat delivered.
    pub heat_factor: f64,
    /// The day it belongs to, if roasts follow each other.
    pub day: Option<&'a RoastingDay>,
}

/// A batch under way.
pub(super) struct Batch<'a> {
    task: Task<'a>,
    /// When step 0 is: at charge, or before it at the earliest charge there may be.
    origin: EventTime,
    rig: Rig,
    stepper: Stepper<'a>,
    follower: Follower<'a>,
    /// Controls in force before the recipe's, %, and from which step on it is the recipe's.
    waiting: Option<((f64, f64), i64)>,
    /// BT above the temperature to charge at when last looked at, and the time before, °C.
    charge_gap_c: [f64; 2],
    stage: Stage,
    /// Steps since [`Self::origin`]; negative before it.
    step: i64,
    watch: Watch,
    names: Names,
    cracked_at_row: f64,
    /// The step of that row.
    row_step: i64,
    findings: Vec<Finding>,
    closure: Closure,
    last: StepClosure,
}

/// Where the beans are. Steps are counted from charge.
#[derive(Clone, Debug)]
enum Stage {
    LeadIn,
    Roasting {
        pops: Draw,
        stall: Stall,
    },
    /// In the tray.
    Cooling {
        since_step: i64,
        beans: State,
    },
}

impl<'a> Batch<'a> {
    /// A batch that starts from the machine's `[start]`, or from a cold machine that the day preheats, and is
    /// charged at `charged` or, where it waits for a temperature, not before.
    ///
    /// - `metal_c`: temperature of all metal above its nominal one; `seed`: root of the draws that go on.
    pub(super) fn first(task: Task<'a>, metal_c: f64, seed: &Seed, charged: EventTime) -> Self {
        let lead_in = steps_in(task.scenario.recording.lead_in_s);
        let preheat = task.day.filter(|day| day.preheat_s > 0.0);
        let Some(day) = preheat else {
            let controls_pct =
                Follower::new(&task.scenario.recipe, &task.scenario.operator, task.seed).controls();
            let rig = Rig::idling(task.plant, metal_c, controls_pct, seed);
            return Self::new(task, rig, charged, -lead_in, None);
        };
        let controls_pct = (day.preheat_gas_pct, day.preheat_air_pct);
        let rig = Rig::cold(task.plant, metal_c, controls_pct, seed);
        Self::new(task, rig, charged, -steps_in(day.preheat_s), Some((controls_pct, -lead_in)))
    }

    /// A batch that follows another of `day` on the rig as that one `left` it.
    pub(super) fn next(task: Task<'a>, day: &RoastingDay, mut left: Left) -> Self {
        left.rig.probes.restart_clock();
        let mut idle = Follower::new(&task.scenario.recipe, &task.scenario.operator, task.seed);
        idle.dropped();
        let origin = left.dropped.plus_s(day.pause_s);
        let step = left.idle_steps - steps_in(day.pause_s);
        Self::new(task, left.rig, origin, step, Some((idle.controls(), i64::MAX)))
    }

    fn new(
        task: Task<'a>,
        rig: Rig,
        origin: EventTime,
        step: i64,
        waiting: Option<((f64, f64), i64)>,
    ) -> Self {
        let (source, machine) = (task.scenario.id.as_str(), task.plant.spec.id.as_str());
        Self {
            follower: Follower::new(&task.scenario.recipe, &task.scenario.operator, task.seed),
            stepper: Stepper::new(task.plant),
            charge_gap_c: [f64::NAN; 2],
            stage: Stage::LeadIn,
            watch: Watch::new(origin),
            names: Names::new(source, machine),
            cracked_at_row: 0.0,
            row_step: step,
            findings: Vec::new(),
            closure: Closure::default(),
            last: StepClosure::default(),
            task,
            origin,
            rig,
            waiting,
            step,
        }
    }

    /// Roasts to the end under the eyes of `sink`.
    pub(super) fn run(mut self, sink: &mut impl Sink) -> Result<(Ended, Left), SimError> {
        let recording = &self.task.scenario.recording;
        let interval = steps_in(self.task.plant.spec.probes.interval_s);
        // What a batch before this one has shown of this instant is not shown again.
        let mut is_new = self.rig.state.heat_in_j.to_bits() == 0;
        let outcome = loop {
            self.waiting = self.waiting.filter(|(_, until)| self.step < *until);
            if matches!(self.stage, Stage::LeadIn) && self.is_time_to_charge(interval) {
                self.charge();
            }
            if is_new
                && let Some(due) = self.rig.probes.due(self.step)
                && self.sample(due, sink)
            {
                self.drop(true);
            }
            is_new = true;
            match &self.stage {
                Stage::Cooling { since_step, .. }
                    if self.step - since_step >= steps_in(recording.cooling_s) =>
                {
                    break Outcome::Dropped;
                }
                Stage::Roasting { .. } if self.step >= steps_in(recording.timeout_s) => {
                    break Outcome::TimedOut;
                }
                Stage::Roasting { .. } if is_fire_risk(&self.rig.state) => break Outcome::FireRisk,
                Stage::Roasting { stall, .. } if stall.is_stalled(&self.task.scenario.recipe) => {
                    break Outcome::Stalled;
                }
                _ => {}
            }
            self.advance()?;
        };
        Ok(self.finish(outcome))
    }

    /// The beans in the drum.
    fn load_now(&self) -> Option<&'a Load<'a>> {
        self.is_roasting().then_some(self.task.load)
    }

    /// Heat and air controls in force, %.
    fn controls_pct(&self) -> (f64, f64) {
        self.waiting.map_or_else(|| self.follower.controls(), |(controls_pct, _)| controls_pct)
    }

    fn inputs(&self) -> Inputs<'a> {
        let (gas_pct, air_pct) = self.controls_pct();
        Inputs {
            gas: gas_pct / 100.0,
            air: air_pct / 100.0,
            drum: self.follower.drum_pct() / 100.0,
            door_open: self.door_open(),
            heat_factor: self.task.heat_factor * (1.0 + self.rig.burner.value()),
            air_factor: 1.0 + self.rig.air.value(),
            load: self.load_now().map(|load| (load, self.since_charge_s())),
        }
    }

    fn is_roasting(&self) -> bool {
        matches!(self.stage, Stage::Roasting { .. })
    }

    /// The beans in the tray, if they are there.
    fn in_tray(&self) -> Option<&State> {
        if let Stage::Cooling { beans, .. } = &self.stage { Some(beans) } else { None }
    }

    /// Whether the door stands open, after charge or after drop (B12).
    fn door_open(&self) -> bool {
        let opened_step = match self.stage {
            Stage::LeadIn => return false,
            Stage::Roasting { .. } => 0,
            Stage::Cooling { since_step, .. } => since_step,
        };
        seconds(self.step - opened_step) < self.task.plant.spec.door.open_s
    }

    fn since_charge_s(&self) -> f64 {
        seconds(self.step)
    }

    fn at(&self) -> EventTime {
        EventTime::from_us(self.origin.us() + self.step * STEP_US)
    }

    /// Whether the drum is as the day wants it; the operator sees what the display showed last.
    fn is_time_to_charge(&mut self, interval: i64) -> bool {
        if self.step < 0 {
            return false;
        }
        let Some((day, wanted_bt_c)) = self.task.day.and_then(|day| Some((day, day.charge_bt_c?))) else {
            return self.step == 0;
        };
        if self.step % interval != 0 {
            return false;
        }
        let [gap_c, before_c] = self.charge_gap_c;
        if gap_c.abs() <= CHARGE_CLOSE_C || gap_c * before_c < 0.0 {
            return true;
        }
        let is_late = self.step >= steps_in(day.pause_s_max - day.pause_s);
        if is_late {
            let shown_bt_c = wanted_bt_c + gap_c;
            self.findings.push(Finding::ChargedOffTemperature { shown_bt_c, wanted_bt_c });
        }
        is_late
    }

    fn charge(&mut self) {
        if self.step != 0 {
            self.rig.probes.restart_clock();
        }
        self.origin = self.at();
        (self.row_step, self.step) = (self.row_step - self.step, 0);
        self.waiting = None;
        let green_c = self.task.load.green_c;
        let empty = &self.rig.state;
        self.rig.state = State {
            shell_c: green_c,
            core_c: green_c,
            hottest_c: green_c,
            moisture: self.task.load.moisture0,
            organic_loss: 0.0,
            reaction_kj_kg: 0.0,
            dose_min: 0.0,
            evaporated: 0.0,
            flashed: 0.0,
            gassed: 0.0,
            ..*empty
        };
        self.stage = Stage::Roasting { pops: self.task.seed.stream("crack.pops"), stall: Stall::new() };
        self.rig.probes.charged();
        self.rig.books.charge(&self.rig.state, self.task.load);
        self.watch = Watch::new(self.origin);
        self.watch.charge(self.rig.probes.bt_element_c());
    }

    /// Moves the beans to the tray; a roast that is given up has no mark of it.
    fn drop(&mut self, is_marked: bool) {
        self.rig.books.drop(&self.rig.state, self.task.load);
        self.stage = Stage::Cooling { since_step: self.step, beans: self.rig.state };
        self.follower.dropped();
        if is_marked {
            self.watch.mark(MarkKind::Drop, self.since_charge_s());
        }
    }

    /// Reads the probes, shows them and the truth to `sink`, and lets the operator look; a lost sample shows
    /// nothing to anybody. True when the beans are to be dropped now.
    ///
    /// A sample's stamp is its own; truth is of the end of the step that it falls into.
    fn sample(&mut self, due: Due, sink: &mut impl Sink) -> bool {
        let plant = self.task.plant;
        let drum_rpm = plant.spec.bodies.drum_rpm * (self.follower.drum_pct() / 100.0);
        let Some(sample) = self.rig.probes.read(due, self.controls_pct(), drum_rpm) else { return false };
        let pops = self.pops_since_row();
        let now = Instant {
            t_us: self.at().us(),
            since_charge_s: self.since_charge_s(),
            state: &self.rig.state,
            outlet_c: self.rig.state.outlet_c,
            books: self.last,
        };
        let coldest_s = self.is_roasting().then(|| self.watch.coldest_s());
        let (names, marks, beans) = (&self.names, self.watch.marks(), self.beans(pops));
        let (at, since_charge_s) = (due.of(now.t_us), now.since_charge_s - due.before_s());
        sink.look(&Look { at, since_charge_s, sample: &sample, marks, coldest_s, names, now, beans });
        (self.cracked_at_row, self.row_step) = (self.cracked().0, self.step);
        let bt_c = sample.bt_c.unwrap_or(0.0);
        if let Some(wanted_bt_c) = self.task.day.and_then(|day| day.charge_bt_c) {
            self.charge_gap_c = [bt_c - wanted_bt_c, self.charge_gap_c[0]];
        }
        // While a charge waits for its temperature the recipe has not begun.
        if matches!(self.stage, Stage::LeadIn) && (self.waiting.is_some() || self.step >= 0) {
            return false;
        }
        let drop = self.follower.look(since_charge_s, bt_c);
        let Stage::Roasting { stall, .. } = &mut self.stage else { return false };
        stall.look(since_charge_s, bt_c);
        drop
    }

    /// Shares of beans cracked in the drum.
    fn cracked(&self) -> (f64, f64) {
        self.load_now().map_or((0.0, 0.0), |load| crack_shares(&self.rig.state, load.lot))
    }

    fn advance(&mut self) -> Result<(), SimError> {
        let inputs = self.inputs();
        let before = Sight::of(&self.rig.state, self.cracked());
        let (plant, rig) = (self.task.plant, &mut self.rig);
        rig.probes.wander();
        for (inputs, part_s) in cut(&inputs, self.stepper.parts(&inputs)) {
            rig.state = self.stepper.advance(&rig.state, &inputs, part_s);
            rig.probes.follow(plant, &rig.state, &inputs, part_s);
        }
        if let Stage::Cooling { beans, .. } = &mut self.stage {
            *beans = tray::cool(plant, beans, self.task.load, STEP_S);
        }
        self.step += 1;
        self.check_books()?;
        self.rig.burner.advance();
        self.rig.air.advance();
        if self.is_roasting() {
            let after = Sight::of(&self.rig.state, self.cracked());
            let tip_c = self.rig.probes.bt_element_c();
            self.watch.look(self.since_charge_s(), before, after, self.rig.state.dose_min, tip_c);
        }
        Ok(())
    }

    fn check_books(&mut self) -> Result<(), SimError> {
        let since_charge_s = self.since_charge_s();
        let state = &self.rig.state;
        let found = [Some(state), self.in_tray()].into_iter().flatten().find_map(State::first_non_finite);
        if let Some((field, got)) = found {
            return Err(SimError::NonFinite { field, got, since_charge_s });
        }
        self.last = self.rig.books.balance(self.task.plant, state, self.load_now());
        if let Some(beans) = self.in_tray() {
            self.last.mass = tray::mass_residual(beans, self.task.load);
        }
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

    /// Pops heard since the row before.
    fn pops_since_row(&mut self) -> u32 {
        let (load, cracked) = (self.task.load, self.cracked().0);
        let Stage::Roasting { pops, .. } = &mut self.stage else { return 0 };
        // N_b · p_1 · ΔF pops are expected since the last row (B9).
        let beans = load.green_kg * 1e3 / load.lot.bean_mass_g;
        let expected = beans * AUDIBLE_SHARE * (cracked - self.cracked_at_row).max(0.0);
        pops.poisson(expected)
    }

    /// What is to be told of the beans, in the drum or in the tray.
    fn beans(&self, pops: u32) -> Option<Beans<'_>> {
        let (load, in_drum) = (self.task.load, self.is_roasting());
        let state = if in_drum { &self.rig.state } else { self.in_tray()? };
        let cracked = crack_shares(state, load.lot);
        Some(Beans {
            load,
            state,
            in_drum,
            cracked,
            cracked_before: if in_drum { self.cracked_at_row } else { cracked.0 },
            row_s: seconds((self.step - self.row_step).max(1)),
            pops,
            dose_since_colour_min: self.watch.dose_since_colour_min(state.dose_min),
        })
    }

    fn finish(mut self, outcome: Outcome) -> (Ended, Left) {
        if self.is_roasting() {
            self.drop(false);
        }
        let Stage::Cooling { since_step, beans } = self.stage else {
            unreachable!("a run ends after its charge")
        };
        let dropped = EventTime::from_us(self.origin.us() + since_step * STEP_US);
        let left = Left { rig: self.rig, dropped, idle_steps: self.step - since_step };
        let Task { scenario, seed, load, .. } = self.task;
        let state = &beans;
        let dose_since_colour_min = self.watch.dose_since_colour_min(state.dose_min);
        let truth_marks = self.watch.finish();
        let drop = truth_marks.iter().find(|m| m.kind == MarkKind::Drop).map(|m| m.at);
        let door_switch = self.task.plant.spec.door_switch;
        let press = |mark| pressed(&scenario.operator, seed, mark, drop, door_switch);
        let ended = Ended {
            charged: self.origin,
            pressed: truth_marks.iter().filter_map(press).collect(),
            truth_marks,
            outcome,
            findings: self.findings,
            closure: self.closure,
            green_kg: load.green_kg,
            weight_loss_pct: weight_loss_pct(state, load),
            moisture: state.moisture,
            lightness: lightness_of(state, load, dose_since_colour_min),
        };
        (ended, left)
    }
}

/// Whether beans or the air that meets them are too hot to go on.
fn is_fire_risk(state: &State) -> bool {
    state.core_c > FIRE_RISK_C || state.plenum_c > HOTTEST_AIR_C
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

#[cfg(test)]
mod tests {
    use super::super::day::Day;
    use super::super::scores::Scorer;
    use super::*;

    #[test]
    fn a_running_roast_is_small() {
        // What a roast holds while it runs and is only scored, but for its share of scenario and machine; the
        // true marks it has made, seven at most, lie elsewhere. So do a microphone, probes that drift and hands
        // that err, where a machine or an operator has them: 100 to 200 bytes each.
        // One root of draws: that of its day has served when it begins.
        let marks = 7 * size_of::<trier_roast::Mark>();
        let bytes =
            size_of::<Batch<'_>>() + size_of::<Scorer>() + size_of::<Day>() + size_of::<Seed>() + marks;
        assert!(bytes <= 4 * 1024, "{bytes} bytes");
    }
}

//! A roast led from outside, step by step and without noise: the plant for whoever models a roast under way.
//!
//! Physics as in a free run of calibration, in steps of up to a second; the bean probe is its lag alone. What
//! moves can be read and put, so that several of these can be averaged; operators, noise and books are not here.

use trier_roast::math;

use crate::machine::{Inputs, Load, MachineSpec, Plant, STEP_S, State, Stepper, crack_shares};
use crate::physics::{Lot, pressure_pa};
use crate::probes::bt_touches_c;
use crate::scenario::{Charge, Room};

/// Longest step while the charge spreads, and after it, s: as calibration takes them, within 0.2 °C of the shipped.
const STEPS_S: (f64, f64) = (0.5 * STEP_S, 1.0);
/// When the charge has spread, in time constants of filling.
const SPREAD: f64 = 6.0;
/// Metal is not taken for warmer than its `[start]` by more than this, °C: a probe that shows more is not in it.
const WARMER_C_MAX: f64 = 60.0;
/// A bean this hot is no roast, °C.
const CORE_C_MAX: f64 = 400.0;

/// What the controls are set to, shares of full and of the nominal speed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Heat, 0 to 1.
    pub gas: f64,
    /// Air, 0 to 1.
    pub air: f64,
    /// Drum speed, 1 is nominal.
    pub drum: f64,
}

/// How many numbers move: the length of what [`Steered::moving`] gives.
pub const MOVING: usize = 14;

/// The bean probe: what it touches, and its one or two lags behind that, °C.
#[derive(Clone, Copy, Debug, Default)]
struct Tip {
    touched_c: f64,
    first_c: f64,
    element_c: f64,
}

impl Tip {
    /// Follows to `touched_c` over `step_s`, exactly for one lag behind a straight line.
    fn follow(&mut self, touched_c: f64, step_s: f64, lags_s: (f64, f64)) {
        let before_c = self.first_c;
        self.first_c = lagged(before_c, (self.touched_c, touched_c), step_s, lags_s.0);
        self.element_c = if lags_s.1 > 0.0 {
            lagged(self.element_c, (before_c, self.first_c), step_s, lags_s.1)
        } else {
            self.first_c
        };
        self.touched_c = touched_c;
    }
}

/// One lag behind a straight line from `g0` to `g1`.
fn lagged(was: f64, (g0, g1): (f64, f64), step_s: f64, lag_s: f64) -> f64 {
    let trail = lag_s / step_s * (g1 - g0);
    g1 - trail + math::exp(-step_s / lag_s) * (was - g0 + trail)
}

/// BT of the empty machine at its `[start]`, °C.
fn shown_empty_c(machine: &MachineSpec, ambient_c: f64, pressure_pa: f64, settings: &Settings) -> f64 {
    let plant = Plant { spec: machine, ambient_c, pressure_pa };
    let start = &machine.start;
    let state = State {
        plenum_c: start.plenum_c,
        wall_c: start.wall_c,
        structure_c: start.structure_c,
        ..State::default()
    };
    let empty = Inputs {
        gas: settings.gas,
        air: settings.air,
        drum: settings.drum,
        door_open: false,
        heat_factor: 1.0,
        air_factor: 1.0,
        load: None,
    };
    let state = State { outlet_c: plant.outlet_c(&state, &empty, 0.0), ..state };
    bt_touches_c(&plant, &state, 0.0) + machine.probes.bt.bias_c
}

/// A charged drum under settings that somebody else chooses.
#[derive(Clone, Debug)]
pub struct Steered {
    machine: MachineSpec,
    lot: Lot,
    charge: Charge,
    ambient_c: f64,
    pressure_pa: f64,
    state: State,
    tip: Tip,
    since_charge_s: f64,
}

impl Steered {
    /// The beans have just gone in, and the bean probe shows `bt_c`.
    ///
    /// The heater has settled. Metal is as much warmer than the machine's `[start]` as BT is than that would show, but by
    /// 60 °C at most, and no cooler than the room; the structure half as much.
    #[must_use]
    pub fn charged(
        machine: MachineSpec,
        lot: Lot,
        charge: Charge,
        room: &Room,
        settings: &Settings,
        bt_c: f64,
    ) -> Self {
        let (start, heater) = (&machine.start, &machine.heater);
        let pressure_pa = pressure_pa(room.altitude_m);
        let warmer_c = bt_c - shown_empty_c(&machine, room.ambient_c, pressure_pa, settings);
        let warmer_c = warmer_c.min(WARMER_C_MAX);
        let stands_c = |start_c: f64, share: f64| (start_c + share * warmer_c).max(room.ambient_c);
        let state = State {
            heater_w: heater.efficiency * heater.power_w * math::pow(settings.gas, heater.control_exponent),
            plenum_c: stands_c(start.plenum_c, 1.0),
            wall_c: stands_c(start.wall_c, 1.0),
            structure_c: stands_c(start.structure_c, 0.5),
            shell_c: charge.bean_temp_c,
            core_c: charge.bean_temp_c,
            hottest_c: charge.bean_temp_c,
            moisture: lot.moisture_dry(),
            ..State::default()
        };
        let at_c = bt_c - machine.probes.bt.bias_c;
        let tip = Tip { touched_c: at_c, first_c: at_c, element_c: at_c };
        Self { machine, lot, charge, ambient_c: room.ambient_c, pressure_pa, state, tip, since_charge_s: 0.0 }
    }

    /// The machine, for numbers of it to be changed on the way.
    pub fn machine_mut(&mut self) -> &mut MachineSpec {
        &mut self.machine
    }

    /// The lot and the charge likewise: a charge that was another all along.
    pub fn beans_mut(&mut self) -> (&mut Lot, &mut Charge) {
        (&mut self.lot, &mut self.charge)
    }

    /// Goes on by `by_s` under `settings`; `heat_factor` is on the heat that arrives.
    pub fn advance(&mut self, settings: &Settings, heat_factor: f64, by_s: f64) {
        let plant = Plant { spec: &self.machine, ambient_c: self.ambient_c, pressure_pa: self.pressure_pa };
        let moisture0 = self.lot.moisture_dry();
        let load = Load {
            lot: &self.lot,
            green_kg: self.charge.mass_kg,
            dry_kg: self.charge.mass_kg / (1.0 + moisture0),
            moisture0,
            green_c: self.charge.bean_temp_c,
        };
        let probe = &self.machine.probes.bt;
        let mut stepper = Stepper::new(&plant);
        let mut left_s = by_s;
        while left_s > 1e-9 {
            let fill_s = self.machine.bodies.fill_s;
            let spreads = self.since_charge_s < SPREAD * fill_s;
            let step_s = left_s.min(if spreads { STEPS_S.0 } else { STEPS_S.1 });
            let inputs = Inputs {
                gas: settings.gas,
                air: settings.air,
                drum: settings.drum,
                door_open: self.since_charge_s < self.machine.door.open_s,
                heat_factor,
                air_factor: 1.0,
                load: Some((&load, self.since_charge_s)),
            };
            let next = stepper.advance(&self.state, &inputs, step_s);
            self.since_charge_s += step_s;
            left_s -= step_s;
            // A guess at a machine may leave all bounds; it stays where it was, and is seen to.
            if next.first_non_finite().is_some() || next.core_c.abs() > CORE_C_MAX {
                continue;
            }
            self.state = next;
            let buried = -math::exp_m1(-self.since_charge_s / fill_s);
            let touched_c = bt_touches_c(&plant, &self.state, buried);
            self.tip.follow(touched_c, step_s, (probe.lag_s, probe.second_lag_s));
        }
    }

    /// What the bean probe shows, °C, without noise and steps.
    #[must_use]
    pub fn bt_c(&self) -> f64 {
        self.tip.element_c + self.machine.probes.bt.bias_c
    }

    /// Share of the beans that have cracked (B9), 0 to 1.
    #[must_use]
    pub fn cracked(&self) -> f64 {
        crack_shares(&self.state, &self.lot).0
    }

    /// Everything that moves, in a fixed order: heater, W; plenum, wall, structure, shell, core and the hottest that
    /// cores have been, °C; water and organic loss, kg/kg; reaction heat, kJ/kg; dose, min; the probe, °C.
    #[must_use]
    pub fn moving(&self) -> [f64; MOVING] {
        let (s, tip) = (&self.state, &self.tip);
        [
            s.heater_w,
            s.plenum_c,
            s.wall_c,
            s.structure_c,
            s.shell_c,
            s.core_c,
            s.hottest_c,
            s.moisture,
            s.organic_loss,
            s.reaction_kj_kg,
            s.dose_min,
            tip.touched_c,
            tip.first_c,
            tip.element_c,
        ]
    }

    /// Puts what [`Self::moving`] gave, or a mean of several; what no beans can have is brought to where they can.
    pub fn put(&mut self, moving: &[f64; MOVING]) {
        let [heater_w, plenum_c, wall_c, structure_c, shell_c, core_c, hottest_c, rest @ ..] = *moving;
        let [moisture, organic_loss, reaction_kj_kg, dose_min, touched_c, first_c, element_c] = rest;
        self.state = State {
            heater_w: heater_w.max(0.0),
            plenum_c,
            wall_c,
            structure_c,
            shell_c,
            core_c,
            hottest_c: hottest_c.max(core_c),
            moisture: moisture.max(0.0),
            organic_loss: organic_loss.max(0.0),
            reaction_kj_kg,
            dose_min: dose_min.max(0.0),
            ..self.state
        };
        self.tip = Tip { touched_c, first_c, element_c };
    }
}

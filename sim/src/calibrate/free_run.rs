//! A free run: the plant under a roast's recorded controls, from charge to drop, without noise.
//!
//! Nothing of the recorded curve enters but the temperatures at charge.

use trier_roast::math;

use crate::machine::{Inputs, Load, Plant, STEP_S, State, Stepper, crack_shares, cut};
use crate::physics::{AIR_J_KG_K, air_flow_kg_s, pressure_pa};
use crate::probes::ProbeSet;
use crate::seed::Seed;

use super::observed::interpolated;
use super::{BatchScalars, Model, Observed};

/// What a free run came to.
#[derive(Clone, Debug, PartialEq)]
pub struct FreeRun {
    /// What the bean probe would show: (s since charge, °C), one point a step.
    pub bt: Vec<(f64, f64)>,
    /// When a twentieth of the beans has cracked (B9), s since charge.
    pub first_crack_s: Option<f64>,
    /// The hottest that cores have been: (s since charge, °C), one point a step.
    pub core: Vec<(f64, f64)>,
    /// Bean shells: (s since charge, °C), one point a step.
    pub shell: Vec<(f64, f64)>,
}

impl FreeRun {
    /// What the bean probe would show at `t_s`, °C.
    #[must_use]
    pub fn bt_at(&self, t_s: f64) -> f64 {
        interpolated(&self.bt, t_s)
    }

    /// Bean shells at `t_s`, °C: what an infrared probe would see.
    #[must_use]
    pub fn shell_at(&self, t_s: f64) -> f64 {
        interpolated(&self.shell, t_s)
    }

    /// The hottest that cores have been by `t_s`, °C.
    #[must_use]
    pub fn core_at(&self, t_s: f64) -> f64 {
        interpolated(&self.core, t_s)
    }
}

/// The numbers tried make no roaster: a temperature left all bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the free run left all bounds")]
pub struct Diverged;

/// First crack begins when this share of the beans has cracked (B9).
const FIRST_CRACK_SHARE: f64 = 0.05;
/// A bean this hot is no roast, °C. Far above any, so that least squares may pass by on its way.
const CORE_MAX_C: f64 = 500.0;
/// Step of a coarse run while the charge spreads, s.
const SPREADING_S: f64 = 0.5 * STEP_S;
/// Step of a coarse run once the charge has spread, s.
const COARSE_S: f64 = 1.0;
/// When it has, in time constants of filling.
const SPREAD: f64 = 6.0;
/// Twice the longest roast that is read, s.
const LONGEST_S: f64 = 7200.0;

/// How finely a free run is stepped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// As `sim run` does.
    Shipped,
    /// For fitting: whole seconds once the charge has spread, within 0.2 °C of the other, which a test holds.
    Coarse,
}

impl Model {
    /// Runs `roast` free.
    ///
    /// # Errors
    /// [`Diverged`].
    pub fn free_run(&self, roast: &Observed, batch: &BatchScalars, pace: Pace) -> Result<FreeRun, Diverged> {
        let mut spec = self.machine.clone();
        spec.probes.bt.bed_noise_c = 0.0;
        let plant = Plant { spec: &spec, ambient_c: roast.ambient_c, pressure_pa: pressure_pa(0.0) };
        let mut lot = self.lot.clone();
        lot.moisture_wet_pct += batch.moisture_wet_points;
        let moisture0 = lot.moisture_dry();
        let dry_kg = roast.charge_kg / (1.0 + moisture0);
        // Beans wait at room temperature (B12).
        let green_c = roast.ambient_c;
        let load = Load { lot: &lot, green_kg: roast.charge_kg, dry_kg, moisture0, green_c };
        run(self, &plant, &load, roast, batch, pace)
    }
}

fn run<'a>(
    model: &Model,
    plant: &'a Plant<'a>,
    load: &'a Load<'a>,
    roast: &Observed,
    batch: &BatchScalars,
    pace: Pace,
) -> Result<FreeRun, Diverged> {
    let fill_s = plant.spec.bodies.fill_s;
    let mut step_s = if pace == Pace::Coarse { SPREADING_S } else { STEP_S };
    let mut stepper = Stepper::new(plant);
    let mut controls =
        Controls { roast, next: 0, heat_factor: batch.heat_factor, door_s: plant.spec.door.open_s };
    let mut state = at_charge(model, plant, roast, batch);
    let seed = Seed::new(0, "calibrate", 0);
    state.outlet_c = plant.outlet_c(&state, &controls.at(0.0, None), 0.0);
    let mut probes = ProbeSet::settled(plant, &state, &seed);
    probes.show_bt(roast.start_bt_c);
    state = State {
        shell_c: load.green_c,
        core_c: load.green_c,
        hottest_c: load.green_c,
        moisture: load.moisture0,
        ..state
    };
    let bias_c = plant.spec.probes.bt.bias_c;
    let mut out = FreeRun { bt: Vec::new(), first_crack_s: None, core: Vec::new(), shell: Vec::new() };
    let mut cracked_before = 0.0;
    let mut t_s = 0.0;
    loop {
        out.bt.push((t_s, probes.bt_element_c() + bias_c));
        out.core.push((t_s, state.hottest_c));
        out.shell.push((t_s, state.shell_c));
        let (cracked, _) = crack_shares(&state, load.lot);
        if out.first_crack_s.is_none() && cracked >= FIRST_CRACK_SHARE {
            let into = (FIRST_CRACK_SHARE - cracked_before) / (cracked - cracked_before).max(1e-12);
            out.first_crack_s = Some((t_s - step_s * (1.0 - into.clamp(0.0, 1.0))).max(0.0));
        }
        cracked_before = cracked;
        if t_s >= roast.drop_s.min(LONGEST_S) {
            return Ok(out);
        }
        let inputs = controls.at(t_s, Some(load));
        if pace == Pace::Coarse {
            if t_s >= SPREAD * fill_s {
                step_s = COARSE_S;
            }
            state = stepper.advance(&state, &inputs, step_s);
            probes.follow(plant, &state, &inputs, step_s);
        } else {
            for (inputs, part_s) in cut(&inputs, stepper.parts(&inputs)) {
                state = stepper.advance(&state, &inputs, part_s);
                probes.follow(plant, &state, &inputs, part_s);
            }
        }
        t_s += step_s;
        let sound = state.first_non_finite().is_none() && state.core_c.abs() < CORE_MAX_C;
        if !sound || !probes.bt_element_c().is_finite() {
            return Err(Diverged);
        }
    }
}

/// The recorded controls, read forward.
struct Controls<'a> {
    roast: &'a Observed,
    next: usize,
    heat_factor: f64,
    /// How long the door stays open after charge, s.
    door_s: f64,
}

impl Controls<'_> {
    fn at<'b>(&mut self, t_s: f64, load: Option<&'b Load<'b>>) -> Inputs<'b> {
        let list = &self.roast.controls;
        while list.get(self.next + 1).is_some_and(|control| control.t_s <= t_s) {
            self.next += 1;
        }
        let set = list[self.next];
        Inputs {
            gas: set.gas_pct / 100.0,
            air: set.air_pct / 100.0,
            // Few logs have the drum's speed; it is taken for the nominal one.
            drum: 1.0,
            door_open: load.is_some() && t_s < self.door_s,
            heat_factor: self.heat_factor,
            air_factor: 1.0,
            load: load.map(|load| (load, t_s)),
        }
    }
}

/// The empty machine as it stood when the beans went in.
///
/// Metal by the start law; heater and plenum where they settle under the controls at charge: both
/// forget within a minute what came before.
fn at_charge(model: &Model, plant: &Plant<'_>, roast: &Observed, batch: &BatchScalars) -> State {
    let (wall_c, structure_c) = model.start.metal_c(roast, batch.wall_c);
    let (heater, air, bodies) = (&plant.spec.heater, &plant.spec.air, &plant.spec.bodies);
    let control = roast.controls[0];
    let heater_w = batch.heat_factor
        * heater.efficiency
        * heater.power_w
        * math::pow(control.gas_pct / 100.0, heater.control_exponent);
    let share = air.flow_share_at_0_pct
        + (air.flow_share_at_100_pct - air.flow_share_at_0_pct) * control.air_pct / 100.0;
    let share = share.max(air.flow_share_least).max(0.0);
    let flow_w_k = air_flow_kg_s(air.flow_kg_s, share, plant.pressure_pa, plant.ambient_c) * AIR_J_KG_K;
    let inlet_c = plant.ambient_c + air.recirculation * (wall_c - plant.ambient_c);
    let (wall_w_k, air_w) = (bodies.plenum_to_wall_w_k, heater.share_to_air * heater_w);
    let plenum_c = (air_w + flow_w_k * inlet_c + wall_w_k * wall_c) / (flow_w_k + wall_w_k).max(1e-9);
    State { heater_w, plenum_c, wall_c, structure_c, ..State::default() }
}

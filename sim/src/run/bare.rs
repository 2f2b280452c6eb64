//! Roasts of the plant alone, one or many at once: no probes, no noise, no operator, no books.
//!
//! The timed steps of a recipe drive the machine from charge to a given time. It is what a sweep of machines or
//! recipes over the physics needs, and what the speed of the plant is measured on.

use crate::lanes::Width;
use crate::machine::{EVALUATIONS, Inputs, Load, Plant, Plants, STEP_S, State, Stepper, crack_shares, cut};
use crate::physics::pressure_pa;
use crate::scenario::Scenario;

/// Where a bare roast ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BareEnd {
    /// Bean core, °C.
    pub core_c: f64,
    /// Drum wall, °C.
    pub wall_c: f64,
    /// Water left, kg per kg initial dry.
    pub moisture: f64,
    /// Share of beans that have cracked, 0 to 1.
    pub cracked: f64,
    /// Weight lost, % of green.
    pub weight_loss_pct: f64,
}

/// Roasts `scenario` for `roast_s` seconds from charge, alone.
#[must_use]
pub fn bare_roast(scenario: &Scenario, roast_s: f64) -> BareEnd {
    let (plant, load, course) = (plant_of(scenario), load_of(scenario), Course::of(scenario));
    let mut stepper = Stepper::new(&plant);
    let mut state = charged(&plant, &load);
    for since_s in instants(roast_s) {
        let inputs = course.inputs(&load, since_s);
        for (inputs, part_s) in cut(&inputs, stepper.parts(&inputs)) {
            state = stepper.advance(&state, &inputs, part_s);
        }
    }
    end(&state, &load)
}

/// Roasts `N` scenarios at once for `roast_s` seconds from charge, with the bits of [`bare_roast`].
#[must_use]
pub fn bare_roasts<const N: usize>(scenarios: [&Scenario; N], roast_s: f64, width: Width) -> [BareEnd; N] {
    let (all, loads, courses) = (scenarios.map(plant_of), scenarios.map(load_of), scenarios.map(Course::of));
    let mut plants = Plants::new(all.each_ref(), width);
    for lane in 0..N {
        plants.set_state(lane, &charged(&all[lane], &loads[lane]));
    }
    for since_s in instants(roast_s) {
        let inputs: [Inputs<'_>; N] = std::array::from_fn(|lane| courses[lane].inputs(&loads[lane], since_s));
        plants.advance(&inputs);
    }
    std::array::from_fn(|lane| end(&plants.state(lane), &loads[lane]))
}

/// How often [`bare_roast`] works out how fast everything moves.
#[must_use]
pub fn bare_evaluations(scenario: &Scenario, roast_s: f64) -> u32 {
    let (plant, load, course) = (plant_of(scenario), load_of(scenario), Course::of(scenario));
    let mut stepper = Stepper::new(&plant);
    let parts = instants(roast_s).map(|since_s| stepper.parts(&course.inputs(&load, since_s)));
    EVALUATIONS * parts.sum::<u32>()
}

/// The beginnings of steps over `roast_s` seconds.
fn instants(roast_s: f64) -> impl Iterator<Item = f64> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Hours of quarter seconds fit.
    let steps = (roast_s / STEP_S).round() as u32;
    (0..steps).map(|step| f64::from(step) * STEP_S)
}

fn plant_of(scenario: &Scenario) -> Plant<'_> {
    let room = &scenario.room;
    Plant { spec: &scenario.machine, ambient_c: room.ambient_c, pressure_pa: pressure_pa(room.altitude_m) }
}

fn load_of(scenario: &Scenario) -> Load<'_> {
    let (moisture0, green_kg) = (scenario.lot.moisture_dry(), scenario.charge.mass_kg);
    let dry_kg = green_kg / (1.0 + moisture0);
    Load { lot: &scenario.lot, green_kg, dry_kg, moisture0, green_c: scenario.charge.bean_temp_c }
}

/// The machine as it starts, with beans just charged.
pub(super) fn charged(plant: &Plant<'_>, load: &Load<'_>) -> State {
    let start = &plant.spec.start;
    State {
        plenum_c: start.plenum_c,
        wall_c: start.wall_c,
        structure_c: start.structure_c,
        shell_c: load.green_c,
        core_c: load.green_c,
        hottest_c: load.green_c,
        moisture: load.moisture0,
        ..State::default()
    }
}

fn end(state: &State, load: &Load<'_>) -> BareEnd {
    BareEnd {
        core_c: state.core_c,
        wall_c: state.wall_c,
        moisture: state.moisture,
        cracked: crack_shares(state, load.lot).0,
        weight_loss_pct: super::row::weight_loss_pct(state, load),
    }
}

/// The timed steps of a recipe: from when, s since charge, which gas and air, of 1.
struct Course {
    controls: Vec<(f64, f64, f64)>,
}

impl Course {
    fn of(scenario: &Scenario) -> Self {
        let (mut gas, mut air) = (0.0, 0.0);
        let timed = scenario.recipe.steps.iter().filter_map(|step| {
            let at_s = step.at_s?;
            gas = step.gas_pct.map_or(gas, |pct| pct / 100.0);
            air = step.air_pct.map_or(air, |pct| pct / 100.0);
            Some((at_s, gas, air))
        });
        Self { controls: timed.collect() }
    }

    fn inputs<'a>(&self, load: &'a Load<'a>, since_s: f64) -> Inputs<'a> {
        let now = self.controls.iter().rev().find(|(at_s, ..)| since_s >= *at_s);
        let (_, gas, air) = now.copied().unwrap_or_default();
        Inputs {
            gas,
            air,
            drum: 1.0,
            door_open: false,
            heat_factor: 1.0,
            air_factor: 1.0,
            load: Some((load, since_s)),
        }
    }
}

//! The rig: what one batch leaves to the next. Metal, probes, and what wanders by itself.

use trier_roast::{EventTime, math};

use crate::machine::{Books, Inputs, MachineSpec, Plant, State};
use crate::probes::{ProbeSet, Wander};
use crate::seed::Seed;

/// Everything of the machine that goes on when the beans have left.
#[derive(Clone, Debug)]
pub(super) struct Rig {
    pub state: State,
    pub probes: ProbeSet,
    pub burner: Wander,
    pub air: Wander,
    pub books: Books,
}

/// The rig as a batch left it.
#[derive(Clone, Debug)]
pub(super) struct Left {
    pub rig: Rig,
    /// When its beans left.
    pub dropped: EventTime,
    /// Steps since then.
    pub idle_steps: i64,
}

impl Rig {
    /// Idling under the controls `(gas_pct, air_pct)`: metal at the machine's `[start]`, `metal_c` warmer.
    pub(super) fn idling(plant: &Plant<'_>, metal_c: f64, controls_pct: (f64, f64), seed: &Seed) -> Self {
        let start = &plant.spec.start;
        let state = State {
            plenum_c: start.plenum_c + metal_c,
            wall_c: start.wall_c + metal_c,
            structure_c: start.structure_c + metal_c,
            heater_w: steady_heater_w(plant.spec, controls_pct.0),
            ..State::default()
        };
        Self::at_rest(plant, state, controls_pct, seed)
    }

    /// As found in the morning: all metal at room temperature, `metal_c` warmer, the heater off.
    pub(super) fn cold(plant: &Plant<'_>, metal_c: f64, controls_pct: (f64, f64), seed: &Seed) -> Self {
        let all_c = plant.ambient_c + metal_c;
        let state = State { plenum_c: all_c, wall_c: all_c, structure_c: all_c, ..State::default() };
        Self::at_rest(plant, state, controls_pct, seed)
    }

    fn at_rest(plant: &Plant<'_>, state: State, (gas_pct, air_pct): (f64, f64), seed: &Seed) -> Self {
        let noise = &plant.spec.noise;
        let idle = Inputs {
            gas: gas_pct / 100.0,
            air: air_pct / 100.0,
            drum: 1.0,
            door_open: false,
            heat_factor: 1.0,
            air_factor: 1.0,
            load: None,
        };
        let state = State { outlet_c: plant.outlet_c(&state, &idle, 0.0), ..state };
        let wander = |share, memory_s, name: &str| {
            Wander::new(share, memory_s, crate::machine::STEP_S, seed.stream(name))
        };
        Self {
            probes: ProbeSet::settled(plant, &state, seed),
            burner: wander(noise.burner_share, noise.burner_s, "process.burner"),
            air: wander(noise.air_share, noise.air_s, "process.air"),
            books: Books::open(plant, &state),
            state,
        }
    }
}

/// The power a heater has settled at under control `gas_pct`, W.
fn steady_heater_w(spec: &MachineSpec, gas_pct: f64) -> f64 {
    let h = &spec.heater;
    h.efficiency * h.power_w * math::pow(gas_pct / 100.0, h.control_exponent)
}

//! Tests of the plant left to itself: where nothing enters or leaves, and where it is linear (B18).
//!
//! At the plant, because a run's own books compare with the heat that crosses its boundary, and here
//! none does.

use trier_roast::math;

use super::{Inputs, Load, MachineSpec, Plant, STEP_S, State, Stepper, cut};
use crate::physics::Lot;

const AMBIENT_C: f64 = 20.0;

/// The machine that ships, with one share of flow for any fan setting.
fn machine(flow: f64) -> MachineSpec {
    let text = include_str!("../../../scenarios/machines/gd12.toml");
    let mut spec: MachineSpec = toml::from_str(text).expect("ships");
    (spec.air.flow_share_at_0_pct, spec.air.flow_share_at_100_pct) = (flow, flow);
    spec
}

/// The lot that ships, without reactions, drying and crack.
fn dead_lot() -> Lot {
    let text = include_str!("../../../scenarios/beans/washed-highland.toml");
    let mut lot: Lot = toml::from_str(text).expect("ships");
    (lot.reaction_factor, lot.drying_factor, lot.flash_share) = (0.0, 0.0, 0.0);
    lot
}

fn load(lot: &Lot, green_kg: f64, moisture0: f64, green_c: f64) -> Load<'_> {
    Load { lot, green_kg, dry_kg: green_kg / (1.0 + moisture0), moisture0, green_c }
}

/// Metal at `metal_c`, beans as charged.
fn charged(metal_c: (f64, f64, f64), load: &Load<'_>) -> State {
    State {
        plenum_c: metal_c.0,
        wall_c: metal_c.1,
        structure_c: metal_c.2,
        shell_c: load.green_c,
        core_c: load.green_c,
        hottest_c: load.green_c,
        moisture: load.moisture0,
        ..State::default()
    }
}

/// The states at the end of each step, without power, from `since_s` after charge.
fn states(spec: &MachineSpec, load: &Load<'_>, start: State, since_s: f64, steps: u32) -> Vec<State> {
    let plant = Plant { spec, ambient_c: AMBIENT_C, pressure_pa: 101_325.0 };
    let (mut state, mut stepper) = (start, Stepper::new(&plant));
    let step = |i: u32| {
        let at_s = since_s + f64::from(i) * STEP_S;
        let inputs = Inputs {
            gas: 0.0,
            air: 0.5,
            drum: 1.0,
            door_open: false,
            heat_factor: 1.0,
            air_factor: 1.0,
            load: Some((load, at_s)),
        };
        for (inputs, part_s) in cut(&inputs, stepper.parts(&inputs)) {
            state = stepper.advance(&state, &inputs, part_s);
        }
        state
    };
    (0..steps).map(step).collect()
}

#[test]
fn a_sealed_drum_comes_to_one_temperature_and_keeps_its_heat() {
    // No power, no reaction, no loss: without air, and with air led round in a circle.
    for (flow, recirculation) in [(0.0, 0.0), (0.8, 1.0)] {
        let mut spec = machine(flow);
        spec.air.recirculation = recirculation;
        spec.bodies.structure_loss_w_k = 0.0;
        spec.bodies.wall_to_structure_w_k = 80.0; // The slowest pair meets in some 500 s, 1/32 of the run.
        let lot = dead_lot();
        let moisture = lot.moisture_dry();
        let load = load(&lot, 9.0, moisture, 22.0);
        let start = charged((240.0, 229.0, 165.0), &load);
        // Heat above 0 °C, from the law of B6 written out.
        let bodies = &spec.bodies;
        let bean_j = |c: f64| 1e3 * load.dry_kg * ((1.099 + 5.0 * moisture) * c + 0.0035 * c * c);
        let held_j = |state: &State| {
            bodies.plenum_j_k * state.plenum_c
                + bodies.wall_j_k * state.wall_c
                + bodies.structure_j_k * state.structure_c
                + 0.4 * bean_j(state.shell_c)
                + 0.6 * bean_j(state.core_c)
        };
        let first_j = held_j(&start);
        let states = states(&spec, &load, start, 0.0, 64_800);
        for state in &states {
            // Rounding, and the method's own error in a heat capacity that grows with temperature.
            assert!((held_j(state) / first_j - 1.0).abs() < 1e-11, "{state:?}");
        }
        // The one temperature at which all bodies hold that heat solves a quadratic.
        let metal_j_k = bodies.plenum_j_k + bodies.wall_j_k + bodies.structure_j_k;
        let linear = metal_j_k + 1e3 * load.dry_kg * (1.099 + 5.0 * moisture);
        let square = 3.5 * load.dry_kg;
        let common_c = ((linear * linear + 4.0 * square * first_j).sqrt() - linear) / (2.0 * square);
        let last = states.last().expect("states");
        for c in [last.plenum_c, last.wall_c, last.structure_c, last.shell_c, last.core_c] {
            // e^-32 of 200 °C is 2e-12; the heat allowed above is 2e-9 of them.
            assert!((c - common_c).abs() < 1e-8, "{c} is not {common_c} °C, flow {flow}");
        }
    }
}

#[test]
fn dry_dead_beans_warm_by_two_exponentials() {
    // Between bodies too large to cool, over a thousandth of a degree, c is constant and B6 is a linear
    // pair: x' = −(k + s/φs)·x + (s/φs)·y, y' = (s/φk)·(x − y), for distances x, y from the bodies'
    // temperature, s = φs·φk/τ, k = (wall + air)/(φs·m·c).
    const GAP_C: f64 = 1e-3;
    let mut spec = machine(0.7);
    spec.air.flow_exponent = 0.6;
    (spec.bodies.plenum_j_k, spec.bodies.wall_j_k, spec.bodies.structure_j_k) = (1e15, 1e15, 1e15);
    let lot = dead_lot();
    let load = load(&lot, 2.25, 1e-12, AMBIENT_C);
    let hot_c = AMBIENT_C + GAP_C;
    let start = charged((hot_c, hot_c, hot_c), &load);

    let air_w_k = 1040.0 * 0.024 * 0.7 * 293.15 / (AMBIENT_C + 273.15);
    let exchange_w_k = 28.0 * 0.5 * math::pow(0.7, 0.6); // √(2.25/9) is 0.5.
    let to_beans_w_k = air_w_k * -math::exp_m1(-exchange_w_k / air_w_k) + 56.0 * math::pow(0.25, 0.26);
    let k = to_beans_w_k / (0.4 * 2.25 * 1e3 * (1.099 + 0.0070 * AMBIENT_C));
    let inward = 0.4 * 0.6 / spec.bodies.bean_core_lag_s;
    let (a, b, c) = (k + inward / 0.4, inward / 0.4, inward / 0.6);
    let root = ((a - c) * (a - c) + 4.0 * b * c).sqrt();
    let (fast, slow) = (0.5 * (a + c + root), 0.5 * (a + c - root));
    // Both start at −GAP, so y'(0) is 0 and y = GAP·(slow·e^(−fast·t) − fast·e^(−slow·t))/(fast − slow);
    // x = y + y'/c.
    let scale = GAP_C / (fast - slow);
    // Long after the charge, spread for good.
    for (i, state) in states(&spec, &load, start, 1e4, 480).iter().enumerate() {
        let t = STEP_S * (i + 1) as f64;
        let (f, s) = (math::exp(-fast * t), math::exp(-slow * t));
        let y = scale * (slow * f - fast * s);
        let x = y + scale * fast * slow * (s - f) / c;
        // Over GAP the heat capacity changes by 6e-6 of itself, and a rounding of 20 °C is 4e-12 of GAP.
        let close = |got: f64, wanted: f64| (got - hot_c - wanted).abs() < 1e-5 * GAP_C;
        assert!(close(state.shell_c, x) && close(state.core_c, y), "at {t} s: {state:?}, not {x} {y}");
    }
    // Slow enough to be seen and fast enough to have happened.
    assert!((1.0..12.0).contains(&(slow * 120.0)), "{slow} 1/s");
}

//! Test of lanes: a roast among others has the bits that it has alone, from lead-in to after the drop.

use crate::Lot;
use crate::lanes::Width;
use crate::machine::{Inputs, Load, MachineSpec, Plant, Plants, STEP_S, State, Stepper, cut};
use crate::physics::{DryingLaw, HeatCapacityLaw, Laws, ReactionLaw};

/// Steps before the charge, in the drum, and after the drop.
const COURSE: [u32; 3] = [6, 200, 10];

/// One roast of its own: machine, lot, mass, fire and fluctuation follow from its number.
struct Roast {
    spec: MachineSpec,
    lot: Lot,
    green_kg: f64,
    number: u32,
}

impl Roast {
    fn new(number: u32) -> Self {
        let machines = [
            include_str!("../../../scenarios/machines/gd12.toml"),
            include_str!("../../../scenarios/machines/gd60.toml"),
            include_str!("../../../scenarios/machines/ei1.toml"),
            include_str!("../../../scenarios/machines/fb.toml"),
        ];
        let mut spec: MachineSpec = toml::from_str(machines[number as usize % 4]).expect("ships");
        let mut lot: Lot =
            toml::from_str(include_str!("../../../scenarios/beans/washed-highland.toml")).expect("ships");
        lot.moisture_wet_pct = 8.0 + f64::from(number % 7);
        // So low that beans charged warm crack within the minute.
        (lot.first_crack_mean_c, lot.first_crack_sd_c) = (126.0 + f64::from(number % 5), 6.0);
        if number.is_multiple_of(3) {
            lot.laws = Laws {
                heat_capacity: HeatCapacityLaw::WetBasis,
                drying: DryingLaw::Arrhenius,
                drying_order: 1.3,
                reaction: ReactionLaw::EndoExo,
                ..Laws::default()
            };
        }
        if number.is_multiple_of(5) {
            (spec.door.air_kg_s, spec.door.open_s) = (0.3 * spec.air.flow_kg_s, 4.0);
            spec.bodies.radiant_w_k4 = 1e-10 * spec.reference_charge_kg;
        }
        let green_kg = spec.capacity_kg * (0.3 + 0.01 * f64::from(number % 64));
        Self { spec, lot, green_kg, number }
    }

    fn load(&self) -> Load<'_> {
        let moisture0 = self.lot.moisture_dry();
        let dry_kg = self.green_kg / (1.0 + moisture0);
        Load { lot: &self.lot, green_kg: self.green_kg, dry_kg, moisture0, green_c: 120.0 }
    }

    /// Inputs at `step`, moving at each as noise does.
    fn inputs<'a>(&self, load: &'a Load<'a>, step: u32) -> Inputs<'a> {
        let since_step = step.checked_sub(COURSE[0]).filter(|step| *step < COURSE[1]);
        let wave = f64::from((self.number + 7 * step) % 11) / 500.0 - 0.01;
        Inputs {
            gas: 0.9,
            air: 0.5 + 0.1 * f64::from(self.number % 4),
            drum: 0.8 + 0.1 * f64::from(self.number % 3),
            door_open: since_step.is_some_and(|step| f64::from(step) * STEP_S < self.spec.door.open_s),
            heat_factor: 1.0 + wave,
            air_factor: 1.0 - wave,
            load: since_step.map(|step| (load, f64::from(step) * STEP_S)),
        }
    }

    fn start(&self) -> State {
        let start = &self.spec.start;
        State {
            plenum_c: start.plenum_c + 100.0,
            wall_c: start.wall_c,
            structure_c: start.structure_c,
            ..State::default()
        }
    }
}

/// What charge does to a state.
fn charge(state: State, load: &Load<'_>) -> State {
    let (green_c, moisture) = (load.green_c, load.moisture0);
    State { shell_c: green_c, core_c: green_c, hottest_c: green_c, moisture, ..state }
}

fn plant(spec: &MachineSpec) -> Plant<'_> {
    Plant { spec, ambient_c: 22.0, pressure_pa: 101_325.0 }
}

/// The state at the end of each step, alone.
fn alone(roast: &Roast) -> Vec<State> {
    let (plant, load) = (plant(&roast.spec), roast.load());
    let (mut stepper, mut state) = (Stepper::new(&plant), roast.start());
    let step = |step: u32| {
        if step == COURSE[0] {
            state = charge(state, &load);
        }
        let inputs = roast.inputs(&load, step);
        for (inputs, part_s) in cut(&inputs, stepper.parts(&inputs)) {
            state = stepper.advance(&state, &inputs, part_s);
        }
        state
    };
    (0..COURSE.iter().sum()).map(step).collect()
}

/// The same `N` at a time, held against `alone`.
fn assert_together<const N: usize>(roasts: &[Roast], alone: &[Vec<State>], width: Width) {
    for (block, alone) in roasts.chunks_exact(N).zip(alone.chunks_exact(N)) {
        let block: [&Roast; N] = std::array::from_fn(|lane| &block[lane]);
        let (plant, loads) = (block.map(|roast| plant(&roast.spec)), block.map(Roast::load));
        let mut plants = Plants::<N>::new(plant.each_ref(), width);
        for (lane, roast) in block.iter().enumerate() {
            plants.set_state(lane, &roast.start());
        }
        for step in 0..COURSE.iter().sum() {
            if step == COURSE[0] {
                for (lane, load) in loads.iter().enumerate() {
                    plants.set_state(lane, &charge(plants.state(lane), load));
                }
            }
            plants.advance(&std::array::from_fn(|lane| block[lane].inputs(&loads[lane], step)));
            for (lane, (roast, alone)) in block.iter().zip(alone).enumerate() {
                let (is, wanted, number) = (plants.state(lane), alone[step as usize], roast.number);
                assert!(
                    is == wanted,
                    "roast {number} in {N} lanes on {width:?}, step {step}: {is:?} {wanted:?}"
                );
            }
        }
    }
}

#[test]
fn a_roast_has_the_same_bits_in_a_lane_and_alone() {
    let roasts: Vec<Roast> = (0..224).map(Roast::new).collect();
    let alone: Vec<Vec<State>> = roasts.iter().map(alone).collect();
    for (roast, states) in roasts.iter().zip(&alone) {
        let in_drum = &states[(COURSE[0] + COURSE[1] - 1) as usize];
        assert!(in_drum.first_non_finite().is_none(), "{in_drum:?}");
        let climbed_c = in_drum.hottest_c - 120.0;
        assert!(climbed_c > 3.0, "roast {} climbed {climbed_c} °C, no crack to speak of", roast.number);
    }
    for width in Width::ALL.into_iter().filter(|width| width.is_here()) {
        assert_together::<1>(&roasts, &alone, width);
        assert_together::<16>(&roasts, &alone, width);
        assert_together::<32>(&roasts, &alone, width);
    }
}

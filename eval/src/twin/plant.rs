//! Plants: a scenario's own machine, and the families for machines of which nothing is known.

use std::sync::Arc;

use trier_pipeline::predict::{Controls, Known, Member, Plant};
use trier_roast::math;
use trier_sim::{Charge, Lot, MachineSpec, Room, Scenario, Settings, Steered};

use super::member::SimMember;

/// Heat where nobody tells it, and air, shares of full: the middle of what recipes set.
const USUAL_GAS: f64 = 0.6;
const USUAL_AIR: f64 = 0.5;

/// How far each uncertain number of a machine may be off at charge: standard deviations, of logarithms where they
/// are shares.
#[derive(Clone, Copy, Debug)]
struct Spread {
    heat_share: f64,
    air_to_beans_share: f64,
    wall_to_beans_share: f64,
    wall_heat_share: f64,
    wall_c: f64,
    plenum_c: f64,
    structure_c: f64,
    lag_share: f64,
    mass_share: f64,
    moisture_points: f64,
    bt_bias_c: f64,
}

/// How many these are.
const UNCERTAIN: usize = 11;

/// A machine that was calibrated: batches, days back to back and what a fit leaves open.
const OF_MACHINE: Spread = Spread {
    heat_share: 0.03,
    air_to_beans_share: 0.03,
    wall_to_beans_share: 0.03,
    wall_heat_share: 0.03,
    wall_c: 6.0,
    plenum_c: 10.0,
    structure_c: 15.0,
    lag_share: 0.05,
    mass_share: 0.01,
    moisture_points: 0.3,
    bt_bias_c: 0.5,
};

/// Any machine of a family: half the priors of calibration, which fits many roasts at once.
const OF_FAMILY: Spread = Spread {
    heat_share: 0.25,
    air_to_beans_share: 0.25,
    wall_to_beans_share: 0.25,
    wall_heat_share: 0.25,
    wall_c: 20.0,
    plenum_c: 20.0,
    structure_c: 25.0,
    lag_share: 0.3,
    mass_share: 0.2,
    moisture_points: 0.8,
    bt_bias_c: 3.0,
};

/// A machine, its beans and how far both are known.
#[derive(Clone, Debug)]
pub(super) struct Nominal {
    machine: MachineSpec,
    lot: Lot,
    charge: Charge,
    room: Room,
    spread: Spread,
    known: Known,
}

impl Nominal {
    /// What `controls` set, with what is usual where they do not tell.
    pub(super) fn settings(&self, controls: &Controls) -> Settings {
        let share = |pct: Option<f64>, usual: f64| {
            pct.filter(|pct| pct.is_finite()).map_or(usual, |pct| (pct / 100.0).clamp(0.0, 1.0))
        };
        let nominal_rpm = self.machine.bodies.drum_rpm;
        let drum = controls.drum_rpm.filter(|rpm| nominal_rpm > 0.0 && *rpm > 0.0);
        Settings {
            gas: share(controls.gas_pct, USUAL_GAS),
            air: share(controls.air_pct, USUAL_AIR),
            drum: drum.map_or(1.0, |rpm| (rpm / nominal_rpm).clamp(0.2, 3.0)),
        }
    }

    /// Factor on the heat that arrives, for the uncertain numbers at `z`.
    pub(super) fn heat_factor(&self, z: &[f64]) -> f64 {
        math::exp(self.spread.heat_share * z[0])
    }

    /// Puts the uncertain numbers at `z` into `roast`; those of metal at charge move no number later.
    pub(super) fn apply(&self, z: &[f64], roast: &mut Steered) {
        let (spread, by) = (&self.spread, |share: f64, z: f64| math::exp(share * z));
        let machine = roast.machine_mut();
        machine.air.to_beans_w_k = self.machine.air.to_beans_w_k * by(spread.air_to_beans_share, z[1]);
        machine.bodies.wall_to_beans_w_k =
            self.machine.bodies.wall_to_beans_w_k * by(spread.wall_to_beans_share, z[2]);
        machine.bodies.wall_j_k = self.machine.bodies.wall_j_k * by(spread.wall_heat_share, z[3]);
        machine.probes.bt.lag_s = self.machine.probes.bt.lag_s * by(spread.lag_share, z[7]);
        machine.probes.bt.bias_c = self.machine.probes.bt.bias_c + spread.bt_bias_c * z[10];
        let (lot, charge) = roast.beans_mut();
        charge.mass_kg = self.charge.mass_kg * by(spread.mass_share, z[8]);
        lot.moisture_wet_pct = (self.lot.moisture_wet_pct + spread.moisture_points * z[9]).clamp(2.0, 20.0);
    }
}

/// A [`Plant`] of the simulator.
struct SimPlant(Arc<Nominal>);

impl Plant for SimPlant {
    fn name(&self) -> &str {
        &self.0.machine.id
    }

    fn known(&self) -> Known {
        self.0.known
    }

    fn uncertain(&self) -> usize {
        UNCERTAIN
    }

    fn charged(&self, bt_c: f64, controls: &Controls, z: &[f64]) -> Box<dyn Member> {
        let nominal = &self.0;
        let machine = nominal.machine.clone();
        let settings = nominal.settings(controls);
        let (lot, charge) = (nominal.lot.clone(), nominal.charge.clone());
        let mut roast = Steered::charged(machine, lot, charge, &nominal.room, &settings, bt_c);
        nominal.apply(z, &mut roast);
        let mut moving = roast.moving();
        // Plenum, wall and structure, beside what BT tells of them all.
        for (body, by_c) in [
            (1, nominal.spread.plenum_c * z[5]),
            (2, nominal.spread.wall_c * z[4]),
            (3, nominal.spread.structure_c * z[6]),
        ] {
            moving[body] += by_c;
        }
        roast.put(&moving);
        Box::new(SimMember::new(Arc::clone(nominal), z.to_vec(), roast))
    }
}

/// The plant of a scenario: its machine as the file says, its lot, and its charge as it should be.
///
/// What differs from batch to batch, day to day or unit to unit it does not know. What its probe scatters by
/// it does.
#[must_use]
pub fn of_scenario(scenario: &Scenario) -> Arc<dyn Plant> {
    let probe = &scenario.machine.probes.bt;
    let of_probe = [probe.noise_c, probe.bed_noise_c, probe.step_c / 12.0_f64.sqrt()];
    let scatter = of_probe.iter().map(|c| c * c).sum::<f64>();
    let reading_c = (Known::MACHINE.reading_c * Known::MACHINE.reading_c + scatter).sqrt();
    Arc::new(SimPlant(Arc::new(Nominal {
        machine: scenario.machine.clone(),
        lot: scenario.lot.clone(),
        charge: scenario.charge.clone(),
        room: scenario.room.clone(),
        spread: OF_MACHINE,
        known: Known { reading_c, ..Known::MACHINE },
    })))
}

/// A plant of each kind of machine that ships, for a machine of which nothing is known.
///
/// Size does not matter: multiplying power, flow, capacities and conductances with the charge changes no
/// curve (B18).
///
/// # Panics
/// Never: the files are part of the program, and a test reads them.
#[must_use]
pub fn families() -> Vec<Arc<dyn Plant>> {
    let machines = [
        include_str!("../../../scenarios/machines/gd12.toml"),
        include_str!("../../../scenarios/machines/ei1.toml"),
        include_str!("../../../scenarios/machines/fb.toml"),
    ];
    let lot: Lot = shipped(include_str!("../../../scenarios/beans/washed-highland.toml"));
    let plant = |text: &str| -> Arc<dyn Plant> {
        let machine: MachineSpec = shipped(text);
        let room = Room::default();
        let charge = Charge { mass_kg: machine.reference_charge_kg, bean_temp_c: room.ambient_c };
        Arc::new(SimPlant(Arc::new(Nominal {
            machine,
            lot: lot.clone(),
            charge,
            room,
            spread: OF_FAMILY,
            known: Known::FAMILY,
        })))
    };
    machines.into_iter().map(plant).collect()
}

/// A file that is part of the program.
#[allow(clippy::expect_used)] // A test reads them all.
fn shipped<T: serde::de::DeserializeOwned>(text: &str) -> T {
    toml::from_str(text).expect("a file that ships")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_family_charges_and_stays_finite_for_any_guess() {
        for plant in families() {
            for sign in [-3.0, 0.0, 3.0] {
                let z = vec![sign; plant.uncertain()];
                let mut member = plant.charged(205.0, &Controls::default(), &z);
                for _ in 0..900 {
                    member.advance(&Controls { gas_pct: Some(100.0), ..Controls::default() }, 1.0);
                }
                assert!(member.numbers().iter().all(|n| n.is_finite()), "{} at {sign}", plant.name());
            }
        }
    }
}

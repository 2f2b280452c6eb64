//! The machine in its room, the beans in it, its controls, and what can be said of a state.
//!
//! How the state moves is in [`super::slopes`].

use trier_roast::math;

use crate::physics::{CORE_SHARE, HeatLaw, Lot, SHELL_SHARE, cracked};

use super::slopes::{Base, outlet_c};
use super::terms::Holder;
use super::{MachineSpec, State};

/// The machine and the room it stands in, fixed for one batch.
#[derive(Clone, Debug)]
pub(crate) struct Plant<'a> {
    pub spec: &'a MachineSpec,
    pub ambient_c: f64,
    pub pressure_pa: f64,
}

/// The beans in the drum.
#[derive(Clone, Debug)]
pub(crate) struct Load<'a> {
    pub lot: &'a Lot,
    /// m_g, green mass, kg.
    pub green_kg: f64,
    /// m_d, dry mass, kg.
    pub dry_kg: f64,
    /// X0, kg water per kg dry.
    pub moisture0: f64,
    /// Temperature at charge, °C.
    pub green_c: f64,
}

/// What is held constant during a step.
#[derive(Clone, Debug)]
pub(crate) struct Inputs<'a> {
    /// u_g, heat control, 0 to 1.
    pub gas: f64,
    /// u_a, air control, 0 to 1.
    pub air: f64,
    /// n_d, drum speed, share of nominal.
    pub drum: f64,
    /// Whether the door stands open after a charge or a drop.
    pub door_open: bool,
    /// Factor on heater power from batch spread and burner noise.
    pub heat_factor: f64,
    /// Factor on air flow from noise.
    pub air_factor: f64,
    /// The beans, if any, and seconds since charge at the start of the step.
    pub load: Option<(&'a Load<'a>, f64)>,
}

impl Inputs<'_> {
    /// The same, `s` seconds later in the step.
    pub(crate) fn later(&self, s: f64) -> Self {
        Self { load: self.load.map(|(load, since_charge_s)| (load, since_charge_s + s)), ..self.clone() }
    }
}

impl Plant<'_> {
    /// Share of the exchange that the beans have, 0 just after charge to 1.
    ///
    /// They take a few seconds to spread through the drum (B12).
    pub(crate) fn mixing(&self, since_charge_s: f64) -> f64 {
        -math::exp_m1(-since_charge_s.max(0.0) / self.spec.bodies.fill_s)
    }

    /// Outlet temperature, °C, for the probes, `into_step_s` seconds into the step.
    pub(crate) fn outlet_c(&self, state: &State, inputs: &Inputs<'_>, into_step_s: f64) -> f64 {
        let mut holder = Holder::new(self);
        let terms = holder.hold(&inputs.later(into_step_s), 0.0);
        outlet_c(terms, state, &Base::of(terms, state))
    }

    /// Heat held by metal, and by beans if there are any, J above 0 °C.
    pub(crate) fn stored_j(&self, state: &State, load: Option<&Load<'_>>) -> f64 {
        let bodies = &self.spec.bodies;
        let metal = bodies.plenum_j_k * state.plenum_c
            + bodies.wall_j_k * state.wall_c
            + bodies.structure_j_k * state.structure_c;
        metal + load.map_or(0.0, |load| bean_heat_j(state, load))
    }
}

/// Heat held by the beans, J above 0 °C.
pub(crate) fn bean_heat_j(state: &State, load: &Load<'_>) -> f64 {
    let heat = HeatLaw::of(load.lot);
    let shell = heat.enthalpy_kj_kg(state.shell_c, state.moisture);
    let core = heat.enthalpy_kj_kg(state.core_c, state.moisture);
    load.dry_kg * (SHELL_SHARE * shell + CORE_SHARE * core) * 1e3
}

/// Mass-mean bean temperature, °C.
#[inline(always)]
pub(crate) fn mean_bean_c(state: &State) -> f64 {
    SHELL_SHARE * state.shell_c + CORE_SHARE * state.core_c
}

/// First- and second-crack shares of the load, each 0 to 1.
pub(crate) fn crack_shares(state: &State, lot: &Lot) -> (f64, f64) {
    /// Spread of second crack, °C (σ2 in B9).
    const SECOND_SD_C: f64 = 5.0;
    let first = cracked(state.hottest_c, lot.first_crack_mean_c, lot.first_crack_sd_c);
    let second = cracked(state.hottest_c, lot.first_crack_mean_c + lot.second_crack_gap_c, SECOND_SD_C);
    (first, second)
}

/// ε_V, volume gained over green, 0 to about 1 (B10, our estimate).
pub(crate) fn expansion(state: &State, load: &Load<'_>) -> f64 {
    let dried = 1.0 - state.moisture / load.moisture0;
    let (first, _) = crack_shares(state, load.lot);
    0.1 * dried + 0.5 * first - 0.4 * math::exp_m1(-state.dose_min / 8.0)
}

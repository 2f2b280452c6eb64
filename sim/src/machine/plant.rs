//! How the state moves: heater, plenum, wall, structure, two bean nodes, water,
//! reactions. Equations B3 to B9 in `docs/physics.md`.

use trier_roast::math;

use crate::physics::{
    AIR_J_KG_K, CORE_SHARE, Exchange, LATENT_KJ_KG, Lot, SHELL_SHARE, WATER_KJ_KG_K, air_flow_kg_s, cracked,
    cracked_per_c, dose_min_per_s, drying_per_s, enthalpy_kj_kg, exchange, heat_capacity_kj_kg_k,
    organic_loss_per_s, reaction_heat_kw_kg,
};

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

/// Rates of the bean nodes and what they take from water and reactions.
struct BeanRates {
    shell_c: f64,
    core_c: f64,
    hottest_c: f64,
    evaporated: f64,
    flashed: f64,
    reaction_kw_kg: f64,
}

impl Plant<'_> {
    /// Heat that air carries per kelvin, G·c, W/K.
    fn flow_w_k(&self, inputs: &Inputs<'_>) -> f64 {
        let air = &self.spec.air;
        let asked =
            air.flow_share_at_0_pct + (air.flow_share_at_100_pct - air.flow_share_at_0_pct) * inputs.air;
        let share = asked.max(air.flow_share_least);
        let flow = air_flow_kg_s(air.flow_kg_s, share, self.pressure_pa, self.ambient_c);
        (flow * inputs.air_factor).max(0.0) * AIR_J_KG_K
    }

    /// Share of the exchange that the beans have, 0 just after charge to 1.
    ///
    /// They take a few seconds to spread through the drum (B12).
    pub(crate) fn mixing(&self, since_charge_s: f64) -> f64 {
        -math::exp_m1(-since_charge_s.max(0.0) / self.spec.bodies.fill_s)
    }

    /// Air through the drum, with or without beans (B4), and the beans' mixing.
    fn air(&self, state: &State, inputs: &Inputs<'_>, into_step_s: f64) -> (f64, Exchange, f64) {
        let air = &self.spec.air;
        let flow_w_k = self.flow_w_k(inputs);
        let (mixing, beans_w_k) = match inputs.load {
            None => (0.0, 0.0),
            Some((load, since_charge_s)) => {
                let mixing = self.mixing(since_charge_s + into_step_s);
                let mass = (load.green_kg / self.spec.reference_charge_kg).sqrt();
                let flow = math::pow(flow_w_k / (air.flow_kg_s * AIR_J_KG_K), air.flow_exponent);
                let swelling = math::pow(1.0 + expansion(state, load), 2.0 / 3.0);
                (mixing, mixing * air.to_beans_w_k * mass * flow * swelling)
            }
        };
        let wall_w_k = (1.0 - mixing) * air.to_empty_wall_w_k;
        let x = exchange(flow_w_k, state.plenum_c, (beans_w_k, state.shell_c), (wall_w_k, state.wall_c));
        (flow_w_k, x, mixing)
    }

    /// Outlet temperature, °C, for the probes, `into_step_s` seconds into the step.
    pub(crate) fn outlet_c(&self, state: &State, inputs: &Inputs<'_>, into_step_s: f64) -> f64 {
        self.air(state, inputs, into_step_s).1.outlet_c
    }

    /// dState/dt at `into_step_s` seconds into the step.
    pub(crate) fn rate(&self, state: &State, inputs: &Inputs<'_>, into_step_s: f64) -> State {
        let (heater, bodies) = (&self.spec.heater, &self.spec.bodies);
        let (flow_w_k, air, mixing) = self.air(state, inputs, into_step_s);
        let inlet_c = self.ambient_c + self.spec.air.recirculation * (air.outlet_c - self.ambient_c);

        let wanted_w = heater.efficiency
            * heater.power_w
            * inputs.heat_factor
            * math::pow(inputs.gas, heater.control_exponent);
        let plenum_to_wall_w = bodies.plenum_to_wall_w_k * (state.plenum_c - state.wall_c);
        let to_structure_w = bodies.wall_to_structure_w_k * (state.wall_c - state.structure_c);
        let wall_loss_w = bodies.wall_loss_w_k * (state.wall_c - self.ambient_c);
        let structure_loss_w = bodies.structure_loss_w_k * (state.structure_c - self.ambient_c);
        let wall_to_beans_w = match inputs.load {
            None => 0.0,
            Some((load, _)) => {
                let mass = math::pow(load.green_kg / self.spec.reference_charge_kg, 0.26);
                let tumbling = math::pow(inputs.drum, 0.3);
                mixing * bodies.wall_to_beans_w_k * mass * tumbling * (state.wall_c - state.shell_c)
            }
        };

        let mut rate = State {
            heater_w: (wanted_w - state.heater_w) / heater.lag_s,
            plenum_c: (heater.share_to_air * state.heater_w
                - flow_w_k * (state.plenum_c - inlet_c)
                - plenum_to_wall_w)
                / bodies.plenum_j_k,
            wall_c: ((1.0 - heater.share_to_air) * state.heater_w + plenum_to_wall_w + air.to_wall_w
                - wall_to_beans_w
                - to_structure_w
                - wall_loss_w)
                / bodies.wall_j_k,
            structure_c: (to_structure_w - structure_loss_w) / bodies.structure_j_k,
            heat_in_j: state.heater_w,
            exhaust_j: flow_w_k * (air.outlet_c - inlet_c),
            loss_j: wall_loss_w + structure_loss_w,
            ..State::default()
        };
        if let Some((load, _)) = inputs.load {
            self.add_bean_rates(&mut rate, state, load, air.to_beans_w + wall_to_beans_w);
        }
        rate
    }

    fn add_bean_rates(&self, rate: &mut State, state: &State, load: &Load<'_>, heat_w: f64) {
        let beans = self.bean_rates(state, load, heat_w);
        let mean_c = mean_bean_c(state);
        let water = beans.evaporated + beans.flashed;
        rate.shell_c = beans.shell_c;
        rate.core_c = beans.core_c;
        rate.hottest_c = beans.hottest_c;
        rate.moisture = -water;
        rate.evaporated = beans.evaporated;
        rate.flashed = beans.flashed;
        rate.gassed = organic_loss_per_s(mean_c, state.organic_loss);
        rate.organic_loss = rate.gassed;
        rate.reaction_kj_kg = beans.reaction_kw_kg;
        rate.dose_min = dose_min_per_s(mean_c);
        // Vapour leaves with the latent heat and the sensible heat of the water it was (B18).
        rate.vapour_j = load.dry_kg * water * (LATENT_KJ_KG + WATER_KJ_KG_K * mean_c) * 1e3;
        rate.reaction_j = load.dry_kg * beans.reaction_kw_kg * 1e3;
    }

    /// Shell and core (B6) with drying (B7), reactions (B8) and the flash at crack (B9).
    fn bean_rates(&self, state: &State, load: &Load<'_>, heat_w: f64) -> BeanRates {
        let lot = load.lot;
        let mean_c = mean_bean_c(state);
        let evaporated = drying_per_s(state.moisture, mean_c, lot.bean_diameter_mm, lot.drying_factor);
        let reaction = reaction_heat_kw_kg(mean_c, state.reaction_kj_kg, lot.reaction_factor);
        let shell_capacity = heat_capacity_kj_kg_k(state.shell_c, state.moisture);
        let core_capacity = heat_capacity_kj_kg_k(state.core_c, state.moisture);
        let mean_capacity = heat_capacity_kj_kg_k(mean_c, state.moisture);

        // All below in kW per kg dry, so a node's own share cancels.
        let inward = mean_capacity * SHELL_SHARE * CORE_SHARE / self.spec.bodies.bean_core_lag_s
            * (state.shell_c - state.core_c);
        let local = reaction - LATENT_KJ_KG * evaporated;
        let outside = heat_w / 1e3 / load.dry_kg;
        let shell_kw_kg = (outside - inward) / SHELL_SHARE + local;
        let core_kw_kg = inward / CORE_SHARE + local;

        // A cracking bean flashes off water; the sink grows with the core's own rate, so
        // it is solved for, not lagged (B9).
        let cracking = state.core_c >= state.hottest_c && core_kw_kg > 0.0;
        let per_c = if cracking {
            lot.flash_share
                * state.moisture.max(0.0)
                * cracked_per_c(state.hottest_c, lot.first_crack_mean_c, lot.first_crack_sd_c)
        } else {
            0.0
        };
        let core_c = core_kw_kg / (core_capacity + LATENT_KJ_KG * per_c);
        let flashed = per_c * core_c;
        BeanRates {
            shell_c: (shell_kw_kg - LATENT_KJ_KG * flashed) / shell_capacity,
            core_c,
            hottest_c: if cracking { core_c } else { 0.0 },
            evaporated,
            flashed,
            reaction_kw_kg: reaction,
        }
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
    let shell = enthalpy_kj_kg(state.shell_c, state.moisture);
    let core = enthalpy_kj_kg(state.core_c, state.moisture);
    load.dry_kg * (SHELL_SHARE * shell + CORE_SHARE * core) * 1e3
}

/// Mass-mean bean temperature, °C.
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

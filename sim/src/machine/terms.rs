//! What a step reads: the numbers of machine, room, beans and controls, worked out as rarely as they change.
//!
//! Those of machine and load once a batch, those of controls when they move, and what wanders once a step, so
//! that the step itself ([`super::slopes`]) has no power law and no division that could have been done before.

use trier_roast::math;

use crate::lanes::plain;
use crate::physics::{AIR_J_KG_K, CORE_SHARE, Drying, HeatLaw, ReactionLaw, SHELL_SHARE, air_flow_kg_s};

use super::{Inputs, Load, Plant, STEP_S};

/// Declares the numbers so that they can lie in columns.
macro_rules! terms {
    ($($(#[$doc:meta])* $field:ident,)*) => {
        columns!(Terms, Columns, $($field,)*);

        /// All that a step reads beside the state. Temperatures °C, J, kg, s; a `per_` is a reciprocal.
        #[derive(Clone, Copy, Debug, Default, PartialEq)]
        pub(super) struct Terms {
            $($(#[$doc])* pub $field: f64,)*
        }
    };
}

terms! {
    /// Length of the step; 0 leaves a lane where it is.
    step_s,
    /// Share of the exchange that the beans have at the start of the step, half way and at its end (B12).
    mixed,
    mixed_half,
    mixed_end,
    /// 1 with beans in the drum, 0 without.
    loaded,
    ambient_c,
    /// Power that the heater tends to, W.
    wanted_w,
    per_heater_lag,
    share_to_air,
    per_plenum,
    per_wall,
    per_structure,
    plenum_to_wall_w_k,
    wall_to_structure_w_k,
    wall_loss_w_k,
    structure_loss_w_k,
    recirculation,
    /// G·c of the fan and of an open door, W/K, and the door's share of both.
    flow_w_k,
    door_w_k,
    door_share,
    /// Air to beans before swelling, air to the empty wall, wall to beans, W/K; radiation, W/K⁴.
    air_to_beans_w_k,
    air_to_wall_w_k,
    wall_to_beans_w_k,
    radiant_w_k4,
    dry_kg,
    /// From W to kW per kg dry.
    per_dry_kg,
    /// φ_s·φ_k/τ_i of B6, 1/s.
    inward_per_s,
    heat_constant,
    heat_per_c,
    heat_water,
    drying_per_s,
    drying_activation_k,
    /// Power of X in drying, and the coefficients of (1 + δ)^order.
    drying_order,
    drying_1,
    drying_2,
    drying_3,
    drying_4,
    reaction_factor,
    /// Endotherm, kJ/kg, and how far the exotherm waits for it, 0 or 1.
    endotherm_kj_kg,
    waits,
    crack_mean_c,
    per_crack_sd,
    /// Share of water that flashes per °C at the crest of the crack, 1/°C.
    flash_per_c,
    per_moisture0,
}

impl Terms {
    /// What stays for as long as `load`, or none, is in the drum.
    pub(super) fn of(plant: &Plant<'_>, load: Option<&Load<'_>>) -> Self {
        let (heater, bodies) = (&plant.spec.heater, &plant.spec.bodies);
        let empty = Self {
            mixed: 0.0,
            ambient_c: plant.ambient_c,
            per_heater_lag: 1.0 / heater.lag_s,
            share_to_air: heater.share_to_air,
            per_plenum: 1.0 / bodies.plenum_j_k,
            per_wall: 1.0 / bodies.wall_j_k,
            per_structure: 1.0 / bodies.structure_j_k,
            plenum_to_wall_w_k: bodies.plenum_to_wall_w_k,
            wall_to_structure_w_k: bodies.wall_to_structure_w_k,
            wall_loss_w_k: bodies.wall_loss_w_k,
            structure_loss_w_k: bodies.structure_loss_w_k,
            recirculation: plant.spec.air.recirculation,
            air_to_wall_w_k: plant.spec.air.to_empty_wall_w_k,
            inward_per_s: SHELL_SHARE * CORE_SHARE / bodies.bean_core_lag_s,
            // Any heat capacity but 0: a bean that is not there has no rate, and no division by 0.
            heat_constant: 1.0,
            ..Self::default()
        };
        load.map_or(empty, |load| empty.with(plant, load))
    }

    fn with(self, plant: &Plant<'_>, load: &Load<'_>) -> Self {
        let lot = load.lot;
        let (heat, drying) = (HeatLaw::of(lot), Drying::of(lot));
        let waits = lot.laws.reaction == ReactionLaw::EndoExo;
        let n = drying.order;
        let per_crack_sd = 1.0 / lot.first_crack_sd_c;
        Self {
            loaded: 1.0,
            radiant_w_k4: plant.spec.bodies.radiant_w_k4,
            dry_kg: load.dry_kg,
            per_dry_kg: 1e-3 / load.dry_kg,
            heat_constant: heat.constant,
            heat_per_c: heat.per_c,
            heat_water: heat.water,
            drying_per_s: drying.per_s,
            drying_activation_k: drying.activation_k,
            drying_order: n,
            drying_1: n,
            drying_2: n * (n - 1.0) / 2.0,
            drying_3: n * (n - 1.0) * (n - 2.0) / 6.0,
            drying_4: n * (n - 1.0) * (n - 2.0) * (n - 3.0) / 24.0,
            reaction_factor: lot.reaction_factor,
            endotherm_kj_kg: if waits { lot.laws.reaction_endotherm_kj_kg } else { 0.0 },
            waits: f64::from(u8::from(waits)),
            crack_mean_c: lot.first_crack_mean_c,
            per_crack_sd,
            flash_per_c: lot.flash_share * per_crack_sd * math::normal_pdf(0.0),
            per_moisture0: 1.0 / load.moisture0,
            ..self
        }
    }

    /// The law of heat capacity that the beans follow.
    #[inline(always)]
    pub(super) fn heat(&self) -> HeatLaw {
        HeatLaw { constant: self.heat_constant, per_c: self.heat_per_c, water: self.heat_water }
    }
}

/// Slope of T⁴ for a wall at 300 °C, K³.
const RADIANT_K3: f64 = 4.0 * 573.0 * 573.0 * 573.0;

/// How finely steps are cut while beans are in the drum.
#[derive(Clone, Copy, Debug, Default)]
struct Cuts {
    spreading: u32,
    after: u32,
}

impl Cuts {
    /// How long a charge is taken to spread, in time constants of filling: e^−12 is 6e-6.
    const SPREADING: f64 = 12.0;
    /// Steps to the quickest time constant while a charge spreads, and afterwards. There 16 do for what ships; beans
    /// of random scenarios, which meet a wall at 400 °C at once, left the books open by 5e-9 with them.
    const PER_LAG: (f64, f64) = (50.0, 64.0);
    /// Shells cross the spread of the crack's population in its share of this many °C, the most that a wall is
    /// above them, and their flash of steam wants two steps for it. What ships spreads over 2.3 °C and more, and asks
    /// for none; a random population of 0.8 °C against a wall at 400 °C left the books open by 1.2e-9.
    const CRACKS_OVER_C: f64 = 300.0;
    /// However few the beans.
    const MOST: f64 = 64.0;

    /// For beans that take heat at `w_k`, W/K, at most, held as `lot` says.
    fn of(load: &Load<'_>, w_k: f64, fill_s: f64) -> Self {
        let shell_s = 1e3 * load.dry_kg * SHELL_SHARE * HeatLaw::of(load.lot).constant / w_k;
        let parts = |shortest_s: f64| {
            let parts = (STEP_S / shortest_s).clamp(1.0, Self::MOST).ceil();
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 1 to 64.
            let parts = parts as u32;
            // A power of two, so that instants stay exact.
            parts.next_power_of_two()
        };
        let (spreading, after) = Self::PER_LAG;
        let after = after.max(0.5 * Self::CRACKS_OVER_C / load.lot.first_crack_sd_c);
        Self { spreading: parts(shell_s.min(fill_s) / spreading), after: parts(shell_s / after) }
    }
}

/// Terms under way: knows which of them a change of inputs moves.
#[derive(Clone, Debug)]
pub(super) struct Holder<'a> {
    plant: &'a Plant<'a>,
    load: Option<&'a Load<'a>>,
    terms: Terms,
    cuts: Cuts,
    /// Controls that the next three belong to; NaN before the first.
    gas: f64,
    drum: f64,
    flow_ratio: f64,
    /// Power at the control, W, before the batch's and the burner's factor.
    power_w: f64,
    /// Conductances before controls, W/K: air and wall to beans.
    air_to_beans_w_k: f64,
    wall_to_beans_w_k: f64,
    /// Length of the last step, and what e^(−t/t_fill) keeps over half of it and all of it.
    step_s: f64,
    kept: (f64, f64),
}

impl<'a> Holder<'a> {
    pub(super) fn new(plant: &'a Plant<'a>) -> Self {
        Self {
            plant,
            load: None,
            terms: Terms::of(plant, None),
            cuts: Cuts::default(),
            gas: f64::NAN,
            drum: f64::NAN,
            flow_ratio: f64::NAN,
            power_w: 0.0,
            air_to_beans_w_k: 0.0,
            wall_to_beans_w_k: 0.0,
            step_s: f64::NAN,
            kept: (1.0, 1.0),
        }
    }

    /// The terms under `inputs`, for steps of `step_s`.
    pub(super) fn hold(&mut self, inputs: &Inputs<'a>, step_s: f64) -> &Terms {
        let load = inputs.load.map(|(load, _)| load);
        if !same(load, self.load) {
            self.change(load);
        }
        self.control(inputs);
        let (terms, plant) = (&mut self.terms, self.plant);
        terms.step_s = step_s;
        terms.wanted_w = self.power_w * inputs.heat_factor;
        terms.flow_w_k = plant.flow_kg_s(inputs) * AIR_J_KG_K;
        terms.door_w_k = if inputs.door_open { plant.spec.door.air_kg_s * AIR_J_KG_K } else { 0.0 };
        terms.door_share =
            if terms.door_w_k > 0.0 { terms.door_w_k / (terms.flow_w_k + terms.door_w_k) } else { 0.0 };
        let flow_ratio = terms.flow_w_k / (plant.spec.air.flow_kg_s * AIR_J_KG_K);
        if flow_ratio.to_bits() != self.flow_ratio.to_bits() {
            self.flow_ratio = flow_ratio;
            let exponent = plant.spec.air.flow_exponent;
            let power = if exponent == 1.0 { flow_ratio } else { plain::pow(flow_ratio, exponent) };
            terms.air_to_beans_w_k = self.air_to_beans_w_k * power;
        }
        if let Some((_, since_charge_s)) = inputs.load {
            self.mix(since_charge_s, step_s);
        }
        &self.terms
    }

    /// Into how many parts a step is to be cut under `inputs`.
    pub(super) fn parts(&mut self, inputs: &Inputs<'a>) -> u32 {
        let load = inputs.load.map(|(load, _)| load);
        if !same(load, self.load) {
            self.change(load);
        }
        self.control(inputs);
        match inputs.load {
            None => 1,
            Some((_, s)) if s < Cuts::SPREADING * self.plant.spec.bodies.fill_s => self.cuts.spreading,
            Some(_) => self.cuts.after,
        }
    }

    /// Other beans, or none: what follows from them, and from controls through them, is stale.
    fn change(&mut self, load: Option<&'a Load<'a>>) {
        self.load = load;
        self.terms = Terms::of(self.plant, load);
        (self.gas, self.drum, self.flow_ratio) = (f64::NAN, f64::NAN, f64::NAN);
        let share = load.map_or(0.0, |load| load.green_kg / self.plant.spec.reference_charge_kg);
        self.air_to_beans_w_k = self.plant.spec.air.to_beans_w_k * share.sqrt();
        self.wall_to_beans_w_k = self.plant.spec.bodies.wall_to_beans_w_k * math::pow(share, 0.26);
    }

    /// Power laws of the controls, where these have moved.
    fn control(&mut self, inputs: &Inputs<'_>) {
        let (heater, bodies) = (&self.plant.spec.heater, &self.plant.spec.bodies);
        if inputs.gas.to_bits() != self.gas.to_bits() {
            self.gas = inputs.gas;
            let share = math::pow(inputs.gas, heater.control_exponent);
            self.power_w = heater.efficiency * heater.power_w * share;
        }
        if inputs.drum.to_bits() != self.drum.to_bits() {
            self.drum = inputs.drum;
            let speed = math::pow(inputs.drum, bodies.speed_exponent);
            self.terms.wall_to_beans_w_k = self.wall_to_beans_w_k * speed;
            let w_k = self.air_to_beans_w_k
                + self.terms.wall_to_beans_w_k
                + RADIANT_K3 * self.plant.spec.bodies.radiant_w_k4;
            let cuts = |load| Cuts::of(load, w_k, self.plant.spec.bodies.fill_s);
            self.cuts = self.load.map_or(Cuts::default(), cuts);
        }
    }

    /// How far the charge has spread at the start, middle and end of the step (B12).
    fn mix(&mut self, since_charge_s: f64, step_s: f64) {
        /// After as many time constants 1 − e^−t is 1 in every digit.
        const SPREAD: f64 = 40.0;
        let fill_s = self.plant.spec.bodies.fill_s;
        let terms = &mut self.terms;
        if since_charge_s > SPREAD * fill_s {
            (terms.mixed, terms.mixed_half, terms.mixed_end) = (1.0, 1.0, 1.0);
            return;
        }
        if step_s.to_bits() != self.step_s.to_bits() {
            self.step_s = step_s;
            let half = math::exp(-0.5 * step_s / fill_s);
            self.kept = (half, half * half);
        }
        terms.mixed = self.plant.mixing(since_charge_s);
        let apart = 1.0 - terms.mixed;
        terms.mixed_half = 1.0 - apart * self.kept.0;
        terms.mixed_end = 1.0 - apart * self.kept.1;
    }
}

/// Whether both are the same load, or none.
fn same(a: Option<&Load<'_>>, b: Option<&Load<'_>>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => std::ptr::eq(a, b),
        _ => false,
    }
}

impl Plant<'_> {
    /// Mass flow of air through the bed, kg/s (B2).
    fn flow_kg_s(&self, inputs: &Inputs<'_>) -> f64 {
        let air = &self.spec.air;
        let asked =
            air.flow_share_at_0_pct + (air.flow_share_at_100_pct - air.flow_share_at_0_pct) * inputs.air;
        let share = asked.max(air.flow_share_least);
        (air_flow_kg_s(air.flow_kg_s, share, self.pressure_pa, self.ambient_c) * inputs.air_factor).max(0.0)
    }
}

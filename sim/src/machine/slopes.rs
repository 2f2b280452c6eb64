//! How fast everything moves: heater, plenum, wall, structure, two bean nodes, water, reactions.
//! Equations B3 to B10 in `docs/physics.md`.
//!
//! Straight-line code on one roast's numbers: selects instead of branches, so that it runs over columns of
//! roasts as it stands ([`super::plants`]), with the same bits.

use crate::lanes::plain::{bell, exp, larger, ln, normal_cdf};
use crate::physics::{
    CORE_SHARE, Exchange, LATENT_KJ_KG, SHELL_SHARE, arrhenius, dose_min_per_s, dose_rate, endotherm,
    exchange, organic_loss_per_s, per_kelvin, reaction_heat_kw_kg,
};

use super::terms::Terms;
use super::{State, mean_bean_c};

/// 1/√(2π).
const PER_ROOT_TAU: f64 = 0.398_942_280_401_432_7;

/// What is worked out exactly once a step, and carried through it by series.
pub(super) struct Base {
    /// (M − μ)/σ, e^(−z²/2) there, and F.
    z: f64,
    density: f64,
    cracked: f64,
    dose_min: f64,
    /// e^(−D/8).
    undosed: f64,
    /// 1/(1 + ε_V), and (1 + ε_V)^(2/3).
    per_volume: f64,
    swollen: f64,
    /// X, 1/X and X^order of drying.
    wet: f64,
    per_wet: f64,
    drying_power: f64,
}

impl Base {
    /// At the beginning of a step.
    #[inline(always)]
    pub(super) fn of(t: &Terms, s: &State) -> Self {
        let z = (s.hottest_c - t.crack_mean_c) * t.per_crack_sd;
        let undosed = exp(s.dose_min * -0.125);
        let cracked = normal_cdf(z);
        let volume = 1.0 + volume_gain(t, s, cracked, undosed);
        let wet = larger(s.moisture, 1e-30);
        let power = if t.drying_order == 2.0 { wet * wet } else { exp(t.drying_order * ln(wet)) };
        Self {
            z,
            density: bell(z),
            cracked,
            dose_min: s.dose_min,
            undosed,
            per_volume: 1.0 / volume,
            swollen: exp(2.0 / 3.0 * ln(volume)),
            wet,
            per_wet: 1.0 / wet,
            drying_power: power,
        }
    }

    /// (1 + ε_V)^(2/3) within the step, at `z` with `density` there.
    #[inline(always)]
    fn swollen_at(&self, t: &Terms, s: &State, z: f64, density: f64) -> f64 {
        // The trapezium with its end correction: good to the fifth power of a small step, and small for a large
        // one, however far z has gone.
        let dz = z - self.z;
        let sum = 0.5 * (self.density + density) + dz * (z * density - self.z * self.density) * (1.0 / 12.0);
        let gained = dz * sum * PER_ROOT_TAU;
        let d = (s.dose_min - self.dose_min) * -0.125;
        let undosed = self.undosed * (1.0 + d * (1.0 + d * (0.5 + d * (1.0 / 6.0))));
        let grown = (1.0 + volume_gain(t, s, self.cracked + gained, undosed)) * self.per_volume - 1.0;
        let series = 2.0 / 3.0 + grown * (-1.0 / 9.0 + grown * (4.0 / 81.0 - grown * (7.0 / 243.0)));
        self.swollen * (1.0 + grown * series)
    }

    /// X^order of drying within the step.
    #[inline(always)]
    fn drying_power_at(&self, t: &Terms, moisture: f64) -> f64 {
        let gone = (larger(moisture, 0.0) - self.wet) * self.per_wet;
        let series = t.drying_1 + gone * (t.drying_2 + gone * (t.drying_3 + gone * t.drying_4));
        larger(self.drying_power * (1.0 + gone * series), 0.0)
    }
}

/// ε_V, volume gained over green, 0 to about 1 (B10, our estimate).
#[inline(always)]
fn volume_gain(t: &Terms, s: &State, cracked: f64, undosed: f64) -> f64 {
    t.loaded * (0.1 * (1.0 - s.moisture * t.per_moisture0) + 0.5 * cracked + 0.4 * (1.0 - undosed))
}

/// Air through the drum, an open door included (B4, B12).
#[inline(always)]
fn through(t: &Terms, s: &State, mixed: f64, swollen: f64) -> Exchange {
    let inlet_c = s.plenum_c + t.door_share * (t.ambient_c - s.plenum_c);
    let beans_w_k = mixed * t.air_to_beans_w_k * swollen;
    let wall_w_k = (1.0 - mixed) * t.air_to_wall_w_k;
    exchange(t.flow_w_k + t.door_w_k, inlet_c, (beans_w_k, s.shell_c), (wall_w_k, s.wall_c))
}

/// T_o at the end of a step from `base` to `s`, °C.
#[inline(always)]
pub(super) fn outlet_c(t: &Terms, s: &State, base: &Base) -> f64 {
    let z = (s.hottest_c - t.crack_mean_c) * t.per_crack_sd;
    through(t, s, t.mixed_end, base.swollen_at(t, s, z, bell(z))).outlet_c
}

/// dState/dt with the beans' share of the exchange at `mixed`.
#[inline(always)]
pub(super) fn slopes(t: &Terms, s: &State, base: &Base, mixed: f64) -> State {
    let z = (s.hottest_c - t.crack_mean_c) * t.per_crack_sd;
    let density = bell(z);
    let air = through(t, s, mixed, base.swollen_at(t, s, z, density));
    let inlet_c = t.ambient_c + t.recirculation * (air.outlet_c - t.ambient_c);
    let plenum_to_wall_w = t.plenum_to_wall_w_k * (s.plenum_c - s.wall_c);
    let to_structure_w = t.wall_to_structure_w_k * (s.wall_c - s.structure_c);
    let wall_loss_w = t.wall_loss_w_k * (s.wall_c - t.ambient_c);
    let structure_loss_w = t.structure_loss_w_k * (s.structure_c - t.ambient_c);
    let radiant_w = t.radiant_w_k4 * (fourth_power_k(s.wall_c) - fourth_power_k(s.shell_c));
    let to_beans_w = mixed * (t.wall_to_beans_w_k * (s.wall_c - s.shell_c) + radiant_w);
    let to_wall_w = (1.0 - t.share_to_air) * s.heater_w + plenum_to_wall_w + air.to_wall_w;
    let to_plenum_w = t.share_to_air * s.heater_w - t.flow_w_k * (s.plenum_c - inlet_c);
    let beans = bean_slopes(t, s, base, density, (air.to_beans_w + to_beans_w) * t.per_dry_kg);
    State {
        heater_w: (t.wanted_w - s.heater_w) * t.per_heater_lag,
        plenum_c: (to_plenum_w - plenum_to_wall_w) * t.per_plenum,
        wall_c: (to_wall_w - to_beans_w - to_structure_w - wall_loss_w) * t.per_wall,
        structure_c: (to_structure_w - structure_loss_w) * t.per_structure,
        heat_in_j: s.heater_w,
        exhaust_j: t.flow_w_k * (air.outlet_c - inlet_c) + t.door_w_k * (air.outlet_c - t.ambient_c),
        loss_j: wall_loss_w + structure_loss_w,
        ..beans
    }
}

/// T⁴ of a temperature in °C, K⁴.
#[inline(always)]
fn fourth_power_k(temp_c: f64) -> f64 {
    let kelvin = trier_roast::unit::kelvin(temp_c);
    let square = kelvin * kelvin;
    square * square
}

/// Shell and core (B6) with drying (B7), reactions (B8) and the flash at crack (B9), given the heat that comes
/// from outside, kW per kg dry.
#[inline(always)]
fn bean_slopes(t: &Terms, s: &State, base: &Base, density: f64, outside: f64) -> State {
    let mean_c = mean_bean_c(s);
    let per_kelvin = per_kelvin(mean_c);
    let evaporated =
        arrhenius(t.drying_per_s, t.drying_activation_k, per_kelvin) * base.drying_power_at(t, s.moisture);
    let (through, through_per_c) = endotherm(s.hottest_c);
    let released = reaction_heat_kw_kg(per_kelvin, s.reaction_kj_kg, t.reaction_factor)
        * (1.0 - t.waits * (1.0 - through));
    let dose_rate = dose_rate(per_kelvin);
    let heat = t.heat();

    // All below in kW per kg dry, so a node's own share cancels.
    let inward = heat.capacity_kj_kg_k(mean_c, s.moisture) * t.inward_per_s * (s.shell_c - s.core_c);
    let local = released - LATENT_KJ_KG * evaporated;
    let shell_kw_kg = (outside - inward) * (1.0 / SHELL_SHARE) + local;
    let core_kw_kg = inward * (1.0 / CORE_SHARE) + local;

    // A cracking bean flashes off water, and one on its way to 180 °C takes the endotherm; both sinks grow with
    // the core's own rate, so they are solved for, not lagged (B9).
    let climbing = if s.core_c >= s.hottest_c && core_kw_kg > 0.0 { 1.0 } else { 0.0 };
    let flash_per_c = climbing * t.flash_per_c * larger(s.moisture, 0.0) * density;
    let endotherm_per_c = climbing * t.endotherm_kj_kg * through_per_c;
    let sink_per_c = LATENT_KJ_KG * flash_per_c + endotherm_per_c;
    let core_c = core_kw_kg / (heat.capacity_kj_kg_k(s.core_c, s.moisture) + sink_per_c);
    let shell_c = (shell_kw_kg - sink_per_c * core_c) / heat.capacity_kj_kg_k(s.shell_c, s.moisture);
    let flashed = flash_per_c * core_c;
    let water = evaporated + flashed;
    let gassed = organic_loss_per_s(dose_rate, s.organic_loss);
    let dry_j_kj = t.dry_kg * 1e3;
    State {
        shell_c: t.loaded * shell_c,
        core_c: t.loaded * core_c,
        hottest_c: t.loaded * climbing * core_c,
        moisture: -t.loaded * water,
        evaporated: t.loaded * evaporated,
        flashed: t.loaded * flashed,
        gassed: t.loaded * gassed,
        organic_loss: t.loaded * gassed,
        reaction_kj_kg: t.loaded * released,
        dose_min: t.loaded * dose_min_per_s(dose_rate),
        // Vapour leaves with the latent heat and the sensible heat of the water it was (B18).
        vapour_j: dry_j_kj * water * (LATENT_KJ_KG + t.heat_water * mean_c),
        reaction_j: dry_j_kj * (released - endotherm_per_c * core_c),
        ..State::default()
    }
}

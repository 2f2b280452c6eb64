//! The cooling tray: beans after drop, with room air drawn through them. Equation B12.
//!
//! dT/dt = −(T − T_amb)/τ for shell and core. Drying, dry matter, reactions and dose go on by the kinetics of
//! B7 and B8 until the beans are cold; no heat goes back to the roaster, and none of reactions to the beans.

use trier_roast::math;

use crate::machine::{Load, Plant, State, mean_bean_c};
use crate::physics::{
    Drying, ReactionLaw, arrhenius, dose_min_per_s, dose_rate, endotherm, organic_loss_per_s, per_kelvin,
    reaction_heat_kw_kg,
};

/// The beans in `state` after `step_s` in the tray, by the classical Runge–Kutta method along temperatures
/// that are known exactly.
pub(super) fn cool(plant: &Plant<'_>, state: &State, load: &Load<'_>, step_s: f64) -> State {
    let at = |state: &State, into_s: f64| {
        let left = math::exp(-into_s / plant.spec.tray.lag_s);
        let cooled = |c: f64| plant.ambient_c + left * (c - plant.ambient_c);
        State { shell_c: cooled(state.shell_c), core_c: cooled(state.core_c), ..*state }
    };
    let half_s = 0.5 * step_s;
    let drying = Drying::of(load.lot);
    let a = rate(state, load, drying);
    let b = rate(&at(&state.plus(half_s, &a), half_s), load, drying);
    let c = rate(&at(&state.plus(half_s, &b), half_s), load, drying);
    let d = rate(&at(&state.plus(step_s, &c), step_s), load, drying);
    at(&state.plus(step_s / 6.0, &State::runge_kutta_sum(&a, &b, &c, &d)), step_s)
}

/// How the beans change beside their temperature, which [`cool`] knows, by the laws of their lot.
fn rate(state: &State, load: &Load<'_>, drying: Drying) -> State {
    let (lot, per_kelvin) = (load.lot, per_kelvin(mean_bean_c(state)));
    let water = math::pow(state.moisture.max(0.0), drying.order);
    let evaporated = arrhenius(drying.per_s, drying.activation_k, per_kelvin) * water;
    let dose_rate = dose_rate(per_kelvin);
    let gassed = organic_loss_per_s(dose_rate, state.organic_loss);
    let begun = match lot.laws.reaction {
        ReactionLaw::Schwartzberg => 1.0,
        ReactionLaw::EndoExo => endotherm(state.hottest_c).0,
    };
    State {
        moisture: -evaporated,
        evaporated,
        organic_loss: gassed,
        gassed,
        reaction_kj_kg: begun * reaction_heat_kw_kg(per_kelvin, state.reaction_kj_kg, lot.reaction_factor),
        dose_min: dose_min_per_s(dose_rate),
        ..State::default()
    }
}

/// Mass that appeared from nowhere in beans in `state`, as a share of green mass (B18).
pub(super) fn mass_residual(state: &State, load: &Load<'_>) -> f64 {
    let now_kg = load.dry_kg * (1.0 - state.organic_loss + state.moisture);
    let gone_kg = load.dry_kg * (state.gassed + state.evaporated + state.flashed);
    (now_kg + gone_kg - load.green_kg) / load.green_kg
}

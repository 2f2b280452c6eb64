//! One step of the classical Runge–Kutta method.
//!
//! Fixed at 0.25 s: the plant is not stiff and its error there is below 0.001 °C
//! (B17). Controls change on step boundaries only. While a charge spreads through the
//! drum everything moves on the scale of a second, so those steps are cut in four.

use super::{Inputs, Plant, State};

/// Length of a step, s.
pub(crate) const STEP_S: f64 = 0.25;
/// Length of a step, µs.
pub(crate) const STEP_US: i64 = 250_000;

/// How long a charge is taken to spread, in time constants of filling: e^-12 is 6e-6.
const SPREADING: f64 = 12.0;
/// Parts that a step is cut into while the charge spreads.
const PARTS: u32 = 4;

/// The state one step of [`STEP_S`] later, or one of `cut` parts of it.
pub(crate) fn advance(plant: &Plant<'_>, state: &State, inputs: &Inputs<'_>, cut: u32) -> State {
    let length_s = STEP_S / f64::from(cut);
    let spreading = inputs.load.is_some_and(|(_, s)| s < SPREADING * plant.spec.bodies.fill_s);
    if !spreading || cut >= PARTS {
        return runge_kutta(plant, state, inputs, length_s);
    }
    let part_s = length_s / f64::from(PARTS);
    let mut state = *state;
    for part in 0..PARTS {
        state = runge_kutta(plant, &state, &inputs.later(part_s * f64::from(part)), part_s);
    }
    state
}

/// The state after one bare step of `step_s`, for tests of the step itself.
#[cfg(test)]
pub(crate) fn advance_by(plant: &Plant<'_>, state: &State, inputs: &Inputs<'_>, step_s: f64) -> State {
    runge_kutta(plant, state, inputs, step_s)
}

fn runge_kutta(plant: &Plant<'_>, state: &State, inputs: &Inputs<'_>, step_s: f64) -> State {
    let half_s = 0.5 * step_s;
    let a = plant.rate(state, inputs, 0.0);
    let b = plant.rate(&state.plus(half_s, &a), inputs, half_s);
    let c = plant.rate(&state.plus(half_s, &b), inputs, half_s);
    let d = plant.rate(&state.plus(step_s, &c), inputs, step_s);
    let mut next = state.plus(step_s, &State::runge_kutta_mean(&a, &b, &c, &d));
    // Where the core climbs past its old maximum inside a step, the maximum follows it.
    next.hottest_c = next.hottest_c.max(next.core_c);
    next
}

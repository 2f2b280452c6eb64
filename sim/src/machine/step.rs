//! One step of the classical Runge–Kutta method.
//!
//! Fixed at 0.25 s: the plant is not stiff and its error there is below 0.001 °C
//! (B17). Controls change on step boundaries only. While a charge spreads through the
//! drum everything moves on the scale of a second, so those steps are cut in four.

use super::slopes::{Base, outlet_c, slopes};
use super::terms::{Holder, Terms};
use super::{Inputs, Plant, State};

/// Length of a step, s.
pub(crate) const STEP_S: f64 = 0.25;
/// Length of a step, µs.
pub(crate) const STEP_US: i64 = 250_000;

/// Evaluations of the slopes in a step.
pub(crate) const EVALUATIONS: u32 = 4;

/// How long a charge is taken to spread, in time constants of filling: e^-12 is 6e-6.
const SPREADING: f64 = 12.0;
/// Parts that a step is cut into while the charge spreads.
const PARTS: u32 = 4;

/// Steps one machine, keeping what does not change from step to step.
#[derive(Clone, Debug)]
pub(crate) struct Stepper<'a> {
    plant: &'a Plant<'a>,
    holder: Holder<'a>,
}

impl<'a> Stepper<'a> {
    pub(crate) fn new(plant: &'a Plant<'a>) -> Self {
        Self { plant, holder: Holder::new(plant) }
    }

    /// The state one step of [`STEP_S`] later, or one of `cut` parts of it.
    pub(crate) fn advance(&mut self, state: &State, inputs: &Inputs<'a>, cut: u32) -> State {
        let (parts, part_s) = parts(self.plant, inputs, cut);
        let mut state = *state;
        for part in 0..parts {
            let inputs = inputs.later(part_s * f64::from(part));
            state = step_alone(self.holder.hold(&inputs, part_s), &state);
        }
        state
    }

    /// dState/dt and outlet temperature at one instant, everything in them exact: for tests of methods.
    #[cfg(test)]
    pub(crate) fn slope(&mut self, state: &State, inputs: &Inputs<'a>) -> (State, f64) {
        let t = *self.holder.hold(inputs, 0.0);
        let base = Base::of(&t, state);
        (slopes(&t, state, &base, t.mixed), outlet_c(&t, state, &base))
    }

    /// The state after one bare step of `step_s`, however long.
    #[cfg(test)]
    pub(crate) fn advance_by(&mut self, state: &State, inputs: &Inputs<'a>, step_s: f64) -> State {
        step_alone(self.holder.hold(inputs, step_s), state)
    }
}

/// Into how many parts a `cut`th of [`STEP_S`] is cut under `inputs`, and how long they are, s.
pub(crate) fn parts(plant: &Plant<'_>, inputs: &Inputs<'_>, cut: u32) -> (u32, f64) {
    let length_s = STEP_S / f64::from(cut);
    let spreading = inputs.load.is_some_and(|(_, s)| s < SPREADING * plant.spec.bodies.fill_s);
    if spreading && cut < PARTS { (PARTS, length_s / f64::from(PARTS)) } else { (1, length_s) }
}

/// [`runge_kutta`] in the instructions of the machine: no vectors here, but fewer moves than x86-64's first form
/// needs, and the same bits.
fn step_alone(t: &Terms, state: &State) -> State {
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    {
        use fearless_simd::{Level, Simd};
        if let Some(token) = Level::new().as_avx2() {
            return token.vectorize(
                #[inline(always)]
                || runge_kutta(t, state),
            );
        }
    }
    runge_kutta(t, state)
}

/// The state one step under `t` after `state`; the same function for one roast and for a lane of many.
#[inline(always)]
pub(super) fn runge_kutta(t: &Terms, state: &State) -> State {
    let base = Base::of(t, state);
    let half_s = 0.5 * t.step_s;
    let a = slopes(t, state, &base, t.mixed);
    let b = slopes(t, &state.plus(half_s, &a), &base, t.mixed_half);
    let c = slopes(t, &state.plus(half_s, &b), &base, t.mixed_half);
    let d = slopes(t, &state.plus(t.step_s, &c), &base, t.mixed_end);
    let mut next = state.plus(t.step_s * (1.0 / 6.0), &State::runge_kutta_sum(&a, &b, &c, &d));
    // Where the core climbs past its old maximum inside a step, the maximum follows it.
    next.hottest_c = if next.core_c > next.hottest_c { next.core_c } else { next.hottest_c };
    next.outlet_c = outlet_c(t, &next, &base);
    next
}

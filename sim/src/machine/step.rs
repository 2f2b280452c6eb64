//! One step of the classical Runge–Kutta method.
//!
//! Fixed at 0.25 s: the plant is not stiff and its error there is below 0.001 °C
//! (B17). Controls change on step boundaries only. Where something moves on the scale of a
//! second, as a charge that spreads through the drum or a handful of beans does, steps are cut.

use super::slopes::{Base, outlet_c, slopes};
use super::terms::{Holder, Terms};
use super::{Inputs, Plant, State};

/// Length of a step, s.
pub(crate) const STEP_S: f64 = 0.25;
/// Length of a step, µs.
pub(crate) const STEP_US: i64 = 250_000;

/// Evaluations of the slopes in a step.
pub(crate) const EVALUATIONS: u32 = 4;

/// Steps one machine, keeping what does not change from step to step.
#[derive(Clone, Debug)]
pub(crate) struct Stepper<'a> {
    holder: Holder<'a>,
}

impl<'a> Stepper<'a> {
    pub(crate) fn new(plant: &'a Plant<'a>) -> Self {
        Self { holder: Holder::new(plant) }
    }

    /// Into how many parts a step of [`STEP_S`] is to be cut under `inputs`.
    pub(crate) fn parts(&mut self, inputs: &Inputs<'a>) -> u32 {
        self.holder.parts(inputs)
    }

    /// The state after `inputs` have held for one part of `part_s`.
    pub(crate) fn advance(&mut self, state: &State, inputs: &Inputs<'a>, part_s: f64) -> State {
        step_alone(self.holder.hold(inputs, part_s), state)
    }

    /// dState/dt and outlet temperature at one instant, everything in them exact: for tests of methods.
    #[cfg(test)]
    pub(crate) fn slope(&mut self, state: &State, inputs: &Inputs<'a>) -> (State, f64) {
        let t = *self.holder.hold(inputs, 0.0);
        let base = Base::of(&t, state);
        (slopes(&t, state, &base, t.mixed), outlet_c(&t, state, &base))
    }
}

/// The inputs of each part of a step that is cut into `parts`, and how long a part is, s.
pub(crate) fn cut<'a>(inputs: &Inputs<'a>, parts: u32) -> impl Iterator<Item = (Inputs<'a>, f64)> {
    let part_s = STEP_S / f64::from(parts);
    let inputs = inputs.clone();
    (0..parts).map(move |part| (inputs.later(part_s * f64::from(part)), part_s))
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

//! What one roast does in one step, and the classical Runge–Kutta form of it.

use super::Real;

/// A method applied to a plant: how one roast gets from one change of its inputs to the next.
///
/// `S` numbers of state, `P` parameters that stay, `U` inputs that hold for one step, `O`
/// recorded readings. Every method must be plain arithmetic on one roast: no branch on a
/// number, no call that is not `#[inline(always)]`, or the lanes run one after another.
pub trait Stepper<R: Real, const S: usize, const P: usize, const U: usize, const O: usize> {
    /// The state at the start; `inputs` are those of the first step.
    fn start(&self, parameters: &[R; P], inputs: &[R; U]) -> [R; S];

    /// The state one step after `state`.
    fn step(&self, state: &[R; S], parameters: &[R; P], inputs: &[R; U]) -> [R; S];

    /// Into how many equal steps the time between two rows of inputs is cut; 1 or more.
    #[inline(always)]
    fn parts(&self) -> u32 {
        1
    }

    /// What the probes show of a state.
    fn readings(&self, state: &[R; S]) -> [R; O];
}

/// The state `step_s` seconds after `state` by the classical Runge–Kutta method of order 4.
///
/// - `slopes`: change of each state per second, 1/s times its unit; inputs held.
#[inline(always)]
pub fn runge_kutta_4<R: Real, const S: usize>(
    state: &[R; S],
    step_s: f64,
    slopes: impl Fn(&[R; S]) -> [R; S],
) -> [R; S] {
    let moved = |by_s: f64, slope: &[R; S]| -> [R; S] {
        let mut moved = *state;
        for s in 0..S {
            moved[s] = state[s].plus(by_s, slope[s]);
        }
        moved
    };
    let a = slopes(state);
    let b = slopes(&moved(0.5 * step_s, &a));
    let c = slopes(&moved(0.5 * step_s, &b));
    let d = slopes(&moved(step_s, &c));
    let mut sum = a;
    for s in 0..S {
        sum[s] = (a[s] + d[s]).plus(2.0, b[s] + c[s]);
    }
    moved(step_s / 6.0, &sum)
}

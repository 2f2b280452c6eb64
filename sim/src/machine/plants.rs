//! Many machines stepped together: one step written for one roast, run over columns of roasts.
//!
//! Each lane has its own machine, beans and controls, and the bits that it would have alone, at any `N` and on
//! any vectors; see [`crate::lanes`]. For speed take 16 or 32 lanes, and machines of one family together: a
//! step takes as long as its most finely cut lane.

use crate::lanes::Width;

use super::state::Columns as StateColumns;
use super::step::runge_kutta;
use super::terms::{Columns as TermColumns, Holder};
use super::{Inputs, Plant, STEP_S, State};

/// `N` machines at one instant.
#[derive(Clone, Debug)]
pub(crate) struct Plants<'a, const N: usize> {
    holders: Vec<Holder<'a>>,
    states: Box<StateColumns<N>>,
    terms: Box<TermColumns<N>>,
    width: Width,
}

impl<'a, const N: usize> Plants<'a, N> {
    /// Machines in a state of zeros, to be stepped with vectors of `width` or the widest narrower ones here.
    pub(crate) fn new(plants: [&'a Plant<'a>; N], width: Width) -> Self {
        let holders = plants.map(Holder::new).into();
        Self { holders, states: Box::default(), terms: Box::default(), width }
    }

    /// The state of one lane.
    pub(crate) fn state(&self, lane: usize) -> State {
        self.states.lane(lane)
    }

    /// Puts one lane into `state`, at the start, at charge, or to take up another roast.
    pub(crate) fn set_state(&mut self, lane: usize, state: &State) {
        self.states.set(lane, state);
    }

    /// Moves every lane by a step under its own inputs, cut into as many parts as that lane would be alone.
    pub(crate) fn advance(&mut self, inputs: &[Inputs<'a>; N]) {
        let cuts: [u32; N] = std::array::from_fn(|lane| self.holders[lane].parts(&inputs[lane]));
        let rounds = cuts.iter().copied().max().unwrap_or(0);
        let mut resting: Vec<(usize, State)> = Vec::new();
        for round in 0..rounds {
            for (lane, parts) in cuts.into_iter().enumerate() {
                if round >= parts {
                    resting.push((lane, self.state(lane)));
                    continue;
                }
                let part_s = STEP_S / f64::from(parts);
                let inputs = inputs[lane].later(part_s * f64::from(round));
                self.terms.set(lane, self.holders[lane].hold(&inputs, part_s));
            }
            step_at(self.width, &mut self.states, &self.terms);
            // Lanes that had done their part went along, and are put back.
            for (lane, state) in resting.drain(..) {
                self.set_state(lane, &state);
            }
        }
    }
}

/// One step of all lanes, with the vectors of the caller's target.
#[inline(always)]
fn step<const N: usize>(states: &mut StateColumns<N>, terms: &TermColumns<N>) {
    // The loop that becomes vectors: nothing in it depends on another lane.
    for lane in 0..N {
        let next = runge_kutta(&terms.lane(lane), &states.lane(lane));
        states.set(lane, &next);
    }
}

/// [`step`] on vectors of a width, or on the widest narrower one that this machine has.
fn step_at<const N: usize>(width: Width, states: &mut StateColumns<N>, terms: &TermColumns<N>) {
    // As in `lanes::run_at`: only the library's proof that the instructions are there is used.
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    {
        use fearless_simd::{Level, Simd};
        let level = Level::new();
        match (width, level.as_avx512(), level.as_avx2()) {
            (Width::Avx512, Some(token), _) => {
                return token.vectorize(
                    #[inline(always)]
                    || step(states, terms),
                );
            }
            (Width::Avx512 | Width::Avx2, _, Some(token)) => {
                return token.vectorize(
                    #[inline(always)]
                    || step(states, terms),
                );
            }
            _ => {}
        }
    }
    step(states, terms);
}

//! Running a stepper over columns of roasts, on the widest vectors there are.

use super::column::{Column, lane_of, set_lane};
use super::{Real, Stepper};

/// Which vector instructions the lanes are compiled to; the results have the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Width {
    /// What every machine of the target has. Without fused multiply-add in it (x86-64
    /// before 2013) each is a call to the platform's: right, and some 25 times slower than
    /// [`Width::Avx2`].
    Baseline,
    /// 256-bit vectors and fused multiply-add, x86.
    Avx2,
    /// 512-bit vectors of the Ice Lake and Zen 4 kind, x86.
    Avx512,
}

impl Width {
    /// All widths, narrow first.
    pub const ALL: [Self; 3] = [Self::Baseline, Self::Avx2, Self::Avx512];

    /// Whether this machine has it.
    #[must_use]
    pub fn is_here(self) -> bool {
        self <= Self::widest()
    }

    /// The widest that this machine has.
    #[must_use]
    pub fn widest() -> Self {
        #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
        {
            let level = fearless_simd::Level::new();
            if level.as_avx512().is_some() {
                return Self::Avx512;
            }
            if level.as_avx2().is_some() {
                return Self::Avx2;
            }
        }
        Self::Baseline
    }
}

/// Advances `N` roasts through all their inputs, with the vectors of the caller's target.
///
/// Any `N` gives the same bits. For speed take 16 or 32: the compiler makes no vectors of a
/// loop of fewer than 16, several vectors in flight hide each other's waiting, and past 32
/// the columns crowd the first cache.
///
/// - `parameters`: one column of `N` per parameter.
/// - `inputs`: per step, one column per input; held for that step.
/// - `readings`: per step and one more, one column per reading; the first is the start.
///
/// # Panics
///
/// When there is not exactly one more row of readings than of inputs, or no input.
#[inline(always)]
pub fn run<R, M, const S: usize, const P: usize, const U: usize, const O: usize, const N: usize>(
    stepper: &M,
    parameters: &[Column<R, N>; P],
    inputs: &[[Column<f32, N>; U]],
    readings: &mut [[Column<f32, N>; O]],
) where
    R: Real + From<f32>,
    M: Stepper<R, S, P, U, O>,
{
    assert!(
        readings.len() == inputs.len() + 1,
        "{} rows of readings for {} of inputs",
        readings.len(),
        inputs.len()
    );
    let mut states = [Column::<R, N>::default(); S];
    for lane in 0..N {
        let state = stepper.start(&lane_of(parameters, lane), &lane_of(&inputs[0], lane).map(R::from));
        set_lane(&mut states, lane, state);
        set_lane(&mut readings[0], lane, stepper.readings(&state).map(R::to_f32));
    }
    for (inputs, readings) in inputs.iter().zip(&mut readings[1..]) {
        for _ in 0..stepper.parts() {
            // The loop that becomes vectors: nothing in it depends on another lane.
            for lane in 0..N {
                let inputs = lane_of(inputs, lane).map(R::from);
                let state = stepper.step(&lane_of(&states, lane), &lane_of(parameters, lane), &inputs);
                set_lane(&mut states, lane, state);
                set_lane(readings, lane, stepper.readings(&state).map(R::to_f32));
            }
        }
    }
}

/// [`run`] on vectors of a width, or on the widest narrower one that this machine has.
///
/// # Panics
///
/// As [`run`].
pub fn run_at<R, M, const S: usize, const P: usize, const U: usize, const O: usize, const N: usize>(
    width: Width,
    stepper: &M,
    parameters: &[Column<R, N>; P],
    inputs: &[[Column<f32, N>; U]],
    readings: &mut [[Column<f32, N>; O]],
) where
    R: Real + From<f32>,
    M: Stepper<R, S, P, U, O>,
{
    // The library's tokens prove that the machine has the instructions, so no unsafe is needed
    // here; only its `vectorize` is used, as our own lanes have the same bits on every width.
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    {
        use fearless_simd::{Level, Simd};
        let level = Level::new();
        match (width, level.as_avx512(), level.as_avx2()) {
            (Width::Avx512, Some(token), _) => {
                return token.vectorize(
                    #[inline(always)]
                    || run(stepper, parameters, inputs, readings),
                );
            }
            (Width::Avx512 | Width::Avx2, _, Some(token)) => {
                return token.vectorize(
                    #[inline(always)]
                    || run(stepper, parameters, inputs, readings),
                );
            }
            _ => {}
        }
    }
    run(stepper, parameters, inputs, readings);
}

/// [`run_at`] on the widest vectors that this machine has.
///
/// # Panics
///
/// As [`run`].
pub fn run_widest<R, M, const S: usize, const P: usize, const U: usize, const O: usize, const N: usize>(
    stepper: &M,
    parameters: &[Column<R, N>; P],
    inputs: &[[Column<f32, N>; U]],
    readings: &mut [[Column<f32, N>; O]],
) where
    R: Real + From<f32>,
    M: Stepper<R, S, P, U, O>,
{
    run_at(Width::widest(), stepper, parameters, inputs, readings);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cooling towards the input, which is held; its exact step is the one reading.
    struct Cooling;

    impl<R: Real> Stepper<R, 1, 1, 1, 1> for Cooling {
        fn start(&self, parameters: &[R; 1], _: &[R; 1]) -> [R; 1] {
            *parameters
        }

        fn step(&self, [now]: &[R; 1], _: &[R; 1], [room]: &[R; 1]) -> [R; 1] {
            [(*now - *room).mul_add(R::of(0.5), *room)]
        }

        fn parts(&self) -> u32 {
            2
        }

        fn readings(&self, state: &[R; 1]) -> [R; 1] {
            *state
        }
    }

    #[test]
    fn each_lane_has_its_own_parameters_inputs_and_parts() {
        let parameters = [Column([100.0_f64, 40.0, 20.0])];
        let inputs = [[Column([20.0_f32, 20.0, 20.0])], [Column([0.0, 20.0, 100.0])]];
        let mut readings = [[Column::default()]; 3];
        for width in Width::ALL {
            run_at(width, &Cooling, &parameters, &inputs, &mut readings);
            // Two halvings of the distance per row of inputs.
            let expected =
                [[Column([100.0, 40.0, 20.0])], [Column([40.0, 25.0, 20.0])], [Column([10.0, 21.25, 80.0])]];
            assert_eq!(readings, expected, "{width:?}");
        }
    }

    #[test]
    fn a_width_that_is_here_has_all_narrower_ones() {
        assert!(Width::Baseline.is_here() && Width::widest().is_here());
    }

    #[test]
    #[should_panic(expected = "2 rows of readings for 2 of inputs")]
    fn rows_that_do_not_fit_are_refused() {
        let inputs = [[Column([0.0_f32])]; 2];
        run_widest(&Cooling, &[Column([0.0_f64])], &inputs, &mut [[Column::default()]; 2]);
    }
}

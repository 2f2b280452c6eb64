//! Seeded roasts of roast-8: parameters and inputs from a hash of the roast's number.

use trier_sim::lanes::{Column, Real, Stepper, Width, run_at};

use super::plant::{INPUTS, PARAMETERS, READINGS, SECONDS};

/// The output of splitmix64 for a state.
fn mixed(state: u64) -> u64 {
    let z = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A number of `count` bits, at most 53, on [−1, 1).
fn about_zero(bits: u64, count: u32) -> f64 {
    #[allow(clippy::cast_precision_loss)] // 53 bits fit.
    let (value, half) = (bits as f64, (1_u64 << (count - 1)) as f64);
    value / half - 1.0
}

/// Parameters of one roast: dry mass kg, heat factor, reaction factor, moisture, drum K.
pub(crate) fn parameters(roast: u64) -> [f64; PARAMETERS] {
    let drawn = |i: u64| about_zero(mixed((roast << 32) + 1_000_000 + i) >> 11, 53);
    [
        0.90 * (1.0 + 0.10 * drawn(0)),
        1.0 + 0.10 * drawn(1),
        1.0 + 0.20 * drawn(2),
        0.11 + 0.01 * drawn(3),
        473.15 + 10.0 * drawn(4),
    ]
}

/// Gas, air and drum speed of one roast in one second.
pub(crate) fn inputs(roast: u64, second: usize) -> [f32; INPUTS] {
    let hash = mixed((roast << 32) + second as u64);
    let drawn = |shift: u32| about_zero((hash >> shift) & 0x1F_FFFF, 21);
    #[allow(clippy::cast_precision_loss)] // Below 720.
    let part = second as f64 / SECONDS as f64;
    let gas = if second < 60 { 0.35 } else { 0.72 - 0.12 * part };
    let inputs = [gas + 0.05 * drawn(43), 0.30 + 0.30 * part + 0.03 * drawn(22), 0.60 + 0.03 * drawn(1)];
    #[allow(clippy::cast_possible_truncation)] // The problem's inputs are `f32`.
    inputs.map(|input| input as f32)
}

/// `N` roasts side by side, with room for their readings.
pub(crate) struct Block<R, const N: usize> {
    parameters: [Column<R, N>; PARAMETERS],
    inputs: Vec<[Column<f32, N>; INPUTS]>,
    readings: Vec<[Column<f32, N>; READINGS]>,
}

impl<R: Real + From<f32>, const N: usize> Block<R, N> {
    /// Roasts `first` to `first + N`.
    pub(crate) fn of(first: u64) -> Self {
        let mut block = Self {
            parameters: [Column::default(); PARAMETERS],
            inputs: vec![[Column::default(); INPUTS]; SECONDS],
            readings: vec![[Column::default(); READINGS]; SECONDS + 1],
        };
        for (lane, roast) in (first..).take(N).enumerate() {
            for (column, value) in block.parameters.iter_mut().zip(parameters(roast)) {
                column.0[lane] = R::of(value);
            }
            for (second, columns) in block.inputs.iter_mut().enumerate() {
                for (column, value) in columns.iter_mut().zip(inputs(roast, second)) {
                    column.0[lane] = value;
                }
            }
        }
        block
    }

    /// Simulates all of them.
    pub(crate) fn run<M, const S: usize>(&mut self, width: Width, method: &M)
    where
        M: Stepper<R, S, PARAMETERS, INPUTS, READINGS>,
    {
        run_at(width, method, &self.parameters, &self.inputs, &mut self.readings);
    }

    /// What the probes of one lane showed, every second.
    pub(crate) fn lane(&self, lane: usize) -> impl Iterator<Item = [f32; READINGS]> {
        self.readings.iter().map(move |columns| core::array::from_fn(|c| columns[c].0[lane]))
    }
}

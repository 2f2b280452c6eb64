//! A scrambled Sobol sequence: points that fill a cube more evenly than chance does.
//!
//! Any point by its number, none of the earlier needed. The scrambling of Matoušek, a random
//! triangular matrix and a random shift for each dimension, is what SciPy does too: it takes the
//! pattern out of pairs of dimensions, and leaves the first 2^k points one in each of 2^k equal
//! strata of every dimension.

use crate::draw::Draw;

use super::joe_kuo::ROWS;

/// The most dimensions.
pub(super) const DIMENSIONS: usize = ROWS.len() + 1;

/// Bits of a point's number, and of the digits that tell points apart.
const BITS: usize = 32;

/// One dimension of a sequence.
#[derive(Clone, Debug)]
pub(super) struct Sobol {
    /// What each bit of a point's number turns over, leading digit in the highest bit.
    directions: [u64; BITS],
    /// What is turned over in all points.
    shift: u64,
}

impl Sobol {
    /// Dimension `dimension` (from 0) as it stands in books, not scrambled.
    ///
    /// # Panics
    /// From [`DIMENSIONS`] on.
    fn plain(dimension: usize) -> Self {
        let mut v = [0_u64; BITS];
        match dimension.checked_sub(1).map(|row| &ROWS[row]) {
            None => v.iter_mut().enumerate().for_each(|(i, v)| *v = 1 << (63 - i)),
            Some(row) => {
                let s = row.m.len();
                for i in 0..BITS {
                    v[i] = match row.m.get(i) {
                        Some(m) => u64::from(*m) << (63 - i),
                        None => {
                            let taps = (1..s).filter(|k| row.a >> (s - 1 - k) & 1 == 1);
                            taps.fold(v[i - s] ^ v[i - s] >> s, |sum, k| sum ^ v[i - k])
                        }
                    };
                }
            }
        }
        Self { directions: v, shift: 0 }
    }

    /// Dimension `dimension` (from 0), scrambled by `draw`.
    ///
    /// # Panics
    /// From [`DIMENSIONS`] on.
    pub(super) fn scrambled(dimension: usize, draw: &mut Draw) -> Self {
        let plain = Self::plain(dimension);
        // Digit j of a scrambled number is digit j of the plain one, plus a random choice of those
        // before it. Digits past the last that tells points apart come from the shift alone.
        let rows: [u64; BITS] = std::array::from_fn(|j| {
            let diagonal = 1_u64 << (63 - j);
            let before = !(diagonal | (diagonal - 1));
            diagonal | draw.bits() & before
        });
        let scramble = |v: u64| {
            let digit = |j: usize| u64::from((rows[j] & v).count_ones() & 1) << (63 - j);
            (0..BITS).fold(0, |sum, j| sum | digit(j))
        };
        Self { directions: plain.directions.map(scramble), shift: draw.bits() }
    }

    /// Point `i`, from 0 to below 1.
    pub(super) fn at(&self, i: u32) -> f64 {
        let turned = (0..BITS).filter(|bit| i >> bit & 1 == 1);
        let digits = turned.fold(self.shift, |digits, bit| digits ^ self.directions[bit]);
        unit(digits)
    }
}

/// The first 53 of 64 binary digits as a number from 0 to below 1.
fn unit(digits: u64) -> f64 {
    /// 2^-53.
    const ULP: f64 = 1.110_223_024_625_156_5e-16;
    #[allow(clippy::cast_precision_loss)] // 53 bits fit.
    let whole = (digits >> 11) as f64;
    whole * ULP
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_points_are_those_of_the_books() {
        // Points 0 to 7 of three dimensions in Joe and Kuo's notes; ours come in the order of the
        // binary digits, theirs by Gray code: point 2 here is their point 3.
        let gray = |i: u32| i ^ (i >> 1);
        let points: Vec<[f64; 3]> =
            (0..8).map(|i| std::array::from_fn(|d| Sobol::plain(d).at(gray(i)))).collect();
        let books = [
            [0.0, 0.0, 0.0],
            [0.5, 0.5, 0.5],
            [0.75, 0.25, 0.25],
            [0.25, 0.75, 0.75],
            [0.375, 0.375, 0.625],
            [0.875, 0.875, 0.125],
            [0.625, 0.125, 0.875],
            [0.125, 0.625, 0.375],
        ];
        assert_eq!(points, books);
    }

    #[test]
    fn the_numbers_they_grow_from_are_as_they_must_be() {
        // Odd and below 2^i, or a dimension is not spread at all; polynomials and numbers all
        // different, or two dimensions are one.
        let mut seen = std::collections::BTreeSet::new();
        for row in &ROWS {
            assert!(row.m.iter().enumerate().all(|(i, m)| m % 2 == 1 && *m < 2 << i), "{:?}", row.m);
            assert!(row.a < 1 << (row.m.len() - 1));
            assert!(seen.insert((row.m.len(), row.a)), "polynomial {} twice", row.a);
        }
    }
}

//! One number of `N` roasts side by side.

/// The same quantity of `N` roasts, in one place of memory.
///
/// Aligned to a cache line: a vector load across two lines costs twice, and where an
/// unaligned array begins is chance, so timings would change from run to run.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C, align(64))]
pub struct Column<T, const N: usize>(pub [T; N]);

impl<T: Copy + Default, const N: usize> Default for Column<T, N> {
    fn default() -> Self {
        Self([T::default(); N])
    }
}

/// One lane of some columns.
#[inline(always)]
pub(super) fn lane_of<T: Copy + Default, const C: usize, const N: usize>(
    columns: &[Column<T, N>; C],
    lane: usize,
) -> [T; C] {
    let mut row = [T::default(); C];
    for c in 0..C {
        row[c] = columns[c].0[lane];
    }
    row
}

/// Writes one lane of some columns.
#[inline(always)]
pub(super) fn set_lane<T: Copy, const C: usize, const N: usize>(
    columns: &mut [Column<T, N>; C],
    lane: usize,
    row: [T; C],
) {
    for c in 0..C {
        columns[c].0[lane] = row[c];
    }
}

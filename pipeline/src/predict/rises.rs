//! How fast BT rises at each BT: what a machine usually does, as a ratio to what roasts usually do.
//!
//! The rise falls as a roast goes on, so a straight line to a temperature is too early.
//! By how much is much alike from roast to roast when seen over BT instead of over time:
//! then a slower roast is the same curve, passed more slowly. The usual rise is read off
//! the medians of 408 shared roasts (84 °C at 60 s, 153 °C at 308 s, 188 °C at 495 s,
//! 214 °C at 662 s); a machine's own ratio to it is learned from its earlier roasts.

use trier_roast::{
    math,
    ror::{Line, line_through},
};

use crate::features::{Point, since, span_s};

/// The grid of BT, °C: every [`STEP_C`] from [`FIRST_C`].
const FIRST_C: f64 = 20.0;
const STEP_C: f64 = 2.0;
const BINS: usize = 121;

/// BT and the usual rise there, °C/s: straight between these, level beyond them. Between the
/// medians above the rise falls evenly, which fixes the numbers within some hundredths.
const USUAL: [(f64, f64); 7] = [
    (80.0, 0.40),
    (100.0, 0.34),
    (130.0, 0.26),
    (153.0, 0.215),
    (170.0, 0.19),
    (188.0, 0.165),
    (214.0, 0.14),
];

/// A rise is the slope over this long, s, of which half must be there.
pub(super) const WINDOW_S: f64 = 45.0;

/// The fewest points of a slope.
const POINTS_MIN: usize = 4;

/// A slope is taken this often, s.
const EVERY_S: f64 = 2.0;

/// Slopes count for the BT around theirs, less with distance, up to this far, °C.
const REACH_C: f64 = 12.0;

/// Where the pace is taken, °C: past the plunge and the lag, short of any first crack.
const PACE_C: f64 = 150.0;

/// A slower rise counts as this, °C/s: a stall has no logarithm.
const RISE_C_PER_S_MIN: f64 = 0.003;

/// The usual rise at `bt_c`, °C/s.
fn usual_c_per_s(bt_c: f64) -> f64 {
    let after = USUAL.partition_point(|(c, _)| *c < bt_c);
    match (after.checked_sub(1).map(|before| USUAL[before]), USUAL.get(after).copied()) {
        (Some((c0, r0)), Some((c1, r1))) => r0 + (r1 - r0) * (bt_c - c0) / (c1 - c0),
        (Some((_, rise)), None) | (None, Some((_, rise))) => rise,
        (None, None) => RISE_C_PER_S_MIN,
    }
}

/// The logarithm of the ratio of a rise to the usual one, over BT.
#[derive(Clone, Debug, PartialEq)]
pub struct Rises {
    /// One for each BT of the grid; what no roast passed is as at the nearest BT that one did.
    ln_ratio: Vec<f64>,
}

impl Rises {
    /// Those of one roast, from its usable `points` from the turning point to drop; None
    /// when they make no slope.
    #[must_use]
    pub fn of_roast(points: &[Point]) -> Option<Self> {
        let slopes = slopes(points);
        let at_bin = |bin: usize| {
            let bt_c = bin_c(bin);
            let (mut sum, mut weights) = (0.0, 0.0);
            for (c, rise) in &slopes {
                let weight = 1.0 - (c - bt_c).abs() / REACH_C;
                if weight > 0.0 {
                    sum += weight * rise;
                    weights += weight;
                }
            }
            // Less than one slope at this BT: not passed.
            (weights >= 0.5).then(|| math::ln(sum / weights / usual_c_per_s(bt_c)))
        };
        let known: Vec<Option<f64>> = (0..BINS).map(at_bin).collect();
        filled(&known).map(|ln_ratio| Self { ln_ratio })
    }

    /// The mean of `roasts` with their weights, and of one roast more that rises as usual.
    #[must_use]
    pub fn mean_of<'a>(roasts: impl Iterator<Item = (&'a Self, f64)>) -> Self {
        let mut ln_ratio = vec![0.0; BINS];
        let mut weights = 1.0;
        for (roast, weight) in roasts {
            weights += weight;
            for (sum, one) in ln_ratio.iter_mut().zip(&roast.ln_ratio) {
                *sum += weight * one;
            }
        }
        ln_ratio.iter_mut().for_each(|sum| *sum /= weights);
        Self { ln_ratio }
    }

    /// The rise on the grid, °C/s: what `curve` leads BT along.
    #[must_use]
    pub fn c_per_s(&self) -> Vec<f64> {
        let rise = |(bin, ratio): (usize, &f64)| math::exp(*ratio) * usual_c_per_s(bin_c(bin));
        self.ln_ratio.iter().enumerate().map(rise).collect()
    }
}

/// Where BT goes from here, if this roast keeps its ratio to what the machine usually does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Path<'a> {
    rises_c_per_s: &'a [f64],
    ratio: f64,
    bt_c: f64,
}

/// Ratios to the usual are held within these: a stall or a flick does not last for minutes.
const RATIO: (f64, f64) = (0.3, 3.0);

impl<'a> Path<'a> {
    /// From `bt_c` along a machine's usual `rises_c_per_s`, in the ratio to it that `line` had
    /// in its middle.
    pub(super) fn from(rises_c_per_s: &'a [f64], bt_c: f64, line: &Line) -> Self {
        let usual = at_c(rises_c_per_s, line.mid_c);
        Self { rises_c_per_s, ratio: (line.slope_c_per_s / usual).clamp(RATIO.0, RATIO.1), bt_c }
    }

    /// Goes on by `step_s`; BT then, °C, and the rise there, °C/s.
    pub(super) fn step(&mut self, step_s: f64) -> (f64, f64) {
        let rise = (self.ratio * at_c(self.rises_c_per_s, self.bt_c)).max(RISE_C_PER_S_MIN);
        self.bt_c += rise * step_s;
        (self.bt_c, rise)
    }
}

/// A value of the grid at `bt_c`, straight between and level beyond.
fn at_c(grid: &[f64], bt_c: f64) -> f64 {
    let position = ((bt_c - FIRST_C) / STEP_C).clamp(0.0, (BINS - 1) as f64);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Within the grid.
    let bin = (position as usize).min(BINS - 2);
    let share = position - bin as f64;
    grid[bin] + share * (grid[bin + 1] - grid[bin])
}

fn bin_c(bin: usize) -> f64 {
    FIRST_C + STEP_C * bin as f64
}

/// When BT first passed 150 °C, where the pace of a roast is taken, s since charge.
///
/// - `points`: usable BT from the turning point on.
pub(super) fn passed_s(points: &[Point]) -> Option<f64> {
    points.iter().find(|(_, bt_c)| *bt_c >= PACE_C).map(|(t_s, _)| *t_s)
}

/// BT and rise every [`EVERY_S`], each from the points up to then.
fn slopes(points: &[Point]) -> Vec<Point> {
    let mut slopes = Vec::new();
    let mut next_s = f64::NEG_INFINITY;
    for (newest, (t_s, _)) in points.iter().enumerate() {
        let window = since(&points[..=newest], t_s - WINDOW_S);
        if *t_s < next_s || window.len() < POINTS_MIN || span_s(window) < 0.5 * WINDOW_S {
            continue;
        }
        next_s = t_s + EVERY_S;
        if let Some(line) = line_through(window) {
            // A slope is that of the middle of its window, and so belongs to the BT there.
            slopes.push((line.mid_c, line.slope_c_per_s.max(RISE_C_PER_S_MIN)));
        }
    }
    slopes
}

/// Gaps bridged straight, ends held; None when nothing is known.
fn filled(known: &[Option<f64>]) -> Option<Vec<f64>> {
    let at: Vec<(usize, f64)> = known.iter().enumerate().filter_map(|(bin, v)| Some((bin, (*v)?))).collect();
    let (first, last) = (at.first()?, at.last()?);
    let value = |bin: usize| {
        let after = at.partition_point(|(known, _)| *known < bin);
        match (after.checked_sub(1).map(|before| at[before]), at.get(after)) {
            (_, Some((known, v))) if *known == bin => *v,
            (Some((b0, v0)), Some((b1, v1))) => v0 + (v1 - v0) * (bin - b0) as f64 / (b1 - b0) as f64,
            (Some(_), None) => last.1,
            (None, _) => first.1,
        }
    };
    Some((0..known.len()).map(value).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A roast that rises by `ratio` of the usual, from 90 °C for ten minutes.
    fn roast(ratio: f64) -> Vec<Point> {
        let mut bt_c = 90.0;
        let mut points = Vec::new();
        for t in 0..600 {
            points.push((f64::from(t), bt_c));
            bt_c += ratio * usual_c_per_s(bt_c);
        }
        points
    }

    #[test]
    fn the_usual_rise_passes_the_medians_it_was_read_off() {
        let points = roast(1.0);
        let at_s = |c: f64| points.iter().find(|p| p.1 >= c).expect("passed").0;
        // Dry end to first crack took 187 s, and first crack to drop 167 s, in the medians.
        assert!((at_s(188.0) - at_s(153.0) - 187.0).abs() < 5.0);
        assert!((at_s(200.0) - at_s(188.0) - 77.0).abs() < 5.0);
    }

    #[test]
    fn a_roast_twice_as_fast_has_that_ratio_and_its_path_says_when() {
        let rises = Rises::of_roast(&roast(2.0)).expect("slopes");
        // The rise bends within a window and within the reach of a bin: some per cent.
        let ratio = math::exp(rises.ln_ratio[60]);
        assert!((ratio - 2.0).abs() < 0.05, "{ratio}");
        let grid = rises.c_per_s();
        let points = roast(2.0);
        let now = points.partition_point(|p| p.1 < 150.0);
        let line = line_through(&points[now - 45..=now]).expect("a line");
        let mut path = Path::from(&grid, points[now].1, &line);
        let took = (0..).take_while(|_| path.step(1.0).0 < 188.0).count();
        let real = points.partition_point(|p| p.1 < 188.0) - now;
        assert!(took.abs_diff(real) <= 3, "{took} s, really {real} s");
    }

    #[test]
    fn one_roast_counts_as_much_as_the_usual() {
        let fast = Rises::of_roast(&roast(2.0)).expect("slopes");
        let mean = Rises::mean_of([(&fast, 1.0)].into_iter());
        assert!((mean.ln_ratio[60] - 0.5 * fast.ln_ratio[60]).abs() < 1e-12);
        assert!(Rises::mean_of(std::iter::empty()).ln_ratio.iter().all(|r| *r == 0.0));
        assert_eq!(Rises::of_roast(&[(0.0, 90.0), (1.0, 91.0)]), None);
    }
}

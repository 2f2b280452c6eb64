//! The problem that least squares is given: roasts, a prior, and what a miss of a degree weighs.

use serde::Serialize;

use crate::seed::Seed;

use super::free_run::{FreeRun, Pace};
use super::observed::interpolated;
use super::parameter::{Parameter, applied, parameters};
use super::score::phase_ends;
use super::solve::minimise;
use super::{Model, Observed};

/// What may differ from one batch to the next, beside what is recorded of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct BatchScalars {
    /// Water in the green beans above the lot's, points of wet mass.
    pub moisture_wet_points: f64,
    /// Factor on heater power.
    pub heat_factor: f64,
    /// Wall at charge above what the start law says, °C.
    pub wall_c: f64,
}

impl Default for BatchScalars {
    fn default() -> Self {
        Self { moisture_wet_points: 0.0, heat_factor: 1.0, wall_c: 0.0 }
    }
}

impl BatchScalars {
    /// Standard deviations of their priors: points, share, °C (B16; wider, as nobody's wall is known).
    const SD: [f64; 3] = [0.7, 0.04, 12.0];

    /// What the numbers are called.
    pub const NAMES: [&'static str; 3] = ["moisture", "burner", "wall at charge"];

    /// The numbers in the order of [`Self::NAMES`].
    #[must_use]
    pub fn values(&self) -> [f64; 3] {
        [self.moisture_wet_points, self.heat_factor, self.wall_c]
    }

    fn of(z: [f64; 3]) -> Self {
        Self {
            moisture_wet_points: (Self::SD[0] * z[0]).clamp(-5.0, 5.0),
            heat_factor: (1.0 + Self::SD[1] * z[1]).clamp(0.5, 1.5),
            wall_c: Self::SD[2] * z[2],
        }
    }
}

/// The curve is compared at times this far apart, s.
const GRID_S: f64 = 5.0;
/// How far a good model is from a real curve, standard deviation, °C.
const MODEL_SD_C: f64 = 2.5;
/// A curve is wrong for a minute or more at a time: each phase counts as this many independent looks.
const LOOKS_PER_PHASE: f64 = 4.0;
/// Misses beyond this many standard deviations count by their size and no longer by its square.
const ROBUST_SD: f64 = 3.0;
/// How far cores at the mark of first crack are from the machine's own mean, standard deviation, °C:
/// an ear that is 10 s off at 8 °C/min, and lots that differ by 1 to 2 °C (B9, B16).
const CRACK_SD_C: f64 = 2.5;
/// How far shells are from what an infrared probe shows, standard deviation, °C: it sees the wall between beans too,
/// and takes them for black.
const SEEN_SD_C: f64 = 6.0;
/// Independent looks that what it saw counts as.
const SEEN_LOOKS: f64 = 6.0;
/// What it saw is compared at as many times.
const SEEN_POINTS: u32 = 24;
/// A run that went out of bounds misses by this many standard deviations everywhere.
const DIVERGED: f64 = 1e3;

/// Roasts and the prior they are to move.
pub struct Problem<'a> {
    prior: &'a Model,
    roasts: Vec<&'a Observed>,
    parameters: Vec<Parameter>,
}

/// A fitted model and where in the prior it lies.
#[derive(Clone, Debug)]
pub struct Fit {
    /// The model.
    pub model: Model,
    /// Its parameters, in standard deviations from the prior's centre.
    pub z: Vec<f64>,
    /// Half the sum of squares, priors included.
    pub cost: f64,
}

impl<'a> Problem<'a> {
    /// The problem of moving `prior` so that `roasts` come out.
    #[must_use]
    pub fn new(prior: &'a Model, roasts: Vec<&'a Observed>) -> Self {
        let has_other = roasts.iter().any(|roast| roast.start_other_c.is_some());
        Self { prior, parameters: parameters(prior, has_other), roasts }
    }

    /// Fits from start number `start`: 0 is the prior itself, the others are drawn from it.
    #[must_use]
    pub fn fit_from(&self, start: u32) -> Fit {
        let mut draw = Seed::new(0, "calibrate", start).stream("calibrate.start");
        // Within the prior, not at its edges, where most machines roast nothing.
        let spread = if start == 0 { 0.0 } else { 0.7 };
        let from: Vec<f64> = self.parameters.iter().map(|_| spread * draw.normal()).collect();
        let solved = minimise(&|z| self.residuals(z), &from);
        Fit { model: applied(self.prior, &self.parameters, &solved.z), z: solved.z, cost: solved.cost }
    }

    /// The best of several fits.
    #[must_use]
    pub fn best(fits: Vec<Fit>) -> Option<Fit> {
        fits.into_iter().min_by(|a, b| a.cost.total_cmp(&b.cost))
    }

    pub(super) fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    pub(super) fn prior(&self) -> &Model {
        self.prior
    }

    /// Misses of curves and cracks in standard deviations, then the priors'.
    pub(super) fn residuals(&self, z: &[f64]) -> Vec<f64> {
        let model = applied(self.prior, &self.parameters, z);
        let mut all = Vec::new();
        for roast in &self.roasts {
            roast_residuals(&model, roast, &BatchScalars::default(), &mut all);
        }
        all.extend_from_slice(z);
        all
    }
}

impl Model {
    /// The batch's own numbers that bring its curve closest, priors heard; those not `free` stay as they are.
    #[must_use]
    pub fn fit_batch(&self, roast: &Observed, free: [bool; 3]) -> BatchScalars {
        let spread = |z: &[f64]| {
            let mut given = z.iter();
            free.map(|is_free| if is_free { given.next().copied().unwrap_or(0.0) } else { 0.0 })
        };
        let residuals = |z: &[f64]| {
            let mut all = Vec::new();
            roast_residuals(self, roast, &BatchScalars::of(spread(z)), &mut all);
            all.extend_from_slice(z);
            all
        };
        let start = vec![0.0; free.iter().filter(|is_free| **is_free).count()];
        BatchScalars::of(spread(&minimise(&residuals, &start).z))
    }
}

fn roast_residuals(model: &Model, roast: &Observed, batch: &BatchScalars, all: &mut Vec<f64>) {
    let points = grid(roast);
    let crack = roast.first_crack_s;
    let Ok(run) = model.free_run(roast, batch, Pace::Coarse) else {
        let seen = if roast.seen.is_empty() { 0 } else { SEEN_POINTS as usize };
        let n = points.len() + usize::from(crack.is_some()) + seen;
        all.extend(std::iter::repeat_n(DIVERGED, n));
        return;
    };
    all.extend(points.iter().map(|point| {
        let miss = (run.bt_at(point.t_s) - point.bt_c) / MODEL_SD_C;
        softened(miss) * point.weight
    }));
    all.extend(crack.map(|crack_s| softened(crack_residual(model, &run, crack_s))));
    if let (Some((from_s, _)), Some((to_s, _))) = (roast.seen.first(), roast.seen.last()) {
        let weight = (SEEN_LOOKS / f64::from(SEEN_POINTS)).sqrt();
        all.extend((0..SEEN_POINTS).map(|i| {
            let t_s = from_s + (to_s - from_s) * (f64::from(i) + 0.5) / f64::from(SEEN_POINTS);
            softened((run.shell_at(t_s) - interpolated(&roast.seen, t_s)) / SEEN_SD_C) * weight
        }));
    }
}

/// Cores at the mark, against where a twentieth has cracked.
fn crack_residual(model: &Model, run: &FreeRun, crack_s: f64) -> f64 {
    /// Φ⁻¹(0.05).
    const TWENTIETH: f64 = -1.644_853_6;
    let onset_c = model.lot.first_crack_mean_c + TWENTIETH * model.lot.first_crack_sd_c;
    (run.core_at(crack_s) - onset_c) / CRACK_SD_C
}

/// The signed square root of a pseudo-Huber loss: a residual that grows ever more slowly.
fn softened(miss: f64) -> f64 {
    let by = miss / ROBUST_SD;
    // In this form a small miss is itself, to the last bit that counts.
    let grown = by * by / (1.0 + (1.0 + by * by).sqrt());
    miss.signum() * ROBUST_SD * (2.0 * grown).sqrt()
}

/// A time at which curves are compared.
struct Point {
    t_s: f64,
    bt_c: f64,
    weight: f64,
}

/// Times from charge to drop, so weighted that each phase counts alike.
fn grid(roast: &Observed) -> Vec<Point> {
    let ends = phase_ends(roast);
    let mut points = Vec::new();
    let mut from_s = 0.0;
    for end_s in ends.into_iter().flatten() {
        let length_s = end_s - from_s;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // A roast is two hours at most.
        let n = ((length_s / GRID_S).round() as u32).max(1);
        let n_f = f64::from(n);
        // A phase much shorter than a minute is not four looks.
        let looks = LOOKS_PER_PHASE * (length_s / 60.0).min(1.0);
        let weight = (looks / n_f).sqrt();
        points.extend((1..=n).map(|i| {
            let t_s = from_s + length_s * (f64::from(i) - 0.5) / n_f;
            Point { t_s, bt_c: roast.bt_at(t_s), weight }
        }));
        from_s = end_s;
    }
    points
}

/// Which roasts train and which are held out, by rule: (train, held out), places in time order.
///
/// Four pairs (as many as roasts below four) that hold out each roast once: every fourth roast. Of the others
/// at most `train` train, spread evenly over time.
#[must_use]
pub fn folds(n: usize, train: usize) -> Vec<(Vec<usize>, Vec<usize>)> {
    let k = n.min(4);
    (0..k)
        .map(|fold| {
            let (held, rest): (Vec<usize>, Vec<usize>) = (0..n).partition(|i| i % k == fold);
            (spread(&rest, train), held)
        })
        .collect()
}

/// At most `most` of `n` places, spread evenly.
#[must_use]
pub fn spread_evenly(n: usize, most: usize) -> Vec<usize> {
    spread(&(0..n).collect::<Vec<_>>(), most)
}

fn spread(places: &[usize], most: usize) -> Vec<usize> {
    let n = places.len();
    if n <= most {
        return places.to_vec();
    }
    (0..most).map(|i| places[(2 * i + 1) * n / (2 * most)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_roast_trains_and_is_held_out() {
        for (n, train) in [(2, 8), (3, 8), (11, 8), (16, 8), (30, 8), (30, 3)] {
            let folds = folds(n, train);
            let mut held_once = vec![0; n];
            for (trained, held) in &folds {
                assert!(!trained.is_empty() && trained.len() <= train, "{n} {train}");
                assert!(trained.iter().all(|i| !held.contains(i)));
                held.iter().for_each(|i| held_once[*i] += 1);
            }
            assert!(held_once.iter().all(|times| *times == 1));
        }
    }

    #[test]
    fn small_misses_are_themselves_and_large_ones_grow_by_their_root() {
        assert!((softened(0.01) - 0.01).abs() < 1e-6);
        assert!((softened(-0.01) + 0.01).abs() < 1e-6);
        // Far out the loss is 2·δ·|miss|, so the residual is its root: 4 times the miss, twice the residual.
        assert!((softened(4000.0) / softened(1000.0) - 2.0).abs() < 0.01);
    }
}

//! `artisan`: the rise of the last 20 s, aimed at the machine's own first-crack BT.
//!
//! Reasoning: what a roaster with Artisan sees in the phases display, given the best
//! target it could be set to. The live rate of rise there is a difference of two
//! points 20 s apart, the older one averaged over some readings, both smoothed by
//! weights that favour the newest, and the rate smoothed over four readings likewise.
//! That is rebuilt here from its description, by time instead of by sample count,
//! and with each averaged temperature placed at its averaged time, so that a straight
//! climb gives exactly its slope. It follows a change of heat within half a minute
//! and shakes with noise. Its target is the median BT at which earlier roasts of the
//! machine were marked; on 408 real roasts that mattered more than any slope (29 s off
//! at 60 s before, against 67 s with a fixed BT).

use trier_roast::ror::Line;

use super::{
    abstain::Abstain,
    aim::{self, Aim},
    forecast::Forecast,
    predictor::{Predictor, Seen, Target},
};
use crate::features::{Point, since, span_s};

/// The two points of the difference lie this far apart, s.
const WINDOW_S: f64 = 20.0;

/// How much of the window must be there, s; slow samplers seldom hit it exactly.
const SPAN_S_MIN: f64 = 15.0;

/// The older point is the mean of at most this many readings.
const OLDER_POINTS: usize = 5;

/// The newer point is a weighted mean of at most this many readings.
const NEWER_POINTS: usize = 3;

/// Neither point takes more than this share of the window, lest they overlap.
const SHARE: usize = 3;

/// The slope is a weighted mean of the slopes at this many newest readings.
const SLOPES: usize = 4;

/// A 20 s two-point slope to the machine's median first-crack BT.
#[derive(Clone, Copy, Debug, Default)]
pub struct Artisan;

impl Predictor for Artisan {
    fn name(&self) -> &str {
        "artisan"
    }

    fn title(&self) -> &str {
        "the rise of the last 20 s, with first crack where the machine has it"
    }

    fn version(&self) -> u32 {
        1
    }

    fn forecast(&mut self, target: Target, seen: &Seen<'_>) -> Forecast {
        aim::forecast(target, seen, Aim::own_first_crack, line)
    }
}

fn line<'a>(seen: &Seen<'a>) -> Result<(Line, &'a [Point]), Abstain> {
    let window = aim::warming_window(seen, WINDOW_S, SPAN_S_MIN)?;
    let (mid_s, mid_c) = newer_point(window);
    // warming_window vouches for the newest slope; older ones join as they can.
    let warming_s = seen.warming_since_s.unwrap_or(0.0);
    let (mut sum, mut weights) = (0.0, 0.0);
    for back in 0..SLOPES.min(seen.points.len()) {
        let until = &seen.points[..seen.points.len() - back];
        if let Some(slope) = two_point_slope(until, warming_s) {
            #[allow(clippy::cast_precision_loss)] // At most four.
            let weight = (SLOPES - back) as f64;
            sum += weight * slope;
            weights += weight;
        }
    }
    if weights <= 0.0 {
        return Err(aim::not_full(WINDOW_S, window));
    }
    Ok((Line { slope_c_per_s: sum / weights, mid_s, mid_c }, window))
}

/// The slope over the last 20 s of `points`, °C/s, from `warming_s` on at the earliest.
fn two_point_slope(points: &[Point], warming_s: f64) -> Option<f64> {
    let newest_s = points.last()?.0;
    let window = since(points, warming_s.max(newest_s - WINDOW_S));
    if span_s(window) < SPAN_S_MIN {
        return None;
    }
    let (older_s, older_c) = older_point(window);
    let (newer_s, newer_c) = newer_point(window);
    (newer_s > older_s).then(|| (newer_c - older_c) / (newer_s - older_s))
}

/// The plain mean of the first readings of `window`, time and temperature.
fn older_point(window: &[Point]) -> Point {
    let n = (window.len() / SHARE).clamp(1, OLDER_POINTS);
    weighted_mean(window.iter().take(n).map(|point| (*point, 1.0)))
}

/// The mean of the last readings of `window`, the newest counting most.
fn newer_point(window: &[Point]) -> Point {
    let n = (window.len() / SHARE).clamp(1, NEWER_POINTS);
    #[allow(clippy::cast_precision_loss)] // At most three.
    weighted_mean(
        window.iter().rev().take(n).zip((1..=n).rev()).map(|(point, weight)| (*point, weight as f64)),
    )
}

fn weighted_mean(points: impl Iterator<Item = (Point, f64)>) -> Point {
    let (mut t_s, mut bt_c, mut weights) = (0.0, 0.0, 0.0);
    for (point, weight) in points {
        t_s += weight * point.0;
        bt_c += weight * point.1;
        weights += weight;
    }
    (t_s / weights, bt_c / weights)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::predict::{Basis, Usual};
    use trier_roast::Sample;

    #[test]
    fn on_a_curve_that_bends_the_slope_is_that_of_ten_seconds_ago() {
        // At 1 Hz the older point lies 18 s back (the mean of 20 to 16), the newer 2/3 s
        // (weights 3, 2, 1), so a slope is that of their middle, 9 1/3 s back; four slopes
        // with weights 4 to 1 add a second. On a parabola this is exact but for the spread
        // of the averaged points, 0.00004 °C/s here; a second is 0.001 °C/s.
        let points: Vec<Point> =
            (0..120).map(f64::from).map(|t_s| (t_s, 80.0 + 0.3 * t_s - 0.0005 * t_s * t_s)).collect();
        let (basis, usual) = (Basis::default(), Usual::default());
        let warming_since_s = Some(0.0);
        let seen = Seen {
            now_s: 119.0,
            points: &points,
            newest: &Sample::default(),
            warming_since_s,
            marks: &[],
            basis: &basis,
            usual: &usual,
        };
        let looks_back_s = 18.0 / 2.0 + (2.0 / 3.0) / 2.0 + 1.0;
        let want = 0.3 - 0.001 * (119.0 - looks_back_s);
        let got = line(&seen).expect("the window is full").0.slope_c_per_s;
        assert!((got - want).abs() < 1e-4, "got {got} °C/s, want {want}");
    }
}

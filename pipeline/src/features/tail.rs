//! The newest stretch of a curve, and how fast it rises.

use trier_roast::ror;

/// A usable reading of BT: seconds since charge, °C.
pub type Point = (f64, f64);

/// The window of the rate of rise in tables, s.
const ROR_WINDOW_S: f64 = 30.0;

/// The least span of time in that window that makes a rate, s.
const ROR_SPAN_S: f64 = 15.0;

/// The fewest points in it that make a rate.
const ROR_POINTS: usize = 4;

/// The points of `points`, ascending by time, at or after `from_s`.
#[must_use]
pub fn since(points: &[Point], from_s: f64) -> &[Point] {
    &points[points.partition_point(|(t_s, _)| *t_s < from_s)..]
}

/// Time between the first and the last of `points`, s; zero for none.
#[must_use]
pub(crate) fn span_s(points: &[Point]) -> f64 {
    match (points.first(), points.last()) {
        (Some(first), Some(last)) => last.0 - first.0,
        _ => 0.0,
    }
}

/// Where the newest stretch of a growing curve begins. As time goes on it moves on, and never back.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Beginning(usize);

impl Beginning {
    /// The points of `points`, ascending by time and more of them each time, of the last `window_s`.
    pub(super) fn newest<'a>(&mut self, points: &'a [Point], window_s: f64) -> &'a [Point] {
        let Some((newest_s, _)) = points.last() else { return points };
        while points.get(self.0).is_some_and(|(t_s, _)| *t_s < newest_s - window_s) {
            self.0 += 1;
        }
        points.get(self.0..).unwrap_or_default()
    }
}

/// Rate of rise of BT at the newest of the points of a curve, °C per minute: the slope of the
/// least-squares line through its last 30 s.
///
/// Causal, so it runs about 15 s behind a curve that bends. None until the window
/// holds four points over 15 s.
pub(super) fn rise_c_per_min(points: &[Point], beginning: &mut Beginning) -> Option<f64> {
    let window = beginning.newest(points, ROR_WINDOW_S);
    if window.len() < ROR_POINTS || span_s(window) < ROR_SPAN_S {
        return None;
    }
    ror::ror_c_per_min(window)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_straight_climb_rises_by_its_slope_at_any_interval() {
        for interval_s in [0.25, 1.0, 2.0, 5.0] {
            let climb: Vec<Point> =
                (0..200).map(|i| f64::from(i) * interval_s).map(|t_s| (t_s, 90.0 + 0.15 * t_s)).collect();
            let mut beginning = Beginning::default();
            let rises: Vec<Option<f64>> =
                (1..=climb.len()).map(|n| rise_c_per_min(&climb[..n], &mut beginning)).collect();
            let rise = rises[199].expect("the window is full");
            assert!((rise - 9.0).abs() < 1e-9, "got {rise} °C/min at {interval_s} s");
            // A window found from where the last one began is the one found afresh.
            for (n, rise) in (1..).zip(rises) {
                assert_eq!(rise, rise_c_per_min(&climb[..n], &mut Beginning::default()));
            }
        }
    }

    #[test]
    fn no_rate_before_the_window_holds_enough() {
        let short: Vec<Point> = (0..15).map(|s| (f64::from(s), 100.0)).collect();
        assert_eq!(rise_c_per_min(&short, &mut Beginning::default()), None);
        let sparse = [(0.0, 100.0), (12.0, 101.0), (24.0, 102.0)];
        assert_eq!(rise_c_per_min(&sparse, &mut Beginning::default()), None);
        assert_eq!(rise_c_per_min(&[], &mut Beginning::default()), None);
    }
}

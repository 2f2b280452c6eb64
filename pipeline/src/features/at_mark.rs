//! BT at a mark: what the curve shows around an instant, not the sample at it.
//!
//! One wild sample on the very instant of a drop is common (a probe touched, a
//! drawer opened). Spikes are left out before; the median stands against the rest.

use super::tail::Point;

/// Points this close to the instant speak for it, s.
const WINDOW_S: f64 = 2.0;

/// With fewer points in the window, the curve is interpolated instead.
const WINDOW_POINTS: usize = 3;

/// No interpolation across a longer stretch without points, s.
const BRIDGE_S_MAX: f64 = 30.0;

/// Before the first or after the last point, that point stands for this long, s.
const HOLD_S_MAX: f64 = 10.0;

/// BT at `t_s` after charge, °C, from usable `points` ascending by time.
///
/// The median of the points within ±2 s when there are three or more; else linear
/// between its neighbours at most 30 s apart; at an end of the curve the last point,
/// for at most 10 s. None when there are no points near.
#[must_use]
pub fn bt_at_c(points: &[Point], t_s: f64) -> Option<f64> {
    let from = points.partition_point(|(t, _)| *t < t_s - WINDOW_S);
    let to = points.partition_point(|(t, _)| *t <= t_s + WINDOW_S);
    if to - from >= WINDOW_POINTS {
        return median_c(&points[from..to]);
    }
    let after = points.partition_point(|(t, _)| *t < t_s);
    let right = points.get(after);
    let left = after.checked_sub(1).and_then(|before| points.get(before));
    match (left, right) {
        (_, Some((t, c))) if *t <= t_s => Some(*c),
        (Some((t0, c0)), Some((t1, c1))) => {
            let share = (t_s - t0) / (t1 - t0);
            (t1 - t0 <= BRIDGE_S_MAX).then_some(c0 + share * (c1 - c0))
        }
        (Some((t, c)), None) | (None, Some((t, c))) => ((t - t_s).abs() <= HOLD_S_MAX).then_some(*c),
        (None, None) => None,
    }
}

/// The median temperature of `points`, °C. None when there are none.
pub(super) fn median_c(points: &[Point]) -> Option<f64> {
    trier_roast::order::median_of(points.iter().map(|(_, c)| *c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_outvotes_one_wild_point() {
        let points = [(598.0, 189.0), (599.0, 189.2), (600.0, 349.0), (601.0, 189.4), (602.0, 189.6)];
        assert_eq!(bt_at_c(&points, 600.0), Some(189.4));
    }

    #[test]
    fn sparse_points_are_interpolated_and_wide_holes_are_not() {
        let points = [(0.0, 100.0), (10.0, 110.0), (60.0, 160.0)];
        assert_eq!(bt_at_c(&points, 4.0), Some(104.0));
        assert_eq!(bt_at_c(&points, 10.0), Some(110.0));
        assert_eq!(bt_at_c(&points, 30.0), None);
        assert_eq!(bt_at_c(&points, 65.0), Some(160.0));
        assert_eq!(bt_at_c(&points, 75.0), None);
        assert_eq!(bt_at_c(&points, -5.0), Some(100.0));
        assert_eq!(bt_at_c(&[], 0.0), None);
    }
}

//! A curve of fewer points that is nowhere far from the whole one.

use crate::features::Point;

/// The points of `curve` that, joined by straight lines, come within `within_c` of every other.
///
/// By the rule of Ramer, Douglas and Peucker, with the distance taken in temperature: the first and the last
/// stay, then the farthest from the line between two that stay, until none is farther.
///
/// - `curve`: ascending by time.
/// - `within_c`: °C, not negative.
pub(super) fn thinned(curve: &[Point], within_c: f64) -> Vec<Point> {
    if curve.len() <= 2 {
        return curve.to_vec();
    }
    let last = curve.len() - 1;
    let mut stays = vec![false; curve.len()];
    (stays[0], stays[last]) = (true, true);
    // A list of what is left to do and no recursion: a curve's length is its sender's choice.
    let mut stretches = vec![(0, last)];
    while let Some((from, to)) = stretches.pop() {
        let farthest = (from + 1..to).map(|i| (off_line_c(curve[from], curve[to], curve[i]), i)).fold(
            None,
            |far: Option<(f64, usize)>, next| match far {
                Some(far) if far.0 >= next.0 => Some(far),
                _ => Some(next),
            },
        );
        if let Some((off_c, i)) = farthest
            && off_c > within_c
        {
            stays[i] = true;
            stretches.extend([(from, i), (i, to)]);
        }
    }
    curve.iter().zip(stays).filter_map(|(point, stays)| stays.then_some(*point)).collect()
}

/// How far a point is from the line between two others, °C.
fn off_line_c(from: Point, to: Point, point: Point) -> f64 {
    (point.1 - between(from, to, point.0)).abs()
}

/// BT at `t_s` on the line from one point to a later one, °C.
pub(super) fn between(from: Point, to: Point, t_s: f64) -> f64 {
    let length_s = to.0 - from.0;
    if length_s <= 0.0 { from.1 } else { from.1 + (t_s - from.0) / length_s * (to.1 - from.1) }
}

/// BT on the lines that join `curve` at `t_s`, °C; None outside it.
pub(super) fn on_curve_c(curve: &[Point], t_s: f64) -> Option<f64> {
    let after = curve.partition_point(|point| point.0 < t_s);
    let right = *curve.get(after)?;
    match after.checked_sub(1) {
        Some(before) => Some(between(curve[before], right, t_s)),
        None => (right.0 <= t_s).then_some(right.1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn straight_lines_become_their_corners() {
        let bent = |t: f64| if t < 60.0 { 200.0 - 2.0 * t } else { 80.0 + 0.25 * (t - 60.0) };
        let curve: Vec<Point> = (0..600).map(f64::from).map(|t| (t, bent(t))).collect();
        assert_eq!(thinned(&curve, 0.01), [(0.0, 200.0), (60.0, 80.0), (599.0, bent(599.0))]);
    }

    #[test]
    fn no_point_of_the_whole_curve_is_farther_than_asked() {
        let curve: Vec<Point> = (0..700)
            .map(f64::from)
            .map(|t| (t, 150.0 + 60.0 * trier_roast::math::sin(t / 90.0) + 0.2 * trier_roast::math::sin(t)))
            .collect();
        for within_c in [0.5, 2.0] {
            let thin = thinned(&curve, within_c);
            assert!(thin.len() * 5 < curve.len(), "{} points stay", thin.len());
            for (t_s, bt_c) in &curve {
                let drawn_c = on_curve_c(&thin, *t_s).expect("within the curve");
                assert!((drawn_c - bt_c).abs() <= within_c + 1e-9, "{drawn_c} for {bt_c} at {t_s} s");
            }
        }
    }

    #[test]
    fn outside_the_curve_there_is_nothing() {
        let curve = [(10.0, 100.0), (20.0, 120.0)];
        assert_eq!(on_curve_c(&curve, 15.0), Some(110.0));
        assert_eq!((on_curve_c(&curve, 10.0), on_curve_c(&curve, 20.0)), (Some(100.0), Some(120.0)));
        assert_eq!((on_curve_c(&curve, 9.9), on_curve_c(&curve, 20.1)), (None, None));
        assert_eq!(on_curve_c(&[], 0.0), None);
    }
}

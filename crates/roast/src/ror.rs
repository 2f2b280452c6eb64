//! Rate of rise: how fast a temperature climbs, looking back only.
//!
//! Causal by construction: the window ends at the newest point. The smoothed RoR
//! that roasting programs draw after the roast looks both ways and is another
//! number; nothing here may learn from it.

/// Slope of the least-squares line through `points`, °C per second.
///
/// - `points`: (time in s, temperature in °C), at least two different times.
///
/// None when fewer than two points are given or all have one time.
#[must_use]
pub fn slope_c_per_s(points: &[(f64, f64)]) -> Option<f64> {
    line_through(points).map(|line| line.slope_c_per_s)
}

/// Rate of rise over the whole of `points`, °C per minute. None as for [`slope_c_per_s`].
#[must_use]
pub fn ror_c_per_min(points: &[(f64, f64)]) -> Option<f64> {
    slope_c_per_s(points).map(|slope| slope * 60.0)
}

/// A straight line fitted to a stretch of curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// Rise, °C per second.
    pub slope_c_per_s: f64,
    /// Time of the middle of the points, s.
    pub mid_s: f64,
    /// Temperature of the line at `mid_s`, °C.
    pub mid_c: f64,
}

impl Line {
    /// Temperature of the line at time `t_s`, °C.
    #[must_use]
    pub fn at_c(&self, t_s: f64) -> f64 {
        self.mid_c + self.slope_c_per_s * (t_s - self.mid_s)
    }
}

/// The least-squares line through `points` of (s, °C).
///
/// Summed from the first point on, so that epoch-sized times lose no digits.
/// None when fewer than two points are given or all have one time.
#[must_use]
pub fn line_through(points: &[(f64, f64)]) -> Option<Line> {
    if points.len() < 2 {
        return None;
    }
    #[allow(clippy::cast_precision_loss)]
    let n = points.len() as f64;
    let (from_s, from_c) = points[0];
    // Four sums side by side: an addition waits for the one before it, and four chains wait together.
    let [sum_s, sum_c, sum_ss, sum_sc] =
        points.iter().fold([0.0; 4], |[sum_s, sum_c, sum_ss, sum_sc], (t_s, c)| {
            let (t_s, c) = (t_s - from_s, c - from_c);
            [sum_s + t_s, sum_c + c, sum_ss + t_s * t_s, sum_sc + t_s * c]
        });
    let spread = sum_ss - sum_s * sum_s / n;
    let cross = sum_sc - sum_s * sum_c / n;
    if spread <= 0.0 {
        return None;
    }
    Some(Line { slope_c_per_s: cross / spread, mid_s: from_s + sum_s / n, mid_c: from_c + sum_c / n })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ror_of_a_straight_climb_is_its_slope() {
        // 0.2 °C/s is 12 °C/min at any sampling interval.
        let climb = [0.0, 1.0, 2.5, 30.0].map(|t_s| (t_s, 150.0 + 0.2 * t_s));
        let ror = ror_c_per_min(&climb).expect("window is full");
        assert!((ror - 12.0).abs() < 1e-9, "got {ror} °C/min");
    }

    #[test]
    fn a_line_at_epoch_sized_times_keeps_its_digits() {
        let late = [0.0, 10.0, 20.0].map(|t_s| (1.8e9 + t_s, 100.0 + 0.1 * t_s));
        let slope = slope_c_per_s(&late).expect("three points");
        assert!((slope - 0.1).abs() < 1e-9);
    }

    #[test]
    fn no_line_through_one_instant() {
        assert_eq!(slope_c_per_s(&[]), None);
        assert_eq!(slope_c_per_s(&[(3.0, 150.0)]), None);
        assert_eq!(slope_c_per_s(&[(3.0, 150.0), (3.0, 160.0)]), None);
    }
}

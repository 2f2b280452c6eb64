//! Dry end: when BT passes 150 °C on its way up, for roasts where nobody marked it.
//!
//! A guess: what roasters mark by colour lies at 148 to 177 °C on shared roasts, so
//! it comes with little confidence and gives way to any announced mark.

use super::tail::Point;

/// BT at which drying is taken to end, °C; the median of marks on shared roasts is 153.
pub const DRY_END_C: f64 = 150.0;

/// Confidence of a dry end told from BT alone.
pub(super) const CONFIDENCE: f64 = 0.3;

/// Finds the crossing. Feed it the smoothed curve once BT is warming.
#[derive(Clone, Debug, Default)]
pub(super) struct DryEnd {
    below: Option<Point>,
    found: bool,
}

impl DryEnd {
    /// Takes the next smoothed point; the crossing, s since charge, when it is this one.
    pub(super) fn push(&mut self, (t_s, bt_c): Point) -> Option<f64> {
        if self.found {
            return None;
        }
        if bt_c < DRY_END_C {
            self.below = Some((t_s, bt_c));
            return None;
        }
        // Never seen below: a curve that starts above says nothing about drying.
        let (from_s, from_c) = self.below?;
        self.found = true;
        Some(from_s + (DRY_END_C - from_c) / (bt_c - from_c) * (t_s - from_s))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crossing_is_between_the_points_and_found_once() {
        let mut dry_end = DryEnd::default();
        assert_eq!(dry_end.push((300.0, 148.0)), None);
        let at_s = dry_end.push((302.0, 152.0)).expect("crossed");
        assert!((at_s - 301.0).abs() < 1e-12);
        assert_eq!(dry_end.push((304.0, 149.0)), None);
        assert_eq!(dry_end.push((306.0, 151.0)), None);
    }

    #[test]
    fn a_curve_that_starts_above_has_none() {
        let mut dry_end = DryEnd::default();
        assert_eq!(dry_end.push((90.0, 155.0)), None);
        assert_eq!(dry_end.push((91.0, 156.0)), None);
    }
}

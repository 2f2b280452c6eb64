//! The curve of one roast as it grows: usable points, and the marks it implies.

use trier_roast::MarkKind;

use super::{
    at_mark::{bt_at_c, median_c},
    cracks::Cracks,
    dry_end::{self, DryEnd},
    tail::{Beginning, Point, rise_c_per_min},
    turning::Turning,
};

/// The smoothed curve is the median over this long, s.
const SMOOTH_S: f64 = 6.0;

/// Slow samplers smooth over this many points at least.
const SMOOTH_POINTS: usize = 3;

/// Confidence of a turning point told from the curve: it is a property of the curve,
/// so only smoothing and sampling blur it.
const TURNING_POINT_CONFIDENCE: f64 = 0.8;

/// A mark that the curve implies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InferredMark {
    /// What happened.
    pub kind: MarkKind,
    /// When, s since charge.
    pub at_s: f64,
    /// From 0 (a guess) to 1 (certain).
    pub confidence: f64,
}

/// Usable BT since charge, with what has been worked out from it so far.
#[derive(Clone, Debug, Default)]
pub struct Curve {
    /// Some points before charge, then those since.
    points: Vec<Point>,
    /// Where those since charge begin.
    charge_index: usize,
    /// Where the windows of the smoothed curve and of the rate of rise begin.
    smooth: Beginning,
    rising: Beginning,
    turning: Turning,
    dry_end: DryEnd,
    cracks: Cracks,
    inferred: Vec<InferredMark>,
}

impl Curve {
    /// A curve whose roast begins after `before`: the usable points shortly before
    /// charge, ascending, with negative times. They tell BT at charge and nothing else.
    #[must_use]
    pub fn after(before: Vec<Point>) -> Self {
        let charge_index = before.len();
        Self { points: before, charge_index, ..Self::default() }
    }

    /// The points since charge, ascending by time.
    #[must_use]
    pub fn points(&self) -> &[Point] {
        &self.points[self.charge_index..]
    }

    /// Rate of rise of BT at the newest point, °C per minute: the slope of the least-squares line
    /// through its last 30 s.
    ///
    /// Causal, so it runs about 15 s behind a curve that bends. None until the window holds four
    /// points over 15 s.
    pub fn rise_c_per_min(&mut self) -> Option<f64> {
        rise_c_per_min(&self.points[self.charge_index..], &mut self.rising)
    }

    /// BT at `t_s` after charge, °C, as [`bt_at_c`] tells it.
    #[must_use]
    pub fn bt_at_c(&self, t_s: f64) -> Option<f64> {
        bt_at_c(&self.points, t_s)
    }

    /// Since when BT has been warming, s since charge; None before that is sure.
    ///
    /// The turning point, or near zero on a machine that is charged cold.
    #[must_use]
    pub fn warming_since_s(&self) -> Option<f64> {
        self.turning.warming_since_s()
    }

    /// The newest inferred mark of `kind`.
    #[must_use]
    pub fn inferred(&self, kind: MarkKind) -> Option<InferredMark> {
        self.inferred.iter().rev().find(|mark| mark.kind == kind).copied()
    }

    /// Adds a usable point while beans are in the drum; the mark it implies, if any.
    ///
    /// A point that is not later than the one before, or not finite, is ignored.
    /// At most one: a curve that turns with this point passes 150 °C with a later one.
    pub fn push(&mut self, point: Point) -> Option<InferredMark> {
        if !self.append(point) {
            return None;
        }
        let smooth = self.smoothed()?;
        let turned = self.turning.push(smooth).map(|(at_s, _)| InferredMark {
            kind: MarkKind::TurningPoint,
            at_s,
            confidence: TURNING_POINT_CONFIDENCE,
        });
        let mark = turned.or_else(|| self.dry_end_at(smooth))?;
        self.inferred.push(mark);
        Some(mark)
    }

    /// Listens to what a microphone counted at `t_s` since charge, pops per second; the mark it implies, if any.
    pub fn hear(&mut self, t_s: f64, pops_per_s: f64) -> Option<InferredMark> {
        let bt_c = self.points().last().map(|(_, c)| *c);
        let mark = self.cracks.push(t_s, pops_per_s, bt_c)?;
        self.inferred.push(mark);
        Some(mark)
    }

    /// Adds a usable point after drop: it may tell BT at drop, and implies nothing.
    pub fn push_cooling(&mut self, point: Point) {
        self.append(point);
    }

    /// The dry end, when the smoothed curve passes it with this point.
    fn dry_end_at(&mut self, smooth: Point) -> Option<InferredMark> {
        if self.turning.warming_since_s().is_none() {
            // BT fell again: what was found before were signs of an empty drum.
            self.dry_end = DryEnd::default();
            self.inferred.clear();
            return None;
        }
        let at_s = self.dry_end.push(smooth)?;
        Some(InferredMark { kind: MarkKind::DryEnd, at_s, confidence: dry_end::CONFIDENCE })
    }

    fn append(&mut self, (t_s, bt_c): Point) -> bool {
        let later = self.points.last().is_none_or(|(last_s, _)| t_s > *last_s);
        let takes = later && t_s.is_finite() && bt_c.is_finite();
        if takes {
            self.points.push((t_s, bt_c));
        }
        takes
    }

    /// The newest point of the smoothed curve, at the middle of its window.
    fn smoothed(&mut self) -> Option<Point> {
        let points = &self.points[self.charge_index..];
        let newest_s = points.last()?.0;
        let by_time = self.smooth.newest(points, SMOOTH_S);
        let window = if by_time.len() >= SMOOTH_POINTS {
            by_time
        } else {
            &points[points.len().checked_sub(SMOOTH_POINTS)?..]
        };
        let middle_s = 0.5 * (window.first()?.0 + newest_s);
        Some((middle_s, median_c(window)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Falls from 200 to 90 °C in 60 s, then climbs 0.2 °C/s.
    fn roast_c(t_s: f64) -> f64 {
        if t_s < 60.0 { 90.0 + 110.0 * (1.0 - t_s / 60.0) } else { 90.0 + 0.2 * (t_s - 60.0) }
    }

    #[test]
    fn marks_of_a_plain_roast_are_found_at_any_interval() {
        for (interval_s, tolerance_s) in [(0.5, 3.0), (1.0, 3.0), (2.0, 4.0), (5.0, 10.0)] {
            let mut curve = Curve::default();
            for i in 0..240 {
                let t_s = f64::from(i) * interval_s;
                curve.push((t_s, roast_c(t_s)));
            }
            let turned = curve.inferred(MarkKind::TurningPoint).expect("BT turns");
            assert!((turned.at_s - 60.0).abs() <= tolerance_s, "{turned:?} at {interval_s} s");
            if interval_s > 1.0 {
                // 60 °C at 0.2 °C/s after the turn.
                let dried = curve.inferred(MarkKind::DryEnd).expect("BT passes 150 °C");
                assert!((dried.at_s - 360.0).abs() <= 1e-6, "{dried:?} at {interval_s} s");
            }
        }
    }

    #[test]
    fn nothing_that_is_no_later_finite_point_gets_in() {
        let mut curve = Curve::default();
        for point in [(1.0, 100.0), (1.0, 101.0), (0.5, 99.0), (2.0, f64::NAN), (f64::INFINITY, 1.0)] {
            curve.push(point);
        }
        assert_eq!(curve.points(), [(1.0, 100.0)]);
    }
}

//! Turning point: when BT stops falling after charge, and the roast is under way.
//!
//! Worked out from the smoothed curve alone, with no temperature that it must lie
//! between: cold-charged air roasters turn at 20 °C, big hot drums above 120 °C.
//! Causal: it is confirmed some seconds after it happened. A machine charged cold
//! has none; its BT warms from the start, which is known here all the same.

use super::tail::Point;

/// A rise above the lowest smoothed BT that confirms it as the lowest, °C. Above the
/// step of whole-degree displays and the noise of others.
const RISE_C: f64 = 3.0;

/// Less of a fall than this since charge is a cold start: no turning point, °C.
const FALL_C: f64 = 5.0;

/// A turning point is looked for until then, s. On shared roasts it lies at 0 to 117 s.
const SEARCH_S: f64 = 300.0;

/// Finds where the curve turns. Feed it the smoothed curve.
#[derive(Clone, Debug, Default)]
pub(super) struct Turning {
    highest_c: Option<f64>,
    lowest: Option<Lowest>,
    warming: bool,
}

/// The lowest smoothed BT so far, and the stretch of time it lasted.
#[derive(Clone, Copy, Debug)]
struct Lowest {
    first_s: f64,
    last_s: f64,
    bt_c: f64,
}

impl Turning {
    /// Takes the next smoothed point; the turning point, when this one confirms it.
    ///
    /// A curve that falls well below an earlier low (the mark came before the beans)
    /// has not turned yet; it may be confirmed once more then.
    pub(super) fn push(&mut self, (t_s, bt_c): Point) -> Option<Point> {
        let Some(lowest) = self.lowest.as_mut() else {
            self.highest_c = Some(bt_c);
            self.lowest = Some(Lowest { first_s: t_s, last_s: t_s, bt_c });
            return None;
        };
        if self.warming {
            if bt_c > lowest.bt_c - RISE_C || t_s > SEARCH_S {
                return None;
            }
            self.warming = false;
        }
        if bt_c < lowest.bt_c {
            *lowest = Lowest { first_s: t_s, last_s: t_s, bt_c };
        } else if bt_c <= lowest.bt_c {
            lowest.last_s = t_s;
        } else if bt_c >= lowest.bt_c + RISE_C {
            self.warming = true;
            let fell_c = self.highest_c.map_or(0.0, |highest_c| highest_c - lowest.bt_c);
            // The middle of a flat bottom: whole-degree displays stay there for a while.
            let turned_s = 0.5 * (lowest.first_s + lowest.last_s);
            return (fell_c >= FALL_C && turned_s <= SEARCH_S).then_some((turned_s, lowest.bt_c));
        } else {
            return None;
        }
        None
    }

    /// Since when BT has been warming, s since charge. None: not confirmed yet.
    pub(super) fn warming_since_s(&self) -> Option<f64> {
        self.lowest.filter(|_| self.warming).map(|lowest| 0.5 * (lowest.first_s + lowest.last_s))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turned(curve: impl Fn(f64) -> f64) -> (Vec<Point>, Turning) {
        let mut turning = Turning::default();
        let found = (0..240).map(f64::from).filter_map(|t| turning.push((t, curve(t)))).collect();
        (found, turning)
    }

    #[test]
    fn a_valley_turns_at_its_bottom_whatever_its_temperature() {
        for bottom_c in [25.0, 90.0, 170.0] {
            let (found, turning) = turned(|t| bottom_c + 0.01 * (t - 75.0) * (t - 75.0));
            assert_eq!(found, [(75.0, bottom_c)]);
            assert_eq!(turning.warming_since_s(), Some(75.0));
        }
    }

    #[test]
    fn a_flat_bottom_turns_in_its_middle() {
        let (found, _) = turned(|t| (90.0 + 0.01 * (t - 75.0) * (t - 75.0)).floor());
        assert_eq!(found, [(75.0, 90.0)]);
    }

    #[test]
    fn a_cold_start_warms_without_turning() {
        let (found, turning) = turned(|t| 22.0 + 0.5 * t);
        assert_eq!(found, []);
        assert_eq!(turning.warming_since_s(), Some(0.0));
    }

    #[test]
    fn a_charge_marked_before_the_beans_went_in_does_not_mislead() {
        // The empty drum warms for 40 s, then 130 °C of plunge, then the roast.
        let (found, _) = turned(|t| if t < 40.0 { 190.0 + 0.2 * t } else { 70.0 + (t - 100.0).abs() });
        assert_eq!(found, [(100.0, 70.0)]);
    }

    #[test]
    fn no_turn_is_claimed_while_bt_falls() {
        let (found, turning) = turned(|t| 200.0 - 0.4 * t);
        assert_eq!(found, []);
        assert_eq!(turning.warming_since_s(), None);
    }
    #[test]
    fn a_probe_that_slips_late_in_the_roast_moves_no_turning_point() {
        let mut turning = Turning::default();
        for t in 0..500 {
            let t_s = f64::from(t);
            let bt_c = if t < 400 { 90.0 + 0.5 * (t_s - 75.0).abs() } else { 40.0 };
            turning.push((t_s, bt_c));
        }
        assert_eq!(turning.warming_since_s(), Some(75.0));
    }
}

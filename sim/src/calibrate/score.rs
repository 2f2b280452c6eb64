//! How far a free run is from the roast it follows.

use serde::Serialize;

use super::{FreeRun, Observed};

/// The phases that errors are told apart by.
pub const PHASES: [&str; 4] =
    ["charge_to_turning_point", "turning_point_to_dry_end", "dry_end_to_first_crack", "first_crack_to_drop"];

/// A curve that does not fall by this much after charge has no turning point, °C.
const DIP_C: f64 = 3.0;
/// A turning point later than this is none, s.
const TURNING_LATEST_S: f64 = 300.0;
/// Readings this near to the lowest make the turning point: its middle is known better than its bottom, °C.
const BOTTOM_C: f64 = 0.5;
/// Where dry end is not marked it is taken for this reading, °C (D).
const DRY_END_C: f64 = 150.0;

/// How far off one roast is; what could not be compared is None.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct RoastErrors {
    /// Root mean square over all readings from charge to drop, °C.
    pub bt_rmse_c: f64,
    /// The same for each of [`PHASES`], °C.
    pub phase_rmse_c: [Option<f64>; 4],
    /// Mean of simulated minus shown, °C.
    pub bt_bias_c: f64,
    /// The same for each of [`PHASES`], °C.
    pub phase_bias_c: [Option<f64>; 4],
    /// Simulated minus shown turning point, s.
    pub turning_point_s: Option<f64>,
    /// The same, °C.
    pub turning_point_c: Option<f64>,
    /// Simulated minus marked first crack, s. A run that never cracks is as late as its drop.
    pub first_crack_s: Option<f64>,
    /// Simulated minus shown reading at drop, °C.
    pub drop_c: f64,
}

/// Compares `run` with `roast`.
#[must_use]
pub fn roast_errors(run: &FreeRun, roast: &Observed) -> RoastErrors {
    let mut errors = curve_errors(&|t_s| run.bt_at(t_s), roast);
    errors.first_crack_s =
        roast.first_crack_s.map(|marked_s| run.first_crack_s.unwrap_or(roast.drop_s) - marked_s);
    errors
}

/// Compares any curve with `roast`; nothing is said of first crack.
pub(super) fn curve_errors(bt_at: &dyn Fn(f64) -> f64, roast: &Observed) -> RoastErrors {
    let ends = phase_ends(roast);
    let mut sums = [(0.0, 0.0, 0.0); 4];
    for (t_s, bt_c) in &roast.bt {
        let miss = bt_at(*t_s) - bt_c;
        let phase = ends.iter().position(|end| end.is_some_and(|end_s| *t_s <= end_s)).unwrap_or(3);
        sums[phase].0 += miss * miss;
        sums[phase].1 += miss;
        sums[phase].2 += 1.0;
    }
    let (total, bias, n) =
        sums.iter().fold((0.0, 0.0, 0.0), |all, sum| (all.0 + sum.0, all.1 + sum.1, all.2 + sum.2));
    let simulated: Vec<(f64, f64)> = roast.bt.iter().map(|(t_s, _)| (*t_s, bt_at(*t_s))).collect();
    let turned = turning_point(&roast.bt).zip(turning_point(&simulated));
    let last = roast.bt.last().copied().unwrap_or_default();
    RoastErrors {
        bt_rmse_c: (total / n).sqrt(),
        phase_rmse_c: sums.map(|(sum, _, n)| (n > 0.0).then(|| (sum / n).sqrt())),
        bt_bias_c: bias / n,
        phase_bias_c: sums.map(|(_, sum, n)| (n > 0.0).then(|| sum / n)),
        turning_point_s: turned.map(|(shown, run)| run.0 - shown.0),
        turning_point_c: turned.map(|(shown, run)| run.1 - shown.1),
        first_crack_s: None,
        drop_c: bt_at(last.0) - last.1,
    }
}

/// When and how low the bean probe turned; None where it never fell.
pub(super) fn turning_point(bt: &[(f64, f64)]) -> Option<(f64, f64)> {
    let early = || bt.iter().filter(|(t_s, _)| *t_s <= TURNING_LATEST_S);
    let lowest_c = early().map(|(_, c)| *c).min_by(f64::total_cmp)?;
    let fell = bt.first().is_some_and(|(_, c)| c - lowest_c >= DIP_C);
    if !fell {
        return None;
    }
    let near = early().filter(|(_, c)| *c <= lowest_c + BOTTOM_C);
    let (sum_s, n) = near.fold((0.0, 0.0), |(sum, n), (t_s, _)| (sum + t_s, n + 1.0));
    Some((sum_s / n, lowest_c))
}

/// Where each of [`PHASES`] ends, s since charge; None where a roast has no such phase.
pub(super) fn phase_ends(roast: &Observed) -> [Option<f64>; 4] {
    let turned_s = turning_point(&roast.bt).map(|(t_s, _)| t_s);
    let after = turned_s.unwrap_or(0.0);
    let crossed = || roast.bt.iter().find(|(t_s, c)| *t_s > after && *c >= DRY_END_C).map(|(t_s, _)| *t_s);
    let crack_s = roast.first_crack_s.filter(|s| *s > after);
    let latest_s = crack_s.unwrap_or(roast.drop_s);
    let dry_s = roast.dry_end_s.or_else(crossed).filter(|s| *s > after && *s < latest_s);
    [turned_s, dry_s, crack_s, Some(roast.drop_s)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibrate::ControlAt;

    fn roast() -> Observed {
        // Falls from 200 to 80 at 60 s, then climbs 0.25 °C/s.
        let shown = |t: f64| if t < 60.0 { 200.0 - 2.0 * t } else { 80.0 + 0.25 * (t - 60.0) };
        Observed {
            source: "r".into(),
            charge_kg: 1.0,
            ambient_c: 22.0,
            bt: (0..=600).map(|t| (f64::from(t), shown(f64::from(t)))).collect(),
            seen: vec![],
            controls: vec![ControlAt { t_s: 0.0, gas_pct: 50.0, air_pct: 50.0 }],
            start_bt_c: 200.0,
            start_other_c: None,
            dry_end_s: None,
            first_crack_s: Some(540.0),
            drop_s: 600.0,
        }
    }

    #[test]
    fn a_curve_that_is_off_by_three_degrees_is_off_by_three_degrees() {
        let roast = roast();
        let errors = curve_errors(&|t_s| roast.bt_at(t_s) + 3.0, &roast);
        assert!((errors.bt_rmse_c - 3.0).abs() < 1e-9 && (errors.bt_bias_c - 3.0).abs() < 1e-9);
        assert!(errors.phase_rmse_c.iter().all(|phase| (phase.expect("there") - 3.0).abs() < 1e-9));
        assert!(errors.turning_point_s.expect("turns").abs() < 1e-9);
        assert!((errors.turning_point_c.expect("turns") - 3.0).abs() < 1e-9);
        assert!((errors.drop_c - 3.0).abs() < 1e-9);
    }

    #[test]
    fn phases_end_at_marks_and_at_150_degrees() {
        // 150 °C is reached 280 s after the bottom at 60 s. The flat of half a degree around it lies 0.25 s
        // before and 2 s after, so its middle is within 1 s.
        let [turned, dry, crack, drop] = phase_ends(&roast()).map(|end| end.expect("there"));
        assert!((turned - 60.0).abs() <= 1.0 && (dry - 340.0).abs() <= 1.0);
        assert_eq!((crack, drop), (540.0, 600.0));
    }
}

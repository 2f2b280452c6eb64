//! A controller that sets the gas so that the shown BT follows a curve.
//!
//! It sees what the display shows and nothing else. Proportional, integral and derivative terms add to the
//! gas that the recipe's steps say.

use serde::{Deserialize, Serialize};

/// The table `[follow]` of a recipe: a curve of BT, and how hard the gas is moved to keep to it.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Follow {
    /// Points of the curve in order of time, straight lines between; before and after it holds its ends.
    pub curve: Vec<CurvePoint>,
    /// Gas for each degree that BT is short of the curve, %/°C.
    pub gain_pct_per_c: f64,
    /// Time in which the integral term repeats the proportional one, s; 0 is no integral term.
    #[serde(default)]
    pub integral_s: f64,
    /// How far ahead the derivative term looks, s; 0 is no derivative term.
    #[serde(default)]
    pub derivative_s: f64,
    /// Least gas, %.
    #[serde(default)]
    pub gas_pct_min: f64,
    /// Most gas, %.
    #[serde(default = "full")]
    pub gas_pct_max: f64,
    /// Fastest change of gas, %/s.
    #[serde(default = "full")]
    pub gas_pct_per_s_max: f64,
    /// When it takes over, s since charge; when BT has turned where this is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_s: Option<f64>,
}

fn full() -> f64 {
    100.0
}

/// One point of the curve to follow.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CurvePoint {
    /// Time since charge, s.
    pub at_s: f64,
    /// BT as it is to be shown then, °C.
    pub bt_c: f64,
}

impl Follow {
    /// The curve at `at_s` since charge: BT, °C, and its slope, °C/s.
    pub(crate) fn wanted(&self, at_s: f64) -> (f64, f64) {
        let next = self.curve.partition_point(|point| point.at_s <= at_s);
        match (next.checked_sub(1).and_then(|i| self.curve.get(i)), self.curve.get(next)) {
            (Some(from), Some(to)) => {
                let slope = (to.bt_c - from.bt_c) / (to.at_s - from.at_s);
                (from.bt_c + slope * (at_s - from.at_s), slope)
            }
            (Some(end), None) | (None, Some(end)) => (end.bt_c, 0.0),
            (None, None) => (f64::NAN, 0.0),
        }
    }
}

/// What the controller looks at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    /// Time since charge, s.
    pub at_s: f64,
    /// BT as shown, °C.
    pub bt_c: f64,
    /// Slope of its steady course, °C/s.
    pub slope_c_per_s: f64,
}

/// The controller at work.
#[derive(Clone, Debug)]
pub(super) struct Pid<'a> {
    spec: &'a Follow,
    /// Sum of error over time, °C·s.
    integral_c_s: f64,
    /// When it last set the gas, s since charge, and to what, %.
    last: Option<(f64, f64)>,
}

impl<'a> Pid<'a> {
    pub(super) fn new(spec: &'a Follow) -> Self {
        Self { spec, integral_c_s: 0.0, last: None }
    }

    /// Whether it is at work at `at_s` since charge, BT having turned or not.
    pub(super) fn works(&self, at_s: f64, turned: bool) -> bool {
        self.spec.from_s.map_or(turned, |from_s| at_s >= from_s)
    }

    /// The gas to set, %, where the steps of the recipe say `base_pct`. Whole tenths.
    pub(super) fn gas_pct(&mut self, base_pct: f64, seen: Seen) -> f64 {
        let spec = self.spec;
        let (wanted_c, slope) = spec.wanted(seen.at_s);
        let error_c = wanted_c - seen.bt_c;
        let (last_s, last_pct) = self.last.unwrap_or((seen.at_s, base_pct));
        let apart_s = seen.at_s - last_s;
        let sum_c_s = self.integral_c_s + error_c * apart_s;
        let raw_pct = |sum_c_s: f64| {
            let repeated_c = if spec.integral_s > 0.0 { sum_c_s / spec.integral_s } else { 0.0 };
            let ahead_c = spec.derivative_s * (slope - seen.slope_c_per_s);
            base_pct + spec.gain_pct_per_c * (error_c + repeated_c + ahead_c)
        };
        let most_pct = spec.gas_pct_per_s_max * apart_s;
        let held = |pct: f64| {
            pct.clamp(last_pct - most_pct, last_pct + most_pct).clamp(spec.gas_pct_min, spec.gas_pct_max)
        };
        let asked_pct = raw_pct(sum_c_s);
        // Anti-windup: while a limit holds the gas back, the sum does not grow further that way.
        let held_back = asked_pct - held(asked_pct);
        if held_back * error_c <= 0.0 {
            self.integral_c_s = sum_c_s;
        }
        let gas_pct = (held(raw_pct(self.integral_c_s)) * 10.0).round() / 10.0;
        self.last = Some((seen.at_s, gas_pct));
        gas_pct
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn follow(integral_s: f64, gas_pct_per_s_max: f64) -> Follow {
        let point = |at_s, bt_c| CurvePoint { at_s, bt_c };
        Follow {
            curve: vec![point(60.0, 80.0), point(360.0, 170.0), point(660.0, 210.0)],
            gain_pct_per_c: 2.0,
            integral_s,
            derivative_s: 0.0,
            gas_pct_min: 10.0,
            gas_pct_max: 90.0,
            gas_pct_per_s_max,
            from_s: None,
        }
    }

    /// The gas set each second from `from_s` on, BT `short_c` under the curve.
    fn gas(pid: &mut Pid<'_>, from_s: u32, seconds: u32, short_c: f64) -> f64 {
        let mut gas_pct = f64::NAN;
        for t in from_s..from_s + seconds {
            let at_s = f64::from(t);
            let (wanted_c, slope_c_per_s) = pid.spec.wanted(at_s);
            gas_pct = pid.gas_pct(50.0, Seen { at_s, bt_c: wanted_c - short_c, slope_c_per_s });
        }
        gas_pct
    }

    #[test]
    fn the_curve_is_straight_between_its_points_and_level_outside() {
        let follow = follow(0.0, 100.0);
        let at: Vec<_> = [0.0, 60.0, 210.0, 360.0, 660.0, 900.0].map(|s| follow.wanted(s)).into();
        let (early, late) = (90.0 / 300.0, 40.0 / 300.0);
        assert_eq!(
            at,
            [(80.0, 0.0), (80.0, early), (125.0, early), (170.0, late), (210.0, 0.0), (210.0, 0.0)]
        );
    }

    #[test]
    fn each_term_gives_what_its_key_says() {
        let (alone, summed) = (follow(0.0, 100.0), follow(100.0, 100.0));
        // 3 °C short at 2 %/°C is 6 %; after 100 s the integral term has repeated it once.
        assert_eq!(gas(&mut Pid::new(&alone), 100, 101, 3.0), 56.0);
        assert_eq!(gas(&mut Pid::new(&summed), 100, 101, 3.0), 62.0);
    }

    #[test]
    fn a_long_time_at_its_limit_does_not_wind_it_up() {
        // 30 °C short for five minutes holds it at 90 %; once BT is over the curve, gas falls under the base
        // at once. Without a guard the sum of 9,000 °C·s would ask for 180 % more.
        let spec = follow(100.0, 100.0);
        let mut pid = Pid::new(&spec);
        assert_eq!(gas(&mut pid, 100, 300, 30.0), 90.0);
        let after = gas(&mut pid, 400, 2, -4.0);
        assert!(after < 50.0, "{after} %");
    }

    #[test]
    fn gas_moves_no_faster_than_it_may() {
        let spec = follow(100.0, 0.5);
        let mut pid = Pid::new(&spec);
        // It starts from the steps' 50 %, and 20 s at 0.5 %/s are 10 %.
        assert_eq!(gas(&mut pid, 100, 21, 30.0), 60.0);
    }
}

//! The baseline: Artisan's rule for automatic CHARGE and DROP, by its description.
//!
//! Six readings, or every second one of eleven; slopes are differences between samples and
//! are not divided by the interval. Numbers are those of the standard setting.

/// What the rule looks for, which sets when it looks and how far BT must break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Looking {
    /// For CHARGE: above 77 °C.
    Charge,
    /// For DROP: above 160 °C, and more than seven minutes after CHARGE.
    Drop,
}

/// The numbers of one sampling class, °C.
#[derive(Clone, Copy, Debug)]
struct Limits {
    fall_c: f64,
    offset_c: f64,
    both_c: f64,
}

/// By the time between samples: at least 1 s, 0.5 to 1 s, less.
fn limits(looking: Looking, interval_s: f64) -> Limits {
    let class = usize::from(interval_s < 1.0) + usize::from(interval_s < 0.5);
    let pick = |of: [f64; 3]| of[class];
    let both_c = pick([0.78, 0.78, 20.0]);
    match looking {
        Looking::Charge => {
            Limits { fall_c: pick([-0.67, -0.34, -0.20]), offset_c: pick([0.5, 0.2, 0.0]), both_c }
        }
        Looking::Drop => {
            Limits { fall_c: pick([-0.34, -0.20, 0.0]), offset_c: pick([0.2, 0.1, 0.0]), both_c }
        }
    }
}

/// Steepness before counts this many times; and never for more than this, °C.
const FACTOR: f64 = 2.5;
const BEFORE_C_MAX: f64 = 6.4;

/// Whether six readings, oldest first, break.
fn breaks(p: [f64; 6], limits: Limits, stretch: f64) -> bool {
    let before = 0.5 * ((p[0] - p[1]) + (p[1] - p[2]));
    let (d3, d4) = (p[4] - p[3], p[5] - p[4]);
    let after = 0.5 * (d3 + d4);
    let fall_c = limits.fall_c * stretch;
    let far = after.abs() > BEFORE_C_MAX.min(limits.offset_c + FACTOR * before.abs());
    let both = after < 0.0 && before < 0.0 && -before - after > limits.both_c;
    d3 < fall_c && d4 < fall_c && (far || both)
}

/// What the rule says of a recording: the instants of CHARGE and DROP, and when it said so, s.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Said {
    pub(crate) charge_s: Option<(f64, f64)>,
    pub(crate) drop_s: Option<(f64, f64)>,
}

/// Runs the rule over `points` of (s, °C), sampled each `interval_s`. One roast: that is all it is for.
pub(crate) fn bt_break(points: &[(f64, f64)], interval_s: f64) -> Said {
    const CHARGE_C_MIN: f64 = 77.0;
    const DROP_C_MIN: f64 = 160.0;
    const DROP_S_MIN: f64 = 420.0;
    let mut said = Said::default();
    for n in 5..points.len() {
        let (now_s, now_c) = points[n];
        let looking = match said.charge_s {
            None if now_c > CHARGE_C_MIN => Looking::Charge,
            Some((at_s, _)) if now_c > DROP_C_MIN && now_s - at_s > DROP_S_MIN => Looking::Drop,
            _ => continue,
        };
        let limits = limits(looking, interval_s);
        let six = std::array::from_fn(|i| points[n - 5 + i].1);
        let event = if breaks(six, limits, 1.0) {
            Some(n - 2)
        } else if n >= 10 {
            let wide = std::array::from_fn(|i| points[n - 10 + 2 * i].1);
            breaks(wide, limits, 1.5).then_some(n - 4)
        } else {
            None
        };
        let Some(event) = event else { continue };
        let mark = Some((points[event].0, now_s));
        match looking {
            Looking::Charge => said.charge_s = mark,
            Looking::Drop => {
                said.drop_s = mark;
                break;
            }
        }
    }
    said
}

#[test]
fn the_rule_finds_a_plunge_and_a_fall_at_one_hertz() {
    let bt_c = |t_s: f64| match t_s {
        t if t < 60.0 => 200.0,
        t if t < 120.0 => 200.0 - 110.0 * (t - 60.0) / 60.0,
        t if t < 720.0 => 90.0 + 0.2 * (t - 120.0),
        t => 210.0 - 2.0 * (t - 720.0),
    };
    let points: Vec<(f64, f64)> = (0..800).map(f64::from).map(|t_s| (t_s, bt_c(t_s))).collect();
    let said = bt_break(&points, 1.0);
    let near =
        |mark: Option<(f64, f64)>, at_s: f64| mark.is_some_and(|(said_s, _)| (said_s - at_s).abs() <= 2.0);
    assert!(near(said.charge_s, 60.0) && near(said.drop_s, 720.0), "{said:?}");
}

//! What the table `[follow]` of a recipe may say.

use super::check::{Checked, Limit, Place, bad_step, range, ranges};
use crate::{CurvePoint, Follow};

/// What the numbers of a controller may be; those of its curve apart.
#[rustfmt::skip] // A table reads better as a table.
pub(crate) fn follow_limits(f: &Follow) -> [Limit; 7] {
    [
        ("follow.gain_pct_per_c", f.gain_pct_per_c, 0.0, 50.0, "%/°C"),
        ("follow.integral_s", f.integral_s, 0.0, 3600.0, "s"),
        ("follow.derivative_s", f.derivative_s, 0.0, 300.0, "s"),
        ("follow.gas_pct_min", f.gas_pct_min, 0.0, 100.0, "%"),
        ("follow.gas_pct_max", f.gas_pct_max, f.gas_pct_min, 100.0, "%"),
        ("follow.gas_pct_per_s_max", f.gas_pct_per_s_max, 0.01, 100.0, "%/s"),
        ("follow.from_s", f.from_s.unwrap_or(0.0), 0.0, 7200.0, "s"),
    ]
}

/// What the numbers of a point of the curve may be.
pub(crate) fn point_limits(point: &CurvePoint) -> [Limit; 2] {
    [("at_s", point.at_s, 0.0, 7200.0, "s"), ("bt_c", point.bt_c, 20.0, 260.0, "°C")]
}

pub(super) fn follow(place: &Place<'_>, follow: &Follow) -> Checked {
    ranges(place, &follow_limits(follow))?;
    let bad = |index, problem: String| Err(bad_step(place, "follow.curve", index, problem));
    if follow.curve.len() < 2 {
        return bad(0, "a curve needs two points or more, each with at_s and bt_c".into());
    }
    for (index, point) in follow.curve.iter().enumerate() {
        for (name, got, low, high, unit) in point_limits(point) {
            range(place, &format!("follow.curve {}.{name}", index + 1), got, low, high, unit)?;
        }
    }
    for (index, pair) in follow.curve.windows(2).enumerate() {
        if pair[1].at_s <= pair[0].at_s {
            let problem = format!("at_s = {} is not after the point at {} s", pair[1].at_s, pair[0].at_s);
            return bad(index + 1, problem);
        }
    }
    Ok(())
}

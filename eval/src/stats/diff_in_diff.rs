//! Machines that got the change beside machines that did not: the difference of their differences.

use super::error::{StatsError, check_finite};
use super::regression::fit;
use super::student_t;
use std::collections::BTreeMap;

/// Clusters below which the standard error is not to be trusted: then only randomisation may decide.
pub const UNITS_MIN: usize = 6;

/// One roast of one machine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observation {
    /// The machine, the cluster.
    pub unit: u32,
    /// Whether the machine is one that gets the change.
    pub treated: bool,
    /// Whether the roast came after it.
    pub after: bool,
    /// What was measured.
    pub y: f64,
}

/// The difference in differences with its cluster-robust test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DiffInDiff {
    /// (treated after − before) − (control after − before).
    pub effect: f64,
    /// Standard error by machine, times G/(G−1)·(N−1)/(N−4).
    pub se: f64,
    /// effect / se.
    pub t: f64,
    /// Two-sided p, G − 1 degrees of freedom.
    pub p_two_sided: f64,
    /// Machines.
    pub units: usize,
    /// Whether they are [`UNITS_MIN`] or more.
    pub enough_units: bool,
}

/// The difference in differences of `roasts`. Vector: `uplift/diff_in_diff`.
///
/// Its last bits go with the order of the roasts.
///
/// # Errors
/// A value that is not finite, five roasts or fewer, one machine only, one of the four cells empty (said as
/// columns that depend on each other), or no spread left to judge by.
pub fn diff_in_diff(roasts: &[Observation]) -> Result<DiffInDiff, StatsError> {
    let rows: Vec<Row> = roasts.iter().map(|r| (r.unit, number(r.treated), number(r.after), r.y)).collect();
    product(&rows)
}

/// One roast before the change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Earlier {
    /// The machine, the cluster.
    pub unit: u32,
    /// Whether the machine is one that will get the change.
    pub treated: bool,
    /// When, in days or any other even unit.
    pub time: f64,
    /// What was measured.
    pub y: f64,
}

/// Whether both groups were already on different ways before the change: the difference of their slopes.
///
/// A small p says that the control machines are none. Held to `uplift/diff_in_diff` by the regression they share.
///
/// # Errors
/// As for [`diff_in_diff`].
pub fn pre_trend(roasts: &[Earlier]) -> Result<DiffInDiff, StatsError> {
    let times: Vec<f64> = roasts.iter().map(|r| r.time).collect();
    check_finite(&times, 6)?;
    let rows: Vec<Row> = roasts.iter().map(|r| (r.unit, number(r.treated), r.time, r.y)).collect();
    product(&rows)
}

/// Machine, group, period or time, value.
type Row = (u32, f64, f64, f64);

fn number(flag: bool) -> f64 {
    f64::from(u8::from(flag))
}

/// The coefficient of group × period beside both of them, with its cluster-robust test.
fn product(roasts: &[Row]) -> Result<DiffInDiff, StatsError> {
    let y: Vec<f64> = roasts.iter().map(|(.., y)| *y).collect();
    check_finite(&y, 6)?;
    let rows: Vec<Vec<f64>> =
        roasts.iter().map(|(_, group, period, _)| vec![1.0, *group, *period, group * period]).collect();
    let fitted = fit(&rows, &y)?;
    let mut by_unit: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
    for ((unit, ..), score) in roasts.iter().zip(fitted.scores()) {
        let total = by_unit.entry(*unit).or_insert_with(|| vec![0.0; 4]);
        total.iter_mut().zip(score).for_each(|(t, s)| *t += s);
    }
    let units = by_unit.len();
    if units < 2 {
        return Err(StatsError::TooFew { got: units, need: 2 });
    }
    #[allow(clippy::cast_precision_loss)]
    let (n, groups) = (roasts.len() as f64, units as f64);
    let factor = groups / (groups - 1.0) * (n - 1.0) / (n - 4.0);
    let scores: Vec<Vec<f64>> = by_unit.into_values().collect();
    let se = (factor * fitted.sandwich(&scores)[3][3]).sqrt();
    let effect = fitted.coefficients[3];
    // Residuals of rounding alone are no spread.
    if se <= 1e-12 * effect.abs().max(y.iter().fold(0.0, |size: f64, v| size.max(v.abs()))) {
        return Err(StatsError::NoSpread { n: roasts.len() });
    }
    let t = effect / se;
    let p_two_sided = student_t::p_two_sided(t, groups - 1.0);
    Ok(DiffInDiff { effect, se, t, p_two_sided, units, enough_units: units >= UNITS_MIN })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roasts(effect: f64, trend: f64) -> Vec<Observation> {
        (0..8_u32)
            .flat_map(|unit| (0..6_u32).map(move |i| (unit, i)))
            .map(|(unit, i)| {
                let (treated, after) = (unit < 4, i >= 3);
                let noise = f64::from((unit * 5 + i * 7) % 11) * 0.1;
                let moved = if treated && after { effect } else { 0.0 } + if after { trend } else { 0.0 };
                Observation { unit, treated, after, y: 30.0 + f64::from(unit) + moved + noise }
            })
            .collect()
    }

    #[test]
    fn what_moves_all_machines_is_no_effect() {
        let (still, moved) = (diff_in_diff(&roasts(0.0, 0.0)), diff_in_diff(&roasts(-3.0, 7.0)));
        let (still, moved) = (still.expect("cells"), moved.expect("cells"));
        assert!((moved.effect - still.effect + 3.0).abs() < 1e-12 && (moved.se - still.se).abs() < 1e-12);
        assert!(moved.enough_units && moved.units == 8);
    }

    #[test]
    fn machines_already_on_another_way_show_before_the_change() {
        let before = |drift: f64| -> Vec<Earlier> {
            let roast = |(unit, day): (u32, u32)| {
                let treated = unit < 4;
                let noise = f64::from((unit * 5 + day * 7) % 11) * 0.1;
                let time = f64::from(day);
                Earlier { unit, treated, time, y: 30.0 + 0.3 * time + drift * time * number(treated) + noise }
            };
            (0..8).flat_map(|unit| (0..10).map(move |day| (unit, day))).map(roast).collect()
        };
        let (even, apart) =
            (pre_trend(&before(0.0)).expect("roasts"), pre_trend(&before(0.5)).expect("roasts"));
        assert!((apart.effect - even.effect - 0.5).abs() < 1e-12 && (apart.se - even.se).abs() < 1e-12);
        assert!(even.p_two_sided > 0.05 && apart.p_two_sided < 0.001, "{even:?} {apart:?}");
    }

    #[test]
    fn a_missing_cell_is_said() {
        let none_after: Vec<Observation> =
            roasts(0.0, 0.0).into_iter().filter(|r| !(r.treated && r.after)).collect();
        assert!(diff_in_diff(&none_after).is_err());
        let few: Vec<Observation> = roasts(1.0, 0.0).into_iter().filter(|r| r.unit % 4 < 2).collect();
        assert!(!diff_in_diff(&few).expect("cells").enough_units);
    }
}

//! What may be known before a roast: the machine's earlier ones, and the plan.

use std::sync::Arc;

use trier_roast::{Quality, order::median};
use trier_tables::rows::{SessionRow, TelemetryRow};

use super::{
    controls::{Controls, Course},
    kin::Kin,
    pace::UsualPace,
    plan::DropPlan,
    record::Record,
    rises::{Rises, passed_s},
    said::Moment,
};
use crate::features::Point;

/// What one earlier roast of the same machine tells. None: not marked or not read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EarlierRoast {
    /// First-crack start, s since charge.
    pub first_crack_s: Option<f64>,
    /// BT at first-crack start, °C.
    pub first_crack_bt_c: Option<f64>,
    /// Drop, s since charge.
    pub drop_s: Option<f64>,
    /// BT at drop, °C.
    pub drop_bt_c: Option<f64>,
    /// When BT passed 150 °C on its way up, s since charge.
    pub at_150_c_s: Option<f64>,
    /// How fast BT rose at each BT.
    pub rises: Option<Arc<Rises>>,
    /// What would have been said of it, with what was known before it; empty where nobody asked.
    pub said: Arc<[Moment]>,
    /// What the controls were set to; empty where they were not read.
    pub course: Arc<Course>,
}

impl EarlierRoast {
    /// What a sealed session tells later ones; None unless it is `complete`.
    ///
    /// - `telemetry`: rows of its stream, of other sessions too; usable BT between the
    ///   turning point and drop gives the rises.
    #[must_use]
    pub fn of_session(row: &SessionRow, telemetry: &[TelemetryRow]) -> Option<Self> {
        if &*row.outcome != "complete" {
            return None;
        }
        let points = usable_points(row, telemetry, row.turning_point_s.unwrap_or(0.0));
        Some(Self {
            first_crack_s: row.first_crack_s,
            first_crack_bt_c: row.first_crack_bt_c,
            drop_s: row.drop_s,
            drop_bt_c: row.drop_bt_c,
            at_150_c_s: passed_s(&points),
            rises: Rises::of_roast(&points).map(Arc::new),
            said: Arc::default(),
            course: Arc::new(course(row, telemetry)),
        })
    }
}

/// Usable BT of the session `row` from `from_s` after charge to drop.
pub(super) fn usable_points(row: &SessionRow, telemetry: &[TelemetryRow], from_s: f64) -> Vec<Point> {
    let until_s = row.drop_s.unwrap_or(f64::INFINITY);
    telemetry
        .iter()
        .filter(|sample| {
            sample.session_id.as_ref() == Some(&row.session_id)
                && Quality::of_names(&sample.quality).is_usable()
        })
        .filter_map(|sample| Some((sample.since_charge_s?, sample.bt_c?)))
        .filter(|(t_s, _)| (from_s..=until_s).contains(t_s))
        .collect()
}

/// What the controls of a session were set to, from charge to drop.
fn course(row: &SessionRow, telemetry: &[TelemetryRow]) -> Course {
    let until_s = row.drop_s.unwrap_or(f64::INFINITY);
    let own = telemetry.iter().filter(|sample| sample.session_id.as_ref() == Some(&row.session_id));
    Course::of(own.filter_map(|sample| {
        let t_s = sample.since_charge_s.filter(|t_s| (0.0..=until_s).contains(t_s))?;
        let (gas_pct, air_pct, drum_rpm) = (sample.gas_pct, sample.air_pct, sample.drum_rpm);
        Some((t_s, Controls { gas_pct, air_pct, drum_rpm }))
    }))
}

/// What a predictor may know before the roast.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Basis {
    /// Earlier roasts of this machine, oldest first.
    pub earlier: Vec<EarlierRoast>,
    /// What the plan says about when to drop.
    pub plan: Option<DropPlan>,
    /// How far off predictors were on other machines; None for what the product ships.
    pub kin: Option<Arc<Kin>>,
}

/// Each later roast of the machine takes this much from the weight of one: machines are moved,
/// probes changed, and beans are bought anew.
const FADE: f64 = 0.95;

/// Older roasts than this many count for less than one per cent of the newest, and no more for anything.
const REMEMBERED: usize = 100;

impl Basis {
    /// Earlier roasts with their weights, the newest first and heaviest.
    pub(super) fn weighed(&self) -> impl Iterator<Item = (&EarlierRoast, f64)> {
        let mut weight = 1.0 / FADE;
        self.earlier.iter().rev().take(REMEMBERED).map(move |roast| {
            weight *= FADE;
            (roast, weight)
        })
    }
}

/// The middle of what some earlier roasts tell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Median {
    /// The median, in the unit of what was asked.
    pub value: f64,
    /// How many roasts tell it.
    pub roasts: usize,
}

/// What the machine usually does: medians over a [`Basis`], worked out once a stream.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Usual {
    /// First-crack start, s since charge.
    pub first_crack_s: Option<Median>,
    /// BT at first-crack start, °C.
    pub first_crack_bt_c: Option<Median>,
    /// Drop, s since charge.
    pub drop_s: Option<Median>,
    /// BT at drop, °C.
    pub drop_bt_c: Option<Median>,
    /// How fast BT rises over BT, on the grid of [`Rises`], °C/s.
    pub rises_c_per_s: Vec<f64>,
    /// When BT comes to 150 °C, and what that tells of first crack; None where no roast tells.
    pub pace: Option<UsualPace>,
    /// What the errors of the past say of each predictor.
    pub record: Record,
}

impl Usual {
    /// The medians of `basis.earlier`; values that are not finite do not count.
    #[must_use]
    pub fn of(basis: &Basis) -> Self {
        let middle = |tells: fn(&EarlierRoast) -> Option<f64>| {
            let values: Vec<f64> = basis.earlier.iter().filter_map(tells).filter(|v| v.is_finite()).collect();
            Some(Median { value: median(&values)?, roasts: values.len() })
        };
        Self {
            first_crack_s: middle(|roast| roast.first_crack_s),
            first_crack_bt_c: middle(|roast| roast.first_crack_bt_c),
            drop_s: middle(|roast| roast.drop_s),
            drop_bt_c: middle(|roast| roast.drop_bt_c),
            rises_c_per_s: Rises::mean_of(
                basis.weighed().filter_map(|(roast, weight)| Some((roast.rises.as_deref()?, weight))),
            )
            .c_per_s(),
            pace: UsualPace::of(basis),
            record: Record::of(basis),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_usual_counts_only_roasts_that_tell() {
        let roast = |bt_c| EarlierRoast { first_crack_bt_c: bt_c, ..EarlierRoast::default() };
        let earlier = vec![roast(Some(190.0)), roast(None), roast(Some(186.0)), roast(Some(f64::NAN))];
        let usual = Usual::of(&Basis { earlier, ..Basis::default() });
        assert_eq!(usual.first_crack_bt_c, Some(Median { value: 188.0, roasts: 2 }));
        assert_eq!(usual.drop_s, None);
    }
}

//! What may be known before a roast: the machine's earlier ones, and the plan.

use std::{collections::BTreeMap, sync::Arc};

use trier_roast::order::median;
use trier_tables::rows::SessionRow;

/// What one earlier roast of the same machine tells. None: not marked or not read.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct EarlierRoast {
    /// First-crack start, s since charge.
    pub first_crack_s: Option<f64>,
    /// BT at first-crack start, °C.
    pub first_crack_bt_c: Option<f64>,
    /// Drop, s since charge.
    pub drop_s: Option<f64>,
    /// BT at drop, °C.
    pub drop_bt_c: Option<f64>,
}

impl EarlierRoast {
    /// What a sealed session tells later ones; None unless it is `complete`.
    #[must_use]
    pub fn of_session(row: &SessionRow) -> Option<Self> {
        (&*row.outcome == "complete").then_some(Self {
            first_crack_s: row.first_crack_s,
            first_crack_bt_c: row.first_crack_bt_c,
            drop_s: row.drop_s,
            drop_bt_c: row.drop_bt_c,
        })
    }
}

/// What a predictor may know before the roast.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Basis {
    /// Earlier roasts of this machine, oldest first.
    pub earlier: Vec<EarlierRoast>,
    /// BT at which the plan says to drop, °C.
    pub drop_target_bt_c: Option<f64>,
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
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Usual {
    /// First-crack start, s since charge.
    pub first_crack_s: Option<Median>,
    /// BT at first-crack start, °C.
    pub first_crack_bt_c: Option<Median>,
    /// Drop, s since charge.
    pub drop_s: Option<Median>,
    /// BT at drop, °C.
    pub drop_bt_c: Option<Median>,
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
        }
    }
}

/// What each machine has roasted so far, in the order it was learned.
#[derive(Clone, Debug, Default)]
pub struct MachineMemory {
    roasts: BTreeMap<Arc<str>, Vec<EarlierRoast>>,
}

impl MachineMemory {
    /// What may be known before the next roast of `machine`.
    ///
    /// - `plan_drop_bt_c`: BT at which the plan says to drop, °C.
    #[must_use]
    pub fn basis_for(&self, machine: &str, plan_drop_bt_c: Option<f64>) -> Basis {
        let earlier = self.roasts.get(machine).cloned().unwrap_or_default();
        Basis { earlier, drop_target_bt_c: plan_drop_bt_c }
    }

    /// Adds a sealed session to what its machine has roasted, if it is complete.
    pub fn learn(&mut self, row: &SessionRow) {
        if let Some(roast) = EarlierRoast::of_session(row) {
            self.roasts.entry(Arc::clone(&row.machine)).or_default().push(roast);
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
        let usual = Usual::of(&Basis { earlier, drop_target_bt_c: None });
        assert_eq!(usual.first_crack_bt_c, Some(Median { value: 188.0, roasts: 2 }));
        assert_eq!(usual.drop_s, None);
    }
}

//! What each machine has roasted so far, and what would have been said of it.

use std::{collections::BTreeMap, sync::Arc};

use trier_tables::rows::{SessionRow, TelemetryRow};

use super::{
    basis::{Basis, EarlierRoast, usable_points},
    hindsight::hindsight,
    kin::Kin,
    plan::DropPlan,
};

/// What each machine has roasted so far, in the order it was learned.
#[derive(Clone, Debug, Default)]
pub struct MachineMemory {
    roasts: BTreeMap<Arc<str>, Vec<EarlierRoast>>,
    kin: Option<Arc<Kin>>,
}

impl MachineMemory {
    /// A memory of no roast that goes by the errors of these other machines, not the shipped ones.
    #[must_use]
    pub fn with_kin(kin: Arc<Kin>) -> Self {
        Self { kin: Some(kin), ..Self::default() }
    }

    /// What may be known before the next roast of `machine`.
    ///
    /// - `plan`: what the plan says about when to drop.
    #[must_use]
    pub fn basis_for(&self, machine: &str, plan: Option<DropPlan>) -> Basis {
        let earlier = self.roasts.get(machine).cloned().unwrap_or_default();
        Basis { earlier, plan, kin: self.kin.clone() }
    }

    /// What a sealed session tells later ones, with what would have been said of it by what is known of
    /// its machine now; None unless it is `complete`, see [`EarlierRoast::of_session`].
    #[must_use]
    pub fn told(&self, row: &SessionRow, telemetry: &[TelemetryRow]) -> Option<EarlierRoast> {
        let roast = EarlierRoast::of_session(row, telemetry)?;
        let points = usable_points(row, telemetry, 0.0);
        let said = hindsight(&roast, &points, &self.basis_for(&row.machine, None));
        Some(EarlierRoast { said: said.into(), ..roast })
    }

    /// Adds a sealed session to what its machine has roasted, as it tells.
    pub fn learn(&mut self, row: &SessionRow, telemetry: &[TelemetryRow]) {
        if let Some(roast) = self.told(row, telemetry) {
            self.add(&row.machine, roast);
        }
    }

    /// Adds what was learned of a roast to what `machine` has roasted.
    pub fn add(&mut self, machine: &Arc<str>, roast: EarlierRoast) {
        self.roasts.entry(Arc::clone(machine)).or_default().push(roast);
    }

    /// All that was learned, machine by machine, each in the order it was learned.
    pub fn all(&self) -> impl Iterator<Item = (&Arc<str>, &[EarlierRoast])> {
        self.roasts.iter().map(|(machine, roasts)| (machine, roasts.as_slice()))
    }
}

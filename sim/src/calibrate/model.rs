//! What is fitted: a machine, a lot, and how a machine stands when the beans go in.

use serde::Serialize;
use trier_roast::order::median;

use crate::{Lot, MachineSpec};

use super::Observed;

/// From what the probes show at charge to what the metal is at.
///
/// T_w = BT + b + a·(other − BT − g), and T_f = T_amb + s·(T_w − T_amb). A roast without a second probe stands
/// where the others do in the middle.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct StartLaw {
    /// b, °C.
    pub wall_over_bt_c: f64,
    /// a, how far the wall goes with the other probe's reading; without such a probe it has no effect.
    pub other_share: f64,
    /// g, how far the other probe is above BT in the middle of the roasts, °C; not fitted.
    pub other_over_bt_c: f64,
    /// s, how warm the structure is between room and wall, 0 to 1.
    pub structure_share: f64,
}

impl StartLaw {
    /// Wall and structure at charge, °C.
    #[must_use]
    pub fn metal_c(&self, roast: &Observed, extra_wall_c: f64) -> (f64, f64) {
        let bt_c = roast.start_bt_c;
        let above_c = roast.start_other_c.map_or(0.0, |other_c| other_c - bt_c - self.other_over_bt_c);
        let wall_c = bt_c + self.wall_over_bt_c + self.other_share * above_c + extra_wall_c;
        (wall_c, roast.ambient_c + self.structure_share * (wall_c - roast.ambient_c))
    }
}

/// A machine with the beans of its roasts and its state at charge.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Model {
    /// The machine.
    pub machine: MachineSpec,
    /// The beans; one lot stands for all that were roasted.
    pub lot: Lot,
    /// Its state at charge.
    pub start: StartLaw,
}

impl Model {
    /// A family's machine made as large as these roasts, and the prior state at charge.
    ///
    /// Multiplying power, flow, capacities and conductances with the charge changes no curve (B18),
    /// so a family's numbers say something about a machine of another size.
    #[must_use]
    pub fn of_family(family: &MachineSpec, lot: &Lot, typical_kg: f64, largest_kg: f64) -> Self {
        let mut machine = family.clone();
        let factor = typical_kg / family.reference_charge_kg;
        machine.enlarge(factor);
        machine.capacity_kg = machine.capacity_kg.max(largest_kg);
        Self::of_machine(&machine, lot)
    }

    /// A machine as its file says, and the prior state at charge.
    #[must_use]
    pub fn of_machine(machine: &MachineSpec, lot: &Lot) -> Self {
        let wall_c = machine.start.wall_c - 22.0;
        let structure_share = ((machine.start.structure_c - 22.0) / wall_c.max(1.0)).clamp(0.05, 0.95);
        // The bean probe in the empty drum hangs between wall and outlet air, and so a little below the wall.
        let start =
            StartLaw { wall_over_bt_c: 10.0, other_share: 0.5, other_over_bt_c: 0.0, structure_share };
        Self { machine: machine.clone(), lot: lot.clone(), start }
    }

    /// The same where `roasts` are those of the machine: what their probes show at charge centres the prior of its
    /// wall, half way from BT to the other probe.
    #[must_use]
    pub fn standing_as(mut self, roasts: &[Observed]) -> Self {
        let above: Vec<f64> =
            roasts.iter().filter_map(|roast| Some(roast.start_other_c? - roast.start_bt_c)).collect();
        if let Some(above_c) = median(&above) {
            self.start.other_over_bt_c = above_c;
            self.start.wall_over_bt_c = (0.5 * above_c).max(0.0) + 10.0;
        }
        self
    }
}

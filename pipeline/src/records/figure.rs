//! Figures of a roast that a profile can ask for, and how near to them is near enough.

use serde::{Deserialize, Serialize};
use trier_tables::rows::SessionRow;

use crate::ingest::{BT_C_MAX, BT_C_MIN};

/// A figure of a roast.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// Green beans put in, kg.
    ChargeMassKg,
    /// BT at charge, °C.
    ChargeBtC,
    /// Turning point, s since charge.
    TurningPointS,
    /// BT at the turning point, °C.
    TurningPointBtC,
    /// End of drying, s since charge.
    DryEndS,
    /// BT at the end of drying, °C.
    DryEndBtC,
    /// Start of first crack, s since charge.
    FirstCrackS,
    /// BT at the start of first crack, °C.
    FirstCrackBtC,
    /// Drop, s since charge.
    DropS,
    /// BT at drop, °C.
    DropBtC,
    /// From the start of first crack to drop, s.
    DevelopmentS,
    /// Development over the whole time from charge to drop, 0 to 1.
    DevelopmentRatio,
    /// Share of the green weight that is gone after the roast, %.
    WeightLossPct,
    /// Colour of the whole beans, Agtron Gourmet.
    WholeColourAgtron,
    /// Colour of the ground coffee, Agtron Gourmet.
    GroundColourAgtron,
}

impl Figure {
    /// All of them, in the order of a roast.
    pub const ALL: [Self; 15] = [
        Self::ChargeMassKg,
        Self::ChargeBtC,
        Self::TurningPointS,
        Self::TurningPointBtC,
        Self::DryEndS,
        Self::DryEndBtC,
        Self::FirstCrackS,
        Self::FirstCrackBtC,
        Self::DropS,
        Self::DropBtC,
        Self::DevelopmentS,
        Self::DevelopmentRatio,
        Self::WeightLossPct,
        Self::WholeColourAgtron,
        Self::GroundColourAgtron,
    ];

    /// The name used in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ChargeMassKg => "charge_mass_kg",
            Self::ChargeBtC => "charge_bt_c",
            Self::TurningPointS => "turning_point_s",
            Self::TurningPointBtC => "turning_point_bt_c",
            Self::DryEndS => "dry_end_s",
            Self::DryEndBtC => "dry_end_bt_c",
            Self::FirstCrackS => "first_crack_s",
            Self::FirstCrackBtC => "first_crack_bt_c",
            Self::DropS => "drop_s",
            Self::DropBtC => "drop_bt_c",
            Self::DevelopmentS => "development_s",
            Self::DevelopmentRatio => "development_ratio",
            Self::WeightLossPct => "weight_loss_pct",
            Self::WholeColourAgtron => "whole_colour_agtron",
            Self::GroundColourAgtron => "ground_colour_agtron",
        }
    }

    /// The least and the largest value that a roast can have.
    #[must_use]
    pub const fn range(self) -> (f64, f64) {
        match self {
            // From a sample roaster's few grams to the largest drums.
            Self::ChargeMassKg => (0.001, 1_000.0),
            Self::ChargeBtC
            | Self::TurningPointBtC
            | Self::DryEndBtC
            | Self::FirstCrackBtC
            | Self::DropBtC => (BT_C_MIN, BT_C_MAX),
            Self::TurningPointS | Self::DryEndS | Self::FirstCrackS | Self::DropS | Self::DevelopmentS => {
                (0.0, 3_600.0)
            }
            Self::DevelopmentRatio => (0.0, 1.0),
            Self::WeightLossPct => (0.0, 100.0),
            Self::WholeColourAgtron | Self::GroundColourAgtron => (0.0, 150.0),
        }
    }

    /// How near is near enough where nobody says: what one operator's roasts of one plan differ
    /// by. Own choice; a profile's author sets others.
    #[must_use]
    pub const fn usual_tolerance(self) -> f64 {
        match self {
            Self::ChargeMassKg => 0.05,
            Self::ChargeBtC | Self::TurningPointBtC => 5.0,
            Self::DryEndBtC | Self::FirstCrackBtC | Self::DropBtC => 2.0,
            Self::TurningPointS | Self::DevelopmentS => 10.0,
            Self::DryEndS | Self::FirstCrackS | Self::DropS => 20.0,
            Self::DevelopmentRatio => 0.02,
            Self::WeightLossPct => 0.5,
            Self::WholeColourAgtron | Self::GroundColourAgtron => 3.0,
        }
    }

    /// Decimals that are worth writing down.
    pub(super) const fn decimals(self) -> u32 {
        match self {
            Self::ChargeMassKg | Self::DevelopmentRatio => 3,
            _ => 1,
        }
    }

    /// What it was in a session; None where that is not known from its readings.
    #[must_use]
    pub fn of_session(self, row: &SessionRow) -> Option<f64> {
        match self {
            Self::ChargeBtC => row.charge_bt_c,
            Self::TurningPointS => row.turning_point_s,
            Self::TurningPointBtC => row.turning_point_bt_c,
            Self::DryEndS => row.dry_end_s,
            Self::DryEndBtC => row.dry_end_bt_c,
            Self::FirstCrackS => row.first_crack_s,
            Self::FirstCrackBtC => row.first_crack_bt_c,
            Self::DropS => row.drop_s,
            Self::DropBtC => row.drop_bt_c,
            Self::DevelopmentS => row.development_s,
            Self::DevelopmentRatio => row.development_ratio,
            Self::ChargeMassKg | Self::WeightLossPct | Self::WholeColourAgtron | Self::GroundColourAgtron => {
                None
            }
        }
    }
}

/// What a figure should be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// The value, in the unit of its figure.
    pub value: f64,
    /// How far off on either side is still as planned, in the same unit.
    pub within: f64,
}

impl Target {
    /// Whether `got` is as planned.
    #[must_use]
    pub fn is_met_by(&self, got: f64) -> bool {
        (got - self.value).abs() <= self.within
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_files_and_differ() {
        for figure in Figure::ALL {
            assert_eq!(toml::Value::try_from(figure).expect("a name").as_str(), Some(figure.name()));
            assert_eq!(Figure::ALL.iter().filter(|other| other.name() == figure.name()).count(), 1);
        }
    }

    #[test]
    fn a_target_holds_up_to_its_tolerance_and_no_nan() {
        let target = Target { value: 212.0, within: 1.5 };
        assert!(target.is_met_by(213.5) && target.is_met_by(210.5));
        assert!(!target.is_met_by(213.6) && !target.is_met_by(f64::NAN));
    }
}

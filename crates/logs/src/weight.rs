//! Weights: green in, roasted out, in kg, checked against each other.

use crate::log::{Finding, FindingCode};
use crate::number::{rounded, shortest};

/// What a file says about weight. Zero means not entered.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Weights {
    pub(crate) green: f64,
    pub(crate) roasted: f64,
    /// g, kg, lb or oz, in any case.
    pub(crate) unit: String,
    /// Capacity of the machine, kg; 0 when unknown.
    pub(crate) machine_kg: f64,
}

/// Batch, in kg, from which "kg" is taken for a slip of the unit, unless the
/// machine is that large. Few machines with a log file hold more.
const BATCH_MAX_KG: f64 = 60.0;

/// Largest believable loss: the darkest roasts lose a quarter.
const LOSS_MAX: f64 = 0.30;

/// Weight in and out, kg, with a finding for each repair.
pub(crate) fn weights_kg(said: &Weights, findings: &mut Vec<Finding>) -> (Option<f64>, Option<f64>) {
    let entered = |w: f64| (w.is_finite() && w > 0.0).then_some(w);
    let (green, roasted) = (entered(said.green), entered(said.roasted));
    let Some(most) = green.or(roasted) else { return (None, None) };
    // As fractions, so that 102 g is the number 0.102.
    let mut unit_kg = match said.unit.to_lowercase().as_str() {
        "g" => (1.0, 1000.0),
        "kg" => (1.0, 1.0),
        "lb" => (0.453_592_37, 1.0),
        "oz" => (0.028_349_523_125, 1.0),
        _ => {
            let detail = "weight: its unit is none of g, kg, lb, oz";
            findings.push(Finding::new(FindingCode::FieldIgnored, detail));
            return (None, None);
        }
    };
    let in_kg = |w: f64, unit: (f64, f64)| w * unit.0 / unit.1;
    let batch_kg = in_kg(most, unit_kg);
    let coarse = unit_kg.0 / unit_kg.1 > 0.1;
    if coarse && batch_kg >= BATCH_MAX_KG && batch_kg > 2.0 * said.machine_kg {
        unit_kg = (1.0, 1000.0);
        let most = shortest(most);
        let detail = format!("{most} {} is no batch for this kind of log: read as {most} g", said.unit);
        findings.push(Finding::new(FindingCode::WeightUnit, detail));
    }
    let (green_kg, roasted_kg) = (green.map(|w| in_kg(w, unit_kg)), roasted.map(|w| in_kg(w, unit_kg)));
    match (green_kg, roasted_kg) {
        (Some(before), Some(after)) if after > before || after < (1.0 - LOSS_MAX) * before => {
            let (before, after) = (rounded(before, 4), rounded(after, 4));
            let detail =
                format!("{before} kg in and {after} kg out cannot both be right: weight out left out");
            findings.push(Finding::new(FindingCode::WeightImplausible, detail));
            (green_kg, None)
        }
        both => both,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(green: f64, roasted: f64, unit: &str) -> (Option<f64>, Option<f64>, Vec<FindingCode>) {
        let mut findings = Vec::new();
        let said = Weights { green, roasted, unit: unit.to_owned(), machine_kg: 0.0 };
        let (in_kg, out_kg) = weights_kg(&said, &mut findings);
        (in_kg, out_kg, findings.iter().map(|f| f.code).collect())
    }

    #[test]
    fn units_and_zeros() {
        assert_eq!(read(400.0, 0.0, "g"), (Some(0.4), None, vec![]));
        assert_eq!(read(12.0, 10.2, "Kg"), (Some(12.0), Some(10.2), vec![]));
        assert_eq!(read(0.0, 0.0, "lb"), (None, None, vec![]));
        assert_eq!(read(1.0, 0.0, "stone"), (None, None, vec![FindingCode::FieldIgnored]));
    }

    #[test]
    fn slips_are_repaired_or_left_out() {
        assert_eq!(read(120.0, 102.0, "Kg"), (Some(0.12), Some(0.102), vec![FindingCode::WeightUnit]));
        assert_eq!(read(400.0, 520.0, "g"), (Some(0.4), None, vec![FindingCode::WeightImplausible]));
        assert_eq!(read(400.0, 35.0, "g"), (Some(0.4), None, vec![FindingCode::WeightImplausible]));
    }
}

//! The operator's hand: when a mark is pressed, beside when it was true.

use serde::{Deserialize, Serialize};
use trier_roast::{EventTime, Mark, MarkKind, MarkSource};

use crate::seed::Seed;

/// How an operator marks (B16; estimates of ours).
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Operator {
    /// Fastest reaction, s.
    pub reaction_s_min: f64,
    /// Slowest reaction, s.
    pub reaction_s_max: f64,
    /// Mean error of the first-crack mark beyond reaction, s; positive is late.
    pub first_crack_late_s: f64,
    /// Scatter of the first-crack mark, standard deviation, s.
    pub first_crack_sd_s: f64,
    /// Scatter of the dry-end mark, standard deviation, s.
    pub dry_end_sd_s: f64,
}

impl Default for Operator {
    fn default() -> Self {
        Self {
            reaction_s_min: 1.0,
            reaction_s_max: 4.0,
            first_crack_late_s: 3.0,
            first_crack_sd_s: 5.0,
            dry_end_sd_s: 8.0,
        }
    }
}

/// The mark as it reaches production, for an event that truly happened at `mark.at`.
///
/// Charge and drop come from the machine's door and are exact. Eyes and ears are
/// late and scatter. A press that would fall after `drop` is never made: None.
/// The turning point is nobody's mark; production reads it off the curve.
pub(crate) fn pressed(
    operator: &Operator,
    seed: &Seed,
    mark: &Mark,
    drop: Option<EventTime>,
) -> Option<Mark> {
    let (late_s, sd_s) = match mark.kind {
        MarkKind::Charge | MarkKind::Drop => return Some(*mark),
        MarkKind::TurningPoint | MarkKind::SecondCrackEnd | MarkKind::CoolEnd => return None,
        MarkKind::DryEnd => (0.0, operator.dry_end_sd_s),
        MarkKind::FirstCrackStart => (operator.first_crack_late_s, operator.first_crack_sd_s),
        MarkKind::FirstCrackEnd | MarkKind::SecondCrackStart => (0.0, operator.first_crack_sd_s),
    };
    let mut draw = seed.stream(&format!("operator.{}", mark.kind.name()));
    let reaction_s = draw.between(operator.reaction_s_min, operator.reaction_s_max);
    let at = mark.at.plus_s(((reaction_s + late_s + sd_s * draw.normal()) * 1e3).round() / 1e3);
    let made = drop.is_none_or(|drop| at < drop);
    made.then_some(Mark { at, source: MarkSource::Operator, ..*mark })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(kind: MarkKind) -> Mark {
        Mark { kind, at: EventTime::from_us(600_000_000), source: MarkSource::Device, confidence: 1.0 }
    }

    #[test]
    fn doors_are_exact_and_ears_are_late() {
        let operator = Operator { first_crack_sd_s: 0.0, ..Operator::default() };
        let seed = Seed::new(1, "gd12", 0);
        assert_eq!(pressed(&operator, &seed, &mark(MarkKind::Drop), None), Some(mark(MarkKind::Drop)));
        let heard = pressed(&operator, &seed, &mark(MarkKind::FirstCrackStart), None).expect("pressed");
        let late_s = heard.at.since_s(mark(MarkKind::Drop).at);
        assert!((4.0..=7.0).contains(&late_s), "reaction 1 to 4 s plus 3 s, got {late_s} s");
        assert_eq!(heard.source, MarkSource::Operator);
    }

    #[test]
    fn nobody_marks_a_crack_after_the_drop() {
        let crack = mark(MarkKind::FirstCrackStart);
        let drop = Some(crack.at.plus_s(0.5));
        let operator = Operator { first_crack_sd_s: 0.0, ..Operator::default() };
        assert_eq!(pressed(&operator, &Seed::new(1, "gd12", 0), &crack, drop), None);
    }
}

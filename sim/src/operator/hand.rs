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
    /// Share of marks by hand that are never made, 0 to 1.
    pub forgets_share: f64,
    /// Fastest reaction of the hand on a control to the recipe's cue, s.
    pub control_delay_s_min: f64,
    /// Slowest such reaction, s; 0 with the fastest 0 sets controls as they are due.
    pub control_delay_s_max: f64,
    /// How far off a gas setting is, standard deviation, % of full.
    pub gas_error_pct: f64,
}

impl Default for Operator {
    fn default() -> Self {
        Self {
            reaction_s_min: 1.0,
            reaction_s_max: 4.0,
            first_crack_late_s: 3.0,
            first_crack_sd_s: 5.0,
            dry_end_sd_s: 8.0,
            forgets_share: 0.0,
            control_delay_s_min: 0.0,
            control_delay_s_max: 0.0,
            gas_error_pct: 0.0,
        }
    }
}

/// The mark as it reaches production, for an event that truly happened at `mark.at`.
///
/// Charge and drop come from the machine's door and are exact where it has a switch, and else
/// a reaction late. Eyes and ears are late and scatter. Some presses are forgotten. A press that would fall after `drop` is never made: None.
/// The turning point is nobody's mark; production reads it off the curve.
pub(crate) fn pressed(
    operator: &Operator,
    seed: &Seed,
    mark: &Mark,
    drop: Option<EventTime>,
    door_switch: bool,
) -> Option<Mark> {
    let (late_s, sd_s) = match mark.kind {
        MarkKind::Charge | MarkKind::Drop if door_switch => return Some(*mark),
        MarkKind::Charge | MarkKind::Drop => (0.0, 0.0),
        MarkKind::TurningPoint | MarkKind::SecondCrackEnd | MarkKind::CoolEnd => return None,
        MarkKind::DryEnd => (0.0, operator.dry_end_sd_s),
        MarkKind::FirstCrackStart => (operator.first_crack_late_s, operator.first_crack_sd_s),
        MarkKind::FirstCrackEnd | MarkKind::SecondCrackStart => (0.0, operator.first_crack_sd_s),
    };
    let mut draw = seed.stream(&format!("operator.{}", mark.kind.name()));
    let reaction_s = draw.between(operator.reaction_s_min, operator.reaction_s_max);
    let at = mark.at.plus_s(((reaction_s + late_s + sd_s * draw.normal()) * 1e3).round() / 1e3);
    let forgets = seed.stream(&format!("operator.{}.forgets", mark.kind.name())).uniform();
    let in_time = mark.kind == MarkKind::Drop || drop.is_none_or(|drop| at < drop);
    let made = in_time && forgets >= operator.forgets_share;
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
        assert_eq!(pressed(&operator, &seed, &mark(MarkKind::Drop), None, true), Some(mark(MarkKind::Drop)));
        let heard = pressed(&operator, &seed, &mark(MarkKind::FirstCrackStart), None, true).expect("pressed");
        let late_s = heard.at.since_s(mark(MarkKind::Drop).at);
        assert!((4.0..=7.0).contains(&late_s), "reaction 1 to 4 s plus 3 s, got {late_s} s");
        assert_eq!(heard.source, MarkSource::Operator);
    }

    #[test]
    fn nobody_marks_a_crack_after_the_drop() {
        let crack = mark(MarkKind::FirstCrackStart);
        let drop = Some(crack.at.plus_s(0.5));
        let operator = Operator { first_crack_sd_s: 0.0, ..Operator::default() };
        assert_eq!(pressed(&operator, &Seed::new(1, "gd12", 0), &crack, drop, true), None);
    }

    #[test]
    fn without_a_door_switch_a_hand_marks_charge_and_drop_late() {
        let operator = Operator::default();
        for kind in [MarkKind::Charge, MarkKind::Drop] {
            for run in 0..50 {
                let said = pressed(&operator, &Seed::new(run, "gd12", 0), &mark(kind), None, false);
                let late_s = said.expect("pressed").at.since_s(mark(kind).at);
                assert!((1.0..=4.0).contains(&late_s), "{kind:?} {late_s} s late");
            }
            let true_drop = Some(mark(MarkKind::Drop).at);
            let said = pressed(&operator, &Seed::new(1, "gd12", 0), &mark(MarkKind::Drop), true_drop, false);
            assert_eq!(
                said.expect("the drop itself is no reason not to mark it").source,
                MarkSource::Operator
            );
        }
    }

    #[test]
    fn as_many_marks_are_forgotten_as_said() {
        let operator = Operator { forgets_share: 0.25, ..Operator::default() };
        let made = (0..1_000)
            .filter_map(|run| {
                pressed(&operator, &Seed::new(run, "gd12", 0), &mark(MarkKind::DryEnd), None, true)
            })
            .count();
        // A standard deviation of 14; five.
        assert!(made.abs_diff(750) < 70, "{made} of 1,000");
    }
}

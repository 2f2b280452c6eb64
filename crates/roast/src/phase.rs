//! Phases: the stretches between marks, as roasters count them.

use crate::{Mark, MarkKind};

/// Durations of a roast's phases. None: one of its two marks is absent.
///
/// Drying runs from charge to dry end, Maillard to first crack, development to
/// drop. A phase whose marks are out of order is None rather than negative.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Phases {
    /// Charge to dry end, s.
    pub drying_s: Option<f64>,
    /// Dry end to first-crack start, s.
    pub maillard_s: Option<f64>,
    /// First-crack start to drop, s.
    pub development_s: Option<f64>,
    /// Charge to drop, s.
    pub total_s: Option<f64>,
}

impl Phases {
    /// The phases that `marks` bound. Of several marks of a kind the first counts.
    #[must_use]
    pub fn between(marks: &[Mark]) -> Self {
        let at = |kind| marks.iter().find(|m| m.kind == kind).map(|m| m.at);
        let span = |from, to| {
            let seconds = at(to)?.since_s(at(from)?);
            (seconds >= 0.0).then_some(seconds)
        };
        Self {
            drying_s: span(MarkKind::Charge, MarkKind::DryEnd),
            maillard_s: span(MarkKind::DryEnd, MarkKind::FirstCrackStart),
            development_s: span(MarkKind::FirstCrackStart, MarkKind::Drop),
            total_s: span(MarkKind::Charge, MarkKind::Drop),
        }
    }

    /// Development as a share of the whole roast, 0 to 1.
    #[must_use]
    pub fn development_ratio(&self) -> Option<f64> {
        let total_s = self.total_s.filter(|s| *s > 0.0)?;
        Some(self.development_s? / total_s)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{EventTime, MarkSource};

    fn mark(kind: MarkKind, s: i64) -> Mark {
        let at = EventTime::from_us(s * 1_000_000);
        Mark { kind, at, source: MarkSource::Operator, confidence: 1.0 }
    }

    #[test]
    fn phases_add_up_to_the_roast() {
        let marks = [
            mark(MarkKind::Charge, 60),
            mark(MarkKind::DryEnd, 360),
            mark(MarkKind::FirstCrackStart, 660),
            mark(MarkKind::Drop, 810),
        ];
        let phases = Phases::between(&marks);
        assert_eq!(phases.drying_s, Some(300.0));
        assert_eq!(phases.maillard_s, Some(300.0));
        assert_eq!(phases.development_s, Some(150.0));
        assert_eq!(phases.development_ratio(), Some(0.2));
    }

    #[test]
    fn marks_out_of_order_make_no_phase() {
        let marks =
            [mark(MarkKind::Charge, 0), mark(MarkKind::Drop, 500), mark(MarkKind::FirstCrackStart, 600)];
        let phases = Phases::between(&marks);
        assert_eq!(phases.development_s, None);
        assert_eq!(phases.development_ratio(), None);
        assert_eq!(phases.total_s, Some(500.0));
    }
}

//! What scores are made of: what the pipeline put out of one roast, and what happened.

use trier_roast::{EventTime, Mark, MarkKind};
use trier_sim::TruthRow;
use trier_tables::rows::{MarkRow, PredictionRow, SessionRow, TelemetryRow};

/// When things happened: truth in simulation, recorded marks in a real log.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reference {
    /// Charge.
    pub charge: EventTime,
    /// Start of first crack; None when it did not come or was not recorded.
    pub first_crack: Option<EventTime>,
    /// Drop; None as above.
    pub drop: Option<EventTime>,
}

/// What is only known of a simulated roast.
#[derive(Clone, Copy, Debug)]
pub struct Truth<'a> {
    /// When each thing truly happened; what is not there did not happen.
    pub marks: &'a [Mark],
    /// What was true at each sample instant, ascending.
    pub rows: &'a [TruthRow],
}

/// One roast as the pipeline saw it, and as it was.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// When things happened.
    pub reference: Reference,
    /// Forecasts of the stream; those of other sessions are left out.
    pub predictions: &'a [PredictionRow],
    /// Marks of the stream in the order they were said; those of other sessions are left out.
    pub marks: &'a [MarkRow],
    /// When each of `marks` was said, in their order.
    pub told: &'a [EventTime],
    /// Every session of the stream, in every revision.
    pub sessions: &'a [SessionRow],
    /// The stream's samples.
    pub telemetry: &'a [TelemetryRow],
    /// What was true; None for a real log.
    pub truth: Option<Truth<'a>>,
}

impl Truth<'_> {
    /// When `kind` truly happened.
    pub(super) fn at(&self, kind: MarkKind) -> Option<EventTime> {
        self.marks.iter().find(|mark| mark.kind == kind).map(|mark| mark.at)
    }

    /// The last instant at which the beans were in the drum.
    fn last_in_drum(&self) -> Option<EventTime> {
        let in_drum = |row: &&TruthRow| row.beans_in.as_deref() == Some("drum");
        self.rows.iter().rev().find(in_drum).map(|row| EventTime::from_us(row.t_us))
    }
}

impl Seen<'_> {
    /// Until when it is known that first crack had not come: drop, or the end of a roast without one.
    ///
    /// None where it came, and in a real log without a mark of it: there nobody knows whether it came
    /// or was only not written down.
    pub(super) fn uncracked_until(&self) -> Option<EventTime> {
        let truth = self.truth.filter(|_| self.reference.first_crack.is_none())?;
        self.reference.drop.or_else(|| truth.last_in_drum())
    }
}

#[cfg(test)]
mod tests {
    use super::super::made_up::{at_s, reference, seen, true_mark};
    use super::*;

    #[test]
    fn only_where_truth_says_that_it_never_cracked_is_a_roast_censored_and_at_its_drop() {
        let marks = [true_mark(MarkKind::Charge, 0), true_mark(MarkKind::Drop, 500)];
        let truth = Some(Truth { marks: &marks, rows: &[] });
        let dropped = Seen { truth, reference: reference(None, Some(500)), ..seen() };
        assert_eq!(dropped.uncracked_until(), Some(at_s(500)));
        assert_eq!(Seen { truth: None, ..dropped }.uncracked_until(), None, "a log may lack the mark alone");
        let cracked = Seen { reference: reference(Some(400), Some(500)), ..dropped };
        assert_eq!(cracked.uncracked_until(), None);
    }
}

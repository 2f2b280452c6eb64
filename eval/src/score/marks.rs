//! The pipeline's marks held against true ones: how far off, found or not, claimed in vain, told how late.
//!
//! Precision over many roasts is found / (found + false claims), recall the mean of `found`.

use super::metric::{Direction, Metric};
use super::reason::{NO_REFERENCE, NOT_MARKED};
use super::seen::Seen;
use super::subject::{PIPELINE, Subject};
use trier_roast::{EventTime, MarkKind};
use trier_tables::rows::{MarkRow, ScoreRow};

/// A kind of mark that is scored.
struct Kind {
    kind: MarkKind,
    /// A claim this near to the true instant is right, s; as in `docs/detection.md`.
    within_s: f64,
    error: Metric,
    found: Metric,
    false_claims: Metric,
    latency: Metric,
}

macro_rules! kind {
    ($kind:ident, $name:literal, $within_s:literal) => {
        Kind {
            kind: MarkKind::$kind,
            within_s: $within_s,
            error: Metric::of_roast(
                concat!("mark.", $name, ".error"),
                "s",
                Direction::Zero,
                "the mark that stands minus the true instant; positive is too late",
            ),
            found: Metric::of_roast(
                concat!("mark.", $name, ".found"),
                "1",
                Direction::Higher,
                concat!("1 when a mark lies within ", $within_s, " s of the true instant, else 0"),
            ),
            false_claims: Metric::of_roast(
                concat!("mark.", $name, ".false_claims"),
                "1",
                Direction::Lower,
                concat!("marks further than ", $within_s, " s from it, or all where it did not happen"),
            ),
            latency: Metric::of_roast(
                concat!("mark.", $name, ".latency"),
                "s",
                Direction::Lower,
                "when the first right mark was said minus the true instant, 0 when before it",
            ),
        }
    };
}

const KINDS: [Kind; 6] = [
    kind!(Charge, "charge", 5.0),
    kind!(TurningPoint, "turning_point", 10.0),
    kind!(DryEnd, "dry_end", 20.0),
    kind!(FirstCrackStart, "first_crack_start", 20.0),
    kind!(FirstCrackEnd, "first_crack_end", 20.0),
    kind!(Drop, "drop", 5.0),
];

/// The family's metrics.
pub(super) const METRICS: [Metric; 24] = {
    let mut all = [KINDS[0].error; 24];
    let mut at = 0;
    while at < KINDS.len() {
        let Kind { error, found, false_claims, latency, .. } = &KINDS[at];
        (all[4 * at], all[4 * at + 1]) = (*error, *found);
        (all[4 * at + 2], all[4 * at + 3]) = (*false_claims, *latency);
        at += 1;
    }
    all
};

/// Scores of each kind of mark of the session of `subject`.
///
/// Of several of a kind the last announced one stands, because a mark may be moved, or else the last
/// inferred one. A claim that another replaced is no false one while it lies near the truth.
pub(super) fn scores(subject: &Subject, seen: &Seen<'_>) -> Vec<ScoreRow> {
    let own: Vec<(&MarkRow, EventTime)> = (seen.marks.iter().zip(seen.told.iter().copied()))
        .filter(|(row, _)| row.session_id.is_some() && row.session_id == subject.session_id)
        .collect();
    KINDS.iter().flat_map(|kind| of_kind(subject, seen, kind, &own)).collect()
}

fn of_kind(
    subject: &Subject,
    seen: &Seen<'_>,
    kind: &Kind,
    marks: &[(&MarkRow, EventTime)],
) -> [ScoreRow; 4] {
    let claims: Vec<(&MarkRow, EventTime)> =
        marks.iter().filter(|(row, _)| *row.kind == *kind.kind.name()).copied().collect();
    let unknown = || NO_REFERENCE.to_owned();
    let happened = seen.truth.and_then(|truth| truth.at(kind.kind));
    let off_s = |row: &MarkRow, at: EventTime| EventTime::from_us(row.t_us).since_s(at);
    let is_right = |row: &MarkRow, at: EventTime| off_s(row, at).abs() <= kind.within_s;
    let announced = claims.iter().rev().find(|(row, _)| &*row.mark_source != "inferred");
    let stands = announced.or(claims.last());
    let said = happened.and_then(|at| {
        let right = claims.iter().filter(|(row, _)| is_right(row, at));
        right.map(|(_, told)| told.since_s(at).max(0.0)).reduce(f64::min)
    });
    let not_marked = || NOT_MARKED.to_owned();
    let error = happened
        .ok_or_else(unknown)
        .and_then(|at| stands.map(|(row, _)| off_s(row, at)).ok_or_else(not_marked));
    let found = happened.ok_or_else(unknown).map(|_| f64::from(u8::from(said.is_some())));
    let wrong = claims.iter().filter(|(row, _)| !happened.is_some_and(|at| is_right(row, at))).count();
    let false_claims =
        seen.truth.ok_or_else(unknown).map(|_| f64::from(u32::try_from(wrong).unwrap_or(u32::MAX)));
    let latency = happened.ok_or_else(unknown).and_then(|_| said.ok_or_else(not_marked));
    [
        subject.row(PIPELINE, &kind.error, None, error),
        subject.row(PIPELINE, &kind.found, None, found),
        subject.row(PIPELINE, &kind.false_claims, None, false_claims),
        subject.row(PIPELINE, &kind.latency, None, latency),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::made_up::{at_s, mark, seen, subject, true_mark};
    use super::super::seen::Truth;
    use super::*;

    /// The value of `metric`, or why there is none.
    fn value(rows: &[ScoreRow], metric: &str) -> Result<f64, String> {
        let row = rows.iter().find(|row| &*row.metric == metric).expect("every metric has a row");
        row.value.ok_or_else(|| row.missing.as_deref().unwrap_or("").to_owned())
    }

    #[test]
    fn the_last_mark_of_a_kind_stands_and_an_absent_one_is_said() {
        let truth =
            [MarkKind::Charge, MarkKind::FirstCrackStart, MarkKind::Drop].map(|kind| true_mark(kind, 500));
        let marks = [mark("first_crack_start", 530), mark("charge", 500), mark("first_crack_start", 508)];
        let told = [at_s(535), at_s(497), at_s(540)];
        let seen =
            Seen { marks: &marks, told: &told, truth: Some(Truth { marks: &truth, rows: &[] }), ..seen() };
        let rows = scores(&subject(), &seen);
        assert_eq!(rows.len(), METRICS.len());
        assert_eq!(value(&rows, "mark.charge.error"), Ok(0.0));
        assert_eq!(value(&rows, "mark.first_crack_start.error"), Ok(8.0));
        // 530 s is 30 s off and no find; 508 s is one, said at 540 s. A charge said 3 s before it came is not late.
        assert_eq!(value(&rows, "mark.first_crack_start.found"), Ok(1.0));
        assert_eq!(value(&rows, "mark.first_crack_start.false_claims"), Ok(1.0));
        assert_eq!(value(&rows, "mark.first_crack_start.latency"), Ok(40.0));
        assert_eq!(value(&rows, "mark.charge.latency"), Ok(0.0));
        assert_eq!(value(&rows, "mark.drop.error"), Err("not_marked".to_owned()));
        assert_eq!(value(&rows, "mark.drop.latency"), Err("not_marked".to_owned()));
        assert_eq!(
            (value(&rows, "mark.drop.found"), value(&rows, "mark.drop.false_claims")),
            (Ok(0.0), Ok(0.0))
        );
    }

    #[test]
    fn a_claim_of_what_never_happened_is_false_and_without_truth_nothing_is() {
        let marks =
            [mark("first_crack_start", 530), MarkRow { session_id: None, ..mark("first_crack_start", 9) }];
        let told = [at_s(530); 2];
        let known =
            Seen { marks: &marks, told: &told, truth: Some(Truth { marks: &[], rows: &[] }), ..seen() };
        let rows = scores(&subject(), &known);
        let unknown = Err("no_reference".to_owned());
        assert_eq!(value(&rows, "mark.first_crack_start.false_claims"), Ok(1.0), "the other is no session's");
        assert_eq!(value(&rows, "mark.first_crack_start.found"), unknown);
        let rows = scores(&subject(), &Seen { truth: None, ..known });
        assert!(METRICS.iter().all(|metric| value(&rows, metric.name) == unknown));
    }

    #[test]
    fn what_is_inferred_gives_way_to_what_is_announced() {
        let truth = [true_mark(MarkKind::Drop, 700)];
        let inferred = MarkRow { mark_source: "inferred".into(), ..mark("drop", 702) };
        let marks = [mark("drop", 703), inferred];
        let told = [at_s(710), at_s(705)];
        let seen =
            Seen { marks: &marks, told: &told, truth: Some(Truth { marks: &truth, rows: &[] }), ..seen() };
        let rows = scores(&subject(), &seen);
        // Both are right, so neither is a false claim, and the first to be said tells how late it was known.
        assert_eq!(value(&rows, "mark.drop.error"), Ok(3.0));
        assert_eq!(value(&rows, "mark.drop.false_claims"), Ok(0.0));
        assert_eq!(value(&rows, "mark.drop.latency"), Ok(5.0));
    }
}

//! The pipeline's marks held against true ones.

use super::metric::metric_named;
use super::subject::Subject;
use trier_roast::{EventTime, Mark};
use trier_tables::rows::{MarkRow, ScoreRow};

/// The arm name of scores that belong to the pipeline rather than to a predictor.
const PIPELINE: &str = "pipeline";

/// Marked minus true time of each true mark that has a metric, in the order of `truth`.
///
/// - `marks`: those of this roast in the order the pipeline gave them; of several of a kind
///   the last announced one stands, because a mark may be moved, or else the last inferred one.
///
/// A mark the pipeline did not make has no value and says `not_marked`.
#[must_use]
pub fn mark_scores(subject: &Subject, marks: &[MarkRow], truth: &[Mark]) -> Vec<ScoreRow> {
    let scored = truth.iter().filter_map(|mark| {
        let metric = metric_named(&format!("mark.{}.error", mark.kind.name()))?;
        let of_kind = || marks.iter().rev().filter(|row| *row.kind == *mark.kind.name());
        let found = of_kind().find(|row| &*row.mark_source != "inferred").or_else(|| of_kind().next());
        let error = found.map(|row| EventTime::from_us(row.t_us).since_s(mark.at));
        Some(subject.row(PIPELINE, metric, None, error.ok_or_else(|| "not_marked".to_owned())))
    });
    scored.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use trier_roast::{MarkKind, MarkSource};

    #[test]
    fn the_last_mark_of_a_kind_stands_and_an_absent_one_is_said() {
        let marked = |kind: &str, s: i64| MarkRow {
            source: "s".into(),
            machine: "m".into(),
            session_id: Some("r".into()),
            kind: kind.into(),
            t_us: s * 1_000_000,
            since_charge_s: None,
            mark_source: "operator".into(),
            confidence: 1.0,
            bt_c: None,
        };
        let truth =
            [MarkKind::Charge, MarkKind::FirstCrackStart, MarkKind::CoolEnd, MarkKind::Drop].map(|kind| {
                Mark {
                    kind,
                    at: EventTime::from_us(500_000_000),
                    source: MarkSource::Device,
                    confidence: 1.0,
                }
            });
        let subject = Subject {
            case: "c".into(),
            seed: None,
            session_id: None,
            machine: "m".into(),
            lot: "".into(),
            cluster: "".into(),
        };
        let marks =
            [marked("first_crack_start", 530), marked("charge", 500), marked("first_crack_start", 508)];
        let rows = mark_scores(&subject, &marks, &truth);
        let errors: Vec<(&str, Option<f64>)> = rows.iter().map(|row| (&*row.metric, row.value)).collect();
        let want = [
            ("mark.charge.error", Some(0.0)),
            ("mark.first_crack_start.error", Some(8.0)),
            ("mark.drop.error", None),
        ];
        assert_eq!(errors, want);
        assert_eq!(rows[2].missing.as_deref(), Some("not_marked"));
    }
}

//! The pipeline's session of the roast held against the true one.

use super::metric::{Direction, Metric};
use super::reason::{NO_REFERENCE, NO_SESSION, NOT_MARKED};
use super::seen::Seen;
use super::subject::{PIPELINE, Subject};
use std::collections::BTreeSet;
use trier_roast::EventTime;
use trier_tables::rows::{ScoreRow, SessionRow};

const FOUND: Metric = Metric::of_roast(
    "session.found",
    "1",
    Direction::Higher,
    "1 when a session was charged within 60 s of the roast, else 0",
);
const EXTRA: Metric =
    Metric::of_roast("session.extra", "1", Direction::Lower, "sessions of the stream besides that one");
const CHARGE_ERROR: Metric = Metric::of_roast(
    "session.charge_error",
    "s",
    Direction::Zero,
    "the session's charge minus the true one; positive is too late",
);
const DROP_ERROR: Metric = Metric::of_roast(
    "session.drop_error",
    "s",
    Direction::Zero,
    "the session's drop minus the true one; positive is too late",
);
const OUTCOME_RIGHT: Metric = Metric::of_roast(
    "session.outcome_right",
    "1",
    Direction::Higher,
    "1 when the session is complete exactly where the beans were truly dropped, else 0",
);

/// The family's metrics.
pub(super) const METRICS: [Metric; 5] = [FOUND, EXTRA, CHARGE_ERROR, DROP_ERROR, OUTCOME_RIGHT];

/// Scores of the session of `subject`, in its last revision; against truth only, because a recording's marks are
/// what the session was made of.
pub(super) fn scores(subject: &Subject, seen: &Seen<'_>) -> Vec<ScoreRow> {
    let of_roast = |row: &&SessionRow| subject.session_id.as_deref() == Some(&*row.session_id);
    let own = seen.sessions.iter().filter(of_roast).max_by_key(|row| row.revision);
    let ids: BTreeSet<&str> = seen.sessions.iter().map(|row| &*row.session_id).collect();
    let extra = ids.len() - usize::from(own.is_some());
    let known = seen.truth.ok_or_else(|| NO_REFERENCE.to_owned());
    let found = || own.ok_or_else(|| NO_SESSION.to_owned());
    let put = |metric, value| subject.row(PIPELINE, metric, None, known.clone().and(value));
    let yes = |is: bool| f64::from(u8::from(is));
    vec![
        put(&FOUND, Ok(yes(own.is_some()))),
        put(&EXTRA, Ok(f64::from(u32::try_from(extra).unwrap_or(u32::MAX)))),
        put(&CHARGE_ERROR, found().map(|row| charge(row).since_s(seen.reference.charge))),
        put(&DROP_ERROR, found().and_then(|row| drop_error_s(row, seen.reference.drop))),
        put(
            &OUTCOME_RIGHT,
            found().map(|row| yes((&*row.outcome == "complete") == seen.reference.drop.is_some())),
        ),
    ]
}

fn charge(session: &SessionRow) -> EventTime {
    EventTime::from_us(session.start_us)
}

fn drop_error_s(session: &SessionRow, dropped: Option<EventTime>) -> Result<f64, String> {
    let dropped = dropped.ok_or(NO_REFERENCE)?;
    let drop_s = session.drop_s.ok_or(NOT_MARKED)?;
    Ok(charge(session).since_s(dropped) + drop_s)
}

#[cfg(test)]
mod tests {
    use super::super::made_up::{reference, seen, session, subject};
    use super::super::seen::Truth;
    use super::*;

    fn values(rows: &[ScoreRow]) -> Vec<Result<f64, &str>> {
        assert!(rows.iter().zip(&METRICS).all(|(row, metric)| *row.metric == *metric.name));
        rows.iter().map(|row| row.value.ok_or_else(|| row.missing.as_deref().unwrap_or(""))).collect()
    }

    const KNOWN: Option<Truth<'_>> = Some(Truth { marks: &[], rows: &[] });

    #[test]
    fn the_last_revision_is_held_against_the_roast_and_the_rest_are_too_many() {
        let sessions = [
            session("r", 0, 5, Some(600.0)),
            session("r", 1, 2, Some(601.0)),
            session("other", 0, 900, None),
            session("other", 1, 900, None),
        ];
        let dropped =
            Seen { sessions: &sessions, truth: KNOWN, reference: reference(None, Some(600)), ..seen() };
        assert_eq!(values(&scores(&subject(), &dropped)), [Ok(1.0), Ok(1.0), Ok(2.0), Ok(3.0), Ok(1.0)]);
        let never = Seen { reference: reference(None, None), ..dropped };
        // A session that says complete of beans that never left.
        let want = [Ok(1.0), Ok(1.0), Ok(2.0), Err("no_reference"), Ok(0.0)];
        assert_eq!(values(&scores(&subject(), &never)), want);
        let log = Seen { truth: None, ..dropped };
        assert_eq!(values(&scores(&subject(), &log)), [Err("no_reference"); 5]);
    }

    #[test]
    fn a_roast_without_a_session_was_not_found() {
        let sessions = [session("other", 0, 900, None)];
        let lost =
            Seen { sessions: &sessions, truth: KNOWN, reference: reference(None, Some(600)), ..seen() };
        let silent = Err("no_session");
        assert_eq!(values(&scores(&subject(), &lost)), [Ok(0.0), Ok(1.0), silent, silent, silent]);
        let undropped = [session("r", 0, 0, None)];
        let want = [Ok(1.0), Ok(0.0), Ok(0.0), Err("not_marked"), Ok(0.0)];
        assert_eq!(values(&scores(&subject(), &Seen { sessions: &undropped, ..lost })), want);
    }
}

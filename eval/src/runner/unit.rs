//! One unit of a suite: a case with a seed, attempted and held against what it says.

use super::arms::Arms;
use super::attempt::{Attempt, Loaded, Stop, attempt};
use super::held::broken;
use crate::case::{Case, Expect};
use crate::suite::{Suite, Unit};
use std::sync::Arc;
use trier_sim::Outcome;
use trier_tables::rows::{CaseRow, MarkRow, ScoreRow, SessionRow};

/// What came of one unit.
pub(super) struct UnitRun {
    pub case: CaseRow,
    pub scores: Vec<ScoreRow>,
    pub sessions: Vec<SessionRow>,
    pub marks: Vec<MarkRow>,
}

/// Runs one unit; whatever goes wrong is in its row.
pub(super) fn run_unit(suite: &Suite, case: &Case, loaded: &Loaded, unit: &Unit, arms: &Arms) -> UnitRun {
    // A case that must be refused is tried with the first seed, in case it is not.
    let seed = unit.seed.and_then(|seed| u64::try_from(seed).ok()).unwrap_or(suite.seeds.first);
    let no_rows = |row| UnitRun { case: row, scores: vec![], sessions: vec![], marks: vec![] };
    let done = match attempt(case, loaded, seed, arms, &suite.leads_s) {
        Ok(done) => done,
        Err(Stop::Refused(code)) => return no_rows(stopped(case, unit, "refused", &code)),
        Err(Stop::Errored(code)) => return no_rows(stopped(case, unit, "errored", &code)),
    };
    let may_end_otherwise = matches!(case.expect, Expect::Outcome(_));
    if done.ended != Outcome::Dropped && !may_end_otherwise {
        return no_rows(stopped(case, unit, "refused", done.ended.code()));
    }
    let (passed, reason) = judged(case, &done, arms);
    UnitRun {
        case: row(case, unit, "ran", reason.as_deref(), passed),
        scores: if case.owes_scores() { done.scores } else { vec![] },
        sessions: done.outputs.sessions,
        marks: done.outputs.marks,
    }
}

/// Whether what came of a unit that ran is what must come, and what is not.
fn judged(case: &Case, done: &Attempt, arms: &Arms) -> (bool, Option<String>) {
    if let Expect::Refuse(_) = case.expect {
        return (false, None);
    }
    let reason = broken(case, done, arms.names());
    (reason.is_none(), reason)
}

/// The row of a unit that did not run to its end.
fn stopped(case: &Case, unit: &Unit, status: &str, code: &str) -> CaseRow {
    let expected = matches!(&case.expect, Expect::Refuse(wanted) if wanted == code);
    let reason = match &case.expect {
        Expect::Refuse(wanted) if !expected => format!("{code}, not {wanted}"),
        _ => code.to_owned(),
    };
    row(case, unit, status, Some(&reason), expected && status == "refused")
}

fn row(case: &Case, unit: &Unit, status: &str, reason: Option<&str>, passed: bool) -> CaseRow {
    CaseRow {
        case: Arc::clone(&case.id),
        seed: unit.seed,
        expectation: case.expect.name().into(),
        status: status.into(),
        reason: reason.map(Into::into),
        passed,
    }
}

//! One unit of a suite: a case with a seed, attempted and held against what it says.

use super::arms::Arms;
use super::attempt::{Attempt, Loaded, Stop, attempt};
use super::held::broken;
use crate::case::{Case, Expect};
use crate::flow::{Catalogue, Observed, observe};
use crate::suite::{Planned, Suite};
use std::sync::Arc;
use trier_roast::MarkKind;
use trier_sim::Outcome;
use trier_tables::digest;
use trier_tables::rows::{CaseRow, MarkRow, ScoreRow, SessionRow};

/// What came of one unit.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct UnitRun {
    /// What became of it, of no arm yet.
    pub case: CaseRow,
    pub scores: Vec<ScoreRow>,
    pub sessions: Vec<SessionRow>,
    pub marks: Vec<MarkRow>,
    /// What it was seen to do; None where nobody looked, or there was nothing to see.
    pub observed: Option<Observed>,
}

impl UnitRun {
    /// A unit of which there is its row only.
    fn bare(case: CaseRow) -> Self {
        Self { case, scores: vec![], sessions: vec![], marks: vec![], observed: None }
    }
}

/// What all units of a suite are run with.
pub(super) struct Bench<'a> {
    pub suite: &'a Suite,
    pub arms: &'a Arms,
    /// The critical flows that are looked for.
    pub flows: Option<&'a Catalogue>,
    /// What one unit may take.
    pub limits: &'a Limits,
}

/// What one unit may take. One that takes more is an error of that unit, and no failure.
#[derive(Clone, Default)]
pub struct Limits {
    /// Rows that one unit makes, in bytes of memory; None for as many as there are.
    pub rows_bytes_max: Option<u64>,
    /// Seconds that one unit may take, and a clock that tells them; None for as long as it takes.
    ///
    /// The clock is read before and after a unit: our own code ends by itself, and other people's
    /// predictors have their own deadlines.
    pub time: Option<(f64, fn() -> f64)>,
}

impl Limits {
    /// What decides whether a unit stays within them.
    pub(super) fn said(&self) -> String {
        format!("{:?}/{:?}", self.rows_bytes_max, self.time.map(|(limit_s, _)| limit_s))
    }
}

/// Runs one unit within its limits; whatever goes wrong is in its row.
pub(super) fn run_unit(bench: &Bench<'_>, case: &Case, loaded: &Loaded, unit: &Planned) -> UnitRun {
    let begun = bench.limits.time.map(|(_, now_s)| now_s());
    let done = unlimited(bench, case, loaded, unit);
    let taken_s =
        bench.limits.time.zip(begun).map(|((limit_s, now_s), begun_s)| (limit_s, now_s() - begun_s));
    match taken_s {
        Some((limit_s, taken_s)) if taken_s > limit_s => {
            UnitRun::bare(stopped(case, unit, "errored", "over_time"))
        }
        _ => done,
    }
}

fn unlimited(bench: &Bench<'_>, case: &Case, loaded: &Loaded, unit: &Planned) -> UnitRun {
    // A case that must be refused is tried with the first seed, in case it is not.
    let seed = unit.unit.seed.and_then(|seed| u64::try_from(seed).ok()).unwrap_or(bench.suite.seeds.first);
    let done = match attempt(case, loaded, seed, bench.arms, &bench.suite.leads_s) {
        Ok(done) => done,
        Err(Stop::Refused(code)) => return UnitRun::bare(stopped(case, unit, "refused", &code)),
        Err(Stop::Errored(code)) => return UnitRun::bare(stopped(case, unit, "errored", &code)),
    };
    let may_end_otherwise = matches!(case.expect, Expect::Outcome(_));
    if done.ended != Outcome::Dropped && !may_end_otherwise {
        return UnitRun::bare(stopped(case, unit, "refused", done.ended.code()));
    }
    if bench.limits.rows_bytes_max.is_some_and(|limit| rows_bytes(&done) > limit) {
        return UnitRun::bare(stopped(case, unit, "errored", "over_memory"));
    }
    let (passed, reason) = judged(case, &done, bench.arms);
    let drop = done.truth.iter().find(|mark| mark.kind == MarkKind::Drop);
    let row = CaseRow {
        heard: Some(heard(&done)),
        roast_s: drop.map(|mark| mark.at.since_s(done.charged)),
        ..row(case, unit, "ran", reason.as_deref(), passed)
    };
    UnitRun {
        case: row,
        observed: bench.flows.map(|flows| observe(flows, &done.outputs, done.day.as_ref())),
        scores: if case.owes_scores() { done.scores } else { vec![] },
        sessions: done.outputs.sessions,
        marks: done.outputs.marks,
    }
}

/// Bytes of the rows that one attempt holds at its end, what their texts point to aside.
fn rows_bytes(done: &Attempt) -> u64 {
    fn of<T>(rows: &[T]) -> u64 {
        std::mem::size_of_val(rows) as u64
    }
    let out = &done.outputs;
    of(&out.telemetry) + of(&out.predictions) + of(&out.marks) + of(&out.sessions) + of(&done.scores)
}

/// Of the samples and marks that the arms were shown.
fn heard(done: &Attempt) -> Arc<str> {
    let both = [digest(&done.outputs.telemetry), digest(&done.outputs.marks)].map(|one| one.to_string());
    blake3::hash(both.concat().as_bytes()).to_hex().as_str().into()
}

/// A unit that was left out because its time was over.
pub(super) fn not_run(unit: &Planned) -> UnitRun {
    UnitRun::bare(CaseRow {
        case: Arc::clone(&unit.unit.case),
        seed: unit.unit.seed,
        arm: "".into(),
        expectation: unit.expect.name().into(),
        status: "not_run".into(),
        reason: Some("budget".into()),
        passed: false,
        digest: Arc::clone(&unit.digest),
        heard: None,
        roast_s: None,
    })
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
fn stopped(case: &Case, unit: &Planned, status: &str, code: &str) -> CaseRow {
    let expected = matches!(&case.expect, Expect::Refuse(wanted) if wanted == code);
    let reason = match &case.expect {
        Expect::Refuse(wanted) if !expected => format!("{code}, not {wanted}"),
        _ => code.to_owned(),
    };
    row(case, unit, status, Some(&reason), expected && status == "refused")
}

fn row(case: &Case, unit: &Planned, status: &str, reason: Option<&str>, passed: bool) -> CaseRow {
    CaseRow {
        case: Arc::clone(&case.id),
        seed: unit.unit.seed,
        arm: "".into(),
        expectation: case.expect.name().into(),
        status: status.into(),
        reason: reason.map(Into::into),
        passed,
        digest: Arc::clone(&unit.digest),
        heard: None,
        roast_s: None,
    }
}

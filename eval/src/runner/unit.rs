//! One unit of a suite: a case with a seed, attempted and held against what it says.

use super::arms::Arms;
use super::trial::trial;
use crate::case::{Case, Expect};
use crate::suite::{Planned, Suite};
use std::sync::Arc;
use trier_pipeline::Outputs;
use trier_roast::MarkKind;
use trier_sim::{BatchRun, Outcome, Scenario};
use trier_tables::digest;
use trier_tables::rows::{CaseRow, MarkRow, ScoreRow, SessionRow};

/// What came of one unit.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct UnitRun {
    /// What became of it; of no arm yet.
    pub case: CaseRow,
    pub scores: Vec<ScoreRow>,
    pub sessions: Vec<SessionRow>,
    pub marks: Vec<MarkRow>,
}

/// A scenario, or the reason code and text of its refusal.
pub(super) type Loaded = Result<Scenario, String>;

pub(super) fn load(case: &Case) -> Loaded {
    Scenario::load(&case.scenario).map_err(|error| error.code().to_owned())
}

pub(super) fn run_unit(suite: &Suite, case: &Case, scenario: &Loaded, unit: &Planned, arms: &Arms) -> UnitRun {
    // A case that must be refused is tried with the first seed, in case it is not.
    let seed = unit.unit.seed.and_then(|seed| u64::try_from(seed).ok()).unwrap_or(suite.seeds.first);
    let no_rows = |row| UnitRun { case: row, scores: vec![], sessions: vec![], marks: vec![] };
    let scenario = match scenario {
        Ok(scenario) => scenario,
        Err(code) => return no_rows(stopped(case, unit, "refused", code)),
    };
    let done = match trial(scenario, seed, &case.id, arms, &suite.leads_s) {
        Ok(done) => done,
        Err(error) => return no_rows(stopped(case, unit, "errored", error.code())),
    };
    if done.run.outcome != Outcome::Dropped {
        return no_rows(stopped(case, unit, "refused", done.run.outcome.code()));
    }
    let broken = broken_bound(case, &done.run);
    let passed = case.expect == Expect::Run && broken.is_none();
    let drop_s = done.run.truth_marks.iter().find(|mark| mark.kind == MarkKind::Drop);
    let row = CaseRow {
        heard: Some(heard(&done.outputs)),
        roast_s: drop_s.map(|mark| mark.at.since_s(done.run.charged)),
        ..row(case, unit, "ran", broken.as_deref(), passed)
    };
    UnitRun {
        case: row,
        scores: if case.expect == Expect::Run { done.scores } else { vec![] },
        sessions: done.outputs.sessions,
        marks: done.outputs.marks,
    }
}

/// Of the readings and marks that the arms were shown.
fn heard(outputs: &Outputs) -> Arc<str> {
    let both = [digest(&outputs.telemetry), digest(&outputs.marks)].map(|one| one.to_string());
    blake3::hash(both.concat().as_bytes()).to_hex().as_str().into()
}

/// A unit that was left out because its time was over.
pub(super) fn not_run(unit: &Planned) -> UnitRun {
    let case = CaseRow {
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
    };
    UnitRun { case, scores: vec![], sessions: vec![], marks: vec![] }
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

/// The first bound that the truth of `run` is outside of, in words.
fn broken_bound(case: &Case, run: &BatchRun) -> Option<String> {
    let at_s = |kind: MarkKind| {
        run.truth_marks.iter().find(|mark| mark.kind == kind).map(|mark| mark.at.since_s(run.charged))
    };
    case.bounds.iter().find_map(|bound| {
        let (name, range) = (bound.metric(), format!("{} to {} s", bound.min_s, bound.max_s));
        match at_s(bound.mark) {
            None => Some(format!("{name} did not come, bound {range}")),
            Some(s) if s < bound.min_s || s > bound.max_s => {
                Some(format!("{name} is {s:.1} s, bound {range}"))
            }
            Some(_) => None,
        }
    })
}

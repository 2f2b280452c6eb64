//! A suite run: every case with every seed, in parallel, rows in one fixed order.

use super::arms::Arms;
use super::trial::trial;
use super::{RunnerError, on_threads, sort_scores};
use crate::case::{Case, Expect};
use crate::suite::{Planned, Suite, Unit};
use rayon::prelude::*;
use std::sync::Arc;
use trier_roast::MarkKind;
use trier_sim::{BatchRun, Outcome, Scenario};
use trier_tables::rows::{CaseRow, MarkRow, ScoreRow, SessionRow};

/// What came of a suite. Rows are sorted and the same for any number of threads.
#[derive(Clone, Debug, PartialEq)]
pub struct SuiteRun {
    /// What was promised, by case then seed.
    pub plan: Vec<Planned>,
    /// What became of each unit, in the order of `plan`.
    pub cases: Vec<CaseRow>,
    /// Scores of all arms and of the pipeline itself.
    pub scores: Vec<ScoreRow>,
    /// Sessions of the roasts asked for, in the order of `plan`.
    pub sessions: Vec<SessionRow>,
    /// Marks of those roasts, in the order of `plan`.
    pub marks: Vec<MarkRow>,
}

/// What came of one unit.
struct UnitRun {
    case: CaseRow,
    scores: Vec<ScoreRow>,
    sessions: Vec<SessionRow>,
    marks: Vec<MarkRow>,
}

/// Runs `suite` with `arms` on `jobs` threads (0: one per processor).
///
/// `progress` is called once per unit done, from any thread. A case that cannot run
/// does not stop the others: its row says why.
///
/// # Errors
/// The threads could not be started.
pub fn run_suite(
    suite: &Suite,
    arms: &Arms,
    jobs: usize,
    progress: &(dyn Fn() + Sync),
) -> Result<SuiteRun, RunnerError> {
    let plan = suite.plan();
    let units = on_threads(jobs, || -> Vec<UnitRun> {
        let scenarios: Vec<Loaded> = suite.cases.par_iter().map(load).collect();
        let work: Vec<(&Case, &Loaded, &Unit)> = plan
            .iter()
            .filter_map(|planned| {
                let at = suite.cases.iter().position(|case| case.id == planned.unit.case)?;
                Some((&suite.cases[at], &scenarios[at], &planned.unit))
            })
            .collect();
        work.into_par_iter()
            .map(|(case, scenario, unit)| {
                let done = run_unit(suite, case, scenario, unit, arms);
                progress();
                done
            })
            .collect()
    })?;
    let mut run = SuiteRun { plan, cases: vec![], scores: vec![], sessions: vec![], marks: vec![] };
    for unit in units {
        run.cases.push(unit.case);
        run.scores.extend(unit.scores);
        run.sessions.extend(unit.sessions);
        run.marks.extend(unit.marks);
    }
    sort_scores(&mut run.scores);
    Ok(run)
}

/// A scenario, or the reason code and text of its refusal.
type Loaded = Result<Scenario, String>;

fn load(case: &Case) -> Loaded {
    Scenario::load(&case.scenario).map_err(|error| error.code().to_owned())
}

fn run_unit(suite: &Suite, case: &Case, scenario: &Loaded, unit: &Unit, arms: &Arms) -> UnitRun {
    // A case that must be refused is tried with the first seed, in case it is not.
    let seed = unit.seed.and_then(|seed| u64::try_from(seed).ok()).unwrap_or(suite.seeds.first);
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
    UnitRun {
        case: row(case, unit, "ran", broken.as_deref(), passed),
        scores: if case.expect == Expect::Run { done.scores } else { vec![] },
        sessions: done.outputs.sessions,
        marks: done.outputs.marks,
    }
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

//! A suite run: every case with every seed, in parallel, rows in one fixed order.

use super::arms::Arms;
use super::attempt::Loaded;
use super::unit::{UnitRun, run_unit};
use super::{RunnerError, on_threads, sort_scores};
use crate::case::Case;
use crate::suite::{Planned, Suite, Unit};
use rayon::prelude::*;
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
        let loaded: Vec<Loaded> = suite.cases.par_iter().map(Loaded::of).collect();
        let work: Vec<(&Case, &Loaded, &Unit)> = plan
            .iter()
            .filter_map(|planned| {
                let at = suite.cases.iter().position(|case| case.id == planned.unit.case)?;
                Some((&suite.cases[at], &loaded[at], &planned.unit))
            })
            .collect();
        work.into_par_iter()
            .map(|(case, loaded, unit)| {
                let done = run_unit(suite, case, loaded, unit, arms);
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

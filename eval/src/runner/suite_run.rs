//! A suite run: every case with every seed, in parallel, rows in one fixed order.

use super::arms::Arms;
use super::attempt::Loaded;
use super::shelf::{Inputs, Shelf};
use super::unit::{Bench, Limits, UnitRun, not_run, run_unit};
use super::{RunnerError, on_threads, sort_scores};
use crate::flow::{self, Catalogue, Observed};
use crate::suite::{Planned, Suite, Unit};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use trier_tables::rows::{CaseRow, CoverageRow, MarkRow, SafetyRow, ScoreRow, SessionRow, TransitionRow};

/// What came of a suite. Rows are sorted and the same for any number of threads.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SuiteRun {
    /// What became of each unit for each arm, in that order.
    pub cases: Vec<CaseRow>,
    /// Scores of all arms and of the pipeline itself.
    pub scores: Vec<ScoreRow>,
    /// Sessions of the roasts asked for, by source.
    pub sessions: Vec<SessionRow>,
    /// Marks of those roasts, by source.
    pub marks: Vec<MarkRow>,
    /// What each unit was seen to do, by unit; none where nobody looked.
    pub observed: BTreeMap<Unit, Observed>,
    /// Units that were run again, and those of them that came out otherwise.
    pub repeated: (u32, Vec<Unit>),
}

impl SuiteRun {
    /// Puts all rows in the order of their tables, from wherever they came.
    pub fn sort(&mut self) {
        self.cases.sort_by(|a, b| (&a.case, a.seed, &a.arm).cmp(&(&b.case, b.seed, &b.arm)));
        sort_scores(&mut self.scores);
        // Rows of one source are of one unit, and keep their order.
        self.sessions.sort_by(|a, b| a.source.cmp(&b.source));
        self.marks.sort_by(|a, b| a.source.cmp(&b.source));
        self.repeated.1.sort();
    }

    /// What of the flows of `catalogue` was seen, how dangers were answered, and what followed what.
    #[must_use]
    pub fn coverage(&self, catalogue: &Catalogue) -> Seen {
        // Arms have a row each, and share the unit.
        let status: BTreeMap<Unit, &str> = self
            .cases
            .iter()
            .map(|row| (Unit { case: Arc::clone(&row.case), seed: row.seed }, &*row.status))
            .collect();
        let units: Vec<flow::Unit<'_>> = status
            .iter()
            .map(|(unit, status)| flow::Unit {
                case: &unit.case,
                seed: unit.seed,
                status,
                observed: self.observed.get(unit),
            })
            .collect();
        Seen {
            coverage: flow::coverage(catalogue, &units),
            safety: flow::safety_rows(catalogue, &units),
            transitions: flow::transition_rows(&units),
        }
    }
}

/// What a suite run was seen to exercise.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seen {
    /// One row per flow.
    pub coverage: Vec<CoverageRow>,
    /// One row per safety flow and arm.
    pub safety: Vec<SafetyRow>,
    /// One row per state and the one after it.
    pub transitions: Vec<TransitionRow>,
}

/// One part of a suite that is run in several: units whose place in the plan is `part` − 1 modulo `parts`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which, from 1.
    pub part: u32,
    /// Of how many.
    pub parts: u32,
}

impl Shard {
    /// The whole.
    pub const WHOLE: Self = Self { part: 1, parts: 1 };

    /// Reads `2/5`; None when it is no such thing, or 0, or beyond its number.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (part, parts) = text.split_once('/')?;
        let shard = Self { part: part.trim().parse().ok()?, parts: parts.trim().parse().ok()? };
        (1..=shard.parts).contains(&shard.part).then_some(shard)
    }

    /// Whether the unit at `place` in the plan is in it.
    #[must_use]
    pub fn holds(self, place: usize) -> bool {
        place as u64 % u64::from(self.parts) == u64::from(self.part - 1)
    }
}

/// How a suite is run. Nothing of it changes a row, but for what `stop` leaves out.
pub struct How<'a> {
    /// Threads; 0 means one per processor.
    pub jobs: usize,
    /// Which part of it.
    pub shard: Shard,
    /// Units done before, and where to keep those done now.
    pub shelf: Option<&'a Shelf>,
    /// Critical flows to look for, with the digest of their catalogue.
    pub flows: Option<(&'a Catalogue, &'a str)>,
    /// What one unit may take.
    pub limits: Limits,
    /// How many units of the plan to run a second time, to see that they come out the same.
    pub repeats: u32,
    /// Asked before each unit: whether to leave it and the rest.
    pub stop: &'a (dyn Fn() -> bool + Sync),
    /// Called once per unit done, from any thread, with its row; the row is of both arms and names neither.
    pub progress: &'a (dyn Fn(&CaseRow) + Sync),
}

impl Default for How<'_> {
    fn default() -> Self {
        Self {
            jobs: 0,
            shard: Shard::WHOLE,
            shelf: None,
            flows: None,
            limits: Limits::default(),
            repeats: 0,
            stop: &|| false,
            progress: &|_| (),
        }
    }
}

/// Runs `units` of `suite` with `arms`.
///
/// A case that cannot run does not stop the others: its rows say why.
///
/// # Errors
/// The threads could not be started.
pub fn run_suite(
    suite: &Suite,
    units: &[Planned],
    arms: &Arms,
    how: &How<'_>,
) -> Result<SuiteRun, RunnerError> {
    on_threads(how.jobs, || {
        let loaded: Vec<Loaded> = suite.cases.par_iter().map(Loaded::of).collect();
        let bench = Bench { suite, arms, flows: how.flows.map(|(flows, _)| flows), limits: &how.limits };
        let work = Work { bench, loaded: &loaded, how, shared: shared_inputs(suite, arms, how) };
        let own: Vec<&Planned> = units
            .iter()
            .enumerate()
            .filter(|(place, _)| how.shard.holds(*place))
            .map(|(_, unit)| unit)
            .collect();
        let done: Vec<UnitRun> = own.par_iter().map(|planned| work.done(planned)).collect();
        let again = repeated(units, how.repeats);
        let again: Vec<(&Planned, &UnitRun)> = own
            .iter()
            .zip(&done)
            .filter(|(planned, unit)| again.contains(&planned.unit) && &*unit.case.status != "not_run")
            .map(|(planned, unit)| (*planned, unit))
            .collect();
        let unequal: Vec<Unit> = again
            .par_iter()
            .filter(|(planned, unit)| work.run(planned) != **unit)
            .map(|(planned, _)| planned.unit.clone())
            .collect();
        let n = u32::try_from(again.len()).unwrap_or(u32::MAX);
        gathered(done, arms.names(), (n, unequal))
    })
}

/// The units of a suite, each to be done.
struct Work<'a> {
    bench: Bench<'a>,
    loaded: &'a [Loaded],
    how: &'a How<'a>,
    /// The inputs that all units have in common.
    shared: Inputs,
}

impl Work<'_> {
    /// The unit from the shelf, or run and put there.
    fn done(&self, planned: &Planned) -> UnitRun {
        let name = planned.unit.to_string();
        let inputs = self.shared.clone().and("case", &planned.digest);
        let kept = self.how.shelf.and_then(|shelf| shelf.find(&name, &inputs));
        let unit = kept.unwrap_or_else(|| {
            if (self.how.stop)() {
                return not_run(planned);
            }
            let unit = self.run(planned);
            if let Some(shelf) = self.how.shelf {
                // Whatever came of it: what failed or erred once is not tried until it does not.
                shelf.keep(&name, &inputs, &unit);
            }
            unit
        });
        (self.how.progress)(&unit.case);
        unit
    }

    fn run(&self, planned: &Planned) -> UnitRun {
        let cases = &self.bench.suite.cases;
        let at = cases.iter().position(|case| case.id == planned.unit.case);
        match at.and_then(|at| Some((cases.get(at)?, self.loaded.get(at)?))) {
            Some((case, loaded)) => run_unit(&self.bench, case, loaded, planned),
            None => not_run(planned),
        }
    }
}

/// What decides every unit alike. Asked once: to say who it is, an arm of somebody's may have to be started.
fn shared_inputs(suite: &Suite, arms: &Arms, how: &How<'_>) -> Inputs {
    let leads: Vec<String> = suite.leads_s.iter().map(f64::to_string).collect();
    Inputs::of([
        ("arms", &arms.identities().join(" | ")),
        ("leads", &leads.join(" ")),
        ("limits", &how.limits.said()),
        ("flows", how.flows.map_or("none", |(_, digest)| digest)),
    ])
}

/// The `n` units to run again: spread over the plan by a hash, the same however it is parted.
fn repeated(units: &[Planned], n: u32) -> BTreeSet<Unit> {
    let mut hashed: Vec<([u8; 32], &Unit)> = units
        .iter()
        .map(|planned| {
            (*blake3::hash(format!("again/{}", planned.digest).as_bytes()).as_bytes(), &planned.unit)
        })
        .collect();
    hashed.sort_unstable();
    hashed.into_iter().take(n as usize).map(|(_, unit)| unit.clone()).collect()
}

fn gathered(units: Vec<UnitRun>, arms: &[String], repeated: (u32, Vec<Unit>)) -> SuiteRun {
    let mut run = SuiteRun { repeated, ..SuiteRun::default() };
    for unit in units {
        run.cases
            .extend(arms.iter().map(|arm| CaseRow { arm: Arc::from(arm.as_str()), ..unit.case.clone() }));
        run.scores.extend(unit.scores);
        run.sessions.extend(unit.sessions);
        run.marks.extend(unit.marks);
        let key = Unit { case: unit.case.case, seed: unit.case.seed };
        run.observed.extend(unit.observed.map(|observed| (key, observed)));
    }
    run.sort();
    run
}

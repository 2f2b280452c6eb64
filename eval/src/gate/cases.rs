//! Gates about the cases: what was promised, what became of it, and what the verdict rests on.
//!
//! The plan says which units owe scores and which cluster each belongs to. Rows that
//! say otherwise, or contradict themselves, are no evidence.

use super::{Judged, Outcome, counted, gate};
use crate::case::Expect;
use crate::judge::{Evidence, listed, named};
use crate::policy::Policy;
use crate::suite::{Planned, Unit};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use trier_tables::rows::{CaseRow, CoverageRow, ScoreRow};

/// What the rows say of the units, beside the plan.
#[derive(Default)]
struct Sorted {
    strangers: Vec<String>,
    wrong: Vec<String>,
    absent: Vec<String>,
    errored: Vec<String>,
    not_run: Vec<String>,
    failed: Vec<String>,
    /// Failures of the baseline alone: news, no fault of the candidate.
    baseline_failed: Vec<String>,
    stale: Vec<String>,
    unequal: Vec<String>,
}

/// The gates of the cases, in order: planned, consistent, fresh, present, run, errored, expected, reproducible,
/// scope.
pub(super) fn case_gates(policy: &Policy, evidence: &Evidence<'_>) -> Vec<Judged> {
    let mut planned: BTreeMap<&Unit, &Planned> = BTreeMap::new();
    let mut found = Sorted::default();
    for promise in &evidence.plan.units {
        if planned.insert(&promise.unit, promise).is_some() {
            found.strangers.push(format!("{} promised twice", named(&promise.unit)));
        }
    }
    sort(evidence, &planned, &mut found);
    let mut gates = vec![
        counted("cases.planned", &found.strangers, Outcome::EvidenceInvalid, "not in the plan, or twice"),
        counted(
            "cases.consistent",
            &found.wrong,
            Outcome::EvidenceInvalid,
            "against the plan, or against itself",
        ),
        counted(
            "cases.fresh",
            &found.stale,
            Outcome::EvidenceInvalid,
            "stale: made from other inputs than the plan's",
        ),
        counted(
            "cases.same_readings",
            &found.unequal,
            Outcome::EvidenceInvalid,
            "the arms heard different readings",
        ),
        counted("cases.present", &found.absent, Outcome::Refused, "missing_case: planned, and not there"),
        counted("cases.run", &found.not_run, Outcome::BudgetReached, "not run, as a budget ended the work"),
        errored_gate(policy, &found.errored, planned.len()),
    ];
    let mut expected =
        counted("cases.expected", &found.failed, Outcome::Refused, "came out other than expected");
    if found.failed.is_empty() && !found.baseline_failed.is_empty() {
        expected.row.reason = format!("none; of the baseline: {}", first(&found.baseline_failed)).into();
    }
    gates.push(expected);
    gates.push(reproducible_gate(policy, evidence));
    gates.push(scope_gate(evidence, &planned));
    gates
}

fn first(found: &[String]) -> String {
    let more = if found.len() > 1 { format!(" and {} more", found.len() - 1) } else { String::new() };
    found.first().map_or_else(String::new, |one| format!("{one}{more}"))
}

fn sort(evidence: &Evidence<'_>, planned: &BTreeMap<&Unit, &Planned>, found: &mut Sorted) {
    let arms = BTreeSet::from([evidence.candidate(), evidence.baseline()]);
    let mut by_unit: BTreeMap<(Unit, &str), Vec<&CaseRow>> = BTreeMap::new();
    for row in evidence.cases.iter().filter(|row| arms.contains(&*row.arm)) {
        let unit = Unit { case: Arc::clone(&row.case), seed: row.seed };
        by_unit.entry((unit, &*row.arm)).or_default().push(row);
    }
    for ((unit, arm), rows) in &by_unit {
        if rows.len() > 1 {
            found.strangers.push(format!("{} of {arm} twice", named(unit)));
        } else if !planned.contains_key(unit) {
            found.strangers.push(named(unit));
        }
    }
    for (unit, promise) in planned {
        let mut heard = BTreeSet::new();
        for arm in &arms {
            let Some(row) = by_unit.get(&((*unit).clone(), *arm)).and_then(|rows| rows.first()) else {
                found.absent.push(format!("{} of {arm}", named(unit)));
                continue;
            };
            heard.insert(row.heard.clone());
            sort_row(promise, row, *arm == evidence.candidate(), found);
        }
        if heard.len() > 1 {
            found.unequal.push(named(unit));
        }
    }
}

fn sort_row(promise: &Planned, row: &CaseRow, is_candidate: bool, found: &mut Sorted) {
    let unit = named(&promise.unit);
    found.wrong.extend(contradiction(promise, row).map(|what| format!("{unit} {what}")));
    if row.digest != promise.digest {
        found.stale.push(format!("{unit} of {}", row.arm));
    }
    let why = row.reason.as_deref().unwrap_or("no reason given");
    match &*row.status {
        "errored" => found.errored.push(format!("{unit} ({why})")),
        "not_run" => found.not_run.push(unit),
        status if !row.passed => {
            let list = if is_candidate { &mut found.failed } else { &mut found.baseline_failed };
            list.push(format!("{unit} ({status}, {why})"));
        }
        _ => {}
    }
}

/// Errors are no failures: a few may be allowed, and then the rules still see that scores are missing.
fn errored_gate(policy: &Policy, errored: &[String], planned: usize) -> Judged {
    let mut units = errored.to_vec();
    units.dedup();
    #[allow(clippy::cast_precision_loss)]
    let share = units.len() as f64 / planned.max(1) as f64;
    let mut judged = counted("cases.errored", &units, Outcome::CasesErrored, "did not run to their end");
    if !units.is_empty() && share <= policy.errored_share_max {
        judged.outcome = Outcome::Promoted;
        judged.row.label = Outcome::Promoted.label().into();
    }
    judged.numbers(Some(share), policy.errored_share_max, "1")
}

/// The gate that units run again came out the same.
fn reproducible_gate(policy: &Policy, evidence: &Evidence<'_>) -> Judged {
    let name = "cases.reproducible";
    let (asked, done) = (policy.repeats, evidence.repeated.units);
    let runnable = u32::try_from(evidence.plan.units.len()).unwrap_or(u32::MAX);
    if !evidence.repeated.unequal.is_empty() {
        let why = format!("run again, they came out otherwise: {}", listed(evidence.repeated.unequal));
        #[allow(clippy::cast_precision_loss)]
        let n = evidence.repeated.unequal.len() as f64;
        return gate(name, Outcome::NotReproducible, &why).numbers(Some(n), 0.0, "1");
    }
    if done < asked.min(runnable) {
        let why = format!("{done} units were run again, the policy asks for {asked}");
        return gate(name, Outcome::NotReproducible, &why).numbers(
            Some(f64::from(done)),
            f64::from(asked),
            "1",
        );
    }
    let said =
        if done == 0 { "not asked for".to_owned() } else { format!("{done} units run again, all the same") };
    gate(name, Outcome::Promoted, &said)
}

/// The gates of critical flows: all of them, those of safety, and how dangers were answered.
pub(super) fn coverage_gates(policy: &Policy, evidence: &Evidence<'_>) -> Vec<Judged> {
    let Some(bars) = &policy.coverage else { return Vec::new() };
    let Some(rows) = evidence.coverage.filter(|rows| !rows.is_empty()) else {
        let why = "missing_coverage: what was seen of critical flows was not measured";
        return vec![gate("coverage.flows", Outcome::CoverageShort, why)];
    };
    let safety: Vec<&CoverageRow> = rows.iter().filter(|row| row.safety).collect();
    let all: Vec<&CoverageRow> = rows.iter().collect();
    vec![
        coverage_gate("coverage.flows", &all, bars.flows_min),
        coverage_gate("coverage.safety", &safety, bars.safety_min),
        answered_gate(evidence),
    ]
}

fn coverage_gate(name: &str, rows: &[&CoverageRow], least: f64) -> Judged {
    let missing: Vec<&str> = rows.iter().filter(|row| !row.met).map(|row| &*row.flow).collect();
    let met = rows.len() - missing.len();
    #[allow(clippy::cast_precision_loss)]
    let share = if rows.is_empty() { 0.0 } else { met as f64 / rows.len() as f64 };
    let mut why = format!("{met} of {} flows seen", rows.len());
    if !missing.is_empty() {
        why.push_str(&format!("; not seen: {}", missing.join(", ")));
    }
    let outcome = if share >= least { Outcome::Promoted } else { Outcome::CoverageShort };
    gate(name, outcome, &why).numbers(Some(share), least, "1")
}

/// The gate that the candidate leaves no more dangers without their answer than the baseline does.
fn answered_gate(evidence: &Evidence<'_>) -> Judged {
    let of = |arm: &str| -> BTreeMap<&str, u32> {
        let own = evidence.safety.iter().filter(|row| *row.arm == *arm);
        own.map(|row| (&*row.flow, row.dangers.saturating_sub(row.answered))).collect()
    };
    let (candidate, baseline) = (of(evidence.candidate()), of(evidence.baseline()));
    let worse: Vec<String> = candidate
        .iter()
        .filter_map(|(flow, open)| {
            let before = baseline.get(flow).copied().unwrap_or(0);
            (*open > before).then(|| format!("{flow} ({open} unanswered, {before} of the baseline)"))
        })
        .collect();
    counted("safety.answered", &worse, Outcome::Refused, "dangers without their answer")
}

/// How `row` contradicts `promise` or itself; None when it does not.
fn contradiction(promise: &Planned, row: &CaseRow) -> Option<String> {
    let expected = promise.expect.name();
    if &*row.expectation != expected {
        return Some(format!("says it must {}, the plan says {expected}", row.expectation));
    }
    let may_pass = match (&*row.status, &promise.expect) {
        ("ran", Expect::Run | Expect::Outcome(_)) if row.passed && row.reason.is_some() => {
            return Some("says passed, with a reason why not".to_owned());
        }
        ("ran", Expect::Run | Expect::Outcome(_)) => true,
        ("refused", Expect::Refuse(code)) => row.reason.as_deref() == Some(code),
        ("ran" | "refused" | "errored" | "not_run", _) => false,
        (status, _) => return Some(format!("has status {status}, not ran, refused, errored or not_run")),
    };
    (row.passed && !may_pass).then(|| {
        let why = row.reason.as_deref().map_or_else(String::new, |why| format!(" ({why})"));
        format!("says passed, though {}{why}", row.status)
    })
}

/// The gate that scores are of the planned machines, lots and clusters; its reason says how many those are.
fn scope_gate(evidence: &Evidence<'_>, planned: &BTreeMap<&Unit, &Planned>) -> Judged {
    let name = "scores.scope";
    let is_judged = |row: &&ScoreRow| *row.arm == *evidence.candidate() || *row.arm == *evidence.baseline();
    let moved: BTreeSet<String> = evidence
        .scores
        .iter()
        .filter(is_judged)
        .filter_map(|row| {
            let unit = Unit { case: Arc::clone(&row.case), seed: row.seed };
            let promise = planned.get(&unit)?;
            let is_same =
                (&row.machine, &row.lot, &row.cluster) == (&promise.machine, &promise.lot, &promise.cluster);
            (!is_same).then(|| {
                format!("{} ({} for {}, {})", named(&unit), row.cluster, promise.cluster, row.machine)
            })
        })
        .collect();
    if !moved.is_empty() {
        let moved: Vec<String> = moved.into_iter().collect();
        return counted(name, &moved, Outcome::EvidenceInvalid, "wrong_cluster");
    }
    let runs = || planned.values().filter(|promise| promise.expect == Expect::Run);
    let count = |of: fn(&Planned) -> &Arc<str>, what: &str| {
        let n = runs().map(|promise| of(promise)).filter(|id| !id.is_empty()).collect::<BTreeSet<_>>().len();
        format!("{n} {what}{}", if n == 1 { "" } else { "s" })
    };
    let scope = [
        count(|promise| &promise.machine, "machine"),
        count(|promise| &promise.lot, "lot"),
        // A cluster is a lot on a machine on a day, and a case is a day.
        count(|promise| &promise.cluster, "day"),
    ];
    gate(name, Outcome::Promoted, &scope.join(", "))
}

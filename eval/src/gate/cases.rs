//! Gates about the cases: what was promised, what became of it, and what the verdict rests on.
//!
//! The plan says which units owe scores and which cluster each belongs to. Rows that
//! say otherwise, or contradict themselves, are no evidence.

use super::{Judged, Outcome, gate};
use crate::case::Expect;
use crate::judge::{Evidence, named};
use crate::suite::{Planned, Unit};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use trier_tables::rows::{CaseRow, ScoreRow};

/// The gates of the cases, in order: planned, consistent, present, errored, expected, scope.
pub(super) fn case_gates(evidence: &Evidence<'_>) -> Vec<Judged> {
    let mut planned: BTreeMap<&Unit, &Planned> = BTreeMap::new();
    let mut strangers = Vec::new();
    for promise in evidence.plan {
        if planned.insert(&promise.unit, promise).is_some() {
            strangers.push(format!("{} promised twice", named(&promise.unit)));
        }
    }
    let mut by_unit: BTreeMap<Unit, Vec<&CaseRow>> = BTreeMap::new();
    for row in evidence.cases {
        by_unit.entry(Unit { case: Arc::clone(&row.case), seed: row.seed }).or_default().push(row);
    }
    strangers.extend(by_unit.iter().filter_map(|(unit, rows)| match rows.len() {
        1 if planned.contains_key(unit) => None,
        1 => Some(named(unit)),
        _ => Some(format!("{} twice", named(unit))),
    }));
    let (mut wrong, mut absent, mut errored, mut failed) = (vec![], vec![], vec![], vec![]);
    for (unit, promise) in &planned {
        let Some(row) = by_unit.get(*unit).and_then(|rows| rows.first()) else {
            absent.push(named(unit));
            continue;
        };
        wrong.extend(contradiction(promise, row).map(|what| format!("{} {what}", named(unit))));
        let why = row.reason.as_deref().unwrap_or("no reason given");
        if &*row.status == "errored" {
            errored.push(format!("{} ({why})", named(unit)));
        } else if !row.passed {
            failed.push(format!("{} ({}, {why})", named(unit), row.status));
        }
    }
    vec![
        counted("cases.planned", &strangers, Outcome::EvidenceInvalid, "not in the plan, or twice"),
        counted("cases.consistent", &wrong, Outcome::EvidenceInvalid, "against the plan, or against itself"),
        counted("cases.present", &absent, Outcome::Refused, "missing_case: planned, and not there"),
        counted("cases.errored", &errored, Outcome::CasesErrored, "did not run to their end"),
        counted("cases.expected", &failed, Outcome::Refused, "came out other than expected"),
        scope_gate(evidence, &planned),
    ]
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
        ("ran" | "refused" | "errored", _) => false,
        (status, _) => return Some(format!("has status {status}, not ran, refused or errored")),
    };
    (row.passed && !may_pass).then(|| {
        let why = row.reason.as_deref().map_or_else(String::new, |why| format!(" ({why})"));
        format!("says passed, though {}{why}", row.status)
    })
}

/// The gate that scores are of the planned machines, lots and clusters; its reason says how many those are.
fn scope_gate(evidence: &Evidence<'_>, planned: &BTreeMap<&Unit, &Planned>) -> Judged {
    let name = "scores.scope";
    let is_judged = |row: &&ScoreRow| *row.arm == *evidence.candidate || *row.arm == *evidence.baseline;
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

/// A gate that allows none of `found`.
fn counted(name: &str, found: &[String], otherwise: Outcome, what: &str) -> Judged {
    const SHOWN: usize = 6;
    let mut judged = if found.is_empty() {
        gate(name, Outcome::Promoted, "none")
    } else {
        let mut list = found.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
        if found.len() > SHOWN {
            list.push_str(&format!(" and {} more", found.len() - SHOWN));
        }
        gate(name, otherwise, &format!("{what}: {list}"))
    };
    #[allow(clippy::cast_precision_loss)]
    let observed = found.len() as f64;
    judged.row.observed = Some(observed);
    judged.row.limit = Some(0.0);
    judged
}

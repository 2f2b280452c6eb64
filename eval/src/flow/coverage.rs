//! Coverage: which flows the executed units of a suite met, and what would close the gaps.

use super::catalogue::{Catalogue, Flow};
use super::observe::{Answers, Observed};
use std::collections::{BTreeMap, BTreeSet};
use trier_tables::rows::{CoverageRow, SafetyRow, TransitionRow};

/// The status of a unit that was executed, whether it passed or failed; no other counts.
const RAN: &str = "ran";

/// How many names of cases are given.
const NAMED: usize = 3;

/// One unit of a suite, and what it was seen to do.
#[derive(Clone, Copy, Debug)]
pub struct Unit<'a> {
    /// The case.
    pub case: &'a str,
    /// Its seed; None when none was drawn.
    pub seed: Option<i64>,
    /// What happened, as the table of cases says it: `ran`, `refused`, `errored` and so on.
    pub status: &'a str,
    /// What was observed; None when nothing could be.
    pub observed: Option<&'a Observed>,
}

/// Those that ran, by case and seed; a unit that is there twice counts once.
type Executed<'a> = BTreeMap<(&'a str, Option<i64>), &'a Observed>;

fn executed<'a>(units: &[Unit<'a>]) -> Executed<'a> {
    let ran = units.iter().filter(|unit| unit.status == RAN);
    ran.filter_map(|unit| Some(((unit.case, unit.seed), unit.observed?))).collect()
}

/// One row per flow of `catalogue`, in its order: what of `units` met it.
///
/// Units that were skipped, refused or errored count for nothing, whatever was observed of them.
#[must_use]
pub fn coverage(catalogue: &Catalogue, units: &[Unit<'_>]) -> Vec<CoverageRow> {
    let executed = executed(units);
    catalogue.flows.iter().map(|flow| coverage_row(flow, &executed)).collect()
}

fn coverage_row(flow: &Flow, executed: &Executed<'_>) -> CoverageRow {
    let met: Vec<&str> = executed
        .iter()
        .filter(|(_, observed)| observed.met.contains(&*flow.id))
        .map(|((case, _), _)| *case)
        .collect();
    let cases: BTreeSet<&str> = met.iter().copied().collect();
    let is_met = count(cases.len()) >= flow.cases_min;
    CoverageRow {
        flow: flow.id.clone(),
        kind: flow.kind.name().into(),
        safety: flow.safety,
        steps: flow.steps.clone(),
        required: flow.cases_min,
        observed: count(cases.len()),
        units: count(met.len()),
        met: is_met,
        cases: named(&cases).into(),
        nearest: (!is_met).then(|| nearest(flow, executed).into()),
        why: flow.why.clone(),
    }
}

/// The cases that came nearest to a flow that was not met: those with the most steps, the cheapest first.
fn nearest(flow: &Flow, executed: &Executed<'_>) -> String {
    let begun = executed.iter().filter_map(|((case, _), observed)| {
        let steps = observed.begun.get(&*flow.id).copied()?;
        Some((u32::MAX - steps, observed.simulated_s, *case, steps))
    });
    let mut begun: Vec<(u32, f64, &str, u32)> = begun.collect();
    begun.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(b.2)));
    let mut seen = BTreeSet::new();
    begun.retain(|(_, _, case, _)| seen.insert(*case));
    let written = |(_, simulated_s, case, steps): &(u32, f64, &str, u32)| {
        format!("{case}: {steps} of {} steps in {simulated_s:.0} s", flow.length())
    };
    let nearest: Vec<String> = begun.iter().take(NAMED).map(written).collect();
    if nearest.is_empty() { "no executed case begins it".to_owned() } else { nearest.join("; ") }
}

/// The first names of `cases`, and how many more there are.
fn named(cases: &BTreeSet<&str>) -> String {
    let first: Vec<&str> = cases.iter().take(NAMED).copied().collect();
    match cases.len() - first.len() {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}

/// One row per safety flow and arm in which its danger came to be: how often it was answered.
///
/// Flows in the order of the catalogue, arms by name.
#[must_use]
pub fn safety_rows(catalogue: &Catalogue, units: &[Unit<'_>]) -> Vec<SafetyRow> {
    let executed = executed(units);
    let mut rows = Vec::new();
    for flow in &catalogue.flows {
        let mut by_arm: BTreeMap<&str, (Answers, BTreeSet<&str>)> = BTreeMap::new();
        for ((case, _), observed) in &executed {
            for (arm, answers) in observed.answers.get(&*flow.id).into_iter().flatten() {
                let (sum, unanswered) = by_arm.entry(arm).or_default();
                sum.dangers += answers.dangers;
                sum.answered += answers.answered;
                if answers.answered < answers.dangers {
                    unanswered.insert(case);
                }
            }
        }
        rows.extend(by_arm.into_iter().map(|(arm, (sum, unanswered))| SafetyRow {
            flow: flow.id.clone(),
            arm: arm.into(),
            dangers: sum.dangers,
            answered: sum.answered,
            unanswered: named(&unanswered).into(),
        }));
    }
    rows
}

/// One row per pair of states of which the second followed the first in a unit that ran.
#[must_use]
pub fn transition_rows(units: &[Unit<'_>]) -> Vec<TransitionRow> {
    let mut counts: BTreeMap<(&str, &str), (u32, u32)> = BTreeMap::new();
    for observed in executed(units).into_values() {
        for (from, to) in
            observed.transitions.iter().flat_map(|(from, all)| all.iter().map(move |to| (from, to)))
        {
            let (times, units) = counts.entry((from, to.0)).or_default();
            *times += to.1;
            *units += 1;
        }
    }
    let row = |((from, to), (times, units)): ((&str, &str), (u32, u32))| TransitionRow {
        from_state: from.into(),
        to_state: to.into(),
        times,
        units,
    };
    counts.into_iter().map(row).collect()
}

/// What coverage comes to: exact counts, to be held against shares of the policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CoverageSummary {
    /// Flows that were met, those of safety among them.
    pub flows_met: usize,
    /// All flows.
    pub flows: usize,
    /// Safety flows that were met.
    pub safety_met: usize,
    /// All safety flows.
    pub safety: usize,
    /// Names of the flows that were not met, those of safety first.
    pub missing: Vec<String>,
}

/// Sums up `rows` of a coverage table.
#[must_use]
pub fn summary(rows: &[CoverageRow]) -> CoverageSummary {
    let mut missing: Vec<&CoverageRow> = rows.iter().filter(|row| !row.met).collect();
    missing.sort_by_key(|row| !row.safety);
    CoverageSummary {
        flows_met: rows.len() - missing.len(),
        flows: rows.len(),
        safety_met: rows.iter().filter(|row| row.safety && row.met).count(),
        safety: rows.iter().filter(|row| row.safety).count(),
        missing: missing.into_iter().map(|row| row.flow.to_string()).collect(),
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

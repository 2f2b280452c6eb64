//! Pairs: the loss of both arms on one roast, gathered by cluster.

use super::evidence::{Evidence, Fault, rows_of};
use crate::score::{Direction, Metric, reason};
use crate::slice::Slice;
use crate::suite::{Planned, Unit};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use trier_tables::rows::ScoreRow;

/// What both arms have on one metric: pairs, and what kept others from being pairs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Paired {
    /// (baseline, candidate) losses by cluster of the plan, in the order of clusters, then units.
    pub(crate) by_cluster: BTreeMap<Arc<str>, Vec<(f64, f64)>>,
    /// Promised units without a row of either arm.
    pub(crate) absent: Vec<Unit>,
    /// Units where only the baseline has a value, with the candidate's reason.
    pub(crate) candidate_silent: Vec<(Unit, Arc<str>)>,
    /// Units where only the candidate has a value.
    pub(crate) baseline_silent: Vec<Unit>,
    /// Units where neither has a value.
    pub(crate) both_silent: Vec<Unit>,
    /// Arms without a single row.
    pub(crate) arms_without_rows: Vec<String>,
    /// Units promised.
    pub(crate) planned: usize,
}

impl Paired {
    /// Pairs in all.
    pub(crate) fn n_pairs(&self) -> usize {
        self.by_cluster.values().map(Vec::len).sum()
    }

    /// Promised units that make no pair.
    pub(crate) fn n_missing(&self) -> usize {
        self.planned - self.n_pairs()
    }

    /// The share of promised units on which the worse of the two arms has no value.
    pub(crate) fn missing_share(&self) -> f64 {
        let both = self.both_silent.len() + self.absent.len();
        let worse = both + self.candidate_silent.len().max(self.baseline_silent.len());
        #[allow(clippy::cast_precision_loss)]
        let share = worse as f64 / self.planned.max(1) as f64;
        share
    }
}

/// The units that must run and so owe a score to both arms, by the plan.
pub(crate) fn promised<'a>(evidence: &Evidence<'a>) -> BTreeMap<&'a Unit, &'a Planned> {
    evidence.plan.scored().map(|planned| (&planned.unit, planned)).collect()
}

/// Pairs the arms of `evidence` on a metric, over exactly the units of `expected` in `slice`, each in its
/// cluster there. Values are losses: turned where higher is better.
pub(crate) fn pair(
    evidence: &Evidence<'_>,
    (metric, lead_s): (&Metric, Option<f64>),
    slice: &Slice,
    expected: &BTreeMap<&Unit, &Planned>,
) -> Result<Paired, Fault> {
    let candidate = rows_of(evidence.scores, evidence.candidate(), metric, lead_s)?;
    let baseline = rows_of(evidence.scores, evidence.baseline(), metric, lead_s)?;
    if let Some(unit) = candidate.keys().chain(baseline.keys()).find(|unit| !expected.contains_key(*unit)) {
        return Err(Fault::Unplanned(unit.clone()));
    }
    let own: Vec<(&Unit, &Planned)> =
        expected.iter().map(|(unit, planned)| (*unit, *planned)).filter(|(_, p)| slice.holds(p)).collect();
    let mut paired = Paired { planned: own.len(), ..Paired::default() };
    for (arm, rows) in [(evidence.candidate(), &candidate), (evidence.baseline(), &baseline)] {
        if rows.is_empty() && !own.is_empty() {
            paired.arms_without_rows.push(arm.to_owned());
        }
    }
    if paired.arms_without_rows.is_empty() {
        check_same_units(&candidate, &baseline)?;
    }
    let errored = errored(evidence);
    let sign = if metric.direction == Direction::Higher { -1.0 } else { 1.0 };
    for (unit, planned) in own {
        match (candidate.get(unit), baseline.get(unit)) {
            (Some(c), Some(b)) => paired.add(unit, &planned.cluster, (c, b), sign)?,
            // What erred is counted among the errors; here nobody spoke.
            (None, None) if errored.contains(unit) => paired.both_silent.push(unit.clone()),
            _ => paired.absent.push(unit.clone()),
        }
    }
    Ok(paired)
}

/// Units that did not run to their end, as their rows say.
fn errored(evidence: &Evidence<'_>) -> BTreeSet<Unit> {
    let rows = evidence.cases.iter().filter(|row| &*row.status == "errored");
    rows.map(|row| Unit { case: Arc::clone(&row.case), seed: row.seed }).collect()
}

/// Checks that both arms have rows for the same units.
fn check_same_units(
    candidate: &BTreeMap<Unit, &ScoreRow>,
    baseline: &BTreeMap<Unit, &ScoreRow>,
) -> Result<(), Fault> {
    let without = |rows: &BTreeMap<Unit, &ScoreRow>, other: &BTreeMap<Unit, &ScoreRow>| -> Vec<Unit> {
        rows.keys().filter(|unit| !other.contains_key(*unit)).cloned().collect()
    };
    let (missing, extra) = (without(baseline, candidate), without(candidate, baseline));
    if missing.is_empty() && extra.is_empty() {
        return Ok(());
    }
    Err(Fault::PairingMismatch { missing, extra })
}

/// Whether `row` lacks a value for a reason that lies in the roast, not in the arm.
fn has_no_event(row: &ScoreRow) -> bool {
    row.missing.as_deref().is_some_and(reason::lies_in_the_roast)
}

impl Paired {
    fn add(
        &mut self,
        unit: &Unit,
        cluster: &Arc<str>,
        (candidate, baseline): (&ScoreRow, &ScoreRow),
        sign: f64,
    ) -> Result<(), Fault> {
        if has_no_event(candidate) != has_no_event(baseline) {
            return Err(Fault::DifferentReference(unit.clone()));
        }
        match (candidate.value, baseline.value) {
            (Some(c), Some(b)) => {
                self.by_cluster.entry(Arc::clone(cluster)).or_default().push((sign * b, sign * c));
            }
            (None, Some(_)) => {
                let why = candidate.missing.clone().unwrap_or_else(|| "no_reason_given".into());
                self.candidate_silent.push((unit.clone(), why));
            }
            (Some(_), None) => self.baseline_silent.push(unit.clone()),
            (None, None) => self.both_silent.push(unit.clone()),
        }
        Ok(())
    }
}

//! Figures of one arm by itself: what it leaves unsaid, and what no roast could keep.

use crate::judge::rows_of;
use crate::plan::Plan;
use crate::score::{metric_named, reason};
use crate::stats::sum::{exact_sum, mean};
use crate::suite::Unit;
use std::collections::BTreeMap;
use trier_tables::rows::{CaseRow, ScoreRow};

/// Metrics of whether forecasts are such as any roast could keep.
pub const PHYSICS: [&str; 3] =
    ["first_crack.before_now", "first_crack.out_of_reach", "first_crack.width_growth"];

/// Metrics of how much of a roast is left without a forecast.
pub const SILENCE: [&str; 2] = ["first_crack.abstained", "drop.abstained"];

/// The metrics whose missing values are tallied by reason.
const TALLIED: [&str; 2] = ["first_crack.abs_error", "drop.abs_error"];

/// One metric of one arm over all roasts.
#[derive(Clone, Debug, PartialEq)]
pub struct OfMetric {
    /// The metric.
    pub metric: &'static str,
    /// What it says, in a line.
    pub meaning: &'static str,
    /// Unit of the values.
    pub unit: &'static str,
    /// The arm.
    pub arm: String,
    /// Roasts that have a value.
    pub n: usize,
    /// Roasts that owe a value and have none.
    pub missing: usize,
    /// Mean over the roasts; None without one.
    pub mean: Option<f64>,
    /// The largest value and its roast, the first of several; None without one.
    pub largest: Option<(f64, Unit)>,
    /// Why the rows cannot be used; None when they can.
    pub fault: Option<String>,
}

/// Why an arm has no forecast where it owes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silence {
    /// The metric that has no value.
    pub metric: &'static str,
    /// The arm.
    pub arm: String,
    /// The reason code.
    pub reason: String,
    /// How many values are missing for it, over all roasts and leads.
    pub n: usize,
}

/// The metrics `names`, which have no lead, of both arms of `plan`, the baseline first.
#[must_use]
pub fn of_metrics(plan: &Plan, scores: &[ScoreRow], names: &[&str]) -> Vec<OfMetric> {
    let arms = [&plan.baseline.name, &plan.candidate.name];
    names.iter().flat_map(|name| arms.map(|arm| of_metric(plan, scores, name, arm))).flatten().collect()
}

fn of_metric(plan: &Plan, scores: &[ScoreRow], name: &str, arm: &str) -> Option<OfMetric> {
    let metric = metric_named(name)?;
    let mut made = OfMetric {
        metric: metric.name,
        meaning: metric.meaning,
        unit: metric.unit,
        arm: arm.to_owned(),
        n: 0,
        missing: 0,
        mean: None,
        largest: None,
        fault: None,
    };
    let rows = match rows_of(scores, arm, metric, None) {
        Ok(rows) => rows,
        Err(fault) => return Some(OfMetric { fault: Some(fault.to_string()), ..made }),
    };
    let mut values = Vec::new();
    for planned in plan.scored() {
        let row = rows.get(&planned.unit);
        if let Some(value) = row.and_then(|row| row.value) {
            if made.largest.as_ref().is_none_or(|(largest, _)| value > *largest) {
                made.largest = Some((value, planned.unit.clone()));
            }
            values.push(value);
        } else if !row.and_then(|row| row.missing.as_deref()).is_some_and(reason::lies_in_the_roast) {
            made.missing += 1;
        }
    }
    (made.n, made.mean) = (values.len(), mean(&values));
    Some(made)
}

/// Why both arms of `plan` have no forecast where they owe one, the most frequent reason first.
#[must_use]
pub fn silences(plan: &Plan, scores: &[ScoreRow]) -> Vec<Silence> {
    let mut counts: BTreeMap<(&'static str, &str, &str), usize> = BTreeMap::new();
    for row in scores.iter().filter(|row| row.value.is_none()) {
        let metric = TALLIED.into_iter().find(|name| *name == &*row.metric);
        let arm = [&plan.baseline.name, &plan.candidate.name].into_iter().find(|name| **name == *row.arm);
        let why = row.missing.as_deref().filter(|why| !reason::lies_in_the_roast(why));
        if let (Some(metric), Some(arm), Some(why)) = (metric, arm, why) {
            *counts.entry((metric, arm, why)).or_default() += 1;
        }
    }
    let said = |((metric, arm, why), n): ((&'static str, &str, &str), usize)| Silence {
        metric,
        arm: arm.to_owned(),
        reason: why.to_owned(),
        n,
    };
    let mut found: Vec<Silence> = counts.into_iter().map(said).collect();
    found.sort_by_key(|one| std::cmp::Reverse(one.n));
    found
}

/// Time roasted, charge to drop, over the units of `arm` that ran, h.
#[must_use]
pub fn roasted_h(cases: &[CaseRow], arm: &str) -> f64 {
    let own: Vec<f64> = cases.iter().filter(|row| *row.arm == *arm).filter_map(|row| row.roast_s).collect();
    exact_sum(&own) / 3600.0
}

#[cfg(test)]
mod tests {
    use super::super::made_up::{Said, plan, scores};
    use super::*;

    #[test]
    fn the_largest_is_named_with_its_roast() {
        let plan = plan(&[1; 10]);
        let said = |unit: usize, is_candidate: bool| match (unit, is_candidate) {
            (3 | 7, true) => Said::Value(0.5),
            (9, true) => Said::Silent("no_interval"),
            (8, _) => Said::Silent("no_reference"),
            _ => Said::Value(0.0),
        };
        let found = of_metrics(&plan, &scores(&plan, PHYSICS[2], None, said), &PHYSICS[2..]);
        let own = found.iter().find(|one| one.arm == "new").expect("the candidate");
        assert_eq!((own.n, own.missing, own.mean), (8, 1, Some(0.125)));
        assert_eq!(own.largest, Some((0.5, plan.units[3].unit.clone())));
        let other = found.iter().find(|one| one.arm == "old").expect("the baseline");
        assert_eq!((other.n, other.missing, other.mean), (9, 0, Some(0.0)));
    }

    #[test]
    fn reasons_are_tallied_and_what_no_arm_owes_is_not() {
        let plan = plan(&[1; 10]);
        let said = |unit: usize, is_candidate: bool| match (unit, is_candidate) {
            (0..=2, true) => Said::Silent("abstained:too_early"),
            (3, true) => Said::Silent("no_forecast"),
            (4, _) => Said::Silent("no_reference"),
            _ => Said::Value(1.0),
        };
        let found = silences(&plan, &scores(&plan, "drop.abs_error", Some(60.0), said));
        let told: Vec<(&str, usize)> = found.iter().map(|one| (one.reason.as_str(), one.n)).collect();
        assert_eq!(told, [("abstained:too_early", 3), ("no_forecast", 1)]);
        assert!(found.iter().all(|one| one.arm == "new"));
    }
}

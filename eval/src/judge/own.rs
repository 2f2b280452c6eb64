//! What is asked of the candidate by itself: bias, calibration, and events counted exactly.

use super::evidence::{Evidence, Fault, listed, rows_of};
use super::pairs::{pair, promised};
use crate::policy::{Bias, Calibration, Policy, Safety};
use crate::score::Metric;
use crate::slice::Slice;
use crate::stats::binomial;
use crate::stats::cluster::cluster_means;
use crate::stats::paired_t::paired_t;
use crate::stats::sum::{exact_sum, mean};
use crate::suite::Unit;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The chance below which intervals are said not to hold as often as they claim.
const CALIBRATION_ALPHA: f64 = 0.05;

/// What was found of one such rule.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Own {
    /// It holds.
    Holds,
    /// It does not.
    Fails,
    /// It cannot be said.
    Unclear,
    /// Something promised is not there.
    Missing,
    /// The evidence is broken.
    Invalid(Fault),
}

/// Finding, observed value and reason.
pub(crate) type Answer = (Own, Option<f64>, String);

/// The candidate's values by cluster, units that have none, and how many were planned.
type OwnValues = (BTreeMap<Arc<str>, Vec<f64>>, Vec<Unit>, usize);

/// The candidate's values on `slice`; or why they cannot be used.
fn own_values(
    evidence: &Evidence<'_>,
    (metric, lead_s): (&Metric, Option<f64>),
    slice: &Slice,
) -> Result<OwnValues, Fault> {
    let rows = rows_of(evidence.scores, evidence.candidate(), metric, lead_s)?;
    let (mut values, mut silent, mut planned): (BTreeMap<_, Vec<f64>>, _, _) = (BTreeMap::new(), vec![], 0);
    for (unit, promise) in promised(evidence).into_iter().filter(|(_, promise)| slice.holds(promise)) {
        planned += 1;
        match rows.get(unit).and_then(|row| row.value) {
            Some(value) => values.entry(Arc::clone(&promise.cluster)).or_default().push(value),
            None => silent.push(unit.clone()),
        }
    }
    Ok((values, silent, planned))
}

/// Why what has no value forbids an answer; None when it is little enough.
fn too_silent(policy: &Policy, silent: &[Unit], planned: usize, slice: &Slice) -> Option<String> {
    if planned == 0 {
        return Some(format!("required_slice_missing: no case of {slice} is to run"));
    }
    #[allow(clippy::cast_precision_loss)]
    let share = silent.len() as f64 / planned as f64;
    (share > policy.missing_share_max || silent.len() == planned).then(|| {
        format!("missing_share: {:.1} % of {planned} roasts have no value: {}", 100.0 * share, listed(silent))
    })
}

/// Whether the candidate's mean signed error is shown to lie within the margin, by clusters.
pub(crate) fn bias(policy: &Policy, rule: &Bias, evidence: &Evidence<'_>) -> Answer {
    let (values, silent, planned) = match own_values(evidence, (rule.metric, rule.lead_s), &rule.slice) {
        Ok(found) => found,
        Err(fault) => return invalid(fault),
    };
    if let Some(reason) = too_silent(policy, &silent, planned, &rule.slice) {
        return (Own::Missing, None, reason);
    }
    let clusters: Vec<Vec<f64>> = values.into_values().collect();
    if clusters.len() < policy.clusters_min as usize {
        let reason = format!("{} clusters, {} needed", clusters.len(), policy.clusters_min);
        return (Own::Unclear, None, reason);
    }
    // Two one-sided tests at alpha/2 each are the question whether the interval lies within.
    match cluster_means(&clusters).and_then(|means| paired_t(&means, policy.level)) {
        Ok(t) => {
            let unit = rule.metric.unit;
            let reason = format!("mean {:+.2} {unit} [{:+.2}, {:+.2}]", t.mean, t.lower, t.upper);
            let own = if t.lower > -rule.margin && t.upper < rule.margin {
                Own::Holds
            } else if t.lower > rule.margin || t.upper < -rule.margin {
                Own::Fails
            } else {
                Own::Unclear
            };
            (own, Some(t.mean), reason)
        }
        Err(error) => (Own::Unclear, None, error.to_string()),
    }
}

/// Whether the candidate's intervals hold as often as they say: refused where an exact binomial of that share
/// would hold as seldom less than once in twenty. Roasts of one cluster share luck, so it may refuse too often,
/// and never too seldom.
pub(crate) fn calibration(policy: &Policy, rule: &Calibration, evidence: &Evidence<'_>) -> Answer {
    let (values, silent, planned) = match own_values(evidence, (rule.metric, rule.lead_s), &rule.slice) {
        Ok(found) => found,
        Err(fault) => return invalid(fault),
    };
    if let Some(reason) = too_silent(policy, &silent, planned, &rule.slice) {
        return (Own::Missing, None, reason);
    }
    let all: Vec<f64> = values.into_values().flatten().collect();
    let held = all.iter().filter(|value| **value > 0.5).count() as u64;
    let n = all.len() as u64;
    let (seldom, often) = (binomial::cdf(held, n, rule.nominal), binomial::at_least(held, n, rule.nominal));
    let share = mean(&all);
    let mut reason = format!("{held} of {n} intervals held, {:.0} % should", 100.0 * rule.nominal);
    if seldom < CALIBRATION_ALPHA {
        reason.push_str(&format!("; as few by luck once in {:.0}", 1.0 / seldom.max(1e-15)));
        return (Own::Fails, share, reason);
    }
    if often < CALIBRATION_ALPHA {
        // Safe, and a matter of width, which is guarded by a loss of its own.
        reason.push_str("; wider than they need be");
    }
    (Own::Holds, share, reason)
}

/// Whether the candidate has no more of the events than the baseline on the same roasts.
pub(crate) fn safety(rule: &Safety, evidence: &Evidence<'_>) -> Answer {
    let expected = promised(evidence);
    let paired = match pair(evidence, (rule.metric, rule.lead_s), &Slice::ALL, &expected) {
        Ok(paired) => paired,
        Err(fault) => return invalid(fault),
    };
    if paired.n_missing() > 0 || paired.planned == 0 {
        let mut silent: Vec<Unit> = paired.absent.clone();
        silent.extend(paired.candidate_silent.iter().map(|(unit, _)| unit.clone()));
        silent.extend(paired.baseline_silent.iter().chain(&paired.both_silent).cloned());
        let reason =
            format!("{} of {} roasts were not counted: {}", silent.len(), paired.planned, listed(&silent));
        return (Own::Missing, None, reason);
    }
    let count = |of: fn(&(f64, f64)) -> f64| {
        exact_sum(&paired.by_cluster.values().flatten().map(of).collect::<Vec<f64>>())
    };
    let (before, after) = (count(|pair| pair.0), count(|pair| pair.1));
    let n = paired.n_pairs();
    let mut reason =
        format!("in all {after} of the candidate, {before} of the baseline on the same {n} roasts");
    if after == 0.0 {
        // Rule of three, exactly: what n roasts without one leave possible.
        #[allow(clippy::cast_precision_loss)]
        let upper = 1.0 - trier_roast::math::exp(trier_roast::math::ln(0.05) / n as f64);
        reason.push_str(&format!("; none in {n} still leaves up to {:.2} % likely", 100.0 * upper));
    }
    (if after > before { Own::Fails } else { Own::Holds }, Some(after - before), reason)
}

fn invalid(fault: Fault) -> Answer {
    let reason = fault.to_string();
    (Own::Invalid(fault), None, reason)
}

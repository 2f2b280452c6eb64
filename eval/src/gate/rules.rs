//! Gates of the policy's rules, and of all primaries together.

use super::{Judged, Outcome, gate};
use crate::judge::{Comparison, Evidence, Finding, Own, bias, calibration, named, safety};
use crate::policy::{Policy, Purpose, Role, Rule, gate_name};
use crate::slice::Slice;
use crate::stats::decision::Decision;
use crate::stats::multiplicity::holm;
use crate::suite::Unit;
use std::collections::BTreeMap;
use trier_tables::rows::ScoreRow;

/// The gate of one rule: a guardrail must be shown not worse, a primary must not be worse.
pub(super) fn rule_gate(
    policy: &Policy,
    rule: &Rule,
    comparison: &Comparison,
    evidence: &Evidence<'_>,
) -> Judged {
    let is_equal = comparison.finding == Finding::Identical && policy.purpose == Purpose::Refactor;
    let outcome = match &comparison.finding {
        Finding::Invalid(_) => Outcome::EvidenceInvalid,
        Finding::Missing | Finding::Decided(Decision::Inferior) => Outcome::Refused,
        Finding::Decided(decision) if decision.is_non_inferior() => Outcome::Promoted,
        // Equal outputs are what a refactor claims.
        Finding::Identical if is_equal => Outcome::Promoted,
        Finding::TooLittle | Finding::Identical | Finding::Decided(_) => Outcome::Inconclusive,
    };
    let reason = format!("{}; {}", comparison.row.label, comparison.row.reason);
    let mut judged = gate(&comparison.gate, outcome, &reason);
    if outcome == Outcome::Inconclusive && rule.role == Role::Primary {
        // Its row says inconclusive; whether primaries say enough is asked of all of them together.
        judged.outcome = Outcome::Promoted;
    }
    let judged = judged.numbers(comparison.row.upper, comparison.row.margin, &comparison.row.unit);
    let may_be_waived = matches!(outcome, Outcome::Refused | Outcome::Inconclusive);
    match &rule.waiver {
        Some(id) if may_be_waived => waived(policy, evidence, id, judged),
        _ => judged,
    }
}

/// `judged` let pass by the waiver `id`, or not, where that does not hold.
pub(super) fn waived(policy: &Policy, evidence: &Evidence<'_>, id: &str, mut judged: Judged) -> Judged {
    match policy.waivers.holding(id, &judged.row.gate, evidence.today) {
        Ok(waiver) => {
            judged.outcome = Outcome::Promoted;
            judged.row.label = "waived".into();
            let said = format!(
                "{id}, asked by {}, approved by {}, until {}: {}",
                waiver.asked_by, waiver.approved_by, waiver.expires, waiver.reason
            );
            judged.row.waiver = Some(said.into());
        }
        Err(fault) => {
            judged.outcome = Outcome::WaiverInvalid;
            judged.row.label = Outcome::WaiverInvalid.label().into();
            judged.row.reason = format!("{id}: {fault}; without it: {}", judged.row.reason).into();
        }
    }
    judged
}

/// Gives each primary its p among all primaries, by Holm. One without a p still counts: it was promised.
pub(super) fn adjust_primaries(comparisons: &mut [Comparison]) {
    let p: Vec<f64> = comparisons.iter().filter(|c| c.is_primary()).map(|c| c.row.p.unwrap_or(1.0)).collect();
    // A p is a share of flips, so it always lies in 0 to 1.
    let adjusted = holm(&p).unwrap_or_default();
    for (comparison, p) in comparisons.iter_mut().filter(|c| c.is_primary()).zip(adjusted) {
        comparison.row.p_adjusted = comparison.row.p.map(|_| p);
    }
}

/// The gate of all primaries: one must be superior with the error rate shared among them.
pub(super) fn primaries_gate(policy: &Policy, comparisons: &[Comparison]) -> Judged {
    let alpha = policy.alpha();
    let primaries: Vec<&Comparison> = comparisons.iter().filter(|c| c.is_primary()).collect();
    let name = "primary.superior";
    let superior = primaries.iter().filter(|c| c.is_superior());
    let best = superior.filter_map(|c| Some((c, c.row.p_adjusted?))).min_by(|a, b| a.1.total_cmp(&b.1));
    let judged = match best {
        Some((c, p)) if p <= alpha => {
            gate(name, Outcome::Promoted, &format!("{} is superior, adjusted p {p:.2e}", c.row.metric))
        }
        Some((c, p)) => {
            let why = format!(
                "{} is superior alone, but its p adjusted for {} primaries is {p:.4}",
                c.row.metric,
                primaries.len()
            );
            gate(name, Outcome::Inconclusive, &why)
        }
        None if primaries.iter().any(|c| could_be_better(c)) => {
            gate(name, Outcome::Inconclusive, "no primary is shown to be better; more roasts might show it")
        }
        None if primaries.iter().any(|c| c.finding == Finding::Identical) => {
            let why = "no primary is shown to be better: both arms have the same losses on every roast";
            gate(name, Outcome::Inconclusive, why)
        }
        None => {
            gate(name, Outcome::Refused, "no primary is better, and none can be by as much as its margin")
        }
    };
    judged.numbers(best.map(|(_, p)| p), alpha, "1")
}

/// Whether a primary that is not superior might still be better by its margin or more.
fn could_be_better(comparison: &Comparison) -> bool {
    match comparison.finding {
        Finding::Decided(_) => comparison.row.lower.is_some_and(|lower| lower <= -comparison.row.margin),
        Finding::TooLittle => true,
        Finding::Identical | Finding::Missing | Finding::Invalid(_) => false,
    }
}

/// The gates of what is asked of the candidate by itself.
pub(super) fn own_gates(policy: &Policy, evidence: &Evidence<'_>) -> Vec<Judged> {
    let at = |metric: &str, lead_s: Option<f64>| {
        format!("{metric}{}", lead_s.map_or_else(String::new, |lead_s| format!("@{lead_s}s")))
    };
    let mut gates = Vec::new();
    for rule in &policy.biases {
        let name = gate_name("bias", &at(rule.metric.name, rule.lead_s), &rule.slice);
        gates.push(own_gate(&name, bias(policy, rule, evidence), rule.margin, rule.metric.unit));
    }
    for rule in &policy.calibrations {
        let name = gate_name("calibration", &at(rule.metric.name, rule.lead_s), &rule.slice);
        gates.push(own_gate(&name, calibration(policy, rule, evidence), rule.nominal, "1"));
    }
    for rule in &policy.safeties {
        let name = gate_name("safety", &at(rule.metric.name, rule.lead_s), &Slice::ALL);
        gates.push(own_gate(&name, safety(rule, evidence), 0.0, rule.metric.unit));
    }
    gates
}

fn own_gate(
    name: &str,
    (own, observed, reason): (Own, Option<f64>, String),
    limit: f64,
    unit: &str,
) -> Judged {
    let outcome = match own {
        Own::Holds => Outcome::Promoted,
        Own::Fails | Own::Missing => Outcome::Refused,
        Own::Unclear => Outcome::Inconclusive,
        Own::Invalid(_) => Outcome::EvidenceInvalid,
    };
    gate(name, outcome, &reason).numbers(observed, limit, unit)
}

/// The gate of a refactor: every score of both arms is the same, to the bit.
pub(super) fn equal_gate(evidence: &Evidence<'_>) -> Judged {
    type Key<'a> = (&'a str, Option<i64>, &'a str, Option<u64>);
    let of = |arm: &str| -> BTreeMap<Key<'_>, &ScoreRow> {
        let own = evidence.scores.iter().filter(|row| *row.arm == *arm);
        own.map(|row| ((&*row.case, row.seed, &*row.metric, row.lead_s.map(f64::to_bits)), row)).collect()
    };
    let (candidate, baseline) = (of(evidence.candidate()), of(evidence.baseline()));
    let bits = |row: &ScoreRow| (row.value.map(f64::to_bits), row.missing.clone());
    let differs =
        |key: &Key<'_>| candidate.get(key).map(|row| bits(row)) != baseline.get(key).map(|row| bits(row));
    let mut found: Vec<Key<'_>> = candidate.keys().chain(baseline.keys()).copied().filter(differs).collect();
    found.sort_unstable();
    found.dedup();
    let what: Vec<String> = found
        .iter()
        .map(|(case, seed, metric, _)| {
            format!("{metric} of {}", named(&Unit { case: (*case).into(), seed: *seed }))
        })
        .collect();
    if candidate.is_empty() {
        return gate("scores.equal", Outcome::Refused, "missing_metric: there are no scores");
    }
    super::counted("scores.equal", &what, Outcome::Refused, "not the same in both arms")
}

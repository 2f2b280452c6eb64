//! The gate: from comparisons and cases to one verdict with all its reasons.
//!
//! Promotion needs every guardrail shown not worse, no primary inferior, and one
//! primary superior after Holm's correction; every case as expected; nothing
//! missing. Whatever cannot be judged does not pass.

mod cases;

use crate::judge::{Comparison, Evidence, Finding, Policy, Role, compare};
use crate::stats::decision::Decision;
use crate::stats::multiplicity::holm;
use cases::case_gates;
use std::sync::Arc;
use trier_tables::rows::{ComparisonRow, GateRow};

/// What the evaluation comes to. Exit codes are those of `docs/cli.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The candidate may ship.
    Promoted,
    /// There was nothing to judge.
    NothingSelected,
    /// The candidate may not ship.
    Refused,
    /// The evidence is too weak to say.
    Inconclusive,
    /// The evidence cannot be used.
    EvidenceInvalid,
    /// Cases that should run did not.
    CasesErrored,
}

impl Outcome {
    /// The exit code.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Promoted => 0,
            Self::NothingSelected => 3,
            Self::Refused => 4,
            Self::Inconclusive => 5,
            Self::EvidenceInvalid => 9,
            Self::CasesErrored => 10,
        }
    }

    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Promoted => "PROMOTED",
            Self::NothingSelected => "NOTHING SELECTED",
            Self::Refused => "REFUSED",
            Self::Inconclusive => "INCONCLUSIVE",
            Self::EvidenceInvalid => "EVIDENCE INVALID",
            Self::CasesErrored => "CASES ERRORED",
        }
    }

    /// The order in which outcomes take precedence when several hold, first wins.
    const PRECEDENCE: [Self; 6] = [
        Self::NothingSelected,
        Self::EvidenceInvalid,
        Self::CasesErrored,
        Self::Refused,
        Self::Inconclusive,
        Self::Promoted,
    ];
}

/// One verdict: the outcome, and everything it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// What it comes to.
    pub outcome: Outcome,
    /// Every gate, in order: cases first, then the rules of the policy, then the primaries together.
    ///
    /// `scores.scope`, when it passes, says what the verdict rests on.
    pub gates: Vec<GateRow>,
    /// The rules judged, in the order of the policy.
    pub comparisons: Vec<Comparison>,
    /// Why the outcome is not a promotion, every reason by gate; empty when it is one.
    pub reasons: Vec<String>,
}

impl Verdict {
    /// The comparisons as table rows.
    #[must_use]
    pub fn comparison_rows(&self) -> Vec<ComparisonRow> {
        self.comparisons.iter().map(|comparison| comparison.row.clone()).collect()
    }
}

/// One gate with what it means for the outcome, which may be less than its label says.
struct Judged {
    outcome: Outcome,
    row: GateRow,
}

/// Judges `evidence` under `policy`.
#[must_use]
pub fn judge(policy: &Policy, evidence: &Evidence<'_>) -> Verdict {
    let mut gates = case_gates(evidence);
    let mut comparisons = Vec::new();
    if evidence.plan.is_empty() {
        gates = vec![gate("plan", Outcome::NothingSelected, "no case is selected")];
    } else {
        comparisons = compare(policy, evidence);
        gates.extend(comparisons.iter().map(rule_gate));
        gates.push(primaries_gate(policy, &comparisons));
    }
    let holds = |outcome: &Outcome| gates.iter().any(|gate| gate.outcome == *outcome);
    let outcome = Outcome::PRECEDENCE.into_iter().find(holds).unwrap_or(Outcome::NothingSelected);
    let reasons = gates
        .iter()
        .filter(|gate| gate.outcome != Outcome::Promoted)
        .map(|gate| format!("{}: {}", gate.row.gate, gate.row.reason))
        .collect();
    Verdict { outcome, gates: gates.into_iter().map(|gate| gate.row).collect(), comparisons, reasons }
}

/// A gate without numbers.
fn gate(name: &str, outcome: Outcome, reason: &str) -> Judged {
    let label = match outcome {
        Outcome::Promoted => "pass",
        Outcome::Inconclusive => "inconclusive",
        Outcome::Refused => "fail",
        Outcome::NothingSelected | Outcome::EvidenceInvalid | Outcome::CasesErrored => "error",
    };
    let row = GateRow {
        gate: name.into(),
        label: label.into(),
        observed: None,
        limit: None,
        unit: "1".into(),
        reason: reason.into(),
        waiver: None,
    };
    Judged { outcome, row }
}

/// The gate of one rule: a guardrail must be shown not worse, a primary must not be worse.
fn rule_gate(comparison: &Comparison) -> Judged {
    let outcome = match &comparison.finding {
        Finding::Invalid(_) => Outcome::EvidenceInvalid,
        Finding::Missing | Finding::Decided(Decision::Inferior) => Outcome::Refused,
        Finding::Decided(decision) if decision.is_non_inferior() => Outcome::Promoted,
        Finding::TooLittle | Finding::Identical | Finding::Decided(_) => Outcome::Inconclusive,
    };
    let name = format!("{}.{}", comparison.role.name(), comparison.row.metric);
    let reason = format!("{}; {}", comparison.row.label, comparison.row.reason);
    let mut judged = gate(&name, outcome, &reason);
    if outcome == Outcome::Inconclusive && comparison.role == Role::Primary {
        // Its row says inconclusive; whether primaries say enough is asked of all of them together.
        judged.outcome = Outcome::Promoted;
    }
    judged.row.observed = comparison.row.upper;
    judged.row.limit = Some(comparison.row.margin);
    judged.row.unit = Arc::clone(&comparison.row.unit);
    judged
}

/// The gate of all primaries: one must be superior with the error rate shared among them.
fn primaries_gate(policy: &Policy, comparisons: &[Comparison]) -> Judged {
    let alpha = 1.0 - policy.level;
    let primaries: Vec<&Comparison> = comparisons.iter().filter(|c| c.role == Role::Primary).collect();
    // A primary without a p still counts in the correction: it was promised.
    let p: Vec<f64> = primaries.iter().map(|c| c.row.p.unwrap_or(1.0)).collect();
    let name = "primary.superior";
    let Ok(adjusted) = holm(&p) else {
        return gate(name, Outcome::EvidenceInvalid, "a p outside 0 to 1");
    };
    let superior = primaries.iter().zip(&adjusted).filter(|(c, _)| c.is_superior());
    let best = superior.min_by(|a, b| a.1.total_cmp(b.1));
    let mut judged = match best {
        Some((c, p)) if *p <= alpha => {
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
    judged.row.observed = best.map(|(_, p)| *p);
    judged.row.limit = Some(alpha);
    judged
}

/// Whether a primary that is not superior might still be better by its margin or more.
fn could_be_better(comparison: &Comparison) -> bool {
    match comparison.finding {
        Finding::Decided(_) => comparison.row.lower.is_some_and(|lower| lower <= -comparison.row.margin),
        Finding::TooLittle => true,
        Finding::Identical | Finding::Missing | Finding::Invalid(_) => false,
    }
}

//! The gate: from comparisons and cases to one verdict with all its reasons.
//!
//! Promotion needs every guardrail shown not worse, no primary inferior, and one
//! primary superior after Holm's correction; every case as expected; nothing
//! missing. Whatever cannot be judged does not pass.

mod cases;
mod outcome;
mod risk;
mod rules;

use crate::judge::{Comparison, Evidence, compare, explore};
use crate::plan::Plan;
use crate::policy::{Policy, Purpose};
use cases::{case_gates, coverage_gates};
use trier_tables::rows::{ComparisonRow, GateRow};

pub use outcome::Outcome;
pub use risk::{RISK_VERSION, Risk};

/// One verdict: the outcome, and everything it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// What it comes to.
    pub outcome: Outcome,
    /// Every gate, in order: the plan, cases, coverage, the rules of the policy, the primaries together, risk.
    ///
    /// `scores.scope`, when it passes, says what the verdict rests on.
    pub gates: Vec<GateRow>,
    /// The rules judged, in the order of the policy, then slices explored.
    pub comparisons: Vec<Comparison>,
    /// How much is at stake; None when nothing was judged.
    pub risk: Option<Risk>,
    /// Why the outcome is not a promotion, every reason by gate, those of the outcome first; empty when it is one.
    pub reasons: Vec<String>,
}

impl Verdict {
    /// The comparisons as table rows.
    #[must_use]
    pub fn comparison_rows(&self) -> Vec<ComparisonRow> {
        self.comparisons.iter().map(|comparison| comparison.row.clone()).collect()
    }

    fn of(gates: Vec<Judged>, comparisons: Vec<Comparison>, risk: Option<Risk>) -> Self {
        let holds = |outcome: &Outcome| gates.iter().any(|gate| gate.outcome == *outcome);
        let outcome = Outcome::PRECEDENCE.into_iter().find(holds).unwrap_or(Outcome::NothingSelected);
        let rank = |of: Outcome| Outcome::PRECEDENCE.iter().position(|other| *other == of);
        let mut against: Vec<&Judged> =
            gates.iter().filter(|gate| gate.outcome != Outcome::Promoted).collect();
        against.sort_by_key(|gate| rank(gate.outcome));
        let reasons = against.iter().map(|gate| format!("{}: {}", gate.row.gate, gate.row.reason)).collect();
        let gates = gates.into_iter().map(Judged::into_row).collect();
        Self { outcome, gates, comparisons, risk, reasons }
    }
}

/// One gate with what it means for the outcome, which may be less than its label says.
struct Judged {
    outcome: Outcome,
    row: GateRow,
}

impl Judged {
    fn into_row(mut self) -> GateRow {
        self.row.outcome = self.outcome.word().into();
        self.row
    }

    fn numbers(mut self, observed: Option<f64>, limit: f64, unit: &str) -> Self {
        self.row.observed = observed;
        self.row.limit = Some(limit);
        self.row.unit = unit.into();
        self
    }
}

/// Judges `evidence` under `policy`.
#[must_use]
pub fn judge(policy: &Policy, evidence: &Evidence<'_>) -> Verdict {
    let mut gates = vec![stop_gate(evidence)];
    if evidence.plan.units.is_empty() {
        gates.push(gate("plan", Outcome::NothingSelected, "no case is selected"));
        return Verdict::of(gates, Vec::new(), None);
    }
    gates.push(power_gate(evidence.plan));
    gates.extend(case_gates(policy, evidence));
    gates.extend(coverage_gates(policy, evidence));
    let mut comparisons = compare(policy, evidence);
    rules::adjust_primaries(&mut comparisons);
    gates.extend(
        policy
            .rules
            .iter()
            .zip(&comparisons)
            .map(|(rule, found)| rules::rule_gate(policy, rule, found, evidence)),
    );
    gates.extend(rules::own_gates(policy, evidence));
    gates.push(match policy.purpose {
        Purpose::Improvement => rules::primaries_gate(policy, &comparisons),
        Purpose::Refactor => rules::equal_gate(evidence),
    });
    comparisons.extend(explore(policy, evidence));
    let rows: Vec<&GateRow> = gates.iter().map(|gate| &gate.row).collect();
    let risk = risk::risk(policy, evidence, &comparisons, &rows);
    gates.push(risk::risk_gate(policy, evidence, &risk));
    Verdict::of(gates, comparisons, Some(risk))
}

/// The verdict on a plan that is not worth running: nothing was run. None when it is.
#[must_use]
pub fn judge_plan(plan: &Plan, stopped: Option<&str>) -> Option<Verdict> {
    let mut gates = Vec::new();
    if let Some(said) = stopped {
        gates.push(stopped_gate(said));
    }
    if plan.units.is_empty() {
        gates.push(gate("plan", Outcome::NothingSelected, "no case is selected"));
    } else {
        let power = power_gate(plan);
        if power.outcome != Outcome::Promoted {
            gates.push(power);
        }
    }
    (!gates.is_empty()).then(|| Verdict::of(gates, Vec::new(), None))
}

fn stop_gate(evidence: &Evidence<'_>) -> Judged {
    evidence
        .stopped
        .map_or_else(|| gate("stop", Outcome::Promoted, "nobody stopped promotions"), stopped_gate)
}

fn stopped_gate(said: &str) -> Judged {
    let said = said.lines().next().unwrap_or("").trim();
    let said = if said.is_empty() { "the stop file says nothing" } else { said };
    gate("stop", Outcome::Stopped, &format!("promotions are stopped: {said}"))
}

/// The gate that the plan can find what it is made for.
fn power_gate(plan: &Plan) -> Judged {
    let weak = plan.underpowered();
    let least = plan.powers.iter().map(|power| power.power).min_by(f64::total_cmp);
    let said = |power: &&crate::plan::Power| {
        let needed = power.needed.map_or_else(|| "no number of".to_owned(), |n| n.to_string());
        format!(
            "{} has power {:.2} of showing {} with {} clusters, {needed} needed",
            power.gate, power.power, power.goal, power.clusters
        )
    };
    let judged = if weak.is_empty() {
        gate("plan.power", Outcome::Promoted, "enough for what it is to show")
    } else {
        let all = weak.iter().map(said).collect::<Vec<_>>().join("; ");
        gate("plan.power", Outcome::Underpowered, &all)
    };
    judged.numbers(least, plan.power_wanted, "1")
}

/// A gate without numbers.
fn gate(name: &str, outcome: Outcome, reason: &str) -> Judged {
    let row = GateRow {
        gate: name.into(),
        label: outcome.label().into(),
        outcome: outcome.word().into(),
        observed: None,
        limit: None,
        unit: "1".into(),
        reason: reason.into(),
        waiver: None,
    };
    Judged { outcome, row }
}

/// A gate that allows none of `found`.
fn counted(name: &str, found: &[String], otherwise: Outcome, what: &str) -> Judged {
    const SHOWN: usize = 6;
    let judged = if found.is_empty() {
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
    judged.numbers(Some(observed), 0.0, "1")
}

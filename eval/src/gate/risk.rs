//! Risk `risk/1`: how much is at stake when the candidate ships, 0 to 100, from six terms with stated weights.
//!
//! It is no probability. It says when a person should look although every gate passes, and the same
//! evidence under the same policy has the same risk on any day, but for waivers that end.

use super::rules::waived;
use super::{Judged, Outcome, gate};
use crate::judge::{Comparison, Evidence};
use crate::policy::{Policy, Role, Rollout, Undo};
use trier_tables::rows::GateRow;

/// The version of the formula; goes up with any change to terms or weights.
pub const RISK_VERSION: &str = "risk/1";

/// The terms, each from 0 to its weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Risk {
    /// How near the nearest guardrail came to its margin: 0 where every upper end is at or below 0. 0 to 25.
    pub effect: f64,
    /// The share of critical flows not seen; all of it where none were looked for. 0 to 20.
    pub coverage: f64,
    /// The share of planned roasts that made no score, ten times over, and 5 where all of them are simulated. 0 to 15.
    pub trust: f64,
    /// How far it reaches at once: shadow 0, machine 5, site 10, all 20.
    pub rollout: f64,
    /// How it is taken back: at once 0, for the next roast 5, never 10.
    pub undo: f64,
    /// Five for each waiver, 10 at most.
    pub waivers: f64,
}

impl Risk {
    /// The sum, 0 to 100.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.effect + self.coverage + self.trust + self.rollout + self.undo + self.waivers
    }

    /// The terms by name.
    #[must_use]
    pub const fn terms(&self) -> [(&'static str, f64); 6] {
        [
            ("effect", self.effect),
            ("coverage", self.coverage),
            ("trust", self.trust),
            ("rollout", self.rollout),
            ("undo", self.undo),
            ("waivers", self.waivers),
        ]
    }
}

/// The risk of promoting on `evidence`.
pub(super) fn risk(
    policy: &Policy,
    evidence: &Evidence<'_>,
    comparisons: &[Comparison],
    gates: &[&GateRow],
) -> Risk {
    // A guardrail without an interval is as near its margin as can be.
    let nearness = |c: &Comparison| c.row.upper.map_or(1.0, |upper| (upper / c.row.margin).clamp(0.0, 1.0));
    let guardrails = comparisons.iter().filter(|c| *c.row.role == *Role::Guardrail.name());
    let waivers = gates.iter().filter(|gate| gate.waiver.is_some()).count();
    Risk {
        effect: 25.0 * guardrails.map(nearness).fold(0.0, f64::max),
        coverage: 20.0 * unseen_share(evidence),
        trust: (10.0 * (10.0 * unscored_share(comparisons)).min(1.0))
            + if is_all_simulated(evidence) { 5.0 } else { 0.0 },
        rollout: match policy.risk.rollout {
            Rollout::Shadow => 0.0,
            Rollout::Machine => 5.0,
            Rollout::Site => 10.0,
            Rollout::All => 20.0,
        },
        undo: match policy.risk.undo {
            Undo::AtOnce => 0.0,
            Undo::NextRoast => 5.0,
            Undo::Never => 10.0,
        },
        waivers: if waivers > 1 {
            10.0
        } else if waivers == 1 {
            5.0
        } else {
            0.0
        },
    }
}

fn unseen_share(evidence: &Evidence<'_>) -> f64 {
    let Some(rows) = evidence.coverage.filter(|rows| !rows.is_empty()) else { return 1.0 };
    let unseen = rows.iter().filter(|row| !row.met).count();
    #[allow(clippy::cast_precision_loss)]
    let share = unseen as f64 / rows.len() as f64;
    share
}

/// The largest share of planned roasts that make no pair, over rules.
fn unscored_share(comparisons: &[Comparison]) -> f64 {
    let share = |c: &Comparison| {
        let planned = f64::from(c.row.n_pairs) + f64::from(c.row.n_missing);
        if planned > 0.0 { f64::from(c.row.n_missing) / planned } else { 1.0 }
    };
    comparisons.iter().map(share).fold(0.0, f64::max)
}

/// A recorded roast has no seed.
fn is_all_simulated(evidence: &Evidence<'_>) -> bool {
    evidence.plan.scored().all(|planned| planned.unit.seed.is_some())
}

/// The gate that a person approved where the risk asks for one.
pub(super) fn risk_gate(policy: &Policy, evidence: &Evidence<'_>, risk: &Risk) -> Judged {
    let limit = policy.risk.approve_above;
    let terms: Vec<String> = risk.terms().iter().map(|(name, value)| format!("{name} {value:.1}")).collect();
    let reason = format!("{RISK_VERSION} {:.1}: {}", risk.total(), terms.join(", "));
    let outcome = if risk.total() > limit { Outcome::NeedsApproval } else { Outcome::Promoted };
    let judged = gate("risk", outcome, &reason).numbers(Some(risk.total()), limit, "1");
    match &policy.risk.waiver {
        Some(id) if outcome == Outcome::NeedsApproval => waived(policy, evidence, id, judged),
        _ => judged,
    }
}

//! A policy's own tests: made-up evidence, and what the policy must say of it.
//!
//! A policy decides with numbers that people chose. Its tests say in the same file what those numbers are
//! meant to let through and to stop; `sim check` judges them by the very gate that judges candidates.

use super::rule::At;
use super::{Policy, Rule};
use crate::error::{InputError, check_said};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// How one rule's differences are made.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    /// The rule by the name of its gate.
    pub gate: String,
    /// Candidate minus baseline, in margins of the rule; negative is better.
    pub margins: f64,
}

/// One test.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// What it says of the policy.
    pub says: String,
    /// Clusters of the evidence, 6 to 200.
    pub clusters: u32,
    /// Rules whose differences are not spread around 0.
    #[serde(default)]
    pub shifts: Vec<Shift>,
    /// The verdict's word, such as `REFUSED`.
    pub expect: String,
}

impl Expectation {
    pub(super) fn check(&self, path: &Path, i: usize, rules: &[Rule]) -> Result<(), InputError> {
        let at = At { path, table: "test", i };
        check_said(path, &at.key("says"), &self.says, "say what the policy must do")?;
        if !(6..=200).contains(&self.clusters) {
            return Err(at.wrong(
                "clusters",
                &self.clusters.to_string(),
                "6 to 200",
                "as many as the suite has",
            ));
        }
        for (j, shift) in self.shifts.iter().enumerate() {
            if !rules.iter().any(|rule| rule.gate() == shift.gate) {
                let known = rules.iter().map(Rule::gate).collect::<Vec<_>>().join(", ");
                let key = format!("shifts[{j}].gate");
                return Err(at.wrong(&key, &shift.gate, &format!("one of {known}"), "a rule of this policy"));
            }
            if !shift.margins.is_finite() {
                let key = format!("shifts[{j}].margins");
                return Err(at.wrong(&key, &shift.margins.to_string(), "finite", "in margins of the rule"));
            }
        }
        Ok(())
    }

    /// Candidate minus baseline of `rule`'s loss in cluster `c` of this test's clusters: a spread of the
    /// rule's own, without luck, around what the test says. Ordered so that two rules do not go together.
    #[must_use]
    pub fn difference(&self, rule: &Rule, place: usize, c: u32) -> f64 {
        let shift = self.shifts.iter().find(|shift| shift.gate == rule.gate());
        let n = f64::from(self.clusters);
        let rank = (u64::from(c) * 7 + 3 * place as u64) % u64::from(self.clusters);
        #[allow(clippy::cast_precision_loss)] // Below 200.
        let z = crate::stats::normal::quantile((rank as f64 + 0.5) / n);
        shift.map_or(0.0, |shift| shift.margins) * rule.margin + rule.spread * z
    }
}

impl Policy {
    /// This policy as its tests judge it: without what only real evidence can have.
    #[must_use]
    pub fn for_tests(&self) -> Self {
        Self {
            coverage: None,
            repeats: 0,
            biases: Vec::new(),
            calibrations: Vec::new(),
            safeties: Vec::new(),
            stop_file: None,
            ..self.clone()
        }
    }
}

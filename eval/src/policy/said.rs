//! A policy's own tests: made-up evidence, and what the policy must say of it.
//!
//! A policy decides with numbers that people chose. Its tests say in the same file what those numbers are
//! meant to let through and to stop; `sim check` judges them by the very gate that judges candidates.

use super::rule::At;
use super::{Policy, RiskTerms, Rule};
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

    /// Candidate minus baseline of `rule`'s loss, on average, in its metric's unit; negative is better.
    #[must_use]
    pub fn shift(&self, rule: &Rule) -> f64 {
        let own = self.shifts.iter().find(|shift| shift.gate == rule.gate());
        own.map_or(0.0, |shift| shift.margins) * rule.margin
    }
}

impl Policy {
    /// This policy as its tests judge it: its rules alone. Without what only real evidence can have, and without
    /// waivers, which let pass what a rule forbids.
    #[must_use]
    pub fn for_tests(&self) -> Self {
        Self {
            coverage: None,
            repeats: 0,
            biases: Vec::new(),
            calibrations: Vec::new(),
            safeties: Vec::new(),
            stop_file: None,
            rules: self.rules.iter().map(|rule| Rule { waiver: None, ..rule.clone() }).collect(),
            risk: RiskTerms { waiver: None, ..self.risk.clone() },
            ..self.clone()
        }
    }
}

//! The plan: what will be run and how it will be judged, fixed and hashed before anything runs.
//!
//! Its digest names the verdict. Another seed, margin, slice or case makes another plan, so nobody can
//! choose among results and call it the plan afterwards. Power is worked out here too: a plan that could
//! hardly find what it is made for is not worth its roasts.

use crate::case::Expect;
use crate::policy::{Policy, Purpose, Role, Rule};
use crate::stats::power::{n_for_power, paired_t_power};
use crate::suite::Planned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The schema of a written plan.
const SCHEMA: &str = "plan/1";

/// One of the two predictors.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Arm {
    /// Its name.
    pub name: String,
    /// Its version, and whatever else tells it from another of that name.
    pub identity: String,
}

/// What a rule was planned with.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Power {
    /// The rule's gate.
    pub gate: String,
    /// Clusters that the plan has on the rule's slice.
    pub clusters: u32,
    /// What the rule is to show: `better by 4 s`, `not worse by 3 s`.
    pub goal: String,
    /// The one-sided error rate it is shown at, shared among primaries.
    pub alpha: f64,
    /// Spread between clusters that is assumed, in the metric's unit.
    pub spread: f64,
    /// Probability of showing it, if the effect (none, for a guardrail) and the spread are true.
    pub power: f64,
    /// The effect that would be found with the planned power, in the metric's unit; null below two clusters.
    pub detectable: Option<f64>,
    /// Clusters needed for the planned power; null when more than a million are.
    pub needed: Option<u32>,
}

/// A plan.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The version of this shape.
    pub schema: String,
    /// BLAKE3 of all that follows, in hex.
    pub digest: String,
    /// The suite's name.
    pub suite: String,
    /// Leads that forecasts are scored at, s before the event.
    pub leads_s: Vec<f64>,
    /// The arm that wants to ship.
    pub candidate: Arm,
    /// The arm it is held against.
    pub baseline: Arm,
    /// The policy's digest.
    pub policy: String,
    /// The digest of the catalogue of critical flows; null when none are looked for.
    pub flows: Option<String>,
    /// The power that every rule should have.
    pub power_wanted: f64,
    /// What each rule was planned with.
    pub powers: Vec<Power>,
    /// Every unit, by case then seed.
    pub units: Vec<Planned>,
}

impl Plan {
    /// The plan of holding `candidate` against `baseline` on `units` of a suite by `policy`.
    ///
    /// - `flows`: digest of the catalogue of critical flows, if there is one.
    #[must_use]
    pub fn of(
        (suite, leads_s): (&str, &[f64]),
        mut units: Vec<Planned>,
        policy: &Policy,
        flows: Option<String>,
        (candidate, baseline): (Arm, Arm),
    ) -> Self {
        // In whatever order a suite names its cases, it is one plan.
        units.sort_by(|a, b| a.unit.cmp(&b.unit));
        let mut plan = Self {
            schema: SCHEMA.to_owned(),
            digest: String::new(),
            suite: suite.to_owned(),
            leads_s: leads_s.to_vec(),
            candidate,
            baseline,
            policy: policy.digest.clone(),
            flows,
            power_wanted: policy.power,
            powers: powers(policy, &units),
            units,
        };
        plan.digest = plan.own_digest();
        plan
    }

    /// Whether its digest is that of what it holds.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.schema == SCHEMA && self.digest == self.own_digest()
    }

    fn own_digest(&self) -> String {
        let bare = Self { digest: String::new(), ..self.clone() };
        // Fields and lists have one order and a double one shortest spelling, so the bytes are fixed. A plan
        // holds nothing that JSON cannot.
        let bytes = serde_json::to_vec(&bare).unwrap_or_default();
        blake3::hash(&bytes).to_hex().to_string()
    }

    /// The rules that have less power than wanted, and cannot carry the plan.
    ///
    /// Each guardrail must be shown, so each needs its power; of primaries one is enough.
    #[must_use]
    pub fn underpowered(&self) -> Vec<&Power> {
        let weak = |power: &&Power| power.power < self.power_wanted;
        let is_primary = |power: &&Power| power.gate.starts_with(Role::Primary.name());
        let mut found: Vec<&Power> =
            self.powers.iter().filter(|power| !is_primary(power)).filter(weak).collect();
        let primaries: Vec<&Power> = self.powers.iter().filter(is_primary).collect();
        if primaries.iter().all(weak) {
            found.extend(primaries);
        }
        found
    }

    /// Units that owe a score to each arm.
    pub fn scored(&self) -> impl Iterator<Item = &Planned> {
        self.units.iter().filter(|planned| planned.expect == Expect::Run)
    }
}

fn powers(policy: &Policy, units: &[Planned]) -> Vec<Power> {
    if policy.purpose == Purpose::Refactor {
        // Equality is not a matter of chance.
        return Vec::new();
    }
    let primaries = policy.rules_of(Role::Primary).count();
    policy.rules.iter().map(|rule| power_of(policy, rule, primaries, units)).collect()
}

fn power_of(policy: &Policy, rule: &Rule, primaries: usize, units: &[Planned]) -> Power {
    let scored = units.iter().filter(|planned| planned.expect == Expect::Run && rule.slice.holds(planned));
    let clusters = scored.map(|planned| &planned.cluster).collect::<BTreeSet<_>>().len();
    let clusters = u32::try_from(clusters).unwrap_or(u32::MAX);
    let (goal, effect) = rule.effect.map_or(("not worse", rule.margin), |effect| ("better", effect));
    // The interval is two-sided and one side of it shows the goal; in the worst case Holm's first step
    // leaves a primary one share of that.
    #[allow(clippy::cast_precision_loss)]
    let shared = if rule.role == Role::Primary { primaries as f64 } else { 1.0 };
    let alpha = 0.5 * policy.alpha() / shared;
    let enough = clusters >= policy.clusters_min;
    let power = if enough { paired_t_power(effect / rule.spread, clusters, alpha) } else { 0.0 };
    let needed = n_for_power(effect / rule.spread, alpha, policy.power).map(|n| n.max(policy.clusters_min));
    let unit = if rule.metric.unit == "1" { String::new() } else { format!(" {}", rule.metric.unit) };
    Power {
        gate: rule.gate(),
        clusters,
        goal: format!("{goal} by {effect}{unit}"),
        alpha,
        spread: rule.spread,
        power,
        detectable: detectable(clusters, alpha, policy.power).map(|effect| effect * rule.spread),
        needed,
    }
}

/// The effect, in spreads, that `clusters` show with `power`; None below two clusters.
fn detectable(clusters: u32, alpha: f64, power: f64) -> Option<f64> {
    if clusters < 2 {
        return None;
    }
    let finds = |effect: f64| paired_t_power(effect, clusters, alpha) >= power;
    let mut high = 1.0;
    while !finds(high) {
        high *= 2.0;
        if high > 1e6 {
            return None;
        }
    }
    let mut low = 0.0;
    // Forty halvings leave less than 1e-6 of it.
    for _ in 0..40 {
        let middle = 0.5 * (low + high);
        if finds(middle) { high = middle } else { low = middle }
    }
    Some(high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_detectable_effect_has_the_power() {
        for (clusters, alpha) in [(8, 0.025), (13, 0.0125), (60, 0.025)] {
            let effect = detectable(clusters, alpha, 0.8).expect("some effect");
            assert!((paired_t_power(effect, clusters, alpha) - 0.8).abs() < 1e-4, "{clusters}: {effect}");
        }
        assert_eq!(detectable(1, 0.025, 0.8), None);
    }
}

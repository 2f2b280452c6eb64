//! The policy: which differences matter, by how much, and what it takes to promote.

use crate::error::{InputError, check_said, check_schema, read_toml};
use crate::score::{Direction, METRICS, Metric, metric_named};
use crate::stats::sign_flip;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The schema this build reads.
const SCHEMA: &str = "policy/1";

/// The least confidence an interval that decides may have.
const LEVEL_MIN: f64 = 0.9;

/// The least number of clusters that may support an inference, whatever a test could reach with fewer.
const CLUSTERS_MIN: u32 = 6;

/// What a rule is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// One of these must be superior, and none inferior.
    Primary,
    /// Every one of these must be shown not worse by its margin.
    Guardrail,
}

impl Role {
    /// The name used in gates.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Guardrail => "guardrail",
        }
    }
}

/// One metric at one lead, and the difference that matters.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// What it is for.
    pub role: Role,
    /// The metric, a loss.
    pub metric: &'static Metric,
    /// The lead, s before the event.
    pub lead_s: f64,
    /// How much worse the candidate may be, s; above 0.
    pub margin_s: f64,
    /// Why that much.
    pub reason: String,
}

impl Rule {
    /// The name used in tables: `first_crack.abs_error@60s`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}@{}s", self.metric.name, self.lead_s)
    }
}

/// A policy, read and checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// Confidence of the two-sided interval, 0 to 1.
    pub level: f64,
    /// Fewer clusters than this support no inference.
    pub clusters_min: u32,
    /// The largest share of planned roasts without a value an arm may have, 0 to 1.
    pub missing_share_max: f64,
    /// The rules, primaries first, each in the order of the file.
    pub rules: Vec<Rule>,
}

/// The file as written.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PolicyFile {
    schema: String,
    level: f64,
    min_clusters: u32,
    max_missing_share: f64,
    primary: Vec<RuleFile>,
    #[serde(default)]
    guardrail: Vec<RuleFile>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    metric: String,
    lead_s: f64,
    margin_s: f64,
    reason: String,
}

impl Policy {
    /// Reads the policy at `path`.
    ///
    /// # Errors
    /// A file that cannot be read, an unknown key or metric, or a value out of
    /// place, by file and key. A policy under which nothing could ever be
    /// significant, or too much would be, is refused too.
    pub fn load(path: &Path) -> Result<Self, InputError> {
        Self::read(path).map(|(policy, _)| policy)
    }

    /// The same, and the file as written.
    pub(crate) fn read(path: &Path) -> Result<(Self, PolicyFile), InputError> {
        let file: PolicyFile = read_toml(path, "give the path of a policy file, such as golden/policy.toml")?;
        check_schema(path, &file.schema, SCHEMA)?;
        let wrong = |key: &str, value: f64, limit: &str, hint: &str| {
            Err(InputError::value(path, key, &value.to_string(), limit, hint))
        };
        if file.level.is_nan() || file.level < LEVEL_MIN || file.level >= 1.0 {
            let hint = "0.95 is the usual level; below 0.9 luck alone looks better more than once in twenty";
            return wrong("level", file.level, "0.9 to 1, 1 excluded", hint);
        }
        if !(0.0..=0.5).contains(&file.max_missing_share) {
            let hint = "0.05 lets one roast in twenty go without a value";
            return wrong("max_missing_share", file.max_missing_share, "0 to 0.5", hint);
        }
        if file.primary.is_empty() {
            let hint = "without a primary metric nothing could be promoted";
            return Err(InputError::value(path, "primary", "empty", "one [[primary]] or more", hint));
        }
        check_floor(path, &file)?;
        let mut rules = Vec::with_capacity(file.primary.len() + file.guardrail.len());
        for (role, list) in [(Role::Primary, &file.primary), (Role::Guardrail, &file.guardrail)] {
            for (i, rule) in list.iter().enumerate() {
                let rule = checked_rule(path, role, i, rule)?;
                if rules.iter().any(|other: &Rule| other.role == role && other.name() == rule.name()) {
                    let key = format!("{}[{i}].metric", role.name());
                    let hint = "two margins for one metric cannot both hold";
                    return Err(InputError::value(path, &key, &rule.name(), "named once", hint));
                }
                rules.push(rule);
            }
        }
        let policy = Self {
            level: file.level,
            clusters_min: file.min_clusters,
            missing_share_max: file.max_missing_share,
            rules,
        };
        Ok((policy, file))
    }

    /// The rules of one role, in order.
    pub fn rules_of(&self, role: Role) -> impl Iterator<Item = &Rule> {
        self.rules.iter().filter(move |rule| rule.role == role)
    }
}

/// Refuses a least number of clusters that is too small for any inference, or with which no
/// permutation p could be small enough.
fn check_floor(path: &Path, file: &PolicyFile) -> Result<(), InputError> {
    #[allow(clippy::cast_precision_loss)]
    let alpha = (1.0 - file.level) / file.primary.len() as f64;
    let reaches = |clusters: u32| sign_flip::floor_two_sided(clusters as usize) <= alpha;
    if file.min_clusters >= CLUSTERS_MIN && reaches(file.min_clusters) {
        return Ok(());
    }
    let enough = (CLUSTERS_MIN..64).find(|clusters| reaches(*clusters)).unwrap_or(64);
    let limit = format!("{enough} or more for {} primaries at level {}", file.primary.len(), file.level);
    let hint = "fewer clusters say too little of their spread, and no sign flip can reach a small p";
    Err(InputError::value(path, "min_clusters", &file.min_clusters.to_string(), &limit, hint))
}

fn checked_rule(path: &Path, role: Role, i: usize, rule: &RuleFile) -> Result<Rule, InputError> {
    let key = |name: &str| format!("{}[{i}].{name}", role.name());
    let losses = || METRICS.iter().filter(|m| m.direction == Direction::Lower && m.at_leads).map(|m| m.name);
    let metric = metric_named(&rule.metric).filter(|metric| losses().any(|name| name == metric.name));
    let Some(metric) = metric else {
        let limit = format!("one of the losses {}", losses().collect::<Vec<_>>().join(", "));
        let hint = "a signed error is no loss: its mean can be 0 while every roast is wrong";
        return Err(InputError::value(path, &key("metric"), &rule.metric, &limit, hint));
    };
    if !rule.lead_s.is_finite() || rule.lead_s <= 0.0 {
        let hint = "use a lead that the suite scores, see leads_s there";
        return Err(InputError::value(path, &key("lead_s"), &rule.lead_s.to_string(), "above 0 s", hint));
    }
    if !rule.margin_s.is_finite() || rule.margin_s <= 0.0 {
        let hint = "the margin is the loss somebody would notice; 0 asks for proof of no difference";
        return Err(InputError::value(path, &key("margin_s"), &rule.margin_s.to_string(), "above 0 s", hint));
    }
    check_said(path, &key("reason"), &rule.reason, "say why this margin, in roasting terms")?;
    Ok(Rule { role, metric, lead_s: rule.lead_s, margin_s: rule.margin_s, reason: rule.reason.clone() })
}

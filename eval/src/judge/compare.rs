//! One comparison: paired losses in, a label with its reason out.
//!
//! Differences are candidate minus baseline, so negative is better. Roasts of one
//! cluster share lot, machine and day; each cluster counts once, by its mean.

use super::evidence::{Evidence, Fault, listed};
use super::pairs::{Paired, pair, promised};
use super::policy::{Policy, Role, Rule};
use crate::stats::decision::{Decision, decide};
use crate::stats::paired_t::{PairedT, paired_t};
use crate::stats::power::n_for_power;
use crate::stats::sign_flip::{SignFlip, floor_two_sided, sign_flip};
use crate::stats::sum::mean;
use crate::stats::{StatsError, crn};
use crate::suite::Unit;
use std::collections::BTreeSet;
use trier_tables::rows::ComparisonRow;

/// Power that a needed number of clusters is said for.
const POWER: f64 = 0.8;

/// What a comparison came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Finding {
    /// An interval was held against the margin.
    Decided(Decision),
    /// There are pairs, but no inference can rest on them.
    TooLittle,
    /// Both arms have the same loss on every roast.
    Identical,
    /// Something promised is not there, or the candidate is silent where the baseline speaks.
    Missing,
    /// The evidence itself is broken.
    Invalid(Fault),
}

impl Finding {
    /// The label used in tables.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            Self::Decided(decision) => decision.label(),
            Self::TooLittle | Self::Identical => Decision::Inconclusive.label(),
            Self::Missing => "MISSING",
            Self::Invalid(_) => "ERROR",
        }
    }
}

/// One rule of the policy, judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// What the rule is for.
    pub role: Role,
    /// What it came to.
    pub finding: Finding,
    /// The row for the tables; its `p` is the two-sided sign-flip p over clusters.
    pub row: ComparisonRow,
}

/// Judges every rule of `policy` on `evidence`, in the order of the policy.
///
/// Every unit that the plan says must run owes a score to both arms.
#[must_use]
pub fn compare(policy: &Policy, evidence: &Evidence<'_>) -> Vec<Comparison> {
    let expected = promised(evidence);
    let judged = |rule: &Rule| match pair(evidence, rule, &expected) {
        Ok(paired) => judge(policy, rule, evidence, &paired),
        Err(fault) => {
            let reason = fault.to_string();
            made(
                policy,
                rule,
                &Paired { planned: expected.len(), ..Paired::default() },
                Finding::Invalid(fault),
            )
            .because(&reason)
        }
    };
    policy.rules.iter().map(judged).collect()
}

fn judge(policy: &Policy, rule: &Rule, evidence: &Evidence<'_>, paired: &Paired) -> Comparison {
    if let Some(reason) = missing_reason(policy, evidence, paired) {
        return made(policy, rule, paired, Finding::Missing).because(&reason);
    }
    let differences: Vec<Vec<f64>> =
        paired.by_cluster.values().map(|pairs| pairs.iter().map(|(b, c)| c - b).collect()).collect();
    let means: Vec<f64> = differences.iter().filter_map(|d| mean(d)).collect();
    if !means.is_empty() && differences.iter().flatten().all(|d| *d == 0.0) {
        let reason = "degenerate_no_variation: both arms have the same losses on every roast";
        return made(policy, rule, paired, Finding::Identical).estimate(mean(&means)).because(reason);
    }
    let clusters = means.len();
    if clusters < policy.clusters_min as usize {
        let floor = floor_two_sided(clusters);
        let alpha = 1.0 - policy.level;
        let mut reason = format!(
            "{clusters} clusters, {} needed: add cases on other lots, machines or days",
            policy.clusters_min
        );
        if floor > alpha {
            reason.push_str(&format!("; min_attainable_p {floor} > alpha {alpha:.4}"));
        }
        return made(policy, rule, paired, Finding::TooLittle).estimate(mean(&means)).because(&reason);
    }
    let key = format!("sign_flip/{}/{}/{}", rule.name(), evidence.candidate, evidence.baseline);
    let flip = match sign_flip(&means, &key) {
        Ok(flip) => flip,
        // Scores were checked to be finite, so only a difference can overflow.
        Err(error) => {
            return made(policy, rule, paired, Finding::TooLittle).because(&error.to_string());
        }
    };
    match paired_t(&means, policy.level) {
        Ok(t) => {
            let finding = Finding::Decided(decide(t.lower, t.upper, rule.margin_s));
            let reason = decided_reason(policy, rule, paired, &t, &flip, &finding);
            made(policy, rule, paired, finding).interval(&t, &flip).because(&reason)
        }
        Err(error) => {
            let reason = match error {
                StatsError::NoSpread { .. } => format!(
                    "no_spread: every cluster differs by {:+.4} s, so no interval exists; sign-flip p {}",
                    means[0],
                    p_text(&flip)
                ),
                other => other.to_string(),
            };
            made(policy, rule, paired, Finding::TooLittle).estimate(mean(&means)).because(&reason)
        }
    }
}

/// Why `paired` cannot be compared because something is not there; None when it can.
fn missing_reason(policy: &Policy, evidence: &Evidence<'_>, paired: &Paired) -> Option<String> {
    if paired.planned == 0 {
        return Some("required_slice_missing: no case ran".to_owned());
    }
    if !paired.arms_without_rows.is_empty() {
        return Some(format!("missing_metric: no score of {}", paired.arms_without_rows.join(" and ")));
    }
    if !paired.absent.is_empty() {
        return Some(format!("missing_case: no score of either arm for {}", listed(&paired.absent)));
    }
    if !paired.candidate_silent.is_empty() {
        let units: Vec<Unit> = paired.candidate_silent.iter().map(|(unit, _)| unit.clone()).collect();
        let whys: BTreeSet<&str> = paired.candidate_silent.iter().map(|(_, why)| &**why).collect();
        return Some(format!(
            "candidate_silent: {} has no value where {} has one, {}: {}",
            evidence.candidate,
            evidence.baseline,
            whys.into_iter().collect::<Vec<_>>().join(", "),
            listed(&units)
        ));
    }
    let share = paired.missing_share();
    if share > policy.missing_share_max {
        let silent: Vec<Unit> = paired.both_silent.iter().chain(&paired.baseline_silent).cloned().collect();
        return Some(format!(
            "missing_share: {:.1} % of {} roasts have no value, {:.1} % allowed: {}",
            100.0 * share,
            paired.planned,
            100.0 * policy.missing_share_max,
            listed(&silent)
        ));
    }
    None
}

/// The reason beside a decision: how the p was found, what pairing saved, what is left out, what is needed.
fn decided_reason(
    policy: &Policy,
    rule: &Rule,
    paired: &Paired,
    t: &PairedT,
    flip: &SignFlip,
    finding: &Finding,
) -> String {
    let mut parts = vec![format!("sign-flip p {}", p_text(flip))];
    if let Some(text) = pairing_text(paired) {
        parts.push(text);
    }
    if paired.n_missing() > 0 {
        parts.push(format!("{} of {} roasts make no pair", paired.n_missing(), paired.planned));
    }
    let undecided =
        matches!(finding, Finding::Decided(Decision::Inconclusive | Decision::InconclusiveLikelyWorse));
    if undecided {
        parts.push(needed_text(policy, rule, t));
    }
    parts.join("; ")
}

/// How many clusters would likely settle it, were the estimate true: a primary that is ahead must
/// be shown better, anything else not worse by its margin.
fn needed_text(policy: &Policy, rule: &Rule, t: &PairedT) -> String {
    let is_ahead = rule.role == Role::Primary && t.mean < 0.0;
    let (goal, reach) = if is_ahead { ("better", -t.mean) } else { ("not worse", rule.margin_s - t.mean) };
    let alpha = 0.5 * (1.0 - policy.level);
    n_for_power(reach / t.sd, alpha, POWER).map_or_else(
        || format!("no number of clusters shows it {goal} if this estimate is true"),
        |n| {
            let power = 100.0 * POWER;
            format!("{} clusters, about {n} needed for {power:.0} % power to show it {goal}", t.n)
        },
    )
}

/// How the cluster means of both arms go together, and what that is worth; None when it cannot be said.
fn pairing_text(paired: &Paired) -> Option<String> {
    let arm = |of: fn(&(f64, f64)) -> f64| -> Vec<f64> {
        let means = paired.by_cluster.values().map(|pairs| pairs.iter().map(of).collect::<Vec<f64>>());
        means.filter_map(|losses| mean(&losses)).collect()
    };
    let rho = crn::correlation(&arm(|pair| pair.0), &arm(|pair| pair.1)).ok()?;
    if rho < 0.0 {
        // Both arms hear the same readings, so no random stream can have been crossed.
        return Some(format!(
            "arms correlate {rho:.2}: they err in opposite directions on the same roasts, pairing saves nothing"
        ));
    }
    Some(format!(
        "arms correlate {rho:.2}, pairing is worth {:.1} times the roasts",
        crn::runs_saved_factor(rho)
    ))
}

/// The p of a sign flip as people read it, with its floor when it lies there.
fn p_text(flip: &SignFlip) -> String {
    #[allow(clippy::cast_precision_loss)]
    let floor = if flip.exact { 2.0 / flip.flips as f64 } else { 1.0 / (1.0 + flip.flips as f64) };
    if flip.p_two_sided <= floor {
        return format!("{:.2e}, the floor of {} flips", flip.p_two_sided, flip.flips);
    }
    let how = if flip.exact { "exact" } else { "sampled" };
    format!("{:.4} ({how}, {} flips)", flip.p_two_sided, flip.flips)
}

/// A comparison with its counts, before estimate and reason.
fn made(policy: &Policy, rule: &Rule, paired: &Paired, finding: Finding) -> Comparison {
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let row = ComparisonRow {
        metric: rule.name().into(),
        slice: "all".into(),
        unit: rule.metric.unit.into(),
        estimate: None,
        lower: None,
        upper: None,
        level: Some(policy.level),
        p: None,
        margin: rule.margin_s,
        n_pairs: count(paired.n_pairs()),
        n_clusters: count(paired.by_cluster.len()),
        n_missing: count(paired.n_missing()),
        label: finding.label().into(),
        reason: "".into(),
    };
    Comparison { role: rule.role, finding, row }
}

impl Comparison {
    fn because(mut self, reason: &str) -> Self {
        self.row.reason = reason.into();
        self
    }

    fn estimate(mut self, estimate: Option<f64>) -> Self {
        self.row.estimate = estimate;
        self
    }

    fn interval(mut self, t: &PairedT, flip: &SignFlip) -> Self {
        self.row.estimate = Some(t.mean);
        self.row.lower = Some(t.lower);
        self.row.upper = Some(t.upper);
        self.row.p = Some(flip.p_two_sided);
        self
    }

    /// Whether the whole interval is on the better side of 0.
    #[must_use]
    pub fn is_superior(&self) -> bool {
        self.finding == Finding::Decided(Decision::Superior)
    }

    /// One line for a terminal: `first_crack.abs_error@60s  -4.1 s [-5.0, -3.2]  margin 3 s  SUPERIOR`.
    #[must_use]
    pub fn line(&self) -> String {
        let row = &self.row;
        let unit = &row.unit;
        let estimate = row.estimate.map_or_else(|| "no estimate".to_owned(), |e| format!("{e:+.2} {unit}"));
        let interval = match (row.lower, row.upper) {
            (Some(lower), Some(upper)) => format!(" [{lower:+.2}, {upper:+.2}]"),
            _ => String::new(),
        };
        format!(
            "{} {}  {estimate}{interval}  margin {} {unit}  {}  {} pairs / {} clusters",
            self.role.name(),
            row.metric,
            row.margin,
            row.label,
            row.n_pairs,
            row.n_clusters
        )
    }
}

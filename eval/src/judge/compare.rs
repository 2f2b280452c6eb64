//! One comparison: paired losses in, a label with its reason out.
//!
//! Differences are candidate minus baseline, so negative is better. Roasts of one
//! cluster share lot, machine and day; each cluster counts once, by its mean.

use super::evidence::{Evidence, Fault, listed};
use super::pairs::{Paired, pair, promised};
use super::tail::tail;
use crate::policy::{Policy, Role, Rule, Statistic};
use crate::score::Metric;
use crate::slice::Slice;
use crate::stats::comparison::{self, Method, Question};
use crate::stats::decision::Decision;
use crate::stats::power::n_for_power;
use crate::stats::sign_flip::{SignFlip, floor_two_sided, sign_flip};
use crate::stats::sum::mean;
use crate::stats::{StatsError, crn};
use crate::suite::{Planned, Unit};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use trier_tables::rows::ComparisonRow;

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

/// One comparison, judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The gate it is for; of an explored slice, its name alone.
    pub gate: String,
    /// What it came to.
    pub finding: Finding,
    /// The row for the tables; its `p` is the two-sided sign-flip p over clusters.
    pub row: ComparisonRow,
}

/// What is asked of a metric on a slice.
pub(super) struct Asked<'a> {
    pub(super) role: &'static str,
    pub(super) name: String,
    pub(super) metric: &'a Metric,
    pub(super) lead_s: Option<f64>,
    pub(super) statistic: Statistic,
    pub(super) slice: &'a Slice,
    pub(super) margin: f64,
}

impl<'a> Asked<'a> {
    /// What `rule` asks.
    pub(super) fn by(rule: &'a Rule) -> Self {
        Self {
            role: rule.role.name(),
            name: rule.name(),
            metric: rule.metric,
            lead_s: rule.lead_s,
            statistic: rule.statistic,
            slice: &rule.slice,
            margin: rule.margin,
        }
    }

    pub(super) fn gate(&self) -> String {
        crate::policy::gate_name(self.role, &self.name, self.slice)
    }
}

/// Judges every rule of `policy` on `evidence`, in the order of the policy.
///
/// Every unit that the plan says must run owes a score to both arms.
#[must_use]
pub fn compare(policy: &Policy, evidence: &Evidence<'_>) -> Vec<Comparison> {
    let expected = promised(evidence);
    policy.rules.par_iter().map(|rule| ask(policy, &Asked::by(rule), evidence, &expected)).collect()
}

/// Judges one question.
pub(super) fn ask(
    policy: &Policy,
    asked: &Asked<'_>,
    evidence: &Evidence<'_>,
    expected: &BTreeMap<&Unit, &Planned>,
) -> Comparison {
    match pair(evidence, (asked.metric, asked.lead_s), asked.slice, expected) {
        Ok(paired) => judge(policy, asked, evidence, &paired),
        Err(fault) => {
            let planned = expected.values().filter(|planned| asked.slice.holds(planned)).count();
            let none = Paired { planned, ..Paired::default() };
            let reason = fault.to_string();
            made(policy, asked, &none, Finding::Invalid(fault)).because(&reason)
        }
    }
}

fn judge(policy: &Policy, asked: &Asked<'_>, evidence: &Evidence<'_>, paired: &Paired) -> Comparison {
    if let Some(reason) = missing_reason(policy, asked, evidence, paired) {
        return made(policy, asked, paired, Finding::Missing).because(&reason);
    }
    let differences: Vec<Vec<f64>> =
        paired.by_cluster.values().map(|pairs| pairs.iter().map(|(b, c)| c - b).collect()).collect();
    let means: Vec<f64> = differences.iter().filter_map(|d| mean(d)).collect();
    if !means.is_empty() && differences.iter().flatten().all(|d| *d == 0.0) {
        let reason = "degenerate_no_variation: both arms have the same losses on every roast";
        return made(policy, asked, paired, Finding::Identical).estimate(mean(&means)).because(reason);
    }
    if let Some(reason) = too_few(policy, means.len()) {
        return made(policy, asked, paired, Finding::TooLittle).estimate(mean(&means)).because(&reason);
    }
    // All luck comes from the plan and the question, so nobody can draw again.
    let key = format!("{}/{}", evidence.plan.digest, asked.gate());
    if asked.statistic == Statistic::P90 {
        return tail(policy, asked, paired, &key);
    }
    let question =
        Question { margin: asked.margin, alpha: policy.alpha(), replicates: policy.replicates, key: &key };
    match comparison::compare(&differences, &question) {
        Ok(got) => decided(policy, asked, paired, &got),
        Err(StatsError::NoSpread { .. }) => {
            let flips = sign_flip(&means, &key).map_or_else(|error| error.to_string(), |flip| p_text(&flip));
            let unit = asked.metric.unit;
            let reason = format!(
                "no_spread: every cluster differs by {:+.4} {unit}, so no interval exists; sign-flip p {flips}",
                means[0],
            );
            made(policy, asked, paired, Finding::TooLittle).estimate(mean(&means)).because(&reason)
        }
        // Scores were checked to be finite, so only a difference can overflow.
        Err(error) => made(policy, asked, paired, Finding::TooLittle).because(&error.to_string()),
    }
}

/// Why `clusters` support no inference; None when they do.
fn too_few(policy: &Policy, clusters: usize) -> Option<String> {
    if clusters >= policy.clusters_min as usize {
        return None;
    }
    let (floor, alpha) = (floor_two_sided(clusters), policy.alpha());
    let mut reason = format!(
        "{clusters} clusters, {} needed: add cases on other lots, machines or days",
        policy.clusters_min
    );
    if floor > alpha {
        reason.push_str(&format!("; min_attainable_p {floor} > alpha {alpha:.4}"));
    }
    Some(reason)
}

/// Why `paired` cannot be compared because something is not there; None when it can.
fn missing_reason(
    policy: &Policy,
    asked: &Asked<'_>,
    evidence: &Evidence<'_>,
    paired: &Paired,
) -> Option<String> {
    if paired.planned == 0 {
        return Some(format!("required_slice_missing: no case of {} is to run", asked.slice));
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
            evidence.candidate(),
            evidence.baseline(),
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

fn decided(policy: &Policy, asked: &Asked<'_>, paired: &Paired, got: &comparison::Comparison) -> Comparison {
    let mut parts = vec![format!("sign-flip p {}", p_text(&got.primary))];
    let by_interval = crate::stats::decision::decide(got.interval.0, got.interval.1, asked.margin);
    if by_interval != got.decision {
        parts.push(format!("the interval alone says {}, the flips do not show it", by_interval.label()));
    }
    if got.method == Method::StudentT {
        parts.push("the interval is Student's, as the bootstrap has no sound ends".to_owned());
    }
    if got.disagrees {
        parts.push("W-DISAGREE: the ranks point the other way, so few roasts carry the mean".to_owned());
    }
    parts.extend(pairing_text(paired));
    let undecided = matches!(got.decision, Decision::Inconclusive | Decision::InconclusiveLikelyWorse);
    let needed = undecided.then(|| needed(policy, asked, got.mean, got.t.sd)).flatten();
    if undecided {
        parts.push(needed_text(policy, asked, got.mean, got.clusters, needed));
    }
    let mut comparison = made(policy, asked, paired, Finding::Decided(got.decision));
    comparison.row.estimate = Some(got.mean);
    (comparison.row.lower, comparison.row.upper) = (Some(got.interval.0), Some(got.interval.1));
    comparison.row.method = Some(if got.method == Method::Bca { "bca" } else { "student_t" }.into());
    comparison.row.p = Some(got.primary.p_two_sided);
    comparison.row.p_margin = Some(got.p_margin);
    comparison.row.spread = Some(got.t.sd);
    comparison.row.n_needed = needed;
    let missing = missing_text(paired);
    comparison.because(&parts.into_iter().chain(missing).collect::<Vec<_>>().join("; "))
}

/// How many roasts make no pair, when some do not.
pub(super) fn missing_text(paired: &Paired) -> Option<String> {
    let n = paired.n_missing();
    (n > 0).then(|| format!("{n} of {} roasts make no pair", paired.planned))
}

/// What would settle it were the estimate true: a primary that is ahead must be shown better,
/// anything else not worse by its margin.
fn goal(asked: &Asked<'_>, estimate: f64) -> (&'static str, f64) {
    let is_ahead = asked.role == Role::Primary.name() && estimate < 0.0;
    if is_ahead { ("better", -estimate) } else { ("not worse", asked.margin - estimate) }
}

/// How many clusters would likely settle it.
fn needed(policy: &Policy, asked: &Asked<'_>, estimate: f64, sd: f64) -> Option<u32> {
    n_for_power(goal(asked, estimate).1 / sd, 0.5 * policy.alpha(), policy.power)
}

fn needed_text(
    policy: &Policy,
    asked: &Asked<'_>,
    estimate: f64,
    clusters: usize,
    needed: Option<u32>,
) -> String {
    let (goal, _) = goal(asked, estimate);
    needed.map_or_else(
        || format!("no number of clusters shows it {goal} if this estimate is true"),
        |n| {
            let power = 100.0 * policy.power;
            format!("{clusters} clusters, about {n} needed for {power:.0} % power to show it {goal}")
        },
    )
}

/// The cluster means of both arms: how they go together, when that can be said.
fn correlation(paired: &Paired) -> Option<f64> {
    let arm = |of: fn(&(f64, f64)) -> f64| -> Vec<f64> {
        let means = paired.by_cluster.values().map(|pairs| pairs.iter().map(of).collect::<Vec<f64>>());
        means.filter_map(|losses| mean(&losses)).collect()
    };
    crn::correlation(&arm(|pair| pair.0), &arm(|pair| pair.1)).ok()
}

/// What pairing is worth, in words.
fn pairing_text(paired: &Paired) -> Option<String> {
    let rho = correlation(paired)?;
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
pub(super) fn made(policy: &Policy, asked: &Asked<'_>, paired: &Paired, finding: Finding) -> Comparison {
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let rho = correlation(paired);
    let row = ComparisonRow {
        role: asked.role.into(),
        metric: asked.name.as_str().into(),
        slice: asked.slice.to_string().into(),
        statistic: asked.statistic.name().into(),
        unit: asked.metric.unit.into(),
        estimate: None,
        lower: None,
        upper: None,
        level: Some(policy.level),
        method: None,
        p: None,
        p_adjusted: None,
        p_margin: None,
        margin: asked.margin,
        spread: None,
        rho,
        saved: rho.map(crn::runs_saved_factor).filter(|saved| saved.is_finite()),
        n_pairs: count(paired.n_pairs()),
        n_clusters: count(paired.by_cluster.len()),
        n_missing: count(paired.n_missing()),
        n_needed: None,
        label: finding.label().into(),
        reason: "".into(),
    };
    Comparison { gate: asked.gate(), finding, row }
}

impl Comparison {
    pub(super) fn because(mut self, reason: &str) -> Self {
        self.row.reason = reason.into();
        self
    }

    pub(super) fn estimate(mut self, estimate: Option<f64>) -> Self {
        self.row.estimate = estimate;
        self
    }

    /// Whether it is for a primary.
    #[must_use]
    pub fn is_primary(&self) -> bool {
        *self.row.role == *Role::Primary.name()
    }

    /// Whether it is shown to be better.
    #[must_use]
    pub fn is_superior(&self) -> bool {
        self.finding == Finding::Decided(Decision::Superior)
    }
}

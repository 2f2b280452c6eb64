//! The gate's own test: made-up candidates of known merit, judged by the gate on the plan at hand.
//!
//! A candidate is the baseline's own losses with luck in them, and where something is planted, that too. The
//! luck of a cluster is drawn from a normal with the spread that the policy plans with (`spread` of the rule; the
//! smallest, where several ask about the same scores) and half of it is taken by each arm, with opposite signs. So
//! without a plant the arms are exchangeable: cluster by cluster the difference has the same distribution as its
//! negative, which is all that a sign flip supposes and makes its level exact, and both arms have the same tails.
//! The same predictor on other seeds would not do: it shares no readings with itself, so its differences have
//! another spread than any pair of arms that is judged. Nor would the differences of a pilot with their signs
//! turned: exact as well, but of another spread than the plan's, and then nobody knows which power to expect.
//!
//! Three things are asked, each of [`SEEDS`] candidates, within what chance allows of as many:
//! * nothing planted: promoted no more often than the one-sided error rate of the interval;
//! * on each guardrail in turn a harm of its margin, and on every other score the gain that is planned for, as
//!   one that shows no gain is not promoted anyway: stopped nineteen times in twenty;
//! * on each primary in turn its planned gain: promoted as often as the plan's powers leave at least, whatever
//!   their dependence: 1 − Σ(1 − power) over that primary and all guardrails.
//!
//! What needs a person's approval counts as promoted here: no rule stopped it. Coverage, repeats and what is
//! asked of a candidate by itself are left out, as luck has no part in them.

use crate::gate::{Outcome, judge_rules};
use crate::plan::{Arm, Plan};
use crate::policy::{Policy, Role, Rule};
use crate::posed::{Measured, Posed, is_asked, measured};
use crate::score::Direction;
use crate::stats::bootstrap::Draws;
use crate::stats::normal;
use crate::suite::{Planned, Unit};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use trier_tables::rows::{ScoreRow, SelfTestRow};

/// How many candidates are judged for each question.
pub const SEEDS: u32 = 200;

/// The least share of candidates with planted harm that must be stopped.
const STOPPED_MIN: f64 = 0.95;

/// What is planted.
#[derive(Clone, Copy, Debug)]
enum Plant<'a> {
    Nothing,
    /// The margin on this guardrail, the planned gain elsewhere.
    Harm(&'a Rule),
    /// The planned gain on this primary.
    Gain(&'a Rule),
}

/// What the share of promoted candidates must keep to.
#[derive(Clone, Copy, Debug)]
enum Bound {
    AtMost(f64),
    AtLeast(f64),
}

/// Tests the gate on `plan` under `policy`, one row per question. `scores` hold those of the baseline.
///
/// Deterministic: all luck is drawn by the plan's digest.
#[must_use]
pub fn self_test(policy: &Policy, plan: &Plan, scores: &[ScoreRow]) -> Vec<SelfTestRow> {
    let stage = Stage::of(policy, plan, scores);
    let luck = 0.5 * policy.alpha();
    let mut rows = vec![stage.row(Plant::Nothing, Bound::AtMost(luck + 2.0 * standard_error(luck)))];
    for rule in policy.rules_of(Role::Guardrail) {
        rows.push(stage.row(Plant::Harm(rule), Bound::AtMost(1.0 - STOPPED_MIN)));
    }
    for rule in policy.rules_of(Role::Primary) {
        let power = joint_power(plan, rule);
        rows.push(stage.row(Plant::Gain(rule), Bound::AtLeast(power - 2.0 * standard_error(power))));
    }
    rows
}

/// Of a share `p` of [`SEEDS`].
fn standard_error(p: f64) -> f64 {
    (p * (1.0 - p) / f64::from(SEEDS)).sqrt()
}

/// The least chance that `primary` and every guardrail show what they are planned for.
fn joint_power(plan: &Plan, primary: &Rule) -> f64 {
    let counts = |gate: &str| gate == primary.gate() || gate.starts_with(Role::Guardrail.name());
    let missed: f64 = plan.powers.iter().filter(|p| counts(&p.gate)).map(|p| 1.0 - p.power).sum();
    (1.0 - missed).max(0.0)
}

/// All that stays the same from candidate to candidate.
struct Stage<'a> {
    policy: Policy,
    /// The plan at hand, where the candidate has another name than the baseline.
    plan: Plan,
    asked: Vec<Measured>,
    /// Losses of the baseline on each of `asked`, by unit.
    baseline: Vec<BTreeMap<Unit, f64>>,
    clusters: BTreeSet<&'a Arc<str>>,
    /// No shift that is planted is larger.
    lift: f64,
}

impl<'a> Stage<'a> {
    fn of(policy: &Policy, plan: &'a Plan, scores: &[ScoreRow]) -> Self {
        let asked = measured(&policy.rules);
        let baseline = asked.iter().map(|one| losses(scores, &plan.baseline.name, *one)).collect();
        let name = format!("{} with luck", plan.baseline.name);
        let candidate = Arm { identity: name.clone(), name };
        Self {
            policy: policy.for_tests(),
            plan: Plan { candidate, ..plan.clone() },
            asked,
            baseline,
            clusters: plan.scored().map(|planned| &planned.cluster).collect(),
            lift: policy
                .rules
                .iter()
                .map(|rule| rule.margin.max(rule.effect.unwrap_or(0.0)))
                .fold(0.0, f64::max),
        }
    }

    fn row(&self, plant: Plant<'_>, bound: Bound) -> SelfTestRow {
        let outcomes: Vec<Outcome> =
            (0..SEEDS).into_par_iter().map(|seed| self.outcome(plant, seed)).collect();
        let is_promoted = |outcome: &&Outcome| matches!(outcome, Outcome::Promoted | Outcome::NeedsApproval);
        let promoted = outcomes.iter().filter(is_promoted).count();
        let count = |of: Outcome| outcomes.iter().filter(|outcome| **outcome == of).count();
        let said = Outcome::PRECEDENCE.into_iter().map(|of| (of.word(), count(of))).filter(|(_, n)| *n > 0);
        #[allow(clippy::cast_precision_loss)] // SEEDS at most.
        let share = promoted as f64 / f64::from(SEEDS);
        let (side, limit, holds) = match bound {
            Bound::AtMost(most) => ("at_most", most, share <= most),
            Bound::AtLeast(least) => ("at_least", least, share >= least),
        };
        SelfTestRow {
            planted: plant.said().into(),
            runs: SEEDS,
            promoted: u32::try_from(promoted).unwrap_or(u32::MAX),
            share,
            side: side.into(),
            bound: limit,
            holds,
            outcomes: said.map(|(word, n)| format!("{n} {word}")).collect::<Vec<_>>().join(", ").into(),
        }
    }

    /// What the gate says of candidate `seed`.
    fn outcome(&self, plant: Plant<'_>, seed: u32) -> Outcome {
        let luck = self.luck(seed);
        let losses = |place: usize, planned: &Planned| {
            let baseline = *self.baseline[place].get(&planned.unit)?;
            let spread = self.spread(place, planned);
            let drawn = luck.get(&planned.cluster).map_or(0.0, |luck| luck[place]);
            let half = 0.5 * (plant.shift(&self.policy, self.asked[place], planned) + spread * drawn);
            // No loss is below 0, and a constant on both arms moves neither a mean nor a tail between them.
            let lift = 5.0 * spread + self.lift;
            Some((baseline + lift - half, baseline + lift + half))
        };
        let posed = Posed::of(&self.plan, &self.asked, losses);
        judge_rules(&self.policy, &posed.evidence(&self.plan)).outcome
    }

    /// Standard normal luck of candidate `seed` by cluster, one for each of `asked`. The same whatever is
    /// planted, so that plants are compared on the same luck.
    fn luck(&self, seed: u32) -> BTreeMap<Arc<str>, Vec<f64>> {
        let mut draws = Draws::new(&format!("{}/self-test/{seed}", self.plan.digest));
        let mut drawn = || {
            const STEPS: usize = 1 << 32;
            #[allow(clippy::cast_precision_loss)] // Far below 2⁵³.
            let share = (draws.below(STEPS) as f64 + 0.5) / STEPS as f64;
            normal::quantile(share)
        };
        let of_cluster = |cluster: &&Arc<str>| {
            (Arc::clone(cluster), self.asked.iter().map(|_| drawn()).collect::<Vec<f64>>())
        };
        self.clusters.iter().map(of_cluster).collect()
    }

    /// The spread of the difference on what is asked at `place`, for this unit.
    fn spread(&self, place: usize, planned: &Planned) -> f64 {
        let own = self.policy.rules.iter().filter(|rule| is_asked(rule, self.asked[place]));
        let least = |rules: &mut dyn Iterator<Item = &Rule>| rules.map(|rule| rule.spread).reduce(f64::min);
        // A unit on no slice that is asked about decides nothing.
        least(&mut own.filter(|rule| rule.slice.holds(planned))).unwrap_or(0.0)
    }
}

impl Plant<'_> {
    fn said(self) -> String {
        match self {
            Self::Nothing => "nothing".to_owned(),
            Self::Harm(rule) => format!("harm on {}", rule.gate()),
            Self::Gain(rule) => format!("gain on {}", rule.gate()),
        }
    }

    /// Candidate minus baseline on average, in loss units.
    fn shift(self, policy: &Policy, asked: Measured, planned: &Planned) -> f64 {
        let is_on = |rule: &Rule| is_asked(rule, asked) && rule.slice.holds(planned);
        match self {
            Self::Nothing => 0.0,
            Self::Gain(rule) => {
                if is_on(rule) {
                    -rule.effect.unwrap_or(0.0)
                } else {
                    0.0
                }
            }
            Self::Harm(rule) if is_on(rule) => rule.margin,
            Self::Harm(_) => {
                let gain =
                    policy.rules_of(Role::Primary).find(|rule| is_on(rule)).and_then(|rule| rule.effect);
                -gain.unwrap_or(0.0)
            }
        }
    }
}

/// The losses of `arm` on what is asked, by unit; none where it has no value.
fn losses(scores: &[ScoreRow], arm: &str, (metric, lead_s): Measured) -> BTreeMap<Unit, f64> {
    let sign = if metric.direction == Direction::Higher { -1.0 } else { 1.0 };
    let is_own = |row: &&ScoreRow| {
        *row.arm == *arm
            && *row.metric == *metric.name
            && row.lead_s.map(f64::to_bits) == lead_s.map(f64::to_bits)
    };
    let unit = |row: &ScoreRow| Unit { case: Arc::clone(&row.case), seed: row.seed };
    scores.iter().filter(is_own).filter_map(|row| Some((unit(row), sign * row.value?))).collect()
}

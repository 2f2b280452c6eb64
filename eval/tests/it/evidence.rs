//! Made-up evidence for the judge: every number is set by the test.

use std::path::Path;
use trier_eval::case::Expect;
use trier_eval::gate::{Verdict, judge};
use trier_eval::judge::{Evidence, Repeated};
use trier_eval::plan::{Arm, Plan};
use trier_eval::policy::Policy;
use trier_eval::score::{Subject, metric_named};
use trier_eval::suite::{Planned, Unit, cluster_of};
use trier_roast::Date;
use trier_tables::rows::{CaseRow, ScoreRow};

pub(crate) const PRIMARY: (&str, f64) = ("first_crack.abs_error", 60.0);
pub(crate) const GUARD: (&str, f64) = ("drop.abs_error", 60.0);

/// Cases with two seeds each, both arms, one primary and one guardrail.
#[derive(Clone)]
pub(crate) struct Made {
    pub(crate) plan: Vec<Planned>,
    pub(crate) cases: Vec<CaseRow>,
    pub(crate) scores: Vec<ScoreRow>,
}

/// A policy with the primary and the guardrail above, margin 3 s each. Its spreads are small, so that twelve
/// clusters are enough of a plan.
const POLICY: &str = r#"
schema = "policy/2"
level = 0.95
min_clusters = 8
max_missing_share = 0.05
power = 0.8
replicates = 999
[risk]
rollout = "shadow"
undo = "at_once"
approve_above = 100
[[primary]]
metric = "first_crack.abs_error"
lead_s = 60
margin = 3.0
unit = "s"
effect = 3.0
spread = 1.0
reason = "test"
[[guardrail]]
metric = "drop.abs_error"
lead_s = 60
margin = 3.0
unit = "s"
spread = 1.0
reason = "test"
"#;

/// The policy of these tests.
pub(crate) fn policy() -> Policy {
    policy_with("")
}

/// The same with `more` at its end.
pub(crate) fn policy_with(more: &str) -> Policy {
    let text = format!("{POLICY}{more}");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("policy.toml");
    std::fs::write(&path, text).expect("written");
    Policy::load(&path).expect("valid")
}

impl Made {
    /// `clusters` cases; the candidate's loss is the baseline's plus `difference(metric, case, seed)`.
    pub(crate) fn new(clusters: u32, mut difference: impl FnMut(&str, u32, i64) -> f64) -> Self {
        let mut made = Self { plan: vec![], cases: vec![], scores: vec![] };
        for case in 0..clusters {
            for seed in [1, 2] {
                let unit = Unit { case: format!("case-{case:03}").into(), seed: Some(seed) };
                made.cases.extend(["old", "new"].map(|arm| case_row(&unit, arm)));
                for (metric, lead_s) in [PRIMARY, GUARD] {
                    let base = 12.0 + f64::from(case % 5);
                    let with = base + difference(metric, case, seed);
                    made.scores.push(score(&unit, "old", metric, lead_s, base));
                    made.scores.push(score(&unit, "new", metric, lead_s, with));
                }
                made.plan.push(planned(unit, Expect::Run));
            }
        }
        made
    }

    /// The same difference everywhere but for a little of its own per case and seed.
    pub(crate) fn shifted(clusters: u32, primary: f64, guard: f64) -> Self {
        let wobble =
            |case: u32, seed: i64| f64::from(case * 7 % 11) * 0.1 - 0.5 + 0.05 * f64::from(seed == 1);
        Self::new(clusters, |metric, case, seed| {
            let shift = if metric == PRIMARY.0 { primary } else { guard };
            shift + wobble(case, seed)
        })
    }

    pub(crate) fn judged(&self) -> Verdict {
        self.judged_as("new", "old")
    }

    pub(crate) fn judged_as(&self, candidate: &str, baseline: &str) -> Verdict {
        self.judged_under(&policy(), candidate, baseline)
    }

    pub(crate) fn judged_under(&self, policy: &Policy, candidate: &str, baseline: &str) -> Verdict {
        self.judged_with(policy, (candidate, baseline), |evidence| judge(policy, &evidence))
    }

    /// The evidence of this, as `with` uses it.
    pub(crate) fn judged_with<T>(
        &self,
        policy: &Policy,
        (candidate, baseline): (&str, &str),
        with: impl FnOnce(Evidence<'_>) -> T,
    ) -> T {
        let arm = |name: &str| Arm { name: name.to_owned(), identity: format!("{name}/1") };
        let arms = (arm(candidate), arm(baseline));
        let plan = Plan::of(("made", &[60.0]), self.plan.clone(), policy, None, arms);
        with(Evidence {
            plan: &plan,
            cases: &self.cases,
            scores: &self.scores,
            coverage: None,
            safety: &[],
            repeated: Repeated::default(),
            today: TODAY,
            stopped: None,
        })
    }

    /// The rows of one arm and metric.
    pub(crate) fn rows_mut<'a>(
        &'a mut self,
        arm: &'a str,
        metric: &'a str,
    ) -> impl Iterator<Item = &'a mut ScoreRow> + 'a {
        self.scores.iter_mut().filter(move |row| &*row.arm == arm && &*row.metric == metric)
    }
}

/// The day on which all is judged.
pub(crate) const TODAY: Date = Date { year: 2026, month: 11, day: 22 };

/// A row that says `unit` ran for `arm` as it must.
pub(crate) fn case_row(unit: &Unit, arm: &str) -> CaseRow {
    CaseRow {
        case: unit.case.clone(),
        seed: unit.seed,
        arm: arm.into(),
        expectation: "run".into(),
        status: "ran".into(),
        reason: None,
        passed: true,
        digest: format!("digest of {unit}").into(),
        heard: Some("the same".into()),
        roast_s: Some(600.0),
    }
}

/// A promise of `unit`, on one machine and lot.
pub(crate) fn planned(unit: Unit, expect: Expect) -> Planned {
    let cluster = cluster_of("lot", "gd12", &unit.case);
    let digest = format!("digest of {unit}").into();
    Planned { unit, expect, machine: "gd12".into(), lot: "lot".into(), cluster, tags: vec![], digest }
}

fn score(unit: &Unit, arm: &str, metric: &str, lead_s: f64, value: f64) -> ScoreRow {
    let subject = Subject {
        case: unit.case.clone(),
        seed: unit.seed,
        session_id: None,
        machine: "gd12".into(),
        lot: "lot".into(),
        cluster: cluster_of("lot", "gd12", &unit.case),
    };
    subject.row(arm, metric_named(metric).expect("a metric"), Some(lead_s), Ok(value))
}

/// The repository's root, beside the package.
pub(crate) fn repository() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

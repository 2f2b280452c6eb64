//! Suite runs: the golden suite on the real simulator and pipeline.

use crate::evidence::{TODAY, repository};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use trier_eval::gate::{Outcome, Verdict, judge};
use trier_eval::judge::{Evidence, Repeated};
use trier_eval::plan::Plan;
use trier_eval::policy::Policy;
use trier_eval::runner::{Arms, How, SuiteRun, run_suite, trial};
use trier_eval::suite::Suite;
use trier_pipeline::{Abstain, Forecast, Predictor, Seen, Target, predictor_named};
use trier_sim::Scenario;

fn golden() -> Suite {
    Suite::load(&repository().join("golden/first.toml")).expect("the golden suite")
}

fn run(suite: &Suite, names: &[&str], jobs: usize) -> SuiteRun {
    let arms = Arms::named(names).expect("known predictors");
    run_suite(suite, &suite.units(), &arms, &How { jobs, ..How::default() }).expect("threads")
}

/// The verdict on a run under the suite's policy.
fn judged(suite: &Suite, run: &SuiteRun, arms: &Arms, candidate: &str, baseline: &str) -> Verdict {
    let policy = Policy::load(&suite.policy).expect("its policy");
    let arm = |name: &str| arms.arm(name).expect("an arm");
    let arms = (arm(candidate), arm(baseline));
    let plan = Plan::of((&suite.id, &suite.leads_s), suite.units(), &policy, None, arms);
    let evidence = Evidence {
        plan: &plan,
        cases: &run.cases,
        scores: &run.scores,
        coverage: None,
        safety: &[],
        repeated: Repeated { units: run.repeated.0, unequal: &run.repeated.1 },
        today: TODAY,
        stopped: None,
    };
    judge(&policy, &evidence)
}

/// A suite of the cases with these ids, one seed each, beside the golden files.
fn small(ids: &[&str]) -> Suite {
    let mut suite = golden();
    suite.cases.retain(|case| ids.contains(&&*case.id));
    suite.seeds.last = suite.seeds.first;
    suite
}

#[test]
fn the_golden_suite_runs_as_expected_and_is_judged() {
    let suite = golden();
    let arms = Arms::named(&["artisan", "slope90"]).expect("known predictors");
    let done = AtomicUsize::new(0);
    let progress = |_: &trier_tables::rows::CaseRow| {
        done.fetch_add(1, Ordering::Relaxed);
    };
    let how = How { jobs: 2, repeats: 2, progress: &progress, ..How::default() };
    let units = suite.units();
    let run = run_suite(&suite, &units, &arms, &how).expect("threads");
    assert_eq!((done.into_inner(), run.cases.len()), (units.len(), 2 * units.len()));
    let failed: Vec<_> = run.cases.iter().filter(|row| !row.passed).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    let verdict = judged(&suite, &run, &arms, "slope90", "artisan");
    // A slope to a fixed 196 °C is far off on a machine that cracks at another BT reading.
    assert_eq!(verdict.outcome, Outcome::Refused, "{:#?}", verdict.reasons);
    assert!(verdict.comparisons.iter().all(|c| c.row.n_missing == 0), "{:#?}", verdict.comparisons);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let suite = small(&["steady", "late-mark", "wet-lot", "must-refuse-overweight"]);
    let one = run(&suite, &["artisan", "slope90"], 1);
    assert_eq!(one, run(&suite, &["artisan", "slope90"], 2));
    assert_eq!(one, run(&suite, &["artisan", "slope90"], 5));
}

#[test]
fn an_arm_scores_the_same_whoever_runs_beside_it() {
    let suite = small(&["steady", "noisy-probe"]);
    let own = |run: &SuiteRun| -> Vec<_> {
        run.scores.iter().filter(|row| &*row.arm == "artisan").cloned().collect()
    };
    let alone = own(&run(&suite, &["artisan"], 1));
    assert!(!alone.is_empty());
    assert_eq!(alone, own(&run(&suite, &["constant", "artisan", "slope90"], 1)));
}

#[test]
fn a_case_that_comes_out_otherwise_fails_by_name() {
    let mut suite = small(&["steady", "must-refuse-overweight", "must-refuse-no-drop"]);
    let steady = suite.cases.iter().position(|case| &*case.id == "steady").expect("there");
    let heavy = suite.cases.iter().position(|case| &*case.id == "must-refuse-overweight").expect("there");
    suite.cases[heavy].expect = trier_eval::case::Expect::Refuse("no_drop".to_owned());
    suite.cases[steady].bounds[0].max = suite.cases[steady].bounds[0].min;
    let reasons = |suite: &Suite| -> Vec<(String, bool, String)> {
        let rows = run(suite, &["artisan"], 1).cases;
        let of = |row: &trier_tables::rows::CaseRow| {
            (row.status.to_string(), row.passed, row.reason.as_deref().unwrap_or("").to_owned())
        };
        rows.iter().map(of).collect()
    };
    let rows = reasons(&suite);
    let outcome = |at: usize| (rows[at].0.as_str(), rows[at].1);
    assert_eq!((outcome(0), rows[0].2.as_str()), (("refused", true), "stalled"));
    assert_eq!((outcome(1), rows[1].2.as_str()), (("refused", false), "charge_too_heavy, not no_drop"));
    assert!(outcome(2) == ("ran", false) && rows[2].2.contains("true.first_crack_start is"), "{rows:?}");
    // What must be refused and runs has failed; what must run and is refused has, too.
    let expect = trier_eval::case::Expect::Refuse("charge_too_heavy".to_owned());
    (suite.cases[steady].expect, suite.cases[steady].bounds) = (expect, vec![]);
    suite.cases[heavy].expect = trier_eval::case::Expect::Run;
    let rows = reasons(&suite);
    assert_eq!((rows[2].0.as_str(), rows[2].1), ("ran", false));
    assert_eq!((rows[1].0.as_str(), rows[1].1), ("refused", false));
}

/// The best predictor there could be, but for one habit: it is silent when roasts are slow.
struct Picky(Box<dyn Predictor>);

impl Predictor for Picky {
    fn name(&self) -> &str {
        "picky"
    }

    fn title(&self) -> &str {
        "a test's own"
    }

    fn version(&self) -> u32 {
        1
    }

    fn forecast(&mut self, target: Target, seen: &Seen<'_>) -> Forecast {
        if seen.now_s > 480.0 {
            return Forecast::Abstain(Abstain::NoDropTarget);
        }
        self.0.forecast(target, seen)
    }
}

#[test]
fn a_candidate_that_is_silent_on_hard_cases_is_refused_by_name() {
    let suite = small(&["steady", "slow", "fast", "dry-lot"]);
    let artisan = || predictor_named("artisan").expect("known");
    let arms = Arms::named(&["artisan"])
        .and_then(|arms| arms.and("picky", move || Box::new(Picky(artisan()))))
        .expect("two names");
    let run = run_suite(&suite, &suite.units(), &arms, &How { jobs: 1, repeats: 2, ..How::default() })
        .expect("threads");
    let verdict = judged(&suite, &run, &arms, "picky", "artisan");
    // Four cases are no plan; and that is said before the refusal.
    assert_eq!(verdict.outcome, Outcome::Underpowered);
    let why = verdict.reasons.join("\n");
    assert!(why.contains("candidate_silent: picky") && why.contains("slow seed"), "{why}");
}

#[test]
fn a_trial_repeats_and_holds_together() {
    let path = repository().join("scenarios/steady/steady.toml");
    let scenario = Scenario::load(Path::new(&path)).expect("ships");
    let arms = Arms::named(&["artisan", "constant"]).expect("known predictors");
    let one = trial(&scenario, 7, "steady", &arms, &[60.0]).expect("runs");
    let two = trial(&scenario, 7, "steady", &arms, &[60.0]).expect("runs");
    assert_eq!((&one.scores, &one.outputs), (&two.scores, &two.outputs));
    assert_ne!(one.scores, trial(&scenario, 8, "steady", &arms, &[60.0]).expect("runs").scores);
    assert_eq!(one.earlier.len(), scenario.history_roasts as usize);
    let session = one.session.expect("a roast makes a session");
    assert!(one.earlier.iter().all(|earlier| earlier.end_us < session.start_us));
    assert!(one.run.truth.iter().all(|row| row.source == one.source));
    assert!(one.scores.iter().all(|row| row.value.is_some() != row.missing.is_some()));
}

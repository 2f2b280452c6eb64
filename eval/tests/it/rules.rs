//! Rules beyond the mean of the whole: slices, tails, bias, calibration, safety, coverage, waivers, risk, refactors.

use crate::evidence::{GUARD, Made, PRIMARY, TODAY, policy, policy_with};
use trier_eval::gate::{Outcome, Verdict, judge};
use trier_eval::judge::Evidence;
use trier_eval::policy::{CoverageBars, Policy, Purpose, Waiver, Waivers};
use trier_eval::score::metric_named;
use trier_tables::rows::{CoverageRow, SafetyRow, ScoreRow};

/// A candidate that is better by 4 s and no worse anywhere.
fn good() -> Made {
    Made::shifted(16, -4.0, 0.0)
}

fn judged(made: &Made, policy: &Policy) -> Verdict {
    made.judged_under(policy, "new", "old")
}

/// The verdict with `change` made to the evidence.
fn judged_with(made: &Made, policy: &Policy, change: impl FnOnce(&mut Evidence<'_>)) -> Verdict {
    made.judged_with(policy, ("new", "old"), |mut evidence| {
        change(&mut evidence);
        judge(policy, &evidence)
    })
}

fn assert_outcome(verdict: &Verdict, outcome: Outcome, word: &str) {
    assert_eq!(verdict.outcome, outcome, "{:#?}", verdict.reasons);
    let all: Vec<String> =
        verdict.gates.iter().map(|gate| format!("{}: {}", gate.gate, gate.reason)).collect();
    assert!(all.iter().any(|reason| reason.contains(word)), "no {word} in {all:#?}");
}

/// The same scores under another metric, `value` of each roast.
fn with_metric(made: &mut Made, name: &str, lead_s: Option<f64>, value: impl Fn(&ScoreRow) -> f64) {
    let metric = metric_named(name).expect("a metric");
    let own = made.scores.iter().filter(|row| &*row.metric == PRIMARY.0).cloned();
    let rows: Vec<ScoreRow> = own
        .map(|row| ScoreRow {
            value: Some(value(&row)),
            metric: metric.name.into(),
            unit: metric.unit.into(),
            direction: metric.direction.name().into(),
            lead_s,
            ..row
        })
        .collect();
    made.scores.extend(rows);
}

/// Half of the cases are of another machine.
fn on_two_machines(made: &mut Made) {
    let is_other = |case: &str| case.as_bytes().last().is_some_and(|digit| digit % 2 == 1);
    for planned in made.plan.iter_mut().filter(|planned| is_other(&planned.unit.case)) {
        planned.machine = "gd60".into();
        planned.cluster = format!("lot/gd60/{}", planned.unit.case).into();
    }
    for row in made.scores.iter_mut().filter(|row| is_other(&row.case)) {
        row.machine = "gd60".into();
        row.cluster = format!("lot/gd60/{}", row.case).into();
    }
}

#[test]
fn a_required_slice_stops_what_the_whole_would_let_through() {
    let slices = r#"slices = ["all", "machine=gd60"]"#;
    let sliced = policy_with(&format!(
        "[[guardrail]]\nmetric = \"first_crack.abs_error\"\nlead_s = 60\n{slices}\nmargin = 3.0\nunit = \"s\"\nspread = 1.0\nreason = \"test\"\n"
    ));
    let mut made = Made::new(16, |metric, case, seed| {
        let wobble = f64::from(case * 7 % 11) * 0.1 + 0.05 * f64::from(seed == 1);
        let shift = if case % 2 == 1 { 5.0 } else { -9.0 };
        if metric == PRIMARY.0 { shift + wobble } else { wobble - 0.5 }
    });
    on_two_machines(&mut made);
    let verdict = judged(&made, &sliced);
    assert_outcome(
        &verdict,
        Outcome::Refused,
        "guardrail.first_crack.abs_error@60s [machine=gd60]: INFERIOR",
    );
    // Each machine was looked at besides, deciding nothing.
    let explored: Vec<&str> = verdict
        .comparisons
        .iter()
        .filter(|found| &*found.row.role == "exploratory")
        .map(|found| &*found.row.slice)
        .collect();
    assert_eq!(explored, ["machine=gd12", "machine=gd60"]);
    // A slice that the suite has no case of is missing, never passed over: the plan already says so.
    let absent = policy_with(
        "[[guardrail]]\nmetric = \"drop.abs_error\"\nlead_s = 60\nslices = [\"tag=dark\"]\nmargin = 3.0\nunit = \"s\"\nspread = 1.0\nreason = \"test\"\n",
    );
    assert_outcome(
        &judged(&good(), &absent),
        Outcome::Underpowered,
        "required_slice_missing: no case of tag=dark",
    );
}

#[test]
fn a_tail_stops_what_the_mean_would_let_through() {
    let tail = policy_with(
        "[[guardrail]]\nmetric = \"drop.abs_error\"\nlead_s = 60\nstatistic = \"p90\"\nmargin = 3.0\nunit = \"s\"\nspread = 1.0\nreason = \"test\"\n",
    );
    assert_outcome(&judged(&good(), &tail), Outcome::Promoted, "90 % quantile of losses, 16 clusters drawn");
    // Every other roast is 8 s worse, the others as much better: the mean stays.
    let heavy = Made::new(16, |metric, case, seed| {
        let wobble = f64::from(case * 7 % 11) * 0.1 + 0.05 * f64::from(seed == 1);
        match metric == PRIMARY.0 {
            true => wobble - 4.0,
            false if case % 2 == 0 => 8.0 + wobble,
            false => wobble - 8.5,
        }
    });
    let verdict = judged(&heavy, &tail);
    let label = |statistic: &str| {
        let row = verdict
            .comparisons
            .iter()
            .find(|c| &*c.row.statistic == statistic && c.row.metric.starts_with("drop"));
        row.map(|c| c.row.label.to_string())
    };
    assert_ne!(verdict.outcome, Outcome::Promoted);
    assert_eq!(label("p90").as_deref(), Some("INFERIOR"), "{:#?}", verdict.reasons);
}

#[test]
fn a_bias_must_be_shown_to_be_small() {
    let bias = policy_with(
        "[[bias]]\nmetric = \"first_crack.error\"\nlead_s = 60\nmargin = 5.0\nunit = \"s\"\nreason = \"test\"\n",
    );
    let with = |shift: f64| {
        let mut made = good();
        with_metric(&mut made, "first_crack.error", Some(60.0), |row| {
            shift + (row.value.unwrap_or(0.0) - 12.0) * 0.5
        });
        judged(&made, &bias)
    };
    assert_outcome(&with(0.0), Outcome::Promoted, "bias.first_crack.error@60s: mean");
    assert_outcome(&with(12.0), Outcome::Refused, "bias.first_crack.error@60s");
    assert_outcome(&with(-9.0), Outcome::Refused, "bias.first_crack.error@60s");
    assert_outcome(&with(6.0), Outcome::Inconclusive, "bias.first_crack.error@60s");
    assert_outcome(&judged(&good(), &bias), Outcome::Refused, "missing_share: 100.0 %");
}

#[test]
fn intervals_that_do_not_hold_are_refused() {
    let calibrated = policy_with(
        "[[calibration]]\nmetric = \"first_crack.within_90\"\nlead_s = 60\nnominal = 0.9\nreason = \"test\"\n",
    );
    let with = |misses: usize| {
        let mut made = good();
        with_metric(&mut made, "first_crack.within_90", Some(60.0), |_| 1.0);
        let own = made.rows_mut("new", "first_crack.within_90").take(misses);
        own.for_each(|row| row.value = Some(0.0));
        judged(&made, &calibrated)
    };
    // Of 32, 25 or fewer happen by luck once in thirty.
    assert_outcome(&with(3), Outcome::Promoted, "29 of 32 intervals held, 90 % should");
    assert_outcome(&with(7), Outcome::Refused, "25 of 32 intervals held");
    assert_outcome(&with(0), Outcome::Promoted, "wider than they need be");
}

#[test]
fn events_of_safety_are_counted_and_not_weighed() {
    let safe = policy_with("[[safety]]\nmetric = \"first_crack.before_now\"\nreason = \"test\"\n");
    let with = |of_new: f64, of_old: f64| {
        let mut made = good();
        with_metric(&mut made, "first_crack.before_now", None, |_| 0.0);
        made.rows_mut("new", "first_crack.before_now").take(1).for_each(|row| row.value = Some(of_new));
        made.rows_mut("old", "first_crack.before_now").take(1).for_each(|row| row.value = Some(of_old));
        judged(&made, &safe)
    };
    assert_outcome(&with(0.0, 0.0), Outcome::Promoted, "none in 32 still leaves up to 8.9");
    assert_outcome(&with(1.0, 1.0), Outcome::Promoted, "in all 1 of the candidate, 1 of the baseline");
    assert_outcome(&with(1.0, 0.0), Outcome::Refused, "in all 1 of the candidate, 0 of the baseline");
    assert_outcome(&judged(&good(), &safe), Outcome::Refused, "32 of 32 roasts were not counted");
}

fn flow(name: &str, safety: bool, met: bool) -> CoverageRow {
    CoverageRow {
        flow: name.into(),
        kind: "path".into(),
        safety,
        steps: "charge drop".into(),
        required: 1,
        observed: u32::from(met),
        units: u32::from(met),
        met,
        cases: "".into(),
        nearest: None,
        why: "test".into(),
    }
}

#[test]
fn coverage_is_measured_or_short() {
    let mut covered = policy();
    covered.coverage = Some(CoverageBars { catalogue: "x".into(), flows_min: 0.7, safety_min: 1.0 });
    let with = |rows: &[CoverageRow]| {
        judged_with(&good(), &covered, |evidence| {
            let rows: &'static [CoverageRow] = Box::leak(rows.to_vec().into_boxed_slice());
            evidence.coverage = Some(rows);
        })
    };
    let flows = |met: usize, safe: bool| -> Vec<CoverageRow> {
        (0..10).map(|i| flow(&format!("f{i}"), i == 0, if i == 0 { safe } else { i <= met })).collect()
    };
    assert_outcome(&with(&flows(6, true)), Outcome::Promoted, "7 of 10 flows seen; not seen: f7, f8, f9");
    assert_outcome(&with(&flows(5, true)), Outcome::CoverageShort, "6 of 10 flows seen");
    assert_outcome(&with(&flows(9, false)), Outcome::CoverageShort, "coverage.safety: 0 of 1 flows seen");
    assert_outcome(&judged(&good(), &covered), Outcome::CoverageShort, "missing_coverage");
    let open = |arm: &str, answered: u32| SafetyRow {
        flow: "stuck".into(),
        arm: arm.into(),
        dangers: 2,
        answered,
        unanswered: "".into(),
    };
    let answered = |new: u32, old: u32| {
        judged_with(&good(), &covered, |evidence| {
            evidence.coverage = Some(Box::leak(flows(9, true).into_boxed_slice()));
            evidence.safety = Box::leak(vec![open("new", new), open("old", old)].into_boxed_slice());
        })
    };
    assert_outcome(&answered(1, 1), Outcome::Promoted, "safety.answered: none");
    assert_outcome(&answered(1, 2), Outcome::Refused, "stuck (1 unanswered, 0 of the baseline)");
}

#[test]
fn a_waiver_lets_a_guardrail_pass_and_nothing_hides_it() {
    let waived = |asked: &str, approved: &str, expires: &str| {
        let mut policy = policy();
        policy.rules[1].waiver = Some("W-1".to_owned());
        policy.waivers = Waivers::of(vec![Waiver {
            id: "W-1".into(),
            gate: policy.rules[1].gate(),
            reason: "the probe is replaced next week".into(),
            asked_by: asked.into(),
            approved_by: approved.into(),
            expires: expires.into(),
        }]);
        policy
    };
    let harmful = Made::shifted(16, -4.0, 4.0);
    let passes = judged(&harmful, &waived("ana", "bo", "2026-11-22"));
    assert_eq!(passes.outcome, Outcome::Promoted, "{:#?}", passes.reasons);
    let gate = passes.gates.iter().find(|gate| gate.waiver.is_some()).expect("a waived gate");
    assert_eq!((&*gate.label, &*gate.gate), ("waived", "guardrail.drop.abs_error@60s"));
    assert_eq!(passes.risk.map(|risk| risk.waivers.to_bits()), Some(5.0_f64.to_bits()));
    for (policy, word) in [
        (waived("ana", "bo", "2026-11-21"), "waiver_expired"),
        (waived("ana", "Ana", "2026-12-01"), "waiver_self_signed"),
        (Policy { waivers: Waivers::default(), ..waived("ana", "bo", "2026-12-01") }, "waiver_missing"),
    ] {
        assert_outcome(&judged(&harmful, &policy), Outcome::WaiverInvalid, word);
        // Where it is not needed nobody asks for it.
        assert_eq!(judged(&good(), &policy).outcome, Outcome::Promoted);
    }
}

#[test]
fn much_at_stake_needs_a_person() {
    let mut careful = policy();
    careful.risk.approve_above = 20.0;
    let verdict = judged(&good(), &careful);
    assert_outcome(&verdict, Outcome::NeedsApproval, "risk/1");
    careful.risk.waiver = Some("W-2".to_owned());
    let approval = |approved: &str| {
        Waivers::of(vec![Waiver {
            id: "W-2".into(),
            gate: "risk".into(),
            reason: "looked at".into(),
            asked_by: "ana".into(),
            approved_by: approved.into(),
            expires: TODAY.to_string(),
        }])
    };
    let approved = Policy { waivers: approval("bo"), ..careful.clone() };
    assert_eq!(judged(&good(), &approved).outcome, Outcome::Promoted);
    assert_eq!(
        judged(&good(), &Policy { waivers: approval("ana"), ..careful }).outcome,
        Outcome::WaiverInvalid
    );
    // A refusal is a refusal, whoever approves.
    assert_eq!(judged(&Made::shifted(16, -4.0, 4.0), &approved).outcome, Outcome::Refused);
}

#[test]
fn a_refactor_is_the_same_to_the_bit() {
    let refactor = Policy { purpose: Purpose::Refactor, ..policy() };
    let same = Made::new(16, |_, _, _| 0.0);
    assert_outcome(&judged(&same, &refactor), Outcome::Promoted, "scores.equal: none");
    let mut other = same.clone();
    other.rows_mut("new", GUARD.0).take(1).for_each(|row| row.value = row.value.map(|v| v + 1e-12));
    assert_outcome(&judged(&other, &refactor), Outcome::Refused, "drop.abs_error of case-000 seed 1");
    assert_eq!(judged(&same, &policy()).outcome, Outcome::Inconclusive);
}

#[test]
fn promotions_stop_while_somebody_says_so() {
    let stopped =
        judged_with(&good(), &policy(), |evidence| evidence.stopped = Some("the probe of m2 is broken\nana"));
    assert_outcome(&stopped, Outcome::Stopped, "promotions are stopped: the probe of m2 is broken");
}

#[test]
fn what_is_not_reproducible_is_no_evidence() {
    let asked = Policy { repeats: 3, ..policy() };
    assert_outcome(&judged(&good(), &asked), Outcome::NotReproducible, "0 units were run again");
    let again = judged_with(&good(), &asked, |evidence| evidence.repeated.units = 3);
    assert_eq!(again.outcome, Outcome::Promoted);
    let unequal = judged_with(&good(), &asked, |evidence| {
        let unit = evidence.plan.units[4].unit.clone();
        (evidence.repeated.units, evidence.repeated.unequal) = (3, Box::leak(vec![unit].into_boxed_slice()));
    });
    assert_outcome(&unequal, Outcome::NotReproducible, "case-002 seed 1");
}

#[test]
fn a_few_errors_may_be_allowed_and_are_never_values() {
    let lenient = Policy { errored_share_max: 0.05, ..policy() };
    let with = |units: usize| {
        let mut made = good();
        let bad: Vec<_> = made.plan.iter().take(units).map(|planned| planned.unit.clone()).collect();
        let is_bad =
            |case: &str, seed: Option<i64>| bad.iter().any(|unit| *unit.case == *case && unit.seed == seed);
        for row in made.cases.iter_mut().filter(|row| is_bad(&row.case, row.seed)) {
            (row.status, row.passed, row.reason) = ("errored".into(), false, Some("over_time".into()));
        }
        made.scores.retain(|row| !is_bad(&row.case, row.seed));
        made
    };
    let one = judged(&with(1), &lenient);
    assert_eq!((one.outcome, one.comparisons[0].row.n_missing), (Outcome::Promoted, 1), "{:#?}", one.reasons);
    assert_outcome(&judged(&with(1), &policy()), Outcome::CasesErrored, "case-000 seed 1 (over_time)");
    assert_outcome(&judged(&with(2), &lenient), Outcome::CasesErrored, "case-000 seed 2 (over_time)");
    let mut left_out = good();
    left_out.cases.iter_mut().take(2).for_each(|row| (row.status, row.passed) = ("not_run".into(), false));
    left_out.cases.iter_mut().take(2).for_each(|row| row.reason = Some("budget".into()));
    assert_outcome(
        &judged(&left_out, &policy()),
        Outcome::BudgetReached,
        "as a budget ended the work: case-000 seed 1",
    );
}

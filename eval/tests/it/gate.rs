//! The gate: every label and outcome is reachable, and nothing broken is promoted.

use crate::evidence::{GUARD, Made, PRIMARY, case_row, planned, policy};
use trier_eval::case::Expect;
use trier_eval::gate::{Outcome, Verdict};
use trier_eval::policy::{Role, Rule};
use trier_eval::suite::Unit;

fn primary_label(verdict: &Verdict) -> &str {
    &verdict.comparisons[0].row.label
}

/// Asserts that `made` is not promoted, with this outcome and this word among the reasons.
fn refused(made: &Made, outcome: Outcome, word: &str) {
    let verdict = made.judged();
    assert_eq!(verdict.outcome, outcome, "{:#?}", verdict.reasons);
    assert_ne!(verdict.outcome, Outcome::Promoted);
    assert!(verdict.reasons.iter().any(|why| why.contains(word)), "no {word} in {:#?}", verdict.reasons);
}

#[test]
fn a_better_candidate_is_promoted() {
    let verdict = Made::shifted(12, -4.0, 0.0).judged();
    assert_eq!((verdict.outcome, primary_label(&verdict)), (Outcome::Promoted, "SUPERIOR"));
    assert!(verdict.reasons.is_empty() && verdict.gates.iter().all(|gate| &*gate.label == "pass"));
    let row = &verdict.comparisons[0].row;
    assert_eq!((row.n_pairs, row.n_clusters, row.n_missing), (24, 12, 0));
}

#[test]
fn every_label_is_reachable() {
    // The spread of cluster means is about 0.3 s, so the interval reaches 0.2 s either way.
    let wide = |shift: f64| Made::new(12, move |_, case, _| shift + 2.0 * (f64::from(case) - 5.5));
    let tests: [(Made, &str); 6] = [
        (Made::shifted(12, -1.0, 0.0), "SUPERIOR"),
        (Made::shifted(12, 0.0, 0.0), "NON_INFERIOR"),
        (Made::shifted(12, 1.0, 0.0), "NON_INFERIOR_BUT_WORSE"),
        (wide(1.0), "INCONCLUSIVE"),
        (Made::shifted(12, 3.0, 0.0), "INCONCLUSIVE_LIKELY_WORSE"),
        (Made::shifted(12, 4.0, 0.0), "INFERIOR"),
    ];
    for (made, label) in tests {
        let verdict = made.judged();
        assert_eq!(primary_label(&verdict), label, "{}", verdict.comparisons[0].row.reason);
    }
}

#[test]
fn what_is_no_better_is_refused_and_what_is_unclear_stays_open() {
    refused(&Made::shifted(12, 0.0, 0.0), Outcome::Refused, "none can be by as much as its margin");
    refused(&Made::shifted(12, 4.0, 0.0), Outcome::Refused, "INFERIOR");
    refused(&Made::shifted(12, -4.0, 4.0), Outcome::Refused, "guardrail.drop.abs_error@60s: INFERIOR");
    refused(&Made::shifted(12, -4.0, 3.0), Outcome::Inconclusive, "INCONCLUSIVE_LIKELY_WORSE");
    let unclear = Made::new(12, |metric, case, _| {
        if metric == PRIMARY.0 { -1.0 + 2.0 * (f64::from(case) - 5.5) } else { 0.01 * f64::from(case) }
    });
    refused(&unclear, Outcome::Inconclusive, "more roasts might show it");
    let needed = &unclear.judged().comparisons[0].row.reason;
    // Differences of sd 2·√13 s around −1 s are 0.1387 sd: ((1.95996 + 0.84162) / 0.1387)² is 408.1,
    // and t in place of a normal takes 1.96²/2 more, 410.04.
    assert!(needed.contains("12 clusters, about 411 needed for 80 % power to show it better"), "{needed}");
    let worse = Made::new(12, |_, case, _| 1.0 + 2.0 * (f64::from(case) - 5.5)).judged();
    for (at, role) in [(0, "primary"), (1, "guardrail")] {
        let reason = &worse.comparisons[at].row.reason;
        assert!(reason.contains("needed for 80 % power to show it not worse"), "{role}: {reason}");
    }
}

#[test]
fn a_primary_that_cannot_be_judged_reads_inconclusive() {
    // Two primaries: the first carries the promotion, the second says nothing by itself.
    let mut policy = policy();
    let second = Rule { role: Role::Primary, ..policy.rules[1].clone() };
    policy.rules.insert(1, second);
    policy.rules.pop();
    let wide = |shift: f64| {
        Made::new(12, move |metric, case, _| {
            let own = f64::from(case * 7 % 11) - 5.0;
            if metric == PRIMARY.0 { -6.0 + 0.1 * own } else { shift + 1.5 * own }
        })
    };
    for (shift, label) in [(1.0, "INCONCLUSIVE"), (5.0, "INCONCLUSIVE_LIKELY_WORSE")] {
        let verdict = wide(shift).judged_under(&policy, "new", "old");
        let gate = verdict.gates.iter().find(|gate| &*gate.gate == "primary.drop.abs_error@60s");
        let gate = gate.expect("a gate per rule");
        assert_eq!((&*verdict.comparisons[1].row.label, &*gate.label), (label, "inconclusive"));
        assert_eq!(verdict.outcome, Outcome::Promoted, "{:#?}", verdict.reasons);
        assert!(verdict.reasons.is_empty());
    }
    let few = Made::shifted(4, -4.0, 0.0).judged();
    let labels: Vec<&str> = few.gates.iter().rev().skip(1).take(3).map(|gate| &*gate.label).collect();
    assert_eq!(labels, ["inconclusive"; 3]);
}

#[test]
fn the_verdict_says_what_it_rests_on() {
    let scope = |made: &Made| {
        let verdict = made.judged();
        verdict.gates.iter().find(|gate| &*gate.gate == "scores.scope").map(|gate| gate.reason.to_string())
    };
    let mut made = Made::shifted(12, -4.0, 0.0);
    assert_eq!(scope(&made).as_deref(), Some("1 machine, 1 lot, 12 days"));
    // A case that must be refused adds nothing to what was measured.
    let unit = Unit { case: "overweight".into(), seed: None };
    let mut refused = planned(unit, Expect::Refuse("charge_too_heavy".to_owned()));
    (refused.machine, refused.lot) = ("gd60".into(), "other".into());
    made.plan.push(refused);
    let other = |case: &str| case == "case-007";
    made.plan.iter_mut().filter(|p| other(&p.unit.case)).for_each(|p| p.lot = "other".into());
    made.scores.iter_mut().filter(|row| other(&row.case)).for_each(|row| row.lot = "other".into());
    assert_eq!(scope(&made).as_deref(), Some("1 machine, 2 lots, 12 days"));
}

#[test]
fn arms_that_err_in_opposite_directions_are_said_to() {
    let made = Made::new(12, |_, case, _| -4.0 - 2.5 * f64::from(case % 5) + 0.1 * f64::from(case));
    let reason = &made.judged().comparisons[0].row.reason;
    assert!(reason.contains("opposite directions") && !reason.contains("streams"), "{reason}");
}

#[test]
fn two_questions_need_more_than_one_would() {
    // Some shift gives a p between 2.5 % and 5 %: enough alone, not enough as the better of two.
    let one = policy();
    let mut two = one.clone();
    two.rules.insert(1, Rule { role: Role::Primary, ..one.rules[1].clone() });
    let shifts = (0..400).map(|step| -0.01 * f64::from(step));
    let between = shifts
        .map(|shift| {
            Made::new(12, move |metric, case, _| {
                let own = f64::from(case * 7 % 12) - 5.5;
                if metric == PRIMARY.0 { shift + 0.5 * own } else { 0.1 * own }
            })
        })
        .find(|made| {
            let row = &made.judged().comparisons[0].row;
            &*row.label == "SUPERIOR" && row.p.is_some_and(|p| p > 0.025 && p <= 0.05)
        })
        .expect("a shift in between");
    assert_eq!(between.judged_under(&one, "new", "old").outcome, Outcome::Promoted);
    let verdict = between.judged_under(&two, "new", "old");
    assert_eq!(verdict.outcome, Outcome::Inconclusive);
    assert!(verdict.reasons[0].contains("adjusted for 2 primaries"), "{:#?}", verdict.reasons);
}

#[test]
fn swapped_arms_turn_the_verdict() {
    let made = Made::shifted(12, -4.0, 0.0);
    let verdict = made.judged_as("old", "new");
    assert_eq!((verdict.outcome, primary_label(&verdict)), (Outcome::Refused, "INFERIOR"));
}

#[test]
fn an_arm_against_itself_is_never_superior() {
    // Edge case `edge/all_zero_differences`.
    let verdict = Made::shifted(12, -4.0, 0.0).judged_as("new", "new");
    assert_eq!(verdict.outcome, Outcome::Inconclusive);
    for comparison in &verdict.comparisons {
        assert_eq!(&*comparison.row.label, "INCONCLUSIVE");
        assert!(comparison.row.reason.contains("degenerate_no_variation") && comparison.row.p.is_none());
    }
    let why = verdict.reasons.join("\n");
    assert!(why.contains("the same losses on every roast") && !why.contains("more roasts"), "{why}");
}

#[test]
fn one_difference_everywhere_is_not_a_measurement() {
    let constant = Made::new(12, |_, _, _| -1.5);
    refused(&constant, Outcome::Inconclusive, "no_spread");
}

#[test]
fn too_few_clusters_say_how_many_are_needed() {
    // Edge case `edge/too_few_pairs`: four clusters cannot reach p ≤ 0.05.
    refused(&Made::shifted(4, -4.0, 0.0), Outcome::Underpowered, "min_attainable_p 0.125 > alpha");
    refused(&Made::shifted(7, -4.0, 0.0), Outcome::Underpowered, "7 clusters, 8 needed");
    // More seeds of the same cases are no more evidence: they share lot, machine and day.
    let mut made = Made::shifted(12, -4.0, 0.0);
    made.plan.iter_mut().for_each(|planned| planned.cluster = "one day".into());
    made.scores.iter_mut().for_each(|row| row.cluster = "one day".into());
    refused(&made, Outcome::Underpowered, "1 clusters, 8 needed");
}

#[test]
fn a_missing_metric_is_refused_by_name() {
    for arm in ["new", "old"] {
        let mut made = Made::shifted(12, -4.0, 0.0);
        made.scores.retain(|row| &*row.arm != arm || &*row.metric != GUARD.0);
        refused(&made, Outcome::Refused, &format!("missing_metric: no score of {arm}"));
    }
}

#[test]
fn a_missing_case_is_refused_by_name() {
    let mut made = Made::shifted(12, -4.0, 0.0);
    made.scores.retain(|row| &*row.case != "case-003");
    refused(
        &made,
        Outcome::Refused,
        "missing_case: no score of either arm for case-003 seed 1, case-003 seed 2",
    );
    made.cases.retain(|row| &*row.case != "case-003");
    refused(&made, Outcome::Refused, "missing_case: planned, and not there: case-003 seed 1");
    refused(&made, Outcome::Refused, "cases.present");
}

#[test]
fn a_roast_of_one_arm_only_invalidates_the_pairing() {
    // Edge case `edge/unmatched_case_ids`.
    let mut made = Made::shifted(12, -4.0, 0.0);
    made.scores.retain(|row| &*row.arm != "new" || &*row.case != "case-003" || row.seed != Some(1));
    made.scores.retain(|row| &*row.arm != "old" || &*row.case != "case-005" || row.seed != Some(2));
    refused(
        &made,
        Outcome::EvidenceInvalid,
        "pairing_mismatch: missing [case-003 seed 1], extra [case-005 seed 2]",
    );
}

#[test]
fn silence_on_hard_cases_is_not_skill() {
    let mut made = Made::shifted(12, -4.0, 0.0);
    let hard = made.rows_mut("new", PRIMARY.0).filter(|row| &*row.case == "case-004");
    hard.for_each(|row| (row.value, row.missing) = (None, Some("abstained:no_bt".into())));
    refused(&made, Outcome::Refused, "candidate_silent: new has no value where old has one, abstained:no_bt");
    refused(&made, Outcome::Refused, "case-004 seed 1, case-004 seed 2");
}

#[test]
fn silence_of_the_baseline_has_a_limit() {
    let silent = |cases: &[&str]| {
        let mut made = Made::shifted(24, -4.0, 0.0);
        let rows =
            made.rows_mut("old", PRIMARY.0).filter(|row| cases.contains(&&*row.case) && row.seed == Some(1));
        rows.for_each(|row| (row.value, row.missing) = (None, Some("abstained:no_history".into())));
        made
    };
    // One of 48 roasts is 2.1 %, three are 6.3 %; 5 % are allowed.
    let one = silent(&["case-004"]).judged();
    assert_eq!((one.outcome, one.comparisons[0].row.n_missing), (Outcome::Promoted, 1));
    refused(&silent(&["case-004", "case-005", "case-006"]), Outcome::Refused, "missing_share: 6.2 %");
}

#[test]
fn broken_numbers_invalidate_the_evidence() {
    for bad in [f64::NAN, f64::INFINITY] {
        let mut made = Made::shifted(12, -4.0, 0.0);
        made.rows_mut("old", PRIMARY.0).take(1).for_each(|row| row.value = Some(bad));
        refused(&made, Outcome::EvidenceInvalid, "non_finite_input: case-000 seed 1");
    }
}

#[test]
fn rows_that_contradict_invalidate_the_evidence() {
    let with = |change: &dyn Fn(&mut Made)| {
        let mut made = Made::shifted(12, -4.0, 0.0);
        change(&mut made);
        made
    };
    let twice = with(&|made| made.scores.push(made.scores[0].clone()));
    refused(&twice, Outcome::EvidenceInvalid, "duplicate_row: case-000 seed 1");
    let both = with(&|made| made.scores[0].missing = Some("no_forecast".into()));
    refused(&both, Outcome::EvidenceInvalid, "contradiction: case-000 seed 1");
    let neither = with(&|made| made.scores[0].value = None);
    refused(&neither, Outcome::EvidenceInvalid, "contradiction");
    let minutes = with(&|made| made.scores[0].unit = "min".into());
    refused(&minutes, Outcome::EvidenceInvalid, "wrong_unit: case-000 seed 1 is in min");
    let picked = with(&|made| made.scores.iter_mut().for_each(|row| row.seed = row.seed.map(|s| s + 100)));
    refused(&picked, Outcome::EvidenceInvalid, "unplanned_row: case-000 seed 101");
    let other = with(&|made| {
        (made.scores[0].value, made.scores[0].missing) = (None, Some("no_reference".into()));
    });
    refused(&other, Outcome::EvidenceInvalid, "different_reference: one arm of case-000 seed 1");
    let moved = with(&|made| made.scores[0].cluster = "elsewhere".into());
    refused(
        &moved,
        Outcome::EvidenceInvalid,
        "wrong_cluster: case-000 seed 1 (elsewhere for lot/gd12/case-000",
    );
    let again = with(&|made| made.cases.push(made.cases[0].clone()));
    refused(&again, Outcome::EvidenceInvalid, "case-000 seed 1 of old twice");
}

#[test]
fn cases_that_go_wrong_are_not_passed_over() {
    let with = |change: &dyn Fn(&mut Made)| {
        let mut made = Made::shifted(12, -4.0, 0.0);
        change(&mut made);
        made
    };
    let errored = with(&|made| {
        (made.cases[7].status, made.cases[7].passed) = ("errored".into(), false);
        made.cases[7].reason = Some("energy_open".into());
    });
    refused(&errored, Outcome::CasesErrored, "case-001 seed 2 (energy_open)");
    let unexpected = with(&|made| made.cases[7].passed = false);
    refused(&unexpected, Outcome::Refused, "came out other than expected: case-001 seed 2");
    // Precedence: invalid evidence is said before anything it would decide.
    let invalid = with(&|made| {
        (made.cases[7].status, made.cases[7].passed) = ("errored".into(), false);
        made.scores[0].value = Some(f64::NAN);
    });
    refused(&invalid, Outcome::EvidenceInvalid, "cases.errored");
    let nothing = Made { plan: vec![], cases: vec![], scores: vec![] };
    refused(&nothing, Outcome::NothingSelected, "no case is selected");
}

#[test]
fn a_must_refuse_case_owes_no_score_but_its_refusal() {
    let mut made = Made::shifted(12, -4.0, 0.0);
    let unit = Unit { case: "overweight".into(), seed: None };
    for arm in ["old", "new"] {
        let mut row = case_row(&unit, arm);
        (row.expectation, row.status) = ("refuse".into(), "refused".into());
        (row.reason, row.heard) = (Some("charge_too_heavy".into()), None);
        made.cases.push(row);
    }
    made.plan.push(planned(unit, Expect::Refuse("charge_too_heavy".to_owned())));
    assert_eq!(made.judged().outcome, Outcome::Promoted);
    let last = made.cases.len() - 1;
    made.cases[last].reason = Some("timed_out".into());
    refused(&made, Outcome::EvidenceInvalid, "overweight says passed, though refused (timed_out)");
    (made.cases[last].status, made.cases[last].passed) = ("ran".into(), false);
    refused(&made, Outcome::Refused, "overweight (ran");
    made.cases.pop();
    refused(&made, Outcome::Refused, "planned, and not there: overweight of new");
}

#[test]
fn the_order_of_rows_changes_nothing() {
    let made = Made::shifted(12, -1.0, 0.5);
    let mut other = made.clone();
    other.scores.reverse();
    other.cases.reverse();
    other.plan.rotate_left(5);
    assert_eq!(made.judged(), other.judged());
}

#[test]
fn exit_codes_are_those_of_the_contract() {
    let codes = Outcome::PRECEDENCE.map(|outcome| outcome.exit_code());
    // Of several that hold the first names the verdict; 3 is a plan of nothing, and stands alone.
    assert_eq!(codes, [13, 3, 9, 7, 10, 12, 11, 8, 15, 4, 5, 6, 0]);
    for outcome in Outcome::PRECEDENCE {
        assert_eq!(Outcome::from_word(outcome.word()), Some(outcome));
        assert_eq!(outcome.label() == "pass", outcome == Outcome::Promoted);
    }
}

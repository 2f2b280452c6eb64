//! The plan is believed, rows are not: what disagrees with it, or with itself, is no evidence.

use crate::evidence::{Made, PRIMARY};
use trier_eval::gate::Outcome;

/// Asserts that `made` with `change` is invalid evidence, with `word` among the reasons.
fn invalid(made: &Made, change: impl Fn(&mut Made), word: &str) {
    let mut changed = made.clone();
    change(&mut changed);
    let verdict = changed.judged();
    assert_eq!(verdict.outcome, Outcome::EvidenceInvalid, "{word}: {:#?}", verdict.reasons);
    assert!(verdict.reasons.iter().any(|why| why.contains(word)), "no {word} in {:#?}", verdict.reasons);
}

#[test]
fn a_failing_case_cannot_be_called_one_that_must_be_refused() {
    // The candidate is far worse on three cases and slightly better on the rest.
    let bad = |case: &str| ["case-001", "case-005", "case-009"].contains(&case);
    let made = Made::new(15, |_, case, seed| {
        let own = -4.0 + f64::from(case * 7 % 11) * 0.1 + 0.05 * f64::from(seed == 1);
        if [1, 5, 9].contains(&case) { 40.0 } else { own }
    });
    assert_ne!(made.judged().outcome, Outcome::Promoted);
    let relabel = |made: &mut Made| {
        for row in made.cases.iter_mut().filter(|row| bad(&row.case)) {
            (row.expectation, row.status, row.passed) = ("refuse".into(), "refused".into(), true);
        }
        made.scores.retain(|row| !bad(&row.case));
    };
    invalid(&made, relabel, "case-001 seed 1 says it must refuse, the plan says run");
}

#[test]
fn clusters_are_those_of_the_plan() {
    // Each case has its own luck, shared by its seeds: six clusters are too few, and twelve
    // half-clusters would be enough if rows could say so.
    let made =
        Made::new(6, |_, case, seed| -4.0 + f64::from(case * 7 % 11) * 0.1 + 0.05 * f64::from(seed == 1));
    assert_eq!(made.judged().outcome, Outcome::Underpowered);
    let split = |made: &mut Made| {
        for row in &mut made.scores {
            row.cluster = format!("{}/{}", row.cluster, row.seed.unwrap_or(0)).into();
        }
    };
    invalid(&made, split, "wrong_cluster: case-000 seed 1");
    let elsewhere = |made: &mut Made| made.scores.iter_mut().for_each(|row| row.machine = "gd60".into());
    invalid(&made, elsewhere, "wrong_cluster: case-000 seed 1");
}

#[test]
fn a_case_row_agrees_with_itself() {
    let made = Made::shifted(12, -4.0, 0.0);
    assert_eq!(made.judged().outcome, Outcome::Promoted);
    let status = |status: &'static str, passed: bool| {
        move |made: &mut Made| (made.cases[7].status, made.cases[7].passed) = (status.into(), passed)
    };
    invalid(&made, status("skipped", true), "case-001 seed 2 has status skipped");
    invalid(&made, status("skipped", false), "case-001 seed 2 has status skipped");
    invalid(&made, status("errored", true), "case-001 seed 2 says passed, though errored");
    invalid(&made, status("refused", true), "case-001 seed 2 says passed, though refused");
    let broken = |made: &mut Made| made.cases[7].reason = Some("true.drop is 9 s, bound 1 to 2 s".into());
    invalid(&made, broken, "case-001 seed 2 says passed, with a reason why not");
}

#[test]
fn rows_of_other_inputs_are_stale_and_both_arms_hear_the_same() {
    let made = Made::shifted(12, -4.0, 0.0);
    let stale = |made: &mut Made| made.cases[7].digest = "of last week".into();
    invalid(&made, stale, "stale: made from other inputs than the plan's: case-001 seed 2 of new");
    let deaf = |made: &mut Made| made.cases[7].heard = Some("something else".into());
    invalid(&made, deaf, "the arms heard different readings: case-001 seed 2");
}

#[test]
fn a_loss_is_never_negative() {
    let negative = |made: &mut Made| made.rows_mut("new", PRIMARY.0).for_each(|row| row.value = Some(-5.0));
    invalid(&Made::shifted(12, 0.0, 0.0), negative, "negative_loss: case-000 seed 1 is -5");
}

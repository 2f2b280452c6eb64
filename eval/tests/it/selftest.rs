//! The gate's own test, on made-up scores of a baseline.

use crate::evidence::{Made, policy, policy_with};
use trier_eval::selftest::{SEEDS, self_test};
use trier_tables::rows::SelfTestRow;

/// What the gate makes of candidates on twelve days planned by one policy, tested by another.
fn tested(planned: &str, tested: &str) -> Vec<SelfTestRow> {
    let made = Made::shifted(12, 0.0, 0.0);
    made.judged_with(&policy_with(planned), ("new", "old"), |evidence| {
        self_test(&policy_with(tested), evidence.plan, &made.scores)
    })
}

/// A second guardrail, that a gain must not be paid for at 30 s.
fn guard(spread: f64) -> String {
    format!(
        "[[guardrail]]\nmetric = \"drop.abs_error\"\nlead_s = 30\nmargin = 3.0\nunit = \"s\"\nspread = {spread}\nreason = \"test\"\n"
    )
}

#[test]
fn the_gate_keeps_to_its_bounds() {
    let rows = tested("", "");
    let planted: Vec<&str> = rows.iter().map(|row| &*row.planted).collect();
    assert_eq!(
        planted,
        ["nothing", "harm on guardrail.drop.abs_error@60s", "gain on primary.first_crack.abs_error@60s"]
    );
    assert!(rows.iter().all(|row| row.holds && row.runs == SEEDS), "{rows:#?}");
    // A harm that stops everything would say nothing of the gate's power: the gain is planted beside it.
    assert!(rows[1].outcomes.contains("INCONCLUSIVE"), "{}", rows[1].outcomes);
    assert_eq!(rows, tested("", ""), "its luck is the plan's");
}

#[test]
fn a_gate_without_the_power_of_its_plan_is_found() {
    // The plan trusts a spread of 1 s on a guardrail, and there are 8 s: not worse by 3 s is shown to few.
    let rows = tested(&guard(1.0), &guard(8.0));
    // Those scores were never made, so all are missing: a gate that cannot judge has no power either.
    let gain = rows.last().expect("a gain");
    assert!(!gain.holds && gain.promoted == 0 && gain.outcomes.contains("REFUSED"), "{gain:?}");
    // The same of scores that are there.
    let made = Made::shifted(12, 0.0, 0.0);
    let wide = {
        let mut wide = policy();
        wide.rules.iter_mut().for_each(|rule| rule.spread *= 6.0);
        wide
    };
    let rows =
        made.judged_with(&policy(), ("new", "old"), |evidence| self_test(&wide, evidence.plan, &made.scores));
    let gain = rows.last().expect("a gain");
    assert!(!gain.holds && gain.side.as_ref() == "at_least", "{gain:?}");
    assert!(rows[0].holds, "more luck promotes nobody by chance: {:?}", rows[0]);
}

#[test]
fn a_predictor_held_against_itself_tests_the_gate_too() {
    let made = Made::shifted(12, 0.0, 0.0);
    let rows = made
        .judged_with(&policy(), ("old", "old"), |evidence| self_test(&policy(), evidence.plan, &made.scores));
    assert!(rows.iter().all(|row| row.holds), "{rows:#?}");
}

//! The tests that a policy brings: made-up evidence, judged by the gate, and the word that must come of it.

use crate::case::Expect;
use crate::error::InputError;
use crate::gate::{Outcome, Verdict, judge_rules};
use crate::plan::{Arm, Plan};
use crate::policy::{Expectation, Policy, Purpose};
use crate::posed::{Posed, is_asked, measured};
use crate::slice::{Key, Slice};
use crate::stats::normal;
use crate::suite::{Planned, Unit};
use std::collections::BTreeSet;
use std::path::Path;

/// Reads the policy at `path` and holds it to each of its tests: one that does not say what its author expects
/// judges nothing.
///
/// # Errors
/// As [`Policy::load`] and [`check`].
pub fn load(path: &Path) -> Result<Policy, InputError> {
    let policy = Policy::load(path)?;
    check(&policy)?;
    Ok(policy)
}

/// Holds `policy` to each of its tests.
///
/// # Errors
/// The first test whose verdict is another than it expects, with both words and the reasons.
pub fn check(policy: &Policy) -> Result<(), InputError> {
    policy.tests.iter().enumerate().try_for_each(|(i, test)| check_one(policy, i, test))
}

fn check_one(policy: &Policy, i: usize, test: &Expectation) -> Result<(), InputError> {
    let wrong = |value: &str, limit: &str, hint: &str| {
        let key = format!("test[{i}].expect");
        Err(InputError::value(&policy.path, &key, value, limit, hint))
    };
    let Some(expected) = Outcome::from_word(&test.expect) else {
        let known = Outcome::PRECEDENCE.map(Outcome::word).join(", ");
        return wrong(&test.expect, &format!("one of {known}"), "the word that a verdict begins with");
    };
    let verdict = verdict(policy, test);
    if verdict.outcome == expected {
        return Ok(());
    }
    let because = verdict.reasons.iter().take(3).map(String::as_str).collect::<Vec<_>>().join("; ");
    let because = if because.is_empty() { "every gate passes".to_owned() } else { because };
    let limit = format!("{}, which is what this policy says: {because}", verdict.outcome.word());
    let hint = format!("the test says: {}; change the policy, or what is expected of it", test.says);
    wrong(expected.word(), &limit, &hint)
}

/// What the gate says of the evidence that `test` makes up.
///
/// Each slice that a rule names has as many clusters as the test says; without slices the suite has. Where the
/// shifts of two rules meet on the same scores they add up.
#[must_use]
pub fn verdict(policy: &Policy, test: &Expectation) -> Verdict {
    let policy = policy.for_tests();
    let arm = |name: &str| Arm { name: name.to_owned(), identity: format!("{name}/test") };
    let leads_s: Vec<f64> = policy.rules.iter().filter_map(|rule| rule.lead_s).collect();
    let arms = (arm("candidate"), arm("baseline"));
    let plan = Plan::of((&test.says, &leads_s), units(&policy, test.clusters), &policy, None, arms);
    let asked = measured(&policy.rules);
    let losses = |place: usize, planned: &Planned| {
        let own =
            policy.rules.iter().filter(|rule| is_asked(rule, asked[place]) && rule.slice.holds(planned));
        let (mut difference, mut spread) = (0.0, None);
        for rule in own {
            difference += test.shift(rule);
            spread = spread.or(Some(rule.spread));
        }
        let spread = spread.unwrap_or(0.0);
        let c = planned.unit.seed.unwrap_or(0).unsigned_abs();
        if policy.purpose == Purpose::Improvement {
            difference += spread * luck(place, c, test.clusters);
        }
        // The roasts differ by far more than the arms do on one, and no loss is below 0.
        let baseline = spread * (40.0 + 10.0 * luck(asked.len() + place, c, test.clusters));
        Some((baseline, baseline + difference.max(-baseline)))
    };
    judge_rules(&policy, &Posed::of(&plan, &asked, losses).evidence(&plan))
}

/// The units of a test: `clusters` days with a roast each for every slice named.
fn units(policy: &Policy, clusters: u32) -> Vec<Planned> {
    let named = policy.rules.iter().map(|rule| rule.slice.clone()).filter(|slice| !slice.is_all());
    let mut slices: Vec<Slice> = named.collect::<BTreeSet<_>>().into_iter().collect();
    if slices.is_empty() {
        slices.push(Slice::ALL);
    }
    let of = |(group, slice): (usize, &Slice)| -> Vec<Planned> {
        (0..clusters).map(|c| unit(group, slice, c)).collect()
    };
    slices.iter().enumerate().flat_map(of).collect()
}

fn unit(group: usize, slice: &Slice, c: u32) -> Planned {
    let named = |key: Key, otherwise: &str| {
        let own = slice.terms().iter().find(|(of, _)| *of == key);
        own.map_or_else(|| otherwise.into(), |(_, value)| value.clone())
    };
    let tags = slice.terms().iter().filter(|(key, _)| *key == Key::Tag);
    Planned {
        unit: Unit { case: named(Key::Case, &format!("slice-{group}")), seed: Some(i64::from(c)) },
        expect: Expect::Run,
        machine: named(Key::Machine, "machine"),
        lot: named(Key::Lot, "lot"),
        cluster: format!("{group}/{c}").into(),
        tags: tags.map(|(_, value)| value.clone()).collect(),
        digest: format!("{group}/{c}").into(),
    }
}

/// The luck of cluster `c` of `n` in spreads: the quantiles of a normal, each once, in an order of the
/// `place`'s own, so that two scores do not go together.
fn luck(place: usize, c: u64, n: u32) -> f64 {
    let n = u64::from(n);
    // A step that shares no factor with n meets every rank once; 1155 is beyond any n.
    let step = [7, 11, 5, 3].into_iter().find(|step| n % step != 0).unwrap_or(1);
    let rank = (c * step + 3 * place as u64) % n;
    #[allow(clippy::cast_precision_loss)] // Below 200.
    let share = (rank as f64 + 0.5) / n as f64;
    normal::quantile(share)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::sum::mean;

    #[test]
    fn luck_is_fair_for_any_number_of_clusters() {
        for n in 6..=200 {
            let all: Vec<f64> = (0..u64::from(n)).map(|c| luck(1, c, n)).collect();
            let mut sorted = all.clone();
            sorted.sort_by(f64::total_cmp);
            sorted.dedup();
            assert_eq!(sorted.len(), all.len(), "{n}: two clusters have the same luck");
            // Quantiles lie symmetrically about 0.
            assert!(mean(&all).expect("some").abs() < 1e-12, "{n}");
        }
    }
}

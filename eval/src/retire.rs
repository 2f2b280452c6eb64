//! Retirement: cases that no change of a predictor moves any more.
//!
//! A case discriminates when, in some evaluation, the two arms differ on it by more than a small share of a margin. One
//! that never does costs time and draws every mean towards no difference. Whether it goes is for a person to say.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use trier_tables::rows::ScoreRow;

/// Arms that differ by less than this share of a margin do as well as each other.
pub const SHARE_MAX: f64 = 0.1;

/// Evaluations that a case must have told nothing in: two of one pair of arms would say only that those are alike.
pub const RUNS_MIN: usize = 3;

/// One stored evaluation.
#[derive(Clone, Copy, Debug)]
pub struct Stored<'a> {
    /// The arm that wanted to ship.
    pub candidate: &'a str,
    /// The arm it was held against.
    pub baseline: &'a str,
    /// All scores.
    pub scores: &'a [ScoreRow],
}

/// A metric that decides, with its margin in its own unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Decides {
    /// The metric.
    pub metric: String,
    /// Its lead, s; None where it has none.
    pub lead_s: Option<f64>,
    /// How much worse a candidate may be.
    pub margin: f64,
}

/// A case that told nothing in any evaluation.
#[derive(Clone, Debug, PartialEq)]
pub struct Idle {
    /// The case.
    pub case: Arc<str>,
    /// The largest difference between arms, as a share of its margin.
    pub share: f64,
    /// In how many evaluations.
    pub runs: usize,
}

/// The cases of `runs` in all of which both arms did as well as each other on all that `decides`, by case.
///
/// Only cases that were scored in every run, with arms that differ, are looked at: a score that one arm alone has
/// tells much. None with fewer than [`RUNS_MIN`] runs of different arms, counted by pairs.
#[must_use]
pub fn idle(runs: &[Stored<'_>], decides: &[Decides]) -> Vec<Idle> {
    let pairs: BTreeSet<(&str, &str)> =
        runs.iter().map(|run| (run.candidate, run.baseline)).filter(|(c, b)| c != b).collect();
    if pairs.len() < RUNS_MIN {
        return Vec::new();
    }
    let told: Vec<BTreeMap<Arc<str>, f64>> = runs.iter().map(|run| shares(run, decides)).collect();
    let Some(first) = told.first() else { return Vec::new() };
    let largest = |case: &Arc<str>| {
        told.iter()
            .map(|cases| cases.get(case).copied())
            .try_fold(0.0_f64, |most, share| Some(most.max(share?)))
    };
    let of = |case: &Arc<str>| {
        let share = largest(case)?;
        (share < SHARE_MAX).then(|| Idle { case: Arc::clone(case), share, runs: runs.len() })
    };
    first.keys().filter_map(of).collect()
}

/// A case and seed, and the place of what is asked of it.
type Asked = (Arc<str>, Option<i64>, usize);

/// The largest difference on each case, as a share of its margin; infinite where one arm alone has a score.
fn shares(run: &Stored<'_>, decides: &[Decides]) -> BTreeMap<Arc<str>, f64> {
    let mut both: BTreeMap<Asked, [Option<f64>; 2]> = BTreeMap::new();
    for row in run.scores {
        let same_lead = |lead_s: Option<f64>| lead_s.map(f64::to_bits) == row.lead_s.map(f64::to_bits);
        let which = decides.iter().position(|d| *d.metric == *row.metric && same_lead(d.lead_s));
        let arm = [run.candidate, run.baseline].iter().position(|arm| **arm == *row.arm);
        if let (Some(which), Some(arm)) = (which, arm) {
            both.entry((Arc::clone(&row.case), row.seed, which)).or_default()[arm] = row.value;
        }
    }
    let mut shares: BTreeMap<Arc<str>, f64> = BTreeMap::new();
    for ((case, _, which), values) in both {
        let share = match values {
            [Some(candidate), Some(baseline)] => (candidate - baseline).abs() / decides[which].margin,
            [None, None] => continue,
            _ => f64::INFINITY,
        };
        let most = shares.entry(case).or_default();
        // What is no number is no reason to retire.
        *most = if share.is_nan() { f64::INFINITY } else { most.max(share) };
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(case: &str, arm: &str, value: Option<f64>) -> ScoreRow {
        ScoreRow {
            case: case.into(),
            arm: arm.into(),
            seed: Some(1),
            session_id: None,
            metric: "first_crack.abs_error".into(),
            value,
            unit: "s".into(),
            direction: "lower".into(),
            lead_s: Some(60.0),
            machine: "m".into(),
            lot: "l".into(),
            cluster: case.into(),
            missing: value.is_none().then(|| "no_forecast".into()),
        }
    }

    fn decides() -> Vec<Decides> {
        vec![Decides { metric: "first_crack.abs_error".to_owned(), lead_s: Some(60.0), margin: 3.0 }]
    }

    /// Which cases are idle over three runs, in the last of which the arms differ on case `a` by `by`.
    fn over(by: Option<f64>, arms: [&str; 3]) -> Vec<String> {
        let scores = |arm: &str, a: Option<f64>| {
            vec![
                row("a", arm, a),
                row("a", "base", Some(5.0)),
                row("b", arm, Some(9.0)),
                row("b", "base", Some(5.0)),
                row("c", arm, None),
                row("c", "base", None),
            ]
        };
        let all: Vec<Vec<ScoreRow>> = arms
            .iter()
            .enumerate()
            .map(|(n, arm)| scores(arm, if n == 2 { by.map(|by| 5.0 + by) } else { Some(5.1) }))
            .collect();
        let runs: Vec<Stored<'_>> = arms
            .iter()
            .zip(&all)
            .map(|(candidate, scores)| Stored { candidate, baseline: "base", scores })
            .collect();
        idle(&runs, &decides()).iter().map(|idle| idle.case.to_string()).collect()
    }

    #[test]
    fn a_case_on_which_arms_never_differ_is_idle_and_no_other() {
        let arms = ["x", "y", "z"];
        // 0.1 s of a margin of 3 s in two runs; then less than 0.3 s, more, and a score that one arm alone has.
        assert_eq!(over(Some(-0.29), arms), ["a"]);
        assert!(over(Some(0.31), arms).is_empty());
        assert!(over(None, arms).is_empty());
        assert!(over(Some(f64::NAN), arms).is_empty());
    }

    #[test]
    fn runs_of_the_same_arms_say_nothing_of_a_case() {
        assert!(over(Some(0.0), ["x", "x", "x"]).is_empty());
        assert!(over(Some(0.0), ["base", "y", "z"]).is_empty());
    }
}

//! Error by lead: how far off both arms are, so long before the event.

use super::LEVEL;
use crate::judge::rows_of;
use crate::plan::Plan;
use crate::score::{Metric, metric_named, reason};
use crate::stats::bootstrap::{REPLICATES, drawn_mean};
use crate::stats::cluster::cluster_means;
use crate::stats::sum::mean;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;
use trier_tables::rows::ScoreRow;

/// The metrics that are shown.
const SHOWN: [&str; 2] = ["first_crack.abs_error", "drop.abs_error"];

/// Fewest clusters that an interval is given for.
const CLUSTERS_MIN: usize = 8;

/// Both arms at one lead, on the roasts where both have a value: what lies between the two means is then the
/// difference that is judged, and no arm looks good by its silence.
#[derive(Clone, Debug, PartialEq)]
pub struct AtLead {
    /// The metric, in seconds.
    pub metric: &'static str,
    /// How long before the event, s.
    pub lead_s: f64,
    /// Roasts on which both arms have a value.
    pub n_roasts: usize,
    /// Clusters among them.
    pub n_clusters: usize,
    /// The arm it is held against.
    pub baseline: Side,
    /// The arm that wants to ship.
    pub candidate: Side,
    /// Why the rows cannot be used; None when they can.
    pub fault: Option<String>,
}

/// One arm at one lead.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Side {
    /// Mean over clusters of the mean within each, s; None without a roast.
    pub mean_s: Option<f64>,
    /// Its 95 % interval by bootstrap of clusters, s; None with fewer than eight, or where resampling says no more
    /// than a guess.
    pub interval_s: Option<(f64, f64)>,
    /// Roasts on which this arm owed a value and has none.
    pub silent: usize,
}

/// Mean absolute error of both arms of `plan` by target and lead, both ascending by lead.
///
/// Deterministic: luck is drawn by the plan's digest, the metric, the lead and the arm.
#[must_use]
pub fn by_lead(plan: &Plan, scores: &[ScoreRow]) -> Vec<AtLead> {
    let mut leads_s = plan.leads_s.clone();
    leads_s.sort_by(f64::total_cmp);
    let metrics: Vec<&'static Metric> = SHOWN.iter().filter_map(|name| metric_named(name)).collect();
    let asked: Vec<(&'static Metric, f64)> =
        metrics.into_iter().flat_map(|metric| leads_s.iter().map(move |lead_s| (metric, *lead_s))).collect();
    asked.par_iter().map(|(metric, lead_s)| at_lead(plan, scores, metric, *lead_s)).collect()
}

fn at_lead(plan: &Plan, scores: &[ScoreRow], metric: &'static Metric, lead_s: f64) -> AtLead {
    let side = Side::default();
    let mut made = AtLead {
        metric: metric.name,
        lead_s,
        n_roasts: 0,
        n_clusters: 0,
        baseline: side,
        candidate: side,
        fault: None,
    };
    let rows = |arm: &str| rows_of(scores, arm, metric, Some(lead_s));
    let (baseline, candidate) = match (rows(&plan.baseline.name), rows(&plan.candidate.name)) {
        (Ok(baseline), Ok(candidate)) => (baseline, candidate),
        (Err(fault), _) | (_, Err(fault)) => return AtLead { fault: Some(fault.to_string()), ..made },
    };
    let mut both: BTreeMap<&Arc<str>, [Vec<f64>; 2]> = BTreeMap::new();
    for planned in plan.scored() {
        let (b, c) = (baseline.get(&planned.unit), candidate.get(&planned.unit));
        made.baseline.silent += usize::from(is_silent(b.copied()));
        made.candidate.silent += usize::from(is_silent(c.copied()));
        if let (Some(b), Some(c)) = (b.and_then(|row| row.value), c.and_then(|row| row.value)) {
            let [of_baseline, of_candidate] = both.entry(&planned.cluster).or_default();
            of_baseline.push(b);
            of_candidate.push(c);
            made.n_roasts += 1;
        }
    }
    made.n_clusters = both.len();
    let key = |arm: &str| format!("{}/figures/{}@{lead_s}/{arm}", plan.digest, metric.name);
    let clusters = |arm: usize| both.values().map(|both| both[arm].clone()).collect::<Vec<_>>();
    made.baseline = estimated(made.baseline, &clusters(0), &key("baseline"));
    made.candidate = estimated(made.candidate, &clusters(1), &key("candidate"));
    made
}

/// Whether an arm owed a value and has none: a roast without its event owes none.
fn is_silent(row: Option<&ScoreRow>) -> bool {
    row.is_none_or(|row| {
        row.value.is_none() && !row.missing.as_deref().is_some_and(reason::lies_in_the_roast)
    })
}

fn estimated(side: Side, clusters: &[Vec<f64>], key: &str) -> Side {
    // Values were checked to be finite, and no cluster is empty.
    let means = cluster_means(clusters).unwrap_or_default();
    let enough = means.len() >= CLUSTERS_MIN;
    let drawn = enough.then(|| drawn_mean(&means, REPLICATES, key, 1.0 - LEVEL).ok()).flatten();
    Side { mean_s: mean(&means), interval_s: drawn.and_then(|drawn| drawn.sound()), ..side }
}

#[cfg(test)]
mod tests {
    use super::super::made_up::{Said, plan, scores};
    use super::*;

    fn at(found: &[AtLead], metric: &str, lead_s: f64) -> AtLead {
        found.iter().find(|one| one.metric == metric && one.lead_s == lead_s).expect("asked").clone()
    }

    #[test]
    fn each_cluster_counts_once_and_only_where_both_speak() {
        // Cluster 0 has the roasts 0 to 2, every other cluster one: were roasts counted, its 40 s would weigh more.
        let plan = plan(&[3, 1, 1, 1, 1, 1, 1, 1, 1]);
        let said = |unit: usize, is_candidate: bool| match (unit, is_candidate) {
            (0..=2, true) => Said::Value(40.0),
            (3, true) => Said::Silent("no_forecast"),
            (4, _) => Said::Silent("no_reference"),
            (_, true) => Said::Value(4.0 + unit as f64),
            (_, false) => Said::Value(10.0),
        };
        let found = by_lead(&plan, &scores(&plan, "first_crack.abs_error", Some(60.0), said));
        let one = at(&found, "first_crack.abs_error", 60.0);
        assert_eq!((one.n_roasts, one.n_clusters), (9, 7));
        assert_eq!((one.baseline.silent, one.candidate.silent), (0, 1));
        assert_eq!(one.baseline.mean_s, Some(10.0));
        let want = (40.0 + (5..=10).map(|unit| 4.0 + f64::from(unit)).sum::<f64>()) / 7.0;
        assert!((one.candidate.mean_s.expect("some") - want).abs() < 1e-12);
        assert_eq!(one.candidate.interval_s, None, "seven clusters are too few");
        let unasked = at(&found, "drop.abs_error", 30.0);
        assert_eq!((unasked.n_roasts, unasked.baseline.mean_s, unasked.candidate.silent), (0, None, 11));
    }

    #[test]
    fn the_interval_holds_the_mean_and_is_the_same_twice_in_any_order() {
        let plan = plan(&[1; 20]);
        let spoken = scores(&plan, "drop.abs_error", Some(30.0), |unit, is_candidate| {
            Said::Value(if is_candidate { unit as f64 } else { 5.0 + (unit % 4) as f64 })
        });
        let one = at(&by_lead(&plan, &spoken), "drop.abs_error", 30.0);
        let (mean, (low, high)) =
            (one.candidate.mean_s.expect("some"), one.candidate.interval_s.expect("twenty clusters"));
        // Student's interval of 0 to 19 is 9.5 ± 2.8; resampled it is about as wide.
        assert!(mean == 9.5 && (6.0..8.0).contains(&low) && (11.0..13.0).contains(&high), "{low} to {high}");
        let mut turned = spoken.clone();
        turned.reverse();
        assert_eq!(at(&by_lead(&plan, &turned), "drop.abs_error", 30.0), one);
    }

    #[test]
    fn rows_that_cannot_be_used_are_said_and_not_shown() {
        let plan = plan(&[1; 9]);
        let mut spoken = scores(&plan, "drop.abs_error", Some(30.0), |_, _| Said::Value(3.0));
        spoken[0].value = Some(f64::NAN);
        let one = at(&by_lead(&plan, &spoken), "drop.abs_error", 30.0);
        assert!(one.fault.expect("said").starts_with("non_finite_input") && one.baseline.mean_s.is_none());
    }
}

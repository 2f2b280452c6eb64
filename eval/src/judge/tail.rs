//! A tail guarded: the 90 % quantile of the losses of both arms, clusters drawn as a whole.
//!
//! The mean can stay while the worst roasts get worse. No permutation is exact for a difference of
//! quantiles, so the bootstrap interval decides alone, and only whether it is not worse by the margin.

use super::compare::{Asked, Comparison, Finding, made, missing_text};
use super::pairs::Paired;
use crate::policy::Policy;
use crate::stats::bootstrap;
use crate::stats::decision::{Decision, decide};
use crate::stats::quantile::type7;
use crate::stats::sum::mean;

/// The share of losses below the quantile.
const SHARE: f64 = 0.9;

pub(super) fn tail(policy: &Policy, asked: &Asked<'_>, paired: &Paired, key: &str) -> Comparison {
    let mut clusters: Vec<&Vec<(f64, f64)>> = paired.by_cluster.values().collect();
    // Luck goes with the place of a cluster, so the place must not go with its name.
    let centre = |pairs: &[(f64, f64)]| mean(&pairs.iter().map(|(b, c)| c - b).collect::<Vec<_>>());
    clusters.sort_by(|a, b| centre(a).unwrap_or(0.0).total_cmp(&centre(b).unwrap_or(0.0)));
    let difference = |drawn: &[usize]| {
        let of = |arm: fn(&(f64, f64)) -> f64| {
            let losses: Vec<f64> = drawn.iter().flat_map(|at| clusters[*at].iter().map(arm)).collect();
            type7(&losses, SHARE).unwrap_or(f64::NAN)
        };
        of(|pair| pair.1) - of(|pair| pair.0)
    };
    let got = match bootstrap::drawn(clusters.len(), policy.replicates, key, policy.alpha(), difference) {
        Ok(got) => got,
        Err(error) => return made(policy, asked, paired, Finding::TooLittle).because(&error.to_string()),
    };
    // A quantile's jackknife is rough, so where its correction is none the plain percentiles stand in.
    let ((lower, upper), how) = match got.sound() {
        Some(interval) => (interval, "bca"),
        None => (got.percentile, "percentile"),
    };
    let finding = match decide(lower, upper, asked.margin) {
        // Better tails are welcome, and no more is claimed of them than that they are not worse.
        Decision::Superior => Decision::NonInferior,
        other => other,
    };
    let mut comparison = made(policy, asked, paired, Finding::Decided(finding)).estimate(Some(got.estimate));
    (comparison.row.lower, comparison.row.upper) = (Some(lower), Some(upper));
    comparison.row.method = Some(how.into());
    #[allow(clippy::cast_precision_loss)]
    let spread = got.se * (clusters.len() as f64).sqrt();
    comparison.row.spread = Some(spread);
    let parts =
        [Some(format!("90 % quantile of losses, {} clusters drawn", clusters.len())), missing_text(paired)];
    comparison.because(&parts.into_iter().flatten().collect::<Vec<_>>().join("; "))
}

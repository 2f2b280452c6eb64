//! The primary comparison: one value per cluster, a sign flip, an interval, a decision, and companions.
//!
//! Roasts of one lot, machine and day are no independent witnesses, so each cluster counts once. The
//! companions are printed beside it; they decide nothing, but one that points the other way is said.

use super::bootstrap::{self, Bootstrap};
use super::cluster::cluster_means;
use super::decision::{Decision, decide};
use super::error::{StatsError, check_share, is_constant};
use super::paired_t::{PairedT, paired_t};
use super::sign_flip::{SignFlip, floor_two_sided, sign_flip_and_about};
use super::sign_test::{SignTest, sign_test};
use super::signed_rank::signed_rank;
use super::signed_rank_ties::{Zeros, signed_rank_ties};
use super::sum::mean;

/// Clusters below which the design cannot support inference.
pub const CLUSTERS_MIN: usize = 8;

/// What the plan fixes before anything runs.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// How much worse is too much, in loss units.
    pub margin: f64,
    /// Two-sided error rate.
    pub alpha: f64,
    /// Bootstrap replicates.
    pub replicates: usize,
    /// Names plan, metric and slice: all luck comes from it.
    pub key: &'a str,
}

/// How the interval was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Bias-corrected and accelerated bootstrap over clusters.
    Bca,
    /// Student's t of the cluster means, because the bootstrap had too few replicates beyond an end or no
    /// finite acceleration. To be flagged.
    StudentT,
}

/// The comparison of candidate and baseline; differences are candidate − baseline, negative is better.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// Values in all.
    pub n: usize,
    /// Clusters.
    pub clusters: usize,
    /// Mean over clusters.
    pub mean: f64,
    /// Its interval at 1 − alpha.
    pub interval: (f64, f64),
    /// How that was made.
    pub method: Method,
    /// Replicates, seed and both corrections of the bootstrap.
    pub bootstrap: Bootstrap,
    /// The primary p, over flips of whole clusters.
    pub primary: SignFlip,
    /// One-sided p of "worse by the margin", over flips of whole clusters about the margin.
    pub p_margin: f64,
    /// The interval against the margin, where the flips agree with it.
    pub decision: Decision,
    /// Companion: t of the cluster means.
    pub t: PairedT,
    /// Companion: Wilcoxon's two-sided p, exact without ties and zeros, else normal with Pratt's zeros.
    pub wilcoxon_p: f64,
    /// Companion: ranks above 0 less ranks below, −1 to 1.
    pub rank_biserial: f64,
    /// Companion: signs.
    pub signs: SignTest,
    /// W-DISAGREE: the mean and the ranks point to opposite sides.
    pub disagrees: bool,
}

/// Compares by `clusters` of differences.
///
/// Vectors: its parts are `paired/sign_flip_exact`, `paired/sign_flip_monte_carlo`, `bootstrap/mean`, `paired/t`,
/// `paired/wilcoxon_exact`, `decision/ci_vs_margin`; edge cases `edge/all_zero_differences`, `edge/nan_in_metric`,
/// `edge/too_few_pairs`.
///
/// # Errors
/// A value that is not finite, an empty cluster, clusters so few that no outcome reaches `alpha`, fewer than
/// [`CLUSTERS_MIN`], all differences equal, or a margin that is not above 0.
pub fn compare(clusters: &[Vec<f64>], question: &Question<'_>) -> Result<Comparison, StatsError> {
    check_share("alpha", question.alpha)?;
    if !(question.margin > 0.0 && question.margin.is_finite()) {
        return Err(StatsError::OutOfRange { name: "margin", value: question.margin, range: "above 0" });
    }
    let mut d = cluster_means(clusters)?;
    // Luck goes with the place of a cluster, so the place must not go with how they were listed.
    d.sort_by(f64::total_cmp);
    let floor = floor_two_sided(d.len());
    if floor > question.alpha {
        return Err(StatsError::Unreachable { n: d.len(), floor, alpha: question.alpha });
    }
    if d.len() < CLUSTERS_MIN {
        return Err(StatsError::TooFew { got: d.len(), need: CLUSTERS_MIN });
    }
    if is_constant(&d) {
        return Err(StatsError::NoSpread { n: d.len() });
    }
    let (primary, about_margin) = sign_flip_and_about(&d, question.margin, question.key)?;
    let centre = mean(&d).ok_or(StatsError::TooFew { got: 0, need: CLUSTERS_MIN })?;
    let t = paired_t(&d, 1.0 - question.alpha)?;
    let bootstrap = bootstrap::drawn_mean(&d, question.replicates, question.key, question.alpha)?;
    let (interval, method) = match bootstrap.sound() {
        Some(interval) => (interval, Method::Bca),
        None => ((t.lower, t.upper), Method::StudentT),
    };
    let (wilcoxon_p, rank_biserial) = ranks(&d)?;
    let p_margin = about_margin.p_less;
    let decision = decide(interval.0, interval.1, question.margin);
    Ok(Comparison {
        n: clusters.iter().map(Vec::len).sum(),
        clusters: d.len(),
        mean: centre,
        interval,
        method,
        bootstrap,
        primary,
        p_margin,
        decision: agreed(decision, &primary, p_margin, question.alpha),
        t,
        wilcoxon_p,
        rank_biserial,
        signs: sign_test(&d)?,
        disagrees: centre * rank_biserial < 0.0,
    })
}

/// What the interval says, where the flips say it too: of few clusters a bootstrap interval is somewhat too
/// narrow, while flips keep their level.
fn agreed(decision: Decision, primary: &SignFlip, p_margin: f64, alpha: f64) -> Decision {
    let is_below_margin = p_margin <= 0.5 * alpha;
    match decision {
        Decision::Superior if primary.p_less > 0.5 * alpha && is_below_margin => Decision::NonInferior,
        decision if decision.is_non_inferior() && !is_below_margin => Decision::Inconclusive,
        decision => decision,
    }
}

/// Wilcoxon's two-sided p and the rank-biserial correlation, with the rules for ties where there are some.
fn ranks(d: &[f64]) -> Result<(f64, f64), StatsError> {
    if let Ok(exact) = signed_rank(d, 0.95) {
        return Ok((exact.p_two_sided, exact.rank_biserial));
    }
    let near = signed_rank_ties(d, Zeros::LeftOut, true)?;
    let pratt = signed_rank_ties(d, Zeros::Ranked, true)?;
    #[allow(clippy::cast_precision_loss)]
    let n = (d.len() - near.zeros) as f64;
    let all = 0.5 * n * (n + 1.0);
    Ok((pratt.p_two_sided, (2.0 * near.w_plus - all) / all))
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUESTION: Question<'_> =
        Question { margin: 1.0, alpha: 0.05, replicates: 1_999, key: "plan/mae/all" };

    fn clusters() -> Vec<Vec<f64>> {
        (0..12)
            .map(|i| vec![-2.0 + 0.3 * f64::from(i * 5 % 12), -1.8 + 0.3 * f64::from(i * 5 % 12)])
            .collect()
    }

    #[test]
    fn the_order_of_clusters_changes_no_bit() {
        let one = compare(&clusters(), &QUESTION).expect("twelve clusters");
        let mut other = clusters();
        other.reverse();
        other.rotate_left(5);
        assert_eq!(compare(&other, &QUESTION), Ok(one));
        assert_eq!((one.n, one.clusters, one.method), (24, 12, Method::Bca));
        assert!(one.interval.0 < one.mean && one.mean < one.interval.1);
        assert_eq!((one.bootstrap.replicates, one.bootstrap.seed.is_some()), (1_999, true));
    }

    #[test]
    fn what_the_flips_do_not_show_is_not_shown() {
        let flip = |p_less| SignFlip { p_two_sided: 2.0 * p_less, p_less, flips: 4096, exact: true };
        let of = |decision, p, p_margin| agreed(decision, &flip(p), p_margin, 0.05);
        assert_eq!(of(Decision::Superior, 0.02, 0.001), Decision::Superior);
        assert_eq!(of(Decision::Superior, 0.03, 0.001), Decision::NonInferior);
        assert_eq!(of(Decision::Superior, 0.03, 0.03), Decision::Inconclusive);
        assert_eq!(of(Decision::NonInferiorButWorse, 0.9, 0.03), Decision::Inconclusive);
        assert_eq!(of(Decision::Inferior, 0.9, 0.9), Decision::Inferior);
    }

    #[test]
    fn doubling_the_roasts_of_a_cluster_adds_no_evidence() {
        let doubled: Vec<Vec<f64>> = clusters().into_iter().map(|c| [c.clone(), c].concat()).collect();
        let (one, two) = (compare(&clusters(), &QUESTION), compare(&doubled, &QUESTION));
        let (one, two) = (one.expect("clusters"), two.expect("clusters"));
        assert_eq!((one.primary, one.interval), (two.primary, two.interval));
    }

    #[test]
    fn a_wild_roast_against_all_others_is_said() {
        let mut d: Vec<Vec<f64>> = (1..=11).map(|i| vec![-0.1 * f64::from(i)]).collect();
        d.push(vec![90.0]);
        assert!(compare(&d, &QUESTION).expect("twelve").disagrees);
    }

    #[test]
    fn few_replicates_fall_back_to_t() {
        let got = compare(&clusters(), &Question { replicates: 99, ..QUESTION }).expect("clusters");
        assert_eq!((got.method, got.interval), (Method::StudentT, (got.t.lower, got.t.upper)));
        assert_eq!(compare(&clusters()[..7], &QUESTION), Err(StatsError::TooFew { got: 7, need: 8 }));
    }
}

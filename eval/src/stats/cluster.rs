//! Means of values that come in clusters: roasts of one lot on one machine on one day.

use super::error::{StatsError, check_finite, is_constant};
use super::paired_t::paired_t;
use super::student_t;
use super::sum::{exact_sum, mean};

/// A mean over clustered values, with standard errors that know of the clusters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClusterMean {
    /// Values in all.
    pub n: usize,
    /// Clusters.
    pub clusters: usize,
    /// Mean over all values.
    pub mean: f64,
    /// Cluster-robust standard error without small-sample factor.
    pub se_cr0: f64,
    /// The same times √(G/(G−1)).
    pub se_cr1: f64,
    /// mean / `se_cr1`.
    pub t_cr1: f64,
    /// Two-sided p of `t_cr1` with G − 1 degrees of freedom.
    pub p_cr1: f64,
    /// Mean of the cluster means, each cluster counting once.
    pub summary_mean: f64,
    /// t of the cluster means.
    pub summary_t: f64,
    /// Two-sided p of that, G − 1 degrees of freedom.
    pub summary_p: f64,
}

/// The mean of each cluster, in the order given.
///
/// # Errors
/// An empty cluster, or a value that is not finite.
pub fn cluster_means(clusters: &[Vec<f64>]) -> Result<Vec<f64>, StatsError> {
    clusters
        .iter()
        .map(|values| {
            check_finite(values, 1)?;
            mean(values).ok_or(StatsError::TooFew { got: 0, need: 1 })
        })
        .collect()
}

/// Cluster-robust and cluster-summary analysis of the mean. Vector: `cluster/robust_mean`.
///
/// # Errors
/// Fewer than two clusters, an empty one, a value that is not finite, or no
/// spread between clusters.
pub fn robust_mean(clusters: &[Vec<f64>]) -> Result<ClusterMean, StatsError> {
    if clusters.len() < 2 {
        return Err(StatsError::TooFew { got: clusters.len(), need: 2 });
    }
    let means = cluster_means(clusters)?;
    let all: Vec<f64> = clusters.iter().flatten().copied().collect();
    let centre = mean(&all).ok_or(StatsError::TooFew { got: 0, need: 1 })?;
    let squares: Vec<f64> = clusters
        .iter()
        .map(|values| {
            let off: Vec<f64> = values.iter().map(|v| v - centre).collect();
            let sum = exact_sum(&off);
            sum * sum
        })
        .collect();
    if is_constant(&means) {
        return Err(StatsError::NoSpread { n: means.len() });
    }
    #[allow(clippy::cast_precision_loss)]
    let (n, groups) = (all.len() as f64, clusters.len() as f64);
    let se_cr0 = exact_sum(&squares).sqrt() / n;
    let se_cr1 = se_cr0 * (groups / (groups - 1.0)).sqrt();
    let t_cr1 = centre / se_cr1;
    let summary = paired_t(&means, 0.95)?;
    Ok(ClusterMean {
        n: all.len(),
        clusters: clusters.len(),
        mean: centre,
        se_cr0,
        se_cr1,
        t_cr1,
        p_cr1: student_t::p_two_sided(t_cr1, groups - 1.0),
        summary_mean: summary.mean,
        summary_t: summary.t,
        summary_p: summary.p_two_sided,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clusters_of_one_are_the_plain_t_test() {
        let d = [-3.0, 1.5, -0.2, 4.1, -2.2];
        let clusters: Vec<Vec<f64>> = d.iter().map(|v| vec![*v]).collect();
        let robust = robust_mean(&clusters).expect("five clusters");
        let plain = paired_t(&d, 0.95).expect("five values");
        assert!((robust.t_cr1 - plain.t).abs() < 1e-12 && (robust.summary_t - plain.t).abs() < 1e-12);
    }

    #[test]
    fn copies_inside_a_cluster_add_no_evidence() {
        // Ignoring the clusters would make t grow by √3.
        let once = [vec![-3.0], vec![1.5], vec![-0.2], vec![4.1]];
        let thrice: Vec<Vec<f64>> = once.iter().map(|c| vec![c[0]; 3]).collect();
        let (one, three) = (robust_mean(&once), robust_mean(&thrice));
        let (one, three) = (one.expect("four clusters"), three.expect("four clusters"));
        assert!((one.t_cr1 - three.t_cr1).abs() < 1e-12);
        assert!(robust_mean(&[vec![1.0, 2.0]]).is_err());
    }
}

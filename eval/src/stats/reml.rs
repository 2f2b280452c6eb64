//! Variance between and within machines where some roast more than others: restricted maximum likelihood.
//!
//! With λ = between / within, weights wᵢ = nᵢ/(1 + λnᵢ) and RSS = within-squares + Σ wᵢ(ȳᵢ − μ)², twice the
//! negative profile likelihood is (N − 1) ln RSS + Σ ln(1 + λnᵢ) + ln Σ wᵢ. Its slope is solved for zero, so
//! that λ has all its digits.

use super::error::{StatsError, check_finite};
use super::sum::{exact_sum, mean};
use trier_roast::math;

/// Components of an unbalanced one-way design.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reml {
    /// Variance between machines, 0 when none shows.
    pub between: f64,
    /// Variance within a machine.
    pub within: f64,
    /// The mean over machines, weighted by what each tells.
    pub mean: f64,
    /// Its standard error.
    pub se_mean: f64,
}

/// Components of `groups`, one per machine, of any size. Vector: `varcomp/one_way_reml`.
///
/// # Errors
/// Fewer than two groups, an empty one, no group with two values, one that is not finite, or no spread within.
pub fn one_way_reml(groups: &[Vec<f64>]) -> Result<Reml, StatsError> {
    let profile = Profile::new(groups)?;
    // One step of the grid is a factor of e^¼; λ beyond e^±30 is none or nothing else.
    const STEPS: i32 = 240;
    let on_grid = |step: i32| math::exp(0.25 * f64::from(step - STEPS / 2));
    let best = (0..=STEPS)
        .map(|step| (step, profile.objective(on_grid(step))))
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .map_or(0, |(step, _)| step);
    let lambda = if profile.objective(0.0) <= profile.objective(on_grid(best)) {
        0.0
    } else {
        profile.root(on_grid((best - 1).max(0)), on_grid((best + 1).min(STEPS)))
    };
    let (weights, mean, rss) = profile.at(lambda);
    let within = rss / (profile.count - 1.0);
    let total = exact_sum(&weights);
    Ok(Reml { between: lambda * within, within, mean, se_mean: (within / total).sqrt() })
}

/// What the likelihood needs of the groups.
struct Profile {
    /// Size and mean of each group.
    groups: Vec<(f64, f64)>,
    squares_within: f64,
    count: f64,
}

impl Profile {
    fn new(groups: &[Vec<f64>]) -> Result<Self, StatsError> {
        if groups.len() < 2 {
            return Err(StatsError::TooFew { got: groups.len(), need: 2 });
        }
        let all: Vec<f64> = groups.iter().flatten().copied().collect();
        check_finite(&all, groups.len() + 1)?;
        let (mut sizes, mut off) = (Vec::with_capacity(groups.len()), Vec::new());
        for group in groups {
            let here = mean(group).ok_or(StatsError::TooFew { got: 0, need: 1 })?;
            off.extend(group.iter().map(|v| (v - here) * (v - here)));
            #[allow(clippy::cast_precision_loss)]
            sizes.push((group.len() as f64, here));
        }
        let squares_within = exact_sum(&off);
        if squares_within <= 0.0 {
            return Err(StatsError::NoSpread { n: all.len() });
        }
        #[allow(clippy::cast_precision_loss)]
        Ok(Self { groups: sizes, squares_within, count: all.len() as f64 })
    }

    /// Weights, weighted mean and residual squares at λ.
    fn at(&self, lambda: f64) -> (Vec<f64>, f64, f64) {
        let weights: Vec<f64> = self.groups.iter().map(|(n, _)| n / (1.0 + lambda * n)).collect();
        let terms: Vec<f64> = self.groups.iter().zip(&weights).map(|((_, m), w)| w * m).collect();
        let centre = exact_sum(&terms) / exact_sum(&weights);
        let off: Vec<f64> =
            self.groups.iter().zip(&weights).map(|((_, m), w)| w * (m - centre) * (m - centre)).collect();
        (weights, centre, self.squares_within + exact_sum(&off))
    }

    fn objective(&self, lambda: f64) -> f64 {
        let (weights, _, rss) = self.at(lambda);
        let logs: Vec<f64> = self.groups.iter().map(|(n, _)| math::ln_1p(lambda * n)).collect();
        (self.count - 1.0) * math::ln(rss) + exact_sum(&logs) + math::ln(exact_sum(&weights))
    }

    fn slope(&self, lambda: f64) -> f64 {
        let (weights, centre, rss) = self.at(lambda);
        let squares: Vec<f64> = weights.iter().map(|w| w * w).collect();
        let off: Vec<f64> =
            self.groups.iter().zip(&squares).map(|((_, m), w)| w * (m - centre) * (m - centre)).collect();
        let total = exact_sum(&weights);
        total - exact_sum(&squares) / total - (self.count - 1.0) * exact_sum(&off) / rss
    }

    /// Where the slope turns from falling to rising, by halving; 0 when it never falls.
    fn root(&self, low: f64, high: f64) -> f64 {
        let (mut low, mut high) = (if self.slope(low) < 0.0 { low } else { 0.0 }, high);
        if self.slope(low) >= 0.0 {
            return low;
        }
        for _ in 0..200 {
            let middle = 0.5 * (low + high);
            if self.slope(middle) < 0.0 {
                low = middle;
            } else {
                high = middle;
            }
            if high - low <= 1e-15 * high {
                break;
            }
        }
        0.5 * (low + high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::varcomp::one_way;

    #[test]
    fn balanced_groups_give_the_analysis_of_variance() {
        let groups = [vec![5.0, 7.0, 6.5], vec![1.0, 2.5, 0.5], vec![9.0, 8.0, 8.8], vec![4.0, 4.1, 5.2]];
        let (one, two) = (one_way_reml(&groups).expect("spread"), one_way(&groups, 0.95).expect("spread"));
        assert!((one.between / two.between - 1.0).abs() < 1e-10, "{one:?} {two:?}");
        assert!((one.within / two.within - 1.0).abs() < 1e-10);
        // The standard error of the mean of group means: √(ms_between / N).
        assert!((one.se_mean - (two.ms_between / 12.0).sqrt()).abs() < 1e-10);
    }

    #[test]
    fn alike_groups_have_none_between_them() {
        let got = one_way_reml(&[vec![1.0, 2.0, 3.0, 2.0], vec![3.0, 2.0, 1.0]]).expect("spread");
        assert_eq!(got.between, 0.0);
        // All in one: seven values about 2.
        assert!((got.within - 4.0 / 6.0).abs() < 1e-12 && (got.mean - 2.0).abs() < 1e-12);
        assert!(one_way_reml(&[vec![1.0], vec![2.0]]).is_err() && one_way_reml(&[vec![1.0, 2.0]]).is_err());
    }
}

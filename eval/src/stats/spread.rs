//! Equal spread of several samples, by tests that outliers do not fool (and one that they do).
//!
//! Brown and Forsythe's is the one that decides: the analysis of variance of distances from the
//! median. Levene's takes the mean, Fligner and Killeen's takes ranks, Bartlett's believes in normals.

use super::chi2;
use super::error::{StatsError, check_finite};
use super::f_dist;
use super::normal;
use super::quantile;
use super::ranks::mid_ranks;
use super::sum::{exact_sum, mean, variance};
use trier_roast::math;

/// A test statistic with its p.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpreadTest {
    /// F of Brown-Forsythe and Levene, χ² of Bartlett and Fligner-Killeen.
    pub statistic: f64,
    /// Probability of one as large when all spreads are equal.
    pub p: f64,
}

/// Brown and Forsythe's test. Vectors: `variance/two_sample`, `variance/brown_forsythe_3`.
///
/// # Errors
/// Fewer than two groups, fewer than two values in one, one that is not finite, or distances without spread.
pub fn brown_forsythe(groups: &[Vec<f64>]) -> Result<SpreadTest, StatsError> {
    distances_compared(groups, |group| quantile::type7(group, 0.5))
}

/// Levene's test, about the mean. Vector: `variance/two_sample`.
///
/// # Errors
/// As for [`brown_forsythe`].
pub fn levene(groups: &[Vec<f64>]) -> Result<SpreadTest, StatsError> {
    distances_compared(groups, |group| mean(group).ok_or(StatsError::TooFew { got: 0, need: 1 }))
}

/// The one-sided p of Brown and Forsythe's test for "smaller after". Vector: half of `brown_forsythe_p`
/// of `variance/two_sample`.
///
/// # Errors
/// As for [`brown_forsythe`].
pub fn brown_forsythe_less(before: &[f64], after: &[f64]) -> Result<f64, StatsError> {
    let both = brown_forsythe(&[before.to_vec(), after.to_vec()])?;
    let typical = |x: &[f64]| -> Result<f64, StatsError> {
        let middle = quantile::type7(x, 0.5)?;
        let distances: Vec<f64> = x.iter().map(|v| (v - middle).abs()).collect();
        mean(&distances).ok_or(StatsError::TooFew { got: 0, need: 1 })
    };
    // F with one degree of freedom is a squared t: its sign is that of the difference.
    Ok(if typical(after)? < typical(before)? { 0.5 * both.p } else { 1.0 - 0.5 * both.p })
}

/// Bartlett's test, exact for normals and misled by anything else. Vector: `variance/two_sample`.
///
/// # Errors
/// As for [`brown_forsythe`], or a group without spread.
pub fn bartlett(groups: &[Vec<f64>]) -> Result<SpreadTest, StatsError> {
    check_groups(groups)?;
    let mut parts = Vec::with_capacity(groups.len());
    for group in groups {
        let spread = variance(group).filter(|v| *v > 0.0).ok_or(StatsError::NoSpread { n: group.len() })?;
        #[allow(clippy::cast_precision_loss)]
        parts.push((group.len() as f64 - 1.0, spread));
    }
    #[allow(clippy::cast_precision_loss)]
    let k = groups.len() as f64;
    let df: f64 = parts.iter().map(|(df, _)| df).sum();
    let over_parts = |of: fn(&(f64, f64)) -> f64| exact_sum(&parts.iter().map(of).collect::<Vec<f64>>());
    let pooled = over_parts(|(df, spread)| df * spread) / df;
    let logs = over_parts(|(df, spread)| df * math::ln(*spread));
    let correction = 1.0 + (over_parts(|(df, _)| 1.0 / df) - 1.0 / df) / (3.0 * (k - 1.0));
    let statistic = ((df * math::ln(pooled) - logs) / correction).max(0.0);
    Ok(SpreadTest { statistic, p: chi2::sf(statistic, k - 1.0) })
}

/// Fligner and Killeen's test: normal scores of the ranked distances from the medians. Vector: `variance/two_sample`.
///
/// # Errors
/// As for [`brown_forsythe`].
pub fn fligner_killeen(groups: &[Vec<f64>]) -> Result<SpreadTest, StatsError> {
    let distances = distances(groups, |group| quantile::type7(group, 0.5))?;
    let all: Vec<f64> = distances.iter().flatten().copied().collect();
    #[allow(clippy::cast_precision_loss)]
    let (n, k) = (all.len() as f64, groups.len() as f64);
    let scores: Vec<f64> =
        mid_ranks(&all).iter().map(|rank| normal::quantile(0.5 + 0.5 * rank / (n + 1.0))).collect();
    let none = StatsError::NoSpread { n: all.len() };
    let spread = variance(&scores).filter(|v| *v > 0.0).ok_or(none)?;
    let centre = mean(&scores).ok_or(none)?;
    let mut from = 0;
    let mut between = Vec::new();
    for group in groups {
        let here = mean(&scores[from..from + group.len()]).ok_or(none)?;
        #[allow(clippy::cast_precision_loss)]
        let size = group.len() as f64;
        between.push(size * (here - centre) * (here - centre));
        from += group.len();
    }
    let statistic = exact_sum(&between) / spread;
    Ok(SpreadTest { statistic, p: chi2::sf(statistic, k - 1.0) })
}

type Middle = fn(&[f64]) -> Result<f64, StatsError>;

fn distances(groups: &[Vec<f64>], middle: Middle) -> Result<Vec<Vec<f64>>, StatsError> {
    check_groups(groups)?;
    groups
        .iter()
        .map(|group| {
            let centre = middle(group)?;
            Ok(group.iter().map(|v| (v - centre).abs()).collect())
        })
        .collect()
}

/// One-way analysis of variance of the distances from each group's middle.
fn distances_compared(groups: &[Vec<f64>], middle: Middle) -> Result<SpreadTest, StatsError> {
    let distances = distances(groups, middle)?;
    let all: Vec<f64> = distances.iter().flatten().copied().collect();
    let none = StatsError::NoSpread { n: all.len() };
    let centre = mean(&all).ok_or(none)?;
    let mut between = Vec::new();
    let mut within = Vec::new();
    for group in &distances {
        let here = mean(group).ok_or(none)?;
        #[allow(clippy::cast_precision_loss)]
        let size = group.len() as f64;
        between.push(size * (here - centre) * (here - centre));
        within.extend(group.iter().map(|v| (v - here) * (v - here)));
    }
    #[allow(clippy::cast_precision_loss)]
    let (df1, df2) = (groups.len() as f64 - 1.0, (all.len() - groups.len()) as f64);
    let inside = exact_sum(&within) / df2;
    if inside <= 0.0 {
        return Err(none);
    }
    let statistic = exact_sum(&between) / df1 / inside;
    Ok(SpreadTest { statistic, p: f_dist::sf(statistic, df1, df2) })
}

fn check_groups(groups: &[Vec<f64>]) -> Result<(), StatsError> {
    if groups.len() < 2 {
        return Err(StatsError::TooFew { got: groups.len(), need: 2 });
    }
    groups.iter().try_for_each(|group| check_finite(group, 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn equal_groups_do_not_differ() {
        let x = vec![1.0, 4.0, 2.5, 9.0];
        for test in [brown_forsythe, levene, bartlett, fligner_killeen] {
            let got = test(&[x.clone(), x.clone()]).expect("spread");
            assert!(got.statistic.abs() < 1e-12 && (got.p - 1.0).abs() < 1e-5, "{got:?}");
            assert!(test(std::slice::from_ref(&x)).is_err() && test(&[x.clone(), vec![1.0]]).is_err());
        }
        assert!(bartlett(&[x.clone(), vec![2.0, 2.0]]).is_err());
    }

    proptest! {
        #[test]
        fn where_a_group_lies_and_in_which_unit_is_no_matter(
            a in proptest::collection::vec(-9.0_f64..9.0, 4..9),
            b in proptest::collection::vec(-9.0_f64..9.0, 4..9),
            shift in -50.0_f64..50.0, scale in 0.5_f64..4.0,
        ) {
            let moved: Vec<f64> = b.iter().map(|v| v * scale + shift).collect();
            let grown: Vec<f64> = a.iter().map(|v| v * scale).collect();
            for test in [brown_forsythe, levene, bartlett] {
                let one = test(&[a.clone(), b.clone()]).expect("spread");
                let two = test(&[grown.clone(), moved.clone()]).expect("spread");
                prop_assert!((one.p - two.p).abs() < 1e-8, "{one:?} {two:?}");
            }
            let (one, two) = (brown_forsythe_less(&a, &b), brown_forsythe_less(&b, &a));
            prop_assert!((one.expect("spread") + two.expect("spread") - 1.0).abs() < 1e-12);
        }
    }
}

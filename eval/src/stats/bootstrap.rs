//! Bootstrap intervals: what the estimate would have been on other draws of the same units.
//!
//! A unit is what is independent of the others: a cluster of roasts, never a single sample
//! of one. Rows of indices say which units a replicate is made of; they come from a key, so
//! that the same question has the same answer on any machine.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::error::{StatsError, check_finite, check_share};
use super::normal;
use super::quantile::sorted;
use super::sum::{exact_sum, mean};
use trier_roast::order::quantile_of_sorted;

/// Replicates of an interval that is reported.
pub const REPLICATES: usize = 9_999;

/// With fewer replicates than this beyond an end, that end is no more than a guess.
pub const BEYOND_MIN: f64 = 10.0;

/// An estimate with what resampling says of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bootstrap {
    /// On the units as they are.
    pub estimate: f64,
    /// Standard deviation of the replicates.
    pub se: f64,
    /// Between the α/2 and 1 − α/2 quantiles (type 7) of the replicates.
    pub percentile: (f64, f64),
    /// The same, mirrored at the estimate.
    pub basic: (f64, f64),
    /// Bias of the median, in standard normal units.
    pub z0: f64,
    /// Acceleration, from the jackknife.
    pub a: f64,
    /// The shares of the replicates that `bca` lies between.
    pub shares: (f64, f64),
    /// Bias-corrected and accelerated; not finite where the jackknife has no spread or all
    /// replicates lie on one side.
    pub bca: (f64, f64),
    /// Replicates beyond the nearer end of `bca`.
    pub beyond: f64,
    /// How many replicates.
    pub replicates: usize,
    /// What the report calls the key they were drawn by; None for rows that were given.
    pub seed: Option<u64>,
}

impl Bootstrap {
    /// `bca` where it can be relied on: finite, and [`BEYOND_MIN`] replicates beyond each end.
    #[must_use]
    pub fn sound(&self) -> Option<(f64, f64)> {
        let (low, high) = self.bca;
        (self.beyond >= BEYOND_MIN && low.is_finite() && high.is_finite()).then_some((low, high))
    }
}

/// Bootstrap of `statistic` over `n` units, of which each row of `rows` names as many.
///
/// - `statistic`: of the units with these indices, repetitions and all.
/// - `alpha`: 0.05 for a 95 % interval.
///
/// Vectors: `bootstrap/mean`, `bootstrap/p90_abs`, `bootstrap/paired_ratio`, `bootstrap/cluster_mean`.
///
/// # Errors
/// Fewer than two units or rows, `alpha` outside 0 to 1, or a statistic that is not finite.
pub fn with_rows(
    n: usize,
    rows: &[Vec<usize>],
    alpha: f64,
    statistic: impl Fn(&[usize]) -> f64,
) -> Result<Bootstrap, StatsError> {
    let replicates: Vec<f64> = rows.iter().map(|row| statistic(row)).collect();
    of_replicates(n, alpha, &statistic, &replicates)
}

/// The same with `replicates` rows drawn by `key`. The draws go with the order of the units; sort them first.
///
/// # Errors
/// As [`with_rows`].
pub fn drawn(
    n: usize,
    replicates: usize,
    key: &str,
    alpha: f64,
    statistic: impl Fn(&[usize]) -> f64,
) -> Result<Bootstrap, StatsError> {
    let mut draws = Draws::new(key);
    let mut row = vec![0; n];
    let values: Vec<f64> = (0..replicates)
        .map(|_| {
            row.iter_mut().for_each(|index| *index = draws.below(n));
            statistic(&row)
        })
        .collect();
    Ok(Bootstrap { seed: Some(draws.seed), ..of_replicates(n, alpha, &statistic, &values)? })
}

/// The same for the mean of `values`, many of them: in one pass per replicate, and with a jackknife of one pass.
///
/// Replicates are summed as they are drawn, about the mean, so two that differ but for rounding may count as
/// different; z₀ counts ties by halves, and rounding splits them about so. The draws go with the order of the
/// values; sort them first. Vector: `bootstrap/mean`, by a law that [`drawn`] agrees.
///
/// # Errors
/// As [`with_rows`], or a value that is not finite.
pub fn drawn_mean(values: &[f64], replicates: usize, key: &str, alpha: f64) -> Result<Bootstrap, StatsError> {
    check_share("alpha", alpha)?;
    check_finite(values, 2)?;
    let centre = mean(values).ok_or(StatsError::TooFew { got: 0, need: 2 })?;
    let off: Vec<f64> = values.iter().map(|v| v - centre).collect();
    #[allow(clippy::cast_precision_loss)]
    let n = values.len() as f64;
    let mut draws = Draws::new(key);
    let resampled: Vec<f64> = (0..replicates)
        .map(|_| {
            let total: f64 = (0..off.len()).map(|_| off[draws.below(off.len())]).sum();
            centre + total / n
        })
        .collect();
    check_finite(&resampled, 2)?;
    let jackknife: Vec<f64> = off.iter().map(|v| centre - v / (n - 1.0)).collect();
    Ok(Bootstrap { seed: Some(draws.seed), ..summed_up(centre, &resampled, &jackknife, alpha) })
}

/// Puts replicates beside the estimate on all of `n` units and the estimates without each.
fn of_replicates(
    n: usize,
    alpha: f64,
    statistic: &impl Fn(&[usize]) -> f64,
    replicates: &[f64],
) -> Result<Bootstrap, StatsError> {
    check_share("alpha", alpha)?;
    if n < 2 {
        return Err(StatsError::TooFew { got: n, need: 2 });
    }
    let all: Vec<usize> = (0..n).collect();
    let estimate = statistic(&all);
    let without = |left_out: usize| -> Vec<usize> { (0..n).filter(|unit| *unit != left_out).collect() };
    let jackknife: Vec<f64> = all.iter().map(|unit| statistic(&without(*unit))).collect();
    check_finite(&[estimate], 1)?;
    check_finite(replicates, 2)?;
    check_finite(&jackknife, 2)?;
    Ok(summed_up(estimate, replicates, &jackknife, alpha))
}

/// Indices and other luck by a key: the same on any machine.
pub(crate) struct Draws {
    generator: ChaCha8Rng,
    /// The first eight bytes of the key's hash, by which a report names it.
    pub(crate) seed: u64,
}

impl Draws {
    /// The stream of `key`.
    pub(crate) fn new(key: &str) -> Self {
        let hash = *blake3::hash(key.as_bytes()).as_bytes();
        let seed = hash.iter().take(8).fold(0, |seed, byte| seed << 8 | u64::from(*byte));
        Self { generator: ChaCha8Rng::from_seed(hash), seed }
    }

    /// `count` rows of `n` indices below `n`.
    pub(crate) fn rows(&mut self, n: usize, count: usize) -> Vec<Vec<usize>> {
        (0..count).map(|_| (0..n).map(|_| self.below(n)).collect()).collect()
    }

    /// A uniform index below `n`: the high half of a product is uneven by less than n/2⁶⁴.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        #[allow(clippy::cast_possible_truncation)] // Below n.
        let index = ((u128::from(self.generator.next_u64()) * n as u128) >> 64) as usize;
        index
    }
}

/// The pooled mean over clusters of values, resampling clusters. Vector: `bootstrap/cluster_mean`.
#[must_use]
pub fn pooled_mean(clusters: &[Vec<f64>], drawn: &[usize]) -> f64 {
    let values: Vec<f64> = drawn.iter().flat_map(|cluster| clusters[*cluster].iter().copied()).collect();
    mean(&values).unwrap_or(f64::NAN)
}

fn summed_up(estimate: f64, replicates: &[f64], jackknife: &[f64], alpha: f64) -> Bootstrap {
    let ascending = sorted(replicates);
    let at = |share: f64| quantile_of_sorted(&ascending, share).unwrap_or(f64::NAN);
    #[allow(clippy::cast_precision_loss)]
    let n = replicates.len() as f64;
    let centre = mean(replicates).unwrap_or(f64::NAN);
    let squares: Vec<f64> = replicates.iter().map(|r| (r - centre) * (r - centre)).collect();
    let percentile = (at(alpha / 2.0), at(1.0 - alpha / 2.0));
    #[allow(clippy::cast_precision_loss)]
    let below = (replicates.iter().filter(|r| **r < estimate).count()
        + replicates.iter().filter(|r| **r <= estimate).count()) as f64;
    let z0 = normal::quantile(below / (2.0 * n));
    let a = acceleration(jackknife);
    let moved = |z: f64| normal::cdf(z0 + (z0 + z) / (1.0 - a * (z0 + z)));
    let z = normal::quantile(alpha / 2.0);
    let shares = (moved(z), moved(-z));
    let at_share = |share: f64| if share.is_finite() { at(share) } else { f64::NAN };
    Bootstrap {
        estimate,
        se: (exact_sum(&squares) / (n - 1.0)).sqrt(),
        percentile,
        basic: (2.0 * estimate - percentile.1, 2.0 * estimate - percentile.0),
        z0,
        a,
        shares,
        bca: (at_share(shares.0), at_share(shares.1)),
        beyond: (shares.0 * n).min((1.0 - shares.1) * n),
        replicates: replicates.len(),
        seed: None,
    }
}

/// Σ(m − tᵢ)³ / (6 (Σ(m − tᵢ)²)^1.5) over the estimates without each unit in turn.
fn acceleration(jackknife: &[f64]) -> f64 {
    let centre = mean(jackknife).unwrap_or(f64::NAN);
    let sum = |of: fn(f64) -> f64| {
        let terms: Vec<f64> = jackknife.iter().map(|t| of(centre - t)).collect();
        exact_sum(&terms)
    };
    let squares = sum(|off| off * off);
    sum(|off| off * off * off) / (6.0 * squares * squares.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_of_a_mean_is_that_of_its_standard_error() {
        // Forty units of ±1 around 5: the standard error is √(1/40), and z is 1.96.
        let x: Vec<f64> = (0..40).map(|i| 5.0 + f64::from(i % 2) * 2.0 - 1.0).collect();
        let statistic = |drawn: &[usize]| drawn.iter().map(|i| x[*i]).sum::<f64>() / drawn.len() as f64;
        let got = drawn(40, REPLICATES, "test", 0.05, statistic).expect("finite");
        let se = (1.0_f64 / 40.0).sqrt();
        assert!((got.se - se).abs() < 0.03 * se, "{} for {se}", got.se);
        let (low, high) = got.sound().expect("spread");
        assert!((low - (5.0 - 1.96 * se)).abs() < 0.06 && (high - (5.0 + 1.96 * se)).abs() < 0.06);
        assert_eq!(Ok(got), drawn(40, REPLICATES, "test", 0.05, statistic));
    }

    #[test]
    fn the_quick_way_to_a_mean_agrees_with_the_plain_one() {
        // Square roots: no replicate ties with the estimate, where both would count differently.
        let x: Vec<f64> = (0..60).map(|i| f64::from(i * 7 % 61).sqrt() - 4.0).collect();
        let statistic =
            |drawn: &[usize]| mean(&drawn.iter().map(|i| x[*i]).collect::<Vec<f64>>()).unwrap_or(0.0);
        let plain = drawn(60, 1_999, "k", 0.05, statistic).expect("finite");
        let quick = drawn_mean(&x, 1_999, "k", 0.05).expect("finite");
        for (one, two) in [
            (plain.estimate, quick.estimate),
            (plain.se, quick.se),
            (plain.a, quick.a),
            (plain.bca.0, quick.bca.0),
            (plain.bca.1, quick.bca.1),
        ] {
            assert!((one - two).abs() < 1e-10, "{plain:?} {quick:?}");
        }
        assert_eq!((plain.seed, plain.replicates), (quick.seed, quick.replicates));
    }

    #[test]
    fn no_spread_has_no_corrected_interval() {
        let got = drawn(5, 100, "k", 0.05, |_| 3.0).expect("finite");
        assert_eq!((got.percentile, got.sound()), ((3.0, 3.0), None));
        assert!(drawn(1, 100, "k", 0.05, |_| 3.0).is_err());
        assert!(drawn(5, 100, "k", 0.05, |_| f64::NAN).is_err());
    }
}

//! Which of two independent samples tends to lie above the other, whatever their shape.

use super::error::{StatsError, check_finite};
use super::normal;
use super::ranks::{mid_ranks, tie_sum};
use super::student_t;
use super::sum::{mean, variance};

/// How `b` stands to `a`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dominance {
    /// Cliff's delta: P(b > a) − P(b < a), −1 to 1.
    pub cliffs_delta: f64,
    /// Vargha and Delaney's A: P(b > a) + P(b = a)/2, 0 to 1.
    pub a12: f64,
    /// Mann and Whitney's U of `b`.
    pub u: f64,
    /// Its two-sided p: normal, with continuity and tie corrections; 1 when all values are equal.
    pub p_mann_whitney: f64,
    /// Brunner and Munzel's test, which lets the spreads differ; None when the samples do not overlap.
    pub brunner_munzel: Option<BrunnerMunzel>,
}

/// Brunner and Munzel's test of P(b > a) + P(b = a)/2 = 1/2.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BrunnerMunzel {
    /// The statistic, positive when `b` tends to be larger.
    pub statistic: f64,
    /// Its degrees of freedom.
    pub df: f64,
    /// Two-sided p.
    pub p: f64,
}

/// Compares `b` with `a` by ranks. Vector: `effect/cliffs_delta`.
///
/// # Errors
/// Fewer than two values in either, or one that is not finite.
pub fn dominance(a: &[f64], b: &[f64]) -> Result<Dominance, StatsError> {
    check_finite(a, 2)?;
    check_finite(b, 2)?;
    let all: Vec<f64> = a.iter().chain(b).copied().collect();
    let ranks = mid_ranks(&all);
    let (ranks_a, ranks_b) = ranks.split_at(a.len());
    #[allow(clippy::cast_precision_loss)]
    let (m, n) = (a.len() as f64, b.len() as f64);
    let u = ranks_b.iter().sum::<f64>() - 0.5 * n * (n + 1.0);
    let a12 = u / (m * n);
    let size = m + n;
    let sd = (m * n / 12.0 * (size + 1.0 - tie_sum(&all) / (size * (size - 1.0)))).sqrt();
    let off = ((u - 0.5 * m * n).abs() - 0.5).max(0.0);
    let p_mann_whitney = if sd > 0.0 { (2.0 * normal::sf(off / sd)).min(1.0) } else { 1.0 };
    Ok(Dominance {
        cliffs_delta: 2.0 * a12 - 1.0,
        a12,
        u,
        p_mann_whitney,
        brunner_munzel: brunner_munzel((a, ranks_a), (b, ranks_b)),
    })
}

/// From each sample with its ranks among both.
fn brunner_munzel(a: (&[f64], &[f64]), b: (&[f64], &[f64])) -> Option<BrunnerMunzel> {
    let placements = |(values, ranks): (&[f64], &[f64])| -> Vec<f64> {
        mid_ranks(values).iter().zip(ranks).map(|(own, all)| all - own).collect()
    };
    #[allow(clippy::cast_precision_loss)]
    let (m, n) = (a.0.len() as f64, b.0.len() as f64);
    let (spread_a, spread_b) = (m * variance(&placements(a))?, n * variance(&placements(b))?);
    let both = spread_a + spread_b;
    if both <= 0.0 {
        return None;
    }
    let statistic = m * n * (mean(b.1)? - mean(a.1)?) / ((m + n) * both.sqrt());
    let df = both * both / (spread_a * spread_a / (m - 1.0) + spread_b * spread_b / (n - 1.0));
    Some(BrunnerMunzel { statistic, df, p: student_t::p_two_sided(statistic, df) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn apart_and_alike_are_the_ends() {
        let apart = dominance(&[1.0, 2.0], &[3.0, 4.0, 5.0]).expect("finite");
        assert_eq!((apart.cliffs_delta, apart.a12, apart.u), (1.0, 1.0, 6.0));
        assert_eq!(apart.brunner_munzel, None);
        let alike = dominance(&[2.0; 3], &[2.0; 4]).expect("finite");
        assert_eq!((alike.cliffs_delta, alike.p_mann_whitney), (0.0, 1.0));
        assert!(dominance(&[1.0], &[1.0, 2.0]).is_err());
    }

    proptest! {
        #[test]
        fn only_the_order_counts(
            a in proptest::collection::vec(-9.0_f64..9.0, 2..12),
            b in proptest::collection::vec(-9.0_f64..9.0, 2..12),
        ) {
            let one = dominance(&a, &b).expect("finite");
            // A rising map keeps the order; exchanging the samples turns it.
            let cubed = |x: &[f64]| -> Vec<f64> { x.iter().map(|v| v * v * v + 2.0 * v).collect() };
            prop_assert_eq!(dominance(&cubed(&a), &cubed(&b)).expect("finite"), one);
            let turned = dominance(&b, &a).expect("finite");
            prop_assert!((turned.cliffs_delta + one.cliffs_delta).abs() < 1e-12);
            // By counting pairs.
            let pairs = || a.iter().flat_map(|x| b.iter().map(move |y| (x, y)));
            let above = pairs().filter(|(x, y)| y > x).count() as f64;
            let below = pairs().filter(|(x, y)| y < x).count() as f64;
            let want = (above - below) / (a.len() * b.len()) as f64;
            prop_assert!((one.cliffs_delta - want).abs() < 1e-12);
        }
    }
}

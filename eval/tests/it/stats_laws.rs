//! Laws that tests and intervals must keep, by simulation with fixed seeds.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use trier_eval::stats::{cluster, paired_t, sign_flip};
use trier_roast::math;

/// Draws for these tests.
pub(crate) struct Draws(ChaCha8Rng);

impl Draws {
    pub(crate) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// Above 0, below 1.
    pub(crate) fn uniform(&mut self) -> f64 {
        #[allow(clippy::cast_precision_loss)]
        let whole = (self.0.next_u64() >> 11) as f64;
        (whole + 0.5) / 9_007_199_254_740_992.0
    }

    /// Standard normal, by Box and Muller.
    pub(crate) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * math::ln(self.uniform())).sqrt();
        radius * math::cos(2.0 * math::PI * self.uniform())
    }

    fn normals(&mut self, n: usize) -> Vec<f64> {
        (0..n).map(|_| self.normal()).collect()
    }
}

/// A share of `n` may stray from `p` by this much: four standard errors, once in 16,000.
pub(crate) fn four_se(p: f64, n: u32) -> f64 {
    4.0 * (p * (1.0 - p) / f64::from(n)).sqrt()
}

#[test]
fn p_is_uniform_when_nothing_differs() {
    let mut draws = Draws::new(1);
    let mut p: Vec<f64> =
        (0..4_000).map(|_| paired_t::paired_t(&draws.normals(12), 0.95).expect("spread").p_less).collect();
    p.sort_by(f64::total_cmp);
    #[allow(clippy::cast_precision_loss)]
    let distance =
        p.iter().enumerate().map(|(i, p)| (p - (i as f64 + 0.5) / 4_000.0).abs()).fold(0.0, f64::max);
    // Kolmogorov: above 1.95/√n once in a thousand.
    assert!(distance < 1.95 / 4_000.0_f64.sqrt(), "{distance}");
}

#[test]
fn the_interval_covers_as_often_as_it_says() {
    let mut draws = Draws::new(2);
    for (n, level) in [(4, 0.95), (13, 0.95), (13, 0.8)] {
        let covers = |d: &[f64]| {
            let t = paired_t::paired_t(d, level).expect("spread");
            t.lower < 0.0 && 0.0 < t.upper
        };
        let hits = (0..4_000).filter(|_| covers(&draws.normals(n))).count();
        let share = f64::from(u32::try_from(hits).expect("few")) / 4_000.0;
        assert!((share - level).abs() < four_se(level, 4_000), "n {n}: {share} for {level}");
    }
}

#[test]
fn sign_flips_keep_their_level_under_wild_tails() {
    // Cauchy differences have no mean; a t test would be off, the flip test may not be.
    let mut draws = Draws::new(3);
    let wild = |draws: &mut Draws| -> Vec<f64> {
        (0..10).map(|_| draws.normal() / draws.normal().abs().max(1e-9)).collect()
    };
    let rejected =
        (0..3_000).filter(|_| sign_flip::exact(&wild(&mut draws)).expect("ten").p_two_sided <= 0.05).count();
    let share = f64::from(u32::try_from(rejected).expect("few")) / 3_000.0;
    // 51 of 1024 flips is the largest share at or below 0.05.
    let level = 50.0 / 1024.0;
    assert!((share - level).abs() < four_se(level, 3_000), "{share}");
}

#[test]
fn clusters_must_not_be_ignored() {
    // Six roasts share a day's luck. By clusters the test keeps its level; roast by roast it does not.
    let mut draws = Draws::new(4);
    let (mut by_cluster, mut by_roast) = (0_u32, 0_u32);
    for _ in 0..2_000 {
        let clusters: Vec<Vec<f64>> = (0..12)
            .map(|_| {
                let day = draws.normal();
                (0..6).map(|_| day + draws.normal()).collect()
            })
            .collect();
        let all: Vec<f64> = clusters.iter().flatten().copied().collect();
        let robust = cluster::robust_mean(&clusters).expect("spread");
        by_cluster += u32::from(robust.summary_p < 0.05);
        by_roast += u32::from(paired_t::paired_t(&all, 0.95).expect("spread").p_two_sided < 0.05);
    }
    assert!((f64::from(by_cluster) / 2_000.0 - 0.05).abs() < four_se(0.05, 2_000), "{by_cluster}");
    assert!(by_roast > 400, "a planted mistake that no test would see: {by_roast}");
}

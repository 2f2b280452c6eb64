//! Levels and coverage by simulation with fixed seeds, and mistakes that no reference number shows.

use crate::stats_laws::{Draws, four_se};
use trier_eval::stats::normal_mixture::{NormalMixture, Sides};
use trier_eval::stats::{
    StatsError, bonett, bootstrap, cuped, diff_in_diff, dominance, e_process, group_sequential, kolmogorov,
    multiplicity, paired_t, power_spread, proportion, reml, spread, spread_bootstrap, variance_ratio, welch,
};
use trier_roast::math;

fn normals(draws: &mut Draws, n: usize, sd: f64) -> Vec<f64> {
    (0..n).map(|_| sd * draws.normal()).collect()
}

/// Positive, skewed: sums of two exponentials.
fn skewed(draws: &mut Draws, n: usize) -> Vec<f64> {
    (0..n).map(|_| -math::ln(draws.uniform()) - math::ln(draws.uniform())).collect()
}

/// The share of `runs` in which `of` holds.
fn share(runs: u32, mut of: impl FnMut() -> bool) -> f64 {
    f64::from((0..runs).map(|_| u32::from(of())).sum::<u32>()) / f64::from(runs)
}

#[test]
fn a_broken_value_is_refused_by_place_and_never_dropped() {
    let x = [1.0, 4.0, f64::NAN, 2.0, 8.0, 5.0];
    let y = [2.0, 3.0, 5.0, 1.0, 7.0, 4.0];
    // Dropping it would give a fine number, which is the mistake.
    let kept: Vec<f64> = x.iter().copied().filter(|v| v.is_finite()).collect();
    assert!(variance_ratio::variance_ratio(&kept, &y, 0.95).is_ok());
    let refusals = [
        variance_ratio::variance_ratio(&x, &y, 0.95).err(),
        bonett::bonett(&x, &y, 0.95).err(),
        welch::welch(&x, &y).err(),
        dominance::dominance(&x, &y).err(),
        kolmogorov::two_samples(&x, &y).err(),
        spread::brown_forsythe(&[x.to_vec(), y.to_vec()]).err(),
        spread_bootstrap::drawn(&x, &y, 9, "k", 0.05).err(),
        e_process::betting_above(&x.map(|v| v / 9.0), 0.5, 0.05).err(),
    ];
    for refusal in refusals {
        assert!(matches!(refusal, Some(StatsError::NonFinite { index: 2, .. })), "{refusal:?}");
    }
}

#[test]
fn each_period_has_its_own_luck() {
    // Were both periods resampled by one stream, equal periods would differ in no replicate at all.
    let x: Vec<f64> = (0..20).map(|i| f64::from(i * i % 23)).collect();
    let got = spread_bootstrap::drawn(&x, &x, 999, "plan", 0.05).expect("spread");
    assert!(got.percentile.0 < -0.3 && got.percentile.1 > 0.3, "{got:?}");
    assert!((got.below_zero - 0.5).abs() < four_se(0.5, 999), "{got:?}");
}

#[test]
fn p_of_two_samples_is_uniform_when_nothing_differs() {
    let mut draws = Draws::new(11);
    let by = |draws: &mut Draws, p: fn(&[f64], &[f64]) -> f64| -> kolmogorov::Gap {
        let all: Vec<f64> = (0..900).map(|_| p(&normals(draws, 14, 1.0), &normals(draws, 18, 1.0))).collect();
        kolmogorov::uniform(&all).expect("inside")
    };
    let welch = by(&mut draws, |a, b| welch::welch(a, b).expect("spread").p_less);
    let ratio = by(&mut draws, |a, b| variance_ratio::variance_ratio(a, b, 0.95).expect("spread").p_less);
    // A p below one in a thousand would be a mistake, not luck.
    assert!(welch.p > 0.001 && ratio.p > 0.001, "{welch:?} {ratio:?}");
    // Of unequal sizes too, where exchanged degrees of freedom would show.
    let few =
        by(&mut draws, |a, b| variance_ratio::variance_ratio(a, &b[..4], 0.95).expect("spread").p_two_sided);
    assert!(few.p > 0.001, "{few:?}");
}

#[test]
fn robust_spread_tests_keep_their_level_where_the_f_test_does_not() {
    let mut draws = Draws::new(12);
    let (mut robust, mut interval, mut f) = (0_u32, 0_u32, 0_u32);
    const RUNS: u32 = 3_000;
    for _ in 0..RUNS {
        let (before, after) = (skewed(&mut draws, 30), skewed(&mut draws, 30));
        robust += u32::from(spread::brown_forsythe_less(&before, &after).expect("spread") < 0.05);
        interval += u32::from(bonett::bonett(&before, &after, 0.9).expect("spread").interval.1 < 1.0);
        f += u32::from(variance_ratio::variance_ratio(&before, &after, 0.95).expect("spread").p_less < 0.05);
    }
    let rate = |count: u32| f64::from(count) / f64::from(RUNS);
    // Another program, 20,000 runs: 0.046 and 0.048 and 0.131. Four standard errors of 3,000 runs about them.
    assert!((rate(robust) - 0.046).abs() < four_se(0.046, RUNS), "{}", rate(robust));
    assert!((rate(interval) - 0.048).abs() < four_se(0.048, RUNS), "{}", rate(interval));
    assert!((rate(f) - 0.131).abs() < four_se(0.131, RUNS), "{}", rate(f));
}

#[test]
fn exact_shares_cover_at_least_as_often_as_they_say() {
    // No simulation: the coverage of every true share is a sum over what can be seen.
    for n in [5_u64, 20, 40] {
        let ends: Vec<(f64, f64)> =
            (0..=n).map(|k| proportion::share(k, n, 0.9).expect("counts").exact).collect();
        for step in 1..100 {
            let p = f64::from(step) / 100.0;
            let covered: f64 = (0..=n)
                .filter(|k| {
                    ends[usize::try_from(*k).expect("few")].0 <= p
                        && p <= ends[usize::try_from(*k).expect("few")].1
                })
                .map(|k| trier_eval::stats::binomial::pmf(k, n, p))
                .sum();
            assert!(covered >= 0.9 - 1e-9, "{n} at {p}: {covered}");
        }
    }
}

#[test]
fn the_corrected_bootstrap_misses_a_skewed_mean_more_evenly_than_percentiles() {
    let mut draws = Draws::new(13);
    const RUNS: u32 = 1_500;
    // Misses below and above the true mean of 2.
    let (mut corrected, mut plain) = ([0_u32; 2], [0_u32; 2]);
    for run in 0..RUNS {
        let x = skewed(&mut draws, 20);
        let mean = |drawn: &[usize]| drawn.iter().map(|i| x[*i]).sum::<f64>() / drawn.len() as f64;
        let got = bootstrap::drawn(20, 999, &format!("run {run}"), 0.05, mean).expect("finite");
        let count = |misses: &mut [u32; 2], (low, high): (f64, f64)| {
            misses[0] += u32::from(high < 2.0);
            misses[1] += u32::from(low > 2.0);
        };
        count(&mut corrected, got.bca);
        count(&mut plain, got.percentile);
    }
    // Twenty skewed values leave either a little short of 95 %; the skew is in where they miss.
    let covered = 1.0 - f64::from(corrected[0] + corrected[1]) / f64::from(RUNS);
    assert!(covered > 0.90 && covered < 0.96, "{covered}");
    assert!(corrected[0] < plain[0], "{corrected:?} and {plain:?}");
    assert!(corrected[1] > plain[1], "{corrected:?} and {plain:?}");
}

#[test]
fn looking_after_every_roast_breaks_a_plain_test_and_no_boundary() {
    let mut draws = Draws::new(14);
    const RUNS: u32 = 1_500;
    let boundary = NormalMixture::tuned(Sides::Two, 0.05, 60.0).expect("in range");
    let (mut plain, mut crossed, mut bet, mut won) = (0_u32, 0_u32, 0_u32, 0_u32);
    for _ in 0..RUNS {
        let x = normals(&mut draws, 150, 1.0);
        let sums: Vec<f64> = x
            .iter()
            .scan(0.0, |sum, v| {
                *sum += v;
                Some(*sum)
            })
            .collect();
        plain += u32::from(
            (5..=150).any(|n| paired_t::paired_t(&x[..n], 0.95).expect("spread").p_two_sided < 0.05),
        );
        crossed += u32::from(sums.iter().enumerate().any(|(i, s)| s.abs() >= boundary.bound(i as f64 + 1.0)));
        let scores: Vec<f64> = x.iter().map(|z| math::normal_cdf(*z)).collect();
        let bets = e_process::betting_above(&scores, 0.5, 0.05).expect("inside");
        bet += u32::from(e_process::shown_at(&bets.wealth, 0.05).is_some());
        let wins: Vec<bool> = x.iter().map(|z| *z < 0.0).collect();
        won += u32::from(e_process::shown_at(&e_process::win_rate(&wins), 0.05).is_some());
    }
    let rate = |count: u32| f64::from(count) / f64::from(RUNS);
    assert!(rate(plain) > 0.2, "a mistake that no test would see: {}", rate(plain));
    for count in [crossed, bet, won] {
        assert!(rate(count) <= 0.05 + four_se(0.05, RUNS), "{}", rate(count));
    }
}

#[test]
fn declared_looks_spend_alpha_once() {
    let mut draws = Draws::new(15);
    let times = [0.3, 0.55, 0.8, 1.0];
    let looks = group_sequential::obrien_fleming(&times, 0.05).expect("in order");
    const RUNS: u32 = 40_000;
    let stopped = share(RUNS, || {
        let (mut at, mut before) = (0.0, 0.0_f64);
        times.iter().zip(&looks.bounds).any(|(t, bound)| {
            at += draws.normal() * (t - before).sqrt();
            before = *t;
            f64::abs(at) / t.sqrt() >= *bound
        })
    });
    assert!((stopped - 0.05).abs() < four_se(0.05, RUNS), "{stopped}");
}

#[test]
fn several_true_hypotheses_are_rejected_together_as_rarely_as_one() {
    let mut draws = Draws::new(16);
    const RUNS: u32 = 4_000;
    type Adjust = fn(&[f64]) -> Result<Vec<f64>, StatsError>;
    let families: [Adjust; 4] =
        [multiplicity::holm, multiplicity::hommel, multiplicity::hochberg, multiplicity::benjamini_hochberg];
    for adjust in families {
        let any = share(RUNS, || {
            let p: Vec<f64> = (0..6).map(|_| draws.uniform()).collect();
            adjust(&p).expect("in range").iter().any(|p| *p <= 0.05)
        });
        assert!(any <= 0.05 + four_se(0.05, RUNS) && any > 0.03, "{any}");
    }
    let raw = share(RUNS, || (0..6).any(|_| draws.uniform() <= 0.05));
    assert!(raw > 0.2, "a mistake that no test would see: {raw}");
}

#[test]
fn variance_between_machines_is_found_on_average() {
    let mut draws = Draws::new(17);
    let sizes = [3_usize, 5, 2, 6, 4, 4, 3, 5];
    const RUNS: usize = 600;
    let found: Vec<reml::Reml> = (0..RUNS)
        .map(|_| {
            let groups: Vec<Vec<f64>> = sizes
                .iter()
                .map(|n| {
                    let machine = 2.0 * draws.normal();
                    (0..*n).map(|_| 550.0 + machine + draws.normal()).collect()
                })
                .collect();
            reml::one_way_reml(&groups).expect("spread")
        })
        .collect();
    let mean = |of: fn(&reml::Reml) -> f64| found.iter().map(of).sum::<f64>() / RUNS as f64;
    // Restricted likelihood is nearly unbiased: 4 and 1, with standard errors of about 0.10 and 0.012.
    assert!((mean(|r| r.between) - 4.0).abs() < 0.4, "{}", mean(|r| r.between));
    assert!((mean(|r| r.within) - 1.0).abs() < 0.05, "{}", mean(|r| r.within));
}

#[test]
fn a_covariate_narrows_without_moving() {
    let mut draws = Draws::new(18);
    const RUNS: usize = 500;
    let mut estimates = Vec::new();
    let (mut claimed, mut lin) = (0.0, 0.0);
    for _ in 0..RUNS {
        let arm = |draws: &mut Draws, effect: f64| -> (Vec<f64>, Vec<f64>) {
            let before = normals(draws, 20, 1.0);
            let after = before.iter().map(|b| 0.8 * b + effect + 0.6 * draws.normal()).collect();
            (before, after)
        };
        let (treated, control) = (arm(&mut draws, -0.5), arm(&mut draws, 0.0));
        let of = |(before, after): &(Vec<f64>, Vec<f64>)| (before.clone(), after.clone());
        let (t, c) = (of(&treated), of(&control));
        let got =
            cuped::cuped(cuped::Arm { before: &t.0, after: &t.1 }, cuped::Arm { before: &c.0, after: &c.1 });
        let got = got.expect("spread");
        estimates.push(got.adjusted.difference);
        claimed += got.adjusted.se / RUNS as f64;
        lin += got.lin_effect / RUNS as f64;
    }
    let centre = estimates.iter().sum::<f64>() / RUNS as f64;
    let sd =
        (estimates.iter().map(|e| (e - centre) * (e - centre)).sum::<f64>() / (RUNS as f64 - 1.0)).sqrt();
    // Four standard errors of a mean of 500, and a tenth of a standard error.
    assert!(
        (centre + 0.5).abs() < 4.0 * sd / (RUNS as f64).sqrt() && (lin + 0.5).abs() < 0.04,
        "{centre} {lin}"
    );
    assert!((claimed / sd - 1.0).abs() < 0.1, "{claimed} claimed, {sd} seen");
}

#[test]
fn machines_differ_and_their_days_with_them() {
    // Each machine has its own change of level at the turn; roast by roast that would look like an effect.
    let mut draws = Draws::new(19);
    const RUNS: u32 = 1_200;
    let rejected = share(RUNS, || {
        let roasts: Vec<diff_in_diff::Observation> = (0..16_u32)
            .flat_map(|unit| {
                let moved = draws.normal();
                let level = draws.normal();
                (0..8)
                    .map(|i| (i >= 4, level + if i >= 4 { moved } else { 0.0 } + 0.3 * draws.normal()))
                    .collect::<Vec<(bool, f64)>>()
                    .into_iter()
                    .map(move |(after, y)| diff_in_diff::Observation { unit, treated: unit < 8, after, y })
            })
            .collect();
        diff_in_diff::diff_in_diff(&roasts).expect("cells").p_two_sided < 0.05
    });
    // Sixteen machines: the cluster-robust test is near its level, a little above by nature.
    assert!(rejected < 0.09, "{rejected}");
}

#[test]
fn power_is_how_often_the_test_finds_it() {
    let mut draws = Draws::new(20);
    const RUNS: u32 = 4_000;
    let planned = power_spread::variance_power(0.5, 20, 30, 0.05).expect("in range").power;
    let found = share(RUNS, || {
        let (before, after) = (normals(&mut draws, 20, 1.0), normals(&mut draws, 30, 0.5_f64.sqrt()));
        variance_ratio::variance_ratio(&before, &after, 0.95).expect("spread").p_less < 0.05
    });
    assert!((found - planned).abs() < four_se(planned, RUNS), "{found} for {planned}");
}

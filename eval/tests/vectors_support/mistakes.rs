//! Mistakes that statistics are known for, planted: each must miss its vector.
//!
//! Beside each wrong way stands the right one, which must meet the same number. Mistakes that no vector
//! can show (broken values dropped, one seed for both arms, looking until it pleases) are in the laws.

use super::mistakes_spread as spread_bank;
use super::{Vector, index_rows, rows};
use trier_eval::stats::signed_rank_ties::{Zeros, signed_rank_ties};
use trier_eval::stats::{
    bootstrap, cluster, crps, diebold_mariano, mcnemar, multiplicity, non_inferiority, normal, paired_t,
    point, proportion, quantile, sign_flip, sum, survival, welch,
};
use trier_roast::math;

/// One mistake: what it is, the number that gives it away, and both ways to get that.
pub(crate) struct Mistake {
    /// In words.
    pub(crate) name: &'static str,
    /// The vector.
    pub(crate) id: &'static str,
    /// The expected field, with the place in it.
    pub(crate) field: &'static str,
    /// The right way.
    pub(crate) right: fn(&Vector) -> f64,
    /// The wrong way.
    pub(crate) wrong: fn(&Vector) -> f64,
}

/// All of them.
pub(crate) fn bank() -> Vec<&'static Mistake> {
    BANK.iter().chain(spread_bank::BANK).collect()
}

const BANK: &[Mistake] = &[
    Mistake {
        name: "an unpaired test of paired losses",
        id: "ni/paired",
        field: "ratio_upper_95",
        right: |v| {
            let (candidate, baseline) = (v.list("candidate"), v.list("baseline"));
            non_inferiority::ratio_non_inferiority(&candidate, &baseline, 1.05, 0.95).expect("losses").upper
        },
        wrong: |v| {
            let logs = |name: &str| -> Vec<f64> { v.list(name).into_iter().map(math::ln).collect() };
            math::exp(welch::welch(&logs("baseline"), &logs("candidate")).expect("spread").upper(0.95))
        },
    },
    Mistake {
        name: "n for n - 1",
        id: "paired/t",
        field: "sd",
        right: |v| t(v).sd,
        wrong: |v| t(v).sd * (t(v).df / (t(v).df + 1.0)).sqrt(),
    },
    Mistake {
        name: "z for t",
        id: "paired/t",
        field: "p_two_sided",
        right: |v| t(v).p_two_sided,
        wrong: |v| 2.0 * normal::sf(t(v).t.abs()),
    },
    Mistake {
        name: "two sides for one",
        id: "paired/t",
        field: "p_less",
        right: |v| t(v).p_less,
        wrong: |v| t(v).p_two_sided,
    },
    Mistake {
        name: "the wrong side",
        id: "ni/paired",
        field: "p_ni",
        right: |v| ni(v, v.input("margin")).p,
        wrong: |v| 1.0 - ni(v, v.input("margin")).p,
    },
    Mistake {
        name: "a two-sided bound for a one-sided one",
        id: "ni/paired",
        field: "upper_bound_95",
        right: |v| ni(v, v.input("margin")).upper,
        wrong: |v| paired_t::paired_t(&v.list("d"), 0.95).expect("spread").upper,
    },
    Mistake {
        name: "ties dropped",
        id: "paired/wilcoxon_ties_wilcox_nocc",
        field: "w_plus",
        right: |v| signed_rank_ties(&v.list("d"), Zeros::LeftOut, false).expect("some").w_plus,
        wrong: |v| {
            let d = v.list("d");
            let alone = |x: &&f64| d.iter().filter(|y| y.abs() == x.abs()).count() == 1;
            let left: Vec<f64> = d.iter().filter(alone).copied().collect();
            signed_rank_ties(&left, Zeros::LeftOut, false).expect("some").w_plus
        },
    },
    Mistake {
        name: "no tie correction of the variance",
        id: "paired/wilcoxon_ties_wilcox_nocc",
        field: "z",
        right: |v| signed_rank_ties(&v.list("d"), Zeros::LeftOut, false).expect("some").z,
        wrong: |v| {
            let d = v.list("d");
            let n = d.iter().filter(|x| **x != 0.0).count() as f64;
            let w = signed_rank_ties(&d, Zeros::LeftOut, false).expect("some").w_plus;
            (w - n * (n + 1.0) / 4.0) / (n * (n + 1.0) * (2.0 * n + 1.0) / 24.0).sqrt()
        },
    },
    Mistake {
        name: "zeros dropped where they should be ranked",
        id: "paired/wilcoxon_ties_pratt_nocc",
        field: "p_two_sided",
        right: |v| signed_rank_ties(&v.list("d"), Zeros::Ranked, false).expect("some").p_two_sided,
        wrong: |v| signed_rank_ties(&v.list("d"), Zeros::LeftOut, false).expect("some").p_two_sided,
    },
    Mistake {
        name: "no continuity correction",
        id: "paired/wilcoxon_ties_pratt_cc",
        field: "z",
        right: |v| signed_rank_ties(&v.list("d"), Zeros::Ranked, true).expect("some").z,
        wrong: |v| signed_rank_ties(&v.list("d"), Zeros::Ranked, false).expect("some").z,
    },
    Mistake {
        name: "a Monte Carlo p that may be 0",
        id: "paired/sign_flip_monte_carlo",
        field: "p_two_sided",
        right: flips,
        wrong: |v| {
            let draws = v.inputs["flip_rows"].as_array().expect("rows").len() as f64;
            (flips(v) * (1.0 + draws) - 1.0) / draws
        },
    },
    Mistake {
        name: "the flip that was seen is not counted",
        id: "paired/sign_flip_exact",
        field: "p_two_sided",
        right: |v| sign_flip::exact(&v.list("d")).expect("few").p_two_sided,
        wrong: |v| {
            let all = sign_flip::exact(&v.list("d")).expect("few");
            all.p_two_sided - 2.0 / all.flips as f64
        },
    },
    Mistake {
        name: "percentile for BCa",
        id: "bootstrap/mean",
        field: "bca/0",
        right: |v| resampled(v).bca.0,
        wrong: |v| resampled(v).percentile.0,
    },
    Mistake {
        name: "basic for BCa",
        id: "bootstrap/mean",
        field: "bca/1",
        right: |v| resampled(v).bca.1,
        wrong: |v| resampled(v).basic.1,
    },
    Mistake {
        name: "bias-corrected but not accelerated",
        id: "bootstrap/mean",
        field: "alpha1",
        right: |v| resampled(v).shares.0,
        wrong: |v| normal::cdf(2.0 * resampled(v).z0 + normal::quantile(0.5 * v.input("alpha"))),
    },
    Mistake {
        name: "the jackknife turned round",
        id: "bootstrap/mean",
        field: "a",
        right: |v| resampled(v).a,
        wrong: |v| -resampled(v).a,
    },
    Mistake {
        name: "clusters ignored",
        id: "cluster/robust_mean",
        field: "p_cr1",
        right: |v| cluster::robust_mean(&rows(&v.inputs["clusters"])).expect("spread").p_cr1,
        wrong: |v| {
            let all = rows(&v.inputs["clusters"]).concat();
            paired_t::paired_t(&all, 0.95).expect("spread").p_two_sided
        },
    },
    Mistake {
        name: "no small-sample factor for few clusters",
        id: "cluster/robust_mean",
        field: "se_cr1",
        right: |v| cluster::robust_mean(&rows(&v.inputs["clusters"])).expect("spread").se_cr1,
        wrong: |v| cluster::robust_mean(&rows(&v.inputs["clusters"])).expect("spread").se_cr0,
    },
    Mistake {
        name: "a mean of means for a pooled mean",
        id: "bootstrap/cluster_mean",
        field: "estimate",
        right: |v| {
            let clusters = rows(&v.inputs["clusters"]);
            bootstrap::pooled_mean(&clusters, &(0..clusters.len()).collect::<Vec<usize>>())
        },
        wrong: |v| {
            let means = cluster::cluster_means(&rows(&v.inputs["clusters"])).expect("not empty");
            sum::mean(&means).expect("not empty")
        },
    },
    Mistake {
        name: "days of one machine as if they were independent",
        id: "paired/diebold_mariano_hln",
        field: "p_two_sided",
        right: |v| diebold_mariano::diebold_mariano(&v.list("loss_diff"), 3).expect("a variance").p_two_sided,
        wrong: |v| paired_t::paired_t(&v.list("loss_diff"), 0.95).expect("spread").p_two_sided,
    },
    Mistake {
        name: "no correction for a short series",
        id: "paired/diebold_mariano_hln",
        field: "hln",
        right: |v| diebold_mariano::diebold_mariano(&v.list("loss_diff"), 3).expect("a variance").corrected,
        wrong: |v| diebold_mariano::diebold_mariano(&v.list("loss_diff"), 3).expect("a variance").dm,
    },
    Mistake {
        name: "Holm's factors without keeping the order",
        id: "multiplicity/adjusted_p",
        field: "holm/7",
        right: |v| multiplicity::holm(&v.list("p")).expect("valid")[7],
        wrong: |v| {
            let p = v.list("p");
            let smaller = p[..7].iter().filter(|other| **other <= p[7]).count();
            p[7] * (p.len() - smaller) as f64
        },
    },
    Mistake {
        name: "Bonferroni for Hommel",
        id: "multiplicity/adjusted_p",
        field: "hommel/1",
        right: |v| multiplicity::hommel(&v.list("p")).expect("valid")[1],
        wrong: |v| multiplicity::bonferroni(&v.list("p")).expect("valid")[1],
    },
    Mistake {
        name: "a false discovery rate that assumes independence",
        id: "multiplicity/adjusted_p",
        field: "by/2",
        right: |v| multiplicity::benjamini_yekutieli(&v.list("p")).expect("valid")[2],
        wrong: |v| multiplicity::benjamini_hochberg(&v.list("p")).expect("valid")[2],
    },
    Mistake {
        name: "another definition of a quantile",
        id: "metric/point",
        field: "p90_abs",
        right: |v| figures(v).p90_abs,
        wrong: |v| {
            let sizes: Vec<f64> = errors(v).iter().map(|e| e.abs()).collect();
            quantile::type8(&sizes, 0.9).expect("finite")
        },
    },
    Mistake {
        name: "the mean of those beyond for the expected shortfall",
        id: "metric/point",
        field: "es90_abs",
        right: |v| figures(v).es90_abs,
        wrong: |v| {
            let bar = figures(v).p90_abs;
            let beyond: Vec<f64> = errors(v).iter().map(|e| e.abs()).filter(|e| *e > bar).collect();
            sum::mean(&beyond).expect("some")
        },
    },
    Mistake {
        name: "a reward for more ensemble members",
        id: "metric/crps_ensemble",
        field: "crps_fair/2",
        right: |v| crps::ensemble_fair(v.list("y")[2], &rows(&v.inputs["ensemble"])[2]).expect("finite"),
        wrong: |v| crps::ensemble(v.list("y")[2], &rows(&v.inputs["ensemble"])[2]).expect("finite"),
    },
    Mistake {
        name: "censored sessions dropped",
        id: "metric/censored",
        field: "km/6/1",
        right: |v| survivors(&v.list("time"), &v.list("event")),
        wrong: |v| {
            let event = v.list("event");
            let kept: Vec<f64> =
                v.list("time").into_iter().zip(&event).filter(|(_, e)| **e > 0.0).map(|(t, _)| t).collect();
            survivors(&kept, &vec![1.0; kept.len()])
        },
    },
    Mistake {
        name: "Wald's interval of a share",
        id: "metric/coverage_ci",
        field: "wilson/0",
        right: |v| proportion::share(v.count("k"), v.count("n"), 0.95).expect("counts").wilson.0,
        wrong: |v| {
            let (k, n) = (v.input("k"), v.input("n"));
            let p = k / n;
            p + normal::quantile(0.025) * (p * (1.0 - p) / n).sqrt()
        },
    },
    Mistake {
        name: "both arms' same ends for Newcombe's",
        id: "prop/newcombe_diff",
        field: "lo",
        right: |v| {
            let counts = ["k1", "n1", "k2", "n2"].map(|name| v.count(name));
            proportion::difference(counts[0], counts[1], counts[2], counts[3], 0.95).expect("counts").lower
        },
        wrong: |v| {
            let of = |k: &str, n: &str| proportion::share(v.count(k), v.count(n), 0.95).expect("counts");
            let (one, two) = (of("k1", "n1"), of("k2", "n2"));
            let (a, b) = (two.share - two.wilson.0, one.share - one.wilson.0);
            two.share - one.share - (a * a + b * b).sqrt()
        },
    },
    Mistake {
        name: "mid-p for exact",
        id: "prop/mcnemar",
        field: "p_exact",
        right: |v| mcnemar::mcnemar(discordant(v).0, discordant(v).1).p_exact,
        wrong: |v| mcnemar::mcnemar(discordant(v).0, discordant(v).1).p_mid,
    },
];

fn t(v: &Vector) -> paired_t::PairedT {
    paired_t::paired_t(&v.list("d"), 0.95).expect("spread")
}

fn ni(v: &Vector, margin: f64) -> non_inferiority::NonInferiority {
    non_inferiority::non_inferiority(&v.list("d"), margin, 0.95).expect("spread")
}

fn flips(v: &Vector) -> f64 {
    let texts = super::strings(&v.inputs["flip_rows"]);
    let rows: Vec<Vec<bool>> = texts.iter().map(|row| row.chars().map(|bit| bit == '1').collect()).collect();
    sign_flip::with_rows(&v.list("d"), &rows).expect("finite").p_two_sided
}

fn resampled(v: &Vector) -> bootstrap::Bootstrap {
    let x = v.list("x");
    let mean = |drawn: &[usize]| drawn.iter().map(|i| x[*i]).sum::<f64>() / drawn.len() as f64;
    bootstrap::with_rows(x.len(), &index_rows(&v.inputs["index_rows"]), v.input("alpha"), mean)
        .expect("finite")
}

fn errors(v: &Vector) -> Vec<f64> {
    v.list("pred").iter().zip(v.list("truth")).map(|(p, t)| p - t).collect()
}

fn figures(v: &Vector) -> point::PointErrors {
    point::point_errors(&errors(v)).expect("finite")
}

/// The share without the event after the last event.
fn survivors(times: &[f64], events: &[f64]) -> f64 {
    let seen: Vec<bool> = events.iter().map(|e| *e > 0.0).collect();
    survival::kaplan_meier(times, &seen).expect("finite").last().expect("events").survival
}

fn discordant(v: &Vector) -> (u32, u32) {
    let count = |name: &str| u32::try_from(v.count(name)).expect("few");
    (count("b"), count("c"))
}

//! Planted mistakes about spread, uplift, power and looking before the end.

use super::mistakes::Mistake;
use super::{Vector, numbers, rows};
use trier_eval::stats::normal_mixture::{NormalMixture, Sides};
use trier_eval::stats::{
    bonett, chi2, counts, crn, cuped, group_sequential, interrupted, kolmogorov, meta, power, power_spread,
    spread, sprt, student_t, sum, varcomp, variance_ratio,
};

/// All of them.
pub(crate) const BANK: &[Mistake] = &[
    Mistake {
        name: "an interval of the sd for one of the variance",
        id: "variance/two_sample",
        field: "ratio_ci95/1",
        right: |v| ratio(v).interval.1,
        wrong: |v| ratio(v).interval.1.sqrt(),
    },
    Mistake {
        name: "the mean for the median in Brown-Forsythe",
        id: "variance/two_sample",
        field: "brown_forsythe_p",
        right: |v| spread::brown_forsythe(&periods(v)).expect("spread").p,
        wrong: |v| spread::levene(&periods(v)).expect("spread").p,
    },
    Mistake {
        name: "before and after exchanged",
        id: "variance/two_sample",
        field: "p_f_less",
        right: |v| ratio(v).p_less,
        wrong: |v| {
            variance_ratio::variance_ratio(&v.list("after"), &v.list("before"), 0.95).expect("spread").p_less
        },
    },
    Mistake {
        name: "kurtosis about the mean for the trimmed mean",
        id: "variance/bonett",
        field: "pooled_kurtosis",
        right: |v| bonett::bonett(&v.list("before"), &v.list("after"), 0.95).expect("spread").kurtosis,
        wrong: |v| {
            let powers = |x: &[f64], exponent: i32| -> f64 {
                let centre = sum::mean(x).expect("some");
                x.iter().map(|y| (0..exponent).fold(1.0, |p, _| p * (y - centre))).sum()
            };
            let [one, two] = periods(v);
            let n = (one.len() + two.len()) as f64;
            let squares = powers(&one, 2) + powers(&two, 2);
            n * (powers(&one, 4) + powers(&two, 4)) / (squares * squares)
        },
    },
    Mistake {
        name: "same-seed arms as if they were independent",
        id: "variance/pitman_morgan",
        field: "p_less",
        right: |v| {
            let (baseline, candidate) = (v.list("baseline"), v.list("candidate"));
            trier_eval::stats::pitman_morgan::pitman_morgan(&baseline, &candidate).expect("spread").p_less
        },
        wrong: |v| {
            let (baseline, candidate) = (v.list("baseline"), v.list("candidate"));
            variance_ratio::variance_ratio(&baseline, &candidate, 0.95).expect("spread").p_less
        },
    },
    Mistake {
        name: "SKUs thrown together before the variance is taken",
        id: "variance/multi_sku",
        field: "pooled_before",
        right: |v| meta::pooled_ratio(&skus(v)).expect("spread").before,
        wrong: |v| {
            let all: Vec<f64> = skus(v).into_iter().flat_map(|(before, _)| before).collect();
            sum::variance(&all).expect("some")
        },
    },
    Mistake {
        name: "one effect for all SKUs",
        id: "variance/multi_sku",
        field: "random_se",
        right: |v| meta::ln_ratios(&skus(v)).expect("spread").random_se,
        wrong: |v| meta::ln_ratios(&skus(v)).expect("spread").fixed_se,
    },
    Mistake {
        name: "the variance of machine means for that between machines",
        id: "varcomp/one_way_balanced",
        field: "var_between",
        right: |v| varcomp::one_way(&rows(&v.inputs["groups"]), 0.95).expect("spread").between,
        wrong: |v| {
            let means: Vec<f64> =
                rows(&v.inputs["groups"]).iter().map(|group| sum::mean(group).expect("some")).collect();
            sum::variance(&means).expect("some")
        },
    },
    Mistake {
        name: "a variance below 0 passed on",
        id: "varcomp/machine_by_sku",
        field: "truncated/2",
        right: |v| crossed(v).truncated.interaction,
        wrong: |v| crossed(v).estimated.interaction,
    },
    Mistake {
        name: "a ratio of standard errors for one of variances",
        id: "uplift/cuped",
        field: "variance_reduction",
        right: |v| uplift(v).variance_reduction,
        wrong: |v| 1.0 - uplift(v).adjusted.se / uplift(v).raw.se,
    },
    Mistake {
        name: "neighbouring days as if they were independent",
        id: "uplift/its",
        field: "se_nw/2",
        right: |v| segmented(v, 2).se[2],
        wrong: |v| segmented(v, 0).se[2],
    },
    Mistake {
        name: "a degree of freedom too many",
        id: "uplift/srm",
        field: "p",
        right: |v| sample_ratio(v).p,
        wrong: |v| chi2::sf(sample_ratio(v).chi2, v.list("planned").len() as f64),
    },
    Mistake {
        name: "the limit of many values for few",
        id: "drift/ks_2samp",
        field: "p_exact",
        right: |v| kolmogorov::two_samples(&v.list("a"), &v.list("b")).expect("finite").p,
        wrong: |v| {
            let (m, n) = (v.list("a").len() as f64, v.list("b").len() as f64);
            let d = kolmogorov::two_samples(&v.list("a"), &v.list("b")).expect("finite").d;
            let x = d * (m * n / (m + n)).sqrt();
            2.0 * trier_roast::math::exp(-2.0 * x * x)
        },
    },
    Mistake {
        name: "power by the normal",
        id: "power/paired_t",
        field: "power_one_sided",
        right: |v| power::paired_t_power(v.input("dz"), 40, v.input("alpha")),
        wrong: |v| {
            let z = trier_eval::stats::normal::quantile(1.0 - v.input("alpha"));
            trier_eval::stats::normal::cdf(v.input("dz") * 40.0_f64.sqrt() - z)
        },
    },
    Mistake {
        name: "a central t moved for a noncentral one",
        id: "power/noninferiority",
        field: "power",
        right: |v| power::paired_t_power(v.input("margin") / v.input("sd_diff"), 40, v.input("alpha")),
        wrong: |v| {
            let moved = v.input("margin") / v.input("sd_diff") * 40.0_f64.sqrt();
            student_t::cdf(moved - student_t::quantile(1.0 - v.input("alpha"), 39.0), 39.0)
        },
    },
    Mistake {
        name: "m for m - 1 in the design effect",
        id: "power/design_effect",
        field: "de",
        right: |v| {
            power_spread::design_effect(v.input("m"), v.input("icc"), v.input("n")).expect("in range").effect
        },
        wrong: |v| 1.0 + v.input("m") * v.input("icc"),
    },
    Mistake {
        name: "the square of the correlation in what pairing saves",
        id: "power/crn_gain",
        field: "runs_saved_factor",
        right: |v| crn::runs_saved_factor(v.input("rho")),
        wrong: |v| crn::runs_saved_factor(v.input("rho") * v.input("rho")),
    },
    Mistake {
        name: "one side tuned at alpha instead of twice that",
        id: "sequential/normal_mixture",
        field: "rho_one_sided",
        right: |v| {
            NormalMixture::tuned(Sides::One, v.input("alpha"), v.input("V_opt")).expect("in range").rho
        },
        wrong: |v| {
            NormalMixture::tuned(Sides::Two, v.input("alpha"), v.input("V_opt")).expect("in range").rho
        },
    },
    Mistake {
        name: "a sequential p that forgets its smallest",
        id: "sequential/msprt_normal",
        field: "p/3",
        right: |v| mixture(v).p[3],
        wrong: |v| (1.0 / mixture(v).ratio[3]).min(1.0),
    },
    Mistake {
        name: "every look at the full z",
        id: "sequential/lan_demets_obf",
        field: "z_bounds/4",
        right: |v| {
            group_sequential::obrien_fleming(&v.list("info_times"), v.input("alpha"))
                .expect("in order")
                .bounds[4]
        },
        wrong: |v| trier_eval::stats::normal::quantile(1.0 - 0.5 * v.input("alpha")),
    },
];

fn periods(v: &Vector) -> [Vec<f64>; 2] {
    [v.list("before"), v.list("after")]
}

fn ratio(v: &Vector) -> variance_ratio::VarianceRatio {
    variance_ratio::variance_ratio(&v.list("before"), &v.list("after"), 0.95).expect("spread")
}

fn skus(v: &Vector) -> Vec<(Vec<f64>, Vec<f64>)> {
    let all = v.inputs["skus"].as_array().expect("a list");
    all.iter().map(|sku| (numbers(&sku["before"]), numbers(&sku["after"]))).collect()
}

fn crossed(v: &Vector) -> varcomp::Crossed {
    let machines = v.inputs["y_machine_sku_rep"].as_array().expect("machines");
    varcomp::machine_by_sku(&machines.iter().map(rows).collect::<Vec<Vec<Vec<f64>>>>()).expect("balanced")
}

fn uplift(v: &Vector) -> cuped::Cuped {
    let lists = ["treat_pre", "treat_post", "ctrl_pre", "ctrl_post"].map(|name| v.list(name));
    let treated = cuped::Arm { before: &lists[0], after: &lists[1] };
    cuped::cuped(treated, cuped::Arm { before: &lists[2], after: &lists[3] }).expect("spread")
}

fn segmented(v: &Vector, lag: usize) -> interrupted::Interrupted {
    let change = usize::try_from(v.count("t0")).expect("few");
    interrupted::interrupted(&v.list("y"), change, lag).expect("spread")
}

fn sample_ratio(v: &Vector) -> counts::SampleRatio {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Counts.
    let observed: Vec<u64> = v.list("observed").into_iter().map(|n| n as u64).collect();
    counts::sample_ratio(&observed, &v.list("planned")).expect("counts")
}

fn mixture(v: &Vector) -> sprt::Mixture {
    sprt::mixture_normal(&v.list("x"), v.input("sigma2"), v.input("tau"), v.input("theta0"))
        .expect("in range")
}

//! Paired comparisons, effects and resampling.

use super::{Check, Checker, Vector, index_rows, load, rows};
use serde_json::Value;
use trier_eval::stats::signed_rank_ties::{Zeros, signed_rank_ties};
use trier_eval::stats::{
    bootstrap, cluster, decision, diebold_mariano, dominance, non_inferiority, paired_t, quantile, sign_flip,
    sign_test, signed_rank,
};

/// The vectors of this group.
pub(crate) const CHECKS: &[Check] = &[
    ("paired/t", paired_t_test),
    ("paired/wilcoxon_exact", wilcoxon_exact),
    ("paired/wilcoxon_ties_wilcox_nocc", wilcoxon_ties),
    ("paired/wilcoxon_ties_wilcox_cc", wilcoxon_ties),
    ("paired/wilcoxon_ties_pratt_nocc", wilcoxon_ties),
    ("paired/wilcoxon_ties_pratt_cc", wilcoxon_ties),
    ("paired/sign_test", signs),
    ("paired/sign_flip_exact", sign_flip_exact),
    ("paired/sign_flip_monte_carlo", sign_flip_monte_carlo),
    ("effect/cliffs_delta", cliffs_delta),
    ("paired/diebold_mariano_hln", series),
    ("bootstrap/mean", bootstrap_mean),
    ("bootstrap/p90_abs", bootstrap_p90_abs),
    ("bootstrap/paired_ratio", bootstrap_paired_ratio),
    ("bootstrap/cluster_mean", bootstrap_cluster_mean),
    ("cluster/robust_mean", robust_mean),
    ("ni/paired", ni_paired),
    ("decision/ci_vs_margin", ci_vs_margin),
];

fn paired_t_test(v: &Vector, c: &mut Checker) {
    let got = paired_t::paired_t(&v.list("d"), 1.0 - v.input("alpha")).expect("spread");
    c.number(v, "mean", got.mean);
    c.number(v, "sd", got.sd);
    c.number(v, "t", got.t);
    c.number(v, "df", got.df);
    c.number(v, "p_two_sided", got.p_two_sided);
    c.number(v, "p_less", got.p_less);
    c.list(v, "ci", &[got.lower, got.upper]);
    c.number(v, "dz", got.dz);
    c.number(v, "gz", got.gz);
}

fn wilcoxon_exact(v: &Vector, c: &mut Checker) {
    let got = signed_rank::signed_rank(&v.list("d"), 1.0 - v.input("alpha")).expect("no ties");
    c.number(v, "w_plus", got.w_plus);
    c.number(v, "p_less", got.p_less);
    c.number(v, "p_greater", got.p_greater);
    c.number(v, "p_two_sided", got.p_two_sided);
    c.number(v, "hodges_lehmann", got.hodges_lehmann);
    c.list(v, "ci", &[got.lower, got.upper]);
    c.number(v, "rank_biserial", got.rank_biserial);
}

fn sign_flip_exact(v: &Vector, c: &mut Checker) {
    let got = sign_flip::exact(&v.list("d")).expect("few enough");
    c.number(v, "p_two_sided", got.p_two_sided);
    c.number(v, "p_less", got.p_less);
    #[allow(clippy::cast_precision_loss)]
    c.number(v, "n_flips", got.flips as f64);
}

fn sign_flip_monte_carlo(v: &Vector, c: &mut Checker) {
    let texts = v.inputs["flip_rows"].as_array().expect("rows of bits");
    let rows: Vec<Vec<bool>> =
        texts.iter().map(|row| row.as_str().expect("bits").chars().map(|b| b == '1').collect()).collect();
    let got = sign_flip::with_rows(&v.list("d"), &rows).expect("finite");
    c.number(v, "p_two_sided", got.p_two_sided);
    #[allow(clippy::cast_precision_loss)]
    let count = got.p_two_sided * (1.0 + got.flips as f64) - 1.0;
    c.number(v, "count", count.round());
}

fn robust_mean(v: &Vector, c: &mut Checker) {
    let clusters = rows(&v.inputs["clusters"]);
    let got = cluster::robust_mean(&clusters).expect("spread");
    c.number(v, "mean", got.mean);
    c.number(v, "se_cr0", got.se_cr0);
    c.number(v, "se_cr1", got.se_cr1);
    c.number(v, "t_cr1", got.t_cr1);
    c.number(v, "p_cr1", got.p_cr1);
    c.number(v, "summary_mean", got.summary_mean);
    c.number(v, "summary_t", got.summary_t);
    c.number(v, "summary_p", got.summary_p);
}

fn ni_paired(v: &Vector, c: &mut Checker) {
    let (d, margin) = (v.list("d"), v.input("margin"));
    let level = 1.0 - v.input("alpha");
    let got = non_inferiority::non_inferiority(&d, margin, level).expect("spread");
    c.number(v, "t_ni", got.t);
    c.number(v, "p_ni", got.p);
    c.number(v, "upper_bound_95", got.upper);
    c.number(v, "p_tost", got.p_tost);
    let shifted: Vec<f64> = d.iter().map(|x| x - margin).collect();
    let ranks = signed_rank::signed_rank(&shifted, level).expect("no ties");
    c.number(v, "wilcoxon_p_ni", ranks.p_less);
    // The vector's formula fixes the ratio margin.
    let ratio_margin = v.stated("log(cand/base) with margin ");
    let (candidate, baseline) = (v.list("candidate"), v.list("baseline"));
    let ratio = non_inferiority::ratio_non_inferiority(&candidate, &baseline, ratio_margin, level);
    let ratio = ratio.expect("positive losses");
    c.number(v, "ratio", ratio.ratio);
    c.number(v, "ratio_upper_95", ratio.upper);
    c.number(v, "ratio_p_ni", ratio.p);
}

fn ci_vs_margin(v: &Vector, c: &mut Checker) {
    let margin = v.input("margin");
    let labels: Vec<&str> = rows(&v.inputs["ci"])
        .into_iter()
        .map(|ends| decision::decide(ends[0], ends[1], margin).label())
        .collect();
    c.same(v, "verdict", &Value::from(labels));
}

fn bootstrapped(v: &Vector, c: &mut Checker, n: usize, name: &str, statistic: impl Fn(&[usize]) -> f64) {
    let rows = match &v.inputs[name] {
        Value::Array(_) => index_rows(&v.inputs[name]),
        // "same as bootstrap/mean"
        _ => {
            index_rows(&load().expect("loaded").vector("bootstrap/mean").expect("there").inputs["index_rows"])
        }
    };
    let got = bootstrap::with_rows(n, &rows, v.input("alpha"), statistic).expect("finite");
    c.number(v, "estimate", got.estimate);
    c.number(v, "se", got.se);
    c.list(v, "percentile", &[got.percentile.0, got.percentile.1]);
    c.list(v, "basic", &[got.basic.0, got.basic.1]);
    c.number(v, "z0", got.z0);
    c.number(v, "a", got.a);
    c.number(v, "alpha1", got.shares.0);
    c.number(v, "alpha2", got.shares.1);
    c.list(v, "bca", &[got.bca.0, got.bca.1]);
}

fn mean_at(x: &[f64], drawn: &[usize]) -> f64 {
    drawn.iter().map(|i| x[*i]).sum::<f64>() / drawn.len() as f64
}

fn bootstrap_mean(v: &Vector, c: &mut Checker) {
    let x = v.list("x");
    bootstrapped(v, c, x.len(), "index_rows", |drawn| mean_at(&x, drawn));
}

fn bootstrap_p90_abs(v: &Vector, c: &mut Checker) {
    let x = v.list("x");
    bootstrapped(v, c, x.len(), "index_rows", |drawn| {
        let sizes: Vec<f64> = drawn.iter().map(|i| x[*i].abs()).collect();
        quantile::type7(&sizes, 0.9).expect("finite")
    });
}

fn bootstrap_paired_ratio(v: &Vector, c: &mut Checker) {
    let (baseline, candidate) = (v.list("baseline"), v.list("candidate"));
    let ratio = |drawn: &[usize]| mean_at(&candidate, drawn) / mean_at(&baseline, drawn);
    bootstrapped(v, c, baseline.len(), "index_rows", ratio);
}

fn bootstrap_cluster_mean(v: &Vector, c: &mut Checker) {
    let clusters = rows(&v.inputs["clusters"]);
    let pooled = |drawn: &[usize]| bootstrap::pooled_mean(&clusters, drawn);
    bootstrapped(v, c, clusters.len(), "cluster_index_rows", pooled);
}

fn wilcoxon_ties(v: &Vector, c: &mut Checker) {
    let zeros = match v.inputs["zero_method"].as_str() {
        Some("wilcox") => Zeros::LeftOut,
        Some("pratt") => Zeros::Ranked,
        other => panic!("no rule for zeros is called {other:?}"),
    };
    let continuity = v.inputs["continuity"].as_bool().expect("yes or no");
    let got = signed_rank_ties(&v.list("d"), zeros, continuity).expect("not all zero");
    c.number(v, "w_plus", got.w_plus);
    c.number(v, "z", got.z);
    c.number(v, "p_two_sided", got.p_two_sided);
}

fn signs(v: &Vector, c: &mut Checker) {
    let got = sign_test::sign_test(&v.list("d")).expect("finite");
    c.same(v, "improved", &Value::from(got.improved));
    c.same(v, "n_nonzero", &Value::from(got.nonzero));
    c.number(v, "p_two_sided", got.p_two_sided);
    c.number(v, "p_improve", got.p_improve);
}

fn cliffs_delta(v: &Vector, c: &mut Checker) {
    let got = dominance::dominance(&v.list("a"), &v.list("b")).expect("finite");
    let test = got.brunner_munzel.expect("samples that overlap");
    c.number(v, "cliffs_delta", got.cliffs_delta);
    c.number(v, "a12", got.a12);
    c.number(v, "u_b", got.u);
    c.number(v, "p_mw", got.p_mann_whitney);
    c.number(v, "bm_stat", test.statistic);
    c.number(v, "bm_p", test.p);
}

fn series(v: &Vector, c: &mut Checker) {
    let horizon = usize::try_from(v.count("h")).expect("few");
    let got = diebold_mariano::diebold_mariano(&v.list("loss_diff"), horizon).expect("a variance");
    c.number(v, "dm", got.dm);
    c.number(v, "hln", got.corrected);
    c.number(v, "p_two_sided", got.p_two_sided);
}

//! Spread before and after, and whose it is.

use super::{Check, Checker, Vector, index_rows, numbers, rows};
use serde_json::Value;
use trier_eval::stats::{
    bonett, meta, miller, pitman_morgan, reml, spread, spread_bootstrap, varcomp, variance_ratio,
};
use trier_roast::math;

/// The vectors of this group.
pub(crate) const CHECKS: &[Check] = &[
    ("variance/two_sample", two_sample),
    ("variance/brown_forsythe_3", three_groups),
    ("variance/pitman_morgan", same_seeds),
    ("variance/bonett", bonett_interval),
    ("variance/miller_jackknife", jackknife),
    ("variance/bootstrap_lnvr", resampled),
    ("variance/multi_sku", many_skus),
    ("varcomp/one_way_balanced", balanced),
    ("varcomp/one_way_reml", unbalanced),
    ("varcomp/machine_by_sku", crossed),
];

fn two_sample(v: &Vector, c: &mut Checker) {
    let (before, after) = (v.list("before"), v.list("after"));
    let f = variance_ratio::variance_ratio(&before, &after, 0.95).expect("spread");
    c.number(v, "var_before", f.before);
    c.number(v, "var_after", f.after);
    c.number(v, "ratio", f.ratio);
    c.number(v, "p_f_less", f.p_less);
    c.number(v, "p_f_two_sided", f.p_two_sided);
    c.list(v, "ratio_ci95", &[f.interval.0, f.interval.1]);
    c.number(v, "reduction_pct", f.reduction_pct);
    let groups = [before.clone(), after.clone()];
    let tests = [
        ("brown_forsythe_f", "brown_forsythe_p", spread::brown_forsythe(&groups)),
        ("levene_f", "levene_p", spread::levene(&groups)),
        ("bartlett_stat", "bartlett_p", spread::bartlett(&groups)),
        ("fligner_stat", "fligner_p", spread::fligner_killeen(&groups)),
    ];
    for (statistic, p, got) in tests {
        let got = got.expect("spread");
        c.number(v, statistic, got.statistic);
        c.number(v, p, got.p);
    }
    // The gate asks on one side.
    let less = spread::brown_forsythe_less(&before, &after).expect("spread");
    let p = v.expected["brown_forsythe_p"].as_f64().expect("a number");
    c.holds("one side", (less - 0.5 * p).abs() < 1e-9 || (less - 1.0 + 0.5 * p).abs() < 1e-9);
    let logs = variance_ratio::ln_ratio(&before, &after, 0.95).expect("spread");
    c.number(v, "lnvr", logs.ln_vr);
    c.number(v, "lnvr_se", logs.se);
    c.list(v, "lnvr_ci95", &[logs.interval.0, logs.interval.1]);
    c.number(v, "lncvr", logs.ln_cvr.expect("means above 0"));
}

fn three_groups(v: &Vector, c: &mut Checker) {
    let got = spread::brown_forsythe(&rows(&v.inputs["groups"])).expect("spread");
    c.number(v, "f", got.statistic);
    c.number(v, "p", got.p);
}

fn same_seeds(v: &Vector, c: &mut Checker) {
    let got = pitman_morgan::pitman_morgan(&v.list("baseline"), &v.list("candidate")).expect("spread");
    c.number(v, "r", got.r);
    c.number(v, "t", got.t);
    c.number(v, "p_two_sided", got.p_two_sided);
    c.number(v, "p_less", got.p_less);
    c.number(v, "var_ratio", got.ratio);
}

fn bonett_interval(v: &Vector, c: &mut Checker) {
    let got = bonett::bonett(&v.list("before"), &v.list("after"), 1.0 - v.input("alpha")).expect("spread");
    c.number(v, "pooled_kurtosis", got.kurtosis);
    c.number(v, "se", got.se);
    c.list(v, "ci_var_ratio", &[got.interval.0, got.interval.1]);
}

fn jackknife(v: &Vector, c: &mut Checker) {
    let got = miller::miller(&v.list("before"), &v.list("after")).expect("spread");
    c.number(v, "lnvr_jackknife", got.difference);
    c.number(v, "se", got.se);
    c.number(v, "t", got.t);
    c.number(v, "df", got.df);
    c.number(v, "p_less", got.p_less);
    c.number(v, "upper_ratio_95", math::exp(got.upper(0.95)));
}

fn resampled(v: &Vector, c: &mut Checker) {
    let rows_of = |name: &str| index_rows(&v.inputs[name]);
    let got = spread_bootstrap::with_rows(
        &v.list("before"),
        &v.list("after"),
        &rows_of("rows_before"),
        &rows_of("rows_after"),
        v.input("alpha"),
    );
    let got = got.expect("spread");
    c.number(v, "estimate", got.estimate);
    c.list(v, "percentile", &[got.percentile.0, got.percentile.1]);
    c.list(v, "basic", &[got.basic.0, got.basic.1]);
    c.number(v, "share_below_zero", got.below_zero);
}

fn many_skus(v: &Vector, c: &mut Checker) {
    let skus: Vec<(Vec<f64>, Vec<f64>)> = v.inputs["skus"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|sku| (numbers(&sku["before"]), numbers(&sku["after"])))
        .collect();
    let pooled = meta::pooled_ratio(&skus).expect("spread");
    c.number(v, "pooled_before", pooled.before);
    c.number(v, "pooled_after", pooled.after);
    c.number(v, "df_before", pooled.df_before);
    c.number(v, "df_after", pooled.df_after);
    c.number(v, "ratio", pooled.ratio);
    c.number(v, "p_less", pooled.p_less);
    let got = meta::ln_ratios(&skus).expect("spread");
    c.number(v, "fixed", got.fixed);
    c.number(v, "fixed_se", got.fixed_se);
    c.number(v, "q", got.q);
    c.number(v, "tau2", got.tau2);
    c.number(v, "random", got.random);
    c.number(v, "random_se", got.random_se);
    c.number(v, "i2_pct", got.i2_pct);
}

fn balanced(v: &Vector, c: &mut Checker) {
    let got = varcomp::one_way(&rows(&v.inputs["groups"]), 0.95).expect("spread");
    c.number(v, "msb", got.ms_between);
    c.number(v, "msw", got.ms_within);
    c.number(v, "var_between", got.between);
    c.number(v, "var_within", got.within);
    c.number(v, "icc1", got.icc);
    c.number(v, "f", got.f);
    c.number(v, "p", got.p);
    c.list(v, "icc_ci95", &[got.icc_interval.0, got.icc_interval.1]);
}

fn unbalanced(v: &Vector, c: &mut Checker) {
    let got = reml::one_way_reml(&rows(&v.inputs["groups"])).expect("spread");
    c.number(v, "var_between", got.between);
    c.number(v, "var_within", got.within);
    c.number(v, "mean", got.mean);
    c.number(v, "se_mean", got.se_mean);
}

fn crossed(v: &Vector, c: &mut Checker) {
    let machines = v.inputs["y_machine_sku_rep"].as_array().expect("machines");
    let y: Vec<Vec<Vec<f64>>> = machines.iter().map(|machine: &Value| rows(machine)).collect();
    let got = varcomp::machine_by_sku(&y).expect("balanced");
    c.number(v, "ms_machine", got.ms_machine);
    c.number(v, "ms_sku", got.ms_sku);
    c.number(v, "ms_inter", got.ms_interaction);
    c.number(v, "ms_error", got.ms_repeat);
    c.number(v, "var_machine", got.estimated.machine);
    c.number(v, "var_sku", got.estimated.sku);
    c.number(v, "var_inter", got.estimated.interaction);
    c.number(v, "var_repeat", got.estimated.repeat);
    let cut = got.truncated;
    c.list(v, "truncated", &[cut.machine, cut.sku, cut.interaction, cut.repeat]);
}

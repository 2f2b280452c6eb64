//! Holds the statistics to the reference vectors of the project.
//!
//! Reads the file in `TRIER_STATS_VECTORS` when set, else `shared/data/stats-vectors.json`
//! beside the repository. Covered is a vector of which every expected field is checked.

#![allow(clippy::print_stdout)] // The count and the skip are for whoever runs the test.

mod vectors_support;

use serde_json::Value;
use trier_eval::stats::{
    bootstrap, cluster, crn, decision, interval, multiplicity, non_inferiority, normal, paired_t, point,
    power, quantile, sign_flip, signed_rank, student_t, sum,
};
use vectors_support::{Checker, Vector, load};

/// One covered vector: its id and the check of all its expected fields.
type Check = (&'static str, fn(&Vector, &mut Checker));

/// Every vector this build of the statistics covers.
const COVERED: [Check; 25] = [
    ("special/normal", special_normal),
    ("special/student_t", special_student_t),
    ("reduce/exact_sum", exact_sum),
    ("metric/point", metric_point),
    ("metric/quantiles", metric_quantiles),
    ("metric/pinball_interval", pinball_interval),
    ("bootstrap/mean", bootstrap_mean),
    ("bootstrap/p90_abs", bootstrap_p90_abs),
    ("bootstrap/paired_ratio", bootstrap_paired_ratio),
    ("bootstrap/cluster_mean", bootstrap_cluster_mean),
    ("paired/t", paired_t_test),
    ("paired/wilcoxon_exact", wilcoxon_exact),
    ("paired/sign_flip_exact", sign_flip_exact),
    ("paired/sign_flip_monte_carlo", sign_flip_monte_carlo),
    ("cluster/robust_mean", robust_mean),
    ("ni/paired", ni_paired),
    ("multiplicity/weighted_holm", weighted_holm),
    ("multiplicity/fixed_sequence", fixed_sequence),
    ("uplift/switchback_randomization", switchback),
    ("power/paired_t", power_paired_t),
    ("power/noninferiority", power_noninferiority),
    ("power/crn_gain", crn_gain),
    ("decision/ci_vs_margin", ci_vs_margin),
    ("edge/constant_nonzero_differences", edge_constant),
    ("edge/nan_in_metric", edge_nan),
];

/// Vectors of which some expected fields are checked; the others name methods that are not built.
const PARTLY: [Check; 1] = [("multiplicity/adjusted_p", adjusted_p)];

#[test]
fn every_covered_vector_is_met_within_its_tolerance() {
    let Some(file) = load() else { return };
    let mut checker = Checker::default();
    let mut covered = 0;
    for (id, check) in COVERED {
        let Some(vector) = file.vector(id) else {
            checker.fail(&format!("{id} is not in {}", file.path.display()));
            continue;
        };
        checker.begin(id);
        check(&vector, &mut checker);
        checker.end(&vector);
        covered += usize::from(!id.starts_with("edge/"));
    }
    for (id, check) in PARTLY {
        let Some(vector) = file.vector(id) else {
            checker.fail(&format!("{id} is not in {}", file.path.display()));
            continue;
        };
        checker.begin(id);
        check(&vector, &mut checker);
    }
    let (partly, all, values) = (PARTLY.len(), file.count(), checker.compared);
    println!("{covered} of {all} vectors covered, {partly} partly, {values} values compared");
    checker.assert_clean();
}

fn special_normal(v: &Vector, c: &mut Checker) {
    for (name, f) in [("cdf", normal::cdf as fn(f64) -> f64), ("sf", normal::sf)] {
        let got: Vec<f64> = v.list("x").into_iter().map(f).collect();
        c.list(v, name, &got);
    }
    let got: Vec<f64> = v.list("p").into_iter().map(normal::quantile).collect();
    c.list(v, "ppf", &got);
}

fn special_student_t(v: &Vector, c: &mut Checker) {
    let by_df = |name: &str, at: &str, f: fn(f64, f64) -> f64, c: &mut Checker| {
        let want = v.expected[name].as_array().expect("one list per df");
        for (df, want) in v.list("df").into_iter().zip(want) {
            let got: Vec<f64> = v.list(at).into_iter().map(|x| f(x, df)).collect();
            c.values(v, name, &got, &vectors_support::numbers(want));
        }
        c.seen(name);
    };
    by_df("cdf_by_df", "x", student_t::cdf, c);
    by_df("sf_by_df", "x", student_t::sf, c);
    by_df("ppf_by_df", "p", student_t::quantile, c);
}

fn exact_sum(v: &Vector, c: &mut Checker) {
    let mut x = v.list("x");
    for _ in 0..x.len() {
        c.number(v, "sum", sum::exact_sum(&x));
        x.rotate_left(1);
    }
}

fn metric_point(v: &Vector, c: &mut Checker) {
    let (truth, pred) = (v.list("truth"), v.list("pred"));
    let errors: Vec<f64> = pred.iter().zip(&truth).map(|(p, t)| p - t).collect();
    let got = point::point_errors(&errors).expect("finite errors");
    c.number(v, "mae", got.mae);
    c.number(v, "rmse", got.rmse);
    c.number(v, "bias", got.bias);
    c.number(v, "medae", got.median_abs);
    c.number(v, "p90_abs", got.p90_abs);
    c.number(v, "p95_abs", got.p95_abs);
    c.number(v, "max_abs", got.max_abs);
    c.number(v, "es90_abs", got.es90_abs);
    c.number(v, "sd", got.sd.expect("many errors"));
    c.number(v, "mad_raw", got.mad);
    c.number(v, "mape_pct", point::mape_pct(&errors, &truth).expect("no zeros"));
    c.number(v, "within_tol", point::within_share(&errors, v.input("tol_s")).expect("finite errors"));
}

fn metric_quantiles(v: &Vector, c: &mut Checker) {
    let x = v.list("x");
    type Quantile = fn(&[f64], f64) -> Result<f64, trier_eval::stats::StatsError>;
    let kinds: [(&str, Quantile); 3] =
        [("type7", quantile::type7), ("type8", quantile::type8), ("harrell_davis", quantile::harrell_davis)];
    for (name, f) in kinds {
        let got: Vec<f64> = v.list("p").into_iter().map(|p| f(&x, p).expect("finite")).collect();
        c.list(v, name, &got);
    }
}

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
    let clusters: Vec<Vec<f64>> = v.inputs["clusters"]
        .as_array()
        .expect("lists of values")
        .iter()
        .map(vectors_support::numbers)
        .collect();
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
    let (candidate, baseline) = (v.list("candidate"), v.list("baseline"));
    let ratio = non_inferiority::ratio_non_inferiority(&candidate, &baseline, 1.05, level);
    let ratio = ratio.expect("positive losses");
    c.number(v, "ratio", ratio.ratio);
    c.number(v, "ratio_upper_95", ratio.upper);
    c.number(v, "ratio_p_ni", ratio.p);
}

/// Holm only: of the seven corrections in the vector it is the one the gate uses.
fn adjusted_p(v: &Vector, c: &mut Checker) {
    c.list(v, "holm", &multiplicity::holm(&v.list("p")).expect("valid"));
}

fn power_paired_t(v: &Vector, c: &mut Checker) {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let n = v.input("n") as u32;
    let (effect, alpha) = (v.input("dz"), v.input("alpha"));
    let two_sided = |n: u32| {
        let half = 0.5 * alpha;
        power::paired_t_power(effect, n, half) + power::paired_t_power(-effect, n, half)
    };
    c.number(v, "power_two_sided", two_sided(n));
    c.number(v, "power_one_sided", power::paired_t_power(effect, n, alpha));
    let least = (2..200).find(|n| two_sided(*n) >= 0.8).expect("under 200");
    c.number(v, "n_for_80_two_sided", f64::from(least));
    c.number(v, "n_for_80_one_sided", n_for_80(effect, alpha));
}

fn power_noninferiority(v: &Vector, c: &mut Checker) {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let n = v.input("n") as u32;
    let (effect, alpha) = (v.input("margin") / v.input("sd_diff"), v.input("alpha"));
    c.number(v, "power", power::paired_t_power(effect, n, alpha));
    c.number(v, "n_for_80", n_for_80(effect, alpha));
}

fn n_for_80(effect: f64, alpha: f64) -> f64 {
    f64::from(power::n_for_power(effect, alpha, 0.8).expect("an effect above 0"))
}

fn weighted_holm(v: &Vector, c: &mut Checker) {
    let got = multiplicity::weighted_holm(&v.list("p"), &v.list("w")).expect("valid");
    c.list(v, "adjusted_p", &got);
}

fn fixed_sequence(v: &Vector, c: &mut Checker) {
    let got = multiplicity::fixed_sequence(&v.list("p")).expect("valid");
    c.list(v, "adjusted_p", &got);
    let rejected: Vec<bool> = got.iter().map(|p| *p <= 0.05).collect();
    c.same(v, "reject_05", &Value::from(rejected));
}

fn switchback(v: &Vector, c: &mut Checker) {
    let d = v.list("block_diff");
    let got = sign_flip::exact(&d).expect("few enough");
    c.number(v, "mean", sum::mean(&d).expect("not empty"));
    c.number(v, "p_less", got.p_less);
    c.number(v, "p_two_sided", got.p_two_sided);
}

fn crn_gain(v: &Vector, c: &mut Checker) {
    let (sd, rho) = (v.input("sd"), v.input("rho"));
    c.number(v, "sd_diff_crn", crn::sd_of_difference(sd, rho));
    c.number(v, "sd_diff_indep", crn::sd_of_difference(sd, 0.0));
    c.number(v, "runs_saved_factor", crn::runs_saved_factor(rho));
}

fn ci_vs_margin(v: &Vector, c: &mut Checker) {
    let margin = v.input("margin");
    let intervals = v.inputs["ci"].as_array().expect("intervals");
    let labels: Vec<&str> = intervals
        .iter()
        .map(vectors_support::numbers)
        .map(|ends| decision::decide(ends[0], ends[1], margin).label())
        .collect();
    c.same(v, "verdict", &Value::from(labels));
}

fn edge_constant(v: &Vector, c: &mut Checker) {
    let d = v.list("d");
    let t = paired_t::paired_t(&d, 0.95);
    c.holds("t_test", matches!(t, Err(trier_eval::stats::StatsError::NoSpread { .. })));
    c.number(v, "sign_flip_p_two_sided", sign_flip::exact(&d).expect("nine").p_two_sided);
}

fn edge_nan(v: &Vector, c: &mut Checker) {
    let d = v.list("d");
    let refused = |e| matches!(e, trier_eval::stats::StatsError::NonFinite { index: 1, .. });
    c.holds("verdict", paired_t::paired_t(&d, 0.95).is_err_and(refused));
    c.holds("reason", sign_flip::exact(&d).is_err_and(refused));
}

fn pinball_interval(v: &Vector, c: &mut Checker) {
    let (y, levels) = (v.list("y"), v.list("levels"));
    let quantiles: Vec<Vec<f64>> =
        v.inputs["quantiles"].as_array().expect("rows").iter().map(vectors_support::numbers).collect();
    let mean = |of: &dyn Fn(usize) -> f64| (0..y.len()).map(of).sum::<f64>() / y.len() as f64;
    let loss = |i: usize, level: usize| interval::pinball(y[i], quantiles[i][level], levels[level]);
    let by_level: Vec<f64> = (0..levels.len()).map(|level| mean(&|i| loss(i, level))).collect();
    c.list(v, "pinball_mean_by_level", &by_level);
    c.number(v, "pinball_mean", by_level.iter().sum::<f64>() / levels.len() as f64);
    let score = |i: usize, low: usize, high: usize, alpha: f64| {
        interval::interval_score(y[i], quantiles[i][low], quantiles[i][high], alpha)
    };
    c.number(v, "interval_score_mean", mean(&|i| score(i, 0, 4, 0.1)));
    // Half the error of the median and α/2 of each interval, over their number and a half.
    let wis = |i: usize| {
        0.5 * (y[i] - quantiles[i][2]).abs() + 0.05 * score(i, 0, 4, 0.1) + 0.25 * score(i, 1, 3, 0.5)
    };
    c.number(v, "wis_mean", mean(&wis) / 2.5);
    let within = |low: usize, high: usize| {
        mean(&|i| f64::from(u8::from((quantiles[i][low]..=quantiles[i][high]).contains(&y[i]))))
    };
    c.number(v, "coverage90", within(0, 4));
    c.number(v, "coverage50", within(1, 3));
    c.number(v, "mean_width90", mean(&|i| quantiles[i][4] - quantiles[i][0]));
}

fn rows_of(v: &Value) -> Vec<Vec<usize>> {
    let row = |row: &Value| {
        row.as_str().expect("indices").split(' ').map(|i| i.parse().expect("an index")).collect()
    };
    v.as_array().expect("rows").iter().map(row).collect()
}

fn bootstrapped(v: &Vector, c: &mut Checker, n: usize, rows: &str, statistic: impl Fn(&[usize]) -> f64) {
    let rows = match &v.inputs[rows] {
        Value::Array(_) => rows_of(&v.inputs[rows]),
        // "same as bootstrap/mean"
        _ => rows_of(&load().expect("loaded").vector("bootstrap/mean").expect("there").inputs["index_rows"]),
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
    let clusters: Vec<Vec<f64>> =
        v.inputs["clusters"].as_array().expect("clusters").iter().map(vectors_support::numbers).collect();
    let pooled = |drawn: &[usize]| bootstrap::pooled_mean(&clusters, drawn);
    bootstrapped(v, c, clusters.len(), "cluster_index_rows", pooled);
}

//! Metrics of forecasts, alarms and censored sessions; shares.

use super::{Check, Checker, Vector, rows};
use serde_json::Value;
use trier_eval::stats::{
    StatsError, alarms, calibration, crps, interval, lead_time, mcnemar, point, proportion, quantile,
    survival,
};

/// The vectors of this group.
pub(crate) const CHECKS: &[Check] = &[
    ("metric/point", metric_point),
    ("metric/quantiles", metric_quantiles),
    ("metric/pinball_interval", pinball_interval),
    ("metric/crps_gaussian", crps_gaussian),
    ("metric/crps_ensemble", crps_ensemble),
    ("metric/pit_calibration", pit_calibration),
    ("metric/coverage_ci", coverage_ci),
    ("metric/lead_time", lead_times),
    ("metric/alarms", alarm_matching),
    ("metric/censored", censored),
    ("prop/newcombe_diff", newcombe),
    ("prop/mcnemar", mcnemar_test),
];

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
    type Quantile = fn(&[f64], f64) -> Result<f64, StatsError>;
    let kinds: [(&str, Quantile); 3] =
        [("type7", quantile::type7), ("type8", quantile::type8), ("harrell_davis", quantile::harrell_davis)];
    for (name, f) in kinds {
        let got: Vec<f64> = v.list("p").into_iter().map(|p| f(&x, p).expect("finite")).collect();
        c.list(v, name, &got);
    }
}

fn pinball_interval(v: &Vector, c: &mut Checker) {
    let (y, levels) = (v.list("y"), v.list("levels"));
    let quantiles = rows(&v.inputs["quantiles"]);
    let mean = |of: &dyn Fn(usize) -> f64| (0..y.len()).map(of).sum::<f64>() / y.len() as f64;
    let loss = |i: usize, level: usize| interval::pinball(y[i], quantiles[i][level], levels[level]);
    let by_level: Vec<f64> = (0..levels.len()).map(|level| mean(&|i| loss(i, level))).collect();
    c.list(v, "pinball_mean_by_level", &by_level);
    c.number(v, "pinball_mean", by_level.iter().sum::<f64>() / levels.len() as f64);
    // Five levels: the outer interval, the inner one and the median.
    let ends = |i: usize, which: usize| (2.0 * levels[which], quantiles[i][which], quantiles[i][4 - which]);
    let outer = |i: usize| {
        let (alpha, low, high) = ends(i, 0);
        interval::interval_score(y[i], low, high, alpha)
    };
    c.number(v, "interval_score_mean", mean(&outer));
    let wis = |i: usize| interval::weighted_interval_score(y[i], quantiles[i][2], &[ends(i, 0), ends(i, 1)]);
    c.number(v, "wis_mean", mean(&wis));
    let within = |which: usize| {
        mean(&|i| {
            let (_, low, high) = ends(i, which);
            f64::from(u8::from(interval::covers(y[i], low, high)))
        })
    };
    c.number(v, "coverage90", within(0));
    c.number(v, "coverage50", within(1));
    c.number(v, "mean_width90", mean(&|i| quantiles[i][4] - quantiles[i][0]));
}

/// (y, mu, sigma) of each forecast.
fn forecasts(v: &Vector) -> Vec<(f64, f64, f64)> {
    let (mu, sigma) = (v.list("mu"), v.list("sigma"));
    v.list("y").into_iter().zip(mu).zip(sigma).map(|((y, mu), sigma)| (y, mu, sigma)).collect()
}

fn crps_gaussian(v: &Vector, c: &mut Checker) {
    let got: Vec<f64> = forecasts(v)
        .into_iter()
        .map(|(y, mu, sigma)| crps::gaussian(y, mu, sigma).expect("finite"))
        .collect();
    c.list(v, "crps", &got);
    c.number(v, "mean", got.iter().sum::<f64>() / got.len() as f64);
}

fn crps_ensemble(v: &Vector, c: &mut Checker) {
    let members = rows(&v.inputs["ensemble"]);
    let by = |f: fn(f64, &[f64]) -> Result<f64, StatsError>| -> Vec<f64> {
        v.list("y").into_iter().zip(&members).map(|(y, members)| f(y, members).expect("finite")).collect()
    };
    c.list(v, "crps", &by(crps::ensemble));
    c.list(v, "crps_fair", &by(crps::ensemble_fair));
}

fn pit_calibration(v: &Vector, c: &mut Checker) {
    let pit: Vec<f64> = forecasts(v)
        .into_iter()
        .map(|(y, mu, sigma)| calibration::pit_gaussian(y, mu, sigma).expect("finite"))
        .collect();
    let got = calibration::calibration(&pit).expect("inside");
    c.list(v, "pit", &pit);
    c.number(v, "ks_d", got.ks_d);
    c.number(v, "ks_p_exact", got.ks_p);
    c.number(v, "pit_mean", got.mean);
    c.number(v, "pit_var", got.variance);
}

fn coverage_ci(v: &Vector, c: &mut Checker) {
    let (k, n) = (v.count("k"), v.count("n"));
    let got = proportion::share(k, n, 0.95).expect("counts");
    c.number(v, "phat", got.share);
    c.list(v, "wilson", &[got.wilson.0, got.wilson.1]);
    c.list(v, "clopper_pearson", &[got.exact.0, got.exact.1]);
    c.number(v, "cp_lower_one_sided_95", got.exact_lower);
    c.number(v, "p_undercoverage", proportion::p_under(k, n, v.input("p0")).expect("counts"));
}

fn newcombe(v: &Vector, c: &mut Checker) {
    let got = proportion::difference(v.count("k1"), v.count("n1"), v.count("k2"), v.count("n2"), 0.95);
    let got = got.expect("counts");
    c.number(v, "diff", got.difference);
    c.number(v, "lo", got.lower);
    c.number(v, "hi", got.upper);
}

fn mcnemar_test(v: &Vector, c: &mut Checker) {
    let count = |name: &str| u32::try_from(v.count(name)).expect("few");
    let got = mcnemar::mcnemar(count("b"), count("c"));
    c.number(v, "p_exact", got.p_exact);
    c.number(v, "p_mid", got.p_mid);
    c.number(v, "chi2_cc", got.chi2_corrected);
}

fn lead_times(v: &Vector, c: &mut Checker) {
    let (leads, errors) = (v.list("lead_s"), v.list("err_s"));
    let got = lead_time::by_lead(&leads, &errors, &v.list("edges")).expect("finite");
    let counts: Vec<Value> = got.bins.iter().map(|bin| Value::from(bin.count())).collect();
    c.same(v, "count", &Value::from(counts));
    let wanted = v.expected["mae"].as_array().expect("one per bin");
    for (bin, want) in got.bins.iter().zip(wanted) {
        match (bin.errors, want.as_f64()) {
            (Some(errors), Some(want)) => c.values(v, "mae", &[errors.mae], &[want]),
            (errors, want) => c.holds("mae", errors.is_none() && want.is_none()),
        }
    }
    c.holds("mae", wanted.len() == got.bins.len());
    let line = lead_time::growth(&leads, &errors).expect("leads");
    c.number(v, "slope", line.slope);
    c.number(v, "intercept", line.intercept);
}

fn alarm_matching(v: &Vector, c: &mut Checker) {
    let (events, alarms) = (v.list("events_s"), v.list("alarms_s"));
    let got = alarms::match_alarms(&events, &alarms, v.input("w0"), v.input("w1")).expect("finite");
    c.number(v, "tp", f64::from(got.hits));
    c.number(v, "fp", f64::from(got.false_alarms));
    c.number(v, "fn", f64::from(got.missed));
    c.number(v, "precision", got.precision().expect("alarms"));
    c.number(v, "recall", got.recall().expect("events"));
    c.number(v, "f1", got.f(1.0).expect("events"));
    c.number(v, "f2", got.f(2.0).expect("events"));
    c.number(v, "median_lead", got.lead_s(0.5).expect("hits"));
    let rate = got.false_alarms_per_hour(v.input("hours")).expect("hours");
    c.number(v, "false_alarms_per_hour", rate.rate);
}

fn censored(v: &Vector, c: &mut Checker) {
    let (times, predicted) = (v.list("time"), v.list("predicted"));
    let seen: Vec<bool> = v.list("event").into_iter().map(|e| e > 0.0).collect();
    let curve: Vec<f64> = survival::kaplan_meier(&times, &seen)
        .expect("finite")
        .iter()
        .flat_map(|step| [step.time_s, step.survival])
        .collect();
    c.values(v, "km", &curve, &rows(&v.expected["km"]).concat());
    c.seen("km");
    let got = survival::concordance(&times, &seen, &predicted).expect("finite");
    for (name, count) in [("concordant", got.concordant), ("discordant", got.discordant), ("tied", got.tied)]
    {
        c.same(v, name, &Value::from(count));
    }
    c.number(v, "harrell_c", got.c().expect("pairs"));
}

//! The edge cases, by name.

use super::{Check, Checker, Vector, strings};
use serde_json::Value;
use trier_eval::stats::comparison::{Question, compare};
use trier_eval::stats::evidence::{self, EvidenceError};
use trier_eval::stats::{StatsError, paired_t, point, sign_flip, signed_rank, variance_ratio};

/// The vectors of this group.
pub(crate) const CHECKS: &[Check] = &[
    ("edge/all_zero_differences", all_zero),
    ("edge/constant_nonzero_differences", edge_constant),
    ("edge/nan_in_metric", nan),
    ("edge/too_few_pairs", too_few),
    ("edge/unmatched_case_ids", unmatched),
    ("edge/zero_baseline_relative", zero_baseline),
    ("edge/empty_slice", empty_slice),
    ("edge/variance_zero_before", no_spread_before),
];

fn edge_constant(v: &Vector, c: &mut Checker) {
    let d = v.list("d");
    let t = paired_t::paired_t(&d, 0.95);
    c.holds("t_test", matches!(t, Err(StatsError::NoSpread { .. })));
    c.number(v, "sign_flip_p_two_sided", sign_flip::exact(&d).expect("nine").p_two_sided);
}

/// What the primary comparison says of differences that are each a cluster.
fn refused(d: &[f64]) -> StatsError {
    let clusters: Vec<Vec<f64>> = d.iter().map(|v| vec![*v]).collect();
    let question = Question { margin: 1.0, alpha: 0.05, replicates: 999, key: "edge" };
    compare(&clusters, &question).expect_err("nothing to compare")
}

fn said(v: &Vector, c: &mut Checker, error: &StatsError) {
    c.same(v, "verdict", &Value::from(error.verdict()));
    c.same(v, "reason", &Value::from(error.reason()));
}

fn all_zero(v: &Vector, c: &mut Checker) {
    let d = v.list("d");
    said(v, c, &refused(&d));
    c.holds("p", paired_t::paired_t(&d, 0.95).is_err() && v.expected["p"].is_null());
}

fn nan(v: &Vector, c: &mut Checker) {
    let d = v.list("d");
    said(v, c, &refused(&d));
    let place = d.iter().position(|x| x.is_nan());
    let by_place = |e| matches!(e, StatsError::NonFinite { index, .. } if Some(index) == place);
    c.holds("t", paired_t::paired_t(&d, 0.95).is_err_and(by_place));
    c.holds("sign flip", sign_flip::exact(&d).is_err_and(by_place));
}

fn too_few(v: &Vector, c: &mut Checker) {
    let d = v.list("d");
    said(v, c, &refused(&d));
    // All on one side is the most that so few can say.
    let one_side: Vec<f64> = (0..d.len()).map(|i| -1.0 - i as f64).collect();
    let least = signed_rank::signed_rank(&one_side, 0.95).expect("no ties");
    c.number(v, "wilcoxon_min_p_two_sided", least.p_two_sided);
}

fn unmatched(v: &Vector, c: &mut Checker) {
    let (baseline, candidate) = (strings(&v.inputs["baseline_ids"]), strings(&v.inputs["candidate_ids"]));
    let error = evidence::paired(&baseline, &candidate).expect_err("ids that do not match");
    c.same(v, "verdict", &Value::from(error.verdict()));
    c.same(v, "reason", &Value::from(error.reason()));
    let EvidenceError::Pairing { missing, extra, .. } = error else { panic!("another error: {error}") };
    c.same(v, "missing", &Value::from(missing));
    c.same(v, "extra", &Value::from(extra));
}

fn zero_baseline(v: &Vector, c: &mut Checker) {
    let got = point::relative_change(v.input("baseline"), v.input("candidate"));
    c.holds("relative_change", got.is_err() && v.expected["relative_change"].is_null());
    c.same(v, "reason", &Value::from(got.expect_err("no baseline").reason()));
}

fn empty_slice(v: &Vector, c: &mut Checker) {
    let slice = v.inputs["slice"].as_str().expect("a name");
    let cases = usize::try_from(v.count("n")).expect("few");
    let error = evidence::all_there(&[("all", 9), (slice, cases)]).expect_err("no cases");
    c.same(v, "verdict", &Value::from(error.verdict()));
    c.same(v, "reason", &Value::from(error.reason()));
    c.holds("by name", error.to_string().contains(slice));
}

fn no_spread_before(v: &Vector, c: &mut Checker) {
    let got = variance_ratio::variance_ratio(&v.list("before"), &v.list("after"), 0.95);
    said(v, c, &got.expect_err("no spread before"));
}

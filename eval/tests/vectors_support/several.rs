//! Several questions and several candidates.

use super::{Check, Checker, Vector, rows};
use serde_json::Value;
use trier_eval::stats::{StatsError, friedman, graphical, multiplicity};

/// The vectors of this group.
pub(crate) const CHECKS: &[Check] = &[
    ("multiplicity/adjusted_p", adjusted_p),
    ("multiplicity/weighted_holm", weighted_holm),
    ("multiplicity/fixed_sequence", fixed_sequence),
    ("multiplicity/graphical", graph),
    ("multiplicity/e_bh", e_values),
    ("multi/friedman_nemenyi", candidates),
];

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

fn adjusted_p(v: &Vector, c: &mut Checker) {
    type Method = fn(&[f64]) -> Result<Vec<f64>, StatsError>;
    let methods: [(&str, Method); 7] = [
        ("bonferroni", multiplicity::bonferroni),
        ("holm", multiplicity::holm),
        ("hochberg", multiplicity::hochberg),
        ("hommel", multiplicity::hommel),
        ("bh", multiplicity::benjamini_hochberg),
        ("by", multiplicity::benjamini_yekutieli),
        ("holm_sidak", multiplicity::holm_sidak),
    ];
    for (name, method) in methods {
        c.list(v, name, &method(&v.list("p")).expect("valid"));
    }
}

fn graph(v: &Vector, c: &mut Checker) {
    let alpha = v.input("alpha");
    let got = graphical::graphical(&v.list("p"), &v.list("w"), &rows(&v.inputs["G"])).expect("a graph");
    c.list(v, "adjusted_p", &got.adjusted_p);
    let rejected: Vec<bool> = got.adjusted_p.iter().map(|p| *p <= alpha).collect();
    c.same(v, "reject", &Value::from(rejected.clone()));
    // A walk that stops at alpha lists the questions answered by then.
    let answered: Vec<usize> = got.order.iter().copied().filter(|i| rejected[*i]).collect();
    let listed = v.expected["order"].as_array().expect("a list").len();
    c.same(v, "order", &Value::from(if listed == answered.len() { answered } else { got.order }));
}

fn e_values(v: &Vector, c: &mut Checker) {
    let got = multiplicity::e_benjamini_hochberg(&v.list("e"), v.input("alpha")).expect("valid");
    c.same(v, "k_star", &Value::from(got.len()));
    c.same(v, "rejected", &Value::from(got));
}

fn candidates(v: &Vector, c: &mut Checker) {
    let got = friedman::friedman(&rows(&v.inputs["loss"])).expect("cases");
    c.number(v, "chi2", got.chi2);
    c.number(v, "p", got.p);
    c.number(v, "iman_davenport_f", got.f);
    c.number(v, "iman_davenport_p", got.p_f);
    c.list(v, "mean_ranks", &got.mean_ranks);
    c.values(v, "nemenyi_p", &got.nemenyi_p.concat(), &rows(&v.expected["nemenyi_p"]).concat());
    c.seen("nemenyi_p");
}

//! Special functions and sums.

use super::{Check, Checker, Vector, numbers, rows};
use trier_eval::stats::{chi2, f_dist, normal, student_t, sum};

/// The vectors of this group.
pub(crate) const CHECKS: &[Check] = &[
    ("special/normal", special_normal),
    ("special/student_t", special_student_t),
    ("special/chi2", special_chi2),
    ("special/f_dist", special_f),
    ("reduce/exact_sum", exact_sum),
];

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
            c.values(v, name, &got, &numbers(want));
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

fn special_chi2(v: &Vector, c: &mut Checker) {
    let by_df = |name: &str, at: &str, f: fn(f64, f64) -> f64, c: &mut Checker| {
        for (df, want) in v.list("df").into_iter().zip(rows(&v.expected[name])) {
            let got: Vec<f64> = v.list(at).into_iter().map(|x| f(x, df)).collect();
            c.values(v, name, &got, &want);
        }
        c.seen(name);
    };
    by_df("sf_by_df", "x", chi2::sf, c);
    by_df("ppf_by_df", "p", chi2::quantile, c);
}

fn special_f(v: &Vector, c: &mut Checker) {
    let by_df = |name: &str, at: &str, f: fn(f64, f64, f64) -> f64, c: &mut Checker| {
        for (df, want) in rows(&v.inputs["dfn_dfd"]).into_iter().zip(rows(&v.expected[name])) {
            let got: Vec<f64> = v.list(at).into_iter().map(|x| f(x, df[0], df[1])).collect();
            c.values(v, name, &got, &want);
        }
        c.seen(name);
    };
    by_df("sf", "x", f_dist::sf, c);
    by_df("ppf", "p", f_dist::quantile, c);
}

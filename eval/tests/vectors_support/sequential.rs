//! Looking before the end.

use super::{Check, Checker, Vector};
use serde_json::Value;
use trier_eval::stats::normal_mixture::{NormalMixture, Sides};
use trier_eval::stats::sprt::{self, Wald};
use trier_eval::stats::{asymptotic_cs, e_process, group_sequential};

/// The vectors of this group.
pub(crate) const CHECKS: &[Check] = &[
    ("sequential/normal_mixture", mixture_boundary),
    ("sequential/asymptotic_cs", confidence_sequence),
    ("sequential/msprt_normal", mixture_test),
    ("sequential/win_rate_eprocess", win_rate),
    ("sequential/betting_onesided", bets),
    ("sequential/lan_demets_obf", looks),
    ("sequential/wald_sprt", wald),
];

fn mixture_boundary(v: &Vector, c: &mut Checker) {
    let (at, sum) = (v.input("V"), v.input("S"));
    let tuned = |sides| NormalMixture::tuned(sides, v.input("alpha"), v.input("V_opt")).expect("in range");
    let (two, one) = (tuned(Sides::Two), tuned(Sides::One));
    c.number(v, "rho_two_sided", two.rho);
    c.number(v, "two_sided_bound", two.bound(at));
    c.number(v, "rho_one_sided", one.rho);
    c.number(v, "one_sided_bound", one.bound(at));
    c.number(v, "two_sided_log_mixture", two.ln_mixture(sum, at));
    c.number(v, "always_valid_p", two.p(sum, at));
}

fn confidence_sequence(v: &Vector, c: &mut Checker) {
    let (n, n_star) = (v.count("n"), v.count("n_star"));
    let got = asymptotic_cs::asymptotic_cs(n, v.input("mean"), v.input("sd"), n_star, v.input("alpha"));
    let got = got.expect("in range");
    c.number(v, "rho", got.rho);
    c.number(v, "halfwidth", got.half_width);
    c.list(v, "ci", &[got.interval.0, got.interval.1]);
    c.number(v, "rho_one_sided", got.rho_one_sided);
    c.number(v, "upper_one_sided", got.upper);
}

fn mixture_test(v: &Vector, c: &mut Checker) {
    let got = sprt::mixture_normal(&v.list("x"), v.input("sigma2"), v.input("tau"), v.input("theta0"));
    let got = got.expect("in range");
    c.list(v, "lambda", &got.ratio);
    c.list(v, "p", &got.p);
}

fn wins(v: &Vector) -> Vec<bool> {
    v.list("wins").into_iter().map(|win| win > 0.0).collect()
}

fn win_rate(v: &Vector, c: &mut Checker) {
    c.list(v, "e", &e_process::win_rate(&wins(v)));
}

fn bets(v: &Vector, c: &mut Checker) {
    let got = e_process::betting_above(&v.list("x"), v.input("m0"), v.input("alpha")).expect("inside");
    c.list(v, "lambda", &got.stakes);
    c.list(v, "capital", &got.wealth);
}

fn looks(v: &Vector, c: &mut Checker) {
    let got = group_sequential::obrien_fleming(&v.list("info_times"), v.input("alpha")).expect("in order");
    c.list(v, "cumulative_alpha", &got.spent);
    c.list(v, "z_bounds", &got.bounds);
}

fn wald(v: &Vector, c: &mut Checker) {
    // The formula states the rates and the levels.
    let [low, high, alpha, beta] = ["p0=", "p1=", "alpha=", "beta="].map(|name| v.stated(name));
    let got = sprt::wald(&wins(v), low, high, alpha, beta).expect("in range");
    c.list(v, "llr", &got.llr);
    c.number(v, "upper", got.upper);
    c.number(v, "lower", got.lower);
    // Of the words for an answer only "continue" is fixed: others name the rate that is kept or dropped.
    let word = v.expected["decision"].as_str().expect("a word").to_lowercase();
    let answer = match (word.contains("continue"), word.contains("reject"), word.contains('1')) {
        (true, ..) => Wald::Continue,
        (_, true, false) | (_, false, true) => Wald::AcceptHigh,
        _ => Wald::AcceptLow,
    };
    c.same(v, "decision", &if answer == got.decision { v.expected["decision"].clone() } else { Value::Null });
}

//! Uplift before and after, its health, and power.

use super::{Check, Checker, Vector, rows};
use trier_eval::stats::diff_in_diff::{Observation, diff_in_diff};
use trier_eval::stats::{counts, crn, cuped, interrupted, kolmogorov, power, power_spread, switchback};

/// The vectors of this group.
pub(crate) const CHECKS: &[Check] = &[
    ("uplift/cuped", covariate),
    ("uplift/diff_in_diff", control_machines),
    ("uplift/its", segmented),
    ("uplift/switchback_randomization", blocks),
    ("uplift/srm", ratio),
    ("drift/ks_2samp", two_samples),
    ("drift/psi", stability),
    ("power/paired_t", power_paired_t),
    ("power/noninferiority", power_noninferiority),
    ("power/variance_ratio", power_variance),
    ("power/design_effect", clustered),
    ("power/crn_gain", crn_gain),
];

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

fn crn_gain(v: &Vector, c: &mut Checker) {
    let (sd, rho) = (v.input("sd"), v.input("rho"));
    c.number(v, "sd_diff_crn", crn::sd_of_difference(sd, rho));
    c.number(v, "sd_diff_indep", crn::sd_of_difference(sd, 0.0));
    c.number(v, "runs_saved_factor", crn::runs_saved_factor(rho));
}

fn covariate(v: &Vector, c: &mut Checker) {
    let (treat_pre, treat_post) = (v.list("treat_pre"), v.list("treat_post"));
    let (ctrl_pre, ctrl_post) = (v.list("ctrl_pre"), v.list("ctrl_post"));
    let treated = cuped::Arm { before: &treat_pre, after: &treat_post };
    let got = cuped::cuped(treated, cuped::Arm { before: &ctrl_pre, after: &ctrl_post }).expect("spread");
    c.number(v, "theta", got.theta);
    c.number(v, "diff_raw", got.raw.difference);
    c.number(v, "se_raw", got.raw.se);
    c.number(v, "diff_cuped", got.adjusted.difference);
    c.number(v, "se_cuped", got.adjusted.se);
    c.number(v, "welch_df", got.adjusted.df);
    c.number(v, "p_cuped", got.adjusted.p_two_sided);
    c.number(v, "variance_reduction", got.variance_reduction);
    c.number(v, "lin_effect", got.lin_effect);
    c.number(v, "lin_se_hc2", got.lin_se);
}

fn control_machines(v: &Vector, c: &mut Checker) {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // A number of a machine.
    let observed = |row: Vec<f64>| Observation {
        unit: row[0] as u32,
        treated: row[1] > 0.0,
        after: row[2] > 0.0,
        y: row[3],
    };
    let roasts: Vec<Observation> =
        rows(&v.inputs["rows_unit_treated_post_y"]).into_iter().map(observed).collect();
    let got = diff_in_diff(&roasts).expect("cells");
    c.number(v, "did", got.effect);
    c.number(v, "se_cluster", got.se);
    c.number(v, "t", got.t);
    c.number(v, "p_t_gminus1", got.p_two_sided);
}

fn segmented(v: &Vector, c: &mut Checker) {
    let count = |name: &str| usize::try_from(v.count(name)).expect("few");
    let got = interrupted::interrupted(&v.list("y"), count("t0"), count("lag")).expect("spread");
    c.list(v, "coef", &got.coefficients);
    c.list(v, "se_nw", &got.se);
    c.number(v, "durbin_watson", got.durbin_watson);
    c.number(v, "effect_at_end", got.effect_at_end);
}

fn blocks(v: &Vector, c: &mut Checker) {
    let got = switchback::switchback(&v.list("block_diff"), "vector", 0.5).expect("blocks enough");
    c.number(v, "mean", got.mean);
    c.number(v, "p_less", got.p_less);
    c.number(v, "p_two_sided", got.p_two_sided);
}

fn whole(numbers: &[f64]) -> Vec<u64> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Counts.
    let counts = numbers.iter().map(|n| *n as u64).collect();
    counts
}

fn ratio(v: &Vector, c: &mut Checker) {
    let got = counts::sample_ratio(&whole(&v.list("observed")), &v.list("planned")).expect("counts");
    c.number(v, "chi2", got.chi2);
    c.number(v, "p", got.p);
}

fn two_samples(v: &Vector, c: &mut Checker) {
    let got = kolmogorov::two_samples(&v.list("a"), &v.list("b")).expect("finite");
    c.number(v, "d", got.d);
    c.number(v, "p_exact", got.p);
}

fn stability(v: &Vector, c: &mut Checker) {
    let got = counts::stability_index(&whole(&v.list("expected_counts")), &whole(&v.list("actual_counts")));
    c.number(v, "psi", got.expect("bins"));
}

fn power_variance(v: &Vector, c: &mut Checker) {
    let count = |name: &str| u32::try_from(v.count(name)).expect("few");
    let (ratio, alpha) = (v.input("ratio"), v.input("alpha"));
    let got =
        power_spread::variance_power(ratio, count("n_before"), count("n_after"), alpha).expect("in range");
    c.number(v, "f_crit", got.critical);
    c.number(v, "power", got.power);
    let needed = |power: f64| f64::from(power_spread::roasts_for_power(ratio, alpha, power).expect("a cut"));
    c.number(v, "n_per_period_for_80", needed(0.8));
    c.number(v, "n_per_period_for_90", needed(0.9));
}

fn clustered(v: &Vector, c: &mut Checker) {
    let got = power_spread::design_effect(v.input("m"), v.input("icc"), v.input("n")).expect("in range");
    c.number(v, "de", got.effect);
    c.number(v, "n_eff", got.n_effective);
    let least = power_spread::detectable_difference(got.n_effective, v.input("sd"), v.input("alpha"), 0.8);
    c.number(v, "mde", least.expect("in range"));
}

//! How many roasts it takes: to show a smaller spread, and when roasts come in clusters.

use super::error::{StatsError, check_share};
use super::{f_dist, normal};

/// The one-sided F test that a variance fell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VariancePower {
    /// The ratio below which it rejects.
    pub critical: f64,
    /// Probability that it does.
    pub power: f64,
}

/// Power of the one-sided F test at `alpha` when the true ratio after/before is `ratio`: P(F ≤ critical/ratio).
///
/// A benchmark: the robust tests need 10 to 25 % more. Vector: `power/variance_ratio`.
///
/// # Errors
/// Fewer than two roasts in a period, a ratio that is not above 0, or `alpha` outside 0 to 1.
pub fn variance_power(ratio: f64, before: u32, after: u32, alpha: f64) -> Result<VariancePower, StatsError> {
    check_share("alpha", alpha)?;
    check_positive("ratio", ratio)?;
    if before.min(after) < 2 {
        return Err(StatsError::TooFew { got: before.min(after) as usize, need: 2 });
    }
    let (df_before, df_after) = (f64::from(before) - 1.0, f64::from(after) - 1.0);
    let critical = f_dist::quantile(alpha, df_after, df_before);
    Ok(VariancePower { critical, power: f_dist::cdf(critical / ratio, df_after, df_before) })
}

/// The least roasts in each period with which that test has `power`. Vector: `power/variance_ratio`.
///
/// # Errors
/// As for [`variance_power`], a ratio of 1 or more (nothing to find), a power outside 0 to 1, or more than a
/// million needed.
pub fn roasts_for_power(ratio: f64, alpha: f64, power: f64) -> Result<u32, StatsError> {
    check_share("power", power)?;
    if ratio.is_nan() || ratio >= 1.0 {
        return Err(StatsError::OutOfRange { name: "ratio", value: ratio, range: "below 1 to be found" });
    }
    let enough = |n: u32| variance_power(ratio, n, n, alpha).map(|got| got.power >= power);
    const MOST: u32 = 1_000_000;
    let mut high = 2;
    while !enough(high)? {
        if high >= MOST {
            return Err(StatsError::OutOfRange {
                name: "ratio",
                value: ratio,
                range: "found by a million roasts",
            });
        }
        high = (2 * high).min(MOST);
    }
    let mut low = high / 2; // Not enough, or 1.
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if enough(middle)? {
            high = middle;
        } else {
            low = middle;
        }
    }
    Ok(high)
}

/// What clusters leave of a sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DesignEffect {
    /// How many times the variance of a mean grows: 1 + (m − 1) ICC.
    pub effect: f64,
    /// Independent roasts that tell as much.
    pub n_effective: f64,
}

/// The design effect of `n` roasts in clusters of `m` with intraclass correlation `icc`. Vector: `power/design_effect`.
///
/// # Errors
/// A cluster size below 1, no roasts, or a correlation that leaves no effect above 0.
pub fn design_effect(m: f64, icc: f64, n: f64) -> Result<DesignEffect, StatsError> {
    check_positive("n", n)?;
    if !(m >= 1.0 && m.is_finite()) {
        return Err(StatsError::OutOfRange { name: "m", value: m, range: "1 or more" });
    }
    let effect = 1.0 + (m - 1.0) * icc;
    if !(icc <= 1.0 && effect > 0.0) {
        return Err(StatsError::OutOfRange { name: "icc", value: icc, range: "above -1/(m-1), to 1" });
    }
    Ok(DesignEffect { effect, n_effective: n / effect })
}

/// The smallest mean difference that `n_effective` pairs of this `sd` show with `power`, two-sided, by normals.
///
/// (z₁₋α/₂ + z_power) sd/√n. Vector: `power/design_effect`.
///
/// # Errors
/// A level outside 0 to 1, or an `sd` or number that is not above 0.
pub fn detectable_difference(n_effective: f64, sd: f64, alpha: f64, power: f64) -> Result<f64, StatsError> {
    check_share("alpha", alpha)?;
    check_share("power", power)?;
    check_positive("n_effective", n_effective)?;
    check_positive("sd", sd)?;
    Ok((normal::quantile(1.0 - 0.5 * alpha) + normal::quantile(power)) * sd / n_effective.sqrt())
}

fn check_positive(name: &'static str, value: f64) -> Result<(), StatsError> {
    if value > 0.0 && value.is_finite() {
        return Ok(());
    }
    Err(StatsError::OutOfRange { name, value, range: "above 0" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_cuts() {
        // Roasts per period for 80 and 90 %, one-sided 5 %, computed for this project beforehand with another
        // program: a cut of 20, 30, 40, 50, 60 %.
        let table = [(0.8, 499, 690), (0.7, 197, 272), (0.6, 97, 134), (0.5, 54, 74), (0.4, 32, 43)];
        for (ratio, eighty, ninety) in table {
            assert_eq!(roasts_for_power(ratio, 0.05, 0.8), Ok(eighty), "{ratio}");
            assert_eq!(roasts_for_power(ratio, 0.05, 0.9), Ok(ninety), "{ratio}");
        }
    }

    #[test]
    fn without_a_cut_power_is_alpha() {
        let none = variance_power(1.0, 20, 30, 0.05).expect("in range");
        assert!((none.power - 0.05).abs() < 1e-12);
        assert!(roasts_for_power(1.0, 0.05, 0.8).is_err() && variance_power(0.5, 1, 9, 0.05).is_err());
    }

    #[test]
    fn clusters_of_one_take_nothing() {
        let got = design_effect(1.0, 0.9, 50.0).expect("in range");
        assert_eq!((got.effect, got.n_effective), (1.0, 50.0));
        // Copies: all of a cluster tells as much as one of it.
        assert_eq!(design_effect(5.0, 1.0, 50.0).map(|d| d.n_effective), Ok(10.0));
        assert!(
            design_effect(0.5, 0.1, 50.0).is_err() && detectable_difference(0.0, 1.0, 0.05, 0.8).is_err()
        );
    }
}

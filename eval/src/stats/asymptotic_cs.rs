//! An interval for a mean that may be looked at after every roast, for many roasts.
//!
//! I. Waudby-Smith, D. Arbour, R. Sinha, E. H. Kennedy and A. Ramdas, "Time-uniform central limit theory and
//! asymptotic confidence sequences", Annals of Statistics 52 (2024).

use super::error::{StatsError, check_finite, check_share};
use trier_roast::math;

/// The interval after some values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AsymptoticCs {
    /// Mixture parameter of the two-sided interval.
    pub rho: f64,
    /// Half its width.
    pub half_width: f64,
    /// The two-sided interval.
    pub interval: (f64, f64),
    /// Mixture parameter of the one-sided bound.
    pub rho_one_sided: f64,
    /// The one-sided upper bound at the same alpha.
    pub upper: f64,
}

/// The interval after `n` values of this mean and standard deviation, tightest at `n_star`. Vector: `sequential/asymptotic_cs`.
///
/// # Errors
/// No values, a number that is not finite, an `sd` below 0, or `alpha` outside 0 to 1/2.
pub fn asymptotic_cs(
    n: u64,
    mean: f64,
    sd: f64,
    n_star: u64,
    alpha: f64,
) -> Result<AsymptoticCs, StatsError> {
    check_share("alpha", alpha)?;
    check_finite(&[mean, sd], 2)?;
    if n == 0 || n_star == 0 {
        return Err(StatsError::TooFew { got: 0, need: 1 });
    }
    if sd < 0.0 || alpha >= 0.5 {
        let (name, value) = if sd < 0.0 { ("sd", sd) } else { ("alpha", alpha) };
        return Err(StatsError::OutOfRange { name, value, range: "sd 0 or more, alpha below 1/2" });
    }
    #[allow(clippy::cast_precision_loss)]
    let (n, n_star) = (n as f64, n_star as f64);
    let tuned = |spent: f64| {
        let twice = -2.0 * math::ln(spent);
        ((twice + math::ln_1p(twice)) / n_star).sqrt()
    };
    let reach = |rho: f64, ln_odds: &dyn Fn(f64) -> f64| {
        let information = n * rho * rho;
        sd * (2.0 * (information + 1.0) / (n * information) * ln_odds((information + 1.0).sqrt())).sqrt()
    };
    let (rho, rho_one_sided) = (tuned(alpha), tuned(2.0 * alpha));
    let half_width = reach(rho, &|root| math::ln(root / alpha));
    let one_sided = reach(rho_one_sided, &|root| math::ln_1p(root / (2.0 * alpha)));
    Ok(AsymptoticCs {
        rho,
        half_width,
        interval: (mean - half_width, mean + half_width),
        rho_one_sided,
        upper: mean + one_sided,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looking_at_any_time_costs_width() {
        let got = asymptotic_cs(60, 0.0, 1.0, 60, 0.05).expect("in range");
        let fixed = 1.959_963_984_540_054 / 60.0_f64.sqrt();
        assert!(got.half_width > 1.2 * fixed && got.half_width < 2.0 * fixed && got.upper < got.interval.1);
        // The one-sided rho is the two-sided one of twice the alpha.
        let twice = asymptotic_cs(60, 0.0, 1.0, 60, 0.1).expect("in range");
        assert!((got.rho_one_sided - twice.rho).abs() < 1e-15);
        assert!(
            asymptotic_cs(0, 0.0, 1.0, 60, 0.05).is_err() && asymptotic_cs(5, 0.0, -1.0, 60, 0.05).is_err()
        );
    }
}

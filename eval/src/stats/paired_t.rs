//! The t test and interval for the mean of paired differences.

use super::error::{StatsError, check_finite, check_share, is_constant};
use super::student_t;
use super::sum::{mean, variance};
use trier_roast::math;

/// The t analysis of differences, in their unit. Negative is better.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairedT {
    /// How many differences.
    pub n: usize,
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation, n − 1.
    pub sd: f64,
    /// Standard error of the mean.
    pub se: f64,
    /// mean / se.
    pub t: f64,
    /// Degrees of freedom, n − 1.
    pub df: f64,
    /// Probability of a t at least this far from 0 if the true mean is 0.
    pub p_two_sided: f64,
    /// Probability of a t at or below this one if the true mean is 0: small favours "better".
    pub p_less: f64,
    /// Lower end of the two-sided interval for the true mean.
    pub lower: f64,
    /// Upper end of that interval.
    pub upper: f64,
    /// Standardised effect mean / sd.
    pub dz: f64,
    /// `dz` with Hedges' exact correction for few pairs.
    pub gz: f64,
}

/// The t analysis of `d` with a two-sided interval of confidence `level` (0.95 and so on).
///
/// Vector: `paired/t`.
///
/// # Errors
/// Fewer than two differences, one that is not finite, all equal (t is undefined,
/// never p = 0), or a level outside 0 to 1.
pub fn paired_t(d: &[f64], level: f64) -> Result<PairedT, StatsError> {
    check_share("level", level)?;
    check_finite(d, 2)?;
    let none = StatsError::TooFew { got: d.len(), need: 2 };
    if is_constant(d) {
        return Err(StatsError::NoSpread { n: d.len() });
    }
    #[allow(clippy::cast_precision_loss)]
    let n = d.len() as f64;
    let centre = mean(d).ok_or(none)?;
    let sd = variance(d).ok_or(none)?.sqrt();
    let se = sd / n.sqrt();
    let df = n - 1.0;
    let t = centre / se;
    let reach = student_t::quantile(0.5 + 0.5 * level, df) * se;
    Ok(PairedT {
        n: d.len(),
        mean: centre,
        sd,
        se,
        t,
        df,
        p_two_sided: student_t::p_two_sided(t, df),
        p_less: student_t::cdf(t, df),
        lower: centre - reach,
        upper: centre + reach,
        dz: centre / sd,
        gz: centre / sd * hedges_correction(df),
    })
}

/// Hedges' J(m) = Γ(m/2) / (√(m/2) Γ((m−1)/2)) for `m` degrees of freedom.
fn hedges_correction(m: f64) -> f64 {
    if m <= 1.0 {
        // Γ(0) is infinite: one degree of freedom corrects all the way to 0.
        return 0.0;
    }
    math::exp(math::ln_gamma(0.5 * m) - math::ln_gamma(0.5 * (m - 1.0))) / (0.5 * m).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn constant_differences_leave_t_undefined() {
        // Edge case `edge/constant_nonzero_differences`: never p = 0.
        assert_eq!(paired_t(&[-1.5; 9], 0.95), Err(StatsError::NoSpread { n: 9 }));
        assert_eq!(paired_t(&[0.0; 8], 0.95), Err(StatsError::NoSpread { n: 8 }));
    }

    #[test]
    fn bad_input_is_said() {
        // Edge case `edge/nan_in_metric`: never dropped in silence.
        let nan = paired_t(&[1.0, f64::NAN, 2.0], 0.95);
        assert!(matches!(nan, Err(StatsError::NonFinite { index: 1, .. })));
        assert_eq!(paired_t(&[1.0], 0.95), Err(StatsError::TooFew { got: 1, need: 2 }));
        assert!(matches!(paired_t(&[1.0, 2.0], 1.0), Err(StatsError::OutOfRange { .. })));
    }

    proptest! {
        #[test]
        fn order_scale_sign_and_shift_carry_over(
            d in proptest::collection::vec(-40.0_f64..40.0, 3..25),
            scale in 0.1_f64..9.0,
            shift in -20.0_f64..20.0,
        ) {
            let one = paired_t(&d, 0.95);
            prop_assume!(one.is_ok());
            let one = one.expect("checked");
            let mut backwards = d.clone();
            backwards.reverse();
            prop_assert_eq!(paired_t(&backwards, 0.95).expect("same values"), one);
            let scaled: Vec<f64> = d.iter().map(|v| v * scale).collect();
            let two = paired_t(&scaled, 0.95).expect("still spread");
            prop_assert!((two.t - one.t).abs() < 1e-8 * one.t.abs().max(1.0));
            prop_assert!((two.upper - one.upper * scale).abs() < 1e-7);
            let turned: Vec<f64> = d.iter().map(|v| -v).collect();
            let three = paired_t(&turned, 0.95).expect("still spread");
            prop_assert!((three.p_less - (1.0 - one.p_less)).abs() < 1e-10);
            let moved: Vec<f64> = d.iter().map(|v| v + shift).collect();
            let four = paired_t(&moved, 0.95).expect("still spread");
            prop_assert!((four.lower - one.lower - shift).abs() < 1e-7);
        }
    }
}

//! Watching for harm after every roast: the normal-mixture boundary, valid at any time of looking.
//!
//! A sum S of differences, with V its variance so far (σ²n, or the running sum of squared
//! deviations), crosses with probability alpha at most, ever, when nothing is wrong. S. R. Howard, A. Ramdas,
//! J. McAuliffe and J. Sekhon, Annals of Statistics 49 (2021).

use super::error::{StatsError, check_share};
use trier_roast::math;

/// Whether harm is looked for on one side or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sides {
    /// S above its boundary only: worse.
    One,
    /// S beyond it on either side.
    Two,
}

/// A boundary, tuned to be tightest at the variance that the plan expects.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NormalMixture {
    sides: Sides,
    /// The mixture's parameter, in the unit of V.
    pub rho: f64,
    alpha: f64,
}

impl NormalMixture {
    /// The boundary at `alpha` that is tightest near V = `v_opt`. Vector: `sequential/normal_mixture`.
    ///
    /// # Errors
    /// `alpha` outside 0 to 1 (one-sided: to 1/2), or a `v_opt` that is not above 0.
    pub fn tuned(sides: Sides, alpha: f64, v_opt: f64) -> Result<Self, StatsError> {
        check_share("alpha", alpha)?;
        if !(v_opt > 0.0 && v_opt.is_finite()) {
            return Err(StatsError::OutOfRange { name: "v_opt", value: v_opt, range: "above 0" });
        }
        // One side of alpha is tuned as two sides of twice that.
        let spent = if sides == Sides::One { 2.0 * alpha } else { alpha };
        if spent >= 1.0 {
            return Err(StatsError::OutOfRange {
                name: "alpha",
                value: alpha,
                range: "below 1/2 on one side",
            });
        }
        let twice = -2.0 * math::ln(spent);
        Ok(Self { sides, rho: v_opt / (twice + math::ln_1p(twice)), alpha })
    }

    /// ln of the mixture of likelihood ratios at sum `s` and variance `v` ≥ 0: evidence against "no harm".
    #[must_use]
    pub fn ln_mixture(&self, s: f64, v: f64) -> f64 {
        let all = v + self.rho;
        let half_square = s * s / (2.0 * all);
        match self.sides {
            Sides::Two => 0.5 * math::ln(self.rho / all) + half_square,
            Sides::One => 0.5 * math::ln(4.0 * self.rho / all) + half_square + ln_normal_cdf(s / all.sqrt()),
        }
    }

    /// The size of S from which harm is shown at variance `v` ≥ 0.
    #[must_use]
    pub fn bound(&self, v: f64) -> f64 {
        let all = v + self.rho;
        let needed = -math::ln(self.alpha);
        if self.sides == Sides::Two {
            return (all * (math::ln(all / self.rho) + 2.0 * needed)).sqrt();
        }
        // The two-sided bound at this alpha lies beyond it, since two tails are dearer; ln mixture rises with S.
        let (mut low, mut high) = (0.0, (all * (math::ln(all / self.rho) + 2.0 * needed)).sqrt());
        for _ in 0..200 {
            let middle = 0.5 * (low + high);
            if self.ln_mixture(middle, v) < needed {
                low = middle;
            } else {
                high = middle;
            }
            if high - low <= 1e-15 * high {
                break;
            }
        }
        0.5 * (low + high)
    }

    /// The p that holds at any time of looking: 1 over the mixture, 1 at most. Keep the smallest so far.
    #[must_use]
    pub fn p(&self, s: f64, v: f64) -> f64 {
        math::exp(-self.ln_mixture(s, v)).min(1.0)
    }
}

/// ln Φ(z), also where Φ underflows: there by its asymptotic ln φ(z) − ln(−z).
fn ln_normal_cdf(z: f64) -> f64 {
    if z > -30.0 {
        return math::ln(math::normal_cdf(z));
    }
    -0.5 * z * z - 0.5 * math::ln(2.0 * math::PI) - math::ln(-z)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_is_where_the_evidence_suffices() {
        for sides in [Sides::One, Sides::Two] {
            let boundary = NormalMixture::tuned(sides, 0.0125, 60.0).expect("in range");
            for v in [0.0, 3.0, 60.0, 900.0] {
                let p = boundary.p(boundary.bound(v), v);
                assert!((p / 0.0125 - 1.0).abs() < 1e-10, "{sides:?} at {v}: {p}");
            }
        }
    }

    #[test]
    fn tuning_is_best_where_it_aims() {
        let at = |v_opt: f64| NormalMixture::tuned(Sides::Two, 0.05, v_opt).expect("in range").bound(60.0);
        assert!(at(60.0) < at(10.0) && at(60.0) < at(400.0));
        assert!(NormalMixture::tuned(Sides::One, 0.5, 1.0).is_err());
        assert!(NormalMixture::tuned(Sides::Two, 0.05, 0.0).is_err());
    }

    #[test]
    fn good_news_is_no_evidence_of_harm() {
        let boundary = NormalMixture::tuned(Sides::One, 0.05, 10.0).expect("in range");
        assert_eq!(boundary.p(-400.0, 10.0), 1.0);
        assert!(boundary.ln_mixture(-400.0, 10.0).is_finite());
    }
}

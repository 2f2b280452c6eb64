//! Uplift with what was known before: CUPED, and Lin's regression that keeps arms apart.
//!
//! The covariate is the same SKU and machine in the period before, never anything after the
//! assignment: that would take out a part of the effect.

use super::error::{StatsError, check_finite, is_constant};
use super::regression::fit;
use super::sum::{exact_sum, mean};
use super::welch::{Welch, welch};

/// Values of one arm, roast by roast: before and after the assignment.
#[derive(Clone, Copy, Debug)]
pub struct Arm<'a> {
    /// The covariate.
    pub before: &'a [f64],
    /// What is compared.
    pub after: &'a [f64],
}

/// The effect of the treatment, treated minus control.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cuped {
    /// Slope of after on before over both arms.
    pub theta: f64,
    /// Welch's comparison of the raw values.
    pub raw: Welch,
    /// Welch's comparison of the values less theta times the covariate.
    pub adjusted: Welch,
    /// 1 − (adjusted se / raw se)²: below 0 when the covariate only adds noise.
    pub variance_reduction: f64,
    /// Lin's estimate, with a slope of its own in each arm.
    pub lin_effect: f64,
    /// Its standard error, HC2.
    pub lin_se: f64,
}

/// Compares `treated` with `control`. Vector: `uplift/cuped`. Lin's last bits go with the order of the roasts.
///
/// # Errors
/// Lists of different length, fewer than three roasts in an arm, a value that is not finite, or a covariate
/// without spread.
pub fn cuped(treated: Arm<'_>, control: Arm<'_>) -> Result<Cuped, StatsError> {
    for arm in [treated, control] {
        check_finite(arm.before, 3)?;
        check_finite(arm.after, 3)?;
        if arm.before.len() != arm.after.len() {
            return Err(StatsError::Unequal { left: arm.before.len(), right: arm.after.len() });
        }
    }
    let x: Vec<f64> = treated.before.iter().chain(control.before).copied().collect();
    let y: Vec<f64> = treated.after.iter().chain(control.after).copied().collect();
    if is_constant(&x) {
        return Err(StatsError::NoSpread { n: x.len() });
    }
    let none = StatsError::TooFew { got: x.len(), need: 6 };
    let (mean_x, mean_y) = (mean(&x).ok_or(none)?, mean(&y).ok_or(none)?);
    let over_x = |v: &[f64], centre: f64| {
        exact_sum(&x.iter().zip(v).map(|(x, v)| (x - mean_x) * (v - centre)).collect::<Vec<f64>>())
    };
    let theta = over_x(&y, mean_y) / over_x(&x, mean_x);
    let without = |arm: Arm<'_>| -> Vec<f64> {
        arm.after.iter().zip(arm.before).map(|(y, x)| y - theta * (x - mean_x)).collect()
    };
    let raw = welch(control.after, treated.after)?;
    let adjusted = welch(&without(control), &without(treated))?;
    let share = adjusted.se / raw.se;
    let (lin_effect, lin_se) = lin(&x, &y, treated.before.len(), mean_x)?;
    Ok(Cuped { theta, raw, adjusted, variance_reduction: 1.0 - share * share, lin_effect, lin_se })
}

/// The coefficient of the treatment beside a centred covariate and their product, with its HC2 standard error.
fn lin(x: &[f64], y: &[f64], treated: usize, mean_x: f64) -> Result<(f64, f64), StatsError> {
    let rows: Vec<Vec<f64>> = x
        .iter()
        .enumerate()
        .map(|(i, x)| {
            let arm = f64::from(u8::from(i < treated));
            vec![1.0, arm, x - mean_x, arm * (x - mean_x)]
        })
        .collect();
    let fitted = fit(&rows, y)?;
    let leverages = fitted.leverages();
    let scores: Vec<Vec<f64>> = fitted
        .scores()
        .into_iter()
        .zip(&leverages)
        .map(|(score, h)| score.into_iter().map(|s| s / (1.0 - h).sqrt()).collect())
        .collect();
    Ok((fitted.coefficients[1], fitted.sandwich(&scores)[1][1].sqrt()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_covariate_that_tells_all_leaves_only_the_effect() {
        // after = before − 2 in one arm, before in the other, but for a ripple that keeps a spread.
        let before: Vec<f64> = (0..12).map(|i| f64::from(i * 7 % 12)).collect();
        let ripple = |i: usize| if i.is_multiple_of(2) { 1e-3 } else { -1e-3 };
        let after = |effect: f64| -> Vec<f64> {
            before.iter().enumerate().map(|(i, b)| b + effect + ripple(i)).collect()
        };
        let (lower, same) = (after(-2.0), after(0.0));
        let got = cuped(Arm { before: &before, after: &lower }, Arm { before: &before, after: &same });
        let got = got.expect("spread");
        assert!((got.theta - 1.0).abs() < 1e-3 && (got.adjusted.difference + 2.0).abs() < 1e-9);
        assert!(got.variance_reduction > 0.999 && (got.lin_effect + 2.0).abs() < 1e-9);
        assert!(got.adjusted.p_less < 1e-9 && got.raw.p_less > 0.01);
    }

    #[test]
    fn what_cannot_be_compared_is_said() {
        let x = [1.0, 2.0, 3.0];
        let flat = [1.0; 3];
        assert!(cuped(Arm { before: &x, after: &x[..2] }, Arm { before: &x, after: &x }).is_err());
        assert!(cuped(Arm { before: &flat, after: &x }, Arm { before: &flat, after: &x }).is_err());
    }
}

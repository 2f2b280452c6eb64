//! What is left of a spread when what the operator planned is taken out.
//!
//! Targets by SKU, batch sizes and ambient differ on purpose; a spread that falls because they came to
//! differ less is no uplift. The plan's part is fitted on the period before alone.

use super::error::StatsError;
use super::regression::fit;

/// Residuals of both periods from a regression fitted on the first.
#[derive(Clone, Debug, PartialEq)]
pub struct Unplanned {
    /// Before.
    pub before: Vec<f64>,
    /// After, from the same coefficients.
    pub after: Vec<f64>,
}

/// Takes what `plan_before` explains of `before` out of both periods.
///
/// - `plan_before`, `plan_after`: one row per roast: a one, then what was planned.
///
/// Its last bits go with the order of the roasts. The fit makes the period before look a little tighter than it was and the one after not, which is
/// against claiming a reduction.
///
/// # Errors
/// Lists of different length, fewer roasts before than columns, a value that is not finite, or columns that
/// depend on each other.
pub fn unplanned(
    plan_before: &[Vec<f64>],
    before: &[f64],
    plan_after: &[Vec<f64>],
    after: &[f64],
) -> Result<Unplanned, StatsError> {
    let fitted = fit(plan_before, before)?;
    if plan_after.len() != after.len() {
        return Err(StatsError::Unequal { left: plan_after.len(), right: after.len() });
    }
    if let Some(row) = plan_after.iter().find(|row| row.len() != fitted.coefficients.len()) {
        return Err(StatsError::Unequal { left: fitted.coefficients.len(), right: row.len() });
    }
    super::error::check_finite(after, 1)?;
    for row in plan_after {
        super::error::check_finite(row, 1)?;
    }
    let after = plan_after.iter().zip(after).map(|(row, y)| y - fitted.at(row)).collect();
    Ok(Unplanned { before: fitted.residuals, after })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_that_came_to_differ_less_is_no_uplift() {
        // y = 500 + 10·plan + noise, the same noise in both periods; plans spread wide before only.
        let noise = [0.4, -0.3, 0.2, -0.5, 0.1, 0.3, -0.2, 0.0];
        let wide: Vec<Vec<f64>> = (0..8).map(|i| vec![1.0, f64::from(i)]).collect();
        let tight: Vec<Vec<f64>> = (0..8).map(|i| vec![1.0, 3.0 + 0.1 * f64::from(i % 2)]).collect();
        let of = |plan: &[Vec<f64>]| -> Vec<f64> {
            plan.iter().zip(noise).map(|(row, e)| 500.0 + 10.0 * row[1] + e).collect()
        };
        let got = unplanned(&wide, &of(&wide), &tight, &of(&tight)).expect("a plan");
        let spread = |x: &[f64]| crate::stats::sum::variance(x).expect("eight");
        assert!(spread(&of(&wide)) / spread(&of(&tight)) > 100.0);
        assert!((0.7..1.5).contains(&(spread(&got.after) / spread(&got.before))));
        assert!(unplanned(&wide, &of(&wide), &tight, &[1.0]).is_err());
    }
}

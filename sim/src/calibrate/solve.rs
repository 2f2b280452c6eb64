//! Least squares: the Levenberg–Marquardt method of a library, fed by finite differences.
//!
//! Why this library: `docs/decisions/0009-least-squares.md`.

use levenberg_marquardt::{LeastSquaresProblem, LevenbergMarquardt};
use nalgebra::storage::Owned;
use nalgebra::{DMatrix, DVector, Dyn};

/// Step of the finite differences, in units in which each parameter's prior has standard deviation 1.
///
/// The free run is smooth at this scale: its own rounding is 1e-9 of a degree.
const STEP: f64 = 1e-3;
/// Evaluations per parameter before a fit is taken as it is.
const PATIENCE: usize = 25;
/// Relative change of the sum of squares, and of the parameters, below which it is settled.
const SETTLED: f64 = 1e-5;

/// Where a minimisation ended.
#[derive(Clone, Debug)]
pub(super) struct Solved {
    /// The parameters.
    pub z: Vec<f64>,
    /// Half the sum of squares there.
    pub cost: f64,
}

/// Walks downhill from `start`.
pub(super) fn minimise(residuals: &dyn Fn(&[f64]) -> Vec<f64>, start: &[f64]) -> Solved {
    let task = Task { residuals, z: DVector::from_column_slice(start) };
    let method = LevenbergMarquardt::new()
        .with_ftol(SETTLED)
        .with_xtol(SETTLED)
        .with_gtol(0.0)
        // Parameters are in units of their priors: the first step should not leave them far behind.
        .with_stepbound(2.0)
        .with_scale_diag(false)
        .with_patience(PATIENCE);
    let (task, report) = method.minimize(task);
    Solved { z: task.z.as_slice().to_vec(), cost: report.objective_function }
}

/// How each residual moves with each parameter at `z`: one row a residual.
pub(super) fn jacobian(residuals: &dyn Fn(&[f64]) -> Vec<f64>, z: &[f64]) -> DMatrix<f64> {
    let here = residuals(z);
    let mut columns = DMatrix::zeros(here.len(), z.len());
    let mut moved = z.to_vec();
    for (i, at) in z.iter().enumerate() {
        moved[i] = at + STEP;
        for (row, (there, here)) in residuals(&moved).iter().zip(&here).enumerate() {
            columns[(row, i)] = (there - here) / STEP;
        }
        moved[i] = *at;
    }
    columns
}

struct Task<'a> {
    residuals: &'a dyn Fn(&[f64]) -> Vec<f64>,
    z: DVector<f64>,
}

impl LeastSquaresProblem<f64, Dyn, Dyn> for Task<'_> {
    type ParameterStorage = Owned<f64, Dyn>;
    type ResidualStorage = Owned<f64, Dyn>;
    type JacobianStorage = Owned<f64, Dyn, Dyn>;

    fn set_params(&mut self, z: &DVector<f64>) {
        self.z.copy_from(z);
    }

    fn params(&self) -> DVector<f64> {
        self.z.clone()
    }

    fn residuals(&self) -> Option<DVector<f64>> {
        Some(DVector::from_vec((self.residuals)(self.z.as_slice())))
    }

    fn jacobian(&self) -> Option<DMatrix<f64>> {
        Some(jacobian(self.residuals, self.z.as_slice()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_banana_is_walked_to_its_end() {
        // Rosenbrock's valley has its only minimum, 0, at (1, 1).
        let valley = |z: &[f64]| vec![10.0 * (z[1] - z[0] * z[0]), 1.0 - z[0]];
        let solved = minimise(&valley, &[-1.2, 1.0]);
        // Forward differences of step 1e-3 leave slopes wrong by 1e-3 of the curvature.
        assert!((solved.z[0] - 1.0).abs() < 1e-3 && (solved.z[1] - 1.0).abs() < 2e-3, "{:?}", solved.z);
        assert!(solved.cost < 1e-6);
    }
}

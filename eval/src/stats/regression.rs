//! Least squares with a handful of columns: what the uplift designs are fitted with.
//!
//! By Householder reflections, which keep the digits that normal equations would lose. The columns
//! are few, so matrices are lists of rows.

use super::error::{StatsError, check_finite};
use super::sum::exact_sum;

/// A fitted line, plane and so on.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// One coefficient per column.
    pub coefficients: Vec<f64>,
    /// What is left of each row: y minus fitted.
    pub residuals: Vec<f64>,
    /// (XᵀX)⁻¹.
    pub inverse: Vec<Vec<f64>>,
    /// The rows that were fitted.
    pub rows: Vec<Vec<f64>>,
}

/// Fits `y` to `rows`, one per value and one number per column; a constant is a column of ones. The last
/// bits go with the order of the rows.
///
/// Vectors: `uplift/cuped`, `uplift/diff_in_diff`, `uplift/its`.
///
/// # Errors
/// Fewer rows than columns, rows of different length, a value that is not finite, or columns that
/// depend on each other.
pub fn fit(rows: &[Vec<f64>], y: &[f64]) -> Result<Fit, StatsError> {
    let k = rows.first().map_or(0, Vec::len);
    check_finite(y, k.max(1))?;
    if rows.len() != y.len() {
        return Err(StatsError::Unequal { left: rows.len(), right: y.len() });
    }
    for row in rows {
        check_finite(row, 1)?;
        if row.len() != k {
            return Err(StatsError::Unequal { left: k, right: row.len() });
        }
    }
    let (mut triangle, mut target) = (rows.to_vec(), y.to_vec());
    for column in 0..k {
        reflect(&mut triangle, &mut target, column)?;
    }
    let coefficients = solve_upper(&triangle, &target, k);
    let residuals = rows.iter().zip(y).map(|(row, value)| value - dot(row, &coefficients)).collect();
    // (RᵀR)⁻¹ = R⁻¹R⁻ᵀ, column by column of R⁻¹.
    let unit = |i: usize| -> Vec<f64> { (0..k).map(|j| f64::from(u8::from(i == j))).collect() };
    let columns: Vec<Vec<f64>> = (0..k).map(|i| solve_upper(&triangle, &unit(i), k)).collect();
    let entry = |i: usize, j: usize| columns.iter().map(|c| c[i] * c[j]).sum::<f64>();
    let inverse = (0..k).map(|i| (0..k).map(|j| entry(i, j)).collect()).collect();
    Ok(Fit { coefficients, residuals, inverse, rows: rows.to_vec() })
}

impl Fit {
    /// The fitted value at `row`.
    #[must_use]
    pub fn at(&self, row: &[f64]) -> f64 {
        dot(row, &self.coefficients)
    }

    /// How much each row pulls on its own fitted value, 0 to 1.
    #[must_use]
    pub fn leverages(&self) -> Vec<f64> {
        self.rows.iter().map(|row| dot(row, &times(&self.inverse, row))).collect()
    }

    /// (XᵀX)⁻¹ M (XᵀX)⁻¹ for the middle M = Σ s sᵀ over `scores`: the sandwich of robust variances.
    #[must_use]
    pub fn sandwich(&self, scores: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let k = self.coefficients.len();
        let middle: Vec<Vec<f64>> = (0..k)
            .map(|i| {
                (0..k).map(|j| exact_sum(&scores.iter().map(|s| s[i] * s[j]).collect::<Vec<f64>>())).collect()
            })
            .collect();
        self.wrapped(&middle)
    }

    /// (XᵀX)⁻¹ `middle` (XᵀX)⁻¹.
    #[must_use]
    pub fn wrapped(&self, middle: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let k = self.coefficients.len();
        let left: Vec<Vec<f64>> = (0..k)
            .map(|i| (0..k).map(|j| (0..k).map(|m| self.inverse[i][m] * middle[m][j]).sum()).collect())
            .collect();
        (0..k)
            .map(|i| (0..k).map(|j| (0..k).map(|m| left[i][m] * self.inverse[m][j]).sum()).collect())
            .collect()
    }

    /// The score of each row: its numbers times its residual.
    #[must_use]
    pub fn scores(&self) -> Vec<Vec<f64>> {
        self.rows.iter().zip(&self.residuals).map(|(row, e)| row.iter().map(|x| x * e).collect()).collect()
    }
}

/// Turns what lies below the diagonal of `column` to zero, in the triangle and the target alike.
fn reflect(triangle: &mut [Vec<f64>], target: &mut [f64], column: usize) -> Result<(), StatsError> {
    let n = triangle.len();
    let norm = |rows: &[Vec<f64>]| {
        exact_sum(&rows.iter().map(|row| row[column] * row[column]).collect::<Vec<f64>>()).sqrt()
    };
    let (below, whole) = (norm(&triangle[column..]), norm(triangle));
    // What is left of a column that the ones before it explain is rounding.
    if n <= column || below <= 1e-10 * whole {
        return Err(StatsError::OutOfRange {
            name: "rank",
            #[allow(clippy::cast_precision_loss)]
            value: column as f64,
            range: "the number of columns: they depend on each other",
        });
    }
    let turned = if triangle[column][column] > 0.0 { -below } else { below };
    let mut mirror: Vec<f64> = triangle[column..].iter().map(|row| row[column]).collect();
    mirror[0] -= turned;
    let size: f64 = mirror.iter().map(|v| v * v).sum();
    for j in column..triangle[0].len() {
        let along: f64 = mirror.iter().zip(&triangle[column..]).map(|(v, row)| v * row[j]).sum();
        let factor = 2.0 * along / size;
        mirror.iter().zip(&mut triangle[column..]).for_each(|(v, row)| row[j] -= factor * v);
    }
    let along: f64 = mirror.iter().zip(&target[column..]).map(|(v, t)| v * t).sum();
    let factor = 2.0 * along / size;
    mirror.iter().zip(&mut target[column..]).for_each(|(v, t)| *t -= factor * v);
    Ok(())
}

fn solve_upper(triangle: &[Vec<f64>], target: &[f64], k: usize) -> Vec<f64> {
    let mut solution = vec![0.0; k];
    for i in (0..k).rev() {
        let known: f64 = (i + 1..k).map(|j| triangle[i][j] * solution[j]).sum();
        solution[i] = (target[i] - known) / triangle[i][i];
    }
    solution
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

fn times(matrix: &[Vec<f64>], vector: &[f64]) -> Vec<f64> {
    matrix.iter().map(|row| dot(row, vector)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plane_is_found_again() {
        let rows: Vec<Vec<f64>> = (0..9).map(|i| vec![1.0, f64::from(i), f64::from(i * i % 5)]).collect();
        let y: Vec<f64> = rows.iter().map(|r| 3.0 - 2.0 * r[1] + 0.5 * r[2]).collect();
        let got = fit(&rows, &y).expect("independent columns");
        for (c, want) in got.coefficients.iter().zip([3.0, -2.0, 0.5]) {
            assert!((c - want).abs() < 1e-12);
        }
        assert!(got.residuals.iter().all(|e| e.abs() < 1e-12));
        // Leverages add to the number of columns.
        assert!((got.leverages().iter().sum::<f64>() - 3.0).abs() < 1e-12);
        assert!((got.at(&[1.0, 10.0, 0.0]) + 17.0).abs() < 1e-12);
    }

    #[test]
    fn columns_that_repeat_each_other_are_refused() {
        let rows: Vec<Vec<f64>> = (0..5).map(|i| vec![1.0, f64::from(i), 2.0 * f64::from(i) + 1.0]).collect();
        assert!(fit(&rows, &[1.0; 5]).is_err());
        assert!(fit(&rows[..2], &[1.0; 2]).is_err() && fit(&rows, &[1.0; 4]).is_err());
        assert!(fit(&[vec![1.0], vec![f64::NAN]], &[1.0, 2.0]).is_err());
    }
}

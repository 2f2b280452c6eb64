//! Kolmogorov and Smirnov: the largest gap between distribution functions.
//!
//! One sample against the uniform, for calibration, and two samples against each other, for drift.
//! One sample: G. Marsaglia, W. W. Tsang and J. Wang, "Evaluating Kolmogorov's distribution", Journal
//! of Statistical Software 8 (2003), and far out twice the one-sided sum of Birnbaum and Tingey. Two
//! samples: counting lattice paths.

use super::error::{StatsError, check_finite};
use super::quantile::sorted;
use trier_roast::math;

/// The most values for which the distribution of one sample is worked out exactly.
pub const EXACT_N_MAX: usize = 1_000;

/// The most cells of the lattice on which two samples are compared exactly.
pub const EXACT_CELLS_MAX: usize = 10_000_000;

/// The largest gap, and how likely one as large is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gap {
    /// Largest difference of the distribution functions, 0 to 1.
    pub d: f64,
    /// Two-sided p; exact for continuous values, cautious with ties.
    pub p: f64,
    /// Whether `p` is exact rather than the limit for many values.
    pub exact: bool,
}

/// Values that should be uniform on 0 to 1, against that. Vector: `metric/pit_calibration`.
///
/// Exact up to [`EXACT_N_MAX`] values.
///
/// # Errors
/// No values, one that is not finite, or one outside 0 to 1.
pub fn uniform(values: &[f64]) -> Result<Gap, StatsError> {
    check_finite(values, 1)?;
    if let Some(&value) = values.iter().find(|v| !(0.0..=1.0).contains(*v)) {
        return Err(StatsError::OutOfRange { name: "value", value, range: "0 to 1" });
    }
    #[allow(clippy::cast_precision_loss)]
    let n = values.len() as f64;
    #[allow(clippy::cast_precision_loss)]
    let d = sorted(values)
        .iter()
        .enumerate()
        .map(|(i, v)| ((i + 1) as f64 / n - v).max(v - i as f64 / n))
        .fold(0.0, f64::max);
    let exact = values.len() <= EXACT_N_MAX;
    let p = if !exact { limit(d * n.sqrt(), n) } else { one_sample_p(values.len(), d) };
    Ok(Gap { d, p, exact })
}

/// Two samples against each other. Vector: `drift/ks_2samp`.
///
/// Exact while the sizes multiply to at most [`EXACT_CELLS_MAX`].
///
/// # Errors
/// An empty sample, or a value that is not finite.
pub fn two_samples(a: &[f64], b: &[f64]) -> Result<Gap, StatsError> {
    check_finite(a, 1)?;
    check_finite(b, 1)?;
    let (m, n) = (a.len(), b.len());
    let widest = widest_gap(&sorted(a), &sorted(b));
    #[allow(clippy::cast_precision_loss)]
    let (cells, d) = (m as f64 * n as f64, widest as f64 / (m as f64 * n as f64));
    #[allow(clippy::cast_precision_loss)]
    let effective = cells / (m as f64 + n as f64);
    let exact = m.saturating_mul(n) <= EXACT_CELLS_MAX;
    let p = if exact { touching_share(m, n, widest) } else { limit(d * effective.sqrt(), effective) };
    Ok(Gap { d, p, exact })
}

/// The largest |i·n − j·m| where i values of `a` and j of `b` lie at or below a point: m·n·D in whole numbers.
fn widest_gap(a: &[f64], b: &[f64]) -> usize {
    let (m, n) = (a.len(), b.len());
    let (mut i, mut j, mut widest) = (0, 0, 0);
    while i < m && j < n {
        let point = a[i].min(b[j]);
        while i < m && a[i] <= point {
            i += 1;
        }
        while j < n && b[j] <= point {
            j += 1;
        }
        widest = widest.max((i * n).abs_diff(j * m));
    }
    widest
}

/// The share of orders of m and n values in which |i·n − j·m| reaches `widest` somewhere.
fn touching_share(m: usize, n: usize, widest: usize) -> f64 {
    let is_out = |i: usize, j: usize| (i * n).abs_diff(j * m) >= widest;
    let mut row = vec![0.0_f64; n + 1];
    for i in 0..=m {
        for j in 0..=n {
            if is_out(i, j) {
                row[j] = 1.0;
            } else {
                // The last step came from either side in proportion to the values used up there.
                #[allow(clippy::cast_precision_loss)]
                let (from_a, from_b) = (i as f64 / (i + j).max(1) as f64, j as f64 / (i + j).max(1) as f64);
                let left = if j > 0 { row[j - 1] } else { 0.0 };
                row[j] = from_a * if i > 0 { row[j] } else { 0.0 } + from_b * left;
            }
        }
    }
    row[n].min(1.0)
}

/// P(D ≥ d) for `n` uniform values.
fn one_sample_p(n: usize, d: f64) -> f64 {
    #[allow(clippy::cast_precision_loss)]
    let size = n as f64;
    if d >= 1.0 {
        return 0.0;
    }
    if size * d <= 0.5 {
        return 1.0; // No sample of n comes nearer than 1/(2n).
    }
    // Both sides at once are out of reach there: the error is about e⁻²⁷ of p.
    if size * d * d >= 4.5 {
        return (2.0 * one_sided(n, d)).min(1.0);
    }
    (1.0 - below(n, d)).clamp(0.0, 1.0)
}

/// P(D⁺ ≥ d): d Σ C(n, j) (d + j/n)^(j−1) (1 − d − j/n)^(n−j) over j ≤ n(1 − d).
fn one_sided(n: usize, d: f64) -> f64 {
    #[allow(clippy::cast_precision_loss)]
    let size = n as f64;
    let terms: Vec<f64> = (0..=n)
        .map(|j| {
            #[allow(clippy::cast_precision_loss)]
            let j = j as f64;
            let rest = 1.0 - d - j / size;
            if rest <= 0.0 {
                return 0.0;
            }
            let ln_choose =
                math::ln_gamma(size + 1.0) - math::ln_gamma(j + 1.0) - math::ln_gamma(size - j + 1.0);
            math::exp(ln_choose + (j - 1.0) * math::ln(d + j / size) + (size - j) * math::ln(rest))
        })
        .collect();
    d * super::sum::exact_sum(&terms)
}

/// P(D < d) for `n` uniform values: the middle entry of the n-th power of a matrix, times n!/nⁿ.
fn below(n: usize, d: f64) -> f64 {
    #[allow(clippy::cast_precision_loss)]
    let size = n as f64;
    let reach = size * d;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 1 to n.
    let k = reach.floor() as usize + 1;
    #[allow(clippy::cast_precision_loss)]
    let h = k as f64 - reach;
    let (power, doublings) = matrix_power(&step_matrix(k, h), 2 * k - 1, n);
    let mut value = power[(k - 1) * (2 * k - 1) + k - 1];
    // n!/nⁿ factor by factor, so that neither overflows; powers of two taken out come back at the end.
    for i in 1..=n {
        #[allow(clippy::cast_precision_loss)]
        let share = i as f64 / size;
        value *= share;
        if value < 1e-140 {
            return value_scaled(value, doublings, &(i + 1..=n).collect::<Vec<usize>>(), size);
        }
    }
    value * math::pow(2.0, doublings)
}

/// Goes on with the product of `below` on logarithms, where it would underflow.
fn value_scaled(value: f64, doublings: f64, rest: &[usize], size: f64) -> f64 {
    #[allow(clippy::cast_precision_loss)]
    let logs: Vec<f64> = rest.iter().map(|i| math::ln(*i as f64 / size)).collect();
    math::exp(math::ln(value) + super::sum::exact_sum(&logs) + doublings * math::ln(2.0))
}

/// The matrix of Marsaglia, Tsang and Wang for k and h, row by row.
fn step_matrix(k: usize, h: f64) -> Vec<f64> {
    let m = 2 * k - 1;
    let mut factorial = vec![1.0; m + 2];
    for i in 1..factorial.len() {
        #[allow(clippy::cast_precision_loss)]
        let i_f = i as f64;
        factorial[i] = factorial[i - 1] * i_f;
    }
    #[allow(clippy::cast_precision_loss)]
    let power = |base: f64, n: usize| math::pow(base, n as f64);
    let mut matrix = vec![0.0; m * m];
    for i in 0..m {
        for j in 0..m.min(i + 2) {
            let mut entry = 1.0;
            if j == 0 {
                entry -= power(h, i + 1);
            }
            if i == m - 1 {
                entry -= power(h, m - j);
            }
            if j == 0 && i == m - 1 && h > 0.5 {
                entry += power(2.0 * h - 1.0, m);
            }
            matrix[i * m + j] = entry / factorial[i + 1 - j];
        }
    }
    matrix
}

/// `matrix` to the power `n`, as (values, e) with the power = values · 2^e.
fn matrix_power(matrix: &[f64], m: usize, n: usize) -> (Vec<f64>, f64) {
    let times = |a: &[f64], b: &[f64]| -> Vec<f64> {
        let mut product = vec![0.0; m * m];
        for i in 0..m {
            for (k, left) in a[i * m..(i + 1) * m].iter().enumerate() {
                for j in 0..m {
                    product[i * m + j] += left * b[k * m + j];
                }
            }
        }
        product
    };
    let eased = |mut values: Vec<f64>, exponent: f64| {
        const STEP: f64 = 400.0;
        let largest = values.iter().copied().fold(0.0, f64::max);
        if largest < 1e130 {
            return (values, exponent);
        }
        let down = math::pow(2.0, -STEP);
        values.iter_mut().for_each(|v| *v *= down);
        (values, exponent + STEP)
    };
    let mut base = (matrix.to_vec(), 0.0);
    let mut all: Option<(Vec<f64>, f64)> = None;
    let mut left = n;
    while left > 0 {
        if left % 2 == 1 {
            all = Some(match &all {
                None => base.clone(),
                Some((values, exponent)) => eased(times(values, &base.0), exponent + base.1),
            });
        }
        left /= 2;
        if left > 0 {
            base = eased(times(&base.0, &base.0), 2.0 * base.1);
        }
    }
    all.unwrap_or_else(|| (vec![0.0; m * m], 0.0))
}

/// P(D ≥ d) for many values: 2 Σ (−1)^(k−1) e^(−2k²x²) with Stephens' correction of x for `n`.
fn limit(root_n_d: f64, n: f64) -> f64 {
    let x = root_n_d * (1.0 + 0.12 / n.sqrt() + 0.11 / n);
    if x < 0.2 {
        return 1.0; // Below, the series has not begun to fall; the value is 1 to 12 digits.
    }
    let term = |k: i32| {
        let k = f64::from(k);
        math::exp(-2.0 * k * k * x * x)
    };
    let total: f64 = (1..=100).map(|k| if k % 2 == 1 { term(k) } else { -term(k) }).sum();
    (2.0 * total).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_has_a_known_distribution() {
        // D of one value is max(u, 1 − u): P(D ≥ d) = 2(1 − d) for d ≥ 1/2.
        for u in [0.6, 0.75, 0.99] {
            let got = uniform(&[u]).expect("inside");
            assert!((got.d - u).abs() < 1e-15 && (got.p - 2.0 * (1.0 - u)).abs() < 1e-14, "{got:?}");
        }
        assert!(uniform(&[1.2]).is_err() && uniform(&[]).is_err());
    }

    #[test]
    fn both_ways_of_one_sample_agree_where_they_meet() {
        // At n·d² = 4.5 either method may be used.
        for n in [20_usize, 200, 1_000] {
            let d = (4.5 / n as f64).sqrt();
            let (one, two) = (1.0 - below(n, d), 2.0 * one_sided(n, d));
            assert!((one / two - 1.0).abs() < 1e-8, "n {n}: {one} and {two}");
        }
    }

    #[test]
    fn many_values_come_near_the_limit() {
        // The correction was made for the tail; in the middle it is within half a percent.
        for d in [0.02, 0.03, 0.045] {
            let (exact, near) = (one_sample_p(1_000, d), limit(d * 1_000.0_f64.sqrt(), 1_000.0));
            assert!((exact - near).abs() < 5e-3, "{d}: {exact} and {near}");
        }
    }

    #[test]
    fn two_apart_samples_are_the_rarest_order() {
        // All of a below all of b: 2 of C(7, 3) orders.
        let got = two_samples(&[1.0, 2.0, 3.0], &[4.0, 5.0, 6.0, 7.0]).expect("values");
        assert!(got.d == 1.0 && (got.p - 2.0 / 35.0).abs() < 1e-15);
        let same = two_samples(&[1.0, 2.0], &[1.0, 2.0]).expect("values");
        assert_eq!((same.d, same.p), (0.0, 1.0));
    }
}

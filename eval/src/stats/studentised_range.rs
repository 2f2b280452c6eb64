//! The range of several standard normals: how far apart the outermost of k means lie by luck.

use super::sum::exact_sum;
use trier_roast::math;

/// P(the range of `k` independent standard normals exceeds `q`): the studentised range with the spread known.
///
/// k ∫ φ(z) (Φ(z) − Φ(z − q))^(k−1) dz, by Simpson's rule; within about 1e-12. 1 at and below 0, NaN for
/// fewer than two. Vector: `nemenyi_p` of `multi/friedman_nemenyi`.
#[must_use]
pub fn sf(q: f64, k: usize) -> f64 {
    const STEPS: u32 = 2_000;
    if k < 2 || q.is_nan() {
        return f64::NAN;
    }
    if q <= 0.0 {
        return 1.0;
    }
    // The largest is at z, the others within q below it. φ beyond 9 is under 1e-18.
    let step = 18.0 / f64::from(STEPS);
    #[allow(clippy::cast_precision_loss)]
    let k = k as f64;
    let terms: Vec<f64> = (0..=STEPS)
        .map(|i| {
            let z = -9.0 + step * f64::from(i);
            let weight = match i {
                0 | STEPS => 1.0,
                _ if i % 2 == 1 => 4.0,
                _ => 2.0,
            };
            // All below z, less all within q: what exceeds the range, without taking from 1.
            let all = math::pow(math::normal_cdf(z), k - 1.0);
            let within = math::pow((math::normal_cdf(z) - math::normal_cdf(z - q)).max(0.0), k - 1.0);
            weight * math::normal_pdf(z) * (all - within)
        })
        .collect();
    (k * exact_sum(&terms) * step / 3.0).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_normals_differ_as_one_of_twice_the_variance() {
        for q in [0.1, 1.0, 2.771_807_648_699_343, 5.0] {
            let want = 2.0 * math::normal_cdf(-q / 2.0_f64.sqrt());
            assert!((sf(q, 2) / want - 1.0).abs() < 1e-9, "{q}");
        }
        assert!(sf(1.0, 1).is_nan() && sf(0.0, 5) == 1.0);
    }

    #[test]
    fn the_published_five_percent_points() {
        // Tables of the studentised range at infinite degrees of freedom: 3.633 for four, 4.474 for ten.
        for (k, q) in [(4, 3.633), (10, 4.474)] {
            assert!((sf(q, k) - 0.05).abs() < 1e-4, "{k}: {}", sf(q, k));
        }
    }
}

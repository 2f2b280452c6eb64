//! Where a distribution has passed a given share: the normal quantile, and the search that
//! other quantiles share with it.

use crate::math;

/// The x in 0 to `high` where `tail(x)` is `p`.
///
/// - `tail`: positive and falling, the share of a distribution beyond x.
/// - `density`: minus its slope; a step it spoils is replaced by halving the bracket.
///
/// Newton works on ln tail, which is nearly straight or a parabola where the tail
/// itself falls through hundreds of decades. Stops when x moves by less than 1e-15
/// of its size; 400 steps are more than halving alone needs.
#[must_use]
pub fn invert_tail(tail: impl Fn(f64) -> f64, density: impl Fn(f64) -> f64, p: f64, high: f64) -> f64 {
    let (mut low, mut high) = (0.0, high);
    let mut x = 0.5 * high;
    for _ in 0..400 {
        let here = tail(x);
        if here == p {
            return x;
        }
        if here > p {
            low = x;
        } else {
            high = x;
        }
        let newton = x + math::ln(here / p) * here / density(x);
        let next = if newton > low && newton < high { newton } else { 0.5 * (low + high) };
        if (next - x).abs() <= 1e-15 * x.abs() {
            return next;
        }
        x = next;
    }
    x
}

/// The z below which a share `p` of a standard normal lies, Φ⁻¹(p).
///
/// Infinite at 0 and 1, NaN outside them.
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    if p == 0.0 || p == 1.0 {
        return if p == 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    if p == 0.5 {
        return 0.0;
    }
    // The tail keeps its digits; 1 − p is exact above one half. Φ(−39) is below the smallest double.
    let size = invert_tail(|z| math::normal_cdf(-z), math::normal_pdf, p.min(1.0 - p), 39.0);
    if p < 0.5 { -size } else { size }
}

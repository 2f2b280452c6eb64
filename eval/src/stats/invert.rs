//! Where the tail of a distribution has a given size: Newton inside a bracket.

use trier_roast::math;

/// The x in 0 to `high` where `tail(x)` is `p`.
///
/// - `tail`: positive and falling, the share of a distribution beyond x.
/// - `density`: minus its slope; a step it spoils is replaced by halving the bracket.
///
/// Newton works on ln tail, which is nearly straight or a parabola where the tail
/// itself falls through hundreds of decades. Stops when x moves by less than 1e-15
/// of its size; 400 steps are more than halving alone needs.
pub(crate) fn invert_tail(tail: impl Fn(f64) -> f64, density: impl Fn(f64) -> f64, p: f64, high: f64) -> f64 {
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

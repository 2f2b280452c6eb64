//! Volume: how large a bean is. Equation B10.

use std::f64::consts::PI;

/// Volume of one bean, mm³: that of the sphere by which its lot states its size, grown by `expansion`.
///
/// - `diameter_mm`: of the green bean, above 0; `expansion`: volume gained over green, 0 to about 1.
pub(crate) fn bean_volume_mm3(diameter_mm: f64, expansion: f64) -> f64 {
    PI / 6.0 * diameter_mm * diameter_mm * diameter_mm * (1.0 + expansion)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_green_bean_sinks_and_a_roasted_one_floats() {
        // 0.15 g at 6.5 mm: 143.8 mm³ and 1.04 g/cm³; medium has gained 70 to 90 % and lost 14 % of its mass.
        let green_mm3 = bean_volume_mm3(6.5, 0.0);
        assert!((green_mm3 - 143.8).abs() < 0.05, "{green_mm3} mm³");
        assert!(150.0 / green_mm3 > 1.0 && 150.0 * 0.86 / bean_volume_mm3(6.5, 0.8) < 0.6);
    }
}

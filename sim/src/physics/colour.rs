//! Colour: how light the beans look. Equation B10.

use trier_roast::math;

/// L* of green beans (Anokye-Bempah 2025, C21).
const GREEN_L: f64 = 59.3;
/// L* at colour change (C21).
const YELLOW_L: f64 = 62.38;
/// L* that an endless roast tends to (B10, fitted).
const CHAR_L: f64 = 8.6;
/// Darkening, 1/(L*³·min at 200 °C) (B10, fitted: RMS error 2.6 L* at first crack).
const DARKENING: f64 = 2.17e-5;

/// Lightness L* of ground roasted coffee, 8.6 (black) to 62.4 (yellow).
///
/// - `yellowing`: progress to colour change, 0 (green) to 1.
/// - `dose_min`: minutes at 200 °C since colour change, 0 or more.
pub(crate) fn lightness(yellowing: f64, dose_min: f64) -> f64 {
    if dose_min <= 0.0 {
        return GREEN_L + (YELLOW_L - GREEN_L) * yellowing.clamp(0.0, 1.0);
    }
    let start = YELLOW_L - CHAR_L;
    CHAR_L + math::pow(1.0 / (start * start * start) + 3.0 * DARKENING * dose_min, -1.0 / 3.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_starts_green_and_darkens_from_yellow() {
        assert!((lightness(0.0, 0.0) - 59.3).abs() < 1e-12);
        assert!((lightness(1.0, 0.0) - 62.38).abs() < 1e-12);
        assert!((lightness(1.0, 1e-9) - 62.38).abs() < 1e-4, "no jump at colour change");
        assert!(lightness(1.0, 4.0) > lightness(1.0, 8.0));
        assert!((lightness(1.0, 8.0) - 21.0).abs() < 1.0);
    }
}

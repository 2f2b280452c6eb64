//! How fast beans dry, react, lose dry matter and age by heat. Equations B7 and B8.

use trier_roast::{math, unit::kelvin};

/// E_D/R of thermal dose and organic loss, K, for E_D = 105 kJ/mol (B8; weakly known,
/// colour data fit 105 to 200 equally well).
const DOSE_ACTIVATION_K: f64 = 105_000.0 / 8.314_462_618;

/// All the heat that roasting reactions can release, kJ per kg initial dry (B8).
pub(crate) const REACTION_TOTAL_KJ_KG: f64 = 232.0;

/// Organic matter that can be lost, kg per kg initial dry (v∞ in B8; our estimate).
const ORGANIC_LOSS_MAX: f64 = 0.25;

/// Organic loss at 200 °C, 1/min (k_v in B8; our estimate).
const ORGANIC_LOSS_PER_MIN: f64 = 0.038;

/// Evaporation, kg water per kg dry and second, 0 or more.
///
/// −Ẋ = k · 4.32e9 · X²/d² · exp(−9889/T). Source: B7 (Hernández 2007 and others,
/// constants from Pronk and Anthony 2026). Known to dry too fast below 200 °C and
/// too slowly above 220 °C.
///
/// - `temp_c`: mean bean temperature, °C; `diameter_mm`: bean diameter, mm.
pub(crate) fn drying_per_s(moisture: f64, temp_c: f64, diameter_mm: f64, factor: f64) -> f64 {
    let wet = moisture.max(0.0);
    factor * 4.32e9 * wet * wet / (diameter_mm * diameter_mm) * math::exp(-9889.0 / kelvin(temp_c))
}

/// Heat released by roasting reactions, kW per kg initial dry, 0 or more.
///
/// q = s · 116,200 · exp(−5500/T) · (232 − H)/232. Source: B8 (Schwartzberg 2002 by
/// way of Pronk and Anthony 2026). No sharp onset.
///
/// - `released_kj_kg`: H, the heat released so far, 0 to 232.
pub(crate) fn reaction_heat_kw_kg(temp_c: f64, released_kj_kg: f64, factor: f64) -> f64 {
    let left = (REACTION_TOTAL_KJ_KG - released_kj_kg).max(0.0) / REACTION_TOTAL_KJ_KG;
    factor * 116_200.0 * math::exp(-5500.0 / kelvin(temp_c)) * left
}

/// How fast heat acts at `temp_c`, as a multiple of how fast it acts at 200 °C.
fn dose_rate(temp_c: f64) -> f64 {
    math::exp(-DOSE_ACTIVATION_K * (1.0 / kelvin(temp_c) - 1.0 / 473.15))
}

/// Thermal dose gathered, minutes at 200 °C per second (B8).
pub(crate) fn dose_min_per_s(temp_c: f64) -> f64 {
    dose_rate(temp_c) / 60.0
}

/// Organic matter lost, kg per kg initial dry and second, 0 or more (B8).
///
/// - `lost`: v, what is gone already, 0 to 0.25.
pub(crate) fn organic_loss_per_s(temp_c: f64, lost: f64) -> f64 {
    ORGANIC_LOSS_PER_MIN / 60.0 * (ORGANIC_LOSS_MAX - lost).max(0.0) * dose_rate(temp_c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reaction_heat_has_the_published_values() {
        // B8 quotes 0.26, 1.04 and 1.67 kW/kg at 150, 200 and 220 °C with H = 0.
        for (temp_c, kw_kg) in [(150.0, 0.26), (200.0, 1.04), (220.0, 1.67)] {
            assert!((reaction_heat_kw_kg(temp_c, 0.0, 1.0) - kw_kg).abs() < 0.006, "at {temp_c} °C");
        }
        assert!(reaction_heat_kw_kg(220.0, REACTION_TOTAL_KJ_KG, 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_minute_at_200_is_a_minute_of_dose() {
        assert!((dose_min_per_s(200.0) * 60.0 - 1.0).abs() < 1e-12);
        assert!(dose_min_per_s(220.0) > 2.0 * dose_min_per_s(200.0));
    }

    #[test]
    fn dry_beans_do_not_dry() {
        assert!(drying_per_s(0.0, 200.0, 6.5, 1.0).abs() < 1e-300);
        assert!(drying_per_s(-1e-9, 200.0, 6.5, 1.0).abs() < 1e-300);
        assert!(drying_per_s(0.12, 180.0, 6.5, 1.0) > drying_per_s(0.12, 140.0, 6.5, 1.0));
    }
}

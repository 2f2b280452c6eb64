//! How fast beans dry, react, lose dry matter and age by heat. Equations B7 and B8.
//!
//! All take 1/T, because a step needs four of these laws at one temperature.

use trier_roast::unit::kelvin;

use crate::lanes::plain::{exp, larger};

/// E_D/R of thermal dose and organic loss, K, for E_D = 105 kJ/mol (B8; weakly known,
/// colour data fit 105 to 200 equally well).
const DOSE_ACTIVATION_K: f64 = 105_000.0 / 8.314_462_618;

/// All the heat that roasting reactions can release, kJ per kg initial dry (B8).
pub(crate) const REACTION_TOTAL_KJ_KG: f64 = 232.0;

/// Organic matter that can be lost, kg per kg initial dry (v∞ in B8; our estimate).
const ORGANIC_LOSS_MAX: f64 = 0.25;

/// Organic loss at 200 °C, 1/min (k_v in B8; our estimate).
const ORGANIC_LOSS_PER_MIN: f64 = 0.038;

/// Drying of a bean of 1 mm, 1/s, and its activation temperature, K (B7; Hernández 2007 and others, constants
/// from Pronk and Anthony 2026). Known to dry too fast below 200 °C and too slowly above 220 °C.
pub(crate) const DRYING_PER_S: f64 = 4.32e9;
pub(crate) const DRYING_ACTIVATION_K: f64 = 9889.0;

/// 1/T, 1/K, at a temperature in °C.
#[inline(always)]
pub(crate) fn per_kelvin(temp_c: f64) -> f64 {
    1.0 / kelvin(temp_c)
}

/// An Arrhenius law: `rate`, in its unit, times exp(−E/T).
#[inline(always)]
pub(crate) fn arrhenius(rate: f64, activation_k: f64, per_kelvin: f64) -> f64 {
    rate * exp(-activation_k * per_kelvin)
}

/// Heat released by roasting reactions, kW per kg initial dry, 0 or more.
///
/// q = s · 116,200 · exp(−5500/T) · (232 − H)/232. Source: B8 (Schwartzberg 2002 by
/// way of Pronk and Anthony 2026). No sharp onset.
///
/// - `released_kj_kg`: H, the heat released so far, 0 to 232.
#[inline(always)]
pub(crate) fn reaction_heat_kw_kg(per_kelvin: f64, released_kj_kg: f64, factor: f64) -> f64 {
    let left = larger(REACTION_TOTAL_KJ_KG - released_kj_kg, 0.0) * (1.0 / REACTION_TOTAL_KJ_KG);
    arrhenius(factor * 116_200.0, 5500.0, per_kelvin) * left
}

/// How fast heat acts, as a multiple of how fast it acts at 200 °C.
#[inline(always)]
pub(crate) fn dose_rate(per_kelvin: f64) -> f64 {
    exp(DOSE_ACTIVATION_K / 473.15 - DOSE_ACTIVATION_K * per_kelvin)
}

/// Thermal dose gathered at [`dose_rate`], minutes at 200 °C per second (B8).
#[inline(always)]
pub(crate) fn dose_min_per_s(dose_rate: f64) -> f64 {
    dose_rate * (1.0 / 60.0)
}

/// Organic matter lost at [`dose_rate`], kg per kg initial dry and second, 0 or more (B8).
///
/// - `lost`: v, what is gone already, 0 to 0.25.
#[inline(always)]
pub(crate) fn organic_loss_per_s(dose_rate: f64, lost: f64) -> f64 {
    ORGANIC_LOSS_PER_MIN / 60.0 * larger(ORGANIC_LOSS_MAX - lost, 0.0) * dose_rate
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reaction_heat_has_the_published_values() {
        // B8 quotes 0.26, 1.04 and 1.67 kW/kg at 150, 200 and 220 °C with H = 0.
        for (temp_c, kw_kg) in [(150.0, 0.26), (200.0, 1.04), (220.0, 1.67)] {
            let got = reaction_heat_kw_kg(per_kelvin(temp_c), 0.0, 1.0);
            assert!((got - kw_kg).abs() < 0.006, "at {temp_c} °C");
        }
        assert!(reaction_heat_kw_kg(per_kelvin(220.0), REACTION_TOTAL_KJ_KG, 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_minute_at_200_is_a_minute_of_dose() {
        let [at_200, at_220] = [200.0, 220.0].map(|c| dose_min_per_s(dose_rate(per_kelvin(c))));
        assert!((at_200 * 60.0 - 1.0).abs() < 1e-12);
        assert!(at_220 > 2.0 * at_200);
    }
}

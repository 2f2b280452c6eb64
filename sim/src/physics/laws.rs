//! Laws that published work disagrees on, and the choice a lot makes between them (B6, B7, B8).

use serde::{Deserialize, Serialize};

use super::kinetics::{DRYING_ACTIVATION_K, DRYING_PER_S};
use crate::Lot;
use crate::lanes::plain;

/// Which published laws a lot follows; without the table, those of Schwartzberg.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Laws {
    /// How much heat beans take to warm (B6).
    pub heat_capacity: HeatCapacityLaw,
    /// How fast they dry (B7).
    pub drying: DryingLaw,
    /// k, drying per kg dry and second at 200 °C for X = 1, 1/s; for `drying = "arrhenius"`.
    pub drying_rate_per_s: f64,
    /// E, activation temperature of drying, K; for `drying = "arrhenius"`.
    pub drying_activation_k: f64,
    /// n, power of the moisture that drying goes with, 1 to 3; for `drying = "arrhenius"`.
    pub drying_order: f64,
    /// What heat their reactions give or take (B8).
    pub reaction: ReactionLaw,
    /// Heat that reactions take between 100 and 180 °C, kJ per kg dry; for `reaction = "endo-exo"`.
    pub reaction_endotherm_kj_kg: f64,
}

/// Laws of heat capacity (B6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum HeatCapacityLaw {
    /// 1.099 + 0.0070·T + 5.0·X kJ/K per kg initial dry (Schwartzberg 2002).
    #[default]
    Schwartzberg,
    /// 1.674 + 2.51·X/(1 + X) kJ/K per kg wet, which is 1.674 + 4.184·X per kg dry.
    WetBasis,
}

/// Laws of drying (B7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum DryingLaw {
    /// 4.32e9·X²/d²·exp(−9889/T), d the bean's diameter.
    #[default]
    Schwartzberg,
    /// k·Xⁿ·exp(−E·(1/T − 1/473.15)) with k, E, n of the lot, whatever its diameter.
    Arrhenius,
}

/// Laws of reaction heat (B8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ReactionLaw {
    /// Exothermic at all temperatures.
    #[default]
    Schwartzberg,
    /// Endothermic from 100 to 180 °C; what has been through that is exothermic.
    EndoExo,
}

impl Default for Laws {
    /// Schwartzberg's laws. The numbers of the others are, where there are none to take over, ours: drying as
    /// Schwartzberg's for a bean of 6.5 mm, and an endotherm of a quarter of the exotherm.
    fn default() -> Self {
        Self {
            heat_capacity: HeatCapacityLaw::default(),
            drying: DryingLaw::default(),
            drying_rate_per_s: 0.0856,
            drying_activation_k: 9889.0,
            drying_order: 2.0,
            reaction: ReactionLaw::default(),
            reaction_endotherm_kj_kg: 60.0,
        }
    }
}

impl Laws {
    /// Whether they are those of a file without the table.
    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// Heat capacity and enthalpy that grow with temperature and water: c = constant + per_c·T + water·X.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct HeatLaw {
    /// kJ/(kg·K) of dry beans at 0 °C.
    pub constant: f64,
    /// kJ/(kg·K²).
    pub per_c: f64,
    /// kJ/(kg water·K): what each kg of water adds, and what vapour carries out beside its latent heat.
    pub water: f64,
}

impl HeatLaw {
    /// The law that `lot` follows.
    pub(crate) fn of(lot: &Lot) -> Self {
        match lot.laws.heat_capacity {
            HeatCapacityLaw::Schwartzberg => Self { constant: 1.099, per_c: 0.0070, water: 5.0 },
            HeatCapacityLaw::WetBasis => Self { constant: 1.674, per_c: 0.0, water: 1.674 + 2.51 },
        }
    }

    /// Heat capacity, kJ per kg initial dry and K, at °C and kg water per kg initial dry.
    #[inline(always)]
    pub(crate) fn capacity_kj_kg_k(&self, temp_c: f64, moisture: f64) -> f64 {
        self.constant + self.per_c * temp_c + self.water * moisture
    }

    /// Enthalpy above 0 °C, kJ per kg initial dry: the integral of the heat capacity over temperature.
    #[inline(always)]
    pub(crate) fn enthalpy_kj_kg(&self, temp_c: f64, moisture: f64) -> f64 {
        temp_c * (self.constant + 0.5 * self.per_c * temp_c + self.water * moisture)
    }
}

/// Numbers of a drying law of the form −Ẋ = per_s·X^order·exp(−activation_k/T).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Drying {
    /// 1/s.
    pub per_s: f64,
    /// K.
    pub activation_k: f64,
    /// Power of X.
    pub order: f64,
}

impl Drying {
    /// The law that `lot` follows.
    pub(crate) fn of(lot: &Lot) -> Self {
        let laws = &lot.laws;
        match laws.drying {
            DryingLaw::Schwartzberg => Self {
                per_s: lot.drying_factor * DRYING_PER_S / (lot.bean_diameter_mm * lot.bean_diameter_mm),
                activation_k: DRYING_ACTIVATION_K,
                order: 2.0,
            },
            DryingLaw::Arrhenius => Self {
                per_s: lot.drying_factor
                    * laws.drying_rate_per_s
                    * trier_roast::math::exp(laws.drying_activation_k / 473.15),
                activation_k: laws.drying_activation_k,
                order: laws.drying_order,
            },
        }
    }
}

/// Share of the endotherm that is through once the core has been at `hottest_c`, 0 to 1, and its slope, 1/°C.
///
/// From 100 to 180 °C it rises as u³·(10 − 15·u + 6·u²), which starts and ends without a bend. Shape ours; the
/// range is that of endotherms seen in dehydrated coffee, up to the disputed exotherm (B8).
#[inline(always)]
pub(crate) fn endotherm(hottest_c: f64) -> (f64, f64) {
    const FROM_C: f64 = 100.0;
    const SPAN_C: f64 = 80.0;
    let u = plain::smaller(plain::larger((hottest_c - FROM_C) * (1.0 / SPAN_C), 0.0), 1.0);
    let rest = 1.0 - u;
    (u * u * u * (10.0 - 15.0 * u + 6.0 * u * u), 30.0 / SPAN_C * u * u * rest * rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lot(laws: Laws) -> Lot {
        let text = include_str!("../../../scenarios/beans/washed-highland.toml");
        Lot { laws, ..toml::from_str(text).expect("ships") }
    }

    #[test]
    fn heat_capacity_is_the_slope_of_enthalpy_and_water_its_slope_by_moisture() {
        let step = 1e-4;
        for heat_capacity in [HeatCapacityLaw::Schwartzberg, HeatCapacityLaw::WetBasis] {
            let law = HeatLaw::of(&lot(Laws { heat_capacity, ..Laws::default() }));
            for (c, x) in [(22.0, 0.12), (120.0, 0.08), (215.0, 0.02)] {
                let by_c = law.enthalpy_kj_kg(c + step, x) - law.enthalpy_kj_kg(c - step, x);
                let by_x = law.enthalpy_kj_kg(c, x + step) - law.enthalpy_kj_kg(c, x - step);
                assert!((by_c / (2.0 * step) - law.capacity_kj_kg_k(c, x)).abs() < 1e-7);
                assert!((by_x / (2.0 * step) - law.water * c).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn wet_basis_is_the_published_law_per_kg_wet() {
        let law = HeatLaw::of(&lot(Laws { heat_capacity: HeatCapacityLaw::WetBasis, ..Laws::default() }));
        for x in [0.0, 0.02, 0.125] {
            let per_wet = 1.674 + 2.51 * x / (1.0 + x);
            assert!((law.capacity_kj_kg_k(150.0, x) - (1.0 + x) * per_wet).abs() < 1e-12);
        }
    }

    #[test]
    fn arrhenius_as_it_comes_dries_as_the_published_law() {
        let [theirs, ours] = [DryingLaw::Schwartzberg, DryingLaw::Arrhenius]
            .map(|drying| Drying::of(&lot(Laws { drying, ..Laws::default() })));
        // The rate at 200 °C is stated with three digits.
        assert!((ours.per_s / theirs.per_s - 1.0).abs() < 1e-3, "{} and {}", ours.per_s, theirs.per_s);
        assert_eq!((ours.activation_k, ours.order), (theirs.activation_k, theirs.order));
    }

    #[test]
    fn the_endotherm_is_all_through_at_180_and_its_slope_is_its_slope() {
        assert_eq!((endotherm(99.0), endotherm(180.0)), ((0.0, 0.0), (1.0, 0.0)));
        for c in [110.0, 140.0, 171.0] {
            let slope = (endotherm(c + 1e-4).0 - endotherm(c - 1e-4).0) / 2e-4;
            assert!((slope - endotherm(c).1).abs() < 1e-9, "at {c} °C");
        }
    }
}

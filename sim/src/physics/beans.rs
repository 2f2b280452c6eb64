//! Green and roasting beans: the lot and its water. The laws it follows are in [`super::laws`].

use serde::{Deserialize, Serialize};

use super::laws::Laws;
use super::origin::{LotSpread, Process};

/// Heat that turns bound water into vapour, kJ/kg (λ in B6; Schwartzberg 2002).
///
/// The enthalpy difference between vapour and bound water at bean temperature.
pub(crate) const LATENT_KJ_KG: f64 = 2790.0;

/// Driest and wettest green coffee that is accepted, % of wet mass.
pub(crate) const MOISTURE_WET_PCT: (f64, f64) = (2.0, 20.0);

/// A lot of green coffee, as its file in `scenarios/beans/` says.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Lot {
    /// Version of the file's shape, `lot/1`.
    pub schema: String,
    /// Name used in scenarios and tables.
    pub id: String,
    /// One line about it.
    pub title: String,
    /// Water in the green beans, % of wet mass. 8 to 14 in trade; 2 to 20 accepted.
    pub moisture_wet_pct: f64,
    /// Diameter of the sphere of a bean's volume, mm. 4 to 9 accepted.
    pub bean_diameter_mm: f64,
    /// Mass of one green bean, g. 0.08 to 0.3 accepted.
    pub bean_mass_g: f64,
    /// Mean core temperature at which a bean cracks, °C. 170 to 230 accepted.
    pub first_crack_mean_c: f64,
    /// Standard deviation of it over beans, their place and size included, °C. 0.5 to 15 accepted.
    pub first_crack_sd_c: f64,
    /// How far above first crack the mean of second crack lies, °C. 10 to 50 accepted.
    pub second_crack_gap_c: f64,
    /// Share of a bean's remaining water that flashes off as it cracks, 0 to 0.5 (B9).
    pub flash_share: f64,
    /// Factor on the published drying rate, 0.1 to 3 (B7).
    pub drying_factor: f64,
    /// Factor on the published reaction heat, 0 to 2 (B8).
    pub reaction_factor: f64,
    /// What was done to it; a fact, used for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub process: Option<Process>,
    /// Bulk density of the green beans, g/L; a fact, used by `spread` alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub density_g_l: Option<f64>,
    /// Height of the farm, m; a fact, used by `spread` alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub altitude_m: Option<f64>,
    /// How lots of this kind differ; none without the table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spread: Option<LotSpread>,
    /// Which published laws it follows.
    #[serde(default, skip_serializing_if = "Laws::is_default")]
    pub laws: Laws,
}

impl Lot {
    /// Water in the green beans, kg per kg dry: X0 = w0/(1 − w0).
    #[must_use]
    pub fn moisture_dry(&self) -> f64 {
        let wet = self.moisture_wet_pct / 100.0;
        wet / (1.0 - wet)
    }
}

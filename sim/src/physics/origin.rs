//! Where a lot comes from, as facts, and how lots of one kind differ (B16).

use serde::{Deserialize, Serialize};

/// What was done to the cherries, or to the green beans.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Process {
    /// Fruit washed off before drying.
    Washed,
    /// Dried in the fruit.
    Natural,
    /// Dried with some of the fruit's mucilage on.
    Honey,
    /// Hulled wet, dried as green beans.
    WetHulled,
    /// Caffeine taken out of the green beans.
    Decaf,
}

/// Bulk density gained with height of the farm, g/L per m. The Kaffelogic profile generator's notes give
/// 640 + 0.11·(h − 850) g/L, quoting Kamal 2021; a weak source, and only its slope is used.
const DENSITY_PER_M: f64 = 0.11;

/// Differences between lots of one kind: drawn once for each seed and lot, the same in all batches.
///
/// Height moves density by 0.11 g/L per m, density moves the weight of a bean, and first crack where asked.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct LotSpread {
    /// Standard deviation of the farm's height, m.
    pub altitude_m: f64,
    /// Standard deviation of bulk density around what height makes of it, g/L.
    pub density_g_l: f64,
    /// Standard deviation of moisture, points of wet mass; B16 proposes 0.7.
    pub moisture_wet_pct: f64,
    /// Standard deviation of bean diameter, mm.
    pub bean_diameter_mm: f64,
    /// Standard deviation of the mean first-crack temperature beside what density makes of it, °C; B16 proposes 2.
    pub first_crack_c: f64,
    /// Standard deviation of the logarithm of the spread of first crack.
    pub first_crack_sd_share: f64,
    /// What denser beans add to their mean first-crack temperature, °C per g/L; 0 is nothing. The Kaffelogic
    /// notes say 3.8 °C for 80 g/L, which is 0.0475; weak.
    pub first_crack_c_per_g_l: f64,
}

/// Standard normal numbers of one lot, one for each thing that differs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LotDraws {
    pub altitude: f64,
    pub density: f64,
    pub moisture: f64,
    pub diameter: f64,
    pub first_crack: f64,
    pub first_crack_sd: f64,
}

/// How one lot differs from its file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct LotShift {
    pub altitude_m: f64,
    pub density_g_l: f64,
    pub moisture_wet_pct: f64,
    pub bean_diameter_mm: f64,
    pub first_crack_c: f64,
    /// Logarithm of the factor on the spread of first crack.
    pub first_crack_sd_log: f64,
}

impl LotSpread {
    /// What `draws` make of it.
    pub(crate) fn shift(&self, draws: LotDraws) -> LotShift {
        let altitude_m = self.altitude_m * draws.altitude;
        let density_g_l = DENSITY_PER_M * altitude_m + self.density_g_l * draws.density;
        LotShift {
            altitude_m,
            density_g_l,
            moisture_wet_pct: self.moisture_wet_pct * draws.moisture,
            bean_diameter_mm: self.bean_diameter_mm * draws.diameter,
            first_crack_c: self.first_crack_c_per_g_l * density_g_l + self.first_crack_c * draws.first_crack,
            first_crack_sd_log: self.first_crack_sd_share * draws.first_crack_sd,
        }
    }
}

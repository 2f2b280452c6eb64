//! How machines of one kind, days and batches differ, as a machine's file says (B16).

use serde::{Deserialize, Serialize};

/// Differences from batch to batch (B16).
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BatchSpread {
    /// Standard deviation of the logarithm of heat delivered.
    pub heat_share: f64,
    /// Standard deviation of the temperature of all metal at the start, °C.
    pub metal_c: f64,
    /// Standard deviation of charge mass, share.
    pub mass_share: f64,
    /// Standard deviation of room temperature, °C.
    pub ambient_c: f64,
    /// Standard deviation of green moisture, points of wet mass.
    pub moisture_wet_pct: f64,
    /// Standard deviation of the mean first-crack temperature, °C.
    pub first_crack_c: f64,
}

/// Differences from day to day: drawn once for each seed, machine and date.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct DaySpread {
    /// Standard deviation of the day's room temperature, °C.
    pub ambient_c: f64,
    /// Standard deviation of the logarithm of the gas's calorific value, or of mains power; B16 proposes 0.02.
    pub calorific_share: f64,
}

/// Differences from one machine of the kind to the next: drawn once for each seed and machine.
/// B16 proposes 0.05 for each share and 3 °C for placement.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct UnitSpread {
    /// Standard deviation of the logarithm of K_0, air to beans.
    pub air_to_beans_share: f64,
    /// Standard deviation of the logarithm of K_wb0, wall to beans.
    pub wall_to_beans_share: f64,
    /// Standard deviation of the logarithm of C_w, heat held by the wall.
    pub wall_heat_share: f64,
    /// Standard deviation of the logarithm of the bean probe's lag.
    pub bt_lag_share: f64,
    /// Standard deviation of the bean probe's placement error, °C.
    pub bt_bias_c: f64,
}

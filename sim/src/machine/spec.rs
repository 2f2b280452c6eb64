//! A machine as its file in `scenarios/machines/` says. Symbols are those of B13.

use serde::{Deserialize, Serialize};

/// One roaster: heater, air, bodies of metal, probes, and how it varies.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MachineSpec {
    /// Version of the file's shape, `machine/1`.
    pub schema: String,
    /// Name used in scenarios and tables.
    pub id: String,
    /// One line about it.
    pub title: String,
    /// Which family of machines it belongs to, such as `gas-drum`.
    pub family: String,
    /// The most green coffee it takes, kg.
    pub capacity_kg: f64,
    /// Charge mass the exchange factors were found at, m_ref, kg.
    pub reference_charge_kg: f64,
    /// The source of heat.
    pub heater: HeaterSpec,
    /// The air.
    pub air: AirSpec,
    /// Metal and what passes heat between its parts.
    pub bodies: BodySpec,
    /// Temperatures at the start of a recording.
    pub start: StartSpec,
    /// Where the beans cool after drop.
    #[serde(default)]
    pub tray: TraySpec,
    /// How finely it is simulated.
    #[serde(default)]
    pub steps: StepsSpec,
    /// Probes and how often they are read.
    pub probes: ProbesSpec,
    /// Fluctuations during a roast.
    pub noise: ProcessNoise,
    /// Differences from batch to batch.
    pub spread: BatchSpread,
}

/// The source of heat (B3).
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct HeaterSpec {
    /// P_max, rated power, W.
    pub power_w: f64,
    /// η, share of rated power that arrives, 0 to 1.
    pub efficiency: f64,
    /// n_P, exponent from the control's share to power; 1 is proportional.
    pub control_exponent: f64,
    /// τ_h, s.
    pub lag_s: f64,
    /// f_h, share of power that enters the air; the rest enters the wall.
    pub share_to_air: f64,
}

/// The air (B2, B3).
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AirSpec {
    /// G_nom, flow through the bed where φ is 1, kg/s at sea level and 20 °C.
    pub flow_kg_s: f64,
    /// φ at fan 0: share of nominal flow.
    pub flow_share_at_0_pct: f64,
    /// φ at fan 100 %: share of nominal flow.
    pub flow_share_at_100_pct: f64,
    /// The least φ that the machine lets the fan fall to, such as what keeps a bed fluid.
    #[serde(default)]
    pub flow_share_least: f64,
    /// r, share of outlet air led back to the burner, 0 to 0.95.
    pub recirculation: f64,
    /// K_0, air to beans at the reference charge and nominal flow, W/K.
    pub to_beans_w_k: f64,
    /// q, exponent of flow in air-to-bean exchange.
    pub flow_exponent: f64,
    /// K_idle, air to wall in the empty drum, W/K.
    pub to_empty_wall_w_k: f64,
}

/// Metal: capacities in J/K, conductances in W/K (B3, B5).
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BodySpec {
    /// C_h, plenum, J/K.
    pub plenum_j_k: f64,
    /// C_w, drum wall, J/K.
    pub wall_j_k: f64,
    /// C_f, structure, J/K.
    pub structure_j_k: f64,
    /// K_hw, plenum to wall, W/K.
    pub plenum_to_wall_w_k: f64,
    /// K_wb0, wall to beans at the reference charge and nominal speed, W/K.
    pub wall_to_beans_w_k: f64,
    /// K_wf, wall to structure, W/K.
    pub wall_to_structure_w_k: f64,
    /// K_wl, wall to room, W/K.
    pub wall_loss_w_k: f64,
    /// K_fl, structure to room, W/K.
    pub structure_loss_w_k: f64,
    /// τ_i, time for shell and core to meet, s.
    pub bean_core_lag_s: f64,
    /// t_fill, time for the charge to spread through the drum, s.
    pub fill_s: f64,
    /// Nominal drum speed, 1/min.
    pub drum_rpm: f64,
}

/// Temperatures of the empty machine at the start of a recording.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StartSpec {
    /// Plenum, °C.
    pub plenum_c: f64,
    /// Wall, °C.
    pub wall_c: f64,
    /// Structure, °C.
    pub structure_c: f64,
}

/// The cooling tray (B12).
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TraySpec {
    /// τ_c, time in which beans come to 1/e of their heat above the room, s; 45 to 90 for 15 kg and less.
    pub lag_s: f64,
}

impl Default for TraySpec {
    fn default() -> Self {
        Self { lag_s: 60.0 }
    }
}

/// How finely a machine is simulated (B17).
///
/// One part, without the table, is enough for slow probes; quick ones need more while beans bury them.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StepsSpec {
    /// Parts that each step of 0.25 s is cut into, for plant and probes, 1 to 32.
    pub parts: u32,
}

impl Default for StepsSpec {
    fn default() -> Self {
        Self { parts: 1 }
    }
}

/// The probes (B11).
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ProbesSpec {
    /// How often they are read, s; a multiple of 0.25.
    pub interval_s: f64,
    /// The bean probe.
    pub bt: BtProbeSpec,
    /// The environment probe, in the outlet air.
    pub et: ProbeSpec,
    /// The inlet probe, in the plenum.
    pub inlet: ProbeSpec,
    /// The drum probe.
    pub drum: ProbeSpec,
}

/// The bean probe.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BtProbeSpec {
    /// β, how much of the air it sees, 0 to 1.
    pub air_share: f64,
    /// Noise of the bean bed at the probe, standard deviation, °C.
    pub bed_noise_c: f64,
    /// How long that noise remembers, s.
    pub bed_noise_s: f64,
    /// τ, first-order lag, s.
    pub lag_s: f64,
    /// Constant error from placement, °C.
    #[serde(default)]
    pub bias_c: f64,
    /// White noise, standard deviation, °C.
    pub noise_c: f64,
    /// Smallest step shown, °C.
    pub step_c: f64,
}

impl BtProbeSpec {
    /// The part that every probe has.
    #[must_use]
    pub fn probe(&self) -> ProbeSpec {
        let Self { lag_s, bias_c, noise_c, step_c, .. } = *self;
        ProbeSpec { lag_s, stray_share: 0.0, bias_c, noise_c, step_c }
    }
}

/// What every probe has.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ProbeSpec {
    /// τ, first-order lag, s.
    pub lag_s: f64,
    /// Share of room air or of another body it sees beside its target, 0 to 1.
    #[serde(default)]
    pub stray_share: f64,
    /// Constant error, °C.
    #[serde(default)]
    pub bias_c: f64,
    /// White noise, standard deviation, °C.
    pub noise_c: f64,
    /// Smallest step shown, °C.
    pub step_c: f64,
}

/// Fluctuations during a roast, as Ornstein–Uhlenbeck processes (B16).
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ProcessNoise {
    /// Burner power, standard deviation, share of power.
    pub burner_share: f64,
    /// How long the burner remembers, s.
    pub burner_s: f64,
    /// Air flow, standard deviation, share of flow.
    pub air_share: f64,
    /// How long the air remembers, s.
    pub air_s: f64,
}

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

//! A machine as its file in `scenarios/machines/` says. Symbols are those of B13.

use serde::{Deserialize, Serialize};

use super::instruments::{MicrophoneSpec, ProbesSpec};
use super::spread::{BatchSpread, DaySpread, UnitSpread};

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
    /// The door, and the room air it lets in.
    #[serde(default, skip_serializing_if = "DoorSpec::is_default")]
    pub door: DoorSpec,
    /// Temperatures at the start of a recording.
    pub start: StartSpec,
    /// Where the beans cool after drop.
    #[serde(default)]
    pub tray: TraySpec,
    /// Whether a switch in the door tells charge and drop as they happen; else a hand marks them, late.
    #[serde(default = "has_one")]
    pub door_switch: bool,
    /// Probes and how often they are read.
    pub probes: ProbesSpec,
    /// The microphone that listens for cracks; none without the table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub microphone: Option<MicrophoneSpec>,
    /// Fluctuations during a roast.
    pub noise: ProcessNoise,
    /// Differences from batch to batch.
    pub spread: BatchSpread,
    /// Differences from day to day, the same for all batches of one; none without the table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day_spread: Option<DaySpread>,
    /// Differences from one machine of the kind to the next; none without the table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_spread: Option<UnitSpread>,
}

impl MachineSpec {
    /// Makes the machine `factor` times as large: mass, power, flow, capacities and conductances together, which
    /// changes no curve of a charge that grows with them (B18).
    pub fn enlarge(&mut self, factor: f64) {
        let (air, bodies) = (&mut self.air, &mut self.bodies);
        for number in [
            &mut self.capacity_kg,
            &mut self.reference_charge_kg,
            &mut self.heater.power_w,
            &mut air.flow_kg_s,
            &mut air.to_beans_w_k,
            &mut air.to_empty_wall_w_k,
            &mut bodies.plenum_j_k,
            &mut bodies.wall_j_k,
            &mut bodies.structure_j_k,
            &mut bodies.plenum_to_wall_w_k,
            &mut bodies.wall_to_beans_w_k,
            &mut bodies.wall_to_structure_w_k,
            &mut bodies.wall_loss_w_k,
            &mut bodies.structure_loss_w_k,
            &mut bodies.radiant_w_k4,
            &mut self.door.air_kg_s,
        ] {
            *number *= factor;
        }
    }
}

fn has_one() -> bool {
    true
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
    /// Exponent from drum speed, as a share of nominal, to wall-to-bean conductance (B5; ours).
    #[serde(default = "speed_exponent", skip_serializing_if = "is_speed_exponent")]
    pub speed_exponent: f64,
    /// ε·σ·A, radiation from wall to beans beside K_wb0, W/K⁴; for drums that heat by it (B5).
    #[serde(default, skip_serializing_if = "is_none")]
    pub radiant_w_k4: f64,
}

fn speed_exponent() -> f64 {
    0.3
}

#[allow(clippy::trivially_copy_pass_by_ref)] // What serde asks for.
fn is_speed_exponent(value: &f64) -> bool {
    value.to_bits() == speed_exponent().to_bits()
}

#[allow(clippy::trivially_copy_pass_by_ref)] // What serde asks for.
fn is_none(value: &f64) -> bool {
    *value == 0.0
}

/// The door (B12): room air drawn in through it meets the air of the plenum before the beans do. Without the
/// table, none.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DoorSpec {
    /// Room air drawn in while it stands open, kg/s.
    pub air_kg_s: f64,
    /// How long it stands open after charge, and after drop, s.
    pub open_s: f64,
}

impl DoorSpec {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
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

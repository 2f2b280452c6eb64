//! Physics: pure functions of numbers. No state, no noise, no time of day.

mod air;
mod beans;
mod colour;
mod crack;
mod kinetics;
mod laws;
mod origin;
mod volume;

pub(crate) use air::{AIR_J_KG_K, Exchange, air_flow_kg_s, exchange, pressure_pa};
pub(crate) use beans::{LATENT_KJ_KG, MOISTURE_WET_PCT};
pub(crate) use colour::Colour;
pub(crate) use crack::cracked;
pub(crate) use kinetics::{
    arrhenius, dose_min_per_s, dose_rate, organic_loss_per_s, per_kelvin, reaction_heat_kw_kg,
};
pub(crate) use laws::{Drying, HeatLaw, endotherm};
pub(crate) use origin::LotDraws;
pub(crate) use volume::bean_volume_mm3;

pub use beans::Lot;
pub use laws::{DryingLaw, HeatCapacityLaw, Laws, ReactionLaw};
pub use origin::{LotSpread, Process};

/// Share of the bean mass in the shell node; the rest is core (B6).
pub(crate) const SHELL_SHARE: f64 = 0.4;
/// Share of the bean mass in the core node (B6).
pub(crate) const CORE_SHARE: f64 = 1.0 - SHELL_SHARE;

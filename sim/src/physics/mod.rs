//! Physics: pure functions of numbers. No state, no noise, no time of day.

mod air;
mod beans;
mod colour;
mod crack;
mod kinetics;
mod volume;

pub(crate) use air::{AIR_J_KG_K, Exchange, air_flow_kg_s, exchange, pressure_pa};
pub(crate) use beans::{
    LATENT_KJ_KG, MOISTURE_WET_PCT, WATER_KJ_KG_K, enthalpy_kj_kg, heat_capacity_kj_kg_k,
};
pub(crate) use colour::Colour;
pub(crate) use crack::{cracked, cracked_per_c};
pub(crate) use kinetics::{dose_min_per_s, drying_per_s, organic_loss_per_s, reaction_heat_kw_kg};
pub(crate) use volume::bean_volume_mm3;

pub use beans::Lot;

/// Share of the bean mass in the shell node; the rest is core (B6).
pub(crate) const SHELL_SHARE: f64 = 0.4;
/// Share of the bean mass in the core node (B6).
pub(crate) const CORE_SHARE: f64 = 1.0 - SHELL_SHARE;

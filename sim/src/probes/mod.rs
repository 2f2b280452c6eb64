//! Probes: what a thermocouple shows, which is never what is. They feed nothing back.

mod chain;
mod noise;
mod set;

pub(crate) use noise::Wander;
pub(crate) use set::ProbeSet;

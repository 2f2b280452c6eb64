//! Probes: what a thermocouple shows, which is never what is. They feed nothing back.

mod chain;
mod microphone;
mod noise;
mod sampling;
mod set;

pub(crate) use noise::Wander;
pub(crate) use sampling::Due;
pub(crate) use set::{ProbeSet, bt_touches_c};

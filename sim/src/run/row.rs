//! One row of truth.

use std::sync::Arc;

use crate::TruthRow;
use crate::machine::{Load, State, StepClosure, expansion, mean_bean_c};
use crate::physics::lightness;

use super::watch::COLOUR_CHANGE_C;

/// What is the same in every row of a batch.
#[derive(Clone, Debug)]
pub(super) struct Names {
    pub source: Arc<str>,
    pub machine: Arc<str>,
}

/// The machine at one instant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Instant<'a> {
    pub t_us: i64,
    pub since_charge_s: f64,
    pub state: &'a State,
    pub outlet_c: f64,
    pub books: StepClosure,
}

/// The beans at that instant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Beans<'a> {
    pub load: &'a Load<'a>,
    pub cracked: (f64, f64),
    pub pops: u32,
    pub dose_since_colour_min: f64,
}

pub(super) fn truth_row(names: &Names, now: Instant<'_>, beans: Option<Beans<'_>>) -> TruthRow {
    let state = now.state;
    let with = |value: f64| beans.map(|_| value);
    TruthRow {
        source: Arc::clone(&names.source),
        machine: Arc::clone(&names.machine),
        t_us: now.t_us,
        since_charge_s: now.since_charge_s,
        heater_w: state.heater_w,
        plenum_c: state.plenum_c,
        outlet_c: now.outlet_c,
        wall_c: state.wall_c,
        structure_c: state.structure_c,
        bean_shell_c: with(state.shell_c),
        bean_core_c: with(state.core_c),
        bean_mean_c: with(mean_bean_c(state)),
        moisture: with(state.moisture),
        organic_loss: with(state.organic_loss),
        reaction_kj_kg: with(state.reaction_kj_kg),
        dose_min: with(state.dose_min),
        cracked: beans.map(|b| b.cracked.0),
        second_cracked: beans.map(|b| b.cracked.1),
        pops: beans.map(|b| f64::from(b.pops)),
        lightness: beans.map(|b| lightness_of(state, b.load, b.dose_since_colour_min)),
        expansion: beans.map(|b| expansion(state, b.load)),
        weight_loss_pct: beans.map(|b| weight_loss_pct(state, b.load)),
        energy_residual: now.books.energy,
        mass_residual: now.books.mass,
    }
}

/// Lightness L* of beans that have gathered a dose since they turned yellow.
pub(super) fn lightness_of(state: &State, load: &Load<'_>, dose_since_colour_min: f64) -> f64 {
    lightness(yellowing(state, load), dose_since_colour_min)
}

/// How far the shells have come from green to yellow, 0 to 1.
fn yellowing(state: &State, load: &Load<'_>) -> f64 {
    (state.shell_c - load.green_c) / (COLOUR_CHANGE_C - load.green_c)
}

/// Mass lost since green, %: WL = 1 − (1 − v + X)/(1 + X0) (B8).
pub(super) fn weight_loss_pct(state: &State, load: &Load<'_>) -> f64 {
    100.0 * (1.0 - load.dry_kg * (1.0 - state.organic_loss + state.moisture) / load.green_kg)
}

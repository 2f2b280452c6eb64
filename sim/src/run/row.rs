//! One row of truth.

use std::sync::Arc;

use crate::TruthRow;
use crate::machine::{Load, State, StepClosure, expansion, mean_bean_c};
use crate::physics::{Colour, bean_volume_mm3};

use super::watch::COLOUR_CHANGE_C;

/// What is the same in every row of a batch.
#[derive(Clone, Debug)]
pub(super) struct Names {
    source: Arc<str>,
    machine: Arc<str>,
    drum: Arc<str>,
    tray: Arc<str>,
}

impl Names {
    pub(super) fn new(source: &str, machine: &str) -> Self {
        Self { source: source.into(), machine: machine.into(), drum: "drum".into(), tray: "tray".into() }
    }
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

/// The beans at that instant, in the drum or in the tray.
#[derive(Clone, Copy, Debug)]
pub(super) struct Beans<'a> {
    pub load: &'a Load<'a>,
    pub state: &'a State,
    pub in_drum: bool,
    /// Shares past first and second crack.
    pub cracked: (f64, f64),
    /// Share past first crack at the row before.
    pub cracked_before: f64,
    /// Time since the row before, s.
    pub row_s: f64,
    /// Pops heard since the row before.
    pub pops: u32,
    pub dose_since_colour_min: f64,
}

pub(super) fn truth_row(names: &Names, now: Instant<'_>, beans: Option<Beans<'_>>) -> TruthRow {
    let state = now.state;
    let of = |value: fn(&Beans<'_>) -> f64| beans.as_ref().map(value);
    let colour = beans.as_ref().map(Beans::colour);
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
        beans_in: beans.map(|b| Arc::clone(if b.in_drum { &names.drum } else { &names.tray })),
        bean_shell_c: of(|b| b.state.shell_c),
        bean_core_c: of(|b| b.state.core_c),
        bean_mean_c: of(|b| mean_bean_c(b.state)),
        moisture: of(|b| b.state.moisture),
        organic_loss: of(|b| b.state.organic_loss),
        reaction_kj_kg: of(|b| b.state.reaction_kj_kg),
        dose_min: of(|b| b.state.dose_min),
        cracked: of(|b| b.cracked.0),
        second_cracked: of(|b| b.cracked.1),
        pops: of(|b| f64::from(b.pops)),
        beans_popped: of(|b| (b.count() * b.cracked.0).floor() - (b.count() * b.cracked_before).floor()),
        beans_popping_per_s: of(|b| b.count() * (b.cracked.0 - b.cracked_before) / b.row_s),
        lightness: colour.map(|c| c.lightness),
        redness: colour.map(|c| c.redness),
        yellowness: colour.map(|c| c.yellowness),
        agtron: colour.and_then(|c| c.agtron),
        expansion: of(|b| expansion(b.state, b.load)),
        bean_volume_mm3: of(|b| b.volume_mm3()),
        bean_density_g_cm3: of(|b| b.density_g_cm3()),
        weight_loss_pct: of(|b| weight_loss_pct(b.state, b.load)),
        energy_residual: now.books.energy,
        mass_residual: now.books.mass,
    }
}

impl Beans<'_> {
    /// How many there are.
    fn count(&self) -> f64 {
        self.load.green_kg * 1e3 / self.load.lot.bean_mass_g
    }

    fn colour(&self) -> Colour {
        Colour::of(yellowing(self.state, self.load), self.dose_since_colour_min)
    }

    fn volume_mm3(&self) -> f64 {
        bean_volume_mm3(self.load.lot.bean_diameter_mm, expansion(self.state, self.load))
    }

    fn density_g_cm3(&self) -> f64 {
        let left = 1.0 - weight_loss_pct(self.state, self.load) / 100.0;
        1e3 * self.load.lot.bean_mass_g * left / self.volume_mm3()
    }
}

/// Lightness L* of beans that have gathered a dose since they turned yellow.
pub(super) fn lightness_of(state: &State, load: &Load<'_>, dose_since_colour_min: f64) -> f64 {
    Colour::of(yellowing(state, load), dose_since_colour_min).lightness
}

/// How far the shells have come from green to yellow, 0 to 1.
fn yellowing(state: &State, load: &Load<'_>) -> f64 {
    (state.shell_c - load.green_c) / (COLOUR_CHANGE_C - load.green_c)
}

/// Mass lost since green, %: WL = 1 − (1 − v + X)/(1 + X0) (B8).
pub(super) fn weight_loss_pct(state: &State, load: &Load<'_>) -> f64 {
    100.0 * (1.0 - load.dry_kg * (1.0 - state.organic_loss + state.moisture) / load.green_kg)
}

//! The books: heat and mass, checked at every step, in release builds too.
//!
//! B18 in `docs/physics.md`.

use super::{Load, Plant, State, plant::bean_heat_j};

/// How far the books may be open at any step: energy as a share of throughput.
pub(crate) const ENERGY_LIMIT: f64 = 1e-9;
/// How far the books may be open at any step: mass as a share of green mass.
pub(crate) const MASS_LIMIT: f64 = 1e-12;

/// Before this share of the heat stored at the start has crossed the boundary, the books are
/// compared with it instead: a share of nothing has no meaning.
const THROUGHPUT_FLOOR_SHARE: f64 = 1e-3;

/// What the books showed after a step.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Closure {
    /// Energy that appeared from nowhere, as a share of all heat that has crossed the
    /// boundary since the recording began, inward or outward.
    pub energy: f64,
    /// Mass that appeared from nowhere, as a share of green mass.
    pub mass: f64,
}

/// Running books of one batch.
#[derive(Clone, Debug)]
pub(crate) struct Books {
    /// Stored heat at the start, plus what came in with beans, less what left with them, J.
    carried_j: f64,
    /// The least throughput that residuals are compared with, J.
    floor_j: f64,
}

impl Books {
    /// Opens the books on an empty machine.
    pub(crate) fn open(plant: &Plant<'_>, state: &State) -> Self {
        let carried_j = plant.stored_j(state, None);
        Self { carried_j, floor_j: (THROUGHPUT_FLOOR_SHARE * carried_j.abs()).max(1.0) }
    }

    /// Notes the heat that beans bring at charge.
    pub(crate) fn charge(&mut self, state: &State, load: &Load<'_>) {
        self.carried_j += bean_heat_j(state, load);
    }

    /// Notes the heat that beans take along at drop.
    pub(crate) fn drop(&mut self, state: &State, load: &Load<'_>) {
        self.carried_j -= bean_heat_j(state, load);
    }

    /// Balances heat and mass at `state`.
    pub(crate) fn balance(&self, plant: &Plant<'_>, state: &State, load: Option<&Load<'_>>) -> Closure {
        let gained = state.heat_in_j + state.reaction_j - state.exhaust_j - state.loss_j - state.vapour_j;
        let open_j = plant.stored_j(state, load) - self.carried_j - gained;
        let crossed_j = state.heat_in_j
            + state.reaction_j.abs()
            + state.exhaust_j.abs()
            + state.loss_j.abs()
            + state.vapour_j;
        let throughput_j = crossed_j.max(self.floor_j);
        let mass = load.map_or(0.0, |load| {
            let now_kg = load.dry_kg * (1.0 - state.organic_loss + state.moisture);
            let gone_kg = load.dry_kg * (state.gassed + state.evaporated + state.flashed);
            (now_kg + gone_kg - load.green_kg) / load.green_kg
        });
        Closure { energy: open_j / throughput_j, mass }
    }
}

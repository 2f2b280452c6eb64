//! Scenarios: a machine, a lot, a recipe and a charge, read from files and checked
//! before anything runs.

pub(crate) mod check;
pub(crate) mod load;
mod parts;
mod resolved;
#[cfg(feature = "schema")]
pub(crate) mod schema;

use std::path::Path;

use serde::{Deserialize, Serialize};
use trier_roast::EventTime;

use crate::{Lot, MachineSpec, Operator, Recipe, ScenarioError};

pub use resolved::ResolvedScenario;

/// Everything that a run needs, resolved and checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// Name used in tables.
    pub id: String,
    /// One line about it.
    pub title: String,
    /// The machine, overrides applied.
    pub machine: MachineSpec,
    /// The coffee, overrides applied.
    pub lot: Lot,
    /// The recipe, overrides applied.
    pub recipe: Recipe,
    /// What goes in.
    pub charge: Charge,
    /// The room.
    pub room: Room,
    /// What is recorded.
    pub recording: Recording,
    /// Who marks.
    pub operator: Operator,
    /// How many earlier roasts the machine is known by.
    pub history_roasts: u32,
    /// What those were, where they were not like the asked one. Same machine, by id.
    pub earlier: Option<Box<Scenario>>,
    /// When the asked roast is charged.
    pub start: EventTime,
}

/// What goes into the drum.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Charge {
    /// Green coffee, kg.
    pub mass_kg: f64,
    /// Its temperature, °C.
    #[serde(default = "room_temperature")]
    pub bean_temp_c: f64,
}

fn room_temperature() -> f64 {
    22.0
}

/// The room the machine stands in.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Room {
    /// Air temperature, °C.
    pub ambient_c: f64,
    /// Height above the sea, m.
    pub altitude_m: f64,
}

impl Default for Room {
    fn default() -> Self {
        Self { ambient_c: room_temperature(), altitude_m: 0.0 }
    }
}

/// How much is recorded around a roast.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Recording {
    /// Before charge, s.
    pub lead_in_s: f64,
    /// After drop, s.
    pub cooling_s: f64,
    /// When a roast that does not reach its drop is given up, s since charge.
    pub timeout_s: f64,
}

impl Default for Recording {
    fn default() -> Self {
        Self { lead_in_s: 60.0, cooling_s: 90.0, timeout_s: 1800.0 }
    }
}

impl Scenario {
    /// Reads and checks the scenario at `path`, with the machine, lot and recipe it names.
    ///
    /// Those are found in `machines/`, `beans/` and `recipes/` of the nearest folder at
    /// or above the scenario that has all three.
    ///
    /// # Errors
    /// Any [`ScenarioError`].
    pub fn load(path: &Path) -> Result<Self, ScenarioError> {
        load::load(path).map(|(scenario, _)| scenario)
    }

    /// BT at which the recipe drops, °C, if it drops by BT.
    #[must_use]
    pub fn drop_target_bt_c(&self) -> Option<f64> {
        self.recipe.drop.bt_c
    }

    /// The scenario that batch `batch` follows: the asked one's own, or what came earlier.
    #[must_use]
    pub(crate) fn of_batch(&self, batch: u32) -> &Self {
        if batch < self.history_roasts { self.earlier.as_deref().unwrap_or(self) } else { self }
    }

    /// When batch `batch` is charged: earlier ones a fixed time apart before [`Self::start`].
    #[must_use]
    pub(crate) fn charged_at(&self, batch: u32) -> EventTime {
        /// Time to clean up between batches, s.
        const PAUSE_S: f64 = 300.0;
        let length_s = |s: &Self| s.recording.lead_in_s + s.recording.timeout_s + s.recording.cooling_s;
        let longest_s = self.earlier.as_deref().map_or(0.0, length_s).max(length_s(self));
        let apart_s = (longest_s + PAUSE_S).ceil();
        self.start.plus_s(-apart_s * f64::from(self.history_roasts.saturating_sub(batch)))
    }
}

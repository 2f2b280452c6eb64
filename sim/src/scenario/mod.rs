//! Scenarios: a machine, a lot, a recipe and a charge, read from files and checked
//! before anything runs.

pub(crate) mod check;
pub(crate) mod follow;
pub(crate) mod instruments;
pub(crate) mod load;
mod parts;
mod quiet;
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
    /// The day that the asked roast ends, if it comes after others back to back.
    pub day: Option<RoastingDay>,
    /// Who marks.
    pub operator: Operator,
    /// How many earlier roasts the machine is known by.
    pub history_roasts: u32,
    /// What those were, where they were not like the asked one. Same machine, by id.
    pub earlier: Option<Box<Scenario>>,
    /// When the asked roast is charged; with a day, when its first is, or may be at the earliest.
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

/// Roasts back to back on a machine that keeps its heat (B12).
///
/// Metal, probes and their noise go on from one to the next; the room is drawn once.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct RoastingDay {
    /// How many roasts; the last is the asked one, those before it count among the earlier roasts.
    pub roasts: u32,
    /// How long the empty machine is heated from room temperature before the first charge, s; with 0 the day
    /// starts from the machine's `[start]`.
    pub preheat_s: f64,
    /// Heat control until the recipe's own lead-in, %.
    pub preheat_gas_pct: f64,
    /// Air control until the recipe's own lead-in, %.
    pub preheat_air_pct: f64,
    /// From drop to the next charge, at least, s; the controls between are the recipe's `after_drop`.
    pub pause_s: f64,
    /// Shown BT of the empty drum to wait for with a charge, °C, from above or below; not waited for when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charge_bt_c: Option<f64>,
    /// From drop to the next charge, at most, s, whatever BT shows. The first charge waits as long past its time.
    pub pause_s_max: f64,
}

impl Default for RoastingDay {
    fn default() -> Self {
        Self {
            roasts: 1,
            preheat_s: 0.0,
            preheat_gas_pct: 40.0,
            preheat_air_pct: 50.0,
            pause_s: 150.0,
            charge_bt_c: None,
            pause_s_max: 900.0,
        }
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
        if batch < self.first_of_day() { self.earlier.as_deref().unwrap_or(self) } else { self }
    }

    /// The first batch that shares the asked one's day: the asked one itself where it has none.
    #[must_use]
    pub(crate) fn first_of_day(&self) -> u32 {
        let before = self.day.as_ref().map_or(0, |day| day.roasts.saturating_sub(1));
        self.history_roasts.saturating_sub(before)
    }

    /// When batch `batch` is charged: [`Self::start`] for the first of the day, earlier ones a fixed time apart
    /// before it. Later ones of the day follow when they are ready.
    #[must_use]
    pub(crate) fn charged_at(&self, batch: u32) -> EventTime {
        /// Time to clean up between batches, s.
        const PAUSE_S: f64 = 300.0;
        let length_s = |s: &Self| s.recording.lead_in_s + s.recording.timeout_s + s.recording.cooling_s;
        let longest_s = self.earlier.as_deref().map_or(0.0, length_s).max(length_s(self));
        let apart_s = (longest_s + PAUSE_S).ceil();
        let before = self.first_of_day().saturating_sub(batch);
        if before == 0 {
            return self.start;
        }
        let preheat_s = self.day.as_ref().map_or(0.0, |day| day.preheat_s.ceil());
        self.start.plus_s(-apart_s * f64::from(before) - preheat_s)
    }
}

//! A scenario as it will be run, written out: for people and programs to look at, not to run.

use std::path::Path;

use serde::Serialize;

use super::load::{self, History};
use super::{Charge, Recording, RoastingDay, Room, Scenario};
use crate::{Lot, MachineSpec, Operator, Recipe, ScenarioError};

/// A scenario with every default said and with the machine, lot and recipe in it, overrides applied.
///
/// Its shape is not that of a scenario file: `schema` says so, and `sim run` refuses it by that.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ResolvedScenario {
    schema: &'static str,
    id: String,
    title: String,
    start: String,
    charge: Charge,
    room: Room,
    recording: Recording,
    #[serde(skip_serializing_if = "Option::is_none")]
    day: Option<RoastingDay>,
    operator: Operator,
    history: History,
    machine: MachineSpec,
    beans: Lot,
    recipe: Recipe,
}

impl ResolvedScenario {
    /// Reads and checks the scenario at `path`, all that it names included.
    ///
    /// # Errors
    /// As [`Scenario::load`].
    pub fn load(path: &Path) -> Result<Self, ScenarioError> {
        let (scenario, history) = load::load(path)?;
        let Scenario {
            id, title, machine, lot, recipe, charge, room, recording, day, operator, start, ..
        } = scenario;
        let (schema, start, beans) = ("scenario-printout/1", trier_wire::iso_ms(start), lot);
        Ok(Self {
            schema,
            id,
            title,
            start,
            charge,
            room,
            recording,
            day,
            operator,
            history,
            machine,
            beans,
            recipe,
        })
    }
}

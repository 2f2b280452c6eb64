//! Machines, lots and recipes by themselves: the files that scenarios name.

use std::path::Path;

use super::{check, load};
use crate::{Lot, MachineSpec, Recipe, ScenarioError};

impl MachineSpec {
    /// Reads and checks the machine at `path`, as a scenario that names it would.
    ///
    /// # Errors
    /// A [`ScenarioError`] about that file.
    pub fn load(path: &Path) -> Result<Self, ScenarioError> {
        load::part(path, "machine", check::machine).map(|(machine, _)| machine)
    }
}

impl Lot {
    /// Reads and checks the lot at `path`, as a scenario that names it would.
    ///
    /// # Errors
    /// A [`ScenarioError`] about that file.
    pub fn load(path: &Path) -> Result<Self, ScenarioError> {
        load::part(path, "beans", check::lot).map(|(lot, _)| lot)
    }
}

impl Recipe {
    /// Reads and checks the recipe at `path`, as a scenario that names it would.
    ///
    /// # Errors
    /// A [`ScenarioError`] about that file.
    pub fn load(path: &Path) -> Result<Self, ScenarioError> {
        load::part(path, "recipe", check::recipe).map(|(recipe, _): (Self, _)| recipe.said_in_full())
    }
}

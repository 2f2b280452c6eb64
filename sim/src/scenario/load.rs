//! From files to a [`Scenario`]: find, read, override, check.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use trier_roast::EventTime;

use super::{Charge, Recording, Room, Scenario, check};
use crate::{Lot, MachineSpec, Operator, Recipe, ScenarioError};

/// A scenario file as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: String,
    id: String,
    title: String,
    machine: String,
    beans: String,
    recipe: String,
    start: Option<String>,
    charge: Charge,
    #[serde(default)]
    room: Room,
    #[serde(default)]
    recording: Recording,
    #[serde(default)]
    operator: Operator,
    #[serde(default)]
    history: History,
    #[serde(default)]
    machine_overrides: toml::Table,
    #[serde(default)]
    beans_overrides: toml::Table,
    #[serde(default)]
    recipe_overrides: toml::Table,
}

/// The earlier roasts by which the machine is known.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct History {
    /// How many.
    roasts: u32,
    /// Whether `machine_overrides` held then too; if not, the machine changed since.
    overridden: bool,
}

impl Default for History {
    fn default() -> Self {
        Self { roasts: 5, overridden: true }
    }
}

/// 2026-01-05T09:00:00Z, in force where a scenario names no start.
const DEFAULT_START: EventTime = EventTime::from_us(1_767_603_600_000_000);

/// The most earlier roasts that a scenario may ask for.
const HISTORY_MAX: u32 = 200;

pub(super) fn load(path: &Path) -> Result<Scenario, ScenarioError> {
    let text = read(path)?;
    let file: File = parse(path, &text)?;
    check::schema(path, "scenario", &file.schema, "scenario/1")?;
    let library = Library::above(path)?;

    let (machine_path, machine): (_, MachineSpec) =
        library.named("machine", &file.machine, "machine_overrides", &file.machine_overrides)?;
    let (_, plain_machine): (_, MachineSpec) =
        library.named("machine", &file.machine, "machine_overrides", &toml::Table::new())?;
    let (lot_path, lot): (_, Lot) =
        library.named("beans", &file.beans, "beans_overrides", &file.beans_overrides)?;
    let (recipe_path, recipe): (_, Recipe) =
        library.named("recipe", &file.recipe, "recipe_overrides", &file.recipe_overrides)?;
    check::machine(&machine_path, &machine)?;
    check::lot(&lot_path, &lot)?;
    check::recipe(&recipe_path, &recipe)?;
    check::range(
        path,
        "history.roasts",
        f64::from(file.history.roasts),
        0.0,
        f64::from(HISTORY_MAX),
        "roasts",
    )?;

    let start = match &file.start {
        None => DEFAULT_START,
        Some(text) => trier_wire::parse_ts(text)
            .map_err(|_| ScenarioError::BadStart { path: path.into(), got: text.clone() })?,
    };
    let earlier_machine = if file.history.overridden { machine.clone() } else { plain_machine };
    let scenario = Scenario {
        id: file.id,
        title: file.title,
        machine,
        earlier_machine,
        lot,
        recipe,
        charge: file.charge,
        room: file.room,
        recording: file.recording,
        operator: file.operator,
        history_roasts: file.history.roasts,
        start,
    };
    check::scenario(path, &scenario)?;
    Ok(scenario)
}

fn read(path: &Path) -> Result<String, ScenarioError> {
    std::fs::read_to_string(path).map_err(|source| ScenarioError::Read { path: path.into(), source })
}

fn parse<T: DeserializeOwned>(path: &Path, text: &str) -> Result<T, ScenarioError> {
    toml::from_str(text)
        .map_err(|source| ScenarioError::Parse { path: path.into(), source: Box::new(source) })
}

/// The folder that holds machines, beans and recipes, and the scenario asking.
struct Library<'a> {
    scenario: &'a Path,
    root: PathBuf,
}

impl<'a> Library<'a> {
    fn above(scenario: &'a Path) -> Result<Self, ScenarioError> {
        let missing = || ScenarioError::NoLibrary { path: scenario.into() };
        let full = std::path::absolute(scenario).map_err(|_| missing())?;
        let holds_all =
            |folder: &&Path| ["machines", "beans", "recipes"].iter().all(|name| folder.join(name).is_dir());
        // Messages should show the path as the user wrote it, so climb that one first.
        let near = scenario.ancestors().skip(1).filter(|p| !p.as_os_str().is_empty()).find(holds_all);
        let root = near.or_else(|| full.ancestors().skip(1).find(holds_all)).ok_or_else(missing)?;
        Ok(Self { scenario, root: root.into() })
    }

    /// The file of `key` named `name`, read with `overrides` applied.
    fn named<T: DeserializeOwned>(
        &self,
        key: &'static str,
        name: &str,
        table: &'static str,
        overrides: &toml::Table,
    ) -> Result<(PathBuf, T), ScenarioError> {
        let folder = self.root.join(if key == "beans" { "beans".to_owned() } else { format!("{key}s") });
        let path = folder.join(format!("{name}.toml"));
        let plain_name = !name.is_empty() && !name.contains(['/', '\\', '.']);
        if !plain_name || !path.is_file() {
            let (scenario, name) = (self.scenario.into(), name.to_owned());
            return Err(ScenarioError::Unknown {
                path: scenario,
                key,
                name,
                looked: path,
                known: known(&folder),
            });
        }
        let text = read(&path)?;
        let plain = parse(&path, &text)?;
        if overrides.is_empty() {
            return Ok((path, plain));
        }
        let mut merged: toml::Table = parse(&path, &text)?;
        merge(&mut merged, overrides);
        let value = toml::Value::Table(merged).try_into().map_err(|source| ScenarioError::Override {
            path: self.scenario.into(),
            table,
            target: path.clone(),
            source: Box::new(source),
        })?;
        Ok((path, value))
    }
}

/// Names of the TOML files in `folder`, sorted and joined.
fn known(folder: &Path) -> String {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_suffix(".toml").map(str::to_owned))
        .collect();
    names.sort();
    names.join(", ")
}

/// Lays `over` on top of `base`: tables merge, anything else replaces.
fn merge(base: &mut toml::Table, over: &toml::Table) {
    for (key, value) in over {
        match (base.get_mut(key), value) {
            (Some(toml::Value::Table(below)), toml::Value::Table(above)) => merge(below, above),
            _ => {
                base.insert(key.clone(), value.clone());
            }
        }
    }
}

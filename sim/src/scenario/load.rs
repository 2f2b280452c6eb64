//! From files to a [`Scenario`]: find, read, override, check.

use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use trier_roast::EventTime;

use super::check::{self, Place};
use super::{Charge, Recording, RoastingDay, Room, Scenario};
use crate::{Operator, ScenarioError};

/// A scenario: a machine, a lot of beans and a recipe, by name, and what is roasted with them.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    /// Version of the file's shape, `scenario/1`.
    #[expect(dead_code, reason = "required, and held against its version before the rest is read")]
    schema: String,
    /// Name used in tables: lower-case letters, digits and -.
    id: String,
    /// One line about it.
    title: String,
    /// The machine: a file in `machines/`, without `.toml`.
    machine: String,
    /// The lot: a file in `beans/`, without `.toml`.
    beans: String,
    /// The recipe: a file in `recipes/`, without `.toml`.
    recipe: String,
    /// When the asked roast is charged, such as 2026-01-05T09:00:00Z, the default.
    start: Option<String>,
    /// What goes into the drum.
    charge: Charge,
    /// The room the machine stands in.
    #[serde(default)]
    room: Room,
    /// How much is recorded around a roast.
    #[serde(default)]
    recording: Recording,
    /// Roasts back to back, the asked one last; without it each starts from the machine's `[start]`.
    day: Option<RoastingDay>,
    /// How the operator marks.
    #[serde(default)]
    operator: Operator,
    /// The earlier roasts by which the machine is known.
    #[serde(default)]
    history: History,
    /// Laid over the machine's file; `id` and `schema` stay.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(schema_with = "super::schema::part_of::<crate::MachineSpec>"))]
    machine_overrides: toml::Table,
    /// Laid over the lot's file; `id` and `schema` stay.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(schema_with = "super::schema::part_of::<crate::Lot>"))]
    beans_overrides: toml::Table,
    /// Laid over the recipe's file; `id` and `schema` stay. A list of steps replaces the whole list.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(schema_with = "super::schema::part_of::<crate::Recipe>"))]
    recipe_overrides: toml::Table,
}

/// The earlier roasts by which the machine is known.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(super) struct History {
    /// How many.
    roasts: u32,
    /// A scenario file beside this one that they followed; like this one when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<String>,
}

impl Default for History {
    fn default() -> Self {
        Self { roasts: 5, of: None }
    }
}

/// 2026-01-05T09:00:00Z, in force where a scenario names no start.
const DEFAULT_START: EventTime = EventTime::from_us(1_767_603_600_000_000);

/// 1900-01-01 and 2200-01-01: no roast was recorded before, and a later one is a slip.
const START_LIMITS: (EventTime, EventTime) =
    (EventTime::from_us(-2_208_988_800_000_000), EventTime::from_us(7_258_118_400_000_000));

/// The most earlier roasts that a scenario may ask for.
pub(super) const HISTORY_MAX: u32 = 200;

/// The scenario at `path`, and the one that its earlier roasts followed.
pub(super) fn load(path: &Path) -> Result<(Scenario, History), ScenarioError> {
    let (mut scenario, history) = load_one(path)?;
    if let Some(name) = &history.of {
        let beside = path.with_file_name(name);
        let (earlier, _) = load_one(&beside)?;
        if earlier.machine.id != scenario.machine.id {
            let (got, expected) = (earlier.machine.id, scenario.machine.id);
            let (path, name) = (path.into(), name.clone());
            return Err(ScenarioError::OtherMachine { path, name, got, expected });
        }
        scenario.earlier = Some(Box::new(earlier));
    }
    Ok((scenario, history))
}

fn load_one(path: &Path) -> Result<(Scenario, History), ScenarioError> {
    let text = read(path)?;
    check::schema_of(path, "scenario", &text, "scenario/1")?;
    let file: File = parse(path, &text)?;
    let library = Library::above(path)?;
    let machine = library.named("machine", &file.machine, &file.machine_overrides, check::machine)?;
    let lot = library.named("beans", &file.beans, &file.beans_overrides, check::lot)?;
    let recipe = library.named("recipe", &file.recipe, &file.recipe_overrides, check::recipe)?;
    let recipe = recipe.said_in_full();

    let place = Place::of_file(path);
    check::id(&place, &file.id)?;
    let most = f64::from(HISTORY_MAX);
    check::range(&place, "history.roasts", f64::from(file.history.roasts), 0.0, most, "roasts")?;
    let scenario = Scenario {
        id: file.id,
        title: file.title,
        machine,
        lot,
        recipe,
        charge: file.charge,
        room: file.room,
        recording: file.recording,
        day: file.day,
        operator: file.operator,
        history_roasts: file.history.roasts,
        earlier: None,
        start: start(path, file.start.as_deref())?,
    };
    check::scenario(&place, &scenario)?;
    Ok((scenario, file.history))
}

fn start(path: &Path, text: Option<&str>) -> Result<EventTime, ScenarioError> {
    let Some(text) = text else { return Ok(DEFAULT_START) };
    let at = trier_wire::parse_ts(text).ok().filter(|at| (START_LIMITS.0..START_LIMITS.1).contains(at));
    at.ok_or_else(|| ScenarioError::BadStart { path: path.into(), got: text.to_owned() })
}

pub(crate) fn read(path: &Path) -> Result<String, ScenarioError> {
    std::fs::read_to_string(path).map_err(|source| ScenarioError::Read { path: path.into(), source })
}

pub(crate) fn parse<T: DeserializeOwned>(path: &Path, text: &str) -> Result<T, ScenarioError> {
    toml::from_str(text)
        .map_err(|source| ScenarioError::Parse { path: path.into(), source: Box::new(source) })
}

/// The machine, lot or recipe in the file at `path` as it is, checked, and its text.
/// `key` is what a scenario names such a file by.
pub(super) fn part<T: DeserializeOwned>(
    path: &Path,
    key: &'static str,
    check: impl Fn(&Place<'_>, &T) -> Result<(), ScenarioError>,
) -> Result<(T, String), ScenarioError> {
    let schema = match key {
        "machine" => "machine/1",
        "recipe" => "recipe/1",
        _ => "lot/1",
    };
    let text = read(path)?;
    check::schema_of(path, key, &text, schema)?;
    let value: T = parse(path, &text)?;
    check(&Place::of_file(path), &value)?;
    Ok((value, text))
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

    /// The file of `key` named `name`, checked as it is and again with `overrides` applied,
    /// so that a mistake is looked for where it was made.
    fn named<T: DeserializeOwned>(
        &self,
        key: &'static str,
        name: &str,
        overrides: &toml::Table,
        check: impl Fn(&Place<'_>, &T) -> Result<(), ScenarioError>,
    ) -> Result<T, ScenarioError> {
        let (folder, table) = match key {
            "machine" => ("machines", "machine_overrides"),
            "recipe" => ("recipes", "recipe_overrides"),
            _ => ("beans", "beans_overrides"),
        };
        let folder = self.root.join(folder);
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
        let (plain, text) = part(&path, key, &check)?;
        if overrides.is_empty() {
            return Ok(plain);
        }
        for fixed in ["id", "schema"] {
            if overrides.contains_key(fixed) {
                return Err(ScenarioError::FixedKey { path: self.scenario.into(), table, key: fixed });
            }
        }
        let mut merged: toml::Table = parse(&path, &text)?;
        merge(&mut merged, overrides);
        let value: T = toml::Value::Table(merged).try_into().map_err(|source| ScenarioError::Override {
            path: self.scenario.into(),
            table,
            target: path.clone(),
            source: Box::new(source),
        })?;
        check(&Place { path: self.scenario, table: Some(table) }, &value)?;
        Ok(value)
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

//! From files to a [`Scenario`]: find, read, override, check.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use trier_roast::EventTime;

use super::check::{self, Place};
use super::{Charge, Recording, Room, Scenario};
use crate::{Operator, ScenarioError};

/// A scenario file as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[expect(dead_code, reason = "required, and held against its version before the rest is read")]
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
    /// A scenario file beside this one that they followed; None when they were like it.
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
const HISTORY_MAX: u32 = 200;

/// The scenario at `path`, and the one that its earlier roasts followed.
pub(super) fn load(path: &Path) -> Result<Scenario, ScenarioError> {
    let (mut scenario, history) = load_one(path)?;
    if let Some(name) = history.of {
        let beside = path.with_file_name(&name);
        let (earlier, _) = load_one(&beside)?;
        if earlier.machine.id != scenario.machine.id {
            let (got, expected) = (earlier.machine.id, scenario.machine.id);
            return Err(ScenarioError::OtherMachine { path: path.into(), name, got, expected });
        }
        scenario.earlier = Some(Box::new(earlier));
    }
    Ok(scenario)
}

fn load_one(path: &Path) -> Result<(Scenario, History), ScenarioError> {
    let text = read(path)?;
    check::schema_of(path, "scenario", &text, "scenario/1")?;
    let file: File = parse(path, &text)?;
    let library = Library::above(path)?;
    let machine = library.named("machine", &file.machine, &file.machine_overrides, check::machine)?;
    let lot = library.named("beans", &file.beans, &file.beans_overrides, check::lot)?;
    let recipe = library.named("recipe", &file.recipe, &file.recipe_overrides, check::recipe)?;

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

    /// The file of `key` named `name`, checked as it is and again with `overrides` applied,
    /// so that a mistake is looked for where it was made.
    fn named<T: DeserializeOwned>(
        &self,
        key: &'static str,
        name: &str,
        overrides: &toml::Table,
        check: impl Fn(&Place<'_>, &T) -> Result<(), ScenarioError>,
    ) -> Result<T, ScenarioError> {
        let (folder, schema, table) = match key {
            "machine" => ("machines", "machine/1", "machine_overrides"),
            "recipe" => ("recipes", "recipe/1", "recipe_overrides"),
            _ => ("beans", "lot/1", "beans_overrides"),
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
        let text = read(&path)?;
        check::schema_of(&path, key, &text, schema)?;
        let plain: T = parse(&path, &text)?;
        check(&Place::of_file(&path), &plain)?;
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

//! One random scenario: a shipped family, and what differs from it, written as a scenario file.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;
use trier_sim::{Recipe, Scenario, ScenarioError};

use crate::draw::Draw;
use crate::optional;

/// Machine, lot, recipe, capacity in kg and first-crack mean of each family.
const FAMILIES: [(&str, &str, f64, f64); 4] = [
    ("gd12", "medium-9kg", 12.0, 203.0),
    ("gd60", "medium-52kg", 60.0, 203.0),
    ("ei1", "medium-700g", 1.0, 200.0),
    ("fb", "light-100g", 0.12, 200.0),
];
const LOTS: [&str; 9] = [
    "washed-highland",
    "natural-lowland",
    "aged-dry",
    "decaf-water",
    "high-density",
    "honey-midland",
    "peaberry-highland",
    "robusta-washed",
    "wet-hulled",
];
/// Tables of a scenario in the order they are written.
const TABLES: [&str; 8] = [
    "charge",
    "room",
    "recording",
    "operator",
    "day",
    "machine_overrides",
    "beans_overrides",
    "recipe_overrides",
];

/// How far a case leaves what ships.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Reach {
    /// Another machine of the kind: still a roast, and must look like one.
    Near,
    /// Lots, rooms, operators, probes and noise anywhere in their limits, machines up to three times what
    /// ships: no roast that anybody would want, but sums must add up.
    Far,
}

/// One key and its value, as text.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    /// A table of the scenario file; empty for its top.
    pub(crate) table: String,
    pub(crate) key: String,
    pub(crate) value: String,
}

#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) family: usize,
    pub(crate) lot: usize,
    pub(crate) seed: u64,
    pub(crate) reach: Reach,
    pub(crate) mass_kg: f64,
    pub(crate) changes: Vec<Change>,
}

/// One number that a file may hold: table, key, value where it ships, limits.
struct Number {
    table: &'static str,
    key: String,
    usual: f64,
    low: f64,
    high: f64,
}

/// The shipped files, copied to where scenarios can be written beside them, and their limits.
pub(crate) struct Library {
    folder: TempDir,
    schema: Value,
}

/// Whether `error` says that numbers are outside what is allowed, alone or together.
pub(crate) fn is_about_limits(error: &ScenarioError) -> bool {
    matches!(error, ScenarioError::OutOfRange { .. } | ScenarioError::TooLight { .. })
}

fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios")
}

impl Library {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for part in ["machines", "beans", "recipes"] {
            let to = folder.path().join(part);
            fs::create_dir(&to).expect("writable");
            for entry in fs::read_dir(shipped().join(part)).expect("ships") {
                let from = entry.expect("readable").path();
                fs::copy(&from, to.join(from.file_name().expect("a file"))).expect("writable");
            }
        }
        let schema = fs::read_to_string(shipped().join("schema/scenario.schema.json")).expect("ships");
        Self { folder, schema: serde_json::from_str(&schema).expect("JSON") }
    }

    /// Where worker `job` writes its scenarios.
    pub(crate) fn place(&self, job: u64) -> PathBuf {
        self.folder.path().join(format!("case-{job}.toml"))
    }

    /// The scenario of `case`, by way of a file at `place`.
    pub(crate) fn load(&self, place: &Path, case: &Case) -> Result<Scenario, ScenarioError> {
        fs::write(place, self.text(case)).expect("writable");
        Scenario::load(place)
    }

    /// The scenario file of `case`.
    pub(crate) fn text(&self, case: &Case) -> String {
        let (machine, recipe, ..) = FAMILIES[case.family];
        let mut text = format!(
            "schema = \"scenario/1\"\nid = \"case\"\ntitle = \"A random case\"\nmachine = \"{machine}\"\n\
             beans = \"{}\"\nrecipe = \"{recipe}\"\n[charge]\nmass_kg = {:?}\n",
            LOTS[case.lot], case.mass_kg
        );
        for table in TABLES {
            let mut own = case.changes.iter().filter(|change| change.table == table).peekable();
            if own.peek().is_some() && table != "charge" {
                writeln!(text, "[{table}]").expect("to memory");
            }
            for change in own {
                writeln!(text, "{} = {}", change.key, change.value).expect("to memory");
            }
        }
        text
    }

    /// Case number `index`; the same for ever, as long as the shipped files and limits are.
    pub(crate) fn case(&self, index: u64) -> Case {
        let draw = &mut Draw::of(index);
        #[allow(clippy::cast_possible_truncation)]
        let (family, lot) = ((draw.bits() % 4) as usize, (draw.bits() % 9) as usize);
        let reach = if draw.one_in(3) { Reach::Far } else { Reach::Near };
        let (machine, recipe, capacity_kg, crack_c) = FAMILIES[family];
        let share = if reach == Reach::Near { draw.between(0.5, 1.0) } else { draw.between(0.012, 1.0) };
        let mut changes = vec![change("charge", "bean_temp_c", number(draw.between(5.0, 35.0)))];
        changes.extend(self.scenario_changes(draw, reach));
        for (table, part, name) in
            [("machine_overrides", "machines", machine), ("beans_overrides", "beans", LOTS[lot])]
        {
            let text = fs::read_to_string(shipped().join(part).join(format!("{name}.toml"))).expect("ships");
            let file: toml::Table = text.parse().expect("TOML");
            let numbers = self.numbers(table, &file, "");
            changes.extend(numbers.iter().filter_map(|number| vary(draw, reach, number)));
        }
        if reach == Reach::Near {
            changes.retain(|change| change.key != "first_crack_mean_c");
            let mean_c = crack_c + draw.between(-4.0, 4.0);
            changes.push(change("beans_overrides", "first_crack_mean_c", number(mean_c)));
        }
        changes.extend(recipe_changes(draw, reach, recipe));
        let interval_s = changes.iter().find(|change| change.key == "probes.interval_s");
        let interval_s = interval_s.map_or(1.0, |change| change.value.parse().expect("a number"));
        changes.extend(optional::changes(draw, reach, family, interval_s));
        if draw.one_in(8) {
            changes.extend(optional::day(draw, reach));
        }
        // What is said twice holds as it was said last.
        let said: Vec<(String, String)> = changes.iter().map(|c| (c.table.clone(), c.key.clone())).collect();
        let mut index = 0..;
        changes.retain(|c| {
            let i: usize = index.next().expect("no end");
            !said[i + 1..].iter().any(|(table, key)| *table == c.table && *key == c.key)
        });
        Case { family, lot, seed: draw.bits() >> 1, reach, mass_kg: share * capacity_kg, changes }
    }

    /// Every number of `file` that has limits, by dotted key.
    fn numbers(&self, table: &'static str, file: &toml::Table, above: &str) -> Vec<Number> {
        let mut all = Vec::new();
        for (key, value) in file {
            let key = if above.is_empty() { key.clone() } else { format!("{above}.{key}") };
            match value {
                toml::Value::Table(below) => all.extend(self.numbers(table, below, &key)),
                toml::Value::Float(usual) => {
                    let limits = self.limits(table, &key);
                    all.extend(limits.map(|(low, high)| Number { table, key, usual: *usual, low, high }));
                }
                _ => {}
            }
        }
        all
    }

    fn limits(&self, table: &str, key: &str) -> Option<(f64, f64)> {
        let mut at = &self.schema["properties"][table];
        for part in key.split('.') {
            at = &at["properties"][part];
        }
        at["minimum"].as_f64().zip(at["maximum"].as_f64())
    }

    fn scenario_changes(&self, draw: &mut Draw, reach: Reach) -> Vec<Change> {
        let mut all = Vec::new();
        let grid = |s: f64| number((s * 4.0).round() / 4.0);
        let mut put = |table: &'static str, key: &'static str, near: (f64, f64), on_grid: bool| {
            let (low, high) = match reach {
                Reach::Near => near,
                Reach::Far if on_grid => near,
                Reach::Far => self.limits(table, key).expect("has limits"),
            };
            let value = draw.between(low, high);
            all.push(change(table, key, if on_grid { grid(value) } else { number(value) }));
        };
        put("room", "ambient_c", (5.0, 35.0), false);
        put("room", "altitude_m", (0.0, 2500.0), false);
        put("recording", "lead_in_s", (5.0, 60.0), true);
        put("recording", "cooling_s", (0.0, 30.0), true);
        put("recording", "timeout_s", (900.0, 1500.0), true);
        put("operator", "first_crack_late_s", (0.0, 20.0), false);
        put("operator", "first_crack_sd_s", (0.0, 20.0), false);
        put("operator", "dry_end_sd_s", (0.0, 20.0), false);
        all
    }
}

pub(crate) fn change(table: &str, key: &str, value: String) -> Change {
    Change { table: table.into(), key: key.into(), value }
}

/// `value` as TOML reads it back to the bit.
pub(crate) fn number(value: f64) -> String {
    format!("{value:?}")
}

/// A value of its own for `of`, or None to leave it.
fn vary(draw: &mut Draw, reach: Reach, of: &Number) -> Option<Change> {
    // Metal, heater and air decide together whether a machine is one; the rest is free within limits.
    let of_machine = ["heater.", "air.", "bodies.", "start.", "capacity", "reference"];
    let built = of.table == "machine_overrides" && of_machine.iter().any(|part| of.key.starts_with(part));
    if of.key == "capacity_kg" || draw.one_in(if reach == Reach::Near { 2 } else { 3 }) {
        return None;
    }
    let value = match (reach, built) {
        (Reach::Near, _) if of.key.starts_with("start.") => of.usual + draw.between(-20.0, 20.0),
        (Reach::Near, _) if of.key == "second_crack_gap_c" => of.usual + draw.between(-3.0, 3.0),
        (Reach::Near, _) => of.usual * draw.factor(1.15),
        (Reach::Far, true) => of.usual * draw.factor(3.0),
        (Reach::Far, false) => draw.between(of.low, of.high),
    };
    let value = value.clamp(of.low, of.high);
    let value = if of.key == "probes.interval_s" { (value * 4.0).round() / 4.0 } else { value };
    Some(change(of.table, &of.key, number(value)))
}

/// The family's steps with controls of their own.
fn recipe_changes(draw: &mut Draw, reach: Reach, recipe: &str) -> Vec<Change> {
    let recipe = Recipe::load(&shipped().join("recipes").join(format!("{recipe}.toml"))).expect("ships");
    let (fire, fan) = (draw.factor(1.1), draw.factor(1.1));
    let mut steps = String::from("[");
    for step in &recipe.steps {
        let when = step.at_s.map(|s| format!("at_s = {s:?}"));
        let when = when.or(step.at_bt_c.map(|c| format!("at_bt_c = {c:?}"))).expect("one of the two");
        let (gas_pct, air_pct) = (step.gas_pct.expect("ships so"), step.air_pct.expect("ships so"));
        let (gas_pct, air_pct) = match reach {
            Reach::Near => ((gas_pct * fire).min(100.0), (air_pct * fan).min(100.0)),
            Reach::Far => (draw.between(0.0, 100.0), draw.between(0.0, 100.0)),
        };
        write!(steps, "{{ {when}, gas_pct = {gas_pct:?}, air_pct = {air_pct:?}").expect("to memory");
        if draw.one_in(4) {
            let (low, high) = if reach == Reach::Near { (80.0, 120.0) } else { (10.0, 200.0) };
            write!(steps, ", drum_pct = {:?}", draw.between(low, high)).expect("to memory");
        }
        steps += " }, ";
    }
    let drop_c = recipe.drop.bt_c.expect("ships so") + draw.between(-6.0, 8.0);
    vec![
        change("recipe_overrides", "step", steps + "]"),
        change("recipe_overrides", "drop.bt_c", number(drop_c)),
    ]
}

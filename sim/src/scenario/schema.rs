//! JSON Schema of the files that people write, made from the types that read them.
//!
//! Descriptions are the fields' doc comments; least and largest values are those of the checks.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::check::{self, Limit, LimitIfGiven};
use super::{RoastingDay, Scenario, follow, instruments, load};
use crate::{CurvePoint, Follow, Lot, MachineSpec, Recipe};

/// The schemas of scenario, machine, lot and recipe files, each with that name.
///
/// `example` is any scenario. The checks state their limits for a file at hand, and some
/// depend on its other values; those are no limits of the schema, and are found by asking
/// again with every number of the example halved.
///
/// # Panics
/// When a check limits a key that its type does not have: a mistake of ours.
#[must_use]
pub fn schemas(example: &Scenario) -> [(&'static str, Value); 4] {
    let machine = |schema: &mut Value, at: &str| {
        let specs = (&example.machine, &halved(&example.machine));
        limit(schema, at, &both(check::machine_limits(specs.0), &check::machine_limits(specs.1)));
        let own = (instruments::instrument_limits(specs.0), instruments::instrument_limits(specs.1));
        limit(schema, at, &both(own.0, &own.1));
        for probe in ["bt", "et", "inlet", "drum"] {
            let mut limits = instruments::probe_limits(&example.machine.probes.et);
            // The bean probe's stray air has a key of its own.
            limits.retain(|limit| probe != "bt" || limit.0 != "stray_share");
            limit(schema, &format!("{at}probes.{probe}."), &limits);
        }
    };
    let lot = |schema: &mut Value, at: &str| {
        let lots = (&example.lot, &halved(&example.lot));
        limit(schema, at, &both(check::lot_limits(lots.0), &check::lot_limits(lots.1)));
        limit(schema, at, &both(instruments::origin_limits(lots.0), &instruments::origin_limits(lots.1)));
    };
    let recipe = |schema: &mut Value, at: &str| {
        limit(schema, at, &check::recipe_limits(&example.recipe).map(given));
        let point = CurvePoint { at_s: 0.0, bt_c: 100.0 };
        let follow = Follow {
            curve: vec![point.clone()],
            gain_pct_per_c: 1.0,
            integral_s: 0.0,
            derivative_s: 0.0,
            gas_pct_min: 0.0,
            gas_pct_max: 100.0,
            gas_pct_per_s_max: 100.0,
            from_s: None,
        };
        limit(schema, at, &follow::follow_limits(&follow));
        let curve = property(schema, &format!("{at}follow.curve"));
        limit(&mut curve["items"], "", &follow::point_limits(&point));
        let steps = property(schema, &format!("{at}step"));
        let step = &example.recipe.steps[0];
        limit(&mut steps["items"], "", &check::step_limits(step).map(given));
    };
    let mut of_machine = made::<MachineSpec>("machine");
    machine(&mut of_machine, "");
    let mut of_lot = made::<Lot>("lot");
    lot(&mut of_lot, "");
    let mut of_recipe = made::<Recipe>("recipe");
    recipe(&mut of_recipe, "");
    let mut of_scenario = made::<load::File>("scenario");
    let limits = both(check::scenario_limits(example), &check::scenario_limits(&halved_scenario(example)));
    limit(&mut of_scenario, "", &limits);
    limit(&mut of_scenario, "", &[("history.roasts", 0.0, 0.0, f64::from(load::HISTORY_MAX), "roasts")]);
    let of_day = |day: &RoastingDay, s: &Scenario| -> Vec<Limit> {
        check::day_limits(day, s).into_iter().map(given).collect()
    };
    let day = example.day.clone().unwrap_or_default();
    let limits = both(of_day(&day, example), &of_day(&halved(&day), &halved_scenario(example)));
    limit(&mut of_scenario, "", &limits);
    limit(&mut of_scenario, "", &[("day.roasts", 0.0, 1.0, 1.0 + f64::from(load::HISTORY_MAX), "roasts")]);
    machine(&mut of_scenario, "machine_overrides.");
    lot(&mut of_scenario, "beans_overrides.");
    recipe(&mut of_scenario, "recipe_overrides.");
    [("scenario", of_scenario), ("machine", of_machine), ("lot", of_lot), ("recipe", of_recipe)]
}

/// A table of overrides for files of `T`: the same keys, none of them required.
pub(super) fn part_of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    let mut schema = T::json_schema(generator);
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        properties.remove("id");
        properties.remove("schema");
    }
    none_required(schema.ensure_object());
    schema.remove("description");
    schema
}

/// Lets every key of nested tables be left out. Lists replace whole lists, so theirs stay as they are.
fn none_required(table: &mut serde_json::Map<String, Value>) {
    table.remove("required");
    if let Some(Value::Object(properties)) = table.get_mut("properties") {
        properties.values_mut().filter_map(Value::as_object_mut).for_each(none_required);
    }
}

pub(crate) fn made<T: JsonSchema>(kind: &str) -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    settings.inline_subschemas = true;
    let mut schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    schema["title"] = json!(kind);
    property(&mut schema, "schema")["const"] = json!(format!("{kind}/1"));
    as_toml(&mut schema);
    schema
}

/// Takes out what TOML has not: null, and the many kinds of number with the limits that follow from them.
fn as_toml(schema: &mut Value) {
    match schema {
        Value::Object(table) => {
            if table.get("format").is_some_and(Value::is_string) {
                table.remove("format");
                table.remove("minimum");
            }
            if let Some(Value::Array(kinds)) = table.get_mut("type") {
                kinds.retain(|kind| kind != "null");
                if let [only] = kinds.as_slice() {
                    table["type"] = only.clone();
                }
            }
            table.values_mut().for_each(as_toml);
        }
        Value::Array(list) => list.iter_mut().for_each(as_toml),
        _ => {}
    }
}

/// The property at the dotted `key`.
fn property<'a>(schema: &'a mut Value, key: &str) -> &'a mut Value {
    key.split('.').fold(schema, |table, name| {
        let found = table.get_mut("properties").and_then(|properties| properties.get_mut(name));
        found.unwrap_or_else(|| panic!("{key}: no property {name}"))
    })
}

fn limit(schema: &mut Value, at: &str, limits: &[Limit]) {
    for &(key, _, low, high, _) in limits {
        let property = property(schema, &format!("{at}{key}"));
        (property["minimum"], property["maximum"]) = (json!(low), json!(high));
    }
}

/// The limits that are the same for two files.
fn both(one: Vec<Limit>, other: &[Limit]) -> Vec<Limit> {
    let same = |a: &Limit, b: &Limit| a.0 == b.0 && (a.2, a.3) == (b.2, b.3);
    one.into_iter().filter(|limit| other.iter().any(|o| same(limit, o))).collect()
}

fn given((key, got, low, high, unit): LimitIfGiven) -> Limit {
    (key, got.unwrap_or(low), low, high, unit)
}

/// `value` with every number halved.
fn halved<T: Serialize + DeserializeOwned>(value: &T) -> T {
    fn halve(value: &mut toml::Value) {
        match value {
            toml::Value::Float(number) => *number /= 2.0,
            toml::Value::Integer(number) => *number /= 2,
            toml::Value::Array(list) => list.iter_mut().for_each(halve),
            toml::Value::Table(table) => table.iter_mut().for_each(|(_, value)| halve(value)),
            _ => {}
        }
    }
    let mut written = toml::Value::try_from(value).expect("what was read from TOML can be written");
    halve(&mut written);
    written.try_into().expect("half a number is a number")
}

fn halved_scenario(scenario: &Scenario) -> Scenario {
    Scenario {
        charge: halved(&scenario.charge),
        room: halved(&scenario.room),
        recording: halved(&scenario.recording),
        operator: halved(&scenario.operator),
        history_roasts: scenario.history_roasts / 2,
        ..scenario.clone()
    }
}

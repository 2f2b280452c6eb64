//! JSON Schemas under `scenarios/schema/`: made from the types, and true of the files that ship.

use std::fs;

use serde_json::Value;
use trier_sim::{Scenario, schemas, sweep_schema};

use crate::support::repository;

fn made() -> Vec<(&'static str, Value)> {
    let example = Scenario::load(&repository().join("scenarios/first-roast.toml")).expect("it ships");
    schemas(&example).into_iter().chain([sweep_schema()]).collect()
}

/// All that `schema` finds wrong with `value`: its type, keys, required keys and limits.
pub(crate) fn faults(at: &str, schema: &Value, value: &Value, found: &mut Vec<String>) {
    if let Some(choices) = schema.get("oneOf").or(schema.get("anyOf")).and_then(Value::as_array) {
        let faults_of = |choice| {
            let mut found = Vec::new();
            faults(at, choice, value, &mut found);
            found
        };
        if choices.iter().all(|choice| !faults_of(choice).is_empty()) {
            found.push(format!("{at}: none of the {} choices", choices.len()));
        }
        return;
    }
    let expected = &schema["type"];
    let is_of = |kind: &Value| match kind.as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some("null") => value.is_null(),
        Some("number") => value.is_number(),
        Some("integer") => value.is_number() && !value.is_f64(),
        _ => false,
    };
    let kinds = expected.as_array().map_or(std::slice::from_ref(expected), Vec::as_slice);
    if !kinds.iter().any(is_of) {
        found.push(format!("{at}: {value} is not of type {expected}"));
    }
    if schema.get("const").is_some_and(|only| only != value) {
        found.push(format!("{at}: not {}", schema["const"]));
    }
    if let Some(number) = value.as_f64() {
        let limit = |key: &str, open: f64| schema[key].as_f64().unwrap_or(open);
        if !(limit("minimum", f64::NEG_INFINITY)..=limit("maximum", f64::INFINITY)).contains(&number) {
            found.push(format!("{at}: {number} is out of range"));
        }
    }
    for item in value.as_array().into_iter().flatten() {
        faults(&format!("{at}[]"), &schema["items"], item, found);
    }
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let is_missing = |key: &&str| value.is_object() && value.get(key).is_none();
    found.extend(required.filter(is_missing).map(|key| format!("{at}: no {key}")));
    for (key, inner) in value.as_object().into_iter().flatten() {
        let of_any_key = schema.get("additionalProperties").filter(|other| other.is_object());
        match schema["properties"].get(key).or(of_any_key) {
            Some(property) => faults(&format!("{at}.{key}"), property, inner, found),
            None => found.push(format!("{at}: unknown {key}")),
        }
    }
}

/// The schemas' faults of `text`, a file of `kind`.
fn faults_of(kind: &str, text: &str) -> Vec<String> {
    let schemas = made();
    let schema = schemas.iter().find(|(name, _)| *name == kind).map(|(_, schema)| schema);
    let value = serde_json::to_value(text.parse::<toml::Table>().expect("TOML")).expect("plain data");
    let mut found = Vec::new();
    faults(kind, schema.expect("a kind"), &value, &mut found);
    found
}

fn shipped(path: &str) -> String {
    fs::read_to_string(repository().join("scenarios").join(path)).expect("it ships")
}

#[test]
fn the_schemas_are_made_from_the_types() {
    for (name, schema) in made() {
        let text = format!("{schema:#}\n");
        let path = repository().join(format!("scenarios/schema/{name}.schema.json"));
        if std::env::var_os("TRIER_BLESS").is_some() {
            fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
            fs::write(&path, &text).expect("writable");
        }
        let written = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            written == text,
            "scenarios/schema/{name}.schema.json differs from the types; bless it with\n  \
             TRIER_BLESS=1 cargo test -p trier --test it schemas"
        );
    }
}

#[test]
fn what_ships_is_valid() {
    let mut seen = 0;
    let folders = [
        ("machines", "machine"),
        ("beans", "lot"),
        ("recipes", "recipe"),
        ("steady", "scenario"),
        ("golden", "scenario"),
        ("sweeps", "sweep"),
    ];
    for (folder, kind) in folders {
        for entry in fs::read_dir(repository().join("scenarios").join(folder)).expect("it ships") {
            let path = entry.expect("listed").path();
            let text = fs::read_to_string(&path).expect("readable");
            let found = faults_of(kind, &text);
            assert!(found.is_empty(), "{}: {found:#?}", path.display());
            seen += 1;
        }
    }
    assert!(seen > 20, "only {seen} files");
}

#[test]
fn golden_cases_are_valid() {
    let text = fs::read_to_string(repository().join("golden/schema/case.schema.json")).expect("it ships");
    let schema: Value = serde_json::from_str(&text).expect("JSON");
    let mut seen = 0;
    for entry in fs::read_dir(repository().join("golden/cases")).expect("it ships") {
        let path = entry.expect("listed").path();
        let text = fs::read_to_string(&path).expect("readable");
        let value = serde_json::to_value(text.parse::<toml::Table>().expect("TOML")).expect("plain data");
        let mut found = Vec::new();
        faults("case", &schema, &value, &mut found);
        assert!(found.is_empty(), "{}: {found:#?}", path.display());
        seen += 1;
    }
    assert!(seen > 60, "only {seen} cases");
}

#[test]
fn the_limits_of_the_checks_and_unknown_keys_are_in_the_schemas() {
    for (kind, file, from, to, says) in [
        ("machine", "machines/gd12.toml", "lag_s = 26.0", "lag_s = 0.01", "probes.bt.lag_s: 0.01 is out"),
        ("machine", "machines/gd12.toml", "recirculation = 0.0", "recirculation = 0.96", "0.96 is out"),
        ("machine", "machines/gd12.toml", "machine/1", "machine/2", "machine/1"),
        ("lot", "beans/aged-dry.toml", "moisture_wet_pct", "moisture", "unknown moisture"),
        ("lot", "beans/aged-dry.toml", "moisture_wet_pct = 9.0", "moisture_wet_pct = 21.0", "21 is out"),
        ("recipe", "recipes/fast-9kg.toml", "bt_c = 214.0", "bt_c = 300.0", "drop.bt_c: 300 is out"),
        ("recipe", "recipes/fast-9kg.toml", "gas_pct = 94.0", "gas_pct = 101.0", "step[].gas_pct: 101"),
        ("scenario", "first-roast.toml", "mass_kg = 9.0", "mass_g = 9.0", "charge: no mass_kg"),
        (
            "sweep",
            "sweeps/lots-and-machines.toml",
            "roasts = 2048",
            "roasts = 20000000",
            "roasts: 20000000 is out",
        ),
        ("sweep", "sweeps/lots-and-machines.toml", "share = 0.08", "shares = 0.08", "unknown shares"),
        ("scenario", "first-roast.toml", "roasts = 5", "roasts = 201", "history.roasts: 201 is out"),
        ("scenario", "steady/coarse-probe.toml", "bt.step_c = 1.0", "bt.step_c = 11.0", "bt.step_c: 11"),
        ("scenario", "steady/coarse-probe.toml", "bt.step_c = 1.0", "bt.step = 1.0", "unknown step"),
    ] {
        let text = shipped(file);
        assert!(text.contains(from), "{file} has no {from:?}");
        let found = faults_of(kind, &text.replacen(from, to, 1)).join("\n");
        assert!(found.contains(says), "nothing of {says:?} for {to:?} in:\n{found}");
    }
}

#[test]
fn every_key_says_what_it_is() {
    fn undescribed(at: &str, schema: &Value, found: &mut Vec<String>) {
        for (key, property) in schema["properties"].as_object().into_iter().flatten() {
            let at = format!("{at}.{key}");
            if property["description"].as_str().is_none_or(str::is_empty) {
                found.push(at.clone());
            }
            undescribed(&at, property, found);
            undescribed(&at, &property["items"], found);
        }
    }
    let mut found = Vec::new();
    made().iter().for_each(|(name, schema)| undescribed(name, schema, &mut found));
    assert!(found.is_empty(), "no description: {found:#?}");
}

#[test]
fn a_limit_that_hangs_on_another_value_is_not_in_the_schema() {
    let schemas = made();
    let operator = &schemas[0].1["properties"]["operator"]["properties"];
    assert!(operator["reaction_s_min"].get("maximum").is_some());
    assert!(operator["reaction_s_max"].get("minimum").is_none(), "it is reaction_s_min of the example");
}

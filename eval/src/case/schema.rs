//! JSON Schema of a case, held to the type that reads it and to the cases that ship.

use super::{CaseFile, SCHEMA};
use crate::fault::FaultKind;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

/// Takes out what TOML has not: null, and the many kinds of number.
fn as_toml(schema: &mut Value) {
    match schema {
        Value::Object(table) => {
            if table.get("format").is_some_and(Value::is_string) {
                table.remove("format");
            }
            if let Some(Value::Array(kinds)) = table.get_mut("type") {
                kinds.retain(|kind| kind != "null");
                if let [only] = kinds.as_slice() {
                    table["type"] = only.clone();
                }
            }
            if let Some(Value::Array(choices)) = table.get("anyOf") {
                let choices: Vec<Value> = choices.iter().filter(|c| c["type"] != "null").cloned().collect();
                if let [Value::Object(only)] = choices.as_slice() {
                    let only = only.clone();
                    table.remove("anyOf");
                    // What is said of the key stands before what is said of its type.
                    let said = table.get("description").cloned();
                    table.extend(only);
                    table.extend(said.map(|said| ("description".to_owned(), said)));
                }
            }
            table.values_mut().for_each(as_toml);
        }
        Value::Array(list) => list.iter_mut().for_each(as_toml),
        _ => {}
    }
}

fn made() -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    settings.inline_subschemas = true;
    let mut schema = settings.into_generator().into_root_schema_for::<CaseFile>().to_value();
    schema["title"] = json!("case");
    as_toml(&mut schema);
    let keys = &mut schema["properties"];
    keys["schema"]["const"] = json!(SCHEMA);
    keys["fault"]["items"]["properties"]["kind"]["enum"] = json!(FaultKind::ALL.map(FaultKind::name));
    schema
}

#[test]
fn the_schema_is_made_from_the_type() {
    let (made, path) = (
        format!("{:#}\n", made()),
        concat!(env!("CARGO_MANIFEST_DIR"), "/../golden/schema/case.schema.json"),
    );
    if std::env::var_os("TRIER_BLESS").is_some() {
        let folder = std::path::Path::new(path).parent().expect("a folder");
        std::fs::create_dir_all(folder).expect("writable");
        std::fs::write(path, &made).expect("writable");
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        written == made,
        "golden/schema/case.schema.json differs from the type; bless it with\n  \
         TRIER_BLESS=1 cargo test -p trier-eval --lib schema"
    );
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
    undescribed("case", &made(), &mut found);
    assert!(found.is_empty(), "no description: {found:#?}");
}

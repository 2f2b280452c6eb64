//! JSON Schema of the envelope and of the registry of keys, held to the types that read them.

use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::{Value, json};

use crate::Envelope;
use crate::keys::File;

fn made<T: JsonSchema>(title: &str) -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    settings.inline_subschemas = true;
    let mut schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    schema["title"] = json!(title);
    schema
}

fn keys() -> Value {
    let mut schema = made::<File>("keys");
    schema["properties"]["schema"]["const"] = json!("keys/1");
    schema
}

#[test]
fn the_schemas_are_made_from_the_types() {
    for (name, schema) in [("envelope", made::<Envelope>("envelope")), ("keys", keys())] {
        let text = format!("{schema:#}\n");
        let path = format!("{}/schema/{name}.schema.json", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("TRIER_BLESS").is_some() {
            std::fs::write(&path, &text).expect("writable");
        }
        let written = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            written == text,
            "crates/wire/schema/{name}.schema.json differs from the types; bless it with\n  \
             TRIER_BLESS=1 cargo test -p trier-wire schema"
        );
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
        for choice in schema["anyOf"].as_array().into_iter().flatten() {
            undescribed(at, choice, found);
        }
    }
    let mut found = Vec::new();
    undescribed("envelope", &made::<Envelope>("envelope"), &mut found);
    undescribed("keys", &keys(), &mut found);
    assert!(found.is_empty(), "no description: {found:#?}");
}

//! JSON Schema of a profile, held to the type that reads it.

use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use super::Profile;

fn made() -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    settings.inline_subschemas = true;
    let mut schema = settings.into_generator().into_root_schema_for::<Profile>().to_value();
    schema["title"] = json!("profile");
    schema["properties"]["schema"]["const"] = json!("profile/1");
    schema
}

#[test]
fn the_schema_is_made_from_the_type() {
    let text = format!("{:#}\n", made());
    let path = format!("{}/schema/profile.schema.json", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("TRIER_BLESS").is_some() {
        std::fs::write(&path, &text).expect("writable");
    }
    assert!(
        std::fs::read_to_string(&path).unwrap_or_default() == text,
        "pipeline/schema/profile.schema.json differs from the type; bless it with\n  \
         TRIER_BLESS=1 cargo test -p trier-pipeline schema"
    );
}

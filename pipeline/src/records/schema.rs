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
    // Nothing here writes files, not even a test.
    let (made, written) = (format!("{:#}\n", made()), include_str!("../../schema/profile.schema.json"));
    assert!(written == made, "pipeline/schema/profile.schema.json differs from the type; it is\n{made}");
}

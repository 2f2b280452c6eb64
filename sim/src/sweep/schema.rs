//! JSON Schema of sweep files.

use serde_json::{Value, json};

use crate::scenario::schema::made;

use super::design::KEYS_MAX;
use super::file::{File, LEVELS_MAX};
use super::load::ROASTS_MAX;

/// The schema of sweep files. What a key may be varied over hangs on its scenario, and is not in it.
#[must_use]
pub fn sweep_schema() -> (&'static str, Value) {
    let mut schema = made::<File>("sweep");
    let roasts = &mut schema["properties"]["roasts"];
    (roasts["minimum"], roasts["maximum"]) = (json!(1), json!(ROASTS_MAX));
    let vary = &mut schema["properties"]["vary"];
    (vary["minItems"], vary["maxItems"]) = (json!(1), json!(KEYS_MAX));
    let levels = &mut vary["items"]["properties"]["levels"];
    (levels["minimum"], levels["maximum"]) = (json!(1), json!(LEVELS_MAX));
    ("sweep", schema)
}

//! JSON Schema of sweep files.

use serde_json::Value;

use crate::scenario::schema::made;

use super::file::File;

/// The schema of sweep files. What a key may be varied over hangs on its scenario, and is not in it.
#[must_use]
pub fn sweep_schema() -> (&'static str, Value) {
    ("sweep", made::<File>("sweep"))
}

//! The digest of a case: what of its own files decides what it tests.

use crate::case::{Case, Input};
use toml::Table;

/// Keys that people read and nothing depends on.
const WORDS: [&str; 6] = ["why", "tags", "provenance", "source", "retired", "title"];

/// The first sixteen hex digits of BLAKE3 over the values of the case file and of its scenario, or of its logs' bytes.
///
/// Comments, layout and the keys that only people read do not count; machine, lot and recipe are not the case's own,
/// and show in the trace. None when a file cannot be read.
pub(super) fn digest(case: &Case) -> Option<String> {
    let mut hasher = blake3::Hasher::new();
    let mut files = vec![&case.path];
    match &case.input {
        Input::Scenario(path) => files.push(path),
        Input::Log { path, earlier } => {
            for log in std::iter::once(path).chain(earlier) {
                hasher.update(&std::fs::read(log).ok()?);
            }
        }
    }
    for file in files {
        let mut table: Table = std::fs::read_to_string(file).ok()?.parse().ok()?;
        WORDS.iter().for_each(|word| drop(table.remove(*word)));
        hasher.update(table.to_string().as_bytes());
        hasher.update(b"\n");
    }
    Some(hasher.finalize().to_hex()[..16].to_owned())
}

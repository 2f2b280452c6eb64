//! What can be wrong with a suite, a case or a policy file.

use std::path::{Path, PathBuf};

/// Why a file that says what to evaluate, or how to judge, could not be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// The file is absent or cannot be read.
    #[error("cannot read {}\nhint: {hint}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What to do about it.
        hint: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// Not TOML, an unknown key, or a value of the wrong type; the source says line and column.
    #[error("cannot parse {}", path.display())]
    Parse {
        /// The file.
        path: PathBuf,
        /// What and where.
        source: Box<toml::de::Error>,
    },
    /// A value that cannot be meant.
    #[error("{key} is {value}, it must be {limit}\n  in {}, key {key}\nhint: {hint}", path.display())]
    Value {
        /// The file.
        path: PathBuf,
        /// The key, with its index in a list.
        key: String,
        /// The value found.
        value: String,
        /// What it may be.
        limit: String,
        /// What to do about it.
        hint: String,
    },
}

impl InputError {
    /// A wrong value, in the words of [`InputError::Value`].
    pub(crate) fn value(path: &Path, key: &str, value: &str, limit: &str, hint: &str) -> Self {
        Self::Value {
            path: path.to_owned(),
            key: key.to_owned(),
            value: value.to_owned(),
            limit: limit.to_owned(),
            hint: hint.to_owned(),
        }
    }
}

/// Reads `path` and makes a `T` of it.
pub(crate) fn read_toml<T: serde::de::DeserializeOwned>(
    path: &Path,
    hint: &'static str,
) -> Result<T, InputError> {
    let text = std::fs::read_to_string(path).map_err(|source| InputError::Read {
        path: path.to_owned(),
        hint,
        source,
    })?;
    toml::from_str(&text)
        .map_err(|source| InputError::Parse { path: path.to_owned(), source: Box::new(source) })
}

/// Checks the `schema` key of a file.
pub(crate) fn check_schema(path: &Path, got: &str, want: &str) -> Result<(), InputError> {
    if got == want {
        return Ok(());
    }
    let hint = "this build reads that version only; see docs/evaluation.md";
    Err(InputError::value(path, "schema", &format!("\"{got}\""), &format!("\"{want}\""), hint))
}

/// Checks that a text key says something.
pub(crate) fn check_said(path: &Path, key: &str, text: &str, hint: &str) -> Result<(), InputError> {
    if !text.trim().is_empty() {
        return Ok(());
    }
    Err(InputError::value(path, key, "empty", "a text", hint))
}

/// Checks an id: lower-case letters, digits, `-`, `_` and `.`, so that it can name files.
pub(crate) fn check_id(path: &Path, key: &str, id: &str) -> Result<(), InputError> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
    if !id.is_empty() && id.chars().all(fits) {
        return Ok(());
    }
    let limit = "lower-case letters, digits, `-`, `_` and `.`";
    Err(InputError::value(path, key, &format!("\"{id}\""), limit, "ids become file names and table keys"))
}

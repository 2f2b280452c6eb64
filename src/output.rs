//! Where results, prose and run records go.

use std::io::Write;
use std::path::Path;

use serde_json::json;
use trier_tables::{FileError, RunFolder, Table};

use crate::exit::Exit;

/// A command that could not do its work: what to say and how to end.
#[derive(Clone)]
pub(crate) struct Failure {
    /// What was wrong and what to do, without the leading `error: `.
    pub text: String,
    /// The code to end with.
    pub exit: Exit,
}

impl Failure {
    /// A wrong flag, or a file that cannot be used.
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self { text: text.into(), exit: Exit::USAGE }
    }

    /// An error with its causes, each after a colon.
    pub(crate) fn of(error: &dyn std::error::Error) -> Self {
        Self::usage(chain(error))
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        let failure = Self::of(&error);
        match error {
            FileError::Busy { .. } => Self { exit: Exit::LOCKED, ..failure },
            _ => failure,
        }
    }
}

/// An error's text followed by those of its causes that it does not already say. A hint stays last.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let whole = error.to_string();
    let (fact, hint) = whole.split_at(whole.find("\nhint:").unwrap_or(whole.len()));
    let mut text = fact.to_owned();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let said = inner.to_string();
        if !text.contains(said.trim()) {
            text = format!("{text}: {}", said.trim_end());
        }
        cause = inner.source();
    }
    text + hint
}

/// Prints a result on stdout. A closed pipe ends the program quietly, as pipes do.
pub(crate) fn result(text: &str) {
    if writeln!(std::io::stdout().lock(), "{text}").is_err() {
        std::process::exit(141);
    }
}

/// Prints prose on stderr. Nothing can be done if that fails.
pub(crate) fn prose(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Prints rows as JSON Lines on stdout, each with the name of its table.
pub(crate) fn json_lines<T: Table>(rows: &[T]) -> Result<(), Failure> {
    let lines = trier_tables::json_lines(rows).map_err(|error| Failure::of(&error))?;
    if !lines.is_empty() {
        result(lines.trim_end());
    }
    Ok(())
}

/// Writes `run.json`, the one file that may hold dates, paths and the machine's name,
/// and puts the folder in place.
pub(crate) fn commit(
    mut folder: RunFolder,
    inputs: &[&Path],
    facts: &serde_json::Value,
) -> Result<(), Failure> {
    let tables: serde_json::Map<String, serde_json::Value> = folder
        .written()
        .iter()
        .map(|table| {
            (table.table.to_owned(), json!({ "rows": table.rows, "digest": table.digest.to_string() }))
        })
        .collect();
    let record = json!({
        "schema": "run/1",
        "program": { "name": "sim", "version": env!("CARGO_PKG_VERSION") },
        "finished": jiff::Timestamp::now().to_string(),
        "system": { "os": std::env::consts::OS, "arch": std::env::consts::ARCH },
        "arguments": std::env::args().skip(1).collect::<Vec<_>>(),
        "inputs": inputs.iter().map(|path| path.display().to_string()).collect::<Vec<_>>(),
        "tables": tables,
        "facts": facts,
    });
    folder.write_file("run.json", format!("{record:#}\n").as_bytes())?;
    let place = folder.commit()?;
    prose(&format!("written to {}", place.display()));
    Ok(())
}

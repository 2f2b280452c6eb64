//! What came of one unit, as text that reads back to the same bits.
//!
//! The first line says what was run and the digest of the lines after it; those are rows, table by table.

use super::shelf::{Inputs, Miss};
use super::unit::UnitRun;
use crate::flow::Observed;
use serde::{Deserialize, Serialize};
use trier_tables::rows::CaseRow;
use trier_tables::{Table, TableError, json_lines, read_json_lines};

const SCHEMA: &str = "unit/1";

/// The first line of an entry.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Head {
    schema: String,
    inputs: Inputs,
    /// What it was seen to do.
    observed: Option<Observed>,
    /// BLAKE3 of all lines after this one and of what was seen, in hex.
    digest: String,
}

/// The text of `unit`, made from `inputs`.
pub(super) fn write(unit: &UnitRun, inputs: &Inputs) -> Result<String, TableError> {
    let rows = [
        json_lines(std::slice::from_ref(&unit.case))?,
        json_lines(&unit.scores)?,
        json_lines(&unit.sessions)?,
        json_lines(&unit.marks)?,
    ]
    .concat();
    let digest = digest(&rows, unit.observed.as_ref());
    let observed = unit.observed.clone();
    let head = Head { schema: SCHEMA.to_owned(), inputs: inputs.clone(), observed, digest };
    // Texts and finite numbers: always JSON.
    let head = serde_json::to_string(&head).unwrap_or_default();
    Ok(format!("{head}\n{rows}"))
}

fn digest(rows: &str, observed: Option<&Observed>) -> String {
    let observed = serde_json::to_string(&observed).unwrap_or_default();
    let mut hasher = blake3::Hasher::new();
    hasher.update(rows.as_bytes());
    hasher.update(observed.as_bytes());
    hasher.finalize().to_hex().to_string()
}

/// The inputs that an entry says it was made from; None when it is damaged.
pub(super) fn inputs_of(text: &str) -> Option<Inputs> {
    let (head, _) = text.split_once('\n')?;
    serde_json::from_str::<Head>(head).ok().map(|head| head.inputs)
}

/// The unit of an entry that was made from `inputs`.
pub(super) fn read(text: &str, inputs: &Inputs) -> Result<UnitRun, Miss> {
    let (head, rows) = text.split_once('\n').ok_or(Miss::Damaged)?;
    let head: Head = serde_json::from_str(head).map_err(|_| Miss::Damaged)?;
    let is_whole = head.schema == SCHEMA && head.digest == digest(rows, head.observed.as_ref());
    if !is_whole || head.inputs != *inputs {
        return Err(Miss::Damaged);
    }
    let case = of_table::<CaseRow>(rows)?.pop().ok_or(Miss::Damaged)?;
    Ok(UnitRun {
        case,
        scores: of_table(rows)?,
        sessions: of_table(rows)?,
        marks: of_table(rows)?,
        observed: head.observed,
    })
}

/// The rows of one table among lines of several.
fn of_table<T: Table>(lines: &str) -> Result<Vec<T>, Miss> {
    let opening = format!("{{\"table\":\"{}\",", T::NAME);
    let own: String =
        lines.lines().filter(|line| line.starts_with(&opening)).flat_map(|line| [line, "\n"]).collect();
    if own.is_empty() {
        return Ok(Vec::new());
    }
    read_json_lines(&own).map_err(|_| Miss::Damaged)
}

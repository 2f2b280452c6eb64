//! A table of seconds and bean temperature, read by the names of its columns.
//!
//! Only names that leave no doubt are taken. Everything else needs a column map.

use crate::cells::{Numbers, Row, delimiter_of, drop_incomplete, plain_name, rows};
use crate::clock::{minutes_seconds, note_sixtieths};
use crate::finish::{CurveKeys, Raw};
use crate::marks::MarkAt;
use crate::words::mark_named;
use crate::{LogError, LogFormat, start};
use trier_roast::{MarkSource, TempUnit};

const KEYS: CurveKeys = CurveKeys { time: "time", bt: "temperature", et: "ET" };

const TIME: [&str; 6] = ["seconds", "time", "time s", "time (s)", "elapsed seconds", "elapsed s"];
const BT: [&str; 6] = ["temperature", "temp", "bt", "bean temp", "bean temperature", "bean"];
const ET: [&str; 4] = ["et", "env temp", "environment", "environment temperature"];

/// Ends of a column's name that tell the unit.
const UNITS: [(&str, TempUnit); 8] = [
    (" (°c)", TempUnit::Celsius),
    (" (c)", TempUnit::Celsius),
    (" °c", TempUnit::Celsius),
    (" c", TempUnit::Celsius),
    (" (°f)", TempUnit::Fahrenheit),
    (" (f)", TempUnit::Fahrenheit),
    (" °f", TempUnit::Fahrenheit),
    (" f", TempUnit::Fahrenheit),
];

/// Takes a table apart.
///
/// # Errors
/// [`LogError::UnknownColumns`] when no column is surely time or surely BT,
/// [`LogError::BadCell`] for what timing hangs on.
pub(crate) fn extract(text: &str) -> Result<Raw, LogError> {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let table = rows(text, delimiter_of(first))?;
    let [names, data @ ..] = table.as_slice() else { return Err(LogError::NoSamples { key: KEYS.time }) };
    let unknown = |detail: &str| LogError::UnknownColumns { line: names.line, detail: detail.to_owned() };
    if names.cells.iter().all(|cell| cell.parse::<f64>().is_ok() || cell.is_empty()) {
        return Err(unknown("numbers without a header"));
    }
    let (time, _) = named(names, &TIME).ok_or_else(|| unknown("no column is surely the time"))?;
    let (bt, unit) = named(names, &BT).ok_or_else(|| unknown("no column is surely the bean temperature"))?;
    let mut findings = Vec::new();
    let mut data = data.to_vec();
    drop_incomplete(&mut data, &[time, bt], &mut findings);
    let numbers = Numbers::default();
    let seconds = |cell: &str| numbers.parse(cell).or_else(|| minutes_seconds(cell));
    let time_s = numbers.times(&data, time, KEYS.time, "a time in seconds or as mm:ss", seconds)?;
    note_sixtieths(data.iter().map(|row| row.cell(time)), &mut findings);
    let bt = numbers.readings(&data, bt, KEYS.bt, &mut findings)?;
    let mut raw = Raw::new(LogFormat::PlainCsv, KEYS, time_s, bt);
    raw.unit = unit;
    if let Some((et, _)) = named(names, &ET) {
        raw.et = numbers.readings(&data, et, KEYS.et, &mut findings)?;
    }
    if let Some((events, _)) = named(names, &["event", "events"]) {
        let mark = |(index, row): (usize, &Row<'_>)| {
            let kind = mark_named(row.cell(events))?;
            Some(MarkAt { kind, index, source: MarkSource::Operator, confidence: 0.9 })
        };
        raw.marks = data.iter().enumerate().filter_map(mark).collect();
    }
    start::unknown("the table keeps no date", &mut findings);
    raw.findings = findings;
    Ok(raw)
}

/// The column with one of these names, and the unit its name tells.
fn named(names: &Row<'_>, wanted: &[&str]) -> Option<(usize, Option<TempUnit>)> {
    wanted.iter().find_map(|want| {
        names.cells.iter().enumerate().find_map(|(place, cell)| {
            let name = plain_name(cell);
            if name == *want {
                return Some((place, None));
            }
            let end = name.strip_prefix(want)?;
            UNITS.iter().find(|(unit, _)| *unit == end).map(|(_, unit)| (place, Some(*unit)))
        })
    })
}

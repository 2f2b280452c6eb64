//! CSV of a roasting agent: a row each few seconds of wall clock, with what it did.
//!
//! °C by its column names. Events are set by the program itself, first crack by
//! listening, so the marks are the device's.

use crate::cells::{Numbers, Row, column, drop_incomplete, rows};
use crate::clock::instant;
use crate::controls::{Control, changes};
use crate::finish::{CurveKeys, Raw};
use crate::marks::MarkAt;
use crate::words::mark_named;
use crate::{LogError, LogFormat};
use trier_roast::{MarkSource, TempUnit};

const KEYS: CurveKeys = CurveKeys { time: "timestamp_utc", bt: "bean_temp_c", et: "env_temp_c" };

/// Whether a first line is that of this format.
pub(crate) fn is_header(line: &str) -> bool {
    line.starts_with("timestamp_utc,") && line.contains("bean_temp_c")
}

/// Takes a log apart.
///
/// # Errors
/// [`LogError::BadCell`] for what timing hangs on.
pub(crate) fn extract(text: &str) -> Result<Raw, LogError> {
    let table = rows(text, ',')?;
    let [names, data @ ..] = table.as_slice() else { return Err(LogError::NoSamples { key: KEYS.time }) };
    let missing = LogError::MissingColumn { format: LogFormat::AgentCsv, column: KEYS.bt, line: names.line };
    let bt = column(names, &["bean temp c"]).ok_or(missing)?;
    let mut findings = Vec::new();
    let mut data = data.to_vec();
    drop_incomplete(&mut data, &[0, bt], &mut findings);
    let numbers = Numbers::default();
    let at = numbers.times(&data, 0, KEYS.time, "a date and time as in ISO 8601", instant)?;
    let zero = at.first().copied();
    let time_s = at.iter().map(|at| at.since_s(zero.unwrap_or_default())).collect();
    let bt = numbers.readings(&data, bt, KEYS.bt, &mut findings)?;
    let mut raw = Raw::new(LogFormat::AgentCsv, KEYS, time_s, bt);
    (raw.unit, raw.epoch) = (Some(TempUnit::Celsius), zero);
    if let Some(et) = column(names, &["env temp c"]) {
        raw.et = numbers.readings(&data, et, KEYS.et, &mut findings)?;
    }
    for (control, name) in [(Control::Heat, "heat level percent"), (Control::Air, "fan level percent")] {
        if let Some(place) = column(names, &[name]) {
            raw.controls.extend(changes(control, &numbers.percents(&data, place)));
        }
    }
    if let Some(events) = column(names, &["event"]) {
        let mark = |(index, row): (usize, &Row<'_>)| {
            let kind = mark_named(row.cell(events))?;
            Some(MarkAt { kind, index, source: MarkSource::Device, confidence: 0.9 })
        };
        raw.marks = data.iter().enumerate().filter_map(mark).collect();
    }
    raw.findings = findings;
    Ok(raw)
}

//! Any table, read by a column map.

use crate::cells::{Numbers, Row, delimiter_of, drop_incomplete, plain_name, rows};
use crate::clock::{instant, minutes_seconds, note_sixtieths};
use crate::columns::{Charge, ColumnMap, ColumnRef, EventColumn, TimeFormat};
use crate::controls::{Control, changes};
use crate::finish::{CurveKeys, Raw};
use crate::log::{Finding, FindingCode};
use crate::marks::{MarkAt, index_of};
use crate::words::mark_named;
use crate::{LogError, LogFormat, start};
use trier_roast::{EventTime, MarkKind, MarkSource};

const KEYS: CurveKeys = CurveKeys { time: "time", bt: "bt", et: "et" };

/// Takes a table apart as `map` says.
///
/// # Errors
/// [`LogError::UnknownColumns`] for a column of the map that the table has not,
/// [`LogError::BadCell`] for what timing hangs on.
pub(crate) fn extract(text: &str, map: &ColumnMap) -> Result<Raw, LogError> {
    let header = text.lines().filter(|line| !line.trim().is_empty()).nth(map.header_lines.saturating_sub(1));
    let delimiter = map.delimiter.map_or_else(|| delimiter_of(header.unwrap_or_default()), |d| d.char());
    let table = rows(text, delimiter)?;
    if table.len() <= map.header_lines {
        return Err(LogError::NoSamples { key: KEYS.time });
    }
    let (head, data) = table.split_at(map.header_lines);
    let place = |key: &str, column: &ColumnRef| place_of(head.last(), key, column);
    let (time, bt) = (place("time.column", &map.time.column)?, place("columns.bt", &map.columns.bt)?);
    let mut findings = Vec::new();
    let mut data = data.to_vec();
    drop_incomplete(&mut data, &[time, bt], &mut findings);
    let numbers = Numbers { decimal_comma: map.decimal_comma, no_reading: map.no_reading.clone() };
    let (time_s, epoch) = times(&data, time, map.time.format, &numbers, &mut findings)?;
    let bt = numbers.readings(&data, bt, KEYS.bt, &mut findings)?;
    let mut raw = Raw::new(LogFormat::MappedCsv, KEYS, time_s, bt);
    (raw.unit, raw.epoch) = (Some(map.unit.into()), epoch);
    for (key, column, curve) in [
        ("columns.et", &map.columns.et, &mut raw.et),
        ("columns.inlet", &map.columns.inlet, &mut raw.inlet),
        ("columns.exhaust", &map.columns.exhaust, &mut raw.exhaust),
        ("columns.drum", &map.columns.drum, &mut raw.drum),
    ] {
        if let Some(column) = column {
            *curve = numbers.readings(&data, place(key, column)?, key, &mut findings)?;
        }
    }
    for (key, column, control) in [
        ("columns.gas_pct", &map.columns.gas_pct, Control::Heat),
        ("columns.air_pct", &map.columns.air_pct, Control::Air),
    ] {
        if let Some(column) = column {
            raw.controls.extend(changes(control, &numbers.percents(&data, place(key, column)?)));
        }
    }
    if let Some(events) = &map.events {
        raw.marks = marks(&data, place("events.column", &events.column)?, events);
    }
    add_charge(map, &mut raw, &mut findings);
    if epoch.is_none() {
        start::unknown("the column map tells no column with dates", &mut findings);
    }
    raw.findings = findings;
    Ok(raw)
}

/// The place of a column in the table, from 0.
fn place_of(header: Option<&Row<'_>>, key: &str, column: &ColumnRef) -> Result<usize, LogError> {
    let line = header.map_or(1, |row| row.line);
    let unknown = |detail: String| LogError::UnknownColumns { line, detail };
    match column {
        ColumnRef::Place(place) => Ok(place.saturating_sub(1)),
        ColumnRef::Name(name) => header
            .and_then(|row| row.cells.iter().position(|cell| plain_name(cell) == plain_name(name)))
            .ok_or_else(|| {
                unknown(format!("{key} of the column map is {name:?}, and no column has that name"))
            }),
    }
}

/// The times of the rows, s, and the wall time at which they are zero.
fn times(
    data: &[Row<'_>],
    column: usize,
    format: TimeFormat,
    numbers: &Numbers,
    findings: &mut Vec<Finding>,
) -> Result<(Vec<f64>, Option<EventTime>), LogError> {
    let scaled = |unit_s: f64, want| {
        numbers.times(data, column, KEYS.time, want, |cell| numbers.parse(cell).map(|t| t * unit_s))
    };
    let time_s = match format {
        TimeFormat::Seconds => scaled(1.0, "a time in seconds")?,
        TimeFormat::Milliseconds => scaled(1e-3, "a time in milliseconds")?,
        TimeFormat::Minutes => scaled(60.0, "a time in minutes")?,
        TimeFormat::MinutesSeconds => {
            note_sixtieths(data.iter().map(|row| row.cell(column)), findings);
            numbers.times(data, column, KEYS.time, "a time as mm:ss", minutes_seconds)?
        }
        TimeFormat::Iso => {
            let at = numbers.times(data, column, KEYS.time, "a date and time as in ISO 8601", instant)?;
            let zero = at.first().copied();
            return Ok((at.iter().map(|at| at.since_s(zero.unwrap_or_default())).collect(), zero));
        }
    };
    Ok((time_s, None))
}

fn marks(data: &[Row<'_>], column: usize, events: &EventColumn) -> Vec<MarkAt> {
    let own = |cell: &str| {
        let said = |words: &Vec<String>| words.iter().any(|word| plain_name(word) == plain_name(cell));
        events.words.iter().find(|(_, words)| said(words)).and_then(|(mark, _)| MarkKind::from_name(mark))
    };
    let mark = |(index, row): (usize, &Row<'_>)| {
        let cell = row.cell(column);
        let kind = own(cell).or_else(|| mark_named(cell))?;
        Some(MarkAt { kind, index, source: MarkSource::Operator, confidence: 0.9 })
    };
    data.iter().enumerate().filter_map(mark).collect()
}

/// Puts charge where the map says, when no event does.
fn add_charge(map: &ColumnMap, raw: &mut Raw, findings: &mut Vec<Finding>) {
    if map.charge == Some(Charge::FirstRow) && index_of(&raw.marks, MarkKind::Charge).is_none() {
        let (kind, source) = (MarkKind::Charge, MarkSource::Inferred);
        raw.marks.push(MarkAt { kind, index: 0, source, confidence: 0.6 });
        let detail = "the column map puts charge at the first row";
        findings.push(Finding::new(FindingCode::ChargeInferred, detail));
    }
}

//! Artisan's CSV export: tab separated, whole seconds, marks in a header and in a column.
//!
//! The first line tells date, unit and marks, all in minutes and seconds from START
//! of recording, as `Time1` does; `Time2` counts from charge and is not used. People
//! edit these headers, so a mark there is read with or without its colon. Where the
//! `Event` column has the mark too, the column stands.

use crate::cells::{Numbers, Row, column, drop_incomplete, rows};
use crate::clock::{minutes_seconds, note_sixtieths};
use crate::finish::{CurveKeys, Raw};
use crate::log::{Finding, FindingCode};
use crate::marks::{MarkAt, index_of, nearest};
use crate::words::mark_named;
use crate::{LogError, LogFormat, start};
use trier_roast::{EventTime, MarkKind, MarkSource, TempUnit};

const KEYS: CurveKeys = CurveKeys { time: "Time1", bt: "BT", et: "ET" };

/// Marks of the header by the word before their time.
const HEADER: [(&str, MarkKind); 8] = [
    ("CHARGE", MarkKind::Charge),
    ("DRYe", MarkKind::DryEnd),
    ("FCs", MarkKind::FirstCrackStart),
    ("FCe", MarkKind::FirstCrackEnd),
    ("SCs", MarkKind::SecondCrackStart),
    ("SCe", MarkKind::SecondCrackEnd),
    ("DROP", MarkKind::Drop),
    ("COOL", MarkKind::CoolEnd),
];

/// How sure a pressed button is, as in the `.alog`.
const CONFIDENCE: f64 = 0.9;

/// Whether a first line is that of this format.
pub(crate) fn is_header(line: &str) -> bool {
    line.starts_with("Date:") && line.contains("Unit:")
}

/// Takes an export apart.
///
/// # Errors
/// [`LogError::MissingColumn`] or [`LogError::BadCell`] for what timing hangs on.
pub(crate) fn extract(text: &str) -> Result<Raw, LogError> {
    let table = rows(text, '\t')?;
    let [head, names, data @ ..] = table.as_slice() else {
        return Err(LogError::NoSamples { key: KEYS.time });
    };
    let missing =
        |column| LogError::MissingColumn { format: LogFormat::ArtisanCsv, column, line: names.line };
    let time = column(names, &["time1"]).ok_or_else(|| missing("Time1"))?;
    let bt = column(names, &["bt"]).ok_or_else(|| missing("BT"))?;
    let et = column(names, &["et"]);
    let mut findings = Vec::new();
    let mut data = data.to_vec();
    drop_incomplete(&mut data, &[time, bt], &mut findings);
    let numbers = Numbers::default();
    let time_s = numbers.times(&data, time, KEYS.time, "a time as mm:ss", minutes_seconds)?;
    note_sixtieths(data.iter().map(|row| row.cell(time)), &mut findings);
    let bt = numbers.readings(&data, bt, KEYS.bt, &mut findings)?;
    let mut raw = Raw::new(LogFormat::ArtisanCsv, KEYS, time_s, bt);
    if let Some(et) = et {
        raw.et = numbers.readings(&data, et, KEYS.et, &mut findings)?;
    }
    for (curve, words) in [
        (&mut raw.inlet, ["inlet", "inlet temp", "air inlet"]),
        (&mut raw.exhaust, ["exhaust", "exhaust temp", "stack"]),
        (&mut raw.drum, ["drum temp", "drum temperature", "drum wall"]),
    ] {
        if let Some(place) = column(names, &words) {
            *curve = numbers.readings(&data, place, "an extra curve", &mut findings)?;
        }
    }
    if let Some(events) = column(names, &["event"]) {
        raw.marks = marks_in_rows(&data, events);
    }
    add_header_marks(head, &raw.time_s, &mut raw.marks, &mut findings);
    raw.unit = unit(head)?;
    raw.epoch = epoch(head, &mut findings);
    raw.findings = findings;
    Ok(raw)
}

fn pressed(kind: MarkKind, index: usize) -> MarkAt {
    MarkAt { kind, index, source: MarkSource::Operator, confidence: CONFIDENCE }
}

fn marks_in_rows(data: &[Row<'_>], column: usize) -> Vec<MarkAt> {
    let mark = |(index, row): (usize, &Row<'_>)| Some(pressed(mark_named(row.cell(column))?, index));
    data.iter().enumerate().filter_map(mark).collect()
}

/// Adds the header's marks that no row has, each on the row of its time.
fn add_header_marks(head: &Row<'_>, time_s: &[f64], marks: &mut Vec<MarkAt>, findings: &mut Vec<Finding>) {
    let mut added = Vec::new();
    for (word, kind) in HEADER {
        let Some(at_s) = value(head, word).and_then(minutes_seconds) else { continue };
        if index_of(marks, kind).is_none() && !time_s.is_empty() {
            marks.push(pressed(kind, nearest(time_s, at_s)));
            added.push(kind.name());
        }
    }
    if !added.is_empty() {
        let detail = format!("{}: only in the header, put on the rows of their times", added.join(", "));
        findings.push(Finding::new(FindingCode::MarkFromHeader, detail));
    }
}

/// What follows a word in the header, with or without a colon between.
fn value<'a>(head: &Row<'a>, word: &str) -> Option<&'a str> {
    let after = head.cells.iter().find_map(|cell| cell.strip_prefix(word))?;
    Some(after.strip_prefix(':').unwrap_or(after).trim()).filter(|value| !value.is_empty())
}

fn unit(head: &Row<'_>) -> Result<Option<TempUnit>, LogError> {
    match value(head, "Unit") {
        None => Ok(None),
        Some("C" | "c") => Ok(Some(TempUnit::Celsius)),
        Some("F" | "f") => Ok(Some(TempUnit::Fahrenheit)),
        Some(other) => {
            let got = format!("text of {} characters", other.chars().count());
            Err(LogError::BadCell { line: head.line, column: "Unit".to_owned(), got, want: "C or F" })
        }
    }
}

/// Wall time of START: day and minute, in a zone that the format does not tell.
fn epoch(head: &Row<'_>, findings: &mut Vec<Finding>) -> Option<EventTime> {
    let day = value(head, "Date").map(|date| {
        // 09.02.2021 as the program writes it; 2021-02-09 as people correct it.
        let parts: Vec<&str> = date.split('.').collect();
        if let [d, m, y] = parts.as_slice() { format!("{y}-{m}-{d}") } else { date.to_owned() }
    });
    let minute = value(head, "Time").map(|time| format!("{time}:00"));
    let at = day.zip(minute).and_then(|(day, minute)| start::local_time(&day, &minute, None));
    match at {
        Some(_) => start::inferred("Date and Time tell the minute, taken for UTC".to_owned(), findings),
        None => start::unknown("Date and Time tell no time", findings),
    }
    at
}

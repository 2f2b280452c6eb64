//! CSV kept by hand: a row each half minute, with what a display showed and a note.
//!
//! Time is in minutes since the beans went in, so charge is the first row. `heat` is
//! the position of a dial with no full scale. Dates are month, day, year, without an hour.

use crate::cells::{Numbers, Row, column, drop_incomplete, rows};
use crate::finish::{CurveKeys, Raw};
use crate::log::{Finding, FindingCode};
use crate::marks::MarkAt;
use crate::words::mark_named;
use crate::{LogError, LogFormat, start};
use trier_roast::{EventTime, MarkKind, MarkSource, TempUnit};

const KEYS: CurveKeys = CurveKeys { time: "time", bt: "temp", et: "" };

/// How sure a note in a row is: it was written down when somebody next looked.
const CONFIDENCE: f64 = 0.5;

/// Whether a first line is that of this format.
pub(crate) fn is_header(line: &str) -> bool {
    line.starts_with("name,date,time,heat,temp")
}

/// Takes a log apart.
///
/// # Errors
/// [`LogError::BadCell`] for what timing hangs on.
pub(crate) fn extract(text: &str) -> Result<Raw, LogError> {
    let table = rows(text, ',')?;
    let [names, data @ ..] = table.as_slice() else { return Err(LogError::NoSamples { key: KEYS.time }) };
    let (time, bt) = (2, 4);
    let mut findings = Vec::new();
    let mut data = data.to_vec();
    drop_incomplete(&mut data, &[time, bt], &mut findings);
    let numbers = Numbers::default();
    let minutes = numbers.times(&data, time, KEYS.time, "a time in minutes", |cell| numbers.parse(cell))?;
    let time_s = minutes.iter().map(|minutes| minutes * 60.0).collect();
    let bt = numbers.readings(&data, bt, KEYS.bt, &mut findings)?;
    let mut raw = Raw::new(LogFormat::HandCsv, KEYS, time_s, bt);
    let first = data.first();
    raw.title = first.map(|row| row.cell(0).to_owned()).unwrap_or_default();
    raw.unit = match first.zip(column(names, &["unit"])).map(|(row, unit)| row.cell(unit)) {
        Some("C" | "c") => Some(TempUnit::Celsius),
        Some("F" | "f") => Some(TempUnit::Fahrenheit),
        _ => None,
    };
    raw.epoch = epoch(first.map(|row| row.cell(1)).unwrap_or_default(), &mut findings);
    raw.marks = marks(&data, column(names, &["notes"]));
    if !data.is_empty() {
        let mut note = |code, detail: &str| findings.push(Finding::new(code, detail));
        note(FindingCode::ChargeInferred, "time counts from charge in this format: charge at the first row");
        note(FindingCode::ControlScaleUnclear, "heat: dial positions, full scale unknown");
    }
    raw.findings = findings;
    Ok(raw)
}

fn marks(data: &[Row<'_>], notes: Option<usize>) -> Vec<MarkAt> {
    let charge = (!data.is_empty()).then_some(MarkAt {
        kind: MarkKind::Charge,
        index: 0,
        source: MarkSource::Inferred,
        confidence: CONFIDENCE,
    });
    let noted = |(index, row): (usize, &Row<'_>)| {
        let kind = mark_named(row.cell(notes?)).filter(|kind| *kind != MarkKind::Charge)?;
        Some(MarkAt { kind, index, source: MarkSource::Operator, confidence: CONFIDENCE })
    };
    charge.into_iter().chain(data.iter().enumerate().filter_map(noted)).collect()
}

/// Midnight of the day of `12/18/21`.
fn epoch(text: &str, findings: &mut Vec<Finding>) -> Option<EventTime> {
    let parts: Vec<&str> = text.split('/').collect();
    let at = match parts.as_slice() {
        [m, d, y] if y.len() == 2 => start::local_time(&format!("20{y}-{m}-{d}"), "00:00:00", None),
        [m, d, y] => start::local_time(&format!("{y}-{m}-{d}"), "00:00:00", None),
        _ => None,
    };
    match at {
        Some(_) => start::inferred("date tells the day, no hour: taken for midnight".to_owned(), findings),
        None => start::unknown("date tells no day", findings),
    }
    at
}

//! CSV of the TC4 thermocouple shield, as pBourbon keeps it.
//!
//! Comment lines start with `#`: one names the columns, others are the marks `STRT`,
//! `FC` and `EJCT` with their times. `T0` is the bean probe, `T1` the air. The unit is
//! nowhere: the marks tell it, or nothing does.

use crate::cells::{Numbers, Row, drop_incomplete, plain_name, rows};
use crate::finish::{CurveKeys, Raw};
use crate::log::{Finding, FindingCode};
use crate::marks::{MarkAt, nearest};
use crate::words::mark_named;
use crate::{LogError, LogFormat, start};
use trier_roast::MarkSource;

const KEYS: CurveKeys = CurveKeys { time: "time", bt: "T0", et: "T1" };

/// Whether a line of comment is one of this format.
pub(crate) fn is_comment(line: &str) -> bool {
    line.starts_with("# time,ambient") || line.starts_with("# TC4")
}

/// Takes a log apart.
///
/// # Errors
/// [`LogError::MissingColumn`] without the line that names the columns,
/// [`LogError::BadCell`] for what timing hangs on.
pub(crate) fn extract(text: &str) -> Result<Raw, LogError> {
    let table = rows(text, ',')?;
    let (comments, mut data): (Vec<Row<'_>>, Vec<Row<'_>>) =
        table.into_iter().partition(|row| row.cell(0).starts_with('#'));
    let word = |row: &Row<'_>| plain_name(row.cell(0).trim_start_matches('#'));
    let named = comments.iter().find(|row| word(row) == "time");
    let place = |name: &str| named.and_then(|row| row.cells.iter().position(|cell| *cell == name));
    let bt = place(KEYS.bt).ok_or(LogError::MissingColumn {
        format: LogFormat::Tc4Csv,
        column: KEYS.bt,
        line: named.map_or(1, |row| row.line),
    })?;
    let mut findings = Vec::new();
    drop_incomplete(&mut data, &[0, bt], &mut findings);
    let numbers = Numbers::default();
    let time_s = numbers.times(&data, 0, KEYS.time, "a time in seconds", |cell| numbers.parse(cell))?;
    let bt = numbers.readings(&data, bt, KEYS.bt, &mut findings)?;
    let mut raw = Raw::new(LogFormat::Tc4Csv, KEYS, time_s, bt);
    if let Some(et) = place(KEYS.et) {
        raw.et = numbers.readings(&data, et, KEYS.et, &mut findings)?;
    }
    for row in &comments {
        let Some(at_s) = numbers.parse(row.cell(1)).filter(|_| row.cells.len() == 2) else { continue };
        match mark_named(row.cell(0).trim_start_matches('#')) {
            Some(kind) => {
                let index = nearest(&raw.time_s, at_s);
                raw.marks.push(MarkAt { kind, index, source: MarkSource::Operator, confidence: 0.9 });
            }
            None => {
                let detail = format!("line {}: an event with a name not known", row.line);
                findings.push(Finding::new(FindingCode::FieldIgnored, detail));
            }
        }
    }
    raw.device = "TC4 shield".to_owned();
    start::unknown("the format keeps no date", &mut findings);
    raw.findings = findings;
    Ok(raw)
}

//! A recorded roast beside a case: the simplest form that holds one, so that a reviewer can read it.
//!
//! Comment lines first, which are TOML behind their `#` and say what was roasted; then comma-separated values under
//! [`COLUMNS`]. A row is a sample, a mark, or both; an empty cell was not read. This reads our own form only: logs of
//! the roasting world are read by `sim import`.

use crate::error::{InputError, check_id, check_schema};
use csv::{ReaderBuilder, StringRecord, Trim};
use serde::Deserialize;
use std::path::Path;
use trier_roast::{EventTime, Mark, MarkKind, MarkSource, Reading, ReadingBody, Sample};

/// The schema this build reads.
const SCHEMA: &str = "roast-log/1";

/// The columns, in this order.
const COLUMNS: [&str; 6] = ["t_s", "bt_c", "et_c", "gas_pct", "air_pct", "mark"];

/// 2026-01-05T09:00:00Z: what second 0 of a log is taken for. Nothing depends on it.
const BEGINS: EventTime = EventTime::from_us(1_767_603_600_000_000);

/// One recorded roast.
#[derive(Clone, Debug, PartialEq)]
pub struct RoastLog {
    /// The machine it was roasted on, by an id.
    pub machine: String,
    /// The lot of beans, by an id.
    pub lot: String,
    /// Green coffee, kg.
    pub batch_kg: f64,
    /// BT at which the roaster meant to drop, °C; None when nobody said.
    pub drop_bt_c: Option<f64>,
    /// What was said, in order.
    pub readings: Vec<Reading>,
}

/// What the comment lines say.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    schema: String,
    machine: String,
    lot: String,
    batch_kg: f64,
    drop_bt_c: Option<f64>,
    /// For people: how the log came to be.
    #[serde(rename = "made")]
    _made: String,
}

impl RoastLog {
    /// Reads the log at `path`.
    ///
    /// # Errors
    /// A file that cannot be read; a head, a column or a cell that cannot be meant, by line and column.
    pub fn load(path: &Path) -> Result<Self, InputError> {
        let text = std::fs::read_to_string(path).map_err(|source| InputError::Read {
            path: path.to_owned(),
            hint: "a log is a CSV file as docs/golden.md says",
            source,
        })?;
        let head: String =
            text.lines().map_while(|line| line.strip_prefix('#')).map(|line| format!("{line}\n")).collect();
        let head: Head = toml::from_str(&head)
            .map_err(|source| InputError::Parse { path: path.to_owned(), source: Box::new(source) })?;
        check_schema(path, &head.schema, SCHEMA)?;
        check_id(path, "machine", &head.machine)?;
        check_id(path, "lot", &head.lot)?;
        if !(head.batch_kg > 0.0 && head.batch_kg.is_finite()) {
            let hint = "give the green coffee that was charged";
            return Err(InputError::value(path, "batch_kg", &head.batch_kg.to_string(), "above 0 kg", hint));
        }
        let readings = readings(path, &text)?;
        let Head { machine, lot, batch_kg, drop_bt_c, .. } = head;
        Ok(Self { machine, lot, batch_kg, drop_bt_c, readings })
    }

    /// When a mark of `kind` is said to have happened; of several the last said.
    #[must_use]
    pub fn marked(&self, kind: MarkKind) -> Option<Mark> {
        let marks = self.readings.iter().rev().filter_map(|reading| match reading.body {
            ReadingBody::Mark(mark) => Some(mark),
            ReadingBody::Sample(_) => None,
        });
        marks.into_iter().find(|mark| mark.kind == kind)
    }
}

fn readings(path: &Path, text: &str) -> Result<Vec<Reading>, InputError> {
    let mut rows = ReaderBuilder::new().comment(Some(b'#')).trim(Trim::All).from_reader(text.as_bytes());
    let broken = |error: &csv::Error| {
        let hint = "each row has a cell for every column";
        InputError::value(path, "rows", &error.to_string(), "comma-separated values", hint)
    };
    let columns = rows.headers().map_err(|error| broken(&error))?;
    if columns != &StringRecord::from(COLUMNS.as_slice()) {
        let got = columns.iter().collect::<Vec<_>>().join(",");
        return Err(InputError::value(path, "columns", &got, &COLUMNS.join(","), "see docs/golden.md"));
    }
    let (mut readings, mut last_s) = (Vec::new(), f64::NEG_INFINITY);
    for row in rows.records() {
        let row = row.map_err(|error| broken(&error))?;
        let row = Row { path, line: row.position().map_or(0, csv::Position::line), cells: &row };
        let t_s = row.time_s(last_s)?;
        last_s = t_s;
        readings.extend(row.readings(t_s)?);
    }
    if readings.is_empty() {
        return Err(InputError::value(
            path,
            "rows",
            "absent",
            "one or more",
            "a log without readings tells nothing",
        ));
    }
    Ok(readings)
}

/// One row, and where it stands.
struct Row<'a> {
    path: &'a Path,
    line: u64,
    cells: &'a StringRecord,
}

impl Row<'_> {
    fn cell(&self, column: usize) -> &str {
        self.cells.get(column).unwrap_or_default()
    }

    fn wrong(&self, column: usize, limit: &str, hint: &str) -> InputError {
        let key = format!("line {}, {}", self.line, COLUMNS[column]);
        InputError::value(self.path, &key, &format!("\"{}\"", self.cell(column)), limit, hint)
    }

    /// Seconds since the log began: not before those of the row above.
    fn time_s(&self, last_s: f64) -> Result<f64, InputError> {
        let t_s = self.cell(0).parse::<f64>().ok().filter(|t_s| t_s.is_finite());
        let t_s = t_s.ok_or_else(|| self.wrong(0, "seconds since the log began", "every row has a time"))?;
        if t_s < last_s {
            let limit = format!("{last_s} or more, as the row above");
            return Err(self.wrong(0, &limit, "rows are in order of time; a fault of a case can mix them"));
        }
        Ok(t_s)
    }

    /// The value of a channel; None when it was not read.
    fn value(&self, column: usize) -> Result<Option<f64>, InputError> {
        let text = self.cell(column);
        if text.is_empty() {
            return Ok(None);
        }
        // What a device says is kept as it is, -1 and 9999 too; what no device can say is a slip of the file.
        let value = text.parse::<f64>().ok().filter(|value| value.is_finite());
        value
            .map(Some)
            .ok_or_else(|| self.wrong(column, "a number, or empty", "leave the cell empty for not read"))
    }

    fn readings(&self, t_s: f64) -> Result<Vec<Reading>, InputError> {
        let at = BEGINS.plus_s(t_s);
        let [bt_c, et_c, gas_pct, air_pct] = [self.value(1)?, self.value(2)?, self.value(3)?, self.value(4)?];
        let mut readings = Vec::new();
        let is_only_mark = [bt_c, et_c, gas_pct, air_pct] == [None; 4] && !self.cell(5).is_empty();
        if !is_only_mark {
            let sample = Sample { bt_c, et_c, gas_pct, air_pct, ..Sample::default() };
            readings.push(Reading { at, body: ReadingBody::Sample(sample) });
        }
        if !self.cell(5).is_empty() {
            let (name, source) = match self.cell(5).strip_suffix(":device") {
                Some(name) => (name, MarkSource::Device),
                None => (self.cell(5), MarkSource::Operator),
            };
            let kind = MarkKind::from_name(name)
                .ok_or_else(|| self.wrong(5, "the name of a mark", "marks are named in docs/glossary.md"))?;
            readings
                .push(Reading { at, body: ReadingBody::Mark(Mark { kind, at, source, confidence: 1.0 }) });
        }
        Ok(readings)
    }
}

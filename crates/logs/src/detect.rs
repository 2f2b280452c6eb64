//! Which format a file is in, by its content; the name only settles ties.

use crate::cells::delimiter_of;
use crate::columns::ColumnMap;
use crate::finish::{Raw, finish};
use crate::log::RoastLog;
use crate::pyliteral::{self, Cause, LiteralError};
use crate::value::Value;
use crate::{
    LogError, agent, alog, artisan_csv, artisan_json, hand, klog, mapped, plain, roastime, roastime_csv, tc4,
    telemetry,
};
use serde_json::error::Category;

/// Largest file read, bytes. The largest real log known is 0.4 MB.
const BYTES_MAX: usize = 16 * 1024 * 1024;

/// Reads one roast from the bytes of a log file.
///
/// - `bytes`: the whole file, in any [`LogFormat`](crate::LogFormat) but the mapped one.
/// - `name`: the file's name without folders; used where content leaves a doubt.
///
/// # Errors
/// A [`LogError`] that says what is wrong, where, and what to do. No input panics.
pub fn read(bytes: &[u8], name: &str) -> Result<RoastLog, LogError> {
    read_with(bytes, name, None)
}

/// Reads as [`read`] does; a table in no format known here is read as `map` says.
///
/// # Errors
/// As [`read`].
pub fn read_with(bytes: &[u8], name: &str, map: Option<&ColumnMap>) -> Result<RoastLog, LogError> {
    if bytes.len() > BYTES_MAX {
        return Err(LogError::TooLarge { bytes: bytes.len(), limit: BYTES_MAX });
    }
    let unknown = |detail| Err(LogError::UnknownFormat { detail });
    let Ok(text) = core::str::from_utf8(bytes) else {
        return match bytes {
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => unknown("UTF-16 text; save it as UTF-8"),
            [b'P', b'K', ..] => unknown("a zip archive or a spreadsheet; unpack or export it first"),
            _ => unknown("neither UTF-8 text nor any binary format known here"),
        };
    };
    // Spreadsheets leave a byte-order mark; offsets in errors count from after it.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let raw = match text.trim_start().bytes().next() {
        None => return Err(LogError::EmptyFile),
        Some(b'{' | b'[') => structured(text, name)?,
        Some(_) => of_lines(text, name, map)?,
    };
    finish(raw, name)
}

/// What a file says that begins like JSON or a Python literal, if it is a log.
fn structured(text: &str, name: &str) -> Result<Raw, LogError> {
    // JSON first: it is the stricter of the two, and fails at the first single quote.
    let json_error = match serde_json::from_str::<serde_json::Value>(text) {
        Ok(json) => return of_json(Value::from(json), name),
        Err(error) => error,
    };
    match pyliteral::parse(text) {
        Ok(doc) if alog::is_profile(&doc) => alog::extract(&doc),
        Ok(_) => Err(LogError::UnknownFormat { detail: "a Python literal without timex and temp2" }),
        Err(error) => {
            let first_quote = text.bytes().find(|b| matches!(b, b'\'' | b'"'));
            let python = first_quote == Some(b'\'') || (first_quote.is_none() && is_named(name, ".alog"));
            Err(if python { literal_error(text, &error) } else { malformed_json(text, &json_error) })
        }
    }
}

/// What the document of a JSON file says, if it is a log.
fn of_json(doc: Value, name: &str) -> Result<Raw, LogError> {
    if roastime::is_roast(&doc) {
        return roastime::extract(&doc);
    }
    // A dict without booleans is the same text in Python and in JSON.
    if alog::is_profile(&doc) && is_named(name, ".alog") {
        return alog::extract(&doc);
    }
    if telemetry::is_collection(&doc) {
        return telemetry::extract(&doc);
    }
    let has = |key| doc.get(key).is_some();
    if has("totalTime") && has("roastName") {
        return Err(LogError::NotALog { detail: "a recipe for a roaster, with no measured curve" });
    }
    if has("first_crack_at_utc") || has("beans_added_at_utc") {
        return Err(LogError::NotALog {
            detail: "a summary of a roast without its curves; give the log beside it",
        });
    }
    match artisan_json::profile(doc) {
        Some((profile, wrapped)) => artisan_json::extract(profile, wrapped),
        None => Err(LogError::UnknownFormat { detail: "JSON without the keys of a roast" }),
    }
}

/// What a file of lines says, if it is a log.
fn of_lines(text: &str, name: &str, map: Option<&ColumnMap>) -> Result<Raw, LogError> {
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    let head: Vec<&str> = lines().take(100).collect();
    let first = head.first().copied().unwrap_or_default();
    let any = |is: fn(&str) -> bool| head.iter().any(|line| is(line));
    if artisan_csv::is_header(first) {
        artisan_csv::extract(text)
    } else if klog::is_head(&head) {
        klog::extract(text)
    } else if any(roastime_csv::is_timeline) {
        roastime_csv::extract(text)
    } else if any(tc4::is_comment) {
        tc4::extract(text)
    } else if agent::is_header(first) {
        agent::extract(text)
    } else if hand::is_header(first) {
        hand::extract(text)
    } else if let Some(map) = map {
        mapped::extract(text, map)
    } else if is_table(&head) && !is_named(name, ".md") && !is_named(name, ".txt") {
        plain::extract(text)
    } else {
        Err(LogError::UnknownFormat { detail: "text that is neither a log nor a table" })
    }
}

/// Whether the second line has as many cells as the first, and a number.
fn is_table(head: &[&str]) -> bool {
    let [first, second, ..] = head else { return false };
    let delimiter = delimiter_of(first);
    let columns = first.split(delimiter).count();
    let number = |cell: &str| cell.trim().parse::<f64>().is_ok();
    columns > 1 && second.split(delimiter).count() == columns && second.split(delimiter).any(number)
}

fn is_named(name: &str, ending: &str) -> bool {
    name.to_lowercase().ends_with(ending)
}

fn literal_error(text: &str, error: &LiteralError) -> LogError {
    let line = pyliteral::line_of(text, error.at);
    match &error.cause {
        Cause::Open(what, began) => {
            LogError::Truncated { at: error.at, line, open: format!("{what} that began at byte {began}") }
        }
        Cause::Fault(detail) => LogError::Malformed {
            notation: "Artisan .alog",
            at: error.at,
            line,
            detail: (*detail).to_owned(),
        },
    }
}

fn malformed_json(text: &str, error: &serde_json::Error) -> LogError {
    let line = error.line();
    if error.classify() == Category::Eof {
        let said = error.to_string();
        let open = ["a string", "a list", "an object"].into_iter().find(|what| said.contains(what));
        return LogError::Truncated { at: text.len(), line, open: open.unwrap_or("a value").to_owned() };
    }
    let line_start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let said = error.to_string();
    let detail = said.split(" at line ").next().unwrap_or(&said).to_owned();
    // Columns count bytes from 1.
    let at = line_start + error.column().saturating_sub(1);
    LogError::Malformed { notation: "JSON", at, line, detail }
}

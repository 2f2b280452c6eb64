//! Kaffelogic `.klog`: a header of settings, then a row each second, with marks between rows.
//!
//! Always °C. The recording begins with the beans already in: charge is the first row,
//! and BT climbs from room temperature. `mean_temp` is the curve the roaster itself
//! follows; `power_kW` over `heater_power_available` is the heat in %.

use crate::LogError;
use crate::LogFormat;
use crate::cells::{Numbers, Row, drop_incomplete, rows};
use crate::controls::{Control, changes};
use crate::finish::{CurveKeys, Raw};
use crate::machine::machine_key;
use crate::marks::{MarkAt, nearest};
use crate::start;
use crate::weight::Weights;
use crate::words::mark_named;
use trier_roast::{EventTime, MarkKind, MarkSource, TempUnit};

const KEYS: CurveKeys = CurveKeys { time: "time", bt: "mean_temp", et: "" };

/// The curves that can stand for BT, best first.
const BT: [&str; 3] = ["mean_temp", "temp", "spot_temp"];

/// Whether a head of lines is that of this format, or of the profiles beside it.
pub(crate) fn is_head(head: &[&str]) -> bool {
    head.iter().any(|line| line.starts_with("profile_schema_version:"))
}

/// Takes a log apart.
///
/// # Errors
/// [`LogError::NotALog`] for a profile, [`LogError::MissingColumn`] or
/// [`LogError::BadCell`] for what timing hangs on.
pub(crate) fn extract(text: &str) -> Result<Raw, LogError> {
    let table = rows(text, '\t')?;
    let Some(head) = table.iter().position(|row| name_of(row.cell(0)) == "time") else {
        return Err(LogError::NotALog { detail: "a Kaffelogic profile, with no measured curve" });
    };
    let setting = |key: &str| {
        let named = |row: &Row<'_>| {
            row.cell(0).split_once(':').filter(|(k, _)| *k == key).map(|(_, v)| v.trim().to_owned())
        };
        table[..head].iter().find_map(named)
    };
    let names = &table[head];
    let place = |name: &str| names.cells.iter().position(|cell| name_of(cell) == name);
    let bt = BT.iter().find_map(|name| place(name));
    let bt =
        bt.ok_or(LogError::MissingColumn { format: LogFormat::Klog, column: KEYS.bt, line: names.line })?;
    let (said, mut data): (Vec<Row<'_>>, Vec<Row<'_>>) =
        table[head + 1..].iter().cloned().partition(|row| row.cell(0).starts_with('!'));
    let mut findings = Vec::new();
    drop_incomplete(&mut data, &[0, bt], &mut findings);
    let numbers = Numbers::default();
    let time_s = numbers.times(&data, 0, KEYS.time, "a time in seconds", |cell| numbers.parse(cell))?;
    let bt = numbers.readings(&data, bt, KEYS.bt, &mut findings)?;
    let mut raw = Raw::new(LogFormat::Klog, KEYS, time_s, bt);
    raw.unit = Some(TempUnit::Celsius);
    raw.device = "Kaffelogic".to_owned();
    raw.title = setting("profile_short_name").unwrap_or_default();
    raw.machine_key = setting("model").and_then(|model| machine_key(&model));
    raw.marks = marks(&said, &raw.time_s, &numbers);
    let full_w = setting("heater_power_available").and_then(|w| numbers.parse(&w)).filter(|w| *w > 0.0);
    if let Some((place, full_w)) = place("power_kW").zip(full_w) {
        let percent = |kw: Option<f64>| kw.map(|kw| kw * 1e5 / full_w);
        let percents: Vec<_> = numbers.percents(&data, place).into_iter().map(percent).collect();
        raw.controls = changes(Control::Heat, &percents);
    }
    let green = setting("boost_load_size").and_then(|g| numbers.parse(&g)).unwrap_or(0.0);
    raw.weights = Weights { green, roasted: 0.0, unit: "g".to_owned(), machine_kg: 0.0 };
    raw.epoch = setting("roast_date").and_then(|date| epoch(&date));
    if raw.epoch.is_none() {
        start::unknown("roast_date tells no time", &mut findings);
    }
    raw.findings = findings;
    Ok(raw)
}

/// A column's name without the marks that say how it is drawn.
fn name_of(cell: &str) -> &str {
    cell.trim_start_matches(['#', '=', '^'])
}

/// Marks said between rows, such as `!first_crack:362.526`, and charge at the first row.
fn marks(said: &[Row<'_>], time_s: &[f64], numbers: &Numbers) -> Vec<MarkAt> {
    let device = |kind, index| MarkAt { kind, index, source: MarkSource::Device, confidence: 0.9 };
    let mark = |row: &Row<'_>| {
        let (word, at) = row.cell(0).strip_prefix('!')?.split_once(':')?;
        Some(device(mark_named(word)?, nearest(time_s, numbers.parse(at.trim())?)))
    };
    let charge = (!time_s.is_empty()).then(|| device(MarkKind::Charge, 0));
    charge.into_iter().chain(said.iter().filter_map(mark)).collect()
}

/// The time of `20/03/2026 23:12:03 UTC`.
fn epoch(text: &str) -> Option<EventTime> {
    let mut words = text.split_whitespace();
    let (date, time) = (words.next()?, words.next()?);
    let parts: Vec<&str> = date.split('/').collect();
    let [d, m, y] = parts.as_slice() else { return None };
    start::local_time(&format!("{y}-{m}-{d}"), time, None)
}

//! RoasTime's roast report as CSV: a few lines about the roast, milestones, a timeline.
//!
//! Always °C. Milestones are given by index and by time, the index at two a second
//! although the rows may be one a second, so the times are used. The timeline is from
//! charge to drop. Power goes from 0 to 9 and the fan to 12, as in the JSON.

use crate::cells::{Numbers, Row, column, drop_incomplete, rows};
use crate::clock::minutes_seconds;
use crate::controls::{Control, changes};
use crate::finish::{CurveKeys, Raw};
use crate::marks::{MarkAt, nearest};
use crate::words::mark_named;
use crate::{LogError, LogFormat, start};
use trier_roast::{MarkKind, MarkSource, TempUnit};

const KEYS: CurveKeys = CurveKeys { time: "Time", bt: "Bean Probe Temp", et: "" };

/// Whether a line begins the timeline of such a report.
pub(crate) fn is_timeline(line: &str) -> bool {
    line.starts_with("Timeline,") && line.contains("Bean Probe Temp")
}

/// Takes a report apart.
///
/// # Errors
/// [`LogError::MissingColumn`] or [`LogError::BadCell`] for what timing hangs on.
pub(crate) fn extract(text: &str) -> Result<Raw, LogError> {
    let table = rows(text, ',')?;
    let head = table.iter().position(|row| row.cell(0) == "Timeline").unwrap_or(0);
    let names = table.get(head).ok_or(LogError::NoSamples { key: KEYS.time })?;
    let place = |name: &str| column(names, &[name]);
    let missing =
        |column| LogError::MissingColumn { format: LogFormat::RoasTimeCsv, column, line: names.line };
    let time = place("time").ok_or_else(|| missing(KEYS.time))?;
    let bt = place("bean probe temp").ok_or_else(|| missing(KEYS.bt))?;
    let mut findings = Vec::new();
    let mut data = table[head + 1..].to_vec();
    drop_incomplete(&mut data, &[time, bt], &mut findings);
    let numbers = Numbers::default();
    let time_s = numbers.times(&data, time, KEYS.time, "a time as m:ss", minutes_seconds)?;
    let bt = numbers.readings(&data, bt, KEYS.bt, &mut findings)?;
    let mut raw = Raw::new(LogFormat::RoasTimeCsv, KEYS, time_s, bt);
    raw.unit = Some(TempUnit::Celsius);
    raw.device = "Aillio Bullet".to_owned();
    raw.title = table[..head].first().map(|row| row.cell(0).to_owned()).unwrap_or_default();
    if let Some(ibts) = place("ibts temp") {
        raw.drum = numbers.readings(&data, ibts, "IBTS Temp", &mut findings)?;
    }
    for (control, name, full) in [(Control::Heat, "power setting", 9.0), (Control::Air, "fan setting", 12.0)]
    {
        if let Some(column) = place(name) {
            let percent = |value: Option<f64>| value.map(|v| v / full * 100.0);
            let percents: Vec<_> = numbers.percents(&data, column).into_iter().map(percent).collect();
            raw.controls.extend(changes(control, &percents));
        }
    }
    raw.marks = milestones(&table[..head], &raw.time_s);
    start::unknown("the report tells the day in the user's own way, and no hour", &mut findings);
    raw.findings = findings;
    Ok(raw)
}

/// Marks of the milestones, with charge and drop at the ends of the timeline.
fn milestones(lines: &[Row<'_>], time_s: &[f64]) -> Vec<MarkAt> {
    let Some(last) = time_s.len().checked_sub(1) else { return Vec::new() };
    let device = |kind, index| MarkAt { kind, index, source: MarkSource::Device, confidence: 1.0 };
    let mut marks = vec![device(MarkKind::Charge, 0), device(MarkKind::Drop, last)];
    let mut named = None;
    for row in lines {
        named = mark_named(row.cell(0)).or(named.filter(|_| row.cell(0).is_empty()));
        let Some(kind) = named else { continue };
        // Under the name: index and time of the start, and of the end where there is one.
        for (kind, place) in [(Some(kind), 2), (end_of(kind), 5)] {
            if let Some((kind, at_s)) = kind.zip(minutes_seconds(row.cell(place))) {
                let index = nearest(time_s, at_s);
                marks.push(MarkAt { kind, index, source: MarkSource::Operator, confidence: 0.9 });
            }
        }
    }
    marks
}

/// The mark that ends what `kind` starts.
fn end_of(kind: MarkKind) -> Option<MarkKind> {
    match kind {
        MarkKind::FirstCrackStart => Some(MarkKind::FirstCrackEnd),
        MarkKind::SecondCrackStart => Some(MarkKind::SecondCrackEnd),
        _ => None,
    }
}

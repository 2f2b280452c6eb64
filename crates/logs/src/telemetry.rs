//! Telemetry messages collected as JSON, as yaeger's page saves them.
//!
//! `measurements` holds one message a second with its wall time, `events` the marks
//! somebody pressed, each with the measurement it was pressed at. The unit is not
//! stated: the marks tell it.

use crate::clock::instant;
use crate::controls::{Control, changes};
use crate::finish::{CurveKeys, Raw};
use crate::marks::{MarkAt, nearest};
use crate::value::{Value, readings_of};
use crate::words::mark_named;
use crate::{LogError, LogFormat};
use trier_roast::{EventTime, MarkSource};

const KEYS: CurveKeys = CurveKeys { time: "measurements", bt: "BT", et: "ET" };

/// Whether a document is such a collection.
pub(crate) fn is_collection(doc: &Value) -> bool {
    doc.get("measurements").is_some() && doc.get("startDate").is_some()
}

/// Takes a collection apart.
///
/// # Errors
/// [`LogError::BadValue`] for a measurement without time, or a temperature that is none.
pub(crate) fn extract(doc: &Value) -> Result<Raw, LogError> {
    let items = doc.list(KEYS.time)?.unwrap_or_default();
    let at = |(i, item): (usize, &Value)| {
        let no_time = || item.bad(KEYS.time, Some(i), "a measurement with a timestamp");
        time_of(item).ok_or_else(no_time)
    };
    let at = items.iter().enumerate().map(at).collect::<Result<Vec<EventTime>, _>>()?;
    let zero = at.first().copied();
    let since = |at: EventTime| at.since_s(zero.unwrap_or_default());
    let values = |key: &str| -> Vec<Value> {
        let value = |item: &Value| item.get("message").and_then(|m| m.get(key)).cloned();
        items.iter().map(|item| value(item).unwrap_or(Value::None)).collect()
    };
    let bt = readings_of(&values(KEYS.bt), KEYS.bt)?;
    let mut raw = Raw::new(LogFormat::TelemetryJson, KEYS, at.iter().map(|at| since(*at)).collect(), bt);
    raw.et = readings_of(&values(KEYS.et), KEYS.et)?;
    raw.epoch = zero;
    for (control, key) in [(Control::Heat, "BurnerVal"), (Control::Air, "FanVal")] {
        let percents: Vec<_> = values(key).iter().map(Value::as_number).collect();
        raw.controls.extend(changes(control, &percents));
    }
    let mark = |event: &Value| {
        let kind = mark_named(event.text("label").ok()??)?;
        let index = nearest(&raw.time_s, since(event.get("measurement").and_then(time_of)?));
        Some(MarkAt { kind, index, source: MarkSource::Operator, confidence: 0.9 })
    };
    raw.marks = doc.list("events")?.unwrap_or_default().iter().filter_map(mark).collect();
    Ok(raw)
}

fn time_of(item: &Value) -> Option<EventTime> {
    instant(item.text("timestamp").ok()??)
}

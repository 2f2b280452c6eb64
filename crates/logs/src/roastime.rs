//! RoasTime JSON, the Aillio Bullet's log: what its keys mean.
//!
//! Always °C. Curves come at `sampleRate` per second and have no times of their
//! own; marks are sample indices, unset at 0. The machine itself sets the start
//! and the end of the roast, a person the cracks.

use crate::alog::plausible;
use crate::controls::{Control, ControlEvent};
use crate::finish::{CurveKeys, Raw};
use crate::log::{Finding, FindingCode};
use crate::marks::MarkAt;
use crate::number::shortest;
use crate::value::Value;
use crate::weight::Weights;
use crate::{LogError, LogFormat, machine, start};
use trier_roast::{EventTime, MarkKind, MarkSource, TempUnit};

/// RoasTime keeps no times; the bean curve's positions stand for them.
const KEYS: CurveKeys = CurveKeys { time: "beanTemperature", bt: "beanTemperature", et: "exitTemperature" };

/// Heat positions of a Bullet: P0 to P9.
const POWER_MAX: f64 = 9.0;

/// Fan positions of a Bullet: F0 to F12.
const FAN_MAX: f64 = 12.0;

/// Whether a document has the keys of a RoasTime roast.
pub(crate) fn is_roast(doc: &Value) -> bool {
    doc.get(KEYS.bt).is_some()
}

/// Takes a roast's object apart.
///
/// # Errors
/// [`LogError::BadValue`] for what timing hangs on, such as a mark between two samples;
/// the rest becomes a finding.
pub(crate) fn extract(doc: &Value) -> Result<Raw, LogError> {
    let mut findings = Vec::new();
    let bt = doc.readings(KEYS.bt)?.ok_or(LogError::MissingKey { key: KEYS.bt })?;
    let rate = doc.number("sampleRate")?.ok_or(LogError::MissingKey { key: "sampleRate" })?;
    if !(0.1..=1000.0).contains(&rate) {
        return Err(Value::Float(rate).bad("sampleRate", None, "0.1 to 1000 samples per second"));
    }
    #[allow(clippy::cast_precision_loss)] // Indices of a file in memory.
    let time_s = (0..bt.len()).map(|i| i as f64 / rate).collect();
    Ok(Raw {
        format: LogFormat::RoasTimeJson,
        device: "Aillio Bullet".to_owned(),
        title: doc.text("roastName").ok().flatten().unwrap_or_default().trim().to_owned(),
        is_fork: doc.get("isFork").is_some_and(|v| matches!(v, Value::Bool(true) | Value::Int(1))),
        machine_key: machine_key(doc),
        unit: Some(TempUnit::Celsius),
        epoch: epoch(doc, &mut findings),
        keys: KEYS,
        et: Vec::new(),
        inlet: Vec::new(),
        exhaust: side_curve(doc, KEYS.et, bt.len(), &mut findings),
        drum: side_curve(doc, "drumTemperature", bt.len(), &mut findings),
        controls: controls(doc),
        marks: marks(doc, bt.len())?,
        declared_interval_s: None,
        weights: Weights {
            green: weight(doc, "weightGreen", &mut findings),
            roasted: weight(doc, "weightRoasted", &mut findings),
            unit: "g".to_owned(),
            machine_kg: 0.0,
        },
        time_s,
        bt,
        findings,
    })
}

/// The wall time of the first sample: `dateTime`, in ms.
fn epoch(doc: &Value, findings: &mut Vec<Finding>) -> Option<EventTime> {
    let Some(value) = doc.get("dateTime") else {
        start::unknown("dateTime is absent", findings);
        return None;
    };
    let Some(ms) = value.as_number() else {
        start::unknown("dateTime is no number", findings);
        return None;
    };
    let at = start::wall_time(ms / 1000.0);
    let in_seconds = start::wall_time(ms);
    if at.is_none() && in_seconds.is_some() {
        start::inferred("dateTime is no time in ms: read as seconds".to_owned(), findings);
    } else if at.is_none() {
        start::unknown(&format!("dateTime is {} ms, not in 2000 to 2099", shortest(ms)), findings);
    }
    at.or(in_seconds)
}

/// What stands for the serial number, see [`RoastLog::machine_key`](crate::RoastLog::machine_key).
fn machine_key(doc: &Value) -> Option<String> {
    let serial = match doc.get("serialNumber")? {
        Value::Int(number) if *number > 0 => number.to_string(),
        Value::Text(text) => text.trim().to_owned(),
        _ => return None,
    };
    machine::machine_key(&serial)
}

/// A curve beside BT: left out with a finding when it has another length or type,
/// and when it never rises above freezing, as the exit probe of most Bullets.
fn side_curve(
    doc: &Value,
    key: &'static str,
    samples: usize,
    findings: &mut Vec<Finding>,
) -> Vec<Option<f64>> {
    let (code, detail) = match doc.readings(key) {
        Ok(None) => return Vec::new(),
        Ok(Some(curve)) if curve.len() != samples => {
            (FindingCode::FieldIgnored, format!("{key}: {} values for {samples} samples", curve.len()))
        }
        Ok(Some(curve)) if !plausible(&curve) => {
            (FindingCode::ProbeAbsent, format!("{key}: never above freezing; left out"))
        }
        Ok(Some(curve)) => return curve,
        Err(error) => (FindingCode::FieldIgnored, error.to_string()),
    };
    findings.push(Finding::new(code, detail));
    Vec::new()
}

fn marks(doc: &Value, samples: usize) -> Result<Vec<MarkAt>, LogError> {
    use MarkSource::{Device, Operator};
    const MARKS: [(&str, MarkKind, MarkSource); 7] = [
        ("roastStartIndex", MarkKind::Charge, Device),
        ("indexYellowingStart", MarkKind::DryEnd, Operator),
        ("indexFirstCrackStart", MarkKind::FirstCrackStart, Operator),
        ("indexFirstCrackEnd", MarkKind::FirstCrackEnd, Operator),
        ("indexSecondCrackStart", MarkKind::SecondCrackStart, Operator),
        ("indexSecondCrackEnd", MarkKind::SecondCrackEnd, Operator),
        ("roastEndIndex", MarkKind::Drop, Device),
    ];
    let mut marks = Vec::new();
    for (key, kind, source) in MARKS {
        let Some(value) = doc.number(key)? else { continue };
        if value < 0.0 || (value <= 0.0 && kind != MarkKind::Charge) {
            continue;
        }
        if value.fract() != 0.0 {
            return Err(Value::Float(value).bad(key, None, "a whole number"));
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Saturates, then is out of range.
        let mut index = value as usize;
        if kind == MarkKind::Drop && index == samples {
            index -= 1; // The end index is one past the last sample.
        }
        let confidence = if source == Device { 1.0 } else { 0.9 };
        marks.push(MarkAt { kind, index, source, confidence });
    }
    Ok(marks)
}

/// Heat and fan positions as % of full. Anything unreadable among them is no position.
fn controls(doc: &Value) -> Vec<ControlEvent> {
    let list = doc.get("actions").and_then(|actions| actions.list("actionTimeList").ok().flatten());
    let event = |action: &Value| {
        let number = |key| action.get(key).and_then(Value::as_number);
        let (index, value, kind) = (number("index")?, number("value")?, number("ctrlType")?);
        if [index, kind].iter().any(|n| *n < 0.0 || n.fract() != 0.0) {
            return None;
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        // Saturates; controls of the drum are 2.
        let (index, slider) = (index as usize, kind as usize);
        let (control, full) = match slider {
            0 => (Control::Heat, POWER_MAX),
            1 => (Control::Air, FAN_MAX),
            _ => return None,
        };
        (0.0..=full).contains(&value).then(|| ControlEvent {
            index,
            slider,
            control,
            percent: value / full * 100.0,
        })
    };
    list.unwrap_or_default().iter().filter_map(event).collect()
}

/// A weight in g, which RoasTime writes as a number or as text; 0 when not entered.
fn weight(doc: &Value, key: &'static str, findings: &mut Vec<Finding>) -> f64 {
    let detail = match doc.get(key) {
        None => return 0.0,
        Some(Value::Text(text)) if text.trim().is_empty() => return 0.0,
        Some(Value::Text(text)) => match text.trim().parse::<f64>() {
            Ok(grams) => {
                findings.push(Finding::new(
                    FindingCode::NumberAsText,
                    format!("{key}: text read as {} g", shortest(grams)),
                ));
                return grams;
            }
            Err(_) => format!("{key}: text that is no number"),
        },
        Some(value) => match value.as_number() {
            Some(grams) => return grams,
            None => format!("{key}: neither number nor text"),
        },
    };
    findings.push(Finding::new(FindingCode::FieldIgnored, detail));
    0.0
}

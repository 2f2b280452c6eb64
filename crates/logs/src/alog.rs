//! Artisan `.alog`: what the keys of the dict mean.
//!
//! Key facts: `timex` counts from START of recording; `temp1` is ET and `temp2`
//! BT; `timeindex` holds eight sample indices, of which charge is unset at -1 and
//! the others at 0; `roastepoch` is the wall time of START.

use crate::controls::{Control, ControlEvent};
use crate::finish::{CurveKeys, Raw};
use crate::log::{Finding, FindingCode};
use crate::marks::MarkAt;
use crate::number::shortest;
use crate::value::{Value, readings_of};
use crate::weight::Weights;
use crate::{LogError, LogFormat, pyliteral, start};
use trier_roast::{EventTime, MarkKind, MarkSource, TempUnit};

const KEYS: CurveKeys = CurveKeys { time: "timex", bt: "temp2", et: "temp1" };

/// The marks of `timeindex`, in its order.
const TIMEINDEX: [MarkKind; 8] = [
    MarkKind::Charge,
    MarkKind::DryEnd,
    MarkKind::FirstCrackStart,
    MarkKind::FirstCrackEnd,
    MarkKind::SecondCrackStart,
    MarkKind::SecondCrackEnd,
    MarkKind::Drop,
    MarkKind::CoolEnd,
];

/// How sure a pressed button is: people press a few seconds late, or move the mark.
const OPERATOR_CONFIDENCE: f64 = 0.9;

/// Whether a document has the keys of an Artisan profile.
pub(crate) fn is_profile(doc: &Value) -> bool {
    doc.get("timex").is_some() && (doc.get("temp2").is_some() || doc.get("timeindex").is_some())
}

/// Takes a profile's dict apart.
///
/// # Errors
/// [`LogError::BadValue`] or [`LogError::MissingKey`] for what timing hangs on;
/// the rest becomes a finding.
pub(crate) fn extract(doc: &Value) -> Result<Raw, LogError> {
    let mut findings = Vec::new();
    let etypes = etypes(doc, &mut findings);
    let [inlet, exhaust, drum] = extra_curves(doc, &etypes, &mut findings);
    Ok(Raw {
        format: LogFormat::ArtisanAlog,
        device: device(doc, &mut findings),
        title: plain_text(doc, "title", &mut findings),
        is_fork: false,
        machine_key: None,
        unit: unit(doc)?,
        epoch: epoch(doc, &mut findings),
        keys: KEYS,
        time_s: times(doc)?,
        bt: doc.readings(KEYS.bt)?.ok_or(LogError::MissingKey { key: KEYS.bt })?,
        et: doc.readings(KEYS.et)?.unwrap_or_default(),
        inlet,
        exhaust,
        drum,
        controls: or_ignored(controls(doc, &etypes), &mut findings),
        marks: marks(doc)?,
        declared_interval_s: or_ignored(doc.number("samplinginterval"), &mut findings),
        weights: or_ignored(weights(doc), &mut findings),
        findings,
    })
}

/// The value, or nothing and a finding: for keys that timing does not hang on.
fn or_ignored<T: Default>(result: Result<T, LogError>, findings: &mut Vec<Finding>) -> T {
    result.unwrap_or_else(|error| {
        findings.push(Finding::new(FindingCode::FieldIgnored, error.to_string()));
        T::default()
    })
}

fn unit(doc: &Value) -> Result<Option<TempUnit>, LogError> {
    let want = "'C' or 'F'";
    match doc.get("mode") {
        None => Ok(None),
        Some(Value::Text(mode)) => match mode.trim() {
            "C" | "c" => Ok(Some(TempUnit::Celsius)),
            "F" | "f" => Ok(Some(TempUnit::Fahrenheit)),
            "" => Ok(None),
            _ => Err(Value::Text(mode.clone()).bad("mode", None, want)),
        },
        Some(other) => Err(other.bad("mode", None, want)),
    }
}

fn times(doc: &Value) -> Result<Vec<f64>, LogError> {
    let items = doc.list(KEYS.time)?.ok_or(LogError::MissingKey { key: KEYS.time })?;
    let time =
        |(i, v): (usize, &Value)| v.as_number().ok_or_else(|| v.bad(KEYS.time, Some(i), "a time in seconds"));
    items.iter().enumerate().map(time).collect()
}

/// The wall time of START: `roastepoch`, else the local time of older versions.
fn epoch(doc: &Value, findings: &mut Vec<Finding>) -> Option<EventTime> {
    let said = doc.get("roastepoch").map(Value::as_number);
    if let Some(at) = said.flatten().and_then(start::wall_time) {
        return Some(at);
    }
    let why = match said {
        None => "roastepoch is absent".to_owned(),
        Some(None) => "roastepoch is no number".to_owned(),
        Some(Some(seconds)) => format!("roastepoch is {}, not in 2000 to 2099", shortest(seconds)),
    };
    let text = |key| doc.text(key).ok().flatten();
    let west_s = doc.get("roasttzoffset").and_then(Value::as_number);
    let local = text("roastisodate").zip(text("roasttime"));
    let Some(at) = local.and_then(|(date, time)| start::local_time(date, time, west_s)) else {
        let why = format!("{why}, and roastisodate and roasttime tell no time either");
        start::unknown(&why, findings);
        return None;
    };
    // The offset is that of winter in every file seen, so summer roasts are an hour late.
    let zone = west_s.map_or_else(
        || "taken for UTC".to_owned(),
        |west_s| format!("{} s west of UTC, summer time unknown", shortest(west_s)),
    );
    start::inferred(format!("{why}: from roastisodate and roasttime, {zone}"), findings);
    Some(at)
}

fn marks(doc: &Value) -> Result<Vec<MarkAt>, LogError> {
    let indices = doc.integers("timeindex")?;
    let unset = |kind| if kind == MarkKind::Charge { -1 } else { 0 };
    let set = TIMEINDEX.into_iter().zip(indices).filter(|(kind, index)| *index > unset(*kind));
    Ok(set
        .map(|(kind, index)| MarkAt {
            kind,
            index: usize::try_from(index).unwrap_or(usize::MAX),
            source: MarkSource::Operator,
            confidence: OPERATOR_CONFIDENCE,
        })
        .collect())
}

fn weights(doc: &Value) -> Result<Weights, LogError> {
    let Some(items) = doc.list("weight")? else { return Ok(Weights::default()) };
    let machine_kg = doc.get("roastersize").and_then(Value::as_number).unwrap_or(0.0);
    match items {
        [green, roasted, Value::Text(unit)] => {
            let number = |i, v: &Value| v.as_number().ok_or_else(|| v.bad("weight", Some(i), "a number"));
            Ok(Weights {
                green: number(0, green)?,
                roasted: number(1, roasted)?,
                unit: unit.trim().to_owned(),
                machine_kg,
            })
        }
        _ => Err(Value::List(items.to_vec()).bad("weight", None, "[in, out, unit]")),
    }
}

/// The machine in the file's words: its type, else its set-up, else its devices.
fn device(doc: &Value, findings: &mut Vec<Finding>) -> String {
    for key in ["roastertype", "machinesetup"] {
        let words = plain_text(doc, key, findings);
        if !words.is_empty() {
            return words;
        }
    }
    or_ignored(doc.texts("devices"), findings).join(",")
}

/// The text under `key`, unescaped once more where a program escaped it twice.
fn plain_text(doc: &Value, key: &'static str, findings: &mut Vec<Finding>) -> String {
    let text = or_ignored(doc.text(key).map(|t| t.unwrap_or_default().trim().to_owned()), findings);
    match unescaped(&text) {
        Some(plain) => {
            findings
                .push(Finding::new(FindingCode::TextEscapedTwice, format!("key {key}: unescaped once more")));
            plain
        }
        None => text,
    }
}

/// `text` with its `\uXXXX` and `\xXX` escapes resolved; None when it has none.
fn unescaped(text: &str) -> Option<String> {
    if !(text.contains(r"\u") || text.contains(r"\x")) {
        return None;
    }
    match pyliteral::parse(&format!("'{}'", text.replace('\'', r"\'"))) {
        Ok(Value::Text(plain)) => Some(plain),
        _ => None,
    }
}

fn etypes(doc: &Value, findings: &mut Vec<Finding>) -> Vec<String> {
    let names = or_ignored(doc.texts("etypes"), findings);
    if names.is_empty() {
        // The names Artisan has when a file does not say.
        return ["Air", "Drum", "Damper", "Burner"].map(str::to_owned).to_vec();
    }
    // The fifth is for plain notes and controls nothing.
    names.into_iter().take(4).map(|name| unescaped(&name).unwrap_or(name)).collect()
}

/// Slider events of heat and air. `specialeventsvalue` holds percent/10 + 1, or 0 for 0 %.
fn controls(doc: &Value, etypes: &[String]) -> Result<Vec<ControlEvent>, LogError> {
    let indices = doc.integers("specialevents")?;
    let sliders = doc.integers("specialeventstype")?;
    let key = "specialeventsvalue";
    let values = doc.list(key)?.unwrap_or_default();
    if sliders.len() != indices.len() || values.len() != indices.len() {
        let got = sliders.len().min(values.len());
        return Err(LogError::LengthMismatch { key, got, time_key: "specialevents", want: indices.len() });
    }
    let mut events = Vec::new();
    for (i, (index, slider)) in indices.into_iter().zip(sliders).enumerate() {
        let (Ok(index), Ok(slider)) = (usize::try_from(index), usize::try_from(slider)) else { continue };
        let Some(control) = etypes.get(slider).and_then(|name| Control::named(name)) else { continue };
        let value = values[i].as_number().ok_or_else(|| values[i].bad(key, Some(i), "a number"))?;
        // Below 1 the encoding is for negative values, which no heat or air has.
        let percent = if value >= 1.0 { (value * 10.0).round() - 10.0 } else { 0.0 };
        if value >= 0.0 {
            events.push(ControlEvent { index, slider, control, percent });
        }
    }
    Ok(events)
}

/// Extra curves whose name says inlet, exhaust or drum temperature.
fn extra_curves(doc: &Value, etypes: &[String], findings: &mut Vec<Finding>) -> [Vec<Option<f64>>; 3] {
    const NAMES: [&[&str]; 3] = [
        &["inlet", "inlet temp", "inlet temperature", "air inlet"],
        &["exhaust", "exhaust temp", "exhaust temperature", "stack"],
        &["drum temp", "drum temperature", "dt", "drum wall"],
    ];
    let mut found = [vec![], vec![], vec![]];
    let samples = doc.list(KEYS.time).ok().flatten().map_or(0, <[Value]>::len);
    for (names_key, curves_key) in [("extraname1", "extratemp1"), ("extraname2", "extratemp2")] {
        let names = or_ignored(doc.texts(names_key), findings);
        let curves = or_ignored(doc.list(curves_key), findings).unwrap_or_default();
        for (name, curve) in names.iter().zip(curves) {
            // "{1}" would be the second slider's name: a setting, not a temperature.
            let name = name.trim().to_lowercase();
            let Some(slot) = NAMES.iter().position(|names| names.contains(&name.as_str())) else { continue };
            let is_slider = etypes.iter().any(|slider| slider.trim().to_lowercase() == name);
            let Value::List(items) = curve else { continue };
            if is_slider || items.len() != samples || !found[slot].is_empty() {
                continue;
            }
            let readings = or_ignored(readings_of(items, curves_key), findings);
            if plausible(&readings) {
                found[slot] = readings;
            } else {
                let detail = format!("{curves_key} {name}: never above freezing; left out");
                findings.push(Finding::new(FindingCode::ProbeAbsent, detail));
            }
        }
    }
    found
}

/// Whether a curve can be a temperature inside a roaster: an open or absent probe
/// reads far below zero, exactly zero, or nothing. In °F this is lenient.
pub(crate) fn plausible(curve: &[Option<f64>]) -> bool {
    curve.iter().flatten().any(|t| *t > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_escaped_twice_is_unescaped_once() {
        assert_eq!(unescaped(r"\u7a7a\u6c17").as_deref(), Some("空気"));
        assert_eq!(unescaped(r"Br\xfbleur d'air").as_deref(), Some("Brûleur d'air"));
        assert_eq!(unescaped("plain"), None);
        assert_eq!(unescaped(r"C:\users"), None); // Not an escape after all.
    }
}

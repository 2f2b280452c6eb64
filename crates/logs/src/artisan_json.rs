//! Artisan's JSON export, also after a detour through R.
//!
//! The keys are those of the `.alog`. R makes lists of one out of single values and
//! may put the whole document, as text or as a value, into a list or below the key
//! `..JSON`; all that is taken out again, and said.

use crate::finish::Raw;
use crate::log::{Finding, FindingCode};
use crate::value::Value;
use crate::{LogError, LogFormat, alog};

/// Wrappings taken off at most.
const WRAPS_MAX: usize = 4;

/// Keys that hold one value and not a list.
const SINGLE: [&str; 11] = [
    "mode",
    "title",
    "roastertype",
    "machinesetup",
    "roastersize",
    "roastepoch",
    "roastisodate",
    "roasttime",
    "roasttzoffset",
    "samplinginterval",
    "roastUUID",
];

/// The profile in a document, out of what it was wrapped in, if it is one.
pub(crate) fn profile(doc: Value) -> Option<(Value, bool)> {
    let (mut doc, mut wrapped) = (doc, false);
    for _ in 0..WRAPS_MAX {
        let inner = match &doc {
            Value::List(items) if items.len() == 1 => match &items[0] {
                Value::Text(text) => serde_json::from_str::<serde_json::Value>(text).ok().map(Value::from),
                other => Some(other.clone()),
            },
            Value::Dict(pairs) => pairs
                .iter()
                .find(|(key, _)| *key == Value::Text("..JSON".to_owned()))
                .map(|(_, value)| value.clone()),
            _ => None,
        };
        match inner {
            Some(inner) => (doc, wrapped) = (inner, true),
            None => break,
        }
    }
    alog::is_profile(&doc).then_some((doc, wrapped))
}

/// Takes a profile's object apart.
///
/// # Errors
/// As for an `.alog`.
pub(crate) fn extract(doc: Value, wrapped: bool) -> Result<Raw, LogError> {
    let mut findings = Vec::new();
    if wrapped {
        findings.push(Finding::new(FindingCode::Unwrapped, "the roast was wrapped in a list or a text"));
    }
    let (doc, singles) = without_lists_of_one(doc);
    if singles > 0 {
        let detail = format!("{singles} values were lists of one");
        findings.push(Finding::new(FindingCode::Unwrapped, detail));
    }
    let doc = weights_as_numbers(doc, &mut findings);
    let mut raw = alog::extract(&doc)?;
    raw.format = LogFormat::ArtisanJson;
    findings.append(&mut raw.findings);
    Ok(Raw { findings, ..raw })
}

/// The document with single values where R left lists, and how many there were.
fn without_lists_of_one(doc: Value) -> (Value, usize) {
    let Value::Dict(pairs) = doc else { return (doc, 0) };
    let mut changed = 0;
    let mut plain = |key: &Value, value: Value| match value {
        Value::List(mut items) if items.len() == 1 && is_single(key) => {
            changed += 1;
            items.remove(0)
        }
        Value::List(items) if !items.is_empty() && items.iter().all(is_list_of_one) => {
            changed += items.len();
            Value::List(
                items
                    .into_iter()
                    .flat_map(|item| if let Value::List(inner) = item { inner } else { vec![] })
                    .collect(),
            )
        }
        other => other,
    };
    let pairs = pairs.into_iter().map(|(key, value)| {
        let value = plain(&key, value);
        (key, value)
    });
    (Value::Dict(pairs.collect()), changed)
}

fn is_single(key: &Value) -> bool {
    matches!(key, Value::Text(text) if SINGLE.contains(&text.as_str()))
}

fn is_list_of_one(value: &Value) -> bool {
    // A curve of one sample in a list of curves would look so too; no roast has one sample.
    matches!(value, Value::List(inner) if inner.len() == 1 && !matches!(inner[0], Value::List(_) | Value::Dict(_)))
}

/// The document with the numbers of `weight` as numbers, where they are text.
fn weights_as_numbers(mut doc: Value, findings: &mut Vec<Finding>) -> Value {
    let Value::Dict(pairs) = &mut doc else { return doc };
    let key = Value::Text("weight".to_owned());
    for (_, value) in pairs.iter_mut().filter(|(k, _)| *k == key) {
        let Value::List(items) = value else { continue };
        let mut read = false;
        for item in items.iter_mut().take(2) {
            if let Value::Text(text) = item
                && let Ok(number) = text.trim().parse()
            {
                *item = Value::Float(number);
                read = true;
            }
        }
        if read {
            findings.push(Finding::new(FindingCode::NumberAsText, "weight: text read as numbers"));
        }
    }
    doc
}

//! What a log file holds, whether it was a Python literal or JSON.

use crate::LogError;
use crate::number::shortest;

/// One value of a log file. Tuples are lists; integers beyond 64 bits are floats.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    List(Vec<Value>),
    Dict(Vec<(Value, Value)>),
}

impl From<serde_json::Value> for Value {
    fn from(json: serde_json::Value) -> Self {
        use serde_json::Value as Json;
        match json {
            Json::Null => Self::None,
            Json::Bool(b) => Self::Bool(b),
            Json::Number(n) => {
                n.as_i64().map_or_else(|| Self::Float(n.as_f64().unwrap_or(f64::NAN)), Self::Int)
            }
            Json::String(s) => Self::Text(s),
            Json::Array(items) => Self::List(items.into_iter().map(Self::from).collect()),
            Json::Object(pairs) => {
                Self::Dict(pairs.into_iter().map(|(k, v)| (Self::Text(k), Self::from(v))).collect())
            }
        }
    }
}

impl Value {
    /// The value under `key` of a dict; as in Python, the last of several wins.
    ///
    /// A key that holds None counts as absent.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        let Self::Dict(pairs) = self else { return None };
        let named = |k: &Self| matches!(k, Self::Text(text) if text == key);
        pairs.iter().rev().find(|(k, _)| named(k)).map(|(_, v)| v).filter(|v| **v != Self::None)
    }

    /// This value as a number; booleans are none.
    pub(crate) fn as_number(&self) -> Option<f64> {
        match self {
            // Counts and times of a log are far below 2^53.
            #[allow(clippy::cast_precision_loss)]
            Self::Int(i) => Some(*i as f64),
            Self::Float(f) => Some(*f),
            _ => None,
        }
    }

    /// The number under `key`; None when absent.
    pub(crate) fn number(&self, key: &str) -> Result<Option<f64>, LogError> {
        let Some(value) = self.get(key) else { return Ok(None) };
        value.as_number().map(Some).ok_or_else(|| value.bad(key, None, "a number"))
    }

    /// The text under `key`; None when absent.
    pub(crate) fn text(&self, key: &str) -> Result<Option<&str>, LogError> {
        match self.get(key) {
            None => Ok(None),
            Some(Self::Text(text)) => Ok(Some(text)),
            Some(other) => Err(other.bad(key, None, "text")),
        }
    }

    /// The list under `key`; None when absent.
    pub(crate) fn list(&self, key: &str) -> Result<Option<&[Self]>, LogError> {
        match self.get(key) {
            None => Ok(None),
            Some(Self::List(items)) => Ok(Some(items)),
            Some(other) => Err(other.bad(key, None, "a list")),
        }
    }

    /// The texts under `key`, with anything that is no text as an empty one.
    pub(crate) fn texts(&self, key: &str) -> Result<Vec<String>, LogError> {
        let word = |v: &Self| if let Self::Text(text) = v { text.clone() } else { String::new() };
        Ok(self.list(key)?.unwrap_or_default().iter().map(word).collect())
    }

    /// The readings under `key`: -1, None, NaN and infinities are no reading.
    pub(crate) fn readings(&self, key: &str) -> Result<Option<Vec<Option<f64>>>, LogError> {
        self.list(key)?.map(|items| readings_of(items, key)).transpose()
    }

    /// The whole numbers under `key`; absent is empty.
    pub(crate) fn integers(&self, key: &str) -> Result<Vec<i64>, LogError> {
        let whole = |(i, v): (usize, &Self)| match v {
            Self::Int(n) => Ok(*n),
            #[allow(clippy::cast_possible_truncation)] // Within ±1e15 a whole float is exact.
            Self::Float(f) if f.fract() == 0.0 && f.abs() < 1e15 => Ok(*f as i64),
            other => Err(other.bad(key, Some(i), "a whole number")),
        };
        self.list(key)?.unwrap_or_default().iter().enumerate().map(whole).collect()
    }

    /// The error for this value found where `want` should be.
    pub(crate) fn bad(&self, key: &str, index: Option<usize>, want: &'static str) -> LogError {
        // Text is never repeated: a log holds paths and account ids.
        let got = match self {
            Self::None => "nothing".to_owned(),
            Self::Bool(b) => b.to_string(),
            Self::Int(i) => i.to_string(),
            Self::Float(f) => shortest(*f),
            Self::Text(text) => format!("text of {} characters", text.chars().count()),
            Self::List(items) => format!("a list of {}", items.len()),
            Self::Dict(pairs) => format!("a dict of {}", pairs.len()),
        };
        LogError::BadValue { key: key.to_owned(), index, got, want }
    }
}

/// Turns a list of temperatures into readings, as [`Value::readings`] does.
pub(crate) fn readings_of(items: &[Value], key: &str) -> Result<Vec<Option<f64>>, LogError> {
    let reading = |(i, v): (usize, &Value)| match v {
        Value::None => Ok(None),
        other => match other.as_number() {
            // The one spelling of "no reading" that devices agree on; exact by intent.
            Some(x) if !x.is_finite() || x.to_bits() == (-1.0_f64).to_bits() => Ok(None),
            Some(x) => Ok(Some(x)),
            None => Err(other.bad(key, Some(i), "a temperature")),
        },
    };
    items.iter().enumerate().map(reading).collect()
}

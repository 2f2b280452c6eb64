//! An answer, as text, JSON Lines or CSV.

use crate::error::QueryError;
use polars::prelude::{AnyValue, Column, DataFrame, DataType, IntoLazy, LazyFrame};
use serde_json::{Map, Value, json};

/// Digits of a decimal number in text.
const DIGITS: usize = 6;

/// Rows that answer a question.
#[derive(Clone, Debug)]
pub struct Answer {
    frame: DataFrame,
}

impl Answer {
    pub(crate) const fn new(frame: DataFrame) -> Self {
        Self { frame }
    }

    pub(crate) fn rows(&self) -> LazyFrame {
        self.frame.clone().lazy()
    }

    /// The columns: name, and whether it holds numbers.
    #[must_use]
    pub fn columns(&self) -> Vec<(String, bool)> {
        let columns = self.frame.columns().iter();
        columns.map(|column| (column.name().to_string(), column.dtype().is_numeric())).collect()
    }

    /// How many rows there are.
    #[must_use]
    pub fn n_rows(&self) -> usize {
        self.frame.height()
    }

    /// The first `limit` rows as text: decimals with six digits, nothing where there is no value.
    #[must_use]
    pub fn text_rows(&self, limit: usize) -> Vec<Vec<String>> {
        let cell = |value: AnyValue<'_>| match value {
            AnyValue::Float64(value) => readable(value),
            AnyValue::Float32(value) => readable(f64::from(value)),
            other => plain(&other),
        };
        (0..self.n_rows().min(limit)).map(|row| self.cells(row, &cell)).collect()
    }

    /// The numbers of a column, row by row; None where there is no value, or one that is not finite.
    ///
    /// # Errors
    /// [`QueryError::Column`] when the answer has no such column, or it holds no numbers.
    pub fn numbers(&self, name: &str) -> Result<Vec<Option<f64>>, QueryError> {
        let column = self.column(name)?;
        // A column of which nothing is known but nulls has no type.
        if !column.dtype().is_numeric() && *column.dtype() != DataType::Null {
            return Err(self.no_column(name));
        }
        let decimals = column.cast(&DataType::Float64).map_err(|_| self.no_column(name))?;
        let values = decimals.f64().map_err(|_| self.no_column(name))?;
        Ok(values.iter().map(|value| value.filter(|value| value.is_finite())).collect())
    }

    /// The values of a column as texts, in full, row by row; None where there is no value.
    ///
    /// # Errors
    /// [`QueryError::Column`] when the answer has no such column.
    pub fn texts(&self, name: &str) -> Result<Vec<Option<String>>, QueryError> {
        let column = self.column(name)?;
        let text = |row: usize| match column.get(row) {
            Ok(AnyValue::Null) | Err(_) => None,
            Ok(value) => Some(plain(&value)),
        };
        Ok((0..self.n_rows()).map(text).collect())
    }

    fn column(&self, name: &str) -> Result<&Column, QueryError> {
        self.frame.column(name).map_err(|_| self.no_column(name))
    }

    fn no_column(&self, name: &str) -> QueryError {
        let told = |(name, is_number): (String, bool)| {
            format!("{name} ({})", if is_number { "numbers" } else { "texts" })
        };
        let known: Vec<String> = self.columns().into_iter().map(told).collect();
        QueryError::Column { name: name.to_owned(), known: known.join(", ") }
    }

    /// A JSON object a line for each row; a number that is not finite is null, as JSON has none.
    #[must_use]
    pub fn json_lines(&self) -> String {
        let names: Vec<String> = self.columns().into_iter().map(|(name, _)| name).collect();
        let line = |row: usize| {
            let values = self.cells(row, &json_of);
            let object: Map<String, Value> = names.iter().cloned().zip(values).collect();
            format!("{}\n", Value::Object(object))
        };
        (0..self.n_rows()).map(line).collect()
    }

    /// Comma-separated values under a header, as RFC 4180 has them but for the line's end; all digits.
    #[must_use]
    pub fn csv(&self) -> String {
        let names = self.columns().into_iter().map(|(name, _)| name).collect();
        let rows = (0..self.n_rows()).map(|row| self.cells(row, &|value| plain(&value)));
        let line = |cells: Vec<String>| {
            let cells: Vec<String> = cells.iter().map(|cell| csv_cell(cell)).collect();
            format!("{}\n", cells.join(","))
        };
        std::iter::once(names).chain(rows).map(line).collect()
    }

    /// The rows as they are.
    pub(crate) const fn frame(&self) -> &DataFrame {
        &self.frame
    }

    fn cells<T>(&self, row: usize, cell: &impl Fn(AnyValue<'_>) -> T) -> Vec<T> {
        // A row that is counted is there.
        let value = |column: &Column| cell(column.get(row).unwrap_or(AnyValue::Null));
        self.frame.columns().iter().map(value).collect()
    }
}

/// A value in full, nothing for null.
fn plain(value: &AnyValue<'_>) -> String {
    match value {
        AnyValue::Null => String::new(),
        AnyValue::String(text) => (*text).to_owned(),
        AnyValue::StringOwned(text) => text.to_string(),
        AnyValue::Float64(value) => value.to_string(),
        AnyValue::Float32(value) => value.to_string(),
        other => other.to_string(),
    }
}

fn json_of(value: AnyValue<'_>) -> Value {
    match value {
        AnyValue::Null => Value::Null,
        AnyValue::Boolean(value) => json!(value),
        AnyValue::Float64(value) => json!(value),
        AnyValue::Float32(value) => json!(f64::from(value)),
        value if value.is_integer() => {
            let small = value.extract::<i64>().map(|value| json!(value));
            small.or_else(|| value.extract::<u64>().map(|value| json!(value))).unwrap_or(Value::Null)
        }
        other => json!(plain(&other)),
    }
}

fn csv_cell(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

/// A decimal number with six digits, without zeros that say nothing.
fn readable(value: f64) -> String {
    let scientific = format!("{value:.*e}", DIGITS - 1);
    let exponent = scientific.split_once('e').and_then(|(_, exponent)| exponent.parse::<i32>().ok());
    let Some(exponent) = exponent.filter(|exponent| (-5..15).contains(exponent)) else {
        return scientific;
    };
    let decimals = usize::try_from(5 - exponent).unwrap_or(0);
    let text = format!("{value:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_readable_and_nothing_is_lost_but_digits() {
        let written = [0.0, -0.0, 1.5, 2.0 / 3.0, 1234.5678, 1e6, 123_456_789.4, -1e-7, 1e300, 0.00012];
        let read = [
            "0",
            "0",
            "1.5",
            "0.666667",
            "1234.57",
            "1000000",
            "123456789",
            "-1.00000e-7",
            "1.00000e300",
            "0.00012",
        ];
        assert_eq!(written.map(readable), read);
        assert_eq!(readable(f64::NAN), "NaN");
    }

    #[test]
    fn cells_with_commas_and_quotes_are_quoted() {
        assert_eq!(csv_cell("a,b"), "\"a,b\"");
        assert_eq!(csv_cell("say \"no\""), "\"say \"\"no\"\"\"");
        assert_eq!(csv_cell("plain"), "plain");
    }
}

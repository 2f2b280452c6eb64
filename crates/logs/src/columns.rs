//! Column maps: a small TOML file that says what the columns of any table hold.
//!
//! Nothing is guessed that a map can say. How to write one is in `docs/data.md`.

use serde::Deserialize;
use std::collections::BTreeMap;
use trier_roast::{MarkKind, TempUnit};

/// The kind of file this is, and its version.
const SCHEMA: &str = "columns/1";

/// What the columns of a table hold.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnMap {
    /// `"columns/1"`.
    schema: String,
    /// What stands between two cells: `","`, `";"`, `"tab"` or `"|"`; the commonest in the header when absent.
    #[serde(default)]
    pub(crate) delimiter: Option<Delimiter>,
    /// Whether 196,5 is a number.
    #[serde(default)]
    pub(crate) decimal_comma: bool,
    /// Lines before the first row of readings, blank ones not counted; the last of them names the columns.
    #[serde(default = "one")]
    pub(crate) header_lines: usize,
    /// Unit of all temperatures.
    pub(crate) unit: Unit,
    /// Numbers that stand for "no reading".
    #[serde(default = "minus_one")]
    pub(crate) no_reading: Vec<f64>,
    /// Where charge is when no event says so; found from the fall of BT when absent.
    #[serde(default)]
    pub(crate) charge: Option<Charge>,
    /// The column of times.
    pub(crate) time: TimeColumn,
    /// The columns of readings.
    pub(crate) columns: Columns,
    /// The column of marks, if there is one.
    #[serde(default)]
    pub(crate) events: Option<EventColumn>,
}

fn one() -> usize {
    1
}

fn minus_one() -> Vec<f64> {
    vec![-1.0]
}

/// What stands between two cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum Delimiter {
    #[serde(rename = ",")]
    Comma,
    #[serde(rename = ";")]
    Semicolon,
    #[serde(rename = "tab")]
    Tab,
    #[serde(rename = "|")]
    Bar,
}

impl Delimiter {
    pub(crate) const fn char(self) -> char {
        match self {
            Self::Comma => ',',
            Self::Semicolon => ';',
            Self::Tab => '\t',
            Self::Bar => '|',
        }
    }
}

/// Unit of temperatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum Unit {
    /// °C.
    C,
    /// °F.
    F,
}

impl From<Unit> for TempUnit {
    fn from(unit: Unit) -> Self {
        match unit {
            Unit::C => Self::Celsius,
            Unit::F => Self::Fahrenheit,
        }
    }
}

/// Where charge is by the habit of whoever made the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Charge {
    /// At the first row.
    FirstRow,
}

/// A column by its name in the header, or by its place from 1.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(crate) enum ColumnRef {
    /// Name, with any case and spacing.
    Name(String),
    /// Place from 1.
    Place(usize),
}

/// How a time is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum TimeFormat {
    /// Seconds.
    #[serde(rename = "s")]
    Seconds,
    /// Milliseconds.
    #[serde(rename = "ms")]
    Milliseconds,
    /// Minutes with decimals.
    #[serde(rename = "min")]
    Minutes,
    /// `08:26` or `1:02:03`.
    #[serde(rename = "mm:ss")]
    MinutesSeconds,
    /// `2026-01-05T09:00:00Z`; UTC without a zone.
    #[serde(rename = "iso")]
    Iso,
}

/// The column of times.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TimeColumn {
    pub(crate) column: ColumnRef,
    pub(crate) format: TimeFormat,
}

/// The columns of readings. Only BT must be there.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Columns {
    pub(crate) bt: ColumnRef,
    #[serde(default)]
    pub(crate) et: Option<ColumnRef>,
    #[serde(default)]
    pub(crate) inlet: Option<ColumnRef>,
    #[serde(default)]
    pub(crate) exhaust: Option<ColumnRef>,
    #[serde(default)]
    pub(crate) drum: Option<ColumnRef>,
    /// Heat, %.
    #[serde(default)]
    pub(crate) gas_pct: Option<ColumnRef>,
    /// Air, %.
    #[serde(default)]
    pub(crate) air_pct: Option<ColumnRef>,
}

/// The column of marks.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EventColumn {
    pub(crate) column: ColumnRef,
    /// Words of this table by the mark they mean, beside the words that are known anyway.
    #[serde(default)]
    pub(crate) words: BTreeMap<String, Vec<String>>,
}

/// Why a column map could not be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ColumnMapError {
    /// Not TOML, an unknown key, a missing one, or a value of the wrong kind.
    #[error("cannot parse the column map: {}", .source.to_string().trim_end())]
    Parse {
        /// Where and why.
        source: toml::de::Error,
    },
    /// Another kind of file, or another version.
    #[error("schema is {got:?}; a column map says schema = \"columns/1\"")]
    Schema {
        /// What the file says.
        got: String,
    },
    /// A column named by a place that no column has.
    #[error("key {key}: columns count from 1, so 0 is none")]
    Place {
        /// The key.
        key: &'static str,
    },
    /// A column named where no line names columns.
    #[error("key {key} names its column, but with header_lines = 0 no line names any; give its place from 1")]
    NoHeader {
        /// The key.
        key: &'static str,
    },
    /// Words for a mark that does not exist.
    #[error("key events.words.{got}: no mark has this name; there are {}", names())]
    UnknownMark {
        /// What the file says.
        got: String,
    },
}

/// The names of marks that a map can give words for.
fn names() -> String {
    MarkKind::ALL.map(MarkKind::name).join(", ")
}

impl ColumnMap {
    /// Reads a column map.
    ///
    /// # Errors
    /// A [`ColumnMapError`] that names line or key, value and what to do.
    pub fn parse(text: &str) -> Result<Self, ColumnMapError> {
        let map: Self = toml::from_str(text).map_err(|source| ColumnMapError::Parse { source })?;
        if map.schema != SCHEMA {
            return Err(ColumnMapError::Schema { got: map.schema });
        }
        for (key, column) in map.places() {
            match column {
                ColumnRef::Place(0) => return Err(ColumnMapError::Place { key }),
                ColumnRef::Name(_) if map.header_lines == 0 => return Err(ColumnMapError::NoHeader { key }),
                _ => {}
            }
        }
        let words = map.events.iter().flat_map(|events| events.words.keys());
        for word in words {
            if MarkKind::from_name(word).is_none() {
                return Err(ColumnMapError::UnknownMark { got: word.clone() });
            }
        }
        Ok(map)
    }

    /// Every column the map points to, by its key.
    fn places(&self) -> impl Iterator<Item = (&'static str, &ColumnRef)> {
        let of = &self.columns;
        let optional = [
            ("columns.et", &of.et),
            ("columns.inlet", &of.inlet),
            ("columns.exhaust", &of.exhaust),
            ("columns.drum", &of.drum),
            ("columns.gas_pct", &of.gas_pct),
            ("columns.air_pct", &of.air_pct),
        ];
        let fixed = [("time.column", &self.time.column), ("columns.bt", &of.bt)];
        let there = optional.into_iter().filter_map(|(key, column)| Some((key, column.as_ref()?)));
        let events = self.events.iter().map(|events| ("events.column", &events.column));
        fixed.into_iter().chain(there).chain(events)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALLEST: &str = "schema = \"columns/1\"\nunit = \"C\"\n[time]\ncolumn = 1\nformat = \"s\"\n[columns]\nbt = \"Bean\"\n";

    #[test]
    fn the_smallest_map_is_read_with_its_defaults() {
        let map = ColumnMap::parse(SMALLEST).expect("a map");
        assert_eq!((map.header_lines, map.decimal_comma, map.delimiter), (1, false, None));
        assert_eq!((map.no_reading, map.columns.bt), (vec![-1.0], ColumnRef::Name("Bean".to_owned())));
    }

    #[test]
    fn what_a_map_cannot_mean_is_refused_by_its_key() {
        for (from, to, said) in [
            ("columns/1", "columns/2", "schema is \"columns/2\""),
            ("unit = \"C\"", "unit = \"K\"", "unknown variant `K`"),
            ("column = 1", "column = 0", "key time.column: columns count from 1"),
            ("unit = \"C\"", "unit = \"C\"\nheader_lines = 0", "key columns.bt names its column"),
            ("bt = \"Bean\"", "bt = \"Bean\"\nbeans = 2", "unknown field `beans`"),
            ("bt = \"Bean\"", "", "missing field `bt`"),
            (
                "[columns]",
                "[events]\ncolumn = 2\nwords.crack = [\"pop\"]\n[columns]",
                "key events.words.crack: no mark",
            ),
        ] {
            let error = ColumnMap::parse(&SMALLEST.replace(from, to)).expect_err(to).to_string();
            assert!(error.contains(said), "{error}");
        }
    }
}

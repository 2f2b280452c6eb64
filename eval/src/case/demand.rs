//! What an executed roast must hold and must not, and what a case says it is about.

use super::file::{MustHaveFile, ScopeFile};
use crate::error::InputError;
use std::path::Path;
use trier_pipeline::Target;
use trier_roast::MarkKind;
use trier_tables::rows::TelemetryRow;

/// The outcome of a roast of which the pipeline makes no session.
pub const NO_SESSION: &str = "none";

/// A channel: its name in tables, and where its value is.
pub(crate) type ChannelColumn = (&'static str, fn(&TelemetryRow) -> Option<f64>);

/// The channels that a roast can be asked to hold.
pub const CHANNELS: [ChannelColumn; 9] = [
    ("bt_c", |row| row.bt_c),
    ("et_c", |row| row.et_c),
    ("inlet_c", |row| row.inlet_c),
    ("exhaust_c", |row| row.exhaust_c),
    ("drum_c", |row| row.drum_c),
    ("gas_pct", |row| row.gas_pct),
    ("air_pct", |row| row.air_pct),
    ("drum_rpm", |row| row.drum_rpm),
    ("pops_per_s", |row| row.pops_per_s),
];

/// What the pipeline must really have heard of the roast.
#[derive(Clone, Debug, PartialEq)]
pub struct MustHave {
    /// Channels, each read at least [`Self::readings_min`] times between true charge and drop.
    pub channels: Vec<ChannelColumn>,
    /// Marks that must have been set, by a device or a person.
    pub marks: Vec<MarkKind>,
    /// Samples between true charge and drop, at least.
    pub readings_min: u32,
}

impl MustHaveFile {
    pub(super) fn checked(&self, path: &Path) -> Result<MustHave, InputError> {
        let channel = |(i, name): (usize, &String)| {
            CHANNELS.into_iter().find(|(known, _)| known == name).ok_or_else(|| {
                let limit = format!("one of {}", CHANNELS.map(|(name, _)| name).join(", "));
                let key = format!("must_have.channels[{i}]");
                InputError::value(path, &key, name, &limit, "channels are named as in docs/tables.md")
            })
        };
        let mark = |(i, name): (usize, &String)| {
            MarkKind::from_name(name).ok_or_else(|| {
                let key = format!("must_have.marks[{i}]");
                InputError::value(
                    path,
                    &key,
                    name,
                    "the name of a mark",
                    "marks are named in docs/glossary.md",
                )
            })
        };
        if self.readings_min == 0 {
            let hint = "a roast without readings holds nothing";
            return Err(InputError::value(path, "must_have.readings_min", "0", "1 or more", hint));
        }
        Ok(MustHave {
            channels: self.channels.iter().enumerate().map(channel).collect::<Result<_, _>>()?,
            marks: self.marks.iter().enumerate().map(mark).collect::<Result<_, _>>()?,
            readings_min: self.readings_min,
        })
    }
}

/// What must not come of a roast, at any time of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MustNot {
    /// A mark of this kind, told or inferred.
    Mark(MarkKind),
    /// A forecast of this event by any arm, where it should abstain.
    Forecast(Target),
}

impl MustNot {
    /// Reads `mark.<kind>` or `forecast.<event>`; `index` is its place in the list.
    pub(super) fn parse(path: &Path, index: usize, text: &str) -> Result<Self, InputError> {
        let mark = text.strip_prefix("mark.").and_then(MarkKind::from_name).map(Self::Mark);
        let target = |name: &str| Target::ALL.into_iter().find(|target| target.name() == name);
        let forecast = || text.strip_prefix("forecast.").and_then(target).map(Self::Forecast);
        mark.or_else(forecast).ok_or_else(|| {
            let limit = "`mark.` and a mark, or `forecast.` and first_crack_start or drop";
            let key = format!("must_not[{index}]");
            InputError::value(path, &key, text, limit, "marks are named in docs/glossary.md")
        })
    }

    /// The name used in files.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Mark(kind) => format!("mark.{}", kind.name()),
            Self::Forecast(target) => format!("forecast.{}", target.name()),
        }
    }
}

/// What a case is said to be about: nothing is claimed of what is None.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scope {
    /// The machine, by its id.
    pub machine: Option<String>,
    /// The lot of beans, by its id.
    pub lot: Option<String>,
    /// The least batch, kg of green coffee.
    pub batch_kg_min: Option<f64>,
    /// The largest batch, kg.
    pub batch_kg_max: Option<f64>,
}

impl ScopeFile {
    /// The scope, held against what the case roasts: machine, lot and batch, kg; None when that cannot be known.
    pub(super) fn checked(
        &self,
        path: &Path,
        roasts: Option<(&str, &str, f64)>,
    ) -> Result<Scope, InputError> {
        let wrong = |name: &str, value: &str, limit: &str| {
            let hint = "a case cannot claim another scope than it runs";
            InputError::value(path, &format!("scope.{name}"), value, limit, hint)
        };
        let Some((machine, lot, batch_kg)) = roasts else {
            let hint = "its scenario is refused, so what it is about cannot be known";
            return Err(InputError::value(path, "scope", "given", "absent", hint));
        };
        let names = [("machine", &self.machine, machine), ("lot", &self.lot, lot)];
        for (name, said, is) in names {
            if let Some(said) = said.as_deref().filter(|said| *said != is) {
                return Err(wrong(name, &format!("\"{said}\""), &format!("\"{is}\", which it roasts")));
            }
        }
        if let Some(min) = self.batch_kg_min.filter(|min| min.is_nan() || *min > batch_kg) {
            return Err(wrong(
                "batch_kg_min",
                &min.to_string(),
                &format!("at most {batch_kg} kg, which it roasts"),
            ));
        }
        if let Some(max) = self.batch_kg_max.filter(|max| max.is_nan() || *max < batch_kg) {
            return Err(wrong(
                "batch_kg_max",
                &max.to_string(),
                &format!("at least {batch_kg} kg, which it roasts"),
            ));
        }
        let Self { machine, lot, batch_kg_min, batch_kg_max } = self.clone();
        Ok(Scope { machine, lot, batch_kg_min, batch_kg_max })
    }
}

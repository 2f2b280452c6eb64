//! Profiles: what a roast should be. Figures with tolerances, the curve of BT, and steps of the controls.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use trier_tables::rows::{SessionRow, TelemetryRow};

use super::figure::{Figure, Target};
use super::name::{NAME, SLUG, TEXT, is_name, is_slug, is_text};
use super::thin::{on_curve_c, thinned};
use crate::features::Point;
use crate::ingest::{BT_C_MAX, BT_C_MIN};

/// The kind of file and its version.
const SCHEMA: &str = "profile/1";

/// The longest file, bytes.
const FILE_BYTES_MAX: usize = 1024 * 1024;

/// The most points of a curve, and the most steps of the controls: an hour at 1 Hz.
pub const POINTS_MAX: usize = 3_600;

/// The longest time in a profile, s.
const TIME_S_MAX: f64 = 3_600.0;

/// A curve out of a log leaves out points as long as it stays this near to all of them, °C: what a
/// probe of a tenth of a degree flickers by.
const THIN_C: f64 = 0.5;

/// One version of a profile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The kind of file and its version: `profile/1`.
    schema: String,
    /// The profile's name, the same in every version; also the name of its folder in a library.
    pub name: String,
    /// Counts from 1; each version stays as it is.
    pub version: u32,
    /// The digest of the file of the version before, which a changed file no longer has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Who made this version.
    pub author: String,
    /// What it is for, or what is new in it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The lot or kind of green coffee it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bean: Option<String>,
    /// The machine it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<String>,
    /// The log or session it was made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_from: Option<String>,
    /// What figures should be.
    #[serde(default, rename = "target", skip_serializing_if = "BTreeMap::is_empty")]
    pub targets: BTreeMap<Figure, Target>,
    /// What BT should be, from charge on.
    #[serde(default, skip_serializing_if = "CurvePoints::is_empty")]
    pub curve: CurvePoints,
    /// What the controls are set to, and when.
    #[serde(default, rename = "control", skip_serializing_if = "Vec::is_empty")]
    pub controls: Vec<ControlStep>,
}

/// Points of a curve, joined by straight lines.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CurvePoints {
    /// Times since charge, s, ascending.
    pub t_s: Vec<f64>,
    /// BT at each of these times, °C.
    pub bt_c: Vec<f64>,
}

impl CurvePoints {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.t_s.is_empty() && self.bt_c.is_empty()
    }

    /// The points in pairs.
    #[must_use]
    pub fn points(&self) -> Vec<Point> {
        self.t_s.iter().copied().zip(self.bt_c.iter().copied()).collect()
    }
}

/// What the controls are set to at one time; what is absent stays as it was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ControlStep {
    /// When, s since charge; negative before it.
    pub t_s: f64,
    /// Heat, % of full.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gas_pct: Option<f64>,
    /// Air, % of full.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub air_pct: Option<f64>,
    /// Drum speed, 1/min.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drum_rpm: Option<f64>,
}

/// Why a profile could not be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProfileError {
    /// Not TOML, an unknown key, or a value of the wrong type.
    #[error("cannot parse the profile: {}", .source.to_string().trim_end())]
    Parse {
        /// Where and why.
        source: Box<toml::de::Error>,
    },
    /// A value that no profile can have.
    #[error("key {key} is {got}; expected {expected}")]
    Value {
        /// The key, such as `target.drop_s.within`.
        key: String,
        /// What is there.
        got: String,
        /// What would do.
        expected: String,
    },
}

fn wrong(key: impl Into<String>, got: impl Into<String>, expected: impl Into<String>) -> ProfileError {
    ProfileError::Value { key: key.into(), got: got.into(), expected: expected.into() }
}

/// A roast that a profile is made from.
#[derive(Clone, Copy, Debug)]
pub struct Roast<'a> {
    /// Its figures.
    pub session: &'a SessionRow,
    /// Its samples, in order of time.
    pub telemetry: &'a [TelemetryRow],
    /// Green beans put in and roasted beans taken out, kg, where they were weighed.
    pub weights_kg: [Option<f64>; 2],
}

impl Profile {
    /// The profile that `text` holds.
    ///
    /// # Errors
    /// A [`ProfileError`] that names line or key, value and what to do.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        if text.len() > FILE_BYTES_MAX {
            return Err(wrong("the file", format!("{} bytes", text.len()), "at most 1 MiB"));
        }
        let profile: Self =
            toml::from_str(text).map_err(|source| ProfileError::Parse { source: Box::new(source) })?;
        profile.checked()
    }

    /// A first version without targets, curve or steps.
    #[must_use]
    pub fn empty(name: &str, author: &str) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            name: name.to_owned(),
            version: 1,
            parent: None,
            author: author.to_owned(),
            note: String::new(),
            bean: None,
            machine: None,
            made_from: None,
            targets: BTreeMap::new(),
            curve: CurvePoints::default(),
            controls: Vec::new(),
        }
    }

    /// The first version of a profile that asks for what `roast` was.
    ///
    /// Figures with their usual tolerances; the curve from charge to drop with points left out where lines come
    /// within 0.5 °C; a step wherever a control changed. Times are rounded to 0.1 s, BT to 0.1 °C. Samples with a
    /// complaint are left out.
    ///
    /// # Errors
    /// A [`ProfileError`] when the name or author is none, or the roast is longer than an hour.
    pub fn of_roast(name: &str, author: &str, roast: &Roast<'_>) -> Result<Self, ProfileError> {
        let [green_kg, roasted_kg] = roast.weights_kg;
        let loss_pct = green_kg.zip(roasted_kg).map(|(green, roasted)| 100.0 * (1.0 - roasted / green));
        let told = |figure: Figure| match figure {
            Figure::ChargeMassKg => green_kg,
            Figure::WeightLossPct => loss_pct,
            _ => figure.of_session(roast.session),
        };
        let target = |figure: Figure| {
            let (least, most) = figure.range();
            let value = rounded(told(figure)?, figure.decimals());
            let possible = (least..=most).contains(&value);
            possible.then_some((figure, Target { value, within: figure.usual_tolerance() }))
        };
        let (t_s, bt_c) = thinned(&curve_of(roast), THIN_C).into_iter().unzip();
        Self {
            machine: Some(roast.session.machine.to_string()),
            made_from: Some(roast.session.source.to_string()),
            targets: Figure::ALL.into_iter().filter_map(target).collect(),
            curve: CurvePoints { t_s, bt_c },
            controls: controls_of(roast),
            ..Self::empty(name, author)
        }
        .checked()
    }

    /// This content as the version after `before`, whose file has the digest `parent`.
    #[must_use]
    pub fn after(self, before: &Self, parent: String) -> Self {
        Self {
            name: before.name.clone(),
            version: before.version.saturating_add(1),
            parent: Some(parent),
            ..self
        }
    }

    /// This content as a first version.
    #[must_use]
    pub fn first(self) -> Self {
        Self { version: 1, parent: None, ..self }
    }

    /// The file's text.
    #[must_use]
    pub fn to_toml(&self) -> String {
        toml::to_string(self).expect("names and numbers in tables have a text")
    }

    /// BT that it asks for at `t_s` after charge, °C; None where its curve does not reach.
    #[must_use]
    pub fn bt_at_c(&self, t_s: f64) -> Option<f64> {
        on_curve_c(&self.curve.points(), t_s)
    }

    fn checked(self) -> Result<Self, ProfileError> {
        if self.schema != SCHEMA {
            return Err(wrong("schema", format!("{:?}", self.schema), format!("{SCHEMA:?}")));
        }
        if !is_slug(&self.name) {
            return Err(wrong("name", format!("{:?}", self.name), SLUG));
        }
        if self.version == 0 {
            return Err(wrong("version", "0", "1 or more"));
        }
        if !is_name(&self.author) {
            return Err(wrong("author", format!("{:?}", self.author), NAME));
        }
        let texts = [("bean", &self.bean), ("machine", &self.machine), ("made_from", &self.made_from)];
        let texts = texts.into_iter().filter_map(|(key, text)| Some((key, text.as_ref()?)));
        for (key, text) in texts.chain([("note", &self.note)]) {
            if !is_text(text) {
                return Err(wrong(key, format!("{} bytes", text.len()), TEXT));
            }
        }
        self.check_targets()?;
        self.check_curve()?;
        self.check_controls()?;
        Ok(self)
    }

    fn check_targets(&self) -> Result<(), ProfileError> {
        for (figure, Target { value, within }) in &self.targets {
            let (least, most) = figure.range();
            if !(least..=most).contains(value) {
                let key = format!("target.{}.value", figure.name());
                return Err(wrong(key, value.to_string(), format!("{least} to {most}")));
            }
            if !(within.is_finite() && *within >= 0.0) {
                let key = format!("target.{}.within", figure.name());
                return Err(wrong(key, within.to_string(), "0 or more"));
            }
        }
        Ok(())
    }

    fn check_curve(&self) -> Result<(), ProfileError> {
        let CurvePoints { t_s, bt_c } = &self.curve;
        if t_s.len() != bt_c.len() || t_s.len() > POINTS_MAX {
            let got = format!("of {} times and {} temperatures", t_s.len(), bt_c.len());
            return Err(wrong("curve", got, format!("as many of each, at most {POINTS_MAX}")));
        }
        if let Some(t_s) = t_s.iter().find(|t_s| !(0.0..=TIME_S_MAX).contains(*t_s)) {
            return Err(wrong("curve.t_s", t_s.to_string(), format!("0 to {TIME_S_MAX}")));
        }
        if let Some(pair) = t_s.windows(2).find(|pair| pair[0] >= pair[1]) {
            return Err(wrong("curve.t_s", format!("{} after {}", pair[1], pair[0]), "ascending times"));
        }
        match bt_c.iter().find(|bt_c| !(BT_C_MIN..=BT_C_MAX).contains(*bt_c)) {
            Some(bt_c) => Err(wrong("curve.bt_c", bt_c.to_string(), format!("{BT_C_MIN} to {BT_C_MAX}"))),
            None => Ok(()),
        }
    }

    fn check_controls(&self) -> Result<(), ProfileError> {
        if self.controls.len() > POINTS_MAX {
            let got = format!("{} steps", self.controls.len());
            return Err(wrong("control", got, format!("at most {POINTS_MAX}")));
        }
        for (number, step) in (1..).zip(&self.controls) {
            let key = |part: &str| format!("control[{number}].{part}");
            let limits = [
                ("t_s", Some(step.t_s), -TIME_S_MAX, TIME_S_MAX),
                ("gas_pct", step.gas_pct, 0.0, 100.0),
                ("air_pct", step.air_pct, 0.0, 100.0),
                ("drum_rpm", step.drum_rpm, 0.0, 1_000.0),
            ];
            for (part, value, least, most) in limits {
                if let Some(value) = value.filter(|value| !(least..=most).contains(value)) {
                    return Err(wrong(key(part), value.to_string(), format!("{least} to {most}")));
                }
            }
            if limits[1..].iter().all(|(_, value, ..)| value.is_none()) {
                return Err(wrong(key("t_s"), "alone", "gas_pct, air_pct or drum_rpm beside it"));
            }
        }
        match self.controls.windows(2).find(|pair| pair[0].t_s > pair[1].t_s) {
            Some(pair) => Err(wrong(
                "control.t_s",
                format!("{} after {}", pair[1].t_s, pair[0].t_s),
                "steps in order of time",
            )),
            None => Ok(()),
        }
    }
}

/// Samples of the roast itself, with seconds since charge.
fn within<'a>(roast: &Roast<'a>) -> impl Iterator<Item = (f64, &'a TelemetryRow)> {
    let end_s = roast.session.drop_s.unwrap_or(f64::INFINITY);
    let id = &roast.session.session_id;
    let of_it = move |row: &&TelemetryRow| row.session_id.as_ref() == Some(id);
    let timed = |row: &'a TelemetryRow| Some((row.since_charge_s?, row));
    roast.telemetry.iter().filter(of_it).filter_map(timed).filter(move |(t_s, _)| (0.0..=end_s).contains(t_s))
}

/// To so many decimals: what people write down, and no more than clocks and probes are good for.
fn rounded(value: f64, decimals: u32) -> f64 {
    let scale = f64::from(10_u32.pow(decimals));
    (value * scale).round() / scale
}

/// BT of the roast, each time once.
fn curve_of(roast: &Roast<'_>) -> Vec<Point> {
    let mut curve: Vec<Point> = Vec::new();
    for (t_s, row) in within(roast) {
        let t_s = rounded(t_s, 1);
        let sound = row.quality.is_empty() && curve.last().is_none_or(|last| t_s > last.0);
        curve.extend(row.bt_c.filter(|_| sound).map(|bt_c| (t_s, rounded(bt_c, 1))));
    }
    curve
}

/// A step wherever a control of the roast changed.
fn controls_of(roast: &Roast<'_>) -> Vec<ControlStep> {
    let mut set = ControlStep::default();
    let mut steps = Vec::new();
    for (t_s, row) in within(roast) {
        let t_s = rounded(t_s, 1);
        let changed = |now: Option<f64>, before: Option<f64>| now.filter(|now| before != Some(*now));
        let step = ControlStep {
            t_s,
            gas_pct: changed(row.gas_pct, set.gas_pct),
            air_pct: changed(row.air_pct, set.air_pct),
            drum_rpm: changed(row.drum_rpm, set.drum_rpm),
        };
        if step != (ControlStep { t_s, ..ControlStep::default() }) {
            set = ControlStep {
                t_s,
                gas_pct: row.gas_pct.or(set.gas_pct),
                air_pct: row.air_pct.or(set.air_pct),
                drum_rpm: row.drum_rpm.or(set.drum_rpm),
            };
            steps.push(step);
        }
    }
    steps
}

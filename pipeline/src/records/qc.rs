//! Quality control: what scales, meters and the cupping table said of a roast.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::edit::{RevisionError, wrong};
use super::figure::Figure;
use super::name::{TEXT, is_text};

/// A fault that can be tasted or seen, by the names of the Artisan.ts pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Defect {
    /// Flat and bready: the roast stalled.
    Baked,
    /// Burnt faces: too hot a drum.
    Scorched,
    /// Grassy: too short or too cool.
    Underdeveloped,
    /// Burnt ends: too hot at the start.
    Tipped,
    /// Pale beans that were unripe.
    Quakers,
    /// Tastes of smoke.
    Smokey,
    /// Dries the mouth.
    Astringent,
    /// Bitter.
    Bitter,
    /// Sour.
    Sour,
    /// Tastes of little.
    Flat,
}

impl Defect {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Baked,
        Self::Scorched,
        Self::Underdeveloped,
        Self::Tipped,
        Self::Quakers,
        Self::Smokey,
        Self::Astringent,
        Self::Bitter,
        Self::Sour,
        Self::Flat,
    ];

    /// The name used in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Baked => "BAKED",
            Self::Scorched => "SCORCHED",
            Self::Underdeveloped => "UNDERDEVELOPED",
            Self::Tipped => "TIPPED",
            Self::Quakers => "QUAKERS",
            Self::Smokey => "SMOKEY",
            Self::Astringent => "ASTRINGENT",
            Self::Bitter => "BITTER",
            Self::Sour => "SOUR",
            Self::Flat => "FLAT",
        }
    }

    /// The defect of this name, in any case.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|defect| defect.name().eq_ignore_ascii_case(name))
    }
}

/// A colour as a meter of the Agtron Gourmet scale shows it: lower is darker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Colour {
    /// Of whole beans.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole_agtron: Option<f64>,
    /// Of ground coffee.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ground_agtron: Option<f64>,
}

/// The record of one roast. What was not measured is absent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Qc {
    /// Green beans put in, kg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub green_kg: Option<f64>,
    /// Roasted beans taken out, kg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roasted_kg: Option<f64>,
    /// Water in the green beans, % of their weight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub green_moisture_pct: Option<f64>,
    /// Water in the roasted beans, % of their weight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roasted_moisture_pct: Option<f64>,
    /// Points in the cup, 0 to 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cupping_score: Option<f64>,
    /// Faults found; empty when none was.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub defects: BTreeSet<Defect>,
    /// What else there is to say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Colours.
    #[serde(default)]
    pub colour: Colour,
}

impl Qc {
    /// Share of the green weight that is gone, %; None unless both were weighed.
    #[must_use]
    pub fn weight_loss_pct(&self) -> Option<f64> {
        Some(100.0 * (1.0 - self.roasted_kg? / self.green_kg?))
    }

    /// Checks that a roast can have these values.
    ///
    /// # Errors
    /// A [`RevisionError`] that names the first that it cannot.
    pub fn check(&self) -> Result<(), RevisionError> {
        let (mass, colour) = (Figure::ChargeMassKg.range(), Figure::WholeColourAgtron.range());
        let values = [
            ("green_kg", self.green_kg, mass),
            ("roasted_kg", self.roasted_kg, mass),
            // Green coffee is traded at 8 to 12.5 %; what is above 30 is no coffee that was dried.
            ("green_moisture_pct", self.green_moisture_pct, (0.0, 30.0)),
            ("roasted_moisture_pct", self.roasted_moisture_pct, (0.0, 30.0)),
            ("cupping_score", self.cupping_score, (0.0, 100.0)),
            ("whole_agtron", self.colour.whole_agtron, colour),
            ("ground_agtron", self.colour.ground_agtron, colour),
        ];
        for (key, value, (least, most)) in values {
            if let Some(value) = value.filter(|value| !(least..=most).contains(value)) {
                return Err(wrong(key, value.to_string(), format!("{least} to {most}")));
            }
        }
        if let Some(loss_pct) = self.weight_loss_pct().filter(|loss_pct| *loss_pct < 0.0) {
            let got = format!("{:.1} % more than went in", -loss_pct);
            return Err(wrong("roasted_kg", got, "no more than green_kg"));
        }
        if !is_text(&self.note) {
            return Err(wrong("note", format!("{} bytes", self.note.len()), TEXT));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defects_have_the_names_of_files() {
        for defect in Defect::ALL {
            assert_eq!(toml::Value::try_from(defect).expect("a name").as_str(), Some(defect.name()));
            assert_eq!(Defect::from_name(&defect.name().to_lowercase()), Some(defect));
        }
        assert_eq!(Defect::from_name("RIOY"), None);
    }

    #[test]
    fn loss_is_what_of_the_green_weight_is_gone() {
        let qc = Qc { green_kg: Some(6.0), roasted_kg: Some(5.1), ..Qc::default() };
        assert!((qc.weight_loss_pct().expect("weighed") - 15.0).abs() < 1e-9);
        assert_eq!(Qc { green_kg: None, ..qc }.weight_loss_pct(), None);
    }

    #[test]
    fn what_no_roast_can_have_is_refused_by_its_name() {
        let bad = [
            ("green_kg", Qc { green_kg: Some(0.0), ..Qc::default() }),
            ("roasted_kg", Qc { green_kg: Some(1.0), roasted_kg: Some(1.1), ..Qc::default() }),
            ("cupping_score", Qc { cupping_score: Some(f64::NAN), ..Qc::default() }),
            ("green_moisture_pct", Qc { green_moisture_pct: Some(31.0), ..Qc::default() }),
            ("note", Qc { note: "\u{7}".into(), ..Qc::default() }),
        ];
        for (key, qc) in bad {
            let error = qc.check().expect_err(key);
            assert!(error.to_string().starts_with(&format!("key {key} is ")), "{error}");
        }
    }
}

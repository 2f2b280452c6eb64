//! Bounds: what a quantity of the truth or of the scores must lie between.

use super::file::BoundFile;
use crate::error::InputError;
use crate::score::{Metric, metric_named};
use std::path::Path;
use trier_roast::MarkKind;

/// Whose score is bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arm {
    /// The arm that wants to ship.
    Candidate,
    /// The arm it is held against.
    Baseline,
    /// Every arm, and for marks and sessions the pipeline, which is no arm.
    Any,
}

impl Arm {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Candidate, Self::Baseline, Self::Any];

    /// The name used in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Candidate => "candidate",
            Self::Baseline => "baseline",
            Self::Any => "any",
        }
    }
}

/// What is bounded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Quantity {
    /// When a mark truly came, s since true charge; of a log, when it is marked.
    True(MarkKind),
    /// A score.
    Score {
        /// Which.
        metric: &'static Metric,
        /// How long before the event, s; None for a metric that is not scored at leads.
        lead_s: Option<f64>,
        /// Whose.
        arm: Arm,
    },
}

/// What a quantity must lie between, ends included.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// What is bounded.
    pub quantity: Quantity,
    /// The least; infinitely little when only the most is given.
    pub min: f64,
    /// The most; infinite when only the least is given.
    pub max: f64,
    /// The unit of both.
    pub unit: &'static str,
}

impl Bound {
    /// The name used in files and messages: `true.first_crack_start`, `first_crack.abs_error@60s`.
    #[must_use]
    pub fn name(&self) -> String {
        match self.quantity {
            Quantity::True(mark) => format!("true.{}", mark.name()),
            Quantity::Score { metric, lead_s: None, .. } => metric.name.to_owned(),
            Quantity::Score { metric, lead_s: Some(lead_s), .. } => format!("{}@{lead_s}s", metric.name),
        }
    }

    /// Whether `value` lies within; a value that is no number does not.
    #[must_use]
    pub fn holds(&self, value: f64) -> bool {
        (self.min..=self.max).contains(&value)
    }

    /// What it allows, in words.
    #[must_use]
    pub fn range(&self) -> String {
        let Self { min, max, unit, .. } = self;
        match (min.is_finite(), max.is_finite()) {
            (true, true) => format!("{min} to {max} {unit}"),
            (true, false) => format!("{min} {unit} or more"),
            _ => format!("{max} {unit} or less"),
        }
    }
}

impl BoundFile {
    /// The bound that it says; `index` is its place in the list, `path` the file it stands in.
    pub(super) fn checked(&self, path: &Path, index: usize) -> Result<Bound, InputError> {
        let wrong = |name: &str, value: &str, limit: &str, hint: &str| {
            InputError::value(path, &format!("bounds[{index}].{name}"), value, limit, hint)
        };
        let (quantity, unit, direction) = self.quantity(&wrong)?;
        if self.unit != unit {
            let limit = format!("\"{unit}\"");
            return Err(wrong("unit", &self.unit, &limit, "values are not converted"));
        }
        if let Some(said) = self.direction.as_deref().filter(|said| *said != direction) {
            let limit = format!("\"{direction}\", which way {} is better", self.metric);
            return Err(wrong("direction", said, &limit, "leave it out, or say what the metric means"));
        }
        if self.min.is_none() && self.max.is_none() {
            return Err(wrong(
                "min",
                "absent, and max too",
                "given, or max",
                "a bound without an end holds always",
            ));
        }
        for (name, value) in [("min", self.min), ("max", self.max)] {
            if let Some(value) = value.filter(|value| !value.is_finite()) {
                return Err(wrong(name, &value.to_string(), "finite", "leave it out for no limit that way"));
            }
        }
        let (min, max) = (self.min.unwrap_or(f64::NEG_INFINITY), self.max.unwrap_or(f64::INFINITY));
        if max < min {
            return Err(wrong("max", &max.to_string(), &format!("at least min, {min}"), "swap min and max"));
        }
        Ok(Bound { quantity, min, max, unit })
    }

    fn quantity(
        &self,
        wrong: &impl Fn(&str, &str, &str, &str) -> InputError,
    ) -> Result<(Quantity, &'static str, &'static str), InputError> {
        if let Some(mark) = self.metric.strip_prefix("true.") {
            let Some(mark) = MarkKind::from_name(mark) else {
                let limit = "`true.` and a mark, such as true.first_crack_start";
                return Err(wrong("metric", &self.metric, limit, "marks are named in docs/glossary.md"));
            };
            if self.lead_s.is_some() || self.arm.is_some() {
                let key = if self.lead_s.is_some() { "lead_s" } else { "arm" };
                return Err(wrong(
                    key,
                    "given",
                    "absent for a true time",
                    "what is true is nobody's forecast",
                ));
            }
            return Ok((Quantity::True(mark), "s", "none"));
        }
        let Some(metric) = metric_named(&self.metric) else {
            let limit = "a metric that is scored, or `true.` and a mark";
            return Err(wrong("metric", &self.metric, limit, "metrics are listed in docs/evaluation.md"));
        };
        let lead_s = match (metric.at_leads, self.lead_s) {
            (true, Some(lead_s)) if lead_s.is_finite() && lead_s > 0.0 => Some(lead_s),
            (true, got) => {
                let got = got.map_or_else(|| "absent".to_owned(), |lead_s| lead_s.to_string());
                return Err(wrong(
                    "lead_s",
                    &got,
                    "above 0 s",
                    "the metric is scored at each lead of the suite",
                ));
            }
            (false, None) => None,
            (false, Some(got)) => {
                let hint = "the metric is not scored at leads";
                return Err(wrong("lead_s", &got.to_string(), "absent", hint));
            }
        };
        let named = self.arm.as_deref().unwrap_or(Arm::Any.name());
        let Some(arm) = Arm::ALL.into_iter().find(|arm| arm.name() == named) else {
            return Err(wrong(
                "arm",
                named,
                "candidate, baseline or any",
                "predictors are named by the evaluation",
            ));
        };
        Ok((Quantity::Score { metric, lead_s, arm }, metric.unit, metric.direction.name()))
    }
}

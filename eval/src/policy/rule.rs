//! The rules of a policy: a metric, where it is asked, and the difference that matters.

use crate::error::{InputError, check_said};
use crate::score::{self, Direction, METRICS, Metric, is_of_pipeline, metric_named};
use crate::slice::Slice;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// What a rule is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// One of these must be superior, and none inferior.
    Primary,
    /// Every one of these must be shown not worse by its margin.
    Guardrail,
}

impl Role {
    /// The name used in gates.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Guardrail => "guardrail",
        }
    }
}

/// What of the losses is compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Statistic {
    /// Their mean over clusters.
    #[default]
    Mean,
    /// Their 90 % quantile (type 7) over all roasts, clusters drawn as a whole.
    P90,
}

impl Statistic {
    /// The name used in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mean => "mean",
            Self::P90 => "p90",
        }
    }
}

/// One metric at one lead on one slice, and the difference that matters.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// What it is for.
    pub role: Role,
    /// The metric; lower or higher is better.
    pub metric: &'static Metric,
    /// The lead, s before the event; None for a metric that has none.
    pub lead_s: Option<f64>,
    /// What of the metric is compared.
    pub statistic: Statistic,
    /// The part of the suite.
    pub slice: Slice,
    /// How much worse the candidate may be, in the metric's unit; above 0.
    pub margin: f64,
    /// How much better a primary is planned to be, in the metric's unit; above 0. A guardrail has none.
    pub effect: Option<f64>,
    /// Spread between clusters of the difference of the arms, as a pilot showed it, in the metric's unit.
    pub spread: f64,
    /// Why that margin.
    pub reason: String,
    /// The waiver that may let it pass, by id.
    pub waiver: Option<String>,
}

impl Rule {
    /// Metric, lead and statistic: `first_crack.abs_error@60s`, `drop.abs_error@60s p90`.
    #[must_use]
    pub fn name(&self) -> String {
        let lead = self.lead_s.map_or_else(String::new, |lead_s| format!("@{lead_s}s"));
        let statistic = if self.statistic == Statistic::Mean { "" } else { " p90" };
        format!("{}{lead}{statistic}", self.metric.name)
    }

    /// The name of its gate: `guardrail.drop.abs_error@60s p90 [tag=faults]`.
    #[must_use]
    pub fn gate(&self) -> String {
        gate_name(self.role.name(), &self.name(), &self.slice)
    }
}

/// A gate's name by role, rule and slice.
pub(crate) fn gate_name(role: &str, rule: &str, slice: &Slice) -> String {
    if slice.is_all() { format!("{role}.{rule}") } else { format!("{role}.{rule} [{slice}]") }
}

/// The candidate's own signed error must be shown to lie within the margin, on both sides.
#[derive(Clone, Debug, PartialEq)]
pub struct Bias {
    /// A metric that is best at zero.
    pub metric: &'static Metric,
    /// The lead, s; None for a metric that has none.
    pub lead_s: Option<f64>,
    /// The part of the suite.
    pub slice: Slice,
    /// How far off the mean may be either way, in the metric's unit; above 0.
    pub margin: f64,
    /// Why that margin.
    pub reason: String,
}

/// The candidate's intervals must hold as often as they say.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    /// A metric that is 1 where the interval held and 0 where it did not.
    pub metric: &'static Metric,
    /// The lead, s; None for a metric that has none.
    pub lead_s: Option<f64>,
    /// The part of the suite.
    pub slice: Slice,
    /// The share that must hold, 0 to 1.
    pub nominal: f64,
    /// Why it matters.
    pub reason: String,
}

/// What the candidate may have no more of than the baseline, over the same roasts, counted exactly.
#[derive(Clone, Debug, PartialEq)]
pub struct Safety {
    /// A count or share per roast, lower is better.
    pub metric: &'static Metric,
    /// The lead, s; None for a metric that has none.
    pub lead_s: Option<f64>,
    /// Why it is a matter of safety.
    pub reason: String,
}

/// A rule as written.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleFile {
    pub(super) metric: String,
    #[serde(default)]
    pub(super) lead_s: Option<f64>,
    #[serde(default)]
    pub(super) statistic: Statistic,
    #[serde(default)]
    pub(super) slices: Vec<String>,
    pub(super) margin: f64,
    pub(super) unit: String,
    #[serde(default)]
    pub(super) effect: Option<f64>,
    pub(super) spread: f64,
    pub(super) reason: String,
    #[serde(default)]
    pub(super) waiver: Option<String>,
}

/// A bias, calibration or safety rule as written.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OwnFile {
    metric: String,
    #[serde(default)]
    lead_s: Option<f64>,
    #[serde(default)]
    slice: Option<String>,
    #[serde(default)]
    margin: Option<f64>,
    #[serde(default)]
    unit: Option<String>,
    #[serde(default)]
    nominal: Option<f64>,
    reason: String,
}

/// Where in the file something is: `guardrail[2]`.
pub(super) struct At<'a> {
    pub(super) path: &'a Path,
    pub(super) table: &'static str,
    pub(super) i: usize,
}

impl At<'_> {
    pub(super) fn key(&self, name: &str) -> String {
        format!("{}[{}].{name}", self.table, self.i)
    }

    pub(super) fn wrong(&self, key: &str, value: &str, limit: &str, hint: &str) -> InputError {
        InputError::value(self.path, &self.key(key), value, limit, hint)
    }

    fn above_zero(&self, key: &str, value: f64, hint: &str) -> Result<f64, InputError> {
        if value.is_finite() && value > 0.0 {
            return Ok(value);
        }
        Err(self.wrong(key, &value.to_string(), "above 0", hint))
    }

    fn metric(&self, name: &str, wanted: &[Direction], hint: &str) -> Result<&'static Metric, InputError> {
        // The pipeline's own are no arm's, so no two arms could ever be held against each other by them.
        let fits = |metric: &&Metric| wanted.contains(&metric.direction) && !is_of_pipeline(metric);
        if let Some(metric) = metric_named(name).filter(fits) {
            return Ok(metric);
        }
        let fitting = METRICS.iter().filter(fits);
        let limit = format!("one of {}", fitting.map(|metric| metric.name).collect::<Vec<_>>().join(", "));
        Err(self.wrong("metric", name, &limit, hint))
    }

    fn lead(&self, metric: &Metric, lead_s: Option<f64>) -> Result<Option<f64>, InputError> {
        match lead_s {
            Some(lead_s) if metric.at_leads => self
                .above_zero("lead_s", lead_s, "use a lead that the suite scores, see leads_s there")
                .map(Some),
            None if metric.at_leads => {
                let hint = "this metric is scored at each of the suite's leads_s; name one";
                Err(self.wrong("lead_s", "absent", "a lead, s", hint))
            }
            Some(lead_s) => {
                let hint = "this metric has one value a roast";
                Err(self.wrong("lead_s", &lead_s.to_string(), "absent", hint))
            }
            None => Ok(None),
        }
    }

    fn slice(&self, key: &str, text: &str) -> Result<Slice, InputError> {
        let limit = "all, or key=value joined by &, with machine, lot, tag or case as key";
        Slice::parse(text)
            .ok_or_else(|| self.wrong(key, text, limit, "for example tag=faults & machine=gd60"))
    }

    fn unit(&self, metric: &Metric, unit: &str) -> Result<(), InputError> {
        if unit == metric.unit {
            return Ok(());
        }
        let limit = format!("\"{}\", the unit of {}", metric.unit, metric.name);
        Err(self.wrong("unit", &format!("\"{unit}\""), &limit, "margin, effect and spread are in that unit"))
    }

    fn said(&self, reason: &str, hint: &str) -> Result<(), InputError> {
        check_said(self.path, &self.key("reason"), reason, hint)
    }
}

/// The rules of one entry: one for each slice it names.
pub(super) fn checked_rules(at: &At<'_>, role: Role, file: &RuleFile) -> Result<Vec<Rule>, InputError> {
    let hint = "a signed error is no loss: its mean can be 0 while every roast is wrong";
    let metric = at.metric(&file.metric, &[Direction::Lower, Direction::Higher], hint)?;
    let lead_s = at.lead(metric, file.lead_s)?;
    at.unit(metric, &file.unit)?;
    let hint = "the margin is the loss somebody would notice; 0 asks for proof of no difference";
    let margin = at.above_zero("margin", file.margin, hint)?;
    let hint = "from a pilot: column spread of comparisons.parquet of an earlier evaluation";
    let spread = at.above_zero("spread", file.spread, hint)?;
    let effect = match (role, file.effect) {
        (Role::Primary, Some(effect)) => {
            Some(at.above_zero("effect", effect, "the gain that the plan is made to find")?)
        }
        (Role::Primary, None) => {
            let hint =
                "say what gain the plan is made to find; without it nobody knows how many roasts it takes";
            return Err(at.wrong("effect", "absent", "above 0", hint));
        }
        (Role::Guardrail, None) => None,
        (Role::Guardrail, Some(effect)) => {
            let hint = "a guardrail is planned for no difference";
            return Err(at.wrong("effect", &effect.to_string(), "absent", hint));
        }
    };
    if role == Role::Primary && file.statistic != Statistic::Mean {
        let hint = "a tail can only be guarded: its difference has no exact test";
        return Err(at.wrong("statistic", file.statistic.name(), "mean", hint));
    }
    if role == Role::Primary && file.waiver.is_some() {
        let hint = "a gain is shown or not; only guardrails may be waived";
        return Err(at.wrong("waiver", "given", "absent", hint));
    }
    at.said(&file.reason, "say why this margin, in roasting terms")?;
    let whole = [String::from("all")];
    let slices = if file.slices.is_empty() { &whole[..] } else { &file.slices };
    let rule = |(i, text): (usize, &String)| {
        Ok(Rule {
            role,
            metric,
            lead_s,
            statistic: file.statistic,
            slice: at.slice(&format!("slices[{i}]"), text)?,
            margin,
            effect,
            spread,
            reason: file.reason.clone(),
            waiver: file.waiver.clone(),
        })
    };
    slices.iter().enumerate().map(rule).collect()
}

impl OwnFile {
    fn none_of(&self, at: &At<'_>, keys: &[(&str, bool)]) -> Result<(), InputError> {
        match keys.iter().find(|(_, is_given)| *is_given) {
            Some((key, _)) => Err(at.wrong(key, "given", "absent", "it means nothing in this table")),
            None => Ok(()),
        }
    }

    fn slice(&self, at: &At<'_>) -> Result<Slice, InputError> {
        self.slice.as_deref().map_or(Ok(Slice::ALL), |text| at.slice("slice", text))
    }

    pub(super) fn bias(&self, at: &At<'_>) -> Result<Bias, InputError> {
        let metric = at.metric(&self.metric, &[Direction::Zero], "a bias is the mean of a signed error")?;
        self.none_of(at, &[("nominal", self.nominal.is_some())])?;
        at.unit(metric, self.unit.as_deref().unwrap_or(""))?;
        let hint = "how far off the mean may be, either way";
        let margin = at.above_zero("margin", self.margin.unwrap_or(f64::NAN), hint)?;
        at.said(&self.reason, "say why this margin, in roasting terms")?;
        let lead_s = at.lead(metric, self.lead_s)?;
        Ok(Bias { metric, lead_s, slice: self.slice(at)?, margin, reason: self.reason.clone() })
    }

    pub(super) fn calibration(&self, at: &At<'_>) -> Result<Calibration, InputError> {
        let hint = "a metric that is 1 where the interval held, such as first_crack.within_90";
        let metric = at.metric(&self.metric, &[Direction::None], hint)?;
        self.none_of(at, &[("margin", self.margin.is_some()), ("unit", self.unit.is_some())])?;
        let nominal = self.nominal.unwrap_or(f64::NAN);
        let Some(share) = score::nominal(metric) else {
            return Err(at.wrong("metric", metric.name, "one of first_crack.within_90 and its like", hint));
        };
        if nominal.to_bits() != share.to_bits() {
            let limit = format!("{share}, the share that {} should hold on", metric.name);
            return Err(at.wrong("nominal", &nominal.to_string(), &limit, "0.9 for a 90 % interval"));
        }
        at.said(&self.reason, "say who relies on the interval")?;
        let lead_s = at.lead(metric, self.lead_s)?;
        Ok(Calibration { metric, lead_s, slice: self.slice(at)?, nominal, reason: self.reason.clone() })
    }

    pub(super) fn safety(&self, at: &At<'_>) -> Result<Safety, InputError> {
        let hint = "a count or a share, of unit 1, lower is better";
        let metric = at.metric(&self.metric, &[Direction::Lower], hint)?;
        if metric.unit != "1" {
            // Seconds and degrees are never the same to the last digit: they want a margin, so a guardrail.
            return Err(at.wrong("metric", metric.name, "a metric of unit 1", hint));
        }
        let given = [
            ("margin", self.margin.is_some()),
            ("unit", self.unit.is_some()),
            ("nominal", self.nominal.is_some()),
            ("slice", self.slice.is_some()),
        ];
        self.none_of(at, &given)?;
        at.said(&self.reason, "say what such an event does at the roaster")?;
        Ok(Safety { metric, lead_s: at.lead(metric, self.lead_s)?, reason: self.reason.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_names_a_metric_that_it_can_be_held_by() {
        let at = At { path: Path::new("policy.toml"), table: "calibration", i: 0 };
        let asked = |metric: &str, nominal: f64| {
            let own = OwnFile {
                metric: metric.to_owned(),
                lead_s: Some(60.0),
                slice: None,
                margin: None,
                unit: None,
                nominal: Some(nominal),
                reason: "a test".to_owned(),
            };
            own.calibration(&at).map(|rule| rule.nominal).map_err(|error| error.to_string())
        };
        assert_eq!(asked("drop.within_80", 0.8), Ok(0.8));
        let said = |answer: Result<f64, String>| answer.expect_err("refused");
        assert!(said(asked("drop.within_80", 0.9)).contains("calibration[0].nominal"));
        // A width is 1 nowhere, and of the pipeline's marks no predictor has any.
        assert!(said(asked("drop.width_90", 0.9)).contains("calibration[0].metric"));
        let safe = |metric: &str, lead_s: Option<f64>| {
            let own = OwnFile {
                metric: metric.to_owned(),
                lead_s,
                slice: None,
                margin: None,
                unit: None,
                nominal: None,
                reason: "a test".to_owned(),
            };
            own.safety(&at).map(|rule| rule.metric.name).map_err(|error| error.to_string())
        };
        assert_eq!(safe("first_crack.before_now", None), Ok("first_crack.before_now"));
        assert!(
            safe("first_crack.abs_error", Some(60.0)).expect_err("refused").contains("a metric of unit 1")
        );
        let wanted = [Direction::Lower, Direction::Higher];
        assert!(at.metric("first_crack.loss", &wanted, "").is_ok());
        assert!(at.metric("mark.drop.found", &wanted, "").is_err());
    }
}

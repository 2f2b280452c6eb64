//! Sweep files: read, and each `[[vary]]` made a law or refused.

use serde::{Deserialize, Serialize};

use super::design::Method;
use super::law::Law;

/// Many roasts of one scenario, some of its numbers varied.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    /// Version of the file's shape, `sweep/1`.
    pub schema: String,
    /// Name used in tables: lower-case letters, digits and -.
    pub id: String,
    /// One line about it.
    pub title: String,
    /// The scenario file, relative to this one.
    pub scenario: String,
    /// How many roasts; a grid has as many as its levels make, and may leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roasts: Option<u32>,
    /// How the points are laid out.
    pub method: Method,
    /// Whether each roast has noise of its own.
    #[serde(default)]
    pub seeds: Seeds,
    /// The numbers that vary.
    pub vary: Vec<Vary>,
}

/// Whether each roast of a sweep has noise of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Seeds {
    /// Roast i has the seed of the sweep plus i: what varies by itself in a roastery varies here too.
    #[default]
    Own,
    /// All have the seed of the sweep: they differ by what is varied alone.
    Shared,
}

/// One number that varies: alike from `from` to `to`, by a `law`, or over `values`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct Vary {
    /// A number of the scenario as `sim check` prints it, such as `charge.mass_kg`; steps of the recipe
    /// count from 1, as in `recipe.step.2.gas_pct`.
    pub key: String,
    /// One end, in the key's unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<f64>,
    /// The other end, in the key's unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<f64>,
    /// A law instead of `from` and `to`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub law: Option<LawName>,
    /// Of a normal law, in the key's unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean: Option<f64>,
    /// Standard deviation of a normal law, in the key's unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sd: Option<f64>,
    /// Of a log-normal law, in the key's unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub median: Option<f64>,
    /// Standard deviation of a log-normal law's logarithm: 0.1 is about 10 %.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<f64>,
    /// Where a law is cut below, in the key's unit; 4 standard deviations out when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// Where a law is cut above, in the key's unit; 4 standard deviations out when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// These and no others, in the key's unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<f64>>,
    /// How many levels a grid gives it; not said with `values`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub levels: Option<u32>,
}

/// A law with more of its values in the middle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(super) enum LawName {
    /// Normal, by `mean` and `sd`.
    Normal,
    /// Normal in the logarithm, by `median` and `share`.
    LogNormal,
}

/// The most levels of one key.
pub(super) const LEVELS_MAX: u32 = 1_000_000;

impl Vary {
    /// What is said beside the key, in order.
    fn said(&self) -> Vec<&'static str> {
        let given = [
            ("from", self.from.is_some()),
            ("to", self.to.is_some()),
            ("law", self.law.is_some()),
            ("mean", self.mean.is_some()),
            ("sd", self.sd.is_some()),
            ("median", self.median.is_some()),
            ("share", self.share.is_some()),
            ("low", self.low.is_some()),
            ("high", self.high.is_some()),
            ("values", self.values.is_some()),
        ];
        given.iter().filter(|(_, given)| *given).map(|(name, _)| *name).collect()
    }

    /// The law it asks for, or what is wrong with it.
    pub(super) fn law(&self) -> Result<Law, String> {
        let said = self.said();
        let (needs, law) = match self.law {
            None if self.values.is_some() => (&["values"][..], self.values.clone().map(Law::Values)),
            None => (&["from", "to"][..], self.from.zip(self.to).map(|(from, to)| Law::Uniform { from, to })),
            Some(LawName::Normal) => {
                let law = self.mean.zip(self.sd).map(|(mean, sd)| Law::normal(mean, sd, self.low, self.high));
                (&["law", "mean", "sd", "low", "high"][..], law)
            }
            Some(LawName::LogNormal) => {
                let both = self.median.zip(self.share);
                let law = both.map(|(median, share)| Law::log_normal(median, share, self.low, self.high));
                (&["law", "median", "share", "low", "high"][..], law)
            }
        };
        let stray = said.iter().find(|name| !needs.contains(name));
        let law = match (law, stray) {
            (Some(law), None) => law,
            (None, _) if said.is_empty() => {
                return Err("it says nothing of the values; give from and to, a law, or values".into());
            }
            (_, Some(stray)) => return Err(format!("{stray} does not go with {}", needs[0])),
            (None, None) => {
                let missing = needs.iter().find(|name| !said.contains(name)).unwrap_or(&"to");
                return Err(format!("{missing} is missing beside {}", said.join(" and ")));
            }
        };
        sound(&law).map(|()| law)
    }

    /// How many levels a grid gives the key, or what is wrong; 1 for other methods, which have none.
    pub(super) fn levels(&self, method: Method) -> Result<u32, String> {
        match (method, &self.values, self.levels) {
            (Method::Grid, Some(values), None) => Ok(u32::try_from(values.len()).unwrap_or(u32::MAX)),
            (Method::Grid, Some(_), Some(_)) => Err("values are the levels; leave levels out".into()),
            (Method::Grid, None, Some(levels @ 1..=LEVELS_MAX)) => Ok(levels),
            (Method::Grid, None, Some(got)) => Err(format!("levels = {got} is outside 1 to {LEVELS_MAX}")),
            (Method::Grid, None, None) => Err("a grid needs levels, or values".into()),
            (_, _, Some(_)) => Err("levels are for method = \"grid\"".into()),
            (_, _, None) => Ok(1),
        }
    }
}

/// What no law can be.
fn sound(law: &Law) -> Result<(), String> {
    let problem = match law {
        Law::Values(values) if values.is_empty() => "values is empty",
        Law::Normal { sd, .. } if *sd <= 0.0 => "sd must be above 0",
        Law::LogNormal { share, .. } if *share <= 0.0 => "share must be above 0",
        Law::LogNormal { median, .. } if *median <= 0.0 => "median must be above 0",
        Law::LogNormal { low, .. } if *low <= 0.0 => {
            "low must be above 0: a log-normal law has nothing below"
        }
        Law::Normal { low, high, .. } | Law::LogNormal { low, high, .. } if low >= high => {
            "low must be below high"
        }
        Law::Uniform { from, to } if from >= to => "from must be below to",
        _ => return Ok(()),
    };
    Err(problem.to_owned())
}

//! A case as written. Unknown keys are refused; what the values may be is checked beside what they become.

use crate::fault::FaultFile;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// What running a case must come to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Expect {
    /// It runs to its end.
    Run,
    /// It is refused with this reason code: before anything is simulated, or because the roast did not drop.
    Refuse(String),
    /// However the roast ended, the pipeline's session of it has this outcome; `none` when it makes none of it.
    Outcome(String),
}

impl Expect {
    /// The name used in tables.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Refuse(_) => "refuse",
            Self::Outcome(_) => "outcome",
        }
    }
}

/// One golden case: a roast, why it is there, and what must come of it.
#[derive(Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CaseFile {
    /// Version of the file's shape, `case/2`.
    pub(super) schema: String,
    /// Its name, unique in a suite: lower-case letters, digits, `-`, `_` and `.`.
    pub(super) id: String,
    /// Why the case exists: what would go unseen without it.
    pub(super) why: String,
    /// Words to select by.
    pub(super) tags: Vec<String>,
    /// Where it comes from: `synthetic`, `real_success` or `real_failure`.
    pub(super) provenance: String,
    /// The same in words; a real one must say it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) source: String,
    /// The scenario to roast, from the folder of the case file. This or `log`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) scenario: Option<PathBuf>,
    /// The recorded roast, from the folder of the case file. This or `scenario`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) log: Option<PathBuf>,
    /// Logs of earlier roasts by which the machine is known, oldest first; with `log` only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) earlier_logs: Vec<PathBuf>,
    /// Seeds in place of the suite's, such as `"1..2"`; with `scenario` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) seeds: Option<String>,
    /// What must come of it.
    pub(super) expect: Expect,
    /// Such as `mark.first_crack_start` or `forecast.drop`: none of these may come of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) must_not: Vec<String>,
    /// What the executed roast must hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) must_have: Option<MustHaveFile>,
    /// What it is said to be about; held against what it roasts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) scope: Option<ScopeFile>,
    /// Why it is kept and not run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) retired: Option<RetiredFile>,
    /// What quantities of truth and scores must lie between.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) bounds: Vec<BoundFile>,
    /// What goes wrong between machine and pipeline, in order.
    #[serde(default, rename = "fault", skip_serializing_if = "Vec::is_empty")]
    pub(super) faults: Vec<FaultFile>,
}

/// What a quantity must lie between, ends included.
#[derive(Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct BoundFile {
    /// `true.` and a mark, or a metric that is scored.
    pub(super) metric: String,
    /// The least; no limit when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) min: Option<f64>,
    /// The most; no limit when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max: Option<f64>,
    /// Unit of both, as the metric has it.
    pub(super) unit: String,
    /// Which way the metric is better, as a reader's help: `lower`, `zero` and so on; held against the metric.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) direction: Option<String>,
    /// How long before the event, s; for a metric that is scored at leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) lead_s: Option<f64>,
    /// Whose score: `candidate`, `baseline`, or `any`, which is the default and means every arm.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) arm: Option<String>,
}

/// What the pipeline must really have heard of the roast.
#[derive(Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct MustHaveFile {
    /// Channels as in the telemetry table, each read at least `readings_min` times between true charge and drop.
    #[serde(default)]
    pub(super) channels: Vec<String>,
    /// Marks that must have been set by a device or a person.
    #[serde(default)]
    pub(super) marks: Vec<String>,
    /// Samples between true charge and drop, at least.
    pub(super) readings_min: u32,
}

/// What a case is said to be about.
#[derive(Clone, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct ScopeFile {
    /// The machine, by its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) machine: Option<String>,
    /// The lot of beans, by its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) lot: Option<String>,
    /// The least batch, kg of green coffee.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) batch_kg_min: Option<f64>,
    /// The largest batch, kg.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) batch_kg_max: Option<f64>,
}

/// Why a case is kept and not run.
#[derive(Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct RetiredFile {
    /// Since when, such as 2026-11-22.
    pub(super) on: String,
    /// Why.
    pub(super) why: String,
}

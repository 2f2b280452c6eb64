//! The policy file, read and checked.

use super::rule::{At, OwnFile, RuleFile, checked_rules};
use super::said::Expectation;
use super::waiver::Waivers;
use super::{Bias, Calibration, Role, Rule, Safety};
use crate::error::{InputError, check_said, check_schema, read_toml};
use crate::stats::{bootstrap, sign_flip};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// The schema this build reads.
const SCHEMA: &str = "policy/2";

/// The least confidence an interval that decides may have.
const LEVEL_MIN: f64 = 0.9;

/// The least number of clusters that may support an inference, whatever a test could reach with fewer.
const CLUSTERS_MIN: u32 = 8;

/// What a candidate claims to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Better in something: a primary must be superior.
    #[default]
    Improvement,
    /// The same in everything: every score of both arms must be equal.
    Refactor,
}

/// How much of a catalogue of critical flows must have been seen.
#[derive(Clone, Debug, PartialEq)]
pub struct CoverageBars {
    /// The catalogue, found beside the policy.
    pub catalogue: PathBuf,
    /// The least share of all flows, 0 to 1.
    pub flows_min: f64,
    /// The least share of safety flows, 0 to 1.
    pub safety_min: f64,
}

/// How far a promoted candidate reaches at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rollout {
    /// Beside the incumbent, shown to nobody.
    Shadow,
    /// One machine.
    Machine,
    /// All machines of one site.
    Site,
    /// Every machine.
    All,
}

/// How a promotion is taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Undo {
    /// While a roast runs.
    AtOnce,
    /// For the next roast.
    NextRoast,
    /// Not at all.
    Never,
}

/// What is at stake beside the evidence.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RiskTerms {
    /// How far it reaches.
    pub rollout: Rollout,
    /// How it is taken back.
    pub undo: Undo,
    /// Above this risk, 0 to 100, a person must approve.
    pub approve_above: f64,
    /// The waiver with which somebody approved, by id; its gate is `risk`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiver: Option<String>,
}

/// A policy, read and checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// The file it came from.
    pub path: PathBuf,
    /// Its own digest: of the values as written.
    pub digest: String,
    /// Confidence of the two-sided interval, 0 to 1.
    pub level: f64,
    /// Fewer clusters than this support no inference.
    pub clusters_min: u32,
    /// The largest share of planned roasts without a value an arm may have, 0 to 1.
    pub missing_share_max: f64,
    /// The largest share of units that may error, 0 to 1.
    pub errored_share_max: f64,
    /// The power every rule must be planned with, 0 to 1.
    pub power: f64,
    /// Bootstrap replicates of each interval.
    pub replicates: usize,
    /// Units run a second time, to be the same.
    pub repeats: u32,
    /// What the candidate claims to be.
    pub purpose: Purpose,
    /// While this file is there nothing is promoted; found beside the policy.
    pub stop_file: Option<PathBuf>,
    /// Critical flows that must be seen.
    pub coverage: Option<CoverageBars>,
    /// What is at stake.
    pub risk: RiskTerms,
    /// Primaries first, then guardrails, each in the order of the file and of its slices.
    pub rules: Vec<Rule>,
    /// Bounds on the candidate's own mean error.
    pub biases: Vec<Bias>,
    /// How often the candidate's intervals must hold.
    pub calibrations: Vec<Calibration>,
    /// Events counted exactly.
    pub safeties: Vec<Safety>,
    /// Who let what pass.
    pub waivers: Waivers,
    /// The policy's own tests.
    pub tests: Vec<Expectation>,
}

/// The file as written.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PolicyFile {
    schema: String,
    level: f64,
    min_clusters: u32,
    max_missing_share: f64,
    #[serde(default)]
    max_errored_share: f64,
    power: f64,
    #[serde(default = "replicates")]
    replicates: usize,
    #[serde(default)]
    repeats: u32,
    #[serde(default)]
    purpose: Purpose,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stop_file: Option<PathBuf>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    waivers: Option<PathBuf>,
    risk: RiskTerms,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    coverage: Option<CoverageFile>,
    #[serde(default)]
    primary: Vec<RuleFile>,
    #[serde(default)]
    guardrail: Vec<RuleFile>,
    #[serde(default)]
    bias: Vec<OwnFile>,
    #[serde(default)]
    calibration: Vec<OwnFile>,
    #[serde(default)]
    safety: Vec<OwnFile>,
    #[serde(default)]
    test: Vec<Expectation>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct CoverageFile {
    catalogue: PathBuf,
    min_flows: f64,
    min_safety: f64,
}

const fn replicates() -> usize {
    bootstrap::REPLICATES
}

impl Policy {
    /// Reads the policy at `path`, and the waivers it names.
    ///
    /// # Errors
    /// A file that cannot be read, an unknown key or metric, or a value out of
    /// place, by file and key. A policy under which nothing could ever be
    /// significant, or too much would be, is refused too.
    pub fn load(path: &Path) -> Result<Self, InputError> {
        Self::read(path).map(|(policy, _)| policy)
    }

    /// The same, and the file as written.
    pub(crate) fn read(path: &Path) -> Result<(Self, PolicyFile), InputError> {
        let hint = "give the path of a policy file, such as golden/policy.toml";
        let file: PolicyFile = read_toml(path, hint)?;
        check_schema(path, &file.schema, SCHEMA)?;
        check_numbers(path, &file)?;
        check_floor(path, &file)?;
        let at = |table, i| At { path, table, i };
        let mut rules: Vec<Rule> = Vec::new();
        for (role, list) in [(Role::Primary, &file.primary), (Role::Guardrail, &file.guardrail)] {
            for (i, entry) in list.iter().enumerate() {
                for rule in checked_rules(&at(role.name(), i), role, entry)? {
                    if rules.iter().any(|other| other.gate() == rule.gate()) {
                        let key = format!("{}[{i}].metric", role.name());
                        let hint = "two margins for one metric on one slice cannot both hold";
                        return Err(InputError::value(path, &key, &rule.gate(), "named once", hint));
                    }
                    rules.push(rule);
                }
            }
        }
        for (i, test) in file.test.iter().enumerate() {
            test.check(path, i, &rules)?;
        }
        let biases = file.bias.iter().enumerate().map(|(i, own)| own.bias(&at("bias", i)));
        let calibrations =
            file.calibration.iter().enumerate().map(|(i, own)| own.calibration(&at("calibration", i)));
        let safeties = file.safety.iter().enumerate().map(|(i, own)| own.safety(&at("safety", i)));
        let beside = |name: &PathBuf| path.parent().unwrap_or(Path::new("")).join(name);
        let policy = Self {
            path: path.to_owned(),
            digest: digest_of(&file),
            level: file.level,
            clusters_min: file.min_clusters,
            missing_share_max: file.max_missing_share,
            errored_share_max: file.max_errored_share,
            power: file.power,
            replicates: file.replicates,
            repeats: file.repeats,
            purpose: file.purpose,
            stop_file: file.stop_file.as_ref().map(beside),
            coverage: checked_coverage(path, file.coverage.as_ref())?,
            risk: file.risk.clone(),
            biases: biases.collect::<Result<_, _>>()?,
            calibrations: calibrations.collect::<Result<_, _>>()?,
            safeties: safeties.collect::<Result<_, _>>()?,
            waivers: file
                .waivers
                .as_ref()
                .map_or(Ok(Waivers::default()), |name| Waivers::load(&beside(name)))?,
            tests: file.test.clone(),
            rules,
        };
        check_waivers(path, &policy, file.waivers.is_some())?;
        Ok((policy, file))
    }

    /// The rules of one role, in order.
    pub fn rules_of(&self, role: Role) -> impl Iterator<Item = &Rule> {
        self.rules.iter().filter(move |rule| rule.role == role)
    }

    /// The error rate of the two-sided interval.
    #[must_use]
    pub fn alpha(&self) -> f64 {
        1.0 - self.level
    }
}

/// Of the values as they were understood, so that blanks and comments change nothing.
fn digest_of(file: &PolicyFile) -> String {
    let text = toml::to_string(file).unwrap_or_default();
    blake3::hash(text.as_bytes()).to_hex().to_string()
}

fn check_numbers(path: &Path, file: &PolicyFile) -> Result<(), InputError> {
    let wrong = |key: &str, value: &str, limit: &str, hint: &str| {
        Err(InputError::value(path, key, value, limit, hint))
    };
    if file.level.is_nan() || file.level < LEVEL_MIN || file.level >= 1.0 {
        let hint = "0.95 is the usual level; below 0.9 luck alone looks better more than once in twenty";
        return wrong("level", &file.level.to_string(), "0.9 to 1, 1 excluded", hint);
    }
    for (key, share, hint) in [
        ("max_missing_share", file.max_missing_share, "0.05 lets one roast in twenty go without a value"),
        ("max_errored_share", file.max_errored_share, "0.01 lets one roast in a hundred not run"),
    ] {
        if !(0.0..=0.5).contains(&share) {
            return wrong(key, &share.to_string(), "0 to 0.5", hint);
        }
    }
    if !(0.5..1.0).contains(&file.power) {
        let hint = "0.8 finds the planned effect four times in five";
        return wrong("power", &file.power.to_string(), "0.5 to 1, 1 excluded", hint);
    }
    if !(999..=999_999).contains(&file.replicates) {
        let hint = "9999 is usual; fewer make an interval's ends a guess";
        return wrong("replicates", &file.replicates.to_string(), "999 to 999999", hint);
    }
    if !(0.0..=100.0).contains(&file.risk.approve_above) {
        let hint = "50 is usual: above it somebody must look";
        return wrong("risk.approve_above", &file.risk.approve_above.to_string(), "0 to 100", hint);
    }
    if file.primary.is_empty() && file.purpose == Purpose::Improvement {
        let hint =
            "without a primary metric nothing could be promoted; a refactor says purpose = \"refactor\"";
        return wrong("primary", "empty", "one [[primary]] or more", hint);
    }
    Ok(())
}

/// Refuses a least number of clusters that is too small for any inference, or with which no
/// permutation p could be small enough.
fn check_floor(path: &Path, file: &PolicyFile) -> Result<(), InputError> {
    let primaries = file.primary.iter().map(|primary| primary.slices.len().max(1)).sum::<usize>().max(1);
    #[allow(clippy::cast_precision_loss)]
    let alpha = (1.0 - file.level) / primaries as f64;
    let reaches = |clusters: u32| sign_flip::floor_two_sided(clusters as usize) <= alpha;
    if file.min_clusters >= CLUSTERS_MIN && reaches(file.min_clusters) {
        return Ok(());
    }
    let enough = (CLUSTERS_MIN..64).find(|clusters| reaches(*clusters)).unwrap_or(64);
    let limit = format!("{enough} or more for {primaries} primaries at level {}", file.level);
    let hint = "fewer clusters say too little of their spread, and no sign flip can reach a small p";
    Err(InputError::value(path, "min_clusters", &file.min_clusters.to_string(), &limit, hint))
}

fn checked_coverage(path: &Path, file: Option<&CoverageFile>) -> Result<Option<CoverageBars>, InputError> {
    let Some(file) = file else { return Ok(None) };
    for (key, share) in [("coverage.min_flows", file.min_flows), ("coverage.min_safety", file.min_safety)] {
        if !(0.0..=1.0).contains(&share) {
            let hint = "0.7 of all flows and 1.0 of safety flows are usual";
            return Err(InputError::value(path, key, &share.to_string(), "0 to 1", hint));
        }
    }
    let catalogue = path.parent().unwrap_or(Path::new("")).join(&file.catalogue);
    if !catalogue.is_file() {
        let named = file.catalogue.display().to_string();
        let hint = "the path counts from the folder of the policy file";
        let key = "coverage.catalogue";
        return Err(InputError::value(path, key, &named, "an existing catalogue of flows", hint));
    }
    Ok(Some(CoverageBars { catalogue, flows_min: file.min_flows, safety_min: file.min_safety }))
}

/// A rule that names a waiver needs a file where it could be; whether it is there is the gate's to say.
fn check_waivers(path: &Path, policy: &Policy, has_file: bool) -> Result<(), InputError> {
    let named = policy.rules.iter().find_map(|rule| rule.waiver.as_deref()).or(policy.risk.waiver.as_deref());
    match named {
        Some(id) if !has_file => {
            let hint =
                "waivers = \"waivers.toml\" names the file where who asked and who approved is written";
            Err(InputError::value(path, "waivers", "absent", &format!("a file that holds {id}"), hint))
        }
        _ => {
            if let Some(id) = named {
                check_said(path, "waiver", id, "the id of a waiver")?;
            }
            Ok(())
        }
    }
}

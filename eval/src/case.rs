//! A golden case: one scenario, why it is there, and what must come of it.
//!
//! The numbers of the roast are in the scenario; the case holds what makes it golden.

use crate::error::{InputError, check_id, check_said, check_schema, read_toml};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use trier_roast::MarkKind;
use trier_sim::{ResolvedScenario, Scenario};

/// The schema this build reads.
const SCHEMA: &str = "case/1";

/// What running a case must come to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Expect {
    /// It runs to its end.
    Run,
    /// It is refused with this reason code before anything is simulated.
    Refuse(String),
}

impl Expect {
    /// The name used in tables.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Refuse(_) => "refuse",
        }
    }
}

/// What a quantity of the simulated roast must lie between, ends included.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// The mark whose true time since charge is bounded.
    pub mark: MarkKind,
    /// Earliest, s since true charge.
    pub min_s: f64,
    /// Latest, s since true charge.
    pub max_s: f64,
}

impl Bound {
    /// The name used in files: `true.first_crack_start` and so on.
    #[must_use]
    pub fn metric(&self) -> String {
        format!("true.{}", self.mark.name())
    }
}

/// One golden case, read and checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// Its name, unique in a suite.
    pub id: Arc<str>,
    /// The file it came from.
    pub path: PathBuf,
    /// The scenario it runs, found beside the case file.
    pub scenario: PathBuf,
    /// The machine of the scenario, by its id; empty when the scenario cannot be used.
    pub machine: Arc<str>,
    /// The lot of the scenario, as above.
    pub lot: Arc<str>,
    /// Why the case exists: what would go unseen without it.
    pub why: String,
    /// Words to select by.
    pub tags: Vec<String>,
    /// What must come of it.
    pub expect: Expect,
    /// What its truth must lie between; guards against a simulator that moved.
    pub bounds: Vec<Bound>,
    /// BLAKE3 of the case and of all that its scenario comes to, in hex.
    pub digest: Arc<str>,
}

/// The file as written.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CaseFile {
    schema: String,
    id: String,
    scenario: PathBuf,
    why: String,
    tags: Vec<String>,
    expect: Expect,
    #[serde(default)]
    bounds: Vec<BoundFile>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct BoundFile {
    metric: String,
    min: f64,
    max: f64,
    unit: String,
}

impl Case {
    /// Reads the case at `path`. Its scenario file must exist, and is read for machine and lot
    /// only: one that cannot be used is the runner's to report, and may be what the case is about.
    ///
    /// # Errors
    /// A file that cannot be read, an unknown key, or a value out of place, by file and key.
    pub fn load(path: &Path) -> Result<Self, InputError> {
        Self::read(path).map(|(case, _)| case)
    }

    /// The same, and the file as written.
    pub(crate) fn read(path: &Path) -> Result<(Self, CaseFile), InputError> {
        let file: CaseFile =
            read_toml(path, "give the path of a case file, such as golden/cases/steady.toml")?;
        check_schema(path, &file.schema, SCHEMA)?;
        check_id(path, "id", &file.id)?;
        check_said(path, "why", &file.why, "say what would go unseen without this case")?;
        for (i, tag) in file.tags.iter().enumerate() {
            check_id(path, &format!("tags[{i}]"), tag)?;
        }
        if let Expect::Refuse(code) = &file.expect {
            check_id(path, "expect.refuse", code)?;
        }
        let scenario = path.parent().unwrap_or(Path::new("")).join(&file.scenario);
        if !scenario.is_file() {
            let named = file.scenario.display().to_string();
            let hint = "the path counts from the folder of the case file";
            return Err(InputError::value(path, "scenario", &named, "an existing scenario file", hint));
        }
        let bounds = checked_bounds(path, &file)?;
        let (machine, lot) = Scenario::load(&scenario)
            .map_or_else(|_| Default::default(), |scenario| (scenario.machine.id, scenario.lot.id));
        let case = Self {
            id: file.id.as_str().into(),
            path: path.to_owned(),
            scenario,
            machine: machine.into(),
            lot: lot.into(),
            why: file.why.clone(),
            tags: file.tags.clone(),
            expect: file.expect.clone(),
            bounds,
            digest: digest_of(&file, path)?,
        };
        Ok((case, file))
    }
}

/// Of the values of the case and of its scenario with everything it names; of the scenario's text where
/// it cannot be used.
fn digest_of(file: &CaseFile, path: &Path) -> Result<Arc<str>, InputError> {
    let scenario = path.parent().unwrap_or(Path::new("")).join(&file.scenario);
    let roast = match ResolvedScenario::load(&scenario) {
        Ok(scenario) => toml::to_string(&scenario).unwrap_or_default(),
        Err(_) => std::fs::read_to_string(&scenario).map_err(|source| InputError::Read {
            path: scenario,
            hint: "the path counts from the folder of the case file",
            source,
        })?,
    };
    let mut hasher = blake3::Hasher::new();
    for part in [toml::to_string(file).unwrap_or_default(), roast] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    Ok(hasher.finalize().to_hex().as_str().into())
}

/// The bounds of `file`, each a known metric with a unit and an interval that holds something.
fn checked_bounds(path: &Path, file: &CaseFile) -> Result<Vec<Bound>, InputError> {
    if file.expect != Expect::Run && !file.bounds.is_empty() {
        let hint = "a refused case has no truth to bound";
        return Err(InputError::value(path, "bounds", "given", "absent with expect.refuse", hint));
    }
    let checked = |(i, bound): (usize, &BoundFile)| {
        let key = |name: &str| format!("bounds[{i}].{name}");
        let mark = bound.metric.strip_prefix("true.").and_then(MarkKind::from_name);
        let Some(mark) = mark else {
            let limit = "`true.` and a mark, such as true.first_crack_start";
            let hint = "marks are named in docs/glossary.md";
            return Err(InputError::value(path, &key("metric"), &bound.metric, limit, hint));
        };
        if bound.unit != "s" {
            let hint = "true times are in seconds since charge";
            return Err(InputError::value(path, &key("unit"), &bound.unit, "\"s\"", hint));
        }
        if !bound.min.is_finite() {
            let value = bound.min.to_string();
            return Err(InputError::value(path, &key("min"), &value, "finite", "give seconds since charge"));
        }
        if !bound.max.is_finite() || bound.max < bound.min {
            let limit = format!("finite and at least min, {}", bound.min);
            let value = bound.max.to_string();
            return Err(InputError::value(path, &key("max"), &value, &limit, "swap min and max"));
        }
        Ok(Bound { mark, min_s: bound.min, max_s: bound.max })
    };
    file.bounds.iter().enumerate().map(checked).collect()
}

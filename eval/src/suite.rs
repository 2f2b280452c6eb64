//! A golden suite: which cases run, with which seeds, scored at which leads.

pub use crate::case::Seeds;
use crate::case::{Case, Expect, SEEDS_END};
use crate::error::{InputError, check_id, check_said, check_schema, read_toml};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The schema this build reads.
const SCHEMA: &str = "suite/1";

/// A suite with its cases, read and checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Suite {
    /// Its name.
    pub id: Arc<str>,
    /// The folder that the suite file is in.
    pub folder: PathBuf,
    /// What it is for.
    pub why: String,
    /// Seeds each case runs with.
    pub seeds: Seeds,
    /// Leads to score forecasts at, s before the event, ascending.
    pub leads_s: Vec<f64>,
    /// The policy file to judge by, found beside the suite file.
    pub policy: PathBuf,
    /// The cases, ordered by id.
    pub cases: Vec<Case>,
}

/// The file as written.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SuiteFile {
    schema: String,
    id: String,
    why: String,
    seeds: String,
    leads_s: Vec<f64>,
    policy: PathBuf,
    cases: Vec<PathBuf>,
}

/// The seed that `case` runs with for `seed` of the suite: six digits of its own, then the four of `seed`.
///
/// One machine under one seed has the same weather, burner and beans in every
/// scenario. Cases that shared seeds would share that luck, and counting them as
/// independent clusters would make every interval too narrow. `sim run` with the
/// scenario and this seed repeats the roast.
#[must_use]
pub fn run_seed(case: &str, seed: u64) -> i64 {
    let hash = blake3::hash(case.as_bytes());
    let own = hash.as_bytes()[..8].iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte)) % 1_000_000;
    // At most 999,999 × 10,000 + 9,999: far inside both i64 and the whole numbers of a double.
    i64::try_from(own * SEEDS_END + seed % SEEDS_END).unwrap_or(i64::MAX)
}

/// The cluster of one lot, machine and day: what shares its luck and counts once.
#[must_use]
pub fn cluster_of(lot: &str, machine: &str, day: &str) -> Arc<str> {
    format!("{lot}/{machine}/{day}").into()
}

/// Of a case with a seed: what is run.
fn digest_of(case: &str, seed: Option<i64>) -> Arc<str> {
    let seed = seed.map_or_else(|| "none".to_owned(), |seed| seed.to_string());
    blake3::hash(format!("{case}/{seed}").as_bytes()).to_hex().as_str().into()
}

/// One unit of work: a case with a seed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(from = "UnitFile", into = "UnitFile")]
pub struct Unit {
    /// The case.
    pub case: Arc<str>,
    /// The seed of the run, from [`run_seed`]; None for a case that must be refused.
    pub seed: Option<i64>,
}

/// A unit as written in a plan.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct UnitFile {
    case: String,
    seed: Option<i64>,
}

impl From<UnitFile> for Unit {
    fn from(file: UnitFile) -> Self {
        Self { case: file.case.into(), seed: file.seed }
    }
}

impl From<Unit> for UnitFile {
    fn from(unit: Unit) -> Self {
        Self { case: unit.case.to_string(), seed: unit.seed }
    }
}

/// A promised unit as written in a plan.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct PlannedFile {
    unit: UnitFile,
    expect: Expect,
    machine: String,
    lot: String,
    cluster: String,
    tags: Vec<String>,
    digest: String,
}

impl From<PlannedFile> for Planned {
    fn from(file: PlannedFile) -> Self {
        Self {
            unit: file.unit.into(),
            expect: file.expect,
            machine: file.machine.into(),
            lot: file.lot.into(),
            cluster: file.cluster.into(),
            tags: file.tags.into_iter().map(Into::into).collect(),
            digest: file.digest.into(),
        }
    }
}

impl From<Planned> for PlannedFile {
    fn from(planned: Planned) -> Self {
        Self {
            unit: planned.unit.into(),
            expect: planned.expect,
            machine: planned.machine.to_string(),
            lot: planned.lot.to_string(),
            cluster: planned.cluster.to_string(),
            tags: planned.tags.iter().map(ToString::to_string).collect(),
            digest: planned.digest.to_string(),
        }
    }
}

impl fmt::Display for Unit {
    /// As people write it: `steady seed 3`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.seed {
            Some(seed) => write!(f, "{} seed {seed}", self.case),
            None => write!(f, "{}", self.case),
        }
    }
}

/// A unit that a suite promises before anything runs. Evidence that says otherwise is invalid.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(from = "PlannedFile", into = "PlannedFile")]
pub struct Planned {
    /// The unit.
    pub unit: Unit,
    /// What must come of it; one that must run owes a score to every arm.
    pub expect: Expect,
    /// The machine that roasts; empty when the scenario cannot be read, and then nothing can be scored.
    pub machine: Arc<str>,
    /// The lot of beans; empty as above.
    pub lot: Arc<str>,
    /// Lot × machine × day, a case being one simulated day; see [`cluster_of`].
    pub cluster: Arc<str>,
    /// The case's tags.
    pub tags: Vec<Arc<str>>,
    /// Of the case, its scenario and the seed: what is run.
    pub digest: Arc<str>,
}

impl Suite {
    /// Every unit the suite promises, by case then seed; none of a retired case. What is judged must cover it.
    #[must_use]
    pub fn units(&self) -> Vec<Planned> {
        let units = |case: &Case| {
            let seeds: Vec<Option<i64>> = match case.expect {
                // A log happened once, and has no seed.
                _ if case.is_log() => vec![None],
                Expect::Run | Expect::Outcome(_) => {
                    let seeds = case.seeds.unwrap_or(self.seeds);
                    seeds.iter().map(|seed| Some(run_seed(&case.id, seed))).collect()
                }
                Expect::Refuse(_) => vec![None],
            };
            let planned = Planned {
                unit: Unit { case: Arc::clone(&case.id), seed: None },
                expect: case.expect.clone(),
                machine: Arc::clone(&case.machine),
                lot: Arc::clone(&case.lot),
                cluster: cluster_of(&case.lot, &case.machine, &case.id),
                tags: case.tags.iter().map(|tag| tag.as_str().into()).collect(),
                digest: Arc::clone(&case.digest),
            };
            seeds.into_iter().map(move |seed| Planned {
                unit: Unit { case: Arc::clone(&planned.unit.case), seed },
                digest: digest_of(&planned.digest, seed),
                ..planned.clone()
            })
        };
        self.cases.iter().filter(|case| case.is_run()).flat_map(units).collect()
    }

    /// Reads the suite at `path` and every case it names.
    ///
    /// # Errors
    /// A file that cannot be read, an unknown key, a value out of place, no cases,
    /// or two cases of one id, by file and key.
    pub fn load(path: &Path) -> Result<Self, InputError> {
        Self::read(path).map(|(suite, _)| suite)
    }

    /// The same, and the file as written.
    pub(crate) fn read(path: &Path) -> Result<(Self, SuiteFile), InputError> {
        let file: SuiteFile = read_toml(path, "give the path of a suite file, such as golden/first.toml")?;
        check_schema(path, &file.schema, SCHEMA)?;
        check_id(path, "id", &file.id)?;
        check_said(path, "why", &file.why, "say what the suite is for")?;
        let Some(seeds) = Seeds::parse(&file.seeds) else {
            let limit = format!("\"first..last\", both included, below {SEEDS_END}");
            return Err(InputError::value(path, "seeds", &file.seeds, &limit, "\"1..6\" means six seeds"));
        };
        check_leads(path, &file.leads_s)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let policy = folder.join(&file.policy);
        if !policy.is_file() {
            let named = file.policy.display().to_string();
            let hint = "the path counts from the folder of the suite file";
            return Err(InputError::value(path, "policy", &named, "an existing policy file", hint));
        }
        let cases = load_cases(path, folder, &file.cases)?;
        let (id, why, leads_s) = (file.id.as_str().into(), file.why.clone(), file.leads_s.clone());
        let folder = folder.to_owned();
        Ok((Self { id, folder, why, seeds, leads_s, policy, cases }, file))
    }
}

fn check_leads(path: &Path, leads_s: &[f64]) -> Result<(), InputError> {
    let hint = "for example [30, 60, 90, 120, 180, 240]";
    if leads_s.is_empty() {
        return Err(InputError::value(path, "leads_s", "empty", "one lead or more, s", hint));
    }
    for (i, lead_s) in leads_s.iter().enumerate() {
        let above = if i == 0 { 0.0 } else { leads_s[i - 1] };
        if !lead_s.is_finite() || *lead_s <= above {
            let limit = format!("finite and above {above} s: leads ascend");
            return Err(InputError::value(path, &format!("leads_s[{i}]"), &lead_s.to_string(), &limit, hint));
        }
    }
    Ok(())
}

fn load_cases(path: &Path, folder: &Path, files: &[PathBuf]) -> Result<Vec<Case>, InputError> {
    if files.is_empty() {
        let hint = "an empty suite would pass everything";
        return Err(InputError::value(path, "cases", "empty", "one case file or more", hint));
    }
    let mut by_id: BTreeMap<Arc<str>, (usize, Case)> = BTreeMap::new();
    for (i, file) in files.iter().enumerate() {
        let case = Case::load(&folder.join(file))?;
        if let Some((earlier, _)) = by_id.get(&case.id) {
            let limit = format!("another id than that of cases[{earlier}]");
            let hint = "give the case its own id, or name its file once";
            return Err(InputError::value(path, &format!("cases[{i}]"), &case.id, &limit, hint));
        }
        by_id.insert(Arc::clone(&case.id), (i, case));
    }
    Ok(by_id.into_values().map(|(_, case)| case).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_include_both_ends_and_differ_by_case() {
        let six = Seeds::parse("1..6").expect("well-formed");
        assert_eq!(six.iter().collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
        assert_eq!(Seeds::parse("7"), Some(Seeds { first: 7, last: 7 }));
        assert_ne!(run_seed("steady", 1), run_seed("fast", 1));
        assert_eq!(run_seed("steady", 6) - run_seed("steady", 1), 5);
        for bad in ["", "6..1", "-1..3", "1...3", "1..99999", "a..b", "18446744073709551615"] {
            assert_eq!(Seeds::parse(bad), None, "{bad}");
        }
    }
}

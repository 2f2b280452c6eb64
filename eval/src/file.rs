//! Any input file of ours, told apart by its `schema`, checked, and written out in full.

use crate::case::{Case, CaseFile, Expect, Input};
use crate::error::InputError;
use crate::flow::{Catalogue, CatalogueFile};
use crate::policy::{Policy, PolicyFile};
use crate::policy_tests;
use crate::suite::{Suite, SuiteFile};
use crate::trace::{self, TraceFault};
use serde::Serialize;
use std::path::{Path, PathBuf};
use trier_pipeline::records::{Profile, ProfileError};
use trier_sim::{
    Lot, MachineSpec, Recipe, ResolvedScenario, ResolvedSweep, Scenario, ScenarioError, SweepError,
};

/// What an input file may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What to roast, in what, and how.
    Scenario,
    /// A roaster.
    Machine,
    /// Green coffee.
    Lot,
    /// What to set when.
    Recipe,
    /// Golden cases that are run together.
    Suite,
    /// One golden case.
    Case,
    /// What it takes to promote.
    Policy,
    /// Critical flows that a suite must meet.
    Flows,
    /// Many roasts of one scenario.
    Sweep,
    /// What a roast should be.
    Profile,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Scenario,
        Self::Machine,
        Self::Lot,
        Self::Recipe,
        Self::Suite,
        Self::Case,
        Self::Policy,
        Self::Flows,
        Self::Sweep,
        Self::Profile,
    ];

    /// The name: what stands before the `/` in `schema`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scenario => "scenario",
            Self::Machine => "machine",
            Self::Lot => "lot",
            Self::Recipe => "recipe",
            Self::Suite => "suite",
            Self::Case => "case",
            Self::Policy => "policy",
            Self::Flows => "flows",
            Self::Sweep => "sweep",
            Self::Profile => "profile",
        }
    }

    /// What the file at `path` says it is, whatever its version.
    ///
    /// # Errors
    /// A file that cannot be read or is no TOML, in the words of a scenario; a `schema` that is
    /// not there, or of no kind that is known.
    pub fn of_file(path: &Path) -> Result<Self, FileError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ScenarioError::Read { path: path.to_owned(), source })?;
        let table: toml::Table = toml::from_str(&text)
            .map_err(|source| ScenarioError::Parse { path: path.to_owned(), source: Box::new(source) })?;
        let schema = table.get("schema").and_then(toml::Value::as_str);
        let name = schema.and_then(|schema| schema.split('/').next());
        Self::ALL.into_iter().find(|kind| Some(kind.name()) == name).ok_or_else(|| {
            let found = schema.map_or_else(|| "there is none".to_owned(), |got| format!("found {got:?}"));
            FileError::UnknownKind { path: path.to_owned(), found }
        })
    }
}

/// Why a file could not be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// A scenario, machine, lot or recipe.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// A sweep.
    #[error(transparent)]
    Sweep(#[from] SweepError),
    /// A suite, case or policy.
    #[error(transparent)]
    Input(#[from] InputError),
    /// A profile.
    #[error("{}: {source}", path.display())]
    Profile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: ProfileError,
    },
    /// The file does not say what it is.
    #[error(
        "{}, key schema: {found}, so what the file holds is unknown\nhint: known are {}, written as schema = \"scenario/1\"",
        path.display(),
        Kind::ALL.map(Kind::name).join(", ")
    )]
    UnknownKind {
        /// The file.
        path: PathBuf,
        /// What `schema` says, or that it is missing.
        found: String,
    },
    /// A suite whose traces are not what its cases come to.
    #[error("{}", said_all(faults))]
    Traces {
        /// All that is wrong with them, one or more.
        faults: Vec<TraceFault>,
    },
    /// A folder that cannot be listed.
    #[error("cannot read the folder {}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// The first few of `faults` in full, and how many more there are.
fn said_all(faults: &[TraceFault]) -> String {
    const SHOWN: usize = 3;
    let mut text = faults.iter().take(SHOWN).map(ToString::to_string).collect::<Vec<_>>().join("\n");
    if faults.len() > SHOWN {
        text.push_str(&format!("\nand {} more traces", faults.len() - SHOWN));
    }
    text
}

/// An input file, read and checked, with every default said.
///
/// Machines, lots, recipes, suites, cases, policies, flows and profiles are written as files of their kind. A
/// scenario is not: it holds what it names.
#[derive(Serialize)]
#[serde(untagged)]
pub enum InputFile {
    /// A scenario with machine, lot and recipe in it.
    Scenario(Box<ResolvedScenario>),
    /// A machine.
    Machine(Box<MachineSpec>),
    /// A lot.
    Lot(Lot),
    /// A recipe.
    Recipe(Recipe),
    /// A suite. Its cases and policy were checked too.
    Suite(SuiteInFull),
    /// A case. Its scenario was checked too.
    Case(Box<CaseInFull>),
    /// A policy. Its own tests hold.
    Policy(Box<PolicyInFull>),
    /// A catalogue of critical flows.
    Flows(FlowsInFull),
    /// A sweep with its scenario in it.
    Sweep(Box<ResolvedSweep>),
    /// A profile.
    Profile(Box<Profile>),
}

/// A suite as written, and what it comes to.
#[derive(Serialize)]
#[serde(transparent)]
pub struct SuiteInFull {
    file: SuiteFile,
    #[serde(skip)]
    suite: Suite,
}

/// A case as written, and what it comes to.
#[derive(Serialize)]
#[serde(transparent)]
pub struct CaseInFull {
    file: CaseFile,
    #[serde(skip)]
    case: Case,
}

/// A catalogue of flows as written, and what it comes to.
#[derive(Serialize)]
#[serde(transparent)]
pub struct FlowsInFull {
    file: CatalogueFile,
    #[serde(skip)]
    catalogue: Catalogue,
}

/// A policy as written, and what it comes to.
#[derive(Serialize)]
#[serde(transparent)]
pub struct PolicyInFull {
    file: PolicyFile,
    #[serde(skip)]
    policy: Policy,
}

impl InputFile {
    /// Reads the file at `path` and checks it with all that it names.
    ///
    /// # Errors
    /// As [`Kind::of_file`], then as whatever reads files of that kind.
    pub fn load(path: &Path) -> Result<Self, FileError> {
        Ok(match Kind::of_file(path)? {
            Kind::Scenario => Self::Scenario(Box::new(ResolvedScenario::load(path)?)),
            Kind::Machine => Self::Machine(Box::new(MachineSpec::load(path)?)),
            Kind::Lot => Self::Lot(Lot::load(path)?),
            Kind::Recipe => Self::Recipe(Recipe::load(path)?),
            Kind::Suite => {
                let (suite, file) = Suite::read(path)?;
                policy_tests::load(&suite.policy)?;
                suite.cases.iter().try_for_each(check_scenario)?;
                let faults = trace::faults(&suite);
                if !faults.is_empty() {
                    return Err(FileError::Traces { faults });
                }
                Self::Suite(SuiteInFull { file, suite })
            }
            Kind::Case => {
                let (case, file) = Case::read(path)?;
                check_scenario(&case)?;
                Self::Case(Box::new(CaseInFull { file, case }))
            }
            Kind::Policy => {
                let (policy, file) = Policy::read(path)?;
                policy_tests::check(&policy)?;
                Self::Policy(Box::new(PolicyInFull { file, policy }))
            }
            Kind::Flows => {
                let (catalogue, file) = Catalogue::read(path)?;
                Self::Flows(FlowsInFull { file, catalogue })
            }
            Kind::Sweep => Self::Sweep(Box::new(ResolvedSweep::load(path)?)),
            Kind::Profile => {
                let text = std::fs::read_to_string(path)
                    .map_err(|source| ScenarioError::Read { path: path.to_owned(), source })?;
                let wrong = |source| FileError::Profile { path: path.to_owned(), source };
                Self::Profile(Box::new(Profile::parse(&text).map_err(wrong)?))
            }
        })
    }

    /// What it is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Scenario(_) => Kind::Scenario,
            Self::Machine(_) => Kind::Machine,
            Self::Lot(_) => Kind::Lot,
            Self::Recipe(_) => Kind::Recipe,
            Self::Suite(_) => Kind::Suite,
            Self::Case(_) => Kind::Case,
            Self::Policy(_) => Kind::Policy,
            Self::Flows(_) => Kind::Flows,
            Self::Sweep(_) => Kind::Sweep,
            Self::Profile(_) => Kind::Profile,
        }
    }

    /// What a reader should know beside the values, if anything.
    #[must_use]
    pub fn remark(&self) -> Option<String> {
        match self {
            Self::Scenario(_) => {
                Some("machine, beans and recipe stand here with overrides applied; this cannot be run".into())
            }
            Self::Sweep(_) => Some("the scenario stands here as it is varied; this cannot be run".into()),
            Self::Recipe(_) => Some("a step without gas_pct or air_pct leaves it as it is".into()),
            Self::Suite(SuiteInFull { suite, .. }) => {
                let count = |of: &dyn Fn(&Case) -> bool| suite.cases.iter().filter(|case| of(case)).count();
                let refused = count(&|case| case.is_run() && matches!(case.expect, Expect::Refuse(_)));
                let retired = count(&|case| !case.is_run());
                let (runs, seeds) = (suite.cases.len() - refused - retired, suite.seeds.iter().count());
                let kept = if retired > 0 { format!(", {retired} are retired") } else { String::new() };
                Some(format!("{runs} cases run with {seeds} seeds each, {refused} must be refused{kept}"))
            }
            Self::Case(full) if !full.case.machine.is_empty() => {
                Some(format!("roasts {} in {}", full.case.lot, full.case.machine))
            }
            Self::Flows(FlowsInFull { catalogue, .. }) => {
                let safety = catalogue.flows.iter().filter(|flow| flow.safety).count();
                Some(format!("{} flows, {safety} of them safety flows", catalogue.flows.len()))
            }
            Self::Policy(full) => {
                let tests = match full.policy.tests.len() {
                    0 => "no tests of its own".to_owned(),
                    n => format!("{n} tests of its own hold"),
                };
                Some(format!("{} rules, {tests}", full.policy.rules.len()))
            }
            Self::Machine(_) | Self::Lot(_) | Self::Case(_) | Self::Profile(_) => None,
        }
    }

    /// The values as TOML.
    ///
    /// # Panics
    /// Never: all of it was read from TOML.
    #[must_use]
    pub fn to_toml(&self) -> String {
        toml::to_string(self).expect("what was read from TOML can be written as TOML")
    }
}

/// Refuses a case whose scenario is refused though it should run, or for another reason than
/// expected. Whether one that should be refused while it runs will be, only running it can tell.
fn check_scenario(case: &Case) -> Result<(), FileError> {
    let Input::Scenario(scenario) = &case.input else { return Ok(()) };
    match (Scenario::load(scenario), &case.expect) {
        (Err(error), Expect::Refuse(code)) if error.code() != code => {
            let limit = format!("\"{}\", for which {} is refused", error.code(), scenario.display());
            let hint = "a case holds the reason too: another refusal may hide the one meant";
            let got = format!("\"{code}\"");
            Err(InputError::value(&case.path, "expect.refuse", &got, &limit, hint).into())
        }
        (Err(error), Expect::Run | Expect::Outcome(_)) => Err(error.into()),
        _ => Ok(()),
    }
}

//! `sim gate`: judge again from what was stored, and judge the parts of a suite together.

use std::path::{Path, PathBuf};

use serde_json::json;
use trier_eval::flow::Observed;
use trier_eval::plan::Plan;
use trier_eval::policy::Policy;
use trier_eval::policy_tests;
use trier_eval::runner::{Shard, Shelf, SuiteRun};
use trier_eval::suite::Unit;
use trier_tables::verdict::VerdictFile;
use trier_tables::{RunFolder, Table, read_table, table_path};

use super::judged::{self, Judgement};
use super::outputs::{Outputs, Told};
use super::{Args, Flows, stop_said};
use crate::exit::Exit;
use crate::output::{self, Failure, prose};
use crate::predictors::Brought;
use crate::work::Work;

/// The name of the plan in a folder.
pub(crate) const PLAN: &str = "plan.json";
/// The name of what says which part of a plan a folder holds, and what was run again there.
const UNITS: &str = "units.json";

#[derive(clap::Args)]
#[command(after_help = "Examples:
  sim gate out/eval
  sim gate out/eval --policy golden/policy.toml
  sim gate out/one out/two out/three --out out/eval

The exit code is the verdict, as of `sim eval`.")]
pub(crate) struct GateArgs {
    /// A folder that `sim eval --out` wrote, or the folders of all its parts
    #[arg(required = true)]
    folders: Vec<PathBuf>,
    /// The policy to judge by [default: the one of the run; another is another plan and refused]
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    #[command(flatten)]
    outputs: Outputs,
    #[command(flatten)]
    work: Work,
}

/// The plan as text.
pub(crate) fn plan_json(plan: &Plan) -> String {
    // Texts, finite numbers and lists of them: always JSON.
    serde_json::to_string_pretty(plan).unwrap_or_default() + "\n"
}

/// What one part of a suite came to.
pub(super) struct Part<'a> {
    pub(super) plan: &'a Plan,
    pub(super) policy: &'a Policy,
    pub(super) shard: Shard,
    pub(super) run: &'a SuiteRun,
}

/// Writes a part, which has no verdict.
pub(super) fn write_shard(
    part: &Part<'_>,
    args: &Args,
    folder: Option<RunFolder>,
    brought: &Brought,
) -> Result<Exit, Failure> {
    let (shard, run) = (part.shard, part.run);
    let Some(mut folder) = folder else { return Ok(Exit::USAGE) };
    folder.write(&run.cases)?;
    folder.write(&run.sessions)?;
    folder.write(&run.marks)?;
    folder.write(&run.scores)?;
    folder.write_file(PLAN, plan_json(part.plan).as_bytes())?;
    write_units(&mut folder, run, Some(shard))?;
    let facts = json!({
        "suite": &*part.plan.suite,
        "policy": part.policy.path.display().to_string(),
        "suite_file": args.suite.display().to_string(),
        "candidate": args.candidate,
        "baseline": args.baseline,
    });
    output::commit(folder, &[&args.suite], &brought.with_incidents(facts))?;
    output::result(&format!(
        "part {} of {}: {} rows of cases, no verdict; `sim gate` on all parts judges",
        shard.part,
        shard.parts,
        run.cases.len()
    ));
    Ok(Exit::OK)
}

/// Writes what part `run` is, and what was run again.
pub(super) fn write_units(
    folder: &mut RunFolder,
    run: &SuiteRun,
    shard: Option<Shard>,
) -> Result<(), Failure> {
    let said = json!({
        "part": shard.map_or(0, |shard| shard.part),
        "parts": shard.map_or(1, |shard| shard.parts),
        "repeated": run.repeated.0,
        "unequal": run.repeated.1,
        "observed": run.observed.iter().map(|(unit, observed)| json!({ "unit": unit, "observed": observed })).collect::<Vec<_>>(),
    });
    Ok(folder.write_file(UNITS, format!("{said:#}\n").as_bytes())?)
}

/// Says on stderr what the shelf had, and why it had not the rest.
pub(super) fn report_shelf(shelf: &Shelf) {
    let used = shelf.used();
    let missed: u32 = used.missed.values().sum();
    let whys: Vec<String> = used.missed.iter().map(|(why, n)| format!("{n} {why}")).collect();
    let whys = whys.join("; ");
    if used.found > 0 {
        let whys = if missed == 0 { String::new() } else { format!(": {whys}") };
        prose(&format!("{} units were run before, {missed} were not{whys}", used.found));
    } else if used.missed.keys().any(|why| *why != trier_eval::runner::Miss::New) {
        prose(&format!("no unit is as it was run before: {whys}"));
    }
    if let Some((n, said)) = used.unwritten {
        prose(&format!("{n} units could not be kept ({said}); they will be run again when they are needed"));
    }
}

/// Does the verb's work.
pub(crate) fn run(args: &GateArgs) -> Result<Exit, Failure> {
    let folder = args.work.folder()?;
    args.outputs.prepare()?;
    let stored = Stored::read(&args.folders)?;
    let policy_path = args.policy.clone().or_else(|| stored.fact("policy").map(PathBuf::from));
    let Some(policy_path) = policy_path else {
        let text = "the folder does not say by which policy it was judged\nhint: name it with --policy";
        return Err(Failure::usage(text));
    };
    let policy = policy_tests::load(&policy_path).map_err(|error| Failure::of(&error))?;
    if *policy.digest != *stored.plan.policy {
        let text = format!(
            "{} is not the policy of the plan ({}, planned {})\nhint: what was planned under one policy \
             cannot be judged by another; run `sim eval` again, its cache finds what was run",
            policy_path.display(),
            short(&policy.digest),
            short(&stored.plan.policy)
        );
        return Err(Failure { text, exit: Exit::EVIDENCE_INVALID });
    }
    let stopped = stop_said(&policy);
    let flows = Flows::of(&policy)?;
    if flows.as_ref().map(|flows| flows.digest.as_str()) != stored.plan.flows.as_deref() {
        let text = "the catalogue of critical flows is not the one of the plan\nhint: run `sim eval` again";
        return Err(Failure { text: text.to_owned(), exit: Exit::EVIDENCE_INVALID });
    }
    let seen = flows.map(|flows| stored.run.coverage(&flows.catalogue));
    let verdict = judged::judge(&stored.plan, &policy, &stored.run, seen.as_ref(), stopped.as_deref());
    let judgement = Judgement {
        plan: &stored.plan,
        policy: &policy,
        verdict,
        run: &stored.run,
        seen: seen.as_ref(),
        wall_s: None,
    };
    let suite = PathBuf::from(stored.fact("suite_file").unwrap_or_default());
    let said = judgement.said(&suite, &stored.reproduce);
    let code = said.exit_code;
    judgement.print(&said, args.work.json)?;
    let arm = |name: &str, other: &str| stored.fact(name).unwrap_or(other).to_owned();
    let arms = [arm("candidate", &said.plan.candidate), arm("baseline", &said.plan.baseline)];
    let told = Told::of(&said, &judgement, &arms);
    args.outputs.write(&told)?;
    if let Some(mut folder) = folder {
        let said = judgement.write(&mut folder, said)?;
        told.keep(&mut folder)?;
        let facts = json!({
            "suite": said.plan.suite,
            "suite_file": said.plan.suite_file,
            "policy": policy_path.display().to_string(),
            "candidate": arms[0],
            "baseline": arms[1],
            "verdict": said.verdict,
            "exit_code": code,
            "reasons": said.reasons,
        });
        let inputs: Vec<&Path> = args.folders.iter().map(PathBuf::as_path).collect();
        output::commit(folder, &inputs, &facts)?;
    }
    Ok(Exit(code))
}

fn short(digest: &str) -> &str {
    digest.get(..12).unwrap_or(digest)
}

/// What one or more folders hold of one plan.
struct Stored {
    plan: Plan,
    run: SuiteRun,
    facts: serde_json::Value,
    reproduce: String,
}

impl Stored {
    fn fact(&self, name: &str) -> Option<&str> {
        self.facts.get(name)?.as_str()
    }

    fn read(folders: &[PathBuf]) -> Result<Self, Failure> {
        let plan = read_plan(&folders[0])?;
        let mut run = SuiteRun::default();
        let mut parts: Vec<(u64, &Path)> = Vec::new();
        for folder in folders {
            let own = read_plan(folder)?;
            if own.digest != plan.digest {
                let text = format!(
                    "{} is of plan {}, {} of plan {}\nhint: parts are judged together when suite, policy, \
                     predictors and seeds are the same",
                    folder.display(),
                    short(&own.digest),
                    folders[0].display(),
                    short(&plan.digest)
                );
                return Err(Failure { text, exit: Exit::EVIDENCE_INVALID });
            }
            let units = units_of(folder)?;
            if let Some((_, other)) = parts.iter().find(|(known, _)| *known == units.part) {
                let text = format!("{} and {} are the same part", other.display(), folder.display());
                return Err(Failure { text, exit: Exit::EVIDENCE_INVALID });
            }
            parts.push((units.part, folder));
            let record = record_of(folder);
            run.cases.extend(read::<_>(folder, &record)?);
            run.scores.extend(read::<_>(folder, &record)?);
            run.sessions.extend(read::<_>(folder, &record)?);
            run.marks.extend(read::<_>(folder, &record)?);
            run.repeated.0 += units.repeated;
            run.repeated.1.extend(units.unequal);
            run.observed.extend(units.observed.into_iter().map(|one| (one.unit, one.observed)));
        }
        run.sort();
        let record = record_of(&folders[0]);
        let said = VerdictFile::read(&folders[0]).ok();
        let facts = record["facts"].clone();
        let fact = |name: &str| facts[name].as_str().unwrap_or_default().to_owned();
        if let Some(said) = &said {
            check_tables(&folders[0], &run, said)?;
        }
        let made = || judged::command(Path::new(&fact("suite_file")), &fact("candidate"), &fact("baseline"));
        let reproduce = said.as_ref().map_or_else(made, |said| said.reproduce.clone());
        Ok(Self { plan, run, facts, reproduce })
    }
}

/// Refuses tables that are not those of the verdict beside them. Parts have no verdict yet.
fn check_tables(folder: &Path, run: &SuiteRun, said: &VerdictFile) -> Result<(), Failure> {
    fn changed<T: Table>(rows: &[T], said: &VerdictFile) -> Option<&'static str> {
        let now = trier_tables::digest(rows).to_string();
        (said.tables.get(T::NAME) != Some(&now)).then_some(T::NAME)
    }
    let changed = changed(&run.cases, said)
        .or_else(|| changed(&run.scores, said))
        .or_else(|| changed(&run.sessions, said))
        .or_else(|| changed(&run.marks, said));
    let Some(table) = changed else { return Ok(()) };
    let text = format!(
        "{} is not the table that verdict.json beside it was made from\nhint: run `sim eval` again",
        folder.join(format!("{table}.parquet")).display()
    );
    Err(Failure { text, exit: Exit::EVIDENCE_INVALID })
}

/// The rows of a table in `folder`, which must be those that its record promises: a part has no verdict to say so.
fn read<T: Table>(folder: &Path, record: &serde_json::Value) -> Result<Vec<T>, Failure> {
    let path = table_path::<T>(folder);
    let rows: Vec<T> = read_table(&path)?;
    if record["tables"][T::NAME]["digest"].as_str() == Some(trier_tables::digest(&rows).to_string().as_str())
    {
        return Ok(rows);
    }
    let text = format!(
        "{} is not the table that run.json beside it was written with\nhint: run this part again",
        path.display()
    );
    Err(Failure { text, exit: Exit::EVIDENCE_INVALID })
}

/// What `run.json` in `folder` says; null when there is none that can be read.
fn record_of(folder: &Path) -> serde_json::Value {
    let text = std::fs::read_to_string(folder.join("run.json")).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

pub(crate) fn read_plan(folder: &Path) -> Result<Plan, Failure> {
    let path = folder.join(PLAN);
    let text = std::fs::read_to_string(&path).map_err(|error| {
        let hint = "hint: give a folder that `sim eval --out` wrote";
        Failure::usage(format!("cannot read {}: {error}\n{hint}", path.display()))
    })?;
    let plan: Plan = serde_json::from_str(&text)
        .map_err(|error| Failure::usage(format!("{} is no plan of this build: {error}", path.display())))?;
    if plan.is_whole() {
        return Ok(plan);
    }
    let text = format!("{} was changed: its digest is not that of what it holds", path.display());
    Err(Failure { text, exit: Exit::EVIDENCE_INVALID })
}

/// What a folder says of its units beside their rows.
#[derive(serde::Deserialize)]
struct Units {
    /// Which part of the plan it holds, 0 for the whole.
    part: u64,
    repeated: u32,
    unequal: Vec<Unit>,
    observed: Vec<UnitObserved>,
}

#[derive(serde::Deserialize)]
struct UnitObserved {
    unit: Unit,
    observed: Observed,
}

fn units_of(folder: &Path) -> Result<Units, Failure> {
    let path = folder.join(UNITS);
    let text = std::fs::read_to_string(&path)
        .map_err(|error| Failure::usage(format!("cannot read {}: {error}", path.display())))?;
    serde_json::from_str(&text)
        .map_err(|error| Failure::usage(format!("cannot use {}: {error}", path.display())))
}

//! `sim eval`: golden cases, a candidate beside a baseline, one verdict, one exit code.

mod budget;
mod judged;
mod outputs;
mod selftest;
mod stored;

use std::path::{Path, PathBuf};

use serde_json::json;
use trier_eval::flow::Catalogue;
use trier_eval::gate;
use trier_eval::plan::Plan;
use trier_eval::policy::Policy;
use trier_eval::policy_tests;
use trier_eval::runner::{How, Limits, Shard, Shelf, SuiteRun, run_suite};
use trier_eval::suite::Suite;
use trier_eval::trace::{self, TraceFault};
use trier_tables::RunFolder;

use crate::exit::Exit;
use crate::output::{self, Failure};
use crate::predictors::Brought;
use crate::progress;
use crate::work::Work;
use budget::Budget;
use judged::Judgement;
use outputs::{Outputs, Told};

pub(crate) use stored::{GateArgs, read_plan, run as run_gate};

#[derive(clap::Args)]
#[command(after_help = "Examples:
  sim eval golden/first.toml --candidate slope90 --baseline artisan
  sim eval golden/first.toml --candidate constant --baseline artisan --out out/eval
  sim eval golden/first.toml --candidate 'mine=cmd:python3 mine.py' --baseline artisan --plan
  sim eval golden/first.toml --candidate slope90 --baseline artisan --shard 2/5 --out out/two
  sim eval golden/main.toml --candidate slope90 --baseline artisan --self-test

The exit code is the verdict: 0 promoted, 4 refused, 5 inconclusive; docs/cli.md has them all.")]
pub(crate) struct Args {
    /// The golden suite, such as golden/first.toml
    suite: PathBuf,
    /// The predictor that wants to ship, ours or NAME=cmd:PROGRAM, NAME=onnx:FILE, FILE.toml
    #[arg(long, value_name = "P")]
    candidate: String,
    /// The predictor it is held against
    #[arg(long, value_name = "P")]
    baseline: String,
    /// Print the plan with its power and cost, and run nothing
    #[arg(long, conflicts_with_all = ["out", "shard", "anyway"])]
    plan: bool,
    /// Run a plan that could hardly find what it is made for; it promotes nothing
    #[arg(long)]
    anyway: bool,
    /// Run one part of the suite, such as 2/5; `sim gate` on the folders of all parts judges
    #[arg(long, value_name = "K/N", value_parser = shard, requires = "out")]
    shard: Option<Shard>,
    /// Keep units that were run in this folder, and take from it those that were run before
    #[arg(long, value_name = "DIR")]
    cache: Option<PathBuf>,
    /// End the work after so many seconds; what was done is kept and the verdict is that the budget was reached
    #[arg(long, value_name = "S", value_parser = clap::value_parser!(u32).range(1..))]
    budget_s: Option<u32>,
    /// Seconds that one case with one seed may take; one that takes longer is an error
    #[arg(long, value_name = "S", value_parser = clap::value_parser!(u32).range(1..))]
    case_s: Option<u32>,
    /// MiB of rows that one case with one seed may make; one that makes more is an error
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    case_mib: Option<u32>,
    /// End with exit code 0 whatever the verdict, for jobs that only inform; said in the verdict
    #[arg(long)]
    exit_zero: bool,
    /// Test the gate itself on this plan with made-up candidates; ends with 4 where it keeps not to its bounds
    #[arg(long, conflicts_with_all = ["plan", "shard", "anyway", "budget_s", "exit_zero"])]
    self_test: bool,
    #[command(flatten)]
    outputs: Outputs,
    #[command(flatten)]
    work: Work,
}

fn shard(text: &str) -> Result<Shard, String> {
    Shard::parse(text).ok_or_else(|| "a part is written as 2/5: the second of five".to_owned())
}

/// Does the verb's work.
pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    if (args.plan || args.shard.is_some()) && args.outputs.is_any() {
        let text = "--junit, --markdown and --annotations tell a verdict, and there is none here\n\
                    hint: give them to the `sim gate` that judges all parts";
        return Err(Failure::usage(text));
    }
    let folder = args.work.folder()?;
    args.outputs.prepare()?;
    let suite = Suite::load(&args.suite).map_err(|error| Failure::of(&error))?;
    let policy = policy_tests::load(&suite.policy).map_err(|error| Failure::of(&error))?;
    let brought = Brought::of(&[&args.baseline, &args.candidate])?;
    let flows = Flows::of(&policy)?;
    let plan = planned(&suite, &policy, flows.as_ref(), &brought);
    if args.plan {
        output::result(trier_reports::summary::plan_text(&judged::plan_said(&plan, &args.suite)).trim_end());
        return Ok(if plan.underpowered().is_empty() {
            Exit::OK
        } else {
            Exit(gate::Outcome::Underpowered.exit_code())
        });
    }
    let stopped = stop_said(&policy);
    let may_run = args.anyway && stopped.is_none();
    let hopeless = gate::judge_plan(&plan, stopped.as_deref()).filter(|_| !may_run);
    if let Some(verdict) = hopeless {
        let run = SuiteRun::default();
        let judged = Judgement { plan: &plan, policy: &policy, verdict, run: &run, seen: None, wall_s: None };
        return finish(args, &judged, folder, &brought);
    }
    check_traces(&suite)?;
    #[allow(clippy::disallowed_methods)] // How long it took is only printed, and a budget asked for.
    let started = std::time::Instant::now();
    let run = run_units(
        args,
        &Ready { suite: &suite, policy: &policy, flows: flows.as_ref(), plan: &plan },
        &brought,
    )?;
    let wall_s = started.elapsed().as_secs_f64();
    if let Some(shard) = args.shard {
        return stored::write_shard(
            &stored::Part { plan: &plan, policy: &policy, shard, run: &run },
            args,
            folder,
            &brought,
        );
    }
    let seen = flows.map(|flows| run.coverage(&flows.catalogue));
    let verdict = judged::judge(&plan, &policy, &run, seen.as_ref(), stopped.as_deref());
    let (run, seen, wall_s) = (&run, seen.as_ref(), Some(wall_s));
    finish(args, &Judgement { plan: &plan, policy: &policy, verdict, run, seen, wall_s }, folder, &brought)
}

/// The critical flows that a policy asks for.
pub(crate) struct Flows {
    pub(crate) catalogue: Catalogue,
    /// Of the file.
    pub(crate) digest: String,
}

impl Flows {
    /// Those of `policy`; None when it asks for none.
    pub(crate) fn of(policy: &Policy) -> Result<Option<Self>, Failure> {
        let Some(bars) = &policy.coverage else { return Ok(None) };
        let catalogue = Catalogue::load(&bars.catalogue).map_err(|error| Failure::of(&error))?;
        let digest = trier_tables::digest::of_file(&bars.catalogue).map_err(|error| Failure::of(&error))?;
        Ok(Some(Self { catalogue, digest }))
    }
}

/// All that is fixed before anything runs.
struct Ready<'a> {
    suite: &'a Suite,
    policy: &'a Policy,
    flows: Option<&'a Flows>,
    plan: &'a Plan,
}

/// The plan of `suite` by `policy` for the arms brought: named in this order, the baseline first. One that is
/// held against itself is there once.
fn planned(suite: &Suite, policy: &Policy, flows: Option<&Flows>, brought: &Brought) -> Plan {
    let names = brought.arms.names();
    let arm = |name: Option<&String>| {
        let arm = name.and_then(|name| brought.arms.arm(name));
        arm.unwrap_or_else(|| trier_eval::plan::Arm { name: String::new(), identity: String::new() })
    };
    let arms = (arm(names.last()), arm(names.first()));
    Plan::of(
        (&suite.id, &suite.leads_s),
        suite.units(),
        policy,
        flows.map(|flows| flows.digest.clone()),
        arms,
    )
}

/// Refuses a suite whose roasts are not those that were blessed. A case without a trace is new, and only said.
fn check_traces(suite: &Suite) -> Result<(), Failure> {
    let (new, wrong): (Vec<_>, Vec<_>) =
        trace::faults(suite).into_iter().partition(|fault| matches!(fault, TraceFault::Missing { .. }));
    if let Some(first) = wrong.first() {
        let more = if wrong.len() > 1 {
            format!("{} traces are not what was blessed; the first:\n", wrong.len())
        } else {
            String::new()
        };
        let text = format!("{more}{}", output::chain(first));
        return Err(Failure { text, exit: Exit::EVIDENCE_INVALID });
    }
    if !new.is_empty() {
        output::prose(&format!("{} cases have no trace yet; sim bless writes them", new.len()));
    }
    Ok(())
}

/// What the stop file of the policy says; None when there is none.
pub(crate) fn stop_said(policy: &Policy) -> Option<String> {
    let path = policy.stop_file.as_deref().filter(|path| path.exists())?;
    // One that cannot be read stops as well.
    Some(std::fs::read_to_string(path).unwrap_or_else(|error| error.to_string()))
}

fn run_units(args: &Args, ready: &Ready<'_>, brought: &Brought) -> Result<SuiteRun, Failure> {
    let place = args.cache.clone().or_else(|| args.work.out.as_deref().map(beside));
    let shelf = place.as_deref().map(open_shelf).transpose()?;
    let budget = Budget::of(args.budget_s);
    let shard = args.shard.unwrap_or(Shard::WHOLE);
    let own = (0..ready.plan.units.len()).filter(|place| shard.holds(*place)).count();
    if args.work.json {
        outputs::started(ready.plan, own);
    }
    let bar = progress::bar(own, "cases");
    let how = How {
        jobs: args.work.jobs(),
        shard,
        shelf: shelf.as_ref(),
        flows: ready.flows.map(|flows| (&flows.catalogue, flows.digest.as_str())),
        limits: Limits {
            rows_bytes_max: args.case_mib.map(|mib| u64::from(mib) << 20),
            time: args.case_s.map(|limit_s| (f64::from(limit_s), budget::now_s as fn() -> f64)),
        },
        repeats: ready.policy.repeats,
        stop: &|| budget.is_over(),
        progress: &|row| {
            bar.inc(1);
            if args.work.json {
                outputs::case_done(row);
            }
        },
    };
    let run = run_suite(ready.suite, &ready.plan.units, &brought.arms, &how)
        .map_err(|error| Failure::of(&error))?;
    bar.finish_and_clear();
    brought.report();
    if let Some(shelf) = &shelf {
        stored::report_shelf(shelf);
    }
    let is_whole = run.cases.iter().all(|row| &*row.status != "not_run");
    if let (false, Some(place)) = (is_whole, &place) {
        output::prose(&format!(
            "the budget ended the work; what was done is kept: the same with --cache {} goes on from it",
            place.display()
        ));
    }
    if let (true, None, Some(place)) = (is_whole, &args.cache, &place) {
        // All of it is about to be in the tables. What cannot be removed is found again by the next run.
        let _ = std::fs::remove_dir_all(place);
    }
    Ok(run)
}

/// Where units are kept until the run is whole.
fn beside(out: &Path) -> PathBuf {
    let mut name = out.file_name().unwrap_or_default().to_owned();
    name.push(".units");
    out.with_file_name(name)
}

fn open_shelf(place: &Path) -> Result<Shelf, Failure> {
    let program = std::env::current_exe().and_then(|exe| trier_tables::digest::of_file(&exe));
    let cannot = |what: &str, error: &std::io::Error| {
        Failure::usage(format!(
            "cannot {what} {}: {error}\nhint: give another folder with --cache",
            place.display()
        ))
    };
    let program = program.map_err(|error| cannot("name the program that would fill", &error))?;
    Shelf::open(place, &program).map_err(|error| cannot("make", &error))
}

/// Prints the verdict, writes it where it was asked for, and says how to end.
fn finish(
    args: &Args,
    judged: &Judgement<'_>,
    folder: Option<RunFolder>,
    brought: &Brought,
) -> Result<Exit, Failure> {
    let code = judged.verdict.outcome.exit_code();
    let reproduce = judged::command(&args.suite, &args.candidate, &args.baseline);
    let said = judged.said(&args.suite, &reproduce);
    let told = Told::of(&said, judged, &[args.candidate.clone(), args.baseline.clone()]);
    args.outputs.write(&told)?;
    let mut folder = folder;
    let exit = if args.self_test && judged.verdict.risk.is_some() {
        selftest::run(judged, args.work.json, folder.as_mut())?
    } else {
        judged.print(&said, args.work.json)?;
        Exit(code)
    };
    if let Some(mut folder) = folder {
        let said = judged.write(&mut folder, said)?;
        told.keep(&mut folder)?;
        let facts = json!({
            "suite": said.plan.suite,
            "suite_file": said.plan.suite_file,
            "policy": judged.policy.path.display().to_string(),
            "candidate": args.candidate,
            "baseline": args.baseline,
            "verdict": said.verdict,
            "exit_code": code,
            "exit_zero": args.exit_zero,
            "wall_s": judged.wall_s,
            "reasons": said.reasons,
        });
        output::commit(folder, &[&args.suite], &brought.with_incidents(facts))?;
    }
    Ok(if args.exit_zero { Exit::OK } else { exit })
}

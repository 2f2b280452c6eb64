//! `sim eval`: golden cases, a candidate beside a baseline, one verdict, one exit code.

use std::path::PathBuf;

use serde_json::json;
use trier_eval::gate;
use trier_eval::judge::{Evidence, Policy};
use trier_eval::runner::{SuiteRun, run_suite};
use trier_eval::suite::Suite;
use trier_reports::summary;

use crate::exit::Exit;
use crate::output::{self, Failure};
use crate::predictors::Brought;
use crate::progress;
use crate::work::Work;

#[derive(clap::Args)]
#[command(after_help = "Examples:
  sim eval golden/first.toml --candidate slope90 --baseline artisan
  sim eval golden/first.toml --candidate constant --baseline artisan --out out/eval

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
    #[command(flatten)]
    work: Work,
}

/// Does the verb's work.
pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let folder = args.work.folder()?;
    let suite = Suite::load(&args.suite).map_err(|error| Failure::of(&error))?;
    let policy = Policy::load(&suite.policy).map_err(|error| Failure::of(&error))?;
    let brought = Brought::of(&[&args.baseline, &args.candidate])?;

    #[allow(clippy::disallowed_methods)] // The one place that may: how long it took is only printed.
    let started = std::time::Instant::now();
    let bar = progress::bar(suite.plan().len(), "cases");
    let done = run_suite(&suite, &brought.arms, args.work.jobs(), &|| bar.inc(1))
        .map_err(|error| Failure::of(&error))?;
    bar.finish_and_clear();
    brought.report();
    let wall_s = started.elapsed().as_secs_f64();

    let evidence = evidence(&brought, &done);
    let verdict = gate::judge(&policy, &evidence);
    let exit = Exit(verdict.outcome.exit_code());
    let (comparisons, gates) = (verdict.comparison_rows(), verdict.gates.clone());
    if args.work.json {
        output::json_lines(&done.cases)?;
        output::json_lines(&comparisons)?;
        output::json_lines(&gates)?;
    } else {
        let word = verdict.outcome.word();
        let ending = summary::Ending { word, exit_code: exit.0, wall_s: Some(wall_s), plan: &suite.id };
        output::result(summary::verdict_text(&ending, &done.cases, &gates, &comparisons).trim_end());
    }
    if let Some(mut folder) = folder {
        folder.write(&done.cases)?;
        folder.write(&done.sessions)?;
        folder.write(&done.marks)?;
        folder.write(&done.scores)?;
        folder.write(&comparisons)?;
        folder.write(&gates)?;
        let facts = json!({
            "suite": &*suite.id,
            "candidate": evidence.candidate,
            "baseline": evidence.baseline,
            "verdict": verdict.outcome.word(),
            "exit_code": exit.0,
            "reasons": verdict.reasons,
        });
        output::commit(folder, &[&args.suite], &brought.with_incidents(facts))?;
    }
    Ok(exit)
}

fn evidence<'a>(brought: &'a Brought, done: &'a SuiteRun) -> Evidence<'a> {
    // Named in this order; one that is held against itself is there once.
    let names = brought.arms.names();
    Evidence {
        candidate: names.last().map_or("", String::as_str),
        baseline: names.first().map_or("", String::as_str),
        plan: &done.plan,
        cases: &done.cases,
        scores: &done.scores,
    }
}

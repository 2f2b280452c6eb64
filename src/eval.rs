//! `sim eval`: golden cases, a candidate beside a baseline, one verdict, one exit code.

use std::path::PathBuf;

use serde_json::json;
use trier_eval::gate;
use trier_eval::judge::{Evidence, Policy};
use trier_eval::runner::{Arms, SuiteRun, run_suite};
use trier_eval::suite::Suite;
use trier_reports::summary;

use crate::exit::Exit;
use crate::output::{self, Failure};
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
    /// The predictor that wants to ship
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
    let arms = Arms::named(&[&args.baseline, &args.candidate]).map_err(|error| Failure::of(&error))?;

    #[allow(clippy::disallowed_methods)] // The one place that may: how long it took is only printed.
    let started = std::time::Instant::now();
    let bar = progress::bar(suite.plan().len(), "cases");
    let done =
        run_suite(&suite, &arms, args.work.jobs(), &|| bar.inc(1)).map_err(|error| Failure::of(&error))?;
    bar.finish_and_clear();
    let wall_s = started.elapsed().as_secs_f64();

    let verdict = gate::judge(&policy, &evidence(args, &done));
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
            "candidate": args.candidate,
            "baseline": args.baseline,
            "verdict": verdict.outcome.word(),
            "exit_code": exit.0,
            "reasons": verdict.reasons,
        });
        output::commit(folder, &[&args.suite], &facts)?;
    }
    Ok(exit)
}

fn evidence<'a>(args: &'a Args, done: &'a SuiteRun) -> Evidence<'a> {
    Evidence {
        candidate: &args.candidate,
        baseline: &args.baseline,
        plan: &done.plan,
        cases: &done.cases,
        scores: &done.scores,
    }
}

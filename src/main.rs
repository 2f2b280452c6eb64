//! `sim`: check roasting software before it touches coffee. It wires, it computes nothing.

mod backtest;
mod bless;
mod calibrate;
mod check;
mod commands;
mod eval;
mod exit;
mod explain;
mod export;
mod import;
mod ingest;
mod input;
mod list;
mod look;
mod output;
mod predictors;
mod profile;
mod progress;
#[cfg(feature = "query")]
mod query;
mod recorded;
mod report;
mod rows;
mod run;
mod session;
mod shelf;
mod work;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use exit::Exit;

/// Check roasting software before it touches coffee.
///
/// A roaster that exists only as physics feeds the pipeline that runs in production,
/// and a gate says, with statistics, whether a change may ship.
#[derive(Parser)]
#[command(version, propagate_version = true, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Roast a scenario, or replay real logs, through the pipeline; or roast a sweep
    Run(run::Args),
    /// Read real logs of any known format into tables, and say what became of each
    Import(import::Args),
    /// Take readings into a durable store, or look at what is in one
    Ingest(ingest::Args),
    /// Write the roasts of a run folder as files that Artisan opens
    Export(export::Args),
    /// Score golden cases, compare a candidate with a baseline, and judge
    Eval(eval::Args),
    /// Judge again from what was stored, or the parts of a suite together
    Gate(eval::GateArgs),
    /// Walk from a verdict to the worst roasts of its gates, each with the command that makes it again
    Explain(explain::Args),
    /// Write the traces of new golden cases, and of all when the model moved
    Bless(bless::Args),
    /// Forecast recorded roasts, each from those before it, beside what roasters use today
    Backtest(backtest::Args),
    /// Fit a machine to your own roasts, and say how far it is off on others
    Calibrate(calibrate::Args),
    /// Keep profiles in versions, and say what differs between them
    Profile(profile::Args),
    /// Say what was weighed and tasted, and correct what the pipeline found
    Session(session::Args),
    /// Make one HTML file of a folder of tables, to look at and to show
    Report(report::Args),
    #[cfg(feature = "query")]
    /// Ask questions of the tables that other commands wrote
    Query(query::Args),
    /// Validate input files of any kind, or put a predictor through every check
    Check(check::Args),
    /// List the machines, beans, recipes, scenarios, sweeps, predictors or suites there are
    List(list::Args),
}

fn main() -> ExitCode {
    // A panic is a bug of ours and has an exit code of its own; its message is on stderr already.
    std::panic::catch_unwind(work).unwrap_or(ExitCode::from(Exit::BUG))
}

fn work() -> ExitCode {
    let done = match Cli::parse().verb {
        Verb::Run(args) => run::run(&args),
        Verb::Import(args) => import::run(&args),
        Verb::Ingest(args) => ingest::run(&args),
        Verb::Export(args) => export::run(&args),
        Verb::Eval(args) => eval::run(&args),
        Verb::Gate(args) => eval::run_gate(&args),
        Verb::Explain(args) => explain::run(&args),
        Verb::Report(args) => report::run(&args),
        Verb::Bless(args) => bless::run(&args),
        Verb::Backtest(args) => backtest::run(&args),
        Verb::Calibrate(args) => calibrate::run(&args),
        Verb::Profile(args) => profile::run(&args),
        Verb::Session(args) => session::run(&args),
        #[cfg(feature = "query")]
        Verb::Query(args) => query::run(&args),
        Verb::Check(args) => check::run(&args),
        Verb::List(args) => list::run(&args),
    };
    match done {
        Ok(exit) => exit.into(),
        Err(failure) => {
            output::prose(&format!("error: {}", failure.text));
            failure.exit.into()
        }
    }
}

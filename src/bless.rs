//! `sim bless`: the noise-free traces of a golden suite, written where they may be.

use std::path::PathBuf;

use serde_json::json;
use trier_eval::suite::Suite;
use trier_eval::trace::bless;
use trier_reports::terminal::clean;

use crate::exit::Exit;
use crate::output::{self, Failure, chain};

#[derive(clap::Args)]
#[command(after_help = "Examples:
  sim bless golden/main.toml
  sim bless golden/main.toml --case gd12-fast --because \"recipe starts at 60 % now\"

Without --case, traces of new cases are written, and those that an older version of the model made.
A trace that is stale for another reason is named and stays: the exit code is then 2.")]
pub(crate) struct Args {
    /// The golden suite, such as golden/main.toml
    suite: PathBuf,
    /// The one case to write the trace of, whatever differs
    #[arg(long, value_name = "ID", requires = "because")]
    case: Option<String>,
    /// Why the case was changed, in one line; kept in the trace
    #[arg(long, value_name = "WHY", requires = "case")]
    because: Option<String>,
    /// Print a JSON object a line for each trace instead
    #[arg(long)]
    json: bool,
}

/// Does the verb's work.
pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let suite = Suite::load(&args.suite).map_err(|error| Failure::of(&error))?;
    let changed = args.case.as_deref().zip(args.because.as_deref());
    let blessed = bless(&suite, changed).map_err(|error| Failure::of(&error))?;
    for path in &blessed.written {
        let file = path.display().to_string();
        output::result(&if args.json {
            json!({ "table": "traces", "file": file, "written": true }).to_string()
        } else {
            format!("written {}", clean(&file))
        });
    }
    for fault in &blessed.refused {
        if args.json {
            let line = json!({ "table": "traces", "written": false, "error": chain(fault) });
            output::result(&line.to_string());
        }
        output::prose(&format!("error: {}", chain(fault)));
    }
    if blessed.written.is_empty() && blessed.refused.is_empty() && !args.json {
        output::prose("every trace is as it was blessed");
    }
    Ok(if blessed.refused.is_empty() { Exit::OK } else { Exit::USAGE })
}

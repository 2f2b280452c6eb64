//! `sim check`: any input file of ours, read and checked as its user would, and shown in full.

use std::path::{Path, PathBuf};

use serde_json::json;
use trier_eval::file::InputFile;
use trier_reports::terminal::clean;

use crate::exit::Exit;
use crate::output::{self, Failure};

#[derive(clap::Args)]
#[command(after_help = "Examples:
  sim check scenarios/first-roast.toml
  sim check scenarios/machines/gd12.toml scenarios/recipes/medium-9kg.toml
  sim check golden/first.toml --json

Scenarios, sweeps, machines, beans, recipes, profiles, suites, cases and policies are told apart by their key schema.")]
pub(crate) struct Args {
    /// Input files (.toml) of any kind
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Print a JSON object a line for each file instead
    #[arg(long)]
    json: bool,
}

/// Does the verb's work.
pub(crate) fn run(args: &Args) -> Exit {
    let (mut exit, mut shown_any) = (Exit::OK, false);
    for path in &args.files {
        let file = InputFile::load(path).map_err(|error| Failure::of(&error));
        let shown = match &file {
            _ if args.json => line(path, &file),
            Ok(file) => text(path, file),
            Err(_) => String::new(),
        };
        if !shown.is_empty() {
            let gap = if shown_any && !args.json { "\n" } else { "" };
            output::result(&format!("{gap}{}", shown.trim_end()));
            shown_any = true;
        }
        if let Err(failure) = file {
            output::prose(&format!("error: {}", failure.text));
            exit = Exit::USAGE;
        }
    }
    exit
}

/// The file as TOML, under a line that says what it is.
fn text(path: &Path, file: &InputFile) -> String {
    let remark = file.remark().map_or_else(String::new, |remark| format!("\n# {}", clean(&remark)));
    let (path, kind) = (clean(&path.display().to_string()), file.kind().name());
    format!("# A printout of the {kind} {path}, every default said{remark}\n\n{}", file.to_toml())
}

fn line(path: &Path, file: &Result<InputFile, Failure>) -> String {
    let path = path.display().to_string();
    match file {
        Ok(file) => {
            json!({ "table": "checks", "file": path, "kind": file.kind().name(), "resolved": file })
        }
        Err(failure) => json!({ "table": "checks", "file": path, "error": failure.text }),
    }
    .to_string()
}

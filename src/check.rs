//! `sim check`: any input file of ours, read and checked as its user would, and shown in full; or a predictor, put
//! through every check.

mod idle;

use std::path::{Path, PathBuf};

use serde_json::json;
use trier_eval::conformance::{Checked, conformance};
use trier_eval::file::InputFile;
use trier_reports::terminal::{Align, clean, table};

use crate::exit::Exit;
use crate::output::{self, Failure};
use crate::predictors::{Brought, parted};

#[derive(clap::Args)]
#[command(after_help = "Examples:
  sim check scenarios/first-roast.toml
  sim check scenarios/machines/gd12.toml scenarios/recipes/medium-9kg.toml
  sim check golden/first.toml --json
  sim check --predictor curve
  sim check --predictor 'mine=cmd:python3 mine.py'

Scenarios, sweeps, machines, beans, recipes, profiles, suites, cases, policies and flows are told apart by their key schema.")]
pub(crate) struct Args {
    /// Input files (.toml) of any kind
    #[arg(required_unless_present = "predictor")]
    files: Vec<PathBuf>,
    /// A predictor to put through every check, ours or NAME=cmd:PROGRAM, NAME=onnx:FILE, FILE.toml
    #[arg(long, value_name = "P", conflicts_with = "files")]
    predictor: Vec<String>,
    /// Folders of stored evaluations of one suite: name its cases that told nothing in any of them
    #[arg(long, value_name = "DIR", num_args = 1.., conflicts_with = "predictor")]
    against: Vec<PathBuf>,
    /// Print a JSON object a line for each file, or for each check of a predictor, instead
    #[arg(long)]
    json: bool,
}

/// Does the verb's work.
pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    if !args.against.is_empty() {
        let [suite] = args.files.as_slice() else {
            return Err(Failure::usage(
                "--against asks of one suite\nhint: sim check golden/main.toml --against out/a out/b out/c",
            ));
        };
        idle::print(suite, &args.against, args.json)?;
        return Ok(Exit::OK);
    }
    if args.predictor.is_empty() { Ok(files(args)) } else { predictors(args) }
}

/// Puts each predictor through every check; it is like a file that cannot be used where one fails.
fn predictors(args: &Args) -> Result<Exit, Failure> {
    let brought = Brought::of(&parted(&args.predictor))?;
    let mut exit = Exit::OK;
    for name in brought.arms.names() {
        let checked = conformance(&brought.arms, name);
        if checked.iter().any(|check| check.outcome.is_err()) {
            exit = Exit::USAGE;
        }
        if args.json {
            checked.iter().for_each(|check| output::result(&check_line(name, check)));
        } else {
            output::result(&check_text(name, &checked));
        }
    }
    brought.report();
    Ok(exit)
}

/// The checks of one predictor as a table.
fn check_text(name: &str, checked: &[Checked]) -> String {
    let row = |check: &Checked| match &check.outcome {
        Ok(answers) => {
            vec![check.name.to_owned(), "passed".to_owned(), answers.to_string(), check.holds.to_owned()]
        }
        Err(why) => vec![check.name.to_owned(), "FAILED".to_owned(), String::new(), clean(why)],
    };
    let rows: Vec<Vec<String>> = checked.iter().map(row).collect();
    let aligns = [Align::Left, Align::Left, Align::Right, Align::Left];
    let failed = checked.iter().filter(|check| check.outcome.is_err()).count();
    let verdict = match failed {
        0 => "conforms".to_owned(),
        n => format!("does not conform: {n} of {} checks failed", checked.len()),
    };
    let table = table(&["check", "", "answers", "what holds, or the first that does not"], &rows, &aligns);
    format!("{name} {verdict}\n\n{table}")
}

fn check_line(name: &str, check: &Checked) -> String {
    let mut line =
        json!({ "table": "conformance", "predictor": name, "check": check.name, "holds": check.holds });
    match &check.outcome {
        Ok(answers) => line["answers"] = json!(answers),
        Err(why) => line["counterexample"] = json!(why),
    }
    line.to_string()
}

fn files(args: &Args) -> Exit {
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

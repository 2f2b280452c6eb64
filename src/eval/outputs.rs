//! What a verdict is told in beside its tables: JUnit, Markdown, annotations, events. All of it is made from the one
//! object that holds the verdict.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::json;
use trier_reports::annotations::annotations;
use trier_reports::gates::explaining;
use trier_reports::junit::{self, junit};
use trier_reports::markdown::{self, Worst, markdown};
use trier_tables::RunFolder;
use trier_tables::rows::CaseRow;
use trier_tables::verdict::VerdictFile;

use super::judged::Judgement;
use crate::commands::Commands;
use crate::explain::worse;
use crate::output::{self, Failure};

/// Roasts shown of each gate in the way.
const WORST: usize = 5;

/// The flags that ask for it.
#[derive(clap::Args)]
#[command(next_help_heading = "For CI")]
pub(crate) struct Outputs {
    /// Write the verdict as JUnit XML to this file
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Append the verdict as Markdown to this file, such as "$GITHUB_STEP_SUMMARY"
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
    /// Print at most ten annotations for GitHub on stderr, of the gates in the way
    #[arg(long)]
    annotations: bool,
}

impl Outputs {
    /// Whether a verdict is asked for.
    pub(crate) fn is_any(&self) -> bool {
        self.junit.is_some() || self.markdown.is_some() || self.annotations
    }

    /// Opens the files before the work: one that cannot be written is refused now and not after it, and what the run
    /// before left does not outlive one that fails.
    pub(crate) fn prepare(&self) -> Result<(), Failure> {
        if let Some(path) = &self.junit {
            File::create(path).map_err(|error| cannot(path, &error))?;
        }
        if let Some(path) = &self.markdown {
            append(path, "")?;
        }
        Ok(())
    }

    /// Writes what was asked for.
    pub(crate) fn write(&self, told: &Told) -> Result<(), Failure> {
        if let Some(path) = &self.junit {
            std::fs::write(path, &told.junit).map_err(|error| cannot(path, &error))?;
        }
        if let Some(path) = &self.markdown {
            append(path, &told.markdown)?;
        }
        if self.annotations {
            told.annotations.iter().for_each(|line| output::prose(line));
        }
        Ok(())
    }
}

fn append(path: &Path, text: &str) -> Result<(), Failure> {
    let opened = File::options().append(true).create(true).open(path);
    opened.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|error| cannot(path, &error))
}

fn cannot(path: &Path, error: &std::io::Error) -> Failure {
    Failure::usage(format!("cannot write {}: {error}", path.display()))
}

/// A verdict in every form.
pub(crate) struct Told {
    junit: String,
    markdown: String,
    annotations: Vec<String>,
}

impl Told {
    /// `said`, which is of `judged`. The predictors of the commands are as they were typed.
    pub(crate) fn of(said: &VerdictFile, judged: &Judgement<'_>, predictors: &[String]) -> Self {
        let commands = Commands::of(Path::new(&said.plan.suite_file), predictors);
        let worst: Vec<Worst<'_>> = explaining(said)
            .into_iter()
            .map(|gate| {
                let roasts = worse(said, judged.plan, &judged.run.scores, &gate.gate);
                let roasts = roasts.into_iter().take(WORST).map(|roast| {
                    let command = commands.of_unit(&roast.case, roast.seed);
                    (roast, command)
                });
                Worst { gate: &gate.gate, roasts: roasts.collect() }
            })
            .collect();
        Self {
            junit: junit(said, &judged.run.cases),
            markdown: markdown(said, &worst),
            annotations: annotations(said),
        }
    }

    /// Writes the two files that every folder of a verdict has.
    pub(crate) fn keep(&self, folder: &mut RunFolder) -> Result<(), Failure> {
        folder.write_file(junit::FILE, self.junit.as_bytes())?;
        Ok(folder.write_file(markdown::FILE, self.markdown.as_bytes())?)
    }
}

/// Prints that work on `units` cases of a plan begins.
pub(crate) fn started(plan: &trier_eval::plan::Plan, units: usize) {
    event(&json!({
        "table": "events",
        "event": "started",
        "plan": plan.digest,
        "suite": plan.suite,
        "candidate": plan.candidate.name,
        "baseline": plan.baseline.name,
        "units": units,
    }));
}

/// Prints that a unit is done. They come in the order in which they end, which hangs on the threads.
pub(crate) fn case_done(row: &CaseRow) {
    let (case, status) = (&*row.case, &*row.status);
    event(&json!({ "table": "events", "event": "case", "case": case, "seed": row.seed, "status": status }));
}

/// Prints the verdict, which is the last line.
pub(crate) fn ended(said: &VerdictFile) {
    event(&json!({
        "table": "events",
        "event": "verdict",
        "plan": said.plan.digest,
        "verdict": said.verdict,
        "exit_code": said.exit_code,
        "reasons": said.reasons,
    }));
}

fn event(line: &serde_json::Value) {
    output::result(&line.to_string());
}

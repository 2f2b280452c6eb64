//! `sim explain`: from a verdict to the roasts that it rests on, each with the command that makes it again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::json;
use trier_eval::plan::Plan;
use trier_eval::slice::Slice;
use trier_eval::suite::{Planned, Unit};
use trier_reports::gates::explaining;
use trier_reports::summary::{Explained, explain_text};
use trier_reports::worst::{Contrast, Subject, worst};
use trier_tables::rows::{CaseRow, CoverageRow, ScoreRow};
use trier_tables::verdict::{GateSaid, VerdictFile};
use trier_tables::{Table, digest, read_table, table_path};

use crate::commands::Commands;
use crate::eval::read_plan;
use crate::exit::Exit;
use crate::output::{self, Failure};

#[derive(clap::Args)]
#[command(after_help = "Examples:
  sim explain out/eval
  sim explain out/eval guardrail.drop.abs_error@60s --worst 20

Without a gate, every gate in the way of a promotion is explained, the worst first.")]
pub(crate) struct Args {
    /// A folder that `sim eval --out` or `sim gate --out` wrote
    folder: PathBuf,
    /// The gate, as the verdict names it
    gate: Option<String>,
    /// How many roasts of a gate to show
    #[arg(long, value_name = "N", default_value_t = 5)]
    worst: usize,
    /// Print a JSON object a line for each gate and each of its roasts instead
    #[arg(long)]
    json: bool,
}

/// Does the verb's work.
pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let said = VerdictFile::read(&args.folder).map_err(|error| {
        let failure = Failure::from(error);
        Failure {
            text: format!("{}\nhint: give a folder that `sim eval --out` wrote", failure.text),
            ..failure
        }
    })?;
    let gates = match &args.gate {
        Some(name) => vec![named(&said, name)?],
        None => explaining(&said),
    };
    let held = Held::read(&args.folder, &said)?;
    let commands = Commands::of(Path::new(&said.plan.suite_file), &arms_of(&args.folder, &said));
    let explained: Vec<Explained<'_>> =
        gates.into_iter().map(|gate| held.explained(&said, gate, args.worst, &commands)).collect();
    if args.json {
        explained.iter().for_each(print_json);
    } else {
        output::result(explain_text(&said, &explained).trim_end());
    }
    Ok(Exit::OK)
}

fn named<'a>(said: &'a VerdictFile, name: &str) -> Result<&'a GateSaid, Failure> {
    said.gates.iter().find(|gate| gate.gate == name).ok_or_else(|| {
        let all: Vec<&str> = said.gates.iter().map(|gate| gate.gate.as_str()).collect();
        Failure::usage(format!("there is no gate {name:?}\nhint: give one of\n  {}", all.join("\n  ")))
    })
}

/// The predictors as they were typed, which `run.json` knows; by their names where it does not.
pub(crate) fn arms_of(folder: &Path, said: &VerdictFile) -> [String; 2] {
    let text = std::fs::read_to_string(folder.join("run.json")).unwrap_or_default();
    let record: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    let fact = |name: &str, other: &str| record["facts"][name].as_str().unwrap_or(other).to_owned();
    [fact("candidate", &said.plan.candidate), fact("baseline", &said.plan.baseline)]
}

/// What the folder holds beside the verdict.
struct Held {
    plan: Plan,
    cases: Vec<CaseRow>,
    scores: Vec<ScoreRow>,
    flows: Vec<CoverageRow>,
}

impl Held {
    fn read(folder: &Path, said: &VerdictFile) -> Result<Self, Failure> {
        let plan = read_plan(folder)?;
        let flows = if said.coverage.is_some() { table(folder, said)? } else { Vec::new() };
        Ok(Self { plan, cases: table(folder, said)?, scores: table(folder, said)?, flows })
    }

    fn explained<'a>(
        &'a self,
        said: &'a VerdictFile,
        gate: &'a GateSaid,
        shown: usize,
        commands: &Commands,
    ) -> Explained<'a> {
        let mut roasts = worse(said, &self.plan, &self.scores, &gate.gate);
        let more = roasts.len().saturating_sub(shown);
        roasts.truncate(shown);
        let cases = self.cases.iter().filter(|row| is_about(gate, row, &said.plan.candidate));
        let flows = self.flows.iter().filter(|flow| match gate.gate.as_str() {
            "coverage.flows" => !flow.met,
            "coverage.safety" => !flow.met && flow.safety,
            _ => false,
        });
        Explained {
            gate,
            roasts: roasts.into_iter().map(|roast| with_command(roast, commands)).collect(),
            more,
            cases: cases.map(|row| (row, commands.of_unit(&row.case, row.seed))).collect(),
            flows: flows.collect(),
        }
    }
}

fn with_command(roast: Contrast, commands: &Commands) -> (Contrast, String) {
    let command = commands.of_unit(&roast.case, roast.seed);
    (roast, command)
}

/// Whether `gate` is about what became of `row`.
fn is_about(gate: &GateSaid, row: &CaseRow, candidate: &str) -> bool {
    *row.arm == *candidate
        && match gate.gate.as_str() {
            "cases.errored" => &*row.status == "errored",
            "cases.run" => &*row.status == "not_run",
            "cases.expected" => !row.passed && matches!(&*row.status, "ran" | "refused"),
            _ => false,
        }
}

/// The roasts of the gate `name` on which the candidate is worse, or silent where the baseline is not, worst first.
pub(crate) fn worse(said: &VerdictFile, plan: &Plan, scores: &[ScoreRow], name: &str) -> Vec<Contrast> {
    let mut found = contrasts(said, plan, scores, name);
    found.retain(is_worse);
    found
}

/// Whether the candidate is worse there, or silent where the baseline is not.
pub(crate) fn is_worse(roast: &Contrast) -> bool {
    roast.harm.map_or_else(|| roast.silent.is_some(), |harm| harm > 0.0)
}

/// All roasts that the gate `name` is about, worst first; none where it is not about roasts.
pub(crate) fn contrasts(said: &VerdictFile, plan: &Plan, scores: &[ScoreRow], name: &str) -> Vec<Contrast> {
    let Some(subject) = Subject::of(name) else { return Vec::new() };
    let Some(slice) = Slice::parse(subject.slice) else { return Vec::new() };
    let planned: BTreeMap<&Unit, &Planned> =
        plan.units.iter().map(|planned| (&planned.unit, planned)).collect();
    let is_in = |row: &ScoreRow| {
        let unit = Unit { case: std::sync::Arc::clone(&row.case), seed: row.seed };
        planned.get(&unit).is_some_and(|planned| slice.holds(planned))
    };
    worst(&said.plan, &subject, scores, &is_in)
}

/// The rows of a table, which must be those that the verdict was written with.
pub(crate) fn table<T: Table>(folder: &Path, said: &VerdictFile) -> Result<Vec<T>, Failure> {
    let path = table_path::<T>(folder);
    let rows: Vec<T> = read_table(&path)?;
    if said.tables.get(T::NAME).is_some_and(|written| *written == digest(&rows).to_string()) {
        return Ok(rows);
    }
    let text = format!(
        "{} is not the table that the verdict was written with\nhint: run `sim eval` again",
        path.display()
    );
    Err(Failure { text, exit: Exit::EVIDENCE_INVALID })
}

fn print_json(explained: &Explained<'_>) {
    output::result(&json!({ "table": "explained", "gate": explained.gate }).to_string());
    for (roast, command) in &explained.roasts {
        let line = json!({
            "table": "worst",
            "gate": explained.gate.gate,
            "case": &*roast.case,
            "seed": roast.seed,
            "unit": &*roast.unit,
            "baseline": roast.baseline,
            "candidate": roast.candidate,
            "harm": roast.harm,
            "silent": roast.silent.as_deref(),
            "reproduce": command,
        });
        output::result(&line.to_string());
    }
}

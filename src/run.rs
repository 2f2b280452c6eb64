//! `sim run`: scenarios through the simulated roaster, or real logs, through the pipeline; and sweeps.

mod logs;
mod publish;
mod scenarios;
mod suggestions;
mod sweep;

use std::path::{Path, PathBuf};

use trier_eval::score::Total;
use trier_eval::suite::Seeds;
use trier_intake::doors::Broker;
use trier_pipeline::{Outputs, PREDICTORS};
use trier_reports::summary::MachineTotal;
use trier_tables::RunFolder;

use crate::exit::Exit;
use crate::ingest::parse_broker;
use crate::input::{Inputs, sort_out};
use crate::output::Failure;
use crate::predictors::{Brought, parted};
use crate::work::Work;

/// Leads that `sim run` scores forecasts at, s before the event.
const LEADS_S: [f64; 6] = [30.0, 60.0, 90.0, 120.0, 180.0, 240.0];

#[derive(clap::Args)]
#[command(after_help = "Examples:
  sim run scenarios/first-roast.toml
  sim run scenarios/first-roast.toml --seed 7 --out out/first
  sim run scenarios/steady/fast.toml --seeds 1..20
  sim run ~/roasts --out out/mine
  sim run scenarios/first-roast.toml --predictor curve --predictor 'mine=cmd:python3 mine.py'
  sim run scenarios/first-roast.toml --publish mqtt://localhost
  sim run scenarios/first-roast.toml --profile house-blend.toml
  sim run scenarios/sweeps/first-roast-sensitivity.toml --out out/sensitivity")]
pub(crate) struct Args {
    /// Scenario files (.toml), one sweep (.toml), or recorded roasts: files and folders of logs
    #[arg(required = true)]
    inputs: Vec<PathBuf>,
    /// Seed of a simulated roast, or of a sweep
    #[arg(long, default_value_t = 1, conflicts_with = "seeds", value_parser = clap::value_parser!(u64).range(0..=i64::MAX as u64))]
    seed: u64,
    /// Several seeds, both ends included, such as 1..20
    #[arg(long, value_parser = parse_seeds)]
    seeds: Option<Seeds>,
    /// The machine all logs came from [default: the folder each lies in]
    #[arg(long, value_name = "NAME")]
    machine: Option<String>,
    /// Predictors to run, ours or NAME=cmd:PROGRAM, NAME=onnx:FILE, FILE.toml [default: all of ours]
    #[arg(long, value_name = "P")]
    predictor: Vec<String>,
    /// Send the readings of simulated roasts to this broker too, such as mqtt://localhost:1883
    #[arg(long, value_name = "URL", value_parser = parse_broker)]
    publish: Option<Broker>,
    /// Show what change of gas would bring first crack to where this profile (or log) has it, as the roast goes on
    #[arg(long, value_name = "FILE")]
    profile: Option<PathBuf>,
    #[command(flatten)]
    work: Work,
}

fn parse_seeds(text: &str) -> Result<Seeds, String> {
    Seeds::parse(text).ok_or_else(|| {
        format!("{text:?} is not a range of seeds; write it as 1..20, lower end first and both below 10000")
    })
}

/// Does the verb's work.
pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let inputs = sort_out(&args.inputs)?;
    if args.publish.is_some() && !matches!(inputs, Inputs::Scenarios(_)) {
        return Err(Failure::usage("--publish is for scenarios; what was recorded has been sent before"));
    }
    if args.profile.is_some() && !matches!(inputs, Inputs::Scenarios(_)) {
        return Err(Failure::usage("--profile is for scenarios, whose machine is known"));
    }
    match inputs {
        Inputs::Sweep(path) => {
            if args.seeds.is_some() || args.machine.is_some() || !args.predictor.is_empty() {
                return Err(Failure::usage(
                    "--seeds, --machine and --predictor are not for sweeps; --seed is",
                ));
            }
            sweep::run(args, &path)
        }
        Inputs::Scenarios(paths) => {
            if args.machine.is_some() {
                return Err(Failure::usage("--machine is for logs; a scenario names its machine"));
            }
            // Refuse a place that cannot be written before the work, not after it.
            let folder = args.work.folder()?;
            scenarios::run(args, &paths, &args.brought()?, folder)
        }
        Inputs::Logs(files) => {
            if args.seeds.is_some() {
                return Err(Failure::usage("--seeds is for scenarios; a recorded roast has no seed"));
            }
            let folder = args.work.folder()?;
            logs::run(args, &files, &args.brought()?, folder)
        }
    }
}

impl Args {
    fn seeds(&self) -> Seeds {
        self.seeds.unwrap_or(Seeds { first: self.seed, last: self.seed })
    }

    fn brought(&self) -> Result<Brought, Failure> {
        if self.predictor.is_empty() {
            Brought::of(&PREDICTORS)
        } else {
            Brought::of(&parted(&self.predictor))
        }
    }

    fn inputs(&self) -> Vec<&Path> {
        self.inputs.iter().map(PathBuf::as_path).collect()
    }
}

/// Rows of several streams as one set of tables.
fn joined<'a>(outputs: impl Iterator<Item = &'a Outputs>) -> Outputs {
    let mut all = Outputs::default();
    for one in outputs {
        all.telemetry.extend(one.telemetry.iter().cloned());
        all.marks.extend(one.marks.iter().cloned());
        all.sessions.extend(one.sessions.iter().cloned());
        all.predictions.extend(one.predictions.iter().cloned());
    }
    all
}

/// Writes the tables that every run has.
fn write_outputs(folder: &mut RunFolder, outputs: &Outputs) -> Result<(), Failure> {
    folder.write(&outputs.telemetry)?;
    folder.write(&outputs.marks)?;
    folder.write(&outputs.sessions)?;
    folder.write(&outputs.predictions)?;
    Ok(())
}

/// Errors of first crack for the table of totals: each machine of `each`, then `all` over all
/// machines where there are several.
fn machine_totals<'a>(each: &'a [Total], all: &'a [Total]) -> Vec<MachineTotal<'a>> {
    let of_first_crack = |total: &&Total| &*total.metric == "first_crack.error";
    let machines: Vec<&Total> = each.iter().filter(of_first_crack).filter(|t| t.machine.is_some()).collect();
    let several = machines.windows(2).any(|pair| pair[0].machine != pair[1].machine);
    let over_all = all.iter().filter(of_first_crack).filter(|t| several && t.machine.is_none());
    machines.into_iter().chain(over_all).map(machine_total).collect()
}

fn machine_total(total: &Total) -> MachineTotal<'_> {
    MachineTotal {
        machine: total.machine.as_deref(),
        predictor: &total.arm,
        lead_s: total.lead_s.unwrap_or(0.0),
        n_roasts: total.n_roasts,
        n_scored: total.n_scored(),
        mae_s: total.errors.as_ref().map(|errors| errors.mae),
        interval_s: total.mae_interval,
    }
}

//! `sim backtest`: predictors on recorded roasts, each knowing only what came before.

use std::path::PathBuf;

use trier_eval::runner::replay;
use trier_eval::score::{BASELINES, backtest};
use trier_eval::twin;
use trier_pipeline::PREDICTORS;
use trier_pipeline::predict::Twin;
use trier_reports::summary;
use trier_tables::rows::{AskedRow, BacktestRow};

use crate::exit::Exit;
use crate::input::{Inputs, sort_out};
use crate::output::{self, Failure};
use crate::progress;
use crate::recorded::{SIMULATED, read_all};
use crate::work::Work;

/// Leads that forecasts are asked for at, s before the event.
const LEADS_S: [f64; 6] = [30.0, 60.0, 90.0, 120.0, 180.0, 240.0];

#[derive(clap::Args)]
#[command(after_help = "Examples:
  sim backtest ~/roasts
  sim backtest ~/roasts --predictor curve,prior --out out/backtest")]
pub(crate) struct Args {
    /// Recorded roasts: files and folders of logs, in any format that is known
    #[arg(required = true)]
    inputs: Vec<PathBuf>,
    /// Predictors to test, `twin` among them, which is slow; the baselines always run beside them [default: all but twin]
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    predictor: Vec<String>,
    /// The machine all logs came from [default: the folder each lies in]
    #[arg(long, value_name = "NAME")]
    machine: Option<String>,
    #[command(flatten)]
    work: Work,
}

/// Does the verb's work.
pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let asked_for: Vec<&str> = if args.predictor.is_empty() {
        PREDICTORS.to_vec()
    } else {
        args.predictor.iter().map(String::as_str).chain(BASELINES).collect()
    };
    // Of a recorded machine nothing is known but that it is of some kind.
    let plants = twin::families();
    let arms = twin::arms_with(&asked_for, move || Twin::new(plants.clone(), None))
        .map_err(|error| Failure::of(&error))?;
    let folder = args.work.folder()?;
    let Inputs::Logs(files) = sort_out(&args.inputs)? else {
        return Err(Failure::usage("scenarios are no logs\nhint: score them with sim eval"));
    };
    let read = read_all(&files, args.machine.as_deref(), None, args.work.jobs())?;
    let bar = progress::bar(read.recorded.len(), "roasts");
    let done = replay(&read.recorded, &arms, &LEADS_S, args.work.jobs(), &|| bar.inc(1))
        .map_err(|error| Failure::of(&error))?;
    bar.finish_and_clear();
    // What no machine made tells nothing about how well machines are forecast.
    let asked: Vec<AskedRow> = done
        .roasts
        .iter()
        .filter(|roast| !roast.machine.ends_with(SIMULATED))
        .flat_map(|roast| roast.asked.iter().cloned())
        .collect();
    if asked.is_empty() {
        output::result(&summary::files_text(&read.rows, &read.findings));
        output::prose("no roast with a recorded first crack or drop, so there is nothing to score");
        return Ok(Exit::NOTHING_SELECTED);
    }
    let figures = backtest(&asked);
    if args.work.json {
        output::json_lines(&figures)?;
    } else {
        output::result(&text(&figures));
    }
    if let Some(mut folder) = folder {
        folder.write(&asked)?;
        folder.write(&figures)?;
        folder.write(&read.rows)?;
        folder.write(&read.findings)?;
        let inputs: Vec<_> = args.inputs.iter().map(PathBuf::as_path).collect();
        output::commit(folder, &inputs, &read.facts())?;
    }
    Ok(Exit::OK)
}

fn text(figures: &[BacktestRow]) -> String {
    let mut text = String::new();
    for (target, word) in [("first_crack_start", "First crack"), ("drop", "Drop")] {
        for (earlier, known) in [("3+", "three or more earlier roasts"), ("0", "no earlier roast")] {
            let table = summary::backtest_table(figures, target, earlier);
            if !table.is_empty() {
                text.push_str(&format!("{word}, {known} of the machine known\n\n{table}\n"));
            }
        }
        let machines = summary::backtest_machines_table(figures, target, "3+");
        if !machines.is_empty() {
            text.push_str(&format!(
                "{word}, mean absolute error in s by machine, three or more known\n\n{machines}\n"
            ));
        }
    }
    text
}

//! `sim backtest`: predictors on recorded roasts, each knowing only what came before.

mod sessions;
mod worst;

use std::path::PathBuf;

use trier_eval::runner::{Recorded, Told, kin_of, replay_leaving_out};
use trier_eval::score::{BASELINES, ROASTS_MIN, backtest, worse_than_baseline};
use trier_eval::twin;
use trier_pipeline::PREDICTORS;
use trier_pipeline::predict::Twin;
use trier_reports::summary;
use trier_tables::rows::{AskedRow, BacktestRow};

use crate::exit::Exit;
use crate::input::{Inputs, sort_out};
use crate::output::{self, Failure};
use crate::predictors::{Brought, parted};
use crate::progress;
use crate::recorded::{Files, SIMULATED, read_all};
use crate::work::Work;

/// Leads that forecasts are asked for at, s before the event.
const LEADS_S: [f64; 6] = [30.0, 60.0, 90.0, 120.0, 180.0, 240.0];

#[derive(clap::Args)]
#[command(after_help = "Examples:
  sim backtest ~/roasts
  sim backtest ~/roasts --predictor blend,curve --out out/backtest
  sim backtest ~/roasts --predictor 'mine=cmd:python3 mine.py'
  sim backtest day
  sim backtest ~/roasts --tell first-crack-bt")]
pub(crate) struct Args {
    /// Recorded roasts: files and folders of logs, in any format that is known; or one folder that sim run,
    /// sim import or sim ingest wrote
    #[arg(required = true)]
    inputs: Vec<PathBuf>,
    /// Predictors to test, ours (`twin` too, which is slow) or NAME=cmd:PROGRAM, NAME=onnx:FILE, FILE.toml; the baselines always run
    /// beside them [default: all of ours but twin]
    #[arg(long, value_name = "P")]
    predictor: Vec<String>,
    /// The machine all logs came from [default: the folder each lies in]
    #[arg(long, value_name = "NAME")]
    machine: Option<String>,
    /// Tell predictors what each roast really did: its first-crack BT (what remains is the floor), or one of
    /// its drop as a plan would
    #[arg(long, value_name = "WHAT", default_value = "nothing")]
    tell: Tell,
    /// Print the errors on all machines together, which is what the product ships, and nothing else
    #[arg(long, conflicts_with_all = ["predictor", "tell", "out"])]
    kin: bool,
    #[command(flatten)]
    work: Work,
}

/// What predictors are told of each roast.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Tell {
    /// Nothing, as in life
    Nothing,
    /// The BT of its own first crack
    FirstCrackBt,
    /// The BT that it was dropped at
    DropBt,
    /// The time that it was dropped at
    DropTime,
    /// Its development time
    Development,
    /// Its development ratio
    DevelopmentRatio,
}

impl From<Tell> for Told {
    fn from(tell: Tell) -> Self {
        match tell {
            Tell::Nothing => Self::Nothing,
            Tell::FirstCrackBt => Self::FirstCrackBt,
            Tell::DropBt => Self::DropBt,
            Tell::DropTime => Self::DropTime,
            Tell::Development => Self::Development,
            Tell::DevelopmentRatio => Self::DevelopmentRatio,
        }
    }
}

/// Does the verb's work.
pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let asked_for: Vec<&str> = if args.predictor.is_empty() {
        PREDICTORS.to_vec()
    } else {
        parted(&args.predictor).into_iter().chain(BASELINES).collect()
    };
    // Of a recorded machine nothing is known but that it is of some kind.
    let plants = twin::families();
    let brought = Brought::with_twin(&asked_for, move || Twin::new(plants.clone(), None))?;
    let folder = args.work.folder()?;
    let Source { recorded, files } = source(args)?;
    if args.kin {
        let kin = kin_of(&recorded, args.work.jobs()).map_err(|error| Failure::of(&error))?;
        output::result(&format!("{kin:#.2?}"));
        return Ok(Exit::OK);
    }
    let bar = progress::bar(recorded.len(), "roasts");
    let told = Told::from(args.tell);
    let done = replay_leaving_out(&recorded, &brought.arms, &LEADS_S, told, args.work.jobs(), &|| bar.inc(1))
        .map_err(|error| Failure::of(&error))?;
    bar.finish_and_clear();
    brought.report();
    let asked: Vec<AskedRow> = done.roasts.iter().flat_map(|roast| roast.asked.iter().cloned()).collect();
    if asked.is_empty() {
        if let Some(files) = &files {
            output::result(&summary::files_text(&files.rows, &files.findings));
        }
        output::prose("no roast with a recorded first crack or drop, so there is nothing to score");
        return Ok(Exit::NOTHING_SELECTED);
    }
    let figures = backtest(&asked);
    if args.work.json {
        output::json_lines(&figures)?;
    } else {
        output::result(text(&figures, brought.arms.names()).trim_end());
    }
    if let Some(mut folder) = folder {
        folder.write(&asked)?;
        folder.write(&figures)?;
        worst::write(&mut folder, &done.roasts, &asked, brought.arms.names())?;
        if let Some(files) = &files {
            folder.write(&files.rows)?;
            folder.write(&files.findings)?;
        }
        let facts =
            files.as_ref().map_or_else(|| serde_json::json!({ "sessions": recorded.len() }), Files::facts);
        let inputs: Vec<_> = args.inputs.iter().map(PathBuf::as_path).collect();
        output::commit(folder, &inputs, &brought.with_incidents(facts))?;
    }
    Ok(Exit::OK)
}

/// The roasts to ask about.
struct Source {
    recorded: Vec<Recorded>,
    /// What became of the files that they were read from; None where they were not.
    files: Option<Files>,
}

fn source(args: &Args) -> Result<Source, Failure> {
    // What no machine made tells nothing about how well machines are forecast.
    let real = |roasts: &[Recorded]| -> Vec<Recorded> {
        roasts.iter().filter(|roast| !roast.machine.ends_with(SIMULATED)).cloned().collect()
    };
    if let [folder] = args.inputs.as_slice()
        && folder.is_dir()
        && let Some(roasts) = sessions::roasts_of(folder)?
    {
        return Ok(Source { recorded: real(&roasts), files: None });
    }
    let Inputs::Logs(files) = sort_out(&args.inputs)? else {
        return Err(Failure::usage("scenarios are no logs\nhint: score them with sim eval"));
    };
    let read = read_all(&files, args.machine.as_deref(), None, args.work.jobs())?;
    Ok(Source { recorded: real(&read.recorded), files: Some(read) })
}

/// What a backtest says on a terminal.
pub(crate) fn text(figures: &[BacktestRow], predictors: &[String]) -> String {
    let mut text = String::new();
    for (target, word) in [("first_crack_start", "First crack"), ("drop", "Drop")] {
        for (earlier, known) in [("3+", "three or more earlier roasts"), ("0", "no earlier roast")] {
            let table = summary::backtest_table(figures, target, earlier);
            put(&mut text, &format!("{word}, {known} of the machine known"), &table);
        }
        let learning = summary::backtest_learning_table(figures, target);
        put(&mut text, &format!("{word}, mean absolute error in s by earlier roasts known"), &learning);
        let regimes = summary::backtest_regimes_table(figures, target);
        put(&mut text, &format!("{word}, below and above 150 °C, three or more known"), &regimes);
        let machines = summary::backtest_machines_table(figures, target, "3+");
        let heading = format!("{word}, mean absolute error in s by machine, three or more known");
        put(&mut text, &heading, &machines);
        for predictor in predictors.iter().filter(|name| !BASELINES.contains(&name.as_str())) {
            text.push_str(&held(figures, target, word, predictor));
        }
        text.push('\n');
    }
    text
}

fn put(text: &mut String, heading: &str, table: &str) {
    if !table.is_empty() {
        text.push_str(&format!("{heading}\n\n{table}\n"));
    }
}

/// Whether `predictor` is worse than the best baseline on some machine.
fn held(figures: &[BacktestRow], target: &str, word: &str, predictor: &str) -> String {
    let (machines, worse) = worse_than_baseline(figures, target, predictor);
    let of = format!("{machines} machines with {ROASTS_MIN} roasts or more");
    if worse.is_empty() {
        return format!("{word}: {predictor} is nowhere over 10 % worse than the best baseline, on {of}\n");
    }
    let at = |row: &&BacktestRow| {
        format!("{} at {} s", row.machine.as_deref().unwrap_or_default(), row.lead_s.unwrap_or_default())
    };
    let at: Vec<String> = worse.iter().map(at).collect();
    format!("{word}: {predictor} is over 10 % worse than the best baseline on {}, of {of}\n", at.join(", "))
}

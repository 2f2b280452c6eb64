//! `sim report`: a folder of tables as one HTML file that needs nothing else.

mod backtest;
mod calibration;
mod figures;
#[cfg(feature = "query")]
mod run;
mod sessions;
mod text;
mod verdict;

use std::path::{Path, PathBuf};

use trier_reports::page::Figure;
use trier_tables::rows::{BacktestRow, FitParameterRow, SessionRow};
use trier_tables::table_path;

use crate::exit::Exit;
use crate::output::{self, Failure};

#[derive(clap::Args)]
#[command(after_help = "Examples:
  sim report out/first
  sim report out/first --out first.html --figures out/figures
  sim report out/mine --batch monday-3.alog
  sim report out/first --text

What is shown follows from what the folder holds. The file opens anywhere: it loads nothing and runs nothing.")]
pub(crate) struct Args {
    /// A folder that --out of another command wrote
    folder: PathBuf,
    /// The file to write; by default report.html in the folder
    #[arg(long, value_name = "FILE", conflicts_with = "text")]
    out: Option<PathBuf>,
    /// Write each figure to this folder too, as SVG and as PNG
    #[arg(long, value_name = "DIR", conflicts_with = "text")]
    figures: Option<PathBuf>,
    /// A roast to show in full, by its source or its session's id or the id's beginning; may be given again
    #[arg(long, value_name = "ROAST")]
    batch: Vec<String>,
    /// Print the same as text instead
    #[arg(long)]
    text: bool,
}

/// A report that was made.
pub(crate) struct Made {
    /// The page, whole.
    pub html: String,
    /// The figures in it.
    pub figures: Vec<Figure>,
}

/// What a folder holds to report on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Verdict,
    Backtest,
    Calibration,
    Run,
}

/// Does the verb's work.
pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let kind = kind(&args.folder)?;
    if !args.batch.is_empty() && kind != Kind::Run {
        return Err(Failure::usage("--batch is for roasts, and the folder holds none\nhint: leave it out"));
    }
    if args.text {
        output::result(text(kind, args)?.trim_end());
        return Ok(Exit::OK);
    }
    let made = make(kind, args)?;
    let path = args.out.clone().unwrap_or_else(|| args.folder.join("report.html"));
    write(&path, made.html.as_bytes())?;
    if let Some(folder) = &args.figures {
        figures::write(folder, &made.figures)?;
        output::prose(&format!("{} figures written to {}", made.figures.len(), folder.display()));
    }
    output::result(&path.display().to_string());
    Ok(Exit::OK)
}

/// What the folder holds: what was made last of what it may hold comes first.
fn kind(folder: &Path) -> Result<Kind, Failure> {
    let kinds = [
        (folder.join(trier_tables::verdict::FILE), Kind::Verdict),
        (table_path::<BacktestRow>(folder), Kind::Backtest),
        (table_path::<FitParameterRow>(folder), Kind::Calibration),
        (table_path::<SessionRow>(folder), Kind::Run),
    ];
    match kinds.into_iter().find(|(file, _)| file.is_file()) {
        Some((_, kind)) => Ok(kind),
        None => Err(Failure::usage(format!(
            "{} holds nothing to report on\nhint: give a folder that `sim run`, `sim import`, `sim eval`, `sim backtest` or `sim calibrate` wrote",
            folder.display()
        ))),
    }
}

/// The report on what the folder holds.
fn make(kind: Kind, args: &Args) -> Result<Made, Failure> {
    match kind {
        Kind::Verdict => verdict::make(&args.folder),
        Kind::Backtest => backtest::make(&args.folder),
        Kind::Calibration => calibration::make(&args.folder),
        #[cfg(feature = "query")]
        Kind::Run => run::make(&args.folder, &args.batch),
        #[cfg(not(feature = "query"))]
        Kind::Run => Err(Failure::usage(format!(
            "{} holds roasts, and this sim was built without the feature query that their pages need\nhint: --text needs none",
            args.folder.display()
        ))),
    }
}

/// The same in text, for a terminal.
fn text(kind: Kind, args: &Args) -> Result<String, Failure> {
    match kind {
        Kind::Verdict => text::verdict(&args.folder),
        Kind::Backtest => backtest::text(&args.folder),
        Kind::Calibration => calibration::text(&args.folder),
        Kind::Run => text::run(&args.folder, &args.batch),
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    std::fs::write(path, bytes).map_err(|error| {
        Failure::usage(format!("cannot write {}: {error}\nhint: give --out", path.display()))
    })
}

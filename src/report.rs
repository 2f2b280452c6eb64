//! `sim report`: a folder of tables as one HTML file that needs nothing else.

mod backtest;
mod calibration;

use std::path::{Path, PathBuf};

use trier_reports::page::Figure;

use crate::exit::Exit;
use crate::output::{self, Failure};

#[derive(clap::Args)]
#[command(after_help = "Examples:
  sim report out/first
  sim report out/first --out first.html --figures out/figures

What is shown follows from what the folder holds. The file opens anywhere: it loads nothing and runs nothing.")]
pub(crate) struct Args {
    /// A folder that --out of another command wrote
    folder: PathBuf,
    /// The file to write; by default report.html in the folder
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write each figure to this folder too, as SVG and as PNG
    #[arg(long, value_name = "DIR")]
    figures: Option<PathBuf>,
}

/// A report that was made.
pub(crate) struct Made {
    /// The page, whole.
    pub html: String,
    /// The figures in it.
    pub figures: Vec<Figure>,
}

/// Does the verb's work.
pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let made = make(args)?;
    let path = args.out.clone().unwrap_or_else(|| args.folder.join("report.html"));
    write(&path, made.html.as_bytes())?;
    output::result(&path.display().to_string());
    Ok(Exit::OK)
}

/// The report that fits what the folder holds.
fn make(args: &Args) -> Result<Made, Failure> {
    let holds = |table: &str| args.folder.join(table).is_file();
    if holds(backtest::TABLE) {
        return backtest::make(&args.folder);
    }
    if holds(calibration::TABLE) {
        return calibration::make(&args.folder);
    }
    Err(Failure::usage(format!(
        "{} holds nothing to report on\nhint: give a folder that `sim run`, `sim import`, `sim eval`, `sim backtest` or `sim calibrate` wrote",
        args.folder.display()
    )))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    std::fs::write(path, bytes).map_err(|error| {
        Failure::usage(format!("cannot write {}: {error}\nhint: give --out", path.display()))
    })
}

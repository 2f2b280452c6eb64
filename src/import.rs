//! `sim import`: logs of any known format into tables, each file accounted for.

use std::path::{Path, PathBuf};

use trier_eval::runner::{Arms, replay};
use trier_logs::ColumnMap;
use trier_reports::summary;
use trier_reports::terminal::clean;
use trier_tables::RunFolder;
use trier_tables::rows::{MarkRow, SessionRow, TelemetryRow};

use crate::exit::Exit;
use crate::input::{Inputs, sort_out};
use crate::output::{self, Failure};
use crate::progress;
use crate::recorded::{Files, bytes_of, read_all};

#[derive(clap::Args)]
#[command(after_help = "Examples:
  sim import ~/roasts --out out/mine
  sim import table.csv --map columns.toml --out out/table")]
pub(crate) struct Args {
    /// Recorded roasts: files and folders of logs, in any format that is known
    #[arg(required = true)]
    inputs: Vec<PathBuf>,
    /// Folder to write the tables and run.json to; it must not hold another run
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// What the columns hold of tables in no format that is known: a file as docs/data.md tells
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
    /// The machine all logs came from [default: the folder each lies in]
    #[arg(long, value_name = "NAME")]
    machine: Option<String>,
    /// Threads; results are the same for any number [default: one per processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
    /// Print rows as JSON Lines instead
    #[arg(long)]
    json: bool,
}

/// Does the verb's work.
pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    // Refuse a place that cannot be written, or a map that cannot be used, before the work.
    let folder = RunFolder::create(&args.out)?;
    let map = args.map.as_deref().map(map_of).transpose()?;
    let Inputs::Logs(files) = sort_out(&args.inputs)? else {
        return Err(Failure::usage("scenarios are no logs\nhint: roast them with sim run"));
    };
    if files.is_empty() {
        output::prose("nothing to read: the folders hold no files");
        return Ok(Exit::NOTHING_SELECTED);
    }
    let jobs = args.jobs.map_or(0, usize::from);
    let read = read_all(&files, args.machine.as_deref(), map.as_ref(), jobs)?;
    if read.recorded.is_empty() {
        // Nothing is kept of it, so that the same place can be asked for again.
        output::result(&summary::files_text(&read.rows, &read.findings));
        output::prose("nothing was read, so nothing is written");
        return Ok(Exit::USAGE);
    }
    // Nobody predicts: the pipeline only finds the sessions.
    let bar = progress::bar(read.recorded.len(), "roasts");
    let done = replay(&read.recorded, &Arms::default(), &[], jobs, &|| bar.inc(1))
        .map_err(|error| Failure::of(&error))?;
    bar.finish_and_clear();

    let outputs = || done.roasts.iter().map(|roast| &roast.outputs);
    let marks: Vec<MarkRow> = outputs().flat_map(|one| one.marks.iter().cloned()).collect();
    let sessions: Vec<SessionRow> = outputs().flat_map(|one| one.sessions.iter().cloned()).collect();
    let telemetry: Vec<TelemetryRow> = outputs().flat_map(|one| one.telemetry.iter().cloned()).collect();
    print(args, &read, &marks, &sessions)?;
    write(args, &read, (&telemetry, &marks, &sessions), folder)?;
    Ok(if read.count("refused") == 0 { Exit::OK } else { Exit::USAGE })
}

fn map_of(path: &Path) -> Result<ColumnMap, Failure> {
    let unread = |reason: String| Failure::usage(format!("cannot read {}: {reason}", path.display()));
    let text =
        String::from_utf8(bytes_of(path).map_err(unread)?).map_err(|error| unread(error.to_string()))?;
    ColumnMap::parse(&text).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
}

fn print(args: &Args, read: &Files, marks: &[MarkRow], sessions: &[SessionRow]) -> Result<(), Failure> {
    if args.json {
        output::json_lines(&read.rows)?;
        output::json_lines(&read.findings)?;
        return output::json_lines(sessions);
    }
    for row in read.rows.iter().filter(|row| row.n_samples > 0) {
        output::result(&format!(
            "{:<9} {}: {}, {} samples",
            row.outcome,
            clean(&row.source),
            row.format,
            row.n_samples
        ));
    }
    output::result(
        &(summary::files_text(&read.rows, &read.findings) + &summary::stray_marks_text(marks.iter())),
    );
    Ok(())
}

fn write(
    args: &Args,
    read: &Files,
    (telemetry, marks, sessions): (&[TelemetryRow], &[MarkRow], &[SessionRow]),
    mut folder: RunFolder,
) -> Result<(), Failure> {
    folder.write(telemetry)?;
    folder.write(marks)?;
    folder.write(sessions)?;
    folder.write(&read.rows)?;
    folder.write(&read.findings)?;
    let inputs: Vec<&Path> = args.inputs.iter().map(PathBuf::as_path).collect();
    output::commit(folder, &inputs, &read.facts())
}

//! Recorded roasts through the pipeline, machine by machine, each file accounted for.

use trier_eval::runner::{Replay, replay};
use trier_eval::score::totals;
use trier_reports::summary;
use trier_tables::RunFolder;
use trier_tables::rows::ScoreRow;

use super::{Args, LEADS_S, joined, machine_totals, write_outputs};
use crate::exit::Exit;
use crate::input::LogFile;
use crate::output::{self, Failure};
use crate::predictors::Brought;
use crate::progress;
use crate::recorded::{Files, SIMULATED, read_all};

pub(super) fn run(
    args: &Args,
    files: &[LogFile],
    brought: &Brought,
    folder: Option<RunFolder>,
) -> Result<Exit, Failure> {
    if files.is_empty() {
        output::prose("nothing to read: the folders hold no files");
        return Ok(Exit::NOTHING_SELECTED);
    }
    let read = read_all(files, args.machine.as_deref(), None, args.work.jobs())?;
    let bar = progress::bar(read.recorded.len(), "roasts");
    let done = replay(&read.recorded, &brought.arms, &LEADS_S, args.work.jobs(), &|| bar.inc(1))
        .map_err(|e| Failure::of(&e))?;
    bar.finish_and_clear();
    brought.report();

    print(args, &read, &done)?;
    if let Some(folder) = folder {
        write(args, &read, &done, brought, folder)?;
    }
    Ok(if read.count("refused") == 0 { Exit::OK } else { Exit::USAGE })
}

fn print(args: &Args, read: &Files, done: &Replay) -> Result<(), Failure> {
    let sessions: Vec<_> = done.roasts.iter().filter_map(|roast| roast.session.clone()).collect();
    if args.work.json {
        output::json_lines(&read.rows)?;
        output::json_lines(&read.findings)?;
        output::json_lines(&sessions)?;
        return output::json_lines(&done.scores);
    }
    // Where no file was read there are no roasts, and their tables would be headings alone.
    if !done.roasts.is_empty() {
        output::result(&summary::logs_table(&sessions, &done.scores));
        // What no machine made has its own row and no part in the figures over all machines.
        let real: Vec<ScoreRow> =
            done.scores.iter().filter(|score| !score.machine.ends_with(SIMULATED)).cloned().collect();
        output::result(&summary::totals_table(&machine_totals(&done.totals, &totals(&real))));
    }
    let marks = done.roasts.iter().flat_map(|roast| &roast.outputs.marks);
    let stray = summary::stray_marks_text(marks);
    output::result(&(summary::files_text(&read.rows, &read.findings) + &stray));
    Ok(())
}

fn write(
    args: &Args,
    read: &Files,
    done: &Replay,
    brought: &Brought,
    mut folder: RunFolder,
) -> Result<(), Failure> {
    write_outputs(&mut folder, &joined(done.roasts.iter().map(|roast| &roast.outputs)))?;
    folder.write(&done.scores)?;
    folder.write(&read.rows)?;
    folder.write(&read.findings)?;
    output::commit(folder, &args.inputs(), &brought.with_incidents(read.facts()))
}

//! Recorded roasts through the pipeline, machine by machine, each file accounted for.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use serde_json::json;
use trier_eval::runner::{Arms, Recorded, Replay, replay};
use trier_eval::score::totals;
use trier_logs::{FindingCode, RoastLog};
use trier_reports::summary;
use trier_roast::hash::fnv1a;
use trier_tables::RunFolder;
use trier_tables::rows::{FileRow, FindingRow, ScoreRow};

use super::{Args, LEADS_S, joined, machine_totals, write_outputs};
use crate::exit::Exit;
use crate::input::LogFile;
use crate::output::{self, Failure};
use crate::progress;

/// The largest file that is read into memory, bytes; the readers bound what is in it.
const FILE_MAX: u64 = 64 * 1024 * 1024;

/// What the machine's name gets for roasts that no machine made.
const SIMULATED: &str = " (simulated)";

/// What became of one file.
struct File {
    row: FileRow,
    findings: Vec<FindingRow>,
    recorded: Option<Recorded>,
}

pub(super) fn run(
    args: &Args,
    files: &[LogFile],
    arms: &Arms,
    folder: Option<RunFolder>,
) -> Result<Exit, Failure> {
    if files.is_empty() {
        output::prose("nothing to read: the folders hold no files");
        return Ok(Exit::NOTHING_SELECTED);
    }
    let bar = progress::bar(files.len(), "files");
    let pool =
        rayon::ThreadPoolBuilder::new().num_threads(args.work.jobs()).build().map_err(|e| Failure::of(&e))?;
    let read: Vec<Result<RoastLog, String>> =
        pool.install(|| files.par_iter().map(read_one).inspect(|_| bar.inc(1)).collect());
    bar.finish_and_clear();
    let read = account_for(files, read, args.machine.as_deref());

    let rows: Vec<FileRow> = read.iter().map(|read| read.row.clone()).collect();
    let findings: Vec<FindingRow> = read.iter().flat_map(|read| read.findings.iter().cloned()).collect();
    let recorded: Vec<Recorded> = read.into_iter().filter_map(|read| read.recorded).collect();
    let bar = progress::bar(recorded.len(), "roasts");
    let done =
        replay(&recorded, arms, &LEADS_S, args.work.jobs(), &|| bar.inc(1)).map_err(|e| Failure::of(&e))?;
    bar.finish_and_clear();

    print(args, &rows, &findings, &done)?;
    if let Some(folder) = folder {
        write(args, &rows, &findings, &done, folder)?;
    }
    let refused = rows.iter().filter(|row| &*row.outcome == "refused").count();
    Ok(if refused == 0 { Exit::OK } else { Exit::USAGE })
}

/// Reads one file; the reason, with its code in front, when it is refused.
pub(crate) fn read_one(file: &LogFile) -> Result<RoastLog, String> {
    let bytes = bytes_of(&file.path)?;
    let name = file.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    trier_logs::read(&bytes, &name).map_err(|error| format!("{}: {}", error.code(), output::chain(&error)))
}

fn bytes_of(path: &Path) -> Result<Vec<u8>, String> {
    let size = fs::metadata(path).map_err(|error| format!("cannot_read: {error}"))?.len();
    if size > FILE_MAX {
        return Err(format!("too_large: {size} bytes, more than the {FILE_MAX} that are read"));
    }
    fs::read(path).map_err(|error| format!("cannot_read: {error}"))
}

/// Says of each file what became of it. A roast that is there twice counts once, see [`trier_logs::repeats`].
fn account_for(files: &[LogFile], read: Vec<Result<RoastLog, String>>, machine: Option<&str>) -> Vec<File> {
    let (places, logs): (Vec<usize>, Vec<&RoastLog>) =
        read.iter().enumerate().filter_map(|(i, log)| Some((i, log.as_ref().ok()?))).unzip();
    let mut copy_of: Vec<Option<usize>> = vec![None; files.len()];
    for (place, stands) in places.iter().zip(trier_logs::repeats(&logs)) {
        copy_of[*place] = stands.map(|stands| places[stands]);
    }
    files
        .iter()
        .zip(read)
        .zip(copy_of)
        .map(|((file, log), copy_of)| {
            let machine = machine.unwrap_or(&file.machine);
            match (log, copy_of) {
                (Err(reason), _) => left_out(file, machine, "refused", "unknown", reason),
                (Ok(log), Some(stands)) => {
                    let reason = format!("duplicate_curve: the same readings as {}", files[stands].source);
                    left_out(file, &counted_for(machine, file, &log), "duplicate", log.format.name(), reason)
                }
                (Ok(log), None) => accepted(file, machine, &log),
            }
        })
        .collect()
}

fn left_out(file: &LogFile, machine: &str, outcome: &str, format: &str, reason: String) -> File {
    let row = FileRow {
        source: file.source.as_str().into(),
        format: format.into(),
        machine: machine.into(),
        outcome: outcome.into(),
        reason: Some(reason.into()),
        n_samples: 0,
        n_findings: 0,
    };
    File { row, findings: vec![], recorded: None }
}

/// The machine that a log's roasts count for. One that no machine made is not this machine's, nor
/// is somebody else's, shared: those are told apart by the machine key, else each stands alone.
fn counted_for(machine: &str, file: &LogFile, log: &RoastLog) -> Arc<str> {
    let simulated = log.findings.iter().any(|finding| finding.code == FindingCode::SimulatorSuspect);
    match (simulated, log.is_fork, &log.machine_key) {
        (true, ..) => format!("{machine}{SIMULATED}").into(),
        (false, true, Some(key)) => format!("{machine} (fork {key})").into(),
        // Longer than a machine key, so that it never is one.
        (false, true, None) => format!("{machine} (fork {:016x})", fnv1a(file.source.as_bytes())).into(),
        (false, false, _) => machine.into(),
    }
}

fn accepted(file: &LogFile, machine: &str, log: &RoastLog) -> File {
    let source: Arc<str> = file.source.as_str().into();
    let machine = counted_for(machine, file, log);
    let findings: Vec<FindingRow> = log
        .findings
        .iter()
        .map(|finding| FindingRow {
            source: Arc::clone(&source),
            code: finding.code.name().into(),
            detail: finding.detail.as_str().into(),
        })
        .collect();
    let repaired = log.findings.iter().any(|finding| finding.code.is_repair());
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let row = FileRow {
        source: Arc::clone(&source),
        format: log.format.name().into(),
        machine: Arc::clone(&machine),
        outcome: if repaired { "repaired" } else { "read" }.into(),
        reason: None,
        n_samples: count(log.samples.len()),
        n_findings: count(findings.len()),
    };
    let recorded = Recorded { source, machine, started: log.started, readings: log.readings() };
    File { row, findings, recorded: Some(recorded) }
}

fn print(args: &Args, rows: &[FileRow], findings: &[FindingRow], done: &Replay) -> Result<(), Failure> {
    let sessions: Vec<_> = done.roasts.iter().filter_map(|roast| roast.session.clone()).collect();
    if args.work.json {
        output::json_lines(rows)?;
        output::json_lines(findings)?;
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
    output::result(&(summary::files_text(rows, findings) + &stray));
    Ok(())
}

fn write(
    args: &Args,
    rows: &[FileRow],
    findings: &[FindingRow],
    done: &Replay,
    mut folder: RunFolder,
) -> Result<(), Failure> {
    write_outputs(&mut folder, &joined(done.roasts.iter().map(|roast| &roast.outputs)))?;
    folder.write(&done.scores)?;
    folder.write(rows)?;
    folder.write(findings)?;
    let count = |outcome: &str| rows.iter().filter(|row| &*row.outcome == outcome).count();
    let facts = json!({
        "files": rows.len(),
        "read": count("read"),
        "repaired": count("repaired"),
        "duplicate": count("duplicate"),
        "refused": count("refused"),
    });
    output::commit(folder, &args.inputs(), &facts)
}

//! Recorded roasts through the pipeline, machine by machine, each file accounted for.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use serde_json::json;
use trier_eval::runner::{Arms, Recorded, Replay, replay};
use trier_logs::RoastLog;
use trier_reports::summary;
use trier_roast::EventTime;
use trier_tables::RunFolder;
use trier_tables::rows::{FileRow, FindingRow};

use super::{Args, LEADS_S, joined, machine_totals, write_outputs};
use crate::exit::Exit;
use crate::input::LogFile;
use crate::output::{self, Failure};
use crate::progress;

/// The largest file that is read into memory, bytes; the readers bound what is in it.
const FILE_MAX: u64 = 64 * 1024 * 1024;

/// What became of one file.
struct Read {
    row: FileRow,
    findings: Vec<FindingRow>,
    recorded: Option<Recorded>,
}

pub(super) fn run(
    args: &Args,
    files: Vec<LogFile>,
    arms: &Arms,
    folder: Option<RunFolder>,
) -> Result<Exit, Failure> {
    if files.is_empty() {
        output::prose("nothing to read: the folders hold no files");
        return Ok(Exit::NOTHING_SELECTED);
    }
    let bar = progress::bar(files.len(), "files");
    let machine = args.machine.as_deref();
    let pool =
        rayon::ThreadPoolBuilder::new().num_threads(args.jobs()).build().map_err(|e| Failure::of(&e))?;
    let read: Vec<Read> = pool
        .install(|| files.par_iter().map(|file| read_one(file, machine)).inspect(|_| bar.inc(1)).collect());
    bar.finish_and_clear();

    let rows: Vec<FileRow> = read.iter().map(|read| read.row.clone()).collect();
    let findings: Vec<FindingRow> = read.iter().flat_map(|read| read.findings.iter().cloned()).collect();
    let recorded: Vec<Recorded> = read.into_iter().filter_map(|read| read.recorded).collect();
    let bar = progress::bar(recorded.len(), "roasts");
    let done = replay(&recorded, arms, &LEADS_S, args.jobs(), &|| bar.inc(1)).map_err(|e| Failure::of(&e))?;
    bar.finish_and_clear();

    print(args, &rows, &findings, &done)?;
    if let Some(folder) = folder {
        write(args, &rows, &findings, &done, folder)?;
    }
    let refused = rows.iter().filter(|row| &*row.outcome == "refused").count();
    Ok(if refused == 0 { Exit::OK } else { Exit::USAGE })
}

fn read_one(file: &LogFile, machine: Option<&str>) -> Read {
    let source: Arc<str> = file.source.as_str().into();
    let machine = machine.unwrap_or(&file.machine).to_owned();
    let refused = |format: &str, reason: String| Read {
        row: FileRow {
            source: Arc::clone(&source),
            format: format.into(),
            machine: machine.as_str().into(),
            outcome: "refused".into(),
            reason: Some(reason.into()),
            n_samples: 0,
            n_findings: 0,
        },
        findings: vec![],
        recorded: None,
    };
    let bytes = match bytes_of(&file.path) {
        Ok(bytes) => bytes,
        Err(reason) => return refused("unknown", reason),
    };
    let name = file.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    match trier_logs::read(&bytes, &name) {
        Err(error) => refused("unknown", format!("{}: {}", error.code(), output::chain(&error))),
        Ok(log) => accepted(&source, &machine, &log),
    }
}

fn bytes_of(path: &Path) -> Result<Vec<u8>, String> {
    let size = fs::metadata(path).map_err(|error| format!("cannot_read: {error}"))?.len();
    if size > FILE_MAX {
        return Err(format!("too_large: {size} bytes, more than the {FILE_MAX} that are read"));
    }
    fs::read(path).map_err(|error| format!("cannot_read: {error}"))
}

fn accepted(source: &Arc<str>, machine: &str, log: &RoastLog) -> Read {
    // Somebody else's roast, shared: not this machine's.
    let machine: Arc<str> = if log.is_fork { format!("{machine} (fork)").into() } else { machine.into() };
    let findings: Vec<FindingRow> = log
        .findings
        .iter()
        .map(|finding| FindingRow {
            source: Arc::clone(source),
            code: finding.code.name().into(),
            detail: finding.detail.as_str().into(),
        })
        .collect();
    let repaired = log.findings.iter().any(|finding| finding.code.is_repair());
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let row = FileRow {
        source: Arc::clone(source),
        format: log.format.name().into(),
        machine: Arc::clone(&machine),
        outcome: if repaired { "repaired" } else { "read" }.into(),
        reason: None,
        n_samples: count(log.samples.len()),
        n_findings: count(findings.len()),
    };
    let started = log.samples.first().map_or(EventTime::default(), |(at, _)| *at);
    let recorded = Recorded { source: Arc::clone(source), machine, started, readings: log.readings() };
    Read { row, findings, recorded: Some(recorded) }
}

fn print(args: &Args, rows: &[FileRow], findings: &[FindingRow], done: &Replay) -> Result<(), Failure> {
    let sessions: Vec<_> = done.roasts.iter().filter_map(|roast| roast.session.clone()).collect();
    if args.json {
        output::json_lines(rows)?;
        output::json_lines(findings)?;
        output::json_lines(&sessions)?;
        return output::json_lines(&done.scores);
    }
    output::result(&summary::logs_table(&sessions, &done.scores));
    output::result(&summary::totals_table(&machine_totals(&done.totals)));
    output::result(&summary::files_text(rows, findings));
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
    let facts = json!({ "files": rows.len(), "read": count("read"), "repaired": count("repaired"), "refused": count("refused") });
    output::commit(folder, &args.inputs(), &facts)
}

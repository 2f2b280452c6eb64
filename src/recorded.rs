//! Recorded roasts out of files: each file read, and what became of it said.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use trier_eval::runner::Recorded;
use trier_logs::{ColumnMap, FindingCode, RoastLog};
use trier_roast::hash::fnv1a;
use trier_tables::rows::{FileRow, FindingRow};

use crate::input::LogFile;
use crate::output::{self, Failure};
use crate::progress;

/// The largest file that is read into memory, bytes; the readers bound what is in it.
const FILE_MAX: u64 = 64 * 1024 * 1024;

/// What the machine's name gets for roasts that no machine made.
pub(crate) const SIMULATED: &str = " (simulated)";

/// What became of the files: a row of each, what was found in them, and the roasts that count.
pub(crate) struct Files {
    /// In the order of the files.
    pub rows: Vec<FileRow>,
    /// In the order of the files, then as found.
    pub findings: Vec<FindingRow>,
    /// The roasts that were read and are there once.
    pub recorded: Vec<Recorded>,
}

impl Files {
    /// How many files had this outcome.
    pub(crate) fn count(&self, outcome: &str) -> usize {
        self.rows.iter().filter(|row| &*row.outcome == outcome).count()
    }

    /// The outcomes in numbers, for `run.json`.
    pub(crate) fn facts(&self) -> serde_json::Value {
        serde_json::json!({
            "files": self.rows.len(),
            "read": self.count("read"),
            "repaired": self.count("repaired"),
            "duplicate": self.count("duplicate"),
            "refused": self.count("refused"),
        })
    }
}

/// Reads `files` on `jobs` threads and accounts for each.
///
/// - `machine`: the machine of all roasts; each file's folder when None.
/// - `map`: how to read tables in no format that is known.
pub(crate) fn read_all(
    files: &[LogFile],
    machine: Option<&str>,
    map: Option<&ColumnMap>,
    jobs: usize,
) -> Result<Files, Failure> {
    let bar = progress::bar(files.len(), "files");
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build().map_err(|e| Failure::of(&e))?;
    let one = |file: &LogFile| read_one(file, map);
    let read: Vec<Result<RoastLog, String>> =
        pool.install(|| files.par_iter().map(one).inspect(|_| bar.inc(1)).collect());
    bar.finish_and_clear();
    let read = account_for(files, read, machine);
    Ok(Files {
        rows: read.iter().map(|file| file.row.clone()).collect(),
        findings: read.iter().flat_map(|file| file.findings.iter().cloned()).collect(),
        recorded: read.into_iter().filter_map(|file| file.recorded).collect(),
    })
}

/// What became of one file.
struct File {
    row: FileRow,
    findings: Vec<FindingRow>,
    recorded: Option<Recorded>,
}

/// Reads one file; the reason, with its code in front, when it is refused.
pub(crate) fn read_one(file: &LogFile, map: Option<&ColumnMap>) -> Result<RoastLog, String> {
    let bytes = bytes_of(&file.path)?;
    let name = file.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    trier_logs::read_with(&bytes, &name, map)
        .map_err(|error| format!("{}: {}", error.code(), output::chain(&error)))
}

/// The bytes of a file; of a device or a pipe nobody knows how many there are.
pub(crate) fn bytes_of(path: &Path) -> Result<Vec<u8>, String> {
    let unread = |error: std::io::Error| format!("cannot_read: {error}");
    if !fs::metadata(path).map_err(unread)?.is_file() {
        return Err("cannot_read: not a plain file".to_owned());
    }
    let mut bytes = Vec::new();
    fs::File::open(path).map_err(unread)?.take(FILE_MAX + 1).read_to_end(&mut bytes).map_err(unread)?;
    if bytes.len() as u64 > FILE_MAX {
        return Err(format!("too_large: more than the {FILE_MAX} bytes that are read"));
    }
    Ok(bytes)
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

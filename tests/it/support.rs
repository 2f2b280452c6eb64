//! Starting the built `sim`, and looking at what it left.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use trier_tables::{Table, digest, read_table};

/// What one run of `sim` did.
#[derive(Debug)]
pub(crate) struct Ran {
    /// The exit code.
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs `sim` in `folder` with the words of `line`, which hold no spaces themselves.
pub(crate) fn sim(folder: &Path, line: &str) -> Ran {
    let output = Command::new(env!("CARGO_BIN_EXE_sim"))
        .args(line.split_whitespace())
        .current_dir(folder)
        // Whoever runs the tests may have set these for their own terminal.
        .env_remove("COLUMNS")
        .env_remove("NO_COLOR")
        .env_remove("RUST_BACKTRACE")
        .output()
        .expect("the built binary starts");
    let text = |bytes| String::from_utf8(bytes).expect("what sim prints is UTF-8");
    let code = output.status.code().expect("sim ends by itself, not by a signal");
    let ran = Ran { code, stdout: text(output.stdout), stderr: text(output.stderr) };
    assert!(!ran.stderr.contains("panicked") && code != 1, "sim {line} has a bug:\n{}", ran.stderr);
    ran
}

/// The same, and the exit code must be `code`.
pub(crate) fn sim_ends(folder: &Path, line: &str, code: i32) -> Ran {
    let ran = sim(folder, line);
    assert_eq!(ran.code, code, "sim {line}\nstdout:\n{}\nstderr:\n{}", ran.stdout, ran.stderr);
    ran
}

/// The repository.
pub(crate) fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Says on the test's output why it did nothing. Shown with `--nocapture`.
pub(crate) fn skipped(why: &str) {
    #[allow(clippy::print_stdout)] // Not in a function marked as a test, but only called from one.
    {
        println!("skipped: {why}");
    }
}

/// An empty folder that goes with the test.
pub(crate) fn empty_folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// A folder elsewhere that holds the repository's scenarios and golden cases, and nothing else.
pub(crate) fn copied_repository() -> TempDir {
    let copy = empty_folder();
    for folder in ["scenarios", "golden"] {
        copy_folder(&repository().join(folder), &copy.path().join(folder));
    }
    copy
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir(to).expect("the copy is new");
    for entry in fs::read_dir(from).expect("the repository has it") {
        let (path, place) = entry.map(|e| (e.path(), to.join(e.file_name()))).expect("listed");
        if path.is_dir() {
            copy_folder(&path, &place);
        } else {
            fs::copy(&path, &place).expect("copied");
        }
    }
}

/// Every file at or below `folder` by its path from there, with its bytes; a folder has none.
pub(crate) fn contents(folder: &Path) -> BTreeMap<String, Option<Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut todo = vec![folder.to_path_buf()];
    while let Some(next) = todo.pop() {
        for entry in fs::read_dir(&next).expect("it is a folder") {
            let path = entry.expect("listed").path();
            let name = path.strip_prefix(folder).expect("below").to_string_lossy().replace('\\', "/");
            if path.is_dir() {
                todo.push(path);
                found.insert(name, None);
            } else {
                found.insert(name, Some(fs::read(&path).expect("readable")));
            }
        }
    }
    found
}

/// The names at or below `folder`, sorted.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    contents(folder).into_keys().collect()
}

/// The tables of a run folder by file name, as bytes.
pub(crate) fn parquet(folder: &Path) -> BTreeMap<String, Option<Vec<u8>>> {
    let mut found = contents(folder);
    found.retain(|name, _| name.ends_with(".parquet"));
    assert!(!found.is_empty(), "no table in {}", folder.display());
    found
}

/// What `run.json` of a run folder says.
pub(crate) fn record(folder: &Path) -> serde_json::Value {
    let text = fs::read_to_string(folder.join("run.json")).expect("a run has its record");
    serde_json::from_str(&text).expect("the record is JSON")
}

/// The rows of a table of a run, which must be those that `run.json` promises.
pub(crate) fn rows<T: Table>(folder: &Path) -> Vec<T> {
    let path: PathBuf = folder.join(format!("{}.parquet", T::NAME));
    let rows: Vec<T> = read_table(&path).expect("the table reads back");
    let said = record(folder)["tables"][T::NAME].clone();
    assert_eq!(said["rows"], rows.len(), "{}", T::NAME);
    assert_eq!(said["digest"], digest(&rows).to_string(), "{}", T::NAME);
    rows
}

/// The digests of a run's tables, one line a table, for a golden file.
pub(crate) fn digests(folder: &Path) -> String {
    let tables = record(folder)["tables"].clone();
    let tables = tables.as_object().expect("tables by name");
    assert_eq!(tables.len(), parquet(folder).len(), "every table has its line in the record");
    let line = |(name, said): (&String, &serde_json::Value)| {
        let rows = said["rows"].as_u64().expect("a count");
        format!("{name:12} {rows:>6} rows  {}\n", said["digest"].as_str().expect("a digest"))
    };
    tables.iter().map(line).collect()
}

/// `text` with the wall time in the last line of a verdict replaced, as no two runs agree on it.
pub(crate) fn without_wall_time(text: &str) -> String {
    let masked = |line: &str| {
        let part = |part: &str| {
            let seconds = part.trim().strip_suffix(" s").and_then(|s| s.parse::<f64>().ok());
            if seconds.is_some() { "[wall time]".to_owned() } else { part.to_owned() }
        };
        if !line.starts_with("gate ") {
            return line.to_owned();
        }
        line.split("   ").map(part).collect::<Vec<_>>().join("   ")
    };
    text.lines().map(masked).collect::<Vec<_>>().join("\n")
}

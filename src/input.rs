//! From what was typed to files: scenarios, a sweep or logs, and the machine of each log.

use std::fs;
use std::path::{Path, PathBuf};

use trier_eval::file::Kind;

use crate::output::Failure;

/// One file to read, and what rows will call it and its machine.
#[derive(Clone, Debug)]
pub(crate) struct LogFile {
    /// Where it is.
    pub path: PathBuf,
    /// Name in tables: below the folder that was named, or with its parent's name.
    pub source: String,
    /// The folder it lies in, which stands for the machine (docs/decisions/0005).
    pub machine: String,
}

/// What the inputs are.
#[derive(Debug)]
pub(crate) enum Inputs {
    /// Scenario files.
    Scenarios(Vec<PathBuf>),
    /// One sweep.
    Sweep(PathBuf),
    /// Recorded roasts.
    Logs(Vec<LogFile>),
}

/// Sorts out `paths`: TOML files are scenarios or one sweep, everything else is logs; folders are
/// searched for logs, deep and in order of name.
pub(crate) fn sort_out(paths: &[PathBuf]) -> Result<Inputs, Failure> {
    let is_toml = |path: &&PathBuf| path.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml"));
    let scenarios = paths.iter().filter(is_toml).count();
    if scenarios == paths.len() {
        // Whoever reads a file that does not say what it is says what is wrong with it.
        let is_sweep = |path: &&PathBuf| Kind::of_file(path).is_ok_and(|kind| kind == Kind::Sweep);
        return match (paths, paths.iter().find(is_sweep)) {
            ([_], Some(sweep)) => Ok(Inputs::Sweep(sweep.clone())),
            (_, Some(sweep)) => {
                let text = format!("{} is a sweep, and is run by itself", sweep.display());
                Err(Failure::usage(text))
            }
            (_, None) => Ok(Inputs::Scenarios(paths.to_vec())),
        };
    }
    if scenarios > 0 {
        let text = "scenarios and logs cannot be run together\nhint: run the .toml files and the logs apart";
        return Err(Failure::usage(text));
    }
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            for file in below(path)? {
                let inside = file.strip_prefix(path).unwrap_or(&file).to_path_buf();
                let folder = if inside.components().count() > 1 { &file } else { &path.join("x") };
                files.push(LogFile { source: slashed(&inside), machine: folder_name(folder), path: file });
            }
        } else {
            let machine = folder_name(path);
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            files.push(LogFile { source: format!("{machine}/{name}"), machine, path: path.clone() });
        }
    }
    // The folder scenarios/ holds their JSON Schemas too.
    let is_ours = |path: &PathBuf| is_toml(&path) || path.to_string_lossy().ends_with(".schema.json");
    if !files.is_empty() && files.iter().all(|file| is_ours(&file.path)) {
        let text = format!(
            "{} holds scenarios, and folders are searched for logs\nhint: name the .toml files themselves",
            paths[0].display()
        );
        return Err(Failure::usage(text));
    }
    // A file named twice, once by its folder, goes by the name it got first.
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files.dedup_by(|a, b| a.path == b.path);
    files.sort_by(|a, b| a.source.cmp(&b.source));
    if let Some(pair) = files.windows(2).find(|pair| pair[0].source == pair[1].source) {
        let text = format!(
            "{} and {} would both be called {:?} in the tables\nhint: name the folder above both instead",
            pair[0].path.display(),
            pair[1].path.display(),
            pair[0].source
        );
        return Err(Failure::usage(text));
    }
    Ok(Inputs::Logs(files))
}

/// All files below `folder`, in order of name. Hidden ones are not roasts.
fn below(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let unreadable = |error: std::io::Error| {
        Failure::usage(format!("cannot read the folder {}: {error}", folder.display()))
    };
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        entries.push(entry.map_err(unreadable)?.path());
    }
    entries.sort();
    let mut files = Vec::new();
    for entry in entries {
        let hidden = entry.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
        // A link to a folder could lead in a circle; what it points to can be named itself.
        if hidden || (entry.is_dir() && entry.is_symlink()) {
            continue;
        }
        if entry.is_dir() {
            files.extend(below(&entry)?);
        } else {
            files.push(entry);
        }
    }
    Ok(files)
}

/// The name of the folder that `file` lies in.
fn folder_name(file: &Path) -> String {
    let full = std::path::absolute(file).unwrap_or_else(|_| file.to_path_buf());
    let folder = full.parent().and_then(Path::file_name).map(|n| n.to_string_lossy().into_owned());
    folder.unwrap_or_else(|| "unknown".to_owned())
}

/// `path` with forward slashes on every system.
fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

//! The files of the repository, as every checker gets them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Text of each file by its path from the root, with `/` on every system. What is not UTF-8 has
/// its place and no text.
pub(crate) type Files = BTreeMap<String, String>;

/// What `.gitignore` leaves out: its lines are `/name`, below the root, or `*.end`, anywhere.
fn is_ignored(path: &str, ignored: &str) -> bool {
    ignored.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).any(|line| {
        let below = |root: &str| path == root || path.starts_with(&format!("{root}/"));
        match (line.strip_prefix('/'), line.strip_prefix('*')) {
            (Some(root), _) => below(root.trim_end_matches('/')),
            (_, Some(end)) => path.split('/').any(|part| part.ends_with(end)),
            _ => panic!("tidy does not know the pattern '{line}' of .gitignore"),
        }
    })
}

/// All files below the root that git does not ignore, and the folders that hold none.
pub(crate) fn walk() -> (Files, Vec<String>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let ignored = fs::read_to_string(root.join(".gitignore")).expect(".gitignore reads");
    let mut files = Files::new();
    let mut empty = Vec::new();
    let mut todo = vec![String::new()];
    while let Some(folder) = todo.pop() {
        let mut held = 0;
        for entry in fs::read_dir(root.join(&folder)).expect("folder lists") {
            let entry = entry.expect("entry reads");
            let name = entry.file_name().into_string().expect("names are UTF-8");
            let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            held += 1;
            if path == ".git" || is_ignored(&path, &ignored) {
                continue;
            }
            if entry.file_type().expect("type reads").is_dir() {
                todo.push(path);
            } else {
                let bytes = fs::read(root.join(&path)).expect("file reads");
                files.insert(path, String::from_utf8(bytes).unwrap_or_default());
            }
        }
        if held == 0 {
            empty.push(folder);
        }
    }
    empty.sort();
    (files, empty)
}

/// All files below the root that git does not ignore.
pub(crate) fn files() -> Files {
    walk().0
}

/// Files made up for a test.
pub(crate) fn made_up(files: &[(&str, &str)]) -> Files {
    files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

/// Fails with every complaint, one a line.
#[track_caller]
pub(crate) fn assert_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "{} complaints:\n{}", complaints.len(), complaints.join("\n"));
}

#[test]
fn ignored_files_are_left_out() {
    let ignored = "/target\n/out\n*.partial\n";
    for (path, gone) in [
        ("target/debug/x.rs", true),
        ("out", true),
        ("a/run.partial/b", true),
        ("crates/target/x", false),
        ("outer", false),
    ] {
        assert_eq!(is_ignored(path, ignored), gone, "{path}");
    }
}

#[test]
fn the_repository_is_seen() {
    let files = files();
    assert!(files.contains_key("Cargo.toml") && files.contains_key("crates/tidy/tests/it/repo.rs"));
    assert!(files.keys().all(|path| !path.starts_with("target/") && !path.starts_with(".git/")));
}

//! Run folders: whole or not at all, and never over another run.

use std::fs;
use std::path::{Path, PathBuf};

use trier_tables::rows::{FindingRow, GateRow};
use trier_tables::{FileError, RunFolder, digest};

/// Every path below a folder, sorted.
fn below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut todo = vec![folder.to_owned()];
    while let Some(next) = todo.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                todo.push(path.clone());
            }
            found.push(path.strip_prefix(folder).unwrap().to_owned());
        }
    }
    found.sort();
    found
}

fn gate(observed: f64) -> GateRow {
    GateRow {
        gate: "paired".into(),
        label: "pass".into(),
        outcome: "PROMOTED".into(),
        observed: Some(observed),
        limit: Some(1.0),
        unit: "s".into(),
        reason: "within the margin".into(),
        waiver: None,
    }
}

#[test]
fn a_committed_run_is_there_whole_with_its_digests_in_order() {
    let place = tempfile::tempdir().unwrap();
    let mut run = RunFolder::create(&place.path().join("out/first")).unwrap();
    run.write(&[gate(0.5)]).unwrap();
    run.write::<FindingRow>(&[]).unwrap();
    let digests: Vec<_> = run.written().iter().map(|one| (one.table, one.rows, one.digest)).collect();
    assert_eq!(digests, [("gates", 1, digest(&[gate(0.5)])), ("findings", 0, digest::<FindingRow>(&[]))]);
    run.write_file("run.json", b"{}").unwrap();
    assert!(!place.path().join("out/first").exists(), "nothing is there before the end");
    run.commit().unwrap();
    let files =
        ["out", "out/first", "out/first/findings.parquet", "out/first/gates.parquet", "out/first/run.json"];
    assert_eq!(below(place.path()), files.map(PathBuf::from));
}

#[test]
fn a_dropped_run_leaves_nothing() {
    let place = tempfile::tempdir().unwrap();
    fs::create_dir(place.path().join("there")).unwrap();
    for out in ["a", "new/parents/a", "there"] {
        let mut run = RunFolder::create(&place.path().join(out)).unwrap();
        run.write(&[gate(0.5)]).unwrap();
        assert!(matches!(run.write(&[gate(f64::NAN)]), Err(FileError::Rows { .. })));
        drop(run);
        assert_eq!(below(place.path()), [PathBuf::from("there")]);
    }
}

#[test]
fn another_run_is_never_touched() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("run");
    fs::create_dir(&out).unwrap();
    fs::write(out.join("run.json"), "mine").unwrap();
    let error = RunFolder::create(&out).unwrap_err();
    assert!(matches!(error, FileError::Taken { .. }), "{error}");
    assert!(error.to_string().ends_with("holds another run: choose another --out or remove it"));
    let file = out.join("run.json");
    assert!(matches!(RunFolder::create(&file), Err(FileError::NotAFolder { .. })));
    assert!(matches!(RunFolder::create(&file.join("below")), Err(FileError::Io { .. })));
    assert!(matches!(RunFolder::create(Path::new("/")), Err(FileError::NoName { .. })));
    assert!(matches!(RunFolder::create(Path::new("..")), Err(FileError::NoName { .. })));
    assert_eq!(fs::read_to_string(file).unwrap(), "mine");
    assert_eq!(below(place.path()), ["run", "run/run.json"].map(PathBuf::from));
}

#[test]
fn a_run_that_appears_meanwhile_is_not_overwritten() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("run");
    let run = RunFolder::create(&out).unwrap();
    fs::create_dir(&out).unwrap();
    fs::write(out.join("theirs"), "").unwrap();
    assert!(matches!(run.commit(), Err(FileError::Taken { .. })));
    assert_eq!(below(place.path()), ["run", "run/theirs"].map(PathBuf::from));
}

#[test]
fn two_runs_at_once_do_not_mix_and_a_killed_one_is_cleared() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("run");
    let mut first = RunFolder::create(&out).unwrap();
    assert!(matches!(RunFolder::create(&out), Err(FileError::Busy { .. })));
    first.write(&[gate(0.5)]).unwrap();
    drop(first);

    let partial = place.path().join("run.partial");
    fs::create_dir(&partial).unwrap();
    fs::write(partial.join("gates.parquet"), "half").unwrap();
    fs::write(partial.join(".lock"), "").unwrap();
    RunFolder::create(&out).unwrap().commit().unwrap();
    assert_eq!(below(place.path()), [PathBuf::from("run")]);
}

#[test]
fn files_have_plain_names_once() {
    let place = tempfile::tempdir().unwrap();
    let mut run = RunFolder::create(&place.path().join("run")).unwrap();
    for name in ["", ".", "..", "../x", "a/b", "/etc/x", ".lock"] {
        assert!(matches!(run.write_file(name, b""), Err(FileError::FileName { .. })), "{name}");
    }
    run.write(&[gate(0.5)]).unwrap();
    let error = run.write(&[gate(0.6)]).unwrap_err().to_string();
    assert!(error.contains("'gates.parquet'") && error.ends_with("it was written before"), "{error}");
    assert_eq!(run.written().len(), 1);
}

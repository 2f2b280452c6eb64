//! `--out`: a run is there as a whole or not at all, and never on top of another.

use std::fs;
use std::path::Path;

use crate::support::{contents, empty_folder, names, repository, sim_ends, skipped};

/// Runs the first roast into `out`.
fn run(out: &Path, code: i32) -> String {
    let line = format!("run scenarios/first-roast.toml --out {}", out.display());
    sim_ends(repository(), &line, code).stderr
}

/// Evaluates the first suite into `out`.
fn eval(out: &Path, code: i32) -> String {
    let line = "eval golden/first.toml --candidate slope90 --baseline artisan";
    sim_ends(repository(), &format!("{line} --out {}", out.display()), code).stderr
}

#[test]
fn another_run_is_left_as_it_is() {
    let folder = empty_folder();
    let out = folder.path().join("first");
    run(&out, 0);
    let before = contents(folder.path());
    for (said, verb) in [(run(&out, 2), "run"), (eval(&out, 2), "eval")] {
        let expected =
            format!("error: {} holds another run: choose another --out or remove it\n", out.display());
        assert_eq!(said, expected, "{verb}");
        assert!(contents(folder.path()) == before, "{verb} changed the other run");
    }
}

#[test]
fn a_file_in_the_way_stays() {
    let folder = empty_folder();
    let out = folder.path().join("notes");
    fs::write(&out, "plums").expect("written");
    let said = run(&out, 2);
    assert!(
        said.starts_with(&format!("error: {} is a file, and a run needs a folder", out.display())),
        "{said}"
    );
    assert_eq!(fs::read_to_string(&out).expect("still there"), "plums");
    assert_eq!(names(folder.path()), ["notes"]);
}

#[test]
fn a_place_that_cannot_be_written_is_refused_before_the_work() {
    let folder = empty_folder();
    fs::write(folder.path().join("notes"), "plums").expect("written");
    // Below a file nobody can write, not even who may write everywhere.
    for below in ["notes/first", "notes/deep/first"] {
        let out = folder.path().join(below);
        for said in [run(&out, 2), eval(&out, 2)] {
            assert!(said.starts_with("error: cannot ") && said.contains("notes"), "{said}");
        }
        assert_eq!(names(folder.path()), ["notes"]);
    }
}

#[cfg(unix)]
#[test]
fn a_folder_without_permission_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let folder = empty_folder();
    let locked = folder.path().join("locked");
    fs::create_dir(&locked).expect("made");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o555)).expect("its owner may");
    if fs::write(locked.join("probe"), "").is_ok() {
        skipped("this user may write everywhere");
        return;
    }
    let said = run(&locked.join("first"), 2);
    assert!(said.starts_with("error: cannot create "), "{said}");
    assert_eq!(names(&locked), [""; 0]);
}

#[test]
fn an_empty_folder_and_new_folders_above_are_fine() {
    let folder = empty_folder();
    let [empty, deep] = ["empty", "a/b/c"].map(|name| folder.path().join(name));
    fs::create_dir(&empty).expect("made");
    for out in [empty, deep] {
        let said = run(&out, 0);
        assert_eq!(said, format!("written to {}\n", out.display()));
        assert!(out.join("run.json").is_file());
    }
}

#[test]
fn what_names_no_folder_is_refused() {
    let folder = empty_folder();
    for out in ["/", ".."] {
        let said = run(Path::new(out), 2);
        assert!(said.starts_with("error: ") && said.contains("--out"), "{said}");
    }
    assert_eq!(names(folder.path()), [""; 0]);
}

#[test]
fn what_a_killed_run_left_is_cleared() {
    let folder = empty_folder();
    let partial = folder.path().join("first.partial");
    fs::create_dir(&partial).expect("made");
    fs::write(partial.join("telemetry.parquet"), "half of one").expect("written");
    run(&folder.path().join("first"), 0);
    assert!(!names(folder.path()).iter().any(|name| name.contains("partial")));
}

//! `sim bless`, and the traces that it writes: what is stale is named, and rewritten only when somebody says so.

use std::fs;
use std::path::Path;

use crate::support::{Ran, copied_repository, sim_ends};

const SUITE: &str = "golden/first.toml";
const TRACE: &str = "golden/traces/fast.csv";
const SCENARIO: &str = "scenarios/steady/fast.toml";

fn read(folder: &Path, file: &str) -> String {
    fs::read_to_string(folder.join(file)).expect("it ships")
}

fn change(folder: &Path, file: &str, from: &str, to: &str) {
    let text = read(folder, file);
    assert!(text.contains(from), "{file} has no {from:?}");
    fs::write(folder.join(file), text.replacen(from, to, 1)).expect("written");
}

/// What `sim check` says of the suite, which it refuses.
fn refused(folder: &Path) -> String {
    sim_ends(folder, &format!("check {SUITE}"), 2).stderr
}

fn blesses(folder: &Path, line: &str, code: i32) -> Ran {
    sim_ends(folder, &format!("bless {SUITE} {line}"), code)
}

#[test]
fn a_case_that_moved_is_stale_until_somebody_says_why() {
    let copy = copied_repository();
    let folder = copy.path();
    let before = read(folder, TRACE);
    assert!(blesses(folder, "", 0).stderr.contains("every trace is as it was blessed"));
    // One number, in the case's own scenario.
    change(folder, SCENARIO, "mass_kg = 9.0", "mass_kg = 9.1");
    let said = refused(folder);
    for word in ["case fast is not what it was", "at 10.00 s", "the trace has", "--because"] {
        assert!(said.contains(word), "no {word:?} in {said}");
    }
    let ran = blesses(folder, "", 2);
    assert!(ran.stdout.is_empty() && ran.stderr.contains("case fast is not what it was"), "{}", ran.stderr);
    assert_eq!(read(folder, TRACE), before, "nothing was written");
    // Another case does not carry it, and a case needs a reason.
    assert!(blesses(folder, "--case slow --because heavier", 0).stdout.is_empty());
    assert_eq!(blesses(folder, "--case fast", 2).stdout, "");
    assert!(blesses(folder, "--case fats --because heavier", 2).stderr.contains("no case fats"));
    let ran = blesses(folder, "--case fast --because heavier", 0);
    assert!(ran.stdout.contains("fast.csv"), "{}", ran.stdout);
    assert!(read(folder, TRACE).contains("# blessed because: heavier\n"));
    sim_ends(folder, &format!("check {SUITE}"), 0);
    // Words are nobody's concern.
    change(folder, SCENARIO, "title = \"", "title = \"Now heavier: ");
    sim_ends(folder, &format!("check {SUITE}"), 0);
}

#[test]
fn a_shared_file_that_moved_needs_another_model_version() {
    let copy = copied_repository();
    let folder = copy.path();
    change(folder, "scenarios/machines/gd12.toml", "to_beans_w_k = 28.0", "to_beans_w_k = 28.5");
    let said = refused(folder);
    assert!(
        said.contains("is stale") && said.contains("raise MODEL_VERSION") && said.contains("more traces"),
        "{said}"
    );
    let before = read(folder, TRACE);
    blesses(folder, "", 2);
    assert_eq!(read(folder, TRACE), before, "nothing was written");
}

#[test]
fn a_model_that_moved_and_a_new_case_may_be_blessed() {
    let copy = copied_repository();
    let folder = copy.path();
    let before = read(folder, TRACE);
    let (_, rest) = before.split_once(", model ").expect("a head");
    let (version, _) = rest.split_once(',').expect("a head");
    change(folder, TRACE, &format!(", model {version},"), ", model 0,");
    assert!(refused(folder).contains("was made by model 0"));
    fs::remove_file(folder.join("golden/traces/slow.csv")).expect("it ships");
    assert!(refused(folder).contains("case slow has no trace"));
    assert_eq!(blesses(folder, "", 0).stdout.lines().count(), 2);
    assert_eq!(read(folder, TRACE), before, "the same model gives the same bytes");
    // A case that changed meanwhile is not carried by the model.
    change(folder, TRACE, &format!(", model {version},"), ", model 0,");
    change(folder, SCENARIO, "mass_kg = 9.0", "mass_kg = 9.1");
    assert!(blesses(folder, "", 2).stderr.contains("case fast is not what it was"));
}

#[test]
fn traces_of_nothing_and_of_another_are_named() {
    let copy = copied_repository();
    let folder = copy.path();
    fs::copy(folder.join(TRACE), folder.join("golden/traces/gone.csv")).expect("copied");
    assert!(refused(folder).contains("gone.csv is the trace of no case"));
    assert!(blesses(folder, "", 2).stderr.contains("gone.csv is the trace of no case"));
    fs::rename(folder.join("golden/traces/gone.csv"), folder.join("golden/traces/slow.csv")).expect("moved");
    assert!(refused(folder).contains("slow.csv is no trace of case slow"));
}

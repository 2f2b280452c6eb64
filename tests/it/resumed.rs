//! An evaluation that is killed, split or reordered comes to the same bytes.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::support::{copied_repository, empty_folder, parquet, repository, sim, sim_ends};

const LINE: &str = "eval golden/first.toml --candidate slope90 --baseline artisan";

/// What must be the same: every table, and the verdict.
fn same_as(first: &Path, other: &Path, how: &str) {
    let (one, two) = (parquet(first), parquet(other));
    assert_eq!(one.keys().collect::<Vec<_>>(), two.keys().collect::<Vec<_>>(), "{how}");
    for (file, bytes) in &one {
        assert!(two[file] == *bytes, "{how}: {file} has other bytes");
    }
    let verdict = |folder: &Path| fs::read_to_string(folder.join("verdict.json")).expect("a verdict");
    assert_eq!(verdict(first), verdict(other), "{how}");
}

#[test]
fn parts_judged_together_are_the_whole() {
    let folder = empty_folder();
    let whole = folder.path().join("whole");
    let ran = sim(repository(), &format!("{LINE} --out {}", whole.display()));
    for parts in [1, 2, 5] {
        let names: Vec<_> =
            (1..=parts).map(|part| folder.path().join(format!("{part}-of-{parts}"))).collect();
        for (part, out) in (1..).zip(&names) {
            sim_ends(repository(), &format!("{LINE} --shard {part}/{parts} --out {}", out.display()), 0);
        }
        let merged = folder.path().join(format!("{parts}"));
        let all = names.iter().map(|name| name.display().to_string()).collect::<Vec<_>>().join(" ");
        sim_ends(repository(), &format!("gate {all} --out {}", merged.display()), ran.code);
        same_as(&whole, &merged, &format!("{parts} parts"));
        if parts > 1 {
            // Parts that are not all there are missing cases, and nothing is promoted on them.
            let some = sim(repository(), &format!("gate {}", names[0].display()));
            assert_eq!(some.code, 4, "{}", some.stdout);
            assert!(some.stdout.contains("missing_case"), "{}", some.stdout);
            // Nor is anything on a part whose table is another's.
            fs::copy(names[1].join("scores.parquet"), names[0].join("scores.parquet")).expect("copied");
            let swapped = sim_ends(repository(), &format!("gate {all}"), 9);
            assert!(swapped.stderr.contains("scores.parquet is not the table"), "{}", swapped.stderr);
        }
    }
}

#[test]
fn a_killed_run_goes_on_to_the_same_bytes() {
    let folder = empty_folder();
    let (whole, killed) = (folder.path().join("whole"), folder.path().join("killed"));
    let ran = sim(repository(), &format!("{LINE} --out {}", whole.display()));
    for wait_ms in [30, 150, 400, 900] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_sim"))
            .args(format!("{LINE} --jobs 1 --out {}", killed.display()).split_whitespace())
            .current_dir(repository())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the built binary starts");
        std::thread::sleep(Duration::from_millis(wait_ms));
        // SIGKILL on Unix: nothing of it gets to tidy up. It may have ended by itself on a quick machine.
        let _ = child.kill();
        child.wait().expect("it has ended");
        if killed.exists() {
            break;
        }
    }
    if !killed.exists() {
        sim_ends(repository(), &format!("{LINE} --out {}", killed.display()), ran.code);
    }
    same_as(&whole, &killed, "killed and begun again");
}

#[test]
fn the_order_of_cases_in_the_suite_file_changes_no_byte() {
    let copy = copied_repository();
    let file = copy.path().join("golden/first.toml");
    let out = |name: &str| copy.path().join(name);
    let ran = sim(copy.path(), &format!("{LINE} --jobs 1 --out {}", out("first").display()));
    let suite = fs::read_to_string(&file).expect("it ships");
    let (head, cases) = suite.split_once("cases = [\n").expect("it lists cases");
    let mut lines: Vec<&str> = cases.trim_end().trim_end_matches(']').lines().collect();
    lines.reverse();
    fs::write(&file, format!("{head}cases = [\n{}\n]\n", lines.join("\n"))).expect("written");
    sim_ends(copy.path(), &format!("{LINE} --jobs 16 --out {}", out("other").display()), ran.code);
    same_as(&out("first"), &out("other"), "cases listed backwards, sixteen threads");
}

//! The command line itself: help with examples that work, JSON Lines, and streams kept apart.

use crate::roasts::{Roast, keep};
use crate::support::{copied_repository, empty_folder, repository, sim_ends};

const VERBS: [&str; 11] = [
    "run",
    "eval",
    "backtest",
    "check",
    "list",
    "import",
    "export",
    "calibrate",
    "ingest",
    "profile",
    "session",
];

/// Those whose examples need nothing that was made before.
const READY: [&str; 5] = ["run", "eval", "backtest", "check", "list"];

/// The lines of the help of `verb` that show how it is called.
fn examples(verb: &str) -> Vec<String> {
    let help = sim_ends(repository(), &format!("{verb} --help"), 0).stdout;
    let (_, after) = help.split_once("Examples:\n").expect("every verb's help has examples");
    let lines = after.lines().map_while(|line| line.trim().strip_prefix("sim "));
    lines.map(str::to_owned).collect()
}

#[test]
fn help_lists_the_verbs_and_each_has_examples() {
    let help = sim_ends(repository(), "--help", 0);
    assert_eq!(help.stderr, "");
    for verb in VERBS {
        assert!(help.stdout.contains(&format!("\n  {verb} ")), "{verb} is missing from\n{}", help.stdout);
        assert!(examples(verb).len() >= 2, "{verb}");
    }
}

#[test]
fn every_example_works_as_it_stands() {
    let copy = copied_repository();
    keep(copy.path(), "roasts/drum/1.alog", &Roast::first().alog());
    sim_ends(copy.path(), "profile import roasts/drum/1.alog --name house-blend --author Ana", 0);
    std::fs::copy(copy.path().join("profiles/house-blend/0001.toml"), copy.path().join("house-blend.toml"))
        .expect("a profile");
    for verb in READY {
        // Brokers, programs and stores are made where they are tested.
        for line in examples(verb)
            .into_iter()
            .filter(|line| !["--publish", "=cmd:", "backtest day"].iter().any(|made| line.contains(made)))
        {
            // A test has no home of its own.
            let ran = crate::support::sim(copy.path(), &line.replace("~/", ""));
            let verdict = verb == "eval" && [4, 5].contains(&ran.code);
            assert!(ran.code == 0 || verdict, "sim {line} ends with {}:\n{}", ran.code, ran.stderr);
            assert!(!ran.stdout.is_empty(), "sim {line} says nothing");
        }
    }
}

#[test]
fn a_wrong_word_gets_usage_on_stderr_and_2() {
    for line in ["", "rn", "run", "run --sed 3 x.toml", "eval golden/first.toml", "run x.toml --jobs many"] {
        let ran = sim_ends(repository(), line, 2);
        assert_eq!(ran.stdout, "", "{line}");
        assert!(ran.stderr.contains("Usage:") || ran.stderr.contains("--help"), "{line}: {}", ran.stderr);
    }
}

/// The tables named on each line of `stdout`, each of which must be a JSON object.
fn tables(stdout: &str) -> Vec<String> {
    let table = |line: &str| {
        let row: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line:?}"));
        row["table"].as_str().expect("each line names its table").to_owned()
    };
    let mut tables: Vec<String> = stdout.lines().map(table).collect();
    tables.dedup();
    tables
}

#[test]
fn json_is_json_lines_and_nothing_else() {
    let folder = empty_folder();
    keep(folder.path(), "drum/1.alog", &Roast::first().alog());
    keep(folder.path(), "drum/2.alog", "");
    let drum = folder.path().join("drum");
    let out = folder.path().join("out");
    let eval = "eval golden/first.toml --candidate slope90 --baseline artisan --json";
    for (line, code, expected) in [
        ("run scenarios/first-roast.toml --json".to_owned(), 0, &["sessions", "scores"][..]),
        (format!("run {} --json", drum.display()), 2, &["files", "sessions", "scores"]),
        (
            format!("{eval} --out {}", out.display()),
            4,
            &["events", "cases", "comparisons", "gates", "events"],
        ),
    ] {
        assert_eq!(tables(&sim_ends(repository(), &line, code).stdout), expected, "{line}");
    }
    let several = sim_ends(repository(), "run scenarios/first-roast.toml --seeds 1..2 --json", 0);
    assert_eq!(tables(&several.stdout), ["sessions", "scores", "sessions", "scores"]);
    let bad = sim_ends(repository(), "run scenarios/lost.toml --json", 2);
    assert_eq!(bad.stdout, "");
}

#[test]
fn several_roasts_get_a_line_each_and_totals() {
    let ran = sim_ends(repository(), "run scenarios/first-roast.toml --seeds 1..4", 0);
    insta::assert_snapshot!("several_roasts", ran.stdout);
}

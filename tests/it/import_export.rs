//! `sim import` and `sim export`: any log into tables, and the roasts of tables into Artisan's files.

use std::fmt::Write;
use std::fs;

use trier_tables::rows::{FileRow, SessionRow};

use crate::roasts::{Roast, keep};
use crate::support::{copied_repository, empty_folder, names, rows, sim_ends};

/// The made-up roast as a table in no known format.
fn table() -> String {
    let mut text = "when;beans;what\n".to_owned();
    for t in 0..=640_i32 {
        let word = match t {
            30 => "rein",
            510 => "knackt",
            630 => "raus",
            _ => "",
        };
        // Without flicker it would be a drawn profile.
        let bt_c = Roast::bt_c(f64::from(t - 30)) + f64::from(t * 7 % 5 - 2) * 0.1;
        writeln!(text, "{t};{};{word}", format!("{bt_c:.1}").replace('.', ",")).expect("to memory");
    }
    text
}

/// The column map that tells it.
const MAP: &str = r#"schema = "columns/1"
delimiter = ";"
decimal_comma = true
unit = "C"
[time]
column = "when"
format = "s"
[columns]
bt = "beans"
[events]
column = "what"
words.charge = ["rein"]
words.first_crack_start = ["knackt"]
words.drop = ["raus"]
"#;

#[test]
fn a_table_is_read_by_its_map_and_refused_without() {
    let folder = empty_folder();
    keep(folder.path(), "mine/table.csv", &table());
    keep(folder.path(), "columns.toml", MAP);
    sim_ends(folder.path(), "import mine --map columns.toml --out out", 0);
    let out = folder.path().join("out");
    let files: Vec<FileRow> = rows(&out);
    assert_eq!((&*files[0].format, files[0].n_samples), ("mapped_csv", 641));
    let sessions: Vec<SessionRow> = rows(&out);
    assert_eq!((sessions[0].first_crack_s, sessions[0].drop_s), (Some(480.0), Some(600.0)));

    let ran = sim_ends(folder.path(), "import mine --out other", 2);
    assert!(ran.stdout.contains("table.csv") && ran.stdout.contains("docs/data.md"), "{}", ran.stdout);
    assert!(ran.stdout.contains("refused"), "{}", ran.stdout);
    // Nothing was read, so the place is free for another try.
    assert!(!folder.path().join("other").exists(), "an import of nothing left a folder");
    sim_ends(folder.path(), "import mine --map columns.toml --out other", 0);
}

#[test]
fn a_map_that_means_nothing_is_refused_before_any_work() {
    let folder = empty_folder();
    keep(folder.path(), "mine/table.csv", &table());
    for (from, to, said) in [
        ("columns/1", "columns/9", "columns/9"),
        ("unit = \"C\"", "unit = \"C\"\nunits = 1", "units"),
        ("words.drop", "words.dropped", "events.words.dropped"),
        ("[time]", "[time", "line 5"),
    ] {
        keep(folder.path(), "columns.toml", &MAP.replace(from, to));
        let ran = sim_ends(folder.path(), "import mine --map columns.toml --out out", 2);
        assert!(ran.stderr.contains("columns.toml") && ran.stderr.contains(said), "{}", ran.stderr);
        assert!(!folder.path().join("out").exists());
    }
    let ran = sim_ends(folder.path(), "import mine --map lost.toml --out out", 2);
    assert!(ran.stderr.contains("lost.toml"), "{}", ran.stderr);
}

#[test]
fn an_import_leaves_what_its_roasts_hold_and_no_scores() {
    let folder = empty_folder();
    keep(folder.path(), "drum/roast.alog", &Roast::first().alog());
    sim_ends(folder.path(), "import drum --out out", 0);
    let tables = ["files", "findings", "marks", "sessions", "telemetry"];
    let mut expected: Vec<String> = tables.iter().map(|name| format!("{name}.parquet")).collect();
    expected.push("run.json".to_owned());
    expected.sort();
    assert_eq!(names(&folder.path().join("out")), expected);
    fs::create_dir(folder.path().join("empty")).expect("new");
    sim_ends(folder.path(), "import empty --out nothing", 3);
    let ran = sim_ends(folder.path(), "import drum --out out", 2);
    assert!(ran.stderr.contains("out"), "{}", ran.stderr);
}

#[test]
fn what_is_exported_comes_back_as_one_roast() {
    let folder = empty_folder();
    keep(folder.path(), "drum/roast.alog", &Roast::first().alog());
    sim_ends(folder.path(), "import drum --out out", 0);
    let ran = sim_ends(folder.path(), "export out --format alog,json,csv --out files", 0);
    assert_eq!(ran.stdout.lines().count(), 3);
    let written = ["roast.alog", "roast.csv", "roast.json"];
    assert_eq!(names(&folder.path().join("files")), written);

    sim_ends(folder.path(), "import files --out back", 0);
    let files: Vec<FileRow> = rows(&folder.path().join("back"));
    // All three are one recording, and the one that holds most stands.
    let outcomes: Vec<_> = files.iter().map(|file| (&*file.source, &*file.outcome)).collect();
    assert_eq!(outcomes.iter().filter(|(_, outcome)| *outcome == "duplicate").count(), 2, "{outcomes:?}");
    let once = |out: &str| rows::<SessionRow>(&folder.path().join(out)).swap_remove(0);
    let (first, back) = (once("out"), once("back"));
    assert_eq!((back.start_us, back.first_crack_s), (first.start_us, first.first_crack_s));
    assert_eq!((back.drop_s, back.drop_bt_c), (first.drop_s, first.drop_bt_c));
}

#[test]
fn a_simulated_roast_is_exported_under_a_name_that_says_so() {
    let folder = copied_repository();
    sim_ends(folder.path(), "run scenarios/first-roast.toml --out out", 0);
    let ran = sim_ends(folder.path(), "export out --format alog --json", 0);
    assert!(ran.stdout.lines().all(|line| line.starts_with("{\"file\":\"sim-")), "{}", ran.stdout);
    // What it says of itself is believed: a simulation counts for no machine.
    sim_ends(folder.path(), "import out-export --out back", 0);
    let files: Vec<FileRow> = rows(&folder.path().join("back"));
    assert!(files.iter().all(|file| file.machine.ends_with("(simulated)")), "{files:?}");
}

#[test]
fn what_cannot_be_exported_is_refused_in_words() {
    let folder = empty_folder();
    fs::create_dir(folder.path().join("empty")).expect("new");
    for (line, said) in [
        ("export empty --format alog", "empty has no telemetry.parquet"),
        ("export lost --format alog", "lost has no telemetry.parquet"),
        ("export empty --format xls", "alog, json, csv"),
        ("export empty", "--format"),
    ] {
        let ran = sim_ends(folder.path(), line, 2);
        assert!(ran.stderr.contains(said), "{line}: {}", ran.stderr);
    }
    // Nothing is left behind.
    assert_eq!(names(folder.path()), ["empty"]);
}

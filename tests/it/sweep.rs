//! Sweeps from end to end: the same bytes by any road, and what is refused before it begins.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use trier_sim::{EffectRow, SpreadRow, SweepRow};
use trier_tables::read_wide;

use crate::support::{contents, copied_repository, empty_folder, names, parquet, record, rows, sim_ends};

/// A sweep of a roast that is short enough for tests: dropped by time, before anything cracks.
const SWEEP: &str = r#"
schema = "sweep/1"
id = "short"
title = "Short roasts"
scenario = "../short.toml"
roasts = 2100
method = "sobol"
[[vary]]
key = "charge.mass_kg"
from = 7.0
to = 10.0
[[vary]]
key = "recipe.step.2.gas_pct"
law = "normal"
mean = 60.0
sd = 5.0
"#;

/// A copy of the repository with the sweep as `scenarios/sweeps/short.toml`, changed by `edit`.
fn with_sweep(edit: impl Fn(String) -> String) -> tempfile::TempDir {
    let copy = copied_repository();
    let scenarios = copy.path().join("scenarios");
    let first = fs::read_to_string(scenarios.join("first-roast.toml")).expect("it ships");
    let short = first.replace("first-roast\"", "short\"")
        + "\n[recording]\nlead_in_s = 5.0\ncooling_s = 0.0\n\n[recipe_overrides]\ndrop = { at_s = 70.0 }\n";
    fs::write(scenarios.join("short.toml"), short).expect("written");
    fs::write(scenarios.join("sweeps/short.toml"), edit(SWEEP.to_owned())).expect("written");
    copy
}

const LINE: &str = "run scenarios/sweeps/short.toml --seed 3";

#[test]
fn the_same_bytes_for_any_number_of_threads_and_after_any_interruption() {
    let copy = with_sweep(|text| text);
    let run =
        |out: &str, flags: &str| sim_ends(copy.path(), &format!("{LINE} --out {out} {flags}"), 0).stdout;
    let printed = run("one", "--jobs 1");
    assert_eq!(printed, run("two", "--jobs 2"));
    let whole = parquet(&copy.path().join("one"));
    assert!(whole == parquet(&copy.path().join("two")), "another number of threads, other bytes");

    let out = copy.path().join("three");
    kill_after_a_part(copy.path(), &out);
    let ended = sim_ends(copy.path(), &format!("{LINE} --out three"), 0);
    assert!(ended.stderr.contains("going on after 1 of 3 parts"), "{}", ended.stderr);
    assert_eq!(ended.stdout, printed);
    assert!(whole == parquet(&out), "other bytes after an interruption");
    assert_eq!(names(&out), names(&copy.path().join("one")));
}

/// Runs the sweep into `out`, kills it when its first part is there, and leaves half a draft of the second.
fn kill_after_a_part(folder: &Path, out: &Path) {
    let partial = out.with_extension("partial");
    let words = LINE.split_whitespace();
    let mut command = Command::new(env!("CARGO_BIN_EXE_sim"));
    command.args(words).arg("--out").arg(out).current_dir(folder);
    let mut running = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    while !partial.join("part-000000").exists() {
        assert!(running.try_wait().expect("asked").is_none(), "it ended without a part");
        std::thread::yield_now();
    }
    running.kill().expect("killed");
    running.wait().expect("gone");
    // It may have got further before it was killed.
    for later in ["part-000001", "part-000002"] {
        let _ = fs::remove_file(partial.join(later));
    }
    fs::write(partial.join("draft"), "half a part").expect("written");
}

#[test]
fn every_roast_has_its_row_and_the_tables_agree() {
    let copy = with_sweep(|text| text.replace("2100", "40"));
    sim_ends(copy.path(), &format!("{LINE} --out out"), 0);
    let out = copy.path().join("out");
    let (columns, wide) = read_wide::<SweepRow>(&out.join("sweep.parquet")).expect("reads");
    assert_eq!(wide.rows.len(), 40);
    assert!(
        wide.rows.iter().zip(0..).all(|(row, index)| row.index == index && row.seed == 3 + i64::from(index))
    );
    assert!(wide.rows.iter().all(|row| &*row.outcome == "dropped" && row.reason.is_none()));
    assert_eq!((columns[0].name.as_str(), columns[0].unit.as_str()), ("charge.mass_kg", "kg"));
    assert_eq!((columns[1].name.as_str(), columns[1].unit.as_str()), ("recipe.step.2.gas_pct", "%"));
    let place = columns.iter().position(|column| column.name == "green_kg").expect("a score");
    for more in &wide.more {
        // Nobody weighs alike twice: 0.5 %, four of them allowed.
        let (asked, weighed) = (more[0].expect("varied"), more[place].expect("weighed"));
        assert!((7.0..10.0).contains(&asked) && (weighed / asked - 1.0).abs() < 0.02, "{asked} {weighed}");
    }
    let spreads: Vec<SpreadRow> = rows(&out);
    assert!(spreads.iter().any(|row| &*row.score == "drop_s" && row.n == 40 && row.p50 == Some(70.0)));
    assert!(spreads.iter().any(|row| &*row.score == "first_crack_s" && row.n == 0 && row.p50.is_none()));
    let effects: Vec<EffectRow> = rows(&out);
    let weighed = effects.iter().find(|row| &*row.key == "charge.mass_kg" && &*row.score == "green_kg");
    assert!(weighed.and_then(|row| row.rank_correlation).is_some_and(|rho| rho > 0.98), "{weighed:?}");
    assert_eq!(record(&out)["facts"]["outcomes"]["dropped"], 40);
}

#[test]
fn parts_of_other_work_are_not_taken_for_ours() {
    let copy = with_sweep(|text| text.replace("2100", "20"));
    let partial = copy.path().join("out.partial");
    fs::create_dir(&partial).expect("new");
    fs::write(partial.join(".work"), "other work").expect("written");
    fs::write(partial.join("part-000000"), "not ours").expect("written");
    sim_ends(copy.path(), &format!("{LINE} --out out"), 0);
    sim_ends(copy.path(), &format!("{LINE} --out fresh"), 0);
    assert!(parquet(&copy.path().join("out")) == parquet(&copy.path().join("fresh")));
}

#[test]
fn what_cannot_be_is_refused_before_anything_runs() {
    for (from, to, says) in [
        ("charge.mass_kg\"", "charge.mass_k\"", "near it are charge.mass_kg"),
        ("recipe.step.2.gas_pct", "recipe.step.20.gas_pct", "near it are recipe.step."),
        ("to = 10.0", "to = 13.0", "charge mass 13 kg exceeds the 12 kg capacity"),
        ("mean = 60.0", "mean = 90.0", "key recipe.step 2.gas_pct: 110 % is outside 0 to 100 %"),
        ("sd = 5.0", "", "sd is missing beside law and mean"),
        ("sd = 5.0", "sd = 5.0\nto = 3.0", "to does not go with law"),
        ("from = 7.0\nto = 10.0", "from = 10.0\nto = 7.0", "from must be below to"),
        ("\"recipe.step.2.gas_pct\"", "\"charge.mass_kg\"", "it varies twice"),
        ("roasts = 2100", "", "no number of roasts"),
        ("\"sobol\"", "\"grid\"", "a grid needs levels, or values"),
        ("\"sobol\"", "\"sobel\"", "unknown variant"),
        ("../short.toml", "../shirt.toml", "shirt.toml"),
        ("sweep/1", "sweep/2", "expected \"sweep/1\""),
    ] {
        let copy = with_sweep(|text| {
            assert!(text.contains(from), "{from:?}");
            text.replacen(from, to, 1)
        });
        let ran = sim_ends(copy.path(), &format!("{LINE} --out out"), 2);
        assert!(ran.stderr.contains(says), "nothing of {says:?} in\n{}", ran.stderr);
        assert!(ran.stdout.is_empty() && !copy.path().join("out.partial").exists(), "{to}");
        let checked = sim_ends(copy.path(), "check scenarios/sweeps/short.toml", 2);
        assert_eq!(checked.stderr, ran.stderr, "{to}");
    }
}

#[test]
fn a_sweep_is_shown_with_its_scenario_and_runs_alone() {
    let copy = with_sweep(|text| text);
    let shown = sim_ends(copy.path(), "check scenarios/sweeps/short.toml", 0).stdout;
    let shown: toml::Table = shown.parse().expect("TOML");
    let vary = shown["vary"][1].clone();
    assert_eq!((vary["low"].as_float(), vary["high"].as_float()), (Some(40.0), Some(80.0)), "4 sd out");
    assert_eq!(shown["scenario"]["machine"]["id"].as_str(), Some("gd12"));
    let line = "run scenarios/sweeps/short.toml scenarios/first-roast.toml";
    assert!(sim_ends(copy.path(), line, 2).stderr.contains("is run by itself"));
    let listed = sim_ends(copy.path(), "list sweeps", 0).stdout;
    assert!(listed.contains("first-roast-sensitivity") && listed.contains("Short roasts"), "{listed}");
}

#[test]
fn nothing_is_left_by_a_sweep_without_a_place() {
    let (copy, elsewhere) = (with_sweep(|text| text.replace("2100", "8")), empty_folder());
    let path = copy.path().join("scenarios/sweeps/short.toml");
    let ran = sim_ends(elsewhere.path(), &format!("run {} --json", path.display()), 0);
    assert!(ran.stdout.lines().all(|line| line.starts_with("{\"table\":\"sweep_")), "{}", ran.stdout);
    assert!(contents(Path::new(elsewhere.path())).is_empty());
}

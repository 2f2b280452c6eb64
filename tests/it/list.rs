//! `sim list`: everything that can be named, from anywhere in the folder, and what is wrong with it.

use std::fs;
use std::path::Path;

use serde_json::Value;
use trier_pipeline::PREDICTORS;

use crate::support::{copied_repository, empty_folder, names, repository, sim_ends};

/// What `sim list` says in `folder` as JSON, one object a line.
fn listed(folder: &Path, line: &str, code: i32) -> Vec<Value> {
    let ran = sim_ends(folder, &format!("list {line} --json"), code);
    ran.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn ids(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|row| row["id"].as_str().expect("an id")).collect()
}

#[test]
fn the_parts_are_the_files_of_their_folders() {
    for what in ["machines", "beans", "recipes"] {
        let rows = listed(repository(), what, 0);
        let names = names(&repository().join("scenarios").join(what));
        let stems: Vec<_> = names.iter().map(|name| name.trim_end_matches(".toml")).collect();
        assert_eq!(ids(&rows), stems);
        let lines = sim_ends(repository(), &format!("list {what}"), 0).stdout;
        for row in &rows {
            let said = |key: &str| row[key].as_str().expect("a text").to_owned();
            let line = lines.lines().find(|line| line.starts_with(&format!("{} ", said("id"))));
            assert!(line.is_some_and(|line| line.ends_with(&said("title"))), "{row} in\n{lines}");
            assert_eq!(said("table"), what);
        }
        assert_eq!(lines.lines().count(), rows.len() + 2, "a header, a rule, and a line each");
    }
    let gd12 = &listed(repository(), "machines", 0)[..];
    let gd12 = gd12.iter().find(|row| row["id"] == "gd12").expect("it ships");
    assert_eq!((&gd12["capacity_kg"], &gd12["family"]), (&12.0.into(), &"gas-drum".into()));
}

#[test]
fn scenarios_say_what_they_roast_and_one_is_refused_on_purpose() {
    let rows = listed(repository(), "scenarios", 0);
    let by_file = |file: &str| rows.iter().find(|row| row["file"] == file).expect("it ships").clone();
    let large = by_file("scenarios/steady/large-batch.toml");
    for (key, value) in [("id", "large-batch"), ("machine", "gd12"), ("beans", "washed-highland")] {
        assert_eq!(large[key], value);
    }
    assert_eq!((&large["recipe"], &large["mass_kg"]), (&"full-12kg".into(), &12.0.into()));
    let heavy = by_file("scenarios/steady/overweight.toml");
    assert_eq!(heavy["refused_as_expected"], "charge_too_heavy");
    let ran = sim_ends(repository(), "list scenarios", 0);
    assert!(ran.stdout.contains("as a golden case expects: charge_too_heavy"), "{}", ran.stdout);
    assert_eq!(ran.stderr, "");
}

#[test]
fn predictors_and_suites() {
    let rows = listed(repository(), "predictors", 0);
    assert_eq!(ids(&rows), PREDICTORS);
    assert!(rows.iter().all(|row| row["title"].as_str().is_some_and(|title| !title.is_empty())));
    let suites = listed(repository(), "suites", 0);
    let first = suites.iter().find(|row| row["file"] == "golden/first.toml").expect("it ships");
    assert!(first["id"] == "first" && first["cases"].as_u64() > Some(10), "{first}");
}

#[test]
fn the_library_is_found_upward_or_by_its_folder() {
    let (copy, elsewhere) = (copied_repository(), empty_folder());
    let here = listed(copy.path(), "scenarios", 0);
    let deep = listed(&copy.path().join("scenarios/steady"), "scenarios", 0);
    assert_eq!(deep.len(), here.len());
    assert_eq!(deep[0]["file"], "../first-roast.toml", "as it would be typed there");
    assert!(copy.path().join("scenarios/steady").join("../first-roast.toml").is_file());
    for folder in [copy.path().to_owned(), copy.path().join("scenarios")] {
        for what in ["scenarios", "suites", "beans"] {
            let rows = listed(elsewhere.path(), &format!("{what} --library {}", folder.display()), 0);
            assert_eq!(rows.len(), listed(copy.path(), what, 0).len(), "{what}");
        }
    }
    for line in ["machines --library gone", "predictors --library .", "everything", ""] {
        let ran = sim_ends(elsewhere.path(), &format!("list {line}"), 2);
        assert_eq!(ran.stdout, "", "{line}");
    }
    sim_ends(elsewhere.path(), "list predictors", 0);
}

#[test]
fn what_does_not_load_is_listed_with_its_error() {
    let copy = copied_repository();
    for (what, file, text, says) in [
        ("machines", "scenarios/machines/odd.toml", "schema = \"lot/1\"\n", "expected \"machine/1\""),
        ("beans", "scenarios/beans/odd.toml", "not TOML", "line 1"),
        ("recipes", "scenarios/recipes/odd.toml", "schema = \"recipe/1\"\n", "missing field"),
        ("scenarios", "scenarios/odd/odd.toml", "schema = \"scenaro/1\"\n", "scenaro/1"),
        ("suites", "golden/odd.toml", "schema = \"suite/1\"\n", "missing field"),
    ] {
        let good = listed(copy.path(), what, 0).len();
        let path = copy.path().join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(&path, text).expect("written");
        let rows = listed(copy.path(), what, 2);
        let wrong: Vec<_> = rows.iter().filter_map(|row| row["error"].as_str()).collect();
        assert!(wrong.len() == 1 && wrong[0].contains(says), "{what}: {wrong:?}");
        assert_eq!(rows.len(), good + 1);
        let ran = sim_ends(copy.path(), &format!("list {what}"), 2);
        assert!(ran.stdout.contains("odd") && ran.stderr.contains(says), "{}{}", ran.stdout, ran.stderr);
    }
    // Refused on purpose, but not for this.
    let heavy = copy.path().join("scenarios/steady/overweight.toml");
    let text = fs::read_to_string(&heavy).expect("it ships");
    fs::write(&heavy, text.replace("13.0", "-13.0")).expect("written");
    let rows = listed(copy.path(), "scenarios", 2);
    assert_eq!(rows.iter().filter(|row| row["error"].is_string()).count(), 2);
}

#[test]
fn an_empty_folder_lists_nothing() {
    let folder = empty_folder();
    for part in ["machines", "beans", "recipes"] {
        fs::create_dir_all(folder.path().join("scenarios").join(part)).expect("made");
    }
    for what in ["machines", "scenarios", "suites"] {
        let ran = sim_ends(folder.path(), &format!("list {what}"), 0);
        assert!(ran.stdout.is_empty() && ran.stderr.contains(what), "{}", ran.stderr);
    }
}

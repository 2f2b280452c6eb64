//! `sim check`: every input file of ours in full, and the errors of those who would use it.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use trier_sim::{Lot, MachineSpec, Recipe, Scenario};

use crate::support::{copied_repository, names, repository, sim, sim_ends};

/// The TOML files below `folder` of the repository, by their path from the root.
fn files(folder: &str) -> Vec<String> {
    let found = names(&repository().join(folder));
    found.into_iter().filter(|name| name.ends_with(".toml")).map(|name| format!("{folder}/{name}")).collect()
}

fn parsed(stdout: &str) -> toml::Table {
    stdout.parse().unwrap_or_else(|error| panic!("{error} in\n{stdout}"))
}

#[test]
fn every_file_that_ships_is_good_but_those_that_must_be_refused() {
    let all = [files("scenarios"), files("golden")].concat();
    let ran = sim_ends(repository(), &format!("check {} --json", all.join(" ")), 2);
    let lines: Vec<Value> =
        ran.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), all.len());
    for (line, file) in lines.iter().zip(&all) {
        assert_eq!((&line["table"], &line["file"]), (&"checks".into(), &file.as_str().into()));
        let refused = REFUSED.contains(&file.as_str());
        assert_eq!(line.get("error").is_some(), refused, "{line}");
        assert_eq!(line["resolved"]["schema"].is_string(), !refused, "{line}");
    }
    assert_eq!(ran.stderr.matches("error: ").count(), REFUSED.len(), "{}", ran.stderr);
}

/// Scenarios that golden cases expect to be refused.
const REFUSED: [&str; 2] =
    ["scenarios/golden/must-refuse-overweight-gd60.toml", "scenarios/steady/overweight.toml"];

/// The printout of `file` reads as a file of its kind, to the same value and the same printout.
fn survives<T: PartialEq + std::fmt::Debug>(file: &Path, load: impl Fn(&Path) -> T) -> String {
    let line = format!("check {}", file.display());
    let printed = sim_ends(repository(), &line, 0).stdout;
    let folder = crate::support::empty_folder();
    let copy = folder.path().join(file.file_name().expect("a file"));
    fs::write(&copy, &printed).expect("written");
    assert_eq!(load(&copy), load(file), "{}", file.display());
    let again = sim_ends(repository(), &format!("check {}", copy.display()), 0).stdout;
    assert_eq!(parsed(&again), parsed(&printed));
    printed
}

#[test]
fn a_printed_machine_lot_or_recipe_is_a_file_of_the_same_value() {
    let file = |path: &String| repository().join(path);
    for path in files("scenarios/machines").iter().map(file) {
        survives(&path, |path| MachineSpec::load(path).expect("good"));
    }
    for path in files("scenarios/beans").iter().map(file) {
        survives(&path, |path| Lot::load(path).expect("good"));
    }
    for path in files("scenarios/recipes").iter().map(file) {
        survives(&path, |path| Recipe::load(path).expect("good"));
    }
}

#[test]
fn awkward_numbers_and_words_survive_and_defaults_are_said() {
    let copy = copied_repository();
    let change = |path: &str, from: &str, to: &str| -> PathBuf {
        let path = copy.path().join(path);
        let text = fs::read_to_string(&path).expect("it ships");
        assert!(text.contains(from), "{from:?}");
        fs::write(&path, text.replace(from, to)).expect("written");
        path
    };
    let title = "title = \"Gas drum, 12 kg\"";
    let odd = "title = \"a \\\"drum\\\"\\nof \\u001b[31m 12\\\\kg '''\"";
    change("scenarios/machines/gd12.toml", title, odd);
    let machine =
        change("scenarios/machines/gd12.toml", "efficiency = 0.85", "efficiency = 0.30000000000000004");
    let printed = survives(&machine, |path| MachineSpec::load(path).expect("good"));
    assert!(!printed.contains('\u{1b}') && printed.contains("bias_c = 0.0"), "{printed}");

    let after = "[after_drop]   # the empty drum until the next charge\ngas_pct = 8.0\nair_pct = 60.0\n";
    let recipe = change("scenarios/recipes/fast-9kg.toml", after, "");
    let printed = survives(&recipe, |path| Recipe::load(path).expect("good"));
    assert!(
        printed.contains("[after_drop]\ngas_pct = 12.0\nair_pct = 50.0\n"),
        "the first step's: {printed}"
    );
}

#[test]
fn a_scenario_is_shown_as_it_runs_and_cannot_be_mistaken_for_a_file() {
    let copy = copied_repository();
    let ran = sim_ends(copy.path(), "check scenarios/steady/coarse-probe.toml", 0);
    assert!(ran.stdout.starts_with("# A printout of the scenario scenarios/steady/coarse-probe.toml"));
    let shown = parsed(&ran.stdout);
    let scenario = Scenario::load(&copy.path().join("scenarios/steady/coarse-probe.toml")).expect("good");
    let part = |key: &str| shown[key].clone();
    assert_eq!(part("machine").try_into::<MachineSpec>().expect("a machine"), scenario.machine);
    assert_eq!(part("beans").try_into::<Lot>().expect("a lot"), scenario.lot);
    assert_eq!(part("recipe").try_into::<Recipe>().expect("a recipe"), scenario.recipe);
    assert_eq!(shown["machine"]["probes"]["bt"]["step_c"].as_float(), Some(1.0), "the override");
    assert_eq!(shown["history"]["of"].as_str(), Some("steady.toml"));
    assert_eq!(shown["start"].as_str(), Some("2026-01-05T09:00:00.000Z"));
    for (table, key) in [
        ("charge", "bean_temp_c"),
        ("room", "altitude_m"),
        ("recording", "timeout_s"),
        ("operator", "dry_end_sd_s"),
        ("history", "roasts"),
    ] {
        assert!(shown[table].get(key).is_some(), "{table}.{key} is a default");
    }
    fs::write(copy.path().join("scenarios/printout.toml"), &ran.stdout).expect("written");
    let refused = sim_ends(copy.path(), "run scenarios/printout.toml", 2);
    assert!(refused.stderr.contains("scenario-printout/1"), "{}", refused.stderr);
}

#[test]
fn a_bad_file_is_told_in_the_words_of_its_user() {
    let run = "run scenarios/first-roast.toml";
    let eval = "eval golden/first.toml --candidate slope90 --baseline artisan";
    for (file, from, to, user) in [
        ("scenarios/first-roast.toml", "mass_kg = 9.0", "mass_kg = ", run),
        ("scenarios/first-roast.toml", "mass_kg = 9.0", "mass_g = 9000.0", run),
        ("scenarios/first-roast.toml", "mass_kg = 9.0", "mass_kg = 13.0", run),
        ("scenarios/first-roast.toml", "scenario/1", "scenario/2", run),
        ("scenarios/machines/gd12.toml", "efficiency = 0.85", "efficiency = 85.0", run),
        ("scenarios/machines/gd12.toml", "machine/1", "machine/2", run),
        ("scenarios/machines/gd12.toml", "id = \"gd12\"", "id = \"gd13\"", run),
        ("scenarios/beans/washed-highland.toml", "drying_factor", "drying", run),
        ("scenarios/recipes/medium-9kg.toml", "bt_c = 214.0", "", run),
        ("golden/first.toml", "1..6", "6..1", eval),
        ("golden/first.toml", "cases/fast.toml", "cases/gone.toml", eval),
        ("golden/policy.toml", "level = 0.95", "level = 0.5", eval),
        ("golden/cases/slow.toml", "max = 680.0", "max = 1.0", eval),
    ] {
        let copy = copied_repository();
        let path = copy.path().join(file);
        let text = fs::read_to_string(&path).expect("it ships");
        assert!(text.contains(from), "{file} has no {from:?}");
        fs::write(&path, text.replacen(from, to, 1)).expect("written");
        let checked = sim_ends(copy.path(), &format!("check {file}"), 2);
        let used = sim_ends(copy.path(), user, 2);
        assert_eq!(checked.stderr, used.stderr, "{file}: {to}");
        assert_eq!(checked.stdout, "");
    }
}

#[test]
fn what_no_user_says_is_said() {
    let copy = copied_repository();
    let write = |name: &str, text: &str| fs::write(copy.path().join(name), text).expect("written");
    write("none.toml", "id = \"x\"\n");
    write("number.toml", "schema = 1\n");
    write("odd.toml", "schema = \"scenaro/1\"\n");
    let case = fs::read_to_string(copy.path().join("golden/cases/steady.toml")).expect("it ships");
    let heavy = |expect: &str| {
        let case = case.replace("steady/steady.toml", "steady/overweight.toml");
        let (head, _) = case.split_once("expect = ").expect("it expects");
        format!("{head}{expect}\n")
    };
    write("golden/cases/runs.toml", &heavy("expect = \"run\""));
    write("golden/cases/other.toml", &heavy("expect = { refuse = \"no_drop\" }"));
    for (line, says) in [
        ("none.toml", "key schema: there is none"),
        ("number.toml", "key schema: there is none"),
        ("odd.toml", "found \"scenaro/1\""),
        ("gone.toml", "cannot read gone.toml"),
        ("scenarios", "cannot read scenarios"),
        ("golden/cases/runs.toml", "exceeds the 12 kg capacity"),
        ("golden/cases/other.toml", "expect.refuse is \"no_drop\", it must be \"charge_too_heavy\""),
        ("", "Usage:"),
    ] {
        let ran = sim_ends(copy.path(), &format!("check {line}"), 2);
        assert!(ran.stderr.contains(says), "nothing of {says:?} in\n{}", ran.stderr);
        assert_eq!(ran.stdout, "");
    }
}

#[test]
fn one_bad_file_among_several_hides_no_other() {
    let line =
        "check scenarios/steady/overweight.toml golden/policy.toml gone.toml scenarios/beans/aged-dry.toml";
    let ran = sim(repository(), line);
    assert_eq!(ran.code, 2);
    assert_eq!(ran.stderr.matches("error: ").count(), 2, "{}", ran.stderr);
    let heads: Vec<_> = ran.stdout.lines().filter(|line| line.starts_with("# A printout")).collect();
    assert!(heads.len() == 2 && heads[0].contains("policy.toml") && heads[1].contains("aged-dry.toml"));
}

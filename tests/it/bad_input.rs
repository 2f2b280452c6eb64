//! Scenarios that no roaster could run: each is refused by file, key, value and limit, and leaves nothing.

use std::fs;
use std::path::Path;

use crate::support::{copied_repository, names, sim_ends};

/// A scenario file with one thing wrong, and words that its message must hold.
struct Bad {
    name: &'static str,
    text: String,
    says: Vec<&'static str>,
}

/// A scenario that runs, before something in it is made wrong.
const GOOD: &str = "schema = \"scenario/1\"
id = \"good\"
title = \"a scenario with nothing wrong\"
machine = \"gd12\"
beans = \"washed-highland\"
recipe = \"medium-9kg\"

[charge]
mass_kg = 9.0

[history]
roasts = 5
";

/// A recipe without its end; its id is its file's name.
const ENDLESS: &str = "schema = \"recipe/1\"
id = \"NAME\"
title = \"fire and fan, and no drop\"

[[step]]
at_s = -60.0
gas_pct = 60.0
air_pct = 50.0
";

/// [`GOOD`] with `from` written as `to`.
fn changed(name: &'static str, from: &str, to: &str, says: &[&'static str]) -> Bad {
    assert!(GOOD.contains(from), "{name}: nothing says {from:?}");
    Bad {
        name,
        text: GOOD.replacen(from, to, 1).replace("\"good\"", &format!("{name:?}")),
        says: says.to_vec(),
    }
}

const MASS: &str = "mass_kg = 9.0";
const RECIPE: &str = "recipe = \"medium-9kg\"";

fn bad_scenarios() -> Vec<Bad> {
    vec![
        changed("not-toml", MASS, "mass_kg = ", &["line 9", "mass_kg"]),
        changed("unknown-key", MASS, "mass_kg = 9.0\ncolour = \"dark\"", &["line 10", "colour", "hint:"]),
        changed("unknown-table", "[charge]", "[charge]\nmass_kg = 9.0\n[gas]", &["[gas]", "hint:"]),
        changed("wrong-unit", MASS, "mass_g = 9000.0", &["line 9", "mass_g", "mass_kg", "hint:"]),
        changed("wrong-type", MASS, "mass_kg = \"nine\"", &["line 9", "nine"]),
        changed("no-charge", MASS, "", &["charge", "mass_kg"]),
        changed("overweight", MASS, "mass_kg = 16.0", &["charge.mass_kg", "16 kg", "gd12", "hint:"]),
        changed("negative", MASS, "mass_kg = -9.0", &["charge.mass_kg", "-9 kg", "10000 kg", "hint:"]),
        changed("not-a-number", MASS, "mass_kg = nan", &["charge.mass_kg", "NaN", "10000 kg", "hint:"]),
        changed("infinite", MASS, "mass_kg = inf", &["charge.mass_kg", "inf", "10000 kg", "hint:"]),
        changed("no-machine", "\"gd12\"", "\"gd13\"", &["key machine", "gd13", "gd12", "hint:"]),
        changed(
            "no-beans",
            "\"washed-highland\"",
            "\"moon\"",
            &["key beans", "moon", "washed-highland", "hint:"],
        ),
        changed("machine-climbs", "\"gd12\"", "\"../recipes/slow-9kg\"", &["key machine", "hint:"]),
        changed(
            "no-drop",
            RECIPE,
            "recipe = \"no-drop\"",
            &["no-drop.toml", "drop.bt_c", "drop.at_s", "hint:"],
        ),
        changed(
            "no-drop-table",
            RECIPE,
            "recipe = \"no-drop-table\"",
            &["no-drop-table.toml", "drop", "hint:"],
        ),
        changed(
            "ends-at-start",
            RECIPE,
            "recipe = \"ends-at-start\"",
            &["ends-at-start.toml", "drop.at_s", "0 s", "hint:"],
        ),
        changed(
            "ends-before",
            RECIPE,
            "recipe = \"ends-before\"",
            &["ends-before.toml", "drop.at_s", "-30 s", "hint:"],
        ),
        changed(
            "stops-early",
            MASS,
            "mass_kg = 9.0\n[recipe_overrides.drop]\nat_s = 900.0\n[recording]\ntimeout_s = 600.0",
            &["recording.timeout_s", "600 s", "900 s", "hint:"],
        ),
        changed(
            "no-instant",
            RECIPE,
            "recipe = \"medium-9kg\"\nstart = \"Monday\"",
            &["key start", "Monday", "hint:"],
        ),
        changed(
            "too-many-earlier",
            "roasts = 5",
            "roasts = 5000",
            &["history.roasts", "5000", "200", "hint:"],
        ),
    ]
}

/// Puts the bad files, and the recipes that some of them name, into a copy of the repository.
fn prepare(copy: &Path, bad: &[Bad]) {
    let write = |path: &str, text: &str| fs::write(copy.join(path), text).expect("written");
    for (name, end) in [
        ("no-drop", "[drop]"),
        ("no-drop-table", ""),
        ("ends-at-start", "[drop]\nat_s = 0.0"),
        ("ends-before", "[drop]\nat_s = -30.0"),
    ] {
        write(
            &format!("scenarios/recipes/{name}.toml"),
            &format!("{}\n{end}\n", ENDLESS.replace("NAME", name)),
        );
    }
    write("scenarios/good.toml", GOOD);
    for bad in bad {
        write(&format!("scenarios/{}.toml", bad.name), &bad.text);
    }
    write("good.toml", GOOD);
}

#[test]
fn a_bad_scenario_is_refused_by_file_key_value_and_limit_and_leaves_nothing() {
    let (copy, bad) = (copied_repository(), bad_scenarios());
    prepare(copy.path(), &bad);
    sim_ends(copy.path(), "run scenarios/good.toml", 0);
    let before = names(copy.path());
    let mut said = String::new();
    for Bad { name, says, .. } in &bad {
        let ran = sim_ends(copy.path(), &format!("run scenarios/{name}.toml --out out/bad"), 2);
        assert_eq!(ran.stdout, "", "{name}");
        assert!(ran.stderr.starts_with("error: ") && ran.stderr.contains("scenarios/"), "{}", ran.stderr);
        for word in says {
            assert!(ran.stderr.contains(word), "{name}: nothing of {word:?} in\n{}", ran.stderr);
        }
        assert_eq!(names(copy.path()), before, "{name} left something behind");
        said += &format!("$ sim run scenarios/{name}.toml\n{}\n", ran.stderr);
    }
    insta::assert_snapshot!("a_bad_scenario_is_refused", said);
}

#[test]
fn a_bad_way_to_ask_is_refused_and_leaves_nothing() {
    let copy = copied_repository();
    prepare(copy.path(), &[]);
    let before = names(copy.path());
    let mut said = String::new();
    for (line, says) in [
        ("scenarios/lost.toml", "scenarios/lost.toml"),
        ("scenarios", "name the .toml files"),
        ("scenarios/machines/gd12.toml", "gd12.toml"),
        ("good.toml", "machines/, beans/ and recipes/"),
        ("scenarios/good.toml --seeds 9..3", "9..3"),
        ("scenarios/good.toml --seeds 1..99999", "10000"),
        ("scenarios/good.toml --seed -1", "-1"),
        ("scenarios/good.toml --seed 1 --seeds 1..2", "--seeds"),
        ("scenarios/good.toml --jobs 0", "0"),
        ("scenarios/good.toml --machine mine", "--machine"),
        ("scenarios/good.toml roast.alog", "apart"),
        ("scenarios/good.toml scenarios/good.toml", "both be called"),
        ("scenarios/good.toml scenarios/lost.toml", "scenarios/lost.toml"),
    ] {
        let ran = sim_ends(copy.path(), &format!("run {line} --out out/bad"), 2);
        assert!(ran.stderr.contains(says), "nothing of {says:?} in\n{}", ran.stderr);
        assert_eq!(names(copy.path()), before, "{line} left something behind");
        assert_eq!(ran.stdout, "", "{line}");
        said += &format!("$ sim run {line}\n{}\n", ran.stderr);
    }
    insta::assert_snapshot!("a_bad_way_to_ask", said);
}

#[test]
fn a_roast_that_never_drops_is_told_and_ends_with_10() {
    let copy = copied_repository();
    let ran = sim_ends(copy.path(), "run scenarios/steady/never-drops.toml", 10);
    assert!(ran.stderr.contains("stalled") && ran.stderr.contains("hint:"), "{}", ran.stderr);
}

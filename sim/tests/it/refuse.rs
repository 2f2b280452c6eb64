//! Bad scenario files are refused, each with its own reason, and nothing panics.

use std::fs;
use std::path::{Path, PathBuf};

use trier_sim::{Outcome, Scenario, ScenarioError, roast};

use crate::{run, scenarios};

/// A copy of the library with one file changed, in a folder of its own.
struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for part in ["machines", "beans", "recipes"] {
            fs::create_dir(folder.path().join(part)).expect("fresh");
        }
        let bench = Self { folder };
        for file in ["first-roast", "machines/gd12", "beans/washed-highland", "recipes/medium-9kg"] {
            bench.write(file, &fs::read_to_string(scenarios().join(format!("{file}.toml"))).expect("ships"));
        }
        bench
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(format!("{file}.toml"))
    }

    fn write(&self, file: &str, text: &str) {
        fs::write(self.path(file), text).expect("writable");
    }

    fn refusal(&self) -> ScenarioError {
        Scenario::load(&self.path("first-roast")).expect_err("must be refused")
    }
}

/// The refusal after replacing `from` by `to` in `file`.
fn with(file: &str, from: &str, to: &str) -> ScenarioError {
    let bench = Bench::new();
    let text = fs::read_to_string(bench.path(file)).expect("copied");
    assert!(text.contains(from), "{file} has no {from:?}");
    bench.write(file, &text.replace(from, to));
    bench.refusal()
}

#[test]
fn each_mistake_has_its_own_reason() {
    let cases = [
        ("first-roast", "schema = ", "schema ", "cannot_parse"),
        ("first-roast", "mass_kg = 9.0", "mass_g = 9000", "cannot_parse"),
        ("first-roast", "mass_kg = 9.0", "mass_kg = \"nine\"", "cannot_parse"),
        ("first-roast", "mass_kg = 9.0", "mass_kg = 9.0\ncolour = 1", "cannot_parse"),
        ("first-roast", "mass_kg = 9.0", "mass_kg = 12.5", "charge_too_heavy"),
        ("first-roast", "mass_kg = 9.0", "mass_kg = -9.0", "out_of_range"),
        ("first-roast", "mass_kg = 9.0", "mass_kg = nan", "out_of_range"),
        ("first-roast", "mass_kg = 9.0", "mass_kg = inf", "out_of_range"),
        ("first-roast", "\"gd12\"", "\"gd13\"", "unknown_name"),
        ("first-roast", "\"gd12\"", "\"../machines/gd12\"", "unknown_name"),
        ("first-roast", "scenario/1", "scenario/9", "wrong_schema"),
        ("first-roast", "[charge]", "start = \"soon\"\n[charge]", "bad_start"),
        ("first-roast", "[history]", "[recording]\ntimeout_s = 10.0\n[history]", "out_of_range"),
        ("recipes/medium-9kg", "[drop]\nbt_c = 214.0", "", "no_drop"),
        ("recipes/medium-9kg", "bt_c = 214.0", "at_s = -5.0", "drop_before_charge"),
        ("recipes/medium-9kg", "bt_c = 214.0", "at_s = 7000.0", "end_before_drop"),
        ("recipes/medium-9kg", "at_s = 40.0", "at_s = -90.0", "bad_step"),
        ("recipes/medium-9kg", "at_s = 40.0", "gas_pct = 80.0", "cannot_parse"),
        ("recipes/medium-9kg", "at_s = 40.0\n", "", "bad_step"),
        ("recipes/medium-9kg", "[drop]", "[follow]\ngain_pct_per_c = 2.0\ncurve = []\n[drop]", "bad_step"),
        ("machines/gd12", "[probes.et]", "[probes.et]\nkind = \"infrared\"", "looks_at_air"),
        ("machines/gd12", "interval_s = 1.0", "interval_s = 1.0\njitter_s = 0.5", "out_of_range"),
        ("machines/gd12", "[noise]", "[microphone]\naudible_share = 1.5\n[noise]", "out_of_range"),
        ("machines/gd12", "[noise]", "[unit_spread]\nbt_lag_share = -0.1\n[noise]", "out_of_range"),
        ("beans/washed-highland", "altitude_m = 1500.0", "[spread]\nmoisture_wet_pct = 9.0", "out_of_range"),
        ("recipes/medium-9kg", "gas_pct = 80.0", "gas_pct = 190.0", "out_of_range"),
        ("recipes/medium-9kg", "at_bt_c = 210.0", "at_bt_c = 190.0", "bad_step"),
        ("recipes/medium-9kg", "at_s = -60.0", "at_s = 5.0", "bad_step"),
        ("recipes/medium-9kg", "id = \"medium-9kg\"", "id = \"another\"", "bad_id"),
        ("first-roast", "id = \"first-roast\"", "id = \"two\\nlines\"", "bad_id"),
        ("first-roast", "[charge]", "start = \"9999-12-30T22:00:00Z\"\n[charge]", "bad_start"),
        ("first-roast", "[history]", "[recording]\nlead_in_s = 0.1\n[history]", "off_grid"),
        ("first-roast", "[history]", "[machine_overrides]\nid = \"zz\"\n[history]", "fixed_key"),
        ("first-roast", "roasts = 5", "roasts = 5\nof = \"none.toml\"", "cannot_read"),
        ("machines/gd12", "wall_j_k = 37500.0", "wall_j_k = 40.0", "too_light"),
        ("machines/gd12", "interval_s = 1.0", "interval_s = 0.3", "off_grid"),
        ("machines/gd12", "wall_j_k = 37500.0", "wall_j_k = -1.0", "out_of_range"),
        ("machines/gd12", "[start]", "[steps]\nparts = 4\n[start]", "cannot_parse"),
        (
            "machines/gd12",
            "recirculation = 0.0",
            "recirculation = 0.0\nflow_share_least = 1.1",
            "out_of_range",
        ),
        ("beans/washed-highland", "lot/1", "machine/1", "wrong_schema"),
        ("machines/gd12", "[start]", "[tray]\nlag_s = 0.0\n[start]", "out_of_range"),
        ("first-roast", "[history]", "[day]\nroasts = 7\n[history]", "out_of_range"),
        ("first-roast", "[history]", "[day]\npause_s = 90.0\n[history]", "out_of_range"),
        ("first-roast", "[history]", "[day]\npause_s_max = 149.0\n[history]", "out_of_range"),
        ("first-roast", "[history]", "[day]\npreheat_s = 30.0\n[history]", "out_of_range"),
        ("first-roast", "[history]", "[day]\npause_s = 150.1\n[history]", "off_grid"),
        ("first-roast", "[history]", "[day]\npause_min = 3.0\n[history]", "cannot_parse"),
    ];
    for (file, from, to, code) in cases {
        let error = with(file, from, to);
        assert_eq!(error.code(), code, "{from:?} -> {to:?}: {error}");
        let text = error.to_string();
        assert!(text.contains(".toml"), "names no file: {text}");
    }
}

#[test]
fn a_missing_file_and_a_scenario_without_library_say_so() {
    let missing = Scenario::load(Path::new("no/such.toml")).expect_err("not there");
    assert_eq!(missing.code(), "cannot_read");
    let alone = tempfile::tempdir().expect("a temporary folder");
    let path = alone.path().join("s.toml");
    fs::copy(scenarios().join("first-roast.toml"), &path).expect("copied");
    assert_eq!(Scenario::load(&path).expect_err("no machines beside it").code(), "no_library");
}

#[test]
fn an_override_may_change_values_but_invent_no_key() {
    let good = "[machine_overrides]\nprobes.bt.lag_s = 52.0\n[history]";
    let bench = Bench::new();
    let text = fs::read_to_string(bench.path("first-roast")).expect("copied");
    bench.write("first-roast", &text.replace("[history]", good));
    let scenario = Scenario::load(&bench.path("first-roast")).expect("valid");
    assert!((scenario.machine.probes.bt.lag_s - 52.0).abs() < f64::EPSILON);
    let over = |line: &str| {
        with("first-roast", "[history]", &format!("[machine_overrides]\n{line}\n[history]")).to_string()
    };
    assert!(over("probes.bt.lag = 52.0").contains("machine_overrides"));
    // A value out of range is looked for in the scenario, where it was written.
    let text = over("probes.bt.lag_s = -1.0");
    assert!(text.contains("first-roast.toml, key machine_overrides.probes.bt.lag_s: -1 s"), "{text}");
}

#[test]
fn a_machine_that_an_override_mends_is_still_refused() {
    // Earlier roasts run on the machine as its file says.
    let bench = Bench::new();
    let machine = fs::read_to_string(bench.path("machines/gd12")).expect("copied");
    bench.write("machines/gd12", &machine.replace("interval_s = 1.0", "interval_s = 0.0"));
    let text = fs::read_to_string(bench.path("first-roast")).expect("copied");
    bench.write(
        "first-roast",
        &text.replace("[history]", "[machine_overrides]\nprobes.interval_s = 1.0\n[history]"),
    );
    let error = bench.refusal();
    assert_eq!(error.code(), "out_of_range");
    assert!(error.to_string().contains("gd12.toml, key probes.interval_s"), "{error}");
}

#[test]
fn earlier_roasts_may_follow_another_scenario_of_the_same_machine() {
    let unusual = Scenario::load(&scenarios().join("steady/lag-doubled.toml")).expect("ships");
    let usual = Scenario::load(&scenarios().join("steady/steady.toml")).expect("ships");
    let shown = |run: &trier_sim::BatchRun| crate::samples(run);
    assert_eq!(
        shown(&roast(&unusual, 3, 0).expect("adds up")),
        shown(&roast(&usual, 3, 0).expect("adds up"))
    );
    // The same beans on the same day, read by another probe.
    let (slow, quick) = (roast(&unusual, 3, 5).expect("adds up"), roast(&usual, 3, 5).expect("adds up"));
    assert_eq!(slow.green_kg.to_bits(), quick.green_kg.to_bits());
    assert_ne!(
        crate::truth_s(&slow, trier_roast::MarkKind::TurningPoint),
        crate::truth_s(&quick, trier_roast::MarkKind::TurningPoint)
    );
}

#[test]
fn the_message_for_a_heavy_charge_reads_well() {
    let error = with("first-roast", "mass_kg = 9.0", "mass_kg = 13.0");
    let text = error.to_string();
    assert!(text.starts_with("charge mass 13 kg exceeds the 12 kg capacity of gd12\n  in "), "{text}");
    assert!(text.ends_with("hint: lower charge.mass_kg, or choose a larger machine"), "{text}");
}

#[test]
fn a_recipe_that_never_gets_there_ends_by_itself() {
    let scenario = Scenario::load(&scenarios().join("steady/never-drops.toml")).expect("well-formed");
    // BT turns in a hot drum, creeps up while that lasts, and falls: given up before its 900 s.
    let stalled = run(&scenario);
    assert_eq!((stalled.outcome, stalled.outcome.code()), (Outcome::Stalled, "stalled"));
    let last_s = stalled.readings.last().expect("read").at.since_s(stalled.charged);
    assert!((360.0..880.0).contains(&last_s), "given up after {last_s} s");
    let mut short = scenario.clone();
    short.recording.timeout_s = 300.0;
    assert_eq!(run(&short).outcome, Outcome::TimedOut);
    // A step by time that lights the burner again is waited for.
    let mut patient = scenario;
    let late = trier_sim::Step { at_s: Some(800.0), gas_pct: Some(80.0), ..Default::default() };
    patient.recipe.steps.push(late);
    assert_eq!(run(&patient).outcome, Outcome::TimedOut);
    let mut hot = crate::first_roast();
    hot.recipe.drop = trier_sim::DropRule { bt_c: None, at_s: Some(1_700.0) };
    hot.recipe.steps.truncate(3);
    hot.machine.heater.power_w = 30_000.0;
    assert_eq!(roast(&hot, 1, 5).expect("adds up").outcome, Outcome::FireRisk);
}

#[test]
fn every_scenario_that_ships_loads_or_is_meant_not_to() {
    for entry in fs::read_dir(scenarios().join("steady")).expect("ships") {
        let path = entry.expect("readable").path();
        let refused = path.ends_with("overweight.toml");
        assert_eq!(Scenario::load(&path).is_err(), refused, "{}", path.display());
    }
}

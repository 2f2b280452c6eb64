//! Calibration as people start it: what it asks for, what it says when that is not there, and what it leaves.

use std::path::Path;

use crate::roasts::{Roast, keep};
use crate::support::{copied_repository, sim_ends};

/// Heat and air from charge on, one change of heat, and 9 kg.
const CONTROLS: &str = "'etypes': ['Air', 'Drum', 'Damper', 'Burner', '--'], 'specialevents': [30, 30, 250], \
     'specialeventstype': [0, 3, 3], 'specialeventsvalue': [6.0, 8.0, 6.0], ";
const MASS: &str = "'weight': [9.0, 7.7, 'Kg'], ";

/// A roast's file with `more` keys.
fn with(roast: &Roast, more: &str) -> String {
    roast.alog().replacen("'timex'", &format!("{more}'timex'"), 1)
}

fn keep_roasts(folder: &Path, hours: std::ops::Range<i64>, more: &str) {
    for hour in hours {
        keep(folder, &format!("logs/{hour}.alog"), &with(&Roast::later(hour), more));
    }
}

#[test]
fn what_is_missing_is_said_file_by_file() {
    for (more, says) in [
        (MASS.to_owned(), ["0.alog", "records no heat control", "slider events"]),
        (CONTROLS.to_owned(), ["0.alog", "records no charge mass", "--charge-kg"]),
        (
            format!("{CONTROLS}'weight': [5000000.0, 4.0, 'Kg'], "),
            ["0.alog", "is not between 0.01 and 1000 kg", "--charge-kg"],
        ),
    ] {
        let folder = copied_repository();
        keep_roasts(folder.path(), 0..2, &more);
        let ran = sim_ends(folder.path(), "calibrate logs --family gd12", 2);
        assert!(says.iter().all(|words| ran.stderr.contains(words)), "{}", ran.stderr);
        assert_eq!(ran.stdout, "");
    }
}

#[test]
fn one_roast_cannot_both_train_and_test() {
    let folder = copied_repository();
    keep_roasts(folder.path(), 0..1, &format!("{CONTROLS}{MASS}"));
    let ran = sim_ends(folder.path(), "calibrate logs --family gd12", 2);
    assert!(ran.stderr.contains("1 of 1 files") && ran.stderr.contains("at least 2"), "{}", ran.stderr);
}

#[test]
fn a_family_that_is_not_there_is_named_with_those_that_are() {
    let folder = copied_repository();
    keep_roasts(folder.path(), 0..2, &format!("{CONTROLS}{MASS}"));
    let ran = sim_ends(folder.path(), "calibrate logs --family toaster", 2);
    assert!(["toaster", "gd12 (gas-drum)", "fb (fluid-bed)"].iter().all(|words| ran.stderr.contains(words)));
    let ran = sim_ends(folder.path(), "calibrate logs --family gd12 --out Mine.toml", 2);
    assert!(ran.stderr.contains("lower-case"), "{}", ran.stderr);
}

#[test]
fn what_somebody_else_wrote_is_not_written_over() {
    let folder = copied_repository();
    keep_roasts(folder.path(), 0..2, &format!("{CONTROLS}{MASS}"));
    let path = folder.path().join("scenarios/machines/gd12.toml");
    let before = std::fs::read(&path).expect("ships");
    let line = "calibrate logs --family gd12 --out scenarios/machines/";
    let ran = sim_ends(folder.path(), &format!("{line}gd12.toml"), 2);
    assert!(ran.stderr.contains("another name") && ran.stdout.is_empty(), "{}", ran.stderr);
    assert_eq!(before, std::fs::read(&path).expect("still there"));
    let ran = sim_ends(folder.path(), &format!("{line}none/mine.toml"), 2);
    assert!(ran.stderr.contains("no folder") && ran.stdout.is_empty(), "{}", ran.stderr);
    for kg in ["nan", "-1", "0", "1e300", "some"] {
        let ran = sim_ends(folder.path(), &format!("{line}mine.toml --charge-kg={kg}"), 2);
        assert!(ran.stderr.contains("--charge-kg"), "{}", ran.stderr);
    }
}

#[test]
fn a_calibrated_machine_is_one_like_any_other() {
    let folder = copied_repository();
    keep_roasts(folder.path(), 0..3, &format!("{CONTROLS}{MASS}"));
    let line = "calibrate logs --family gas-drum --train 2 --starts 1 --out scenarios/machines/mine.toml";
    let one = sim_ends(folder.path(), &format!("{line} --jobs 1"), 0);
    let path = folder.path().join("scenarios/machines/mine.toml");
    let file = std::fs::read_to_string(&path).expect("it was written");
    assert!(one.stdout.contains("held out") && file.contains("fitted,"));
    let two = sim_ends(folder.path(), &format!("{line} --jobs 2"), 0);
    assert_eq!(one.stdout, two.stdout);
    assert_eq!(file, std::fs::read_to_string(&path).expect("written again"));

    sim_ends(folder.path(), "check scenarios/machines/mine.toml", 0);
    let scenario = std::fs::read_to_string(folder.path().join("scenarios/steady/steady.toml")).expect("ours");
    let mine = scenario.replacen("\"gd12\"", "\"mine\"", 1).replacen("\"steady\"", "\"mine\"", 1);
    keep(folder.path(), "scenarios/steady/mine.toml", &mine);
    sim_ends(folder.path(), "run scenarios/steady/mine.toml --seed 1", 0);
}

//! `sim profile` and `sim session`: what people keep and say, in versions and revisions that never change.

use std::fs;
use std::path::Path;

use serde_json::Value;
use trier_tables::rows::SessionRow;

use crate::roasts::{Roast, keep};
use crate::support::{Ran, contents, empty_folder, rows, sim_ends};

/// A folder with a log.
fn with_log() -> tempfile::TempDir {
    let folder = empty_folder();
    keep(folder.path(), "mine/a.alog", &Roast::first().alog());
    folder
}

fn json(ran: &Ran) -> Value {
    serde_json::from_str(ran.stdout.lines().next().unwrap_or_default()).expect("a line of JSON")
}

#[test]
fn a_profile_of_a_log_is_kept_in_versions_and_told_apart() {
    let folder = with_log();
    let at = folder.path();
    sim_ends(at, "profile import mine/a.alog --name house --author Ana --note first", 0);
    let first = fs::read_to_string(at.join("profiles/house/0001.toml")).expect("kept");
    assert!(first.contains("[target.drop_s]\nvalue = 600.0\n"), "{first}");
    let hotter = first.replacen("[target.drop_s]\nvalue = 600.0", "[target.drop_s]\nvalue = 590.0", 1);
    keep(at, "hotter.toml", &hotter);
    sim_ends(at, "profile import hotter.toml --base 1 --author Ben --note hotter", 0);
    let told = sim_ends(at, "profile diff house@1 house", 0);
    assert_eq!(told.stdout, "note: \"first\" to \"hotter\"\ndrop_s: 600 ± 20 to 590 ± 20 (-10)\n");
    // The log asks for what the first version does.
    let told = sim_ends(at, "profile diff mine/a.alog house@1", 0);
    assert_eq!(told.stdout, "note: \"\" to \"first\"\n");
    let listed = json(&sim_ends(at, "profile list --json", 0));
    assert_eq!(
        (&listed["name"], &listed["version"], &listed["author"]),
        (&"house".into(), &2.into(), &"Ben".into())
    );
    assert_eq!(fs::read_to_string(at.join("profiles/house/0001.toml")).expect("still there"), first);
}

#[test]
fn who_comes_second_with_a_version_is_told_and_nothing_is_written_over() {
    let folder = with_log();
    let at = folder.path();
    sim_ends(at, "profile import mine/a.alog --name house --author Ana", 0);
    let before = contents(&at.join("profiles"));
    let late = sim_ends(at, "profile import mine/a.alog --name house --author Ben", 2);
    assert!(late.stderr.contains("house is at version 1, not at 0"), "{}", late.stderr);
    assert_eq!(contents(&at.join("profiles")), before);
}

#[test]
fn a_version_that_was_changed_afterwards_is_noticed() {
    let folder = with_log();
    let at = folder.path();
    sim_ends(at, "profile import mine/a.alog --name house --author Ana", 0);
    sim_ends(at, "profile import profiles/house/0001.toml --base 1 --author Ben", 0);
    let place = at.join("profiles/house/0001.toml");
    let printed = sim_ends(at, "check profiles/house/0001.toml", 0).stdout;
    assert!(printed.contains("printout of the profile"), "{printed}");
    let wrong = fs::read_to_string(&place).expect("kept").replacen("value = 600.0", "value = 6000.0", 1);
    fs::write(at.join("wrong.toml"), wrong).expect("written");
    let refused = sim_ends(at, "check wrong.toml", 2).stderr;
    assert!(refused.contains("wrong.toml: key target.drop_s.value is 6000"), "{refused}");
    let text = fs::read_to_string(&place).expect("kept").replacen("value = 600.0", "value = 601.0", 1);
    fs::write(&place, text).expect("changed");
    let noticed = sim_ends(at, "profile show house", 2);
    assert!(noticed.stderr.contains("0002.toml: version 1 is no longer the one"), "{}", noticed.stderr);
    for way_out in ["../mine", "house@9", "house@x", ".", "none"] {
        sim_ends(at, &format!("profile show {way_out}"), 2);
    }
}

#[test]
fn a_profile_goes_out_as_files_that_artisan_opens() {
    let folder = with_log();
    let at = folder.path();
    sim_ends(at, "profile import mine/a.alog --name house --author Ana", 0);
    sim_ends(at, "profile export house --format toml,alog,csv --out out", 0);
    let kept = fs::read(at.join("profiles/house/0001.toml")).expect("kept");
    assert_eq!(fs::read(at.join("out/house-1.toml")).expect("written"), kept);
    let alog = fs::read_to_string(at.join("out/house-1.alog")).expect("written");
    assert!(alog.starts_with("{'mode': 'C', 'title': 'house 1'"), "{}", &alog[..80]);
    // A profile was never roasted: its file tells no day, and so it teaches nobody.
    let read = sim_ends(at, "import out/house-1.alog --out again", 0);
    assert!(read.stdout.contains("no_start_time"), "{}", read.stdout);
}

/// The one session of an imported log.
fn imported(at: &Path) -> SessionRow {
    sim_ends(at, "import mine --out out", 0);
    rows::<SessionRow>(&at.join("out")).first().expect("one roast").clone()
}

#[test]
fn what_people_say_of_a_session_adds_up_and_its_row_stays() {
    let folder = with_log();
    let at = folder.path();
    let sealed = imported(at);
    let id = &*sealed.session_id;
    let tables = contents(&at.join("out"));
    sim_ends(
        at,
        "session qc out S- --author Ana --green-kg 6 --roasted-kg 5.1 --score 86.5 --defect baked",
        0,
    );
    sim_ends(at, &format!("session mark out {id} first_crack_start --at 500 --author Ana --reason late"), 0);
    sim_ends(at, "session correct out S- --bean guji --profile house@2 --author Ben", 0);
    let said = json(&sim_ends(at, "session show out S- --json", 0));
    assert_eq!((said["revision"].as_u64(), said["first_crack_s"].as_f64()), (Some(3), Some(500.0)));
    assert!((said["weight_loss_pct"].as_f64().expect("weighed") - 15.0).abs() < 1e-9);
    assert_eq!((&said["bean"], &said["qc"]["defects"][0]), (&"guji".into(), &"BAKED".into()));
    assert_eq!(said["revisions"].as_array().map(Vec::len), Some(3));
    // BT at the mark is read from the telemetry, a whole degree with its flicker away.
    let bt_c = said["first_crack_bt_c"].as_f64().expect("read");
    assert!((bt_c - Roast::bt_c(500.0)).abs() <= 1.0, "{bt_c}");

    sim_ends(at, "session discard out S- --author Ben --reason old", 0);
    let hidden = sim_ends(at, "session list out", 3);
    assert!(hidden.stderr.contains("1 discarded"), "{}", hidden.stderr);
    assert_eq!(sim_ends(at, "session list out --all --json", 0).stdout.lines().count(), 1);
    sim_ends(at, "session restore out S- --author Ben", 0);
    assert!(sim_ends(at, "session list out", 0).stdout.contains("guji"));
    // Nothing that was there before was touched.
    let now = contents(&at.join("out"));
    assert!(tables.iter().all(|(name, bytes)| now.get(name) == Some(bytes)));
}

#[test]
fn of_two_who_edit_the_same_revision_one_gets_a_conflict() {
    let folder = with_log();
    let at = folder.path();
    imported(at);
    sim_ends(at, "session discard out S- --author Ana --base 0", 0);
    let loser = sim_ends(at, "session qc out S- --author Ben --score 80 --base 0", 2);
    assert!(loser.stderr.contains("is at revision 1 by Ana, not at 0"), "{}", loser.stderr);
    assert!(loser.stderr.contains("hint:"), "{}", loser.stderr);
}

#[test]
fn edits_that_no_roast_can_have_are_refused_with_their_key() {
    let folder = with_log();
    let at = folder.path();
    imported(at);
    for (line, said) in [
        ("session qc out S- --author Ana --score 101", "key cupping_score is 101"),
        ("session qc out S- --author Ana --green-kg 1 --roasted-kg 2", "key roasted_kg is"),
        ("session mark out S- drop --at -5 --author Ana", "drop at -5 s after charge"),
        ("session mark out S- blue --at 5 --author Ana", "key mark is \"blue\""),
        ("session correct out S- --author Ana", "key edit is empty"),
        ("session discard out S-nobody --author Ana", "no session begins with"),
        ("session list mine", "has neither sessions.parquet nor a store"),
    ] {
        let refused = sim_ends(at, line, 2);
        assert!(refused.stderr.contains(said), "{line}: {}", refused.stderr);
    }
    assert!(!at.join("out/revisions").exists(), "a refused edit left something");
}

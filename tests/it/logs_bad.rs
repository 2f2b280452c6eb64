//! Logs that cannot be used: each is told by name and reason, and takes no other file with it.

use trier_tables::rows::{FileRow, FindingRow, SessionRow};

use crate::roasts::{Roast, keep};
use crate::support::{empty_folder, names, record, rows, sim_ends};

/// `roast` with the list of `key` replaced by what `change` makes of it.
fn with_list(roast: &Roast, key: &str, change: impl Fn(usize, &str) -> String) -> String {
    let text = roast.alog();
    let start = text.find(&format!("'{key}': [")).expect("written") + key.len() + 5;
    let end = start + text[start..].find(']').expect("closed");
    let items: Vec<String> = text[start..end].split(", ").enumerate().map(|(i, v)| change(i, v)).collect();
    format!("{}{}{}", &text[..start], items.join(", "), &text[end..])
}

/// `roast` with these mark indices: charge, dry end, first crack, its end, second crack, its end, drop.
fn with_marks(roast: &Roast, marks: [i32; 7]) -> String {
    with_list(roast, "timeindex", |i, old| marks.get(i).map_or(old.to_owned(), ToString::to_string))
}

/// File name, text, and the reason that must be given; each from a roast of its own.
fn bad_logs() -> Vec<(&'static str, String, &'static str)> {
    let whole = Roast::later(20).alog();
    let json = Roast::later(21).roastime();
    vec![
        ("empty.alog", String::new(), "empty_file"),
        ("truncated.alog", whole[..whole.len() * 2 / 3].to_owned(), "truncated"),
        ("cut.json", json[..json.find("made \\").expect("its name") + 3].to_owned(), "truncated"),
        ("all-missing.alog", with_list(&Roast::later(22), "temp2", |_, _| "-1".to_owned()), "all_missing"),
        ("no-charge.alog", with_marks(&Roast::later(23), [-1, 0, 0, 0, 0, 0, 0]), "no_charge"),
        ("charge-last.alog", with_marks(&Roast::later(24), [630, 300, 510, 0, 0, 0, 60]), "marks_contradict"),
        (
            "drawn.alog",
            // A parabola on a raster, as a profile editor draws.
            with_list(&Roast::later(25), "temp2", |i, _| {
                format!("{}", 90.0 + 0.3 * i as f64 - 1.5e-4 * (i * i) as f64)
            })
            .replace(&list_of(&Roast::later(25), "timex"), &raster(650)),
            "drawn_profile",
        ),
        ("prose.txt", "Roasted on Monday, tasted of plums.".to_owned(), "unknown_format"),
        ("code.alog", "{'timex': __import__('os').listdir('.')}".to_owned(), "malformed"),
    ]
}

/// What stands between the brackets of `key`.
fn list_of(roast: &Roast, key: &str) -> String {
    let text = roast.alog();
    let start = text.find(&format!("'{key}': [")).expect("written") + key.len() + 5;
    text[start..start + text[start..].find(']').expect("closed")].to_owned()
}

/// Times exactly a second apart.
fn raster(samples: usize) -> String {
    (0..samples).map(|i| format!("{i}.5")).collect::<Vec<_>>().join(", ")
}

#[test]
fn one_bad_file_does_not_take_the_good_ones_with_it() {
    let folder = empty_folder();
    keep(folder.path(), "drum/1.alog", &Roast::first().alog());
    keep(folder.path(), "drum/2.alog", "{'mode': 'C', 'timex': [0.0, 1.0");
    keep(folder.path(), "drum/3.alog", &Roast::later(1).alog());
    let ran = sim_ends(folder.path(), "run drum --out out", 2);
    insta::assert_snapshot!("one_bad_file", ran.stdout);
    let out = folder.path().join("out");
    let files: Vec<FileRow> = rows(&out);
    let outcomes: Vec<_> = files.iter().map(|row| (&*row.source, &*row.outcome)).collect();
    assert_eq!(outcomes, [("1.alog", "read"), ("2.alog", "refused"), ("3.alog", "read")]);
    let sessions: Vec<SessionRow> = rows(&out);
    assert_eq!(sessions.iter().map(|row| &*row.source).collect::<Vec<_>>(), ["1.alog", "3.alog"]);
    let facts = &record(&out)["facts"];
    assert_eq!((facts["files"].as_u64(), facts["refused"].as_u64()), (Some(3), Some(1)));
}

#[test]
fn every_kind_of_bad_log_is_told_by_name_and_reason() {
    let folder = empty_folder();
    let bad = bad_logs();
    for (name, text, _) in &bad {
        keep(folder.path(), &format!("drum/{name}"), text);
    }
    keep(folder.path(), "drum/good.alog", &Roast::first().alog());
    let ran = sim_ends(folder.path(), "run drum --out out", 2);
    insta::assert_snapshot!("every_kind_of_bad_log", ran.stdout);
    let files: Vec<FileRow> = rows(&folder.path().join("out"));
    assert_eq!(files.len(), bad.len() + 1);
    for (name, _, code) in &bad {
        let row = files.iter().find(|row| *row.source == **name).expect("accounted for");
        assert_eq!((&*row.outcome, row.n_samples), ("refused", 0), "{name}");
        let reason = row.reason.as_deref().expect("refused for a reason");
        assert!(reason.starts_with(&format!("{code}: ")), "{name}: {reason}");
        assert!(ran.stdout.contains(&format!("refused   {name}: {code}: ")), "{name} is not told");
    }
}

#[test]
fn each_bad_log_alone_ends_with_2_and_still_gets_its_account() {
    let folder = empty_folder();
    for (name, text, code) in bad_logs() {
        keep(folder.path(), name, &text);
        let ran = sim_ends(folder.path(), &format!("run {name} --out out-{name}"), 2);
        assert!(
            ran.stdout.starts_with("1 file: 0 read, 0 repaired, 0 duplicate, 1 refused\n"),
            "{}",
            ran.stdout
        );
        let files: Vec<FileRow> = rows(&folder.path().join(format!("out-{name}")));
        assert!(files[0].reason.as_deref().is_some_and(|reason| reason.starts_with(code)), "{name}");
    }
}

#[test]
fn a_contradictory_mark_is_left_out_and_said() {
    let folder = empty_folder();
    // Dry end after first crack: first crack, on which more hangs, stands.
    keep(folder.path(), "drum/1.alog", &with_marks(&Roast::first(), [30, 560, 510, 0, 0, 0, 630]));
    let ran = sim_ends(folder.path(), "run drum --out out", 0);
    let out = folder.path().join("out");
    let findings: Vec<FindingRow> = rows(&out);
    assert_eq!(findings.iter().map(|row| &*row.code).collect::<Vec<_>>(), ["mark_out_of_order"]);
    assert!(ran.stdout.contains("repaired  1.alog\n          mark_out_of_order: dry_end"), "{}", ran.stdout);
    let sessions: Vec<SessionRow> = rows(&out);
    assert!((sessions[0].first_crack_s.expect("kept") - 480.0).abs() < 0.01);
}

#[test]
fn a_charge_that_nobody_marked_is_inferred_and_said() {
    let folder = empty_folder();
    keep(folder.path(), "drum/1.alog", &with_marks(&Roast::first(), [-1, 300, 510, 0, 0, 0, 630]));
    sim_ends(folder.path(), "run drum --out out", 0);
    let out = folder.path().join("out");
    let findings: Vec<FindingRow> = rows(&out);
    assert_eq!(findings.iter().map(|row| &*row.code).collect::<Vec<_>>(), ["charge_inferred"]);
    let sessions: Vec<SessionRow> = rows(&out);
    // The edge of the fall, found from BT alone.
    let first_crack_s = sessions[0].first_crack_s.expect("marked");
    assert!((first_crack_s - 480.0).abs() < 5.0, "{first_crack_s} s after the inferred charge");
}

#[test]
fn a_copy_under_another_name_counts_once() {
    let folder = empty_folder();
    keep(folder.path(), "drum/1.alog", &Roast::first().alog());
    // People copy a roast and mark it anew; the readings tell.
    keep(folder.path(), "drum/copy.alog", &with_marks(&Roast::first(), [30, 300, 520, 0, 0, 0, 630]));
    let ran = sim_ends(folder.path(), "run drum --out out", 0);
    let said = "duplicate copy.alog: duplicate_curve: the same readings as 1.alog\n";
    assert!(ran.stdout.contains(said), "{}", ran.stdout);
    assert_eq!(rows::<SessionRow>(&folder.path().join("out")).len(), 1);
}

#[test]
fn nothing_to_read_ends_with_3_and_a_lost_file_with_2() {
    let folder = empty_folder();
    std::fs::create_dir(folder.path().join("drum")).expect("made");
    let ran = sim_ends(folder.path(), "run drum --out out", 3);
    assert_eq!((ran.stdout.as_str(), ran.stderr.lines().count()), ("", 1));
    assert_eq!(names(folder.path()), ["drum"]);
    keep(folder.path(), "drum/.hidden", "not a roast");
    sim_ends(folder.path(), "run drum", 3);
    let ran = sim_ends(folder.path(), "run drum/lost.alog", 2);
    assert!(ran.stdout.contains("refused   drum/lost.alog: cannot_read: "), "{}", ran.stdout);
}

//! All recordings of `../shared/data/roasts`: each is read, or refused with a reason.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use trier_logs::{FindingCode, LogError, RoastLog, read};
use trier_roast::{MarkKind, MarkSource};

/// Complete roasts by `index.tsv` that are refused here, and why that is right.
///
/// The index calls them complete for their marks. Their time is exact to 1e-13 s
/// and their BT has no noise at all (eight decimals, curvature that changes sign
/// in under 1 % of places): profiles redrawn in a designer. No clock and no
/// probe does that; the recordings they were drawn from are not in the set.
const REDRAWN: [&str; 7] = [
    "AschHarwood-Coffee-Roast-Advisor/25-11-23_2037.alog",
    "AschHarwood-Coffee-Roast-Advisor/25-11-26_2005.alog",
    "AschHarwood-Coffee-Roast-Advisor/background_10_half_min.alog",
    "AschHarwood-Coffee-Roast-Advisor/test_roast.alog",
    "lucapinello-beastroaster/NEW_GENTLE_21-08-01_0808.alog",
    "lucapinello-beastroaster/profile_fast_august2023.alog",
    "lucapinello-beastroaster/profile_light_slow_start150.alog",
];

/// Charge is inferred, and the index is wrong to put it at the first sample: BT
/// holds at 152 °C for 24 s and then falls by 107 °C. Its times count from the
/// first sample, ours from the fall.
const CHARGED_LATER: (&str, f64) = ("AschHarwood-Coffee-Roast-Advisor/25-11-18_0743.alog", 24.0);

type Outcome = Result<RoastLog, LogError>;

/// The folder of recordings; None, with a word why, where it is absent.
#[allow(clippy::print_stdout)] // A skipped test says so.
fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/roasts");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "CI must have ../shared/data/roasts");
    println!("skipped: ../shared/data/roasts is absent");
    None
}

/// Every recording by its path in the index, with its text and what became of it.
fn outcomes(folder: &Path) -> BTreeMap<String, (Vec<u8>, Outcome)> {
    let entries = |dir: &Path| -> Vec<PathBuf> {
        fs::read_dir(dir).expect("a folder").map(|e| e.expect("an entry").path()).collect()
    };
    let word = |path: &Path| path.file_name().and_then(|n| n.to_str()).expect("UTF-8").to_owned();
    let mut outcomes = BTreeMap::new();
    for dir in entries(folder).into_iter().filter(|p| p.is_dir()) {
        for file in entries(&dir) {
            let bytes = fs::read(&file).expect("readable");
            let outcome = read(&bytes, &word(&file));
            outcomes.insert(format!("{}/{}", word(&dir), word(&file)), (bytes, outcome));
        }
    }
    outcomes
}

/// Rows of `index.tsv` as columns by name.
fn index(folder: &Path) -> Vec<BTreeMap<String, String>> {
    let text = fs::read_to_string(folder.join("index.tsv")).expect("the index");
    let mut lines = text.lines().map(|line| line.split('\t').map(str::to_owned));
    let names: Vec<String> = lines.next().expect("a header").collect();
    lines.map(|cells| names.iter().cloned().zip(cells).collect()).collect()
}

/// Seconds in a cell like `599@484.5` or `13s@80`; None when empty.
fn seconds(cell: &str) -> Option<f64> {
    cell.split('@').next()?.trim_end_matches('s').parse().ok()
}

#[test]
fn every_file_has_the_outcome_it_should() {
    let Some(folder) = folder() else { return };
    let code = |outcome: &Outcome| match outcome {
        Ok(log) if log.findings.iter().any(|f| f.code.is_repair()) => "repaired",
        Ok(_) => "read",
        Err(error) => error.code(),
    };
    let outcomes = outcomes(&folder);
    let mut got: Vec<String> =
        outcomes.iter().map(|(file, (_, outcome))| format!("{}: {file}", code(outcome))).collect();
    got.sort();
    let want: Vec<&str> = include_str!("real.txt").lines().collect();
    let changed: Vec<&String> = got.iter().filter(|line| !want.contains(&line.as_str())).collect();
    assert!(changed.is_empty(), "not in real.txt: {changed:#?}");
    assert_eq!(got, want);
    assert_eq!(want.len(), 168);
}

#[test]
fn usable_roasts_agree_with_the_index_to_a_sample() {
    let Some(folder) = folder() else { return };
    let outcomes = outcomes(&folder);
    let mut compared = 0;
    for row in index(&folder) {
        let file = row["file"].as_str();
        if !["complete", "start-inferred"].contains(&row["ok"].as_str()) {
            continue;
        }
        let (bytes, outcome) = &outcomes[file];
        if REDRAWN.contains(&file) {
            assert_eq!(outcome.as_ref().expect_err("redrawn").code(), "drawn_profile", "{file}");
            continue;
        }
        let log = outcome.as_ref().unwrap_or_else(|error| panic!("{file}: {error}"));
        compare(file, &row, log, first_time_s(bytes));
        compared += 1;
    }
    assert_eq!(compared, 101);
}

fn compare(file: &str, row: &BTreeMap<String, String>, log: &RoastLog, first_s: f64) {
    let at = |kind| log.marks.iter().find(|m| m.kind == kind);
    let charge = at(MarkKind::Charge).expect("every log read has one");
    // One sample, and half a second because the index is in whole seconds.
    let tolerance_s = log.sample_interval_s + 0.5;
    let charge_s = charge.at.since_s(log.samples[0].0);
    let moved_s = if file == CHARGED_LATER.0 { CHARGED_LATER.1 } else { 0.0 };
    if let Some(want_s) = seconds(&row["charge"]) {
        let got_s = first_s + charge_s;
        assert_ne!(charge.source, MarkSource::Inferred, "{file}: charge is marked");
        assert!((got_s - want_s).abs() <= tolerance_s, "{file}: charge {got_s} s, index {want_s} s");
    } else {
        assert_eq!(charge.source, MarkSource::Inferred, "{file}");
        assert!((charge_s - moved_s).abs() <= tolerance_s, "{file}: charge {charge_s} s after the start");
    }
    for (column, kind) in [("FCs", MarkKind::FirstCrackStart), ("DROP", MarkKind::Drop)] {
        let want_s = seconds(&row[column]).expect("complete");
        let got_s = at(kind).expect("complete").at.since_s(charge.at) + moved_s;
        assert!((got_s - want_s).abs() <= tolerance_s, "{file}: {column} {got_s} s, index {want_s} s");
    }
}

/// The first time in a file: of `timex`, of the first row of a klog, else 0.
fn first_time_s(bytes: &[u8]) -> f64 {
    let text = core::str::from_utf8(bytes).expect("read before");
    let after = |key: &str| text.find(key).map(|at| &text[at + key.len()..]);
    let klog = || after("actual_fan_RPM\t\n").or_else(|| after("actual_fan_RPM\n"));
    let Some(rest) = after("'timex': [").or_else(|| after("\"timex\":[")).or_else(klog) else { return 0.0 };
    let number: String = rest.chars().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | '-')).collect();
    number.parse().expect("a time")
}

/// Marks that the index has not and that are there, by file, in s from charge.
///
/// - The reference reader knew `DRY End` only as `Dry End`, and then took the header's time,
///   which counts from START, for one from charge: 444 s instead of 428 s, which is also what
///   the JSON of the same roast says.
/// - It wanted colons in a header that somebody edited by hand.
/// - It did not look below `..JSON`, where R left the document, nor into a list of text.
/// - It did not look at the list `events` of the telemetry, nor at the comments of the shield's log.
const OVERLOOKED: [(&str, MarkKind, f64); 9] = [
    ("soondow-roast_profiler/inputfile.csv", MarkKind::DryEnd, 428.0),
    ("soondow-roast_profiler/1.json", MarkKind::DryEnd, 428.0),
    ("jacciz-coffee_roasting_profiles/test.csv", MarkKind::FirstCrackStart, 336.0),
    ("jacciz-coffee_roasting_profiles/test.csv", MarkKind::Drop, 461.0),
    ("jacciz-coffee_roasting_profiles/test.json", MarkKind::Drop, 438.0),
    ("jacciz-coffee_roasting_profiles/Angola--2021-02-17-18-40-18.json", MarkKind::FirstCrackStart, 315.0),
    ("tadelv-yaeger/ex_roast.json", MarkKind::FirstCrackStart, 352.0),
    ("greencardigan-TC4-shield/_logfile.csv", MarkKind::Drop, 851.0),
    ("greencardigan-TC4-shield/_logfile_c.csv", MarkKind::FirstCrackStart, 550.0),
];

#[test]
fn marks_that_the_index_overlooked_are_read() {
    let Some(folder) = folder() else { return };
    let outcomes = outcomes(&folder);
    for (file, kind, want_s) in OVERLOOKED {
        let log = outcomes[file].1.as_ref().unwrap_or_else(|error| panic!("{file}: {error}"));
        let at = |kind| log.marks.iter().find(|m| m.kind == kind).map(|m| m.at);
        let got_s = at(kind).zip(at(MarkKind::Charge)).map(|(at, charge)| at.since_s(charge));
        let got_s = got_s.unwrap_or_else(|| panic!("{file}: {} is overlooked", kind.name()));
        // The row of the mark, and half a second of rounding.
        assert!((got_s - want_s).abs() <= log.sample_interval_s / 2.0 + 0.5, "{file}: {got_s} s");
    }
}

#[test]
fn known_oddities_are_found() {
    let Some(folder) = folder() else { return };
    let outcomes = outcomes(&folder);
    let suspects = |code: FindingCode| -> Vec<&str> {
        let has = |log: &RoastLog| log.findings.iter().any(|f| f.code == code);
        outcomes
            .iter()
            .filter(|(_, (_, o))| o.as_ref().is_ok_and(has))
            .map(|(file, _)| file.as_str())
            .collect()
    };
    // A board that restarted in °F 12 s before drop: 176.1 °C, then 349.0 °F.
    assert_eq!(suspects(FindingCode::UnitSwitched), ["scottjames-coffee-roasting/roast_25-10-25_1609.alog"]);
    let simulated = suspects(FindingCode::SimulatorSuspect);
    assert_eq!(simulated.len(), 6);
    assert!(simulated.iter().all(|file| file.contains("/RST_") || file.contains("/sim-")), "{simulated:?}");
}

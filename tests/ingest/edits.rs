//! What people say of sessions in a store: numbers that the pipeline's revisions share.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::child::{Service, ends};

/// A store with a roast of which some readings are still to come, and those readings.
fn store_without_some(folder: &Path) -> String {
    let root = env!("CARGO_MANIFEST_DIR");
    ends(folder, &format!("run {root}/scenarios/first-roast.toml --seed 7 --out run"), 0);
    let text = fs::read_to_string(folder.join("run/envelopes.jsonl")).expect("written");
    let lines: Vec<String> = text.lines().map(|line| format!("{line}\n")).collect();
    let late = 300..320;
    let early: String =
        lines.iter().enumerate().filter(|(n, _)| !late.contains(n)).map(|(_, line)| line.as_str()).collect();
    fs::write(folder.join("early.jsonl"), early).expect("writable");
    fs::write(folder.join("late.jsonl"), lines[late].concat()).expect("writable");
    ends(folder, "ingest --store day --tenant trier early.jsonl", 0);
    text
}

fn shown(folder: &Path) -> Value {
    serde_json::from_str(ends(folder, "session show day S- --json", 0).trim()).expect("JSON")
}

#[test]
fn edits_and_late_readings_never_share_a_number() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    store_without_some(at);
    // The roast ends the file, so nothing has sealed it yet.
    ends(at, "session list day", 3);
    assert!(ends(at, "ingest --store day --end", 0).contains("1 revisions of sessions sealed"));
    assert_eq!(shown(at)["revision"], 0);
    ends(at, "session mark day S- first_crack_start --at 500 --author Ana", 0);
    ends(at, "session qc day S- --author Ben --green-kg 6 --roasted-kg 5.1", 0);
    let before = shown(at);
    assert_eq!((&before["revision"], before["first_crack_s"].as_f64()), (&2.into(), Some(500.0)));
    assert!(before["first_crack_bt_c"].as_f64().is_some_and(|c| (150.0..230.0).contains(&c)), "{before}");
    // What comes late makes the pipeline seal it again: past both, and both still hold.
    ends(at, "ingest --store day --tenant trier --end late.jsonl", 0);
    let after = shown(at);
    assert_eq!((&after["revision"], after["first_crack_s"].as_f64()), (&3.into(), Some(500.0)));
    assert_eq!(after["revisions"].as_array().map(Vec::len), Some(2));
    let loser = ends(at, "session discard day S- --author Ana --base 2", 2);
    assert!(loser.contains("is at revision 3 by the pipeline, not at 2"), "{loser}");
    ends(at, "session discard day S- --author Ana --base 3", 0);
    assert!(ends(at, "session list day", 3).contains("1 discarded"));
    // The store opened anew puts nothing out that was there.
    ends(at, "ingest --store day --tenant trier --end early.jsonl", 0);
    assert_eq!(shown(at)["revision"], 4);
    assert!(ends(at, "ingest --store day --check", 0).contains("whole"));
}

#[test]
fn an_edit_needs_no_pause_of_the_writer() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let text = store_without_some(at);
    ends(at, "ingest --store day --end", 0);
    let service = Service::start(at, "ingest --store day --http 127.0.0.1:0");
    ends(at, "session discard day S- --author Ana", 0);
    assert!(ends(at, "ingest --store day --end", 2).contains("a store has one writer"));
    let late: String = text.lines().skip(300).take(20).map(|line| format!("{line}\n")).collect();
    let (status, said) = service.ask("POST /v1/trier/telemetry|application/x-ndjson", late.as_bytes());
    assert_eq!(status, 200, "{said}");
    assert_eq!(service.terminate(), Some(0));
    ends(at, "ingest --store day --end", 0);
    assert_eq!((&shown(at)["revision"], &shown(at)["discarded"]), (&2.into(), &true.into()));
}

#[test]
fn an_id_that_two_companies_have_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let text = store_without_some(at);
    fs::write(at.join("rival.jsonl"), text.replace(r#""orgId":"trier""#, r#""orgId":"rival""#))
        .expect("writable");
    ends(at, "ingest --store day --tenant rival rival.jsonl", 0);
    assert!(ends(at, "ingest --store day --end", 0).contains("2 revisions"));
    let said = ends(at, "session discard day S- --author Ana", 2);
    assert!(said.contains("is of 2 machines of the store"), "{said}");
    // What goes with messages is no word for sealing.
    assert!(ends(at, "ingest --store day --tenant trier --end", 2).contains("nothing to take in"));
}

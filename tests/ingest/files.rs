//! Files and standard input into a store, and what is shown of it.

use std::fs;

use serde_json::Value;
use trier_roast::{EventTime, Reading, ReadingBody, Sample};
use trier_wire::{Batch, Origin};

use crate::child::{ends, line};

fn batch(seq: u64, bt_c: f64) -> Vec<u8> {
    let origin = Origin { org_id: "trier".into(), site_id: "lab".into(), machine_id: "m".into() };
    let at = EventTime::from_us(1_767_600_000_000_000).plus_s(10.0 * seq as f64);
    let body = ReadingBody::Sample(Sample { bt_c: Some(bt_c), ..Sample::default() });
    let readings = vec![Reading { at, body }];
    Batch { origin, device: "agent".into(), boot: 2, seq, tick_us: None, readings }.encode().expect("a batch")
}

#[test]
fn a_simulated_roast_becomes_one_session_however_often_it_is_sent() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = env!("CARGO_MANIFEST_DIR");
    ends(folder.path(), &format!("run {root}/scenarios/first-roast.toml --seed 7 --out run"), 0);
    let text = fs::read_to_string(folder.path().join("run/envelopes.jsonl")).expect("written");
    let lines: Vec<&str> = text.lines().collect();
    let n = lines.len();
    fs::write(folder.path().join("all.jsonl"), &text).expect("writable");
    let said = ends(folder.path(), "ingest --store day --tenant trier --end all.jsonl", 0);
    assert!(said.contains(&format!("stored      {n} messages, {n} readings")), "{said}");
    let sessions = ends(folder.path(), "ingest --store day --list sessions --json", 0);
    assert_eq!(sessions.lines().count(), 1, "{sessions}");
    let row: Value = serde_json::from_str(sessions.trim()).expect("JSON");
    let session = &row["row"]["session"];
    assert_eq!((&session["outcome"], &session["revision"]), (&"complete".into(), &0.into()), "{session}");
    // Again, and backwards: nothing new.
    let backwards: String = lines.iter().rev().map(|line| format!("{line}\n")).collect();
    fs::write(folder.path().join("back.jsonl"), backwards).expect("writable");
    let said = ends(folder.path(), "ingest --store day --tenant trier all.jsonl back.jsonl", 0);
    assert!(said.contains(&format!("duplicate   {} messages", 2 * n)), "{said}");
    assert_eq!(ends(folder.path(), "ingest --store day --list sessions --json", 0), sessions);
    assert!(ends(folder.path(), "ingest --store day --check", 0).contains("whole"));
    // As tables: a row for each sample and each mark, and the session.
    ends(folder.path(), "ingest --store day --out tables", 0);
    let rows = |name: &str| {
        let text = fs::read_to_string(folder.path().join("tables/run.json")).expect("written");
        let record: Value = serde_json::from_str(&text).expect("JSON");
        record["tables"][name]["rows"].as_u64().expect("a number")
    };
    let samples = lines.iter().filter(|line| line.contains(r#""topic":"telemetry""#)).count() as u64;
    assert_eq!((rows("telemetry"), rows("sessions")), (samples, 1));
    assert!(rows("marks") >= n as u64 - samples, "those that came, and those worked out");
    // In another order from the start: the same session, byte for byte.
    ends(folder.path(), "ingest --store other --tenant trier --end back.jsonl all.jsonl", 0);
    let other = ends(folder.path(), "ingest --store other --list sessions --json", 0);
    let unnumbered = |text: &str| {
        let mut row: Value = serde_json::from_str(text.trim()).expect("JSON");
        row["row"]["session"]["revision"] = 0.into();
        row
    };
    assert_eq!(unnumbered(&other), unnumbered(&sessions));
}

#[test]
fn two_contents_of_one_number_are_both_withheld_until_somebody_rules() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let all = [batch(0, 20.0), batch(1, 21.0), batch(1, 99.0), batch(2, 22.0)].concat();
    fs::write(path("four.cbor"), &all).expect("writable");
    let acks = ends(folder.path(), "ingest --store day --tenant trier --acks four.cbor", 0);
    let acks: Vec<&str> = acks.lines().take(4).collect();
    assert!(acks[1].contains(r#""outcome":"stored""#) && acks[1].contains(r#""contiguous":1"#), "{acks:?}");
    assert!(acks[2].contains(r#""reason":"conflict""#), "{acks:?}");
    // Both are known to be here, so the device need not send either again.
    assert!(acks[3].contains(r#""contiguous":2"#), "{acks:?}");
    let conflicts = ends(folder.path(), "ingest --store day --list conflicts --json", 0);
    assert_eq!(conflicts.lines().count(), 2, "{conflicts}");
    let id = |line: &str| {
        serde_json::from_str::<Value>(line).expect("JSON")["row"]["id"].as_i64().expect("a number")
    };
    let ids: Vec<i64> = conflicts.lines().map(id).collect();
    let said = ends(folder.path(), &format!("ingest --store day --release {} --author me", ids[0]), 2);
    assert!(said.contains("hint: say which one stands with --rule"), "{said}");
    ends(folder.path(), &format!("ingest --store day --rule {} --author me", ids[1]), 0);
    assert_eq!(ends(folder.path(), "ingest --store day --list conflicts --json", 0).lines().count(), 1);
    let ledger = ends(folder.path(), "ingest --store day --list ledger", 0);
    assert!(
        ledger.contains("stored      3 messages") && ledger.contains("quarantined 1 messages"),
        "{ledger}"
    );
    // The ruling holds for what is sent again.
    let again = ends(folder.path(), "ingest --store day --tenant trier --acks four.cbor", 0);
    assert_eq!(again.matches(r#""outcome":"duplicate""#).count(), 4, "{again}");
    assert!(ends(folder.path(), "ingest --store day --check", 0).contains("whole"));
}

#[test]
fn what_cannot_be_read_is_counted_and_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let long = "x".repeat(100_000);
    let text = format!("{}\nnot an envelope\n{long}\n\n{}\n", line("a", 0), line("a", 1));
    fs::write(folder.path().join("mixed.jsonl"), text).expect("writable");
    let said = ends(folder.path(), "ingest --store day --tenant trier mixed.jsonl", 0);
    assert!(said.contains("4 messages, 2 readings received"), "{said}");
    let rejected = ends(folder.path(), "ingest --store day --list rejected", 0);
    assert!(rejected.contains("not_an_envelope") && rejected.contains("too_long"), "{rejected}");
    // Another company's door.
    ends(folder.path(), "ingest --store day --tenant other mixed.jsonl", 0);
    let held = ends(folder.path(), "ingest --store day --list quarantine", 0);
    assert_eq!(held.matches("cross_tenant     other/lab/a").count(), 2, "{held}");
}

#[test]
fn what_is_asked_for_wrongly_says_how_to_ask() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.jsonl"), line("a", 0)).expect("writable");
    for (words, hint) in [
        ("ingest --store day", "hint: name files"),
        ("ingest --store day a.jsonl", "hint: say --tenant"),
        ("ingest --store day --tenant trier none.jsonl", "cannot read none.jsonl"),
        ("ingest --store day --list ledger", "there is no store in day"),
        ("ingest --store day --release 1 --author me", "there is no store in day"),
        ("ingest --store day --mqtt broker --tenant trier", "write it as mqtt://host"),
    ] {
        let said = ends(folder.path(), words, 2);
        assert!(said.contains(hint), "{words}: {said}");
    }
    assert!(!folder.path().join("day").exists(), "a mistake makes no store");
    fs::create_dir(folder.path().join("taken")).expect("a folder");
    fs::write(folder.path().join("taken/readings.sqlite"), "something else").expect("writable");
    let said = ends(folder.path(), "ingest --store taken --tenant trier a.jsonl", 2);
    assert!(said.contains("opening the store's file failed"), "{said}");
}

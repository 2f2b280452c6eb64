//! What one file promises: one writer, nothing changed or deleted, books that close, sessions that
//! follow from the messages.

use std::path::Path;

use rusqlite::Connection;
use trier_intake::{Arrival, DatabasePlace, Editor, Outcome, Store, StoreError, View, clock};
use trier_pipeline::ingest::{Door, Place};
use trier_pipeline::records::Edit;
use trier_roast::{EventTime, Mark, MarkKind, MarkSource, Reading, ReadingBody, Sample};
use trier_wire::{Batch, DeviceKey, Origin, Registry};

/// 1 January 2026, 9:00 UTC.
const NINE: EventTime = EventTime::from_us(1_767_258_000_000_000);

fn sample(t_s: f64, bt_c: f64) -> Reading {
    let body = ReadingBody::Sample(Sample { bt_c: Some(bt_c), ..Sample::default() });
    Reading { at: NINE.plus_s(t_s), body }
}

/// A roast of ten minutes, a reading each ten seconds, and its marks.
fn roast() -> Vec<Reading> {
    let bt_c = |t_s: f64| if t_s < 90.0 { 205.0 - t_s * 1.25 } else { 92.5 + (t_s - 90.0) * 0.23 };
    let mark = |t_s, kind| {
        let at = NINE.plus_s(t_s);
        let body = ReadingBody::Mark(Mark { kind, at, source: MarkSource::Device, confidence: 1.0 });
        Reading { at, body }
    };
    let mut readings = vec![sample(-10.0, 205.0), mark(0.0, MarkKind::Charge)];
    readings.extend((0..60_i32).map(|n| f64::from(n) * 10.0).map(|t_s| sample(t_s, bt_c(t_s))));
    readings.push(mark(600.0, MarkKind::Drop));
    readings
}

fn batch(seq: u64, readings: Vec<Reading>) -> Batch {
    let origin = Origin { org_id: "trier".into(), site_id: "lab".into(), machine_id: "m".into() };
    Batch { origin, device: "agent".into(), boot: 1, seq, tick_us: None, readings }
}

fn arrival(bytes: Vec<u8>, registry: &Registry) -> Arrival {
    Arrival::read(bytes, Door::of("trier"), registry, NINE.plus_s(90_000.0))
}

fn take(store: &mut Store, batches: &[Batch]) -> Vec<Outcome> {
    let unsigned = Registry::default();
    let arrivals: Vec<Arrival> =
        batches.iter().map(|batch| arrival(batch.encode().expect("a batch"), &unsigned)).collect();
    store.take(arrivals).expect("no fault").into_iter().map(|taken| taken.outcome).collect()
}

fn file(folder: &Path) -> Connection {
    Connection::open(folder.join("readings.sqlite")).expect("a file")
}

/// Revision and outcome of every session there is.
fn sessions(folder: &Path) -> Vec<(u64, String)> {
    let of = |row: trier_intake::SealedRow| {
        let text = |key: &str| row.session[key].as_str().unwrap_or_default().to_owned();
        (row.session["revision"].as_u64().expect("a number"), text("outcome"))
    };
    View::open(folder).and_then(|view| view.sessions()).expect("readable").into_iter().map(of).collect()
}

#[test]
fn a_store_has_one_writer_and_as_many_readers_as_want_to_look() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = Store::open(folder.path()).expect("opened");
    assert!(matches!(Store::open(folder.path()), Err(StoreError::Taken { .. })));
    take(&mut store, &[batch(0, vec![sample(0.0, 20.0)])]);
    let view = View::open(folder.path()).expect("opened");
    assert_eq!(view.books().expect("readable").total(Place::Stored).messages, 1);
    // Past the lock, as on a disk whose locks do not hold: who opened it first stops.
    let mut other = Store::open_at(&DatabasePlace::of_folder(folder.path())).expect("opened");
    let refused = store.take(vec![arrival(b"x".to_vec(), &Registry::default())]);
    assert!(matches!(refused, Err(StoreError::Superseded { got: 2, ours: 1 })), "{refused:?}");
    assert_eq!(take(&mut other, &[batch(0, vec![sample(0.0, 20.0)])]), [Outcome::Duplicate]);
}

#[test]
fn other_files_and_newer_stores_are_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = || Store::open(folder.path()).map(drop);
    file(folder.path()).execute_batch("PRAGMA application_id = 7; CREATE TABLE t (a)").expect("made");
    assert!(matches!(opened(), Err(StoreError::Foreign { got: 7, .. })));
    std::fs::remove_file(folder.path().join("readings.sqlite")).expect("removed");
    opened().expect("a new one");
    file(folder.path()).execute_batch("PRAGMA user_version = 99").expect("set");
    assert!(matches!(opened(), Err(StoreError::Newer { got: 99, .. })));
    assert!(matches!(View::open(folder.path()), Err(StoreError::Newer { got: 99, .. })));
    // An older one is brought up by its writer, and by nobody who only looks.
    let older =
        "DROP TABLE edit; DROP TRIGGER session_number; DROP INDEX session_by_name; PRAGMA user_version = 1";
    file(folder.path()).execute_batch(older).expect("as version 1 was");
    assert!(matches!(View::open(folder.path()), Err(StoreError::Older { got: 1, .. })));
    assert!(matches!(Editor::open(folder.path()), Err(StoreError::Older { got: 1, .. })));
    opened().expect("brought up");
    View::open(folder.path()).and_then(|view| view.edits("none")).expect("it has edits");
}

#[test]
fn who_looks_at_a_still_store_sees_no_half_of_what_comes_meanwhile() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = Store::open(folder.path()).expect("opened");
    take(&mut store, &[batch(0, roast()), batch(1, vec![sample(3_000.0, 30.0)])]);
    take(&mut store, &[batch(2, vec![sample(3_100.0, 30.0)])]);
    let still = View::still(folder.path()).expect("opened");
    let before = still.sessions().expect("readable");
    let id = before[0].session["session_id"].as_str().expect("an id").to_owned();
    let mut editor = Editor::open(folder.path()).expect("opened");
    editor.say(&id, None, ("Ana", "old beans"), NINE, Edit::Discard).expect("said beside a reader");
    let next = batch(3, vec![sample(3_200.0, 30.0)]);
    assert_eq!(take(&mut store, &[next]), [Outcome::Stored], "stored beside a reader");
    let of = |view: &View| {
        let rows = view.outputs().expect("readable");
        (view.edits(&id).expect("readable").len(), rows.telemetry.len(), view.sessions().expect("readable"))
    };
    let (edits, samples, sessions) = of(&still);
    assert_eq!((edits, &sessions), (0, &before));
    let now = of(&View::open(folder.path()).expect("opened"));
    assert_eq!((now.0, now.1), (1, samples + 1));
}

#[test]
fn nothing_that_is_kept_can_be_changed_or_deleted() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = Store::open(folder.path()).expect("opened");
    take(&mut store, &[batch(0, roast()), batch(1, vec![sample(3_000.0, 30.0)])]);
    take(&mut store, &[batch(2, vec![sample(3_100.0, 30.0)])]);
    assert_eq!(sessions(folder.path()), [(0, "complete".to_owned())]);
    drop(store);
    let view = View::open(folder.path()).expect("readable");
    let id = view.sessions().expect("readable")[0].session["session_id"].as_str().expect("an id").to_owned();
    let mut editor = Editor::open(folder.path()).expect("opened");
    let edited = editor.say(&id, None, ("Ana", "old beans"), NINE, Edit::Discard).expect("said");
    assert_eq!((edited.row.revision, edited.is_discarded), (1, true));
    let file = file(folder.path());
    for (wrong, why) in [
        ("DELETE FROM frame", "a frame is never deleted"),
        ("UPDATE frame SET bytes = x'00'", "a frame never changes"),
        ("DELETE FROM session", "a sealed session is never deleted"),
        ("UPDATE session SET row = '{}'", "a sealed session never changes"),
        ("DELETE FROM edit", "an edit is never deleted"),
        ("UPDATE edit SET row = ''", "an edit never changes"),
        // One number, one revision: whoever writes it, and whichever came first.
        ("INSERT INTO edit SELECT machine, session, 0, row, digest FROM edit", "is taken"),
        ("INSERT INTO session SELECT machine, session, 1, 0, row, 0, digest FROM session", "is taken"),
    ] {
        let said = file.execute_batch(wrong).expect_err(wrong).to_string();
        assert!(said.contains(why), "{wrong}: {said}");
    }
    assert_eq!(View::open(folder.path()).and_then(|v| v.check()).expect("readable"), Vec::<String>::new());
    // What a disk changes by itself is found, and named.
    file.execute_batch("DROP TRIGGER frame_fixed; DROP TRIGGER session_fixed; DROP TRIGGER edit_fixed;")
        .expect("dropped");
    file.execute_batch("UPDATE frame SET bytes = x'00' WHERE id = 2").expect("changed");
    file.execute_batch("UPDATE session SET row = row || ' '; UPDATE account SET readings = 9")
        .expect("changed");
    file.execute_batch("UPDATE edit SET row = replace(row, 'Ana', 'Ben')").expect("changed");
    let findings = View::open(folder.path()).and_then(|v| v.check()).expect("readable");
    for what in [
        "message 2: ",
        "revision 0: its row is not what it was",
        "revision 1: what was said is not what it was",
        "books of trier/agent: ",
    ] {
        assert!(findings.iter().any(|finding| finding.contains(what)), "no {what} in {findings:#?}");
    }
}

#[test]
fn a_late_batch_makes_a_revision_and_a_restart_makes_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut early, rest) = (roast(), roast().split_off(30));
    early.truncate(30);
    let after = |seq| batch(seq, vec![sample(3_000.0 + seq as f64 * 60.0, 30.0)]);
    let mut store = Store::open(folder.path()).expect("opened");
    take(&mut store, &[batch(0, early), after(2), after(3)]);
    assert_eq!(sessions(folder.path()).len(), 1);
    drop(store);
    // Half of the roast comes when all is over, to a program that was started anew.
    let mut store = Store::open(folder.path()).expect("opened");
    take(&mut store, &[after(4)]);
    assert_eq!(sessions(folder.path())[0].0, 0, "a restart changes nothing");
    take(&mut store, &[batch(1, rest)]);
    assert_eq!(sessions(folder.path()), [(1, "complete".to_owned())]);
}

#[test]
fn a_signed_copy_raises_the_trust_of_what_came_without() {
    let folder = tempfile::tempdir().expect("a folder");
    let key = DeviceKey::from_seed("device:m@lab", &[7; 32]).expect("a key");
    let registry = format!(
        "schema = \"keys/1\"\n[[key]]\nkid = \"device:m@lab\"\npublic_key = \"{}\"\norg = \"trier\"\n\
         state = \"active\"\nvalid_from = \"2026-01-01T00:00:00Z\"\n",
        key.public_key()
    );
    let registry = Registry::parse(&registry, "keys.toml").expect("a registry");
    let said = batch(0, vec![sample(0.0, 20.0)]);
    let (bare, signed) = (said.encode().expect("a batch"), key.seal(&said).expect("a batch"));
    let mut store = Store::open(folder.path()).expect("opened");
    let mut take =
        |bytes: &[u8]| store.take(vec![arrival(bytes.to_vec(), &registry)]).expect("no fault")[0].outcome;
    assert_eq!(take(&bare), Outcome::Stored);
    assert_eq!(take(&signed), Outcome::Duplicate);
    // A forged copy is kept apart, and takes nothing from what stands.
    let mut forged = signed.clone();
    *forged.last_mut().expect("not empty") ^= 1;
    assert!(matches!(take(&forged), Outcome::Quarantined("altered" | "malleated")));
    let trust: String = file(folder.path())
        .query_row("SELECT trust FROM frame WHERE state = 0", [], |row| row.get(0))
        .expect("one stands");
    assert_eq!(trust, "verified");
    let view = View::open(folder.path()).expect("opened");
    assert_eq!(view.check().expect("readable"), Vec::<String>::new());
    let held = view.held(None).expect("readable");
    // It cannot be let in beside what stands.
    let refused = store.release(held[0].id, "A. Roaster", clock::now());
    assert!(matches!(refused, Err(StoreError::Standing { .. })), "{refused:?}");
}

#[test]
fn who_takes_long_to_write_holds_up_a_group_and_loses_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = Store::open(folder.path()).expect("opened");
    let other = file(folder.path());
    other.execute_batch("BEGIN IMMEDIATE").expect("begun");
    let unsigned = Registry::default();
    let group = || vec![arrival(batch(0, roast()).encode().expect("a batch"), &unsigned)];
    let refused = store.take(group()).expect_err("held up");
    assert!(matches!(refused, StoreError::Busy) && refused.is_passing(), "{refused:?}");
    other.execute_batch("ROLLBACK").expect("ended");
    let taken = store.take(group()).expect("stored");
    assert_eq!(taken[0].outcome, Outcome::Stored);
}

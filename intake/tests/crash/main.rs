//! A crash at every operation: the canonical day on a disk that fails on order, and what is left.
//!
//! Run with `--features trier-intake/crash`. Every seventh operation by default, all of them with
//! `TRIER_CRASH=all`; `TRIER_CRASH=report` prints what a group costs.

mod day;
mod disk;
mod mount;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use trier_intake::{DatabasePlace, Store, StoreError, Taken, View};
use trier_pipeline::ingest::Place;

use day::{Step, day, take_step};
use disk::{Disk, Fault};
use mount::Mount;

const PATH: &str = "store";

/// A client that sends a day and keeps every answer.
#[derive(Clone, Debug, Default)]
struct Client {
    /// Steps that were answered.
    done: usize,
    /// Messages that were called stored, duplicate or quarantined, and are to be there for ever.
    acknowledged: BTreeSet<Vec<u8>>,
}

impl Client {
    /// Goes on with the day: from the step before the first that was not answered, since an answer
    /// may have been lost. A full disk is asked three times.
    fn go_on(&mut self, mount: &Mount, steps: &[Step]) -> Result<(), StoreError> {
        let mut store = Store::open_at(&place(mount))?;
        for (index, step) in steps.iter().enumerate().skip(self.done.saturating_sub(1)) {
            let mut tries = 0;
            let taken = loop {
                tries += 1;
                match take_step(&mut store, || view(mount), step) {
                    Err(StoreError::Full) if tries < 3 => {}
                    other => break other?,
                }
            };
            self.hear(index, step, &taken);
        }
        store.settle()
    }

    fn hear(&mut self, index: usize, step: &Step, taken: &[Taken]) {
        self.done = self.done.max(index + 1);
        if let Step::Send(messages) = step {
            assert_eq!(messages.len(), taken.len(), "an answer for each message");
            let kept = messages.iter().zip(taken).filter(|(_, t)| t.outcome.place() != Place::Rejected);
            self.acknowledged.extend(kept.map(|(message, _)| message.clone()));
        }
    }

    /// Everything that was acknowledged is in the store, once, and the store is whole.
    fn check(&self, mount: &Mount, what: &str) {
        let view = view(mount);
        assert_eq!(view.check().expect("readable"), Vec::<String>::new(), "{what}");
        let connection = raw(mount);
        let mut select = connection.prepare("SELECT bytes FROM frame").expect("prepared");
        let rows = select.query_map([], |row| row.get(0)).expect("readable");
        let mut there: BTreeMap<Vec<u8>, u32> = BTreeMap::new();
        for bytes in rows {
            *there.entry(bytes.expect("readable")).or_default() += 1;
        }
        for message in &self.acknowledged {
            assert_eq!(
                there.get(message),
                Some(&1),
                "{what}: a message was acknowledged and is there so often"
            );
        }
    }
}

fn place(mount: &Mount) -> DatabasePlace {
    DatabasePlace::on_file_system(Path::new(PATH), mount.name())
}

fn view(mount: &Mount) -> View {
    View::open_at(&place(mount)).expect("opened to look")
}

fn raw(mount: &Mount) -> Connection {
    Connection::open_with_flags_and_vfs(PATH, OpenFlags::SQLITE_OPEN_READ_WRITE, mount.name())
        .expect("opened")
}

/// All that a store says that does not depend on how often something was sent.
fn content(mount: &Mount) -> String {
    let connection = raw(mount);
    let mut text = String::new();
    for sql in [
        "SELECT tenant || name || hex(key) || hex(digest) || state || reason || trust FROM frame
         JOIN device ON device.id = frame.device ORDER BY 1",
        "SELECT session || ' ' || revision || ' ' || row FROM session ORDER BY 1",
        "SELECT kind || author FROM event ORDER BY id",
        "SELECT tenant || device || place || reason || messages || ' ' || readings FROM account
         WHERE place IN ('stored', 'quarantined') AND messages > 0 ORDER BY 1",
        "SELECT name || boot || ' ' || seq FROM contiguous JOIN device ON device.id = contiguous.device ORDER BY 1",
    ] {
        let mut select = connection.prepare(sql).expect("prepared");
        let rows = select.query_map([], |row| row.get::<_, String>(0)).expect("readable");
        text.extend(rows.map(|row| row.expect("readable") + "\n"));
        text += "--\n";
    }
    text
}

/// The day without a fault: what is in the store then, and how many operations it takes.
fn untroubled(mount: &Mount, steps: &[Step]) -> (String, u64) {
    mount.put(Disk::default());
    let mut client = Client::default();
    client.go_on(mount, steps).expect("no fault");
    client.check(mount, "without a fault");
    let operations = mount.disk().counts.all();
    (content(mount), operations)
}

/// Which operations are tried: all, or every seventh from `offset` on.
fn tried(operations: u64, offset: u64) -> impl Iterator<Item = u64> {
    let all = std::env::var_os("TRIER_CRASH").is_some_and(|value| value == "all");
    (if all { 0 } else { offset % 7 }..operations).step_by(if all { 1 } else { 7 })
}

/// Breaks the day at an operation; the client and the disk as the fault left them.
fn broken(mount: &Mount, steps: &[Step], at: u64, fault: Fault) -> (Client, bool) {
    mount.put(Disk::default().with_fault(at, fault));
    let mut client = Client::default();
    let ended = client.go_on(mount, steps);
    let disk = mount.disk();
    let took_effect = disk.is_down() || disk.refused > 0;
    assert!(took_effect || ended.is_ok(), "{fault:?} at {at}: {ended:?}");
    (client, took_effect)
}

#[test]
fn whatever_fails_at_any_operation_nothing_acknowledged_is_lost_or_doubled() {
    let mount = Mount::new("crash-any");
    let steps = day();
    let (expected, operations) = untroubled(&mount, &steps);
    assert!(expected.contains("complete") && expected.contains("rule"), "the day has it all:\n{expected}");
    let fails = |full, for_good| Fault::Fails { full, for_good };
    let mut faults = vec![Fault::Kill, Fault::PowerCut];
    faults.extend((0..4).map(|damage| Fault::Torn { damage }));
    faults.extend([fails(false, false), fails(false, true), fails(true, false), fails(true, true)]);
    let mut effects = 0;
    for (index, fault) in faults.into_iter().enumerate() {
        for at in tried(operations, index as u64) {
            // A second blow may follow: the power goes after the program was started again and has
            // answered something.
            for cut_later in [false, true] {
                let what = format!("{fault:?} at operation {at}, power cut later: {cut_later}");
                let (mut client, took_effect) = broken(&mount, &steps, at, fault);
                effects += u64::from(took_effect);
                let disk = mount.disk().clone();
                mount.put(disk.restarted(false));
                if cut_later {
                    let until = (client.done + 1).min(steps.len());
                    client.go_on(&mount, &steps[..until]).unwrap_or_else(|error| panic!("{what}: {error}"));
                    let disk = mount.disk().clone();
                    mount.put(disk.restarted(true));
                }
                if client.done > 0 {
                    client.check(&mount, &what);
                }
                client.go_on(&mount, &steps).unwrap_or_else(|error| panic!("{what}: {error}"));
                client.check(&mount, &what);
                assert_eq!(content(&mount), expected, "{what}");
            }
        }
    }
    assert!(effects > 100, "only {effects} faults had an effect");
    println!("{operations} operations, {effects} faults that had an effect");
}

#[test]
fn recovery_may_itself_be_cut_off_anywhere() {
    let mount = Mount::new("crash-recovery");
    let steps = day();
    let (expected, operations) = untroubled(&mount, &steps);
    let mut recoveries = 0;
    // Where the log is long there is most to recover.
    for first in tried(operations, 3).step_by(5) {
        let (client, _) = broken(&mount, &steps, first, Fault::Torn { damage: first });
        let left = mount.disk().clone().restarted(false);
        for second in 0.. {
            let mut client = client.clone();
            mount.put(left.clone().with_fault(second, Fault::Torn { damage: second }));
            // What fails at its very end, as it lets the file go, it need not notice.
            let _ = Store::open_at(&place(&mount)).map(drop);
            let is_over = !mount.disk().is_down();
            let disk = mount.disk().clone();
            mount.put(disk.restarted(false));
            let what = format!("torn at {first}, again at {second} of the recovery");
            client.go_on(&mount, &steps).unwrap_or_else(|error| panic!("{what}: {error}"));
            client.check(&mount, &what);
            assert_eq!(content(&mount), expected, "{what}");
            if is_over {
                break;
            }
            recoveries += 1;
        }
    }
    assert!(recoveries > 10, "only {recoveries} recoveries were cut off");
    println!("{recoveries} recoveries cut off");
}

#[test]
fn a_group_is_flushed_once() {
    let mount = Mount::new("crash-count");
    mount.put(Disk::default());
    let mut store = Store::open_at(&place(&mount)).expect("opened");
    let mut log_is_home = false;
    for step in &day() {
        let before = mount.disk().counts;
        take_step(&mut store, || view(&mount), step).expect("no fault");
        let after = mount.disk().counts;
        let flushes = after.flushes - before.flushes;
        if let Step::Send(messages) = step {
            // Where the log begins anew, its head is flushed first.
            let expected = 1 + u64::from(log_is_home);
            assert_eq!(flushes, expected, "a group of {} messages", messages.len());
        }
        log_is_home = matches!(step, Step::Rest);
        if std::env::var_os("TRIER_CRASH").is_some_and(|value| value == "report") {
            let (writes, bytes) = (after.writes - before.writes, after.bytes - before.bytes);
            println!("{flushes} flushes, {writes} writes, {bytes} bytes: {step:.60?}");
        }
    }
}

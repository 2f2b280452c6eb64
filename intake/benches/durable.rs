//! A fleet at its worst: 5,000 devices, two readings a second, for a minute; what an answer waits
//! for, what reaches the disk, and whether memory stays flat.
//!
//! `cargo bench --bench durable` sends batches of 1 s and of 5 s to the store's queue, bare and signed by each
//! device's own key, and single envelopes by HTTP. What is sent is made before, as devices do that elsewhere. `TRIER_FLEET` sets the devices, `TRIER_FLEET_S` the seconds. Not criterion:
//! what counts is the slowest answers under a load of a given pace, not the mean of a closed loop.

#![allow(clippy::print_stdout, clippy::disallowed_methods)] // A bench reads the clock and tells what it read.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use trier_intake::doors::{Door, Doors, Open};
use trier_intake::{Arrival, Desk, Store, View, start};
use trier_pipeline::ingest::{Door as Route, Place};
use trier_roast::{EventTime, Reading, ReadingBody, Sample};
use trier_wire::{Batch, DeviceKey, Envelope, Origin, Registry};

const BEGIN: EventTime = EventTime::from_us(1_767_600_000_000_000);

/// Readings of a device in a second.
const HZ: f64 = 2.0;

fn setting(name: &str, usual: u32) -> u32 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

fn origin(device: u32) -> Origin {
    Origin { org_id: "fleet".into(), site_id: format!("s{}", device % 50), machine_id: format!("m{device}") }
}

fn reading(n: u32) -> Reading {
    let bt_c = 90.0 + f64::from(n % 600) * 0.2;
    let sample =
        Sample { bt_c: Some(bt_c), et_c: Some(bt_c + 40.0), gas_pct: Some(75.0), ..Sample::default() };
    Reading { at: BEGIN.plus_s(f64::from(n) / HZ), body: ReadingBody::Sample(sample) }
}

fn batch(device: u32, seq: u32, readings: u32) -> Batch {
    let readings = (seq * readings..(seq + 1) * readings).map(reading).collect();
    let (name, origin) = (format!("agent-{device}"), origin(device));
    Batch { origin, device: name, boot: 1, seq: seq.into(), tick_us: None, readings }
}

fn key(device: u32) -> DeviceKey {
    let mut seed = [9; 32];
    seed[..4].copy_from_slice(&device.to_le_bytes());
    DeviceKey::from_seed(&format!("agent-{device}"), &seed).expect("a name")
}

/// The registry of the fleet's keys.
fn registry(devices: u32) -> Registry {
    let entry = |device| {
        format!(
            "[[key]]\nkid = \"agent-{device}\"\npublic_key = \"{}\"\norg = \"fleet\"\nmachine = \"m{device}\"\n\
             state = \"active\"\nvalid_from = \"2026-01-01T00:00:00Z\"\n",
            key(device).public_key()
        )
    };
    let keys: String = (0..devices).map(entry).collect();
    Registry::parse(&format!("schema = \"keys/1\"\n{keys}"), "the fleet").expect("a registry")
}

/// What the system says of this process: resident memory in MiB, and MiB and calls written so far.
fn process() -> (f64, f64, u64) {
    let text = |name: &str| std::fs::read_to_string(format!("/proc/self/{name}")).unwrap_or_default();
    let number = |text: &str, key: &str| -> u64 {
        let line = text.lines().find_map(|line| line.strip_prefix(key));
        line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
    };
    let (status, io) = (text("status"), text("io"));
    let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    (mib(number(&status, "VmRSS:") * 1024), mib(number(&io, "write_bytes:")), number(&io, "syscw:"))
}

/// A store on the disk that the build is on; gone with the folder.
fn store(folder: &Path) -> Store {
    Store::open(folder).expect("a store")
}

struct Load<'a> {
    name: &'a str,
    messages_per_s: f64,
    seconds: u32,
}

impl Load<'_> {
    fn messages(&self) -> u32 {
        (self.messages_per_s * f64::from(self.seconds)) as u32
    }
}

/// Sends at an even pace and tells what the answers took. `send(n)` sends the n-th message and calls
/// its argument when it is answered.
fn drive(load: &Load<'_>, desk: &Desk, mut send: impl FnMut(u32, Box<dyn FnOnce() + Send>)) {
    let all = load.messages();
    let (tell, told) = channel();
    let listener = std::thread::spawn(move || {
        let mut took: Vec<f64> = told.iter().collect();
        took.sort_by(f64::total_cmp);
        took
    });
    let (groups, begin, mut rss) = (desk.metrics().groups(), Instant::now(), Vec::new());
    let (_, written, calls) = process();
    for n in 0..all {
        let due = begin + Duration::from_secs_f64(f64::from(n) / load.messages_per_s);
        if let Some(wait) = due.checked_duration_since(Instant::now()).filter(|w| w.as_millis() > 0) {
            std::thread::sleep(wait);
        }
        if n % (all / 20).max(1) == 0 {
            rss.push(process().0);
        }
        let tell = tell.clone();
        // From when it was due: a sender that is held up does not make answers look quick.
        send(n, Box::new(move || tell.send(due.elapsed().as_secs_f64() * 1e3).expect("listened to")));
    }
    drop(tell);
    let took = listener.join().expect("listens to the end");
    let seconds = begin.elapsed().as_secs_f64();
    let groups = (desk.metrics().groups() - groups) as f64;
    let (last_rss, written_after, calls_after) = process();
    let at = |share: f64| took[((took.len() - 1) as f64 * share) as usize];
    assert_eq!(took.len(), all as usize, "every message is answered");
    println!(
        "{:<34} {:>6.0} messages/s for {seconds:.1} s: answer p50 {:.1} ms, p95 {:.1}, p99 {:.1}, max {:.0}; \
         {:.1} groups/s of {:.0}, {:.0} KiB and {:.0} write calls each; resident {:.0} MiB after a tenth, {:.0} at the end",
        load.name,
        f64::from(all) / seconds,
        at(0.5),
        at(0.95),
        at(0.99),
        at(1.0),
        groups / seconds,
        f64::from(all) / groups,
        (written_after - written) * 1024.0 / groups,
        (calls_after - calls) as f64 / groups,
        rss[rss.len().min(3) - 1],
        last_rss,
    );
}

/// Batches of `batch_s` seconds, straight to the queue.
fn queue(devices: u32, seconds: u32, batch_s: u32, is_signed: bool) {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let (desk, writer) = start(store(folder.path()));
    let name = format!("{} batches of {batch_s} s", if is_signed { "signed" } else { "bare" });
    let load = Load { name: &name, messages_per_s: f64::from(devices) / f64::from(batch_s), seconds };
    let readings = (f64::from(batch_s) * HZ) as u32;
    let keys: Vec<DeviceKey> = (0..if is_signed { devices } else { 0 }).map(key).collect();
    let made = |n: u32| {
        let batch = batch(n % devices, n / devices, readings);
        let key = keys.get((n % devices) as usize);
        key.map_or_else(|| batch.encode(), |key| key.seal(&batch)).expect("a batch")
    };
    let messages: Vec<Vec<u8>> = (0..load.messages()).map(made).collect();
    let mut messages = messages.into_iter();
    let registry = if is_signed { registry(devices) } else { Registry::default() };
    let (hand, handed) = channel::<(trier_intake::Answer, Box<dyn FnOnce() + Send>)>();
    let waiter = std::thread::spawn(move || {
        for (answer, answered) in handed {
            answer.blocking_recv().expect("answered").expect("stored");
            answered();
        }
    });
    drive(&load, &desk, |_, answered| {
        let bytes = messages.next().expect("as many as are sent");
        let received_at = BEGIN.plus_s(1e5);
        let mut arrivals = vec![Arrival::read(bytes, Route::of("fleet"), &registry, received_at)];
        let answer = loop {
            match desk.offer(arrivals) {
                Ok(answer) => break answer,
                Err((_, back)) => arrivals = back,
            }
            std::thread::sleep(Duration::from_millis(1));
        };
        hand.send((answer, answered)).expect("waited for");
    });
    drop(hand);
    waiter.join().expect("waits to the end");
    drop(desk);
    writer.join().expect("no bug").expect("no fault");
    check(folder.path(), f64::from(load.messages()));
}

/// Single envelopes by HTTP, over 64 connections that are kept.
fn http(devices: u32, seconds: u32) {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let (desk, writer) = start(store(folder.path()));
    let door = Door::new(desk.clone(), Registry::default(), |_| {});
    let open = Open { http: Some("127.0.0.1:0".parse().expect("an address")), mqtt: None };
    let doors = Doors::open(open, door).expect("open");
    let address = doors.http.expect("listening");
    let load = Load { name: "single envelopes by HTTP", messages_per_s: f64::from(devices) * HZ, seconds };
    let mut hands = Vec::new();
    let mut senders = Vec::new();
    for _ in 0..64 {
        let (hand, handed) = channel::<(String, Box<dyn FnOnce() + Send>)>();
        hands.push(hand);
        senders.push(std::thread::spawn(move || {
            let mut stream = TcpStream::connect(address).expect("it listens");
            stream.set_nodelay(true).expect("set");
            let mut answer = [0; 1024];
            for (body, answered) in handed {
                let head =
                    "POST /v1/fleet/telemetry HTTP/1.1\r\nhost: here\r\ncontent-type: application/json";
                write!(stream, "{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).expect("it reads");
                // An answer is short, and comes in one piece.
                let n = stream.read(&mut answer).expect("it answers");
                assert!(answer[..n].windows(8).any(|part| part == b"\"stored\""), "{:?}", &answer[..n]);
                answered();
            }
        }));
    }
    drive(&load, &desk, |n, answered| {
        let device = n % devices;
        let reading = reading(n / devices);
        let body = Envelope::of_reading(&origin(device), BEGIN, &reading).to_json();
        hands[n as usize % 64].send((body, answered)).expect("waited for");
    });
    drop(hands);
    senders.into_iter().for_each(|sender| sender.join().expect("sends to the end"));
    doors.close();
    drop(desk);
    writer.join().expect("no bug").expect("no fault");
    check(folder.path(), f64::from(load.messages()));
}

fn check(folder: &Path, messages: f64) {
    let books = View::open(folder).and_then(|view| view.books()).expect("readable");
    assert!(books.balances());
    assert_eq!(books.total(Place::Stored).messages as f64, messages, "all of them are stored");
}

fn main() {
    let (devices, seconds) = (setting("TRIER_FLEET", 5000), setting("TRIER_FLEET_S", 60));
    println!("{devices} devices at {HZ} readings/s");
    for is_signed in [false, true] {
        queue(devices, seconds, 1, is_signed);
        queue(devices, seconds, 5, is_signed);
    }
    http(devices, seconds);
}

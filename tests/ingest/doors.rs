//! HTTP and MQTT: what comes in by them is stored before it is answered.

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::child::{Service, ends, line, sim};

const LINES: &str = "POST /v1/trier/telemetry|application/x-ndjson";

#[test]
fn http_answers_for_every_message_and_refuses_what_is_too_much() {
    let folder = tempfile::tempdir().expect("a folder");
    let service = Service::start(folder.path(), "ingest --store day --http 127.0.0.1:0");
    let body = format!("{}\n{}\n{{}}\n{}\n", line("a", 0), line("a", 1), line("a", 0));
    let (status, answer) = service.ask(LINES, body.as_bytes());
    let outcomes: Vec<&str> = answer.split(r#""outcome":""#).skip(1).map(|rest| &rest[..6]).collect();
    assert_eq!((status, &outcomes[..]), (200, &["stored", "stored", "reject", "duplic"][..]), "{answer}");
    // The tenant is the route's; what the message says of itself does not count.
    let (_, answer) = service.ask("POST /v1/other/telemetry|application/json", line("a", 2).as_bytes());
    assert!(answer.contains("cross_tenant"), "{answer}");
    for (head, body, expected) in [
        ("POST /v1/trier/telemetry|text/plain", &b"x"[..], 415),
        (LINES, b"", 400),
        (LINES, &vec![b'x'; 2 * 1024 * 1024], 413),
        (LINES, &b"x\n".repeat(2000), 413),
        ("GET /v1/trier/telemetry", b"", 405),
        ("GET /nowhere", b"", 404),
        ("GET /health", b"", 200),
        ("GET /ready", b"", 200),
    ] {
        assert_eq!(service.ask(head, body).0, expected, "{head}");
    }
    service.wait_for(r#"trier_messages_total{outcome="stored",reason=""} 2"#);
    service.wait_for(r#"trier_messages_total{outcome="quarantined",reason="cross_tenant"} 1"#);
    // Others may look while it is written, and not write.
    let said = ends(folder.path(), "ingest --store day --list ledger", 0);
    assert!(said.contains("stored      2 messages"), "{said}");
    fs::write(folder.path().join("a.jsonl"), line("a", 9)).expect("writable");
    let said = ends(folder.path(), "ingest --store day --tenant trier a.jsonl", 2);
    assert!(said.contains("is being written by process"), "{said}");
    assert_eq!(service.terminate(), Some(0));
    assert!(ends(folder.path(), "ingest --store day --check", 0).contains("whole: 2 messages"));
}

#[test]
fn a_sender_that_dawdles_or_breaks_off_holds_up_nobody() {
    let folder = tempfile::tempdir().expect("a folder");
    let service = Service::start(folder.path(), "ingest --store day --http 127.0.0.1:0");
    let head = "POST /v1/trier/telemetry HTTP/1.1\r\nhost: here\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n";
    let mut slow: Vec<TcpStream> = (0..50)
        .map(|n| {
            let mut stream = TcpStream::connect(service.http).expect("it listens");
            // Some stop within the head, some within the body.
            let said = if n % 2 == 0 { &head.as_bytes()[..30] } else { head.as_bytes() };
            stream.write_all(said).expect("it reads");
            stream
        })
        .collect();
    assert_eq!(service.ask(LINES, line("a", 0).as_bytes()).0, 200);
    // Within 10 s each is told, or cut off.
    for stream in &mut slow {
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
        let mut answer = Vec::new();
        let ended = stream.read_to_end(&mut answer);
        assert!(ended.is_ok(), "still open after 20 s");
    }
    assert_eq!(service.ask(LINES, line("a", 1).as_bytes()).0, 200);
    assert!(ends(folder.path(), "ingest --store day --list ledger", 0).contains("stored      2 messages"));
}

/// A broker of the test's own; None, with a word why, where none is installed.
struct Mosquitto {
    child: Child,
    port: u16,
}

impl Mosquitto {
    #[allow(clippy::print_stdout)] // A skipped test says so.
    fn start(folder: &Path) -> Option<Self> {
        let places = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto", "/opt/homebrew/sbin/mosquitto"];
        let Some(program) = places.into_iter().find(|path| Path::new(path).is_file()) else {
            assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "CI must have mosquitto");
            println!("skipped: mosquitto is not installed");
            return None;
        };
        let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
        let settings = format!("listener {port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n");
        fs::write(folder.join("mosquitto.conf"), settings).expect("writable");
        let child = Command::new(program)
            .args(["-c", "mosquitto.conf"])
            .current_dir(folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let broker = Self { child, port };
        for _ in 0..200 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Some(broker);
            }
            std::thread::sleep(Duration::from_millis(25));
        }
        panic!("the broker does not listen");
    }
}

impl Drop for Mosquitto {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_simulated_machine_reaches_the_store_through_a_broker_even_one_that_was_killed() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(broker) = Mosquitto::start(folder.path()) else { return };
    let root = env!("CARGO_MANIFEST_DIR");
    let ingest = format!("ingest --store day --http 127.0.0.1:0 --mqtt mqtt://127.0.0.1:{}", broker.port);
    let publish = |seed: u32, out: &str| {
        let port = broker.port;
        let said = ends(
            folder.path(),
            &format!(
                "run {root}/scenarios/first-roast.toml --seed {seed} --publish mqtt://127.0.0.1:{port} --out {out}"
            ),
            0,
        );
        assert!(said.contains("readings acknowledged by 127.0.0.1"), "{said}");
        let text = fs::read_to_string(folder.path().join(out).join("envelopes.jsonl")).expect("written");
        // Two roasts may say the same of the same instant, and then it is the same message.
        text.lines().map(str::to_owned).collect::<BTreeSet<String>>()
    };
    let mut service = Service::start(folder.path(), &ingest);
    let first = publish(7, "seven");
    service.wait_for(&format!(r#"trier_messages_total{{outcome="stored",reason=""}} {}"#, first.len()));
    // Killed in the middle of the next roast, or before it, or after: the broker keeps what it had not
    // acknowledged, and what was sent meanwhile.
    let killer = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        service.kill();
    });
    let second = publish(8, "eight");
    killer.join().expect("killed");
    let third = publish(9, "nine");
    let service = Service::start(folder.path(), &ingest);
    let all = first.union(&second).chain(&third).collect::<BTreeSet<_>>().len();
    for _ in 0..600 {
        let said = ends(folder.path(), "ingest --store day --list ledger --json", 0);
        let stored = said.split(r#""stored","readings":"#).nth(1).map(|rest| rest.split(',').next());
        if stored.flatten() == Some(&all.to_string()) {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(service.terminate(), Some(0));
    let said = ends(folder.path(), "ingest --store day --check", 0);
    assert!(said.contains(&format!("whole: {all} messages, {all} readings stored")), "{said}");
}

#[test]
fn a_broker_that_is_not_there_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = env!("CARGO_MANIFEST_DIR");
    let closed = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port");
    let words = format!("run {root}/scenarios/first-roast.toml --publish mqtt://{closed}");
    let output = sim(folder.path(), &words).output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("does not take the readings (0 of"), "{said}");
}

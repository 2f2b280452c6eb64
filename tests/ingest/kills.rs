//! Killed at random moments while it stores, over and over; resumed from the last answer each time.
//! Twenty times by default, `TRIER_KILLS` times where that is set.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::Stdio;
use std::sync::mpsc;
use std::time::Duration;

use serde_json::Value;

use crate::child::{ends, line, sim};

/// Messages of one machine, after which the next begins: two minutes of readings.
const OF_EACH: u32 = 240;

/// Chance by a seed (SplitMix64): no more is needed here.
struct Chance(u64);

impl Chance {
    fn of(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ mixed >> 31) % n
    }
}

/// What a client knows: the answer to each message.
#[derive(Default)]
struct Client {
    answers: BTreeMap<u32, String>,
    /// The first without an answer.
    next: u32,
    /// The most that was ever sent, answered or not.
    sent: u32,
    /// Kills that came between a commit and its answers.
    lost_answers: u32,
}

fn message(n: u32) -> String {
    line(&format!("m{}", n / OF_EACH), n % OF_EACH)
}

impl Client {
    /// Sends from the first message without an answer on, and kills the program `after` so many
    /// answers and a while.
    fn run_and_kill(&mut self, folder: &Path, after: u32, wait: Duration) {
        let mut child = sim(folder, "ingest --store day --tenant trier --acks -")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let mut input = child.stdin.take().expect("piped");
        let first = self.next;
        let sender = std::thread::spawn(move || {
            let mut n = first;
            // Until the pipe breaks.
            while writeln!(input, "{}", message(n)).is_ok() {
                n += 1;
            }
            n
        });
        let output = BufReader::new(child.stdout.take().expect("piped"));
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| tell.send(line)));
        let hear = |client: &mut Self, line: String| {
            // A line that was cut off is no answer.
            let Ok(answer) = serde_json::from_str::<Value>(&line) else { return };
            let number = answer["number"].as_u64().expect("a number") as u32 - 1 + first;
            let outcome = answer["ack"]["outcome"].as_str().expect("an outcome");
            client.lost_answers += u32::from(number == first && outcome == "duplicate");
            client.answers.insert(number, outcome.to_owned());
            client.next = number + 1;
        };
        for _ in 0..after {
            let Ok(line) = told.recv_timeout(Duration::from_secs(60)) else { break };
            hear(self, line);
        }
        std::thread::sleep(wait);
        child.kill().expect("it runs");
        child.wait().expect("it ends");
        let sent = sender.join().expect("the sender ends");
        for line in told {
            hear(self, line);
        }
        self.sent = self.sent.max(sent);
    }
}

#[test]
fn killed_over_and_over_it_keeps_every_answer() {
    let kills: u32 = std::env::var("TRIER_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(20);
    let folder = tempfile::tempdir().expect("a folder");
    let (mut client, mut chance) = (Client::default(), Chance(42));
    for kill in 0..kills {
        let after = chance.of(120) as u32;
        let wait = Duration::from_micros(chance.of(30_000));
        client.run_and_kill(folder.path(), after, wait);
        if kill % 50 == 49 {
            ends(folder.path(), "ingest --store day --check", 0);
        }
    }
    let lost = client.lost_answers;
    assert!(lost > 0 || kills < 100, "no kill came between a commit and its answers");
    assert!(client.answers.values().all(|outcome| outcome == "stored" || outcome == "duplicate"));
    ends(folder.path(), "ingest --store day --check", 0);
    // Everything once more: what was answered is a duplicate, and each message is there once.
    let all: String = (0..client.sent).map(|n| message(n) + "\n").collect();
    std::fs::write(folder.path().join("all.jsonl"), all).expect("writable");
    let said = ends(folder.path(), "ingest --store day --tenant trier --acks all.jsonl", 0);
    for line in said.lines().filter(|line| line.starts_with(r#"{"ack""#)) {
        let answer: Value = serde_json::from_str(line).expect("JSON");
        let number = answer["number"].as_u64().expect("a number") as u32 - 1;
        let was_answered = client.answers.contains_key(&number);
        assert!(
            !was_answered || answer["ack"]["outcome"] == "duplicate",
            "message {number} was answered: {line}"
        );
    }
    let said = ends(folder.path(), "ingest --store day --check", 0);
    assert!(said.contains(&format!("whole: {} messages", client.sent)), "{} sent: {said}", client.sent);
    println!(
        "{kills} kills, {lost} between a commit and its answers; {} messages answered",
        client.answers.len()
    );
}

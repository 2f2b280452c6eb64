//! A running `sim ingest`, and what it says.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use trier_roast::{EventTime, Reading, ReadingBody, Sample};
use trier_wire::{Envelope, Origin};

/// The program with the words of `line`, which hold no spaces themselves, in `folder`.
pub(crate) fn sim(folder: &Path, line: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sim"));
    command.args(line.split_whitespace()).current_dir(folder).env_remove("RUST_BACKTRACE");
    command
}

/// Runs it to its end; what it printed. It must end with `code`.
pub(crate) fn ends(folder: &Path, line: &str, code: i32) -> String {
    let output = sim(folder, line).output().expect("it starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let said = text(&output.stdout) + &text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "sim {line}\n{said}");
    said
}

/// A service that listens; killed when the test is over.
pub(crate) struct Service {
    child: Child,
    pub(crate) http: SocketAddr,
}

impl Service {
    pub(crate) fn start(folder: &Path, line: &str) -> Self {
        let mut child =
            sim(folder, line).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().expect("it starts");
        let mut said = BufReader::new(child.stderr.take().expect("piped"));
        let mut first = String::new();
        said.read_line(&mut first).expect("it speaks");
        let address = first.trim().strip_prefix("listening on http://").and_then(|text| text.parse().ok());
        let http = address.unwrap_or_else(|| panic!("not listening: {first}"));
        // Whatever else it says is read over, so that it never waits for a reader.
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        Self { child, http }
    }

    /// Asks it to end, as the system does; its exit code.
    pub(crate) fn terminate(mut self) -> Option<i32> {
        let id = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(id, rustix::process::Signal::TERM).expect("it runs");
        self.child.wait().expect("it ends").code()
    }

    pub(crate) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// One request; the status and the rest of the answer.
    pub(crate) fn ask(&self, head: &str, body: &[u8]) -> (u16, String) {
        let mut stream = TcpStream::connect(self.http).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
        let length = body.len();
        let text =
            format!("{head} HTTP/1.1\r\nhost: here\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n");
        // The content type, where there is one, stands in the head after a bar.
        let text = match head.split_once('|') {
            None => text,
            Some((request, kind)) => format!(
                "{request} HTTP/1.1\r\nhost: here\r\nconnection: close\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\r\n"
            ),
        };
        stream.write_all(text.as_bytes()).expect("it reads");
        // It may have answered, and closed, before the whole body is there.
        let _ = stream.write_all(body);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let status = answer.split(' ').nth(1).and_then(|code| code.parse().ok());
        (status.unwrap_or_else(|| panic!("no answer: {answer:?}")), answer)
    }

    /// Waits until a line of the counters is there.
    pub(crate) fn wait_for(&self, line: &str) {
        let mut counters = String::new();
        for _ in 0..600 {
            counters = self.ask("GET /metrics", b"").1;
            if counters.contains(line) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("never {line}:\n{counters}");
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The line of a machine's reading that nobody else sends: the `n`-th, two a second.
pub(crate) fn line(machine: &str, n: u32) -> String {
    let origin = Origin { org_id: "trier".into(), site_id: "lab".into(), machine_id: machine.into() };
    let at = EventTime::from_us(1_767_600_000_000_000).plus_s(f64::from(n) * 0.5);
    let sample = Sample { bt_c: Some(20.0 + f64::from(n % 100) * 0.1), ..Sample::default() };
    let reading = Reading { at, body: ReadingBody::Sample(sample) };
    Envelope::of_reading(&origin, at, &reading).to_json()
}

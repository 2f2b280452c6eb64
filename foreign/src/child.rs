//! One process of a program: lines in, lines out, each with a deadline. It is ended with its owner.
//!
//! Three threads of its own keep its pipes from ever blocking us: one writes, two read. What it may
//! write, keep in memory and use of the processor is bounded.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use trier_pipeline::Fault;

use crate::limits::{ERRORS_BYTES_MAX, LINE_BYTES_MAX};

/// Messages that wait to be written before the program is taken not to read.
const UNREAD_MAX: usize = 1_024;

/// Lines that wait to be taken; then the program waits.
const UNTAKEN_MAX: usize = 16;

/// Of the error stream so much is kept, bytes.
const LAST_WORDS_BYTES: usize = 2_048;

/// The longest last line that is told, bytes.
const LAST_LINE_BYTES: usize = 200;

/// How long a program may take to end when its input is closed.
const GOODBYE: Duration = Duration::from_millis(500);

/// How often it is looked at then.
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// What a program says where its language could get no more memory.
const NO_MEMORY: [&str; 5] =
    ["MemoryError", "bad_alloc", "out of memory", "Cannot allocate memory", "memory allocation of"];

/// A fault with its numbers.
pub(crate) type Failure = (Fault, String);

/// A running program.
pub(crate) struct Child {
    process: std::process::Child,
    /// None once the input is closed.
    to: Option<SyncSender<Vec<u8>>>,
    from: Receiver<Line>,
    errors: Arc<Mutex<Errors>>,
}

/// What came on the output stream.
enum Line {
    Whole(Vec<u8>),
    TooLong,
}

/// What came on the error stream.
#[derive(Default)]
struct Errors {
    last: Vec<u8>,
    bytes: u64,
    ended: bool,
}

impl Child {
    /// Starts `words`, the program and its arguments, in `folder` or where we are.
    ///
    /// # Errors
    /// What the system said.
    pub(crate) fn start(words: &[String], folder: Option<&Path>, memory_mib: u64) -> std::io::Result<Self> {
        let (program, arguments) = words.split_first().ok_or(std::io::ErrorKind::InvalidInput)?;
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        if let Some(folder) = folder {
            command.current_dir(folder);
        }
        let mut process = command.spawn()?;
        bound(&process, memory_mib);
        let (to, messages) = sync_channel(UNREAD_MAX);
        let (lines, from) = sync_channel(UNTAKEN_MAX);
        let errors = Arc::new(Mutex::new(Errors::default()));
        if let Some(stdin) = process.stdin.take() {
            thread::spawn(move || write_all(stdin, &messages));
        }
        if let Some(stdout) = process.stdout.take() {
            thread::spawn(move || read_lines(stdout, &lines));
        }
        if let Some(stderr) = process.stderr.take() {
            let errors = Arc::clone(&errors);
            thread::spawn(move || read_errors(stderr, &errors));
        }
        Ok(Self { process, to: Some(to), from, errors })
    }

    /// Sends whole lines. Never waits.
    ///
    /// # Errors
    /// The program has not read for long, has ended, or has flooded its error stream.
    pub(crate) fn send(&mut self, lines: Vec<u8>) -> Result<(), Failure> {
        let bytes = self.errors.lock().unwrap_or_else(PoisonError::into_inner).bytes;
        if bytes > ERRORS_BYTES_MAX {
            let what = format!("it wrote {bytes} bytes on its error stream, limit {ERRORS_BYTES_MAX}");
            return Err((Fault::Flood, what));
        }
        let to = self.to.as_ref().ok_or_else(|| (Fault::Gone, "its input is closed".to_owned()))?;
        match to.try_send(lines) {
            Ok(()) => Ok(()),
            Err(std::sync::mpsc::TrySendError::Full(_)) => {
                Err((Fault::Late, format!("it has not read the last {UNREAD_MAX} messages")))
            }
            Err(std::sync::mpsc::TrySendError::Disconnected(_)) => Err(self.ended()),
        }
    }

    /// The next line, without its end.
    ///
    /// # Errors
    /// None by the deadline, one that is too long, or the program has ended.
    pub(crate) fn receive(&mut self, until: Deadline) -> Result<Vec<u8>, Failure> {
        match self.from.recv_timeout(until.left()) {
            Ok(Line::Whole(line)) => Ok(line),
            Ok(Line::TooLong) => {
                Err((Fault::TooLong, format!("a line is longer than {LINE_BYTES_MAX} bytes")))
            }
            Err(RecvTimeoutError::Timeout) => {
                Err((Fault::Late, format!("no answer within {} ms", until.allowed.as_millis())))
            }
            Err(RecvTimeoutError::Disconnected) => Err(self.ended()),
        }
    }

    /// How the program ended, in its own last words.
    fn ended(&mut self) -> Failure {
        let status = self.wait(GOODBYE);
        let deadline = Deadline::within(GOODBYE);
        let last = loop {
            let errors = self.errors.lock().unwrap_or_else(PoisonError::into_inner);
            if errors.ended || deadline.left().is_zero() {
                break String::from_utf8_lossy(&errors.last).into_owned();
            }
            drop(errors);
            thread::sleep(LOOK_EVERY);
        };
        let fault =
            if NO_MEMORY.iter().any(|word| last.contains(word)) { Fault::OutOfMemory } else { Fault::Gone };
        let how = status.map_or_else(|| "it closed its output".to_owned(), |s| format!("it ended ({s})"));
        let words = last.lines().rev().map(str::trim).find(|line| !line.is_empty());
        (fault, words.map_or_else(|| how.clone(), |words| format!("{how}: {}", cut(words))))
    }

    /// Waits for the process to end.
    fn wait(&mut self, at_most: Duration) -> Option<ExitStatus> {
        let deadline = Deadline::within(at_most);
        loop {
            match self.process.try_wait() {
                Ok(Some(status)) => return Some(status),
                Ok(None) if !deadline.left().is_zero() => thread::sleep(LOOK_EVERY),
                Ok(None) | Err(_) => return None,
            }
        }
    }

    /// Ends the program without asking.
    pub(crate) fn kill(mut self) {
        self.put_down();
    }

    fn put_down(&mut self) {
        self.to = None;
        // It may have ended by itself; then there is nothing to kill, and it is waited for all the same.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // Its input closes when all that was sent is written: a program that listens ends by itself.
        self.to = None;
        if self.wait(GOODBYE).is_none() {
            self.put_down();
        }
    }
}

/// An instant to be done by.
#[derive(Clone, Copy)]
pub(crate) struct Deadline {
    at: Instant,
    allowed: Duration,
}

impl Deadline {
    /// So long from now.
    pub(crate) fn within(allowed: Duration) -> Self {
        Self { at: now() + allowed, allowed }
    }

    /// How long that is still to go.
    pub(crate) fn left(self) -> Duration {
        self.at.saturating_duration_since(now())
    }
}

#[allow(clippy::disallowed_methods)] // What others take of our time is measured here, and nothing else is.
fn now() -> Instant {
    Instant::now()
}

/// Bounds what a process may take. It has just begun, so what it takes from now on is all.
#[cfg(target_os = "linux")]
fn bound(process: &std::process::Child, memory_mib: u64) {
    use crate::limits::CPU_S_MAX;
    use rustix::process::{Pid, Resource, Rlimit, prlimit};
    let id = Some(Pid::from_child(process));
    let at_most = |limit| Rlimit { current: Some(limit), maximum: Some(limit) };
    // It fails only for a process that has ended, and that is found when it is asked.
    let _ = prlimit(id, Resource::Data, at_most(memory_mib.saturating_mul(1024 * 1024)));
    let _ = prlimit(id, Resource::Cpu, at_most(CPU_S_MAX));
}

#[cfg(not(target_os = "linux"))]
fn bound(_: &std::process::Child, _: u64) {}

/// Writes what it is sent until nobody sends, or the program no longer reads.
fn write_all(mut stdin: ChildStdin, messages: &Receiver<Vec<u8>>) {
    for message in messages {
        if stdin.write_all(&message).is_err() {
            return;
        }
    }
}

/// Reads lines until the program ends, or nobody takes them. A line that is too long is read to its end and dropped.
fn read_lines(stdout: ChildStdout, lines: &SyncSender<Line>) {
    let mut stdout = BufReader::new(stdout);
    let mut line = Vec::new();
    let mut too_long = false;
    loop {
        let read = (&mut stdout).take(LINE_BYTES_MAX as u64 + 1).read_until(b'\n', &mut line);
        let ended = !matches!(read, Ok(bytes) if bytes > 0);
        let whole = line.last() == Some(&b'\n');
        if !whole && !ended {
            // Short of the limit this is the last line before the end, which the next turn finds.
            too_long |= line.len() > LINE_BYTES_MAX;
            if too_long {
                line.clear();
            }
            continue;
        }
        if whole {
            line.pop();
        }
        let is_line = whole || !line.is_empty() || too_long;
        let said = if too_long { Line::TooLong } else { Line::Whole(std::mem::take(&mut line)) };
        line.clear();
        too_long = false;
        if (is_line && lines.send(said).is_err()) || ended {
            return;
        }
    }
}

/// Reads the error stream to its end and keeps the last of it.
fn read_errors(mut stderr: ChildStderr, errors: &Mutex<Errors>) {
    let mut buffer = [0; 4_096];
    loop {
        let read = stderr.read(&mut buffer).unwrap_or(0);
        let mut errors = errors.lock().unwrap_or_else(PoisonError::into_inner);
        if read == 0 {
            errors.ended = true;
            return;
        }
        errors.bytes += read as u64;
        errors.last.extend_from_slice(&buffer[..read]);
        let beyond = errors.last.len().saturating_sub(LAST_WORDS_BYTES);
        errors.last.drain(..beyond);
    }
}

/// Not more of `text` than is told.
fn cut(text: &str) -> &str {
    let end = (0..=text.len().min(LAST_LINE_BYTES)).rev().find(|end| text.is_char_boundary(*end));
    &text[..end.unwrap_or(0)]
}

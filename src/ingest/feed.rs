//! Readings into the store: the files one after the other, then the doors until interrupted.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use indicatif::ProgressBar;
use serde_json::json;
use trier_intake::doors::{Door, Doors, Open, Told, take};
use trier_intake::{Refusal, Store, StoreError, Taken, View, start};
use trier_pipeline::ingest::{Count, Place};
use trier_wire::Registry;

use super::{Args, show};
use crate::exit::Exit;
use crate::output::{self, Failure, chain};
use crate::progress;

/// How often it is looked whether somebody wants to end.
const LOOK: Duration = Duration::from_millis(100);

/// What became of this run's messages.
#[derive(Default)]
pub(super) struct Tally(BTreeMap<(Place, &'static str), Count>);

impl Tally {
    fn add(&mut self, taken: &Taken) {
        let count = self.0.entry((taken.outcome.place(), taken.outcome.reason())).or_default();
        *count = count.plus(Count::one(u64::from(taken.readings)));
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = (Place, &'static str, Count)> {
        self.0.iter().map(|((place, reason), count)| (*place, *reason, *count))
    }
}

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    if args.inputs.is_empty() && !args.stays_open() {
        let text = "there is nothing to take in\nhint: name files, or - for standard input, or a door: --http, --mqtt; --end seals \
                    what is open, --out writes tables";
        return Err(Failure::usage(text));
    }
    if !args.inputs.is_empty() && args.tenant.is_none() {
        let text = "whose readings are these?\nhint: say --tenant ORG, as the envelopes' origin.orgId has it";
        return Err(Failure::usage(text));
    }
    let registry = registry(args.keys.as_deref())?;
    let bar = progress::bar(sizes(args)?, "bytes");
    let store = Store::open(&args.store).map_err(|error| Failure::of(&error))?;
    let (desk, writer) = start(store);
    let teller = bar.clone();
    let door = Door::new(desk, registry, move |text| teller.suspend(|| output::prose(text)));
    let open = Open { http: args.http, mqtt: args.mqtt.clone() };
    let doors = Doors::open(open, door.clone()).map_err(|error| Failure::of(&error))?;
    if let Some(address) = doors.http {
        output::prose(&format!("listening on http://{address}"));
    }
    let mut tally = Tally::default();
    let fed = feed(args, &door, &doors, &bar, &mut tally);
    bar.finish_and_clear();
    while fed.is_ok() && args.stays_open() && !doors.is_asked_to_close() && !writer.is_finished() {
        std::thread::sleep(LOOK);
    }
    doors.close();
    drop(door);
    // What a reader of standard input still waits for is not waited for: nobody was told it is stored.
    if !matches!(fed, Ok(Fed::Interrupted)) {
        let store = writer.join().map_err(|_| bug())?;
        finish(store, args.end && fed.is_ok()).map_err(|error| Failure::of(&error))?;
    }
    fed?;
    let view = View::open(&args.store).map_err(|error| Failure::of(&error))?;
    // Lines for programs are not mixed with words for people.
    show::summary(&view, &tally, args.json || args.acks)
}

fn finish(store: Result<Store, StoreError>, ends: bool) -> Result<(), StoreError> {
    let mut store = store?;
    if ends {
        store.end_sessions()?;
    }
    store.settle()
}

fn bug() -> Failure {
    Failure {
        text: "the store's writer had a bug; what was acknowledged is on the disk".into(),
        exit: Exit::BUG,
    }
}

fn registry(path: Option<&Path>) -> Result<Registry, Failure> {
    let Some(path) = path else { return Ok(Registry::default()) };
    let name = path.display().to_string();
    let text =
        fs::read_to_string(path).map_err(|error| Failure::usage(format!("cannot read {name}: {error}")))?;
    Registry::parse(&text, &name).map_err(|error| Failure::of(&error))
}

/// All files' bytes together; also that they are there, before the store is touched.
fn sizes(args: &Args) -> Result<usize, Failure> {
    let mut sum = 0;
    for path in args.inputs.iter().filter(|path| !is_stdin(path)) {
        let found = fs::metadata(path).map_err(|error| unreadable(path, &error))?;
        if found.is_dir() {
            return Err(Failure::usage(format!("{} is a folder; name the files in it", path.display())));
        }
        sum += usize::try_from(found.len()).unwrap_or(usize::MAX);
    }
    Ok(sum)
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::usage(format!("cannot read {}: {error}", path.display()))
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// How feeding ended.
enum Fed {
    All,
    Interrupted,
}

fn feed(
    args: &Args,
    door: &Door,
    doors: &Doors,
    bar: &ProgressBar,
    tally: &mut Tally,
) -> Result<Fed, Failure> {
    for path in &args.inputs {
        let (name, input): (String, Box<dyn BufRead + Send>) = if is_stdin(path) {
            ("standard input".to_owned(), Box::new(BufReader::new(std::io::stdin())))
        } else {
            let file = File::open(path).map_err(|error| unreadable(path, &error))?;
            (path.display().to_string(), Box::new(BufReader::new(file)))
        };
        let tenant = args.tenant.clone().unwrap_or_default();
        let sent = take(input, name.clone(), tenant, door.clone());
        loop {
            let message = match sent.recv_timeout(LOOK) {
                Ok(message) => message.map_err(|error| Failure::usage(chain(&error)))?,
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) if doors.is_asked_to_close() => return Ok(Fed::Interrupted),
                Err(RecvTimeoutError::Timeout) => continue,
            };
            let stopped = Refusal::Stopped { why: "it was closed".into() };
            let answer = message.answer.blocking_recv().unwrap_or(Err(stopped));
            let taken = answer.map_err(|refusal| {
                Failure::usage(format!("{name}, message {}: {refusal}", message.number))
            })?;
            for one in &taken {
                tally.add(one);
                if args.acks {
                    output::result(&json!({ "number": message.number, "ack": Told::from(one) }).to_string());
                }
            }
            bar.inc(message.bytes as u64 + 1);
        }
        if doors.is_asked_to_close() {
            return Ok(Fed::Interrupted);
        }
    }
    Ok(Fed::All)
}

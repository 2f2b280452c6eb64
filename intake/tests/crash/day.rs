//! A short day of two roasters, with all that can come in: what is sent, group by group.

use trier_intake::{Arrival, Store, StoreError, Taken, View};
use trier_pipeline::ingest::Door;
use trier_roast::{EventTime, Mark, MarkKind, MarkSource, Reading, ReadingBody, Sample};
use trier_wire::{Batch, Origin, Registry};

/// Thursday, 1 January 2026, 9:00 UTC.
const NINE: EventTime = EventTime::from_us(1_767_258_000_000_000);

/// What a client does next.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Sends these messages, and waits for the answer.
    Send(Vec<Vec<u8>>),
    /// Has the withheld message used that this reason and device have.
    Release(&'static str, &'static str),
    /// Of the messages in conflict of this device, has the one with the most readings stand.
    Rule(&'static str),
    /// Nothing for a while.
    Rest,
}

fn sample(since_s: f64, bt_c: f64) -> Reading {
    let body = ReadingBody::Sample(Sample { bt_c: Some(bt_c), ..Sample::default() });
    Reading { at: NINE.plus_s(since_s), body }
}

fn mark(since_s: f64, kind: MarkKind) -> Reading {
    let at = NINE.plus_s(since_s);
    let body = ReadingBody::Mark(Mark { kind, at, source: MarkSource::Device, confidence: 1.0 });
    Reading { at, body }
}

/// A roast of ten minutes, a reading every ten seconds, and the quarter of an hour after it.
fn roast(from_s: f64) -> Vec<Reading> {
    let mut readings: Vec<Reading> = (-3..=90_i32)
        .map(|tenth| {
            let t_s = 10.0 * f64::from(tenth);
            let bt_c = match t_s {
                ..0.0 => 205.0,
                0.0..90.0 => 205.0 - t_s * 1.25,
                90.0..=600.0 => 92.5 + (t_s - 90.0) * 0.23,
                _ => 150.0,
            };
            sample(from_s + t_s, bt_c)
        })
        .collect();
    readings.insert(3, mark(from_s, MarkKind::Charge));
    let after_drop = readings.iter().position(|r| r.at > NINE.plus_s(from_s + 600.0));
    readings.insert(after_drop.expect("the roast ends"), mark(from_s + 600.0, MarkKind::Drop));
    readings
}

fn batch(machine: &str, seq: u64, readings: &[Reading]) -> Vec<u8> {
    let origin = Origin { org_id: "trier".into(), site_id: "lab".into(), machine_id: machine.into() };
    let device = format!("agent-{machine}");
    let batch = Batch { origin, device, boot: 1, seq, tick_us: None, readings: readings.to_vec() };
    batch.encode().expect("a batch")
}

/// The whole day.
pub(crate) fn day() -> Vec<Step> {
    let cut = |machine: &str| -> Vec<Vec<u8>> {
        let readings = roast(0.0);
        readings.chunks(8).zip(0..).map(|(chunk, seq)| batch(machine, seq, chunk)).collect()
    };
    let (a, b) = (cut("a"), cut("b"));
    // One batch of a comes when all else is over, too late to be merged quietly.
    let late = 5;
    let mut steps: Vec<Step> = Vec::new();
    for (seq, (from_a, from_b)) in a.iter().zip(&b).enumerate() {
        let from_a = (seq != late).then(|| from_a.clone());
        steps.push(Step::Send(from_a.into_iter().chain([from_b.clone()]).collect()));
    }
    let last = a.len() as u64;
    steps.insert(4, Step::Send(vec![b"{ no message".to_vec(), a[1].clone(), a[1].clone()]));
    steps.insert(6, Step::Rest);
    // Another content under a number, twice; and one for a company that is not the door's.
    let other = batch("b", 2, &[sample(1.0, 20.0), sample(2.0, 20.5)]);
    steps.insert(7, Step::Send(vec![other.clone(), other]));
    let foreign = Batch { origin: Origin { org_id: "else".into(), ..origin("b") }, ..plain("b", 90) };
    steps.push(Step::Send(vec![foreign.encode().expect("a batch")]));
    steps.push(Step::Rule("agent-b"));
    steps.push(Step::Send(vec![a[late].clone(), a[late].clone()]));
    steps.push(Step::Rest);
    // Two days on: the one of the first day is late beyond merging, and a person lets it in.
    steps.push(Step::Send(vec![batch("a", last, &[sample(172_800.0, 24.0)])]));
    steps.push(Step::Send(vec![batch("a", last + 1, &[sample(3_600.0, 24.0)])]));
    steps.push(Step::Release("late", "agent-a"));
    steps.push(Step::Send(vec![batch("a", last + 2, &[sample(172_860.0, 24.0)])]));
    steps
}

fn origin(machine: &str) -> Origin {
    Origin { org_id: "trier".into(), site_id: "lab".into(), machine_id: machine.into() }
}

fn plain(machine: &str, seq: u64) -> Batch {
    let readings = vec![sample(700.0, 100.0)];
    Batch {
        origin: origin(machine),
        device: format!("agent-{machine}"),
        boot: 1,
        seq,
        tick_us: None,
        readings,
    }
}

fn arrivals(messages: &[Vec<u8>]) -> Vec<Arrival> {
    // Received days later, as from a device that was cut off.
    let received_at = NINE.plus_s(300_000.0);
    let read =
        |bytes: &Vec<u8>| Arrival::read(bytes.clone(), Door::of("trier"), &Registry::default(), received_at);
    messages.iter().map(read).collect()
}

/// Does one step; what became of the messages of it.
pub(crate) fn take_step(
    store: &mut Store,
    view: impl FnOnce() -> View,
    step: &Step,
) -> Result<Vec<Taken>, StoreError> {
    let decided = |done: Result<usize, StoreError>| match done {
        // Done already, before the answer was lost.
        Ok(_) | Err(StoreError::Unknown { .. }) => Ok(Vec::new()),
        Err(error) => Err(error),
    };
    let at = NINE.plus_s(400_000.0);
    match step {
        Step::Send(messages) => store.take(arrivals(messages)),
        Step::Rest => store.rest().map(|()| Vec::new()),
        Step::Release(reason, device) => {
            let held = view().held(Some(reason))?;
            let id = held.iter().find(|row| row.device == *device).map_or(0, |row| row.id);
            decided(store.release(id, "A. Roaster", at))
        }
        Step::Rule(device) => {
            let held = view().held(Some("conflict"))?;
            let of_device = held.iter().filter(|row| row.device == *device);
            // Only while nothing stands: ruling twice would be another decision.
            let several = of_device.clone().count() > 1;
            let id = of_device.max_by_key(|row| row.readings).filter(|_| several).map_or(0, |row| row.id);
            decided(store.rule(id, "A. Roaster", at))
        }
    }
}

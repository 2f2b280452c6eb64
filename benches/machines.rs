//! How many readings a second of one core the whole pipeline takes: order, duplicates, quality, marks, sessions
//! and features, for many machines at once. Predictors are in `main_line`, decoding and signatures in `signed`.
//!
//! `cargo bench --bench machines` prints time on the processor, and readings per CPU-second: of the line, which takes
//! frames as they come, one in a hundred 20 s late and one in two hundred twice, and of the stream in it, which takes readings in order.
#![allow(missing_docs)] // criterion's macros make public items without docs.

mod cpu;

use std::hint::black_box;
use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use trier_pipeline::ingest::{Form, Frame, FrameKey};
use trier_pipeline::{Basis, Line, LineConfig, LineOut, Outputs, Stream, StreamConfig};
use trier_roast::{EventTime, Mark, Reading, ReadingBody, Trust};
use trier_sim::{Scenario, roast};
use trier_wire::Origin;

use cpu::CpuTime;

/// Machines that speak in turn.
const MACHINES: usize = 200;
/// Roasts of each, one after the other.
const ROASTS: u32 = 6;
/// From one charge to the next, s.
const ROAST_TO_ROAST_S: f64 = 1_200.0;
/// Readings that a device sends at once.
const IN_A_FRAME: usize = 5;
/// Frames by which a late one comes late, 20 s, and the most its oldest reading may wait, s.
const LATE_BY: usize = 4;
const LATE_S: f64 = 25.0;

/// What different machines say: the readings of a few roasts, at 1 Hz, as they are made.
fn roasts() -> Vec<Vec<Reading>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/first-roast.toml");
    let scenario = Scenario::load(&path).expect("ships with the repository");
    (0..8).map(|seed| roast(&scenario, seed, 0).expect("books close").readings).collect()
}

fn later(reading: Reading, by_s: f64) -> Reading {
    let moved = |at: EventTime| at.plus_s(by_s);
    let body = match reading.body {
        ReadingBody::Sample(sample) => ReadingBody::Sample(sample),
        ReadingBody::Mark(mark) => ReadingBody::Mark(Mark { at: moved(mark.at), ..mark }),
    };
    Reading { at: moved(reading.at), body }
}

/// The readings of each machine, in order.
fn by_machine() -> Vec<Vec<Reading>> {
    let roasts = roasts();
    let of_machine = |machine: usize| {
        let roasts = &roasts;
        let shifted = (0..ROASTS).flat_map(move |n| {
            let readings = &roasts[(machine + n as usize) % roasts.len()];
            readings.iter().map(move |reading| later(*reading, f64::from(n) * ROAST_TO_ROAST_S))
        });
        shifted.collect()
    };
    (0..MACHINES).map(of_machine).collect()
}

/// One thing of each machine in turn, with the machine's number.
fn in_turn<T>(by_machine: Vec<Vec<T>>) -> Vec<(usize, T)> {
    let mut sources: Vec<_> = by_machine.into_iter().map(Vec::into_iter).collect();
    let mut all = Vec::new();
    loop {
        let before = all.len();
        for (machine, things) in sources.iter_mut().enumerate() {
            all.extend(things.next().map(|thing| (machine, thing)));
        }
        if all.len() == before {
            return all;
        }
    }
}

/// How long the first reading of the first of `frames` waits if it comes after the last, s. Across the pause between
/// two roasts that would be minutes.
fn waits_s(frames: &[Frame], which: RangeInclusive<usize>) -> f64 {
    frames[*which.end()].received_at.since_s(frames[*which.start()].readings[0].at)
}

/// The frames of a machine as they arrive.
fn frames(machine: usize, readings: &[Reading]) -> Vec<Frame> {
    let name = format!("m{machine}");
    let frame = |(seq, readings): (u64, &[Reading])| Frame {
        key: FrameKey { tenant: "trier".into(), device: name.clone(), boot: 1, seq },
        form: Form::Batch,
        origin: Origin { org_id: "trier".into(), site_id: "lab".into(), machine_id: name.clone() },
        readings: readings.to_vec(),
        tick_us: None,
        trust: Trust::Unsigned,
        // Whoever stores frames compares digests; the line does not.
        digest: [0; 32],
        received_at: readings[readings.len() - 1].at,
    };
    let mut frames: Vec<Frame> = (0..).zip(readings.chunks(IN_A_FRAME)).map(frame).collect();
    for late in (machine % 100..frames.len().saturating_sub(LATE_BY)).step_by(100) {
        if waits_s(&frames, late..=late + LATE_BY) <= LATE_S {
            frames[late..=late + LATE_BY].rotate_left(1);
        }
    }
    let twice = (machine % 200..frames.len()).step_by(200);
    let twice: Vec<usize> = twice.filter(|at| waits_s(&frames, *at..=*at) <= LATE_S).collect();
    for at in twice.into_iter().rev() {
        frames.insert(at, frames[at].clone());
    }
    frames
}

/// Rows that came out; a caller writes them away as they come.
fn written_away(out: &mut Outputs, limit: usize) -> usize {
    if out.telemetry.len() < limit {
        return 0;
    }
    let rows = black_box(&*out).telemetry.len() + out.marks.len() + out.sessions.len();
    out.telemetry.clear();
    out.marks.clear();
    out.sessions.clear();
    rows
}

fn of_lines(arrivals: &[(usize, Frame)]) -> usize {
    let line = |machine: usize| Line::new(LineConfig::of("bench".into(), format!("m{machine}").into()));
    let mut lines: Vec<Line> = (0..MACHINES).map(line).collect();
    let mut out = LineOut::default();
    let mut rows = 0;
    for (machine, frame) in arrivals {
        lines[*machine].push(frame, &mut out);
        assert!(lines[*machine].wanted().is_none(), "nothing came too late");
        rows += written_away(&mut out.rows, 4096);
    }
    for line in lines {
        line.end(&mut out);
    }
    rows + written_away(&mut out.rows, 0)
}

fn of_streams(arrivals: &[(usize, Reading)]) -> usize {
    let stream = |machine: usize| {
        let machine: Arc<str> = format!("m{machine}").into();
        let config = StreamConfig { source: "bench".into(), machine, trust: Trust::Unsigned };
        Stream::new(config, Vec::new(), Basis::default())
    };
    let mut streams: Vec<Stream> = (0..MACHINES).map(stream).collect();
    let mut out = Outputs::default();
    let mut rows = 0;
    for (machine, reading) in arrivals {
        streams[*machine].push(*reading, &mut out);
        rows += written_away(&mut out, 4096);
    }
    streams.into_iter().for_each(|stream| stream.end(&mut out));
    rows + written_away(&mut out, 0)
}

fn machines(c: &mut Criterion<CpuTime>) {
    let by_machine = by_machine();
    let frames = by_machine.iter().enumerate().map(|(machine, readings)| frames(machine, readings));
    let frames = in_turn(frames.collect());
    let readings = in_turn(by_machine);
    assert!(of_streams(&readings) >= readings.len(), "each reading becomes a row");
    assert!(of_lines(&frames) >= readings.len(), "each reading becomes a row, and none two");
    let mut group = c.benchmark_group("machines");
    group.sample_size(10).throughput(cpu::elements(readings.len()));
    let count = readings.len();
    group.bench_function(format!("{count} readings of {MACHINES} machines, frames as they come"), |b| {
        b.iter(|| of_lines(black_box(&frames)));
    });
    group.bench_function(format!("{count} readings of {MACHINES} machines, in order"), |b| {
        b.iter(|| of_streams(black_box(&readings)));
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(CpuTime);
    targets = machines
}
criterion_main!(benches);

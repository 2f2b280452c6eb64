//! How many readings a second of one core the whole pipeline takes: order, duplicates, quality, marks, sessions
//! and features, for many machines at once. Predictors are in `main_line`.
//!
//! `cargo bench --bench machines` prints time on the processor per million readings, and readings per CPU-second.
#![allow(missing_docs)] // criterion's macros make public items without docs.

mod cpu;

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use trier_pipeline::{Basis, Outputs, Stream, StreamConfig};
use trier_roast::{EventTime, Mark, Reading, ReadingBody, Trust};
use trier_sim::{Scenario, roast};

use cpu::CpuTime;

/// Machines that speak in turn.
const MACHINES: usize = 200;
/// Roasts of each, one after the other.
const ROASTS: u32 = 6;
/// From one charge to the next, s.
const ROAST_TO_ROAST_S: f64 = 1_200.0;

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

/// Readings of all machines as they arrive, with the machine's number.
fn arrivals() -> Vec<(usize, Reading)> {
    let roasts = roasts();
    let of_machine = |machine: usize| {
        let roasts = &roasts;
        (0..ROASTS).flat_map(move |n| {
            let readings = &roasts[(machine + n as usize) % roasts.len()];
            readings.iter().map(move |reading| later(*reading, f64::from(n) * ROAST_TO_ROAST_S))
        })
    };
    let mut by_machine: Vec<_> = (0..MACHINES).map(of_machine).collect();
    let mut all = Vec::new();
    loop {
        let before = all.len();
        for (machine, readings) in by_machine.iter_mut().enumerate() {
            all.extend(readings.next().map(|reading| (machine, reading)));
        }
        if all.len() == before {
            return all;
        }
    }
}

fn streams() -> Vec<Stream> {
    let stream = |machine: usize| {
        let machine: Arc<str> = format!("m{machine}").into();
        let config = StreamConfig { source: "bench".into(), machine, trust: Trust::Unsigned };
        Stream::new(config, Vec::new(), Basis::default())
    };
    (0..MACHINES).map(stream).collect()
}

/// Rows that came out; a caller writes them away as they come.
fn rows_of(arrivals: &[(usize, Reading)]) -> usize {
    let mut streams = streams();
    let mut out = Outputs::default();
    let mut rows = 0;
    let mut write_away = |out: &mut Outputs, limit: usize| {
        if out.telemetry.len() >= limit {
            rows += black_box(&*out).telemetry.len() + out.marks.len() + out.sessions.len();
            out.telemetry.clear();
            out.marks.clear();
            out.sessions.clear();
        }
    };
    for (machine, reading) in arrivals {
        streams[*machine].push(*reading, &mut out);
        write_away(&mut out, 4096);
    }
    streams.into_iter().for_each(|stream| stream.end(&mut out));
    write_away(&mut out, 0);
    rows
}

fn machines(c: &mut Criterion<CpuTime>) {
    let arrivals = arrivals();
    assert!(rows_of(&arrivals) >= arrivals.len(), "each reading becomes a row");
    let mut group = c.benchmark_group("machines");
    group.sample_size(10).throughput(cpu::elements(arrivals.len()));
    group.bench_function(format!("{} readings of {MACHINES} machines", arrivals.len()), |b| {
        b.iter(|| rows_of(black_box(&arrivals)));
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(CpuTime);
    targets = machines
}
criterion_main!(benches);

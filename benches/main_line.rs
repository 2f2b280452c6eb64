//! How fast the main line is: one roast, many roasts, reading a log, the pipeline, a suite.
//!
//! `cargo bench` prints what `docs/performance.md` quotes.
#![allow(missing_docs)] // criterion's macros make public items without docs.
#![allow(clippy::print_stdout)] // One count beside criterion's own lines.

use std::fmt::Write;
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use rayon::prelude::*;
use trier_eval::runner::{Arms, How, run_suite, trial};
use trier_eval::suite::Suite;
use trier_pipeline::{
    Basis, DropPlan, EarlierRoast, Outputs, PREDICTORS, Stream, StreamConfig, predictors_named,
};
use trier_roast::{Reading, ReadingBody, Trust};
use trier_sim::lanes::Width;
use trier_sim::{Scenario, bare_evaluations, bare_roast, bare_roasts, roast};

fn scenario() -> Scenario {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/first-roast.toml");
    Scenario::load(&path).expect("ships with the repository")
}

fn readings(scenario: &Scenario) -> Vec<Reading> {
    roast(scenario, 7, scenario.history_roasts).expect("books close").readings
}

fn simulate(c: &mut Criterion) {
    let scenario = scenario();
    let mut group = c.benchmark_group("simulate");
    group.bench_function("one roast", |b| b.iter(|| roast(&scenario, black_box(7), 5)));
    group.throughput(Throughput::Elements(64));
    group.bench_function("64 roasts, all cores", |b| {
        b.iter(|| {
            let done: Vec<_> = (0..64_u64).into_par_iter().map(|seed| roast(&scenario, seed, 5)).collect();
            black_box(done)
        });
    });
    group.finish();
}

/// The plant alone: no probes, noise, operator or books; what a sweep over the physics costs.
fn plant(c: &mut Criterion) {
    /// Lanes of a block: see `trier_sim::lanes`.
    const LANES: usize = 32;
    const ROAST_S: f64 = 720.0;
    let scenario = scenario();
    println!("plant: {} evaluations of the slopes in {ROAST_S} s", bare_evaluations(&scenario, ROAST_S));
    let mut group = c.benchmark_group("plant");
    group.throughput(Throughput::Elements(1));
    group.bench_function("one roast", |b| b.iter(|| bare_roast(black_box(&scenario), ROAST_S)));
    let masses = (0..LANES as u32).map(|lane| 6.0 + 0.15 * f64::from(lane));
    let lanes: Vec<Scenario> = masses
        .map(|mass_kg| {
            let mut scenario = scenario.clone();
            scenario.charge.mass_kg = mass_kg;
            scenario
        })
        .collect();
    group.throughput(Throughput::Elements(LANES as u64));
    for width in Width::ALL.into_iter().filter(|width| width.is_here()) {
        group.bench_function(format!("{LANES} in lanes, {width:?}"), |b| {
            b.iter(|| bare_roasts::<LANES>(std::array::from_fn(|lane| &lanes[lane]), ROAST_S, width));
        });
    }
    group.finish();
}

/// A log as Artisan's programs write it, of the simulated roast.
fn alog(readings: &[Reading]) -> String {
    let start = readings[0].at;
    let (mut timex, mut et, mut bt) = (String::new(), String::new(), String::new());
    let (mut charge, mut crack, mut drop, mut n) = (-1_i64, 0_i64, 0_i64, 0_i64);
    for reading in readings {
        match reading.body {
            ReadingBody::Sample(sample) => {
                let (t, e, b) =
                    (reading.at.since_s(start), sample.et_c.unwrap_or(-1.0), sample.bt_c.unwrap_or(-1.0));
                write!(timex, "{t:.5}, ").expect("to memory");
                write!(et, "{e:.4}, ").expect("to memory");
                write!(bt, "{b:.4}, ").expect("to memory");
                n += 1;
            }
            ReadingBody::Mark(mark) => match mark.kind.name() {
                "charge" => charge = n - 1,
                "first_crack_start" => crack = n - 1,
                "drop" => drop = n - 1,
                _ => {}
            },
        }
    }
    format!(
        "{{'mode': 'C', 'title': 'bench', 'roastepoch': 1767603600, 'samplinginterval': 1.0, 'extradevices': [], \
         'timeindex': [{charge}, 0, {crack}, 0, 0, 0, {drop}, 0], 'timex': [{timex}], 'temp1': [{et}], 'temp2': [{bt}]}}"
    )
}

fn import(c: &mut Criterion) {
    let text = alog(&readings(&scenario()));
    trier_logs::read(text.as_bytes(), "bench.alog").expect("a good log");
    let mut group = c.benchmark_group("import");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("one .alog", |b| {
        b.iter(|| trier_logs::read(black_box(text.as_bytes()), "bench.alog"));
    });
    group.finish();
}

fn pipeline(c: &mut Criterion) {
    let scenario = scenario();
    let readings = readings(&scenario);
    let known = EarlierRoast {
        first_crack_s: Some(540.0),
        first_crack_bt_c: Some(200.0),
        drop_s: Some(660.0),
        drop_bt_c: Some(214.0),
        ..EarlierRoast::default()
    };
    let basis =
        Basis { earlier: vec![known; 5], plan: scenario.drop_target_bt_c().map(DropPlan::BtC), kin: None };
    let config = StreamConfig { source: "bench".into(), machine: "gd12".into(), trust: Trust::Unsigned };
    let mut group = c.benchmark_group("pipeline");
    group.throughput(Throughput::Elements(readings.len() as u64));
    for (name, predictors) in
        [("without predictors", &PREDICTORS[..0]), ("with three predictors", &PREDICTORS[..])]
    {
        group.bench_function(name, |b| {
            b.iter_batched(
                || {
                    let arms = predictors_named(predictors).expect("known names");
                    Stream::new(config.clone(), arms, basis.clone())
                },
                |mut stream| {
                    let mut out = Outputs::default();
                    readings.iter().for_each(|reading| stream.push(*reading, &mut out));
                    stream.end(&mut out);
                    out
                },
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

fn evaluate(c: &mut Criterion) {
    let suite = Suite::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/first.toml")).expect("ships");
    let arms = Arms::named(&["artisan", "slope90"]).expect("known names");
    let scenario = scenario();
    let mut group = c.benchmark_group("evaluate");
    group.sample_size(10).measurement_time(Duration::from_secs(10));
    group.bench_function("one trial with five earlier roasts", |b| {
        b.iter(|| trial(&scenario, 7, "bench", &arms, &[60.0, 120.0]));
    });
    group.throughput(Throughput::Elements(suite.units().len() as u64));
    group.bench_function("the first suite, all cores", |b| {
        b.iter(|| run_suite(&suite, &suite.units(), &arms, &How::default()));
    });
    group.finish();
}

criterion_group!(benches, simulate, plant, import, pipeline, evaluate);
criterion_main!(benches);

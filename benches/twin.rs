//! What a reading costs with the twin listening: its filter, and its leads ahead with their share of readings.
//!
//! `cargo bench --bench twin`; divide by the readings of the roast, which criterion does as its throughput.
#![allow(missing_docs)] // criterion's macros make public items without docs.

use std::path::Path;
use std::sync::Arc;

use criterion::{BatchSize, Criterion, Throughput};
use trier_eval::twin::{families, of_scenario};
use trier_pipeline::predict::{Plant, Twin};
use trier_pipeline::{Basis, DropPlan, Outputs, Stream, StreamConfig};
use trier_roast::{Reading, Trust};
use trier_sim::{Scenario, roast};

fn through(plants: &[Arc<dyn Plant>], readings: &[Reading]) -> Outputs {
    let config = StreamConfig { source: "bench".into(), machine: "gd12".into(), trust: Trust::Unsigned };
    let basis = Basis { plan: Some(DropPlan::BtC(214.0)), ..Basis::default() };
    let mut stream = Stream::new(config, vec![Box::new(Twin::new(plants.to_vec(), None))], basis);
    let mut out = Outputs::default();
    readings.iter().for_each(|reading| stream.push(*reading, &mut out));
    stream.end(&mut out);
    out
}

fn twin(c: &mut Criterion) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/steady/steady.toml");
    let scenario = Scenario::load(&path).expect("ships");
    let readings = roast(&scenario, 1, scenario.history_roasts).expect("books close").readings;
    let mut group = c.benchmark_group("twin");
    group.sample_size(10).throughput(Throughput::Elements(readings.len() as u64));
    for (name, plants) in [("one machine", vec![of_scenario(&scenario)]), ("three families", families())] {
        group.bench_function(name, |b| {
            b.iter_batched(|| (), |()| through(&plants, &readings), BatchSize::PerIteration);
        });
    }
    group.finish();
}

criterion::criterion_group!(benches, twin);
criterion::criterion_main!(benches);

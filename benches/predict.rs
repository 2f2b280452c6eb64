//! What a predictor costs at each reading of a session.
//!
//! `cargo bench --bench predict` times both forecasts, of first crack and of drop, late in a roast, on a machine
//! with a hundred earlier roasts: more than that do not count. `docs/prediction.md` quotes it. A predictor has no
//! state of its own, so the session holds the roast's points and nothing more.
#![allow(missing_docs)] // criterion's macros make public items without docs.

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use trier_pipeline::{
    Basis, MachineMemory, Outputs, PREDICTORS, Seen, Stream, StreamConfig, Target, Usual, predictor_named,
};
use trier_roast::{Quality, Sample, Trust};
use trier_sim::{Scenario, roast};

/// Earlier roasts of the machine.
const EARLIER: usize = 100;

fn forecasts(c: &mut Criterion) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/first-roast.toml");
    let scenario = Scenario::load(&path).expect("ships with the repository");
    let readings = roast(&scenario, 7, scenario.history_roasts).expect("books close").readings;
    let config = StreamConfig { source: "bench".into(), machine: "gd12".into(), trust: Trust::Unsigned };
    let mut stream = Stream::new(config, Vec::new(), Basis::default());
    let mut out = Outputs::default();
    readings.iter().for_each(|reading| stream.push(*reading, &mut out));
    stream.end(&mut out);

    let mut memory = MachineMemory::default();
    let session = out.sessions.first().expect("one roast");
    for _ in 0..EARLIER {
        let told = memory.told(session, &out.telemetry).expect("a complete roast");
        memory.add(&session.machine, told);
    }
    let basis = memory.basis_for("gd12", None);
    let usual = Usual::of(&basis);
    let now_s = session.first_crack_s.expect("cracked") - 30.0;
    let points: Vec<(f64, f64)> = out
        .telemetry
        .iter()
        .filter(|row| Quality::of_names(&row.quality).is_usable())
        .filter_map(|row| Some((row.since_charge_s?, row.bt_c?)))
        .filter(|(t_s, _)| (0.0..=now_s).contains(t_s))
        .collect();
    let warming_since_s = session.turning_point_s;
    let newest = Sample { bt_c: points.last().map(|(_, c)| *c), ..Sample::default() };
    let seen = Seen {
        now_s,
        points: &points,
        newest: &newest,
        warming_since_s,
        marks: &[],
        basis: &basis,
        usual: &usual,
    };

    let mut group = c.benchmark_group("predict, one reading");
    for name in PREDICTORS {
        let mut predictor = predictor_named(name).expect("a known name");
        group.bench_function(name, |b| {
            b.iter(|| Target::ALL.map(|target| predictor.forecast(target, black_box(&seen))));
        });
    }
    group.finish();
}

criterion_group!(benches, forecasts);
criterion_main!(benches);

//! A plain roast, a stream to push it through, and what starts the scripts of the tests.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use trier_foreign::{Incidents, Opened};
use trier_pipeline::{Basis, EarlierRoast, Outputs, Predictor, Stream, StreamConfig};
use trier_roast::{EventTime, Mark, MarkKind, MarkSource, Reading, ReadingBody, Sample, Trust};
use trier_tables::rows::PredictionRow;

/// The folder of this crate.
pub(crate) fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file of schema `predictor/1` with `keys`, in a folder of its own.
pub(crate) fn spec_file(keys: &str) -> (tempfile::TempDir, PathBuf) {
    let place = tempfile::tempdir().expect("a folder");
    let path = place.path().join("predictor.toml");
    std::fs::write(&path, format!("schema = \"predictor/1\"\nname = \"it\"\n{keys}\n")).expect("writable");
    (place, path)
}

/// A roast charged at `charge_s`, a sample each 2 s: 200 °C, down to 90 at 60 s, then up 0.2 °C/s; first crack
/// at 560 s and drop at 660 s.
pub(crate) fn roast(charge_s: f64) -> Vec<Reading> {
    let at = |t_s: f64| EventTime::from_us(1_767_518_400_000_000).plus_s(charge_s + t_s);
    let mut readings = Vec::new();
    for t in (-30..720).step_by(2) {
        let t_s = f64::from(t);
        let kind = match t {
            0 => Some(MarkKind::Charge),
            560 => Some(MarkKind::FirstCrackStart),
            660 => Some(MarkKind::Drop),
            _ => None,
        };
        let mark = |kind| Mark { kind, at: at(t_s), source: MarkSource::Operator, confidence: 1.0 };
        readings.extend(kind.map(|kind| Reading { at: at(t_s), body: ReadingBody::Mark(mark(kind)) }));
        let bt_c = match t {
            ..0 => 200.0,
            0..60 => 200.0 - 110.0 * t_s / 60.0,
            60..661 => 90.0 + 0.2 * (t_s - 60.0),
            _ => 210.0 - 2.0 * (t_s - 660.0),
        };
        let sample = Sample { bt_c: Some(bt_c), et_c: Some(230.0 + 0.01 * t_s), ..Sample::default() };
        readings.push(Reading { at: at(t_s), body: ReadingBody::Sample(sample) });
    }
    readings
}

/// One earlier roast, with first crack at 190 °C and drop at 210 °C.
pub(crate) fn basis() -> Basis {
    let roast = EarlierRoast {
        first_crack_s: Some(560.0),
        first_crack_bt_c: Some(190.0),
        drop_s: Some(660.0),
        drop_bt_c: Some(210.0),
        ..EarlierRoast::default()
    };
    Basis { earlier: vec![roast], ..Basis::default() }
}

/// All that comes of `readings` with these predictors.
pub(crate) fn run(predictors: Vec<Box<dyn Predictor>>, readings: &[Reading]) -> Outputs {
    let config = StreamConfig { source: Arc::from("test"), machine: Arc::from("m1"), trust: Trust::Unsigned };
    let mut stream = Stream::new(config, predictors, basis());
    let mut out = Outputs::default();
    for reading in readings {
        stream.push(*reading, &mut out);
    }
    stream.end(&mut out);
    out
}

/// What `opened` says of `readings`.
pub(crate) fn asked(opened: &Opened, readings: &[Reading]) -> Vec<PredictionRow> {
    run(vec![opened.make()], readings).predictions
}

/// What is said for first crack at `t_s`.
pub(crate) fn at(rows: &[PredictionRow], t_s: f64) -> &PredictionRow {
    rows.iter()
        .find(|row| &*row.target == "first_crack_start" && (row.since_charge_s - t_s).abs() < 0.1)
        .expect("asked at each sample")
}

/// Faults counted, by code.
pub(crate) fn faults(incidents: &Incidents) -> Vec<(&'static str, u64)> {
    incidents.list().iter().map(|incident| (incident.fault.code(), incident.times)).collect()
}

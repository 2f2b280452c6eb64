//! A plain roast to bend, and a stream to push it through.

use std::sync::Arc;

use trier_pipeline::{
    Basis, EarlierRoast, Ledger, Outputs, PREDICTORS, Stream, StreamConfig, predictors_named,
};
use trier_roast::{EventTime, Mark, MarkKind, MarkSource, Reading, ReadingBody, Sample, Trust};

/// 2026-01-04T09:20:00Z.
pub(crate) const START_US: i64 = 1_767_518_400_000_000;

pub(crate) fn at(s: f64) -> EventTime {
    EventTime::from_us(START_US).plus_s(s)
}

pub(crate) fn bt(s: f64, bt_c: f64) -> Reading {
    sample(s, Sample { bt_c: Some(bt_c), et_c: Some(bt_c + 30.0), ..Sample::default() })
}

pub(crate) fn sample(s: f64, sample: Sample) -> Reading {
    Reading { at: at(s), body: ReadingBody::Sample(sample) }
}

pub(crate) fn mark(s: f64, kind: MarkKind) -> Reading {
    told(s, s, kind)
}

/// A mark for `at_s` that is announced at `announced_s`.
pub(crate) fn told(announced_s: f64, at_s: f64, kind: MarkKind) -> Reading {
    let mark = Mark { kind, at: at(at_s), source: MarkSource::Operator, confidence: 1.0 };
    Reading { at: at(announced_s), body: ReadingBody::Mark(mark) }
}

/// BT of a plain roast, °C: 200 at charge, down to 90 at 60 s, then up 0.2 °C/s.
/// It passes 150 °C at 360 s, 190 °C at 560 s, 210 °C at 660 s.
pub(crate) fn plain_c(t_s: f64) -> f64 {
    if t_s < 0.0 {
        200.0
    } else if t_s < 60.0 {
        200.0 - 110.0 * t_s / 60.0
    } else {
        90.0 + 0.2 * (t_s - 60.0)
    }
}

/// A plain roast charged at `charge_s`, sampled at 1 Hz from 30 s before charge to
/// 60 s after drop: first crack at 560 s, drop at 660 s, then BT falls 2 °C/s.
pub(crate) fn plain_roast(charge_s: f64) -> Vec<Reading> {
    shaped_roast(charge_s, |t_s| if t_s > 660.0 { 210.0 - 2.0 * (t_s - 660.0) } else { plain_c(t_s) })
}

/// The same times and marks over another BT, °C by seconds since charge.
pub(crate) fn shaped_roast(charge_s: f64, bt_c: impl Fn(f64) -> f64) -> Vec<Reading> {
    let mut readings = Vec::new();
    for t in -30..720 {
        let t_s = f64::from(t);
        let kind = match t {
            0 => Some(MarkKind::Charge),
            560 => Some(MarkKind::FirstCrackStart),
            660 => Some(MarkKind::Drop),
            _ => None,
        };
        readings.extend(kind.map(|kind| mark(charge_s + t_s, kind)));
        readings.push(bt(charge_s + t_s, bt_c(t_s)));
    }
    readings
}

/// Three earlier roasts: first crack at 190 °C and 550 s, drop at 212 °C and 640 s.
pub(crate) fn three_earlier() -> Basis {
    let roast = |by: f64| EarlierRoast {
        first_crack_s: Some(550.0 + 10.0 * by),
        first_crack_bt_c: Some(190.0 + by),
        drop_s: Some(640.0 + 10.0 * by),
        drop_bt_c: Some(212.0 + by),
        ..EarlierRoast::default()
    };
    Basis { earlier: vec![roast(-3.0), roast(0.0), roast(5.0)], ..Basis::default() }
}

pub(crate) fn stream(basis: Basis) -> Stream {
    let config = StreamConfig { source: Arc::from("test"), machine: Arc::from("m1"), trust: Trust::Unsigned };
    Stream::new(config, predictors_named(&PREDICTORS).expect("known names"), basis)
}

/// All rows of a stream that is ended.
pub(crate) fn run(readings: &[Reading], basis: Basis) -> Outputs {
    let (mut out, _, stream) = run_open(readings, basis);
    stream.end(&mut out);
    out
}

/// The rows of a stream that is still open.
pub(crate) fn run_open(readings: &[Reading], basis: Basis) -> (Outputs, Ledger, Stream) {
    let mut stream = stream(basis);
    let mut out = Outputs::default();
    for reading in readings {
        stream.push(*reading, &mut out);
    }
    (out, stream.ledger(), stream)
}

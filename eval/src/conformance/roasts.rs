//! Made-up roasts to ask predictors on: smooth enough that the same roast can be sampled at any interval.

use std::sync::Arc;

use crate::runner::through_pipeline;
use trier_pipeline::{Basis, MachineMemory, Predictor, StreamConfig};
use trier_roast::{EventTime, Mark, MarkKind, MarkSource, Reading, ReadingBody, Sample, Trust, math};
use trier_tables::rows::PredictionRow;

/// 2026-01-04T09:20:00Z.
const START_US: i64 = 1_767_518_400_000_000;

/// First crack and drop of a roast of the usual pace, s since charge.
pub(super) const FIRST_CRACK_S: f64 = 480.0;
pub(super) const DROP_S: f64 = 600.0;

/// A mark is pressed so long after what it marks, s.
const HAND_S: f64 = 3.0;

/// One made-up roast.
#[derive(Clone, Copy, Debug)]
pub(super) struct MadeUp {
    /// When it is charged.
    pub charge: EventTime,
    /// Time between samples, s.
    pub interval_s: f64,
    /// 1 is the usual pace; a slower roast has more.
    pub pace: f64,
    /// Recording goes on so long after drop, s. It begins as long before charge.
    pub around_s: f64,
}

impl MadeUp {
    /// A roast of the usual pace, sampled each second.
    pub(super) fn usual() -> Self {
        Self { charge: EventTime::from_us(START_US), interval_s: 1.0, pace: 1.0, around_s: 60.0 }
    }

    /// What a recorder would have heard of it.
    pub(super) fn readings(&self) -> Vec<Reading> {
        let end_s = DROP_S * self.pace + self.around_s;
        let mut readings = Vec::new();
        let mut step = 0_u32;
        loop {
            let t_s = f64::from(step) * self.interval_s - self.around_s;
            step += 1;
            if t_s > end_s {
                break;
            }
            readings
                .push(Reading { at: self.charge.plus_s(t_s), body: ReadingBody::Sample(self.sample(t_s)) });
        }
        let mark = |kind, at_s: f64, told_s: f64, source| Reading {
            at: self.charge.plus_s(told_s),
            body: ReadingBody::Mark(Mark { kind, at: self.charge.plus_s(at_s), source, confidence: 1.0 }),
        };
        let (crack_s, drop_s) = (FIRST_CRACK_S * self.pace, DROP_S * self.pace);
        readings.push(mark(MarkKind::Charge, 0.0, 0.0, MarkSource::Device));
        readings.push(mark(MarkKind::FirstCrackStart, crack_s, crack_s + HAND_S, MarkSource::Operator));
        readings.push(mark(MarkKind::Drop, drop_s, drop_s, MarkSource::Device));
        // A mark is heard before the sample of its instant.
        readings.sort_by_key(|reading| (reading.at, matches!(reading.body, ReadingBody::Sample(_))));
        readings
    }

    /// 200 °C before charge, down to 96 °C, 190 °C at first crack and 206 °C at drop, then cooling.
    fn sample(&self, t_s: f64) -> Sample {
        let (u, drop) = (t_s / self.pace, DROP_S);
        let roasting = |u: f64| 267.6 - 202.6 * math::exp(-u / 500.0) + 135.0 * math::exp(-u / 22.0);
        // Never the same to the last digit, as no probe is.
        let shake = 0.03 * math::sin(0.9 * t_s) + 0.02 * math::sin(2.3 * t_s + 1.0);
        let bt_c = match u {
            u if u < 0.0 => 200.0,
            u if u > drop => roasting(drop) - 1.5 * (u - drop),
            u => roasting(u),
        };
        let et_c = if u < 0.0 { 235.0 } else { 240.0 - 45.0 * math::exp(-u / 60.0) + 0.02 * u };
        let (gas_pct, air_pct) = if u < 300.0 { (80.0, 30.0) } else { (55.0, 50.0) };
        Sample {
            bt_c: Some(bt_c + shake),
            et_c: Some(et_c - 2.0 * shake),
            gas_pct: Some(gas_pct),
            air_pct: Some(air_pct),
            ..Sample::default()
        }
    }
}

/// What the machine's three earlier roasts tell, of which none is like another.
pub(super) fn basis() -> Basis {
    let mut memory = MachineMemory::default();
    for (day, pace) in [(3.0, 0.96), (2.0, 1.03), (1.0, 1.0)] {
        let charge = EventTime::from_us(START_US).plus_s(-86_400.0 * day);
        let readings = MadeUp { charge, pace, ..MadeUp::usual() }.readings();
        let outputs = through_pipeline(&config(), Vec::new(), Basis::default(), &readings);
        outputs.sessions.iter().for_each(|session| memory.learn(session, &outputs.telemetry));
    }
    memory.basis_for("conformance", None)
}

/// What `predictors` say of `readings`, in the order they were asked.
pub(super) fn asked(
    predictors: Vec<Box<dyn Predictor>>,
    basis: &Basis,
    readings: &[Reading],
) -> Vec<PredictionRow> {
    through_pipeline(&config(), predictors, basis.clone(), readings).predictions
}

fn config() -> StreamConfig {
    StreamConfig { source: Arc::from("made up"), machine: Arc::from("conformance"), trust: Trust::Unsigned }
}

/// `readings` with each sample changed, or left out.
pub(super) fn samples(
    readings: &[Reading],
    change: impl Fn(EventTime, Sample) -> Option<Sample>,
) -> Vec<Reading> {
    let one = |reading: &Reading| match reading.body {
        ReadingBody::Sample(sample) => {
            Some(Reading { at: reading.at, body: ReadingBody::Sample(change(reading.at, sample)?) })
        }
        ReadingBody::Mark(_) => Some(*reading),
    };
    readings.iter().filter_map(one).collect()
}

/// `readings` so much later, µs.
pub(super) fn later(readings: &[Reading], us: i64) -> Vec<Reading> {
    let moved = |at: EventTime| EventTime::from_us(at.us() + us);
    let one = |reading: &Reading| Reading {
        at: moved(reading.at),
        body: match reading.body {
            ReadingBody::Mark(mark) => ReadingBody::Mark(Mark { at: moved(mark.at), ..mark }),
            sample @ ReadingBody::Sample(_) => sample,
        },
    };
    readings.iter().map(one).collect()
}

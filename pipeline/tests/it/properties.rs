//! What must hold for any readings at all.

use std::sync::Arc;

use proptest::{collection::vec, prelude::*, sample::Index, test_runner::RngSeed};
use trier_pipeline::Outputs;
use trier_roast::{EventTime, Mark, MarkKind, MarkSource, Reading, ReadingBody, Sample};
use trier_tables::{
    Table,
    rows::{MarkRow, PredictionRow, SessionRow, TelemetryRow},
};

use crate::support::{START_US, plain_c, plain_roast, run, run_open, three_earlier};

/// The same cases on every machine and every day.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, rng_seed: RngSeed::Fixed(7), failure_persistence: None, ..Default::default() }
}

/// Any number at all, with the awkward ones often.
fn any_value() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        4 => (20.0..300.0).prop_map(Some),
        1 => Just(None),
        1 => Just(Some(-1.0)),
        1 => prop::sample::select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, -0.0]).prop_map(Some),
        1 => prop::num::f64::ANY.prop_map(Some),
    ]
}

/// One step of a wild stream: how far time moves, and what comes.
fn any_step() -> impl Strategy<Value = (i64, Body)> {
    let step_us = prop_oneof![
        8 => Just(1_000_000_i64),
        2 => 0..10_000_000_i64,
        1 => -100_000_000..0_i64,
        1 => 0..400_000_000_i64,
    ];
    let wild = (any_value(), any_value(), any_value())
        .prop_map(|(bt_c, et_c, gas_pct)| Body::Wild(Sample { bt_c, et_c, gas_pct, ..Sample::default() }));
    let mark = (0..MarkKind::ALL.len(), -200_000_000..50_000_000_i64, prop::num::f64::ANY)
        .prop_map(|(kind, offset_us, confidence)| Body::Mark(MarkKind::ALL[kind], offset_us, confidence));
    (step_us, prop_oneof![6 => Just(Body::Plain), 2 => wild, 1 => mark])
}

#[derive(Clone, Debug)]
enum Body {
    /// A plain roast's BT, by the time since the stream began.
    Plain,
    Wild(Sample),
    Mark(MarkKind, i64, f64),
}

fn any_readings() -> impl Strategy<Value = Vec<Reading>> {
    vec(any_step(), 0..400).prop_map(|steps| {
        let mut us = 0;
        let place = |(step_us, body): (i64, Body)| {
            us += step_us;
            let at = EventTime::from_us(START_US + us);
            let body = match body {
                Body::Plain => {
                    let bt_c = plain_c(us as f64 / 1e6).clamp(-5.0, 240.0);
                    ReadingBody::Sample(Sample { bt_c: Some(bt_c), ..Sample::default() })
                }
                Body::Wild(sample) => ReadingBody::Sample(sample),
                Body::Mark(kind, offset_us, confidence) => {
                    let at = EventTime::from_us(at.us() + offset_us);
                    ReadingBody::Mark(Mark { kind, at, source: MarkSource::Device, confidence })
                }
            };
            Reading { at, body }
        };
        steps.into_iter().map(place).collect()
    })
}

/// `whole` begins with `part`, table by table.
fn begins_with(whole: &Outputs, part: &Outputs) -> bool {
    whole.telemetry.starts_with(&part.telemetry)
        && whole.marks.starts_with(&part.marks)
        && whole.predictions.starts_with(&part.predictions)
        && whole.sessions.starts_with(&part.sessions)
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn any_stream_is_accounted_for_finite_and_without_overlap(readings in any_readings()) {
        let (open, ledger, _) = run_open(&readings, three_earlier());
        prop_assert!(ledger.balances(), "{ledger:?}");
        let out = run(&readings, three_earlier());
        prop_assert_eq!(out.telemetry.len() as u64, ledger.telemetry);
        prop_assert_eq!(open.marks.len() as u64, ledger.marks + ledger.inferred_marks);
        // A batch refuses any number that is not finite.
        prop_assert!(TelemetryRow::to_batch(&out.telemetry).is_ok());
        prop_assert!(MarkRow::to_batch(&out.marks).is_ok());
        prop_assert!(SessionRow::to_batch(&out.sessions).is_ok());
        prop_assert!(PredictionRow::to_batch(&out.predictions).is_ok());
        for pair in out.sessions.windows(2) {
            prop_assert!(pair[0].end_us <= pair[1].start_us);
            prop_assert!(pair[0].session_id != pair[1].session_id);
        }
        for row in &out.sessions {
            prop_assert!(row.start_us <= row.end_us);
            let members = out.telemetry.iter().filter(|t| t.session_id.as_ref() == Some(&row.session_id));
            prop_assert_eq!(members.count(), row.n_readings as usize);
        }
        for row in &out.telemetry {
            prop_assert!(row.bt_c.is_some() || row.quality.contains("missing"));
        }
    }

    #[test]
    fn a_cut_stream_gives_the_same_rows_up_to_the_cut(readings in any_readings(), cut in any::<Index>()) {
        let cut = cut.index(readings.len() + 1);
        let (part, _, _) = run_open(&readings[..cut], three_earlier());
        let (whole, _, _) = run_open(&readings, three_earlier());
        prop_assert!(begins_with(&whole, &part));
    }

    #[test]
    fn moving_all_times_moves_only_times(readings in any_readings(), by_us in -1_000_000_000_000_000..1_000_000_000_000_000_i64) {
        let here = run(&readings, three_earlier());
        let moved: Vec<Reading> = readings.iter().map(|reading| moved(reading, by_us)).collect();
        prop_assert_eq!(shifted(run(&moved, three_earlier()), 0), shifted(here, by_us));
    }
}

#[test]
fn no_cut_of_a_plain_roast_changes_what_was_said_before() {
    let readings = plain_roast(0.0);
    let (whole, _, _) = run_open(&readings, three_earlier());
    for cut in (0..readings.len()).step_by(7) {
        let (part, _, _) = run_open(&readings[..cut], three_earlier());
        assert!(begins_with(&whole, &part), "cut at {cut}");
    }
}

#[test]
fn readings_at_the_ends_of_time_do_no_harm() {
    for (first, second) in [(i64::MIN, i64::MAX), (i64::MAX, i64::MIN), (i64::MIN, i64::MIN)] {
        let place = |us, kind| {
            let at = EventTime::from_us(us);
            let mark = Mark { kind, at, source: MarkSource::Device, confidence: 1.0 };
            [
                Reading { at, body: ReadingBody::Mark(mark) },
                Reading { at, body: ReadingBody::Sample(Sample { bt_c: Some(99.0), ..Sample::default() }) },
            ]
        };
        let readings = [place(first, MarkKind::Charge), place(second, MarkKind::Drop)].concat();
        let out = run(&readings, three_earlier());
        assert_eq!((out.telemetry.len(), out.marks.len(), out.sessions.len()), (2, 2, 1));
        assert!(SessionRow::to_batch(&out.sessions).is_ok());
    }
}

fn moved(reading: &Reading, by_us: i64) -> Reading {
    let later = |at: EventTime| EventTime::from_us(at.us() + by_us);
    let body = match reading.body {
        ReadingBody::Sample(sample) => ReadingBody::Sample(sample),
        ReadingBody::Mark(mark) => ReadingBody::Mark(Mark { at: later(mark.at), ..mark }),
    };
    Reading { at: later(reading.at), body }
}

/// `out` with its times moved, and its sessions named by their order: ids are made of times.
fn shifted(mut out: Outputs, by_us: i64) -> Outputs {
    let ids: Vec<Arc<str>> = out.sessions.iter().map(|row| Arc::clone(&row.session_id)).collect();
    let renamed = |id: &Arc<str>| -> Arc<str> {
        Arc::from(ids.iter().position(|old| old == id).expect("sealed").to_string())
    };
    for row in &mut out.telemetry {
        row.t_us += by_us;
        row.session_id = row.session_id.as_ref().map(renamed);
    }
    for row in &mut out.marks {
        row.t_us += by_us;
        row.session_id = row.session_id.as_ref().map(renamed);
    }
    for row in &mut out.predictions {
        row.as_of_us += by_us;
        row.session_id = renamed(&row.session_id);
    }
    for row in &mut out.sessions {
        (row.start_us, row.end_us) = (row.start_us + by_us, row.end_us + by_us);
        row.session_id = renamed(&row.session_id);
    }
    out
}

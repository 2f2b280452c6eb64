//! Which stretch is a roast, and how it ends.

use trier_pipeline::{Basis, Outputs, Stream, StreamConfig};
use trier_roast::{EventTime, Mark, MarkKind, MarkSource, Reading, ReadingBody, Sample, Trust};

use crate::support::{at, bt, mark, plain_c, plain_roast, run, shaped_roast, told};

fn outcomes(out: &Outputs) -> Vec<(&str, &str)> {
    out.sessions.iter().map(|row| (&*row.outcome, &*row.seal_cause)).collect()
}

/// A probe that shows 90 °C at 1 Hz: neither hot enough to miss beans, nor moving.
fn idle(from: i32, to: i32) -> impl Iterator<Item = Reading> {
    (from..to).map(|s| bt(f64::from(s), 90.0))
}

#[test]
fn back_to_back_batches_are_as_many_sessions_and_cooling_opens_none() {
    let mut readings: Vec<Reading> = (0..5).flat_map(|i| plain_roast(f64::from(i) * 760.0)).collect();
    readings.extend(idle(4 * 760 + 720, 4 * 760 + 3_000));
    let out = run(&readings, Basis::default());
    let mut expected = vec![("complete", "next_charge"); 4];
    expected.push(("complete", "drop+cooldown"));
    assert_eq!(outcomes(&out), expected);
    for (i, row) in out.sessions.iter().enumerate() {
        let charge_s = 760.0 * i as f64;
        assert_eq!((row.start_us, row.end_us), (at(charge_s).us(), at(charge_s + 660.0).us()));
        assert_eq!((row.first_crack_s, row.drop_s), (Some(560.0), Some(660.0)));
        let rows = out.telemetry.iter().filter(|t| t.session_id.as_ref() == Some(&row.session_id));
        assert_eq!(rows.count(), row.n_readings as usize);
    }
    let mut ids: Vec<_> = out.sessions.iter().map(|row| &row.session_id).collect();
    ids.dedup();
    assert_eq!(ids.len(), 5);
}

#[test]
fn telemetry_alone_is_no_roast() {
    let out = run(&idle(0, 2_000).collect::<Vec<_>>(), Basis::default());
    assert_eq!((out.sessions.len(), out.predictions.len(), out.telemetry.len()), (0, 0, 2_000));
}

#[test]
fn a_roast_without_a_drop_ends_with_the_next_charge_or_the_stream() {
    let mut readings = plain_roast(0.0);
    readings.retain(|r| *r != mark(660.0, MarkKind::Drop));
    readings.extend(plain_roast(760.0).into_iter().filter(|r| *r != mark(1_420.0, MarkKind::Drop)));
    // Its fall shows the drop.
    let out = run(&readings, Basis::default());
    assert_eq!(outcomes(&out), [("complete", "next_charge"), ("complete", "end_of_stream")]);
    for (row, charge_s) in out.sessions.iter().zip([0.0, 760.0]) {
        assert_eq!((row.drop_source.as_deref(), row.drop_disagreement_s), (Some("inferred"), None));
        assert!((row.drop_s.expect("shown") - 660.0).abs() <= 1.0, "{row:?}");
        assert_eq!(row.start_us, at(charge_s).us());
    }
    // Without BT nothing does.
    let blind: Vec<Reading> = readings
        .into_iter()
        .map(|r| match r.body {
            ReadingBody::Sample(_) => Reading { body: ReadingBody::Sample(Sample::default()), ..r },
            ReadingBody::Mark(_) => r,
        })
        .collect();
    let out = run(&blind, Basis::default());
    assert_eq!(outcomes(&out), [("no_drop", "next_charge"), ("no_drop", "end_of_stream")]);
    assert_eq!((out.sessions[0].drop_s, out.sessions[0].end_us), (None, at(760.0).us()));
}

#[test]
fn two_minutes_make_a_roast() {
    for (drop_s, outcome) in [(119.0, "aborted"), (120.0, "complete")] {
        let readings = [mark(0.0, MarkKind::Charge), bt(1.0, 180.0), mark(drop_s, MarkKind::Drop)];
        assert_eq!(outcomes(&run(&readings, Basis::default())), [(outcome, "end_of_stream")]);
    }
}

#[test]
fn a_long_silence_seals_and_a_reboot_does_not() {
    let silent_for = |s: i32| {
        let mut readings = vec![mark(0.0, MarkKind::Charge)];
        readings.extend(idle(1, 301));
        readings.extend(idle(300 + s, 700 + s));
        run(&readings, Basis::default())
    };
    let rebooted = silent_for(290);
    assert_eq!(outcomes(&rebooted), [("no_drop", "end_of_stream")]);
    assert_eq!((rebooted.sessions[0].gaps, rebooted.sessions[0].longest_gap_s), (1, 290.0));
    let lost = silent_for(301);
    assert_eq!(outcomes(&lost), [("no_drop", "silence")]);
    assert_eq!(lost.sessions[0].end_us, at(300.0).us());
    // The silence that ended it is the worst of its data, and shows as such.
    let row = &lost.sessions[0];
    assert_eq!((row.gaps, row.longest_gap_s, &*row.grade), (1, 301.0, "poor"));
    assert_eq!(silent_for(60).sessions[0].gaps, 0);
    assert_eq!(silent_for(61).sessions[0].gaps, 1);
}

#[test]
fn a_forgotten_drop_does_not_hold_a_session_open_for_ever() {
    let mut readings = vec![mark(0.0, MarkKind::Charge)];
    readings.extend(idle(1, 9_000));
    let out = run(&readings, Basis::default());
    assert_eq!(outcomes(&out), [("no_drop", "too_long")]);
    assert_eq!(out.sessions[0].n_readings, 3_600);
}

#[test]
fn a_charge_told_twice_is_one_charge() {
    let mut readings = plain_roast(0.0);
    readings.insert(60, mark(20.0, MarkKind::Charge));
    readings.insert(500, told(469.0, 0.0, MarkKind::Charge));
    let out = run(&readings, Basis::default());
    assert_eq!(outcomes(&out), [("complete", "end_of_stream")]);
    assert_eq!(out.sessions[0].start_us, at(0.0).us());
    let charges: Vec<_> = out.marks.iter().filter(|row| &*row.kind == "charge").collect();
    assert_eq!(charges.iter().filter(|row| &*row.mark_source == "operator").count(), 3);
    assert!(charges.iter().all(|row| row.session_id.as_ref() == Some(&out.sessions[0].session_id)));
}

#[test]
fn a_charge_told_late_counts_from_when_it_happened() {
    let mut readings = plain_roast(0.0);
    let late = told(90.0, 0.0, MarkKind::Charge);
    readings.retain(|r| *r != mark(0.0, MarkKind::Charge));
    readings.insert(120, late);
    let out = run(&readings, Basis::default());
    let row = &out.sessions[0];
    assert_eq!((row.start_us, row.first_crack_s), (at(0.0).us(), Some(560.0)));
    // The turning point lay before the announcement, and is known all the same.
    assert!((row.turning_point_s.expect("BT turned") - 60.0).abs() <= 3.0);
    assert_eq!(row.charge_bt_c, run(&plain_roast(0.0), Basis::default()).sessions[0].charge_bt_c);
}

#[test]
fn sessions_never_overlap_whatever_the_marks_say() {
    let mut readings = plain_roast(0.0);
    // A charge told for a time before the drop that has been told already.
    readings.push(told(721.0, 400.0, MarkKind::Charge));
    readings.push(bt(800.0, 120.0));
    let out = run(&readings, Basis::default());
    assert_eq!(outcomes(&out)[0], ("complete", "next_charge"));
    assert_eq!(out.sessions[1].start_us, out.sessions[0].end_us);
}

#[test]
fn marks_without_a_roast_are_kept_and_belong_to_none() {
    let readings = [mark(0.0, MarkKind::Drop), mark(1.0, MarkKind::FirstCrackStart), bt(2.0, 90.0)];
    let out = run(&readings, Basis::default());
    assert_eq!(out.sessions.len(), 0);
    assert_eq!(out.marks.len(), 2);
    assert!(out.marks.iter().all(|row| row.session_id.is_none() && row.since_charge_s.is_none()));
}

#[test]
fn marks_after_a_sealing_silence_are_kept_and_belong_to_none() {
    // A recording with a hole of ten minutes in the middle of the roast.
    let mut readings = vec![mark(0.0, MarkKind::Charge)];
    readings.extend(idle(1, 200));
    readings.extend(idle(800, 900));
    readings.extend([mark(900.0, MarkKind::FirstCrackStart), mark(960.0, MarkKind::Drop)]);
    let out = run(&readings, Basis::default());
    assert_eq!(outcomes(&out), [("no_drop", "silence")]);
    let outside: Vec<_> = out.marks.iter().filter(|m| m.session_id.is_none()).map(|m| &*m.kind).collect();
    assert_eq!(outside, ["first_crack_start", "drop"]);
    assert_eq!((out.sessions[0].first_crack_s, out.sessions[0].drop_s), (None, None));
}

#[test]
fn undated_recordings_of_one_machine_have_ids_of_their_own() {
    let id_of = |source: &str, from: EventTime| {
        let config = StreamConfig { source: source.into(), machine: "m1".into(), trust: Trust::Unsigned };
        let (mut stream, mut out) = (Stream::new(config, Vec::new(), Basis::default()), Outputs::default());
        for reading in plain_roast(0.0) {
            let moved = |t: EventTime| from.plus_s(t.since_s(at(0.0)));
            let body = match reading.body {
                ReadingBody::Mark(mark) => ReadingBody::Mark(Mark { at: moved(mark.at), ..mark }),
                sample @ ReadingBody::Sample(_) => sample,
            };
            stream.push(Reading { at: moved(reading.at), body }, &mut out);
        }
        stream.end(&mut out);
        out.sessions.pop().expect("a roast").session_id
    };
    let undated = EventTime::default().plus_s(30.0);
    assert_ne!(id_of("1.alog", undated), id_of("2.alog", undated));
    assert_eq!(id_of("1.alog", undated), id_of("1.alog", undated));
    assert_eq!(id_of("1.alog", at(0.0)), id_of("2.alog", at(0.0)));
}

#[test]
fn marks_out_of_order_are_kept_and_make_no_phase() {
    let readings = [
        mark(0.0, MarkKind::Charge),
        bt(1.0, 180.0),
        mark(500.0, MarkKind::Drop),
        mark(510.0, MarkKind::FirstCrackStart),
    ];
    let readings: Vec<Reading> =
        readings[..2].iter().copied().chain(idle(2, 500)).chain(readings[2..].iter().copied()).collect();
    let out = run(&readings, Basis::default());
    let row = &out.sessions[0];
    assert_eq!((row.first_crack_s, row.drop_s, row.development_s), (Some(510.0), Some(500.0), None));
    assert_eq!(out.sessions.len(), 1);
}

#[test]
fn a_mark_from_before_charge_belongs_to_no_roast() {
    let mut readings = plain_roast(0.0);
    readings.insert(100, told(68.0, -5.0, MarkKind::DryEnd));
    let out = run(&readings, Basis::default());
    let stray = out.marks.iter().find(|m| m.t_us == at(-5.0).us()).expect("kept");
    assert_eq!((&stray.session_id, stray.since_charge_s), (&None, None));
    assert!((out.sessions[0].dry_end_s.expect("inferred") - 360.0).abs() < 1.0);
}

#[test]
fn a_drop_that_arrives_late_still_has_its_cooldown() {
    // Announced at 660 s by the device, received after the sample of 719 s; by then
    // more than the cooldown is over if it were counted from 590 s.
    let mut readings = plain_roast(0.0);
    readings.retain(|r| *r != mark(660.0, MarkKind::Drop));
    readings.push(mark(590.0, MarkKind::Drop));
    readings.push(bt(720.0, 80.0));
    let out = run(&readings, Basis::default());
    assert_eq!(outcomes(&out), [("complete", "end_of_stream")]);
    assert_eq!(
        out.telemetry.last().and_then(|t| t.session_id.clone()),
        Some(out.sessions[0].session_id.clone())
    );
}

#[test]
fn a_charge_told_early_or_late_gives_way_to_the_plunge() {
    for told_s in [-20.0, 45.0, 120.0] {
        let mut readings = plain_roast(0.0);
        readings.retain(|r| *r != mark(0.0, MarkKind::Charge));
        let place = readings.iter().position(|r| r.at >= at(told_s)).expect("sampled");
        readings.insert(place, mark(told_s, MarkKind::Charge));
        let out = run(&readings, Basis::default());
        let row = &out.sessions[0];
        assert_eq!((out.sessions.len(), &*row.charge_source), (1, "inferred"), "told at {told_s} s");
        assert!((EventTime::from_us(row.start_us).since_s(at(0.0))).abs() <= 1.0);
        assert!((row.charge_disagreement_s.expect("both spoke") - told_s).abs() <= 1.0);
        assert!((row.drop_s.expect("told") - 660.0).abs() <= 1.0);
    }
}

#[test]
fn a_drop_told_while_bt_climbs_on_was_none() {
    let mut readings = plain_roast(0.0);
    readings.insert(332, mark(300.0, MarkKind::Drop));
    let out = run(&readings, Basis::default());
    let row = &out.sessions[0];
    assert_eq!((outcomes(&out), row.drop_s), (vec![("complete", "end_of_stream")], Some(660.0)));
    assert!(row.grade_reasons.contains("drop_refuted"), "{}", row.grade_reasons);
    assert_eq!(out.marks.iter().filter(|m| &*m.kind == "drop" && &*m.mark_source == "operator").count(), 2);
}

#[test]
fn a_drop_by_the_machines_own_word_stands_while_a_hot_drum_warms_the_probe_on() {
    let mut readings = shaped_roast(0.0, plain_c);
    for reading in &mut readings {
        if let ReadingBody::Mark(mark) = &mut reading.body {
            mark.source = MarkSource::Device;
        }
    }
    let row = &run(&readings, Basis::default()).sessions[0];
    assert_eq!(
        (&*row.outcome, row.drop_s, row.drop_source.as_deref()),
        ("complete", Some(660.0), Some("device"))
    );
    assert_eq!(&*row.grade, "good", "{}", row.grade_reasons);
}

#[test]
fn what_is_no_roast_is_called_by_its_name() {
    let only = |bt_c: &dyn Fn(f64) -> f64, s: i32| -> Vec<Reading> {
        let samples = (1..s).map(f64::from).map(|t_s| bt(t_s, bt_c(t_s)));
        std::iter::once(mark(0.0, MarkKind::Charge)).chain(samples).collect()
    };
    let outcome = |readings: &[Reading]| run(readings, Basis::default()).sessions[0].outcome.to_string();
    assert_eq!(outcome(&only(&|t_s| 200.0 + 0.3 * (t_s % 3.0), 400)), "no_beans");
    assert_eq!(outcome(&only(&|t_s| 200.0 - 0.3 * t_s, 400)), "cooling");
    // Heated from cold in 1000 s, and charged then: the first session is no roast, the second is one.
    let mut readings = only(&|t_s| (20.0 + 0.18 * t_s).min(200.0), 1_030);
    readings.extend(plain_roast(1_060.0));
    let out = run(&readings, Basis::default());
    assert_eq!(outcomes(&out), [("preheat", "next_charge"), ("complete", "end_of_stream")]);
}

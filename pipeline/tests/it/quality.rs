//! Broken, late and doubled samples: flagged, counted, never lost, never used.

use trier_pipeline::Basis;
use trier_roast::{MarkKind, Reading, ReadingBody, Sample};
use trier_tables::rows::PredictionRow;

use crate::support::{bt, plain_roast, run, run_open, sample, shaped_roast, three_earlier};

fn without_et(mut reading: Reading) -> Reading {
    if let ReadingBody::Sample(sample) = &mut reading.body {
        sample.et_c = None;
    }
    reading
}

#[test]
fn late_and_doubled_samples_are_flagged_counted_and_put_out() {
    let mut readings = plain_roast(0.0);
    readings.insert(400, readings[399]);
    readings.insert(500, bt(300.5, 139.0));
    let (out, ledger, _) = run_open(&readings, three_earlier());
    assert!(ledger.balances());
    assert_eq!(ledger.received, readings.len() as u64);
    assert_eq!(out.telemetry.len() as u64, ledger.telemetry);
    let flagged = |flag: &str| out.telemetry.iter().filter(|row| &*row.quality == flag).count();
    assert_eq!((flagged("duplicate_time"), flagged("out_of_order")), (1, 1));
    // They carry the session they lie in, and change nothing else.
    let clean = run(&plain_roast(0.0), three_earlier());
    let out = run(&readings, three_earlier());
    assert_eq!(out.predictions, clean.predictions);
    assert_eq!(out.marks, clean.marks);
    assert_eq!(out.sessions[0].n_unusable, 2);
    assert_eq!(out.sessions[0].n_readings, clean.sessions[0].n_readings + 2);
    assert_eq!(out.sessions[0].drop_bt_c, clean.sessions[0].drop_bt_c);
}

#[test]
fn missing_et_harms_nothing() {
    let with = run(&plain_roast(0.0), three_earlier());
    let readings: Vec<Reading> = plain_roast(0.0).into_iter().map(without_et).collect();
    let without = run(&readings, three_earlier());
    assert_eq!(with.predictions, without.predictions);
    assert_eq!(with.sessions, without.sessions);
    assert!(without.telemetry.iter().all(|row| row.et_c.is_none()));
}

#[test]
fn a_run_of_no_readings_is_missing_and_the_rate_of_rise_resumes() {
    let mut readings = plain_roast(0.0);
    for reading in &mut readings {
        let t_s = reading.at.since_s(crate::support::at(0.0));
        if let ReadingBody::Sample(sample) = &mut reading.body
            && (400.0..450.0).contains(&t_s)
        {
            sample.bt_c = Some(-1.0);
        }
    }
    let out = run(&readings, Basis::default());
    assert_eq!(out.sessions[0].n_unusable, 50);
    for row in out.telemetry.iter().filter(|row| &*row.quality == "missing") {
        assert_eq!((row.bt_c, row.bt_ror_c_per_min), (None, None));
    }
    let at_465 = out.telemetry.iter().find(|row| row.since_charge_s == Some(465.0)).expect("sampled");
    // 0.2 °C/s, from the 15 s since the probe came back.
    assert!((at_465.bt_ror_c_per_min.expect("window is full") - 12.0).abs() < 1e-9);
}

#[test]
fn a_spike_moves_no_rate_of_rise() {
    let mut readings = plain_roast(0.0);
    for reading in &mut readings {
        if let ReadingBody::Sample(sample) = &mut reading.body
            && reading.at == crate::support::at(400.0)
        {
            sample.bt_c = Some(240.0);
        }
    }
    let out = run(&readings, Basis::default());
    for row in &out.telemetry {
        let Some(t_s) = row.since_charge_s.filter(|t_s| (400.0..440.0).contains(t_s)) else { continue };
        if t_s == 400.0 {
            assert_eq!((&*row.quality, row.bt_c, row.bt_ror_c_per_min), ("spike", Some(240.0), None));
        } else {
            assert!((row.bt_ror_c_per_min.expect("window is full") - 12.0).abs() < 1e-9);
        }
    }
}

#[test]
fn rate_of_rise_is_told_between_charge_and_drop_only() {
    let out = run(&plain_roast(0.0), Basis::default());
    for row in &out.telemetry {
        let roasting = row.since_charge_s.is_some_and(|t_s| (15.0..660.0).contains(&t_s));
        assert_eq!(row.bt_ror_c_per_min.is_some(), roasting, "at {:?} s", row.since_charge_s);
    }
}

#[test]
fn a_probe_that_never_reads_still_makes_a_session() {
    let mut readings = vec![crate::support::mark(0.0, MarkKind::Charge)];
    readings.extend((1..300).map(|s| sample(f64::from(s), Sample::default())));
    let out = run(&readings, three_earlier());
    let row = &out.sessions[0];
    assert_eq!((row.n_readings, row.n_unusable, &*row.grade), (299, 299, "poor"));
    assert_eq!((row.charge_bt_c, row.turning_point_s), (None, None));
    // Two go by time alone.
    let by_time = |row: &PredictionRow| ["constant", "prior"].contains(&&*row.predictor);
    for row in &out.predictions {
        assert_eq!(row.abstain.as_deref(), (!by_time(row)).then_some("no_bt"), "{}", row.predictor);
    }
}

#[test]
fn a_fall_is_a_spike_while_beans_warm_and_none_at_charge_or_after_drop() {
    let bt_c = |t_s: f64| match t_s {
        t if t < 1.0 => 200.0,
        t if t < 60.0 => 110.0 - t / 3.0,
        t if (400.0..403.0).contains(&t) => 60.0,
        t if t > 660.0 => 60.0,
        t => crate::support::plain_c(t),
    };
    let out = run(&shaped_roast(0.0, bt_c), Basis::default());
    let spikes: Vec<_> = out
        .telemetry
        .iter()
        .filter(|t| t.quality.split('|').any(|flag| flag == "spike"))
        .map(|t| t.since_charge_s)
        .collect();
    assert_eq!(spikes, [Some(400.0), Some(401.0), Some(402.0)]);
}

/// A plain roast with BT and ET of each sample changed from 400 s on, by the seconds since then.
fn changed_at_400(change: impl Fn(f64, Sample) -> Sample) -> Vec<Reading> {
    let mut readings = plain_roast(0.0);
    for reading in &mut readings {
        let t_s = reading.at.since_s(crate::support::at(400.0));
        if let ReadingBody::Sample(sample) = &mut reading.body
            && t_s >= 0.0
        {
            *sample = change(t_s, *sample);
        }
    }
    readings
}

/// The times since 400 s of samples that carry `flag`.
fn flagged_s(readings: &[Reading], flag: &str) -> Vec<f64> {
    let out = run(readings, Basis::default());
    let carries = |quality: &str| quality.split('|').any(|one| one == flag);
    out.telemetry
        .iter()
        .filter(|row| carries(&row.quality))
        .filter_map(|row| Some(row.since_charge_s? - 400.0))
        .collect()
}

#[test]
fn no_spike_of_up_to_three_samples_moves_the_rate_of_rise() {
    let clean = run(&plain_roast(0.0), Basis::default());
    for length in [1.0, 2.0, 3.0] {
        for by_c in [-800.0, -150.0, -60.0, -20.0, 20.0, 60.0, 110.0, 800.0] {
            let wild = |t_s: f64, sample: Sample| Sample {
                bt_c: sample.bt_c.map(|c| if t_s < length { c + by_c } else { c }),
                ..sample
            };
            let out = run(&changed_at_400(wild), Basis::default());
            let pairs = out.telemetry.iter().zip(&clean.telemetry);
            for (got, want) in pairs.filter(|(got, _)| got.quality.is_empty()) {
                let off = got.bt_ror_c_per_min.unwrap_or(0.0) - want.bt_ror_c_per_min.unwrap_or(0.0);
                assert!(
                    off.abs() <= 0.5,
                    "{by_c} °C for {length}: {off} °C/min at {:?} s",
                    got.since_charge_s
                );
            }
            assert_eq!(out.sessions[0].drop_s, Some(660.0), "{by_c} °C for {length}");
        }
    }
}

#[test]
fn a_probe_that_sticks_is_flagged_within_ten_seconds_and_only_while_it_does() {
    let stuck = changed_at_400(|t_s, sample| Sample {
        bt_c: if t_s < 60.0 { Some(158.0) } else { sample.bt_c },
        ..sample
    });
    let at_s = flagged_s(&stuck, "stuck");
    assert!(at_s.first().is_some_and(|s| *s <= 10.0) && at_s.last().is_some_and(|s| *s <= 60.0), "{at_s:?}");
    let out = run(&stuck, Basis::default());
    assert_eq!((&*out.sessions[0].grade, out.sessions[0].grade_reasons.contains("stuck")), ("poor", true));

    // With ET it is the bus that repeats itself.
    let stale = changed_at_400(|t_s, sample| {
        if t_s < 60.0 { Sample { bt_c: Some(158.0), et_c: Some(188.0), ..sample } } else { sample }
    });
    assert!(flagged_s(&stale, "stale").first().is_some_and(|s| *s <= 10.0));
}

#[test]
fn another_unit_and_swapped_wires_are_held_until_they_are_put_right() {
    let f = |c: Option<f64>| c.map(|c| 1.8 * c + 32.0);
    let flipped = changed_at_400(|t_s, sample| {
        if t_s < 60.0 { Sample { bt_c: f(sample.bt_c), et_c: f(sample.et_c), ..sample } } else { sample }
    });
    let all: Vec<f64> = (0..60).map(f64::from).collect();
    assert_eq!(flagged_s(&flipped, "unit_suspect"), all);
    let swapped = changed_at_400(|t_s, sample| {
        if t_s < 60.0 { Sample { bt_c: sample.et_c, et_c: sample.bt_c, ..sample } } else { sample }
    });
    assert_eq!(flagged_s(&swapped, "swap_suspect"), all);
    for readings in [flipped, swapped] {
        let out = run(&readings, Basis::default());
        // As it was read, never converted; and of no harm to what follows.
        assert!(out.telemetry.iter().any(|row| row.bt_c.is_some_and(|c| c > 185.0)));
        assert_eq!((out.sessions[0].drop_s, &*out.sessions[0].grade), (Some(660.0), "poor"));
    }
}

/// Six roasts back to back, each with its plunge of this time constant, s; BT in steps of this, °C; and each so
/// many samples. What is held against each.
fn day(of: impl Fn(usize) -> (f64, f64, usize)) -> Vec<String> {
    let mut readings = Vec::new();
    for roast in 0..6_usize {
        let (time_constant_s, step_c, nth) = of(roast);
        let bt_c = |t_s: f64| match t_s {
            t if t < 0.0 => 200.0,
            // Back to where the next one is charged.
            t if t > 660.0 => 210.0 - (2.0 * (t - 660.0)).min(10.0),
            t => 90.0 + 110.0 * trier_roast::math::exp(-t / time_constant_s) + 0.2 * (t - 60.0).max(0.0),
        };
        let all = shaped_roast(760.0 * roast as f64, |t_s| (bt_c(t_s) / step_c).round() * step_c);
        let (samples, marks): (Vec<Reading>, Vec<Reading>) =
            all.into_iter().partition(|reading| matches!(reading.body, ReadingBody::Sample(_)));
        readings.extend(marks);
        readings.extend(samples.into_iter().step_by(nth));
    }
    readings.sort_by_key(|reading| reading.at);
    let out = run(&readings, Basis::default());
    out.sessions.iter().map(|row| row.grade_reasons.to_string()).collect()
}

#[test]
fn a_probe_that_grows_slow_is_suspect_from_that_roast_on_and_one_that_does_not_is_not() {
    // As much as the roasts of one machine differ by.
    let differing = day(|roast| ([20.0, 18.0, 24.0][roast % 3], 0.1, 1));
    assert_eq!(differing, [""; 6]);
    let slow = day(|roast| (if roast < 3 { 20.0 } else { 45.0 }, 0.1, 1));
    assert_eq!(slow, ["", "", "", "lag_suspect", "lag_suspect", "lag_suspect"]);
}

#[test]
fn a_display_or_a_pace_that_changes_is_flagged_in_the_roast_that_it_changes_in() {
    let changed =
        |step_c: f64, nth: usize| day(|roast| if roast < 3 { (20.0, 0.1, 1) } else { (20.0, step_c, nth) });
    assert_eq!(changed(1.0, 1), ["", "", "", "coarser", "", ""]);
    assert_eq!(changed(0.1, 4), ["", "", "", "pace_change", "", ""]);
}

//! Logs that are read, and what the reading says about them.

use crate::fixtures::{Alog, PREHEAT_S, bt_c, roastime};
use proptest::prelude::*;
use trier_logs::{FindingCode, LogFormat, RoastLog, read};
use trier_roast::{EventTime, MarkKind, MarkSource, ReadingBody, TempUnit};

fn read_alog(alog: &Alog) -> RoastLog {
    read(alog.text().as_bytes(), "roast.alog").expect("a sound log")
}

fn codes(log: &RoastLog) -> Vec<FindingCode> {
    log.findings.iter().map(|f| f.code).collect()
}

/// Seconds from charge to `kind`.
fn since_charge_s(log: &RoastLog, kind: MarkKind) -> Option<f64> {
    let at = |kind| log.marks.iter().find(|m| m.kind == kind).map(|m| m.at);
    Some(at(kind)?.since_s(at(MarkKind::Charge)?))
}

#[test]
fn a_sound_alog_is_read_without_a_remark() {
    let log = read_alog(&Alog::new());
    assert_eq!(log.format, LogFormat::ArtisanAlog);
    assert_eq!(log.findings, []);
    assert_eq!(log.started, Some(EventTime::from_us(1_767_603_600_000_000)));
    assert_eq!((log.samples.len(), log.marks.len()), (640, 4));
    assert!((log.sample_interval_s - 1.0).abs() < 1e-3);
    let drop_s = since_charge_s(&log, MarkKind::Drop).expect("marked");
    assert!((drop_s - 600.0).abs() < 2e-3, "jitter of the made-up clock is 1 ms, got {drop_s}");
    let (at, sample) = log.samples[300];
    let true_c = bt_c(at.since_s(log.started.expect("dated")) - PREHEAT_S);
    assert!((sample.bt_c.expect("read") - true_c).abs() < 1.0, "whole degrees and 0.3 flicker");
    assert_eq!(sample.et_c, sample.bt_c.map(|c| c + 20.0));
}

#[test]
fn fahrenheit_comes_out_as_celsius_declared_or_not() {
    let celsius = read_alog(&Alog::new());
    for (mode, inferred) in [(Some("F"), false), (Some("C"), true), (None, true)] {
        let log = read_alog(&Alog { mode, ..Alog::new().in_fahrenheit() });
        assert_eq!(log.declared_unit, TempUnit::Fahrenheit);
        assert_eq!(codes(&log).contains(&FindingCode::UnitInferred), inferred, "{mode:?}");
        for ((_, read), (_, meant)) in log.samples.iter().zip(&celsius.samples) {
            assert!((read.bt_c.expect("read") - meant.bt_c.expect("read")).abs() < 1e-9);
        }
    }
}

#[test]
fn readings_run_in_time_order_with_marks_after_their_samples() {
    let log = read_alog(&Alog::new());
    let readings = log.readings();
    assert_eq!(readings.len(), log.samples.len() + log.marks.len());
    assert!(readings.is_sorted_by_key(|r| r.at));
    let crack = readings
        .iter()
        .position(|r| matches!(r.body, ReadingBody::Mark(m) if m.kind == MarkKind::FirstCrackStart));
    let before = readings[crack.expect("announced") - 1];
    assert_eq!(before.at, readings[crack.expect("announced")].at);
    assert!(matches!(before.body, ReadingBody::Sample(_)));
}

#[test]
fn an_unmarked_charge_is_found_at_the_fall_and_said() {
    let mut alog = Alog::new();
    alog.timeindex[0] = -1;
    let log = read_alog(&alog);
    assert_eq!(codes(&log), [FindingCode::ChargeInferred]);
    let charge = log.marks[0];
    assert_eq!((charge.kind, charge.source), (MarkKind::Charge, MarkSource::Inferred));
    assert!(charge.confidence < 0.7);
    let at_s = charge.at.since_s(log.started.expect("dated"));
    assert!((at_s - PREHEAT_S).abs() < 5.0, "got {at_s} s");
}

#[test]
fn a_contradictory_mark_is_dropped_and_said_but_no_value_changes() {
    let mut alog = Alog::new();
    alog.timeindex[1] = 560; // Dry end after first crack.
    alog.timeindex[7] = 900; // Cooled down after the end of the recording.
    let log = read_alog(&alog);
    assert_eq!(codes(&log), [FindingCode::MarkOutOfRange, FindingCode::MarkOutOfOrder]);
    let kinds: Vec<MarkKind> = log.marks.iter().map(|m| m.kind).collect();
    assert_eq!(kinds, [MarkKind::Charge, MarkKind::FirstCrackStart, MarkKind::Drop]);
}

#[test]
fn dropouts_become_missing_and_spikes_stay() {
    let mut alog = Alog::new();
    alog.bt[100] = -1.0;
    alog.bt[101] = f64::NAN;
    alog.bt[620] = 349.0;
    let log = read_alog(&alog);
    assert_eq!(codes(&log), [FindingCode::MissingSamples, FindingCode::SpikeAtMark]);
    assert_eq!((log.samples[100].1.bt_c, log.samples[101].1.bt_c), (None, None));
    assert_eq!(log.samples[620].1.bt_c, Some(349.0));
}

#[test]
fn sliders_and_side_curves_fill_only_what_their_names_say() {
    let mut alog = Alog::new();
    let inlet: Vec<f64> = alog.bt.iter().map(|t| t + 100.0).collect();
    alog.more = format!(
        "'etypes': ['Br\\\\xfbleur', 'Fan', 'Damper', '', '--'], 'specialevents': [5, 300, 300], \
         'specialeventstype': [0, 1, 2], 'specialeventsvalue': [9.0, 4.5, 11.0], 'specialeventsStrings': ['', '', ''], \
         'extradevices': [1], 'extraname1': ['Inlet'], 'extraname2': ['{{1}}'], 'extratemp1': [{inlet:?}], 'extratemp2': [[]], \
         'weight': (400, 344.0, 'g'), 'roastertype': 'made up', 'title': '\\\\u7a7a\\\\u6c17', "
    );
    let log = read_alog(&alog);
    let (early, late) = (log.samples[4].1, log.samples[310].1);
    assert_eq!((early.gas_pct, early.air_pct), (None, None));
    assert_eq!((late.gas_pct, late.air_pct), (Some(80.0), Some(35.0)));
    assert_eq!(late.inlet_c, late.bt_c.map(|c| c + 100.0));
    assert_eq!((log.weight_in_kg, log.weight_out_kg), (Some(0.4), Some(0.344)));
    assert_eq!((log.device.as_str(), log.title.as_str()), ("made up", "空気"));
    assert_eq!(codes(&log), [FindingCode::TextEscapedTwice]);
}

#[test]
fn what_does_not_matter_for_timing_is_left_out_with_a_finding() {
    let mut alog = Alog::new();
    alog.more = "'weight': 'heavy', 'title': 7, 'specialevents': [1], ".to_owned();
    assert_eq!(codes(&read_alog(&alog)), [FindingCode::FieldIgnored; 3]);
}

#[test]
fn a_simulators_plunge_is_suspected_not_refused() {
    let mut alog = Alog::new();
    alog.bt.iter_mut().skip(22).take(58).for_each(|t| *t = 92.0);
    assert!(codes(&read_alog(&alog)).contains(&FindingCode::SimulatorSuspect));
}

#[test]
fn a_spike_in_the_first_minute_makes_no_simulation_of_a_real_roast() {
    for at in 22..78 {
        let mut alog = Alog::new();
        alog.bt[at] += 45.0;
        assert_eq!(codes(&read_alog(&alog)), [], "at sample {at}");
    }
}

#[test]
fn what_is_said_of_absurd_numbers_stays_short() {
    let mut alog = Alog { timeindex: [20, 290, 500, 0, 0, 0, 620, i64::MAX], ..Alog::new() };
    alog.bt[620] = 1e300;
    alog.more = "'weight': (1e300, 1e200, 'kg'), 'samplinginterval': 1e300, ".to_owned();
    let log = read_alog(&alog);
    assert!(codes(&log).contains(&FindingCode::SpikeAtMark) && log.findings.len() >= 5);
    for finding in &log.findings {
        assert!(finding.detail.len() < 120, "{}", finding.detail);
    }
}

#[test]
fn a_roastime_roast_is_read() {
    let more = "\"isFork\": 1, \"weightGreen\": \"500\", \"weightRoasted\": 430, \"exitTemperature\": null, \
        \"actions\": {\"actionTimeList\": [{\"ctrlType\": 0, \"index\": 6, \"value\": 9}, \
        {\"ctrlType\": 1, \"index\": 6, \"value\": 3}, {\"ctrlType\": 2, \"index\": 6, \"value\": 9}]},";
    let log = read(roastime(more).as_bytes(), "made-up").expect("a sound roast");
    assert_eq!((log.format, log.declared_unit), (LogFormat::RoasTimeJson, TempUnit::Celsius));
    assert_eq!((log.title.as_str(), log.is_fork, log.samples.len()), ("A \"test\"", true, 1200));
    assert_eq!(log.started, Some(EventTime::from_us(1_767_603_600_000_000)));
    assert_eq!(since_charge_s(&log, MarkKind::FirstCrackStart), Some(480.0));
    assert_eq!(since_charge_s(&log, MarkKind::Drop), Some(599.5));
    assert_eq!((log.marks[0].source, log.marks[2].source), (MarkSource::Device, MarkSource::Operator));
    assert_eq!((log.samples[6].1.gas_pct, log.samples[6].1.air_pct), (Some(100.0), Some(25.0)));
    assert_eq!((log.weight_in_kg, log.weight_out_kg), (Some(0.5), Some(0.43)));
    assert_eq!(codes(&log), [FindingCode::NumberAsText]);
}

/// The made-up `.alog` with another `roastepoch`, and `more` entries.
fn dated(epoch: &str, more: &str) -> RoastLog {
    let text = Alog { more: more.to_owned(), ..Alog::new() }.text();
    let text = text.replace("'roastepoch': 1767603600, ", epoch);
    read(text.as_bytes(), "roast.alog").expect("a sound log")
}

#[test]
fn a_time_that_no_set_clock_shows_is_no_time() {
    for epoch in [
        "",
        "'roastepoch': 0, ",
        "'roastepoch': 37, ",
        "'roastepoch': 1767603600000, ",
        "'roastepoch': 'today', ",
    ] {
        let log = dated(epoch, "");
        assert_eq!((log.started, codes(&log)), (None, vec![FindingCode::NoStartTime]), "{epoch}");
        assert_eq!(log.samples[0].0, EventTime::default(), "times count from zero");
    }
    for date in
        ["\"dateTime\": 0", "\"dateTime\": 1767603600000000", "\"dateTime\": \"today\"", "\"date\": 1"]
    {
        let text = roastime("").replace("\"dateTime\": 1767603600000", date);
        let log = read(text.as_bytes(), "made-up").expect("a sound roast");
        assert_eq!((log.started, codes(&log)), (None, vec![FindingCode::NoStartTime]), "{date}");
    }
}

#[test]
fn a_time_in_other_keys_or_units_is_found_and_said() {
    let at = Some(EventTime::from_us(1_767_603_600_000_000));
    let local = "'roastisodate': '2026-01-05', 'roasttime': '04:00:00', 'roasttzoffset': 18000, ";
    for epoch in ["", "'roastepoch': 0, "] {
        let log = dated(epoch, local);
        assert_eq!((log.started, codes(&log)), (at, vec![FindingCode::StartTimeInferred]));
    }
    let log = dated("", "'roastisodate': '2026-01-05', 'roasttime': '09:00:00', ");
    assert_eq!((log.started, codes(&log)), (at, vec![FindingCode::StartTimeInferred]));
    let text = roastime("").replace("1767603600000", "1767603600");
    let log = read(text.as_bytes(), "made-up").expect("a sound roast");
    assert_eq!((log.started, codes(&log)), (at, vec![FindingCode::StartTimeInferred]));
}

#[test]
fn a_machine_is_told_by_four_digits_that_hold_no_serial_number() {
    let key = |serial: &str| {
        let more = format!("\"isFork\": 1, \"serialNumber\": {serial},");
        read(roastime(&more).as_bytes(), "made-up").expect("a sound roast").machine_key
    };
    let (one, other) = (key("4711").expect("a serial number"), key("4712").expect("a serial number"));
    assert!(one.len() == 4 && one.bytes().all(|b| b.is_ascii_hexdigit()), "{one}");
    assert_ne!(one, other);
    assert_eq!(key("\" 4711 \""), Some(one));
    for none in ["null", "\"\"", "0", "[4711]"] {
        assert_eq!(key(none), None, "{none}");
    }
}

#[test]
fn a_log_that_is_json_and_python_alike_is_read_by_its_ending() {
    let json = Alog::new().text().replace("'viewerMode': False, ", "").replace('\'', "\"");
    assert_eq!(read(json.as_bytes(), "roast.alog").expect("sound").findings, []);
    let export = read(json.as_bytes(), "roast.json").expect("an export");
    assert_eq!((export.format, export.findings.as_slice()), (LogFormat::ArtisanJson, [].as_slice()));
}

proptest! {
    #[test]
    fn marks_and_times_survive_any_start_and_pace(start_s in -500.0..5000.0, pace in 0.5..2.0_f64) {
        let mut alog = Alog::new();
        alog.time_s.iter_mut().for_each(|t| *t = start_s + pace * *t);
        let log = read_alog(&alog);
        let crack_s: f64 = since_charge_s(&log, MarkKind::FirstCrackStart).expect("marked");
        prop_assert!((crack_s - 480.0 * pace).abs() < 3e-3 * pace.max(1.0), "{crack_s}");
        prop_assert_eq!(codes(&log).contains(&FindingCode::NegativeStart), start_s < 0.0);
    }
}

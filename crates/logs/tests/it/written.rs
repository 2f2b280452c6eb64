//! Roasts written as Artisan's files, and read back.

use crate::fixtures::Alog;
use proptest::prelude::*;
use std::process::{Command, Stdio};
use trier_logs::{ExportFormat, FindingCode, RoastLog, read, repeats, write};
use trier_roast::{EventTime, MarkKind, Sample};

/// The made-up roast with everything that an `.alog` can hold.
fn full() -> RoastLog {
    let mut log = read(Alog::new().text().as_bytes(), "roast.alog").expect("a sound log");
    for (i, (_, sample)) in log.samples.iter_mut().enumerate() {
        sample.inlet_c = sample.bt_c.map(|c| c + 100.0);
        sample.drum_c = Some(200.0 + i as f64 / 7.0);
        sample.gas_pct = (i >= 5).then_some(if i < 300 { 80.0 } else { 35.0 });
        sample.air_pct = (i >= 5).then_some(if i < 400 { 20.0 } else { 100.0 });
    }
    log.samples[77].1.bt_c = None;
    log.samples[78].1 = Sample { bt_c: None, et_c: None, inlet_c: None, ..log.samples[78].1 };
    log.title = "Côté d'Or, 커피 \\ \"x\"\n2".to_owned();
    log.device = "drum 火".to_owned();
    (log.weight_in_kg, log.weight_out_kg) = (Some(0.4), Some(0.3447));
    log
}

fn back(log: &RoastLog, format: ExportFormat) -> RoastLog {
    let text = write(log, format);
    read(text.as_bytes(), &format!("back.{}", format.name())).unwrap_or_else(|error| panic!("{error}"))
}

/// Asserts that `got` has what an `.alog` or JSON holds without loss.
fn assert_held(got: &RoastLog, meant: &RoastLog) {
    assert_eq!((&got.title, &got.device, got.started), (&meant.title, &meant.device, meant.started));
    assert_eq!(got.samples, meant.samples);
    let marks = |log: &RoastLog| log.marks.iter().map(|m| (m.kind, m.at)).collect::<Vec<_>>();
    assert_eq!(marks(got), marks(meant));
    for (got, meant) in [(got.weight_in_kg, meant.weight_in_kg), (got.weight_out_kg, meant.weight_out_kg)] {
        assert_eq!(got.is_some(), meant.is_some());
        // Written to a millionth of a gram.
        assert!((got.unwrap_or(0.0) - meant.unwrap_or(0.0)).abs() < 1e-9);
    }
}

#[test]
fn an_alog_and_a_json_hold_the_whole_roast() {
    let log = full();
    for format in [ExportFormat::Alog, ExportFormat::Json] {
        let got = back(&log, format);
        assert_held(&got, &log);
        let codes: Vec<FindingCode> = got.findings.iter().map(|f| f.code).collect();
        assert_eq!(codes, [FindingCode::MissingSamples], "{format:?}");
    }
}

#[test]
fn a_csv_holds_temperatures_and_marks_to_the_second() {
    let log = full();
    let got = back(&log, ExportFormat::Csv);
    assert_eq!(got.samples.len(), log.samples.len());
    for ((at, sample), (meant_at, meant)) in got.samples.iter().zip(&log.samples) {
        // The minute of the start is written, then whole seconds.
        let since = |at: EventTime, log: &RoastLog| at.since_s(log.samples[0].0);
        assert!((since(*at, &got) - since(*meant_at, &log)).abs() <= 0.5);
        let curves = |s: &Sample| (s.bt_c, s.et_c, s.inlet_c, s.drum_c);
        assert_eq!(curves(sample), curves(meant));
    }
    assert_eq!(got.marks.len(), log.marks.len());
    for (got_mark, meant) in got.marks.iter().zip(&log.marks) {
        let charge_s = |mark: EventTime, log: &RoastLog| mark.since_s(log.marks[0].at);
        assert_eq!(got_mark.kind, meant.kind);
        assert!((charge_s(got_mark.at, &got) - charge_s(meant.at, &log)).abs() <= 1.0);
    }
}

#[test]
fn an_export_is_a_copy_of_its_roast_and_of_no_other() {
    let log = full();
    let mut other = full();
    other.samples.iter_mut().for_each(|(_, sample)| sample.bt_c = sample.bt_c.map(|c| c + 0.01));
    let (csv, json) = (back(&log, ExportFormat::Csv), back(&log, ExportFormat::Json));
    assert_eq!(repeats(&[&csv, &other, &log, &json]), [Some(2), None, None, Some(2)]);
}

#[test]
fn nothing_written_claims_to_be_from_artisan() {
    let text = write(&full(), ExportFormat::Alog);
    for key in ["version", "signature", "hash", "artisan_os", "True", "False"] {
        assert!(!text.contains(key), "{key}");
    }
    assert!(text.starts_with("{'mode': 'C', ") && text.is_ascii());
}

#[test]
#[allow(clippy::print_stdout)] // A skipped test says so.
fn python_reads_the_alog_as_the_dict_that_was_meant() {
    use std::io::Write;
    let program = "import ast, json, sys; d = ast.literal_eval(sys.stdin.read()); \
        n = len(d['timex']); p = len(d['extradevices']); \
        assert all(len(d[k]) == p for k in d if k.startswith('extra')), 'parallel lists'; \
        assert len(d['temp1']) == len(d['temp2']) == n and len(d['timeindex']) == 8; \
        print(json.dumps(d))";
    let python =
        Command::new("python3").args(["-c", program]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut python) = python else {
        println!("skipped: there is no python3");
        return;
    };
    let log = full();
    let mut stdin = python.stdin.take().expect("piped");
    stdin.write_all(write(&log, ExportFormat::Alog).as_bytes()).expect("python reads");
    drop(stdin);
    let output = python.wait_with_output().expect("it ends");
    assert!(output.status.success());
    let got: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let meant: serde_json::Value = serde_json::from_str(&write(&log, ExportFormat::Json)).expect("JSON");
    assert_eq!(got, meant);
}

#[test]
fn an_undated_roast_and_one_of_minus_one_degree_come_back() {
    let mut log = full();
    let started = log.started.take().expect("dated");
    let undated = |at: EventTime| EventTime::default().plus_s(at.since_s(started));
    log.samples.iter_mut().for_each(|(at, _)| *at = undated(*at));
    log.marks.iter_mut().for_each(|mark| mark.at = undated(mark.at));
    log.samples[3].1.et_c = Some(-1.0);
    let got = back(&log, ExportFormat::Alog);
    assert_eq!((got.started, got.samples[9].0, got.marks[0].at), (None, log.samples[9].0, log.marks[0].at));
    assert!((got.samples[3].1.et_c.expect("kept") + 1.0).abs() < 1e-6);
    assert!(write(&log, ExportFormat::Csv).starts_with("Date:01.01.1970\tUnit:C\tCHARGE:00:20\tTP:\t"));
}

proptest! {
    #[test]
    fn any_roast_survives_writing_and_reading(
        start_us in 0..999_999_i64,
        pace in 0.4..3.0_f64,
        lost in prop::collection::vec(0..640_usize, 0..40),
        bump in prop::collection::vec(-3.0..3.0_f64, 640),
        percents in prop::array::uniform4(10..=100_u8),
        marked in prop::array::uniform3(any::<bool>()),
        title in "[^\\\\\\p{C}\\p{Z}]{0,20}",
    ) {
        let mut log = full();
        let first = log.samples[0].0;
        let moved = |at: EventTime| EventTime::from_us(first.us() + start_us).plus_s(at.since_s(first) * pace);
        log.samples.iter_mut().for_each(|(at, _)| *at = moved(*at));
        log.marks.iter_mut().for_each(|mark| mark.at = moved(mark.at));
        log.started = Some(log.samples[0].0);
        for ((_, sample), bump) in log.samples.iter_mut().zip(&bump) {
            sample.bt_c = sample.bt_c.map(|c| c + bump);
        }
        for i in lost {
            (log.samples[i].1.bt_c, log.samples[i].1.et_c) = (None, None);
        }
        for (i, (_, sample)) in log.samples.iter_mut().enumerate().skip(5) {
            sample.gas_pct = Some(f64::from(percents[usize::from(i > 200)]));
            sample.air_pct = Some(f64::from(percents[2 + usize::from(i > 100)]));
        }
        let optional = [MarkKind::DryEnd, MarkKind::FirstCrackStart, MarkKind::Drop];
        log.marks.retain(|mark| optional.iter().position(|k| *k == mark.kind).is_none_or(|i| marked[i]));
        log.title = title;
        for format in [ExportFormat::Alog, ExportFormat::Json] {
            assert_held(&back(&log, format), &log);
        }
        let got = back(&log, ExportFormat::Csv);
        prop_assert_eq!(got.marks.len(), log.marks.len());
    }
}

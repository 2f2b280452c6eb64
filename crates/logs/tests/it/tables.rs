//! Logs of other programs than Artisan and RoasTime, and tables by a column map.

use crate::fixtures::bt_c;
use crate::fixtures_tables as made;
use proptest::prelude::*;
use std::sync::LazyLock;
use trier_logs::{ColumnMap, FindingCode, LogFormat, RoastLog, read, read_with};
use trier_roast::{EventTime, MarkKind, MarkSource};

fn sound(text: &str) -> RoastLog {
    read(text.as_bytes(), "x").unwrap_or_else(|error| panic!("{error}: {}", &text[..80]))
}

fn codes(log: &RoastLog) -> Vec<FindingCode> {
    log.findings.iter().map(|f| f.code).collect()
}

fn since_charge_s(log: &RoastLog, kind: MarkKind) -> Option<f64> {
    let at = |kind| log.marks.iter().find(|m| m.kind == kind).map(|m| m.at);
    Some(at(kind)?.since_s(at(MarkKind::Charge)?))
}

#[test]
fn every_format_is_told_by_its_content_and_gives_the_roast_that_was_made() {
    for (format, text) in made::all() {
        let log = sound(&text);
        assert_eq!(log.format, format);
        if format != LogFormat::PlainCsv {
            let crack_s = since_charge_s(&log, MarkKind::FirstCrackStart).expect("marked");
            // Half a second of rounded times.
            assert!((crack_s - 480.0).abs() <= 0.6, "{format:?}: first crack at {crack_s} s");
        }
        if ![LogFormat::PlainCsv, LogFormat::HandCsv].contains(&format) {
            let drop_s = since_charge_s(&log, MarkKind::Drop).expect("marked");
            assert!((drop_s - 600.0).abs() <= 0.6, "{format:?}: drop at {drop_s} s");
        }
        if format == LogFormat::Klog {
            continue; // Its beans begin cold.
        }
        let charge = log.marks[0].at;
        for (at, sample) in &log.samples {
            let t_s = at.since_s(charge);
            // Whole degrees, 0.3 °C of flicker, 5 °C of a hand-kept dial; half a second at 1.5 °C/s.
            let tolerance_c = if format == LogFormat::HandCsv { 2.6 } else { 2.0 };
            // Where charge is inferred its time is not the true one.
            if log.marks[0].source != MarkSource::Inferred || format == LogFormat::HandCsv {
                let bt = sample.bt_c.expect("read");
                assert!((bt - bt_c(t_s)).abs() < tolerance_c, "{format:?}: {bt} °C at {t_s} s");
            }
        }
    }
}

#[test]
fn what_was_repaired_is_said() {
    use FindingCode as F;
    let said = |text: String| codes(&sound(&text));
    assert_eq!(said(made::artisan_json()), []);
    assert_eq!(said(made::artisan_json_from_r()), [F::Unwrapped, F::Unwrapped, F::NumberAsText]);
    assert_eq!(said(made::artisan_csv()), [F::StartTimeInferred]);
    assert_eq!(said(made::klog()), []);
    assert_eq!(said(made::tc4(false)), [F::RowIncomplete, F::NoStartTime, F::UnitInferred]);
    assert_eq!(said(made::agent()), []);
    assert_eq!(said(made::telemetry()), [F::UnitInferred]);
    let hand = [F::StartTimeInferred, F::ChargeInferred, F::ControlScaleUnclear, F::MarkMissing];
    assert_eq!(said(made::hand()), hand);
    assert_eq!(said(made::hand().replace("9,145,", "9,1450,"))[0], F::SpikeMasked);
    assert_eq!(said(made::roastime_csv()), [F::NoStartTime]);
    let plain = [F::NoStartTime, F::ChargeInferred, F::MarkMissing, F::MarkMissing];
    assert_eq!(said(made::plain()), plain);
}

#[test]
fn both_units_of_a_shield_are_one_roast() {
    let (c, f) = (sound(&made::tc4(false)), sound(&made::tc4(true)));
    for ((_, c), (_, f)) in c.samples.iter().zip(&f.samples) {
        // A tenth of a °F is 0.06 °C.
        assert!((c.bt_c.expect("read") - f.bt_c.expect("read")).abs() < 0.06);
    }
}

#[test]
fn heat_and_air_dates_and_weights_are_found() {
    let agent = sound(&made::agent());
    let pct = |log: &RoastLog, i: usize| (log.samples[i].1.gas_pct, log.samples[i].1.air_pct);
    assert_eq!((pct(&agent, 100), pct(&agent, 400)), ((Some(100.0), Some(30.0)), (Some(60.0), Some(30.0))));
    // 09:00:00.250 UTC.
    assert_eq!(agent.started, Some(EventTime::from_us(1_767_603_600_250_000)));
    let klog = sound(&made::klog());
    assert_eq!((klog.weight_in_kg, pct(&klog, 9).0), (Some(0.12), Some(50.0)));
    assert_eq!(klog.started, Some(EventTime::from_us(1_767_603_605_500_000)));
    assert!(klog.machine_key.is_some() && !klog.device.contains("KN1"));
    assert_eq!(pct(&sound(&made::roastime_csv()), 9), (Some(100.0), Some(25.0)));
    assert_eq!(pct(&sound(&made::telemetry()), 9), (Some(70.0), Some(95.0)));
}

#[test]
fn an_artisan_csv_edited_by_hand_keeps_its_marks() {
    let by_hand = made::artisan_csv()
        .replace("DRYe:04:50\tFCs:08:20", " DRYe04:50\t FCs08:20")
        .replace("CHARGE\n", "\n")
        .replace("FCs\n", "Fan 9\n")
        .replace("08:00\t", "07:60\t")
        .replace("05.01.2026", "2026-01-05");
    let log = sound(&by_hand);
    assert_eq!(since_charge_s(&log, MarkKind::FirstCrackStart), Some(480.0));
    assert_eq!(
        codes(&log),
        [FindingCode::OddTime, FindingCode::MarkFromHeader, FindingCode::StartTimeInferred]
    );
    assert_eq!(log.started, Some(EventTime::from_us(1_767_603_600_000_000)));
}

/// A table as no program writes it, and the map that tells it.
fn mapped() -> (String, ColumnMap) {
    let mut text = "kept by nobody\nUhr;Bohnen °F;Abluft;Gas;Was\n".to_owned();
    for (i, line) in made::plain().lines().skip(1).enumerate() {
        let c: f64 = line.split(',').nth(1).and_then(|cell| cell.parse().ok()).expect("a number");
        let bt = if i == 50 { "0".to_owned() } else { format!("{:.1}", c * 1.8 + 32.0).replace('.', ",") };
        let event = match i {
            20 => "rein",
            500 => "knackt",
            620 => "DROP",
            _ => "",
        };
        text += &format!("{:02}:{:02};{bt};300,5;80;{event}\n", i / 60, i % 60);
    }
    let map = "schema = \"columns/1\"\ndelimiter = \";\"\ndecimal_comma = true\nheader_lines = 2\nunit = \"F\"\nno_reading = [0]\n\
        [time]\ncolumn = \"Uhr\"\nformat = \"mm:ss\"\n[columns]\nbt = 2\net = \"abluft\"\ngas_pct = 4\n\
        [events]\ncolumn = \"was\"\nwords.charge = [\"rein\"]\nwords.first_crack_start = [\"knackt\"]\n";
    (text, ColumnMap::parse(map).expect("a map"))
}

#[test]
fn any_table_is_read_by_its_map() {
    let (text, map) = mapped();
    let log = read_with(text.as_bytes(), "x.csv", Some(&map)).expect("mapped");
    assert_eq!(log.format, LogFormat::MappedCsv);
    assert_eq!(since_charge_s(&log, MarkKind::FirstCrackStart), Some(480.0));
    assert_eq!((log.samples[50].1.bt_c, log.samples[50].1.gas_pct), (None, Some(80.0)));
    // 300.5 °F.
    assert!((log.samples[9].1.et_c.expect("read") - 149.166_667).abs() < 1e-6);
    assert_eq!(read(text.as_bytes(), "x.csv").expect_err("no map").code(), "unknown_format");
    let error = read_with(text.replace("Uhr", "Zeit").as_bytes(), "x.csv", Some(&map)).expect_err("renamed");
    assert!(error.to_string().starts_with("line 2: time.column of the column map is \"Uhr\""), "{error}");
    // A format of its own needs no map.
    let agent = read_with(made::agent().as_bytes(), "x.csv", Some(&map)).expect("an agent's");
    assert_eq!(agent.format, LogFormat::AgentCsv);
}

#[test]
fn tables_that_cannot_be_right_are_refused_where_they_go_wrong() {
    let at = |text: String| {
        let error = read(text.as_bytes(), "x.csv").map(|_| ()).expect_err("refused");
        (error.code(), error.to_string())
    };
    let (code, said) = at(made::plain().replace("\r\n300,", "\r\nlater,"));
    assert_eq!(code, "bad_cell");
    assert!(said.starts_with("line 302, column time: text of 5 characters"), "{said}");
    assert_eq!(at(made::plain().replace("\r\n300,", "\r\n200,")).0, "time_not_rising");
    assert_eq!(at(made::plain().replace(" (C)", "")).0, "unit_unclear");
}

/// A fixture of every format, and the map that one of them needs.
static SOUND: LazyLock<(Vec<String>, ColumnMap)> = LazyLock::new(|| {
    let (text, map) = mapped();
    (made::all().into_iter().map(|(_, text)| text).chain([text]).collect(), map)
});

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    /// Bytes changed, cut out and doubled in a fixture of any format: no panic, and what is read is whole.
    #[test]
    fn a_table_with_bytes_changed_is_read_or_refused(
        which in 0..11_usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 1..12),
    ) {
        let (fixtures, map) = &*SOUND;
        let text = &fixtures[which];
        let mut bytes = text.clone().into_bytes();
        for (at, byte, how) in changes {
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte & 0x7f,
                1 => { bytes.drain(at..(at + usize::from(byte)).min(bytes.len() - 1)); }
                _ => { let again: Vec<u8> = bytes[at..].iter().take(usize::from(byte)).copied().collect(); bytes.splice(at..at, again); }
            }
        }
        if let Ok(log) = read_with(&bytes, "x.csv", Some(map)) {
            prop_assert!(log.marks.iter().any(|m| m.kind == MarkKind::Charge));
            prop_assert!(log.marks.is_sorted_by_key(|m| m.at));
            prop_assert!(log.readings().is_sorted_by_key(|r| r.at));
            prop_assert!(log.samples.iter().all(|(_, s)| s.bt_c.is_none_or(f64::is_finite)));
        }
    }

    #[test]
    fn any_column_map_is_read_or_refused(text in "[a-z\\[\\]=\"0-9\\n ._]{0,120}") {
        let _: Result<_, _> = ColumnMap::parse(&text);
    }
}

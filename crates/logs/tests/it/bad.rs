//! Files that are refused: each with its own reason, none with a panic.

use crate::fixtures::{Alog, roastime};
use proptest::prelude::*;
use trier_logs::{LogError, read};

fn refused(text: &str, name: &str) -> LogError {
    match read(text.as_bytes(), name) {
        Err(error) => error,
        Ok(log) => panic!("read {} samples out of {:?}", log.samples.len(), &text[..text.len().min(60)]),
    }
}

fn code(text: &str) -> &'static str {
    refused(text, "roast.alog").code()
}

#[test]
fn nothing_at_all() {
    for empty in ["", " \n\t", "\u{feff}"] {
        assert_eq!(code(empty), "empty_file");
    }
}

#[test]
fn a_truncated_literal_says_where_and_in_what() {
    let whole = Alog::new().text();
    let end = whole.find("'temp2': [").expect("written") + 30;
    let LogError::Truncated { at, line, open } = refused(&whole[..end], "roast.alog") else {
        panic!("not a cut")
    };
    assert_eq!((at, line), (end, 1));
    assert_eq!(open, format!("a list that began at byte {}", end - 21));
}

#[test]
fn json_cut_inside_a_string_says_so() {
    let whole = roastime("");
    let end = whole.find("test").expect("the title") + 2;
    let error = refused(&whole[..end], "made-up.json");
    assert_eq!(error, LogError::Truncated { at: end, line: 1, open: "a string".to_owned() });
}

#[test]
fn a_drawn_profile() {
    let mut alog = Alog::new();
    for (i, (t, bt)) in alog.time_s.iter_mut().zip(&mut alog.bt).enumerate() {
        *t = 17.25 + i as f64;
        *bt = 90.0 + 0.3 * i as f64 - 1.5e-4 * (i * i) as f64;
    }
    assert_eq!(code(&alog.text()), "drawn_profile");
}

#[test]
fn no_temperature_anywhere_or_none_in_the_roast() {
    let mut alog = Alog::new();
    alog.bt.iter_mut().skip(15).for_each(|t| *t = -1.0);
    assert_eq!(code(&alog.text()), "all_missing");
    alog.bt.fill(-1.0);
    assert_eq!(code(&alog.text()), "all_missing");
}

#[test]
fn no_charge_and_nothing_that_shows_it() {
    let mut alog = Alog::new();
    alog.timeindex = [-1, 0, 0, 0, 0, 0, 0, 0];
    assert_eq!(code(&alog.text()), "no_charge"); // A fall, but neither crack nor drop.
    alog.timeindex = [-1, 0, 500, 0, 0, 0, 620, 0];
    for (i, t) in alog.bt.iter_mut().enumerate() {
        *t = (100.0 + 0.17 * i as f64).round();
    }
    assert_eq!(code(&alog.text()), "no_charge"); // Cracks, but BT only ever rises from 100 °C.
}

#[test]
fn charge_not_before_drop_or_too_close() {
    let mut alog = Alog::new();
    alog.timeindex[0] = 620;
    assert_eq!(code(&alog.text()), "marks_contradict");
    alog.timeindex = [20, 0, 0, 0, 0, 0, 60, 0];
    assert_eq!(code(&alog.text()), "too_short");
}

#[test]
fn a_unit_that_nothing_tells() {
    let mut alog = Alog { mode: None, ..Alog::new() };
    alog.timeindex = [20, 290, 0, 0, 0, 0, 0, 0];
    assert_eq!(code(&alog.text()), "unit_unclear");
    let hot = Alog { mode: Some("C"), timeindex: [20, 290, 0, 0, 0, 0, 0, 0], ..Alog::new().in_fahrenheit() };
    assert_eq!(code(&hot.text()), "unit_unclear");
}

#[test]
fn celsius_that_says_fahrenheit_is_not_read_at_half_its_temperature() {
    let no_crack = [20, 290, 0, 0, 0, 0, 620, 0];
    for timeindex in [no_crack, [20, 290, 0, 0, 0, 0, 0, 0]] {
        let celsius = Alog { mode: Some("F"), timeindex, ..Alog::new() };
        assert_eq!(code(&celsius.text()), "unit_unclear");
        let fahrenheit = Alog { mode: Some("F"), timeindex, ..Alog::new().in_fahrenheit() };
        read(fahrenheit.text().as_bytes(), "roast.alog").expect("a roast in °F");
    }
    // And the other way round: °F that says C is told by its drop.
    let fahrenheit = Alog { timeindex: no_crack, ..Alog::new().in_fahrenheit() };
    let log = read(fahrenheit.text().as_bytes(), "roast.alog").expect("a roast in °F");
    assert_eq!(log.declared_unit, trier_roast::TempUnit::Fahrenheit);
}

#[test]
fn a_mark_between_two_samples_is_refused() {
    for (whole, between) in [
        ("\"indexFirstCrackStart\": 960", "\"indexFirstCrackStart\": 960.9"),
        ("\"roastStartIndex\": 0", "\"roastStartIndex\": 0.5"),
    ] {
        let error = refused(&roastime("").replace(whole, between), "made-up");
        assert_eq!(error.code(), "bad_value");
        assert!(error.to_string().contains("a whole number was expected"), "{error}");
    }
}

#[test]
fn absurd_numbers_are_told_in_few_digits() {
    let mut alog = Alog::new();
    alog.time_s[639] = 1e300;
    let text = refused(&alog.text(), "roast.alog").to_string();
    assert!(text.contains("1.0e300") && text.len() < 120, "{text}");
    let text =
        refused(&roastime("").replace("\"sampleRate\": 2", "\"sampleRate\": 1e300"), "made-up").to_string();
    assert!(text.contains("1.0e300"), "{text}");
    let hot =
        Alog { mode: None, timeindex: [20, 290, 0, 0, 0, 0, 0, 0], bt: vec![1e300; 640], ..Alog::new() };
    assert!(refused(&hot.text(), "roast.alog").to_string().len() < 200);
}

#[test]
fn curves_and_times_that_do_not_fit() {
    let mut short = Alog::new();
    short.bt.pop();
    let LogError::LengthMismatch { key, got, want, .. } = refused(&short.text(), "roast.alog") else {
        panic!("not a mismatch")
    };
    assert_eq!((key, got, want), ("temp2", 639, 640));
    let mut back = Alog::new();
    back.time_s.swap(50, 60);
    assert_eq!(code(&back.text()), "time_not_rising");
    assert_eq!(code("{'mode': 'C', 'timex': [], 'temp1': [], 'temp2': [], 'timeindex': [-1]}"), "no_samples");
}

#[test]
fn values_of_the_wrong_kind_name_key_and_index() {
    let sound = Alog::new().text();
    let spoilt = sound.replacen("'temp2': [180.0", "'temp2': ['/home/somebody'", 1);
    let error = refused(&spoilt, "roast.alog");
    assert_eq!(error.code(), "bad_value");
    let text = error.to_string();
    assert!(text.contains("temp2[0]") && !text.contains("somebody"), "{text}");
    assert_eq!(code(&sound.replace("'mode': 'C'", "'mode': 'K'")), "bad_value");
    assert_eq!(code(&sound.replace("'temp2'", "'bean'")), "missing_key");
    let rate = roastime("").replace("\"sampleRate\": 2", "\"sampleRate\": 0");
    assert_eq!(refused(&rate, "made-up").code(), "bad_value");
}

#[test]
fn malformed_text_says_line_and_byte() {
    let error = refused("{'mode': 'C',\n 'timex': [1.0 2.0]}", "roast.alog");
    let LogError::Malformed { at, line, .. } = error else { panic!("{error}") };
    assert_eq!((at, line), (29, 2));
    assert_eq!(refused("{\"beanTemperature\": [1,,2]}", "x").code(), "malformed");
    assert_eq!(code(&"[".repeat(100_000)), "malformed");
    assert_eq!(code(&"{'a':".repeat(100_000)), "malformed");
}

#[test]
fn formats_are_told_by_their_content_and_refused_for_their_own_reasons() {
    for (text, code) in [
        ("Date:01.02.2026\tUnit:C\tCHARGE:00:10\nTime1\tTime2\tET\tBT\tEvent\n", "no_samples"),
        ("Date:01.02.2026\tUnit:K\nTime1\tTime2\tET\tBT\tEvent\n00:00\t\t1\t2\t\n", "bad_cell"),
        ("Date:01.02.2026\tUnit:C\nTime1\tTime2\tET\tEvent\n00:00\t\t1\t2\n", "missing_column"),
        ("tasting_notes:\nprofile_schema_version:1.4\n\ntime\t#spot_temp\n", "no_samples"),
        ("profile_short_name:X\nprofile_schema_version:1.4\nroast_profile:0,20\n", "not_a_log"),
        ("# TC4_SHIELD 3.00\n# time,ambient,T0,rate0\n1.0,20.0,30.0,0.0\n", "unit_unclear"),
        ("# TC4_SHIELD 3.00\n1.0,20.0,30.0,0.0\n", "missing_column"),
        ("timestamp_utc,elapsed_seconds,phase,bean_temp_c\nyesterday,,,20\n", "bad_cell"),
        ("\u{feff}name,date,time,heat,temp,notes,unit\n", "no_samples"),
        ("a,1/1/26\nname,date,time,heat,temp,notes,unit\n", "unknown_format"),
        ("Seconds,Temperature\n0,150\n1,hot\n", "bad_cell"),
        ("Seconds,Fan\n0,150\n", "unknown_columns"),
        ("194.0,68.4,69.9\n195.0,68.4,69.9\n", "unknown_columns"),
        ("{\"startDate\": \"2026\", \"measurements\": []}", "no_samples"),
        ("{\"startDate\": \"2026\", \"measurements\": [7]}", "bad_value"),
        ("[\"{\\\"timex\\\": [], \\\"temp2\\\": []}\"]", "no_samples"),
        ("[\"{\\\"timex\\\": [\"]", "unknown_format"),
    ] {
        assert_eq!(refused(text, "misleading.alog").code(), code, "{text}");
    }
    assert_eq!(refused("{\"totalTime\": 30, \"roastName\": \"x\"}", "x.json").code(), "not_a_log");
    for unknown in ["# Notes\nabout coffee", "{\"a\": 1}", "{'a': True}", "hello"] {
        assert_eq!(refused(unknown, "notes.md").code(), "unknown_format", "{unknown}");
    }
    assert_eq!(read(b"PK\x03\x04\xff\xfe", "book.xlsx").expect_err("a zip").code(), "unknown_format");
}

#[test]
fn a_huge_file_is_refused_unread() {
    let huge = vec![b'['; 16 * 1024 * 1024 + 1];
    assert_eq!(read(&huge, "huge.alog").expect_err("too large").code(), "too_large");
}

#[test]
fn every_cut_of_a_log_is_refused_and_never_panics() {
    for whole in [Alog::new().text(), roastime("")] {
        for end in (0..whole.len()).step_by(97) {
            let code = refused(&whole[..end], "roast").code();
            assert!(["truncated", "empty_file"].contains(&code), "{code} at {end}");
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400), name in ".{0,12}") {
        let _: Result<_, _> = read(&bytes, &name);
    }

    #[test]
    fn a_log_with_bytes_changed_is_read_or_refused(
        changes in prop::collection::vec((0..20_000_usize, b' '..=b'~'), 1..20),
        json in any::<bool>(),
    ) {
        let mut bytes = if json { roastime("") } else { Alog::new().text() }.into_bytes();
        for (at, byte) in changes {
            let at = at % bytes.len();
            bytes[at] = byte;
        }
        if let Ok(log) = read(&bytes, "roast.alog") {
            prop_assert!(log.marks.iter().any(|m| m.kind == trier_roast::MarkKind::Charge));
            prop_assert!(log.readings().is_sorted_by_key(|r| r.at));
        }
    }

    #[test]
    fn any_mark_indices_and_readings_are_read_or_refused(
        timeindex in prop::array::uniform8(-2..700_i64),
        bt in prop::collection::vec(prop_oneof![-10.0..600.0, Just(-1.0), Just(f64::INFINITY)], 640),
        mode in prop_oneof![Just(None), Just(Some("C")), Just(Some("F"))],
    ) {
        let alog = Alog { timeindex, bt, mode, ..Alog::new() };
        if let Ok(log) = read(alog.text().as_bytes(), "roast.alog") {
            prop_assert!(log.marks.is_sorted_by_key(|m| m.at));
            prop_assert!(log.samples.iter().all(|(_, s)| s.bt_c.is_none_or(f64::is_finite)));
        }
    }
}

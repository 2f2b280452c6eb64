//! Programs that misbehave: each in its own way, each ends in a code, and the stream goes on.

use std::time::{Duration, Instant};

use trier_foreign::{Incidents, Spec};
use trier_tables::rows::PredictionRow;

use crate::support::{asked, at, faults, folder, roast, run, spec_file};

/// A file that runs `bad.py` in `mode`.
fn bad(mode: &str, keys: &str) -> (tempfile::TempDir, Spec) {
    let script = folder().join("tests/it/bad.py");
    let command = format!("command = [\"python3\", {:?}, {mode:?}]\n{keys}", script.display().to_string());
    let (place, path) = spec_file(&command);
    (place, Spec::load(&path).expect("a predictor"))
}

/// What comes of a roast with the program in `mode`: rows, and faults by code.
fn rows_of(mode: &str, keys: &str) -> (Vec<PredictionRow>, Vec<(&'static str, u64)>) {
    let (_place, spec) = bad(mode, keys);
    let incidents = Incidents::default();
    let opened = spec.open(&incidents).expect("it starts");
    let rows = asked(&opened, &roast(0.0));
    // Both targets at each sample until each is marked: nothing is left out, whatever happens.
    assert_eq!(rows.len(), 280 + 330, "{mode}");
    assert!(rows.iter().all(|row| row.p50_s.is_some() != row.abstain.is_some()), "{mode}");
    let faults = faults(&incidents);
    (rows, faults)
}

#[test]
fn each_way_to_fail_has_its_code() {
    for (mode, code) in [
        ("nan", "garbled"),
        ("infinite", "garbled"),
        ("text", "garbled"),
        ("bytes", "garbled"),
        ("negative", "bad_output"),
        ("crossed", "bad_output"),
        ("sets-gas", "wrong_shape"),
        ("no-id", "wrong_shape"),
        ("empty", "wrong_shape"),
        ("both", "wrong_shape"),
        ("many-reasons", "wrong_shape"),
        ("wrong-id", "wrong_id"),
        ("long-line", "too_long"),
        ("no-newline", "too_long"),
        ("crash", "gone"),
        ("quiet-end", "gone"),
        ("declines", "declined"),
    ] {
        let (rows, faults) = rows_of(mode, "");
        let plain = at(&rows, 298.0);
        assert_eq!((plain.p50_s, plain.abstain.as_deref()), (Some(262.0), None), "{mode}");
        assert_eq!((plain.version, &*plain.reasons), (7, "a plain answer"), "{mode}");
        assert_eq!((plain.used_until_s, plain.used_roasts), (Some(298.0), Some(1)), "{mode}");
        let bad = at(&rows, 300.0);
        assert_eq!(bad.abstain.as_deref(), Some(code), "{mode}: {}", bad.reasons);
        assert!(!bad.reasons.is_empty(), "{mode}");
        // What the program said itself, or the bounds refused, is no fault of the exchange.
        assert_eq!(faults.is_empty(), ["bad_output", "declined"].contains(&code), "{mode}: {faults:?}");
    }
}

#[test]
fn a_message_tells_what_to_look_for() {
    let why = |mode: &str| at(&rows_of(mode, "").0, 300.0).reasons.to_string();
    assert!(why("nan").contains("JSON has no NaN"), "{}", why("nan"));
    assert!(why("sets-gas").contains("gas_pct"), "{}", why("sets-gas"));
    assert!(why("crash").contains("exit status: 1") && why("crash").ends_with("RuntimeError: no more beans"));
    assert!(why("wrong-id").contains("it answered question"), "{}", why("wrong-id"));
    assert_eq!(why("declines"), "the beans look odd");
}

#[test]
fn three_faults_in_a_row_stop_it_until_the_next_roast() {
    let (_place, spec) = bad("text", "");
    let opened = spec.open(&Incidents::default()).expect("it starts");
    let both: Vec<_> = roast(0.0).into_iter().chain(roast(1_000.0)).collect();
    let rows = asked(&opened, &both);
    let codes: Vec<&str> = rows.iter().filter_map(|row| row.abstain.as_deref()).collect();
    let of = |code: &str| codes.iter().filter(|c| **c == code).count();
    // From 300 s on: 130 samples to first crack and 180 to drop, three of them garbled, in each of two roasts.
    assert_eq!((of("garbled"), of("stopped"), codes.len()), (6, 2 * (130 + 180 - 3), 2 * (130 + 180)));
}

#[test]
fn one_that_ends_each_time_is_started_three_times_and_no_more() {
    let (_place, spec) = bad("crash", "");
    let opened = spec.open(&Incidents::default()).expect("it starts");
    let many: Vec<_> = (0..5).flat_map(|i| roast(1_000.0 * f64::from(i))).collect();
    let rows = asked(&opened, &many);
    let answered = |i: i64| {
        let (from, to) = (1_767_518_400 + 1_000 * i, 1_767_518_400 + 1_000 * (i + 1));
        rows.iter().any(|r| (from * 1_000_000..to * 1_000_000).contains(&r.as_of_us) && r.p50_s.is_some())
    };
    assert_eq!([0, 1, 2, 3, 4].map(answered), [true, true, true, false, false]);
}

#[test]
fn silence_and_lateness_end_at_the_deadline_and_the_roast_goes_on() {
    // A tenth of a second is far more than an answer takes and less than the 0.3 s that a late one does.
    for mode in ["silent", "late", "spin"] {
        let started = Instant::now();
        let (rows, faults) = rows_of(mode, "answer_ms = 100");
        assert_eq!(at(&rows, 300.0).abstain.as_deref(), Some("late"), "{mode}");
        assert_eq!(at(&rows, 304.0).abstain.as_deref(), Some("stopped"), "{mode}");
        assert!(faults.contains(&("late", 3)), "{mode}: {faults:?}");
        // Three deadlines, and not one for each of 300 questions.
        assert!(started.elapsed() < Duration::from_secs(10), "{mode}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn memory_has_a_limit() {
    let (rows, _) = rows_of("hungry", "memory_mib = 256");
    let bad = at(&rows, 300.0);
    assert_eq!(bad.abstain.as_deref(), Some("out_of_memory"), "{}", bad.reasons);
    let (rows, faults) = rows_of("hungry", "memory_mib = 2048\nanswer_ms = 10000");
    // With room enough it answers, beyond the horizon.
    assert_eq!((at(&rows, 300.0).abstain.as_deref(), faults.len()), (Some("beyond_horizon"), 0));
}

#[test]
fn a_flood_on_the_error_stream_is_dammed() {
    let (rows, faults) = rows_of("flood", "");
    let codes: std::collections::BTreeSet<&str> =
        rows.iter().filter_map(|row| row.abstain.as_deref()).collect();
    assert_eq!(codes, ["flood"].into());
    assert_eq!(faults[0].0, "flood");
}

#[test]
fn one_that_does_not_introduce_itself_is_refused_before_the_work() {
    for (mode, says) in [
        ("hello-none", "it ended (exit status: 3)"),
        ("hello-protocol", "protocol 2, and it must be 1"),
        ("hello-target", "target \"colour\""),
        ("hello-text", "a line is no JSON"),
        ("hello-late", "does it flush"),
    ] {
        let (_place, spec) = bad(mode, "start_ms = 1000");
        let error = spec.open(&Incidents::default()).err().expect(mode).to_string();
        assert!(error.contains(says) && error.contains("hint: run "), "{mode}: {error}");
    }
    let error =
        Spec::parse("it=cmd:no-such-program-anywhere").expect("an argument").open(&Incidents::default());
    assert!(error.err().expect("no program").to_string().contains("cannot start it"));
}

#[test]
fn what_it_does_not_forecast_is_declined() {
    let (rows, faults) = rows_of("first-crack-only", "");
    let (cracks, drops): (Vec<_>, Vec<_>) = rows.iter().partition(|row| &*row.target == "first_crack_start");
    assert!(cracks.iter().all(|row| row.p50_s.is_some()));
    assert!(drops.iter().all(|row| row.abstain.as_deref() == Some("declined")));
    assert!(faults.is_empty());
}

/// Processes of ours that have ended and were not waited for, and those that run with `word`.
#[cfg(target_os = "linux")]
fn left_behind(word: &str) -> Vec<String> {
    let own = std::process::id().to_string();
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").expect("Linux").flatten() {
        let read = |name: &str| std::fs::read_to_string(entry.path().join(name)).unwrap_or_default();
        // "pid (name) state parent ..."
        let stat = read("stat");
        let mut after = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        let (state, parent) = (after.next().unwrap_or_default(), after.next().unwrap_or_default());
        if parent == own && (state == "Z" || read("cmdline").contains(word)) {
            found.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    found
}

#[test]
#[cfg(target_os = "linux")]
fn no_process_is_left_behind() {
    for mode in ["ignores-end", "crash", "spin"] {
        let (_place, spec) = bad(mode, "answer_ms = 100");
        let opened = spec.open(&Incidents::default()).expect("it starts");
        assert!(!asked(&opened, &roast(0.0)).is_empty());
    }
    // Tests beside this one have processes too, that have just ended and are waited for in a moment.
    let mut left = left_behind("ignores-end");
    for _ in 0..100 {
        if left.is_empty() {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
        let now = left_behind("ignores-end");
        left.retain(|id| now.contains(id));
    }
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn nothing_it_says_reaches_anything_but_predictions() {
    let without = run(Vec::new(), &roast(0.0));
    for mode in ["plain", "sets-gas", "crash"] {
        let (_place, spec) = bad(mode, "");
        let opened = spec.open(&Incidents::default()).expect("it starts");
        let with = run(vec![opened.make()], &roast(0.0));
        assert_eq!(
            (&with.telemetry, &with.marks, &with.sessions),
            (&without.telemetry, &without.marks, &without.sessions),
            "{mode}"
        );
    }
}

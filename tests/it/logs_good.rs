//! Recorded roasts through the pipeline: read, grouped by machine, predicted from earlier ones only.

use std::path::Path;

use trier_tables::rows::{FileRow, FindingRow, ScoreRow, SessionRow, TelemetryRow};

use crate::roasts::{Roast, Unit, keep};
use crate::support::{empty_folder, names, record, rows, sim_ends};

/// Leads that forecasts are scored at, s.
const LEADS_S: [f64; 6] = [30.0, 60.0, 90.0, 120.0, 180.0, 240.0];

/// The error of `arm` for first crack of `case` at each lead, or why there is none.
fn errors(folder: &Path, case: &str, arm: &str) -> Vec<Result<f64, String>> {
    let scores: Vec<ScoreRow> = rows(folder);
    let found: Vec<_> = scores
        .iter()
        .filter(|row| &*row.case == case && &*row.arm == arm && &*row.metric == "first_crack.error")
        .map(|row| row.value.ok_or_else(|| row.missing.as_deref().expect("a reason").to_owned()))
        .collect();
    assert_eq!(found.len(), LEADS_S.len(), "{case}, {arm}: a score or a reason at every lead");
    found
}

fn no_history() -> Vec<Result<f64, String>> {
    vec![Err("abstained:no_history".to_owned()); LEADS_S.len()]
}

#[test]
fn a_good_log_is_read_without_a_remark() {
    let folder = empty_folder();
    keep(folder.path(), "drum/roast.alog", &Roast::first().alog());
    let ran = sim_ends(folder.path(), "run drum/roast.alog --out out", 0);
    assert_eq!(ran.stderr, "written to out\n");
    insta::assert_snapshot!("a_good_log_is_read_without_a_remark", ran.stdout);

    let out = folder.path().join("out");
    let files: Vec<FileRow> = rows(&out);
    assert_eq!(files.len(), 1);
    assert_eq!((&*files[0].source, &*files[0].machine), ("drum/roast.alog", "drum"));
    assert_eq!((&*files[0].outcome, &*files[0].format), ("read", "artisan_alog"));
    assert_eq!(files[0].n_samples as usize, rows::<TelemetryRow>(&out).len());
    assert_eq!(rows::<FindingRow>(&out), []);
    let sessions: Vec<SessionRow> = rows(&out);
    let [roast] = sessions.as_slice() else { panic!("{} sessions of one roast", sessions.len()) };
    // Samples are a second apart and their clock jitters by a millisecond.
    assert!((roast.first_crack_s.expect("marked") - 480.0).abs() < 0.01);
    assert!((roast.drop_s.expect("marked") - 600.0).abs() < 0.01);
    // Noise is 0.3 °C and rounding 0.05 °C.
    assert!((roast.drop_bt_c.expect("read") - Roast::bt_c(600.0)).abs() < 0.5);
    assert!((roast.turning_point_s.expect("found") - 75.0).abs() < 15.0, "{:?}", roast.turning_point_s);
}

#[test]
fn a_run_of_logs_leaves_no_truth_and_no_envelopes() {
    let folder = empty_folder();
    keep(folder.path(), "drum/roast.alog", &Roast::first().alog());
    sim_ends(folder.path(), "run drum --out out", 0);
    let tables = ["files", "findings", "marks", "predictions", "scores", "sessions", "telemetry"];
    let mut expected: Vec<String> = tables.iter().map(|name| format!("{name}.parquet")).collect();
    expected.push("run.json".to_owned());
    expected.sort();
    assert_eq!(names(&folder.path().join("out")), expected);
}

#[test]
fn fahrenheit_said_or_not_and_roastime_are_the_same_roast() {
    let folder = empty_folder();
    // The same beans, but never the same noise: that would be one roast, copied.
    let roast = |noise, unit, says| Roast { noise, unit, says, ..Roast::first() };
    keep(folder.path(), "c/roast.alog", &roast(1, Unit::C, Unit::C).alog());
    keep(folder.path(), "f/roast.alog", &roast(2, Unit::F, Unit::F).alog());
    keep(folder.path(), "silent/roast.alog", &roast(3, Unit::F, Unit::C).alog());
    keep(folder.path(), "bullet/roast.json", &roast(4, Unit::C, Unit::C).roastime());
    sim_ends(folder.path(), "run c f silent bullet --out out", 2); // All would be called roast.alog.
    let ran = sim_ends(
        folder.path(),
        "run c/roast.alog f/roast.alog silent/roast.alog bullet/roast.json --out out",
        0,
    );
    let out = folder.path().join("out");
    let sessions: Vec<SessionRow> = rows(&out);
    assert_eq!(sessions.len(), 4);
    for session in &sessions {
        // Noise is 0.3 °C; a tenth of a °F is rounded away.
        let drop_c = session.drop_bt_c.expect("read");
        assert!((drop_c - Roast::bt_c(600.0)).abs() < 0.5, "{}: {drop_c} °C", session.source);
    }
    let findings: Vec<FindingRow> = rows(&out);
    let said: Vec<_> = findings.iter().map(|row| (&*row.source, &*row.code)).collect();
    assert_eq!(said, [("silent/roast.alog", "unit_inferred")]);
    assert!(ran.stdout.contains("repaired  silent/roast.alog\n          unit_inferred: mode says C"));
}

#[test]
fn a_machine_is_predicted_from_its_earlier_roasts_only() {
    let folder = empty_folder();
    // By name the later roast comes first; what counts is when it was roasted.
    keep(folder.path(), "drum/z.alog", &Roast::first().alog());
    let second = Roast { first_crack_s: 510.0, drop_s: 630.0, ..Roast::later(1) };
    keep(folder.path(), "drum/a.alog", &second.alog());
    sim_ends(folder.path(), "run drum --out out", 0);
    let out = folder.path().join("out");
    assert_eq!(errors(&out, "z.alog", "artisan"), no_history());
    assert_eq!(errors(&out, "z.alog", "constant"), no_history());
    for error in errors(&out, "z.alog", "slope90") {
        error.expect("a fixed temperature needs no history");
    }
    for error in errors(&out, "a.alog", "artisan") {
        error.expect("there is an earlier roast");
    }
    for error in errors(&out, "a.alog", "constant") {
        // It says the machine's one earlier time, 480 s, whatever happens; first crack comes at 510 s.
        let error = error.expect("there is an earlier roast");
        assert!((error + 30.0).abs() < 0.01, "{error} s");
    }
}

#[test]
fn folders_are_machines_unless_one_is_named() {
    let folder = empty_folder();
    keep(folder.path(), "shop/left/one.alog", &Roast::first().alog());
    keep(folder.path(), "shop/right/two.alog", &Roast::later(1).alog());
    sim_ends(folder.path(), "run shop --out apart", 0);
    sim_ends(folder.path(), "run shop --machine mine --out together", 0);
    let [apart, together] = ["apart", "together"].map(|name| folder.path().join(name));
    let machines = |out: &Path| -> Vec<String> {
        rows::<FileRow>(out).iter().map(|row| row.machine.to_string()).collect()
    };
    assert_eq!(machines(&apart), ["left", "right"]);
    assert_eq!(errors(&apart, "right/two.alog", "artisan"), no_history());
    assert_eq!(machines(&together), ["mine", "mine"]);
    assert!(errors(&together, "right/two.alog", "artisan").iter().all(Result::is_ok));
}

#[test]
fn a_file_named_twice_is_read_once() {
    let folder = empty_folder();
    for hour in 0..3 {
        keep(folder.path(), &format!("drum/{hour}.alog"), &Roast::later(hour).alog());
    }
    let ran = sim_ends(folder.path(), "run drum drum/0.alog drum", 0);
    assert!(ran.stdout.contains("\n3 files: 3 read, 0 repaired, 0 duplicate, 0 refused\n"), "{}", ran.stdout);
}

#[test]
fn tables_of_logs_are_the_same_for_any_number_of_threads() {
    let folder = empty_folder();
    for hour in 0..4 {
        keep(folder.path(), &format!("shop/m{}/{hour}.alog", hour % 2), &Roast::later(hour).alog());
    }
    let said = ["--jobs 1 --out one", "--jobs 2 --out two"]
        .map(|how| sim_ends(folder.path(), &format!("run shop {how}"), 0).stdout);
    assert_eq!(said[0], said[1]);
    let [one, two] = ["one", "two"].map(|name| crate::support::parquet(&folder.path().join(name)));
    assert!(one == two, "the bytes differ");
    assert_eq!(record(&folder.path().join("one"))["facts"]["read"], 4);
}

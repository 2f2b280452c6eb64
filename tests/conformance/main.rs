//! Predictors of others through the command: the example is scored like ours, and broken ones are found out.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The example that `docs/predictors.md` is about, as an argument.
fn example() -> String {
    format!("line=cmd:python3 {}", repository().join("examples/predictors/line.py").display())
}

fn broken(how: &str, place: &Path) -> String {
    let script = repository().join("tests/conformance/broken.py");
    format!("broken=cmd:python3 {} {how} {}", script.display(), place.display())
}

/// What `sim` printed on stdout and stderr, and how it ended.
fn sim(arguments: &[&str]) -> (String, String, i32) {
    let ran = Command::new(env!("CARGO_BIN_EXE_sim")).current_dir(repository()).args(arguments).output();
    let ran = ran.expect("it is built");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (text(ran.stdout), text(ran.stderr), ran.status.code().expect("it ended by itself"))
}

/// The checks that failed, with their counterexamples.
fn failed(predictor: &str) -> Vec<(String, String)> {
    let (stdout, stderr, code) = sim(&["check", "--predictor", predictor, "--json"]);
    let lines: Vec<Value> = stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 11, "{stderr}");
    let failed: Vec<(String, String)> = lines
        .iter()
        .filter_map(|line| {
            Some((line["check"].as_str()?.to_owned(), line["counterexample"].as_str()?.to_owned()))
        })
        .collect();
    assert_eq!(code, if failed.is_empty() { 0 } else { 2 }, "{stdout}\n{stderr}");
    failed
}

#[test]
fn the_example_conforms() {
    assert_eq!(failed(&example()), []);
    let (stdout, stderr, code) = sim(&["check", "--predictor", &example()]);
    assert!(stdout.starts_with("line conforms\n"), "{stdout}");
    assert_eq!((stderr.as_str(), code), ("", 0));
}

#[test]
fn one_that_keeps_the_future_in_a_file_is_found_out() {
    let place = tempfile::tempdir().expect("a folder");
    let failed = failed(&broken("looks-ahead", &place.path().join("longest")));
    assert!(failed.iter().any(|(check, _)| check == "repeats" || check == "prefix"), "{failed:?}");
}

#[test]
fn one_that_tells_the_time_is_found_out() {
    let failed = failed(&broken("tells-time", Path::new("none")));
    let names: Vec<&str> = failed.iter().map(|(check, _)| check.as_str()).collect();
    assert!(names.contains(&"repeats") && names.contains(&"prefix"), "{failed:?}");
}

#[test]
fn one_that_falls_over_without_et_is_found_out() {
    let failed = failed(&broken("wants-et", Path::new("none")));
    let why = failed.iter().find(|(check, _)| check == "missing ET").map(|(_, why)| why.as_str());
    assert!(why.is_some_and(|why| why.contains("gone") && why.contains("TypeError")), "{failed:?}");
    let (stdout, stderr, code) = sim(&["check", "--predictor", &broken("wants-et", Path::new("none"))]);
    assert!(stdout.starts_with("broken does not conform: "), "{stdout}");
    assert!(stderr.contains("predictors that are not ours failed:") && stderr.contains("gone"), "{stderr}");
    assert_eq!(code, 2);
}

#[test]
fn the_example_is_run_and_scored_beside_ours() {
    let place = tempfile::tempdir().expect("a folder");
    let out = |name: &str| place.path().join(name);
    let run = |out: &Path| {
        let out = out.display().to_string();
        let both = ["--predictor", "artisan", "--predictor", "examples/predictors/line.toml"];
        sim(&[&["run", "scenarios/first-roast.toml", "--seed", "7"][..], &both, &["--out", &out]].concat())
    };
    let (stdout, stderr, code) = run(&out("one"));
    assert!(code == 0 && stdout.contains("line") && !stdout.contains("curve"), "{stdout}\n{stderr}");
    assert_eq!(run(&out("two")).2, 0);
    let bytes = |name: &str| std::fs::read(out(name).join("predictions.parquet")).expect("written");
    assert!(bytes("one") == bytes("two"), "the same roast twice is not the same bytes");
    let facts: Value =
        serde_json::from_slice(&std::fs::read(out("one").join("run.json")).expect("written")).expect("JSON");
    assert_eq!(facts["facts"]["incidents"], serde_json::json!([]));
}

#[test]
fn wrong_ways_to_name_one_say_what_to_do() {
    let absent: PathBuf = repository().join("examples/predictors/absent.onnx");
    for (predictor, says) in [
        ("curve=cmd:python3 x.py".to_owned(), "is one of ours"),
        ("x=exe:y".to_owned(), "NAME=cmd:PROGRAM ARGUMENTS"),
        (format!("x=onnx:{}", absent.display()), "cannot be read"),
        ("x=cmd:no-such-program-anywhere".to_owned(), "cannot start it"),
        ("oracle".to_owned(), "no predictor is called 'oracle'"),
    ] {
        let (stdout, stderr, code) = sim(&["run", "scenarios/first-roast.toml", "--predictor", &predictor]);
        assert!(code == 2 && stdout.is_empty() && stderr.starts_with("error: "), "{predictor}: {stderr}");
        assert!(stderr.contains(says), "{predictor}: {stderr}");
    }
}

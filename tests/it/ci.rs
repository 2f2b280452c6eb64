//! The page that takes a newcomer to a verdict, and the action for GitHub: what they say is what `sim` does.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use trier_tables::verdict::VerdictFile;

use crate::schemas::faults;
use crate::support::{copied_repository, names, repository, sim_ends};

fn text_of(path: &str) -> String {
    fs::read_to_string(repository().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The lines of blocks that begin with `fence` and more words, with those words.
fn blocks(text: &str, fence: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open: Option<String> = None;
    for line in text.lines() {
        match (&open, line.strip_prefix("```")) {
            (None, Some(words)) => open = Some(words.to_owned()),
            (Some(_), Some(_)) => open = None,
            (Some(words), None) if words.starts_with(fence) => {
                found.push((words[fence.len()..].trim().to_owned(), line.to_owned()));
            }
            _ => {}
        }
    }
    found
}

/// Every `--flag` in `text`.
fn flags(text: &str) -> BTreeSet<&str> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    words.filter(|word| word.starts_with("--") && word.len() > 2).collect()
}

/// Runs `line` in a shell that finds the built `sim` and the code it must end with.
fn shell_ends(folder: &Path, line: &str, code: i32) {
    let sim = Path::new(env!("CARGO_BIN_EXE_sim")).parent().expect("a folder");
    let path = std::env::join_paths(
        std::iter::once(sim.to_owned()).chain(std::env::split_paths(&std::env::var_os("PATH").expect("set"))),
    );
    let done = Command::new("sh")
        .args(["-c", line])
        .current_dir(folder)
        .env("PATH", path.expect("plain paths"))
        .output()
        .expect("a shell");
    let said = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
    assert_eq!(done.status.code(), Some(code), "{line}\n{said}");
}

#[test]
fn a_newcomer_gets_to_a_verdict_by_the_page_alone() {
    let copy = copied_repository();
    let at = copy.path();
    fs::create_dir_all(at.join("examples/predictors")).expect("writable");
    fs::copy(repository().join("examples/predictors/line.py"), at.join("examples/predictors/line.py"))
        .expect("copied");
    let lines = blocks(&text_of("docs/ci.md"), "sh runnable");
    assert!(lines.len() >= 6, "only {} lines to run", lines.len());
    for (code, line) in &lines {
        shell_ends(at, line, code.parse().unwrap_or(0));
    }
    let out = at.join("out/mine");
    for file in ["verdict.json", "summary.md", "junit.xml", "plan.json", "scores.parquet"] {
        assert!(names(&out).iter().any(|name| name == file), "no {file} in {:?}", names(&out));
    }
    let said = VerdictFile::read(&out).expect("a verdict");
    assert_eq!((said.plan.candidate.as_str(), said.exit_code), ("mine", 5));
    the_verdict_is_of_its_schema(&out);
    what_is_told_again_is_the_same(at);
    the_walk_ends_at_commands_that_run(at);
}

fn the_verdict_is_of_its_schema(out: &Path) {
    let json = |text: &str| -> Value { serde_json::from_str(text).expect("JSON") };
    let schema = json(&text_of("crates/tables/schema/verdict.schema.json"));
    let mut said = json(&fs::read_to_string(out.join("verdict.json")).expect("written"));
    let faults_of = |said: &Value| {
        let mut found = Vec::new();
        faults("verdict", &schema, said, &mut found);
        found
    };
    assert!(faults_of(&said).is_empty(), "{:#?}", faults_of(&said));
    said["exit_code"] = Value::from("4");
    said["plan"].as_object_mut().expect("a plan").remove("digest");
    assert_eq!(faults_of(&said).len(), 2, "{:#?}", faults_of(&said));
}

/// Judged again from what was stored, every form of the verdict has the same bytes.
fn what_is_told_again_is_the_same(at: &Path) {
    fs::write(at.join("step.md"), "before\n").expect("writable");
    fs::write(at.join("gate.xml"), "<stale/>").expect("writable");
    let told = "gate out/mine --json --junit gate.xml --markdown step.md --annotations";
    let ran = sim_ends(at, told, 5);
    let kept = |name: &str| fs::read_to_string(at.join("out/mine").join(name)).expect("kept");
    assert_eq!(fs::read_to_string(at.join("gate.xml")).expect("written"), kept("junit.xml"));
    assert_eq!(
        fs::read_to_string(at.join("step.md")).expect("written"),
        format!("before\n{}", kept("summary.md"))
    );
    let annotations =
        ran.stderr.lines().filter(|line| line.starts_with("::error title=INCONCLUSIVE%3A ")).count();
    assert!((1..=10).contains(&annotations), "{}", ran.stderr);
    let last: Value = serde_json::from_str(ran.stdout.lines().last().expect("lines")).expect("JSON");
    let event = (last["event"].as_str(), last["verdict"].as_str(), last["exit_code"].as_i64());
    assert_eq!(event, (Some("verdict"), Some("INCONCLUSIVE"), Some(5)));
}

fn the_walk_ends_at_commands_that_run(at: &Path) {
    let said = VerdictFile::read(&at.join("out/mine")).expect("a verdict");
    let lines = sim_ends(at, "explain out/mine --json", 0).stdout;
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let worst: Vec<&Value> = lines.iter().filter(|line| line["table"] == "worst").collect();
    let first = worst.first().expect("a roast on which it is worse");
    // The roast as the evaluation scored it: the same seed gives the same error of the same forecast. Of the
    // baseline, as a program may start too late on a machine that is busy.
    let command = first["reproduce"].as_str().expect("a command");
    assert!(command.starts_with("sim run ") && command.contains("--predictor mine.toml"), "{command}");
    shell_ends(at, &format!("{command} --json > roast.jsonl"), 0);
    let gate = first["gate"].as_str().expect("named");
    let (metric, lead) =
        gate.split_once('.').and_then(|(_, rest)| rest.split_once('@')).expect("a metric at a lead");
    let lead_s: f64 = lead.trim_end_matches('s').parse().expect("seconds");
    let roast = fs::read_to_string(at.join("roast.jsonl")).expect("written");
    let again = roast.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")).find(|row| {
        row["metric"] == metric && row["arm"] == "artisan" && row["lead_s"].as_f64() == Some(lead_s)
    });
    assert_eq!(again.expect("the score")["value"], first["baseline"], "{command}");
    let unknown = sim_ends(at, "explain out/mine guardrail.nothing", 2).stderr;
    assert!(said.gates.iter().all(|gate| unknown.contains(&gate.gate)), "{unknown}");
    let nowhere = sim_ends(at, "explain out/lost", 2).stderr;
    assert!(nowhere.contains("hint: give a folder that `sim eval --out` wrote"), "{nowhere}");
    // A table that was changed after the verdict explains nothing.
    fs::copy(at.join("out/mine/gates.parquet"), at.join("out/mine/scores.parquet")).expect("writable");
    sim_ends(at, "explain out/mine", 2);
}

#[test]
fn what_cannot_be_told_is_refused_before_the_work() {
    let copy = copied_repository();
    let eval = "eval golden/first.toml --candidate slope90 --baseline artisan";
    let lost = sim_ends(copy.path(), &format!("{eval} --junit lost/gate.xml"), 2);
    assert!(lost.stdout.is_empty() && lost.stderr.contains("cannot write lost/gate.xml"), "{}", lost.stderr);
    for line in
        [format!("{eval} --plan --markdown a.md"), format!("{eval} --shard 1/2 --out out/a --junit a.xml")]
    {
        let ran = sim_ends(copy.path(), &line, 2);
        assert!(ran.stderr.contains("there is none here"), "{line}: {}", ran.stderr);
    }
    assert!(!names(copy.path()).iter().any(|name| name.starts_with("out") || name.ends_with(".md")));
}

#[test]
fn the_action_and_the_page_name_flags_and_inputs_that_there_are() {
    let help =
        sim_ends(repository(), "eval --help", 0).stdout + &sim_ends(repository(), "gate --help", 0).stdout;
    let known = flags(&help);
    let action = text_of(".github/actions/gate/action.yml");
    let page = text_of("docs/ci.md");
    let of_sim = |text: &str| -> Vec<String> {
        text.lines().filter(|line| line.trim_start().starts_with("sim eval")).map(str::to_owned).collect()
    };
    let commands: Vec<String> = of_sim(&action).into_iter().chain(of_sim(&page)).collect();
    assert!(commands.len() >= 4, "{commands:#?}");
    for line in &commands {
        let unknown: Vec<&str> = flags(line).into_iter().filter(|flag| !known.contains(flag)).collect();
        assert!(unknown.is_empty(), "{unknown:?} in {line}");
    }
    // Inputs: each that is used is declared, each that is declared is used, and none is pasted into a script.
    let declared: BTreeSet<&str> = action
        .split("inputs:")
        .nth(1)
        .and_then(|rest| rest.split("outputs:").next())
        .expect("inputs before outputs")
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.strip_suffix(':').filter(|name| !name.starts_with(' ')))
        .collect();
    let used: BTreeSet<&str> =
        action.split("${{ inputs.").skip(1).filter_map(|rest| rest.split(" }}").next()).collect();
    assert_eq!(declared, used);
    for line in action.lines().filter(|line| line.contains("${{ inputs.")) {
        let key = line.trim_start().split(':').next().unwrap_or_default();
        let is_value = key.chars().all(|c| c.is_ascii_alphabetic()) && line.contains(": ${{ inputs.");
        assert!(is_value, "an input in a script: {line}");
    }
    for (_, line) in blocks(&page, "yaml") {
        if let Some((key, _)) = line.strip_prefix("          ").and_then(|rest| rest.split_once(": ")) {
            assert!(declared.contains(key), "{key} is no input of the action");
        }
    }
}

//! Every exit code of a verdict is reachable, and where several hold the first by precedence is the one.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use trier_tables::RunFolder;
use trier_tables::rows::CaseRow;
use trier_tables::verdict::VerdictFile;

use crate::support::{Ran, copied_repository, rows, sim_ends};

/// The steady cases of the first suite: thirteen days, one roast each, and two that are refused.
const SUITE: &str = r#"
schema = "suite/1"
id = "own"
why = "made for a test"
seeds = "1"
leads_s = [30, 60, 120]
policy = "own-policy.toml"
"#;

/// What curve shows of slope90, at odds that no draw of the bootstrap can turn.
const POLICY: &str = r#"
schema = "policy/2"
level = 0.95
min_clusters = 8
max_missing_share = 0.05
power = 0.8
replicates = 999
repeats = 2
TOP
[risk]
rollout = "site"
undo = "next_roast"
approve_above = APPROVE
RISK
[[primary]]
metric = "first_crack.abs_error"
lead_s = 60
margin = 3.0
unit = "s"
effect = 6.0
spread = SPREAD
reason = "made for a test"
MORE
"#;

const WAIVERS: &str = r#"
schema = "waivers/1"
[[waiver]]
id = "W-holds"
gate = "risk"
reason = "looked at"
asked_by = "ana"
approved_by = "bo"
expires = "9999-12-31"
[[waiver]]
id = "W-over"
gate = "risk"
reason = "looked at"
asked_by = "ana"
approved_by = "bo"
expires = "2020-12-31"
[[waiver]]
id = "W-own"
gate = "risk"
reason = "looked at"
asked_by = "ana"
approved_by = " Ana"
expires = "9999-12-31"
"#;

const COVERAGE: &str = "[coverage]\ncatalogue = \"flows.toml\"\nmin_flows = 0.9\nmin_safety = 1.0\n";
const WORSE: &str = "--candidate slope90 --baseline curve";
const BETTER: &str = "--candidate curve --baseline slope90";
const SAME: &str = "--candidate curve --baseline curve";

/// A suite of its own with the knobs that the codes hang on.
struct Bench {
    folder: TempDir,
    top: &'static str,
    approve_above: f64,
    waiver: Option<&'static str>,
    spread_s: f64,
    more: &'static str,
    seeds: &'static str,
}

impl Bench {
    fn new() -> Self {
        let folder = copied_repository();
        fs::write(folder.path().join("golden/waivers.toml"), WAIVERS).expect("written");
        let (top, more, seeds) = ("", "", "1");
        Self { folder, top, approve_above: 100.0, waiver: None, spread_s: 4.0, more, seeds }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes the suite, runs it with `arms`, and expects `code`.
    fn ends(&self, arms: &str, code: i32) -> Ran {
        let waiver = self.waiver.map_or_else(String::new, |id| format!("waiver = \"{id}\""));
        let file = if self.waiver.is_some() { "waivers = \"waivers.toml\"\n" } else { "" };
        let policy = POLICY
            .replace("TOP", &format!("{file}{}", self.top))
            .replace("APPROVE", &self.approve_above.to_string())
            .replace("RISK", &waiver)
            .replace("SPREAD", &self.spread_s.to_string())
            .replace("MORE", self.more);
        fs::write(self.path("golden/own-policy.toml"), policy).expect("written");
        let first = fs::read_to_string(self.path("golden/first.toml")).expect("it ships");
        let cases = &first[first.find("cases = [").expect("it lists cases")..];
        let suite = SUITE.replace("seeds = \"1\"", &format!("seeds = \"{}\"", self.seeds));
        fs::write(self.path("golden/own.toml"), format!("{suite}{cases}")).expect("written");
        let ran = sim_ends(self.folder.path(), &format!("eval golden/own.toml {arms}"), code);
        if code != 0 {
            assert!(ran.stdout.contains(&format!("exit {code}")), "{}", ran.stdout);
        }
        ran
    }

    /// The same with the folder `name`, whose verdict must say the same as the exit code.
    fn ends_into(&self, name: &str, arms: &str, code: u8) -> PathBuf {
        let out = self.path(name);
        self.ends(&format!("{arms} --out {}", out.display()), i32::from(code));
        assert_eq!(VerdictFile::read(&out).expect("a verdict").exit_code, code);
        out
    }

    /// Judges what is stored in `out`.
    fn gate_ends(&self, out: &Path, code: i32) -> Ran {
        sim_ends(self.folder.path(), &format!("gate {}", out.display()), code)
    }
}

#[test]
fn a_verdict_ends_with_0_4_5_or_6() {
    let mut bench = Bench::new();
    bench.ends(BETTER, 0);
    bench.ends(WORSE, 4);
    bench.ends(SAME, 5);
    bench.approve_above = 0.0;
    bench.ends_into("six", BETTER, 6);
    // Refused and unclear come before approval: nobody is asked to approve what may not ship.
    bench.ends(WORSE, 4);
    bench.ends(SAME, 5);
    let ran = bench.ends(&format!("{WORSE} --exit-zero"), 0);
    assert!(ran.stdout.contains("REFUSED"), "the verdict is said whatever the code: {}", ran.stdout);
}

#[test]
fn nothing_to_run_ends_with_3() {
    let bench = Bench::new();
    let retired = "\n[retired]\non = \"2026-11-22\"\nwhy = \"made for a test\"\n";
    let case = fs::read_to_string(bench.path("golden/cases/steady.toml")).expect("it ships");
    fs::write(bench.path("golden/cases/steady.toml"), case + retired).expect("written");
    fs::write(bench.path("golden/none.toml"), format!("{SUITE}cases = [\"cases/steady.toml\"]\n"))
        .expect("written");
    bench.ends(BETTER, 0);
    sim_ends(bench.folder.path(), &format!("eval golden/none.toml {BETTER}"), 3);
}

#[test]
fn a_policy_that_fails_its_own_test_judges_nothing() {
    let bench = Bench::new();
    let out = bench.ends_into("first", BETTER, 0);
    let policy = fs::read_to_string(bench.path("golden/own-policy.toml")).expect("written");
    let test = "[[test]]\nsays = \"no gain is enough\"\nclusters = 20\nexpect = \"PROMOTED\"\n";
    fs::write(bench.path("golden/own-policy.toml"), policy + test).expect("written");
    for work in [format!("eval golden/own.toml {BETTER}"), format!("gate {}", out.display())] {
        let ran = sim_ends(bench.folder.path(), &work, 2);
        assert!(
            ran.stderr.contains("test[0].expect") && ran.stderr.contains("no gain is enough"),
            "{}",
            ran.stderr
        );
    }
}

#[test]
fn luck_of_its_own_ends_with_7() {
    let bench = Bench::new();
    let program = r#"
import json, random, sys
for text in sys.stdin:
    line = json.loads(text)
    if line["type"] == "hello":
        print(json.dumps({"type": "hello", "protocol": 1, "title": "luck", "version": 1, "targets": ["first_crack_start", "drop"]}), flush=True)
    elif line["type"] == "ask":
        left_s = 60 * random.random()
        print(json.dumps({"type": "answer", "id": line["id"], "p10_s": left_s, "p50_s": left_s, "p90_s": left_s, "reasons": ["luck"]}), flush=True)
"#;
    fs::write(bench.path("luck.py"), program).expect("written");
    let file =
        "schema = \"predictor/1\"\nname = \"luck\"\ncommand = [\"python3\", \"luck.py\"]\nanswer_ms = 5000\n";
    fs::write(bench.path("luck.toml"), file).expect("written");
    let out = bench.ends_into("seven", "--candidate luck.toml --baseline constant", 7);
    let said = VerdictFile::read(&out).expect("a verdict");
    assert!(
        said.reasons[0].contains("cases.reproducible: run again, they came out otherwise"),
        "{:?}",
        said.reasons
    );
}

#[test]
fn flows_not_seen_end_with_8() {
    let mut bench = Bench::new();
    bench.more = COVERAGE;
    let out = bench.ends_into("eight", BETTER, 8);
    let said = VerdictFile::read(&out).expect("a verdict");
    assert!(said.coverage.is_some_and(|seen| seen.met > 0 && !seen.missing.is_empty()));
    // Short coverage comes before a refusal, a waiver that does not hold before short coverage.
    bench.ends(WORSE, 8);
    (bench.approve_above, bench.waiver) = (0.0, Some("W-over"));
    bench.ends(BETTER, 11);
}

#[test]
fn tampered_evidence_ends_with_9_and_errors_with_10() {
    let bench = Bench::new();
    let out = bench.ends_into("nine", BETTER, 0);
    bench.gate_ends(&out, 0);
    let plan = fs::read_to_string(out.join("plan.json")).expect("a plan");
    fs::write(out.join("plan.json"), plan.replace("\"suite\": \"own\"", "\"suite\": \"other\""))
        .expect("written");
    let ran = bench.gate_ends(&out, 9);
    assert!(ran.stderr.contains("its digest is not that of what it holds"), "{}", ran.stderr);
    fs::write(out.join("plan.json"), &plan).expect("written");
    // Both parts of one plan are one part given twice.
    let (path, name) = (out.display(), out.display());
    sim_ends(bench.folder.path(), &format!("gate {path} {name}"), 9);
    let mut cases: Vec<CaseRow> = rows(&out);
    for row in &mut cases[..2] {
        (row.status, row.passed, row.reason) = ("errored".into(), false, Some("energy_open".into()));
    }
    rewrite(&out, &cases);
    bench.gate_ends(&out, 10);
    // A row of other inputs beside the errors: what is no evidence comes first.
    cases[4].digest = "of last week".into();
    rewrite(&out, &cases);
    bench.gate_ends(&out, 9);
}

/// Puts `cases` in the place of those in `out`, with their digest in the record, as a run would have.
fn rewrite(out: &Path, cases: &[CaseRow]) {
    let place = tempfile::tempdir().expect("a temporary folder");
    let mut folder = RunFolder::create(&place.path().join("run")).expect("a folder");
    let written = folder.write(cases).expect("a table");
    let made = folder.commit().expect("committed");
    fs::copy(made.join("cases.parquet"), out.join("cases.parquet")).expect("copied");
    let before =
        crate::support::record(out)["tables"]["cases"]["digest"].as_str().expect("a digest").to_owned();
    for file in ["run.json", "verdict.json"] {
        let text = fs::read_to_string(out.join(file)).expect("there");
        fs::write(out.join(file), text.replace(&before, &written.digest.to_string())).expect("written");
    }
}

#[test]
fn waivers_that_do_not_hold_end_with_11() {
    let mut bench = Bench::new();
    bench.approve_above = 0.0;
    for (waiver, code) in [("W-holds", 0), ("W-gone", 11), ("W-over", 11), ("W-own", 11)] {
        bench.waiver = Some(waiver);
        let said = bench.ends(BETTER, code).stdout;
        let why = match waiver {
            "W-gone" => "waiver_missing",
            "W-over" => "waiver_expired",
            "W-own" => "waiver_self_signed",
            _ => "waived",
        };
        assert!(said.contains(why), "{waiver}: no {why} in\n{said}");
    }
    // A waiver that does not hold comes before the refusal that it is not for.
    bench.ends(WORSE, 11);
}

#[test]
fn a_budget_ends_with_12() {
    let mut bench = Bench::new();
    bench.seeds = "1..2000";
    bench.ends(&format!("{BETTER} --budget-s 1"), 12);
    // What a budget left out was not seen either.
    bench.more = COVERAGE;
    bench.ends(&format!("{BETTER} --budget-s 1"), 12);
}

#[test]
fn a_stop_file_ends_with_13_whatever_else_holds() {
    let mut bench = Bench::new();
    bench.top = "stop_file = \"STOP\"";
    bench.ends(BETTER, 0);
    fs::write(bench.path("golden/STOP"), "burner recall\n").expect("written");
    let ran = bench.ends(BETTER, 13);
    assert!(ran.stdout.contains("burner recall"), "{}", ran.stdout);
    bench.spread_s = 400.0;
    bench.ends(BETTER, 13);
    bench.ends(&format!("{WORSE} --anyway"), 13);
}

#[test]
fn a_folder_at_work_ends_with_14() {
    let bench = Bench::new();
    let out = bench.path("taken");
    let held = RunFolder::create(&out).expect("nobody has it");
    let line = format!("eval golden/first.toml {BETTER} --out {}", out.display());
    let ran = sim_ends(bench.folder.path(), &line, 14);
    assert!(ran.stderr.contains("another run is writing"), "{}", ran.stderr);
    drop(held);
    bench.ends_into("taken", BETTER, 0);
}

#[test]
fn a_plan_without_power_ends_with_15_and_promotes_nothing() {
    let mut bench = Bench::new();
    bench.spread_s = 400.0;
    let ran = bench.ends(BETTER, 15);
    assert!(ran.stdout.contains("needed"), "how many clusters it takes: {}", ran.stdout);
    bench.ends(&format!("{BETTER} --anyway"), 15);
    bench.ends(&format!("{WORSE} --anyway"), 15);
    sim_ends(bench.folder.path(), &format!("eval golden/own.toml {BETTER} --plan"), 15);
}

//! Suite, case and policy files: what ships loads, and a wrong one says where and what.

use crate::evidence::repository;
use std::path::{Path, PathBuf};
use trier_eval::case::{Case, Expect};
use trier_eval::policy::{Policy, Role};
use trier_eval::suite::Suite;

const CASE: &str = r#"schema = "case/2"
id = "one"
scenario = "scenario.toml"
why = "a test"
tags = ["test"]
provenance = "synthetic"
expect = "run"
"#;

const SUITE: &str = r#"schema = "suite/1"
id = "small"
why = "a test"
seeds = "1..2"
leads_s = [60]
policy = "policy.toml"
cases = ["one.toml", "two.toml"]
"#;

const POLICY: &str = r#"schema = "policy/2"
level = 0.95
min_clusters = 8
max_missing_share = 0.05
power = 0.8
[risk]
rollout = "site"
undo = "at_once"
approve_above = 50
[[primary]]
metric = "first_crack.abs_error"
lead_s = 60
margin = 3.0
unit = "s"
effect = 4.0
spread = 2.0
reason = "a test"
"#;

/// A folder with a suite of two cases.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let put = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    put("scenario.toml", "");
    put("one.toml", CASE);
    put("two.toml", &CASE.replace("\"one\"", "\"two\""));
    put("policy.toml", POLICY);
    put("suite.toml", SUITE);
    folder
}

/// The whole text of an error, causes included.
fn text(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!("\n{error}"));
        cause = error.source();
    }
    text
}

/// Replaces `from` by `to` in `name`, loads, and asserts that the error names all of `words`.
fn rejects(name: &str, from: &str, to: &str, words: &[&str]) {
    let folder = folder();
    let path = folder.path().join(name);
    let was = std::fs::read_to_string(&path).expect("there");
    assert!(was.contains(from), "{from} is not in {name}");
    std::fs::write(&path, was.replacen(from, to, 1)).expect("written");
    let load: fn(&Path) -> Result<(), String> = match name {
        "policy.toml" => |path| Policy::load(path).map(|_| ()).map_err(|e| text(&e)),
        "suite.toml" => |path| Suite::load(path).map(|_| ()).map_err(|e| text(&e)),
        _ => |path| Case::load(path).map(|_| ()).map_err(|e| text(&e)),
    };
    let error = load(&path).expect_err("a wrong file");
    for word in words.iter().chain([&name]) {
        assert!(error.contains(word), "no '{word}' in: {error}");
    }
}

#[test]
fn what_ships_loads() {
    let suite = Suite::load(&repository().join("golden/first.toml")).expect("the golden suite");
    let runs = suite.cases.iter().filter(|case| case.expect == Expect::Run).count();
    let policy = Policy::load(&suite.policy).expect("its policy");
    assert!(runs >= policy.clusters_min as usize, "{runs} cases cannot support an inference");
    assert!(suite.cases.len() - runs >= 2, "no case that must be refused");
    for rule in &policy.rules {
        let is_scored = rule.lead_s.is_none_or(|lead_s| suite.leads_s.contains(&lead_s));
        assert!(is_scored, "{} is never scored", rule.name());
    }
    assert!(policy.rules_of(Role::Guardrail).count() >= 1);
    let units: std::collections::BTreeSet<_> =
        suite.units().into_iter().filter_map(|planned| planned.unit.seed).collect();
    assert_eq!(units.len(), runs * suite.seeds.iter().count(), "two cases share a seed and its luck");
}

#[test]
fn every_case_file_is_in_a_suite() {
    let golden = repository().join("golden");
    let suites =
        ["first.toml", "main.toml"].map(|name| Suite::load(&golden.join(name)).expect("a golden suite"));
    let cases = suites.iter().flat_map(|suite| &suite.cases);
    let named: Vec<PathBuf> = cases.map(|case| case.path.clone()).collect();
    for entry in std::fs::read_dir(golden.join("cases")).expect("cases") {
        let path = entry.expect("an entry").path();
        assert!(named.contains(&path), "{} is in no suite", path.display());
    }
}

#[test]
fn a_small_suite_loads_in_order_of_ids() {
    let folder = folder();
    let suite = Suite::load(&folder.path().join("suite.toml")).expect("valid");
    let ids: Vec<&str> = suite.cases.iter().map(|case| &*case.id).collect();
    assert_eq!((ids, suite.units().len()), (vec!["one", "two"], 4));
}

#[test]
fn a_wrong_case_says_what_is_wrong() {
    rejects("one.toml", "why =", "because =", &["because", "unknown field"]);
    rejects("one.toml", "case/2", "case/9", &["key schema", "case/9", "case/1"]);
    rejects("one.toml", "scenario.toml", "gone.toml", &["key scenario", "gone.toml", "hint"]);
    rejects("one.toml", "a test", " ", &["key why", "hint"]);
    rejects("one.toml", "\"one\"", "\"One/\"", &["key id", "One/"]);
    rejects("one.toml", "\"run\"", "\"walk\"", &["walk"]);
    rejects("one.toml", "\"run\"", "{ refuse = \"\" }", &["expect.refuse"]);
    let bound = |metric: &str, min: &str, max: &str, unit: &str| {
        let text = format!("metric = \"{metric}\"\nmin = {min}\nmax = {max}\nunit = \"{unit}\"");
        format!("expect = \"run\"\n[[bounds]]\n{text}\n")
    };
    let run = "expect = \"run\"\n";
    rejects("one.toml", run, &bound("true.crack", "1.0", "2.0", "s"), &["bounds[0].metric", "true.crack"]);
    rejects("one.toml", run, &bound("true.drop", "3.0", "2.0", "s"), &["bounds[0].max", "at least min, 3"]);
    rejects("one.toml", run, &bound("true.drop", "nan", "2.0", "s"), &["bounds[0].min", "NaN"]);
    rejects("one.toml", run, &bound("true.drop", "1.0", "2.0", "min"), &["bounds[0].unit", "min"]);
    let refused = bound("true.drop", "1.0", "2.0", "s").replace("\"run\"", "{ refuse = \"no_drop\" }");
    rejects("one.toml", run, &refused, &["key bounds"]);
}

#[test]
fn a_wrong_suite_says_what_is_wrong() {
    rejects("suite.toml", "seeds =", "seed =", &["unknown field", "seed"]);
    rejects("suite.toml", "1..2", "2..1", &["key seeds", "2..1", "hint"]);
    rejects("suite.toml", "[60]", "[]", &["key leads_s"]);
    rejects("suite.toml", "[60]", "[60, 30]", &["leads_s[1]", "ascend"]);
    rejects("suite.toml", "[60]", "[0]", &["leads_s[0]", "above 0"]);
    rejects("suite.toml", "[\"one.toml\", \"two.toml\"]", "[]", &["key cases", "empty suite"]);
    rejects("suite.toml", "two.toml", "one.toml", &["cases[1]", "one", "cases[0]"]);
    rejects("suite.toml", "policy.toml", "gone.toml", &["key policy", "gone.toml"]);
    let absent = Suite::load(Path::new("no/such/suite.toml")).expect_err("absent");
    assert!(text(&absent).contains("suite.toml") && text(&absent).contains("hint"));
}

#[test]
fn a_wrong_policy_says_what_is_wrong() {
    rejects("policy.toml", "level =", "confidence =", &["unknown field", "confidence"]);
    rejects("policy.toml", "0.95", "95.0", &["key level", "95"]);
    rejects("policy.toml", "0.95", "nan", &["key level", "NaN"]);
    rejects("policy.toml", "0.95", "0.89", &["key level", "0.89", "0.9 to 1", "hint"]);
    rejects("policy.toml", "= 8", "= 7", &["key min_clusters", "7", "8 or more", "hint"]);
    rejects("policy.toml", "0.05", "0.9", &["key max_missing_share", "0.9"]);
    rejects(
        "policy.toml",
        "first_crack.abs",
        "first_crak.abs",
        &["primary[0].metric", "first_crak", "one of"],
    );
    rejects("policy.toml", "first_crack.abs_error", "first_crack.error", &["primary[0].metric", "no loss"]);
    rejects("policy.toml", "margin = 3.0", "margin = 0.0", &["primary[0].margin", "above 0"]);
    rejects("policy.toml", "margin = 3.0", "margin = nan", &["primary[0].margin", "NaN"]);
    rejects("policy.toml", "lead_s = 60", "lead_s = -60", &["primary[0].lead_s", "-60"]);
    rejects("policy.toml", "a test", "", &["primary[0].reason"]);
    rejects("policy.toml", "margin = 3.0", "margin = 3.0\nmargin_c = 1.0", &["margin_c"]);
    let again = format!("reason = \"a test\"\n{}", &POLICY[POLICY.find("[[").expect("a rule")..]);
    rejects("policy.toml", "reason = \"a test\"\n", &again, &["primary[1].metric", "named once"]);
    rejects("policy.toml", "effect = 4.0\n", "", &["primary[0].effect", "absent", "hint"]);
    rejects("policy.toml", "spread = 2.0", "spread = 0.0", &["primary[0].spread", "pilot"]);
    rejects("policy.toml", "unit = \"s\"", "unit = \"min\"", &["primary[0].unit", "\"s\""]);
    rejects("policy.toml", "power = 0.8", "power = 1.0", &["key power", "0.5 to 1"]);
    rejects("policy.toml", "= 50", "= 101", &["risk.approve_above", "0 to 100"]);
    rejects("policy.toml", "\"site\"", "\"everywhere\"", &["everywhere"]);
    let sliced = "slices = [\"sku=x\"]\nmargin = 3.0";
    rejects("policy.toml", "margin = 3.0", sliced, &["primary[0].slices[0]", "sku=x", "tag=faults"]);
    let tail = "statistic = \"p90\"\nmargin = 3.0";
    rejects("policy.toml", "margin = 3.0", tail, &["primary[0].statistic", "only be guarded"]);
    let waived = "waiver = \"W-1\"\nmargin = 3.0";
    rejects("policy.toml", "margin = 3.0", waived, &["primary[0].waiver", "only guardrails"]);
    let guard =
        POLICY.replace("[[primary]]", "[[guardrail]]").replace("effect = 4.0\n", "waiver = \"W-1\"\n");
    let guard = &guard[guard.find("[[").expect("a rule")..];
    let both = format!("reason = \"a test\"\n{guard}");
    rejects("policy.toml", "reason = \"a test\"\n", &both, &["key waivers", "W-1"]);
    let flows = "[coverage]\ncatalogue = \"gone.toml\"\nmin_flows = 0.7\nmin_safety = 1.0\n[risk]";
    rejects("policy.toml", "[risk]", flows, &["coverage.catalogue", "gone.toml"]);
    let own = |table: &str, keys: &str| format!("reason = \"a test\"\n[[{table}]]\n{keys}reason = \"so\"\n");
    let end = "reason = \"a test\"\n";
    let bias = own("bias", "metric = \"first_crack.abs_error\"\nlead_s = 60\nmargin = 1.0\nunit = \"s\"\n");
    rejects("policy.toml", end, &bias, &["bias[0].metric", "signed error"]);
    let share = own("calibration", "metric = \"first_crack.within_90\"\nlead_s = 60\nnominal = 90.0\n");
    rejects("policy.toml", end, &share, &["calibration[0].nominal", "90"]);
    let sliced = own("safety", "metric = \"session.extra\"\nslice = \"all\"\n");
    rejects("policy.toml", end, &sliced, &["safety[0].slice", "absent"]);
    let test = "[[test]]\nsays = \"x\"\nclusters = 3\nexpect = \"REFUSED\"\n";
    rejects("policy.toml", end, &format!("{end}{test}"), &["test[0].clusters", "6 to 200"]);
}

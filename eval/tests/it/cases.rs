//! Case files: each slip is refused by name, and what a case says must hold is held against what comes.

use crate::evidence::repository;
use std::path::Path;
use trier_eval::case::{Case, MustHave, Quantity, RoastLog};
use trier_eval::runner::{Arms, How, run_suite};
use trier_eval::suite::Suite;
use trier_tables::rows::CaseRow;

/// A case of everything, of a scenario that ships.
fn full() -> String {
    let scenario = repository().join("scenarios/steady/steady.toml");
    format!(
        r#"schema = "case/2"
id = "one"
why = "a test"
tags = ["test"]
provenance = "synthetic"
scenario = "{}"
seeds = "3"
expect = "run"
must_not = ["mark.second_crack_start"]

[must_have]
channels = ["bt_c", "gas_pct"]
marks = ["charge", "drop"]
readings_min = 300

[scope]
machine = "gd12"
lot = "washed-highland"
batch_kg_min = 8.0
batch_kg_max = 10.0

[[bounds]]
metric = "true.first_crack_start"
min = 460.0
max = 640.0
unit = "s"

[[bounds]]
metric = "first_crack.abs_error"
lead_s = 60
max = 60.0
unit = "s"
direction = "lower"
arm = "baseline"

[[fault]]
kind = "sensor.spike"
channel = "bt"
from_s = 200.0
for_s = 2.0
size = 40.0
unit = "°C"
"#,
        scenario.display()
    )
}

const LOG: &str = r#"# schema = "roast-log/1"
# machine = "gd12"
# lot = "washed-highland"
# batch_kg = 9.0
# made = "by a test"
t_s,bt_c,et_c,gas_pct,air_pct,mark
0,200.5,210,40,50,
1,200.25,,40,50,charge:device
2,,,,,dry_end
2,-1,9999,40,50,
"#;

const LOG_CASE: &str = r#"schema = "case/2"
id = "one"
why = "a test"
tags = []
provenance = "synthetic"
log = "roast.csv"
expect = "run"
"#;

/// What loading says of a case with `from` in place of `to`; the empty text when it loads.
fn said(case: &str, log: &str, from: &str, to: &str) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (in_case, in_log) = (case.contains(from), log.contains(from));
    assert!(in_case || in_log, "{from} is nowhere");
    let (case, log) = match in_case {
        true => (case.replacen(from, to, 1), log.to_owned()),
        false => (case.to_owned(), log.replacen(from, to, 1)),
    };
    std::fs::write(folder.path().join("roast.csv"), log).expect("written");
    let path = folder.path().join("one.toml");
    std::fs::write(&path, case).expect("written");
    let Err(error) = Case::load(&path) else { return String::new() };
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        text.push_str(&format!("\n{error}"));
        cause = error.source();
    }
    text
}

#[test]
fn every_slip_of_a_case_is_refused_by_its_key() {
    assert_eq!(said(&full(), "", "a test", "another test"), "");
    for (from, to, words) in [
        ("case/2", "case/1", "key schema"),
        ("tags =", "tag =", "unknown field `tag`"),
        ("provenance = \"synthetic\"\n", "", "missing field `provenance`"),
        ("\"synthetic\"", "\"made up\"", "key provenance"),
        ("\"synthetic\"", "\"real_failure\"", "key source"),
        ("seeds = \"3\"", "seeds = \"3..1\"", "key seeds"),
        ("expect = \"run\"", "expect = { outcome = \"burnt\" }", "key expect.outcome"),
        ("expect = \"run\"", "expect = { refuse = \"stalled\" }", "key bounds"),
        ("expect = \"run\"", "log = \"roast.csv\"\nexpect = \"run\"", "key scenario"),
        ("mark.second_crack_start", "mark.second_crack", "key must_not[0]"),
        ("mark.second_crack_start", "forecast.charge", "key must_not[0]"),
        ("\"gas_pct\"]", "\"gas\"]", "key must_have.channels[1]"),
        ("\"drop\"]", "\"dropped\"]", "key must_have.marks[1]"),
        ("readings_min = 300", "readings_min = 0", "key must_have.readings_min"),
        ("readings_min = 300\n", "", "missing field `readings_min`"),
        ("machine = \"gd12\"", "machine = \"gd60\"", "key scope.machine"),
        ("lot = \"washed-highland\"", "lot = \"aged-dry\"", "key scope.lot"),
        ("batch_kg_min = 8.0", "batch_kg_min = 9.5", "key scope.batch_kg_min"),
        ("batch_kg_max = 10.0", "batch_kg_max = nan", "key scope.batch_kg_max"),
        ("lead_s = 60\n", "", "key bounds[1].lead_s"),
        ("unit = \"s\"\n\n", "unit = \"s\"\nlead_s = 60\n\n", "key bounds[0].lead_s"),
        ("first_crack.abs_error", "first_crack.abs", "key bounds[1].metric"),
        ("max = 60.0\n", "", "key bounds[1].min"),
        ("max = 60.0", "max = inf", "key bounds[1].max"),
        ("\"lower\"", "\"higher\"", "key bounds[1].direction"),
        ("\"baseline\"", "\"both\"", "key bounds[1].arm"),
        ("sensor.spike", "sensor.spyke", "key fault[0].kind"),
        ("channel = \"bt\"", "channel = \"inlet\"", "key fault[0].channel"),
        ("channel = \"bt\"\n", "", "key fault[0].channel"),
        ("channel = \"bt\"", "channel = \"bt\"\nmark = \"drop\"", "key fault[0].mark"),
        ("from_s = 200.0\n", "", "key fault[0].from_s"),
        ("from_s = 200.0", "from_s = nan", "key fault[0].from_s"),
        ("for_s = 2.0", "for_s = 0.0", "key fault[0].for_s"),
        ("size = 40.0", "size = -40.0", "key fault[0].size"),
        ("size = 40.0\n", "", "key fault[0].size"),
        ("unit = \"°C\"", "unit = \"°F\"", "key fault[0].unit"),
        ("sensor.spike", "sensor.open", "key fault[0].size"),
        (
            "kind = \"sensor.spike\"\nchannel = \"bt\"",
            "kind = \"operator.late_mark\"\nmark = \"drop\"",
            "key fault[0].from_s",
        ),
        (
            "kind = \"sensor.spike\"\nchannel = \"bt\"",
            "kind = \"feed.loss\"\nchannel = \"bt\"",
            "key fault[0].channel",
        ),
        ("[scope]", "[retired]\non = \"2026-02-30\"\nwhy = \"x\"\n\n[scope]", "key retired.on"),
        ("[scope]", "[retired]\non = \"2026-02-03\"\nwhy = \" \"\n\n[scope]", "key retired.why"),
    ] {
        let text = said(&full(), "", from, to);
        assert!(text.contains(words), "no '{words}' for {to:?} in: {text}");
    }
}

#[test]
fn every_slip_of_a_log_is_refused_by_its_line() {
    assert_eq!(said(LOG_CASE, LOG, "a test", "another test"), "");
    for (from, to, words) in [
        ("roast-log/1", "roast-log/2", "key schema"),
        ("# batch_kg = 9.0", "# batch = 9.0", "unknown field `batch`"),
        ("# batch_kg = 9.0", "# batch_kg = 0.0", "key batch_kg"),
        ("# made = \"by a test\"\n", "", "missing field `made`"),
        ("t_s,bt_c,et_c", "t_s,et_c,bt_c", "key columns"),
        ("1,200.25,", "1,200.25", "key rows"),
        ("0,200.5", "zero,200.5", "line 7, t_s"),
        ("1,200.25", "-1,200.25", "line 8, t_s"),
        ("200.25", "warm", "line 8, bt_c"),
        ("200.25", "inf", "line 8, bt_c"),
        ("dry_end", "yellow", "line 9, mark"),
        ("log = \"roast.csv\"", "log = \"gone.csv\"", "key log"),
        ("log = \"roast.csv\"", "log = \"roast.csv\"\nearlier_logs = [\"gone.csv\"]", "key earlier_logs[0]"),
        ("log = \"roast.csv\"", "log = \"roast.csv\"\nseeds = \"1\"", "key seeds"),
        ("provenance = \"synthetic\"", "provenance = \"real_success\"", "key source"),
    ] {
        let text = said(LOG_CASE, LOG, from, to);
        assert!(text.contains(words), "no '{words}' for {to:?} in: {text}");
    }
}

#[test]
fn a_log_is_read_to_the_letter() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("roast.csv");
    std::fs::write(&path, LOG).expect("written");
    let log = RoastLog::load(&path).expect("good");
    let said = |reading: &trier_roast::Reading| match reading.body {
        trier_roast::ReadingBody::Sample(sample) => format!("{:?} {:?}", sample.bt_c, sample.et_c),
        trier_roast::ReadingBody::Mark(mark) => format!("{} {}", mark.kind.name(), mark.source.name()),
    };
    let readings: Vec<String> = log.readings.iter().map(said).collect();
    // A device's -1 and 9999 stay what it said: judging them is the pipeline's.
    let expected = [
        "Some(200.5) Some(210.0)",
        "Some(200.25) None",
        "charge device",
        "dry_end operator",
        "Some(-1.0) Some(9999.0)",
    ];
    assert_eq!(readings, expected);
}

/// What becomes of the golden case `steady` after `change`.
fn run_steady(change: impl Fn(&mut Case)) -> CaseRow {
    let mut suite = Suite::load(&repository().join("golden/first.toml")).expect("the golden suite");
    suite.cases.retain(|case| &*case.id == "steady");
    suite.seeds.last = suite.seeds.first;
    change(&mut suite.cases[0]);
    let arms = Arms::named(&["constant", "artisan"]).expect("known");
    run_suite(&suite, &suite.units(), &arms, &How { jobs: 1, ..How::default() })
        .expect("threads")
        .cases
        .remove(0)
}

/// The case of [`full`], for its parts.
fn parts() -> Case {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("one.toml");
    std::fs::write(&path, full()).expect("written");
    Case::load(&path).expect("good")
}

fn reason(row: &CaseRow) -> &str {
    assert_eq!((&*row.status, row.passed), ("ran", false), "{row:?}");
    row.reason.as_deref().expect("a reason")
}

#[test]
fn what_must_hold_holds_and_what_does_not_fails_by_name() {
    let parts = parts();
    let good = run_steady(|case| {
        (case.bounds, case.must_not, case.must_have) =
            (parts.bounds.clone(), parts.must_not.clone(), parts.must_have.clone());
        case.faults = parts.faults.clone();
    });
    assert!(good.passed, "{good:?}");

    // The mark that comes is the one that must not: the pipeline's, or one that a person planted.
    let alarm =
        run_steady(|case| case.must_not = vec![trier_eval::case::MustNot::Mark(trier_roast::MarkKind::Drop)]);
    assert!(reason(&alarm).contains("must_not: mark.drop (device) came"), "{alarm:?}");
    let forecast = run_steady(|case| {
        case.must_not = vec![trier_eval::case::MustNot::Forecast(trier_pipeline::Target::Drop)];
    });
    assert!(reason(&forecast).contains("must_not: forecast.drop by"), "{forecast:?}");

    let silent = trier_eval::fault::Fault { from_s: 3_000.0, ..parts.faults[0] };
    let harmless = run_steady(|case| case.faults = vec![parts.faults[0], silent]);
    assert!(reason(&harmless).starts_with("fault[1] sensor.spike is a fault with no effect"), "{harmless:?}");

    let must = parts.must_have.clone().expect("said");
    let many = MustHave { readings_min: 5_000, ..must.clone() };
    let short = run_steady(|case| case.must_have = Some(many.clone()));
    assert!(reason(&short).contains("readings between charge and drop, not 5000"), "{short:?}");
    let lost = trier_eval::fault::Fault {
        kind: trier_eval::fault::FaultKind::SensorDropout,
        from_s: 0.0,
        for_s: f64::INFINITY,
        ..parts.faults[0]
    };
    let blind = run_steady(|case| (case.faults, case.must_have) = (vec![lost], parts.must_have.clone()));
    assert!(reason(&blind).starts_with("must_have: bt_c was read 0 times, not 300"), "{blind:?}");
    let unmarked = MustHave { marks: vec![trier_roast::MarkKind::CoolEnd], ..must };
    let unmarked = run_steady(|case| case.must_have = Some(unmarked.clone()));
    assert_eq!(reason(&unmarked), "must_have: nobody marked cool_end");

    let score = parts.bounds[1].clone();
    assert!(matches!(score.quantity, Quantity::Score { lead_s: Some(60.0), .. }));
    let tight = run_steady(|case| case.bounds = vec![trier_eval::case::Bound { max: 1e-6, ..score.clone() }]);
    assert!(reason(&tight).starts_with("first_crack.abs_error@60s of constant is"), "{tight:?}");
    let Quantity::Score { metric, arm, .. } = score.quantity else { unreachable!("matched above") };
    let unscored = Quantity::Score { metric, lead_s: Some(61.0), arm };
    let unscored = run_steady(|case| {
        case.bounds = vec![trier_eval::case::Bound { quantity: unscored, ..score.clone() }];
    });
    assert!(reason(&unscored).contains("is not scored"), "{unscored:?}");
}

#[test]
fn an_outcome_is_that_of_the_session() {
    let complete = run_steady(|case| case.expect = trier_eval::case::Expect::Outcome("complete".to_owned()));
    assert!(complete.passed && &*complete.expectation == "outcome", "{complete:?}");
    let aborted = run_steady(|case| case.expect = trier_eval::case::Expect::Outcome("aborted".to_owned()));
    assert_eq!(reason(&aborted), "the session's outcome is complete, not aborted");
}

#[test]
fn a_log_case_runs_as_it_is_and_a_retired_one_does_not() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let put = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    put("roast.csv", LOG);
    put("one.toml", &LOG_CASE.replace("\"run\"", "{ outcome = \"aborted\" }"));
    let retired =
        LOG_CASE.replace("\"one\"", "\"two\"") + "[retired]\non = \"2026-11-22\"\nwhy = \"a test\"\n";
    put("two.toml", &retired);
    let policy = repository().join("golden/policy.toml");
    put(
        "suite.toml",
        &format!(
            "schema = \"suite/1\"\nid = \"s\"\nwhy = \"a test\"\nseeds = \"1..2\"\nleads_s = [60]\npolicy = \"{}\"\n\
             cases = [\"one.toml\", \"two.toml\"]\n",
            policy.display()
        ),
    );
    let suite = Suite::load(Path::new(&folder.path().join("suite.toml"))).expect("good");
    let plan = suite.units();
    assert_eq!((suite.cases.len(), plan.len(), plan[0].unit.seed), (2, 1, None));
    let run = run_suite(
        &suite,
        &suite.units(),
        &Arms::named(&["constant"]).expect("known"),
        &How { jobs: 1, ..How::default() },
    )
    .expect("threads");
    assert_eq!((&*run.cases[0].status, run.cases[0].passed), ("ran", true), "{:?}", run.cases);
}

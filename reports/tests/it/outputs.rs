//! A verdict in every form that leaves the terminal: JUnit, Markdown, annotations, and the walk to the worst roasts.

use std::io::Write;
use std::process::{Command, Stdio};

use quick_junit::{NonSuccessKind, Report, TestCaseStatus};
use trier_reports::annotations::annotations;
use trier_reports::junit::junit;
use trier_reports::markdown::{BYTES_MAX, Worst, markdown};
use trier_reports::summary::{Explained, explain_text};
use trier_reports::worst::{Contrast, Subject, worst};
use trier_tables::rows::{CaseRow, CoverageRow, ScoreRow};
use trier_tables::verdict::{CoverageSaid, GateSaid, RiskSaid, VerdictFile};

use crate::made_up::{comparison, gate, score, verdict};

/// What somebody might call a case to get at whoever reads of it.
const HOSTILE: &str =
    "a|b`c`<img src=x onerror=y>\u{1b}[31m\u{202e}]](http://x)\n::error::%0A, & \"q\" ]]> \u{fffe}\u{0}";

fn row(case: &str, arm: &str, status: &str, passed: bool) -> CaseRow {
    CaseRow {
        case: case.into(),
        seed: Some(7_000_001),
        arm: arm.into(),
        expectation: "run".into(),
        status: status.into(),
        reason: (!passed).then(|| "stalled".into()),
        passed,
        digest: "c0ffee".into(),
        heard: Some("ea4".into()),
        roast_s: Some(612.0),
    }
}

fn asking(gate: GateSaid, outcome: &str) -> GateSaid {
    GateSaid { outcome: outcome.into(), ..gate }
}

/// A verdict with a gate of every label, and with hostile names.
fn of_all_sorts() -> VerdictFile {
    let mut short = comparison("drop.abs_error@120s", "INCONCLUSIVE", Some([-2.0, 0.04, 3.3]));
    short.n_needed = Some(21);
    let comparisons = [comparison("drop.abs_error@60s", "INFERIOR", Some([3.6, 4.9, 6.2])), short];
    let mut waived = gate("coverage.flows", "waived", Some(0.9), "17 of 22 flows seen");
    waived.waiver = Some("W-031, asked by dana, approved by kim, until 2027-01-01: <new> machine".into());
    let gates = [
        asking(gate("stop", "pass", None, "nobody stopped promotions"), "PROMOTED"),
        asking(gate("cases.errored", "error", Some(1.0), HOSTILE), "CASES ERRORED"),
        asking(
            gate("guardrail.drop.abs_error@60s", "fail", Some(6.2), "INFERIOR; above the margin"),
            "REFUSED",
        ),
        asking(gate("guardrail.drop.abs_error@120s", "inconclusive", Some(3.3), "too wide"), "INCONCLUSIVE"),
        asking(gate("primary.first_crack.abs_error@60s", "inconclusive", Some(0.1), "too wide"), "PROMOTED"),
        asking(waived, "PROMOTED"),
    ];
    let mut said = verdict("CASES ERRORED", 10, &gates, &comparisons);
    said.reasons = [
        format!("cases.errored: {HOSTILE}"),
        "guardrail.drop.abs_error@60s: INFERIOR; above the margin".to_owned(),
        "guardrail.drop.abs_error@120s: too wide".to_owned(),
    ]
    .to_vec();
    let missing = vec!["charge-stall-abort".to_owned(), HOSTILE.to_owned()];
    said.coverage = Some(CoverageSaid { met: 17, flows: 22, safety_met: 6, safety: 6, missing });
    let terms = [("effect".to_owned(), 12.5), ("waivers".to_owned(), 10.0)].into_iter().collect();
    said.risk = Some(RiskSaid { version: "risk/1".into(), total: 22.5, limit: 50.0, terms });
    said.reproduce = "sim eval golden/first.toml --candidate new --baseline old".into();
    said
}

fn cases() -> [CaseRow; 6] {
    [
        row("steady", "new", "ran", true),
        row("steady", "old", "errored", false),
        row(HOSTILE, "new", "errored", false),
        row("late", "new", "not_run", false),
        row("heavy", "new", "refused", false),
        row("lost", "new", "vanished", true),
    ]
}

fn roast(case: &str, harm: Option<f64>) -> (Contrast, String) {
    let contrast = Contrast {
        case: case.into(),
        seed: Some(7),
        unit: "s".into(),
        baseline: Some(6.2),
        candidate: harm.map(|harm| 6.2 + harm),
        harm,
        silent: harm.is_none().then(|| "abstained:too_early".into()),
    };
    (contrast, format!("sim run scenarios/{case}.toml --seed 7"))
}

fn worst_of_all_sorts() -> [Worst<'static>; 1] {
    let roasts = vec![roast(HOSTILE, None), roast("steady", Some(15.2)), roast("fast", Some(0.25))];
    [Worst { gate: "guardrail.drop.abs_error@60s", roasts }]
}

/// What Python's own XML reader finds: a line per test case with its suite, name and what is in it.
fn read_by_python(xml: &str) -> Option<String> {
    let program = "import sys, xml.etree.ElementTree as tree\n\
                   for suite in tree.fromstring(sys.stdin.buffer.read()):\n  \
                   for case in suite.iter('testcase'):\n    \
                   found = [e.tag + ':' + e.get('type') for e in case if e.tag != 'properties']\n    \
                   print(suite.get('name'), ascii(case.get('name')), *found, sep='  ')\n";
    let child =
        Command::new("python3").args(["-c", program]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = child.ok()?;
    child.stdin.take()?.write_all(xml.as_bytes()).ok()?;
    let done = child.wait_with_output().ok()?;
    assert!(done.status.success(), "Python does not read it:\n{xml}");
    Some(String::from_utf8(done.stdout).expect("ASCII"))
}

#[test]
fn junit_has_every_gate_and_every_case_of_the_candidate() {
    let text = junit(&of_all_sorts(), &cases());
    insta::assert_snapshot!("junit", text);
    // Python may not be there, and then the crate's own reader below is all.
    if let Some(read) = read_by_python(&text) {
        insta::assert_snapshot!("junit_as_python_reads_it", read);
    }
}

#[test]
fn junit_is_red_exactly_when_the_verdict_is() {
    let read = |text: &str| Report::deserialize_from_str(text).expect("JUnit");
    let red = read(&junit(&of_all_sorts(), &cases()));
    assert_eq!((red.test_suites[0].failures, red.test_suites[0].errors), (3, 1));
    // What is not there, or is of a kind that nobody knows, is not green.
    let status = |name: &str| {
        let case = red.test_suites[1].test_cases.iter().find(|case| case.name.as_str().starts_with(name));
        case.expect("a case").status.clone()
    };
    for name in ["late", "lost"] {
        let is_error = matches!(status(name), TestCaseStatus::NonSuccess { kind: NonSuccessKind::Error, .. });
        assert!(is_error, "{name}: {:?}", status(name));
    }
    let good = [
        asking(gate("a", "pass", None, "r"), "PROMOTED"),
        asking(gate("b", "inconclusive", None, "r"), "PROMOTED"),
        asking(gate("c", "waived", None, "r"), "PROMOTED"),
    ];
    let tolerated = [row("steady", "new", "ran", true), row("small", "new", "errored", false)];
    let green = read(&junit(&verdict("PROMOTED", 0, &good, &[]), &tolerated));
    assert_eq!((green.failures, green.errors, green.skipped, green.tests), (0, 0, 2, 6));
    // Even where no gate says why.
    let bare = read(&junit(&verdict("STOPPED", 13, &[], &[]), &[]));
    assert_eq!((bare.failures, bare.tests), (1, 1));
}

#[test]
fn markdown_says_the_verdict_then_why_then_what_it_rests_on() {
    let text = markdown(&of_all_sorts(), &worst_of_all_sorts());
    insta::assert_snapshot!("markdown", text);
    assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}') && !text.contains("<img"), "{text}");
    // Every row of a table has as many cells as its head.
    let cells = |line: &str| line.replace("\\|", "").matches('|').count();
    let lines: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
    let mut of_head = 0;
    for (i, line) in lines.iter().enumerate() {
        if lines.get(i + 1).is_some_and(|next| next.starts_with("|---")) {
            of_head = cells(line);
        }
        assert_eq!(cells(line), of_head, "{line}");
    }
}

#[test]
fn markdown_of_ten_thousand_gates_stays_under_the_limit_and_counts_what_it_leaves_out() {
    let name = |i: usize| format!("guardrail.{}{i}", "\u{202e}".repeat(300));
    let gates: Vec<GateSaid> =
        (0..10_000).map(|i| asking(gate(&name(i), "fail", Some(6.2), HOSTILE), "REFUSED")).collect();
    let mut said = verdict("REFUSED", 4, &gates, &vec![comparison(HOSTILE, "INFERIOR", None); 10_000]);
    said.reasons = gates.iter().map(|gate| format!("{}: {}", gate.gate, gate.reason)).collect();
    said.coverage = Some(CoverageSaid {
        met: 0,
        flows: 9_000,
        safety_met: 0,
        safety: 0,
        missing: vec![HOSTILE.into(); 9_000],
    });
    said.reproduce = "sim eval x".into();
    let text = markdown(&said, &worst_of_all_sorts());
    assert!(text.len() <= BYTES_MAX, "{} bytes", text.len());
    assert!(text.len() > BYTES_MAX * 9 / 10, "room is left where rows were left out: {} bytes", text.len());
    assert!(text.contains("more are left out here: key `reasons` of `verdict.json`"));
    assert!(text.contains("10000 more are left out here: `gates.parquet`"));
    assert!(text.ends_with("```sh\nsim eval x\n```\n"), "the command is there whatever is cut");
}

#[test]
fn annotations_are_ten_at_most_the_worst_first_and_nothing_else() {
    insta::assert_snapshot!("annotations", annotations(&of_all_sorts()).join("\n"));
    let gates: Vec<GateSaid> = (0..25)
        .map(|i| asking(gate(&format!("guardrail.m{i}"), "fail", Some(6.2), "INFERIOR"), "REFUSED"))
        .collect();
    let mut said = verdict("REFUSED", 4, &gates, &[]);
    said.reasons = vec!["guardrail.m24: INFERIOR".into()];
    let lines = annotations(&said);
    assert_eq!(lines.len(), 10);
    assert!(lines[0].contains("guardrail.m24::"), "the first of the reasons: {}", lines[0]);
    assert!(lines[9].ends_with("::16 more gates are in verdict.json"), "{}", lines[9]);
    assert!(annotations(&verdict("PROMOTED", 0, &[], &[])).is_empty());
}

fn at(case: &str, arm: &str, direction: &str, value: Result<f64, &str>) -> ScoreRow {
    let row = score(arm, "a", "drop.abs_error", Some(60.0), value);
    ScoreRow { case: case.into(), direction: direction.into(), ..row }
}

#[test]
fn the_worst_roast_is_the_one_that_harms_most() {
    let said = verdict("REFUSED", 4, &[], &[]);
    let subject = Subject::of("guardrail.drop.abs_error@60s").expect("about a metric");
    let found = |rows: &[ScoreRow]| -> Vec<(String, Option<f64>)> {
        let all = worst(&said.plan, &subject, rows, &|row| &*row.lot == "washed");
        all.iter().map(|one| (one.case.to_string(), one.harm)).collect()
    };
    let pair = |case: &str, direction: &str, old: Result<f64, &str>, new: Result<f64, &str>| {
        [at(case, "old", direction, old), at(case, "new", direction, new)]
    };
    let mut rows: Vec<ScoreRow> = [
        pair("better", "lower", Ok(9.0), Ok(2.0)),
        pair("worse", "lower", Ok(2.0), Ok(9.0)),
        pair("silent", "lower", Ok(2.0), Err("abstained:too_early")),
        pair("both-silent", "lower", Err("no_reference"), Err("no_reference")),
        pair("higher", "higher", Ok(0.9), Ok(0.4)),
        // A signed error is as bad on either side.
        pair("signed", "zero", Ok(-1.0), Ok(-4.0)),
    ]
    .concat();
    let other_lead = ScoreRow { lead_s: Some(30.0), ..at("worse", "new", "lower", Ok(99.0)) };
    let other_lot =
        pair("elsewhere", "lower", Ok(0.0), Ok(50.0)).map(|row| ScoreRow { lot: "dry".into(), ..row });
    rows.push(other_lead);
    rows.extend(other_lot);
    let want = [
        ("silent", None),
        ("worse", Some(7.0)),
        ("signed", Some(3.0)),
        ("higher", Some(0.5)),
        ("better", Some(-7.0)),
    ];
    assert_eq!(found(&rows), want.map(|(case, harm)| (case.to_owned(), harm)));
    rows.reverse();
    assert_eq!(
        found(&rows),
        want.map(|(case, harm)| (case.to_owned(), harm)),
        "whatever the order of the rows"
    );
}

#[test]
fn an_explanation_goes_from_the_gate_to_its_roasts() {
    let said = of_all_sorts();
    let [errored] = [row(HOSTILE, "new", "errored", false)];
    let flow = CoverageRow {
        flow: "charge-stall-abort".into(),
        kind: "path".into(),
        safety: true,
        steps: "charge > stall > abort".into(),
        required: 2,
        observed: 1,
        units: 6,
        met: false,
        cases: "cold-day".into(),
        nearest: Some("cold-day, wet-lot".into()),
        why: "a stall nobody ends".into(),
    };
    let bare = |gate| Explained { gate, roasts: Vec::new(), more: 0, cases: Vec::new(), flows: Vec::new() };
    let explained = [
        Explained { cases: vec![(&errored, "sim run x.toml --seed 7".into())], ..bare(&said.gates[1]) },
        Explained { roasts: worst_of_all_sorts()[0].roasts.clone(), more: 4, ..bare(&said.gates[2]) },
        bare(&said.gates[3]),
        Explained { flows: vec![&flow], ..bare(&said.gates[5]) },
    ];
    insta::assert_snapshot!("explained", explain_text(&said, &explained));
    let nothing = explain_text(&verdict("PROMOTED", 0, &[], &[]), &[]);
    assert!(nothing.contains("every gate passes"), "{nothing}");
}

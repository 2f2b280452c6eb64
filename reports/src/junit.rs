//! A verdict as JUnit XML, for the many tools that show it.
//!
//! Red exactly when the candidate is not promoted: the first test case is the verdict itself. No times and no
//! dates, so that the same verdict makes the same bytes.

use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestSuite};
use trier_tables::rows::CaseRow;
use trier_tables::verdict::{GateSaid, VerdictFile};

use crate::gates::{Standing, against};
use crate::number::measured;
use crate::terminal::clean;

/// The name of the file in a folder.
pub const FILE: &str = "junit.xml";

/// The verdict as JUnit: a suite `gates`, its first case the verdict, and a suite `cases` of the candidate's rows
/// of `cases`.
///
/// A gate that fails is a failure, one that cannot be judged an error, one that is inconclusive a failure of that
/// type. An inconclusive primary beside one that carries the promotion is skipped, and so is a case that errored
/// within the budget of errors: neither is green.
#[must_use]
pub fn junit(said: &VerdictFile, cases: &[CaseRow]) -> String {
    let mut gates = TestSuite::new("gates");
    gates.add_properties(facts(said).map(|(name, value)| property(name, &value)));
    gates.add_test_case(verdict_case(said));
    gates.add_test_cases(said.gates.iter().map(|gate| gate_case(said, gate)));
    let mut units = TestSuite::new("cases");
    let is_promoted = said.exit_code == 0;
    let own = cases.iter().filter(|row| *row.arm == *said.plan.candidate);
    units.add_test_cases(own.map(|row| unit_case(said, row, is_promoted)));
    let mut report = Report::new(xml(&format!("sim eval {}", said.plan.suite)));
    report.add_test_suites([gates, units]);
    // Text without what XML forbids, written to memory: always XML.
    report.to_string().unwrap_or_default()
}

fn facts(said: &VerdictFile) -> [(&'static str, String); 9] {
    [
        ("verdict", said.verdict.clone()),
        ("exit_code", said.exit_code.to_string()),
        ("plan", said.plan.digest.clone()),
        ("suite", said.plan.suite_file.clone()),
        ("candidate", said.plan.candidate_identity.clone()),
        ("baseline", said.plan.baseline_identity.clone()),
        ("policy", said.plan.policy.clone()),
        ("program", said.program.clone()),
        ("reproduce", said.reproduce.clone()),
    ]
}

fn verdict_case(said: &VerdictFile) -> TestCase {
    let status = if said.exit_code == 0 {
        TestCaseStatus::success()
    } else {
        let message = format!("{}, exit code {}", said.verdict, said.exit_code);
        bad(NonSuccessKind::Failure, "verdict", &message, &said.reasons)
    };
    named("verdict", "gates", said, status)
}

fn gate_case(said: &VerdictFile, gate: &GateSaid) -> TestCase {
    let against = against(gate);
    let gap = if against.is_empty() { "" } else { ": " };
    let message = format!("{against}{gap}{}", gate.reason);
    let standing = Standing::of(gate);
    let status = match standing {
        Standing::Pass | Standing::Waived => TestCaseStatus::success(),
        Standing::Fail => bad(NonSuccessKind::Failure, &gate.outcome, &message, &[]),
        Standing::Inconclusive => bad(NonSuccessKind::Failure, "inconclusive", &message, &[]),
        Standing::Error => bad(NonSuccessKind::Error, &gate.outcome, &message, &[]),
        Standing::Aside => skipped("inconclusive", &message),
    };
    let mut case = named(&gate.gate, "gates", said, status);
    case.add_property(property("label", &gate.label));
    case.add_property(property("observed", &measured(gate.observed, &gate.unit)));
    case.add_property(property("limit", &measured(gate.limit, &gate.unit)));
    case.add_property(property("reason", &gate.reason));
    if let Some(waiver) = &gate.waiver {
        case.add_property(property("waiver", waiver));
    }
    case
}

fn unit_case(said: &VerdictFile, row: &CaseRow, is_promoted: bool) -> TestCase {
    let why = row.reason.as_deref().unwrap_or("no reason given");
    let message = format!("must {}, {}: {why}", row.expectation, row.status);
    let status = match &*row.status {
        "ran" | "refused" if row.passed => TestCaseStatus::success(),
        "ran" | "refused" => bad(NonSuccessKind::Failure, "unexpected", &message, &[]),
        "errored" if is_promoted => skipped(why, &format!("{message} (within the budget of errors)")),
        _ => bad(NonSuccessKind::Error, why, &message, &[]),
    };
    let seed = row.seed.map(|seed| seed.to_string());
    let name = seed.as_ref().map_or_else(|| row.case.to_string(), |seed| format!("{} seed {seed}", row.case));
    let mut case = named(&name, "cases", said, status);
    case.add_property(property("status", &row.status));
    case.add_property(property("digest", &row.digest));
    case.add_properties(seed.iter().map(|seed| property("seed", seed)));
    case.add_properties(row.heard.iter().map(|heard| property("heard", heard)));
    case
}

fn named(name: &str, kind: &str, said: &VerdictFile, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(xml(name), status);
    case.set_classname(xml(&format!("{}.{kind}", said.plan.suite)));
    case
}

fn bad(kind: NonSuccessKind, of: &str, message: &str, more: &[String]) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_type(xml(of)).set_message(xml(message));
    if !more.is_empty() {
        // Each on a line of its own, whatever is in it.
        status.set_description(more.iter().map(|line| xml(line)).collect::<Vec<_>>().join("\n"));
    }
    status
}

fn skipped(of: &str, message: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_type(xml(of)).set_message(xml(message));
    status
}

fn property(name: &str, value: &str) -> Property {
    Property::new(name, xml(value))
}

/// Safe to show, and without the two characters that are Unicode and no XML.
fn xml(text: &str) -> String {
    clean(text).replace('\u{fffe}', "\\u{fffe}").replace('\u{ffff}', "\\u{ffff}")
}

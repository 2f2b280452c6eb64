//! What people read after a run.

use trier_reports::summary::{
    MachineTotal, Reference, errors_table, files_text, logs_table, marks_table, phases_line, plan_text,
    stray_marks_text, totals_table, verdict_text,
};
use trier_tables::rows::{MarkRow, ScoreRow};

use crate::made_up::{comparison, file, finding, gate, mark, score, session, verdict};

#[test]
fn marks_of_a_simulated_roast_beside_the_truth() {
    let truth = [mark("charge", 0.0), mark("dry_end", 281.4), mark("first_crack_start", 499.8)];
    let scores = [
        score("pipeline", "a", "mark.charge.error", None, Ok(0.0)),
        score("pipeline", "a", "mark.dry_end.error", None, Ok(-6.4)),
        score("pipeline", "a", "mark.first_crack_start.error", None, Err("not_marked")),
    ];
    let reference = Reference { name: "true", marks: &truth, scores: &scores };
    let table = marks_table(&session("first-roast#7", "a", None), Some(reference));
    insta::assert_snapshot!(table);
}

#[test]
fn marks_of_a_real_roast_stand_alone() {
    let session = session("guji.alog", "a", Some(508.0));
    let text = format!("{}{}", marks_table(&session, None), phases_line(&session));
    insta::assert_snapshot!(text);
}

fn signed_scores() -> Vec<ScoreRow> {
    let mut scores = Vec::new();
    for (arm, values) in [
        ("slope90", [Ok(3.24), Ok(-12.0), Err("abstained:too_early")]),
        ("artisan", [Ok(0.04), Err("abstained:no_history"), Err("no_forecast")]),
    ] {
        for (lead_s, value) in [60.0, 120.0, 240.0].into_iter().zip(values) {
            scores.push(score(arm, "a", "first_crack.error", Some(lead_s), value));
            scores.push(score(arm, "a", "first_crack.abs_error", Some(lead_s), value.map(f64::abs)));
        }
    }
    scores.push(score("slope90", "a", "drop.error", Some(60.0), Ok(1.0)));
    scores
}

#[test]
fn errors_or_why_there_is_none() {
    insta::assert_snapshot!(errors_table(&signed_scores()));
    assert_eq!(errors_table(&[]), "");
}

#[test]
fn a_row_per_roast_and_a_total_per_machine() {
    let mut late = session("埃塞 \u{1b}[31m.alog", "b", Some(500.0));
    late.revision = 1;
    let sessions = [
        session("guji.alog", "a", Some(508.0)),
        session("old", "b", None),
        late,
        session("c.json", "c", None),
    ];
    let mut scores = signed_scores();
    scores.push(score("slope90", "b", "first_crack.abs_error", Some(240.0), Ok(41.0)));
    // The session of "old" and the later one are of different sources, so both stand.
    insta::assert_snapshot!(logs_table(&sessions, &scores));
    let total = |machine, predictor, lead_s, n_scored, mae_s| MachineTotal {
        machine,
        predictor,
        lead_s,
        n_roasts: 41,
        n_scored,
        mae_s,
        interval_s: mae_s.filter(|_| n_scored > 20).map(|s| (s - 1.0, s + 1.0)),
    };
    let totals = [
        total(None, "artisan", 60.0, 40, Some(3.25)),
        total(None, "artisan", 240.0, 39, Some(19.0)),
        total(Some("gd12"), "artisan", 60.0, 0, None),
        total(Some("gd12"), "slope90", 240.0, 12, Some(7.0)),
    ];
    insta::assert_snapshot!(totals_table(&totals));
}

#[test]
fn of_several_revisions_the_last_counts() {
    let mut second = session("guji.alog", "a", Some(508.0));
    second.revision = 1;
    let table = logs_table(&[session("guji.alog", "a", None), second], &[]);
    assert_eq!(table.lines().count(), 4, "{table}");
    assert!(table.contains("8:28"), "{table}");
}

#[test]
fn every_file_is_counted_and_what_was_done_is_said() {
    let files = [
        file("a.alog", "read", None),
        file("b.alog", "repaired", None),
        file("c\u{1b}]0;x\u{7}.alog", "refused", Some("drawn profile, not a roast")),
        file("d.alog", "duplicate", Some("duplicate_curve: the same readings as a.alog")),
        file("e.alog", "read", None),
    ];
    let findings = [
        finding("b.alog", "bt_unread", "12 samples of 700 say -1: taken as not read"),
        finding("b.alog", "time_back", "sample 80 is 3 s before sample 79"),
        finding("a.alog", "gap", "1 without samples, the longest 12.0 s"),
        // Nothing was repaired, but whose roast it is hangs on it.
        finding("e.alog", "simulator_suspect", "the file name says simulation"),
        finding("e.alog", "gap", "1 without samples, the longest 12.0 s"),
    ];
    insta::assert_snapshot!(files_text(&files, &findings));
}

#[test]
fn marks_outside_any_session_are_counted_by_file() {
    let outside =
        |source: &str, kind| MarkRow { source: source.into(), session_id: None, ..mark(kind, 600.0) };
    let marks = [
        mark("charge", 0.0),
        outside("b.alog", "first_crack_start"),
        outside("a\u{1b}.alog", "drop"),
        outside("b.alog", "drop"),
        outside("c.alog", "cool_end"),
    ];
    assert!(marks[0].session_id.is_some());
    assert_eq!(
        stray_marks_text(marks.iter()),
        "a\\u{1b}.alog: 1 mark lies outside any session: drop\n\
         b.alog: 2 marks lie outside any session: first_crack_start, drop\n"
    );
    assert_eq!(stray_marks_text(marks[..1].iter()), "");
}

#[test]
fn a_refusal_says_why_beside_the_limit() {
    let comparisons = [
        comparison("first_crack.abs_error@60s", "SUPERIOR", Some([-5.0, -3.1, -1.4])),
        comparison("drop.abs_error@60s", "INFERIOR", Some([3.6, 4.9, 6.2])),
        comparison("drop.abs_error@240s", "MISSING", None),
        comparison("drop.abs_error@120s", "INCONCLUSIVE", Some([-2.0, 0.04, 3.3])),
    ];
    let mut waived = gate("coverage", "waived", None, "17 of 22 flows");
    waived.waiver = Some("W-031 dana".into());
    let gates = [
        gate("cases.errored", "error", Some(1.0), "did not run to their end: small#3"),
        gate("primary.first_crack.abs_error@60s", "pass", Some(-1.4), "SUPERIOR"),
        gate("guardrail.drop.abs_error@60s", "fail", Some(6.2), "INFERIOR"),
        gate("guardrail.drop.abs_error@240s", "fail", None, "MISSING"),
        gate("guardrail.drop.abs_error@120s", "inconclusive", Some(3.3), "INCONCLUSIVE"),
        waived,
    ];
    insta::assert_snapshot!(verdict_text(&verdict("REFUSED", 4, &gates, &comparisons), Some(41.84)));
}

#[test]
fn a_plan_shows_the_power_of_each_rule() {
    insta::assert_snapshot!(plan_text(&verdict("REFUSED", 4, &[], &[]).plan));
}

#[test]
fn the_scope_stands_above_the_final_line_and_only_when_it_holds() {
    let text = |label: &str, reason: &str| {
        verdict_text(&verdict("PROMOTED", 0, &[gate("scores.scope", label, None, reason)], &[]), None)
    };
    let holds = text("pass", "1 machine, 3 lots, 13 days");
    let lines: Vec<&str> = holds.lines().collect();
    assert_eq!((lines.len(), lines[0]), (2, "scope: 1 machine, 3 lots, 13 days"));
    let broken = text("error", "wrong_cluster: steady seed 1");
    assert!(!broken.contains("scope: ") && broken.contains("✗ scores.scope"), "{broken}");
}

#[test]
fn nothing_unknown_looks_good() {
    let lines = |gate_label: &str, label: &str| {
        let gates = [gate("guardrail.m", gate_label, None, "r")];
        verdict_text(&verdict("REFUSED", 4, &gates, &[comparison("m", label, None)]), None)
    };
    assert!(lines("pass", "NON_INFERIOR").starts_with('✓'));
    assert!(lines("pass", "INCONCLUSIVE").starts_with('?'));
    let primary = lines("inconclusive", "INCONCLUSIVE");
    assert!(primary.starts_with('?') && primary.contains("0 of 1 gates failed, 1 inconclusive"), "{primary}");
    for (gate_label, label) in [
        ("fail", "SUPERIOR"),
        ("error", "SUPERIOR"),
        ("pass", "NEW"),
        ("new", "SUPERIOR"),
        ("pass", "MISSING"),
    ] {
        assert!(lines(gate_label, label).starts_with('✗'), "{gate_label} {label}");
    }
    assert!(lines("new", "SUPERIOR").contains("1 of 1 gates failed"));
}

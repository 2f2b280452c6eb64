//! Scores of real trials: every metric has its row, in its unit; nothing hangs on when it was; and the page says so.

use crate::evidence::repository;
use std::collections::BTreeMap;
use trier_eval::runner::{Arms, Trial, trial};
use trier_eval::score::{METRICS, Metric, PIPELINE, Reference, Seen, Subject, Truth, all_scores};
use trier_roast::{EventTime, MarkKind};
use trier_sim::Scenario;
use trier_tables::rows::ScoreRow;

const LEADS_S: [f64; 3] = [30.0, 60.0, 120.0];

fn roasted(scenario: &str) -> Trial {
    let path = repository().join("scenarios/steady").join(scenario);
    let scenario = Scenario::load(&path).expect("ships");
    trial(&scenario, 7, "case", &arms(), &LEADS_S).expect("runs")
}

fn arms() -> Arms {
    Arms::named(&["blend", "artisan"]).expect("known predictors")
}

/// Rows by metric, each with how many there are.
fn counted(rows: &[ScoreRow]) -> BTreeMap<(&str, &str), usize> {
    let mut counts = BTreeMap::new();
    for row in rows {
        *counts.entry((&*row.metric, &*row.arm)).or_default() += 1;
    }
    counts
}

/// How many rows of `metric` one roast has for one arm.
fn rows_per_arm(metric: &Metric) -> usize {
    if metric.at_leads { LEADS_S.len() } else { 1 }
}

fn is_pipelines(metric: &Metric) -> bool {
    ["mark.", "session.", "curve.", "ror."].iter().any(|family| metric.name.starts_with(family))
}

#[test]
fn every_metric_has_its_rows_with_a_value_or_a_reason_whatever_came_of_the_roast() {
    let done = roasted("steady.toml");
    let unfound = Subject { session_id: None, ..subject(&done) };
    let told = vec![EventTime::default(); done.outputs.marks.len()];
    let known = seen(&done, &told);
    let uncracked = Reference { first_crack: None, ..known.reference };
    let lost = all_scores(&unfound, arms().names(), &known, &LEADS_S);
    let censored = all_scores(&unfound, arms().names(), &Seen { reference: uncracked, ..known }, &LEADS_S);
    let log = all_scores(&subject(&done), arms().names(), &Seen { truth: None, ..known }, &LEADS_S);
    for rows in [&done.scores, &lost, &censored, &log] {
        let counts = counted(rows);
        for metric in &METRICS {
            let arms = if is_pipelines(metric) { vec![PIPELINE] } else { vec!["blend", "artisan"] };
            for arm in arms {
                assert_eq!(
                    counts.get(&(metric.name, arm)),
                    Some(&rows_per_arm(metric)),
                    "{} {arm}",
                    metric.name
                );
            }
        }
        for row in rows {
            let metric = METRICS.iter().find(|metric| *metric.name == *row.metric).expect("in the registry");
            assert_eq!((&*row.unit, &*row.direction), (metric.unit, metric.direction.name()), "{row:?}");
            assert_eq!(row.lead_s.is_some(), metric.at_leads, "{row:?}");
            assert!(row.value.is_some() != row.missing.is_some(), "{row:?}");
            assert!(row.value.is_none_or(f64::is_finite), "{row:?}");
            assert!(
                metric.direction.name() != "lower" || row.value.is_none_or(|value| value >= 0.0),
                "{row:?}"
            );
            assert!(metric.unit != "1" || row.value.is_none_or(|value| value >= 0.0), "{row:?}");
        }
    }
}

#[test]
fn a_sound_roast_scores_as_one() {
    let done = roasted("steady.toml");
    let value = |metric: &str, arm: &str| {
        let row = done.scores.iter().find(|row| &*row.metric == metric && &*row.arm == arm).expect("a row");
        row.value.unwrap_or_else(|| panic!("{metric} of {arm}: {:?}", row.missing))
    };
    for (metric, want) in [
        ("session.found", 1.0),
        ("session.extra", 0.0),
        ("session.outcome_right", 1.0),
        ("mark.charge.found", 1.0),
        ("mark.drop.found", 1.0),
        ("mark.turning_point.found", 1.0),
        ("mark.drop.false_claims", 0.0),
        ("ror.spikes", 0.0),
        ("ror.crashes", 0.0),
    ] {
        assert_eq!(value(metric, PIPELINE), want, "{metric}");
    }
    // A turning point shows only once the curve has turned, so it is always told late.
    assert!(value("mark.turning_point.latency", PIPELINE) > 0.0);
    // A probe among beans is off by its lag, 26 s at some 10 °C/min, less the air that it touches too.
    assert!((0.1..6.0).contains(&value("curve.bt_rmse", PIPELINE)));
    assert!((0.05..3.0).contains(&value("ror.rmse", PIPELINE)));
    for arm in ["blend", "artisan"] {
        assert_eq!(value("first_crack.out_of_reach", arm), 0.0, "{arm}");
    }
    assert_eq!((value("first_crack.abstained", "blend"), value("drop.abstained", "blend")), (0.0, 0.0));
}

#[test]
fn when_it_was_changes_no_score() {
    let done = roasted("noisy-probe.toml");
    let by_us = 1_234_567_890_123;
    let moved = |at: EventTime| EventTime::from_us(at.us() + by_us);
    let told: Vec<EventTime> = done.outputs.marks.iter().map(|mark| EventTime::from_us(mark.t_us)).collect();
    let then: Vec<EventTime> = told.iter().copied().map(moved).collect();
    let mut later = done.clone();
    let outputs = &mut later.outputs;
    outputs.telemetry.iter_mut().for_each(|row| row.t_us += by_us);
    outputs.marks.iter_mut().for_each(|row| row.t_us += by_us);
    outputs.predictions.iter_mut().for_each(|row| row.as_of_us += by_us);
    outputs
        .sessions
        .iter_mut()
        .for_each(|row| (row.start_us, row.end_us) = (row.start_us + by_us, row.end_us + by_us));
    later.run.truth.iter_mut().for_each(|row| row.t_us += by_us);
    later.run.truth_marks.iter_mut().for_each(|mark| mark.at = moved(mark.at));
    later.run.charged = moved(later.run.charged);
    let (one, two) = (seen(&done, &told), seen(&later, &then));
    let scored = |of: &Trial, seen: &Seen<'_>| all_scores(&subject(of), arms().names(), seen, &LEADS_S);
    assert_eq!(scored(&done, &one), scored(&later, &two));
}

fn subject(done: &Trial) -> Subject {
    Subject {
        case: "case".into(),
        seed: Some(7),
        session_id: done.session.as_ref().map(|row| row.session_id.clone()),
        machine: "m".into(),
        lot: "l".into(),
        cluster: "c".into(),
    }
}

fn seen<'a>(done: &'a Trial, told: &'a [EventTime]) -> Seen<'a> {
    let marks = &done.run.truth_marks;
    let at = |kind| marks.iter().find(|mark| mark.kind == kind).map(|mark| mark.at);
    let outputs = &done.outputs;
    Seen {
        reference: Reference {
            charge: done.run.charged,
            first_crack: at(MarkKind::FirstCrackStart),
            drop: at(MarkKind::Drop),
        },
        predictions: &outputs.predictions,
        marks: &outputs.marks,
        told,
        sessions: &outputs.sessions,
        telemetry: &outputs.telemetry,
        truth: Some(Truth { marks, rows: &done.run.truth }),
    }
}

/// The table of metrics as `docs/evaluation.md` has it.
fn table() -> String {
    let line = |metric: &Metric| {
        let leads = if metric.at_leads { "yes" } else { "" };
        let Metric { name, unit, direction, meaning, .. } = metric;
        format!("| `{name}` | {unit} | {} | {leads} | {meaning} |\n", direction.name())
    };
    let head = "| metric | unit | better | at leads | what it says |\n|---|---|---|---|---|\n";
    METRICS.iter().fold(head.to_owned(), |text, metric| text + &line(metric))
}

#[test]
fn the_page_has_every_metric() {
    let path = repository().join("docs/evaluation.md");
    let page = std::fs::read_to_string(&path).expect("docs/evaluation.md");
    let (begin, end) = ("<!-- metrics -->\n", "<!-- end of metrics -->");
    let (before, rest) = page.split_once(begin).expect("the table begins");
    let (written, after) = rest.split_once(end).expect("the table ends");
    if std::env::var_os("TRIER_BLESS").is_some() {
        std::fs::write(&path, format!("{before}{begin}{}{end}{after}", table())).expect("written");
        return;
    }
    assert!(
        written == table(),
        "the metrics in docs/evaluation.md are not those of the registry; run: \
         TRIER_BLESS=1 cargo test --workspace --features trier-intake/crash --test it -- the_page_has_every_metric"
    );
}

//! Critical flows: what counts as met, and what a suite of made-up units comes to.

use std::path::PathBuf;
use std::sync::Arc;
use trier_eval::flow::{
    Catalogue, Observed, Phase, Unit, coverage, observe, safety_rows, step_families, summary, transition_rows,
};
use trier_pipeline::Outputs;
use trier_roast::Quality;
use trier_tables::rows::{MarkRow, PredictionRow, SessionRow, TelemetryRow};

/// A file of this text in a folder that lasts as long as the test.
pub(crate) fn written(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("flows.toml");
    std::fs::write(&path, text).expect("written");
    (folder, path)
}

fn catalogue(flows: &str) -> Catalogue {
    let (_folder, path) = written(&format!("schema = \"flows/1\"\n{flows}"));
    Catalogue::load(&path).expect("valid")
}

/// A catalogue of one path called `it`.
fn path_of(steps: &[&str]) -> Catalogue {
    catalogue(&format!("[[path]]\nid = \"it\"\nwhy = \"test\"\nsteps = {steps:?}\n"))
}

const S: i64 = 1_000_000;

/// One roast as the pipeline would put it out: a sample a second, charge at 60 s, drop at 660 s.
struct Made {
    outputs: Outputs,
}

impl Made {
    fn roast() -> Self {
        let mut made = Self { outputs: Outputs::default() };
        (0..800).for_each(|t_s| made.sample(t_s, Quality::GOOD));
        for (kind, t_s) in [("charge", 60), ("first_crack_start", 560), ("drop", 660)] {
            made.mark(kind, "device", t_s);
        }
        made.session("complete", "drop+cooldown");
        made
    }

    fn sample(&mut self, t_s: i64, quality: Quality) {
        let in_session = (60..780).contains(&t_s);
        self.outputs.telemetry.push(TelemetryRow {
            source: "s".into(),
            machine: "gd12".into(),
            session_id: in_session.then(|| "r".into()),
            t_us: t_s * S,
            since_charge_s: None,
            bt_c: None,
            et_c: None,
            inlet_c: None,
            exhaust_c: None,
            drum_c: None,
            gas_pct: None,
            air_pct: None,
            drum_rpm: None,
            pops_per_s: None,
            bt_ror_c_per_min: None,
            quality: quality.names().into(),
            trust: "unsigned".into(),
        });
    }

    /// Flags the samples of these seconds.
    fn flagged(mut self, from_s: usize, to_s: usize, quality: Quality) -> Self {
        for row in &mut self.outputs.telemetry[from_s..to_s] {
            row.quality = quality.names().into();
        }
        self
    }

    fn mark(&mut self, kind: &str, source: &str, t_s: i64) {
        self.outputs.marks.push(MarkRow {
            source: "s".into(),
            machine: "gd12".into(),
            session_id: Some("r".into()),
            kind: kind.into(),
            t_us: t_s * S,
            since_charge_s: None,
            mark_source: source.into(),
            confidence: 1.0,
            bt_c: None,
        });
    }

    fn session(&mut self, outcome: &str, cause: &str) {
        let name = |text: &str| -> Arc<str> { text.into() };
        self.outputs.sessions.push(SessionRow {
            source: name("s"),
            machine: name("gd12"),
            session_id: name("r"),
            revision: 0,
            start_us: 60 * S,
            end_us: 660 * S,
            outcome: name(outcome),
            seal_cause: name(cause),
            charge_source: name("device"),
            charge_confidence: 1.0,
            charge_disagreement_s: None,
            charge_bt_c: None,
            turning_point_s: None,
            turning_point_bt_c: None,
            dry_end_s: Some(300.0),
            dry_end_bt_c: None,
            first_crack_s: Some(500.0),
            first_crack_bt_c: None,
            drop_s: Some(600.0),
            drop_bt_c: None,
            drop_source: None,
            drop_confidence: None,
            drop_disagreement_s: None,
            drying_s: None,
            maillard_s: None,
            development_s: None,
            development_ratio: None,
            n_readings: 0,
            n_unusable: 0,
            gaps: 0,
            longest_gap_s: 0.0,
            boots: 0,
            grade: name("good"),
            grade_reasons: name(""),
            trust: name("unsigned"),
        });
    }

    fn graded(mut self, reasons: &str) -> Self {
        self.outputs.sessions[0].grade_reasons = reasons.into();
        self
    }

    /// What `arm` says of first crack each second of the stretch: an answer, or an abstention.
    fn said(mut self, arm: &str, from_s: i64, to_s: i64, abstain: Option<&str>) -> Self {
        self.outputs.predictions.extend((from_s..to_s).map(|t_s| PredictionRow {
            source: "s".into(),
            machine: "gd12".into(),
            session_id: "r".into(),
            predictor: arm.into(),
            version: 1,
            target: "first_crack_start".into(),
            as_of_us: t_s * S,
            #[allow(clippy::cast_precision_loss)]
            since_charge_s: (t_s - 60) as f64,
            p05_s: None,
            p10_s: None,
            p25_s: None,
            p50_s: abstain.is_none().then_some(60.0),
            p75_s: None,
            p90_s: None,
            p95_s: None,
            abstain: abstain.map(Into::into),
            reasons: "".into(),
            used_until_s: None,
            used_points: abstain.is_none().then_some(30),
            used_roasts: None,
        }));
        self
    }

    fn meets(&self, catalogue: &Catalogue) -> Observed {
        observe(catalogue, &self.outputs, None)
    }

    fn follows(&self, steps: &[&str]) -> bool {
        self.meets(&path_of(steps)).met.contains("it")
    }
}

/// A roast in which `word` is seen, if it can be said in words of the tables.
fn with_event(word: &str) -> Made {
    let (family, kind) = word.split_once(':').unwrap_or((word, ""));
    let mut made = Made::roast();
    match family {
        "flag" => made.flagged(300, 310, Quality::of_names(kind)),
        "bt_lost" | "bt_back" | "bt_gone" => made.flagged(300, 330, Quality::MISSING),
        "forecast" => {
            let mut made = made.said("a", 100, 200, None);
            made.outputs.predictions.iter_mut().for_each(|row| row.target = kind.into());
            made
        }
        "abstain" => made.said("a", 100, 200, Some(kind)),
        "blind" | "silent" => made.flagged(300, 330, Quality::STUCK).said("a", 200, 300, None).said(
            "a",
            300,
            330,
            Some("no_bt"),
        ),
        "speaks" => made.flagged(300, 330, Quality::STUCK).said("a", 200, 330, None),
        "graded" => made.graded(kind),
        "outcome" => {
            made.outputs.sessions[0].outcome = kind.into();
            made
        }
        "sealed" => {
            made.outputs.sessions[0].seal_cause = kind.into();
            made
        }
        mark => {
            made.mark(mark, kind, 400);
            made
        }
    }
}

#[test]
fn every_word_is_met_by_what_it_means_and_by_nothing_else() {
    let mut plain = 0;
    for (family, kinds) in step_families() {
        let words = if kinds.is_empty() {
            vec![family.to_owned()]
        } else {
            kinds.iter().map(|kind| format!("{family}:{kind}")).collect()
        };
        for word in words {
            assert!(with_event(&word).follows(&[&word]), "{word} was not seen");
            assert!(with_event(&word).follows(&[family]), "{word} is no {family}");
            // What a plain roast holds already tells nothing.
            if Made::roast().follows(&[&word]) {
                plain += 1;
                continue;
            }
            let others = ["flag:spike", "graded:gap", "drop:operator", "abstain:off_model"];
            for other in others.iter().filter(|other| **other != word) {
                assert!(
                    !with_event(other).follows(&[&word]) || word.starts_with("bt_"),
                    "{word} was seen with {other}"
                );
            }
        }
    }
    // Charge, crack and drop by the machine, one opening, one outcome and one seal.
    assert_eq!(plain, 6);
}

#[test]
fn events_stand_in_the_order_of_time_and_the_end_comes_last() {
    let roast = Made::roast().graded("gap").flagged(700, 705, Quality::SPIKE);
    assert!(roast.follows(&[
        "charge",
        "first_crack_start",
        "drop",
        "flag:spike",
        "graded:gap",
        "outcome",
        "sealed"
    ]));
    assert!(!roast.follows(&["drop", "charge"]));
    assert!(!roast.follows(&["outcome", "flag:spike"]));
    assert!(roast.follows(&["charge", "no flag:spike", "drop"]));
    assert!(!roast.follows(&["charge", "no first_crack_start", "drop"]));
}

#[test]
fn flags_are_told_once_for_samples_in_a_row() {
    let roast = Made::roast().flagged(200, 220, Quality::SPIKE).flagged(230, 231, Quality::SPIKE);
    assert!(roast.follows(&["flag:spike", "bt_back", "flag:spike", "bt_back"]));
    assert!(!roast.follows(&["flag:spike", "flag:spike", "flag:spike"]));
    // 15 s or more after the last good one, so not where it was lost for 14 samples.
    assert!(roast.follows(&["bt_gone", "bt_lost"]) && !roast.follows(&["bt_gone", "bt_gone"]));
    assert!(!Made::roast().flagged(200, 214, Quality::SPIKE).follows(&["bt_gone"]));
}

#[test]
fn flags_count_in_the_phase_they_were_read_in() {
    let spike = Made::roast().flagged(400, 402, Quality::SPIKE);
    let phases = |made: &Made, tag: &str| -> Vec<&str> {
        let met = |phase: &Phase| {
            let cell = format!("[[cell]]\ntag = \"{tag}\"\nphase = \"{}\"\nwhy = \"test\"\n", phase.name());
            !made.meets(&catalogue(&cell)).met.is_empty()
        };
        Phase::ALL.iter().filter(|phase| met(phase)).map(|phase| phase.name()).collect()
    };
    assert_eq!(phases(&spike, "flag:spike"), ["maillard"]);
    assert_eq!(phases(&spike, "machine:gd12"), ["between", "drying", "maillard", "development", "cooling"]);
    assert!(phases(&spike, "machine:gd60").is_empty());
    let at = |t_s: usize| phases(&Made::roast().flagged(t_s, t_s + 1, Quality::STUCK), "flag:stuck");
    assert_eq!(
        [at(10), at(60), at(359), at(360), at(560), at(660)],
        [["between"], ["drying"], ["drying"], ["maillard"], ["development"], ["cooling"]]
    );
}

const STUCK: &str = r#"
    [[safety]]
    id = "stuck"
    why = "test"
    when = ["charge", "flag:stuck", "no bt_back", "blind"]
    then = ["silent"]
"#;

#[test]
fn each_predictor_answers_for_itself() {
    let catalogue = catalogue(STUCK);
    let both = Made::roast()
        .flagged(300, 330, Quality::STUCK)
        .said("careful", 200, 310, None)
        .said("careful", 310, 330, Some("no_bt"))
        .said("rash", 200, 330, None);
    let observed = both.meets(&catalogue);
    assert!(observed.met.contains("stuck"));
    let unit = Unit { case: "a", seed: Some(1), status: "ran", observed: Some(&observed) };
    let rows = safety_rows(&catalogue, &[unit]);
    let said: Vec<_> =
        rows.iter().map(|row| (&*row.arm, row.dangers, row.answered, &*row.unanswered)).collect();
    assert_eq!(said, [("careful", 1, 1, ""), ("rash", 1, 0, "a")]);
    // Only the rash one: begun, not met. One that never looks at BT is in no danger.
    let rash = Made::roast().flagged(300, 330, Quality::STUCK).said("rash", 200, 330, None);
    assert_eq!(rash.meets(&catalogue).begun.get("stuck"), Some(&3));
    let mut blind = rash;
    blind.outputs.predictions.iter_mut().for_each(|row| row.used_points = Some(0));
    assert!(blind.meets(&catalogue).answers.is_empty());
    // The danger over too soon, or another one: no danger of this kind.
    let soon = Made::roast().flagged(300, 310, Quality::STUCK).said("rash", 200, 330, None);
    let other = Made::roast().flagged(300, 330, Quality::MISSING).said("rash", 200, 330, None);
    assert!(soon.meets(&catalogue).answers.is_empty() && other.meets(&catalogue).answers.is_empty());
}

#[test]
fn a_day_is_one_stream_and_states_follow_each_other() {
    let mut day = Made::roast();
    let mut second = Made::roast();
    second.outputs.sessions[0].seal_cause = "next_charge".into();
    std::mem::swap(&mut day, &mut second);
    let shift = |id: &mut Option<Arc<str>>, t_us: &mut i64| {
        *t_us += 800 * S;
        *id = id.take().map(|_| "later".into());
    };
    second.outputs.telemetry.iter_mut().for_each(|row| shift(&mut row.session_id, &mut row.t_us));
    second.outputs.marks.iter_mut().for_each(|row| shift(&mut row.session_id, &mut row.t_us));
    for row in &mut second.outputs.sessions {
        (row.start_us, row.end_us, row.session_id) =
            (row.start_us + 800 * S, row.end_us + 800 * S, "later".into());
    }
    day.outputs.telemetry.extend(second.outputs.telemetry.clone());
    day.outputs.marks.extend(second.outputs.marks.clone());
    day.outputs.sessions.extend(second.outputs.sessions.clone());
    let two = path_of(&["drop", "sealed:next_charge", "charge", "sealed:drop+cooldown"]);
    let observed = observe(&two, &second.outputs, Some(&day.outputs));
    assert!(observed.met.contains("it"));
    assert!(!observe(&two, &second.outputs, None).met.contains("it"));
    assert_eq!(observed.simulated_s, 1599.0);
    let unit = Unit { case: "day", seed: Some(1), status: "ran", observed: Some(&observed) };
    let rows = transition_rows(&[unit, Unit { status: "errored", case: "no", ..unit }]);
    let times = |from: &str, to: &str| {
        let row = rows.iter().find(|row| &*row.from_state == from && &*row.to_state == to);
        row.map_or((0, 0), |row| (row.times, row.units))
    };
    assert_eq!(times("between", "drying"), (1, 1));
    assert_eq!(times("outcome:complete", "drying"), (1, 1));
    assert_eq!(times("maillard", "development"), (2, 1));
    assert_eq!(times("cooling", "outcome:complete"), (2, 1));
    assert_eq!(times("development", "drying"), (0, 0));
}

/// A catalogue of two flows and what meets them.
fn two_flows() -> (Catalogue, Observed, Observed) {
    let flows = catalogue(
        r#"
        [[path]]
        id = "spiked"
        why = "test"
        steps = ["charge", "flag:spike", "drop"]
        [[path]]
        id = "gone"
        safety = true
        min_cases = 2
        why = "test"
        steps = ["charge", "bt_gone", "drop"]
        "#,
    );
    let spiked = Made::roast().flagged(300, 301, Quality::SPIKE).meets(&flows);
    let gone = Made::roast().flagged(300, 330, Quality::MISSING).meets(&flows);
    (flows, spiked, gone)
}

#[test]
fn only_what_ran_counts_and_each_unit_once() {
    let (flows, spiked, gone) = two_flows();
    let unit =
        |case, seed, status, observed| Unit { case, seed: Some(seed), status, observed: Some(observed) };
    let of = |units: &[Unit<'_>]| -> Vec<(u32, u32, bool)> {
        coverage(&flows, units).iter().map(|row| (row.observed, row.units, row.met)).collect()
    };
    for status in ["errored", "refused", "skipped", ""] {
        assert_eq!(of(&[unit("a", 1, status, &spiked)]), [(0, 0, false); 2]);
    }
    // A case may say of itself what it likes: nothing was observed.
    assert_eq!(
        of(&[Unit { case: "spiked", seed: Some(1), status: "ran", observed: None }]),
        [(0, 0, false); 2]
    );
    let twice = [unit("a", 1, "ran", &spiked), unit("a", 1, "ran", &spiked), unit("a", 2, "ran", &spiked)];
    assert_eq!(of(&twice), [(1, 2, true), (0, 0, false)]);
    // Two cases are asked for, and two seeds of one are one.
    assert_eq!(of(&[unit("b", 1, "ran", &gone), unit("b", 2, "ran", &gone)])[1], (1, 2, false));
    assert_eq!(of(&[unit("b", 1, "ran", &gone), unit("c", 1, "ran", &gone)])[1], (2, 2, true));
}

#[test]
fn the_summary_is_exact_and_names_safety_first_and_the_cheapest_cases() {
    let (flows, spiked, gone) = two_flows();
    let long = Observed { simulated_s: 2000.0, ..Made::roast().meets(&flows) };
    let plain = Made::roast().meets(&flows);
    let unit = |case, observed| Unit { case, seed: Some(1), status: "ran", observed: Some(observed) };
    let rows = coverage(&flows, &[unit("long", &long), unit("plain", &plain), unit("one", &gone)]);
    let found = summary(&rows);
    assert_eq!((found.flows_met, found.flows, found.safety_met, found.safety), (0, 2, 0, 1));
    assert_eq!(found.missing, ["gone", "spiked"]);
    let nearest: Vec<_> = rows.iter().map(|row| row.nearest.as_deref().unwrap_or("met")).collect();
    assert_eq!(
        nearest[0],
        "one: 1 of 3 steps in 799 s; plain: 1 of 3 steps in 799 s; long: 1 of 3 steps in 2000 s"
    );
    let rows = coverage(&flows, &[unit("a", &spiked)]);
    assert_eq!((&*rows[0].cases, rows[0].nearest.as_deref()), ("a", None));
    assert_eq!(coverage(&flows, &[])[0].nearest.as_deref(), Some("no executed case begins it"));
}

#[test]
fn a_unit_more_never_lowers_coverage_in_any_order() {
    let (flows, spiked, gone) = two_flows();
    let plain = Made::roast().meets(&flows);
    let all: Vec<Unit<'_>> = [
        ("a", "ran", &spiked),
        ("b", "ran", &gone),
        ("c", "errored", &gone),
        ("d", "ran", &gone),
        ("e", "ran", &plain),
    ]
    .into_iter()
    .map(|(case, status, observed)| Unit { case, seed: Some(1), status, observed: Some(observed) })
    .collect();
    for chosen in 0_u32..1 << all.len() {
        let some: Vec<Unit<'_>> = (0..all.len()).filter(|n| chosen >> n & 1 == 1).map(|n| all[n]).collect();
        let rows = coverage(&flows, &some);
        let backwards: Vec<Unit<'_>> = some.iter().rev().copied().collect();
        assert_eq!(rows, coverage(&flows, &backwards));
        for unit in &all {
            let more = coverage(&flows, &[some.as_slice(), &[*unit]].concat());
            assert!(
                rows.iter()
                    .zip(&more)
                    .all(|(less, more)| less.observed <= more.observed && less.met <= more.met)
            );
        }
    }
}

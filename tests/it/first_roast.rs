//! The first roast anyone runs: what it prints, and that its tables agree with each other.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use trier_roast::ReadingBody;
use trier_sim::{BatchRun, Scenario, TruthMarkRow, TruthRow, roast};
use trier_tables::Table;
use trier_tables::rows::{MarkRow, PredictionRow, ScoreRow, SessionRow, TelemetryRow};

use crate::support::{empty_folder, names, record, repository, rows, sim_ends};

const SCENARIO: &str = "scenarios/first-roast.toml";

/// Runs the first roast with seed 7 into `folder`/first.
fn first_roast(folder: &Path) -> std::path::PathBuf {
    let out = folder.join("first");
    sim_ends(repository(), &format!("run {SCENARIO} --seed 7 --out {}", out.display()), 0);
    out
}

/// The same roast straight from the simulator, which keeps no tables.
fn simulated() -> BatchRun {
    let scenario = Scenario::load(&repository().join(SCENARIO)).expect("it ships");
    roast(&scenario, 7, scenario.history_roasts).expect("its books close")
}

#[test]
fn it_prints_what_happened() {
    let ran = sim_ends(repository(), &format!("run {SCENARIO} --seed 7"), 0);
    assert!(!ran.stdout.contains('\u{1b}'), "colour on what is no terminal");
    assert_eq!(ran.stderr, "", "nothing but results, as nothing was written and no terminal waits");
    insta::assert_snapshot!("it_prints_what_happened", ran.stdout);
}

#[test]
fn the_drawing_fits_eighty_columns() {
    let ran = sim_ends(repository(), &format!("run {SCENARIO} --seed 7"), 0);
    let drawing: Vec<&str> =
        ran.stdout.lines().skip(3).take_while(|line| !line.starts_with("mark")).collect();
    assert!(drawing.len() > 18, "curves, their axis and their marks");
    for line in drawing {
        assert!(line.chars().count() <= 80, "{} columns: {line}", line.chars().count());
    }
}

#[test]
fn it_leaves_every_file_and_nothing_else() {
    let folder = empty_folder();
    first_roast(folder.path());
    let files = [
        "first",
        "first/envelopes.jsonl",
        "first/marks.parquet",
        "first/predictions.parquet",
        "first/run.json",
        "first/scores.parquet",
        "first/sessions.parquet",
        "first/telemetry.parquet",
        "first/truth.parquet",
        "first/truth_marks.parquet",
    ];
    assert_eq!(names(folder.path()), files);
}

#[test]
fn every_sample_and_mark_said_is_in_the_tables() {
    let folder = empty_folder();
    let out = first_roast(folder.path());
    let run = simulated();
    let is_sample = |body: &ReadingBody| matches!(body, ReadingBody::Sample(_));
    let samples: Vec<i64> =
        run.readings.iter().filter(|reading| is_sample(&reading.body)).map(|r| r.at.us()).collect();
    let telemetry: Vec<TelemetryRow> = rows(&out);
    assert_eq!(telemetry.iter().map(|row| row.t_us).collect::<Vec<_>>(), samples);

    let envelopes = fs::read_to_string(out.join("envelopes.jsonl")).expect("written");
    assert_eq!(envelopes.lines().count(), run.readings.len());
    for line in envelopes.lines() {
        let envelope: serde_json::Value = serde_json::from_str(line).expect("an envelope is JSON");
        assert!(envelope["ts"].is_string() && envelope["payload"].is_object(), "{line}");
    }

    // The pipeline may infer marks of its own, but none that were announced may be lost.
    let marks: Vec<MarkRow> = rows(&out);
    let announced = run.readings.iter().filter_map(|reading| match &reading.body {
        ReadingBody::Mark(mark) => Some(*mark),
        ReadingBody::Sample(_) => None,
    });
    for mark in announced {
        let kept = marks.iter().any(|row| *row.kind == *mark.kind.name() && row.t_us == mark.at.us());
        assert!(kept, "{} at {} µs is not in the table of marks", mark.kind.name(), mark.at.us());
    }
}

#[test]
fn every_prediction_belongs_to_a_session_and_is_one_or_abstains() {
    let folder = empty_folder();
    let out = first_roast(folder.path());
    let sessions: Vec<SessionRow> = rows(&out);
    let known: BTreeSet<&str> = sessions.iter().map(|row| &*row.session_id).collect();
    let predictions: Vec<PredictionRow> = rows(&out);
    assert!(!predictions.is_empty());
    for row in &predictions {
        assert!(known.contains(&*row.session_id), "no session {}", row.session_id);
        assert_eq!(row.p50_s.is_some(), row.abstain.is_none(), "{row:?}");
        let quantiles = [row.p05_s, row.p10_s, row.p25_s, row.p50_s, row.p75_s, row.p90_s, row.p95_s];
        let said: Vec<f64> = quantiles.into_iter().flatten().collect();
        assert!(said.is_sorted(), "{row:?}");
    }
    let arms = |rows: &mut dyn Iterator<Item = &std::sync::Arc<str>>| -> BTreeSet<String> {
        rows.map(ToString::to_string).collect()
    };
    let all =
        BTreeSet::from(["artisan", "blend", "constant", "curve", "prior", "slope90"].map(str::to_owned));
    assert_eq!(arms(&mut predictions.iter().map(|row| &row.predictor)), all);
    let scores: Vec<ScoreRow> = rows(&out);
    let of_forecasts = scores.iter().filter(|row| row.lead_s.is_some());
    assert_eq!(arms(&mut of_forecasts.map(|row| &row.arm)), all);
    for row in scores {
        assert_eq!(row.value.is_some(), row.missing.is_none(), "{row:?}");
        assert!(row.session_id.is_none_or(|id| known.contains(&*id)));
    }
}

#[test]
fn truth_is_in_the_truth_tables_only() {
    let folder = empty_folder();
    let out = first_roast(folder.path());
    let columns = |schema: &dyn Fn() -> Vec<String>| -> BTreeSet<String> { schema().into_iter().collect() };
    fn of<T: Table>() -> Vec<String> {
        T::schema().fields().iter().map(|field| field.name().clone()).collect()
    }
    let keys = BTreeSet::from(["source", "machine", "t_us", "since_charge_s"].map(str::to_owned));
    let truth: BTreeSet<String> = &columns(&of::<TruthRow>) - &keys;
    let others: [&dyn Fn() -> Vec<String>; 5] =
        [&of::<TelemetryRow>, &of::<MarkRow>, &of::<SessionRow>, &of::<PredictionRow>, &of::<ScoreRow>];
    for other in others {
        let shared: Vec<String> = columns(other).intersection(&truth).cloned().collect();
        assert_eq!(shared, [""; 0], "columns of truth in another table");
    }
    let envelopes = fs::read_to_string(out.join("envelopes.jsonl")).expect("written");
    for column in &truth {
        assert!(!envelopes.contains(&format!("\"{column}\"")), "production receives {column}");
    }
    let marks: Vec<MarkRow> = rows(&out);
    assert!(marks.iter().all(|row| &*row.mark_source != "truth"));

    // What is there is what the simulator knows, and first crack is not when somebody heard it.
    let run = simulated();
    assert_eq!(rows::<TruthRow>(&out).len(), run.truth.len());
    let truth_marks: Vec<TruthMarkRow> = rows(&out);
    let at = |kind: &str| truth_marks.iter().find(|row| &*row.kind == kind).expect("it happened").t_us;
    let heard = marks.iter().find(|row| &*row.kind == "first_crack_start").expect("it was heard").t_us;
    assert!(heard > at("first_crack_start"), "heard {heard} µs, happened {} µs", at("first_crack_start"));
}

#[test]
fn the_record_says_how_it_was_made_and_that_the_books_close() {
    let folder = empty_folder();
    let record = record(&first_roast(folder.path()));
    assert_eq!(record["inputs"], serde_json::json!([SCENARIO]));
    assert_eq!(record["program"]["name"], "sim");
    let facts = &record["facts"]["roasts"][0];
    assert_eq!((facts["seed"].as_u64(), facts["outcome"].as_str()), (Some(7), Some("dropped")));
    let residual = |key: &str| facts[key].as_f64().expect("a number");
    // The limits of docs/physics.md, B18.
    assert!(residual("energy_residual_max") < 1e-9);
    assert!(residual("mass_residual_max") < 1e-12);
}

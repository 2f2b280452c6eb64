//! `sim eval`: the exit code is the verdict, and the report says why.

use trier_tables::rows::{CaseRow, ComparisonRow, GateRow, ScoreRow};

use crate::support::{
    Ran, copied_repository, empty_folder, names, record, repository, rows, sim_ends, without_wall_time,
};

fn eval(candidate: &str, baseline: &str, code: i32) -> Ran {
    sim_ends(
        repository(),
        &format!("eval golden/first.toml --candidate {candidate} --baseline {baseline}"),
        code,
    )
}

#[test]
fn a_worse_candidate_is_refused_with_4() {
    let ran = eval("slope90", "artisan", 4);
    insta::assert_snapshot!("a_worse_candidate_is_refused_with_4", without_wall_time(&ran.stdout));
}

#[test]
fn a_better_candidate_is_promoted_with_0() {
    let ran = eval("artisan", "constant", 0);
    insta::assert_snapshot!("a_better_candidate_is_promoted_with_0", without_wall_time(&ran.stdout));
}

#[test]
fn too_little_evidence_is_inconclusive_with_5() {
    let ran = eval("artisan", "slope90", 5);
    insta::assert_snapshot!("too_little_evidence_is_inconclusive_with_5", without_wall_time(&ran.stdout));
}

#[test]
fn a_predictor_against_itself_shows_nothing() {
    let ran = eval("constant", "constant", 5);
    assert!(ran.stdout.contains("both arms have the same losses on every roast"), "{}", ran.stdout);
}

#[test]
fn the_tables_account_for_every_case_and_repeat_the_verdict() {
    let folder = empty_folder();
    let out = folder.path().join("eval");
    let line = "eval golden/first.toml --candidate slope90 --baseline artisan";
    sim_ends(repository(), &format!("{line} --out {}", out.display()), 4);
    assert_eq!(
        names(&out),
        [
            "cases.parquet",
            "comparisons.parquet",
            "gates.parquet",
            "junit.xml",
            "marks.parquet",
            "plan.json",
            "run.json",
            "scores.parquet",
            "sessions.parquet",
            "summary.md",
            "units.json",
            "verdict.json",
        ]
    );
    let cases: Vec<CaseRow> = rows(&out);
    let scores: Vec<ScoreRow> = rows(&out);
    assert!(cases.iter().all(|case| case.passed), "every case came out as it says");
    for case in cases.iter().filter(|case| &*case.status == "ran") {
        for arm in ["artisan", "slope90"] {
            let of_case =
                |row: &&ScoreRow| row.case == case.case && row.seed == case.seed && &*row.arm == arm;
            assert!(scores.iter().any(|row| of_case(&row)), "{} has no score of {arm}", case.case);
        }
    }
    let refused: Vec<_> = cases
        .iter()
        .filter(|c| &*c.status == "refused" && &*c.arm == "slope90")
        .map(|c| (&*c.case, c.reason.as_deref()))
        .collect();
    assert_eq!(
        refused,
        [("must-refuse-no-drop", Some("stalled")), ("must-refuse-overweight", Some("charge_too_heavy"))]
    );
    let comparisons: Vec<ComparisonRow> = rows(&out);
    let gates: Vec<GateRow> = rows(&out);
    assert!(!gates.is_empty());
    assert!(comparisons.iter().any(|row| &*row.label == "INFERIOR"), "what the refusal rests on");
    let facts = &record(&out)["facts"];
    assert_eq!((facts["verdict"].as_str(), facts["exit_code"].as_i64()), (Some("REFUSED"), Some(4)));
    assert!(facts["reasons"].as_array().is_some_and(|reasons| !reasons.is_empty()));
}

#[test]
fn what_cannot_be_evaluated_ends_with_2_and_leaves_nothing() {
    let copy = copied_repository();
    let write = |name: &str, text: &str| std::fs::write(copy.path().join(name), text).expect("written");
    let suite = std::fs::read_to_string(copy.path().join("golden/first.toml")).expect("it ships");
    write(
        "golden/no-cases.toml",
        &format!("{}cases = []\n", &suite[..suite.find("cases = [").expect("listed")]),
    );
    write("golden/lost-case.toml", &suite.replace("cases/fast.toml", "cases/lost.toml"));
    write("golden/no-policy.toml", &suite.replace("\"policy.toml\"", "\"lost.toml\""));
    write("golden/no-seeds.toml", &suite.replace("\"1..6\"", "\"6..1\""));
    let before = names(copy.path());
    let mut said = String::new();
    for line in [
        "golden/first.toml --candidate artisa --baseline artisan",
        "golden/first.toml --candidate artisan --baseline slope9",
        "golden/nope.toml --candidate slope90 --baseline artisan",
        "golden --candidate slope90 --baseline artisan",
        "scenarios/first-roast.toml --candidate slope90 --baseline artisan",
        "golden/no-cases.toml --candidate slope90 --baseline artisan",
        "golden/lost-case.toml --candidate slope90 --baseline artisan",
        "golden/no-policy.toml --candidate slope90 --baseline artisan",
        "golden/no-seeds.toml --candidate slope90 --baseline artisan",
        "golden/first.toml --candidate slope90",
    ] {
        let ran = sim_ends(copy.path(), &format!("eval {line} --out out/eval"), 2);
        assert_eq!(ran.stdout, "", "{line}");
        assert_eq!(names(copy.path()), before, "{line} left something behind");
        said += &format!("$ sim eval {line}\n{}\n", ran.stderr);
    }
    insta::assert_snapshot!("what_cannot_be_evaluated_ends_with_2_and_leaves_nothing", said);
}

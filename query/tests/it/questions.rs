//! Questions with known answers, asked of small folders made here.

use polars::df;
use polars::prelude::{DataFrame, ParquetWriter};
use std::path::{Path, PathBuf};
use trier_query::{Answer, GroupBy, QueryError, Tables};

fn write(folder: &Path, name: &str, mut rows: DataFrame) {
    let file = std::fs::File::create(folder.join(name)).expect("made");
    ParquetWriter::new(file).finish(&mut rows).expect("written");
}

/// A folder with scores of two arms, a null among them, and cases.
fn run_folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let scores = df!(
        "case" => ["steady", "steady", "fast", "fast", "slow", "slow"],
        "arm" => ["new", "old", "new", "old", "new", "old"],
        "metric" => ["error", "error", "error", "error", "error", "width"],
        "value" => [Some(1.0), Some(3.0), Some(2.0), Some(5.0), None, Some(7.0)],
        "seed" => [1_i64, 1, 1, 1, 2, 2],
    );
    write(folder.path(), "scores.parquet", scores.expect("even columns"));
    let cases = df!("case" => ["fast", "slow", "steady"], "passed" => [true, false, true]);
    write(folder.path(), "cases.parquet", cases.expect("even columns"));
    std::fs::write(folder.path().join("run.json"), "{}").expect("written");
    folder
}

fn asked(folder: &tempfile::TempDir, sql: &str) -> Answer {
    let tables = Tables::open(&[folder.path().to_owned()]).expect("tables");
    tables.ask(sql).expect("an answer")
}

fn error(folder: &Path, sql: &str) -> String {
    Tables::open(&[folder.to_owned()]).expect("tables").ask(sql).map(|_| ()).expect_err(sql).to_string()
}

#[test]
fn five_questions_have_their_known_answers() {
    let folder = run_folder();
    let csv = |sql: &str| asked(&folder, sql).csv();
    // Nulls count as rows and not as values.
    assert_eq!(
        csv("select arm, count(*) as n, count(value) as values, avg(value) as mean from scores group by arm"),
        "arm,n,values,mean\nnew,3,2,1.5\nold,3,3,5\n"
    );
    assert_eq!(csv("select * from cases where not passed"), "case,passed\nslow,false\n");
    assert_eq!(
        csv(
            "select a.case, b.value - a.value as saved from scores a join scores b on a.case = b.case and a.metric = b.metric where a.arm = 'new' and b.arm = 'old'"
        ),
        "case,saved\nfast,3\nsteady,2\n"
    );
    assert_eq!(
        csv("select case, max(value) as worst from scores group by case order by worst desc limit 2"),
        "case,worst\nslow,7\nfast,5\n"
    );
    assert_eq!(
        csv(
            "select c.passed, sum(s.value) as total from scores s join cases c on s.case = c.case group by c.passed having count(*) > 2"
        ),
        "passed,total\ntrue,11\n"
    );
}

#[test]
fn group_bys_say_the_same_as_sql() {
    let folder = run_folder();
    let sql = |agg: &str, only: Option<&str>| {
        GroupBy::parse("scores", "metric,arm", agg, only).expect("well-formed").to_sql()
    };
    let answer = asked(&folder, &sql("mean(value),count,median(value),p50(value)", Some("seed = 1")));
    let plain =
        "metric,arm,mean(value),count,median(value),p50(value)\nerror,new,1.5,2,1.5,1.5\nerror,old,4,2,4,4\n";
    assert_eq!(answer.csv(), plain);
    // Over n - 1: 1, 2 about 1.5.
    let sd = asked(&folder, &sql("sd(value)", Some("arm = 'new'")));
    assert_eq!(sd.text_rows(9), [["error", "new", "0.707107"]]);
}

#[test]
fn an_answer_is_the_same_every_time_and_in_every_form() {
    let folder = run_folder();
    let sql = "select metric, case, value from scores";
    let answer = asked(&folder, sql);
    assert_eq!(
        answer.csv(),
        "metric,case,value\nerror,fast,2\nerror,fast,5\nerror,slow,\nerror,steady,1\nerror,steady,3\nwidth,slow,7\n"
    );
    for _ in 0..20 {
        assert_eq!(asked(&folder, sql).json_lines(), answer.json_lines());
    }
    let first: serde_json::Value =
        serde_json::from_str(answer.json_lines().lines().nth(2).expect("six lines")).expect("JSON");
    assert_eq!(first, serde_json::json!({ "metric": "error", "case": "slow", "value": null }));
    let columns: Vec<bool> = answer.columns().into_iter().map(|(_, is_number)| is_number).collect();
    assert_eq!((columns, answer.n_rows(), answer.text_rows(2).len()), (vec![false, false, true], 6, 2));
    let out = folder.path().join("answer.parquet");
    answer.write(&out).expect("written");
    assert_eq!(asked(&folder, "select metric, case, value from answer").csv(), answer.csv());
    let again = answer.write(&out).expect_err("it is there");
    assert!(matches!(again, QueryError::Write { .. }), "{again}");
}

#[test]
fn a_file_is_of_the_format_that_its_name_says() {
    let folder = run_folder();
    let answer = asked(&folder, "select \"case\", value, seed from scores order by seed, value");
    let arrow = folder.path().join("answer.arrow");
    answer.write(&arrow).expect("written");
    let file = std::fs::File::open(&arrow).expect("it is there");
    let read = arrow_ipc::reader::FileReader::try_new(file, None).expect("an Arrow file");
    let schema = read.schema();
    let types: Vec<String> =
        schema.fields().iter().map(|field| format!("{} {}", field.name(), field.data_type())).collect();
    assert_eq!(types, ["case Utf8", "value Float64", "seed Int64"]);
    let rows: usize = read.map(|rows| rows.expect("whole").num_rows()).sum();
    assert_eq!(rows, answer.n_rows());

    let csv = folder.path().join("answer.csv");
    answer.write(&csv).expect("written");
    assert_eq!(std::fs::read_to_string(&csv).expect("text"), answer.csv());

    for name in ["answer", "answer.feather", "answer.PARQUET", ".arrow"] {
        let path = folder.path().join(name);
        let refused = answer.write(&path).expect_err(name);
        assert!(matches!(refused, QueryError::Ending { .. }) && !path.exists(), "{name}: {refused}");
    }
}

#[test]
fn columns_are_read_as_numbers_and_as_texts() {
    let folder = run_folder();
    let answer = asked(
        &folder,
        "select \"case\", value, seed, value / 0.0 as no_number from scores where arm = 'new' order by \"case\"",
    );
    assert_eq!(answer.numbers("value").expect("numbers"), [Some(2.0), None, Some(1.0)]);
    assert_eq!(answer.numbers("seed").expect("numbers"), [Some(1.0), Some(2.0), Some(1.0)]);
    assert_eq!(answer.numbers("no_number").expect("numbers"), [None; 3]);
    let texts = answer.texts("case").expect("texts");
    assert_eq!(texts.iter().flatten().collect::<Vec<_>>(), ["fast", "slow", "steady"]);
    assert_eq!(answer.texts("value").expect("texts"), [Some("2".to_owned()), None, Some("1".to_owned())]);
    let error = answer.numbers("case").expect_err("it holds texts").to_string();
    assert_eq!(
        error,
        "the answer has no such column case\nhint: it has case (texts), value (numbers), seed (numbers), no_number (numbers)"
    );
    assert!(answer.texts("metric").is_err());
}

#[test]
fn several_folders_are_told_apart() {
    let (one, two) = (run_folder(), run_folder());
    std::fs::remove_file(two.path().join("cases.parquet")).expect("removed");
    let folders: Vec<PathBuf> = vec![one.path().to_owned(), two.path().to_owned()];
    let tables = Tables::open(&folders).expect("tables");
    let answer =
        tables.ask("select folder, count(*) as n from scores group by folder order by n").expect("asked");
    let mut named: Vec<String> = answer.text_rows(9).into_iter().map(|row| row.join(" ")).collect();
    named.sort();
    let mut expected = folders.iter().map(|folder| format!("{} 6", folder.display())).collect::<Vec<_>>();
    expected.sort();
    assert_eq!(named, expected);
    // A table that only one has is there, and says where it is from.
    assert_eq!(tables.ask("select folder from cases").expect("asked").n_rows(), 3);
    let other = df!("case" => ["fast"], "passed" => [1_i64], "why" => ["x"]).expect("even columns");
    write(two.path(), "cases.parquet", other);
    let error = Tables::open(&folders).map(|_| ()).expect_err("other columns").to_string();
    assert!(error.contains("cases has other columns in") && error.contains(": why, passed"), "{error}");
}

#[test]
fn wrong_questions_are_told_what_there_is() {
    let folder = run_folder();
    let said = |sql: &str| error(folder.path(), sql);
    assert_eq!(said("select * from score"), "no table score\nhint: there are cases, scores");
    let unknown = said("select arms from scores");
    assert!(
        unknown.contains("arms") && unknown.contains("scores (case, arm, metric, value, seed)"),
        "{unknown}"
    );
    assert!(!unknown.contains("cases ("), "{unknown}");
    assert!(said("select avg(").contains("a question is one SELECT"));
    assert!(said("").contains("there are 0 statements"));
    for sql in [
        "drop table scores",
        "delete from scores",
        "truncate table scores",
        "create table t as select * from scores",
    ] {
        assert!(said(sql).contains("is no SELECT"), "{sql}");
    }
    assert!(said("select * from cases; select * from scores").contains("there are 2 statements"));
    assert_eq!(asked(&folder, "select * from scores").n_rows(), 6);
}

#[test]
fn wrong_folders_are_named() {
    let said = |folder: &Path| Tables::open(&[folder.to_owned()]).map(|_| ()).expect_err("wrong").to_string();
    let folder = run_folder();
    assert!(said(&folder.path().join("nowhere")).starts_with("cannot read the folder"));
    let empty = tempfile::tempdir().expect("a temporary folder");
    assert!(said(empty.path()).starts_with("no table in"));
    let path = folder.path().join("scores.parquet");
    let whole = std::fs::read(&path).expect("read");
    for damaged in [&whole[..0], &whole[..whole.len() / 2], b"no parquet at all".as_slice()] {
        std::fs::write(&path, damaged).expect("written");
        assert!(said(folder.path()).starts_with(&format!("cannot read the table {}", path.display())));
    }
}

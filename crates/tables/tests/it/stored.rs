//! What a reader refuses: other tables, other columns, bad numbers, damaged files.

use std::path::{Path, PathBuf};

use trier_tables::file::{CREATED_BY, ROW_GROUP_ROWS, encode};
use trier_tables::rows::{FindingRow, GateRow, MarkRow};
use trier_tables::{FileError, Table, TableError, read_table, table};

table! {
    /// The gates of another day: a column has another unit, one is gone, one is new.
    pub struct OtherGateRow = "gates", version 2 {
        /// The gate's name.
        gate: std::sync::Arc<str>,
        /// What it said.
        label: Option<std::sync::Arc<str>>,
        /// What was observed.
        observed: Option<f64> ["s"],
        /// A new idea.
        mood: bool,
    }
}

table! {
    /// Findings as they may one day be.
    pub struct NextFindingRow = "findings", version 2 {
        /// The file.
        source: std::sync::Arc<str>,
    }
}

fn findings(n: usize) -> Vec<FindingRow> {
    (0..n)
        .map(|i| FindingRow {
            source: "batch.alog".into(),
            code: "bt_unread".into(),
            detail: format!("sample {i}").into(),
        })
        .collect()
}

fn mark(confidence: f64, bt_c: Option<f64>) -> MarkRow {
    MarkRow {
        source: "first-roast".into(),
        machine: "gd12".into(),
        session_id: None,
        kind: "drop".into(),
        t_us: 5,
        since_charge_s: Some(612.0),
        mark_source: "operator".into(),
        confidence,
        bt_c,
    }
}

fn kept(folder: &Path, bytes: &[u8]) -> PathBuf {
    let path = folder.join("kept.parquet");
    std::fs::write(&path, bytes).unwrap();
    path
}

/// An error with its causes, as the command prints it.
fn chain(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), |cause| format!("{error}: {}", chain(cause)))
}

#[test]
fn a_number_that_is_none_is_refused_by_place() {
    let rows = [mark(1.0, Some(214.6)), mark(1.0, Some(f64::NAN)), mark(f64::INFINITY, None)];
    let error = encode(&rows).unwrap_err();
    assert_eq!(error.to_string(), "table marks, column confidence, row 2: inf is not a finite number");
    let error = encode(&rows[..2]).unwrap_err();
    assert_eq!(error.to_string(), "table marks, column bt_c, row 1: NaN is not a finite number");
}

#[test]
fn rows_are_counted_over_row_groups() {
    let mut rows = vec![mark(1.0, None); ROW_GROUP_ROWS + 3];
    rows[ROW_GROUP_ROWS + 1].confidence = f64::NAN;
    let error = encode(&rows).unwrap_err();
    assert!(matches!(error, TableError::NotFinite { row, .. } if row == ROW_GROUP_ROWS + 1), "{error}");
}

#[test]
fn many_row_groups_come_back_in_order() {
    let place = tempfile::tempdir().unwrap();
    let rows = findings(2 * ROW_GROUP_ROWS + 1);
    let path = kept(place.path(), &encode(&rows).unwrap().bytes);
    assert!(read_table::<FindingRow>(&path).unwrap() == rows, "rows differ");
}

#[test]
fn another_table_version_or_column_is_said() {
    let place = tempfile::tempdir().unwrap();
    let path = kept(place.path(), &encode(&findings(2)).unwrap().bytes);
    let error = chain(&read_table::<GateRow>(&path).unwrap_err());
    assert!(error.ends_with("kept.parquet: expected table gates, found findings"), "{error}");
    let error = chain(&read_table::<NextFindingRow>(&path).unwrap_err());
    let said = "table findings has schema version 1, this program reads version 2";
    assert!(error.ends_with(said), "{error}");

    let rows = [OtherGateRow { gate: "g".into(), label: None, observed: None, mood: true }];
    let error = GateRow::from_batch(&OtherGateRow::to_batch(&rows).unwrap()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "table gates: columns differ: label is nullable Utf8 [none], not Utf8 [none]; \
         no column outcome; observed is nullable Float64 [s], not nullable Float64 [as the column unit says]; \
         no column limit; no column unit; no column reason; no column waiver; unknown column mood"
    );
}

#[test]
fn a_missing_file_and_one_that_is_no_parquet_are_named() {
    let place = tempfile::tempdir().unwrap();
    let absent = place.path().join("absent.parquet");
    let error = read_table::<GateRow>(&absent).unwrap_err();
    assert!(matches!(&error, FileError::Io { path, .. } if *path == absent), "{error}");
    for bytes in [&b""[..], b"PAR1", b"PAR1PAR1", b"not a table at all, but long enough to look"] {
        let path = kept(place.path(), bytes);
        let error = read_table::<GateRow>(&path).unwrap_err();
        assert!(chain(&error).contains("kept.parquet: table gates: the file is damaged"), "{error}");
    }
}

#[test]
fn a_flipped_byte_or_a_cut_is_always_caught() {
    let place = tempfile::tempdir().unwrap();
    let whole = encode(&findings(20)).unwrap().bytes;
    let refused = |bytes: &[u8]| {
        let error = read_table::<FindingRow>(&kept(place.path(), bytes)).unwrap_err();
        matches!(error, FileError::Table { source: TableError::Damaged { .. }, .. })
    };
    for at in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[at] ^= 1 << (at % 8);
        assert!(refused(&damaged), "byte {at}");
        assert!(refused(&whole[..at]), "cut at {at}");
    }
}

#[test]
fn the_file_says_nothing_of_when_and_where() {
    let bytes = encode(&findings(3)).unwrap().bytes;
    let text = String::from_utf8_lossy(&bytes);
    assert!(
        text.contains(CREATED_BY)
            && !text.contains("parquet-rs")
            && !text.contains(env!("CARGO_MANIFEST_DIR"))
    );
}

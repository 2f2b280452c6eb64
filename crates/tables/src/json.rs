//! Rows as JSON Lines, for people's scripts; tables for keeping are Parquet.

use std::io::Cursor;

use arrow::json::{LineDelimitedWriter, ReaderBuilder};

use crate::{Table, TableError};

/// The rows as JSON Lines, one object a row, each beginning with its table's name.
///
/// Null values are left out. Numbers are printed so that they read back exactly.
///
/// # Errors
/// [`TableError::NotFinite`] for NaN or an infinity anywhere.
///
/// # Panics
/// Never: the columns of a table are numbers, texts and booleans, and all of them have
/// a JSON form.
pub fn json_lines<T: Table>(rows: &[T]) -> Result<String, TableError> {
    let batch = T::to_batch(rows)?;
    let mut writer = LineDelimitedWriter::new(Vec::new());
    writer.write(&batch).expect("numbers, texts and booleans have a JSON form");
    writer.finish().expect("writing to memory");
    let lines = String::from_utf8(writer.into_inner()).expect("JSON is UTF-8");
    let opening = format!("{{\"table\":\"{}\",", T::NAME);
    Ok(lines.lines().map(|line| format!("{opening}{}\n", line.strip_prefix('{').unwrap_or(line))).collect())
}

/// The rows that [`json_lines`] wrote.
///
/// # Errors
/// [`TableError::Json`] for text that is no such rows, such as those of another version; else as
/// [`Table::from_batch`].
pub fn read_json_lines<T: Table>(text: &str) -> Result<Vec<T>, TableError> {
    let json = |source| TableError::Json { table: T::NAME, source };
    let batches = ReaderBuilder::new(T::schema()).build(Cursor::new(text)).map_err(json)?;
    let mut rows = Vec::new();
    for batch in batches {
        rows.extend(T::from_batch(&batch.map_err(json)?)?);
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::{FindingRow, MarkRow};

    #[test]
    fn rows_come_back_bit_for_bit() {
        let mark = |confidence, bt_c| MarkRow {
            source: "s\n".into(),
            machine: "m".into(),
            session_id: None,
            kind: "drop".into(),
            t_us: i64::MAX,
            since_charge_s: Some(0.1 + 0.2),
            mark_source: "device".into(),
            confidence,
            bt_c,
        };
        let rows =
            [mark(1.0 / 3.0, Some(5e-324)), mark(0.0, None), mark(1.0, Some(1.797_693_134_862_315_7e308))];
        let text = json_lines(&rows).expect("finite");
        assert_eq!(read_json_lines::<MarkRow>(&text).expect("its own"), rows);
        assert!(read_json_lines::<MarkRow>("{\"kind\":\"drop\"}").is_err(), "columns are missing");
        assert!(read_json_lines::<MarkRow>("drop").is_err());
    }

    #[test]
    fn each_row_is_one_object_that_names_its_table() {
        let row = FindingRow { source: "a\"b\n".into(), code: "gap".into(), detail: "é".into() };
        let lines = json_lines(&[row.clone(), row]).expect("no numbers in it");
        let expected =
            "{\"table\":\"findings\",\"source\":\"a\\\"b\\n\",\"code\":\"gap\",\"detail\":\"é\"}\n";
        assert_eq!(lines, expected.repeat(2));
        assert_eq!(json_lines::<FindingRow>(&[]).expect("nothing"), "");
    }
}

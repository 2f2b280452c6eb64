//! Rows as JSON Lines, for people's scripts; tables for keeping are Parquet.

use arrow::json::LineDelimitedWriter;

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::FindingRow;

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

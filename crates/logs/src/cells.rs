//! Tables of text: lines into cells, cells into numbers, with the line of every fault.
//!
//! Not a CSV library: logs are cut off, edited by hand and quoted by halves, and a
//! reader that says which line is wrong is worth more here than one that knows every
//! dialect. Quotes around a cell are taken off; a quote that is never closed is text.

use crate::LogError;
use crate::log::{Finding, FindingCode};
use crate::number::shortest;

/// Most rows read. A roast of two hours at 10 readings a second has 72 thousand.
const ROWS_MAX: usize = 200_000;

/// Most cells of one row.
const CELLS_MAX: usize = 1_000;

/// Beyond this, in either unit, a number in a temperature column is a slip of the hand.
const DEGREES_MAX: f64 = 1_000.0;

/// One line of a table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row<'a> {
    /// Line of the file, from 1.
    pub(crate) line: usize,
    pub(crate) cells: Vec<&'a str>,
}

impl<'a> Row<'a> {
    /// The cell of a column, trimmed; empty when the row is shorter.
    pub(crate) fn cell(&self, column: usize) -> &'a str {
        self.cells.get(column).copied().unwrap_or_default()
    }

    /// The error for a cell that holds something else than `want`.
    pub(crate) fn bad(&self, column: usize, name: &str, want: &'static str) -> LogError {
        let cell = self.cell(column);
        let got = match cell.parse::<f64>() {
            _ if cell.is_empty() => "nothing".to_owned(),
            Ok(number) => shortest(number),
            // Text is never repeated: a log holds paths and account ids.
            Err(_) => format!("text of {} characters", cell.chars().count()),
        };
        LogError::BadCell { line: self.line, column: name.to_owned(), got, want }
    }
}

/// The lines of `text` that hold anything, as cells.
///
/// # Errors
/// [`LogError::TooManyRows`] for more rows or cells than any roast has.
pub(crate) fn rows(text: &str, delimiter: char) -> Result<Vec<Row<'_>>, LogError> {
    let mut rows = Vec::new();
    for (i, line) in text.lines().enumerate() {
        if line.trim_matches([delimiter, ' ', '\t', '\r']).is_empty() {
            continue;
        }
        let cells = split(line, delimiter)?;
        if rows.len() == ROWS_MAX {
            return Err(LogError::TooManyRows { what: "rows", limit: ROWS_MAX });
        }
        rows.push(Row { line: i + 1, cells });
    }
    Ok(rows)
}

fn split(line: &str, delimiter: char) -> Result<Vec<&str>, LogError> {
    let mut cells = Vec::new();
    let mut rest = Some(line);
    while let Some(text) = rest {
        if cells.len() == CELLS_MAX {
            return Err(LogError::TooManyRows { what: "cells in one row", limit: CELLS_MAX });
        }
        let (cell, after) = quoted(text, delimiter).unwrap_or_else(|| match text.split_once(delimiter) {
            Some((cell, after)) => (cell, Some(after)),
            None => (text, None),
        });
        cells.push(cell.trim());
        rest = after;
    }
    Ok(cells)
}

/// A cell in quotes and what follows it; None when this is no such cell.
fn quoted(text: &str, delimiter: char) -> Option<(&str, Option<&str>)> {
    let inner = text.trim_start_matches(' ').strip_prefix('"')?;
    let mut from = 0;
    while let Some(found) = inner[from..].find('"') {
        let end = from + found;
        let after = inner[end + 1..].trim_start_matches([' ', '\r']);
        if after.is_empty() {
            return Some((&inner[..end], None));
        }
        if let Some(after) = after.strip_prefix(delimiter) {
            return Some((&inner[..end], Some(after)));
        }
        from = end + 1;
    }
    None
}

/// The delimiter a header line uses: the commonest of tab, semicolon and comma.
pub(crate) fn delimiter_of(header: &str) -> char {
    let count = |c: char| header.matches(c).count();
    // Of equals the last wins, and a comma is the likeliest.
    ['\t', ';', ','].into_iter().max_by_key(|c| count(*c)).unwrap_or(',')
}

/// A header's words in one form: lower case, with spaces for whatever parts them.
pub(crate) fn plain_name(name: &str) -> String {
    let spaced: String = name.chars().map(|c| if matches!(c, '_' | '-' | '/') { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Where a column with one of these names is; names as [`plain_name`] makes them.
pub(crate) fn column(header: &Row<'_>, names: &[&str]) -> Option<usize> {
    names.iter().find_map(|name| header.cells.iter().position(|cell| plain_name(cell) == *name))
}

/// Takes out rows that end before the last of `columns`, as a row that was cut does, and says so.
pub(crate) fn drop_incomplete(rows: &mut Vec<Row<'_>>, columns: &[usize], findings: &mut Vec<Finding>) {
    let need = columns.iter().max().map_or(0, |last| last + 1);
    let lines: Vec<usize> = rows.iter().filter(|row| row.cells.len() < need).map(|row| row.line).collect();
    if let Some(first) = lines.first() {
        rows.retain(|row| row.cells.len() >= need);
        let detail = format!("{} rows end too early, first at line {first}: left out", lines.len());
        findings.push(Finding::new(FindingCode::RowIncomplete, detail));
    }
}

/// How numbers are written in a table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Numbers {
    /// Whether 196,5 is a number, as in much of Europe.
    pub(crate) decimal_comma: bool,
    /// Numbers that stand for "no reading".
    pub(crate) no_reading: Vec<f64>,
}

impl Default for Numbers {
    fn default() -> Self {
        Self { decimal_comma: false, no_reading: vec![-1.0] }
    }
}

impl Numbers {
    /// The finite number in a cell.
    pub(crate) fn parse(&self, cell: &str) -> Option<f64> {
        let number = if self.decimal_comma { cell.replace(',', ".").parse() } else { cell.parse() };
        number.ok().filter(|x: &f64| x.is_finite())
    }

    /// Temperatures of a column. Empty cells and the words and numbers for "no reading" are none.
    ///
    /// What no probe shows is masked, with a finding.
    ///
    /// # Errors
    /// [`LogError::BadCell`] for anything else that is no number.
    pub(crate) fn readings(
        &self,
        rows: &[Row<'_>],
        column: usize,
        name: &str,
        findings: &mut Vec<Finding>,
    ) -> Result<Vec<Option<f64>>, LogError> {
        let mut wild: Vec<String> = Vec::new();
        let mut readings = Vec::with_capacity(rows.len());
        for row in rows {
            let value = self.optional(row, column, name, "a temperature")?;
            if let Some(value) = value.filter(|v| v.abs() > DEGREES_MAX) {
                wild.push(format!("{} at line {}", shortest(value), row.line));
            }
            readings.push(value.filter(|v| v.abs() <= DEGREES_MAX));
        }
        if let Some(first) = wild.first() {
            let detail = format!("{name}: {} values that no probe shows, first {first}: masked", wild.len());
            findings.push(Finding::new(FindingCode::SpikeMasked, detail));
        }
        Ok(readings)
    }

    /// The number in a cell, None for one of the ways to say there is none.
    fn optional(
        &self,
        row: &Row<'_>,
        column: usize,
        name: &str,
        want: &'static str,
    ) -> Result<Option<f64>, LogError> {
        let cell = row.cell(column);
        let none = ["", "-", "--", "nan", "null", "none", "n/a"];
        if none.contains(&cell.to_lowercase().as_str()) {
            return Ok(None);
        }
        let value = self.parse(cell).ok_or_else(|| row.bad(column, name, want))?;
        // The exact numbers that stand for nothing, as they are written.
        Ok((!self.no_reading.iter().any(|none| none.to_bits() == value.to_bits())).then_some(value))
    }

    /// The times of a column, each as `time` makes it of the cell.
    ///
    /// # Errors
    /// [`LogError::BadCell`] for the first cell that is no time.
    pub(crate) fn times<T>(
        &self,
        rows: &[Row<'_>],
        column: usize,
        name: &str,
        want: &'static str,
        time: impl Fn(&str) -> Option<T>,
    ) -> Result<Vec<T>, LogError> {
        rows.iter().map(|row| time(row.cell(column)).ok_or_else(|| row.bad(column, name, want))).collect()
    }

    /// The % of a control in a column, by row; what is no number is not known.
    pub(crate) fn percents(&self, rows: &[Row<'_>], column: usize) -> Vec<Option<f64>> {
        rows.iter().map(|row| self.parse(row.cell(column))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_cells_with_their_numbers() {
        let text = "a, b ,\"c, d\"\n\n,,\n1,\"open, 3\n\"x\" ,2,\r\n";
        let rows = rows(text, ',').expect("few rows");
        let cells: Vec<_> = rows.iter().map(|row| (row.line, row.cells.as_slice())).collect();
        assert_eq!(
            cells,
            [
                (1, ["a", "b", "c, d"].as_slice()),
                (4, ["1", "\"open", "3"].as_slice()),
                (5, ["x", "2", ""].as_slice())
            ]
        );
    }

    #[test]
    fn more_than_any_roast_has_is_refused() {
        let code = |text: &str| rows(text, ',').expect_err("too many").code();
        assert_eq!(code(&"1,2\n".repeat(ROWS_MAX + 1)), "too_many_rows");
        assert_eq!(code(&"1,".repeat(CELLS_MAX + 1)), "too_many_rows");
    }

    #[test]
    fn readings_are_numbers_or_none_or_refused() {
        let table = rows("150,5\n-1\n\n2005\n-\nhot", ';').expect("few rows");
        let numbers = Numbers { decimal_comma: true, ..Numbers::default() };
        let mut findings = Vec::new();
        let readings = numbers.readings(&table[..4], 0, "BT", &mut findings).expect("numbers");
        assert_eq!(readings, [Some(150.5), None, None, None]);
        assert_eq!(findings[0].detail, "BT: 1 values that no probe shows, first 2005 at line 4: masked");
        let error = numbers.readings(&table, 0, "BT", &mut findings).expect_err("a word");
        assert_eq!(
            error.to_string(),
            "line 6, column BT: text of 3 characters where a temperature was expected"
        );
    }

    #[test]
    fn the_delimiter_is_the_commonest() {
        for (header, delimiter) in [("a;b;c", ';'), ("a\tb", '\t'), ("a,b;c,d", ','), ("a", ',')] {
            assert_eq!(delimiter_of(header), delimiter);
        }
    }
}

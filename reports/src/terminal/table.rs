//! Tables of text, their columns aligned.

use super::words::{clean, width};

/// Which side a column's text stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// A table with a header and a rule, columns two spaces apart, one line a row.
///
/// Cells are made safe to print. A row shorter than the header is filled with nothing; cells
/// beyond the header are left out, as are aligns. Columns without an align are words.
#[must_use]
pub fn table(headers: &[&str], rows: &[Vec<String>], aligns: &[Align]) -> String {
    let mut lines: Vec<Vec<String>> = vec![headers.iter().map(|cell| clean(cell)).collect()];
    lines.extend(rows.iter().map(|row| row.iter().take(headers.len()).map(|cell| clean(cell)).collect()));
    let widths: Vec<usize> = (0..headers.len())
        .map(|column| {
            lines.iter().filter_map(|line| line.get(column)).map(|cell| width(cell)).max().unwrap_or(0)
        })
        .collect();
    let rule: Vec<String> = widths.iter().map(|columns| "─".repeat(*columns)).collect();
    lines.insert(1, rule);
    let mut text = String::new();
    for line in &lines {
        let mut out = String::new();
        for (column, columns) in widths.iter().enumerate() {
            let cell = line.get(column).map_or("", String::as_str);
            let gap = " ".repeat(columns - width(cell));
            let between = if column == 0 { "" } else { "  " };
            match aligns.get(column) {
                Some(Align::Right) => out.extend([between, &gap, cell]),
                _ => out.extend([between, cell, &gap]),
            }
        }
        text.push_str(out.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_each_other() {
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        let rows = [row(&["埃塞", "1.5"]), row(&["a\nb\u{1b}[m", "12.0", "lost"]), row(&["c"])];
        insta::assert_snapshot!(table(&["bean", "kg"], &rows, &[Align::Left, Align::Right]), @r"
        bean            kg
        ────────────  ────
        埃塞           1.5
        a\nb\u{1b}[m  12.0
        c
        ");
    }
}

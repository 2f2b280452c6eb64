//! How to draw on the terminal there is.

use std::io::IsTerminal;

use trier_reports::terminal::Look;

/// Widest that anything is drawn: longer lines are hard to read across.
const WIDTH_MAX: usize = 120;

/// How to draw on this terminal; plain and 80 wide where stdout is none.
pub(crate) fn look() -> Look {
    let on_terminal = std::io::stdout().is_terminal();
    let plain = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
    let columns = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
    let width = if on_terminal { columns.or_else(terminal_columns).unwrap_or(80) } else { 80 };
    Look { width: width.min(WIDTH_MAX), height: 18, colour: on_terminal && !plain }
}

fn terminal_columns() -> Option<usize> {
    terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))
}

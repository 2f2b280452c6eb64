//! Rows of a dot with its interval, under names and beside numbers, on one scale.

use crate::markup::shortened;
use crate::picture::{Anchor, Axis, Chart, Labels, Margins, Picture};

/// Height of a row, the picture's units.
const ROW: f64 = 20.0;

/// One row.
#[derive(Clone, Debug)]
pub(super) struct Whisker {
    /// What it is.
    pub name: String,
    /// The ink: see `assets/picture.css`.
    pub ink: &'static str,
    /// The value; None where there is none, and only the words stand there.
    pub value: Option<f64>,
    /// Its interval, where it has one.
    pub interval: Option<(f64, f64)>,
    /// The value in words, on the right.
    pub said: String,
}

/// The chart of `rows`.
///
/// - `titled`: the picture's title and alternative text.
/// - `axis`: the scale's name with its unit, and its decimals.
/// - `names`: characters of the longest name shown.
pub(super) fn whiskers(titled: (&str, &str), axis: (&str, usize), names: usize, rows: &[Whisker]) -> Picture {
    let values = rows.iter().flat_map(|row| {
        let (low, high) = row.interval.unzip();
        [row.value, low, high]
    });
    let values: Vec<f64> = values.flatten().chain([0.0]).collect();
    let end = |pick: fn(f64, f64) -> f64| values.iter().copied().fold(0.0, pick);
    let x = Axis::round(axis.0, (end(f64::min), end(f64::max)), Labels::Number(axis.1), 6);
    #[allow(clippy::cast_precision_loss)] // A page holds some hundred rows.
    let n = rows.len() as f64;
    #[allow(clippy::cast_precision_loss)] // Some dozens of characters.
    let left = 6.4 * names as f64 + 12.0;
    let margins = Margins { top: 6.0, right: 150.0, bottom: 34.0, left };
    let size = (460.0_f64.max(left + 310.0), n * ROW + margins.top + margins.bottom);
    let picture = Picture::new(size.0, size.1, titled.0, titled.1);
    // Rows count downwards from the top; their names stand where the numbers would.
    let y = Axis::exact("", (0.0, n.max(1.0)), Labels::Names(&[]), 2);
    let mut chart = Chart::new(picture, margins, x, y);
    let (corner, frame) = chart.frame();
    let zero = chart.x(0.0);
    chart.picture_mut().line("zero", &[(zero, corner.1), (zero, corner.1 + frame.1)]);
    let mut middle = n - 0.5;
    for row in rows {
        if let Some((low, high)) = row.interval {
            chart.line(&format!("whisker {}", row.ink), &[(low, middle), (high, middle)]);
        }
        if let Some(value) = row.value {
            chart.dot(&format!("fill-{}", row.ink), (value, middle), 4.0);
        }
        let y = chart.y(middle) + 4.0;
        let picture = chart.picture_mut();
        picture.text("name", Anchor::End, (corner.0 - 8.0, y), &shortened(&row.name, names));
        picture.text("tick", Anchor::Start, (corner.0 + frame.0 + 10.0, y), &row.said);
        middle -= 1.0;
    }
    chart.into_picture()
}

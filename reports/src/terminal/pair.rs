//! Two curves of one quantity over time since charge: what was recorded and what a model says.

use super::canvas::{Canvas, Texture};
use super::curves::Look;
use super::scale::Scale;
use crate::number::{clock, plain};

/// Columns left of the plot: a number and the axis.
const LEFT: usize = 5;

/// Draws `recorded` (solid) and `simulated` (dotted) temperatures, as (s since charge, °C).
///
/// Lines end in a newline. Without two recorded points there is nothing to draw, and it says so.
#[must_use]
pub fn pair(recorded: &[(f64, f64)], simulated: &[(f64, f64)], look: Look) -> String {
    if recorded.len() < 2 {
        return "no curve: there are not two BT readings since charge\n".to_owned();
    }
    let columns = look.width.max(44) - LEFT - 1;
    let rows = look.height.max(6);
    let all = || recorded.iter().chain(simulated);
    let (low, high) =
        all().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), (_, c)| (low.min(*c), high.max(*c)));
    let temp = Scale::round(low, high, &[10.0, 20.0, 50.0, 100.0], rows / 2);
    let last_s = all().fold(1.0_f64, |last, (t_s, _)| last.max(*t_s));
    let step = Scale::round(0.0, last_s, &[30.0, 60.0, 120.0, 300.0, 600.0, 1800.0], columns / 9).step;
    let time = Scale { low: 0.0, high: last_s, step };

    let mut canvas = Canvas::new(columns, rows);
    let (across, down) = (canvas.width(), canvas.height());
    let bottom = i32::try_from(down).unwrap_or(i32::MAX) - 1;
    for (layer, (curve, texture)) in
        [(recorded, Texture::Solid), (simulated, Texture::Dotted)].into_iter().enumerate()
    {
        let place = |point: &(f64, f64)| (time.dot(point.0, across), bottom - temp.dot(point.1, down));
        for ends in curve.windows(2) {
            canvas.line(layer, place(&ends[0]), place(&ends[1]), texture);
        }
    }
    let mut labels = vec![String::new(); rows];
    for tick in temp.ticks() {
        let from_bottom = usize::try_from(temp.dot(tick, 4 * rows)).unwrap_or(0) / 4;
        if let Some(label) = rows.checked_sub(from_bottom + 1).and_then(|row| labels.get_mut(row)) {
            *label = plain(tick, 0);
        }
    }
    let mut text = "  °C ⠤⠤⠤⠤ BT recorded   ⠄⠠⠄⠠ BT simulated\n".to_owned();
    for (row, label) in labels.iter().enumerate() {
        let joint = if label.is_empty() { '│' } else { '┤' };
        let dots: String =
            (0..columns).map(|column| canvas.cell(column, row).map_or(' ', |(c, _)| c)).collect();
        text.push_str(format!("{label:>4}{joint}{dots}").trim_end());
        text.push('\n');
    }
    text + &time_axis(&time, columns)
}

/// The axis of time and the numbers under it.
fn time_axis(time: &Scale, columns: usize) -> String {
    let mut axis = vec!['─'; columns];
    let mut numbers = String::new();
    for tick in time.ticks() {
        let column = usize::try_from(time.dot(tick, 2 * columns)).unwrap_or(0).min(2 * columns - 1) / 2;
        axis[column] = '┬';
        let label = clock(tick);
        let start = (LEFT + column).saturating_sub(label.len() / 2);
        if start >= numbers.len() + usize::from(!numbers.is_empty())
            && start + label.len() <= LEFT + columns + 1
        {
            numbers.push_str(&" ".repeat(start - numbers.len()));
            numbers.push_str(&label);
        }
    }
    let axis: String = axis.into_iter().collect();
    format!("{}└{axis}\n{numbers}\n", " ".repeat(LEFT - 1))
}

//! Lines in a chart, each with its name at its end, and a band or whiskers where an interval is known.

use crate::markup::shortened;
use crate::picture::{Anchor, Chart};

/// Longer names of lines lose their end.
const NAME_CHARACTERS: usize = 12;

/// Names stand at least this far apart, the picture's units.
const NAME_HEIGHT: f64 = 11.0;

/// How the interval about a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Interval {
    /// As an area, where values lie along a scale.
    Band,
    /// As an upright at each value, where they are of groups.
    Whiskers,
}

/// One value of a line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct At {
    /// Where along the chart.
    pub x: f64,
    /// The value; None where there is none, and the line has a hole.
    pub y: Option<f64>,
    /// Its interval, where it has one.
    pub interval: Option<(f64, f64)>,
}

/// A line by its name.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// What stands at its end.
    pub name: String,
    /// The ink: see `assets/picture.css`.
    pub ink: &'static str,
    /// Its values, ascending.
    pub values: Vec<At>,
}

impl Line {
    /// The largest number in it, interval included.
    pub(super) fn top(&self) -> Option<f64> {
        let all = self.values.iter().flat_map(|at| [at.y, at.interval.map(|(_, high)| high)]);
        all.flatten().max_by(f64::total_cmp)
    }
}

/// The largest number in any of `lines`; 1 where there is none.
pub(super) fn top(lines: &[Line]) -> f64 {
    lines.iter().filter_map(Line::top).max_by(f64::total_cmp).unwrap_or(1.0)
}

/// Draws the lines, those named first on top of the others, and their names on the right.
pub(super) fn draw(chart: &mut Chart, lines: &[Line], interval: Interval) {
    for line in lines.iter().rev() {
        intervals(chart, line, interval);
    }
    for line in lines.iter().rev() {
        let values: Vec<(f64, f64)> = line.values.iter().map(|at| (at.x, at.y.unwrap_or(f64::NAN))).collect();
        chart.line(line.ink, &values);
        for at in values.iter().filter(|(_, y)| y.is_finite()) {
            chart.dot(&format!("fill-{}", line.ink), *at, 2.2);
        }
    }
    names(chart, lines);
}

fn intervals(chart: &mut Chart, line: &Line, interval: Interval) {
    match interval {
        Interval::Band => {
            let hole = (f64::NAN, f64::NAN);
            let band: Vec<(f64, f64, f64)> = line
                .values
                .iter()
                .map(|at| (at.x, at.interval.unwrap_or(hole)))
                .map(|(x, (low, high))| (x, low, high))
                .collect();
            chart.band(&format!("band-{}", line.ink), &band);
        }
        Interval::Whiskers => {
            for at in &line.values {
                if let Some((low, high)) = at.interval {
                    chart.line(&format!("whisker {}", line.ink), &[(at.x, low), (at.x, high)]);
                }
            }
        }
    }
}

/// Each line's name beside its last value, moved up or down where two would lie on each other.
fn names(chart: &mut Chart, lines: &[Line]) {
    let ((left, top), (width, height)) = chart.frame();
    let last = |line: &Line| line.values.iter().rev().find_map(|at| at.y);
    let mut names: Vec<(f64, &Line)> =
        lines.iter().filter_map(|line| Some((chart.y(last(line)?) + 4.0, line))).collect();
    names.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut free = top;
    for (y, _) in &mut names {
        *y = y.max(free);
        free = *y + NAME_HEIGHT;
    }
    let mut floor = top + height + 4.0;
    for (y, _) in names.iter_mut().rev() {
        *y = y.min(floor);
        floor = *y - NAME_HEIGHT;
    }
    let x = left + width + 6.0;
    for (y, line) in names {
        let name = shortened(&line.name, NAME_CHARACTERS);
        chart.picture_mut().text(&format!("{}-text", line.ink), Anchor::Start, (x, y), &name);
    }
}

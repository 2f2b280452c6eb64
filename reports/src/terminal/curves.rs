//! A roast drawn on a terminal: BT, ET and rate of rise over time since charge.

use trier_roast::{MarkKind, MarkSource, Quality};
use trier_tables::rows::{MarkRow, TelemetryRow};

use super::canvas::{Canvas, LAYERS, Texture};
use super::scale::Scale;
use super::words::{clean, width};
use crate::number::{clock, plain};

/// How large to draw, and whether in colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Columns in all; under 44 is drawn as 44.
    pub width: usize,
    /// Lines of the plot itself; under 6 is drawn as 6.
    pub height: usize,
    /// Whether to use the terminal's colours.
    pub colour: bool,
}

/// Columns left of the plot: a number and the axis.
const LEFT: usize = 5;
/// Columns right of the plot.
const RIGHT: usize = 4;
/// Rate of rise beyond this is a probe meeting cold beans, not a roast, °C/min.
const ROR_MAX: f64 = 60.0;
/// Temperatures drawn, °C; what lies outside is no probe in a roaster.
const TEMPS_C: (f64, f64) = (-20.0, 450.0);

const BT: usize = 0;
const ROR: usize = 1;
const ET: usize = 2;
const NAMES: [&str; LAYERS] = ["BT", "RoR", "ET"];
const TEXTURES: [Texture; LAYERS] = [Texture::Solid, Texture::Dotted, Texture::Dashed];
/// Cyan, green, red: told apart on dark and on light.
const COLOURS: [&str; LAYERS] = ["36", "32", "31"];

/// Points without a gap between, as (s since charge, value).
type Stretch = Vec<(f64, f64)>;

/// Draws BT and ET (°C, left axis) and the rate of rise of BT (°C/min, right axis) over the time
/// since charge, with the marks named under the plot.
///
/// - `telemetry`: of one roast, in order; samples before charge or without usable BT are left out.
/// - `marks`: of the same roast; those without a time since charge are left out.
///
/// Lines end in a newline; there is no colour unless asked for. Without two BT points to join, it
/// says so instead.
#[must_use]
pub fn curves(telemetry: &[TelemetryRow], marks: &[MarkRow], look: Look) -> String {
    let series = [
        stretches(telemetry, |row| row.bt_c, TEMPS_C),
        stretches(telemetry, |row| row.bt_ror_c_per_min, (0.0, ROR_MAX)),
        stretches(telemetry, |row| row.et_c, TEMPS_C),
    ];
    if series[BT].iter().all(|stretch| stretch.len() < 2) {
        return "no curve: there are not two BT readings since charge\n".to_owned();
    }
    Plot::new(&series, marks, look).text(&series)
}

/// One series cut where a value is missing, unusable, outside `limits`, or late.
fn stretches(
    telemetry: &[TelemetryRow],
    value: impl Fn(&TelemetryRow) -> Option<f64>,
    limits: (f64, f64),
) -> Vec<Stretch> {
    let mut all = vec![Stretch::new()];
    for row in telemetry {
        let flags = |flag: Quality| row.quality.split('|').any(|name| name == flag.names());
        let is_usable = ![
            Quality::MISSING,
            Quality::SPIKE,
            Quality::RANGE,
            Quality::OUT_OF_ORDER,
            Quality::DUPLICATE_TIME,
        ]
        .into_iter()
        .any(flags);
        let point = row.since_charge_s.filter(|t| *t >= 0.0 && is_usable).zip(value(row));
        let point = point.filter(|(_, value)| (limits.0..=limits.1).contains(value));
        if point.is_none() || flags(Quality::AFTER_GAP) {
            all.push(Stretch::new());
        }
        if let (Some(point), Some(stretch)) = (point, all.last_mut()) {
            stretch.push(point);
        }
    }
    all.retain(|stretch| !stretch.is_empty());
    all
}

/// A mark placed on the plot.
struct Placed {
    column: usize,
    label: String,
}

/// The plot's frame: scales, size, marks.
struct Plot {
    columns: usize,
    rows: usize,
    colour: bool,
    time: Scale,
    temp: Scale,
    ror: Option<Scale>,
    marks: Vec<Placed>,
}

impl Plot {
    fn new(series: &[Vec<Stretch>; LAYERS], marks: &[MarkRow], look: Look) -> Self {
        let columns = look.width.max(44) - LEFT - RIGHT;
        let rows = look.height.max(6);
        let values = |layer: usize| series[layer].iter().flatten().map(|point| point.1);
        let ends = |values: &mut dyn Iterator<Item = f64>| {
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)))
        };
        let (low, high) = ends(&mut values(BT).chain(values(ET)));
        let temp = Scale::round(low, high, &[10.0, 20.0, 50.0, 100.0], rows / 2);
        let (_, last_s) = ends(&mut series.iter().flatten().flatten().map(|point| point.0));
        let steps = [30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0, 36_000.0];
        let step = Scale::round(0.0, last_s, &steps, columns / 9).step;
        let time = Scale { low: 0.0, high: last_s.max(1.0), step };
        // Before the turning point the rate only says how cold the probe was.
        let turned_s = since_charge(marks, MarkKind::TurningPoint).unwrap_or(0.0);
        let rates = series[ROR].iter().flatten().filter(|point| point.0 >= turned_s).map(|point| point.1);
        let (_, fastest) = ends(&mut rates.into_iter());
        let ror = (fastest > 0.0).then(|| Scale::round(0.0, fastest, &[2.0, 5.0, 10.0, 20.0], rows / 3 + 1));
        let marks = placed(marks, &time, columns);
        Self { columns, rows, colour: look.colour, time, temp, ror, marks }
    }

    fn text(&self, series: &[Vec<Stretch>; LAYERS]) -> String {
        let canvas = self.drawn(series);
        let mut lines = vec![self.legend(series)];
        let left = self.labels(Some(&self.temp));
        let right = self.labels(self.ror.as_ref());
        for row in 0..self.rows {
            let (axis, other) = (joint(&left[row], '┤', '│'), joint(&right[row], '├', '│'));
            lines.push(format!("{:>4}{axis}{}{other}{:>3}", left[row], self.line(&canvas, row), right[row]));
        }
        lines.extend(self.time_axis());
        lines.extend(self.mark_lines());
        lines.iter().map(|line| format!("{}\n", line.trim_end())).collect()
    }

    fn drawn(&self, series: &[Vec<Stretch>; LAYERS]) -> Canvas {
        let mut canvas = Canvas::new(self.columns, self.rows);
        let (across, down) = (canvas.width(), canvas.height());
        for (layer, stretches) in series.iter().enumerate() {
            let Some(scale) = (if layer == ROR { self.ror } else { Some(self.temp) }) else { continue };
            let bottom = i32::try_from(down).unwrap_or(i32::MAX) - 1;
            let place =
                |point: &(f64, f64)| (self.time.dot(point.0, across), bottom - scale.dot(point.1, down));
            for stretch in stretches {
                for (i, point) in stretch.iter().enumerate() {
                    let from = &stretch[i.saturating_sub(1)];
                    canvas.line(layer, place(from), place(point), TEXTURES[layer]);
                }
            }
        }
        canvas
    }

    /// One line of the plot, with marks where there are no dots.
    fn line(&self, canvas: &Canvas, row: usize) -> String {
        let mut text = String::new();
        let mut open = None;
        for column in 0..self.columns {
            // On the axes themselves a mark would only be in the way.
            let is_inside = column > 0 && column + 1 < self.columns;
            let is_mark = is_inside && self.marks.iter().any(|mark| mark.column == column);
            let (c, layer) = match canvas.cell(column, row) {
                Some((c, layer)) => (c, Some(layer)),
                None => (if is_mark { '┊' } else { ' ' }, None),
            };
            self.paint(&mut text, &mut open, layer);
            text.push(c);
        }
        self.paint(&mut text, &mut open, None);
        text
    }

    /// Changes to the colour of a layer, when colours are asked for and it is another.
    fn paint(&self, text: &mut String, open: &mut Option<usize>, layer: Option<usize>) {
        if !self.colour || *open == layer {
            return;
        }
        match layer {
            Some(layer) => text.extend(["\u{1b}[", COLOURS[layer], "m"]),
            None => text.push_str("\u{1b}[0m"),
        }
        *open = layer;
    }

    /// What each line says beside an axis: a number, or nothing.
    fn labels(&self, scale: Option<&Scale>) -> Vec<String> {
        let mut labels = vec![String::new(); self.rows];
        for (scale, tick) in
            scale.into_iter().flat_map(|scale| scale.ticks().into_iter().map(move |t| (scale, t)))
        {
            let from_bottom = usize::try_from(scale.dot(tick, 4 * self.rows)).unwrap_or(0) / 4;
            if let Some(label) = self.rows.checked_sub(from_bottom + 1).and_then(|row| labels.get_mut(row)) {
                *label = plain(tick, 0);
            }
        }
        labels
    }

    fn legend(&self, series: &[Vec<Stretch>; LAYERS]) -> String {
        let samples = ["⠤⠤⠤⠤", "⠄⠠⠄⠠", "⠤⠤ ⠤⠤"];
        let mut text = "  °C ".to_owned();
        let mut columns = width(&text);
        for layer in [BT, ET, ROR] {
            let is_drawn = if layer == ROR { self.ror.is_some() } else { !series[layer].is_empty() };
            if !is_drawn {
                continue;
            }
            let mut open = None;
            self.paint(&mut text, &mut open, Some(layer));
            text.push_str(samples[layer]);
            self.paint(&mut text, &mut open, None);
            text.extend([" ", NAMES[layer], "   "]);
            columns += width(samples[layer]) + 1 + width(NAMES[layer]) + 3;
        }
        if self.ror.is_some() {
            let unit = "°C/min";
            let gap = (LEFT + self.columns + RIGHT).saturating_sub(columns + width(unit));
            text.extend([" ".repeat(gap).as_str(), unit]);
        }
        text
    }

    /// The axis of time and the numbers under it.
    fn time_axis(&self) -> [String; 2] {
        let mut axis = vec!['─'; self.columns];
        let mut numbers = Line::new(LEFT + self.columns + RIGHT);
        for tick in self.time.ticks() {
            let column = self.column(tick);
            axis[column] = '┬';
            let label = clock(tick);
            numbers.put(LEFT + column - width(&label) / 2, &label);
        }
        let axis: String = axis.into_iter().collect();
        [format!("{}└{axis}┘", " ".repeat(LEFT - 1)), numbers.text]
    }

    /// The marks' names, each at its column, on as few lines as keep them apart.
    fn mark_lines(&self) -> Vec<String> {
        let mut lines: Vec<Line> = Vec::new();
        for mark in &self.marks {
            let room = LEFT + self.columns + RIGHT;
            let at = LEFT + mark.column;
            let to_right = format!("└{}", mark.label);
            // At the right end the name stands before its place.
            let (start, label) = if at + width(&to_right) <= room {
                (at, to_right)
            } else {
                ((at + 1).saturating_sub(width(&to_right)), format!("{}┘", mark.label))
            };
            if !lines.iter_mut().any(|line| line.put(start, &label)) {
                let mut line = Line::new(room);
                line.put(start, &label);
                lines.push(line);
            }
        }
        lines.into_iter().map(|line| line.text).collect()
    }

    fn column(&self, seconds: f64) -> usize {
        column(&self.time, seconds, self.columns)
    }
}

/// A line that is filled from left to right.
struct Line {
    text: String,
    room: usize,
}

impl Line {
    fn new(room: usize) -> Self {
        Self { text: String::new(), room }
    }

    /// Puts a label at a column if it is free there, with two spaces before it.
    fn put(&mut self, start: usize, label: &str) -> bool {
        let used = width(&self.text);
        let is_free = used == 0 || start >= used + 2;
        if !is_free || start + width(label) > self.room {
            return false;
        }
        self.text.push_str(&" ".repeat(start - used));
        self.text.push_str(label);
        true
    }
}

fn joint(label: &str, with: char, without: char) -> char {
    if label.is_empty() { without } else { with }
}

fn column(time: &Scale, seconds: f64, columns: usize) -> usize {
    usize::try_from(time.dot(seconds, 2 * columns)).unwrap_or(0).min(2 * columns - 1) / 2
}

fn since_charge(marks: &[MarkRow], kind: MarkKind) -> Option<f64> {
    marks.iter().rev().find(|mark| &*mark.kind == kind.name())?.since_charge_s
}

/// Where each mark stands and what it is called, in order of time.
fn placed(marks: &[MarkRow], time: &Scale, columns: usize) -> Vec<Placed> {
    let mut timed: Vec<(f64, &MarkRow)> = marks
        .iter()
        .filter_map(|mark| Some((mark.since_charge_s?, mark)))
        .filter(|(at_s, _)| (0.0..=time.high).contains(at_s))
        .filter(|(_, mark)| !is_outdone(mark, marks))
        .collect();
    timed.sort_by(|a, b| a.0.total_cmp(&b.0));
    let label = |at_s: f64, mark: &MarkRow| format!("{} {}", mark_name(&mark.kind), clock(at_s));
    timed
        .into_iter()
        .map(|(at_s, mark)| Placed { column: column(time, at_s, columns), label: label(at_s, mark) })
        .collect()
}

/// Whether somebody announced what `mark` only infers.
fn is_outdone(mark: &MarkRow, marks: &[MarkRow]) -> bool {
    let inferred = MarkSource::Inferred.name();
    &*mark.mark_source == inferred
        && marks.iter().any(|other| other.kind == mark.kind && &*other.mark_source != inferred)
}

/// What roasters write on a curve for a mark, by its name in the tables.
pub(crate) fn mark_name(kind: &str) -> String {
    match MarkKind::from_name(kind) {
        Some(MarkKind::Charge) => "charge".to_owned(),
        Some(MarkKind::TurningPoint) => "TP".to_owned(),
        Some(MarkKind::DryEnd) => "dry end".to_owned(),
        Some(MarkKind::FirstCrackStart) => "FC".to_owned(),
        Some(MarkKind::FirstCrackEnd) => "FC end".to_owned(),
        Some(MarkKind::SecondCrackStart) => "SC".to_owned(),
        Some(MarkKind::SecondCrackEnd) => "SC end".to_owned(),
        Some(MarkKind::Drop) => "drop".to_owned(),
        Some(MarkKind::CoolEnd) => "cool".to_owned(),
        None => clean(kind),
    }
}

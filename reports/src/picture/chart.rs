//! A frame with axes, and what stands in it by value: lines, bands, dots, marks and shades.

use super::scale::Axis;
use super::svg::{Anchor, Picture};

/// Room around the frame, in the picture's units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Margins {
    /// Above, for words over the frame.
    pub top: f64,
    /// On the right, for a second axis or labels.
    pub right: f64,
    /// Below, for numbers and the name of the horizontal axis.
    pub bottom: f64,
    /// On the left, for numbers or names.
    pub left: f64,
}

impl Default for Margins {
    fn default() -> Self {
        Self { top: 22.0, right: 12.0, bottom: 34.0, left: 44.0 }
    }
}

/// A picture with a frame: values go in, and stand at their places within it.
///
/// What is drawn later covers what was drawn before; values outside an axis are drawn at its end.
#[derive(Clone, Debug)]
pub struct Chart {
    picture: Picture,
    x: Axis,
    y: Axis,
    at: (f64, f64),
    size: (f64, f64),
}

impl Chart {
    /// A frame in an empty picture, with lines at the round numbers of both axes, and these.
    #[must_use]
    pub fn new(picture: Picture, margins: Margins, x: Axis, y: Axis) -> Self {
        let (width, height) = picture.size();
        let size = (width - margins.left - margins.right, height - margins.top - margins.bottom);
        let mut chart = Self { picture, x, y, at: (margins.left, margins.top), size };
        chart.axes();
        chart
    }

    fn axes(&mut self) {
        let (bottom, right) = (self.at.1 + self.size.1, self.at.0 + self.size.0);
        for (value, text) in self.x.ticks() {
            let x = self.x(value);
            self.picture.line("grid", &[(x, self.at.1), (x, bottom)]);
            self.picture.text("tick", Anchor::Middle, (x, bottom + 14.0), &text);
        }
        for (value, text) in self.y.ticks() {
            let y = self.y(value);
            self.picture.line("grid", &[(self.at.0, y), (right, y)]);
            self.picture.text("tick", Anchor::End, (self.at.0 - 6.0, y + 4.0), &text);
        }
        let (x_name, y_name) = (self.x.name().to_owned(), self.y.name().to_owned());
        self.picture.text("axis", Anchor::End, (right, bottom + 29.0), &x_name);
        self.picture.text("axis", Anchor::Start, (4.0, (self.at.1 - 10.0).max(11.0)), &y_name);
    }

    /// Numbers and a name on the right, for lines drawn with [`Chart::line_on`] by the same axis.
    pub fn second_axis(&mut self, axis: &Axis, class: &str) {
        let right = self.at.0 + self.size.0;
        for (value, text) in axis.ticks() {
            let y = self.y_on(axis, value);
            self.picture.text(&format!("tick {class}-text"), Anchor::Start, (right + 6.0, y + 4.0), &text);
        }
        let name = axis.name().to_owned();
        let at = (self.picture.size().0 - 4.0, (self.at.1 - 10.0).max(11.0));
        self.picture.text(&format!("axis {class}-text"), Anchor::End, at, &name);
    }

    /// Where a value of the horizontal axis stands.
    #[must_use]
    pub fn x(&self, value: f64) -> f64 {
        self.at.0 + self.x.share(value).clamp(0.0, 1.0) * self.size.0
    }

    /// Where a value of the vertical axis stands.
    #[must_use]
    pub fn y(&self, value: f64) -> f64 {
        self.y_on(&self.y, value)
    }

    fn y_on(&self, axis: &Axis, value: f64) -> f64 {
        self.at.1 + (1.0 - axis.share(value).clamp(0.0, 1.0)) * self.size.1
    }

    /// The frame: its top left corner and its size.
    #[must_use]
    pub const fn frame(&self) -> ((f64, f64), (f64, f64)) {
        (self.at, self.size)
    }

    /// A line through values, each piece by itself; a value that is no number ends a piece.
    pub fn line(&mut self, class: &str, values: &[(f64, f64)]) {
        let axis = self.y.clone();
        self.line_on(&axis, class, values);
    }

    /// The same by another vertical axis, see [`Chart::second_axis`].
    pub fn line_on(&mut self, axis: &Axis, class: &str, values: &[(f64, f64)]) {
        for piece in values.split(|(x, y)| !x.is_finite() || !y.is_finite()) {
            let points: Vec<_> = piece.iter().map(|(x, y)| (self.x(*x), self.y_on(axis, *y))).collect();
            self.picture.line(class, &thinned(&points));
        }
    }

    /// A line that keeps each value until the next, as a setting does; pieces as in [`Chart::line`].
    pub fn steps(&mut self, class: &str, values: &[(f64, f64)]) {
        let mut points: Vec<(f64, f64)> = Vec::new();
        for (x, y) in values.iter().copied() {
            let before = points.last().map(|(_, before)| *before);
            points.extend(before.filter(|before| *before != y && y.is_finite()).map(|before| (x, before)));
            points.push((x, y));
        }
        self.line(class, &points);
    }

    /// The area between a lower and an upper value, given as (x, lower, upper), pieces as in [`Chart::line`].
    pub fn band(&mut self, class: &str, values: &[(f64, f64, f64)]) {
        for piece in values.split(|(x, low, high)| ![*x, *low, *high].into_iter().all(f64::is_finite)) {
            let edge = |value: fn(&(f64, f64, f64)) -> (f64, f64)| {
                let points: Vec<_> = piece.iter().map(value).map(|(x, y)| (self.x(x), self.y(y))).collect();
                thinned(&points)
            };
            let mut outline = edge(|(x, low, _)| (*x, *low));
            outline.extend(edge(|(x, _, high)| (*x, *high)).into_iter().rev());
            self.picture.shape(class, &outline);
        }
    }

    /// The whole height between two values of the horizontal axis.
    pub fn shade(&mut self, class: &str, from: f64, to: f64) {
        let (left, right) = (self.x(from), self.x(to));
        self.picture.rect(class, (left, self.at.1), (right - left, self.size.1));
    }

    /// A line over the whole height, with a word at its top, which stays within the frame's width.
    pub fn upright(&mut self, class: &str, value: f64, word: &str) {
        let x = self.x(value);
        self.picture.line(class, &[(x, self.at.1), (x, self.at.1 + self.size.1)]);
        let anchor = match (x - self.at.0) / self.size.0 {
            share if share < 0.25 => Anchor::Start,
            share if share > 0.75 => Anchor::End,
            _ => Anchor::Middle,
        };
        self.picture.text("mark", anchor, (x, self.at.1 - 5.0), word);
    }

    /// A line over the whole width.
    pub fn level(&mut self, class: &str, value: f64) {
        let y = self.y(value);
        self.picture.line(class, &[(self.at.0, y), (self.at.0 + self.size.0, y)]);
    }

    /// A dot at a value.
    pub fn dot(&mut self, class: &str, at: (f64, f64), radius: f64) {
        let at = (self.x(at.0), self.y(at.1));
        self.picture.dot(class, at, radius);
    }

    /// Words at a value, moved by `by` units.
    pub fn text(&mut self, class: &str, anchor: Anchor, at: (f64, f64), by: (f64, f64), text: &str) {
        let at = (self.x(at.0) + by.0, self.y(at.1) + by.1);
        self.picture.text(class, anchor, at, text);
    }

    /// The picture, for what stands outside the frame.
    pub const fn picture_mut(&mut self) -> &mut Picture {
        &mut self.picture
    }

    /// The picture.
    #[must_use]
    pub fn into_picture(self) -> Picture {
        self.picture
    }
}

/// How far a line may lie from the points left out, units: under half a dot of a fine screen.
const NEAR: f64 = 0.25;

/// The points without those that the line between the ones kept passes within [`NEAR`]: as many as the
/// curve bends, however often it was read.
///
/// Ramer, Douglas and Peucker's rule, with the distance measured upright: points are in order of x.
fn thinned(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut keep = vec![false; points.len()];
    let mut open = vec![(0, points.len().saturating_sub(1))];
    while let Some((from, to)) = open.pop() {
        let Some(((a, b), kept)) = points.get(from).zip(points.get(to)).zip(keep.get_mut(from)) else {
            continue;
        };
        *kept = true;
        if let Some(kept) = keep.get_mut(to) {
            *kept = true;
        }
        let off = |(x, y): (f64, f64)| {
            let share = if b.0 > a.0 { (x - a.0) / (b.0 - a.0) } else { 0.0 };
            (y - (a.1 + share * (b.1 - a.1))).abs()
        };
        let between = points.iter().enumerate().take(to).skip(from + 1).map(|(i, point)| (i, off(*point)));
        let farthest = between.max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((i, _)) = farthest.filter(|(_, off)| *off > NEAR) {
            open.push((from, i));
            open.push((i, to));
        }
    }
    points.iter().zip(keep).filter(|(_, keep)| *keep).map(|(point, _)| *point).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Labels;

    #[test]
    fn thinning_keeps_every_point_near_the_line() {
        let wave: Vec<(f64, f64)> = (0..2000)
            .map(|i| f64::from(i) * 0.4)
            .map(|x| (x, 100.0 + 40.0 * (x / 70.0) * (1.0 - x / 700.0)))
            .collect();
        let kept = thinned(&wave);
        assert!((5..80).contains(&kept.len()), "{}", kept.len());
        for (x, y) in &wave {
            let after = kept.iter().position(|(k, _)| k >= x).expect("the last is kept");
            let (a, b) = (kept[after.saturating_sub(1)], kept[after]);
            let share = if b.0 > a.0 { (x - a.0) / (b.0 - a.0) } else { 0.0 };
            assert!((y - (a.1 + share * (b.1 - a.1))).abs() <= NEAR, "at {x}");
        }
        assert_eq!(thinned(&[(0.0, 0.0), (1.0, 1.0), (2.0, 2.0)]), [(0.0, 0.0), (2.0, 2.0)]);
        assert_eq!(thinned(&[]), []);
        assert_eq!(thinned(&[(0.0, 3.0)]), [(0.0, 3.0)]);
    }

    #[test]
    fn values_stand_at_their_places_and_never_outside() {
        let axis = |range| Axis::exact("", range, Labels::Number(0), 3);
        let margins = Margins { top: 10.0, right: 10.0, bottom: 10.0, left: 10.0 };
        let picture = Picture::new(120.0, 70.0, "t", "a");
        let mut chart = Chart::new(picture, margins, axis((0.0, 10.0)), axis((0.0, 5.0)));
        assert_eq!((chart.x(0.0), chart.x(10.0), chart.y(0.0), chart.y(5.0)), (10.0, 110.0, 60.0, 10.0));
        chart.line(
            "bt",
            &[(0.0, 0.0), (5.0, 1e9), (f64::NAN, 0.0), (8.0, 1.0), (10.0, -3.0), (4.0, f64::NAN)],
        );
        chart.steps("gas", &[(0.0, 1.0), (2.0, 1.0), (4.0, 3.0), (6.0, f64::NAN), (8.0, 2.0), (10.0, 2.0)]);
        let svg = chart.into_picture().inline();
        assert!(
            svg.contains(r#"class="gas" d="M10 50l40 0 0 -20""#)
                && svg.contains(r#"class="gas" d="M90 40l20 0""#),
            "{svg}"
        );
        assert!(svg.contains(r#"d="M10 60l50 -50""#) && svg.contains(r#"d="M90 50l20 10""#), "{svg}");
    }
}

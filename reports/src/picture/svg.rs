//! One picture: shapes and words on a canvas, each with a class that gives it its ink.

use std::fmt::Write;

use super::ink::picture_style;
use crate::markup::escaped;

/// Which end of a text stands at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// The text starts there.
    Start,
    /// The text is centred there.
    Middle,
    /// The text ends there.
    End,
}

/// A picture in user units, x to the right and y downwards, from (0, 0) at the top left.
///
/// What comes from a file (names, reasons) may be handed over as it is: it is escaped here.
#[derive(Clone, Debug)]
pub struct Picture {
    width: f64,
    height: f64,
    title: String,
    alt: String,
    body: String,
}

impl Picture {
    /// An empty picture.
    ///
    /// - `title`: its name, a few words.
    /// - `alt`: what it shows, for those who do not see it: sentences with the numbers that matter.
    #[must_use]
    pub fn new(width: f64, height: f64, title: &str, alt: &str) -> Self {
        Self { width, height, title: title.to_owned(), alt: alt.to_owned(), body: String::new() }
    }

    /// Width and height.
    #[must_use]
    pub const fn size(&self) -> (f64, f64) {
        (self.width, self.height)
    }

    /// A line through points, where there are two or more.
    pub fn line(&mut self, class: &str, points: &[(f64, f64)]) {
        if points.len() > 1 {
            let path = path(points);
            let _ = writeln!(self.body, r#"<path class="{}" d="{path}"/>"#, escaped(class));
        }
    }

    /// A closed shape through points, where there are three or more.
    pub fn shape(&mut self, class: &str, points: &[(f64, f64)]) {
        if points.len() > 2 {
            let path = path(points);
            let _ = writeln!(self.body, r#"<path class="{}" d="{path}z"/>"#, escaped(class));
        }
    }

    /// A rectangle by its top left corner; nothing where it has no width or height.
    pub fn rect(&mut self, class: &str, at: (f64, f64), size: (f64, f64)) {
        if size.0 > 0.0 && size.1 > 0.0 {
            let [x, y, w, h] = [at.0, at.1, size.0, size.1].map(number);
            let _ = writeln!(
                self.body,
                r#"<rect class="{}" x="{x}" y="{y}" width="{w}" height="{h}"/>"#,
                escaped(class)
            );
        }
    }

    /// A filled circle.
    pub fn dot(&mut self, class: &str, at: (f64, f64), radius: f64) {
        let [x, y, r] = [at.0, at.1, radius].map(number);
        let _ = writeln!(self.body, r#"<circle class="{}" cx="{x}" cy="{y}" r="{r}"/>"#, escaped(class));
    }

    /// A text on its base line; nothing where it has no characters.
    pub fn text(&mut self, class: &str, anchor: Anchor, at: (f64, f64), text: &str) {
        if text.is_empty() {
            return;
        }
        let [x, y] = [at.0, at.1].map(number);
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => r#" text-anchor="middle""#,
            Anchor::End => r#" text-anchor="end""#,
        };
        let (class, text) = (escaped(class), escaped(text));
        let _ = writeln!(self.body, r#"<text class="{class}" x="{x}" y="{y}"{anchor}>{text}</text>"#);
    }

    /// Shapes that belong together, with words that show while the pointer rests on one of them.
    pub fn hinted(&mut self, hint: &str, draw: impl FnOnce(&mut Self)) {
        let _ = write!(self.body, "<g><title>{}</title>", escaped(hint));
        draw(self);
        self.body.push_str("</g>\n");
    }

    /// The picture as part of a page, which has the style.
    #[must_use]
    pub fn inline(&self) -> String {
        let [w, h] = [self.width, self.height].map(number);
        let (title, alt) = (escaped(&self.title), escaped(&self.alt));
        format!(
            "<svg class=\"picture\" viewBox=\"0 0 {w} {h}\" role=\"img\" aria-label=\"{title}. {alt}\">\n{}</svg>",
            self.body
        )
    }

    /// The picture as a file of its own, in the light theme.
    #[must_use]
    pub fn file(&self) -> String {
        let [w, h] = [self.width, self.height].map(number);
        let (title, alt) = (escaped(&self.title), escaped(&self.alt));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\" role=\"img\">\n\
             <title>{title}</title>\n<desc>{alt}</desc>\n<style>\n{}</style>\n\
             <rect class=\"paper\" width=\"{w}\" height=\"{h}\"/>\n{}</svg>\n",
            picture_style(),
            self.body
        )
    }
}

/// The points as a path, one decimal each, each after the first as the step from the one before.
fn path(points: &[(f64, f64)]) -> String {
    let tenths = |(x, y): (f64, f64)| (tenths(x), tenths(y));
    let mut path = String::new();
    let mut last = (0, 0);
    for (i, (x, y)) in points.iter().copied().map(tenths).enumerate() {
        if i == 0 {
            let _ = write!(path, "M{} {}l", of_tenths(x), of_tenths(y));
        } else if (x, y) != last {
            if !path.ends_with('l') {
                path.push(' ');
            }
            let _ = write!(path, "{} {}", of_tenths(x - last.0), of_tenths(y - last.1));
        }
        last = (x, y);
    }
    if path.ends_with('l') {
        path.push_str("0 0");
    }
    path
}

/// Tenths of a unit; what is beyond any canvas, or no number, stands at its edge.
fn tenths(value: f64) -> i64 {
    (value.clamp(-1e5, 1e5) * 10.0).round() as i64
}

fn of_tenths(tenths: i64) -> String {
    let (sign, size) = (if tenths < 0 { "-" } else { "" }, tenths.abs());
    match (size / 10, size % 10) {
        (whole, 0) => format!("{sign}{whole}"),
        (0, part) => format!("{sign}.{part}"),
        (whole, part) => format!("{sign}{whole}.{part}"),
    }
}

fn number(value: f64) -> String {
    of_tenths(tenths(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_go_in_steps_of_tenths() {
        let mut picture = Picture::new(10.0, 5.0, "t", "a");
        picture.line("bt", &[(1.0, 2.0), (1.04, 2.0), (2.5, 1.5), (2.5, -0.26)]);
        assert!(
            picture.inline().contains(r#"<path class="bt" d="M1 2l1.5 -.5 0 -1.8"/>"#),
            "{}",
            picture.inline()
        );
        let before = picture.inline();
        picture.line("bt", &[(1.0, 2.0)]);
        picture.rect("bt", (0.0, 0.0), (0.0, 3.0));
        assert_eq!(picture.inline(), before);
    }

    #[test]
    fn what_a_file_says_stays_text() {
        let hostile = "<script>\"'&\u{202e}\u{0}\u{200f}";
        let mut picture = Picture::new(1.0, 1.0, hostile, hostile);
        picture.text("note", Anchor::End, (f64::NAN, 1e300), hostile);
        picture.hinted(hostile, |picture| picture.dot("bt", (0.0, 0.0), 1.0));
        assert!(picture.inline().contains(r#"x="-0" "#) || picture.inline().contains(r#"x="0" y="100000""#));
        for text in [picture.inline(), picture.file()] {
            assert!(
                !text.contains("<script>") && !text.contains('\u{202e}') && !text.contains('\u{0}'),
                "{text}"
            );
            assert!(text.contains(r"&lt;script&gt;&quot;&#39;&amp;\u{202e}\u{0}\u{200f}"), "{text}");
        }
    }
}

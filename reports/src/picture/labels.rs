//! Words on a picture that keep out of each other's way.

use unicode_width::UnicodeWidthStr;

use super::svg::{Anchor, Picture};

/// About how wide a text stands, units: the letters of the style's font, a little too wide rather than too narrow.
#[must_use]
pub fn text_width(text: &str) -> f64 {
    6.6 * text.width() as f64
}

/// Lines with their names side by side from `at` to the right, so that no line is known by its colour alone.
///
/// - `all`: class and name of each.
pub fn legend(picture: &mut Picture, at: (f64, f64), all: &[(&str, &str)]) {
    let (mut x, y) = at;
    for (class, name) in all {
        if class.starts_with("fill-") || class.starts_with("band") {
            picture.rect(class, (x, y - 9.0), (18.0, 10.0));
        } else {
            picture.line(class, &[(x, y - 4.0), (x + 18.0, y - 4.0)]);
        }
        picture.text("name", Anchor::Start, (x + 22.0, y), name);
        x += 22.0 + text_width(name) + 10.0;
    }
}

/// Where labels go that are each to stand at a place along a line: the middle of each, moved as little as keeps it
/// between the ends, and the row it takes, 0 first, so that no two of a row touch.
///
/// - `wanted`: place and width of each, in order of place.
#[must_use]
pub fn stacked(wanted: &[(f64, f64)], ends: (f64, f64)) -> Vec<(f64, usize)> {
    const BETWEEN: f64 = 5.0;
    let mut taken: Vec<f64> = Vec::new();
    let mut place = |(at, width): &(f64, f64)| {
        let middle = at.min(ends.1 - width / 2.0).max(ends.0 + width / 2.0);
        let (start, end) = (middle - width / 2.0, middle + width / 2.0);
        let row = taken.iter().position(|taken| *taken + BETWEEN <= start).unwrap_or(taken.len());
        match taken.get_mut(row) {
            Some(taken) => *taken = end,
            None => taken.push(end),
        }
        (middle, row)
    };
    wanted.iter().map(&mut place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_a_row_never_touch() {
        let places =
            stacked(&[(0.0, 20.0), (12.0, 20.0), (40.0, 20.0), (99.0, 20.0), (99.0, 20.0)], (0.0, 100.0));
        assert_eq!(places, [(10.0, 0), (12.0, 1), (40.0, 0), (90.0, 0), (90.0, 1)]);
    }

    #[test]
    fn a_legend_names_each_line_after_the_one_before() {
        let mut picture = Picture::new(200.0, 20.0, "t", "a");
        legend(&mut picture, (0.0, 12.0), &[("bt", "BT"), ("band", "half")]);
        let svg = picture.inline();
        assert!(svg.contains(r#"d="M0 8l18 0""#) && svg.contains(r#"x="22" y="12">BT<"#), "{svg}");
        assert!(svg.contains(r#"<rect class="band" x="45.2" y="3""#), "{svg}");
    }
}

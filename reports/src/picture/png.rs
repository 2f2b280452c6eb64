//! A picture in dots: the same bytes on every machine, as the font comes with the program.

use std::sync::Arc;

use resvg::{tiny_skia, usvg};

use super::svg::Picture;

/// Dots of the image for each unit of the picture, across and down.
const DOTS: f32 = 2.0;

/// Letters of Latin, Greek and Cyrillic scripts; others are left empty. `assets/fonts/README.md` says how it was made.
const FONT: &[u8] = include_bytes!("../../assets/fonts/DejaVuSans-part.ttf");

/// Its name.
const FAMILY: &str = "DejaVu Sans";

/// Why there is no image of a picture.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PngError {
    /// The picture is no sound SVG.
    #[error("the picture cannot be read back as SVG")]
    Svg(#[source] usvg::Error),
    /// The picture has no area, or more than there is memory for.
    #[error("a picture of {width} by {height} units gives no image")]
    Size {
        /// Units across.
        width: f32,
        /// Units down.
        height: f32,
    },
    /// The image could not be packed.
    #[error("the image could not be packed as PNG: {0}")]
    Packed(String),
}

/// The picture on light paper as a PNG image, two dots to a unit.
///
/// # Errors
/// A [`PngError`] when the picture has no size or is no sound SVG.
pub fn png(picture: &Picture) -> Result<Vec<u8>, PngError> {
    let mut options = usvg::Options { font_family: FAMILY.to_owned(), ..usvg::Options::default() };
    let fonts = Arc::make_mut(&mut options.fontdb);
    fonts.load_font_data(FONT.to_vec());
    fonts.set_sans_serif_family(FAMILY);
    let tree = usvg::Tree::from_str(&picture.file(), &options).map_err(PngError::Svg)?;
    let (width, height) = (tree.size().width(), tree.size().height());
    let dots = |units: f32| (units * DOTS).ceil() as u32;
    let mut image =
        tiny_skia::Pixmap::new(dots(width), dots(height)).ok_or(PngError::Size { width, height })?;
    resvg::render(&tree, tiny_skia::Transform::from_scale(DOTS, DOTS), &mut image.as_mut());
    image.encode_png().map_err(|error| PngError::Packed(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Anchor;

    fn pixels(picture: &Picture) -> tiny_skia::Pixmap {
        tiny_skia::Pixmap::decode_png(&png(picture).expect("an image")).expect("it is PNG")
    }

    #[test]
    fn an_image_is_twice_the_picture_and_shows_lines_in_their_inks_and_words() {
        let mut picture = Picture::new(100.0, 50.0, "t", "a");
        let blank = pixels(&picture);
        assert_eq!((blank.width(), blank.height()), (200, 100));
        let white = |image: &tiny_skia::Pixmap| {
            image
                .pixels()
                .iter()
                .filter(|dot| (dot.red(), dot.green(), dot.blue(), dot.alpha()) == (255, 255, 255, 255))
                .count()
        };
        assert_eq!(white(&blank), 200 * 100);
        picture.line("bt", &[(0.0, 25.0), (100.0, 25.0)]);
        let lined = pixels(&picture);
        let on = lined.pixel(100, 50).expect("within");
        assert!(on.blue() > 150 && on.red() < 60, "BT is blue: {on:?}");
        picture.text("name", Anchor::Start, (5.0, 15.0), "°C");
        let written = pixels(&picture);
        assert!(white(&written) + 30 < white(&lined), "words leave no dots");
    }

    #[test]
    fn letters_that_the_font_lacks_stop_nothing_and_bytes_are_the_same_twice() {
        let mut picture = Picture::new(60.0, 20.0, "埃塞", "\u{202e}");
        picture.text("name", Anchor::End, (50.0, 15.0), "埃塞 \u{1f600} \u{202e}\u{0} \u{10ffff} \u{e000}");
        assert_eq!(png(&picture).expect("an image"), png(&picture).expect("an image"));
        assert!(matches!(
            png(&Picture::new(0.0, 20.0, "", "")),
            Err(PngError::Svg(_) | PngError::Size { .. })
        ));
    }
}

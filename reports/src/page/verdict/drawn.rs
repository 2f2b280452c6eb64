//! A picture drawn twice: for wide paper and for a telephone, whose names stand over the rows and not beside them.

use crate::page::Figure;
use crate::picture::Picture;

/// Width of the wide drawing, units; about as many dots on a screen.
const WIDE: f64 = 1_120.0;
/// Width of the narrow one.
const NARROW: f64 = 360.0;

/// How a picture is laid out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Layout {
    /// The whole width, units.
    pub width: f64,
    /// Whether names stand over rows.
    pub is_narrow: bool,
}

/// A figure in both drawings. That in a file is the wide one.
#[derive(Clone, Debug)]
pub(super) struct Drawn {
    /// The wide drawing with its name and caption.
    pub figure: Figure,
    /// The narrow one; the same picture where None.
    pub narrow: Option<Picture>,
}

impl Drawn {
    /// What `draw` makes of both layouts.
    pub(super) fn twice(id: &str, caption: &str, draw: impl Fn(Layout) -> Picture) -> Self {
        let narrow = draw(Layout { width: NARROW, is_narrow: true });
        let picture = draw(Layout { width: WIDE, is_narrow: false });
        Self {
            figure: Figure { id: id.to_owned(), picture, caption: caption.to_owned() },
            narrow: Some(narrow),
        }
    }

    /// One drawing that stands on any paper.
    pub(super) fn once(id: &str, caption: &str, picture: Picture) -> Self {
        Self { figure: Figure { id: id.to_owned(), picture, caption: caption.to_owned() }, narrow: None }
    }
}

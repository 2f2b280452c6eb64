//! Pictures in lines: SVG that stands in a page or in a file of its own.

mod chart;
mod ink;
mod labels;
#[cfg(feature = "png")]
mod png;
mod scale;
mod svg;

pub use chart::{Chart, Margins};
pub use ink::{page_style, picture_style};
pub use labels::{legend, stacked, text_width};
#[cfg(feature = "png")]
pub use png::{PngError, png};
pub use scale::{Axis, Labels};
pub use svg::{Anchor, Picture};

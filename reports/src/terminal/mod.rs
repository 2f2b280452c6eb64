//! Text for a terminal: safe words, aligned tables, and curves drawn with dots.

mod canvas;
mod curves;
mod pair;
mod scale;
mod table;
mod words;

pub use canvas::{Canvas, LAYERS, Texture};
pub(crate) use curves::mark_name;
pub use curves::{Look, curves};
pub use pair::pair;
pub(crate) use scale::Scale;
pub use table::{Align, table};
pub(crate) use words::tail;
pub use words::{clean, shell_word, width};

//! What pages are made of: facts, tables and figures, and the style.

use crate::picture::{Picture, page_style};

/// The style of every page: inks, pictures, then the page itself.
#[must_use]
pub fn style() -> String {
    page_style() + include_str!("../../assets/page.css") + include_str!("../../assets/verdict.css")
}

/// How something stands, shown by colour and always by a word or a sign besides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Neither good nor bad.
    #[default]
    Plain,
    /// As it should be.
    Pass,
    /// Wants a look.
    Warn,
    /// As it must not be.
    Fail,
    /// Beside the point.
    Soft,
}

impl Tone {
    /// The class that the style knows it by.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Fail => "fail",
            Self::Soft => "soft",
        }
    }
}

/// One number or word under its name, as they stand in a row at the top of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it is.
    pub name: String,
    /// The value with its unit.
    pub value: String,
    /// What there is to say besides; may be empty.
    pub note: String,
    /// How it stands.
    pub tone: Tone,
}

/// One cell of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// What it says.
    pub text: String,
    /// Where it leads: the `id` of something on the same page; empty for nowhere.
    pub to: String,
    /// How it stands.
    pub tone: Tone,
}

impl Cell {
    /// A cell that says this and no more.
    #[must_use]
    pub fn of(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// The same with a tone.
    #[must_use]
    pub fn toned(text: impl Into<String>, tone: Tone) -> Self {
        Self { text: text.into(), tone, ..Self::default() }
    }
}

/// A table: a caption, columns, and rows of as many cells. The first cell of a row names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grid {
    /// What it is a table of.
    pub caption: String,
    /// The columns by name, and whether they hold numbers, which stand to the right.
    pub columns: Vec<(String, bool)>,
    /// Its rows.
    pub rows: Vec<Vec<Cell>>,
}

impl Grid {
    /// A table without rows; names that begin with `#` are columns of numbers, the sign is not shown.
    #[must_use]
    pub fn new(caption: &str, columns: &[&str]) -> Self {
        let column = |name: &&str| (name.trim_start_matches('#').to_owned(), name.starts_with('#'));
        Self { caption: caption.to_owned(), columns: columns.iter().map(column).collect(), rows: vec![] }
    }

    /// Whether the column at `index` holds numbers.
    #[must_use]
    pub fn is_number(&self, index: &usize) -> bool {
        self.columns.get(*index).is_some_and(|(_, is_number)| *is_number)
    }
}

/// A picture with its name in the page, and the words under it.
#[derive(Clone, Debug)]
pub struct Figure {
    /// Its name in the page, by which `#name` leads to it, and that of its file: letters, digits and `-`.
    pub id: String,
    /// The picture.
    pub picture: Picture,
    /// What to see in it.
    pub caption: String,
}

//! A page as a row of sections, each of blocks: what is on it, apart from how it is set.

use askama::Template;

use super::parts::{Fact, Figure, Grid, Tone};

/// A page that was made.
#[derive(Clone, Debug)]
pub struct Page {
    /// The file, whole.
    pub html: String,
    /// The figures in it, in its order.
    pub figures: Vec<Figure>,
}

/// One piece of a section.
#[derive(Clone, Debug)]
pub(super) enum Block {
    /// A heading within the section.
    Heading(String),
    /// A paragraph.
    Text(String),
    /// What there is to say first: a word and a sentence.
    Strip {
        /// How it stands.
        tone: Tone,
        /// The word.
        word: String,
        /// The sentence.
        text: String,
    },
    /// Numbers under their names.
    Facts(Vec<Fact>),
    /// Figures side by side.
    Figures {
        /// How wide they stand: `pair`, `panels` or `single`.
        class: &'static str,
        /// The figures.
        figures: Vec<Figure>,
    },
    /// A table.
    Table(Grid),
    /// A table that opens when asked for.
    Folded {
        /// What is in it.
        summary: String,
        /// The table.
        table: Grid,
    },
}

/// A part of the page with a heading of its own.
#[derive(Clone, Debug)]
pub(super) struct Section {
    /// Its name in the page: letters, digits and `-`.
    pub id: String,
    /// Its heading.
    pub name: String,
    /// What is in it.
    pub blocks: Vec<Block>,
}

/// A page of sections.
#[derive(Template)]
#[template(path = "sections.html")]
pub(super) struct Sections<'a> {
    /// Its heading.
    pub title: &'a str,
    /// What kind of report it is.
    pub kind: &'a str,
    /// What it is about, in a sentence.
    pub lead: &'a str,
    /// Where each section is, by id and name.
    contents: Vec<(String, String)>,
    /// The sections.
    sections: &'a [Section],
    /// What it was made from.
    pub footer: &'a str,
}

impl<'a> Sections<'a> {
    /// The page of `sections`.
    ///
    /// # Errors
    /// None that is known: the text goes to memory.
    pub(super) fn page(
        [title, kind, lead, footer]: [&'a str; 4],
        sections: &'a [Section],
    ) -> Result<Page, askama::Error> {
        let contents = sections.iter().map(|section| (section.id.clone(), section.name.clone())).collect();
        let html = Sections { title, kind, lead, contents, sections, footer }.render()?;
        let blocks = sections.iter().flat_map(|section| &section.blocks);
        let figures = blocks.filter_map(|block| match block {
            Block::Figures { figures, .. } => Some(figures.clone()),
            _ => None,
        });
        Ok(Page { html, figures: figures.flatten().collect() })
    }
}

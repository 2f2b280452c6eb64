//! Text as it may stand in HTML and SVG, whoever wrote it.

use std::fmt::{self, Write};

use crate::terminal::clean;

/// The rule that the templates escape by: [`escaped`].
#[derive(Clone, Copy, Debug)]
pub struct Markup;

impl askama::filters::Escaper for Markup {
    fn write_escaped_str<W: Write>(&self, mut dest: W, text: &str) -> fmt::Result {
        dest.write_str(&escaped(text))
    }
}

/// A text as it may stand in markup, between tags and in quotes: nothing of it is markup, and what hides
/// or turns the direction of writing is written out as on a terminal.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in clean(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// The text in at most `columns` characters, with `…` where its end is gone.
#[must_use]
pub fn shortened(text: &str, columns: usize) -> String {
    if text.chars().count() <= columns {
        return text.to_owned();
    }
    let kept: String = text.chars().take(columns.saturating_sub(1)).collect();
    format!("{kept}…")
}

/// The text with its first letter large.
pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_file_says_is_markup() {
        let hostile = "<script>\"'&\u{202e}\u{0}\u{200f}";
        assert_eq!(escaped(hostile), r"&lt;script&gt;&quot;&#39;&amp;\u{202e}\u{0}\u{200f}");
        assert_eq!(escaped("Äthiopien 埃塞 – 8 °C"), "Äthiopien 埃塞 – 8 °C");
    }

    #[test]
    fn long_texts_say_that_they_go_on() {
        assert_eq!((shortened("guji", 4), shortened("gujis", 4)), ("guji".to_owned(), "guj…".to_owned()));
    }
}

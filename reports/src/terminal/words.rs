//! Words from outside, made safe to print: file names, titles and notes are written by anyone.

use std::fmt::Write;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The text with everything that could move the cursor, change colours or reverse the reading
/// order written out as an escape: `\n`, `\u{1b}`.
#[must_use]
pub fn clean(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => safe.extend(c.escape_default()),
            _ if is_unsafe(c) => {
                // Writing to a string cannot fail.
                let _ = write!(safe, "{}", c.escape_unicode());
            }
            _ => safe.push(c),
        }
    }
    safe
}

/// `text` as one word of a shell: in single quotes where it has anything that a shell reads otherwise.
#[must_use]
pub fn shell_word(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./#".contains(c);
    if !text.is_empty() && !text.starts_with('#') && text.chars().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

/// Controls, marks of direction, line and paragraph ends, and what takes no room.
fn is_unsafe(c: char) -> bool {
    let is_direction = matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}');
    c.is_control() || is_direction
}

/// How many columns the text takes on a terminal.
#[must_use]
pub fn width(text: &str) -> usize {
    text.width()
}

/// The text cut to at most `columns`, with `…` where something is gone: the beginning, as the end
/// of a path says more.
#[must_use]
pub(crate) fn tail(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut room = columns.saturating_sub(1);
    let mut from = text.len();
    for (at, c) in text.char_indices().rev() {
        let Some(left) = room.checked_sub(c.width().unwrap_or(0)) else { break };
        (room, from) = (left, at);
    }
    format!("…{}", &text[from..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_name_reaches_the_terminal_as_a_command() {
        let name = "a\u{1b}[2J\u{7}b\nc\u{9b}31m\u{202e}gola.\u{200b}";
        let safe = clean(name);
        assert_eq!(safe, r"a\u{1b}[2J\u{7}b\nc\u{9b}31m\u{202e}gola.\u{200b}");
        assert!(safe.chars().all(|c| c.is_ascii_graphic()));
        assert_eq!(clean("Äthiopien Guji 埃塞.alog"), "Äthiopien Guji 埃塞.alog");
    }

    #[test]
    fn a_word_of_a_shell_stays_one_word() {
        assert_eq!(shell_word("golden/first.toml"), "golden/first.toml");
        assert_eq!(shell_word("mine=cmd:python3 it's.py"), r"'mine=cmd:python3 it'\''s.py'");
        assert_eq!(shell_word("$(reboot)"), "'$(reboot)'");
        assert_eq!((&*shell_word("day#2"), &*shell_word("#2"), &*shell_word("")), ("day#2", "'#2'", "''"));
    }

    #[test]
    fn a_long_name_keeps_its_end() {
        assert_eq!(tail("roasts/2024/guji.alog", 10), "…guji.alog");
        assert_eq!(tail("埃塞俄比亚", 5), "…比亚");
        assert_eq!(tail("short", 5), "short");
    }
}

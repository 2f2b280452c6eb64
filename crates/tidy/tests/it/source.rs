//! Rust source without what is not code, so that words can be counted.

/// The same text with comments, strings and character literals blanked by spaces; lines stay where
/// they are.
pub(crate) fn code_only(source: &str) -> String {
    let bytes = source.as_bytes();
    let mut code = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = at + length_of_other(source, at);
        for byte in &mut code[at..end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        at = end.max(at + 1);
    }
    String::from_utf8(code).expect("whole characters are kept or blanked")
}

/// How many bytes from `at` are comment or literal; 0 when code stands there.
fn length_of_other(source: &str, at: usize) -> usize {
    let Some(rest) = source.get(at..) else {
        // Within a character, which only code can hold here: an identifier.
        return 0;
    };
    let in_word = source[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return block_comment(rest);
    }
    let raw = rest.trim_start_matches(['b', 'c', 'r']);
    let prefix = rest.len() - raw.len();
    let hashes = raw.len() - raw.trim_start_matches('#').len();
    if raw[hashes..].starts_with('"') && (prefix == 0 || !in_word) && prefix <= 2 {
        if rest[..prefix].contains('r') {
            let close = format!("\"{}", "#".repeat(hashes));
            let body = prefix + hashes + 1;
            return rest[body..].find(&close).map_or(rest.len(), |found| body + found + close.len());
        }
        if hashes == 0 {
            return prefix + quoted(raw, '"');
        }
    }
    // A quote begins a character when one closes it, and a lifetime when none does.
    let is_character = rest.starts_with("'\\") || rest.chars().nth(2) == Some('\'');
    if rest.starts_with('\'') && is_character { quoted(rest, '\'') } else { 0 }
}

fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

fn block_comment(rest: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        match &rest.as_bytes()[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] if depth == 1 => return at + 2,
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    rest.len()
}

/// Whether `word` stands in the text with no letter, digit or `_` on either side.
pub(crate) fn has_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word)
        .any(|(at, _)| !text[..at].ends_with(is_part) && !text[at + word.len()..].starts_with(is_part))
}

#[test]
fn comments_and_literals_are_blanked() {
    for (source, code) in [
        ("a // b\nc", "a     \nc"),
        ("/* a /* b */ c */d", "                 d"),
        (r#"f("a\"{", 'x', '\'', "é")"#, "f(      ,    ,     ,     )"),
        ("r#\"a\"b\"# + br\"c\" + r", "         +       + r"),
        ("fn f<'a>(x: &'a str) {}", "fn f<'a>(x: &'a str) {}"),
        ("number\"a\"", "number   "),
        ("r#fn", "r#fn"),
    ] {
        assert_eq!(code_only(source), code, "{source}");
    }
    assert!(has_word("use rand::Rng;", "rand") && !has_word("operand rand_x", "rand"));
}

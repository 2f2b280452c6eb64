//! Sizes: no file and no function longer than a reader holds in mind.

use std::collections::BTreeMap;

use toml::Table;

use crate::repo::{Files, assert_none, files, made_up};
use crate::source::code_only;

const FILE_LINES: usize = 500;
const FUNCTION_LINES: usize = 70;
const RATCHET: &str = "crates/tidy/ratchet.toml";

/// Functions of a source with their length from `fn` to the closing brace, lines. Names repeat
/// when methods do; the longest counts.
fn functions(source: &str) -> BTreeMap<String, usize> {
    let code = code_only(source);
    let mut found = BTreeMap::new();
    for (at, _) in code.match_indices("fn ") {
        let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '#';
        let rest = &code[at + 3..];
        let name: String =
            rest.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if name.is_empty() || code[..at].ends_with(is_part) {
            continue;
        }
        if let Some(length) = body_end(rest).map(|end| rest[..end].matches('\n').count() + 1) {
            let longest: &mut usize = found.entry(name).or_default();
            *longest = length.max(*longest);
        }
    }
    found
}

/// Where the body that follows a function's name ends; nowhere when `;` comes before any brace.
fn body_end(rest: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut brackets = 0_usize;
    for (at, c) in rest.char_indices() {
        match c {
            '[' | '(' if depth == 0 => brackets += 1,
            ']' | ')' if depth == 0 => brackets = brackets.saturating_sub(1),
            ';' if depth == 0 && brackets == 0 => return None,
            '{' => depth += 1,
            '}' if depth <= 1 => return Some(at),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Everything over its limit, as `path` or `path::function`, with its lines.
fn over(files: &Files) -> [BTreeMap<String, usize>; 2] {
    let sources = || files.iter().filter(|(path, _)| path.ends_with(".rs"));
    let long = sources()
        .map(|(path, text)| (path.clone(), text.lines().count()))
        .filter(|(_, lines)| *lines > FILE_LINES)
        .collect();
    let deep = sources()
        .flat_map(|(path, text)| {
            functions(text).into_iter().map(move |(name, lines)| (format!("{path}::{name}"), lines))
        })
        .filter(|(_, lines)| *lines > FUNCTION_LINES)
        .collect();
    [long, deep]
}

fn check(files: &Files) -> Vec<String> {
    let ratchet: Table = files[RATCHET].parse().expect("the ratchet is TOML");
    let mut wrong = Vec::new();
    for (kind, limit, over) in [("files", FILE_LINES), ("functions", FUNCTION_LINES)]
        .into_iter()
        .zip(over(files))
        .map(|((kind, limit), over)| (kind, limit, over))
    {
        let allowed: BTreeMap<&str, usize> = ratchet[kind]
            .as_table()
            .expect("a table of names")
            .iter()
            .map(|(name, lines)| (name.as_str(), lines.as_integer().expect("lines") as usize))
            .collect();
        for (name, lines) in &over {
            match allowed.get(name.as_str()) {
                None => wrong.push(format!("{name} has {lines} lines, over {limit}: split it")),
                Some(was) if lines > was => {
                    wrong.push(format!("{name} has {lines} lines, grown from {was} in {RATCHET}: split it"));
                }
                Some(was) if lines < was => {
                    wrong.push(format!("{name} has {lines} lines: lower its {was} in {RATCHET}"));
                }
                Some(_) => {}
            }
        }
        let done = allowed.keys().filter(|name| !over.contains_key(**name));
        wrong.extend(done.map(|name| format!("{name} is within {limit} lines: take it out of {RATCHET}")));
    }
    wrong
}

#[test]
fn the_repository_keeps_its_sizes() {
    assert_none(&check(&files()));
}

#[test]
fn the_ratchet_only_goes_down() {
    let long = "\n".repeat(510);
    let deep = format!("fn deep() {{{}}}\nfn flat() {{}}", "\n".repeat(80));
    let checked = |ratchet: &str| check(&made_up(&[("a.rs", &long), ("b.rs", &deep), (RATCHET, ratchet)]));
    assert_eq!(
        checked("[files]\n[functions]"),
        ["a.rs has 510 lines, over 500: split it", "b.rs::deep has 81 lines, over 70: split it"]
    );
    assert_none(&checked("[files]\n'a.rs' = 510\n[functions]\n'b.rs::deep' = 81"));
    assert_eq!(
        checked("[files]\n'a.rs' = 509\n[functions]\n'b.rs::deep' = 82\n'b.rs::flat' = 90"),
        [
            "a.rs has 510 lines, grown from 509 in crates/tidy/ratchet.toml: split it",
            "b.rs::deep has 81 lines: lower its 82 in crates/tidy/ratchet.toml",
            "b.rs::flat is within 70 lines: take it out of crates/tidy/ratchet.toml",
        ]
    );
}

#[test]
fn functions_are_measured_to_their_brace() {
    let source = "
        trait T { fn none(&self, a: [u8; 3]); fn one() {} }
        fn two<F: Fn(u8) -> u8>(f: F) where F: Copy {
            let s = \"}\"; }
        // fn comment() {
        fn nested() {
            fn inner() {
            }
        }
        type F = fn (u8);
    ";
    let found: Vec<(String, usize)> = functions(source).into_iter().collect();
    let expected = [("inner", 2), ("nested", 4), ("one", 1), ("two", 2)];
    assert_eq!(found, expected.map(|(name, lines)| (name.to_owned(), lines)));
}

//! Links and paths in the documents: each leads somewhere.

use std::collections::BTreeSet;

use crate::repo::{Files, assert_none, files, made_up};

/// Folders and files of the root: what begins with one of these and a `/` is meant as a path.
const FOLDERS: [&str; 10] =
    ["src", "sim", "pipeline", "eval", "reports", "scenarios", "golden", "crates", "docs", "tests"];

fn is_document(path: &str) -> bool {
    let in_docs = path.starts_with("docs/") && path.ends_with(".md");
    in_docs || ["README.md", "CHANGELOG.md"].contains(&path)
}

/// Lines outside fenced code, counted from 1.
fn prose(text: &str) -> Vec<(usize, &str)> {
    let mut fenced = false;
    let mut lines = Vec::new();
    for (number, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            lines.push((number + 1, line));
        }
    }
    lines
}

/// A line's text in backticks, and the line with it blanked.
fn split_code(line: &str) -> (Vec<&str>, String) {
    let parts: Vec<&str> = line.split('`').collect();
    let code = parts.iter().skip(1).step_by(2).copied().collect();
    let rest = parts.iter().step_by(2).copied().collect::<Vec<_>>().join("code");
    (code, rest)
}

/// The anchor GitHub gives a heading: lower case, letters, digits, `-` and `_`, spaces as `-`.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (_, line) in prose(text) {
        let title = line.trim_start_matches('#');
        if title.len() == line.len() || !title.starts_with(' ') {
            continue;
        }
        let kept = |c: char| match c {
            ' ' => Some('-'),
            c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c),
            _ => None,
        };
        let slug: String = title.trim().to_lowercase().chars().filter_map(kept).collect();
        let again = (1..).map(|n| format!("{slug}-{n}"));
        let free = std::iter::once(slug.clone()).chain(again).find(|slug| !found.contains(slug));
        found.extend(free);
    }
    found
}

/// A relative target seen from a document's folder, with `.` and `..` worked out; `None` when it
/// leaves the repository.
fn resolved(document: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = document.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

fn exists(files: &Files, path: &str) -> bool {
    let folder = format!("{path}/");
    files.contains_key(path) || files.keys().any(|file| file.starts_with(&folder))
}

fn targets(line: &str) -> Vec<&str> {
    let inline = line.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0));
    let reference = line.strip_prefix('[').and_then(|rest| Some(rest.split_once("]: ")?.1));
    inline.chain(reference).filter_map(|target| target.split_whitespace().next()).collect()
}

fn bad_target(files: &Files, document: &str, target: &str) -> Option<String> {
    let is_elsewhere = ["http://", "https://", "mailto:"].iter().any(|scheme| target.starts_with(scheme));
    if is_elsewhere {
        return None;
    }
    let (path, anchor) = target.split_once('#').map_or((target, None), |(path, at)| (path, Some(at)));
    let Some(path) = (if path.is_empty() { Some(document.to_owned()) } else { resolved(document, path) })
    else {
        return Some(format!("{target} leaves the repository"));
    };
    if !exists(files, &path) {
        return Some(format!("{target} leads nowhere"));
    }
    let found = |anchor| files.get(&path).is_some_and(|text| anchors(text).contains(anchor));
    anchor.filter(|anchor| !found(*anchor)).map(|anchor| format!("{path} has no heading for #{anchor}"))
}

/// What is wrong with text in backticks, if it is meant as a path of ours: `sim/src/run.rs`,
/// `docs/`, `golden/first.toml:12`. Patterns (`*`, `<name>`, `{a,b}`) are not looked at.
fn bad_path(files: &Files, code: &str) -> Option<String> {
    let is_pattern = code.contains([' ', '*', '<', '{', '$', '(', '…']) || code.contains("..");
    let first = code.split_once('/')?.0;
    if is_pattern || !FOLDERS.contains(&first) {
        return None;
    }
    let path = code.split([':', '#']).next().unwrap_or(code).trim_end_matches('/');
    (!exists(files, path)).then(|| format!("`{code}` is not there"))
}

fn check(files: &Files) -> Vec<String> {
    let documents = files.iter().filter(|(path, _)| is_document(path));
    documents
        .flat_map(|(document, text)| {
            prose(text).into_iter().flat_map(move |(number, line)| {
                let (code, rest) = split_code(line);
                let links = targets(&rest).into_iter().filter_map(|t| bad_target(files, document, t));
                // The log of changes names files that later changes removed.
                let paths = code.into_iter().filter(|_| document != "CHANGELOG.md");
                let wrong: Vec<String> =
                    links.chain(paths.filter_map(|code| bad_path(files, code))).collect();
                wrong.into_iter().map(move |wrong| format!("{document}:{number}: {wrong}"))
            })
        })
        .collect()
}

#[test]
fn the_documents_of_the_repository_lead_somewhere() {
    assert_none(&check(&files()));
}

#[test]
fn links_that_lead_nowhere_are_seen() {
    let readme = "# Trier\n[ok](docs/a.md#two-words--more) [gone](docs/b.md) [head](docs/a.md#three)\n\
        [out](../shared/x.md) [self](#trier) [web](https://example.org/x#y) [dir](docs)\n\
        `sim/src/run.rs` `sim/src/gone.rs` `sim/*.rs` `gone/x.rs` `docs/` `[x](y)`\n\
        ```\n[in code](gone.md)\n```\n[ref]: docs/gone.md\n";
    let a = "# One\n## Two words & more\n## One\n[up](../README.md) [again](#one-1) [no](#one-2)";
    let files = made_up(&[
        ("README.md", readme),
        ("docs/a.md", a),
        ("sim/src/run.rs", ""),
        ("CHANGELOG.md", "`sim/src/gone.rs` was removed [x](y)"),
        ("sim/notes.md", "[not](read)"),
    ]);
    assert_eq!(
        check(&files),
        [
            "CHANGELOG.md:1: y leads nowhere",
            "README.md:2: docs/b.md leads nowhere",
            "README.md:2: docs/a.md has no heading for #three",
            "README.md:3: ../shared/x.md leaves the repository",
            "README.md:4: `sim/src/gone.rs` is not there",
            "README.md:8: docs/gone.md leads nowhere",
            "docs/a.md:4: docs/a.md has no heading for #one-2",
        ]
    );
}

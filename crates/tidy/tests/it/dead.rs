//! Dead files: source nobody declares, data nobody names, snapshots nobody takes, empty folders.

use std::collections::BTreeSet;

use crate::repo::{Files, assert_none, files, made_up, walk};
use crate::source::code_only;

/// Data that stands for itself: a person runs it, or its whole folder, by name.
const ENTRIES: [&str; 4] =
    ["scenarios/first-roast.toml", "scenarios/realism/", "golden/first.toml", "golden/main.toml"];

/// Whether Cargo builds this file by its place.
fn is_root(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        [.., "src", "lib.rs" | "main.rs"] | [.., "build.rs"] => true,
        [.., "tests" | "benches" | "examples", file] | [.., "src", "bin", file] => file.ends_with(".rs"),
        [.., "tests" | "benches" | "examples", _, "main.rs"] | [.., "src", "bin", _, "main.rs"] => true,
        _ => false,
    }
}

/// Where `mod name;` in `path` may be, in the two ways Rust allows.
fn places(path: &str, name: &str) -> [String; 2] {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let own = if is_root(path) || file == "mod.rs" {
        folder.to_owned()
    } else {
        format!("{folder}/{}", file.trim_end_matches(".rs"))
    };
    [format!("{own}/{name}.rs"), format!("{own}/{name}/mod.rs")]
}

fn declared(source: &str) -> Vec<String> {
    let code = code_only(source);
    let words: Vec<&str> = code.split_whitespace().collect();
    words
        .windows(2)
        .filter(|pair| pair[0] == "mod")
        .filter_map(|pair| Some(pair[1].strip_suffix(';')?.to_owned()))
        .collect()
}

fn unreached(files: &Files) -> Vec<String> {
    let mut todo: Vec<String> = files.keys().filter(|path| is_root(path)).cloned().collect();
    let mut reached: BTreeSet<String> = todo.iter().cloned().collect();
    while let Some(path) = todo.pop() {
        for place in declared(&files[&path]).iter().flat_map(|name| places(&path, name)) {
            if files.contains_key(&place) && reached.insert(place.clone()) {
                todo.push(place);
            }
        }
    }
    let sources = files.keys().filter(|path| path.ends_with(".rs"));
    sources
        .filter(|path| !reached.contains(*path))
        .map(|path| format!("{path}: no `mod` declares it, so nothing builds it"))
        .collect()
}

/// Data files that no other file names, by path, file name, or name in quotes.
fn unnamed(files: &Files, entries: &[&str]) -> Vec<String> {
    let is_data = |path: &str| {
        path.ends_with(".toml") && (path.starts_with("scenarios/") || path.starts_with("golden/"))
    };
    let names = |other: &str, text: &str, path: &str| {
        let file = path.rsplit('/').next().unwrap_or(path);
        let stem = file.trim_end_matches(".toml");
        other != path
            && other != "CHANGELOG.md"
            && (text.contains(&format!("\"{stem}\"")) || text.contains(file))
    };
    let is_entry =
        |path: &str| entries.iter().any(|e| *e == path || (e.ends_with('/') && path.starts_with(e)));
    files
        .keys()
        .filter(|path| is_data(path) && !is_entry(path))
        .filter(|path| !files.iter().any(|(other, text)| names(other, text, path)))
        .map(|path| format!("{path}: no other file names it"))
        .collect()
}

/// Snapshots whose test is gone: the file a snapshot says it is from must hold a function, or a
/// name in quotes, of the snapshot's name.
fn stale_snapshots(files: &Files) -> Vec<String> {
    let is_stale = |path: &str, text: &str| {
        let name = path.rsplit("__").next().unwrap_or(path).trim_end_matches(".snap");
        let unnumbered = name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('-');
        let source = text.lines().find_map(|line| line.strip_prefix("source: "));
        !source.and_then(|source| files.get(source)).is_some_and(|source| {
            [name, unnumbered].iter().any(|name| {
                source.contains(&format!("fn {name}(")) || source.contains(&format!("\"{name}\""))
            })
        })
    };
    files
        .iter()
        .filter(|(path, text)| path.ends_with(".snap") && is_stale(path, text))
        .map(|(path, _)| format!("{path}: no test takes this snapshot"))
        .collect()
}

#[test]
fn the_repository_holds_nothing_dead() {
    let (files, empty) = walk();
    let mut wrong = unreached(&files);
    wrong.extend(unnamed(&files, &ENTRIES));
    wrong.extend(stale_snapshots(&files));
    wrong.extend(empty.iter().map(|folder| format!("{folder}/: holds nothing")));
    assert_none(&wrong);
}

#[test]
fn entries_exist() {
    let files = files();
    let gone = ENTRIES.iter().filter(|entry| !files.keys().any(|path| path.starts_with(**entry)));
    assert_none(&gone.map(|path| format!("{path}: an entry that is not there")).collect::<Vec<_>>());
}

#[test]
fn source_that_nothing_declares_is_seen() {
    let files = made_up(&[
        ("sim/src/lib.rs", "pub mod a;\n#[cfg(test)]\nmod b;\n// mod dead;\nmod inline { }"),
        ("sim/src/a.rs", "mod inner;"),
        ("sim/src/a/inner.rs", ""),
        ("sim/src/b/mod.rs", "pub(crate) mod c;"),
        ("sim/src/b/c.rs", ""),
        ("sim/src/dead.rs", "mod deader;"),
        ("sim/src/dead/deader.rs", ""),
        ("sim/src/inner.rs", ""),
        ("sim/tests/it/main.rs", "mod x;"),
        ("sim/tests/it/x.rs", ""),
        ("benches/roast.rs", ""),
    ]);
    let dead: Vec<String> = ["dead", "dead/deader", "inner"]
        .map(|name| format!("sim/src/{name}.rs: no `mod` declares it, so nothing builds it"))
        .to_vec();
    assert_eq!(unreached(&files), dead);
}

#[test]
fn data_that_nothing_names_is_seen() {
    let files = made_up(&[
        ("scenarios/first.toml", "machine = \"gd12\"\nrecipe = '../recipes/slow.toml'"),
        ("scenarios/machines/gd12.toml", "id = \"gd12\""),
        ("scenarios/recipes/slow.toml", ""),
        ("golden/old.toml", "id = \"old\""),
        ("CHANGELOG.md", "removed old.toml"),
    ]);
    assert_eq!(unnamed(&files, &["scenarios/first.toml"]), ["golden/old.toml: no other file names it"]);
}

#[test]
fn snapshots_that_nothing_takes_are_seen() {
    let files = made_up(&[
        ("a/tests/it/x.rs", "fn kept() {} fn quoted() { assert_snapshot!(\"by_name\", 1) }"),
        ("a/tests/it/snapshots/it__x__kept.snap", "---\nsource: a/tests/it/x.rs\n---\n1"),
        ("a/tests/it/snapshots/it__x__kept-2.snap", "---\nsource: a/tests/it/x.rs\n---\n1"),
        ("a/tests/it/snapshots/it__x__by_name.snap", "---\nsource: a/tests/it/x.rs\n---\n1"),
        ("a/tests/it/snapshots/it__x__gone.snap", "---\nsource: a/tests/it/x.rs\n---\n1"),
        ("a/tests/it/snapshots/it__y__kept.snap", "---\nsource: a/tests/it/y.rs\n---\n1"),
    ]);
    let gone = ["it__x__gone", "it__y__kept"];
    let expected = gone.map(|name| format!("a/tests/it/snapshots/{name}.snap: no test takes this snapshot"));
    assert_eq!(stale_snapshots(&files), expected);
}

//! Places: no path of one machine in any file, no roast log but a test's own.

use crate::repo::{Files, assert_none, files, made_up};

/// Folders of one machine or one person. In pieces, or this file would complain of itself.
const HOMES: [&str; 4] = ["work", "root", "home", "Users"];

fn check(files: &Files) -> Vec<String> {
    let mut wrong = Vec::new();
    for (path, text) in files {
        for (number, line) in text.lines().enumerate() {
            wrong.extend(HOMES.into_iter().filter(|home| is_absolute(line, home)).map(|home| {
                format!("{path}:{}: a path below the {home} folder of some machine", number + 1)
            }));
        }
        let is_log = [".alog", ".klog"].iter().any(|end| path.ends_with(end));
        if is_log && !path.starts_with("crates/logs/tests/fixtures/") {
            wrong.push(format!("{path}: logs are kept in crates/logs/tests/fixtures/ only"));
        }
    }
    wrong
}

/// Whether the line holds the folder with nothing before it that would make it part of a longer
/// path. The folder of `somebody` is nobody's: tests of hostile files need one.
fn is_absolute(line: &str, home: &str) -> bool {
    let name = format!("/{home}/");
    let is_path = |c: char| c.is_alphanumeric() || ['/', '.', '_', '-', '~', '$', '}', '>'].contains(&c);
    line.match_indices(&name)
        .any(|(at, _)| !line[..at].ends_with(is_path) && !line[at + name.len()..].starts_with("somebody"))
}

#[test]
fn the_repository_is_of_no_one_machine() {
    assert_none(&check(&files()));
}

#[test]
fn paths_and_logs_out_of_place_are_seen() {
    let path =
        format!("open(\"/{}/me/x\") '/home/somebody'\nhttps://example.org/home/x\nframe/work/y", "home");
    let files = made_up(&[
        ("a.rs", path.as_str()),
        ("golden/a.alog", "{}"),
        ("crates/logs/tests/fixtures/a.alog", "{}"),
    ]);
    assert_eq!(
        check(&files),
        [
            "a.rs:1: a path below the home folder of some machine",
            "golden/a.alog: logs are kept in crates/logs/tests/fixtures/ only",
        ]
    );
}

//! What became of the input files: every one counted, what was repaired or refused said, and
//! marks that no roast took.

use std::collections::BTreeMap;
use std::fmt::Write;

use trier_tables::rows::{FileRow, FindingRow, MarkRow};

use crate::terminal::clean;

/// Outcomes of a file, in the order they are counted.
const OUTCOMES: [&str; 4] = ["read", "repaired", "duplicate", "refused"];

/// Findings that change what a roast counts for though nothing was repaired: whose it is, and
/// whether it teaches.
const OF_NOTE: [&str; 2] = ["simulator_suspect", "no_start_time"];

/// How many files had each outcome, then each that was not just read with what was found: reason,
/// findings. Of a file that was read, findings are said where they change what it counts for.
#[must_use]
pub fn files_text(files: &[FileRow], findings: &[FindingRow]) -> String {
    let count = |outcome: &str| files.iter().filter(|file| &*file.outcome == outcome).count();
    let counts = OUTCOMES.map(|outcome| format!("{} {outcome}", count(outcome)));
    let noun = if files.len() == 1 { "file" } else { "files" };
    let mut text = format!("{} {noun}: {}\n", files.len(), counts.join(", "));
    for file in files {
        let is_read = &*file.outcome == "read";
        let said: Vec<&FindingRow> = findings
            .iter()
            .filter(|finding| finding.source == file.source)
            .filter(|finding| !is_read || OF_NOTE.contains(&&*finding.code))
            .collect();
        if is_read && said.is_empty() {
            continue;
        }
        let reason = file.reason.as_deref().map_or_else(String::new, |reason| format!(": {}", clean(reason)));
        text.push_str(&format!("{:<9} {}{reason}\n", clean(&file.outcome), clean(&file.source)));
        for finding in said {
            text.push_str(&format!("          {}: {}\n", clean(&finding.code), clean(&finding.detail)));
        }
    }
    text
}

/// A line for each source with marks that lie in no session: how many, and which. Empty when there
/// are none. Not the end of cooling, which often comes after a roast is sealed and times nothing.
#[must_use]
pub fn stray_marks_text<'a>(marks: impl Iterator<Item = &'a MarkRow>) -> String {
    let mut stray: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let times = |mark: &&MarkRow| mark.session_id.is_none() && &*mark.kind != "cool_end";
    for mark in marks.filter(times) {
        stray.entry(&mark.source).or_default().push(&mark.kind);
    }
    stray.into_iter().fold(String::new(), |mut text, (source, kinds)| {
        let noun = if kinds.len() == 1 { "mark lies" } else { "marks lie" };
        let (n, kinds) = (kinds.len(), clean(&kinds.join(", ")));
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}: {n} {noun} outside any session: {kinds}", clean(source));
        text
    })
}

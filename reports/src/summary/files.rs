//! What became of the input files: every one counted, and what was repaired or refused said.

use trier_tables::rows::{FileRow, FindingRow};

use crate::terminal::clean;

/// How many files were read, repaired and refused, then each repaired or refused one with what
/// was found: reason, findings.
#[must_use]
pub fn files_text(files: &[FileRow], findings: &[FindingRow]) -> String {
    let count = |outcome: &str| files.iter().filter(|file| &*file.outcome == outcome).count();
    let (read, repaired, refused) = (count("read"), count("repaired"), count("refused"));
    let noun = if files.len() == 1 { "file" } else { "files" };
    let mut text = format!("{} {noun}: {read} read, {repaired} repaired, {refused} refused\n", files.len());
    let to_say = files.iter().filter(|file| file.reason.is_some() || &*file.outcome != "read");
    for file in to_say {
        let reason = file.reason.as_deref().map_or_else(String::new, |reason| format!(": {}", clean(reason)));
        text.push_str(&format!("{:<8}  {}{reason}\n", clean(&file.outcome), clean(&file.source)));
        for finding in findings.iter().filter(|finding| finding.source == file.source) {
            text.push_str(&format!("          {}: {}\n", clean(&finding.code), clean(&finding.detail)));
        }
    }
    text
}

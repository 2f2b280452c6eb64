//! All real roasts at hand, with all their faults: nothing panics, and every file is accounted for.

use std::collections::BTreeSet;
use std::path::PathBuf;

use trier_tables::rows::{FileRow, FindingRow, SessionRow};

use crate::support::{contents, empty_folder, record, repository, rows, sim_ends, skipped};

/// The folder of real roasts; None, said aloud, where it may be absent and is.
fn real_roasts() -> Option<PathBuf> {
    let folder = repository().join("../shared/data/roasts");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "CI needs {}", folder.display());
    skipped(&format!("{} is not there", folder.display()));
    None
}

#[test]
fn every_real_file_is_read_repaired_or_refused_with_a_reason() {
    let Some(roasts) = real_roasts() else { return };
    let folder = empty_folder();
    let out = folder.path().join("all");
    // The folder holds notes and recipes too, which are refused: hence 2.
    let ran = sim_ends(repository(), &format!("run {} --out {}", roasts.display(), out.display()), 2);
    assert_eq!(ran.stderr, format!("written to {}\n", out.display()));

    let files: Vec<FileRow> = rows(&out);
    let there: BTreeSet<String> =
        contents(&roasts).into_iter().filter(|f| f.1.is_some()).map(|f| f.0).collect();
    let told: BTreeSet<String> = files.iter().map(|row| row.source.to_string()).collect();
    assert_eq!(files.len(), there.len(), "a row for each file");
    assert_eq!(told, there);

    let count = |outcome: &str| files.iter().filter(|row| &*row.outcome == outcome).count();
    let (read, repaired, copies, refused) =
        (count("read"), count("repaired"), count("duplicate"), count("refused"));
    assert_eq!(read + repaired + copies + refused, files.len());
    assert!(read > 0 && repaired > 0 && copies > 0 && refused > 0, "{read}, {repaired}, {copies}, {refused}");
    let said = format!(
        "{} files: {read} read, {repaired} repaired, {copies} duplicate, {refused} refused\n",
        files.len()
    );
    assert!(ran.stdout.contains(&said), "the total is not told: {said}");
    let facts = &record(&out)["facts"];
    for (outcome, expected) in [("read", read), ("repaired", repaired), ("refused", refused)] {
        assert_eq!(facts[outcome], expected, "{outcome}");
    }

    let findings: Vec<FindingRow> = rows(&out);
    let sessions: Vec<SessionRow> = rows(&out);
    for file in &files {
        let of_file = findings.iter().filter(|row| row.source == file.source).count();
        assert_eq!(of_file, file.n_findings as usize, "{}", file.source);
        let is_left_out = ["refused", "duplicate"].contains(&&*file.outcome);
        assert_eq!(file.reason.is_some(), is_left_out, "{}", file.source);
        assert!(!(is_left_out && sessions.iter().any(|row| row.source == file.source)), "{}", file.source);
        assert!(&*file.outcome != "repaired" || of_file > 0, "{} was repaired of nothing", file.source);
    }
    println!("{} of {} files: {read} read, {repaired} repaired, {refused} refused", files.len(), there.len());
}

//! What became of each input file, so that files in equal files out.

use std::sync::Arc;

use crate::table;

table! {
    /// One row per input file, sorted by source: what it was and what became of it.
    pub struct FileRow = "files", version 1 {
        /// File name, or path below the folder asked for; never an absolute path.
        source: Arc<str>,
        /// Format recognised: `alog`, `roastime` and so on; `unknown` when none was.
        format: Arc<str>,
        /// The machine the file says it is from; empty when it says nothing.
        machine: Arc<str>,
        /// `read` as it is, `repaired` (see findings), `duplicate` of a file that stands for it, or
        /// `refused` (both: see reason).
        outcome: Arc<str>,
        /// Why the file was refused or counts no second time; null when it is used.
        reason: Option<Arc<str>>,
        /// Samples handed on to the pipeline.
        n_samples: u32 ["1"],
        /// Rows of the findings table about this file.
        n_findings: u32 ["1"],
    }
}

table! {
    /// One row per thing found wrong with an input file, in the order found.
    pub struct FindingRow = "findings", version 1 {
        /// The file, as in the files table.
        source: Arc<str>,
        /// Reason code, stable between versions.
        code: Arc<str>,
        /// What was found and what was done about it, with numbers.
        detail: Arc<str>,
    }
}

//! What a predictor of somebody's may take: time, memory, words, and how often it may fail.

use std::time::Duration;

/// The bounds of one predictor. The defaults are for a sample a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// From its start until it has introduced itself: large libraries load slowly.
    pub start: Duration,
    /// From a question until its answer. Two questions fit into a sample of a second.
    pub answer: Duration,
    /// Memory that it may write to, MiB (Linux only).
    pub memory_mib: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { start: Duration::from_secs(10), answer: Duration::from_millis(500), memory_mib: 2_048 }
    }
}

/// The longest line a program may write, bytes.
pub const LINE_BYTES_MAX: usize = 64 * 1024;

/// The most that a program may write on its error stream in its life, bytes. Of that the last lines are kept.
pub const ERRORS_BYTES_MAX: u64 = 1024 * 1024;

/// After this many faults in a row a predictor is stopped until the next roast.
pub const FAULTS_IN_A_ROW_MAX: u32 = 3;

/// How often a program is started for one stream, the first time included.
pub const STARTS_MAX: u32 = 3;

/// The most reasons an answer may give.
pub const REASONS_MAX: usize = 8;

/// The longest reason, bytes.
pub const REASON_BYTES_MAX: usize = 200;

/// Processor time that a program may use, s (Linux only): ends one that spins when nobody is left to stop it.
#[cfg(target_os = "linux")]
pub(crate) const CPU_S_MAX: u64 = 3_600;

/// The largest model file, bytes.
pub const MODEL_BYTES_MAX: u64 = 64 * 1024 * 1024;

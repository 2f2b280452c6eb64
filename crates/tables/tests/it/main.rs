//! Tables through the public door: rows to Parquet and back, digests, run folders.

#![allow(clippy::unwrap_used)] // A test's own helpers may panic: that is how it fails.

mod folders;
mod rows;
mod stored;

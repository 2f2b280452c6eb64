//! Questions over tables on disk: SQL, or group-bys, answered by Polars.
//!
//! It reads and never writes what it reads. It knows no table by name: whatever Parquet files a folder
//! holds are tables. Nothing that decides rests on it; gates count with the statistics of `eval`.
//!
//! Modules in order, each using only those above it.

pub mod error;

pub mod group_by;

pub mod answer;

pub mod file;

pub mod tables;

pub use answer::Answer;
pub use error::QueryError;
pub use file::FileFormat;
pub use group_by::GroupBy;
pub use tables::Tables;

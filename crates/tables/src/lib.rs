//! The Arrow schemas, the one Parquet reader and writer, digests, run folders.
//!
//! A table is a Rust struct, one value per row, declared with [`table!`], which
//! makes the Arrow schema and both conversions from that one declaration. No
//! randomness, no clock; what a table holds decides its bytes, and nothing else.
//! Modules in order, each using only those above it.

pub mod error;

pub mod column;
pub mod table;

pub mod rows;

pub mod digest;
pub mod file;
mod json;
pub mod wide;

pub mod folder;

pub mod verdict;

pub use digest::{Digest, digest};
pub use error::{FileError, TableError};
pub use file::{read_table, table_in, table_path};
pub use folder::{RunFolder, Written};
pub use json::{json_lines, read_json_lines};
pub use table::Table;
pub use wide::{Extra, Wide, WideFile, read_wide};

/// What the code made by [`table!`] names; not for use by hand.
#[doc(hidden)]
pub mod made {
    pub use arrow::array::RecordBatch;
    pub use arrow::datatypes::SchemaRef;
}

//! Why tables could not be made, read or kept.

use std::path::PathBuf;

use crate::digest::Digest;

/// Why rows could not become a table, or a table rows.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// A number that is not one. Missing is written as null, so this is a bug or
    /// bad data, and either way must not travel on.
    #[error("table {table}, column {column}, row {row}: {value} is not a finite number")]
    NotFinite {
        /// Table name.
        table: &'static str,
        /// Column name.
        column: &'static str,
        /// Row, counted from 0.
        row: usize,
        /// NaN or an infinity.
        value: f64,
    },
    /// The same in a column that was not declared.
    #[error("table {table}, column {column}, row {row}: {value} is not a finite number")]
    NotFiniteIn {
        /// Table name.
        table: &'static str,
        /// Column name.
        column: String,
        /// Row, counted from 0.
        row: usize,
        /// NaN or an infinity.
        value: f64,
    },
    /// The batch says it is some other table, or does not say.
    #[error("expected table {expected}, found {found}")]
    OtherTable {
        /// The table asked for.
        expected: &'static str,
        /// What the metadata says; "no name" when it says nothing.
        found: String,
    },
    /// The right table in a version this program does not read.
    #[error("table {table} has schema version {found}, this program reads version {expected}")]
    OtherVersion {
        /// Table name.
        table: &'static str,
        /// The version this program reads.
        expected: u32,
        /// The version found; "none" when the metadata says nothing.
        found: String,
    },
    /// Text that is no rows of the table.
    #[error("table {table}: no rows as JSON Lines")]
    Json {
        /// Table name.
        table: &'static str,
        /// What the JSON reader said.
        source: arrow::error::ArrowError,
    },
    /// The columns are not the declared ones.
    #[error("table {table}: columns differ: {difference}")]
    OtherColumns {
        /// Table name.
        table: &'static str,
        /// What is missing, not known, or of another type, unit or nullability.
        difference: String,
    },
    /// A null where the column allows none.
    #[error("table {table}, column {column}: {nulls} nulls where none are allowed")]
    UnexpectedNulls {
        /// Table name.
        table: &'static str,
        /// Column name.
        column: &'static str,
        /// How many.
        nulls: usize,
    },
    /// Arrow refused the batch.
    #[error("table {table}: Arrow refused the batch")]
    Arrow {
        /// Table name.
        table: &'static str,
        /// Arrow's reason.
        source: arrow::error::ArrowError,
    },
    /// The bytes are not those this program wrote.
    #[error("table {table}: the file is damaged, or was not written by this program")]
    Damaged {
        /// Table name.
        table: &'static str,
    },
    /// The Parquet library refused.
    #[error("table {table}: not usable as Parquet")]
    Parquet {
        /// Table name.
        table: &'static str,
        /// The Parquet library's reason.
        source: parquet::errors::ParquetError,
    },
    /// A file without a digest was not written by this program.
    #[error("table {table}: the file carries no digest, so its values cannot be checked")]
    NoDigest {
        /// Table name.
        table: &'static str,
    },
    /// The values are not those the file was written with.
    #[error("table {table}: the file says its digest is {stored}, its values give {computed}")]
    OtherDigest {
        /// Table name.
        table: &'static str,
        /// What the file says.
        stored: String,
        /// What its values give.
        computed: Digest,
    },
}

impl TableError {
    /// The same error of a batch that begins `rows` rows into its table.
    pub(crate) fn rows_later(self, rows: usize) -> Self {
        match self {
            Self::NotFinite { table, column, row, value } => {
                Self::NotFinite { table, column, row: row + rows, value }
            }
            Self::NotFiniteIn { table, column, row, value } => {
                Self::NotFiniteIn { table, column, row: row + rows, value }
            }
            other => other,
        }
    }
}

/// Why a file or a run folder could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// The operating system refused.
    #[error("cannot {doing} {}", path.display())]
    Io {
        /// What was tried: read, write, create, rename and so on.
        doing: &'static str,
        /// On what.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The file is there, but no verdict that this program can use.
    #[error("cannot use {}: {why}\nhint: `sim eval` and `sim gate` write it with --out", path.display())]
    Verdict {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The file is there, but not a table this program can use.
    #[error("cannot use {}", path.display())]
    Table {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: TableError,
    },
    /// The rows could not be written as a table.
    #[error("cannot write {}", path.display())]
    Rows {
        /// The file that was to be.
        path: PathBuf,
        /// What is wrong with the rows.
        source: TableError,
    },
    /// The folder holds files already.
    #[error("{} holds another run: choose another --out or remove it", path.display())]
    Taken {
        /// The folder asked for.
        path: PathBuf,
    },
    /// The folder asked for is a file.
    #[error("{} is a file, and a run needs a folder: choose another --out", path.display())]
    NotAFolder {
        /// The path asked for.
        path: PathBuf,
    },
    /// The path does not end in a name (empty, `/`, `..`).
    #[error("'{}' does not name a folder for a run: choose an --out that ends in a name", path.display())]
    NoName {
        /// The path asked for.
        path: PathBuf,
    },
    /// Another process is writing the same run.
    #[error("another run is writing to {} now: wait for it, or choose another --out", path.display())]
    Busy {
        /// The folder asked for.
        path: PathBuf,
    },
    /// A file of a run is named once, plainly, and lies in the folder itself.
    #[error("'{name}' cannot be a file of the run in {}: {why}", path.display())]
    FileName {
        /// The folder asked for.
        path: PathBuf,
        /// The name.
        name: String,
        /// What is wrong with it.
        why: &'static str,
    },
}

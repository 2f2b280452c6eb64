//! What can be wrong with a question, or with the tables it is asked of.

use polars::prelude::PolarsError;
use std::path::PathBuf;

/// Why a question was not answered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum QueryError {
    /// A folder that cannot be listed.
    #[error("cannot read the folder {}\nhint: give the folder that --out of a command wrote", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A folder without a table.
    #[error("no table in {}\nhint: tables are *.parquet files, as --out of a command writes them", folder.display())]
    NoTables {
        /// The folder.
        folder: PathBuf,
    },
    /// A file that is no Parquet, or a damaged one.
    #[error("cannot read the table {}\nhint: write the folder again, or move the file out of it", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: PolarsError,
    },
    /// Folders that hold one table with different columns.
    #[error("{table} has other columns in {} than in {}: {difference}\nhint: ask folders of one version at a time", folder.display(), first.display())]
    OtherColumns {
        /// The table.
        table: String,
        /// Where it differs.
        folder: PathBuf,
        /// From where.
        first: PathBuf,
        /// The columns that only one has, or that have another type.
        difference: String,
    },
    /// A column that the answer over several folders needs for itself.
    #[error("{table} in {} has a column `folder`, so its folders could not be told apart\nhint: ask one folder at a time", folder.display())]
    FolderColumn {
        /// The table.
        table: String,
        /// Where.
        folder: PathBuf,
    },
    /// Something other than one SELECT.
    #[error(
        "{what}, and a question is one SELECT\nhint: for example select metric, count(*) from scores group by metric"
    )]
    NotAQuestion {
        /// What it is.
        what: String,
    },
    /// A table that is not there.
    #[error("no table {table}\nhint: there are {known}")]
    UnknownTable {
        /// The name.
        table: String,
        /// The tables there are.
        known: String,
    },
    /// Polars would not run it: a column that is not there, types that do not fit, what its SQL does not know.
    #[error("{}\nhint: the tables asked hold {columns}", one_line(source))]
    Refused {
        /// The tables that were asked, with their columns.
        columns: String,
        /// Why.
        source: PolarsError,
    },
    /// A group-by that cannot be meant.
    #[error(
        "{value} in --{flag}: {limit}\nhint: for example --group-by metric,arm --agg 'mean(value),count'"
    )]
    GroupBy {
        /// The flag.
        flag: &'static str,
        /// What was found.
        value: String,
        /// What it may be.
        limit: String,
    },
    /// A column that the answer does not have, or not with numbers.
    #[error("the answer has no such column {name}\nhint: it has {known}")]
    Column {
        /// The column asked for.
        name: String,
        /// The columns there are, with what they hold.
        known: String,
    },
    /// The answer could not be written.
    #[error("cannot write {}\nhint: name a file that is not there yet, in a folder that is", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file whose name asks for no format that is written.
    #[error("{}: a file's ending says its format\nhint: end its name with .parquet, .arrow or .csv", path.display())]
    Ending {
        /// The file.
        path: PathBuf,
    },
    /// The answer could not be put in the format asked for.
    #[error("cannot write {} as {format}", path.display())]
    Encode {
        /// The file.
        path: PathBuf,
        /// The format.
        format: &'static str,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// What Polars says, without the plan it adds below.
fn one_line(error: &PolarsError) -> String {
    error.to_string().lines().next().unwrap_or_default().trim().to_owned()
}

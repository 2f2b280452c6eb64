//! An answer as a file, in the format that its name asks for.

use crate::answer::Answer;
use crate::error::QueryError;
use arrow_ipc::writer::FileWriter;
use bytes::Bytes;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use polars::prelude::{ParquetCompression, ParquetWriter};
use std::io::Write;
use std::path::Path;

/// A format that others read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFormat {
    /// Parquet, by `.parquet`.
    Parquet,
    /// Arrow's file format (IPC, also called Feather 2), by `.arrow`.
    Arrow,
    /// Comma-separated values, by `.csv`.
    Csv,
}

/// Why bytes could not be made.
type Cause = Box<dyn std::error::Error + Send + Sync>;

impl FileFormat {
    /// The format that a file's ending asks for.
    ///
    /// # Errors
    /// [`QueryError::Ending`] for any other ending.
    pub fn of(path: &Path) -> Result<Self, QueryError> {
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("parquet") => Ok(Self::Parquet),
            Some("arrow") => Ok(Self::Arrow),
            Some("csv") => Ok(Self::Csv),
            _ => Err(QueryError::Ending { path: path.to_owned() }),
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Parquet => "Parquet",
            Self::Arrow => "Arrow",
            Self::Csv => "CSV",
        }
    }
}

impl Answer {
    /// Writes the rows to `path`, which must not be there yet, as its ending says: see [`FileFormat`].
    ///
    /// # Errors
    /// [`QueryError::Ending`] for a format that is none, [`QueryError::Write`] when the file is there or cannot be
    /// made, [`QueryError::Encode`] for values that the format cannot hold.
    pub fn write(&self, path: &Path) -> Result<(), QueryError> {
        let format = FileFormat::of(path)?;
        let bytes = match format {
            FileFormat::Parquet => self.parquet(ParquetCompression::Zstd(None)),
            FileFormat::Arrow => self.arrow(),
            FileFormat::Csv => Ok(self.csv().into_bytes()),
        };
        let bytes = bytes.map_err(|source| QueryError::Encode {
            path: path.to_owned(),
            format: format.name(),
            source,
        })?;
        let written = std::fs::File::create_new(path).and_then(|mut file| file.write_all(&bytes));
        written.map_err(|source| QueryError::Write { path: path.to_owned(), source })
    }

    fn parquet(&self, compression: ParquetCompression) -> Result<Vec<u8>, Cause> {
        let mut bytes = Vec::new();
        let writer = ParquetWriter::new(&mut bytes).with_compression(compression);
        writer.finish(&mut self.frame().clone())?;
        Ok(bytes)
    }

    /// By way of Parquet: the crates that read and write our tables turn it into Arrow as everyone knows it, so
    /// Polars needs no writer of its own, whose strings (views) not every reader takes.
    fn arrow(&self) -> Result<Vec<u8>, Cause> {
        let bytes = Bytes::from(self.parquet(ParquetCompression::Uncompressed)?);
        let plain = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let reader = ParquetRecordBatchReaderBuilder::try_new_with_options(bytes, plain)?;
        let mut writer = FileWriter::try_new(Vec::new(), reader.schema())?;
        for rows in reader.build()? {
            writer.write(&rows?)?;
        }
        Ok(writer.into_inner()?)
    }
}

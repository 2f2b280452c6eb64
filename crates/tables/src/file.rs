//! The one Parquet writer and reader.
//!
//! Settings are fixed, so the same rows give the same bytes with the same
//! version of this program. No date, host or path goes in. What a file holds is
//! known by its digest, which is kept in its metadata and checked when read. Any
//! other Parquet reader can read the files; this one reads only files written here.

use std::fs::File;
use std::ops::Deref;
use std::path::{Path, PathBuf};

use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{
    EnabledStatistics, WriterProperties, WriterPropertiesBuilder, WriterVersion,
};
use parquet::file::reader::ChunkReader;

use crate::digest::{Digest, digest};
use crate::error::FileError;
use crate::table::{KEY_DIGEST, check_schema};
use crate::{Table, TableError};

/// Rows in a row group. Telemetry at one reading per second: about a day.
pub const ROW_GROUP_ROWS: usize = 65_536;

/// Who wrote the file, in its footer. Fixed: a version here would change every file's bytes.
pub const CREATED_BY: &str = "trier-tables version 1.0.0";

/// A table as the bytes of a Parquet file, and its digest.
#[derive(Clone, Debug)]
pub struct Encoded {
    /// The whole file.
    pub bytes: Vec<u8>,
    /// The digest, as kept in the file.
    pub digest: Digest,
}

/// The Parquet file with these rows.
///
/// # Errors
/// [`TableError::NotFinite`] for a number that is not one; [`TableError::Parquet`] if the writer
/// refuses.
pub fn encode<T: Table>(rows: &[T]) -> Result<Encoded, TableError> {
    let digest = digest(rows);
    Ok(Encoded { bytes: encode_saying(rows, digest)?, digest })
}

fn encode_saying<T: Table>(rows: &[T], digest: Digest) -> Result<Vec<u8>, TableError> {
    let schema = T::schema();
    let failed = |source: ParquetError| TableError::Parquet { table: T::NAME, source };
    let settings = settings_saying::<T>(Some(digest)).map_err(failed)?.build();
    let mut writer = ArrowWriter::try_new(Vec::new(), schema, Some(settings)).map_err(failed)?;
    for (group, rows) in rows.chunks(ROW_GROUP_ROWS).enumerate() {
        let batch = T::to_batch(rows).map_err(|error| error.rows_later(group * ROW_GROUP_ROWS))?;
        writer.write(&batch).map_err(failed)?;
    }
    let bytes = writer.into_inner().map_err(failed)?;
    with_checksum(bytes).ok_or(TableError::Damaged { table: T::NAME })
}

/// The settings of every file of `T`, and its digest if that is known before its rows are written.
pub(crate) fn settings_saying<T: Table>(
    digest: Option<Digest>,
) -> Result<WriterPropertiesBuilder, ParquetError> {
    let mut said: Vec<KeyValue> =
        T::schema().metadata().iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone())).collect();
    said.extend(digest.map(|digest| KeyValue::new(KEY_DIGEST.to_owned(), digest.to_string())));
    // Arrow keeps metadata in a map whose order differs from run to run.
    said.sort_by(|a, b| a.key.cmp(&b.key));
    Ok(WriterProperties::builder()
        .set_writer_version(WriterVersion::PARQUET_1_0)
        .set_created_by(CREATED_BY.to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_key_value_metadata(Some(said)))
}

/// The file of a table in a run folder: the table's name, ending in `.parquet`.
#[must_use]
pub fn table_path<T: Table>(folder: &Path) -> PathBuf {
    folder.join(format!("{}.parquet", T::NAME))
}

/// The rows of a Parquet file, checked against its checksum, its schema and its digest.
///
/// # Errors
/// [`FileError::Io`] when it cannot be opened; [`FileError::Table`] when it is damaged or from
/// another program, is another table or version, has other columns, or holds values that do not
/// match its digest.
pub fn read_table<T: Table>(path: &Path) -> Result<Vec<T>, FileError> {
    let refused = |source| FileError::Table { path: path.to_owned(), source };
    decode(bytes_of::<T>(path)?).map_err(refused)
}

/// The rows of a table in a run folder, checked as [`read_table`] does.
///
/// # Errors
/// Those of [`read_table`].
pub fn table_in<T: Table>(folder: &Path) -> Result<Vec<T>, FileError> {
    read_table(&table_path::<T>(folder))
}

/// All bytes of the file of a `T`.
pub(crate) fn bytes_of<T: Table>(
    path: &Path,
) -> Result<impl ChunkReader + Deref<Target = [u8]> + 'static, FileError> {
    let io = |source| FileError::Io { doing: "read", path: path.to_owned(), source };
    let file = File::open(path).map_err(io)?;
    let length = usize::try_from(file.metadata().map_err(io)?.len())
        .map_err(|_| io(std::io::ErrorKind::FileTooLarge.into()))?;
    file.get_bytes(0, length).map_err(|source| FileError::Table {
        path: path.to_owned(),
        source: TableError::Parquet { table: T::NAME, source },
    })
}

fn decode<T: Table>(bytes: impl ChunkReader + Deref<Target = [u8]> + 'static) -> Result<Vec<T>, TableError> {
    let failed = |source: ParquetError| TableError::Parquet { table: T::NAME, source };
    if !is_whole(&bytes) {
        return Err(TableError::Damaged { table: T::NAME });
    }
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes).map_err(failed)?;
    check_schema::<T>(builder.schema())?;
    let said = builder.metadata().file_metadata().key_value_metadata();
    let stored = said.and_then(|all| all.iter().find(|one| one.key == KEY_DIGEST)?.value.clone());
    let stored = stored.ok_or(TableError::NoDigest { table: T::NAME })?;
    let mut rows = Vec::new();
    for batch in builder.with_batch_size(ROW_GROUP_ROWS).build().map_err(failed)? {
        let arrow = |source| TableError::Arrow { table: T::NAME, source };
        // The batches come without the metadata of the schema, which was checked above.
        let batch = batch.map_err(arrow)?.with_schema(T::schema()).map_err(arrow)?;
        let earlier = rows.len();
        rows.append(&mut T::from_batch(&batch).map_err(|error| error.rows_later(earlier))?);
    }
    let computed = digest(&rows);
    if stored != computed.to_string() {
        return Err(TableError::OtherDigest { table: T::NAME, stored, computed });
    }
    Ok(rows)
}

/// Length of the checksum, bytes.
pub(crate) const CHECKSUM: usize = 32;

/// Where the footer of a Parquet file begins: after the pages, before its own length and `PAR1`.
fn footer_start(file: &[u8]) -> Option<usize> {
    let (rest, magic) = file.split_last_chunk::<4>()?;
    let (rest, length) = rest.split_last_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    (magic == b"PAR1").then(|| rest.len().checked_sub(length))?
}

/// Puts a checksum of the whole file between its pages and its footer, where Parquet readers do
/// not look.
///
/// The digest alone would be too late: the Parquet library panics on some damaged pages, and the
/// values are known only after it has read them.
fn with_checksum(mut file: Vec<u8>) -> Option<Vec<u8>> {
    let footer = file.split_off(footer_start(&file)?);
    let checksum = checksum(&file, &footer);
    file.extend_from_slice(&checksum);
    file.extend_from_slice(&footer);
    Some(file)
}

/// Whether the checksum is there and right, so that every byte is as it was written.
pub(crate) fn is_whole(file: &[u8]) -> bool {
    footer_start(file)
        .map(|start| file.split_at(start))
        .and_then(|(pages, footer)| Some((pages.split_last_chunk::<CHECKSUM>()?, footer)))
        .is_some_and(|((pages, stored), footer)| *stored == checksum(pages, footer))
}

fn checksum(pages: &[u8], footer: &[u8]) -> [u8; CHECKSUM] {
    *blake3::Hasher::new().update(pages).update(footer).finalize().as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::FindingRow;

    fn findings(n: usize) -> Vec<FindingRow> {
        let row = |i| FindingRow { source: "a".into(), code: "b".into(), detail: format!("{i}").into() };
        (0..n).map(row).collect()
    }

    #[test]
    fn values_that_do_not_match_the_digest_are_refused() {
        let (said, got) = (digest(&findings(2)), digest(&findings(1)));
        let path = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(path.path(), encode_saying(&findings(1), said).expect("encodes")).expect("writes");
        match read_table::<FindingRow>(path.path()).expect_err("digest differs") {
            FileError::Table { path: named, source } => {
                assert_eq!(named, path.path());
                let text = format!("the file says its digest is {said}, its values give {got}");
                assert_eq!(source.to_string(), format!("table findings: {text}"));
            }
            other => panic!("{other}"),
        }
    }
}

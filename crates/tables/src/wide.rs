//! Wide tables: rows of a declared table, each with further numbers whose columns are known only
//! when the program runs. Written a block at a time, so that memory does not grow with the rows.

use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Float64Array, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;

use crate::column::Column;
use crate::digest::{Digest, Digester};
use crate::error::FileError;
use crate::file::{CHECKSUM, bytes_of, is_whole, settings_saying};
use crate::table::{KEY_DIGEST, check_schema, field_of};
use crate::{Table, TableError};

/// Rows in a row group: what the writer holds in memory, some megabytes.
const GROUP_ROWS: usize = 16_384;

/// A column of numbers beside those of a declared table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extra {
    /// Its name.
    pub name: String,
    /// The unit of its numbers.
    pub unit: String,
    /// What it holds.
    pub doc: String,
}

/// Rows of `T`; `more[i]` are the further numbers of `rows[i]`, one for each [`Extra`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wide<T> {
    /// The declared columns.
    pub rows: Vec<T>,
    /// The others, row by row.
    pub more: Vec<Vec<Option<f64>>>,
}

/// A wide table being written to a file.
pub struct WideFile<T> {
    path: PathBuf,
    schema: SchemaRef,
    writer: ArrowWriter<BufWriter<File>>,
    digester: Digester<T>,
    written: usize,
}

impl<T: Table> WideFile<T> {
    /// Begins the file at `path`, which must not exist, for exactly `rows` rows.
    ///
    /// # Errors
    /// [`FileError::Io`], or [`FileError::Rows`] when the writer refuses the columns.
    pub fn create(path: &Path, extras: &[Extra], rows: usize) -> Result<Self, FileError> {
        let file = File::create_new(path).map_err(io("write", path))?;
        let schema = wide_schema::<T>(extras);
        let refused = |source| of_rows(path, TableError::Parquet { table: T::NAME, source });
        let settings = settings::<T>(extras).map_err(refused)?;
        let writer = ArrowWriter::try_new(BufWriter::new(file), Arc::clone(&schema), Some(settings));
        let mut digester = Digester::new(rows);
        for extra in extras {
            digester.also(extra.name.as_bytes());
            digester.also(extra.unit.as_bytes());
        }
        Ok(Self { path: path.into(), schema, writer: writer.map_err(refused)?, digester, written: 0 })
    }

    /// Rows appended so far.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.written
    }

    /// Appends rows.
    ///
    /// # Errors
    /// [`FileError::Rows`] for a number that is not finite, or when the writer refuses.
    ///
    /// # Panics
    /// When a row has not one number for each extra column.
    pub fn push(&mut self, block: &Wide<T>) -> Result<(), FileError> {
        let refused = |source: TableError| of_rows(&self.path, source.rows_later(self.written));
        let batch = self.batch(block).map_err(refused)?;
        self.writer
            .write(&batch)
            .map_err(|source| of_rows(&self.path, TableError::Parquet { table: T::NAME, source }))?;
        block.rows.iter().zip(&block.more).for_each(|(row, more)| self.digester.row(row, more));
        self.written += block.rows.len();
        Ok(())
    }

    fn batch(&self, block: &Wide<T>) -> Result<RecordBatch, TableError> {
        let declared = T::to_batch(&block.rows)?;
        let mut arrays = declared.columns().to_vec();
        for (column, field) in self.schema.fields().iter().skip(arrays.len()).enumerate() {
            let values = Option::<f64>::to_array(block.more.iter().map(|more| &more[column]));
            let named = |(row, value)| TableError::NotFiniteIn {
                table: T::NAME,
                column: field.name().clone(),
                row,
                value,
            };
            arrays.push(values.map_err(named)?);
        }
        RecordBatch::try_new(Arc::clone(&self.schema), arrays)
            .map_err(|source| TableError::Arrow { table: T::NAME, source })
    }

    /// Ends the file, and says the digest of its values.
    ///
    /// # Errors
    /// [`FileError::Io`] or [`FileError::Rows`].
    ///
    /// # Panics
    /// When other than the promised number of rows were pushed.
    pub fn finish(mut self) -> Result<Digest, FileError> {
        let digest = self.digester.finish();
        self.writer.append_key_value_metadata(KeyValue::new(KEY_DIGEST.to_owned(), digest.to_string()));
        let path = self.path;
        let file = self
            .writer
            .into_inner()
            .map_err(|source| of_rows(&path, TableError::Parquet { table: T::NAME, source }))?;
        let file = file.into_inner().map_err(|error| io("write", &path)(error.into_error()))?;
        drop(file);
        put_checksum(&path).map_err(io("write", &path))?;
        Ok(digest)
    }
}

/// Puts the checksum of a Parquet file between its pages and its footer, as [`crate::file`] does,
/// reading it once from the beginning.
fn put_checksum(path: &Path) -> std::io::Result<()> {
    let mut file = File::options().read(true).write(true).open(path)?;
    let length = file.metadata()?.len();
    let mut end = [0; 8];
    file.seek(SeekFrom::End(-8))?;
    file.read_exact(&mut end)?;
    let footer_length = u64::from(u32::from_le_bytes([end[0], end[1], end[2], end[3]])) + 8;
    let start = length.saturating_sub(footer_length);
    let mut hasher = blake3::Hasher::new();
    file.seek(SeekFrom::Start(0))?;
    hasher.update_reader((&mut file).take(start))?;
    let mut footer = Vec::new();
    file.read_to_end(&mut footer)?;
    let checksum: [u8; CHECKSUM] = *hasher.update(&footer).finalize().as_bytes();
    file.seek(SeekFrom::Start(start))?;
    file.write_all(&checksum)?;
    file.write_all(&footer)
}

/// The rows of a wide table, checked as [`crate::read_table`] checks, and its further columns.
///
/// # Errors
/// As [`crate::read_table`].
pub fn read_wide<T: Table>(path: &Path) -> Result<(Vec<Extra>, Wide<T>), FileError> {
    let bytes = bytes_of::<T>(path)?;
    let refused = |source| FileError::Table { path: path.to_owned(), source };
    let failed = |source: ParquetError| refused(TableError::Parquet { table: T::NAME, source });
    if !is_whole(&bytes) {
        return Err(refused(TableError::Damaged { table: T::NAME }));
    }
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes).map_err(failed)?;
    let (declared, extras) = parted::<T>(builder.schema());
    check_schema::<T>(&declared).map_err(refused)?;
    let said = builder.metadata().file_metadata().key_value_metadata();
    let stored = said.and_then(|all| all.iter().find(|one| one.key == KEY_DIGEST)?.value.clone());
    let stored = stored.ok_or_else(|| refused(TableError::NoDigest { table: T::NAME }))?;
    let mut wide = Wide { rows: Vec::new(), more: Vec::new() };
    for batch in builder.with_batch_size(GROUP_ROWS).build().map_err(failed)? {
        let batch = batch.map_err(|source| refused(TableError::Arrow { table: T::NAME, source }))?;
        take(&batch, &declared, &mut wide).map_err(refused)?;
    }
    let mut digester = Digester::new(wide.rows.len());
    for extra in &extras {
        digester.also(extra.name.as_bytes());
        digester.also(extra.unit.as_bytes());
    }
    wide.rows.iter().zip(&wide.more).for_each(|(row, more)| digester.row(row, more));
    let computed = digester.finish();
    if stored != computed.to_string() {
        return Err(refused(TableError::OtherDigest { table: T::NAME, stored, computed }));
    }
    Ok((extras, wide))
}

/// Appends a batch, the first columns of which are those of `declared`.
fn take<T: Table>(batch: &RecordBatch, declared: &SchemaRef, wide: &mut Wide<T>) -> Result<(), TableError> {
    let arrow = |source| TableError::Arrow { table: T::NAME, source };
    let (first, others) = batch.columns().split_at(declared.fields().len());
    let rows = RecordBatch::try_new(Arc::clone(declared), first.to_vec()).map_err(arrow)?;
    wide.rows.append(&mut T::from_batch(&rows)?);
    let numbers =
        |array: &ArrayRef| -> Option<Float64Array> { array.as_any().downcast_ref::<Float64Array>().cloned() };
    let columns: Option<Vec<Float64Array>> = others.iter().map(numbers).collect();
    let columns = columns.ok_or(TableError::Damaged { table: T::NAME })?;
    let number = |column: &Float64Array, row| column.is_valid(row).then(|| column.value(row));
    let more = |row| columns.iter().map(|column| number(column, row)).collect();
    wide.more.extend((0..batch.num_rows()).map(more));
    Ok(())
}

/// The schema of `T` as it stands at the front of `schema`, and the further columns.
fn parted<T: Table>(schema: &SchemaRef) -> (SchemaRef, Vec<Extra>) {
    let declared = T::schema().fields().len().min(schema.fields().len());
    let (first, others) = schema.fields().split_at(declared);
    let extra = |field: &Arc<Field>| {
        let said = |key: &str| field.metadata().get(key).cloned().unwrap_or_default();
        Extra { name: field.name().clone(), unit: said("unit"), doc: said("doc") }
    };
    let front = Schema::new(first.to_vec()).with_metadata(schema.metadata().clone());
    (Arc::new(front), others.iter().map(extra).collect())
}

fn wide_schema<T: Table>(extras: &[Extra]) -> SchemaRef {
    let declared = T::schema();
    let mut fields: Vec<Arc<Field>> = declared.fields().to_vec();
    debug_assert_eq!(<Option<f64> as Column>::TYPE, DataType::Float64);
    let field = |extra: &Extra| Arc::new(field_of::<Option<f64>>(&extra.name, &extra.unit, &extra.doc));
    fields.extend(extras.iter().map(field));
    Arc::new(Schema::new(fields).with_metadata(declared.metadata().clone()))
}

fn settings<T: Table>(extras: &[Extra]) -> Result<WriterProperties, ParquetError> {
    let plain = settings_saying::<T>(None)?.set_max_row_group_row_count(Some(GROUP_ROWS));
    // Of numbers that hardly repeat, a dictionary is as long as the column, and held in memory.
    let without = |settings: parquet::file::properties::WriterPropertiesBuilder, extra: &Extra| {
        settings.set_column_dictionary_enabled(extra.name.as_str().into(), false)
    };
    Ok(extras.iter().fold(plain, without).build())
}

fn of_rows(path: &Path, source: TableError) -> FileError {
    FileError::Rows { path: path.to_owned(), source }
}

fn io(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> FileError {
    let path = path.to_owned();
    move |source| FileError::Io { doing, path, source }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::FindingRow;

    fn wide(n: usize) -> Wide<FindingRow> {
        let row = |i| FindingRow { source: "a".into(), code: "b".into(), detail: format!("{i}").into() };
        let more = |i: usize| vec![Some(i as f64), i.is_multiple_of(2).then_some(0.5)];
        Wide { rows: (0..n).map(row).collect(), more: (0..n).map(more).collect() }
    }

    fn extras() -> Vec<Extra> {
        let extra = |name: &str| Extra { name: name.into(), unit: "kg".into(), doc: "Mass.".into() };
        vec![extra("charge.mass_kg"), extra("lost_kg")]
    }

    fn written(path: &Path, blocks: &[Wide<FindingRow>]) -> Digest {
        let rows = blocks.iter().map(|block| block.rows.len()).sum();
        let mut file = WideFile::create(path, &extras(), rows).expect("a new file");
        blocks.iter().for_each(|block| file.push(block).expect("rows"));
        file.finish().expect("complete")
    }

    #[test]
    fn a_wide_table_reads_back_and_its_blocks_leave_no_trace() {
        let folder = tempfile::tempdir().expect("a folder");
        let (one, two) = (folder.path().join("one"), folder.path().join("two"));
        let all = wide(20_000);
        let part = |range: std::ops::Range<usize>| Wide {
            rows: all.rows[range.clone()].to_vec(),
            more: all.more[range].to_vec(),
        };
        let digest = written(&one, std::slice::from_ref(&all));
        assert_eq!(digest, written(&two, &[part(0..7), part(7..9000), part(9000..20_000)]));
        assert!(std::fs::read(&one).expect("there") == std::fs::read(&two).expect("there"));
        let (columns, read) = read_wide::<FindingRow>(&one).expect("reads");
        assert_eq!(columns, extras());
        assert!(read == all);
    }

    #[test]
    fn damage_and_numbers_that_are_none_are_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("one");
        written(&path, &[wide(10)]);
        let mut bytes = std::fs::read(&path).expect("there");
        bytes[40] ^= 1;
        std::fs::write(&path, &bytes).expect("written");
        let error = read_wide::<FindingRow>(&path).expect_err("damaged");
        assert!(matches!(error, FileError::Table { source: TableError::Damaged { .. }, .. }), "{error}");

        let mut bad = wide(10);
        bad.more[3][1] = Some(f64::NAN);
        let mut file = WideFile::create(&folder.path().join("two"), &extras(), 20).expect("new");
        file.push(&wide(10)).expect("good rows");
        let error = file.push(&bad).expect_err("NaN");
        let text = "table findings, column lost_kg, row 13: NaN is not a finite number";
        assert_eq!(std::error::Error::source(&error).map(ToString::to_string).as_deref(), Some(text));
    }
}

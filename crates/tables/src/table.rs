//! Tables: the trait every row struct has, and the macro that gives it.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, RecordBatch, RecordBatchOptions};
use arrow::datatypes::{Field, Schema, SchemaRef};

use crate::TableError;
use crate::column::Column;

/// Schema metadata key of the table's name.
pub const KEY_TABLE: &str = "trier.table";
/// Schema metadata key of the table's schema version.
pub const KEY_VERSION: &str = "trier.version";
/// Schema metadata key of what the table holds.
pub const KEY_DOC: &str = "trier.doc";
/// Parquet metadata key of the digest of the values.
pub const KEY_DIGEST: &str = "trier.digest";
/// Field metadata key of a column's unit.
pub const KEY_UNIT: &str = "unit";
/// Field metadata key of what a column holds.
pub const KEY_FIELD_DOC: &str = "doc";

/// A row struct: one value is one row of a table. Declared with [`table!`](crate::table!).
pub trait Table: Sized {
    /// The table's name, also its file name without `.parquet`.
    const NAME: &'static str;
    /// The schema's version; goes up with any change to the columns or their meaning.
    const VERSION: u32;

    /// The Arrow schema: columns with unit and doc, and name, version and doc of the table.
    fn schema() -> SchemaRef;

    /// The rows as one Arrow batch, in order.
    ///
    /// # Errors
    /// [`TableError::NotFinite`] for NaN or an infinity anywhere: missing is null.
    fn to_batch(rows: &[Self]) -> Result<RecordBatch, TableError>;

    /// The rows of a batch, in order.
    ///
    /// # Errors
    /// Any [`TableError`]: another table, version or columns; nulls where none are allowed;
    /// a number that is not finite.
    fn from_batch(batch: &RecordBatch) -> Result<Vec<Self>, TableError>;

    /// Appends the row's canonical bytes, column by column, as [`Column::write_canonical`] says.
    fn write_canonical(&self, out: &mut Vec<u8>);
}

/// Declares a row struct and makes it a [`Table`]: the struct, its Arrow schema, and both
/// conversions. The unit stands in brackets after the type and is required for numbers.
///
/// ```
/// use std::sync::Arc;
/// use trier_tables::{Table, table};
///
/// table! {
///     /// One row per bag weighed.
///     pub struct BagRow = "bags", version 1 {
///         /// Who grew it.
///         farm: Arc<str>,
///         /// Mass of green beans; null when the scale was off.
///         mass_kg: Option<f64> ["kg"],
///     }
/// }
///
/// let rows = [BagRow { farm: "La Palma".into(), mass_kg: Some(69.8) }];
/// let batch = BagRow::to_batch(&rows)?;
/// assert_eq!(batch.schema().field(1).metadata()["unit"], "kg");
/// assert_eq!(BagRow::from_batch(&batch)?, rows);
/// # Ok::<(), trier_tables::TableError>(())
/// ```
///
/// A number without a unit does not compile:
///
/// ```compile_fail
/// trier_tables::table! {
///     /// One row per bag weighed.
///     pub struct BagRow = "bags", version 1 {
///         /// Mass of green beans.
///         mass_kg: f64,
///     }
/// }
/// use trier_tables::Table;
/// let _ = BagRow::schema();
/// ```
#[macro_export]
macro_rules! table {
    (
        $(#[doc = $doc:literal])+
        pub struct $row:ident = $name:literal, version $version:literal {
            $(
                $(#[doc = $field_doc:literal])+
                $field:ident : $type:ty $([$unit:literal])?
            ),+ $(,)?
        }
    ) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq)]
        pub struct $row {
            $(
                $(#[doc = $field_doc])+
                $(#[doc = concat!("\n\nUnit: ", $unit)])?
                pub $field: $type,
            )+
        }

        impl $crate::Table for $row {
            const NAME: &'static str = $name;
            const VERSION: u32 = $version;

            fn schema() -> $crate::made::SchemaRef {
                $crate::table::schema_of::<Self>(
                    concat!($($doc, "\n"),+),
                    vec![$(
                        $crate::table::field_of::<$type>(
                            stringify!($field),
                            const {
                                $crate::column::unit_of::<$type>(
                                    $crate::table::first_unit(&[$($unit)?])
                                )
                            },
                            concat!($($field_doc, "\n"),+),
                        )
                    ),+],
                )
            }

            fn to_batch(rows: &[Self]) -> Result<$crate::made::RecordBatch, $crate::TableError> {
                $crate::table::batch_of::<Self>(
                    rows.len(),
                    vec![$(
                        $crate::table::array_of::<Self, $type>(
                            stringify!($field),
                            rows.iter().map(|row| &row.$field),
                        )?
                    ),+],
                )
            }

            fn from_batch(batch: &$crate::made::RecordBatch) -> Result<Vec<Self>, $crate::TableError> {
                $crate::table::check_schema::<Self>(&batch.schema())?;
                $(
                    let mut $field =
                        $crate::table::values_of::<Self, $type>(stringify!($field), batch)?.into_iter();
                )+
                Ok(std::iter::from_fn(|| Some(Self { $($field: $field.next()?),+ })).collect())
            }

            fn write_canonical(&self, out: &mut Vec<u8>) {
                $( $crate::column::Column::write_canonical(&self.$field, out); )+
            }
        }
    };
}

/// The one unit given, if one is.
#[doc(hidden)]
#[must_use]
pub const fn first_unit(given: &[&'static str]) -> Option<&'static str> {
    match given {
        [unit, ..] => Some(unit),
        [] => None,
    }
}

/// A table's schema from its doc and fields.
#[doc(hidden)]
#[must_use]
pub fn schema_of<T: Table>(doc: &str, fields: Vec<Field>) -> SchemaRef {
    let metadata = [
        (KEY_TABLE.to_owned(), T::NAME.to_owned()),
        (KEY_VERSION.to_owned(), T::VERSION.to_string()),
        (KEY_DOC.to_owned(), one_line(doc)),
    ];
    Arc::new(Schema::new(fields).with_metadata(metadata.into()))
}

/// A column's field.
#[doc(hidden)]
#[must_use]
pub fn field_of<C: Column>(name: &str, unit: &str, doc: &str) -> Field {
    let metadata = [(KEY_UNIT.to_owned(), unit.to_owned()), (KEY_FIELD_DOC.to_owned(), one_line(doc))];
    Field::new(name, C::TYPE, C::NULLABLE).with_metadata(metadata.into())
}

fn one_line(doc: &str) -> String {
    doc.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A batch from its arrays.
#[doc(hidden)]
pub fn batch_of<T: Table>(rows: usize, arrays: Vec<ArrayRef>) -> Result<RecordBatch, TableError> {
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(T::schema(), arrays, &options)
        .map_err(|source| TableError::Arrow { table: T::NAME, source })
}

/// A column's array from its values.
#[doc(hidden)]
pub fn array_of<'a, T: Table, C: Column + 'a>(
    column: &'static str,
    values: impl Iterator<Item = &'a C>,
) -> Result<ArrayRef, TableError> {
    C::to_array(values).map_err(|(row, value)| TableError::NotFinite { table: T::NAME, column, row, value })
}

/// A column's values from a batch whose schema was checked.
#[doc(hidden)]
pub fn values_of<T: Table, C: Column>(
    column: &'static str,
    batch: &RecordBatch,
) -> Result<Vec<C>, TableError> {
    let missing = || TableError::OtherColumns { table: T::NAME, difference: format!("no column {column}") };
    let array = batch.column_by_name(column).ok_or_else(missing)?;
    let nulls = array.null_count();
    if !C::NULLABLE && nulls > 0 {
        return Err(TableError::UnexpectedNulls { table: T::NAME, column, nulls });
    }
    let values = C::from_array(array.as_ref()).ok_or_else(|| TableError::OtherColumns {
        table: T::NAME,
        difference: format!("{column} is {}, not {}", array.data_type(), C::TYPE),
    })?;
    match C::first_not_finite(&values) {
        Some((row, value)) => Err(TableError::NotFinite { table: T::NAME, column, row, value }),
        None => Ok(values),
    }
}

/// Checks that a schema is that of `T`: name, version, and each column's name, type, unit and
/// nullability, in order. Docs may differ.
///
/// # Errors
/// [`TableError::OtherTable`], [`TableError::OtherVersion`] or [`TableError::OtherColumns`].
pub fn check_schema<T: Table>(found: &Schema) -> Result<(), TableError> {
    let said = |key: &str| found.metadata().get(key).map(String::as_str);
    if said(KEY_TABLE) != Some(T::NAME) {
        let found = said(KEY_TABLE).unwrap_or("no name").to_owned();
        return Err(TableError::OtherTable { expected: T::NAME, found });
    }
    if said(KEY_VERSION) != Some(T::VERSION.to_string().as_str()) {
        let found = said(KEY_VERSION).unwrap_or("none").to_owned();
        return Err(TableError::OtherVersion { table: T::NAME, expected: T::VERSION, found });
    }
    let expected = T::schema();
    let mut differences: Vec<String> = expected
        .fields()
        .iter()
        .filter_map(|field| match found.field_with_name(field.name()) {
            Err(_) => Some(format!("no column {}", field.name())),
            Ok(other) => (described(other) != described(field))
                .then(|| format!("{} is {}, not {}", field.name(), described(other), described(field))),
        })
        .collect();
    let unknown = found.fields().iter().filter(|field| expected.field_with_name(field.name()).is_err());
    differences.extend(unknown.map(|field| format!("unknown column {}", field.name())));
    let names = |schema: &Schema| -> Vec<String> {
        schema.fields().iter().map(|field| field.name().clone()).collect()
    };
    if differences.is_empty() && names(found) != names(&expected) {
        differences.push("another order, or one twice".to_owned());
    }
    if differences.is_empty() {
        return Ok(());
    }
    Err(TableError::OtherColumns { table: T::NAME, difference: differences.join("; ") })
}

/// What must agree about a column besides its name.
fn described(field: &Field) -> String {
    let nullable = if field.is_nullable() { "nullable " } else { "" };
    let unit = field.metadata().get(KEY_UNIT).map_or("no unit", String::as_str);
    format!("{nullable}{} [{unit}]", field.data_type())
}

//! Columns: the Rust types a table's field may have, and their Arrow arrays.

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, BooleanArray, PrimitiveArray, StringArray, StringBuilder,
};
use arrow::datatypes::{DataType, Float64Type, Int64Type, UInt32Type};

/// A type that a table's column may have.
pub trait Column: Sized {
    /// The Arrow type of the column.
    const TYPE: DataType;
    /// Whether the column may hold nulls.
    const NULLABLE: bool;
    /// The unit written when the declaration gives none; `None` for numbers, which must give one.
    const DEFAULT_UNIT: Option<&'static str>;

    /// The values as an Arrow array, in order.
    ///
    /// # Errors
    /// The row (from 0) and the value of the first number that is not finite.
    fn to_array<'a>(values: impl Iterator<Item = &'a Self>) -> Result<ArrayRef, (usize, f64)>
    where
        Self: 'a;

    /// The values of an Arrow array of this type, in order; `None` for any other type, and for
    /// nulls where none are allowed.
    fn from_array(array: &dyn Array) -> Option<Vec<Self>>;

    /// The first value that is not a finite number, with its row (from 0).
    fn first_not_finite(_values: &[Self]) -> Option<(usize, f64)> {
        None
    }

    /// Appends the value's canonical bytes, what digests are taken over: little-endian numbers
    /// (the bits of an f64), strings after their length as u64, and for nullable columns a byte
    /// 0 for null or 1 before the value.
    fn write_canonical(&self, out: &mut Vec<u8>);
}

/// A number that Arrow has a primitive type for.
trait Number: Copy + 'static {
    type Arrow: ArrowPrimitiveType<Native = Self>;
    fn not_finite(self) -> Option<f64> {
        None
    }
    fn write(self, out: &mut Vec<u8>);
}

impl Number for i64 {
    type Arrow = Int64Type;
    fn write(self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_le_bytes());
    }
}

impl Number for u32 {
    type Arrow = UInt32Type;
    fn write(self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_le_bytes());
    }
}

impl Number for f64 {
    type Arrow = Float64Type;
    fn not_finite(self) -> Option<f64> {
        (!self.is_finite()).then_some(self)
    }
    fn write(self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_bits().to_le_bytes());
    }
}

fn numbers<N: Number>(values: impl Iterator<Item = Option<N>>) -> Result<ArrayRef, (usize, f64)> {
    let mut bad = None;
    let array: PrimitiveArray<N::Arrow> = values
        .enumerate()
        .inspect(|(row, value)| {
            if let (None, Some(value)) = (bad, value.and_then(Number::not_finite)) {
                bad = Some((*row, value));
            }
        })
        .map(|(_, value)| value)
        .collect();
    bad.map_or(Ok(Arc::new(array)), Err)
}

macro_rules! number_columns {
    ($($number:ty),+) => {$(
        impl Column for $number {
            const TYPE: DataType = <$number as Number>::Arrow::DATA_TYPE;
            const NULLABLE: bool = false;
            const DEFAULT_UNIT: Option<&'static str> = None;

            fn to_array<'a>(values: impl Iterator<Item = &'a Self>) -> Result<ArrayRef, (usize, f64)> {
                numbers(values.map(|value| Some(*value)))
            }

            fn from_array(array: &dyn Array) -> Option<Vec<Self>> {
                let array = array.as_any().downcast_ref::<PrimitiveArray<<$number as Number>::Arrow>>()?;
                (array.null_count() == 0).then(|| array.values().to_vec())
            }

            fn first_not_finite(values: &[Self]) -> Option<(usize, f64)> {
                values.iter().enumerate().find_map(|(row, value)| Some((row, value.not_finite()?)))
            }

            fn write_canonical(&self, out: &mut Vec<u8>) {
                self.write(out);
            }
        }

        impl Column for Option<$number> {
            const TYPE: DataType = <$number as Column>::TYPE;
            const NULLABLE: bool = true;
            const DEFAULT_UNIT: Option<&'static str> = None;

            fn to_array<'a>(values: impl Iterator<Item = &'a Self>) -> Result<ArrayRef, (usize, f64)> {
                numbers(values.copied())
            }

            fn from_array(array: &dyn Array) -> Option<Vec<Self>> {
                let array = array.as_any().downcast_ref::<PrimitiveArray<<$number as Number>::Arrow>>()?;
                Some(array.iter().collect())
            }

            fn first_not_finite(values: &[Self]) -> Option<(usize, f64)> {
                values.iter().enumerate().find_map(|(row, value)| Some((row, (*value)?.not_finite()?)))
            }

            fn write_canonical(&self, out: &mut Vec<u8>) {
                write_nullable(self.as_ref(), out);
            }
        }
    )+};
}

number_columns!(i64, u32, f64);

impl Column for bool {
    const TYPE: DataType = DataType::Boolean;
    const NULLABLE: bool = false;
    const DEFAULT_UNIT: Option<&'static str> = Some("none");

    fn to_array<'a>(values: impl Iterator<Item = &'a Self>) -> Result<ArrayRef, (usize, f64)> {
        Ok(Arc::new(values.map(|value| Some(*value)).collect::<BooleanArray>()))
    }

    fn from_array(array: &dyn Array) -> Option<Vec<Self>> {
        array.as_any().downcast_ref::<BooleanArray>()?.iter().collect()
    }

    fn write_canonical(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }
}

impl Column for Arc<str> {
    const TYPE: DataType = DataType::Utf8;
    const NULLABLE: bool = false;
    const DEFAULT_UNIT: Option<&'static str> = Some("none");

    fn to_array<'a>(values: impl Iterator<Item = &'a Self>) -> Result<ArrayRef, (usize, f64)> {
        Ok(strings(values.map(|value| Some(&**value))))
    }

    fn from_array(array: &dyn Array) -> Option<Vec<Self>> {
        shared_strings(array)?.into_iter().collect()
    }

    fn write_canonical(&self, out: &mut Vec<u8>) {
        write_text(self, out);
    }
}

/// For words from a fixed list: a row that is made borrows them, and nothing is counted.
impl Column for Cow<'static, str> {
    const TYPE: DataType = DataType::Utf8;
    const NULLABLE: bool = false;
    const DEFAULT_UNIT: Option<&'static str> = Some("none");

    fn to_array<'a>(values: impl Iterator<Item = &'a Self>) -> Result<ArrayRef, (usize, f64)> {
        Ok(strings(values.map(|value| Some(&**value))))
    }

    fn from_array(array: &dyn Array) -> Option<Vec<Self>> {
        let array = array.as_any().downcast_ref::<StringArray>()?;
        array.iter().map(|value| Some(Self::Owned(value?.to_owned()))).collect()
    }

    fn write_canonical(&self, out: &mut Vec<u8>) {
        write_text(self, out);
    }
}

impl Column for Option<Arc<str>> {
    const TYPE: DataType = DataType::Utf8;
    const NULLABLE: bool = true;
    const DEFAULT_UNIT: Option<&'static str> = Some("none");

    fn to_array<'a>(values: impl Iterator<Item = &'a Self>) -> Result<ArrayRef, (usize, f64)> {
        Ok(strings(values.map(Option::as_deref)))
    }

    fn from_array(array: &dyn Array) -> Option<Vec<Self>> {
        shared_strings(array)
    }

    fn write_canonical(&self, out: &mut Vec<u8>) {
        write_nullable(self.as_ref(), out);
    }
}

fn strings<'a>(values: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    let mut builder = StringBuilder::new();
    for value in values {
        builder.append_option(value);
    }
    Arc::new(builder.finish())
}

/// The strings of an array; neighbours that are equal share their memory, as a
/// source or a machine repeats over thousands of rows.
fn shared_strings(array: &dyn Array) -> Option<Vec<Option<Arc<str>>>> {
    let array = array.as_any().downcast_ref::<StringArray>()?;
    let mut last: Option<Arc<str>> = None;
    let shared = array.iter().map(|value| {
        let value = value?;
        let text = match &last {
            Some(text) if **text == *value => Arc::clone(text),
            _ => Arc::from(value),
        };
        last = Some(Arc::clone(&text));
        Some(text)
    });
    Some(shared.collect())
}

fn write_text(text: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(&(text.len() as u64).to_le_bytes());
    out.extend_from_slice(text.as_bytes());
}

fn write_nullable<C: Column>(value: Option<&C>, out: &mut Vec<u8>) {
    out.push(u8::from(value.is_some()));
    if let Some(value) = value {
        value.write_canonical(out);
    }
}

/// The unit of a column: the one given, or what the type says when none is.
///
/// # Panics
/// At compile time, for a number declared without a unit.
#[doc(hidden)]
#[must_use]
pub const fn unit_of<C: Column>(given: Option<&'static str>) -> &'static str {
    match (given, C::DEFAULT_UNIT) {
        (Some(unit), _) | (None, Some(unit)) => unit,
        (None, None) => panic!("a column of numbers needs a unit"),
    }
}

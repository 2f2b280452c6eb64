//! Digests of tables: one name for the values of a table in row order.
//!
//! Taken over the values, not over a file: compression, row groups and the
//! version of the Parquet writer do not move it.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use crate::column::Column;

use crate::Table;

/// The BLAKE3 digest of a table's name, schema version, number of rows, and the canonical bytes of
/// every row in order. Written as 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

/// Told apart from any other use of BLAKE3; a change to the canonical bytes gives it a new number.
const DOMAIN: &[u8] = b"trier table digest 1\0";

/// The digest of a table with these rows, as [`Column::write_canonical`] and [`Digest`] say.
///
/// [`Column::write_canonical`]: crate::column::Column::write_canonical
#[must_use]
pub fn digest<T: Table>(rows: &[T]) -> Digest {
    let mut digester = Digester::new(rows.len());
    rows.iter().for_each(|row| digester.row(row, &[]));
    digester.finish()
}

/// BLAKE3 of the file at `path`, in hex.
///
/// # Errors
/// The file cannot be read.
pub fn of_file(path: &std::path::Path) -> std::io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    std::io::copy(&mut std::fs::File::open(path)?, &mut hasher)?;
    Ok(hasher.finalize().to_hex().to_string())
}

/// A digest being taken, row by row.
pub(crate) struct Digester<T> {
    hasher: blake3::Hasher,
    bytes: Vec<u8>,
    rows_left: usize,
    of: PhantomData<T>,
}

impl<T: Table> Digester<T> {
    /// Begins the digest of a table with so many rows.
    pub(crate) fn new(rows: usize) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(DOMAIN);
        hasher.update(&(T::NAME.len() as u64).to_le_bytes());
        hasher.update(T::NAME.as_bytes());
        hasher.update(&T::VERSION.to_le_bytes());
        hasher.update(&(rows as u64).to_le_bytes());
        Self { hasher, bytes: Vec::new(), rows_left: rows, of: PhantomData }
    }

    /// Takes in what is said of the table beyond its declaration, before its rows.
    pub(crate) fn also(&mut self, said: &[u8]) {
        self.hasher.update(&(said.len() as u64).to_le_bytes());
        self.hasher.update(said);
    }

    /// Takes in the next row, with the numbers it has beyond its declaration.
    pub(crate) fn row(&mut self, row: &T, more: &[Option<f64>]) {
        self.bytes.clear();
        row.write_canonical(&mut self.bytes);
        more.iter().for_each(|number| number.write_canonical(&mut self.bytes));
        self.hasher.update(&self.bytes);
        self.rows_left = self.rows_left.checked_sub(1).expect("no more rows than were promised");
    }

    /// The digest.
    pub(crate) fn finish(&self) -> Digest {
        assert_eq!(self.rows_left, 0, "as many rows as were promised");
        Digest(*self.hasher.finalize().as_bytes())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Not 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a digest is 64 hexadecimal digits")]
pub struct NotADigest;

impl FromStr for Digest {
    type Err = NotADigest;

    fn from_str(text: &str) -> Result<Self, NotADigest> {
        blake3::Hash::from_hex(text).map(|hash| Self(*hash.as_bytes())).map_err(|_| NotADigest)
    }
}

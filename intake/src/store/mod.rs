//! The store: every message that came in, what became of it, and the books; one SQLite file.

mod books;
mod check;
mod database;
mod events;
mod lock;
mod read;
mod schema;
mod take;

pub use database::Place as DatabasePlace;
pub use read::{HeldRow, RejectedRow, SealedRow, View};

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::Connection;

use crate::StoreError;
use database::{Place, bring_home, tolerant};
use lock::Lock;
use take::Touched;

/// A store that is written. There is one of each at a time.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    /// How often it was opened to write, this time included: what tells this writer from any other.
    opening: i64,
    touched: BTreeMap<i64, Touched>,
    /// None for a database without a folder, as tests have.
    _lock: Option<Lock>,
}

impl Store {
    /// Opens the store in `folder`; makes it where there is none.
    ///
    /// # Errors
    /// When another process writes it, it is no store or a newer one, or the disk fails.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let lock = Lock::take(folder)?;
        Self::open_locked(&Place::of_folder(folder), Some(lock))
    }

    /// The same for a database anywhere, which the caller keeps for itself.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_at(place: &Place) -> Result<Self, StoreError> {
        Self::open_locked(place, None)
    }

    fn open_locked(place: &Place, lock: Option<Lock>) -> Result<Self, StoreError> {
        let connection = place.open_to_write()?;
        let doing = tolerant("opening the store");
        // What a writer that died left in the log may be read and yet not be on the disk: it died
        // before the flush, or the flush failed. Before anything is called a duplicate of it, it is
        // written home and flushed.
        bring_home(&connection, true)?;
        let opening = connection
            .query_row("UPDATE meta SET value = value + 1 WHERE key = 'opening' RETURNING value", [], |row| {
                row.get(0)
            })
            .map_err(&doing)?;
        Ok(Self { connection, opening, touched: BTreeMap::new(), _lock: lock })
    }

    /// Uses idle time: brings the log home.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn rest(&mut self) -> Result<(), StoreError> {
        bring_home(&self.connection, true)
    }

    /// Brings the log home if it is long.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn derive(&mut self) -> Result<usize, StoreError> {
        self.touched.clear();
        bring_home(&self.connection, false)?;
        Ok(0)
    }

    /// Ends the work: all that is left to do is done.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn settle(&mut self) -> Result<(), StoreError> {
        self.rest()
    }
}

/// An error and its causes in one line, each after a colon.
pub(crate) fn words(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

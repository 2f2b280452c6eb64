//! The store: every message that came in, what became of it, and the books; one SQLite file.

mod books;
mod check;
mod database;
mod edits;
mod events;
mod lines;
mod lock;
mod read;
mod schema;
mod take;

pub use database::Place as DatabasePlace;
pub use edits::Editor;
pub use read::{HeldRow, RejectedRow, SealedRow, View};

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use crate::StoreError;
use database::{Place, bring_home, tolerant};
use lines::Lines;
use lock::Lock;

/// A store that is written. There is one of each at a time.
pub struct Store {
    connection: Connection,
    /// How often it was opened to write, this time included: what tells this writer from any other.
    opening: i64,
    lines: Lines,
    /// Revisions of sessions sealed since it was opened.
    sealed: usize,
    /// None for a database without a folder, as tests have.
    _lock: Option<Lock>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.debug_struct("Store").field("opening", &self.opening).finish_non_exhaustive()
    }
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
        Ok(Self { connection, opening, lines: Lines::default(), sealed: 0, _lock: lock })
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
    pub fn tidy(&mut self) -> Result<(), StoreError> {
        bring_home(&self.connection, false)
    }

    /// Revisions of sessions sealed since it was opened.
    #[must_use]
    pub const fn sealed(&self) -> usize {
        self.sealed
    }

    /// Takes it that nothing more will come of the machines heard of since it was opened: sessions
    /// still open are sealed. Should something come after all, they get further revisions.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn end_sessions(&mut self) -> Result<(), StoreError> {
        let doing = tolerant("sealing what is open");
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(&doing)?;
        take::still_ours(&transaction, self.opening)?;
        let sealed = self.lines.end(&transaction);
        self.sealed += sealed.and_then(|sealed| transaction.commit().map(|()| sealed)).map_err(&doing)?;
        Ok(())
    }

    /// The same of every machine that was ever heard of; how many revisions were sealed.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn end_every_session(&mut self) -> Result<usize, StoreError> {
        let doing = tolerant("sealing what is open");
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(&doing)?;
        take::still_ours(&transaction, self.opening)?;
        let lines = &mut self.lines;
        let sealed = lines
            .wake(&transaction)
            .and_then(|()| Ok(lines.write(&transaction)? + lines.end(&transaction)?))
            .and_then(|sealed| transaction.commit().map(|()| sealed));
        match sealed {
            Ok(sealed) => {
                self.lines.committed();
                self.sealed += sealed;
                Ok(sealed)
            }
            Err(error) => {
                self.lines.forget();
                Err(doing(error))
            }
        }
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

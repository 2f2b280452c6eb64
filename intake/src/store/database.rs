//! The SQLite file: how it is opened, and what its errors mean here. Not what is in it.

use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::wal::CheckpointMode;
use rusqlite::{Connection, ErrorCode, MAIN_DB, OpenFlags};

use super::schema::{self, APPLICATION_ID, NEWEST, VERSIONS};
use crate::StoreError;

/// The file in the store's folder.
const NAME: &str = "readings.sqlite";

/// Pages of 4 KiB kept in memory.
const CACHE_KIB: i32 = 32 * 1024;

/// Pages in the log at which they are brought home: 16 MiB. Each is then read and written once more,
/// so the more changes a page has had by then, the less is written.
const LOG_PAGES: i32 = 4096;

/// How long a reader may hold up a step that needs the file alone, ms.
const PATIENCE_MS: u32 = 5000;

/// Where a database lies.
#[derive(Clone, Debug)]
pub struct Place {
    path: PathBuf,
    /// SQLite's name of the file system; its own when absent.
    vfs: Option<String>,
}

impl Place {
    /// The database of the store in `folder`.
    #[must_use]
    pub fn of_folder(folder: &Path) -> Self {
        Self { path: folder.join(NAME), vfs: None }
    }

    /// A database on a file system of SQLite that the caller has registered under `vfs`.
    #[must_use]
    pub fn on_file_system(path: &Path, vfs: &str) -> Self {
        Self { path: path.to_owned(), vfs: Some(vfs.to_owned()) }
    }

    pub(crate) fn is_there(&self) -> bool {
        self.vfs.is_some() || self.path.is_file()
    }

    fn open(&self, flags: OpenFlags) -> Result<Connection, StoreError> {
        let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let opened = match &self.vfs {
            None => Connection::open_with_flags(&self.path, flags),
            Some(vfs) => Connection::open_with_flags_and_vfs(&self.path, flags, vfs.as_str()),
        };
        let connection = opened.map_err(stopped("opening the store's file"))?;
        let set = || {
            connection.busy_timeout(std::time::Duration::from_millis(u64::from(PATIENCE_MS)))?;
            connection.pragma_update(None, "trusted_schema", false)?;
            connection.pragma_update(None, "cell_size_check", true)?;
            connection.pragma_update(None, "temp_store", "MEMORY")?;
            connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
            // Bringing the log home is the writer's, who hears of it when that fails.
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
            connection.query_row("PRAGMA application_id", [], |row| row.get(0))
        };
        let whose: i32 = set().map_err(stopped("opening the store's file"))?;
        let got = schema::version(&connection)?;
        if whose != APPLICATION_ID && (whose != 0 || got != 0) {
            return Err(StoreError::Foreign { path: self.path.clone(), got: whose });
        }
        if got > NEWEST {
            return Err(StoreError::Newer { got, known: NEWEST });
        }
        Ok(connection)
    }

    /// Opens it to write; makes it where it is not there, and brings it to the newest schema.
    pub(crate) fn open_to_write(&self) -> Result<Connection, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let mut connection = self.open(flags)?;
        let doing = tolerant("opening the store's file");
        let mode: String =
            connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)).map_err(&doing)?;
        if mode != "wal" {
            return Err(StoreError::NoLog { path: self.path.clone(), mode });
        }
        let set = || {
            // Every commit is flushed before it is acknowledged.
            connection.pragma_update(None, "synchronous", "FULL")?;
            connection.pragma_update(None, "foreign_keys", true)?;
            manual_home(&connection)
        };
        set().map_err(&doing)?;
        schema::migrate(&mut connection, &VERSIONS)?;
        Ok(connection)
    }

    /// Opens it to read, beside a writer or without one.
    pub(crate) fn open_to_read(&self) -> Result<Connection, StoreError> {
        let connection = self.open_as_it_is()?;
        connection
            .pragma_update(None, "query_only", true)
            .map_err(stopped("opening the store's file to read"))?;
        Ok(connection)
    }

    /// Opens it to add what people say, beside a writer or without one.
    pub(crate) fn open_to_edit(&self) -> Result<Connection, StoreError> {
        let connection = self.open_as_it_is()?;
        let set = || {
            connection.pragma_update(None, "synchronous", "FULL")?;
            connection.pragma_update(None, "foreign_keys", true)?;
            manual_home(&connection)
        };
        set().map_err(stopped("opening the store's file"))?;
        Ok(connection)
    }

    /// Opens one of the newest schema, which only its writer may bring it to.
    fn open_as_it_is(&self) -> Result<Connection, StoreError> {
        let connection = self.open(OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        match schema::version(&connection)? {
            NEWEST => Ok(connection),
            // Made, and nothing in it yet.
            0 => Err(StoreError::Absent { path: self.path.clone() }),
            got => Err(StoreError::Older { got, known: NEWEST }),
        }
    }
}

/// By itself SQLite would bring the log home within a commit, and say nothing of a flush that failed there.
fn manual_home(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "wal_autocheckpoint", 0)
}

/// Brings the log home once it is long, or at any length when `all`.
pub(crate) fn bring_home(connection: &Connection, all: bool) -> Result<(), StoreError> {
    let checkpoint =
        |mode| connection.wal_checkpoint_v2(Some(MAIN_DB), mode).map_err(tolerant("bringing the log home"));
    let (pages, home) = checkpoint(CheckpointMode::NOOP)?;
    if pages > home && (all || pages >= LOG_PAGES) {
        checkpoint(CheckpointMode::PASSIVE)?;
    }
    Ok(())
}

/// An error that ends the work with this connection.
pub(crate) fn stopped(doing: &'static str) -> impl Fn(rusqlite::Error) -> StoreError {
    move |source| StoreError::Stopped { doing, source }
}

/// The same, but a disk without room, and a file that somebody else writes, only refuse: what was not
/// committed is rolled back, and nothing that was flushed is in doubt.
pub(crate) fn tolerant(doing: &'static str) -> impl Fn(rusqlite::Error) -> StoreError {
    move |source| match source.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::Full,
        // Only the beginning of a transaction waits for others, and then nothing was done yet.
        Some(ErrorCode::DatabaseBusy) => StoreError::Busy,
        _ => StoreError::Stopped { doing, source },
    }
}

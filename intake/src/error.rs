//! Why the store cannot be opened, or refuses. Bad readings are no errors: they have outcomes.

use std::io;
use std::path::PathBuf;

use trier_pipeline::records::EditError;

/// Why the store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The folder of the store cannot be made or read.
    #[error("cannot {doing} {}", path.display())]
    Folder {
        /// What was tried, such as `make`.
        doing: &'static str,
        /// The folder or file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// There is no store where one was to be read.
    #[error("there is no store in {}\nhint: sim ingest --store {} FILE makes one", path.display(), path.display())]
    Absent {
        /// The folder.
        path: PathBuf,
    },
    /// Another process writes it.
    #[error("{} is being written by {owner}; a store has one writer\nhint: end that one first, or send to its door", path.display())]
    Taken {
        /// The folder.
        path: PathBuf,
        /// What the other process said of itself.
        owner: String,
    },
    /// Another writer opened it after us, past the lock, as on a network file system.
    #[error(
        "another writer has opened the store since (its opening {got}, ours {ours}); this one stops\nhint: keep the store on a local disk, where the lock holds"
    )]
    Superseded {
        /// The opening that the store now says it had.
        got: i64,
        /// Ours.
        ours: i64,
    },
    /// The file is some other program's.
    #[error("{} is no store of readings (its application id is {got:#x})", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// The id found.
        got: i32,
    },
    /// The file system cannot share memory between those who have the file open.
    #[error("{} cannot be written ahead (its journal is {mode:?})\nhint: keep the store on a local disk", path.display())]
    NoLog {
        /// The file.
        path: PathBuf,
        /// The journal that SQLite fell back to.
        mode: String,
    },
    /// A newer program wrote it.
    #[error(
        "the store has schema {got}, and this program knows {known} at most\nhint: use the program that wrote it, or a newer one"
    )]
    Newer {
        /// The schema found.
        got: u32,
        /// The newest one known here.
        known: u32,
    },
    /// An older program wrote it, and only a writer may bring it up.
    #[error(
        "the store has schema {got}, and this program reads {known}\nhint: taking readings in with sim ingest brings it \
         up to date, and nothing in it is lost"
    )]
    Older {
        /// The schema found.
        got: u32,
        /// The one read here.
        known: u32,
    },
    /// Somebody else writes to the file, and did not end in time. Nothing was stored.
    #[error("somebody else is writing to the store, and takes long; nothing was stored, try again")]
    Busy,
    /// An id that sessions of several machines have.
    #[error(
        "session {session} is of {machines} machines of the store, so it is not known which is meant\nhint: readings that were \
         taken in for two companies make such; keep each company's in a store of its own"
    )]
    Ambiguous {
        /// The id.
        session: String,
        /// How many machines have one of it.
        machines: u32,
    },
    /// What was said of a session is not what it was when it was written.
    #[error(
        "what was said in revision {revision} of session {session} is not what it was\nhint: the disk may have changed it; \
         sim ingest --check names all that was, and a backup may have it whole"
    )]
    Changed {
        /// The session.
        session: String,
        /// The number of the revision.
        revision: u32,
    },
    /// What somebody says of a session cannot be said of it, or not now.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// No room on the disk. Nothing of the group was kept; the next one is tried.
    #[error("the disk is full; nothing was stored, send again once there is room")]
    Full,
    /// The disk failed, or holds what it was not given. The store does nothing more until it is
    /// opened again: what a failed flush left in memory cannot be trusted.
    #[error(
        "the store stopped: {doing} failed\nhint: look at the disk, then start again; what was acknowledged is there"
    )]
    Stopped {
        /// What was being done.
        doing: &'static str,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// The writer ended earlier, for a reason said then.
    #[error("the store is closed")]
    Closed,
    /// A row that was asked for by name is not there.
    #[error("no {what} is called {id:?}\nhint: see --list {list}")]
    Unknown {
        /// What was looked for, such as `quarantined frame`.
        what: &'static str,
        /// The name given.
        id: String,
        /// Which list shows those there are.
        list: &'static str,
    },
    /// Another message stands under the same number.
    #[error("message {other} stands under the number of message {id}; two cannot")]
    Standing {
        /// The one asked for.
        id: i64,
        /// The one that stands.
        other: i64,
    },
    /// A message in conflict is not released by itself.
    #[error("message {id} is one of several under its number\nhint: say which one stands with --rule")]
    InConflict {
        /// The one asked for.
        id: i64,
    },
    /// A name that cannot stand in the books.
    #[error("{what} is empty or longer than 128 bytes: {got:?}")]
    Name {
        /// Whose name.
        what: &'static str,
        /// The name.
        got: String,
    },
}

impl StoreError {
    /// Whether the same may be tried again on the same store.
    #[must_use]
    pub const fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::Full
                | Self::Busy
                | Self::Ambiguous { .. }
                | Self::Changed { .. }
                | Self::Unknown { .. }
                | Self::Name { .. }
                | Self::Standing { .. }
                | Self::InConflict { .. }
                | Self::Edit(_)
        )
    }
}

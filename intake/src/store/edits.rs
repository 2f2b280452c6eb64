//! What people say of sealed sessions, kept beside the pipeline's rows and never in them.
//!
//! An edit is a revision of its session like any other: its number is one more than the newest of
//! both kinds, and the pipeline's next goes on from there. It is written past the store's writer,
//! which may be taking readings in at the same time: the file's own lock sees to it that of two who
//! want one number, one is told.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};
use trier_pipeline::records::{Edit, History, Reviewed, Revision};
use trier_roast::EventTime;
use trier_tables::rows::{SessionRow, TelemetryRow};

use super::database::{Place, stopped, tolerant};
use super::lines::{MachineId, outputs_of, session_of};
use super::read::View;
use crate::StoreError;

/// A store that is open to say something of its sessions.
#[derive(Debug)]
pub struct Editor {
    connection: Connection,
}

impl Editor {
    /// Opens the store in `folder`.
    ///
    /// # Errors
    /// [`StoreError::Absent`] when there is none; those of opening.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let place = Place::of_folder(folder);
        if !place.is_there() {
            return Err(StoreError::Absent { path: folder.to_owned() });
        }
        Ok(Self { connection: place.open_to_edit()? })
    }

    /// Keeps an edit as the session's next revision; the session as it then stands. It is on the
    /// disk when this returns.
    ///
    /// - `base`: the revision that its author had seen; the newest when None.
    /// - `said`: author and reason.
    /// - `received`: by our clock.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when there is no such session, [`StoreError::Ambiguous`] when there are two,
    /// [`StoreError::Edit`] when that cannot be said of it or somebody was quicker,
    /// [`StoreError::Busy`] when the writer takes long; those of the disk.
    pub fn say(
        &mut self,
        session: &str,
        base: Option<u32>,
        said: (&str, &str),
        received: EventTime,
        edit: Edit,
    ) -> Result<Reviewed, StoreError> {
        let doing = tolerant("writing down what was said");
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(&doing)?;
        let (machine, sealed) = sealed(&transaction, session)?;
        let mut edits = edits(&transaction, session)?;
        let history = History::new(sealed.clone(), edits.clone())?;
        let next = history.next(base.unwrap_or_else(|| history.newest()), said, received, edit)?;
        let row = next.to_toml();
        transaction
            .execute(
                "INSERT INTO edit (machine, session, revision, row, digest) VALUES (?1, ?2, ?3, ?4, ?5)",
                (machine, session, next.revision, &row, blake3::hash(row.as_bytes()).as_bytes()),
            )
            .map_err(&doing)?;
        transaction.commit().map_err(&doing)?;
        edits.push(next);
        Ok(History::new(sealed, edits)?.reviewed())
    }
}

impl View {
    /// What people have said of a session, by number.
    ///
    /// # Errors
    /// [`StoreError::Changed`] when a row is not what it was; those of the disk.
    pub fn edits(&self, session: &str) -> Result<Vec<Revision>, StoreError> {
        edits(&self.connection, session)
    }

    /// The telemetry of the machine that roasted a session, worked out anew.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when there is no such session; those of the disk.
    pub fn telemetry_beside(&self, session: &str) -> Result<Vec<TelemetryRow>, StoreError> {
        let (machine, _) = sealed(&self.connection, session)?;
        let rows = outputs_of(&self.connection, machine).map_err(stopped("working out the rows"))?;
        Ok(rows.telemetry)
    }

    /// Edits that are not what they were, or of no session.
    pub(super) fn changed_edits(&self) -> Result<Vec<String>, StoreError> {
        let told = self.rows(
            "SELECT session, revision, row, digest,
                 EXISTS (SELECT 1 FROM session WHERE session.machine = edit.machine AND session.session = edit.session)
             FROM edit ORDER BY session, revision",
            [],
            |row| {
                let (session, number): (String, u32) = (row.get(0)?, row.get(1)?);
                let (text, digest, is_of_one): (String, Vec<u8>, bool) = (row.get(2)?, row.get(3)?, row.get(4)?);
                let is_whole = whole(&session, number, &text, &digest).is_some();
                let what = match (is_whole, is_of_one) {
                    (true, true) => return Ok(None),
                    (false, _) => "what was said is not what it was",
                    (true, false) => "there is no such session",
                };
                Ok(Some(format!("session {session} revision {number}: {what}")))
            },
        )?;
        Ok(told.into_iter().flatten().collect())
    }
}

/// The machine of a session, and its newest row.
fn sealed(store: &Connection, session: &str) -> Result<(MachineId, SessionRow), StoreError> {
    let doing = stopped("reading a session");
    let machines: u32 = store
        .prepare_cached("SELECT count(DISTINCT machine) FROM session WHERE session = ?1")
        .and_then(|mut select| select.query_row([session], |row| row.get(0)))
        .map_err(&doing)?;
    match machines {
        0 => {
            return Err(StoreError::Unknown { what: "session", id: session.to_owned(), list: "sessions" });
        }
        1 => {}
        machines => return Err(StoreError::Ambiguous { session: session.to_owned(), machines }),
    }
    store
        .prepare_cached("SELECT machine, row FROM session WHERE session = ?1 ORDER BY revision DESC LIMIT 1")
        .and_then(|mut select| {
            select.query_row([session], |row| Ok((row.get(0)?, session_of(row.get_ref(1)?.as_str()?)?)))
        })
        .map_err(&doing)
}

fn edits(store: &Connection, session: &str) -> Result<Vec<Revision>, StoreError> {
    let rows: Vec<(u32, String, Vec<u8>)> = store
        .prepare_cached("SELECT revision, row, digest FROM edit WHERE session = ?1 ORDER BY revision")
        .and_then(|mut select| {
            select.query_map([session], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect()
        })
        .map_err(stopped("reading what was said of a session"))?;
    let whole = rows.into_iter().map(|(revision, text, digest)| {
        let changed = || StoreError::Changed { session: session.to_owned(), revision };
        whole(session, revision, &text, &digest).ok_or_else(changed)
    });
    whole.collect()
}

/// The edit that a row holds, if it is what was written.
fn whole(session: &str, revision: u32, text: &str, digest: &[u8]) -> Option<Revision> {
    let edit = Revision::parse(text).ok()?;
    let is_whole = digest == blake3::hash(text.as_bytes()).as_bytes();
    (is_whole && edit.revision == revision && edit.session_id == session).then_some(edit)
}

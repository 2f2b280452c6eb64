//! The lines of the machines: what the pipeline makes of the messages that stand.
//!
//! A line is not stored. It is made from the store when its machine is first heard of, and every
//! session it has sealed since the last commit is written with the messages that sealed it. So after
//! any commit the sessions are those of the messages that are there.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use rusqlite::{Connection, Transaction};
use trier_pipeline::ingest::{Frame, MachineClock};
use trier_pipeline::{Line, LineConfig, LineOut, Outputs, Replay, Revision};
use trier_tables::rows::SessionRow;
use trier_tables::{TableError, json_lines, read_json_lines};

use super::check::{FRAME_COLUMNS, frame_of};
use crate::arrival::key_of;

/// A machine as the store numbers it.
pub(crate) type MachineId = i64;

/// The lines that were needed so far, and what those touched since the last commit put out.
#[derive(Default)]
pub(crate) struct Lines {
    known: BTreeMap<MachineId, Line>,
    touched: BTreeMap<MachineId, LineOut>,
}

impl Lines {
    /// The clock of a machine, by which a frame is late or not.
    pub(crate) fn clock(
        &mut self,
        store: &Connection,
        machine: MachineId,
    ) -> rusqlite::Result<&MachineClock> {
        Ok(self.line(store, machine)?.0.clock())
    }

    /// Gives a machine's line a frame that stands now.
    pub(crate) fn push(
        &mut self,
        store: &Connection,
        machine: MachineId,
        frame: &Frame,
    ) -> rusqlite::Result<()> {
        let (line, out) = self.line(store, machine)?;
        line.push(frame, out);
        Ok(())
    }

    /// Has a machine heard again without, or again with, what somebody or another message has changed.
    pub(crate) fn change(&mut self, store: &Connection, machine: MachineId) -> rusqlite::Result<()> {
        self.line(store, machine)?.0.want_everything();
        Ok(())
    }

    /// Hears again what is wanted, and writes the sessions that were sealed; how many revisions.
    pub(crate) fn write(&mut self, to: &Transaction<'_>) -> rusqlite::Result<usize> {
        let mut sealed = 0;
        for (machine, out) in &mut self.touched {
            let Some(line) = self.known.get_mut(machine) else { continue };
            // Each replay wants less than the one before, or nothing.
            while let Some(wanted) = line.wanted().cloned() {
                let frames = frames(to, *machine, &wanted)?;
                line.replay(frames, out);
            }
            for revision in &out.revisions {
                write_session(to, *machine, revision)?;
                sealed += 1;
            }
        }
        Ok(sealed)
    }

    /// What was written is on the disk.
    pub(crate) fn committed(&mut self) {
        self.touched.clear();
    }

    /// What was heard since the last commit is not on the disk: the lines that heard it are made anew
    /// when they are next needed.
    pub(crate) fn forget(&mut self) {
        for machine in std::mem::take(&mut self.touched).into_keys() {
            self.known.remove(&machine);
        }
    }

    fn line(
        &mut self,
        store: &Connection,
        machine: MachineId,
    ) -> rusqlite::Result<(&mut Line, &mut LineOut)> {
        let out = self.touched.entry(machine).or_default();
        // Rows of telemetry and marks can be had again at any time; here they would only pile up.
        out.rows = Outputs::default();
        let line = match self.known.entry(machine) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(remembered(store, machine, out)?),
        };
        Ok((line, out))
    }
}

/// The line of a machine as the messages and sessions in the store have it. Where rules of the
/// program have changed since they were written, it puts out what they make of it now.
fn remembered(store: &Connection, machine: MachineId, out: &mut LineOut) -> rusqlite::Result<Line> {
    let mut line = Line::new(config(store, machine)?);
    let mut select = store.prepare_cached(
        "SELECT row, heard, max(revision) FROM session WHERE machine = ?1 GROUP BY session",
    )?;
    let mut rows = select.query([machine])?;
    while let Some(row) = rows.next()? {
        let heard = row.get::<_, i64>(1)?.cast_unsigned();
        line.recall(Revision { row: session_of(row.get_ref(0)?.as_str()?)?, heard });
    }
    line.want_everything();
    line.replay(frames(store, machine, &Replay::everything())?, out);
    Ok(line)
}

/// The messages of a machine that stand, at least those that are wanted.
pub(crate) fn frames(
    store: &Connection,
    machine: MachineId,
    wanted: &Replay,
) -> rusqlite::Result<Vec<Frame>> {
    let sql = format!(
        "SELECT {FRAME_COLUMNS}, name, last_us FROM frame JOIN device ON device.id = frame.device
         WHERE machine = ?1 AND state = 0"
    );
    let mut select = store.prepare_cached(&sql)?;
    let mut rows = select.query([machine])?;
    let mut frames = Vec::new();
    while let Some(row) = rows.next()? {
        if may_be_wanted(row, wanted)?
            // What the disk has changed is not used; the check names it.
            && let Ok(frame) = frame_of(row)?
        {
            frames.push(frame);
        }
    }
    Ok(frames)
}

/// Whether the line may want a row, told without reading the whole of it.
fn may_be_wanted(row: &rusqlite::Row<'_>, wanted: &Replay) -> rusqlite::Result<bool> {
    let by_time = match (wanted.from, row.get::<_, Option<i64>>("last_us")?) {
        (Some(from), Some(last_us)) => last_us >= from.us(),
        _ => true,
    };
    let device = row.get_ref("name")?.as_str()?;
    let key = row.get_ref("key")?.as_blob()?;
    let by_number = wanted.after.get(device).is_none_or(|(boot, seq)| key > &key_of(*boot, *seq)[..]);
    Ok(by_time || by_number)
}

fn write_session(to: &Transaction<'_>, machine: MachineId, revision: &Revision) -> rusqlite::Result<()> {
    let row = json_lines(std::slice::from_ref(&revision.row)).map_err(of_table)?;
    let row = row.trim_end();
    to.prepare_cached("INSERT INTO session VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
        .execute((
            machine,
            &*revision.row.session_id,
            revision.row.revision,
            row,
            revision.heard.cast_signed(),
            blake3::hash(row.as_bytes()).as_bytes(),
        ))
        .map(|_| ())
}

/// The session that a row of the store holds.
pub(crate) fn session_of(text: &str) -> rusqlite::Result<SessionRow> {
    let rows = read_json_lines::<SessionRow>(text).map_err(of_table)?;
    rows.into_iter().next().ok_or(rusqlite::Error::QueryReturnedNoRows)
}

/// An error of a table as one of the store's file: rows are written and read within its transactions.
fn of_table(error: TableError) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(Box::new(error))
}

/// The line's configuration, from the machine's name.
pub(crate) fn config(store: &Connection, machine: MachineId) -> rusqlite::Result<LineConfig> {
    let named = |row: &rusqlite::Row<'_>| {
        let (tenant, site, name): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(LineConfig::of(Arc::from(tenant), Arc::from(format!("{site}/{name}"))))
    };
    store.prepare_cached("SELECT tenant, site, name FROM machine WHERE id = ?1")?.query_row([machine], named)
}

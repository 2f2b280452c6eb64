//! The lines of the machines: what the pipeline makes of the messages that stand.
//!
//! A line is not stored. It is made from the store when its machine is first heard of, from a long
//! silence on, and every session it has sealed since the last commit is written with the messages
//! that sealed it. So after any commit the sessions are those of the messages that are there.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use rusqlite::{Connection, Transaction};
use trier_pipeline::ingest::{Frame, MachineClock};
use trier_pipeline::{Fact, Line, LineConfig, LineOut, Outputs, Replay, Revision};
use trier_roast::EventTime;
use trier_tables::rows::SessionRow;
use trier_tables::{TableError, json_lines, read_json_lines};

use super::check::{FRAME_COLUMNS, frame_of};
use super::database::stopped;
use super::read::View;
use crate::StoreError;
use crate::arrival::key_of;

/// A machine as the store numbers it.
pub(crate) type MachineId = i64;

/// A silence across which no line reaches, µs: twice what the pipeline calls a quiet moment.
const SILENCE_US: i64 = 1_800_000_000;

/// A line, and the event time from which on it has the machine's messages; None for all of them.
struct Known {
    line: Line,
    from: Option<EventTime>,
}

/// What was done to a machine since the last commit.
#[derive(Default)]
struct Touched {
    out: LineOut,
    /// The earliest label among the messages that came, went or changed; None before the first.
    earliest: Option<EventTime>,
}

/// The lines that were needed so far.
#[derive(Default)]
pub(crate) struct Lines {
    known: BTreeMap<MachineId, Known>,
    touched: BTreeMap<MachineId, Touched>,
}

impl Lines {
    /// The clock of a machine, by which a frame is late or not.
    pub(crate) fn clock(
        &mut self,
        store: &Connection,
        machine: MachineId,
    ) -> rusqlite::Result<&MachineClock> {
        Ok(self.line(store, machine)?.0.line.clock())
    }

    /// Gives a machine's line a frame that stands now.
    pub(crate) fn push(
        &mut self,
        store: &Connection,
        machine: MachineId,
        frame: &Frame,
    ) -> rusqlite::Result<()> {
        let (known, touched) = self.line(store, machine)?;
        touched.reach(frame.first_label());
        known.line.push(frame, &mut touched.out);
        // Rows of telemetry and marks can be had again at any time; here they would only pile up.
        touched.out.rows = Outputs::default();
        Ok(())
    }

    /// Has a machine heard again, since a message that was or is to be used has changed.
    ///
    /// - `first`: the message's first label.
    pub(crate) fn change(
        &mut self,
        store: &Connection,
        machine: MachineId,
        first: Option<EventTime>,
    ) -> rusqlite::Result<()> {
        let (known, touched) = self.line(store, machine)?;
        touched.reach(first);
        known.line.want_everything();
        Ok(())
    }

    /// Hears again what is wanted, and writes the sessions that were sealed and what was found out
    /// about clocks; how many revisions.
    pub(crate) fn write(&mut self, to: &Transaction<'_>) -> rusqlite::Result<usize> {
        let mut sealed = 0;
        for (machine, touched) in &mut self.touched {
            let Some(known) = self.known.get_mut(machine) else { continue };
            // Whether labels can be told by depends on them.
            write_facts(to, *machine, &touched.out.facts)?;
            // Each replay wants less than the one before, or nothing.
            while let Some(wanted) = known.line.wanted().cloned() {
                known.replay(to, *machine, &wanted, touched)?;
            }
            write_facts(to, *machine, &touched.out.facts)?;
            for revision in &touched.out.revisions {
                write_session(to, *machine, revision)?;
                sealed += 1;
            }
        }
        Ok(sealed)
    }

    /// Makes the line of every machine in the store.
    pub(crate) fn wake(&mut self, store: &Connection) -> rusqlite::Result<()> {
        let machines: Vec<MachineId> = store
            .prepare_cached("SELECT id FROM machine")?
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        machines.into_iter().try_for_each(|machine| self.line(store, machine).map(|_| ()))
    }

    /// Takes it that nothing more will come: what waits is heard, and open sessions are sealed and
    /// written; how many revisions. The lines are made anew when they are next needed.
    pub(crate) fn end(&mut self, to: &Transaction<'_>) -> rusqlite::Result<usize> {
        let mut sealed = 0;
        for (machine, known) in std::mem::take(&mut self.known) {
            let mut out = LineOut::default();
            known.line.end(&mut out);
            write_facts(to, machine, &out.facts)?;
            for revision in &out.revisions {
                write_session(to, machine, revision)?;
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
    ) -> rusqlite::Result<(&mut Known, &mut Touched)> {
        let touched = self.touched.entry(machine).or_default();
        let known = match self.known.entry(machine) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(Known::remembered(store, machine, touched)?),
        };
        Ok((known, touched))
    }
}

impl Touched {
    fn reach(&mut self, first: Option<EventTime>) {
        self.earliest = self.earliest.into_iter().chain(first).min();
    }
}

impl Known {
    /// The line of a machine as the messages and sessions in the store have it, since its last long
    /// silence. Where rules of the program have changed since they were written, it puts out what
    /// they make of it now.
    fn remembered(store: &Connection, machine: MachineId, touched: &mut Touched) -> rusqlite::Result<Self> {
        let newest: Option<i64> = store
            .prepare_cached("SELECT max(last_us) FROM frame WHERE machine = ?1")?
            .query_row([machine], |row| row.get(0))?;
        let line = Line::new(config(store, machine)?);
        let mut known = Self { line, from: newest.map(EventTime::from_us) };
        known.line.want_everything();
        known.replay(store, machine, &Replay::everything(), touched)?;
        Ok(known)
    }

    fn replay(
        &mut self,
        store: &Connection,
        machine: MachineId,
        wanted: &Replay,
        touched: &mut Touched,
    ) -> rusqlite::Result<()> {
        if *wanted == Replay::everything() {
            // Everything since the silence before the earliest message in question.
            let reaches = self.from.map(|from| touched.earliest.map_or(from, |earliest| earliest.min(from)));
            self.from = reaches.map_or(Ok(None), |at| silence_before(store, machine, at))?;
            self.recall(store, machine)?;
        }
        let frames = frames(store, machine, wanted, self.from)?;
        self.line.replay(frames, &mut touched.out);
        touched.out.rows = Outputs::default();
        Ok(())
    }

    /// Tells the line what was said of the machine's sessions.
    fn recall(&mut self, store: &Connection, machine: MachineId) -> rusqlite::Result<()> {
        let mut select = store.prepare_cached(
            "SELECT row, heard, max(revision) FROM session WHERE machine = ?1 AND start_us >= ?2 GROUP BY session",
        )?;
        let mut rows = select.query((machine, self.from.map_or(i64::MIN, EventTime::us)))?;
        while let Some(row) = rows.next()? {
            let heard = row.get::<_, i64>(1)?.cast_unsigned();
            self.line.recall(Revision { row: session_of(row.get_ref(0)?.as_str()?)?, heard });
        }
        Ok(())
    }
}

/// When the messages begin that follow the last long silence before `at`; None where that cannot be
/// told by labels: a clock of the machine was off once, or there is no such silence.
fn silence_before(
    store: &Connection,
    machine: MachineId,
    at: EventTime,
) -> rusqlite::Result<Option<EventTime>> {
    let was_off = store
        .prepare_cached("SELECT 1 FROM fact WHERE machine = ?1 AND kind = 'offset' LIMIT 1")?
        .exists([machine])?;
    // One that was never set may yet be told by what follows.
    let ends: (Option<i64>, Option<i64>) = store
        .prepare_cached("SELECT min(last_us), max(last_us) FROM frame WHERE machine = ?1")?
        .query_row([machine], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let is_set = |label: Option<i64>| label.is_none_or(|us| EventTime::from_us(us).is_wall_time());
    if was_off || !is_set(ends.0) || !is_set(ends.1) {
        return Ok(None);
    }
    // A long batch may reach back from after it.
    let first: Option<i64> = store
        .prepare_cached("SELECT min(first_us) FROM frame WHERE machine = ?1 AND last_us >= ?2")?
        .query_row((machine, at.us()), |row| row.get(0))?;
    let mut first = first.map_or(at.us(), |first| first.min(at.us()));
    let mut select = store.prepare_cached(
        "SELECT last_us, first_us FROM frame WHERE machine = ?1 AND last_us < ?2 ORDER BY last_us DESC",
    )?;
    let mut rows = select.query((machine, at.us()))?;
    while let Some(row) = rows.next()? {
        let (last_us, first_us): (i64, i64) = (row.get(0)?, row.get(1)?);
        if first.saturating_sub(last_us) > SILENCE_US {
            return Ok(Some(EventTime::from_us(first)));
        }
        first = first.min(first_us);
    }
    Ok(None)
}

/// The messages of a machine that stand, at least those that are wanted; none from before `from`.
fn frames(
    store: &Connection,
    machine: MachineId,
    wanted: &Replay,
    from: Option<EventTime>,
) -> rusqlite::Result<Vec<Frame>> {
    let sql = format!(
        "SELECT {FRAME_COLUMNS}, name, last_us FROM frame JOIN device ON device.id = frame.device
         WHERE machine = ?1 AND last_us >= ?2 AND state = 0"
    );
    let mut select = store.prepare_cached(&sql)?;
    let mut rows = select.query((machine, from.map_or(i64::MIN, EventTime::us)))?;
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
    let sealed =
        SessionRow { revision: number_after_edits(to, machine, &revision.row)?, ..revision.row.clone() };
    let row = json_lines(std::slice::from_ref(&sealed)).map_err(of_table)?;
    let row = row.trim_end();
    to.prepare_cached(
        "INSERT INTO session (machine, session, revision, start_us, row, heard, digest)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute((
        machine,
        &*sealed.session_id,
        sealed.revision,
        sealed.start_us,
        row,
        revision.heard.cast_signed(),
        blake3::hash(row.as_bytes()).as_bytes(),
    ))
    .map(|_| ())
}

/// The number of the pipeline's next revision: its own, or past those that people have made.
fn number_after_edits(to: &Transaction<'_>, machine: MachineId, row: &SessionRow) -> rusqlite::Result<u32> {
    let newest: Option<u32> = to
        .prepare_cached(
            "SELECT max(revision) FROM (
                 SELECT revision FROM session WHERE machine = ?1 AND session = ?2
                 UNION ALL SELECT revision FROM edit WHERE machine = ?1 AND session = ?2)
             WHERE EXISTS (SELECT 1 FROM edit WHERE machine = ?1 AND session = ?2)",
        )?
        .query_row((machine, &*row.session_id), |row| row.get(0))?;
    Ok(newest.map_or(row.revision, |newest| row.revision.max(newest.saturating_add(1))))
}

/// Writes down what was found out about clocks; what is known already stays as it is.
fn write_facts(to: &Transaction<'_>, machine: MachineId, facts: &[Fact]) -> rusqlite::Result<()> {
    let mut insert = to.prepare_cached(
        "INSERT INTO fact (machine, kind, device, boot, seq, size) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT DO NOTHING",
    )?;
    for fact in facts {
        let (kind, device, boot, seq, size) = match fact {
            Fact::Offset { device, position, label_ahead_s, .. } => {
                ("offset", &**device, position.0, position.1, *label_ahead_s)
            }
            Fact::Skew { device, boot, ppm, .. } => ("skew", &**device, *boot, 0, *ppm),
            // Of the moment; it is the sender's to slow down.
            _ => continue,
        };
        insert.execute((machine, kind, device, boot.cast_signed(), seq.cast_signed(), size))?;
    }
    Ok(())
}

/// The session that a row of the store holds.
pub(super) fn session_of(text: &str) -> rusqlite::Result<SessionRow> {
    let rows = read_json_lines::<SessionRow>(text).map_err(of_table)?;
    rows.into_iter().next().ok_or(rusqlite::Error::QueryReturnedNoRows)
}

/// An error of a table as one of the store's file: rows are written and read within its transactions.
fn of_table(error: TableError) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(Box::new(error))
}

impl View {
    /// All that the pipeline makes of the messages that stand, machine by machine: rows of telemetry
    /// and marks worked out anew, and every revision of every session as it was sealed; all of one state of the store.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn outputs(&self) -> Result<Outputs, StoreError> {
        let _still = self.kept_still()?;
        let machines: Vec<MachineId> =
            self.rows("SELECT id FROM machine ORDER BY tenant, site || '/' || name", [], |row| row.get(0))?;
        let mut all = Outputs::default();
        for machine in machines {
            let rows = outputs_of(&self.connection, machine).map_err(stopped("working out the rows"))?;
            all.telemetry.extend(rows.telemetry);
            all.marks.extend(rows.marks);
            all.sessions.extend(rows.sessions);
        }
        Ok(all)
    }
}

/// The same of one machine.
pub(super) fn outputs_of(store: &Connection, machine: MachineId) -> rusqlite::Result<Outputs> {
    let mut line = Line::new(config(store, machine)?);
    let mut out = LineOut::default();
    line.want_everything();
    line.replay(frames(store, machine, &Replay::everything(), None)?, &mut out);
    line.end(&mut out);
    let mut select = store
        .prepare_cached("SELECT row FROM session WHERE machine = ?1 ORDER BY start_us, session, revision")?;
    let mut sessions = select.query([machine])?;
    while let Some(row) = sessions.next()? {
        out.rows.sessions.push(session_of(row.get_ref(0)?.as_str()?)?);
    }
    Ok(out.rows)
}

/// The line's configuration, from the machine's name.
fn config(store: &Connection, machine: MachineId) -> rusqlite::Result<LineConfig> {
    let named = |row: &rusqlite::Row<'_>| {
        let (tenant, site, name): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(LineConfig::of(Arc::from(tenant), Arc::from(format!("{site}/{name}"))))
    };
    store.prepare_cached("SELECT tenant, site, name FROM machine WHERE id = ?1")?.query_row([machine], named)
}

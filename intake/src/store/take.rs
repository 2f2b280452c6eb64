//! Taking in a group of messages, all of it in one transaction.
//!
//! What a message becomes is the pipeline's to say ([`admit`]); here it is looked up what is known
//! under its key, and all is written down: the message, how far its device's numbers go, the books.

use rusqlite::{OptionalExtension, Transaction, TransactionBehavior};
use trier_pipeline::ingest::{Admission, Form, Frame, Known, Place, Reason, Rejection, admit};
use trier_roast::{EventTime, Trust};

use super::Store;
use super::books::Entries;
use super::database::tolerant;
use super::lines::{Lines, MachineId};
use crate::arrival::{Judged, key_of, trust_code, trust_of};
use crate::{Arrival, Contiguous, Outcome, StoreError, Taken};

/// The state of a frame that is used.
pub(crate) const STANDS: i64 = 0;
/// The state of a frame that is withheld.
pub(crate) const HELD: i64 = 1;

/// How much is kept of what could not be read, bytes.
const REJECTED_BYTES: usize = 4096;

/// How many of those are kept, the latest.
const REJECTED_ROWS: i64 = 10_000;

impl Store {
    /// Takes in a group, its signatures checked together: all of it is on the disk when this returns, or nothing of it is.
    ///
    /// # Errors
    /// [`StoreError::Full`] when there is no room; then the next group may be tried. Any other error
    /// ends this store.
    pub fn take(&mut self, group: Vec<Arrival>) -> Result<Vec<Taken>, StoreError> {
        let group = Arrival::judge(group);
        let doing = tolerant("storing a group");
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(&doing)?;
        still_ours(&transaction, self.opening)?;
        let mut taking = Group { to: &transaction, entries: Entries::default(), lines: &mut self.lines };
        let taken = taking.take_all(&group);
        let committed = taken.and_then(|taken| transaction.commit().map(|()| taken));
        match committed {
            Ok((taken, sealed)) => {
                self.lines.committed();
                self.sealed += sealed;
                Ok(taken)
            }
            Err(error) => {
                self.lines.forget();
                Err(doing(error))
            }
        }
    }
}

/// Fails where another writer has opened the store since.
pub(crate) fn still_ours(transaction: &Transaction<'_>, ours: i64) -> Result<(), StoreError> {
    let got = transaction
        .prepare_cached("SELECT value FROM meta WHERE key = 'opening'")
        .and_then(|mut select| select.query_row([], |row| row.get(0)))
        .map_err(tolerant("storing a group"))?;
    if got == ours { Ok(()) } else { Err(StoreError::Superseded { got, ours }) }
}

struct Group<'a> {
    to: &'a Transaction<'a>,
    entries: Entries,
    lines: &'a mut Lines,
}

/// The copy that stands under a key.
struct Standing {
    id: i64,
    machine: MachineId,
    digest: [u8; 32],
    trust: Trust,
    readings: u32,
    first: Option<EventTime>,
}

impl Group<'_> {
    /// What became of each message, and how many revisions of sessions were sealed by them.
    fn take_all(&mut self, group: &[Judged]) -> rusqlite::Result<(Vec<Taken>, usize)> {
        let taken = group.iter().map(|arrival| self.take(arrival)).collect::<rusqlite::Result<_>>()?;
        let sealed = self.lines.write(self.to)?;
        self.entries.write(self.to)?;
        Ok((taken, sealed))
    }

    fn take(&mut self, arrival: &Judged) -> rusqlite::Result<Taken> {
        match &arrival.read {
            Ok(frame) => self.take_frame(arrival, frame),
            Err(rejection) => self.reject(arrival, rejection),
        }
    }

    fn reject(&mut self, arrival: &Judged, rejection: &Rejection) -> rusqlite::Result<Taken> {
        let kept = &arrival.bytes[..arrival.bytes.len().min(REJECTED_BYTES)];
        let (code, size) = (rejection.code(), i64::try_from(arrival.bytes.len()).unwrap_or(i64::MAX));
        self.to
            .prepare_cached(
                "INSERT INTO rejected (tenant, reason, text, received_us, size, bytes)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute((
                &arrival.tenant,
                code,
                super::words(rejection),
                arrival.received_at.us(),
                size,
                kept,
            ))?;
        self.to
            .prepare_cached("DELETE FROM rejected WHERE id <= ?1")?
            .execute([self.to.last_insert_rowid() - REJECTED_ROWS])?;
        let whose = (arrival.tenant.as_str(), "");
        self.entries.receive(whose, 0);
        self.entries.put(whose, (Place::Rejected, code), 1, 0);
        Ok(Taken { outcome: Outcome::Rejected(code), readings: 0, contiguous: None })
    }

    fn take_frame(&mut self, arrival: &Judged, frame: &Frame) -> rusqlite::Result<Taken> {
        let whose = (arrival.tenant.as_str(), frame.key.device.as_str());
        let id = self.id_of("device", (whose.0, "", whose.1))?;
        let key = key_of(frame.key.boot, frame.key.seq);
        let standing = self.standing(id, &key)?;
        let known = self.known(id, &key, frame, standing.as_ref())?;
        let readings = u32::try_from(frame.readings.len()).unwrap_or(u32::MAX);
        let (site, machine) = (frame.origin.site_id.as_str(), frame.origin.machine_id.as_str());
        let machine = self.id_of("machine", (&arrival.tenant, site, machine))?;
        let outcome = match admit(frame, &known, self.lines.clock(self.to, machine)?) {
            Admission::Store => {
                self.insert(arrival, frame, (id, machine), (STANDS, ""))?;
                self.lines.push(self.to, machine, frame)?;
                Outcome::Stored
            }
            Admission::Duplicate => Outcome::Duplicate,
            Admission::Proof => {
                if let Some(standing) = &standing {
                    self.prove(arrival, frame, standing)?;
                }
                Outcome::Duplicate
            }
            Admission::Conflict => {
                if let Some(standing) = &standing {
                    self.withhold(whose, standing)?;
                }
                self.insert(arrival, frame, (id, machine), (HELD, Reason::Conflict.code()))?;
                Outcome::Quarantined(Reason::Conflict.code())
            }
            Admission::Quarantine(reason) => {
                self.insert(arrival, frame, (id, machine), (HELD, reason.code()))?;
                Outcome::Quarantined(reason.code())
            }
        };
        self.entries.receive(whose, readings);
        self.entries.put(whose, (outcome.place(), outcome.reason()), 1, readings);
        let contiguous = match frame.form {
            Form::Batch => Some(self.advance(id, frame.key.boot, frame.key.seq)?),
            Form::Envelope => None,
        };
        Ok(Taken { outcome, readings, contiguous })
    }

    /// The number of a device or a machine; given one where it has none.
    fn id_of(&self, table: &'static str, name: (&str, &str, &str)) -> rusqlite::Result<i64> {
        let (select, insert) = match table {
            "device" => (
                "SELECT id FROM device WHERE tenant = ?1 AND ?2 = '' AND name = ?3",
                "INSERT INTO device (tenant, name) SELECT ?1, ?3 WHERE ?2 = ''",
            ),
            _ => (
                "SELECT id FROM machine WHERE tenant = ?1 AND site = ?2 AND name = ?3",
                "INSERT INTO machine (tenant, site, name) VALUES (?1, ?2, ?3)",
            ),
        };
        let known = self.to.prepare_cached(select)?.query_row(name, |row| row.get(0)).optional()?;
        known.map_or_else(|| self.to.prepare_cached(insert)?.insert(name), Ok)
    }

    fn standing(&self, device: i64, key: &[u8; 16]) -> rusqlite::Result<Option<Standing>> {
        let row = |row: &rusqlite::Row<'_>| {
            Ok(Standing {
                id: row.get(0)?,
                machine: row.get(1)?,
                digest: row.get(2)?,
                trust: trust_of(row.get_ref(3)?.as_str()?).unwrap_or_default(),
                readings: row.get(4)?,
                first: row.get::<_, Option<i64>>(5)?.map(EventTime::from_us),
            })
        };
        self.to
            .prepare_cached(
                "SELECT id, machine, digest, trust, readings, first_us FROM frame
                 WHERE device = ?1 AND key = ?2 AND state = 0",
            )?
            .query_row((device, key), row)
            .optional()
    }

    fn known(
        &self,
        device: i64,
        key: &[u8; 16],
        frame: &Frame,
        standing: Option<&Standing>,
    ) -> rusqlite::Result<Known> {
        let mut known = Known { stored: standing.map(|s| (s.digest, s.trust)), ..Known::default() };
        let mut select = self.to.prepare_cached(
            "SELECT digest, reason FROM frame WHERE device = ?1 AND key = ?2 AND state <> 0",
        )?;
        let mut rows = select.query((device, key))?;
        while let Some(row) = rows.next()? {
            let digest: [u8; 32] = row.get(0)?;
            let Some(reason) = Reason::from_code(row.get_ref(1)?.as_str()?) else { continue };
            known.in_conflict |= reason == Reason::Conflict;
            if digest == frame.digest {
                known.quarantined.push(reason);
            }
        }
        if known.in_conflict {
            known.ruled = self
                .to
                .prepare_cached(
                    "SELECT 1 FROM event JOIN frame ON frame.id = event.frame
                     WHERE event.kind = 'rule' AND device = ?1 AND key = ?2",
                )?
                .exists((device, key))?;
            known.in_conflict = !known.ruled;
        }
        Ok(known)
    }

    fn insert(
        &self,
        arrival: &Judged,
        frame: &Frame,
        (device, machine): (i64, MachineId),
        (state, reason): (i64, &str),
    ) -> rusqlite::Result<()> {
        self.to
            .prepare_cached(
                "INSERT INTO frame (device, key, digest, machine, state, reason, trust, received_us,
                     first_us, last_us, tick_us, readings, bytes)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            )?
            .execute(rusqlite::params![
                device,
                key_of(frame.key.boot, frame.key.seq),
                frame.digest,
                machine,
                state,
                reason,
                trust_code(frame.trust),
                frame.received_at.us(),
                frame.first_label().map(|at| at.us()),
                frame.last_label().map(|at| at.us()),
                frame.tick_us.map(u64::cast_signed),
                u32::try_from(frame.readings.len()).unwrap_or(u32::MAX),
                arrival.bytes,
            ])
            .map(|_| ())
    }

    /// Raises the trust of what stands to that of a copy that proves more. The copy is kept too.
    fn prove(&mut self, arrival: &Judged, frame: &Frame, standing: &Standing) -> rusqlite::Result<()> {
        self.to
            .prepare_cached("INSERT INTO proof (frame, received_us, bytes) VALUES (?1, ?2, ?3)")?
            .execute((standing.id, frame.received_at.us(), &arrival.bytes))?;
        self.to
            .prepare_cached("UPDATE frame SET trust = ?2 WHERE id = ?1")?
            .execute((standing.id, trust_code(frame.trust)))?;
        self.lines.change(self.to, standing.machine, standing.first)
    }

    /// Takes back that a frame is used, since another claims its number.
    fn withhold(&mut self, whose: (&str, &str), standing: &Standing) -> rusqlite::Result<()> {
        let conflict = Reason::Conflict.code();
        self.to.prepare_cached("UPDATE frame SET state = ?2, reason = ?3 WHERE id = ?1")?.execute((
            standing.id,
            HELD,
            conflict,
        ))?;
        self.entries.put(whose, (Place::Stored, ""), -1, standing.readings);
        self.entries.put(whose, (Place::Quarantined, conflict), 1, standing.readings);
        self.lines.change(self.to, standing.machine, standing.first)
    }

    /// How far the numbers of a device's start go without a hole, from 0, now that `seq` may have come.
    fn advance(&self, device: i64, boot: u64, seq: u64) -> rusqlite::Result<Contiguous> {
        let reached: Option<i64> = self
            .to
            .prepare_cached("SELECT seq FROM contiguous WHERE device = ?1 AND boot = ?2")?
            .query_row((device, boot.cast_signed()), |row| row.get(0))
            .optional()?;
        let mut reached = reached.map(i64::cast_unsigned);
        let mut next = reached.map_or(Some(0), |last| last.checked_add(1));
        if next != Some(seq) {
            return Ok(Contiguous { boot, seq: reached });
        }
        // What is not believed does not count: anybody may have sent it.
        let mut has = self.to.prepare_cached(
            // Two searches: no index is of frames whatever their state.
            "SELECT 1 FROM frame WHERE device = ?1 AND key = ?2 AND state = 0
             UNION ALL SELECT 1 FROM frame
             WHERE device = ?1 AND key = ?2 AND state <> 0 AND trust IN ('verified', 'unsigned')",
        )?;
        // Those that came before the hole was filled follow at once.
        while let Some(seq) = next {
            if !has.exists((device, key_of(boot, seq)))? {
                break;
            }
            reached = Some(seq);
            next = seq.checked_add(1);
        }
        if let Some(last) = reached {
            self.to
                .prepare_cached(
                    "INSERT INTO contiguous VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET seq = ?3",
                )?
                .execute((device, boot.cast_signed(), last.cast_signed()))?;
        }
        Ok(Contiguous { boot, seq: reached })
    }
}

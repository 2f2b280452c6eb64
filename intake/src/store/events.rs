//! What people decide: that a withheld message is used after all, or which of several stands.
//! Each decision is an event with its author, and none is ever taken out of the books.

use rusqlite::{OptionalExtension, Transaction, TransactionBehavior};
use trier_pipeline::ingest::{Place, Reason};
use trier_roast::EventTime;

use super::Store;
use super::books::Entries;
use super::database::tolerant;
use super::lines::MachineId;
use super::take::{HELD, STANDS, still_ours};
use crate::StoreError;

/// Longest name of an author, bytes.
const AUTHOR_BYTES: usize = 128;

/// A withheld frame somebody decides on.
struct Frame {
    id: i64,
    device: i64,
    key: Vec<u8>,
    machine: MachineId,
    reason: String,
    readings: u32,
    first: Option<EventTime>,
    tenant: String,
    device_name: String,
}

/// The frame that stands under the same key.
struct Standing {
    id: i64,
    readings: u32,
    machine: MachineId,
    first: Option<EventTime>,
}

impl Store {
    /// Has a withheld message used from now on; how many revisions of sessions follow. Not for those
    /// in conflict: see [`Self::rule`].
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when `id` is none that is withheld, [`StoreError::Standing`] when
    /// another stands under its number, [`StoreError::InConflict`] for those in conflict; those of
    /// the disk.
    pub fn release(&mut self, id: i64, author: &str, at: EventTime) -> Result<usize, StoreError> {
        self.decide(id, "release", author, at, |frame, standing| match standing {
            _ if frame.reason == Reason::Conflict.code() => Err(StoreError::InConflict { id }),
            Some(other) => Err(StoreError::Standing { id, other }),
            None => Ok(()),
        })
    }

    /// Has one of several messages that claim the same number stand, until somebody decides
    /// otherwise. The others stay withheld. How many revisions of sessions follow.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when `id` is none that is withheld for a conflict; those of the disk.
    pub fn rule(&mut self, id: i64, author: &str, at: EventTime) -> Result<usize, StoreError> {
        self.decide(id, "rule", author, at, |frame, _| {
            if frame.reason == Reason::Conflict.code() {
                return Ok(());
            }
            Err(StoreError::Unknown { what: "message in conflict", id: id.to_string(), list: "conflicts" })
        })
    }

    fn decide(
        &mut self,
        id: i64,
        kind: &str,
        author: &str,
        at: EventTime,
        may: impl FnOnce(&Frame, Option<i64>) -> Result<(), StoreError>,
    ) -> Result<usize, StoreError> {
        if author.trim().is_empty() || author.len() > AUTHOR_BYTES {
            return Err(StoreError::Name { what: "the author's name", got: author.to_owned() });
        }
        let doing = tolerant("writing down a decision");
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(&doing)?;
        still_ours(&transaction, self.opening)?;
        let unknown =
            || StoreError::Unknown { what: "withheld message", id: id.to_string(), list: "quarantine" };
        let frame = withheld(&transaction, id).map_err(&doing)?.ok_or_else(unknown)?;
        let standing = standing(&transaction, &frame).map_err(&doing)?;
        may(&frame, standing.as_ref().map(|other| other.id))?;
        let mut entries = Entries::default();
        let mut write = || -> rusqlite::Result<()> {
            // Only a ruling gets here with one that stands.
            if let Some(other) = &standing {
                set(&transaction, other.id, HELD, Reason::Conflict.code())?;
                moved(
                    &mut entries,
                    &frame,
                    (Place::Stored, ""),
                    (Place::Quarantined, Reason::Conflict.code()),
                    other.readings,
                );
            }
            set(&transaction, id, STANDS, "")?;
            let reason = Reason::from_code(&frame.reason).map_or("", Reason::code);
            moved(&mut entries, &frame, (Place::Quarantined, reason), (Place::Stored, ""), frame.readings);
            entries.write(&transaction)?;
            transaction
                .prepare_cached("INSERT INTO event (at_us, author, kind, frame) VALUES (?1, ?2, ?3, ?4)")?
                .execute((at.us(), author, kind, id))?;
            Ok(())
        };
        let lines = &mut self.lines;
        let decided = write().and_then(|()| {
            lines.change(&transaction, frame.machine, frame.first)?;
            if let Some(other) = &standing {
                lines.change(&transaction, other.machine, other.first)?;
            }
            lines.write(&transaction)
        });
        match decided.and_then(|sealed| transaction.commit().map(|()| sealed)) {
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
}

fn withheld(transaction: &Transaction<'_>, id: i64) -> rusqlite::Result<Option<Frame>> {
    transaction
        .prepare_cached(
            "SELECT device, key, machine, reason, readings, tenant, name, first_us
             FROM frame JOIN device ON device.id = frame.device WHERE frame.id = ?1 AND state <> 0",
        )?
        .query_row([id], |row| {
            Ok(Frame {
                id,
                device: row.get(0)?,
                key: row.get(1)?,
                machine: row.get(2)?,
                reason: row.get(3)?,
                readings: row.get(4)?,
                tenant: row.get(5)?,
                device_name: row.get(6)?,
                first: row.get::<_, Option<i64>>(7)?.map(EventTime::from_us),
            })
        })
        .optional()
}

/// The one that stands under the key of `frame`.
fn standing(transaction: &Transaction<'_>, frame: &Frame) -> rusqlite::Result<Option<Standing>> {
    transaction
        .prepare_cached(
            "SELECT id, readings, machine, first_us FROM frame
             WHERE device = ?1 AND key = ?2 AND state = 0 AND id <> ?3",
        )?
        .query_row((frame.device, &frame.key, frame.id), |row| {
            let first = row.get::<_, Option<i64>>(3)?.map(EventTime::from_us);
            Ok(Standing { id: row.get(0)?, readings: row.get(1)?, machine: row.get(2)?, first })
        })
        .optional()
}

fn set(transaction: &Transaction<'_>, id: i64, state: i64, reason: &str) -> rusqlite::Result<()> {
    let mut update = transaction.prepare_cached("UPDATE frame SET state = ?2, reason = ?3 WHERE id = ?1")?;
    update.execute((id, state, reason)).map(|_| ())
}

fn moved(
    entries: &mut Entries,
    frame: &Frame,
    from: (Place, &'static str),
    to: (Place, &'static str),
    readings: u32,
) {
    let whose = (frame.tenant.as_str(), frame.device_name.as_str());
    entries.put(whose, from, -1, readings);
    entries.put(whose, to, 1, readings);
}

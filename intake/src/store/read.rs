//! Looking into a store, beside its writer or without one.

use std::path::Path;

use rusqlite::{Connection, Row, Transaction};
use serde::Serialize;
use trier_pipeline::ingest::Account;
use trier_roast::EventTime;
use trier_wire::iso_ms;

use super::books;
use super::database::{Place, stopped};
use crate::StoreError;

/// How many rows a list shows, the latest.
const ROWS_MAX: u32 = 10_000;

/// An open store that is only looked at. Each call sees all that was committed before it; of one opened
/// [still](Self::still), all calls see what the first one saw.
#[derive(Debug)]
pub struct View {
    pub(super) connection: Connection,
}

/// A message that is kept and withheld.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeldRow {
    /// Its number, for releasing it.
    pub id: i64,
    /// The company by whose door it came.
    pub tenant: String,
    /// What sent it.
    pub device: String,
    /// Boot and sequence number; empty for an envelope.
    pub key: String,
    /// BLAKE3 of its content, hexadecimal.
    pub digest: String,
    /// Why it is withheld.
    pub reason: String,
    /// How far its origin is proven.
    pub trust: String,
    /// When it came, ISO 8601.
    pub received: String,
    /// The time of its first reading, by the sender; absent when it has none.
    pub first: Option<String>,
    /// How many readings are in it.
    pub readings: u32,
}

/// A message that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RejectedRow {
    /// Its number.
    pub id: i64,
    /// The company by whose door it came.
    pub tenant: String,
    /// Why, as counted.
    pub reason: String,
    /// Why, in words.
    pub text: String,
    /// When it came, ISO 8601.
    pub received: String,
    /// How long it was, bytes.
    pub size: i64,
    /// How it begins, with what is no text replaced.
    pub begins: String,
}

/// A sealed session.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SealedRow {
    /// The company whose machine it is.
    pub tenant: String,
    /// The site of the machine.
    pub site: String,
    /// The machine.
    pub machine: String,
    /// Its row in the sessions table.
    pub session: serde_json::Value,
}

impl View {
    /// Opens the store in `folder` to look at it.
    ///
    /// # Errors
    /// [`StoreError::Absent`] when there is none; those of opening.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let place = Place::of_folder(folder);
        if !place.is_there() {
            return Err(StoreError::Absent { path: folder.to_owned() });
        }
        Self::open_at(&place)
    }

    /// Opens the store in `folder` as it is at the first call: what is committed after that is not seen.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn still(folder: &Path) -> Result<Self, StoreError> {
        let view = Self::open(folder)?;
        view.connection.execute_batch("BEGIN").map_err(stopped("reading a list"))?;
        Ok(view)
    }

    /// [`Self::open`] for a database anywhere.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_at(place: &Place) -> Result<Self, StoreError> {
        Ok(Self { connection: place.open_to_read()? })
    }

    /// The books as they stand.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn books(&self) -> Result<Account, StoreError> {
        books::account(&self.connection).map_err(stopped("reading the books"))
    }

    /// The withheld messages, latest first; of one reason where one is given.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn held(&self, reason: Option<&str>) -> Result<Vec<HeldRow>, StoreError> {
        self.rows(
            "SELECT frame.id, tenant, name, key, digest, reason, trust, received_us, first_us, readings
             FROM frame JOIN device ON device.id = frame.device
             WHERE state <> 0 AND (?1 IS NULL OR reason = ?1) ORDER BY frame.id DESC LIMIT ?2",
            (reason, ROWS_MAX),
            held_row,
        )
    }

    /// What could not be read, latest first.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn rejected(&self) -> Result<Vec<RejectedRow>, StoreError> {
        self.rows(
            "SELECT id, tenant, reason, text, received_us, size, bytes FROM rejected ORDER BY id DESC LIMIT ?1",
            [ROWS_MAX],
            |row| {
                let bytes: Vec<u8> = row.get(6)?;
                Ok(RejectedRow {
                    id: row.get(0)?,
                    tenant: row.get(1)?,
                    reason: row.get(2)?,
                    text: row.get(3)?,
                    received: iso(row.get(4)?),
                    size: row.get(5)?,
                    begins: String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned(),
                })
            },
        )
    }

    /// The last revision of each sealed session, by machine and start.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn sessions(&self) -> Result<Vec<SealedRow>, StoreError> {
        self.rows(
            "SELECT tenant, site, name, row, max(revision) FROM session
             JOIN machine ON machine.id = session.machine
             GROUP BY machine.id, session ORDER BY tenant, site, name, session",
            [],
            |row| {
                let text: String = row.get(3)?;
                // What is no JSON any more is shown as it is; the check says so.
                let session = serde_json::from_str(&text).unwrap_or(serde_json::Value::String(text));
                Ok(SealedRow { tenant: row.get(0)?, site: row.get(1)?, machine: row.get(2)?, session })
            },
        )
    }

    /// Keeps the store as it is at the next call, until this is dropped; nothing to do where it is kept so already.
    pub(super) fn kept_still(&self) -> Result<Option<Transaction<'_>>, StoreError> {
        let begun = self.connection.is_autocommit().then(|| self.connection.unchecked_transaction());
        begun.transpose().map_err(stopped("reading a list"))
    }

    pub(super) fn rows<T, P: rusqlite::Params>(
        &self,
        sql: &str,
        params: P,
        row: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        let doing = stopped("reading a list");
        let mut select = self.connection.prepare_cached(sql).map_err(&doing)?;
        let rows = select.query_map(params, row).map_err(&doing)?;
        rows.collect::<rusqlite::Result<_>>().map_err(&doing)
    }
}

fn held_row(row: &Row<'_>) -> rusqlite::Result<HeldRow> {
    let (key, digest): (Vec<u8>, Vec<u8>) = (row.get(3)?, row.get(4)?);
    Ok(HeldRow {
        id: row.get(0)?,
        tenant: row.get(1)?,
        device: row.get(2)?,
        key: key_text(&key),
        digest: hex(&digest),
        reason: row.get(5)?,
        trust: row.get(6)?,
        received: iso(row.get(7)?),
        first: row.get::<_, Option<i64>>(8)?.map(iso),
        readings: row.get(9)?,
    })
}

fn iso(us: i64) -> String {
    iso_ms(EventTime::from_us(us))
}

/// Boot and sequence number as people write them, `3/540`; empty where there are none.
pub(crate) fn key_text(key: &[u8]) -> String {
    let number = |part: &[u8]| part.try_into().map(u64::from_be_bytes).unwrap_or_default();
    match key.split_at_checked(8) {
        Some((boot, seq)) => format!("{}/{}", number(boot), number(seq)),
        None => String::new(),
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

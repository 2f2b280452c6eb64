//! The books: how many messages and readings came, and where each is. They are kept apart from what
//! they count, so that one can be held against the other.

use std::collections::BTreeMap;

use rusqlite::{Connection, Transaction};
use trier_pipeline::ingest::{Account, Count, Holder, Place};

/// The column of what came in.
const RECEIVED: &str = "received";

/// A column of the books: company and device, place, reason.
type Column = (String, String, &'static str, &'static str);

/// Entries of one group, summed before they are written: messages and readings.
#[derive(Debug, Default)]
pub(crate) struct Entries(BTreeMap<Column, (i64, i64)>);

impl Entries {
    /// Enters that a message of so many readings came in from (company, device).
    pub(crate) fn receive(&mut self, whose: (&str, &str), readings: u32) {
        self.enter(whose, (RECEIVED, ""), 1, readings);
    }

    /// Enters that `times` (1, or −1 to take back) a message of so many readings is in a place.
    pub(crate) fn put(
        &mut self,
        whose: (&str, &str),
        (place, reason): (Place, &'static str),
        times: i64,
        readings: u32,
    ) {
        self.enter(whose, (place.name(), reason), times, readings);
    }

    fn enter(
        &mut self,
        (tenant, device): (&str, &str),
        (place, reason): (&'static str, &'static str),
        times: i64,
        readings: u32,
    ) {
        let count = self.0.entry((tenant.to_owned(), device.to_owned(), place, reason)).or_default();
        count.0 += times;
        count.1 += times * i64::from(readings);
    }

    pub(crate) fn write(&self, to: &Transaction<'_>) -> rusqlite::Result<()> {
        let mut entry = to.prepare_cached(
            "INSERT INTO account VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT DO UPDATE SET messages = messages + ?5, readings = readings + ?6",
        )?;
        for ((tenant, device, place, reason), (messages, readings)) in &self.0 {
            entry.execute((tenant, device, place, reason, messages, readings))?;
        }
        Ok(())
    }
}

/// The books as they stand.
pub(crate) fn account(connection: &Connection) -> rusqlite::Result<Account> {
    let mut select =
        connection.prepare_cached("SELECT tenant, device, place, reason, messages, readings FROM account")?;
    let mut rows = select.query([])?;
    let mut account = Account::default();
    while let Some(row) = rows.next()? {
        let holder = Holder { tenant: row.get(0)?, device: row.get(1)? };
        let number = |column| row.get::<_, i64>(column).map(i64::unsigned_abs);
        let count = Count { messages: number(4)?, readings: number(5)? };
        match Place::from_name(row.get_ref(2)?.as_str()?) {
            Some(place) => account.put(&holder, place, row.get_ref(3)?.as_str()?, count),
            None => account.receive(&holder, count),
        }
    }
    Ok(account)
}

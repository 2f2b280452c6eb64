//! A look at everything: whether the file is whole, each message is what it was, and the books
//! agree with what is there. What a disk changed by itself is found here and named.

use std::collections::BTreeMap;

use rusqlite::Row;
use trier_pipeline::ingest::{Account, Count, Door, Frame, Holder, Place, decode};
use trier_roast::EventTime;
use trier_wire::Registry;

use super::database::stopped;
use super::read::View;
use crate::StoreError;
use crate::arrival::{key_of, trust_of};

/// The most findings that are told.
const FINDINGS_MAX: usize = 1000;

/// A frame's row, as [`frame_of`] wants it.
pub(crate) const FRAME_COLUMNS: &str =
    "frame.id, tenant, frame.received_us, frame.trust, frame.bytes, frame.key, frame.digest";

/// The frame that a row of [`FRAME_COLUMNS`] holds; else its number and what is wrong with it.
pub(crate) fn frame_of(row: &Row<'_>) -> rusqlite::Result<Result<Frame, (i64, String)>> {
    let (id, tenant, bytes): (i64, String, Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(4)?);
    let received_at = EventTime::from_us(row.get(2)?);
    let Some(trust) = trust_of(row.get_ref(3)?.as_str()?) else {
        return Ok(Err((id, "its trust has a name that is not known here".to_owned())));
    };
    // How far it is believed was judged when it came, by the keys of that time.
    let frame = match decode(&bytes, Door::of(&tenant), &Registry::default(), received_at) {
        Ok(frame) => Frame { trust, ..frame },
        Err(rejection) => return Ok(Err((id, super::words(&rejection)))),
    };
    let (key, digest): (Vec<u8>, Vec<u8>) = (row.get(5)?, row.get(6)?);
    let is_whole = key == key_of(frame.key.boot, frame.key.seq) && digest == frame.digest;
    Ok(if is_whole { Ok(frame) } else { Err((id, "its content is not what it was".to_owned())) })
}

impl View {
    /// Everything that is wrong with the store; nothing when it is whole.
    ///
    /// # Errors
    /// When it cannot be read at all.
    pub fn check(&self) -> Result<Vec<String>, StoreError> {
        let mut findings: Vec<String> = self
            .rows("PRAGMA integrity_check(100)", [], |row| row.get(0))?
            .into_iter()
            .filter(|said: &String| said != "ok")
            .collect();
        findings.extend(self.changed_frames()?);
        findings.extend(self.changed_sessions()?);
        findings.extend(self.changed_edits()?);
        findings.extend(self.wrong_books()?);
        findings.truncate(FINDINGS_MAX);
        Ok(findings)
    }

    fn changed_frames(&self) -> Result<Vec<String>, StoreError> {
        let sql = format!(
            "SELECT {FRAME_COLUMNS} FROM frame JOIN device ON device.id = frame.device ORDER BY frame.id"
        );
        let doing = stopped("reading the messages");
        let mut select = self.connection.prepare(&sql).map_err(&doing)?;
        let mut rows = select.query([]).map_err(&doing)?;
        let mut findings = Vec::new();
        while let Some(row) = rows.next().map_err(&doing)? {
            if let Err((id, what)) = frame_of(row).map_err(&doing)? {
                findings.push(format!("message {id}: {what}"));
            }
        }
        Ok(findings)
    }

    fn changed_sessions(&self) -> Result<Vec<String>, StoreError> {
        let told = self.rows("SELECT session, revision, row, digest FROM session", [], |row| {
            let (text, digest): (String, Vec<u8>) = (row.get(2)?, row.get(3)?);
            let is_whole = digest == *blake3::hash(text.as_bytes()).as_bytes();
            let name = format!("{} revision {}", row.get::<_, String>(0)?, row.get::<_, u32>(1)?);
            Ok((!is_whole).then(|| format!("session {name}: its row is not what it was")))
        })?;
        Ok(told.into_iter().flatten().collect())
    }

    /// Where the books do not close, or do not say what there is.
    fn wrong_books(&self) -> Result<Vec<String>, StoreError> {
        let books = self.books()?;
        let mut findings = Vec::new();
        if let Some((holder, received, placed)) = books.imbalance() {
            findings.push(format!(
                "books of {}/{}: {} messages with {} readings received, {} with {} accounted for",
                holder.tenant,
                holder.device,
                received.messages,
                received.readings,
                placed.messages,
                placed.readings
            ));
        }
        let (said, there) = (by_place(&books), self.counted()?);
        let columns = said.keys().chain(there.keys()).collect::<std::collections::BTreeSet<_>>();
        for column in columns {
            let of = |counts: &Counts| counts.get(column).copied().unwrap_or_default();
            let (said, there) = (of(&said), of(&there));
            if said != there {
                let (holder, place, reason) = column;
                findings.push(format!(
                    "books of {}/{}: {} {reason} messages {} with {} readings, there are {} with {}",
                    holder.tenant,
                    holder.device,
                    place.name(),
                    said.messages,
                    said.readings,
                    there.messages,
                    there.readings
                ));
            }
        }
        Ok(findings)
    }

    /// What there is of what is kept.
    fn counted(&self) -> Result<Counts, StoreError> {
        let counts = self.rows(
            "SELECT tenant, name, reason, count(*), sum(readings) FROM frame
             JOIN device ON device.id = frame.device GROUP BY device.id, state, reason",
            [],
            |row| {
                let holder = Holder { tenant: row.get(0)?, device: row.get(1)? };
                let reason: String = row.get(2)?;
                let place = if reason.is_empty() { Place::Stored } else { Place::Quarantined };
                let number = |column| row.get::<_, i64>(column).map(i64::unsigned_abs);
                Ok(((holder, place, reason), Count { messages: number(3)?, readings: number(4)? }))
            },
        )?;
        Ok(counts.into_iter().collect())
    }
}

type Counts = BTreeMap<(Holder, Place, String), Count>;

/// The columns of the books whose messages are kept.
fn by_place(books: &Account) -> Counts {
    books
        .rows()
        .filter(|(_, place, _, count)| {
            matches!(place, Place::Stored | Place::Quarantined) && *count != Count::default()
        })
        .map(|(holder, place, reason, count)| ((holder.clone(), place, reason.to_owned()), count))
        .collect()
}

//! What is in a store, for people and as JSON Lines.

use std::path::Path;

use serde::Serialize;
use serde_json::json;
use trier_intake::View;
use trier_pipeline::ingest::{Account, Count, Place};
use trier_reports::terminal::clean;
use trier_tables::RunFolder;

use super::feed::Tally;
use crate::exit::Exit;
use crate::output::{self, Failure};

/// Devices told one by one in a summary; more are for `--list ledger`.
const DEVICES_TOLD: usize = 20;

/// What can be listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum List {
    /// Messages that are kept and withheld, with the reason
    Quarantine,
    /// Those of them that claim one number with different contents
    Conflicts,
    /// What could not be read
    Rejected,
    /// Sealed sessions, each with its last revision
    Sessions,
    /// The books: what came in, and where it is
    Ledger,
}

pub(super) fn list(view: &View, list: List, json: bool) -> Result<Exit, Failure> {
    let failed = |error: trier_intake::StoreError| Failure::of(&error);
    match list {
        List::Quarantine => rows(&view.held(None).map_err(failed)?, "quarantine", json, |row| {
            format!(
                "{:>8}  {:<16} {}/{} {} received {}, {} readings, {}",
                row.id, row.reason, row.tenant, row.device, row.key, row.received, row.readings, row.trust
            )
        }),
        List::Conflicts => rows(&view.held(Some("conflict")).map_err(failed)?, "conflicts", json, |row| {
            format!(
                "{:>8}  {}/{} {} content {:.12} received {}, {} readings, {}",
                row.id, row.tenant, row.device, row.key, row.digest, row.received, row.readings, row.trust
            )
        }),
        List::Rejected => rows(&view.rejected().map_err(failed)?, "rejected", json, |row| {
            format!(
                "{:>8}  {:<16} {} received {}, {} bytes: {}\n          {}",
                row.id,
                row.reason,
                row.tenant,
                row.received,
                row.size,
                row.text,
                clean(&row.begins)
            )
        }),
        List::Sessions => rows(&view.sessions().map_err(failed)?, "sessions", json, |row| {
            let of = |key: &str| row.session[key].clone();
            format!(
                "{}  {}/{}/{} revision {}, {}, sealed by {}",
                of("session_id").as_str().unwrap_or_default(),
                row.tenant,
                row.site,
                row.machine,
                of("revision"),
                of("outcome").as_str().unwrap_or_default(),
                of("seal_cause").as_str().unwrap_or_default(),
            )
        }),
        List::Ledger => ledger(&view.books().map_err(failed)?, json, usize::MAX),
    }
    Ok(Exit::OK)
}

/// Prints rows, one a line; what stands in them is others' text.
fn rows<T: Serialize>(rows: &[T], table: &str, json: bool, line: impl Fn(&T) -> String) {
    for row in rows {
        if json {
            output::result(&json!({ "table": table, "row": row }).to_string());
        } else {
            output::result(&cleaned(&line(row)));
        }
    }
}

fn ledger(books: &Account, json: bool, devices: usize) {
    for (holder, received) in books.received().take(devices) {
        let places = books.rows().filter(|(of, ..)| *of == holder);
        let places: Vec<_> = places.filter(|(.., count)| *count != Count::default()).collect();
        if json {
            let places: Vec<_> = places
                .iter()
                .map(|(_, place, reason, count)| {
                    json!({ "place": place.name(), "reason": reason, "messages": count.messages, "readings": count.readings })
                })
                .collect();
            let row = json!({
                "table": "ledger", "tenant": holder.tenant, "device": holder.device,
                "messages": received.messages, "readings": received.readings, "places": places,
            });
            output::result(&row.to_string());
            continue;
        }
        let device = if holder.device.is_empty() { "(unknown)" } else { &holder.device };
        let mut text = format!("{}/{device}: {} received", holder.tenant, told(received));
        for (_, place, reason, count) in places {
            let reason = if reason.is_empty() { String::new() } else { format!(" ({reason})") };
            text += &format!("\n  {:<11} {}{reason}", place.name(), told(count));
        }
        output::result(&cleaned(&text));
    }
}

/// The lines of a text, each without what could play tricks on a terminal.
fn cleaned(text: &str) -> String {
    text.split('\n').map(clean).collect::<Vec<_>>().join("\n")
}

fn told(count: Count) -> String {
    format!("{} messages, {} readings", count.messages, count.readings)
}

/// What this run did and what the store holds now.
pub(super) fn summary(view: &View, tally: &Tally, json: bool) -> Result<Exit, Failure> {
    let books = view.books().map_err(|error| Failure::of(&error))?;
    if json {
        ledger(&books, true, usize::MAX);
    } else {
        let mut text = String::from("this run");
        for (place, reason, count) in tally.rows() {
            let reason = if reason.is_empty() { String::new() } else { format!(" ({reason})") };
            text += &format!("\n  {:<11} {}{reason}", place.name(), told(count));
        }
        output::result(&text);
        let all = books.received().fold(Count::default(), |sum, (_, count)| sum.plus(count));
        let devices = books.received().count();
        output::result(&format!("\nthe store: {} received from {devices} devices", told(all)));
        ledger(&books, false, DEVICES_TOLD);
        if devices > DEVICES_TOLD {
            output::prose(&format!("and {} more devices: see --list ledger", devices - DEVICES_TOLD));
        }
    }
    match books.imbalance() {
        None => Ok(Exit::OK),
        Some((holder, received, placed)) => Err(Failure {
            text: format!(
                "the books of {}/{} do not close: {} received, {} accounted for",
                holder.tenant,
                holder.device,
                told(received),
                told(placed)
            ),
            exit: Exit::BUG,
        }),
    }
}

/// Checks everything; what is wrong is told.
pub(super) fn check(view: &View) -> Result<Exit, Failure> {
    let findings = view.check().map_err(|error| Failure::of(&error))?;
    for finding in &findings {
        output::result(&clean(finding));
    }
    if !findings.is_empty() {
        return Err(Failure::usage(format!("the store has {} faults", findings.len())));
    }
    let books = view.books().map_err(|error| Failure::of(&error))?;
    output::result(&format!("whole: {} stored", told(books.total(Place::Stored))));
    Ok(Exit::OK)
}

/// Writes the tables of everything that is in the store.
pub(super) fn write(view: &View, store: &Path, mut folder: RunFolder) -> Result<(), Failure> {
    let outputs = view.outputs().map_err(|error| Failure::of(&error))?;
    folder.write(&outputs.telemetry)?;
    folder.write(&outputs.marks)?;
    folder.write(&outputs.sessions)?;
    let books = view.books().map_err(|error| Failure::of(&error))?;
    let stored = books.total(Place::Stored);
    output::commit(folder, &[store], &json!({ "messages": stored.messages, "readings": stored.readings }))
}

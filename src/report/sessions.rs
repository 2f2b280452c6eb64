//! The sessions of a run as they stand: the newest revision of each, with what people said of it.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;
use trier_pipeline::records::{Defect, Qc, Reviewed};
use trier_reports::page::run::{SHEETS_MAX, Said};
use trier_reports::terminal::clean;
use trier_tables::rows::SessionRow;
use trier_tables::{Table, read_table, table_in, table_path};

use crate::output::Failure;
use crate::session::book::Book;

/// One roast, and what was said of it.
#[derive(Clone)]
pub(super) struct Roast {
    pub(super) row: SessionRow,
    // Pages show it, and runs have pages where Polars is built in.
    #[cfg_attr(not(feature = "query"), allow(dead_code))]
    pub(super) said: Said,
}

/// The roasts to report on.
pub(super) struct Sessions {
    /// In the order of the table.
    pub(super) roasts: Vec<Roast>,
    /// How many somebody discarded, which are left out.
    pub(super) discarded: usize,
}

/// The sessions of a folder: those named, or all.
pub(super) fn sessions(folder: &Path, named: &[String]) -> Result<Sessions, Failure> {
    let rows = newest(table_in::<SessionRow>(folder)?);
    let recorded = green_kg(folder)?;
    let book = if folder.join("revisions").is_dir() { Some(Book::open(folder)?) } else { None };
    let mut found = Sessions { roasts: Vec::new(), discarded: 0 };
    let mut ids: BTreeMap<&str, usize> = BTreeMap::new();
    rows.iter().for_each(|row| *ids.entry(&row.session_id).or_default() += 1);
    for row in &rows {
        // What is said is kept by session: where several share an id, nobody knows which was meant.
        let is_one = ids.get(&*row.session_id) == Some(&1);
        let reviewed = book.as_ref().filter(|_| is_one).map(|book| book.history(&row.session_id));
        let reviewed = reviewed.transpose()?.map(|history| history.reviewed());
        if reviewed.as_ref().is_some_and(|reviewed| reviewed.is_discarded) {
            found.discarded += 1;
            continue;
        }
        let row = reviewed.as_ref().map_or(row, |reviewed| &reviewed.row).clone();
        let weighed_kg = recorded.get(&*row.source).copied();
        found.roasts.push(Roast { said: said(reviewed.as_ref(), weighed_kg), row });
    }
    if !named.is_empty() {
        chosen(&mut found, named)?;
    }
    Ok(found)
}

/// Of several revisions of a session the last, where the first of them stands.
fn newest(rows: Vec<SessionRow>) -> Vec<SessionRow> {
    let mut places: BTreeMap<_, usize> = BTreeMap::new();
    let mut all: Vec<SessionRow> = Vec::new();
    for row in rows {
        let key = (row.source.clone(), row.machine.clone(), row.session_id.clone());
        match places.get(&key).and_then(|place| all.get_mut(*place)) {
            Some(before) if before.revision <= row.revision => *before = row,
            Some(_) => {}
            None => {
                places.insert(key, all.len());
                all.push(row);
            }
        }
    }
    all
}

/// Keeps the roasts named; each name must mean some, and all together no more than fit on a page.
fn chosen(found: &mut Sessions, named: &[String]) -> Result<(), Failure> {
    let is = |roast: &Roast, name: &String| {
        *roast.row.source == **name || roast.row.session_id.starts_with(&**name)
    };
    if let Some(unknown) = named.iter().find(|name| !found.roasts.iter().any(|roast| is(roast, name))) {
        return Err(Failure::usage(format!(
            "no roast is called {:?}, nor begins its session's id so\nhint: sim session list says which there are",
            clean(unknown)
        )));
    }
    found.roasts.retain(|roast| named.iter().any(|name| is(roast, name)));
    if found.roasts.len() > SHEETS_MAX {
        return Err(Failure::usage(format!(
            "--batch means {} roasts, and a page holds {SHEETS_MAX} in full\nhint: name them by their source, or give more of the id",
            found.roasts.len()
        )));
    }
    Ok(())
}

fn said(reviewed: Option<&Reviewed>, green_kg: Option<f64>) -> Said {
    let Some(reviewed) = reviewed else { return Said { green_kg, ..Said::default() } };
    let qc = reviewed.qc.as_ref();
    Said {
        bean: reviewed.bean.clone(),
        profile: reviewed.profile.clone(),
        green_kg: qc.and_then(|qc| qc.green_kg).or(green_kg),
        roasted_kg: qc.and_then(|qc| qc.roasted_kg),
        weight_loss_pct: qc.and_then(Qc::weight_loss_pct),
        whole_agtron: qc.and_then(|qc| qc.colour.whole_agtron),
        ground_agtron: qc.and_then(|qc| qc.colour.ground_agtron),
        cupping_score: qc.and_then(|qc| qc.cupping_score),
        defects: qc
            .into_iter()
            .flat_map(|qc| &qc.defects)
            .map(|defect: &Defect| defect.name().to_lowercase())
            .collect(),
        placed_by: reviewed
            .placed_by
            .iter()
            .map(|(mark, author)| ((*mark).to_owned(), author.clone()))
            .collect(),
    }
}

/// The green beans of each simulated roast by its source, as the run's record tells; none without a record.
fn green_kg(folder: &Path) -> Result<BTreeMap<String, f64>, Failure> {
    let path = folder.join("run.json");
    let unread = |why: String| {
        Failure::usage(format!(
            "cannot read {}: {why}\nhint: move it away to report without it",
            path.display()
        ))
    };
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(unread(error.to_string())),
    };
    let record: Value = serde_json::from_str(&text).map_err(|error| unread(error.to_string()))?;
    let roasts = record.pointer("/facts/roasts").and_then(Value::as_array).into_iter().flatten();
    Ok(roasts
        .filter_map(|roast| {
            Some((roast.get("source")?.as_str()?.to_owned(), roast.get("green_kg")?.as_f64()?))
        })
        .collect())
}

/// The rows of a table; none where the folder has no such table.
pub(super) fn if_there<T: Table>(folder: &Path) -> Result<Vec<T>, Failure> {
    let path = table_path::<T>(folder);
    if path.exists() { Ok(read_table(&path)?) } else { Ok(Vec::new()) }
}

//! The book of a run folder or a store: its sessions as the pipeline sealed them, and beside them what people said.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use trier_intake::{Editor, StoreError, View};
use trier_pipeline::features::bt_at_c;
use trier_pipeline::records::{Edit, History, Reviewed, Revision};
use trier_roast::EventTime;
use trier_tables::rows::{SessionRow, TelemetryRow};
use trier_tables::{read_json_lines, read_table, table_path};

use crate::output::{self, Failure};
use crate::shelf::{Shelf, Taken};

/// The folder within that holds a folder of revisions for each session.
const REVISIONS: &str = "revisions";

pub(crate) struct Book {
    kept: Kept,
    /// The newest row of each session by its id.
    sealed: BTreeMap<String, SessionRow>,
}

/// Where what people say is kept.
enum Kept {
    /// In files beside the tables of a run.
    Files(PathBuf),
    /// In a store, seen as it was when the book was opened.
    Store(PathBuf, View),
}

impl Book {
    /// The book of a folder that `sim run` or `sim import` wrote, or of a store.
    pub(crate) fn open(run: &Path) -> Result<Self, Failure> {
        let path = table_path::<SessionRow>(run);
        let (kept, rows): (Kept, Vec<SessionRow>) = if path.exists() {
            (Kept::Files(run.to_owned()), read_table(&path)?)
        } else {
            let view = store(run)?;
            let rows = stored(&view)?;
            (Kept::Store(run.to_owned(), view), rows)
        };
        // Revisions come in order, so the last of each session stands. A store gives the last only, one
        // for each machine.
        if let Kept::Store(..) = kept {
            let mut ids: Vec<&str> = rows.iter().map(|row| &*row.session_id).collect();
            ids.sort_unstable();
            if let Some(pair) = ids.windows(2).find(|pair| pair[0] == pair[1]) {
                let error = StoreError::Ambiguous { session: pair[0].to_owned(), machines: 2 };
                return Err(Failure::of(&error));
            }
        }
        let sealed = rows.into_iter().map(|row| (row.session_id.to_string(), row)).collect();
        Ok(Self { kept, sealed })
    }

    /// The one id that begins so.
    pub(super) fn id(&self, beginning: &str) -> Result<String, Failure> {
        let mut found = self.sealed.keys().filter(|id| id.starts_with(beginning));
        match (found.next(), found.count()) {
            (Some(id), 0) => Ok(id.clone()),
            (Some(_), more) => {
                let text =
                    format!("{} sessions begin with {beginning:?}\nhint: give more of the id", more + 1);
                Err(Failure::usage(text))
            }
            (None, _) => {
                let text = format!(
                    "no session begins with {beginning:?}\nhint: sim session list says which there are"
                );
                Err(Failure::usage(text))
            }
        }
    }

    fn row(&self, id: &str) -> Result<&SessionRow, Failure> {
        self.sealed.get(id).ok_or_else(|| Failure::usage(format!("there is no session {id:?}")))
    }

    /// A session and all that was said of it.
    pub(crate) fn history(&self, id: &str) -> Result<History, Failure> {
        let edits = match &self.kept {
            Kept::Files(run) => read_edits(&shelf(run, id))?,
            Kept::Store(_, view) => view.edits(id).map_err(|error| Failure::of(&error))?,
        };
        History::new(self.row(id)?.clone(), edits).map_err(|error| Failure::of(&error))
    }

    /// All sessions as they stand, by machine and start.
    pub(super) fn all(&self) -> Result<Vec<Reviewed>, Failure> {
        let all = self.sealed.keys().map(|id| Ok(self.history(id)?.reviewed()));
        let mut all = all.collect::<Result<Vec<Reviewed>, Failure>>()?;
        all.sort_by(|a, b| (&a.row.machine, a.row.start_us).cmp(&(&b.row.machine, b.row.start_us)));
        Ok(all)
    }

    /// The instant that lies `at_s` after the session's charge as it stands, µs since 1970.
    pub(super) fn instant(&self, id: &str, at_s: f64) -> Result<i64, Failure> {
        let charge = EventTime::from_us(self.history(id)?.reviewed().row.start_us);
        Ok(charge.plus_s(at_s).us())
    }

    /// What BT was there, °C; None where it was not read, or is not kept.
    pub(super) fn bt_at_c(&self, id: &str, at_us: i64) -> Result<Option<f64>, Failure> {
        let row = self.row(id)?;
        let telemetry: Vec<TelemetryRow> = match &self.kept {
            Kept::Files(run) => {
                let path = table_path::<TelemetryRow>(run);
                if path.exists() { read_table(&path)? } else { Vec::new() }
            }
            Kept::Store(_, view) => view.telemetry_beside(id).map_err(|error| Failure::of(&error))?,
        };
        let of_it = |sample: &&TelemetryRow| {
            sample.source == row.source && sample.machine == row.machine && sample.quality.is_empty()
        };
        let point = |sample: &TelemetryRow| {
            Some((EventTime::from_us(sample.t_us).since_s(EventTime::from_us(at_us)), sample.bt_c?))
        };
        let mut points: Vec<(f64, f64)> = telemetry.iter().filter(of_it).filter_map(point).collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        Ok(bt_at_c(&points, 0.0))
    }

    /// Keeps an edit as the session's next revision; the session as it then stands.
    ///
    /// - `base`: the revision that its author had seen.
    pub(super) fn say(
        &self,
        id: &str,
        base: u32,
        said: (&str, &str),
        edit: Edit,
    ) -> Result<Reviewed, Failure> {
        let received = EventTime::from_us(jiff::Timestamp::now().as_microsecond());
        let run = match &self.kept {
            Kept::Files(run) => run,
            Kept::Store(folder, _) => {
                let mut editor = Editor::open(folder).map_err(|error| Failure::of(&error))?;
                return editor.say(id, Some(base), said, received, edit).map_err(|error| Failure::of(&error));
            }
        };
        let history = self.history(id)?;
        let next = history.next(base, said, received, edit).map_err(|error| Failure::of(&error))?;
        match shelf(run, id).keep(next.revision, &next.to_toml())? {
            Ok(_) => Ok(self.history(id)?.reviewed()),
            Err(Taken) => {
                let number = next.revision;
                let text = format!(
                    "somebody else has just made revision {number} of {id}\nhint: look at it with sim session \
                     show, and say yours again if it still holds"
                );
                Err(Failure::usage(text))
            }
        }
    }
}

/// Where the revisions of a session of a run are.
fn shelf(run: &Path, id: &str) -> Shelf {
    // Our own ids are letters, digits and hyphens; a table from elsewhere may hold anything.
    let safe = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    Shelf::at(run.join(REVISIONS).join(id.chars().map(safe).collect::<String>()))
}

/// The edits of a shelf, by number.
fn read_edits(shelf: &Shelf) -> Result<Vec<Revision>, Failure> {
    let mut edits = Vec::new();
    for (number, text) in shelf.texts()? {
        let wrong = |why: String| Failure::usage(format!("{}: {why}", shelf.place(number).display()));
        let edit = Revision::parse(&text).map_err(|error| wrong(output::chain(&error)))?;
        if edit.revision != number {
            return Err(wrong(format!("it says it is revision {}", edit.revision)));
        }
        edits.push(edit);
    }
    Ok(edits)
}

/// The store in a folder that holds no tables.
fn store(folder: &Path) -> Result<View, Failure> {
    View::still(folder).map_err(|error| match error {
        StoreError::Absent { .. } => {
            let folder = folder.display();
            Failure::usage(format!(
                "{folder} has neither sessions.parquet nor a store\nhint: name a folder that sim run, sim import or \
                 sim ingest wrote"
            ))
        }
        other => Failure::of(&other),
    })
}

/// The newest revision of each session in a store.
fn stored(view: &View) -> Result<Vec<SessionRow>, Failure> {
    let rows = view.sessions().map_err(|error| Failure::of(&error))?;
    let lines: String = rows.iter().map(|row| format!("{}\n", row.session)).collect();
    read_json_lines(&lines).map_err(|error| Failure::of(&error))
}

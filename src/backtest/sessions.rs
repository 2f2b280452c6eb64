//! Roasts out of a store or a run's folder, as if they had been recorded one by one.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use trier_eval::runner::Recorded;
use trier_intake::{StoreError, View};
use trier_roast::{EventTime, Mark, MarkKind, MarkSource, Reading, ReadingBody};
use trier_tables::read_table;
use trier_tables::rows::{MarkRow, SessionRow, TelemetryRow};

use crate::output::Failure;
use crate::rows::sample_of;

/// Before this, 1980, no roast has been logged: such times are those of a recording without a date, µs.
const DATED_US: i64 = 315_532_800_000_000;

/// The tables of a run's folder that make a roast.
const TABLES: [&str; 3] = ["sessions.parquet", "telemetry.parquet", "marks.parquet"];

/// The roasts in `folder`; None when it is neither a store nor holds the tables of a run.
pub(super) fn roasts_of(folder: &Path) -> Result<Option<Vec<Recorded>>, Failure> {
    if TABLES.iter().all(|table| folder.join(table).is_file()) {
        let [sessions, telemetry, marks] = TABLES.map(|table| folder.join(table));
        let telemetry: Vec<TelemetryRow> = read_table(&telemetry)?;
        let (sessions, marks) = (read_table(&sessions)?, read_table::<MarkRow>(&marks)?);
        return Ok(Some(as_recorded(sessions, &telemetry, &marks)));
    }
    match View::open(folder).and_then(|view| view.outputs()) {
        Ok(rows) => Ok(Some(as_recorded(rows.sessions, &rows.telemetry, &rows.marks))),
        Err(StoreError::Absent { .. }) => Ok(None),
        Err(other) => Err(Failure::of(&other)),
    }
}

/// One recording for each session, with the marks that were set, and the charge and drop that it goes by where
/// nobody set them: what else the curve shows is worked out anew, and what was refused once is not told again.
fn as_recorded(sessions: Vec<SessionRow>, telemetry: &[TelemetryRow], marks: &[MarkRow]) -> Vec<Recorded> {
    // Revisions come in order, so the last of each session stands.
    let newest: BTreeMap<Arc<str>, SessionRow> =
        sessions.into_iter().map(|row| (Arc::clone(&row.session_id), row)).collect();
    let mut readings: BTreeMap<&str, Vec<Reading>> = BTreeMap::new();
    for row in marks {
        let session = row.session_id.as_deref().and_then(|id| Some((id, newest.get(id)?)));
        let Some(((id, session), mark)) = session.zip(mark_of(row)) else { continue };
        if mark.source != MarkSource::Inferred || goes_by(session, &mark) {
            let reading = Reading { at: mark.at, body: ReadingBody::Mark(mark) };
            readings.entry(id).or_default().push(reading);
        }
    }
    for row in telemetry {
        if let Some(id) = row.session_id.as_deref() {
            let body = ReadingBody::Sample(sample_of(row));
            readings.entry(id).or_default().push(Reading { at: EventTime::from_us(row.t_us), body });
        }
    }
    let recorded = |row: SessionRow| {
        let mut readings = readings.get(&*row.session_id).cloned().unwrap_or_default();
        // A mark is told with the first sample that is not before it.
        readings.sort_by_key(|reading| (reading.at, matches!(reading.body, ReadingBody::Sample(_))));
        let started = (row.start_us >= DATED_US).then(|| EventTime::from_us(row.start_us));
        Recorded { source: row.session_id, machine: row.machine, started, readings }
    };
    newest.into_values().map(recorded).collect()
}

/// Whether `mark`, which was inferred, is the charge or the drop of `session`: others were inferred and did not stand.
fn goes_by(session: &SessionRow, mark: &Mark) -> bool {
    let charge = EventTime::from_us(session.start_us);
    match mark.kind {
        MarkKind::Charge => mark.at == charge,
        MarkKind::Drop => session.drop_s.is_some_and(|drop_s| mark.at == charge.plus_s(drop_s)),
        _ => false,
    }
}

fn mark_of(row: &MarkRow) -> Option<Mark> {
    let sources = [MarkSource::Device, MarkSource::Operator, MarkSource::Inferred];
    let source = sources.into_iter().find(|source| source.name() == &*row.mark_source)?;
    let kind = MarkKind::from_name(&row.kind)?;
    Some(Mark { kind, at: EventTime::from_us(row.t_us), source, confidence: row.confidence })
}

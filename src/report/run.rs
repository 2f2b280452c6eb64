//! The report on a run: reads its tables, and hands over what the page shows.

mod asked;

use std::path::Path;

use trier_eval::stats::quantile::type7;
use trier_pipeline::records::session_phases;
use trier_query::Tables;
use trier_reports::page::run::{Overview, Phase, Run, SHEETS_MAX, Small, Spread, Truth, Unit, page};
use trier_roast::EventTime;
use trier_sim::TruthMarkRow;
use trier_tables::rows::{FileRow, FindingRow, MarkRow, SessionRow};

use super::Made;
use super::sessions::{Roast, Sessions, if_there, sessions};
use crate::output::Failure;

/// Makes the report.
///
/// - `batches`: the roasts to show in full, by name; all that there is room for when empty.
pub(super) fn make(folder: &Path, batches: &[String]) -> Result<Made, Failure> {
    let found = sessions(folder, batches)?;
    let mut tables = Tables::open(&[folder.to_owned()]).map_err(|error| Failure::of(&error))?;
    let in_full: &[Roast] = if found.roasts.len() <= SHEETS_MAX { &found.roasts } else { &[] };
    let beside = Beside::read(folder)?;
    let batches =
        in_full.iter().map(|roast| batch(&tables, &beside, roast)).collect::<Result<Vec<_>, _>>()?;
    let overview =
        if found.roasts.len() > 1 { Some(overview(&mut tables, &found, beside.files)?) } else { None };
    let (html, figures) = page(&Run { overview, batches }).map_err(|error| Failure::of(&error))?;
    Ok(Made { html, figures })
}

/// The small tables of a run, whole.
struct Beside {
    marks: Vec<MarkRow>,
    truth_marks: Vec<TruthMarkRow>,
    files: Vec<FileRow>,
    findings: Vec<FindingRow>,
}

impl Beside {
    fn read(folder: &Path) -> Result<Self, Failure> {
        Ok(Self {
            marks: if_there(folder)?,
            truth_marks: if_there(folder)?,
            files: if_there(folder)?,
            findings: if_there(folder)?,
        })
    }
}

/// All there is about one roast.
fn batch(
    tables: &Tables,
    beside: &Beside,
    roast: &Roast,
) -> Result<trier_reports::page::run::Batch, Failure> {
    let row = &roast.row;
    let start = EventTime::from_us(row.start_us);
    let mut marks: Vec<MarkRow> = beside
        .marks
        .iter()
        .filter(|mark| mark.source == row.source && mark.machine == row.machine)
        .filter(|mark| mark.session_id.as_ref() == Some(&row.session_id))
        .cloned()
        .collect();
    for mark in &mut marks {
        mark.since_charge_s = Some(EventTime::from_us(mark.t_us).since_s(start));
    }
    let truth = asked::truth(tables, row)?
        .map(|truth| Truth { marks: true_marks(&beside.truth_marks, row), ..truth });
    let file = beside.files.iter().find(|file| file.source == row.source).cloned();
    let findings = beside.findings.iter().filter(|finding| finding.source == row.source).cloned().collect();
    Ok(trier_reports::page::run::Batch {
        said: roast.said.clone(),
        readings: asked::readings(tables, row)?,
        marks,
        phases: phases(row),
        fans: asked::fans(tables, row)?,
        truth,
        scores: asked::scores(tables, row)?,
        file,
        findings,
        session: row.clone(),
    })
}

/// What truly happened while the session lasted.
fn true_marks(all: &[TruthMarkRow], row: &SessionRow) -> Vec<(String, f64, Option<f64>)> {
    let start = EventTime::from_us(row.start_us);
    all.iter()
        .filter(|mark| mark.source == row.source && mark.machine == row.machine)
        .map(|mark| (mark.kind.to_string(), EventTime::from_us(mark.t_us).since_s(start), mark.marked_late_s))
        .collect()
}

fn phases(row: &SessionRow) -> Vec<Phase> {
    let named = ["Drying", "Maillard", "Development"].into_iter().zip(session_phases(row));
    named
        .map(|(name, phase)| Phase {
            name,
            from_s: phase.from_s,
            to_s: phase.to_s,
            seconds: phase.seconds,
            share: phase.share,
            from_c: phase.from_c,
            to_c: phase.to_c,
            ror_c_per_min: phase.ror_c_per_min,
        })
        .collect()
}

/// All there is about many roasts together.
fn overview(tables: &mut Tables, found: &Sessions, files: Vec<FileRow>) -> Result<Overview, Failure> {
    let rows: Vec<SessionRow> = found.roasts.iter().map(|roast| roast.row.clone()).collect();
    let curves = asked::resample(tables)?;
    let mut bands = if curves.is_some() { asked::bands(tables)? } else { Vec::new() };
    let mut by_roast = curves.unwrap_or_default();
    let key =
        |row: &SessionRow| (row.source.to_string(), row.machine.to_string(), row.session_id.to_string());
    let curves: Vec<Small> =
        rows.iter().map(|row| Small { points: by_roast.remove(&key(row)).unwrap_or_default() }).collect();
    bands.retain(|(n, _)| 2 * n >= rows.len());
    Ok(Overview {
        spreads: spreads(found)?,
        curves,
        bands: bands.into_iter().map(|(_, band)| band).collect(),
        files,
        discarded: found.discarded,
        sessions: rows,
    })
}

type Measure = (&'static str, Unit, fn(&Roast) -> Option<f64>);

const MEASURES: [Measure; 9] = [
    ("First crack", Unit::Clock, |roast| roast.row.first_crack_s),
    ("Drop", Unit::Clock, |roast| roast.row.drop_s),
    ("BT at drop", Unit::Celsius, |roast| roast.row.drop_bt_c),
    ("Development", Unit::Share, |roast| roast.row.development_ratio),
    ("BT at charge", Unit::Celsius, |roast| roast.row.charge_bt_c),
    ("Turning point", Unit::Clock, |roast| roast.row.turning_point_s),
    ("Dry end", Unit::Clock, |roast| roast.row.dry_end_s),
    ("BT at first crack", Unit::Celsius, |roast| roast.row.first_crack_bt_c),
    ("Weight loss", Unit::Percent, |roast| roast.said.weight_loss_pct),
];

fn spreads(found: &Sessions) -> Result<Vec<Spread>, Failure> {
    let spread = |(name, unit, value): &Measure| {
        let values: Vec<f64> = found.roasts.iter().filter_map(value).collect();
        let at = |p| type7(&values, p).map_err(|error| Failure::of(&error));
        let quantiles = if values.is_empty() { None } else { Some([at(0.1)?, at(0.5)?, at(0.9)?]) };
        Ok(Spread { name, unit: *unit, n: values.len(), quantiles })
    };
    MEASURES.iter().map(spread).collect()
}

//! `sim export`: the roasts of a run folder as files that Artisan opens.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::json;
use trier_logs::{ExportFormat, LogFormat, RoastLog};
use trier_reports::terminal::clean;
use trier_roast::order::median;
use trier_roast::{EventTime, Mark, MarkKind, MarkSource, Sample, TempUnit};
use trier_tables::rows::{MarkRow, SessionRow, TelemetryRow};
use trier_tables::{RunFolder, Table, read_table, table_path};

use crate::exit::Exit;
use crate::output::{self, Failure};
use crate::recorded::SIMULATED;
use crate::rows::sample_of;

/// Longest stretch before charge that goes with a roast where the machine roasted before, s.
const LEAD_IN_S: f64 = 60.0;

#[derive(clap::Args)]
#[command(after_help = "Examples:
  sim export out/first --format alog
  sim export out/mine --format json,csv --out files")]
pub(crate) struct Args {
    /// A folder that sim run or sim import wrote
    run: PathBuf,
    /// What to write, several parted by commas
    #[arg(long, required = true, value_delimiter = ',', value_parser = parse_format)]
    format: Vec<ExportFormat>,
    /// Folder to write to; it must not be there or be empty [default: the run folder's name and -export]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print a line of JSON for each file instead
    #[arg(long)]
    json: bool,
}

fn parse_format(text: &str) -> Result<ExportFormat, String> {
    let named = ExportFormat::ALL.into_iter().find(|format| format.name() == text);
    named.ok_or_else(|| {
        let known = ExportFormat::ALL.map(ExportFormat::name).join(", ");
        format!("{text:?} is no format that roasts are written in; there are {known}")
    })
}

/// Does the verb's work.
pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let mut folder = RunFolder::create(&args.place())?;
    let roasts = roasts_of(&args.run)?;
    if roasts.is_empty() {
        output::prose(&format!("nothing to export: {} holds no roast", args.run.display()));
        return Ok(Exit::NOTHING_SELECTED);
    }
    let formats: BTreeSet<ExportFormat> = args.format.iter().copied().collect();
    let simulated = args.run.join("truth.parquet").exists();
    let mut names = BTreeSet::new();
    let mut lines = Vec::new();
    for roast in &roasts {
        let stem = stem_of(roast, simulated, &mut names);
        for format in &formats {
            let file = format!("{stem}.{}", format.name());
            folder.write_file(&file, trier_logs::write(roast, *format).as_bytes())?;
            lines.push((file, roast));
        }
    }
    let place = folder.commit()?;
    for (file, roast) in lines {
        let (source, n) = (&roast.title, roast.samples.len());
        output::result(&if args.json {
            json!({ "table": "exports", "file": file, "source": source, "n_samples": n }).to_string()
        } else {
            format!("{file}: {}, {n} samples, {} marks", clean(source), roast.marks.len())
        });
    }
    output::prose(&format!("written to {}", place.display()));
    Ok(Exit::OK)
}

impl Args {
    fn place(&self) -> PathBuf {
        self.out.clone().unwrap_or_else(|| {
            let mut name = self.run.file_name().unwrap_or_default().to_owned();
            name.push("-export");
            self.run.with_file_name(name)
        })
    }
}

/// A file name for a roast, new among `names`, that tells a simulated one.
fn stem_of(roast: &RoastLog, simulated: bool, names: &mut BTreeSet<String>) -> String {
    let source = Path::new(&roast.title);
    // A log's own ending goes; a scenario's name has none.
    let plain = if source.extension().is_some() { source.with_extension("") } else { source.to_owned() };
    let safe = |c: char| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' };
    let name: String = plain.to_string_lossy().chars().map(safe).collect();
    let name = name.trim_start_matches('.');
    let says_so = name.starts_with("sim-");
    let made_up = (simulated || roast.device.ends_with(SIMULATED)) && !says_so;
    let stem = if made_up { format!("sim-{name}") } else { name.to_owned() };
    let mut free = (1..).map(|n| if n == 1 { stem.clone() } else { format!("{stem}-{n}") });
    let found = free.find(|stem| !names.contains(stem)).unwrap_or(stem);
    names.insert(found.clone());
    found
}

fn table<T: Table>(run: &Path) -> Result<Vec<T>, Failure> {
    let path = table_path::<T>(run);
    if !path.exists() {
        let text = format!(
            "{} has no {}.parquet\nhint: name a folder that sim run or sim import wrote",
            run.display(),
            T::NAME
        );
        return Err(Failure::usage(text));
    }
    Ok(read_table(&path)?)
}

/// The roasts of a run, in the order of its tables.
fn roasts_of(run: &Path) -> Result<Vec<RoastLog>, Failure> {
    let (telemetry, marks) = (table::<TelemetryRow>(run)?, table::<MarkRow>(run)?);
    // Revisions come in order, so the last of each session stands.
    let mut sessions: BTreeMap<(&str, &str, i64), &SessionRow> = BTreeMap::new();
    let rows = table::<SessionRow>(run)?;
    for row in &rows {
        sessions.insert((&row.source, &row.machine, row.start_us), row);
    }
    let mut samples: BTreeMap<(&str, &str), Vec<&TelemetryRow>> = BTreeMap::new();
    for row in &telemetry {
        samples.entry((&row.source, &row.machine)).or_default().push(row);
    }
    for rows in samples.values_mut() {
        rows.sort_by_key(|row| row.t_us);
    }
    let all: Vec<&SessionRow> = sessions.into_values().collect();
    let same = |a: &SessionRow, b: &SessionRow| a.source == b.source && a.machine == b.machine;
    let roast = |(i, session): (usize, &&SessionRow)| {
        let before = i.checked_sub(1).map(|i| all[i]).filter(|before| same(before, session));
        let after = all.get(i + 1).filter(|after| same(after, session));
        // A roast begins a little before its charge, and ends where the next begins.
        let begin = |session: &SessionRow, before: &SessionRow| {
            EventTime::from_us(session.start_us).plus_s(-LEAD_IN_S).us().max(before.end_us)
        };
        let from_us = before.map_or(i64::MIN, |before| begin(session, before));
        let until_us = after.map_or(i64::MAX, |after| begin(after, session));
        let rows = samples.get(&(&*session.source, &*session.machine)).map_or(&[][..], Vec::as_slice);
        let rows: Vec<&TelemetryRow> =
            rows.iter().copied().filter(|row| (from_us..until_us).contains(&row.t_us)).collect();
        let of_it = |mark: &&MarkRow| {
            mark.source == session.source
                && mark.machine == session.machine
                && (mark.session_id.as_deref() == Some(&*session.session_id)
                    || (&*mark.kind == "cool_end" && (session.end_us..until_us).contains(&mark.t_us)))
        };
        let marks: Vec<Mark> = marks.iter().filter(of_it).filter_map(mark_of).collect();
        (!rows.is_empty()).then(|| log_of(session, &rows, marks))
    };
    Ok(all.iter().enumerate().filter_map(roast).collect())
}

fn mark_of(row: &MarkRow) -> Option<Mark> {
    let source = match &*row.mark_source {
        "device" => MarkSource::Device,
        "operator" => MarkSource::Operator,
        _ => MarkSource::Inferred,
    };
    let at = EventTime::from_us(row.t_us);
    Some(Mark { kind: MarkKind::from_name(&row.kind)?, at, source, confidence: row.confidence })
}

/// A roast as the writers want it. Its title is its name in the tables.
fn log_of(session: &SessionRow, rows: &[&TelemetryRow], marks: Vec<Mark>) -> RoastLog {
    let samples: Vec<(EventTime, Sample)> =
        rows.iter().map(|row| (EventTime::from_us(row.t_us), sample_of(row))).collect();
    let steps: Vec<f64> = samples.windows(2).map(|pair| pair[1].0.since_s(pair[0].0)).collect();
    let started = samples.first().map(|(at, _)| *at).filter(|at| at.is_wall_time());
    RoastLog {
        format: LogFormat::ArtisanAlog,
        device: session.machine.to_string(),
        declared_unit: TempUnit::Celsius,
        started,
        title: session.source.to_string(),
        is_fork: false,
        machine_key: None,
        sample_interval_s: median(&steps).unwrap_or(0.0),
        samples,
        marks,
        weight_in_kg: None,
        weight_out_kg: None,
        findings: Vec::new(),
    }
}

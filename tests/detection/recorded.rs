//! The recorded half of the page: marks of real logs, hidden from the pipeline and then compared.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use trier_eval::score::Boundaries;
use trier_eval::stats::{cluster::robust_mean, student_t};
use trier_logs::{FindingCode, RoastLog};
use trier_pipeline::{Basis, Outputs, Stream, StreamConfig};
use trier_roast::{EventTime, MarkKind, MarkSource, Reading, ReadingBody, Trust};

use super::bt_break::bt_break;

/// Charge and drop count as found within these, s.
const CHARGE_S: f64 = 5.0;
const DROP_S: f64 = 10.0;

/// A machine that is charged this hot shows it with a plunge, °C.
const HOT_C: f64 = 100.0;

/// A recording that goes on this long after drop shows it, s.
const GOES_ON_S: f64 = 30.0;

/// One recording with the marks that somebody set.
struct Recorded {
    machine: String,
    name: String,
    log: RoastLog,
}

/// The folder of recordings; None, with a word why, where it is absent.
#[allow(clippy::print_stdout)] // A skipped test says so.
fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/roasts");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: ../shared/data/roasts is absent");
    None
}

/// The complete recordings: with first crack and drop marked by a person or a machine, no copies and no
/// simulations. Charge may be missing: recordings that begin with it.
fn recordings(folder: &Path) -> Vec<Recorded> {
    let entries = |dir: &Path| -> Vec<PathBuf> {
        let mut all: Vec<PathBuf> =
            fs::read_dir(dir).expect("a folder").map(|e| e.expect("an entry").path()).collect();
        all.sort();
        all
    };
    let word = |path: &Path| path.file_name().and_then(|n| n.to_str()).expect("UTF-8").to_owned();
    let mut read = Vec::new();
    for dir in entries(folder).into_iter().filter(|p| p.is_dir()) {
        for file in entries(&dir) {
            let bytes = fs::read(&file).expect("readable");
            let Ok(log) = trier_logs::read(&bytes, &word(&file)) else { continue };
            if log.findings.iter().all(|f| f.code != FindingCode::SimulatorSuspect) {
                read.push(Recorded { machine: word(&dir), name: word(&file), log });
            }
        }
    }
    let logs: Vec<&RoastLog> = read.iter().map(|one| &one.log).collect();
    let copies = trier_logs::repeats(&logs);
    let set =
        |log: &RoastLog, kind| log.marks.iter().any(|m| m.kind == kind && m.source != MarkSource::Inferred);
    read.into_iter()
        .zip(copies)
        .filter(|(one, copy)| {
            copy.is_none() && set(&one.log, MarkKind::Drop) && one.log.sample_interval_s <= 10.0
        })
        .map(|(one, _)| one)
        .collect()
}

/// What a detector says of a recording, s since its start, and when it said so.
#[derive(Clone, Debug, Default)]
struct Said {
    charges: Vec<(f64, f64)>,
    drops: Vec<(f64, f64)>,
}

/// What the pipeline says of the samples alone.
fn by_pipeline(log: &RoastLog) -> Said {
    let config = StreamConfig { source: "r".into(), machine: "m".into(), trust: Trust::Unsigned };
    let mut stream = Stream::new(config, Vec::new(), Basis::default());
    let mut out = Outputs::default();
    let start = log.samples[0].0;
    // When each mark row came out, s.
    let mut told_s = Vec::new();
    for (at, sample) in &log.samples {
        stream.push(Reading { at: *at, body: ReadingBody::Sample(*sample) }, &mut out);
        told_s.resize(out.marks.len(), at.since_s(start));
    }
    stream.end(&mut out);
    told_s.resize(out.marks.len(), log.samples.last().map_or(0.0, |(at, _)| at.since_s(start)));
    let mut said = Said::default();
    for row in out.sessions.iter().filter(|row| ["complete", "no_drop", "aborted"].contains(&&*row.outcome)) {
        let own = |kind: MarkKind| {
            out.marks.iter().zip(&told_s).filter(move |(mark, _)| {
                mark.session_id.as_ref() == Some(&row.session_id) && *mark.kind == *kind.name()
            })
        };
        let charge_s = EventTime::from_us(row.start_us).since_s(start);
        let told = |kind| own(kind).map(|(_, told_s)| *told_s).next().unwrap_or(charge_s);
        said.charges.push((charge_s, told(MarkKind::Charge)));
        let shown =
            own(MarkKind::Drop).next_back().map(|(mark, _)| EventTime::from_us(mark.t_us).since_s(start));
        said.drops.extend(
            row.drop_s.map(|drop_s| charge_s + drop_s).or(shown).map(|at_s| (at_s, told(MarkKind::Drop))),
        );
    }
    said
}

/// What the baseline says of them.
fn by_baseline(log: &RoastLog) -> Said {
    let start = log.samples[0].0;
    let read = log.samples.iter().filter_map(|(at, sample)| Some((at.since_s(start), sample.bt_c?)));
    let said = bt_break(&read.collect::<Vec<_>>(), log.sample_interval_s);
    Said { charges: said.charge_s.into_iter().collect(), drops: said.drop_s.into_iter().collect() }
}

/// How a detector did on one kind of boundary, by machine.
#[derive(Clone, Debug, Default)]
struct Score {
    all: Boundaries,
    /// 1 for each found, 0 for each missed.
    by_machine: BTreeMap<String, Vec<f64>>,
    delay_s: Vec<f64>,
}

impl Score {
    fn add(&mut self, machine: &str, said: &[(f64, f64)], true_s: f64, tolerance_s: f64) -> bool {
        let claimed: Vec<f64> = said.iter().map(|(at_s, _)| *at_s).collect();
        let mut one = Boundaries::default();
        one.add(&claimed, &[true_s], tolerance_s);
        self.all.join(&one);
        self.by_machine.entry(machine.to_owned()).or_default().push(f64::from(one.found));
        let nearest = said.iter().min_by(|a, b| (a.0 - true_s).abs().total_cmp(&(b.0 - true_s).abs()));
        self.delay_s.extend(nearest.filter(|_| one.found > 0).map(|(_, told_s)| told_s - true_s));
        one.found > 0
    }

    fn row(&self, name: &str) -> String {
        let percent =
            |share: Option<f64>| share.map_or_else(|| "-".to_owned(), |s| format!("{:.1} %", 100.0 * s));
        let n = self.all.found + self.all.missed;
        format!(
            "| {name} | {} of {n} | {}{} | {} | {} | {} | {} |\n",
            self.all.found,
            percent(self.all.recall()),
            self.interval(),
            percent(self.all.precision()),
            middle(self.all.off_s.iter().copied()),
            middle(self.all.off_s.iter().map(|s| s.abs())),
            middle(self.delay_s.iter().copied()),
        )
    }

    /// The 95 % interval of the share found, machines as clusters.
    fn interval(&self) -> String {
        let clusters: Vec<Vec<f64>> = self.by_machine.values().cloned().collect();
        let Ok(mean) = robust_mean(&clusters) else { return String::new() };
        let reach = student_t::quantile(0.975, clusters.len() as f64 - 1.0) * mean.se_cr1;
        format!(" ± {:.1}", 100.0 * reach)
    }
}

fn middle(values: impl Iterator<Item = f64>) -> String {
    trier_roast::order::median(&values.collect::<Vec<_>>())
        .map_or_else(|| "-".to_owned(), |s| format!("{s:+.1}"))
}

/// The section, and the recordings where the pipeline and the marks differ. None without recordings.
pub(crate) fn section() -> Option<(String, Vec<String>)> {
    let recordings = recordings(&folder()?);
    let mut missed = Vec::new();
    // Pipeline and baseline; charge, charge of a hot machine, drop, and drop where the recording shows it.
    let mut scores: [[Score; 4]; 2] = Default::default();
    for one in &recordings {
        let start = one.log.samples[0].0;
        let end_s = one.log.samples.last().map_or(0.0, |(at, _)| at.since_s(start));
        let marked = |kind| {
            let mark = one.log.marks.iter().find(|m| m.kind == kind && m.source != MarkSource::Inferred)?;
            Some(mark.at.since_s(start))
        };
        for (detector, said) in [by_pipeline(&one.log), by_baseline(&one.log)].into_iter().enumerate() {
            let [charge, hot, drop, shown] = &mut scores[detector];
            if let Some(true_s) = marked(MarkKind::Charge) {
                let found = charge.add(&one.machine, &said.charges, true_s, CHARGE_S);
                if bt_at_c(&one.log, true_s).is_some_and(|c| c >= HOT_C) {
                    hot.add(&one.machine, &said.charges, true_s, CHARGE_S);
                }
                if !found && detector == 0 {
                    missed.push(format!(
                        "{}/{}: charge {true_s:.1}, {:.1?}",
                        one.machine, one.name, said.charges
                    ));
                }
            }
            if let Some(true_s) = marked(MarkKind::Drop) {
                let found = drop.add(&one.machine, &said.drops, true_s, DROP_S);
                if !found && detector == 0 {
                    missed
                        .push(format!("{}/{}: drop {true_s:.1}, {:.1?}", one.machine, one.name, said.drops));
                }
                if end_s - true_s >= GOES_ON_S {
                    shown.add(&one.machine, &said.drops, true_s, DROP_S);
                }
            }
        }
    }
    Some((table(&scores, recordings.len()), missed))
}

/// BT of the first reading from `at_s` on, °C.
fn bt_at_c(log: &RoastLog, at_s: f64) -> Option<f64> {
    let start = log.samples[0].0;
    log.samples.iter().filter(|(at, _)| at.since_s(start) >= at_s).find_map(|(_, sample)| sample.bt_c)
}

fn table(scores: &[[Score; 4]; 2], n: usize) -> String {
    let mut text = format!(
        "## Recorded roasts\n\n{n} recordings of `../shared/data/roasts` that are complete, with first crack and drop marked by a person or a machine; copies and simulations left out. \
         The marks were hidden, and hold here as what is true. Charge is found within 5 s, drop within 10 s. The interval of the share \
         takes machines as clusters. BTbreak is Artisan's rule for automatic marks, by its description.\n\n\
         | | found | share | precision | off, s | off either way, s | told after, s |\n|---|--:|--:|--:|--:|--:|--:|\n"
    );
    let names = ["charge", "charge at 100 °C or more", "drop", "drop, where the recording goes on for 30 s"];
    for (kind, name) in names.iter().enumerate() {
        text += &scores[0][kind].row(name);
        text += &scores[1][kind].row(&format!("{name}: BTbreak"));
    }
    text += "\nBy machine:\n\n| machine | charge | BTbreak | drop | BTbreak |\n|---|--:|--:|--:|--:|\n";
    let machines = scores[0][2].by_machine.keys();
    for machine in machines {
        let cell = |score: &Score| {
            score.by_machine.get(machine).map_or_else(
                || "-".to_owned(),
                |found| format!("{} of {}", found.iter().filter(|f| **f > 0.0).count(), found.len()),
            )
        };
        let [[charge, _, drop, _], [base_charge, _, base_drop, _]] = scores;
        let _ = writeln!(
            text,
            "| {machine} | {} | {} | {} | {} |",
            cell(charge),
            cell(base_charge),
            cell(drop),
            cell(base_drop)
        );
    }
    text
}

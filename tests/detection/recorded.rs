//! The recorded half of the page: marks of real logs, hidden from the pipeline and then compared.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use trier_eval::score::Boundaries;
use trier_eval::stats::{cluster::robust_mean, student_t};
use trier_logs::{FindingCode, RoastLog};
use trier_pipeline::{Basis, Outputs, Stream, StreamConfig};
use trier_roast::{EventTime, MarkKind, MarkSource, Quality, Reading, ReadingBody, Trust};
use trier_tables::rows::MarkRow;

use super::bt_break::bt_break;

/// Charge and drop count as found within these, s.
const CHARGE_S: f64 = 5.0;
const DROP_S: f64 = 10.0;

/// A machine that is charged this hot shows it with a plunge, °C.
const HOT_C: f64 = 100.0;

/// A recording that goes on this long after drop shows it, s.
const GOES_ON_S: f64 = 30.0;

/// Marks that the curve beside them contradicts: the recording's machine and a part of its name, and where somebody
/// who looked at the curve puts the instant, s since the first reading. Reasons are on the page.
const CONTRADICTED: [(&str, &str, MarkKind, f64); 10] = [
    ("scottjames", "25-08-17_1612", MarkKind::Charge, 11.0),
    ("syamaner", "session-2", MarkKind::Charge, 485.5),
    ("syamaner", "session-roast", MarkKind::Charge, 618.0),
    ("philstyle", "18-10-14", MarkKind::Charge, 7.3),
    ("Jakemo136", "CHAJ", MarkKind::Drop, 442.0),
    ("Jakemo136", "EGB", MarkKind::Drop, 410.0),
    ("Jakemo136", "YMH", MarkKind::Drop, 480.0),
    ("greencardigan", "_logfile.csv", MarkKind::Drop, 871.5),
    ("greencardigan", "_logfile_c.csv", MarkKind::Charge, 0.0),
    ("scottjames", "25-08-17_1612", MarkKind::Drop, 609.5),
];

/// Between two recordings of one machine that are heard as one day, s.
const PAUSE_S: f64 = 600.0;

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

/// The recordings, without copies and simulations.
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
    read.into_iter()
        .zip(copies)
        .filter(|(one, copy)| {
            copy.is_none() && one.log.sample_interval_s <= 10.0 && !one.log.samples.is_empty()
        })
        .map(|(one, _)| one)
        .collect()
}

/// Those that are complete: with drop marked by a person or a machine. Charge may be missing: recordings that
/// begin with it.
fn is_complete(log: &RoastLog) -> bool {
    log.marks.iter().any(|m| m.kind == MarkKind::Drop && m.source != MarkSource::Inferred)
}

/// Where the instant of a mark truly was, s since the first reading, as far as anybody can tell.
fn corrected_s(one: &Recorded, kind: MarkKind, marked_s: f64) -> f64 {
    let looked = CONTRADICTED.iter().find(|(machine, name, of, _)| {
        *of == kind && one.machine.starts_with(machine) && one.name.contains(name)
    });
    looked.map_or(marked_s, |(_, _, _, at_s)| *at_s)
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
    let end_s = log.samples.last().map_or(0.0, |(at, _)| at.since_s(start));
    told_s.resize(out.marks.len(), end_s);
    let mut said = Said::default();
    for row in out.sessions.iter().filter(|row| ["complete", "no_drop", "aborted"].contains(&&*row.outcome)) {
        let own = |kind: MarkKind| {
            out.marks.iter().zip(&told_s).filter(move |(mark, _)| {
                mark.session_id.as_ref() == Some(&row.session_id) && *mark.kind == *kind.name()
            })
        };
        let charge_s = EventTime::from_us(row.start_us).since_s(start);
        // When it was first told where it stands in the end.
        let told = |kind, at_s: f64, tolerance_s: f64| {
            let near =
                |mark: &MarkRow| (EventTime::from_us(mark.t_us).since_s(start) - at_s).abs() <= tolerance_s;
            let first = own(kind).find(|(mark, _)| near(mark)).map(|(_, told_s)| *told_s);
            (at_s, first.unwrap_or(end_s))
        };
        said.charges.push(told(MarkKind::Charge, charge_s, CHARGE_S));
        let shown =
            own(MarkKind::Drop).next_back().map(|(mark, _)| EventTime::from_us(mark.t_us).since_s(start));
        let drop_s = row.drop_s.map(|drop_s| charge_s + drop_s).or(shown);
        said.drops.extend(drop_s.map(|drop_s| told(MarkKind::Drop, drop_s, DROP_S)));
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
    /// Counts what was said of one boundary; how long after it that was, where it was found.
    fn add(&mut self, machine: &str, said: &[(f64, f64)], true_s: f64, tolerance_s: f64) -> Option<f64> {
        let claimed: Vec<f64> = said.iter().map(|(at_s, _)| *at_s).collect();
        let mut one = Boundaries::default();
        one.add(&claimed, &[true_s], tolerance_s);
        self.all.join(&one);
        self.by_machine.entry(machine.to_owned()).or_default().push(f64::from(one.found));
        let nearest = said.iter().min_by(|a, b| (a.0 - true_s).abs().total_cmp(&(b.0 - true_s).abs()));
        let delay_s = nearest.filter(|_| one.found > 0).map(|(_, told_s)| told_s - true_s);
        self.delay_s.extend(delay_s);
        delay_s
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

/// How long after a boundary two detectors told it, s, ours first, where both found it.
#[derive(Clone, Debug, Default)]
struct Both(Vec<(f64, f64)>);

impl Both {
    fn text(&self, what: &str) -> String {
        let later_s = || self.0.iter().map(|(ours_s, theirs_s)| ours_s - theirs_s);
        // Stamps are whole microseconds, or worse.
        let n = |is: &dyn Fn(f64) -> bool| later_s().filter(|s| is(*s)).count();
        format!(
            "{} {what}s: sooner {}, at the same reading {}, later {}, {} s in the middle",
            self.0.len(),
            n(&|s| s < -1e-3),
            n(&|s| s.abs() <= 1e-3),
            n(&|s| s > 1e-3),
            middle(later_s()),
        )
    }
}

/// What a row of the table counts, each by the recorded marks and by the corrected ones.
const COUNTED: [&str; 4] =
    ["charge", "charge at 100 °C or more", "drop", "drop, where the recording goes on for 30 s"];

/// The section, and the recordings where the pipeline and the marks differ. None without recordings.
pub(crate) fn section() -> Option<(String, Vec<String>)> {
    let recordings = recordings(&folder()?);
    let complete: Vec<&Recorded> = recordings.iter().filter(|one| is_complete(&one.log)).collect();
    let mut missed = Vec::new();
    // Pipeline and baseline; by the marks and by the corrected ones.
    let mut scores: [[[Score; 4]; 2]; 2] = Default::default();
    let mut both: [[Both; 2]; 2] = Default::default();
    for one in &complete {
        let said = [by_pipeline(&one.log), by_baseline(&one.log)];
        for (kind, first, tolerance_s) in [(MarkKind::Charge, 0, CHARGE_S), (MarkKind::Drop, 2, DROP_S)] {
            let start = one.log.samples[0].0;
            let mark = one.log.marks.iter().find(|m| m.kind == kind && m.source != MarkSource::Inferred);
            let Some(marked_s) = mark.map(|mark| mark.at.since_s(start)) else { continue };
            let end_s = one.log.samples.last().map_or(0.0, |(at, _)| at.since_s(start));
            let true_s = [marked_s, corrected_s(one, kind, marked_s)];
            let narrower = if kind == MarkKind::Charge {
                bt_at_c(&one.log, marked_s).is_some_and(|c| c >= HOT_C)
            } else {
                end_s - marked_s >= GOES_ON_S
            };
            let mut delays_s = [[None; 2]; 2];
            for (detector, said) in said.iter().enumerate() {
                let said = if kind == MarkKind::Charge { &said.charges } else { &said.drops };
                for (by, true_s) in true_s.iter().enumerate() {
                    let [all, part] = &mut scores[detector][by][first..first + 2] else { continue };
                    let delay_s = all.add(&one.machine, said, *true_s, tolerance_s);
                    delays_s[by][detector] = delay_s;
                    if narrower {
                        part.add(&one.machine, said, *true_s, tolerance_s);
                    }
                    if detector == 0 && (delay_s.is_none() || said.len() != 1) {
                        let (machine, name, kind) = (&one.machine, &one.name, kind.name());
                        missed.push(format!("{machine}/{name}: {kind} {true_s:.1}, {said:.1?}"));
                    }
                }
            }
            for (both, [ours_s, theirs_s]) in both.iter_mut().zip(delays_s) {
                both[first / 2].0.extend(ours_s.zip(theirs_s));
            }
        }
    }
    let text = table(&scores, &both, complete.len()) + &probes(&recordings);
    Some((text, missed))
}

/// How often recordings are flagged for what their probes are suspected of, and how far ET is from BT.
fn probes(recordings: &[Recorded]) -> String {
    let mut by_machine: BTreeMap<&str, Vec<&Recorded>> = BTreeMap::new();
    recordings.iter().for_each(|one| by_machine.entry(&one.machine).or_default().push(one));
    let carry = |out: &Outputs, flag: Quality| {
        out.telemetry.iter().filter(|row| Quality::of_names(&row.quality).has(flag)).count()
    };
    let (mut coarser, mut pace, mut lag, mut turned) = (0, 0, 0, 0);
    let mut moved_c = Vec::new();
    for of_machine in by_machine.values() {
        for one in of_machine {
            let out = heard(&[*one]);
            coarser += carry(&out, Quality::COARSER);
            pace += carry(&out, Quality::PACE_CHANGE);
        }
        // Heard as one day, each roast is held against those before it.
        let out = heard(of_machine);
        lag += carry(&out, Quality::LAG_SUSPECT);
        let turns = out.marks.iter().filter(|mark| *mark.kind == *MarkKind::TurningPoint.name());
        turned += turns.count().saturating_sub(3);
        let above_c = et_above_c(&out);
        moved_c.extend(above_c.windows(2).map(|pair| (pair[1] - pair[0]).abs()));
    }
    moved_c.sort_by(f64::total_cmp);
    let at = |p: f64| trier_roast::order::quantile_of_sorted(&moved_c, p).unwrap_or(0.0);
    format!(
        "\n## Probes that change\n\nOf all {} recordings, complete or not, `coarser` flags {coarser} and `pace_change` {pace}. With those of each \
         machine heard as one day, in the order of their names, {turned} turning points come after three others; `lag_suspect` flags {lag} of them. \
         From one roast of a machine to the next, ET less BT at the dry end moves by {:.1} °C in the middle of {} pairs, and by more than {:.1} °C in one \
         of four.\n",
        recordings.len(),
        at(0.5),
        moved_c.len(),
        at(0.75),
    )
}

/// ET less BT at the dry end of each roast, °C.
fn et_above_c(out: &Outputs) -> Vec<f64> {
    let dried = out.marks.iter().filter(|mark| *mark.kind == *MarkKind::DryEnd.name());
    dried
        .filter_map(|mark| {
            let row = &out.telemetry[out.telemetry.partition_point(|row| row.t_us < mark.t_us)..];
            let row = row.first().filter(|row| Quality::of_names(&row.quality).is_et_usable())?;
            Some(row.et_c? - row.bt_c?)
        })
        .collect()
}

/// What the pipeline makes of recordings of one machine, one after the other.
fn heard(of_machine: &[&Recorded]) -> Outputs {
    let config = StreamConfig { source: "r".into(), machine: "m".into(), trust: Trust::Unsigned };
    let mut stream = Stream::new(config, Vec::new(), Basis::default());
    let mut out = Outputs::default();
    let mut from = EventTime::default();
    for one in of_machine {
        let start = one.log.samples[0].0;
        let mut last = from;
        for (at, sample) in &one.log.samples {
            last = from.plus_s(at.since_s(start));
            stream.push(Reading { at: last, body: ReadingBody::Sample(*sample) }, &mut out);
        }
        from = last.plus_s(PAUSE_S);
    }
    stream.end(&mut out);
    out
}

/// BT of the first reading from `at_s` on, °C.
fn bt_at_c(log: &RoastLog, at_s: f64) -> Option<f64> {
    let start = log.samples[0].0;
    log.samples.iter().filter(|(at, _)| at.since_s(start) >= at_s).find_map(|(_, sample)| sample.bt_c)
}

fn table(scores: &[[[Score; 4]; 2]; 2], both: &[[Both; 2]; 2], n: usize) -> String {
    let mut text = format!(
        "## Recorded roasts\n\n{n} recordings of `../shared/data/roasts` that are complete, with first crack and drop marked by a person or a machine; copies and simulations left out. \
         The marks were hidden, and hold here as what is true. Charge is found within 5 s, drop within 10 s. The interval of the share \
         takes machines as clusters. BTbreak is Artisan's rule for automatic marks, by its description.\n\n\
         | | found | share | precision | off, s | off either way, s | told after, s |\n|---|--:|--:|--:|--:|--:|--:|\n"
    );
    for (kind, name) in COUNTED.iter().enumerate() {
        text += &scores[0][0][kind].row(name);
        text += &scores[1][0][kind].row(&format!("{name}: BTbreak"));
    }
    let _ = write!(
        text,
        "\nThe same with the {} marks that the curve contradicts (below) put where the curve says, for both:\n\n\
         | | found | share | precision | off, s | off either way, s | told after, s |\n|---|--:|--:|--:|--:|--:|--:|\n",
        CONTRADICTED.len()
    );
    for (kind, name) in COUNTED.iter().enumerate() {
        text += &scores[0][1][kind].row(name);
        text += &scores[1][1][kind].row(&format!("{name}: BTbreak"));
    }
    let [by_marks, corrected] =
        both.each_ref().map(|[charges, drops]| format!("{}; {}", charges.text("charge"), drops.text("drop")));
    let _ = write!(
        text,
        "\nWhere both find a boundary, ours is told, beside BTbreak, by the marks: {by_marks}. With those put right: {corrected}.\n"
    );
    text += "\nBy machine:\n\n| machine | charge | BTbreak | drop | BTbreak |\n|---|--:|--:|--:|--:|\n";
    let machines = scores[0][0][2].by_machine.keys();
    for machine in machines {
        let cell = |score: &Score| {
            score.by_machine.get(machine).map_or_else(
                || "-".to_owned(),
                |found| format!("{} of {}", found.iter().filter(|f| **f > 0.0).count(), found.len()),
            )
        };
        let [[[charge, _, drop, _], _], [[base_charge, _, base_drop, _], _]] = scores;
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

//! The simulated half of the page: each fault in days of each machine.

use std::collections::BTreeMap;
use std::fmt::Write;

use rayon::prelude::*;
use trier_eval::score::Boundaries;
use trier_pipeline::Outputs;
use trier_roast::{Mark, MarkKind, Quality};
use trier_tables::rows::TelemetryRow;

use super::day::{Day, SCENARIOS, boundaries_s, heard_by_pipeline, with_marks};
use super::faults::{FAULTS, Fault};

/// Charge and drop count as found within this, s.
pub(crate) const TOLERANCE_S: f64 = 5.0;

/// Days of each scenario. The rules were made looking at seeds below 300.
const SEEDS: core::ops::Range<u64> = 300..334;

/// The bar on F1 over all faults, charge and drop.
const F1_MIN: f64 = 0.999;

/// What came of one fault over all days.
#[derive(Clone, Debug, Default)]
struct Found {
    charge: Boundaries,
    drop: Boundaries,
    injected: u32,
    /// Days in which something that is put out differs from the day without the fault.
    felt: u32,
    flagged: u32,
    /// The days and what was wrong in them.
    wrong: Vec<String>,
}

fn found(fault: &Fault, day: &Day, clean: &Outputs) -> Found {
    let faulty = (fault.put)(fault.id, day);
    let out = heard_by_pipeline(&faulty.heard);
    let mut found = boundaries(day, &out, fault.id);
    found.injected = faulty.injected;
    found.felt = u32::from(out.telemetry != clean.telemetry || out.marks != clean.marks);
    let carries = |quality: &str| {
        quality.split('|').any(|flag| fault.flag.split('|').any(|any| flag == any && !any.is_empty()))
    };
    found.flagged =
        u32::try_from(out.telemetry.iter().filter(|row| carries(&row.quality)).count()).unwrap_or(0);
    found
}

fn boundaries(day: &Day, out: &Outputs, id: &str) -> Found {
    let from = day.heard[0].reading.at;
    let (charges_s, drops_s) = boundaries_s(out, from);
    let truly = |kind| -> Vec<f64> { day.truly(kind).iter().map(|at| at.since_s(from)).collect() };
    let mut found = Found::default();
    found.charge.add(&charges_s, &truly(MarkKind::Charge), TOLERANCE_S);
    found.drop.add(&drops_s, &truly(MarkKind::Drop), TOLERANCE_S);
    let is_wrong = |found: &Boundaries| found.missed + found.false_claims > 0;
    if is_wrong(&found.charge) || is_wrong(&found.drop) {
        found.wrong.push(format!(
            "{id} in {}: charges {charges_s:.1?} of {:.1?}, drops {drops_s:.1?} of {:.1?}",
            day.name,
            truly(MarkKind::Charge),
            truly(MarkKind::Drop)
        ));
    }
    found
}

fn joined(all: impl Iterator<Item = Found>) -> Found {
    all.fold(Found::default(), |mut sum, one| {
        sum.charge.join(&one.charge);
        sum.drop.join(&one.drop);
        sum.injected += one.injected;
        sum.felt += one.felt;
        sum.flagged += one.flagged;
        sum.wrong.extend(one.wrong);
        sum
    })
}

/// All days, None for each in which a roast was given up.
fn days() -> Vec<Option<Day>> {
    let asked: Vec<(&str, u64)> =
        SCENARIOS.iter().flat_map(|scenario| SEEDS.map(move |seed| (*scenario, seed))).collect();
    asked.into_par_iter().map(|(scenario, seed)| Day::simulate(scenario, seed)).collect()
}

/// The day with no mark at all: the curve alone.
fn unmarked(day: &Day) -> Day {
    Day { heard: with_marks(&day.heard, |_| vec![]), ..day.clone() }
}

fn row(name: &str, what: &str, found: &Found) -> String {
    let mut off_s: Vec<f64> = found.charge.off_s.iter().chain(&found.drop.off_s).map(|s| s.abs()).collect();
    off_s.sort_by(f64::total_cmp);
    let at = |p: f64| trier_roast::order::quantile_of_sorted(&off_s, p).unwrap_or(0.0);
    let score = |of: &Boundaries| of.f1().map_or_else(|| "-".to_owned(), |f1| format!("{f1:.4}"));
    format!(
        "| {name} | {what} | {} | {} | {} | {} | {:.1} | {:.1} |\n",
        found.injected,
        found.charge.found + found.charge.missed,
        score(&found.charge),
        score(&found.drop),
        at(0.5),
        at(1.0),
    )
}

/// How many marks inferred with this much confidence were right.
#[derive(Clone, Debug, Default)]
struct Sure {
    right: u32,
    all: u32,
}

/// How far off an inferred mark may be, s. Cracks are heard from a handful of beans on, and truth
/// counts one in twenty; the turning point is flat.
pub(crate) const fn tolerance_s(kind: MarkKind) -> f64 {
    match kind {
        MarkKind::Charge | MarkKind::Drop => TOLERANCE_S,
        MarkKind::TurningPoint => 10.0,
        _ => 20.0,
    }
}

fn count_sure(day: &Day, out: &Outputs, sure: &mut BTreeMap<(MarkKind, u32), Sure>) {
    let truth: Vec<&Mark> = day.truth.iter().flatten().collect();
    for row in out.marks.iter().filter(|row| &*row.mark_source == "inferred") {
        let Some(kind) = MarkKind::from_name(&row.kind) else { continue };
        let near = truth
            .iter()
            .filter(|mark| mark.kind == kind)
            .any(|mark| (mark.at.us() - row.t_us).abs() as f64 <= 1e6 * tolerance_s(kind));
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to 4.
        let bin = ((row.confidence * 5.0) as u32).min(4);
        let sure = sure.entry((kind, bin)).or_default();
        sure.all += 1;
        sure.right += u32::from(near);
    }
}

/// The section, and what is wrong with it by the bars.
pub(crate) fn section() -> (String, Vec<String>) {
    let asked = days();
    let n_asked = asked.len();
    let days: Vec<Day> = asked.into_iter().flatten().collect();
    let clean: Vec<Outputs> = days.par_iter().map(|day| heard_by_pipeline(&day.heard)).collect();
    let mut text = format!(
        "{} days. Left out are {} in which a roast was given up without a drop: truth does not say when its beans left.\n\n",
        days.len(),
        n_asked - days.len()
    );
    let mut wrong: Vec<String> =
        days.iter().zip(&clean).filter_map(|(day, out)| suspected(day, out)).collect();
    let mut everything = Found::default();
    text += "| fault | what | put in | roasts | F1 charge | F1 drop | median off, s | worst found, s |\n\
             |---|---|--:|--:|--:|--:|--:|--:|\n";
    for fault in &FAULTS {
        let each: Vec<Found> =
            days.par_iter().zip(&clean).map(|(day, clean)| found(fault, day, clean)).collect();
        let all = joined(each.into_iter());
        text += &row(fault.id, fault.what, &all);
        if fault.id != "none" && (all.injected == 0 || all.felt == 0) {
            wrong.push(format!("{}: put in {} times, felt in {} days", fault.id, all.injected, all.felt));
        }
        // One in six may be hidden: a plunge that is too shallow to be timed.
        if !fault.flag.is_empty() && 6 * all.flagged < 5 * all.injected {
            wrong.push(format!(
                "{}: {} put in, {} samples say {}",
                fault.id, all.injected, all.flagged, fault.flag
            ));
        }
        everything = joined([everything, all].into_iter());
    }
    text += &row("all", "together", &everything);
    let bare: Vec<(Day, Outputs)> = days
        .par_iter()
        .map(|day| {
            let day = unmarked(day);
            let out = heard_by_pipeline(&day.heard);
            (day, out)
        })
        .collect();
    let alone = joined(bare.iter().map(|(day, out)| boundaries(day, out, "unmarked")));
    text += &row("-", "no mark at all: the curve alone", &alone);
    for (name, of) in [("charge", &everything.charge), ("drop", &everything.drop)] {
        if of.f1().is_none_or(|f1| f1 < F1_MIN) {
            wrong.push(format!("F1 of {name} is {:?}, below {F1_MIN}", of.f1()));
        }
    }
    let mut sure = BTreeMap::new();
    bare.iter().for_each(|(day, out)| count_sure(day, out, &mut sure));
    text += &sure_table(&sure);
    // What went wrong is not on the page: it is for whoever mends it.
    wrong
        .extend(everything.wrong.into_iter().chain(alone.wrong).take(60).map(|line| format!("note: {line}")));
    (text, wrong)
}

/// The day, where a probe is suspected of having changed that has not.
fn suspected(day: &Day, out: &Outputs) -> Option<String> {
    let suspects = [Quality::COARSER, Quality::PACE_CHANGE, Quality::LAG_SUSPECT];
    let has = |row: &TelemetryRow| suspects.iter().any(|flag| Quality::of_names(&row.quality).has(*flag));
    let first = out.telemetry.iter().find(|row| has(row))?;
    Some(format!("{}: {} at {:?} s after charge", day.name, first.quality, first.since_charge_s))
}

fn sure_table(sure: &BTreeMap<(MarkKind, u32), Sure>) -> String {
    let mut text = String::from(
        "\nMarks that the curve alone gives, by what confidence they came with, and how many were within the tolerance:\n\n\
         | mark | within, s | confidence | marks | right |\n|---|--:|---|--:|--:|\n",
    );
    for ((kind, bin), Sure { right, all }) in sure {
        let from = 0.2 * f64::from(*bin);
        let share = 100.0 * f64::from(*right) / f64::from(*all);
        let _ = writeln!(
            text,
            "| {} | {:.0} | {from:.1} to {:.1} | {all} | {share:.1} % |",
            kind.name().replace('_', " "),
            tolerance_s(*kind),
            from + 0.2
        );
    }
    text
}

//! The numbers of one roast: facts, phases, marks, forecasts, flags and findings.

use std::collections::BTreeMap;

use trier_roast::{MarkKind, MarkSource};
use trier_tables::rows::{MarkRow, ScoreRow, SessionRow};

use super::fans::event_name;
use super::input::Batch;
use super::truth::small;
use crate::markup::{capital, shortened};
use crate::number::{NONE, maybe, maybe_clock, maybe_percent, maybe_signed, plain};
use crate::page::{Cell, Fact, Grid, Tone};

/// Rows of findings shown; the table `findings` has all.
const FINDINGS_MAX: usize = 40;

/// What one wants to know first.
pub(super) fn facts(batch: &Batch) -> Vec<Fact> {
    let (session, said) = (&batch.session, &batch.said);
    let complete = &*session.outcome == "complete";
    let mut all = vec![
        fact(
            "Total time",
            maybe_clock(session.drop_s),
            &format!("drop at {}", maybe(session.drop_bt_c, "°C")),
        ),
        fact(
            "First crack",
            maybe_clock(session.first_crack_s),
            &format!("at {}", maybe(session.first_crack_bt_c, "°C")),
        ),
        fact("Development", maybe_percent(session.development_ratio), &maybe_clock(session.development_s)),
    ];
    all.extend(said.green_kg.map(|kg| {
        fact("Charge", format!("{} kg", plain(kg, 2)), &format!("BT {}", maybe(session.charge_bt_c, "°C")))
    }));
    all.extend(weight_loss(batch));
    all.extend(colour(batch));
    all.extend(said.cupping_score.map(|points| {
        let faults =
            if said.defects.is_empty() { "no fault told".to_owned() } else { said.defects.join(", ") };
        fact("Cup", format!("{} points", plain(points, 2)), &faults)
    }));
    all.push(Fact {
        tone: if complete { Tone::Pass } else { Tone::Warn },
        ..fact("Outcome", session.outcome.replace('_', " "), &session.seal_cause.replace('_', " "))
    });
    let reasons = session.grade_reasons.replace('|', ", ").replace('_', " ");
    all.push(Fact {
        tone: grade_tone(&session.grade),
        ..fact("Data", session.grade.replace('_', " "), &shortened(&reasons, 120))
    });
    all.push(fact("Trust", session.trust.replace('_', " "), &format!("{} readings", session.n_readings)));
    all
}

/// The line under the name of a roast: machine, bean, profile.
pub(super) fn subtitle(batch: &Batch) -> String {
    let said = &batch.said;
    let mut parts = vec![format!("Machine {}", shortened(&batch.session.machine, 60))];
    parts.extend(said.bean.as_ref().map(|bean| format!("bean {}", shortened(bean, 80))));
    parts.extend(said.profile.as_ref().map(|profile| format!("profile {}", shortened(profile, 80))));
    parts.push(format!("session {}", shortened(&batch.session.session_id, 60)));
    parts.extend((batch.session.revision > 0).then(|| format!("revision {}", batch.session.revision)));
    parts.extend(batch.truth.is_some().then(|| "simulated".to_owned()));
    parts.join(" · ")
}

fn fact(name: &str, value: String, note: &str) -> Fact {
    Fact { name: name.to_owned(), value, note: note.to_owned(), tone: Tone::Plain }
}

pub(super) fn grade_tone(grade: &str) -> Tone {
    match grade {
        "good" => Tone::Pass,
        "fair" | "usable" => Tone::Plain,
        _ => Tone::Warn,
    }
}

/// Weighed, else as the simulator knows it.
fn weight_loss(batch: &Batch) -> Option<Fact> {
    let of = |pct: f64, note: &str| fact("Weight loss", format!("{} %", plain(pct, 1)), note);
    let weighed = batch.said.weight_loss_pct.map(|pct| of(pct, "weighed"));
    let truth = batch.truth.as_ref().and_then(|truth| truth.columns.last("weight_loss_pct"));
    weighed.or_else(|| truth.map(|pct| of(pct, "true, at drop")))
}

/// Measured, else as the simulator guesses it.
fn colour(batch: &Batch) -> Option<Fact> {
    let said = &batch.said;
    let of = |agtron: f64, note: &str| fact("Colour", format!("Agtron {}", plain(agtron, 1)), note);
    let measured = said
        .ground_agtron
        .map(|a| of(a, "ground"))
        .or_else(|| said.whole_agtron.map(|a| of(a, "whole beans")));
    let truth = batch.truth.as_ref()?.columns.last("agtron").map(|a| of(a, "ground, a guess"));
    measured.or(truth)
}

pub(super) fn phases(batch: &Batch) -> Grid {
    let columns = ["phase", "#from", "#to", "#time", "#share", "#BT in", "#BT out", "#RoR"];
    let mut grid =
        Grid::new("Phases (BT in °C; mean RoR in °C/min, of drying from the turning point on)", &columns);
    let number =
        |value: Option<f64>| Cell::of(value.map_or_else(|| NONE.to_owned(), |value| plain(value, 1)));
    for phase in &batch.phases {
        let clock = |s: Option<f64>| Cell::of(maybe_clock(s));
        grid.rows.push(vec![
            Cell::of(phase.name),
            clock(phase.from_s),
            clock(phase.to_s),
            clock(phase.seconds),
            Cell::of(maybe_percent(phase.share)),
            number(phase.from_c),
            number(phase.to_c),
            number(phase.ror_c_per_min),
        ]);
    }
    grid
}

/// One mark of a session: kind, name, time, BT, how far what was told lies from the curve.
type Own = (MarkKind, &'static str, Option<f64>, Option<f64>, Option<f64>);

fn own_marks(session: &SessionRow) -> [Own; 5] {
    [
        (MarkKind::Charge, "Charge", Some(0.0), session.charge_bt_c, session.charge_disagreement_s),
        (MarkKind::TurningPoint, "Turning point", session.turning_point_s, session.turning_point_bt_c, None),
        (MarkKind::DryEnd, "Dry end", session.dry_end_s, session.dry_end_bt_c, None),
        (MarkKind::FirstCrackStart, "First crack", session.first_crack_s, session.first_crack_bt_c, None),
        (MarkKind::Drop, "Drop", session.drop_s, session.drop_bt_c, session.drop_disagreement_s),
    ]
}

pub(super) fn marks(batch: &Batch) -> Grid {
    let truth = batch.truth.as_ref();
    let mut columns = vec!["mark", "#time", "#BT, °C", "by", "#sure", "#told − curve"];
    columns.extend(truth.map(|_| ["#true", "#late by"]).into_iter().flatten());
    let mut grid = Grid::new("Marks", &columns);
    for (kind, name, at_s, bt_c, disagreement_s) in own_marks(&batch.session) {
        let row = told(&batch.marks, kind.name());
        let by = batch.said.placed_by.get(kind.name()).map_or_else(
            || row.map_or_else(|| NONE.to_owned(), |row| row.mark_source.to_string()),
            |author| shortened(author, 40),
        );
        let mut cells = vec![
            Cell::of(name),
            Cell::of(maybe_clock(at_s)),
            Cell::of(bt_c.map_or_else(|| NONE.to_owned(), |c| plain(c, 1))),
            Cell::of(if at_s.is_none() { NONE.to_owned() } else { by }),
            Cell::of(maybe_percent(row.map(|row| row.confidence).filter(|_| at_s.is_some()))),
            Cell::of(maybe_signed(disagreement_s, "s")),
        ];
        if let Some(truth) = truth {
            let true_s =
                truth.marks.iter().find(|(true_kind, ..)| true_kind == kind.name()).map(|(_, at_s, _)| *at_s);
            cells.extend([Cell::of(maybe_clock(true_s)), Cell::of(late(&batch.scores, kind))]);
        }
        grid.rows.push(cells);
    }
    let mut at_s: Vec<Option<f64>> = own_marks(&batch.session).map(|(_, _, at_s, ..)| at_s).to_vec();
    for (mark, cells) in other_marks(batch, grid.columns.len()) {
        // Before what came after it; a mark without a time keeps its place.
        let later =
            at_s.iter().position(|own| own.zip(mark.since_charge_s).is_some_and(|(own, at)| own > at));
        let place = later.unwrap_or(at_s.len());
        at_s.insert(place, mark.since_charge_s);
        grid.rows.insert(place, cells);
    }
    grid
}

/// Marks that sessions have no place for: ends of cracks, second crack, cooling.
fn other_marks(batch: &Batch, columns: usize) -> Vec<(&MarkRow, Vec<Cell>)> {
    let own: Vec<&str> = own_marks(&batch.session).map(|(kind, ..)| kind.name()).to_vec();
    let others = batch.marks.iter().filter(|mark| !own.contains(&&*mark.kind));
    let row = |mark: &MarkRow| {
        let mut cells = vec![
            Cell::of(capital(&shortened(&mark.kind.replace('_', " "), 60))),
            Cell::of(maybe_clock(mark.since_charge_s)),
            Cell::of(mark.bt_c.map_or_else(|| NONE.to_owned(), |c| plain(c, 1))),
            Cell::of(mark.mark_source.to_string()),
            Cell::of(maybe_percent(Some(mark.confidence))),
        ];
        cells.resize(columns, Cell::of(NONE));
        cells
    };
    others.map(|mark| (mark, row(mark))).collect()
}

/// The row that a mark stands by: announced before inferred, later before earlier.
fn told<'a>(marks: &'a [MarkRow], kind: &str) -> Option<&'a MarkRow> {
    let of_kind = || marks.iter().rev().filter(|mark| &*mark.kind == kind);
    of_kind().find(|mark| &*mark.mark_source != MarkSource::Inferred.name()).or_else(|| of_kind().next())
}

fn late(scores: &[ScoreRow], kind: MarkKind) -> String {
    let metric = format!("mark.{}.error", kind.name());
    match scores.iter().find(|score| *score.metric == *metric) {
        Some(score) if score.value.is_some() => maybe_signed(score.value, &score.unit),
        Some(score) => score.missing.as_deref().unwrap_or(NONE).to_owned(),
        None => NONE.to_owned(),
    }
}

/// How far off each predictor was so long before the event, and how often it would not say.
pub(super) fn forecasts(batch: &Batch) -> Grid {
    let is_error = |score: &&ScoreRow| score.metric.ends_with(".error") && score.lead_s.is_some();
    let mut leads: Vec<f64> = batch.scores.iter().filter(is_error).filter_map(|score| score.lead_s).collect();
    leads.sort_by(f64::total_cmp);
    leads.dedup();
    let mut columns =
        vec!["event".to_owned(), "predictor".to_owned(), "#asked".to_owned(), "would not say".to_owned()];
    columns.extend(leads.iter().map(|lead| format!("#{} s", plain(*lead, 0))));
    let names: Vec<&str> = columns.iter().map(String::as_str).collect();
    let caption = if leads.is_empty() {
        "Forecasts"
    } else {
        "Forecasts; seconds off (forecast minus event) when asked so long before"
    };
    let mut grid = Grid::new(caption, &names);
    for fan in &batch.fans {
        let mut cells = vec![
            Cell::of(event_name(&fan.target)),
            Cell::of(shortened(&fan.predictor, 40)),
            Cell::of(fan.asks.len().to_string()),
            Cell::of(silent(fan.asks.iter().filter_map(|ask| ask.abstain.as_deref()))),
        ];
        let stem = fan.target.trim_end_matches("_start");
        let metric = format!("{stem}.error");
        cells.extend(leads.iter().map(|lead| {
            let score = batch.scores.iter().find(|score| {
                *score.metric == *metric && *score.arm == *fan.predictor && score.lead_s == Some(*lead)
            });
            let missing = score.and_then(|score| score.missing.as_deref()).map(|why| why.replace('_', " "));
            let value = score.and_then(|score| score.value).map(|value| crate::number::signed(value, 1));
            Cell::of(value.or(missing).unwrap_or_else(|| NONE.to_owned()))
        }));
        grid.rows.push(cells);
    }
    grid
}

/// How often each reason was given: `12: too early`.
fn silent<'a>(reasons: impl Iterator<Item = &'a str>) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    reasons.for_each(|reason| *counts.entry(reason).or_default() += 1);
    if counts.is_empty() {
        return "never".to_owned();
    }
    let each = counts.iter().map(|(reason, n)| format!("{n} × {}", reason.replace('_', " ")));
    shortened(&each.collect::<Vec<_>>().join(", "), 120)
}

/// What was flagged, how often, and when first and last.
pub(super) fn flags(batch: &Batch) -> Grid {
    let mut grid = Grid::new("Flagged samples", &["flag", "#samples", "#first", "#last"]);
    for (name, times) in batch.readings.flags() {
        grid.rows.push(vec![
            Cell::toned(name.replace('_', " "), Tone::Warn),
            Cell::of(times.len().to_string()),
            Cell::of(maybe_clock(times.first().copied())),
            Cell::of(maybe_clock(times.last().copied())),
        ]);
    }
    grid
}

/// What was found wrong with the file, and how many findings are not shown.
pub(super) fn findings(batch: &Batch) -> (Grid, usize) {
    let mut grid = Grid::new("Findings in the file", &["code", "what was found and done"]);
    for finding in batch.findings.iter().take(FINDINGS_MAX) {
        grid.rows.push(vec![Cell::of(finding.code.replace('_', " ")), Cell::of(&*finding.detail)]);
    }
    (grid, batch.findings.len().saturating_sub(FINDINGS_MAX))
}

/// What is said about the data before the tables.
pub(super) fn quality(batch: &Batch) -> String {
    let session = &batch.session;
    let flagged = batch.readings.quality.iter().filter(|quality| !quality.names().is_empty()).count();
    format!(
        "{} readings, {} of them with a BT that cannot be used; {} of {} samples shown here are flagged; {} silences over a minute, the longest {} s.",
        session.n_readings,
        session.n_unusable,
        flagged,
        batch.readings.quality.len(),
        session.gaps,
        plain(session.longest_gap_s, 0),
    )
}

/// The books of a simulated roast in a sentence.
pub(super) fn books(batch: &Batch) -> Option<String> {
    let truth = batch.truth.as_ref()?;
    Some(format!(
        "Heat and mass, at the worst sample: energy {} of throughput (limit 1e-9), mass {} of the charge (limit 1e-12).",
        small(truth.worst_energy),
        small(truth.worst_mass)
    ))
}

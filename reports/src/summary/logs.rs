//! Many roasts: a row for each, and a total for each machine.

use std::collections::BTreeMap;

use trier_tables::rows::{ScoreRow, SessionRow};

use crate::number::{NONE, maybe, maybe_clock, maybe_percent, plain};
use crate::terminal::{Align, clean, table, tail};

const METRIC: &str = "first_crack.abs_error";

/// Longer names of roasts lose their beginning.
const NAME_COLUMNS: usize = 40;

/// The leads that scores are given for, ascending.
pub(super) fn leads<'a>(scores: impl Iterator<Item = &'a ScoreRow>) -> Vec<f64> {
    let mut leads: Vec<f64> = scores.filter_map(|score| score.lead_s).collect();
    leads.sort_by(f64::total_cmp);
    leads.dedup();
    leads
}

fn arms(scores: &[ScoreRow]) -> Vec<&str> {
    let mut arms: Vec<&str> =
        scores.iter().filter(|score| &*score.metric == METRIC).map(|score| &*score.arm).collect();
    arms.sort_unstable();
    arms.dedup();
    arms
}

/// One row per roast: source, machine, first crack, drop, development ratio, and per predictor the
/// size of its error of first crack at each lead, as `3.2 / 5.1 / 9.9`.
///
/// - `sessions`: of several revisions of one session the last counts; the order is kept.
/// - `scores`: `first_crack.abs_error` of these sessions, joined by session id; others are left out.
#[must_use]
pub fn logs_table(sessions: &[SessionRow], scores: &[ScoreRow]) -> String {
    let scores: Vec<ScoreRow> = scores.iter().filter(|score| &*score.metric == METRIC).cloned().collect();
    let (leads, arms) = (leads(scores.iter()), arms(&scores));
    let mut by_roast: BTreeMap<(&str, &str, u64), &ScoreRow> = BTreeMap::new();
    for score in &scores {
        if let (Some(id), Some(lead)) = (&score.session_id, score.lead_s) {
            by_roast.insert((id, &score.arm, lead.to_bits()), score);
        }
    }
    let rows: Vec<Vec<String>> = last_revisions(sessions)
        .into_iter()
        .map(|session| {
            let errors = |arm: &&str| {
                let one = |lead: &f64| {
                    let score = by_roast.get(&(&*session.session_id, *arm, lead.to_bits()));
                    score.and_then(|score| score.value).map_or_else(|| NONE.to_owned(), |v| plain(v, 1))
                };
                leads.iter().map(one).collect::<Vec<_>>().join(" / ")
            };
            let name = tail(&clean(&session.source), NAME_COLUMNS);
            let mut row = vec![name, session.machine.to_string()];
            row.extend([maybe_clock(session.first_crack_s), maybe_clock(session.drop_s)]);
            row.push(maybe_percent(session.development_ratio));
            row.extend(arms.iter().map(errors));
            row
        })
        .collect();
    let headers: Vec<&str> =
        ["roast", "machine", "FC", "drop", "DTR"].into_iter().chain(arms.clone()).collect();
    let mut aligns = vec![Align::Left, Align::Left];
    aligns.resize(headers.len(), Align::Right);
    let mut text = table(&headers, &rows, &aligns);
    if !arms.is_empty() {
        let leads: Vec<String> = leads.iter().map(|lead| plain(*lead, 0)).collect();
        text.push_str(&format!(
            "{}: seconds off first crack, {} s before it; {NONE}: no forecast or nothing to hold it against\n",
            arms.join(", "),
            leads.join(" / ")
        ));
    }
    text
}

fn last_revisions(sessions: &[SessionRow]) -> Vec<&SessionRow> {
    let mut last: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for session in sessions {
        let revision = last.entry((&session.source, &session.session_id)).or_default();
        *revision = session.revision.max(*revision);
    }
    let is_last = |s: &&SessionRow| last.get(&(&*s.source, &*s.session_id)) == Some(&s.revision);
    sessions.iter().filter(is_last).collect()
}

/// One predictor's figures on one machine at one lead, as the evaluation works them out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MachineTotal<'a> {
    /// The machine; None for all together.
    pub machine: Option<&'a str>,
    /// The predictor.
    pub predictor: &'a str,
    /// Time before the event, s.
    pub lead_s: f64,
    /// Roasts in all.
    pub n_roasts: u32,
    /// Roasts with a forecast and something to hold it against.
    pub n_scored: u32,
    /// Mean absolute error, s; None when nothing was scored.
    pub mae_s: Option<f64>,
}

/// Totals: one row per machine and predictor in the order given, with the mean absolute error at
/// each lead and on how many roasts it rests: `3.2 s (41)`.
#[must_use]
pub fn totals_table(totals: &[MachineTotal<'_>]) -> String {
    let mut leads: Vec<f64> = totals.iter().map(|total| total.lead_s).collect();
    leads.sort_by(f64::total_cmp);
    leads.dedup();
    let mut groups: Vec<(Option<&str>, &str)> = Vec::new();
    for total in totals {
        if !groups.contains(&(total.machine, total.predictor)) {
            groups.push((total.machine, total.predictor));
        }
    }
    let rows: Vec<Vec<String>> = groups
        .into_iter()
        .map(|(machine, predictor)| {
            let mine = || totals.iter().filter(|t| (t.machine, t.predictor) == (machine, predictor));
            let roasts = mine().map(|total| total.n_roasts).max().unwrap_or(0);
            let cell = |lead: &f64| {
                mine().find(|total| total.lead_s.to_bits() == lead.to_bits()).map_or_else(
                    || NONE.to_owned(),
                    |total| format!("{} ({})", maybe(total.mae_s, "s"), total.n_scored),
                )
            };
            let mut row = vec![machine.unwrap_or("all").to_owned(), roasts.to_string(), predictor.to_owned()];
            row.extend(leads.iter().map(cell));
            row
        })
        .collect();
    let before: Vec<String> =
        leads.iter().map(|lead| format!("MAE {} s before (n)", plain(*lead, 0))).collect();
    let mut headers = vec!["machine", "roasts", "predictor"];
    headers.extend(before.iter().map(String::as_str));
    let mut aligns = vec![Align::Left, Align::Right, Align::Left];
    aligns.resize(headers.len(), Align::Right);
    table(&headers, &rows, &aligns)
}

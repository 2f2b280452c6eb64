//! Many roasts: a row for each, and a total for each machine.

use std::collections::BTreeMap;

use trier_tables::rows::{ScoreRow, SessionRow};

use crate::number::{NONE, maybe_clock, maybe_percent, plain};
use crate::terminal::{Align, clean, table, tail};

const METRIC: &str = "first_crack.abs_error";

/// Longer names of roasts lose their beginning.
const NAME_COLUMNS: usize = 36;

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

/// What a score is found by: source, session, predictor, bits of the lead.
type Key<'a> = (&'a str, &'a str, &'a str, u64);

/// Leads shown, s: one close to the event, one in the middle, one far out.
const SHOWN_LEADS_S: [f64; 3] = [60.0, 120.0, 240.0];

/// One row per roast under its machine's name: first crack, drop, development ratio, and per
/// predictor how far off first crack it was at each of three leads.
///
/// - `sessions`: of several revisions of one session the last counts; the order is kept, and the
///   machine's name is said whenever it changes.
/// - `scores`: `first_crack.abs_error` of these sessions, with the source as case; others are left out.
#[must_use]
pub fn logs_table(sessions: &[SessionRow], scores: &[ScoreRow]) -> String {
    let scores: Vec<ScoreRow> = scores.iter().filter(|score| &*score.metric == METRIC).cloned().collect();
    let arms = arms(&scores);
    let leads: Vec<f64> = leads(scores.iter()).into_iter().filter(|s| SHOWN_LEADS_S.contains(s)).collect();
    let mut by_roast: BTreeMap<Key<'_>, &ScoreRow> = BTreeMap::new();
    for score in &scores {
        if let (Some(id), Some(lead)) = (&score.session_id, score.lead_s) {
            by_roast.insert((&score.case, id, &score.arm, lead.to_bits()), score);
        }
    }
    let columns: Vec<(&str, f64)> = arms.iter().flat_map(|arm| leads.iter().map(|s| (*arm, *s))).collect();
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut machine = None;
    for session in last_revisions(sessions) {
        if machine != Some(&session.machine) {
            machine = Some(&session.machine);
            rows.push(vec![clean(&session.machine)]);
        }
        let off = |(arm, lead): &(&str, f64)| {
            let score = by_roast.get(&(&*session.source, &*session.session_id, *arm, lead.to_bits()));
            score.and_then(|score| score.value).map_or_else(|| NONE.to_owned(), |v| plain(v, 0))
        };
        let own = session.source.strip_prefix(&*session.machine).unwrap_or(&session.source);
        let mut row = vec![format!("  {}", tail(&clean(own.trim_start_matches('/')), NAME_COLUMNS))];
        row.extend([maybe_clock(session.first_crack_s), maybe_clock(session.drop_s)]);
        row.push(maybe_percent(session.development_ratio));
        row.extend(columns.iter().map(off));
        rows.push(row);
    }
    let heads: Vec<String> = columns
        .iter()
        .map(
            |(arm, s)| {
                if Some(s) == leads.first() { format!("{arm} {}", plain(*s, 0)) } else { plain(*s, 0) }
            },
        )
        .collect();
    let headers: Vec<&str> =
        ["roast", "FC", "drop", "DTR"].into_iter().chain(heads.iter().map(String::as_str)).collect();
    let mut aligns = vec![Align::Left];
    aligns.resize(headers.len(), Align::Right);
    let mut text = table(&headers, &rows, &aligns);
    if !columns.is_empty() {
        let leads: Vec<String> = leads.iter().map(|lead| plain(*lead, 0)).collect();
        text.push_str(&format!(
            "{}: seconds off first crack, asked {} s before it; {NONE}: no forecast, or nothing to hold it against\n",
            arms.join(", "),
            leads.join(", ")
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
    /// 95 % interval of it, s; None where too few days or machines were seen.
    pub interval_s: Option<(f64, f64)>,
}

/// Totals: one row per machine and predictor in the order given, with the mean absolute error at
/// three leads, its interval, and on how many roasts it rests: `3.2 [1.9, 4.5] n 41`.
#[must_use]
pub fn totals_table(totals: &[MachineTotal<'_>]) -> String {
    let is_shown = |total: &&MachineTotal<'_>| SHOWN_LEADS_S.contains(&total.lead_s);
    let totals: Vec<&MachineTotal<'_>> = totals.iter().filter(is_shown).collect();
    let mut leads: Vec<f64> = totals.iter().map(|total| total.lead_s).collect();
    leads.sort_by(f64::total_cmp);
    leads.dedup();
    let mut groups: Vec<(Option<&str>, &str)> = Vec::new();
    for total in &totals {
        if !groups.contains(&(total.machine, total.predictor)) {
            groups.push((total.machine, total.predictor));
        }
    }
    let mut said = None;
    let mut rows: Vec<Vec<String>> = Vec::new();
    for (machine, predictor) in groups {
        let mine = || totals.iter().filter(|t| (t.machine, t.predictor) == (machine, predictor));
        let roasts = mine().map(|total| total.n_roasts).max().unwrap_or(0);
        let cell = |lead: &f64| {
            let total = mine().find(|total| total.lead_s.to_bits() == lead.to_bits());
            total.map_or_else(|| NONE.to_owned(), |total| mae_cell(total))
        };
        let is_new = said != Some(machine);
        said = Some(machine);
        let name = if is_new { clean(machine.unwrap_or("all")) } else { String::new() };
        let mut row =
            vec![name, if is_new { roasts.to_string() } else { String::new() }, predictor.to_owned()];
        row.extend(leads.iter().map(cell));
        rows.push(row);
    }
    let before: Vec<String> = leads.iter().map(|lead| format!("{} s before", plain(*lead, 0))).collect();
    let mut headers = vec!["machine", "roasts", "predictor"];
    headers.extend(before.iter().map(String::as_str));
    let mut aligns = vec![Align::Left, Align::Right, Align::Left];
    aligns.resize(headers.len(), Align::Right);
    let mut text = table(&headers, &rows, &aligns);
    if !totals.is_empty() {
        text.push_str(
            "mean absolute error of first crack, s [95 % interval over days, and over machines for all] n roasts scored\n",
        );
    }
    text
}

fn mae_cell(total: &MachineTotal<'_>) -> String {
    let Some(mae_s) = total.mae_s else { return NONE.to_owned() };
    let interval = total
        .interval_s
        .map_or_else(String::new, |(low, high)| format!(" [{}, {}]", plain(low, 0), plain(high, 0)));
    format!("{}{interval} n {}", plain(mae_s, 1), total.n_scored)
}

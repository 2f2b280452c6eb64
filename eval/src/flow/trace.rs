//! A trace: what the pipeline put out for one stream, as events in the order of sessions and time.

use super::phase::Phase;
use std::collections::{BTreeMap, BTreeSet};
use trier_pipeline::Outputs;
use trier_roast::{EventTime, Quality};
use trier_tables::rows::{SessionRow, TelemetryRow};

/// One event; its name is a word of `words`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Event {
    pub(super) name: String,
    /// Which session it is of, counted from 0; None between sessions.
    pub(super) session: Option<usize>,
    place: Place,
}

/// Where an event stands: session by session, in one by time, and what seals it last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    slot: usize,
    rank_of_end: u8,
    t_us: i64,
    rank: u8,
}

impl Event {
    /// Whether it tells how a session ended.
    pub(super) fn is_of_end(&self) -> bool {
        self.place.rank_of_end > 0
    }

    /// Whether it is the last event of a session.
    pub(super) fn is_last(&self) -> bool {
        self.place.rank_of_end == 3
    }
}

/// Ranks of events of one instant.
const MARK: u8 = 0;
const FLAG: u8 = 1;
const FORECAST: u8 = 2;
const BLIND: u8 = 3;
const BLIND_SAID: u8 = 4;

/// BT that could not be used for so long is gone, s. Predictors of ours want BT that is at most 10 s old.
const GONE_S: f64 = 15.0;

/// What was put out for one stream.
pub(super) struct Trace<'a> {
    outputs: &'a Outputs,
    /// The last revision of each session, in order of charge.
    sessions: Vec<&'a SessionRow>,
    by_id: BTreeMap<&'a str, usize>,
    shared: Vec<Event>,
    /// When BT was gone, µs since 1970.
    gone_us: Vec<i64>,
}

impl<'a> Trace<'a> {
    pub(super) fn new(outputs: &'a Outputs) -> Self {
        let mut last: BTreeMap<&str, &SessionRow> = BTreeMap::new();
        for row in &outputs.sessions {
            let known = last.entry(&row.session_id).or_insert(row);
            if row.revision >= known.revision {
                *known = row;
            }
        }
        let mut sessions: Vec<&SessionRow> = last.into_values().collect();
        sessions.sort_by_key(|row| (row.start_us, &row.session_id));
        let by_id = sessions.iter().enumerate().map(|(n, row)| (&*row.session_id, n)).collect();
        let mut trace =
            Self { outputs, sessions, by_id, shared: Vec::new(), gone_us: gone_us(&outputs.telemetry) };
        let mut shared: Vec<Event> = trace.marks();
        shared.extend(trace.flags());
        shared.extend(trace.ends());
        shared.extend(trace.openings());
        trace.shared = shared;
        trace
    }

    /// The predictors heard, by name.
    pub(super) fn arms(&self) -> BTreeSet<&'a str> {
        self.outputs.predictions.iter().map(|row| &*row.predictor).collect()
    }

    /// All events but those of predictors, in order; with those of `arm`, if one is given.
    pub(super) fn events(&self, arm: Option<&str>) -> Vec<Event> {
        let mut events = self.shared.clone();
        if let Some(arm) = arm {
            events.extend(self.forecasts(arm));
            events.extend(self.blind(arm));
        }
        events.sort_by(|a, b| a.place.cmp(&b.place).then_with(|| a.name.cmp(&b.name)));
        events
    }

    /// From the first sample to the last, s.
    pub(super) fn simulated_s(&self) -> f64 {
        let times = || self.outputs.telemetry.iter().map(|row| row.t_us);
        let span_us = times().max().zip(times().min()).map_or(0, |(last, first)| last - first);
        #[allow(clippy::cast_precision_loss)] // Far below 2^53.
        let span_s = span_us as f64 / 1e6;
        span_s
    }

    /// Each tag of a reading with the phase that it was read in.
    pub(super) fn cells(&self) -> BTreeSet<(String, Phase)> {
        // Few kinds of rows among thousands: their texts are taken apart once each.
        let mut kinds: BTreeSet<(&str, &str, &str, Phase)> = BTreeSet::new();
        for row in &self.outputs.telemetry {
            kinds.insert((&row.quality, &row.trust, &row.machine, self.phase_of(row)));
        }
        let mut cells = BTreeSet::new();
        for (quality, trust, machine, phase) in kinds {
            let flags = quality.split('|').filter(|flag| !flag.is_empty());
            cells.extend(flags.map(|flag| (format!("flag:{flag}"), phase)));
            cells.insert((format!("trust:{trust}"), phase));
            cells.insert((format!("machine:{machine}"), phase));
        }
        cells
    }

    /// How often each state was followed by which: phases, and outcomes of sessions.
    pub(super) fn transitions(&self) -> BTreeMap<(String, String), u32> {
        let between = || Phase::Between.name().to_owned();
        let mut states: Vec<String> = vec![between()];
        for (n, session) in self.sessions.iter().enumerate() {
            states.extend(Phase::of_session(session).into_iter().map(|(_, phase)| phase.name().to_owned()));
            states.push(format!("outcome:{}", session.outcome));
            let goes_on = n + 1 < self.sessions.len();
            if goes_on && &*session.seal_cause != "next_charge" {
                states.push(between());
            }
        }
        let mut counts = BTreeMap::new();
        for pair in states.windows(2) {
            *counts.entry((pair[0].clone(), pair[1].clone())).or_insert(0) += 1;
        }
        counts
    }

    fn phase_of(&self, row: &TelemetryRow) -> Phase {
        let Some(session) = self.session_of(row.session_id.as_deref(), row.t_us) else {
            return Phase::Between;
        };
        let begun = Phase::of_session(self.sessions[session]);
        let under_way = begun.iter().rev().find(|(from_us, _)| *from_us <= row.t_us);
        under_way.map_or(Phase::Between, |(_, phase)| *phase)
    }

    /// The session of a row: the one it names, or the one it turned out to lie in.
    fn session_of(&self, id: Option<&str>, t_us: i64) -> Option<usize> {
        let named = id.and_then(|id| self.by_id.get(id).copied());
        named.or_else(|| self.sessions.iter().position(|row| row.start_us <= t_us && t_us <= row.end_us))
    }

    fn event(&self, name: String, id: Option<&str>, t_us: i64, rank: u8) -> Event {
        let session = self.session_of(id, t_us);
        let over = || self.sessions.iter().filter(|row| row.end_us < t_us).count();
        let slot = session.map_or_else(|| 2 * over(), |session| 2 * session + 1);
        Event { name, session, place: Place { slot, rank_of_end: 0, t_us, rank } }
    }

    fn marks(&self) -> Vec<Event> {
        let event = |row: &trier_tables::rows::MarkRow| {
            let name = format!("{}:{}", row.kind, row.mark_source);
            self.event(name, row.session_id.as_deref(), row.t_us, MARK)
        };
        self.outputs.marks.iter().map(event).collect()
    }

    fn flags(&self) -> Vec<Event> {
        let mut events = Vec::new();
        let mut push = |name: String, row: &TelemetryRow| {
            events.push(self.event(name, row.session_id.as_deref(), row.t_us, FLAG));
        };
        let (mut before, mut was_usable) = (Quality::GOOD, true);
        for row in &self.outputs.telemetry {
            let quality = Quality::of_names(&row.quality);
            for (flag, name) in Quality::named() {
                if quality.has(*flag) && !before.has(*flag) {
                    push(format!("flag:{name}"), row);
                }
            }
            if quality.is_usable() != was_usable {
                push(if was_usable { "bt_lost" } else { "bt_back" }.to_owned(), row);
            }
            if self.gone_us.contains(&row.t_us) && !quality.is_usable() {
                push("bt_gone".to_owned(), row);
            }
            (before, was_usable) = (quality, quality.is_usable());
        }
        events
    }

    fn openings(&self) -> Vec<Event> {
        let event = |session: usize| {
            let place = Place { slot: 2 * session + 1, rank_of_end: 0, t_us: i64::MIN, rank: 0 };
            Event { name: "opened".to_owned(), session: Some(session), place }
        };
        (0..self.sessions.len()).map(event).collect()
    }

    fn ends(&self) -> Vec<Event> {
        let mut events = Vec::new();
        for (session, row) in self.sessions.iter().enumerate() {
            let mut push = |name: String, rank_of_end| {
                let place = Place { slot: 2 * session + 1, rank_of_end, t_us: row.end_us, rank: 0 };
                events.push(Event { name, session: Some(session), place });
            };
            let reasons = row.grade_reasons.split('|').filter(|reason| !reason.is_empty());
            reasons.for_each(|reason| push(format!("graded:{reason}"), 1));
            push(format!("outcome:{}", row.outcome), 2);
            push(format!("sealed:{}", row.seal_cause), 3);
        }
        events
    }

    /// Where what `arm` says of a target changes: it begins to answer, or to abstain with another code.
    fn forecasts(&self, arm: &str) -> Vec<Event> {
        let mut said: BTreeMap<(&str, &str), Option<&str>> = BTreeMap::new();
        let mut events = Vec::new();
        for row in self.outputs.predictions.iter().filter(|row| &*row.predictor == arm) {
            let now = row.abstain.as_deref();
            if said.insert((&row.session_id, &row.target), now) == Some(now) {
                continue;
            }
            let name = match now {
                Some(code) => format!("abstain:{code}"),
                None => format!("forecast:{}", row.target),
            };
            events.push(self.event(name, Some(&row.session_id), row.as_of_us, FORECAST));
        }
        events
    }

    /// What `arm` says when BT is gone; nothing, if it never looks at BT.
    fn blind(&self, arm: &str) -> Vec<Event> {
        let rows = || self.outputs.predictions.iter().filter(|row| &*row.predictor == arm);
        // One that does not say what it rests on is taken to look.
        let looks = rows().any(|row| row.abstain.is_none() && row.used_points != Some(0));
        let mut events = Vec::new();
        for gone_us in self.gone_us.iter().filter(|_| looks) {
            let mut asked = rows().filter(|row| row.as_of_us == *gone_us).peekable();
            let Some(id) = asked.peek().map(|row| &*row.session_id) else { continue };
            let said = if asked.all(|row| row.abstain.is_some()) { "silent" } else { "speaks" };
            events.push(self.event("blind".to_owned(), Some(id), *gone_us, BLIND));
            events.push(self.event(said.to_owned(), Some(id), *gone_us, BLIND_SAID));
        }
        events
    }
}

/// When BT was gone, once for each time that it was, µs since 1970.
fn gone_us(telemetry: &[TelemetryRow]) -> Vec<i64> {
    let mut gone = Vec::new();
    let (mut seen_us, mut is_gone) = (telemetry.first().map_or(0, |row| row.t_us), false);
    for row in telemetry {
        if Quality::of_names(&row.quality).is_usable() {
            (seen_us, is_gone) = (row.t_us, false);
        } else if !is_gone && EventTime::from_us(row.t_us).since_s(EventTime::from_us(seen_us)) >= GONE_S {
            gone.push(row.t_us);
            is_gone = true;
        }
    }
    gone
}

/// Events of these names and sessions, in the order given.
#[cfg(test)]
pub(super) fn made(events: &[(&str, usize)]) -> Vec<Event> {
    let rank_of_end = |name: &str| match name.split(':').next() {
        Some("graded") => 1,
        Some("outcome") => 2,
        Some("sealed") => 3,
        _ => 0,
    };
    let event = |(name, session): &(&str, usize)| {
        let place = Place { slot: 2 * session + 1, rank_of_end: rank_of_end(name), t_us: 0, rank: 0 };
        Event { name: (*name).to_owned(), session: Some(*session), place }
    };
    events.iter().map(event).collect()
}

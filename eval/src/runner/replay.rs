//! Real roasts, machine by machine in the order they happened, scored against recorded marks.
//!
//! Prequential: before each roast the arms know only roasts of that machine that
//! had ended when this one started. A file that holds the same roast twice can so
//! teach nobody its own ending. Of a roast without a date nobody knows what came
//! before it: it neither learns nor teaches.

use super::arms::Arms;
use super::trial::{all_scores, session_at, through_pipeline};
use super::{RunnerError, on_threads, sort_scores};
use crate::score::{AskedOf, Reference, Subject, Total, asked_rows, totals};
use crate::suite::cluster_of;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;
use trier_pipeline::{EarlierRoast, MachineMemory, Outputs, StreamConfig};
use trier_roast::{Date, EventTime, MarkKind, Reading, ReadingBody, Trust};
use trier_tables::rows::{AskedRow, PredictionRow, ScoreRow, SessionRow};

/// One recorded roast.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// Its name, such as the file's.
    pub source: Arc<str>,
    /// The machine it was roasted on.
    pub machine: Arc<str>,
    /// When the recording starts; None when the recording does not say.
    ///
    /// A roast without it comes after the dated ones of its machine, knows no earlier
    /// roast and is one to none. The times of its readings count among themselves only.
    pub started: Option<EventTime>,
    /// What was recorded, in order.
    pub readings: Vec<Reading>,
}

/// What came of one recorded roast.
#[derive(Clone, Debug)]
pub struct ReplayedRoast {
    /// Its name.
    pub source: Arc<str>,
    /// The machine.
    pub machine: Arc<str>,
    /// What the pipeline made of it.
    pub outputs: Outputs,
    /// The session of its charge; None when there was none.
    pub session: Option<SessionRow>,
    /// Earlier roasts of the machine the arms knew.
    pub n_earlier: u32,
    /// Scores of every arm against the recorded marks.
    pub scores: Vec<ScoreRow>,
    /// Every forecast asked for, with all that is scored about it.
    pub asked: Vec<AskedRow>,
}

/// What came of all.
#[derive(Clone, Debug)]
pub struct Replay {
    /// By machine, then start, those without one last, then source.
    pub roasts: Vec<ReplayedRoast>,
    /// Scores of all roasts, in the order of the score table.
    pub scores: Vec<ScoreRow>,
    /// Errors over all machines and per machine.
    pub totals: Vec<Total>,
}

/// Replays `recorded` with `arms` on `jobs` threads (0: one per processor), one machine per thread at a time.
///
/// - `leads_s`: leads to score at, s before the event, above 0.
/// - `progress`: called once per roast done, from any thread.
///
/// Recorded marks of first crack and drop take the place of truth; of several of a
/// kind the last said stands.
///
/// # Errors
/// The threads could not be started.
pub fn replay(
    recorded: &[Recorded],
    arms: &Arms,
    leads_s: &[f64],
    jobs: usize,
    progress: &(dyn Fn() + Sync),
) -> Result<Replay, RunnerError> {
    let mut by_machine: BTreeMap<&str, Vec<&Recorded>> = BTreeMap::new();
    for roast in recorded {
        by_machine.entry(&roast.machine).or_default().push(roast);
    }
    let mut machines: Vec<Vec<&Recorded>> = by_machine.into_values().collect();
    for roasts in &mut machines {
        // False sorts first, so the dated ones do.
        roasts.sort_by_key(|roast| (roast.started.is_none(), roast.started, Arc::clone(&roast.source)));
    }
    let done: Vec<Vec<ReplayedRoast>> = on_threads(jobs, || {
        machines.into_par_iter().map(|roasts| replay_machine(&roasts, arms, leads_s, progress)).collect()
    })?;
    let roasts: Vec<ReplayedRoast> = done.into_iter().flatten().collect();
    let mut scores: Vec<ScoreRow> = roasts.iter().flat_map(|roast| roast.scores.iter().cloned()).collect();
    sort_scores(&mut scores);
    let totals = totals(&scores);
    Ok(Replay { roasts, scores, totals })
}

/// Replays the roasts of one machine, oldest first, those without a date last.
fn replay_machine(
    roasts: &[&Recorded],
    arms: &Arms,
    leads_s: &[f64],
    progress: &(dyn Fn() + Sync),
) -> Vec<ReplayedRoast> {
    let mut memory = MachineMemory::default();
    let mut not_learned: Vec<(SessionRow, EarlierRoast)> = Vec::new();
    let mut done = Vec::with_capacity(roasts.len());
    for roast in roasts {
        let Some(started) = roast.started else {
            done.push(replay_one(roast, arms, leads_s, &MachineMemory::default()));
            progress();
            continue;
        };
        let (over, running): (Vec<_>, Vec<_>) =
            not_learned.into_iter().partition(|(session, _)| session.end_us <= started.us());
        not_learned = running;
        over.into_iter().for_each(|(session, told)| memory.add(&session.machine, told));
        let replayed = replay_one(roast, arms, leads_s, &memory);
        let outputs = &replayed.outputs;
        let told = |row: &SessionRow| Some((row.clone(), EarlierRoast::of_session(row, &outputs.telemetry)?));
        not_learned.extend(outputs.sessions.iter().filter_map(told));
        done.push(replayed);
        progress();
    }
    done
}

fn replay_one(roast: &Recorded, arms: &Arms, leads_s: &[f64], memory: &MachineMemory) -> ReplayedRoast {
    let config = StreamConfig {
        source: Arc::clone(&roast.source),
        machine: Arc::clone(&roast.machine),
        trust: Trust::Unsigned,
    };
    let basis = memory.basis_for(&roast.machine, None);
    let n_earlier = u32::try_from(basis.earlier.len()).unwrap_or(u32::MAX);
    let outputs = through_pipeline(&config, arms.make(), basis, &roast.readings);
    let charge = recorded_at(roast, MarkKind::Charge);
    let session = charge.and_then(|at| session_at(&outputs.sessions, at.us()));
    let reference = Reference {
        // Without a charge there is no event either, and nothing is counted from it.
        charge: charge.or(roast.started).unwrap_or_default(),
        first_crack: charge.and(recorded_at(roast, MarkKind::FirstCrackStart)),
        drop: charge.and(recorded_at(roast, MarkKind::Drop)),
    };
    let subject = Subject {
        case: Arc::clone(&roast.source),
        seed: None,
        session_id: session.as_ref().map(|row| Arc::clone(&row.session_id)),
        machine: Arc::clone(&roast.machine),
        lot: "".into(),
        // Roasts without a date may all be of one day, so they count as that.
        cluster: cluster_of(
            "",
            &roast.machine,
            &roast.started.map_or_else(|| "undated".to_owned(), |at| Date::of(at).to_string()),
        ),
    };
    let scores = all_scores(&subject, arms, &outputs, &reference, &[], leads_s);
    let own: Vec<PredictionRow> = outputs
        .predictions
        .iter()
        .filter(|row| subject.session_id.as_ref() == Some(&row.session_id))
        .cloned()
        .collect();
    let of = AskedOf {
        source: &roast.source,
        machine: &roast.machine,
        cluster: &subject.cluster,
        n_earlier,
        reference,
        predictions: &own,
        telemetry: &outputs.telemetry,
    };
    let asked = asked_rows(&of, arms.names(), leads_s);
    let (source, machine) = (Arc::clone(&roast.source), Arc::clone(&roast.machine));
    ReplayedRoast { source, machine, outputs, session, n_earlier, scores, asked }
}

/// When a mark of `kind` happened, as the recording says last.
fn recorded_at(roast: &Recorded, kind: MarkKind) -> Option<EventTime> {
    let marks = roast.readings.iter().rev().filter_map(|reading| match reading.body {
        ReadingBody::Mark(mark) => Some(mark),
        ReadingBody::Sample(_) => None,
    });
    marks.into_iter().find(|mark| mark.kind == kind).map(|mark| mark.at)
}

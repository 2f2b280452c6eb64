//! One attempt at a case: what it roasts, through faults, pipeline and predictors, scored.
//!
//! A scenario is simulated under a seed; a log is replayed as it is, its marks in place of truth.

use super::arms::Arms;
use super::trial::{heard, seen, session_at, through_pipeline, told_by_pipeline, trial_with_faults};
use crate::case::{Case, Input, RoastLog};
use crate::fault;
use crate::score::{Reference, Subject, Truth, all_scores};
use crate::suite::cluster_of;
use std::sync::Arc;
use trier_pipeline::{Basis, DropPlan, MachineMemory, Outputs, StreamConfig};
use trier_roast::{EventTime, Mark, MarkKind, Trust};
use trier_sim::{Outcome, Scenario};
use trier_tables::rows::{ScoreRow, SessionRow};

/// The files of a case, read once for all its seeds.
pub(super) enum Loaded {
    /// A scenario.
    Scenario(Box<Scenario>),
    /// A log, and those of earlier roasts, oldest first.
    Log(Box<RoastLog>, Vec<RoastLog>),
    /// The reason code of a refusal.
    Refused(String),
}

impl Loaded {
    /// What `case` roasts.
    pub(super) fn of(case: &Case) -> Self {
        match &case.input {
            Input::Scenario(path) => match Scenario::load(path) {
                Ok(scenario) => Self::Scenario(Box::new(scenario)),
                Err(error) => Self::Refused(error.code().to_owned()),
            },
            Input::Log { path, earlier } => {
                let earlier: Result<Vec<RoastLog>, _> =
                    earlier.iter().map(|path| RoastLog::load(path)).collect();
                match RoastLog::load(path).and_then(|log| Ok(Self::Log(Box::new(log), earlier?))) {
                    Ok(loaded) => loaded,
                    // It was read with the case; it has changed or gone since.
                    Err(_) => Self::Refused("unreadable_log".to_owned()),
                }
            }
        }
    }
}

/// What came of one attempt.
pub(super) struct Attempt {
    /// What the pipeline made of it.
    pub outputs: Outputs,
    /// What it made of all roasts of the day in one stream; None where there is no day.
    pub day: Option<Outputs>,
    /// The session that is the roast; None when the pipeline made none of it.
    pub session: Option<SessionRow>,
    /// Scores of every arm, and of what the pipeline made.
    pub scores: Vec<ScoreRow>,
    /// True charge; the first reading of a log without one.
    pub charged: EventTime,
    /// When each thing truly happened; of a log, as it is marked.
    pub truth: Vec<Mark>,
    /// How the roast ended, by a code; `dropped` for a log, which is what it is.
    pub ended: Outcome,
    /// How many messages each fault changed.
    pub faults_changed: Vec<usize>,
}

/// Attempts `case`; `seed` counts for a scenario and for the draws of faults.
///
/// # Errors
/// The reason code of why there is nothing to judge: a refusal, or an error of the simulator.
pub(super) fn attempt(
    case: &Case,
    loaded: &Loaded,
    seed: u64,
    arms: &Arms,
    leads_s: &[f64],
) -> Result<Attempt, Stop> {
    match loaded {
        Loaded::Refused(code) => Err(Stop::Refused(code.clone())),
        Loaded::Log(log, earlier) => Ok(replayed(case, log, earlier, arms, leads_s)),
        Loaded::Scenario(scenario) => {
            let done = trial_with_faults(scenario, seed, &case.id, arms, leads_s, &case.faults)
                .map_err(|error| Stop::Errored(error.code().to_owned()))?;
            Ok(Attempt {
                outputs: done.outputs,
                day: done.day,
                session: done.session,
                scores: done.scores,
                charged: done.run.charged,
                truth: done.run.truth_marks,
                ended: done.run.outcome,
                faults_changed: done.faults_changed,
            })
        }
    }
}

/// Why there is nothing to judge, by a code.
pub(super) enum Stop {
    /// It was refused before anything ran.
    Refused(String),
    /// It did not run to its end, and that is our doing.
    Errored(String),
}

fn replayed(case: &Case, log: &RoastLog, earlier: &[RoastLog], arms: &Arms, leads_s: &[f64]) -> Attempt {
    let machine: Arc<str> = log.machine.as_str().into();
    let config =
        StreamConfig { source: Arc::clone(&case.id), machine: Arc::clone(&machine), trust: Trust::Unsigned };
    let mut memory = MachineMemory::default();
    for before in earlier {
        let outputs = through_pipeline(&config, Vec::new(), Basis::default(), &before.readings);
        outputs.sessions.iter().for_each(|session| memory.learn(session, &outputs.telemetry));
    }
    let at = |kind| log.marked(kind).map(|mark| mark.at);
    let begins = log.readings.first().map_or(EventTime::default(), |reading| reading.at);
    let charge = at(MarkKind::Charge);
    let charged = charge.unwrap_or(begins);
    let struck = fault::apply(&case.faults, 0, charged, heard(&log.readings));
    let basis = memory.basis_for(&machine, log.drop_bt_c.map(DropPlan::BtC));
    let (outputs, told) = told_by_pipeline(&config, arms.make(), basis, &struck.heard);
    let session = charge.and_then(|at| session_at(&outputs.sessions, at.us()));
    let subject = Subject {
        case: Arc::clone(&case.id),
        seed: None,
        session_id: session.as_ref().map(|row| Arc::clone(&row.session_id)),
        cluster: cluster_of(&log.lot, &machine, &case.id),
        machine,
        lot: log.lot.as_str().into(),
    };
    let reference = Reference {
        charge: charged,
        // Nothing is counted from a charge that nobody marked.
        first_crack: charge.and(at(MarkKind::FirstCrackStart)),
        drop: charge.and(at(MarkKind::Drop)),
    };
    let truth: Vec<Mark> = MarkKind::ALL.into_iter().filter_map(|kind| log.marked(kind)).collect();
    let true_marks = Some(Truth { marks: &truth, rows: &[] });
    let scores = all_scores(&subject, arms.names(), &seen(&outputs, &told, reference, true_marks), leads_s);
    Attempt {
        outputs,
        day: None,
        session,
        scores,
        charged,
        truth,
        ended: Outcome::Dropped,
        faults_changed: struck.changed,
    }
}

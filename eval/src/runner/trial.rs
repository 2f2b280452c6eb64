//! One trial: a scenario and a seed through machine, pipeline and predictors, then scored.
//!
//! All arms hear the same readings, so what differs between them is theirs alone.

use super::arms::Arms;
use crate::fault::{self, Fault};
use crate::score::{Reference, Seen, Subject, Truth, all_scores};
use crate::suite::cluster_of;
use std::sync::Arc;
use trier_pipeline::{Basis, DropPlan, Heard, MachineMemory, Outputs, Predictor, Stream, StreamConfig};
use trier_roast::{EventTime, MarkKind, Reading, Trust};
use trier_sim::{BatchRun, Scenario, SimError, roasts};
use trier_tables::rows::{ScoreRow, SessionRow};

/// Everything that came of one scenario and seed.
#[derive(Clone, Debug)]
pub struct Trial {
    /// The name all rows carry: scenario and seed.
    pub source: Arc<str>,
    /// What was simulated; its truth rows carry `source` too.
    pub run: BatchRun,
    /// What the pipeline made of it.
    pub outputs: Outputs,
    /// What the pipeline makes of all roasts of the day heard as one stream, nobody forecasting; None where
    /// the scenario has no day.
    pub day: Option<Outputs>,
    /// What was known before the roast.
    pub basis: Basis,
    /// Sessions of the machine's earlier roasts, oldest first: all that the arms knew before.
    pub earlier: Vec<SessionRow>,
    /// The session that is the simulated roast; None when the pipeline made none of it.
    pub session: Option<SessionRow>,
    /// Scores of every arm, and of the pipeline itself.
    pub scores: Vec<ScoreRow>,
    /// How many messages each fault changed, in the order of the faults; one that changed none tests nothing.
    pub faults_changed: Vec<usize>,
}

/// The source name of rows of this scenario and seed: `steady seed 7`.
#[must_use]
pub fn source_name(scenario: &Scenario, seed: u64) -> Arc<str> {
    format!("{} seed {seed}", scenario.id).into()
}

/// Roasts `scenario` under `seed`, after the earlier roasts it asks for, and scores `arms`.
///
/// - `case`: the case name in the score rows; a case is one simulated day.
/// - `leads_s`: leads to score at, s before the event, above 0.
///
/// Earlier roasts go through the pipeline first, and the arms know what it made of
/// them, in order, and nothing else. A run that did not drop is a trial too: see
/// `run.outcome`.
///
/// # Errors
/// The simulator stopped because its books did not close.
pub fn trial(
    scenario: &Scenario,
    seed: u64,
    case: &str,
    arms: &Arms,
    leads_s: &[f64],
) -> Result<Trial, SimError> {
    trial_with_faults(scenario, seed, case, arms, leads_s, &[])
}

/// The same with `faults` between the machine and the pipeline in the asked roast, not in the earlier ones.
///
/// Truth and what it is scored against stay what they were; `faults_changed` says what the faults did.
///
/// # Errors
/// As [`trial`].
pub fn trial_with_faults(
    scenario: &Scenario,
    seed: u64,
    case: &str,
    arms: &Arms,
    leads_s: &[f64],
    faults: &[Fault],
) -> Result<Trial, SimError> {
    let source = source_name(scenario, seed);
    let machine: Arc<str> = scenario.machine.id.as_str().into();
    let config =
        StreamConfig { source: Arc::clone(&source), machine: Arc::clone(&machine), trust: Trust::Unsigned };
    let mut memory = MachineMemory::default();
    let mut earlier = Vec::new();
    let mut batches = roasts(scenario, seed);
    let mut of_day: Vec<Heard> = Vec::new();
    let day_begins =
        scenario.day.as_ref().map(|day| (scenario.history_roasts + 1).saturating_sub(day.roasts));
    for (batch, run) in (0..).zip(batches.by_ref().take(scenario.history_roasts as usize)) {
        let run = run?;
        let outputs = through_pipeline(&config, Vec::new(), Basis::default(), &run.readings);
        outputs.sessions.iter().for_each(|session| memory.learn(session, &outputs.telemetry));
        earlier.extend(outputs.sessions);
        if day_begins.is_some_and(|first| batch >= first) {
            of_day.extend(heard(&run.readings));
        }
    }
    let mut run = batches.asked()?;
    run.truth.iter_mut().for_each(|row| row.source = Arc::clone(&source));
    let basis = memory.basis_for(&machine, plan_of(scenario));
    let struck = fault::apply(faults, seed, run.charged, heard(&run.readings));
    let (outputs, told) = told_by_pipeline(&config, arms.make(), basis.clone(), &struck.heard);
    let day = scenario.day.as_ref().map(|_| {
        of_day.extend(&struck.heard);
        told_by_pipeline(&config, Vec::new(), Basis::default(), &of_day).0
    });
    let reference = reference_of(&run);
    let session = session_at(&outputs.sessions, reference.charge.us());
    let subject = Subject {
        case: case.into(),
        seed: i64::try_from(seed).ok(),
        session_id: session.as_ref().map(|row| Arc::clone(&row.session_id)),
        cluster: cluster_of(&scenario.lot.id, &machine, case),
        machine,
        lot: scenario.lot.id.as_str().into(),
    };
    let truth = Some(Truth { marks: &run.truth_marks, rows: &run.truth });
    let scores = all_scores(&subject, arms.names(), &seen(&outputs, &told, reference, truth), leads_s);
    let faults_changed = struck.changed;
    Ok(Trial { source, run, outputs, day, basis, earlier, session, scores, faults_changed })
}

/// What the recipe says about when to drop: a BT before a time, which is there in case it is never reached.
pub fn plan_of(scenario: &Scenario) -> Option<DropPlan> {
    let rule = &scenario.recipe.drop;
    rule.bt_c.map(DropPlan::BtC).or(rule.at_s.map(DropPlan::TimeS))
}

/// Pushes `readings` through a fresh stream.
pub(crate) fn through_pipeline(
    config: &StreamConfig,
    predictors: Vec<Box<dyn Predictor>>,
    basis: Basis,
    readings: &[Reading],
) -> Outputs {
    told_by_pipeline(config, predictors, basis, &heard(readings)).0
}

/// The same of what was `heard`, and when each mark was said: at the reading it came with, or the last one.
pub(super) fn told_by_pipeline(
    config: &StreamConfig,
    predictors: Vec<Box<dyn Predictor>>,
    basis: Basis,
    heard: &[Heard],
) -> (Outputs, Vec<EventTime>) {
    let (mut outputs, mut told) = (Outputs::default(), Vec::new());
    let mut stream = Stream::new(config.clone(), predictors, basis);
    for one in heard {
        stream.hear(*one, &mut outputs);
        told.resize(outputs.marks.len(), one.reading.at);
    }
    stream.end(&mut outputs);
    told.resize(outputs.marks.len(), heard.last().map(|one| one.reading.at).unwrap_or_default());
    (outputs, told)
}

/// `readings` as they are heard from a machine that proves nothing and counts no starts.
pub(super) fn heard(readings: &[Reading]) -> Vec<Heard> {
    readings.iter().map(|reading| Heard { reading: *reading, trust: Trust::Unsigned, boot: None }).collect()
}

/// A session charged further than this from the charge asked for is another roast, µs.
///
/// One stream never opens two sessions within a minute.
const CHARGE_OFF_US_MAX: u64 = 60_000_000;

/// The session, in its last revision, charged nearest to `charge_us`; None when none is within a minute.
pub(super) fn session_at(sessions: &[SessionRow], charge_us: i64) -> Option<SessionRow> {
    let off_us = |row: &SessionRow| row.start_us.abs_diff(charge_us);
    let near = sessions.iter().filter(|row| off_us(row) <= CHARGE_OFF_US_MAX);
    near.min_by_key(|row| (off_us(row), u32::MAX - row.revision)).cloned()
}

/// What scores are made of.
pub(super) fn seen<'a>(
    outputs: &'a Outputs,
    told: &'a [EventTime],
    reference: Reference,
    truth: Option<Truth<'a>>,
) -> Seen<'a> {
    Seen {
        reference,
        predictions: &outputs.predictions,
        marks: &outputs.marks,
        told,
        sessions: &outputs.sessions,
        telemetry: &outputs.telemetry,
        truth,
    }
}

fn reference_of(run: &BatchRun) -> Reference {
    let at = |kind| run.truth_marks.iter().find(|mark| mark.kind == kind).map(|mark| mark.at);
    Reference { charge: run.charged, first_crack: at(MarkKind::FirstCrackStart), drop: at(MarkKind::Drop) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(id: &str, start_s: i64, revision: u32) -> SessionRow {
        SessionRow {
            source: "s".into(),
            machine: "m".into(),
            session_id: id.into(),
            revision,
            start_us: start_s * 1_000_000,
            end_us: (start_s + 600) * 1_000_000,
            outcome: "complete".into(),
            seal_cause: "drop".into(),
            charge_source: "device".into(),
            charge_confidence: 1.0,
            charge_disagreement_s: None,
            charge_bt_c: None,
            turning_point_s: None,
            turning_point_bt_c: None,
            dry_end_s: None,
            dry_end_bt_c: None,
            first_crack_s: None,
            first_crack_bt_c: None,
            drop_s: None,
            drop_bt_c: None,
            drop_source: None,
            drop_confidence: None,
            drop_disagreement_s: None,
            drying_s: None,
            maillard_s: None,
            development_s: None,
            development_ratio: None,
            n_readings: 0,
            n_unusable: 0,
            gaps: 0,
            longest_gap_s: 0.0,
            boots: 0,
            grade: "A".into(),
            grade_reasons: "".into(),
            trust: "unsigned".into(),
        }
    }

    #[test]
    fn a_session_of_another_time_is_another_roast() {
        let sessions = [session("a", 0, 0), session("b", 900, 0), session("b", 900, 1)];
        let found = |charge_s: i64| {
            session_at(&sessions, charge_s * 1_000_000).map(|row| (row.session_id.to_string(), row.revision))
        };
        assert_eq!(found(4), Some(("a".to_owned(), 0)));
        assert_eq!(found(60), Some(("a".to_owned(), 0)));
        assert_eq!(found(850), Some(("b".to_owned(), 1)));
        assert_eq!((found(61), found(839), found(961)), (None, None, None));
        assert_eq!(session_at(&[], 0), None);
    }
}

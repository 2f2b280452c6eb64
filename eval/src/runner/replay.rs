//! Real roasts, machine by machine in the order they happened, scored against recorded marks.
//!
//! Prequential: before each roast the arms know only roasts of that machine that
//! had ended when this one started. A file that holds the same roast twice can so
//! teach nobody its own ending. Of a roast without a date nobody knows what came
//! before it: it neither learns nor teaches. [`Told`] is what they may know besides.

use super::arms::Arms;
use super::trial::{heard, seen, session_at, through_pipeline, told_by_pipeline};
use super::{RunnerError, on_threads, sort_scores};
use crate::score::{AskedOf, Reference, Subject, Total, all_scores, asked_rows, totals};
use crate::suite::cluster_of;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;
use trier_pipeline::{Basis, DropPlan, EarlierRoast, Kin, MachineMemory, Outputs, StreamConfig};
use trier_roast::{Date, EventTime, Mark, MarkKind, MarkSource, Reading, ReadingBody, Trust};
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
    /// The charge as recorded last; None when it was not.
    pub charge: Option<EventTime>,
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

/// What arms are told of a roast besides the machine's earlier ones: nothing, or what it really did, as
/// somebody might have known. What then is off is no fault of that knowledge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Told {
    /// Nothing, as in life.
    #[default]
    Nothing,
    /// The BT of its own first crack, in place of those of all earlier roasts: the floor.
    FirstCrackBt,
    /// The BT that it was dropped at, as a plan.
    DropBt,
    /// The time that it was dropped at, as a plan.
    DropTime,
    /// Its development time, as a plan.
    Development,
    /// Its development ratio, as a plan.
    DevelopmentRatio,
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
    let ask = Ask { arms, leads_s, told: Told::Nothing, progress };
    let machines = by_machine(recorded);
    let done: Vec<Vec<ReplayedRoast>> = on_threads(jobs, || {
        machines.par_iter().map(|roasts| replay_machine(roasts, &ask, MachineMemory::default()).0).collect()
    })?;
    Ok(summed(done))
}

/// The same, told something besides; and of other machines arms know the errors that were made on the
/// others of `recorded`, in place of those that the product ships, which may rest on these very roasts.
///
/// # Errors
/// The threads could not be started.
pub fn replay_leaving_out(
    recorded: &[Recorded],
    arms: &Arms,
    leads_s: &[f64],
    told: Told,
    jobs: usize,
    progress: &(dyn Fn() + Sync),
) -> Result<Replay, RunnerError> {
    let learned = learned(recorded, jobs)?;
    let ask = Ask { arms, leads_s, told, progress };
    let machines = by_machine(recorded);
    let one = |roasts: &Vec<&Recorded>| {
        let machine = roasts.first().map(|roast| &roast.machine);
        let others = learned.iter().filter(|(name, _)| Some(name) != machine);
        let kin = Kin::of(others.map(|(_, roasts)| roasts.as_slice()));
        replay_machine(roasts, &ask, MachineMemory::with_kin(Arc::new(kin))).0
    };
    let done: Vec<Vec<ReplayedRoast>> = on_threads(jobs, || machines.par_iter().map(one).collect())?;
    Ok(summed(done))
}

/// The errors made on all machines of `recorded`: what the product ships, from the shared roasts.
///
/// # Errors
/// The threads could not be started.
pub fn kin_of(recorded: &[Recorded], jobs: usize) -> Result<Kin, RunnerError> {
    Ok(Kin::of(learned(recorded, jobs)?.iter().map(|(_, roasts)| roasts.as_slice())))
}

/// Machines by name, each with what its roasts tell.
type Learned = Vec<(Arc<str>, Vec<EarlierRoast>)>;

/// What each machine's roasts tell in the end, with what would have been said of each.
fn learned(recorded: &[Recorded], jobs: usize) -> Result<Learned, RunnerError> {
    let nobody = Arms::default();
    let ask = Ask { arms: &nobody, leads_s: &[], told: Told::Nothing, progress: &|| () };
    let machines = by_machine(recorded);
    let memories: Vec<MachineMemory> = on_threads(jobs, || {
        machines.par_iter().map(|roasts| replay_machine(roasts, &ask, MachineMemory::default()).1).collect()
    })?;
    let all = memories.iter().flat_map(MachineMemory::all);
    Ok(all.map(|(machine, roasts)| (Arc::clone(machine), roasts.to_vec())).collect())
}

/// The roasts of each machine, oldest first, those without a date last.
fn by_machine(recorded: &[Recorded]) -> Vec<Vec<&Recorded>> {
    let mut by_machine: BTreeMap<&str, Vec<&Recorded>> = BTreeMap::new();
    for roast in recorded {
        by_machine.entry(&roast.machine).or_default().push(roast);
    }
    let mut machines: Vec<Vec<&Recorded>> = by_machine.into_values().collect();
    for roasts in &mut machines {
        // False sorts first, so the dated ones do.
        roasts.sort_by_key(|roast| (roast.started.is_none(), roast.started, Arc::clone(&roast.source)));
    }
    machines
}

fn summed(done: Vec<Vec<ReplayedRoast>>) -> Replay {
    let roasts: Vec<ReplayedRoast> = done.into_iter().flatten().collect();
    let mut scores: Vec<ScoreRow> = roasts.iter().flat_map(|roast| roast.scores.iter().cloned()).collect();
    sort_scores(&mut scores);
    let totals = totals(&scores);
    Replay { roasts, scores, totals }
}

/// Who is asked, when, and knowing what.
struct Ask<'a> {
    arms: &'a Arms,
    leads_s: &'a [f64],
    told: Told,
    progress: &'a (dyn Fn() + Sync),
}

/// Replays the roasts of one machine in the order given; what `memory` holds in the end.
fn replay_machine(
    roasts: &[&Recorded],
    ask: &Ask<'_>,
    mut memory: MachineMemory,
) -> (Vec<ReplayedRoast>, MachineMemory) {
    let knows_nothing = memory.clone();
    let mut not_learned: Vec<(SessionRow, EarlierRoast)> = Vec::new();
    let mut done = Vec::with_capacity(roasts.len());
    for roast in roasts {
        let Some(started) = roast.started else {
            done.push(replay_one(roast, ask, &knows_nothing));
            (ask.progress)();
            continue;
        };
        let (over, running): (Vec<_>, Vec<_>) =
            not_learned.into_iter().partition(|(session, _)| session.end_us <= started.us());
        not_learned = running;
        over.into_iter().for_each(|(session, told)| memory.add(&session.machine, told));
        let replayed = replay_one(roast, ask, &memory);
        let outputs = &replayed.outputs;
        let told = |row: &SessionRow| Some((row.clone(), memory.told(row, &outputs.telemetry)?));
        not_learned.extend(outputs.sessions.iter().filter_map(told));
        done.push(replayed);
        (ask.progress)();
    }
    not_learned.into_iter().for_each(|(session, told)| memory.add(&session.machine, told));
    (done, memory)
}

fn replay_one(roast: &Recorded, ask: &Ask<'_>, memory: &MachineMemory) -> ReplayedRoast {
    let (arms, leads_s) = (ask.arms, ask.leads_s);
    let config = StreamConfig {
        source: Arc::clone(&roast.source),
        machine: Arc::clone(&roast.machine),
        trust: Trust::Unsigned,
    };
    let basis = basis(roast, ask.told, memory, &config);
    let n_earlier = u32::try_from(basis.earlier.len()).unwrap_or(u32::MAX);
    let (outputs, told) = told_by_pipeline(&config, arms.make(), basis, &heard(&roast.readings));
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
    let scores = all_scores(&subject, arms.names(), &seen(&outputs, &told, reference, None), leads_s);
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
    ReplayedRoast { source, machine, outputs, session, charge, n_earlier, scores, asked }
}

/// What arms may know of `roast` before it, and what they are told of it.
fn basis(roast: &Recorded, told: Told, memory: &MachineMemory, config: &StreamConfig) -> Basis {
    let basis = memory.basis_for(&roast.machine, None);
    if told == Told::Nothing {
        return basis;
    }
    let outputs = through_pipeline(config, Vec::new(), Basis::default(), &roast.readings);
    let charge = recorded_at(roast, MarkKind::Charge);
    let Some(own) = charge.and_then(|at| session_at(&outputs.sessions, at.us())) else {
        return basis;
    };
    let plan = match told {
        Told::Nothing | Told::FirstCrackBt => None,
        Told::DropBt => own.drop_bt_c.map(DropPlan::BtC),
        Told::DropTime => own.drop_s.map(DropPlan::TimeS),
        Told::Development => own.development_s.map(DropPlan::DevelopmentS),
        Told::DevelopmentRatio => own.development_ratio.map(DropPlan::DevelopmentRatio),
    };
    let cracked_alike = |earlier: EarlierRoast| EarlierRoast {
        first_crack_bt_c: own.first_crack_bt_c,
        // The pace would move that BT, which is known.
        at_150_c_s: None,
        ..earlier
    };
    let earlier = if told == Told::FirstCrackBt {
        basis.earlier.into_iter().map(cracked_alike).collect()
    } else {
        basis.earlier
    };
    Basis { earlier, plan, ..basis }
}

/// When a mark of `kind` happened, as the recording says last.
///
/// From an inferred charge times can be counted. Of another event that was inferred nobody says that it happened so.
fn recorded_at(roast: &Recorded, kind: MarkKind) -> Option<EventTime> {
    let marks = roast.readings.iter().rev().filter_map(|reading| match reading.body {
        ReadingBody::Mark(mark) => Some(mark),
        ReadingBody::Sample(_) => None,
    });
    let is_said = |mark: &Mark| kind == MarkKind::Charge || mark.source != MarkSource::Inferred;
    marks.into_iter().find(|mark| mark.kind == kind && is_said(mark)).map(|mark| mark.at)
}

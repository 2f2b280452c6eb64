//! What a case says must hold, held against what really came. The first thing that does not is named.

use super::attempt::Attempt;
use crate::case::{Arm, Bound, Case, Expect, MustHave, MustNot, NO_SESSION, Quantity};
use crate::fault::FaultKind;
use trier_roast::{EventTime, MarkKind};
use trier_tables::rows::ScoreRow;

/// What of `case` did not hold in `attempt`, in words; None when all did. `arms` are those that ran, the baseline
/// first and the candidate last.
///
/// Faults are looked at first: a case whose fault did nothing is not the case that its name says.
pub(super) fn broken(case: &Case, attempt: &Attempt, arms: &[String]) -> Option<String> {
    without_effect(case, attempt)
        .or_else(|| other_outcome(case, attempt))
        .or_else(|| case.must_have.as_ref().and_then(|must| missing(must, attempt)))
        .or_else(|| case.must_not.iter().find_map(|must_not| alarm(*must_not, attempt)))
        .or_else(|| case.bounds.iter().find_map(|bound| outside(bound, attempt, arms)))
}

fn without_effect(case: &Case, attempt: &Attempt) -> Option<String> {
    let index = attempt.faults_changed.iter().position(|n| *n == 0)?;
    let name = case.faults.get(index).map_or("", |fault| FaultKind::name(fault.kind));
    Some(format!("fault[{index}] {name} is a fault with no effect: it changed no reading"))
}

fn other_outcome(case: &Case, attempt: &Attempt) -> Option<String> {
    let Expect::Outcome(wanted) = &case.expect else { return None };
    let got = match &attempt.session {
        Some(session) => session.outcome.to_string(),
        // A session of another time is one too, where there must be none.
        None if attempt.outputs.sessions.is_empty() => NO_SESSION.to_owned(),
        None => attempt.outputs.sessions.iter().map(|row| &*row.outcome).collect::<Vec<_>>().join("+"),
    };
    (got != *wanted).then(|| format!("the session's outcome is {got}, not {wanted}"))
}

fn missing(must: &MustHave, attempt: &Attempt) -> Option<String> {
    let drop = attempt.truth.iter().find(|mark| mark.kind == MarkKind::Drop).map(|mark| mark.at);
    let roasting = |t_us: i64| {
        let at = EventTime::from_us(t_us);
        at >= attempt.charged && drop.is_none_or(|drop| at <= drop)
    };
    let rows: Vec<_> = attempt.outputs.telemetry.iter().filter(|row| roasting(row.t_us)).collect();
    let wanted = must.readings_min as usize;
    if rows.len() < wanted {
        return Some(format!("must_have: {} readings between charge and drop, not {wanted}", rows.len()));
    }
    let channel = must.channels.iter().find_map(|(name, value)| {
        let n = rows.iter().filter(|row| value(row).is_some()).count();
        (n < wanted).then(|| format!("must_have: {name} was read {n} times, not {wanted}"))
    });
    channel.or_else(|| {
        let told = |kind: MarkKind| {
            let is_told = |row: &&trier_tables::rows::MarkRow| {
                *row.kind == *kind.name() && &*row.mark_source != "inferred"
            };
            attempt.outputs.marks.iter().any(|row| is_told(&row))
        };
        let kind = must.marks.iter().find(|kind| !told(**kind))?;
        Some(format!("must_have: nobody marked {}", kind.name()))
    })
}

fn alarm(must_not: MustNot, attempt: &Attempt) -> Option<String> {
    let since_s = |t_us: i64| EventTime::from_us(t_us).since_s(attempt.charged);
    match must_not {
        MustNot::Mark(kind) => {
            let row = attempt.outputs.marks.iter().find(|row| *row.kind == *kind.name())?;
            let (name, source) = (must_not.name(), &row.mark_source);
            Some(format!("must_not: {name} ({source}) came {:.1} s after charge", since_s(row.t_us)))
        }
        MustNot::Forecast(target) => {
            let says = |row: &&trier_tables::rows::PredictionRow| {
                *row.target == *target.name() && row.abstain.is_none() && row.p50_s.is_some()
            };
            let row = attempt.outputs.predictions.iter().find(says)?;
            let name = must_not.name();
            Some(format!(
                "must_not: {name} by {} came {:.1} s after charge",
                row.predictor,
                since_s(row.as_of_us)
            ))
        }
    }
}

/// Why `bound` does not hold: outside it, or nothing there to hold.
fn outside(bound: &Bound, attempt: &Attempt, arms: &[String]) -> Option<String> {
    let (name, range, unit) = (bound.name(), bound.range(), bound.unit);
    let said = |whose: &str, value: Option<f64>, why: &str| match value {
        Some(value) if bound.holds(value) => None,
        Some(value) => Some(format!("{name}{whose} is {value:.1} {unit}, bound {range}")),
        None => Some(format!("{name}{whose} {why}, bound {range}")),
    };
    match bound.quantity {
        Quantity::True(kind) => {
            let mark = attempt.truth.iter().find(|mark| mark.kind == kind);
            said("", mark.map(|mark| mark.at.since_s(attempt.charged)), "did not come")
        }
        Quantity::Score { metric, lead_s, arm } => {
            let is_it = |row: &&ScoreRow| {
                *row.metric == *metric.name && same(row.lead_s, lead_s) && of(arm, arms, row)
            };
            let rows: Vec<&ScoreRow> = attempt.scores.iter().filter(is_it).collect();
            if rows.is_empty() {
                return said("", None, "is not scored");
            }
            rows.iter().find_map(|row| {
                let why = row.missing.as_deref().unwrap_or("has no value");
                said(&format!(" of {}", row.arm), row.value, why)
            })
        }
    }
}

/// Whether two leads, which are numbers of files, are the same.
fn same(one: Option<f64>, other: Option<f64>) -> bool {
    one.map(f64::to_bits) == other.map(f64::to_bits)
}

/// Whether the row is of the arm that is bounded.
fn of(arm: Arm, arms: &[String], row: &ScoreRow) -> bool {
    match arm {
        Arm::Any => true,
        Arm::Baseline => arms.first().is_some_and(|name| **name == *row.arm),
        Arm::Candidate => arms.last().is_some_and(|name| **name == *row.arm),
    }
}

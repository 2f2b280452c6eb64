//! Made-up rows for the tests of the families: charge is at 0 s, the session is called `r`.

use super::samples::Sampled;
use super::seen::{Reference, Seen};
use super::subject::Subject;
use crate::suite::cluster_of;
use trier_roast::{EventTime, Mark, MarkKind, MarkSource};
use trier_tables::rows::{MarkRow, PredictionRow, SessionRow};

pub(super) fn at_s(s: i64) -> EventTime {
    EventTime::from_us(s * 1_000_000)
}

pub(super) fn subject() -> Subject {
    Subject {
        case: "c".into(),
        seed: Some(1),
        session_id: Some("r".into()),
        machine: "m".into(),
        lot: "l".into(),
        cluster: cluster_of("l", "m", "c"),
    }
}

pub(super) fn reference(first_crack_s: Option<i64>, drop_s: Option<i64>) -> Reference {
    Reference { charge: at_s(0), first_crack: first_crack_s.map(at_s), drop: drop_s.map(at_s) }
}

/// A roast of which nothing was seen and nothing is known.
pub(super) fn seen<'a>() -> Seen<'a> {
    Seen {
        reference: reference(None, None),
        predictions: &[],
        marks: &[],
        told: &[],
        sessions: &[],
        telemetry: &[],
        truth: None,
    }
}

/// A forecast of one number by `slope90`; without it, it abstains.
pub(super) fn prediction(target: &str, as_of_s: i64, p50_s: Option<f64>) -> PredictionRow {
    PredictionRow {
        source: "s".into(),
        machine: "m".into(),
        session_id: "r".into(),
        predictor: "slope90".into(),
        version: 1,
        target: target.into(),
        as_of_us: at_s(as_of_s).us(),
        since_charge_s: 0.0,
        p05_s: None,
        p10_s: None,
        p25_s: None,
        p50_s,
        p75_s: None,
        p90_s: None,
        p95_s: None,
        abstain: if p50_s.is_none() { Some("no_basis".into()) } else { None },
        reasons: "".into(),
        used_until_s: None,
        used_points: None,
        used_roasts: None,
    }
}

/// A mark that an operator announced.
pub(super) fn mark(kind: &str, s: i64) -> MarkRow {
    MarkRow {
        source: "s".into(),
        machine: "m".into(),
        session_id: Some("r".into()),
        kind: kind.into(),
        t_us: at_s(s).us(),
        since_charge_s: None,
        mark_source: "operator".into(),
        confidence: 1.0,
        bt_c: None,
    }
}

pub(super) fn true_mark(kind: MarkKind, s: i64) -> Mark {
    Mark { kind, at: at_s(s), source: MarkSource::Device, confidence: 1.0 }
}

/// A good sample.
pub(super) fn sampled(s: i64, bt_c: f64) -> Sampled {
    Sampled { t_us: at_s(s).us(), bt_c: Some(bt_c), ror_c_per_min: None, is_good: true }
}

/// A complete session without marks but charge and drop.
pub(super) fn session(id: &str, revision: u32, start_s: i64, drop_s: Option<f64>) -> SessionRow {
    SessionRow {
        source: "s".into(),
        machine: "m".into(),
        session_id: id.into(),
        revision,
        start_us: at_s(start_s).us(),
        end_us: at_s(start_s + 600).us(),
        outcome: if drop_s.is_some() { "complete".into() } else { "no_drop".into() },
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
        drop_s,
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

//! The session row: what one sealed roast comes to.

use std::sync::Arc;

use trier_roast::{Mark, MarkKind, MarkSource, Phases};
use trier_tables::rows::SessionRow;

use super::curve::Curve;
use crate::sessionize::{Sealed, Session};

/// At most this share of unusable samples, and this long without a reading, is `good`.
const GOOD: (f64, f64) = (0.01, 10.0);

/// And this is still `fair`. Anything worse is `poor`.
const FAIR: (f64, f64) = (0.05, 60.0);

/// The row of a session that was `sealed`, with the curve it left behind.
///
/// Times of marks: as first announced, or inferred where nobody announced one. BT at
/// marks: [`Curve::bt_at_c`]. Revision 0; later ones belong to whoever edits. The
/// grade is `good` up to 1 % unusable samples and 10 s without a reading, `fair` up
/// to 5 % and 60 s, else `poor`.
#[must_use]
pub fn session_row(source: &Arc<str>, machine: &Arc<str>, sealed: &Sealed, curve: &Curve) -> SessionRow {
    let session = &sealed.session;
    let at = Times::of(sealed, curve);
    let bt_c = |t_s: Option<f64>| t_s.and_then(|t_s| curve.bt_at_c(t_s));
    let phases = at.phases(session);
    SessionRow {
        source: Arc::clone(source),
        machine: Arc::clone(machine),
        session_id: Arc::clone(&session.id),
        revision: 0,
        start_us: session.charge.us(),
        end_us: sealed.end.us(),
        outcome: Arc::from(sealed.outcome().name()),
        seal_cause: Arc::from(sealed.cause.name()),
        charge_bt_c: curve.bt_at_c(0.0),
        turning_point_s: at.turning_point_s,
        turning_point_bt_c: bt_c(at.turning_point_s),
        dry_end_s: at.dry_end_s,
        dry_end_bt_c: bt_c(at.dry_end_s),
        first_crack_s: at.first_crack_s,
        first_crack_bt_c: bt_c(at.first_crack_s),
        drop_s: at.drop_s,
        drop_bt_c: bt_c(at.drop_s),
        drying_s: phases.drying_s,
        maillard_s: phases.maillard_s,
        development_s: phases.development_s,
        development_ratio: phases.development_ratio(),
        n_readings: session.n_readings,
        n_unusable: session.n_unusable,
        gaps: session.gaps,
        longest_gap_s: session.longest_gap_s,
        grade: Arc::from(grade(session)),
        trust: Arc::from(session.trust().name()),
    }
}

/// The times that stand for a roast's marks, s since charge.
struct Times {
    turning_point_s: Option<f64>,
    dry_end_s: Option<f64>,
    first_crack_s: Option<f64>,
    drop_s: Option<f64>,
}

impl Times {
    fn of(sealed: &Sealed, curve: &Curve) -> Self {
        let session = &sealed.session;
        let first_crack_s = session.mark_s(MarkKind::FirstCrackStart);
        let end_s = session.since_charge_s(sealed.end);
        // What the curve implies gives way to what was announced, here also in order:
        // a crossing after first crack is not where drying ended.
        let implied = |kind, before_s: Option<f64>| {
            let at_s = curve.inferred(kind)?.at_s;
            (at_s <= end_s && before_s.is_none_or(|before_s| at_s < before_s)).then_some(at_s)
        };
        let told = |kind| session.mark_s(kind);
        Self {
            turning_point_s: told(MarkKind::TurningPoint)
                .or_else(|| implied(MarkKind::TurningPoint, first_crack_s)),
            dry_end_s: told(MarkKind::DryEnd).or_else(|| implied(MarkKind::DryEnd, first_crack_s)),
            first_crack_s,
            drop_s: session.drop.map(|drop| session.since_charge_s(drop)),
        }
    }

    fn phases(&self, session: &Session) -> Phases {
        let placed = [
            (MarkKind::Charge, Some(0.0)),
            (MarkKind::DryEnd, self.dry_end_s),
            (MarkKind::FirstCrackStart, self.first_crack_s),
            (MarkKind::Drop, self.drop_s),
        ];
        let mark = |kind, at_s| Mark {
            kind,
            at: session.charge.plus_s(at_s),
            source: MarkSource::Inferred,
            confidence: 1.0,
        };
        let marks: Vec<Mark> =
            placed.into_iter().filter_map(|(kind, at_s)| Some(mark(kind, at_s?))).collect();
        Phases::between(&marks)
    }
}

fn grade(session: &Session) -> &'static str {
    if session.n_readings == 0 {
        return "poor";
    }
    let unusable = f64::from(session.n_unusable) / f64::from(session.n_readings);
    let within = |(share, gap_s): (f64, f64)| unusable <= share && session.longest_gap_s <= gap_s;
    if within(GOOD) {
        "good"
    } else if within(FAIR) {
        "fair"
    } else {
        "poor"
    }
}

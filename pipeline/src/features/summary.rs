//! The session row: what one sealed roast comes to.

use std::sync::Arc;

use trier_roast::{Mark, MarkKind, MarkSource, Phases, Quality};
use trier_tables::rows::SessionRow;

use super::curve::Curve;
use crate::sessionize::{AGREE_S, Claims, SURE, Sealed, Session};

/// What may be said against the data of a session, in the order of `grade_reasons`.
pub const GRADE_REASONS: [&str; 15] = [
    "unusable",
    "gap",
    "stuck",
    "unit_suspect",
    "swap_suspect",
    "step_change",
    "coarser",
    "pace_change",
    "lag_suspect",
    "charge_disagrees",
    "drop_disagrees",
    "drop_refuted",
    "marks_disagree",
    "rebooted",
    "no_readings",
];

/// At most this share of unusable samples, and this long without a reading, is `good`.
const GOOD: (f64, f64) = (0.01, 10.0);

/// And this is still `fair`. Anything worse is `poor`.
const FAIR: (f64, f64) = (0.05, 60.0);

/// The row of a session that was `sealed`, with the curve it left behind.
///
/// Charge and drop: by the word that stands, see [`Claims::judged`]. Times of other marks: as
/// first announced, or inferred where nobody announced one, or what was announced cannot be. BT at
/// marks: [`Curve::bt_at_c`].
/// Revision 0; later ones belong to whoever edits. The grade is `good` up to 1 % unusable
/// samples and 10 s without a reading, `fair` up to 5 % and 60 s, else `poor`; a probe that
/// stuck, changed its unit or its place leaves it `poor`; one that became coarse or slow, a word
/// the curve contradicts, and marks told in an order that no roast has, leave it `fair`.
#[must_use]
pub fn session_row(source: &Arc<str>, machine: &Arc<str>, sealed: &Sealed, curve: &Curve) -> SessionRow {
    let session = &sealed.session;
    let at = Times::of(sealed, curve);
    let bt_c = |t_s: Option<f64>| t_s.and_then(|t_s| curve.bt_at_c(t_s));
    let phases = at.phases(session);
    let charge = session.charge_judged();
    let drop = session.drop_judged().filter(|_| session.drop.is_some());
    let (grade, reasons) = grade(session, at.told_in_order);
    SessionRow {
        source: Arc::clone(source),
        machine: Arc::clone(machine),
        session_id: Arc::clone(&session.id),
        revision: 0,
        start_us: session.charge.us(),
        end_us: sealed.end.us(),
        outcome: Arc::from(sealed.outcome().name()),
        seal_cause: Arc::from(sealed.cause.name()),
        charge_source: Arc::from(charge.map_or(MarkSource::Inferred, |judged| judged.source).name()),
        charge_confidence: charge.map_or(0.0, |judged| judged.confidence),
        charge_disagreement_s: session.charge_said.disagreement_s(),
        charge_bt_c: curve.bt_at_c(0.0),
        turning_point_s: at.turning_point_s,
        turning_point_bt_c: bt_c(at.turning_point_s),
        dry_end_s: at.dry_end_s,
        dry_end_bt_c: bt_c(at.dry_end_s),
        first_crack_s: at.first_crack_s,
        first_crack_bt_c: bt_c(at.first_crack_s),
        drop_s: at.drop_s,
        drop_bt_c: bt_c(at.drop_s),
        drop_source: drop.map(|judged| Arc::from(judged.source.name())),
        drop_confidence: drop.map(|judged| judged.confidence),
        drop_disagreement_s: session.drop_said.disagreement_s(),
        drying_s: phases.drying_s,
        maillard_s: phases.maillard_s,
        development_s: phases.development_s,
        development_ratio: phases.development_ratio(),
        n_readings: session.n_readings,
        n_unusable: session.n_unusable,
        gaps: session.gaps,
        longest_gap_s: session.longest_gap_s,
        boots: session.boots(),
        grade: Arc::from(grade),
        grade_reasons: Arc::from(reasons.join("|")),
        trust: Arc::from(session.trust().name()),
    }
}

/// The times that stand for a roast's marks, s since charge.
struct Times {
    turning_point_s: Option<f64>,
    dry_end_s: Option<f64>,
    first_crack_s: Option<f64>,
    drop_s: Option<f64>,
    /// Whether all that was announced can be: beans turn, dry, crack and are dropped, in this order.
    told_in_order: bool,
}

/// Whether the times that are known ascend.
fn is_in_order(times_s: &[Option<f64>]) -> bool {
    times_s.iter().flatten().is_sorted()
}

impl Times {
    /// As announced; but where that is out of order, as the curve or a microphone has it, if they have it in order.
    fn of(sealed: &Sealed, curve: &Curve) -> Self {
        let session = &sealed.session;
        let told = |kind| session.mark_s(kind);
        let (turned_s, dried_s, cracked_s) =
            (told(MarkKind::TurningPoint), told(MarkKind::DryEnd), told(MarkKind::FirstCrackStart));
        let drop_s = session.drop.map(|drop| session.since_charge_s(drop));
        let charge_s = Some(0.0);
        let heard = curve.inferred(MarkKind::FirstCrackStart).filter(|mark| mark.confidence >= SURE);
        let first_crack_s = cracked_s
            .filter(|_| is_in_order(&[charge_s, dried_s, cracked_s, drop_s]))
            .or(heard.map(|mark| mark.at_s))
            .or(cracked_s);
        let end_s = session.since_charge_s(sealed.end);
        // A crossing after first crack is not where drying ended.
        let implied = |kind| {
            let at_s = curve.inferred(kind)?.at_s;
            (at_s <= end_s && first_crack_s.is_none_or(|crack_s| at_s < crack_s)).then_some(at_s)
        };
        let turning_point_s = turned_s
            .filter(|_| is_in_order(&[charge_s, turned_s, dried_s, first_crack_s, drop_s]))
            .or_else(|| implied(MarkKind::TurningPoint))
            .or(turned_s);
        let dry_end_s = dried_s
            .filter(|_| is_in_order(&[charge_s, turning_point_s, dried_s, first_crack_s, drop_s]))
            .or_else(|| implied(MarkKind::DryEnd))
            .or(dried_s);
        let told_in_order = is_in_order(&[charge_s, turned_s, dried_s, cracked_s, drop_s])
            && is_in_order(&[turning_point_s, dried_s]);
        Self { turning_point_s, dry_end_s, first_crack_s, drop_s, told_in_order }
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

/// The grade of a session's data, and what took it down or is odd.
fn grade(session: &Session, told_in_order: bool) -> (&'static str, Vec<&'static str>) {
    if session.n_readings == 0 {
        return ("poor", vec!["no_readings"]);
    }
    let unusable = f64::from(session.n_unusable) / f64::from(session.n_readings);
    let gap_s = session.longest_gap_s;
    let has = |flag: Quality| session.flags.has(flag);
    let disagrees = |said: &Claims| said.disagreement_s().is_some_and(|off_s| off_s.abs() > 2.0 * AGREE_S);
    let frozen = has(Quality::STUCK) || has(Quality::STALE) || has(Quality::CLAMPED);
    // How far down each takes the grade: 0 not at all, 1 to fair, 2 to poor.
    let harms = [
        u8::from(unusable > GOOD.0) + u8::from(unusable > FAIR.0),
        u8::from(gap_s > GOOD.1) + u8::from(gap_s > FAIR.1),
        2 * u8::from(frozen),
        2 * u8::from(has(Quality::UNIT_SUSPECT)),
        2 * u8::from(has(Quality::SWAP_SUSPECT)),
        u8::from(has(Quality::STEP_CHANGE)),
        u8::from(has(Quality::COARSER)),
        u8::from(has(Quality::PACE_CHANGE)),
        u8::from(has(Quality::LAG_SUSPECT)),
        u8::from(disagrees(&session.charge_said)),
        u8::from(disagrees(&session.drop_said)),
        u8::from(session.refuted_drops > 0),
        u8::from(!told_in_order),
        u8::from(session.boots() > 1),
        0,
    ];
    let worst = harms.iter().copied().max().unwrap_or(0);
    let reasons =
        GRADE_REASONS.iter().zip(harms).filter(|(_, harm)| *harm > 0).map(|(name, _)| *name).collect();
    (["good", "fair", "poor"][usize::from(worst.min(2))], reasons)
}

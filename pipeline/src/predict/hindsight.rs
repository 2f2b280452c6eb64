//! Asks again: what predictors would have said of a roast that is over, with what was known before it.

use trier_roast::{MarkKind, MarkSource, Sample};

use super::{
    artisan::Artisan,
    basis::{Basis, EarlierRoast, Usual},
    blend::Blend,
    curve::CurveAhead,
    forecast::Forecast,
    predictor::{Predictor, Seen, Target},
    prior::Prior,
    said::{ASKED, LEADS_S, Moment, Said},
};
use crate::{
    features::{Curve, Point},
    sessionize::PlacedMark,
};

/// The answers at each lead before first crack and before drop that lies after charge, in order of time.
///
/// - `roast`: when its events were; `points`: its usable BT since charge, ascending.
/// - `before`: what was known before it. A plan it may have had is not known any more.
pub(super) fn hindsight(roast: &EarlierRoast, points: &[Point], before: &Basis) -> Vec<Moment> {
    let usual = Usual::of(before);
    let events = [(Target::FirstCrackStart, roast.first_crack_s), (Target::Drop, roast.drop_s)];
    let mut asked: Vec<(f64, Target, f64)> = Vec::new();
    for (target, at_s) in events {
        let now_s = |lead_s: &f64| Some((at_s? - lead_s, target, *lead_s));
        asked.extend(LEADS_S.iter().filter_map(now_s).filter(|(now_s, ..)| *now_s > 0.0));
    }
    asked.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut curve = Curve::default();
    let mut rest = points;
    let mut moments = Vec::with_capacity(asked.len());
    for (now_s, target, lead_s) in asked {
        let (until, after) = rest.split_at(rest.partition_point(|(t_s, _)| *t_s <= now_s));
        rest = after;
        until.iter().for_each(|point| {
            curve.push(*point);
        });
        let cracked = roast.first_crack_s.filter(|at_s| *at_s <= now_s).map(|at_s| PlacedMark {
            kind: MarkKind::FirstCrackStart,
            at_s,
            source: MarkSource::Operator,
            confidence: 1.0,
        });
        let newest = Sample { bt_c: curve.points().last().map(|(_, c)| *c), ..Sample::default() };
        let seen = Seen {
            now_s,
            points: curve.points(),
            newest: &newest,
            warming_since_s: curve.warming_since_s(),
            marks: cracked.as_slice(),
            basis: before,
            usual: &usual,
        };
        moments.push(Moment { target, lead_s, said: all(target, &seen) });
    }
    moments
}

/// What each of [`ASKED`] says.
fn all(target: Target, seen: &Seen<'_>) -> [Option<Said>; ASKED.len()] {
    let members: [&mut dyn Predictor; ASKED.len()] = [&mut CurveAhead, &mut Artisan, &mut Prior, &mut Blend];
    members.map(|predictor| match predictor.forecast(target, seen).checked(seen.now_s) {
        Forecast::Seconds { quantiles, .. } => {
            Some(Said { mid_s: quantiles.p50_s?, interval_s: quantiles.p05_s.zip(quantiles.p95_s) })
        }
        Forecast::Abstain(_) => None,
    })
}

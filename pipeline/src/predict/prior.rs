//! `prior`: when the machine usually is there, given that this roast is not there yet.
//!
//! Reasoning: `constant` says zero for as long as its time has passed, and knows no more
//! than its median. Here the machine's times are believed to scatter, and to lie near those
//! of other machines until enough of its own are known; what is left of that scatter after
//! now gives the answer. It looks at no temperature, and so goes on when the probe
//! fails. Drop is expected by the development time once first crack is marked, or when a plan says so.

use super::{
    basis::{Basis, EarlierRoast},
    belief::{Belief, Kind},
    forecast::Forecast,
    odds::by_time,
    plan::by_plan,
    predictor::{Predictor, Seen, Target},
};
use trier_roast::MarkKind;

/// First-crack start, s since charge: p10, median and p90 of 408 shared roasts are 408, 495 and
/// 625 s; how that splits into between and within machines is our estimate, as below.
const FIRST_CRACK_S: Kind = Kind { mean: 495.0, between: 85.0, within: 60.0 };

/// Drop, s since charge: 508, 662 and 811 s.
const DROP_S: Kind = Kind { mean: 662.0, between: 100.0, within: 65.0 };

/// First-crack start to drop, s: 14, 24 and 34 % of the roast.
const DEVELOPMENT_S: Kind = Kind { mean: 155.0, between: 50.0, within: 35.0 };

/// The machine's usual time, given that it is not there yet.
#[derive(Clone, Copy, Debug, Default)]
pub struct Prior;

impl Predictor for Prior {
    fn name(&self) -> &str {
        "prior"
    }

    fn title(&self) -> &str {
        "the machine's usual time, given that it is not there yet"
    }

    fn version(&self) -> u32 {
        2
    }

    fn forecast(&mut self, target: Target, seen: &Seen<'_>) -> Forecast {
        let first_crack = Target::FirstCrackStart;
        let planned = || by_plan(seen, || by_time(first_crack, seen, &believed(first_crack, seen)));
        let planned = if target == Target::Drop { planned() } else { None };
        planned.unwrap_or_else(|| by_time(target, seen, &believed(target, seen)))
    }
}

/// When `target` is expected, s since charge, before a look at the curve.
pub(super) fn believed(target: Target, seen: &Seen<'_>) -> Belief {
    let cracked = seen.marks.iter().find(|mark| mark.kind == MarkKind::FirstCrackStart);
    match (target, cracked) {
        (Target::FirstCrackStart, _) => told(FIRST_CRACK_S, seen.basis, |roast| roast.first_crack_s),
        (Target::Drop, None) => told(DROP_S, seen.basis, |roast| roast.drop_s),
        (Target::Drop, Some(cracked)) => {
            let took = |roast: &EarlierRoast| Some(roast.drop_s? - roast.first_crack_s?);
            told(DEVELOPMENT_S, seen.basis, took).moved(cracked.at_s, 0.0)
        }
    }
}

/// The belief after what the machine's earlier roasts tell.
pub(super) fn told(kind: Kind, basis: &Basis, tells: impl Fn(&EarlierRoast) -> Option<f64>) -> Belief {
    let told: Vec<(f64, f64)> =
        basis.weighed().filter_map(|(roast, weight)| Some((tells(roast)?, weight))).collect();
    Belief::after(kind, &told)
}

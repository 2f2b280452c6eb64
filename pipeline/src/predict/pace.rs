//! Pace: what the time to 150 °C tells of when first crack comes, and at what BT.
//!
//! Reasoning, from 19 shared machines: one that is at 150 °C after two minutes cracks after six and shows
//! 205 °C then, one that takes six cracks after ten at 180 °C. The first are small, charged cold and have
//! bare probes; the probe's lag and depth move both numbers the same way. Over the logarithm of the time,
//! each is a line, about which machines scatter by little more than half of what they do without it.
//! On one machine the same holds from roast to roast, less steeply: a roast that came to 150 °C sooner
//! cracks sooner and at a higher BT. Both are learned, beginning at half of each second and −10 °C for each factor e.
//!
//! A clock that knows nothing of the pace is off by as much again in a roast of another pace than usual: that is
//! [`clock_off_s2`], by which `blend` trusts it less.

use trier_roast::math;

use super::{
    basis::{Basis, EarlierRoast},
    belief::{Belief, Kind},
    predictor::{Seen, Target},
    prior::{believed, told},
    rises::passed_s,
};
use crate::features::since;

/// BT at first-crack start, °C: p10, median and p90 of 408 shared roasts are 175, 188 and 207.
const BT_C: Kind = Kind { mean: 188.0, between: 12.0, within: 5.5 };

/// Added to the time to there before its logarithm is taken, s, so that a machine whose
/// recording starts hot is not infinitely fast.
const OFFSET_S: f64 = 60.0;

/// The pace that the lines over machines go through: 305 s.
const MIDDLE: f64 = 5.9;

/// No machine lies further from there than this: beyond it nobody has measured.
const REACH: (f64, f64) = (-1.0, 0.6);

/// BT at first crack, °C, over the pace of machines: least squares through the medians of 19 shared ones, which
/// scatter by 9.5 °C about it, and by 14 about their mean.
const BT_LINE_C: (f64, f64) = (187.5, -30.0);
const BT_BETWEEN_C: f64 = 9.5;

/// When first crack comes, s since charge, likewise: 49 s about the line, 88 about the mean. Within a machine
/// it is our estimate.
const TIME_LINE_S: (f64, f64) = (523.0, 221.0);
const TIME_BETWEEN_S: f64 = 50.0;
const TIME_WITHIN_S: f64 = 50.0;

/// Of a second more to 150 °C, so much is a second more to first crack on one machine, where nothing is known; and as
/// how many roasts, with a spread of that time, s, this counts. Less than nothing or half as much again is chance.
const CARRIED: f64 = 0.5;
const CARRIED_ROASTS: f64 = 3.0;
const CARRIED_SPREAD_S: f64 = 40.0;
const CARRIED_REACH: (f64, f64) = (0.0, 1.5);

/// First-crack BT falls by this for each factor e in pace on one machine, °C, where nothing is known; and as
/// how many roasts, with a spread of pace of 0.2, that counts.
const SLOPE_C: f64 = -10.0;
const SLOPE_ROASTS: f64 = 3.0;
const SPREAD: f64 = 0.2;

/// No roast is moved by more than this much of pace: beyond it nobody has measured.
const MOVED: f64 = 0.6;

/// The pace of a machine's earlier roasts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UsualPace {
    /// When they were at 150 °C, the mean, s since charge.
    pub at_150_c_s: f64,
    /// How far they scatter about that, the mean square, s².
    pub scatter_s2: f64,
    /// Of a second more to there, so much was a second more to first crack.
    pub carried: f64,
}

impl UsualPace {
    /// Of the earlier roasts that tell both times; None where none does.
    pub(super) fn of(basis: &Basis) -> Option<Self> {
        let tells = |roast: &EarlierRoast| Some((roast.at_150_c_s?, roast.first_crack_s?));
        let told: Vec<((f64, f64), f64)> =
            basis.weighed().filter_map(|(roast, weight)| Some((tells(roast)?, weight))).collect();
        let weight: f64 = told.iter().map(|(_, w)| w).sum();
        if weight <= 0.0 {
            return None;
        }
        let (mid_s, mid_crack_s) = told
            .iter()
            .fold((0.0, 0.0), |(at, crack), ((at_s, crack_s), w)| (at + w * at_s, crack + w * crack_s));
        let (mid_s, mid_crack_s) = (mid_s / weight, mid_crack_s / weight);
        let kinds = CARRIED_ROASTS * CARRIED_SPREAD_S * CARRIED_SPREAD_S;
        let (mut cross, mut spread) = (0.0, 0.0);
        for ((at_s, crack_s), w) in &told {
            let off_s = (crack_s - mid_crack_s).clamp(-3.0 * TIME_WITHIN_S, 3.0 * TIME_WITHIN_S);
            cross += w * (at_s - mid_s) * off_s;
            spread += w * (at_s - mid_s) * (at_s - mid_s);
        }
        let carried = (cross + kinds * CARRIED) / (spread + kinds);
        Some(Self {
            at_150_c_s: mid_s,
            scatter_s2: spread / weight,
            carried: carried.clamp(CARRIED_REACH.0, CARRIED_REACH.1),
        })
    }
}

/// How far off a clock is in this roast beyond what it usually is, a mean square in s²: how much sooner or later than
/// usual BT was at 150 °C, less the usual scatter of that. Zero before it is there.
pub(super) fn clock_off_s2(seen: &Seen<'_>) -> f64 {
    let usual = seen.usual.pace.zip(at_150_c_s(seen));
    usual.map_or(0.0, |(usual, at_s)| {
        let later_s = at_s - usual.at_150_c_s;
        (later_s * later_s - usual.scatter_s2).max(0.0)
    })
}

/// When first crack is expected and at what BT, with the pace of this roast where that is known.
pub(super) fn first_crack(seen: &Seen<'_>) -> (Belief, Belief) {
    match at_150_c_s(seen) {
        Some(at_s) => (time(seen, at_s), bt(seen, pace(at_s))),
        None => {
            (believed(Target::FirstCrackStart, seen), told(BT_C, seen.basis, |roast| roast.first_crack_bt_c))
        }
    }
}

/// When this roast was at 150 °C, s since charge; None before.
fn at_150_c_s(seen: &Seen<'_>) -> Option<f64> {
    seen.warming_since_s.and_then(|from_s| passed_s(since(seen.points, from_s)))
}

fn pace(at_s: f64) -> f64 {
    math::ln(at_s.max(0.0) + OFFSET_S)
}

/// The line over machines at a pace.
fn on((middle, slope): (f64, f64), pace: f64) -> f64 {
    middle + slope * (pace - MIDDLE).clamp(REACH.0, REACH.1)
}

fn time(seen: &Seen<'_>, at_s: f64) -> Belief {
    let mean = on(TIME_LINE_S, pace(at_s));
    let kind = Kind { mean, between: TIME_BETWEEN_S, within: TIME_WITHIN_S };
    let share = seen.usual.pace.map_or(CARRIED, |usual| usual.carried);
    let carried = |roast: &EarlierRoast| {
        let later_s = roast.at_150_c_s.map_or(0.0, |then_s| at_s - then_s);
        Some(roast.first_crack_s? + share * later_s)
    };
    told(kind, seen.basis, carried)
}

fn bt(seen: &Seen<'_>, own: f64) -> Belief {
    let kind = |moved: f64| {
        let mean = on(BT_LINE_C, own) - moved;
        Kind { mean, between: BT_BETWEEN_C, within: BT_C.within }
    };
    let tells = |roast: &EarlierRoast| Some((pace(roast.at_150_c_s?), roast.first_crack_bt_c?));
    let paced: Vec<((f64, f64), f64)> =
        seen.basis.weighed().filter_map(|(roast, weight)| Some((tells(roast)?, weight))).collect();
    let weight: f64 = paced.iter().map(|(_, w)| w).sum();
    if weight <= 0.0 {
        return told(kind(0.0), seen.basis, |roast| roast.first_crack_bt_c);
    }
    let mean = |of: fn(&(f64, f64)) -> f64| paced.iter().map(|(told, w)| w * of(told)).sum::<f64>() / weight;
    let (mid_pace, mid_c) = (mean(|told| told.0), mean(|told| told.1));
    let prior = SLOPE_ROASTS * SPREAD * SPREAD;
    let (mut cross, mut spread) = (prior * SLOPE_C, prior);
    for ((pace, bt_c), weight) in &paced {
        let off_c = (bt_c - mid_c).clamp(-3.0 * BT_C.within, 3.0 * BT_C.within);
        cross += weight * (pace - mid_pace) * off_c;
        spread += weight * (pace - mid_pace) * (pace - mid_pace);
    }
    let slope = cross / spread;
    let at_mid: Vec<(f64, f64)> =
        paced.iter().map(|((pace, bt_c), w)| (bt_c - slope * (pace - mid_pace), *w)).collect();
    let moved = slope * (own - mid_pace).clamp(-MOVED, MOVED);
    Belief::after(kind(moved), &at_mid).moved(moved, 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::Point;
    use crate::predict::{Basis, Usual};

    /// First crack as expected of a roast that comes to 150 °C at `at_s`, on a machine with `earlier`.
    fn expected(at_s: f64, earlier: Vec<EarlierRoast>) -> (Belief, Belief) {
        let basis = Basis { earlier, ..Basis::default() };
        let usual = Usual::of(&basis);
        let points: Vec<Point> = vec![(0.0, 80.0), (at_s, 150.0)];
        first_crack(&Seen {
            now_s: at_s,
            points: &points,
            newest: &trier_roast::Sample::default(),
            warming_since_s: Some(0.0),
            marks: &[],
            basis: &basis,
            usual: &usual,
        })
    }

    #[test]
    fn a_machine_nobody_knows_is_told_by_its_pace() {
        let (fast, slow) = (expected(120.0, Vec::new()), expected(400.0, Vec::new()));
        // The medians of the shared machines at those paces: 390 s and 206 °C, 580 s and 181 °C.
        assert!(
            (fast.0.mean - 390.0).abs() < 50.0 && (slow.0.mean - 580.0).abs() < 50.0,
            "{fast:?} {slow:?}"
        );
        assert!((fast.1.mean - 206.0).abs() < 5.0 && (slow.1.mean - 181.0).abs() < 5.0, "{fast:?} {slow:?}");
    }

    #[test]
    fn many_own_roasts_outweigh_the_line_and_carry_half_of_a_delay() {
        let own = EarlierRoast {
            first_crack_s: Some(480.0),
            first_crack_bt_c: Some(200.0),
            at_150_c_s: Some(300.0),
            ..EarlierRoast::default()
        };
        let (time, bt) = expected(320.0, vec![own; 60]);
        assert!((time.mean - 490.0).abs() < 3.0, "{time:?}");
        // 20 s of 360 at −10 °C for each e is half a degree.
        assert!((bt.mean - 199.5).abs() < 0.6, "{bt:?}");
    }

    /// What roasts tell that were at 150 °C, and cracked, after so many seconds.
    fn paced(told_s: &[(f64, f64)]) -> Basis {
        let roast = |(at_s, crack_s): &(f64, f64)| EarlierRoast {
            at_150_c_s: Some(*at_s),
            first_crack_s: Some(*crack_s),
            ..EarlierRoast::default()
        };
        Basis { earlier: told_s.iter().map(roast).collect(), ..Basis::default() }
    }

    #[test]
    fn a_machine_shows_how_much_of_a_delay_it_carries_and_one_roast_shows_nothing() {
        let of = |told_s: &[(f64, f64)]| UsualPace::of(&paced(told_s));
        assert_eq!(of(&[]), None);
        let one = of(&[(300.0, 480.0)]).expect("one");
        assert_eq!(one, UsualPace { at_150_c_s: 300.0, scatter_s2: 0.0, carried: CARRIED });
        // Each second of delay is one to first crack: thirty roasts of ± 40 s outweigh the three of the kind.
        let all = of(&[(260.0, 440.0), (340.0, 520.0)].repeat(15)).expect("thirty");
        assert!((all.at_150_c_s - 300.0).abs() < 2.0 && (all.scatter_s2 - 1_600.0).abs() < 2.0, "{all:?}");
        assert!((0.9..1.0).contains(&all.carried), "{all:?}");
    }

    #[test]
    fn a_clock_is_off_by_what_lies_beyond_the_usual_scatter() {
        let basis = paced(&[(280.0, 480.0), (320.0, 480.0)].repeat(20));
        let usual = Usual::of(&basis);
        let off_s2 = |at_s: f64| {
            clock_off_s2(&Seen {
                now_s: 400.0,
                points: &[(0.0, 80.0), (at_s, 150.0)],
                newest: &trier_roast::Sample::default(),
                warming_since_s: Some(0.0),
                marks: &[],
                basis: &basis,
                usual: &usual,
            })
        };
        // It scatters by 20 s: 18 s late is usual, and of 80 s early 80² − 20² are not.
        assert!(off_s2(318.0).abs() < 1e-9);
        assert!((off_s2(220.0) - 6_000.0).abs() < 100.0, "{}", off_s2(220.0));
    }
}

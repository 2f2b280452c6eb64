//! `curve`: where BT is going, where first crack or drop usually are, and when, in one.
//!
//! Reasoning, from 408 shared roasts and the 64 of the shared machines with three or more
//! before them:
//! - A straight line to a temperature comes too early, since the rise falls; so BT is led
//!   along the machine's usual rise over BT, in this roast's ratio to it ([`Rises`]).
//! - Marks scatter by 3 to 10 °C on one machine, and roasters keep times too: both the BT
//!   and the time are beliefs with a width, held towards all machines' while few roasts are known.
//! - A roast that came to 150 °C sooner cracks at a higher BT, on every machine looked at:
//!   the probe lags, and chemistry takes its time. That is learned, beginning at −10 °C
//!   for each factor e in pace.
//! - It has not happened yet. A slope that has reached its target says "now" for a minute;
//!   here what is left of the scatter speaks, as in `prior`.
//!
//! The evidence of time counts half: the same roasts told it that told the temperature.

use trier_roast::{math, ror::line_through};

use crate::features::since;

use super::{
    aim,
    basis::EarlierRoast,
    belief::{Belief, Kind},
    forecast::{Forecast, Used},
    odds::{STEP_S, quantiles},
    predictor::{Predictor, Seen, Target},
    prior::{believed, by_time, told},
    rises::{Path, WINDOW_S, passed_s},
};

/// BT at first-crack start, °C: p10, median and p90 of 408 shared roasts are 175, 188 and 207.
const FIRST_CRACK_C: Kind = Kind { mean: 188.0, between: 12.0, within: 5.5 };

/// BT at drop, °C: 190, 214 and 223.
const DROP_C: Kind = Kind { mean: 210.0, between: 12.0, within: 5.0 };

/// A planned drop BT is met this well, °C: half a sample's rise and a hand's delay.
const PLAN_SD_C: f64 = 1.5;

/// Added to the time to there before its logarithm is taken, s, so that a machine whose
/// recording starts hot is not infinitely fast.
const PACE_OFFSET_S: f64 = 60.0;

/// The usual time to 150 °C, s: between the medians of turning point and dry end.
const PACE_S: f64 = 300.0;

/// First-crack BT falls by this for each factor e in pace, °C, where nothing is known; and as
/// how many roasts, with a spread of pace of 0.2, that counts.
const PACE_SLOPE_C: f64 = -10.0;
const PACE_SLOPE_ROASTS: f64 = 3.0;
const PACE_SPREAD: f64 = 0.2;

/// No roast is moved by more than this much of pace: beyond it nobody has measured.
const PACE_REACH: f64 = 0.6;

/// Where BT is led is off by this share of how far it is led (standard deviation).
const LED_SHARE: f64 = 0.25;

/// Of the window of the rise, this much must be there, s.
const SPAN_S_MIN: f64 = 20.0;

/// Time, temperature and the bend of the curve together.
#[derive(Clone, Copy, Debug, Default)]
pub struct CurveAhead;

impl Predictor for CurveAhead {
    fn name(&self) -> &str {
        "curve"
    }

    fn title(&self) -> &str {
        "the machine's usual bend, first-crack BT and time, together"
    }

    fn version(&self) -> u32 {
        1
    }

    fn forecast(&mut self, target: Target, seen: &Seen<'_>) -> Forecast {
        let when = believed(target, seen);
        let window = match aim::warming_window(seen, WINDOW_S, SPAN_S_MIN) {
            Ok(window) => window,
            // Before there is a rise there is still a usual time.
            Err(why) if why.code() == "too_early" => return by_time(target, seen, &when),
            Err(why) => return Forecast::Abstain(why),
        };
        let Some(line) = line_through(window).filter(|line| line.slope_c_per_s > 0.0) else {
            return by_time(target, seen, &when);
        };
        let (bt_c, rise) = (line.at_c(seen.now_s), line.slope_c_per_s);
        let aimed = aimed(target, seen);
        let mut path = Path::from(&seen.usual.rises_c_per_s, bt_c, &line);
        let quantiles = quantiles(|step| {
            #[allow(clippy::cast_precision_loss)] // A thousand steps.
            let ahead_s = STEP_S * (step as f64 + 0.5);
            let (there_c, rise) = path.step(STEP_S);
            let at = aimed.moved(0.0, LED_SHARE * rise * ahead_s);
            when.odds(seen.now_s + ahead_s).sqrt() * at.odds(there_c) / at.sd * rise
        });
        let Some(quantiles) = quantiles else {
            return by_time(target, seen, &when);
        };
        let reasons = vec![
            format!("BT {bt_c:.1} °C rises {:.1} °C/min", 60.0 * rise),
            format!("expected at {:.1} ± {:.1} °C", aimed.mean, aimed.sd),
            format!("and {:.0} ± {:.0} s after charge", when.mean, when.sd),
        ];
        let used = Used::of(window, seen.basis.earlier.len());
        Forecast::Seconds { quantiles, reasons, used }
    }
}

/// The BT at which `target` is expected.
pub(super) fn aimed(target: Target, seen: &Seen<'_>) -> Belief {
    match (target, seen.basis.drop_target_bt_c.filter(|c| c.is_finite())) {
        (Target::FirstCrackStart, _) => first_crack(seen),
        (Target::Drop, Some(plan_c)) => Belief { mean: plan_c, sd: PLAN_SD_C },
        (Target::Drop, None) => told(DROP_C, seen.basis, |roast| roast.drop_bt_c),
    }
}

/// First-crack BT, by the pace of this roast where it is known already.
fn first_crack(seen: &Seen<'_>) -> Belief {
    let pace = |at_s: f64| math::ln(at_s.max(0.0) + PACE_OFFSET_S);
    let own_pace = seen.warming_since_s.and_then(|from_s| passed_s(since(seen.points, from_s))).map(pace);
    let Some(own_pace) = own_pace else {
        return told(FIRST_CRACK_C, seen.basis, |roast| roast.first_crack_bt_c);
    };
    let tells = |roast: &EarlierRoast| Some((pace(roast.at_150_c_s?), roast.first_crack_bt_c?));
    let paced: Vec<((f64, f64), f64)> =
        seen.basis.weighed().filter_map(|(roast, weight)| Some((tells(roast)?, weight))).collect();
    let weight: f64 = paced.iter().map(|(_, w)| w).sum();
    if weight <= 0.0 {
        let offset = PACE_SLOPE_C * (own_pace - pace(PACE_S)).clamp(-PACE_REACH, PACE_REACH);
        return told(FIRST_CRACK_C, seen.basis, |roast| roast.first_crack_bt_c).moved(offset, 0.0);
    }
    let mean = |of: fn(&(f64, f64)) -> f64| paced.iter().map(|(told, w)| w * of(told)).sum::<f64>() / weight;
    let (mid_pace, mid_c) = (mean(|told| told.0), mean(|told| told.1));
    let prior = PACE_SLOPE_ROASTS * PACE_SPREAD * PACE_SPREAD;
    let (mut cross, mut spread) = (prior * PACE_SLOPE_C, prior);
    for ((pace, bt_c), weight) in &paced {
        let off_c = (bt_c - mid_c).clamp(-3.0 * FIRST_CRACK_C.within, 3.0 * FIRST_CRACK_C.within);
        cross += weight * (pace - mid_pace) * off_c;
        spread += weight * (pace - mid_pace) * (pace - mid_pace);
    }
    let slope = cross / spread;
    let at_mid: Vec<(f64, f64)> =
        paced.iter().map(|((pace, bt_c), w)| (bt_c - slope * (pace - mid_pace), *w)).collect();
    let offset = slope * (own_pace - mid_pace).clamp(-PACE_REACH, PACE_REACH);
    Belief::after(FIRST_CRACK_C, &at_mid).moved(offset, 0.0)
}

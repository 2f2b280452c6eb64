//! `curve`: where BT is going, where first crack or drop usually are, and when, in one.
//!
//! Reasoning, from 408 shared roasts and the 64 of the shared machines with three or more
//! before them:
//! - A straight line to a temperature comes too early, since the rise falls; so BT is led
//!   along the machine's usual rise over BT, in this roast's ratio to it ([`Rises`]).
//! - Marks scatter by 3 to 10 °C on one machine, and roasters keep times too: both the BT
//!   and the time are beliefs with a width, held towards all machines' while few roasts are known.
//! - The time to 150 °C tells much of both, most where no roast of the machine is known (`pace.rs`).
//! - It has not happened yet. A slope that has reached its target says "now" for a minute;
//!   here what is left of the scatter speaks, as in `prior`.
//! - A roast that stands still short of first crack has no time to it: then nothing is said.
//!
//! The evidence of time counts half where the same roasts told it that told the temperature.

use trier_roast::ror::line_through;

use super::{
    abstain::Abstain,
    aim,
    belief::{Belief, Kind},
    forecast::{Forecast, Used},
    odds::{STEP_S, by_time, quantiles},
    pace,
    plan::{DropPlan, by_plan},
    predictor::{Predictor, Seen, Target},
    prior::{believed, told},
    rises::{Path, WINDOW_S},
};

/// BT at drop, °C: p10, median and p90 of 408 shared roasts are 190, 214 and 223.
const DROP_C: Kind = Kind { mean: 210.0, between: 12.0, within: 5.0 };

/// Where BT is led is off by this share of how far it is led (standard deviation).
const LED_SHARE: f64 = 0.25;

/// Of the window of the rise, this much must be there, s.
const SPAN_S_MIN: f64 = 20.0;

/// A roast stands still when BT rises by less than this over that long, of which so much must be there: at that
/// rise the last 10 °C take longer than any roaster waits.
const STALL_C_PER_MIN: f64 = 1.0;
const STALL_WINDOW_S: f64 = 90.0;
const STALL_SPAN_S_MIN: f64 = 60.0;

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
        4
    }

    fn forecast(&mut self, target: Target, seen: &Seen<'_>) -> Forecast {
        let planned = if target == Target::Drop {
            by_plan(seen, || self.forecast(Target::FirstCrackStart, seen))
        } else {
            None
        };
        if let Some(planned) = planned {
            return planned;
        }
        let (when, aimed) = expected(target, seen);
        let window = match aim::warming_window(seen, WINDOW_S, SPAN_S_MIN) {
            Ok(window) => window,
            // Before there is a rise there is still a usual time.
            Err(why) if why.code() == "too_early" => return by_time(target, seen, &when),
            Err(why) => return Forecast::Abstain(why),
        };
        if let Some(why) = stalled(target, seen, &aimed) {
            return Forecast::Abstain(why);
        }
        let Some(line) = line_through(window).filter(|line| line.slope_c_per_s > 0.0) else {
            return by_time(target, seen, &when);
        };
        let (bt_c, rise) = (line.at_c(seen.now_s), line.slope_c_per_s);
        let of_time = time_counts(seen);
        let mut path = Path::from(&seen.usual.rises_c_per_s, bt_c, &line);
        let quantiles = quantiles(|step| {
            #[allow(clippy::cast_precision_loss)] // A thousand steps.
            let ahead_s = STEP_S * (step as f64 + 0.5);
            let (there_c, rise) = path.step(STEP_S);
            let at = aimed.moved(0.0, LED_SHARE * rise * ahead_s);
            of_time(when.odds(seen.now_s + ahead_s)) * at.odds(there_c) / at.sd * rise
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

/// Why nothing is said of first crack while BT stands still short of it: no clock brings it then.
///
/// The window is long, so that a probe's noise or a short dip of the flame is no standstill.
fn stalled(target: Target, seen: &Seen<'_>, aimed: &Belief) -> Option<Abstain> {
    let window = aim::warming_window(seen, STALL_WINDOW_S, STALL_SPAN_S_MIN).ok()?;
    let line = line_through(window)?;
    let c_per_min = 60.0 * line.slope_c_per_s;
    let short_c = aimed.mean - aimed.sd - line.at_c(seen.now_s);
    let is_still = target == Target::FirstCrackStart && c_per_min < STALL_C_PER_MIN && short_c > 0.0;
    is_still.then_some(Abstain::RisingTooSlowly { c_per_min, short_c })
}

/// When `target` is expected and at what BT.
pub(super) fn expected(target: Target, seen: &Seen<'_>) -> (Belief, Belief) {
    let plan = seen.drop_plan();
    match target {
        Target::FirstCrackStart => pace::first_crack(seen),
        Target::Drop => (
            plan.and_then(DropPlan::beside).unwrap_or_else(|| believed(target, seen)),
            plan.and_then(DropPlan::aimed)
                .unwrap_or_else(|| told(DROP_C, seen.basis, |roast| roast.drop_bt_c)),
        ),
    }
}

/// What the odds of a time count for: their square root where roasts of the machine told both it and the BT,
/// and so err together; all of them where other machines did.
fn time_counts(seen: &Seen<'_>) -> impl Fn(f64) -> f64 {
    /// Other machines count as this many roasts.
    const KIND_ROASTS: f64 = 1.0;
    let own: f64 = seen.basis.weighed().map(|(_, weight)| weight).sum();
    let kinds = KIND_ROASTS / (own + KIND_ROASTS);
    move |odds| kinds * odds + (1.0 - kinds) * odds.sqrt()
}

//! What a plan says about when to drop, and what follows for the forecast.
//!
//! By BT it is a question of the curve, and predictors aim there. By time or by development it is one of
//! the clock and of first crack: these are answered here, the same for all that state intervals.

use super::{
    belief::Belief,
    forecast::Forecast,
    odds::by_time,
    predictor::{Seen, Target},
};
use trier_roast::MarkKind;

/// When to drop, by the plan.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum DropPlan {
    /// When BT reaches this, °C.
    BtC(f64),
    /// This long after charge, s.
    TimeS(f64),
    /// This long after first crack started, s.
    DevelopmentS(f64),
    /// When the time since first crack is this share of that since charge, 0 to 1.
    DevelopmentRatio(f64),
    /// As in the roast of a profile, which is followed by BT with an eye on the clock.
    Profile {
        /// BT at its drop, °C.
        bt_c: f64,
        /// Its drop, s since charge.
        at_s: f64,
    },
}

/// A planned time is met this well, s: a hand's delay and the door.
const TIME_SD_S: f64 = 5.0;

/// A planned drop BT is met this well, °C: half a sample's rise and a hand's delay.
const BT_SD_C: f64 = 1.5;

/// A profile is followed this well: our estimate, twice a plan's BT, and half a minute.
const PROFILE_SD_C: f64 = 3.0;
const PROFILE_SD_S: f64 = 30.0;

impl DropPlan {
    /// Whether its numbers can be those of a roast; one that is not so is no plan.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        match *self {
            Self::BtC(c) => c.is_finite(),
            Self::TimeS(s) | Self::DevelopmentS(s) => s.is_finite() && s > 0.0,
            Self::DevelopmentRatio(ratio) => ratio > 0.0 && ratio < 1.0,
            Self::Profile { bt_c, at_s } => bt_c.is_finite() && at_s.is_finite() && at_s > 0.0,
        }
    }

    /// The BT to drop at, °C, where it says one.
    #[must_use]
    pub const fn bt_c(&self) -> Option<f64> {
        match *self {
            Self::BtC(bt_c) | Self::Profile { bt_c, .. } => Some(bt_c),
            Self::TimeS(_) | Self::DevelopmentS(_) | Self::DevelopmentRatio(_) => None,
        }
    }

    /// The BT at drop as it is believed then.
    pub(super) fn aimed(&self) -> Option<Belief> {
        let sd = if matches!(self, Self::Profile { .. }) { PROFILE_SD_C } else { BT_SD_C };
        Some(Belief { mean: self.bt_c()?, sd })
    }

    /// The time of drop as it is believed then, s since charge, beside a BT.
    pub(super) const fn beside(&self) -> Option<Belief> {
        match *self {
            Self::Profile { at_s, .. } => Some(Belief { mean: at_s, sd: PROFILE_SD_S }),
            _ => None,
        }
    }
}

/// The forecast of drop by a plan that names a time or a development; None by any other.
///
/// - `first_crack`: that of first crack, wanted only while it is not marked.
pub(super) fn by_plan(seen: &Seen<'_>, first_crack: impl FnOnce() -> Forecast) -> Option<Forecast> {
    let cracked_s = seen.marks.iter().find(|m| m.kind == MarkKind::FirstCrackStart).map(|m| m.at_s);
    let now_s = seen.now_s;
    let sure = |at_s: f64, why: String| {
        let mut forecast = by_time(Target::Drop, seen, &Belief { mean: at_s, sd: TIME_SD_S });
        if let Forecast::Seconds { reasons, .. } = &mut forecast {
            reasons.insert(0, why);
        }
        forecast
    };
    match (*seen.drop_plan()?, cracked_s) {
        (DropPlan::TimeS(at_s), _) => Some(sure(at_s, format!("plan: drop {at_s:.0} s after charge"))),
        (DropPlan::DevelopmentS(took_s), Some(cracked_s)) => {
            Some(sure(cracked_s + took_s, format!("plan: {took_s:.0} s after first crack")))
        }
        (DropPlan::DevelopmentS(took_s), None) => {
            let why = format!("plan: {took_s:.0} s after first crack, which is not marked yet");
            Some(after(first_crack(), why, |left_s| left_s + took_s))
        }
        (DropPlan::DevelopmentRatio(ratio), Some(cracked_s)) => {
            let why = format!("plan: development of {:.1} % of the roast", 100.0 * ratio);
            Some(sure(cracked_s / (1.0 - ratio), why))
        }
        (DropPlan::DevelopmentRatio(ratio), None) => {
            let why = format!("plan: development of {:.1} % of the roast, not begun yet", 100.0 * ratio);
            Some(after(first_crack(), why, |left_s| (now_s + left_s) / (1.0 - ratio) - now_s))
        }
        (DropPlan::BtC(_) | DropPlan::Profile { .. }, _) => None,
    }
}

/// First crack's forecast moved to drop by `to_drop_s`, which never falls.
fn after(first_crack: Forecast, why: String, to_drop_s: impl Fn(f64) -> f64) -> Forecast {
    match first_crack {
        Forecast::Seconds { quantiles, mut reasons, used } => {
            reasons.insert(0, why);
            Forecast::Seconds { quantiles: quantiles.map(to_drop_s), reasons, used }
        }
        abstain @ Forecast::Abstain(_) => abstain,
    }
}

//! Suggestions: which change of gas would bring first crack to where a profile has it.
//!
//! A value to read, never a command: nothing here knows how to reach a machine. What a change would do is
//! found by leading the [`Twin`] ahead with it, not by a rule of thumb; where the twin is unsure or the
//! change would be out of bounds, it says so instead.

use crate::predict::{Abstain, Quantiles, Seen, Twin};

/// Nobody is told to move the gas by more than this at once, points of full.
pub const GAS_PCT_MAX: f64 = 20.0;

/// First crack this near to the profile is on it, s: what a mark by hand scatters by.
const ON_PACE_S: f64 = 10.0;

/// An interval of 90 % wider than this is no ground to act on, s.
const WIDTH_S_MAX: f64 = 150.0;

/// With less time to go than this no change of gas is felt before first crack, s.
const TO_GO_S_MIN: f64 = 45.0;

/// Changes tried to find one: halves the bounds to a quarter of a point.
const TRIES: usize = 7;

/// A change of gas and what the twin makes of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// From, % of full.
    pub from_pct: f64,
    /// To, % of full.
    pub to_pct: f64,
    /// Seconds to first crack then.
    pub first_crack: Quantiles,
}

/// Why nothing is suggested.
#[derive(Clone, Debug, PartialEq)]
pub enum NoChange {
    /// First crack will come where it should, as far as can be told.
    OnPace,
    /// Too little time is left.
    TooLate {
        /// How much, s.
        to_go_s: f64,
    },
    /// The twin does not know well enough when first crack comes.
    Unsure {
        /// Width of its interval of 90 %, s.
        width_s: f64,
    },
    /// No change within bounds meets the profile.
    OutOfReach {
        /// The change tried, points of gas.
        gas_pct: f64,
        /// How far first crack would still be off, s; positive is after the profile.
        left_s: f64,
    },
    /// The twin gives no answer.
    Abstain(Abstain),
}

/// What can be said of a roast against its profile.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// When, s since charge.
    pub now_s: f64,
    /// When the profile has first crack, s since charge.
    pub wanted_s: f64,
    /// Seconds to first crack as the roast goes on; None where the twin gives no answer.
    pub as_it_is: Option<Quantiles>,
    /// What would meet the profile, or why there is nothing.
    pub change: Result<Change, NoChange>,
}

impl NoChange {
    /// The stable reason code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::OnPace => "on_pace",
            Self::TooLate { .. } => "too_late",
            Self::Unsure { .. } => "unsure",
            Self::OutOfReach { .. } => "out_of_reach",
            Self::Abstain(why) => why.code(),
        }
    }
}

impl std::fmt::Display for NoChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::OnPace => write!(f, "on the profile's pace"),
            Self::TooLate { to_go_s } => {
                write!(f, "{to_go_s:.0} s are too few for a change of gas to be felt")
            }
            Self::Unsure { width_s } => {
                write!(f, "not sure enough: the interval of 90 % is {width_s:.0} s wide")
            }
            Self::OutOfReach { gas_pct, left_s } => {
                write!(f, "{gas_pct:+.0} points of gas would still leave it {left_s:+.0} s off")
            }
            Self::Abstain(why) => write!(f, "{why}"),
        }
    }
}

impl std::fmt::Display for Suggestion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(off_s) = self.off_s() {
            let side = if off_s < 0.0 { "before" } else { "after" };
            write!(f, "at this pace first crack comes {:.0} s {side} the profile; ", off_s.abs())?;
        }
        match &self.change {
            Err(why) => write!(f, "{why}"),
            Ok(change) => {
                let less = if change.to_pct < change.from_pct { "less" } else { "more" };
                write!(
                    f,
                    "{less} gas by {:.0} points, {:.0} % instead of {:.0} %, would meet it",
                    (change.to_pct - change.from_pct).abs(),
                    change.to_pct,
                    change.from_pct
                )
            }
        }
    }
}

impl Suggestion {
    /// How far first crack will be off the profile as the roast goes on, s; positive is after it.
    #[must_use]
    pub fn off_s(&self) -> Option<f64> {
        Some(self.now_s + self.as_it_is?.p50_s? - self.wanted_s)
    }
}

/// What to say now of a roast whose profile has first crack at `wanted_s` after charge.
pub fn suggest(twin: &mut Twin, seen: &Seen<'_>, wanted_s: f64) -> Suggestion {
    let now_s = seen.now_s;
    match twin.first_crack_with(seen, 0.0) {
        Err(why) => Suggestion { now_s, wanted_s, as_it_is: None, change: Err(NoChange::Abstain(why)) },
        Ok(as_it_is) => {
            let change = find(twin, seen, wanted_s, &as_it_is);
            Suggestion { now_s, wanted_s, as_it_is: Some(as_it_is), change }
        }
    }
}

/// The change that meets the profile, by bisection: more gas is never later.
fn find(twin: &mut Twin, seen: &Seen<'_>, wanted_s: f64, as_it_is: &Quantiles) -> Result<Change, NoChange> {
    let wanted_to_go_s = wanted_s - seen.now_s;
    let off_s = |quantiles: &Quantiles| quantiles.p50_s.unwrap_or(f64::INFINITY) - wanted_to_go_s;
    let within = |low: Option<f64>, high: Option<f64>| {
        low.zip(high).is_some_and(|(low, high)| (low..=high).contains(&wanted_to_go_s))
    };
    let now_off_s = off_s(as_it_is);
    if now_off_s.abs() <= ON_PACE_S || within(as_it_is.p25_s, as_it_is.p75_s) {
        return Err(NoChange::OnPace);
    }
    let to_go_s = as_it_is.p50_s.unwrap_or(0.0);
    if to_go_s < TO_GO_S_MIN || wanted_to_go_s < TO_GO_S_MIN {
        return Err(NoChange::TooLate { to_go_s: to_go_s.min(wanted_to_go_s.max(0.0)) });
    }
    let width_s = as_it_is.p95_s.zip(as_it_is.p05_s).map_or(f64::INFINITY, |(high, low)| high - low);
    if width_s > WIDTH_S_MAX {
        return Err(NoChange::Unsure { width_s });
    }
    let from_pct = twin.controls().gas_pct.unwrap_or(0.0);
    let limit = if now_off_s < 0.0 { -GAS_PCT_MAX } else { GAS_PCT_MAX };
    let limit = (from_pct + limit).clamp(0.0, 100.0) - from_pct;
    let tried =
        |gas_pct: f64, twin: &mut Twin| twin.first_crack_with(seen, gas_pct).map_err(NoChange::Abstain);
    let at_limit = off_s(&tried(limit, twin)?);
    if at_limit * now_off_s > 0.0 && at_limit.abs() > ON_PACE_S {
        return Err(NoChange::OutOfReach { gas_pct: limit, left_s: at_limit });
    }
    let (mut near, mut far) = (0.0, limit);
    for _ in 0..TRIES {
        let middle = 0.5 * (near + far);
        if off_s(&tried(middle, twin)?) * now_off_s > 0.0 { near = middle } else { far = middle }
    }
    // To whole points, as controls are set, and led ahead once more as it would be set.
    let gas_pct = (0.5 * (near + far)).round();
    let first_crack = tried(gas_pct, twin)?;
    let left_s = off_s(&first_crack);
    if left_s.abs() >= now_off_s.abs() {
        return Err(NoChange::OutOfReach { gas_pct, left_s });
    }
    Ok(Change { from_pct, to_pct: from_pct + gas_pct, first_crack })
}

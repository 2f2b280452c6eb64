//! Where a slope is aimed: a BT, whose it is, and when a line gets there.

use trier_roast::ror::Line;

use super::{
    abstain::Abstain,
    forecast::{Forecast, Used},
    plan::DropPlan,
    predictor::{Seen, Target},
};
use crate::features::{Point, since, span_s};

/// BT older than this is no basis for a slope, s.
const STALE_S: f64 = 10.0;

/// A slower rise than this says nothing about when, °C/s: half a degree per minute.
const RISE_C_PER_S_MIN: f64 = 0.5 / 60.0;

/// The fewest points that a slope is taken through.
const POINTS_MIN: usize = 4;

/// A BT to reach, and where the number comes from.
pub(super) struct Aim {
    bt_c: f64,
    from: String,
    /// Earlier roasts that tell it.
    roasts: usize,
}

impl Aim {
    /// A target that is the same for all.
    pub(super) fn fixed(bt_c: f64) -> Self {
        Self { bt_c, from: format!("fixed first-crack BT {bt_c:.1} °C"), roasts: 0 }
    }

    /// The machine's own median first-crack BT.
    pub(super) fn own_first_crack(seen: &Seen<'_>) -> Result<Self, Abstain> {
        let own = seen.usual.first_crack_bt_c.ok_or(Abstain::NoHistory { of: "first-crack BT" })?;
        let from = format!("own median first crack {:.1} °C of {}", own.value, roasts(own.roasts));
        Ok(Self { bt_c: own.value, from, roasts: own.roasts })
    }

    /// The plan's drop BT, or else the machine's own median.
    pub(super) fn drop(seen: &Seen<'_>) -> Result<Self, Abstain> {
        if let Some(bt_c) = seen.drop_plan().and_then(DropPlan::bt_c) {
            return Ok(Self { bt_c, from: format!("planned drop BT {bt_c:.1} °C"), roasts: 0 });
        }
        let own = seen.usual.drop_bt_c.ok_or(Abstain::NoDropTarget)?;
        let from = format!("own median drop {:.1} °C of {}", own.value, roasts(own.roasts));
        Ok(Self { bt_c: own.value, from, roasts: own.roasts })
    }

    /// The time from now until `line` reaches this BT.
    ///
    /// Zero when it is there already; an abstain when it hardly rises.
    fn reached_by(&self, line: &Line, window: &[Point], now_s: f64) -> Forecast {
        let used = Used::of(window, self.roasts);
        let bt_c = line.at_c(now_s);
        let short_c = self.bt_c - bt_c;
        let c_per_min = line.slope_c_per_s * 60.0;
        if short_c <= 0.0 {
            let there = format!("BT {bt_c:.1} °C is at or above the target");
            return Forecast::point(0.0, vec![there, self.from.clone()], used);
        }
        if line.slope_c_per_s < RISE_C_PER_S_MIN {
            return Forecast::Abstain(Abstain::RisingTooSlowly { c_per_min, short_c });
        }
        let rise = format!("BT {bt_c:.1} °C rises {c_per_min:.1} °C/min");
        Forecast::point(short_c / line.slope_c_per_s, vec![rise, self.from.clone()], used)
    }
}

/// "1 roast", "5 roasts".
pub(super) fn roasts(n: usize) -> String {
    format!("{n} roast{}", if n == 1 { "" } else { "s" })
}

/// The part of the warming curve to take a slope through: the newest `window_s`.
///
/// # Errors
/// `no_bt` when the newest point is over 10 s old; `too_early` before BT is seen to
/// warm, or when the points span less than `span_s_min` or are fewer than four.
pub(super) fn warming_window<'a>(
    seen: &Seen<'a>,
    window_s: f64,
    span_s_min: f64,
) -> Result<&'a [Point], Abstain> {
    let newest_s = seen.points.last().ok_or(Abstain::NoBt { for_s: None })?.0;
    if seen.now_s - newest_s > STALE_S {
        return Err(Abstain::NoBt { for_s: Some(seen.now_s - newest_s) });
    }
    let warming_since_s = seen.warming_since_s.ok_or(Abstain::BeforeTurningPoint)?;
    let window = since(seen.points, warming_since_s.max(newest_s - window_s));
    if window.len() < POINTS_MIN || span_s(window) < span_s_min {
        return Err(not_full(window_s, window));
    }
    Ok(window)
}

/// The abstain for a window that holds too little.
pub(super) fn not_full(window_s: f64, window: &[Point]) -> Abstain {
    Abstain::WindowNotFull { window_s, span_s: span_s(window), points: window.len() }
}

/// The same for both slope predictors: aim, line with the points it rests on, time.
pub(super) fn forecast<'a>(
    target: Target,
    seen: &Seen<'a>,
    first_crack: impl Fn(&Seen<'a>) -> Result<Aim, Abstain>,
    line: impl Fn(&Seen<'a>) -> Result<(Line, &'a [Point]), Abstain>,
) -> Forecast {
    let aim = match target {
        Target::FirstCrackStart => first_crack(seen),
        Target::Drop => Aim::drop(seen),
    };
    // A basis that is missing stays missing all roast, so it is named before what
    // a little patience would mend.
    match aim.and_then(|aim| Ok((aim, line(seen)?))) {
        Ok((aim, (line, window))) => aim.reached_by(&line, window, seen.now_s),
        Err(why) => Forecast::Abstain(why),
    }
}

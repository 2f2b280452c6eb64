//! Shape: what the breaks of the curve mean for a machine that is idle, or roasting.
//!
//! An idle hot machine plunges when it is charged; one that is charged cold leaves room
//! temperature behind. While beans are in, BT bends gently: when it breaks, they have left,
//! down where cold air follows them, up where a hot drum was hidden behind them. A plunge
//! that turns and climbs again was a charge, whatever it was taken for.

use trier_roast::EventTime;

use super::breaks::{Break, Breaks};
use super::claims::Shown;

/// A plunge at charge bends the curve by this at least, °C/s; slow probes in small batches by 0.4.
const PLUNGE_C_PER_S: f64 = 0.33;
/// And leads down by this, °C/s.
const PLUNGING_C_PER_S: f64 = 0.25;

/// A chamber this warm still plunges, if sharply, °C.
const LUKEWARM_C: f64 = 40.0;

/// An empty machine that falls faster than this, °C/s, is cooling; a charge then bends the
/// curve by this many times that fall.
const FLAT_C_PER_S: f64 = -0.3;
const SHARPER_THAN_COOLING: f64 = 2.5;

/// A machine at room temperature shows no more than this, °C.
pub(super) const COLD_C: f64 = 70.0;

/// A cold machine that is charged warms by this at least, °C/s. Empty drums heat up more slowly.
const COLD_RISE_C_PER_S: f64 = 0.25;

/// Beans do not leave colder than this with an upward break, °C: below, controls bend the curve as much.
const UPWARD_DROP_C: f64 = 180.0;

/// A machine that was emptied and only cools since makes knees when a fan or a door is moved; a charge bends
/// its curve by this at least, °C/s. It has been heated again once it has warmed by so much, °C.
const OUT_OF_COOLING_C_PER_S: f64 = 1.0;
const REHEATED_C: f64 = 5.0;

/// A machine that was emptied stands with its door open, and tray and fan bend its curve as beans do, until it has been
/// heated for the next roast by so much, °C: until then no fall is believed early.
const HEATED_C: f64 = 15.0;

/// A hole in the curve this long, s, hides a break.
const HOLE_S: f64 = 6.0;

/// An upward break at drop, °C/s. Alone; and with ET breaking the same way at the same time.
const UPWARD_C_PER_S: f64 = 0.5;
const UPWARD_WITH_ET_C_PER_S: f64 = 0.24;

/// BT and ET break together when they break within this, s.
const TOGETHER_S: f64 = 6.0;

/// Beans do not leave colder than this with a downward break, °C.
pub(super) const DOWNWARD_DROP_C: f64 = 130.0;

/// And leads down by this, °C/s.
const FALLING_C_PER_S: f64 = 0.2;

/// A plunge of this much, °C, that climbs again by that, °C, was a charge.
const TURN_FALL_C: f64 = 30.0;
const TURN_RISE_C: f64 = 12.0;

/// Beans warm no faster than this, °C/s: a faster climb is that of a probe which looks elsewhere.
const TURN_C_PER_S_MAX: f64 = 1.5;

/// A dip of less that climbs again by this, °C, was a fan turned up, or a door that stood open.
const BACK_C: f64 = 6.0;

/// Either comes within this, s.
const TURN_S: f64 = 150.0;

/// And stays there for so long, s.
const RISEN_S: f64 = 8.0;

/// So long after an upward drop, s, BT is so far above where it was led, °C; or it was none.
const LEAP_S: f64 = 18.0;
const LEAP_C: f64 = 3.0;

/// A drop and the next charge are further apart than this, s.
pub(super) const SAME_FALL_S: f64 = 15.0;

/// Confidence of a drop that only bends the curve down gently: a fan turned up does that too.
const GENTLE: f64 = 0.5;

/// A drop is looked for this long after charge, s, and once BT has warmed by so much, °C.
const DROP_S_MIN: f64 = 60.0;
const WARMED_C: f64 = 15.0;

/// What the curve shows has happened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Event {
    /// Beans went in; the machine was hot or cold.
    Charge(Shown, Heat),
    /// Beans came out.
    Drop(Shown),
    /// What was shown as a drop was the next charge.
    DropWasCharge(Shown),
    /// What was shown as a drop was none: BT came back.
    DropWithdrawn,
}

/// Beans in the machine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Beans {
    /// Since when.
    pub since: EventTime,
    /// Lowest BT since, °C.
    pub low_c: f64,
    /// How warm the machine was then.
    pub heat: Heat,
}

/// How warm the machine was when it was charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heat {
    /// Preheated: BT plunges.
    Hot,
    /// At room temperature: BT rises at once.
    Cold,
}

/// A fall that may yet turn.
#[derive(Clone, Copy, Debug)]
struct Plunge {
    shown: Shown,
    from_c: f64,
    /// The lowest since, and when.
    low_c: f64,
    low_at: EventTime,
    /// Since when it has been well above the lowest.
    risen: Option<EventTime>,
    /// Whether BT rose from room temperature to it: a preheated machine that is charged, perhaps.
    from_cold: bool,
}

/// A rise that may yet turn out to be none.
#[derive(Clone, Copy, Debug)]
struct Leap {
    at: EventTime,
    from_c: f64,
    before_c_per_s: f64,
}

/// Reads one machine's usable BT, and ET where it is there.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    bt: Breaks,
    et: Breaks,
    /// The newest upward break of ET.
    et_up: Option<EventTime>,
    /// An upward break of BT that waits for ET's.
    bt_up: Option<Break>,
    plunge: Option<Plunge>,
    leap: Option<Leap>,
    newest_break: Option<EventTime>,
    /// The lowest BT since a drop was shown, °C, until the machine is heated again or charged.
    cooling_c: Option<f64>,
    /// The same until it is heated for the next roast.
    emptied_c: Option<f64>,
}

impl Shape {
    /// Reads a machine of which nothing was read yet, and keeps BT of the last `reach_s`, s, for others.
    #[must_use]
    pub fn keeping(reach_s: f64) -> Self {
        Self { bt: Breaks::keeping(reach_s), ..Self::default() }
    }

    /// The newest usable BT; None before the first.
    #[must_use]
    pub const fn newest(&self) -> Option<(EventTime, f64)> {
        self.bt.newest()
    }

    /// Usable BT that is kept for others, ascending by time.
    #[must_use]
    pub fn recent(&self) -> &[(EventTime, f64)] {
        self.bt.recent()
    }

    /// When the curve broke last, in either direction, as sharply as a plunge.
    #[must_use]
    pub fn newest_break(&self) -> Option<EventTime> {
        self.newest_break
    }

    /// Whether BT has climbed on from `at` as before it: neither much faster, as in an emptied hot
    /// drum, nor much slower.
    #[must_use]
    pub fn went_on(&self, at: EventTime) -> bool {
        /// Shares of the slope before.
        const AS_BEFORE: core::ops::RangeInclusive<f64> = 0.25..=1.7;
        let slopes = self.bt.slopes_around(at);
        slopes.is_some_and(|(before, after)| before > 0.0 && AS_BEFORE.contains(&(after / before)))
    }

    /// Watches no fall after a drop any longer: the machine was charged.
    pub(super) fn forget_fall(&mut self) {
        self.plunge = None;
        self.leap = None;
        (self.cooling_c, self.emptied_c) = (None, None);
    }

    /// Takes what was read at `at`; the event that it makes sure of.
    ///
    /// - `beans`: what is known of those in the machine; None when it is taken to be empty.
    pub fn push(
        &mut self,
        at: EventTime,
        bt_c: f64,
        et_c: Option<f64>,
        beans: Option<Beans>,
    ) -> Option<Event> {
        self.follow_et(at, et_c);
        let before = self.newest();
        let lowest_c = |low_c: Option<f64>, by_c: f64| {
            low_c.map(|low_c| low_c.min(bt_c)).filter(|low_c| bt_c < low_c + by_c)
        };
        self.cooling_c = lowest_c(self.cooling_c, REHEATED_C);
        self.emptied_c = lowest_c(self.emptied_c, HEATED_C);
        let found = self.bt.push(at, bt_c, self.emptied_c.is_none());
        if let Some(found) = found.filter(|found| found.bend_c_per_s().abs() >= PLUNGE_C_PER_S) {
            self.newest_break = Some(found.at);
        }
        if let Some(event) = self.after_fall(at, bt_c).or_else(|| self.after_leap(at, bt_c)) {
            return Some(event);
        }
        match beans {
            None => self.charge(&found?),
            Some(beans) => {
                let event =
                    self.drop(at, found, beans).or_else(|| self.fell_in_a_hole(at, bt_c, before?, beans));
                if event.is_some() {
                    (self.cooling_c, self.emptied_c) = (Some(bt_c), Some(bt_c));
                }
                event
            }
        }
    }

    /// ET is only asked whether it breaks upward too, once BT has.
    fn follow_et(&mut self, at: EventTime, et_c: Option<f64>) {
        let Some(et_c) = et_c else { return };
        if self.bt_up.is_none() {
            self.et.keep(at, et_c);
        } else if let Some(et) = self.et.push(at, et_c, false).filter(|et| et.bend_c_per_s() > 0.0) {
            self.et_up = Some(et.at);
        }
    }

    fn charge(&mut self, found: &Break) -> Option<Event> {
        let (bend, before, after) = (found.bend_c_per_s(), found.before_c_per_s, found.after_c_per_s);
        let out_of_fall = before < FLAT_C_PER_S;
        let sharp = bend <= -PLUNGE_C_PER_S && after <= -PLUNGING_C_PER_S;
        let knee = self.cooling_c.is_some() && bend > -OUT_OF_COOLING_C_PER_S;
        let warm = found.bt_c > if bend <= -1.0 { LUKEWARM_C } else { COLD_C };
        let plunges =
            sharp && !knee && warm && (!out_of_fall || bend <= SHARPER_THAN_COOLING * -before.abs());
        if plunges {
            // The fall that was watched is over, unless this is only more of it.
            self.plunge = self.plunge.filter(|plunge| found.at.since_s(plunge.shown.at) <= SAME_FALL_S);
            return Some(Event::Charge(shown(found, certainty(found, -1.0)), Heat::Hot));
        }
        let warms = found.bt_c <= COLD_C && (-1.0..0.25).contains(&before) && after >= COLD_RISE_C_PER_S;
        warms.then(|| {
            let at = self.bt.began(found.at, after);
            Event::Charge(Shown { at, ..shown(found, 0.5) }, Heat::Cold)
        })
    }

    fn drop(&mut self, at: EventTime, found: Option<Break>, beans: Beans) -> Option<Event> {
        let ripe = |found: &Break| {
            found.at.since_s(beans.since) >= DROP_S_MIN && found.bt_c >= beans.low_c + WARMED_C
        };
        if let Some(found) = found.filter(ripe) {
            let bend = found.bend_c_per_s();
            let falls =
                bend < 0.0 && found.after_c_per_s <= -FALLING_C_PER_S && found.bt_c >= DOWNWARD_DROP_C;
            if falls {
                let shown = shown(&found, certainty(&found, -0.5));
                return Some(self.falls(shown, found.bt_c, (at, found.bt_c), beans));
            }
            if bend > 0.0 && found.bt_c >= UPWARD_DROP_C && found.before_c_per_s > -0.1 {
                self.bt_up = Some(found);
                let et = self.et.now(false).filter(|et| et.bend_c_per_s() > 0.0);
                self.et_up = et.map(|et| et.at).or(self.et_up);
            }
        }
        let up = self.bt_up?;
        if at.since_s(up.at) > 2.0 * TOGETHER_S + 8.0 {
            self.bt_up = None;
            return None;
        }
        let together = self.et_up.is_some_and(|et| et.since_s(up.at).abs() <= TOGETHER_S);
        let bend = up.bend_c_per_s();
        let sure = if together { bend >= UPWARD_WITH_ET_C_PER_S } else { bend >= UPWARD_C_PER_S };
        if !sure {
            return None;
        }
        self.bt_up = None;
        self.leap = Some(Leap { at: up.at, from_c: up.bt_c, before_c_per_s: up.before_c_per_s });
        let confidence = if together { 0.9 } else { 0.6 };
        Some(Event::Drop(shown(&up, confidence)))
    }

    /// A fall from where beans were roasted to far below, of which nothing usable was read: a slow sampler's
    /// readings are too far apart to be believed at once. Beans left in it, or came.
    fn fell_in_a_hole(
        &mut self,
        at: EventTime,
        bt_c: f64,
        (from, from_c): (EventTime, f64),
        beans: Beans,
    ) -> Option<Event> {
        let hole_s = at.since_s(from);
        let ripe = from.since_s(beans.since) >= DROP_S_MIN && from_c >= beans.low_c + WARMED_C;
        if hole_s <= HOLE_S || from_c - bt_c < TURN_FALL_C || from_c < DOWNWARD_DROP_C || !ripe {
            return None;
        }
        let bend_c_per_s = (bt_c - from_c) / hole_s;
        let began = self.bt.began(from, bend_c_per_s);
        let shown = Shown { at: began, confidence: GENTLE, interval_s: hole_s, bend_c_per_s };
        Some(self.falls(shown, from_c, (at, bt_c), beans))
    }

    /// A drop that BT shows by falling from `from_c`; the fall is watched, as it may turn.
    fn falls(&mut self, shown: Shown, from_c: f64, (low_at, low_c): (EventTime, f64), beans: Beans) -> Event {
        let from_cold = beans.heat == Heat::Cold;
        self.plunge = Some(Plunge { shown, from_c, low_c, low_at, risen: None, from_cold });
        Event::Drop(shown)
    }

    /// Whether the rise after a drop came to nothing: noise, or a wire that was touched.
    fn after_leap(&mut self, at: EventTime, bt_c: f64) -> Option<Event> {
        let leap = self.leap.filter(|leap| at.since_s(leap.at) >= LEAP_S)?;
        self.leap = None;
        let led_on_c = leap.from_c + leap.before_c_per_s * at.since_s(leap.at);
        (bt_c - led_on_c < LEAP_C).then_some(Event::DropWithdrawn)
    }

    /// What the fall after a drop turns out to be, when BT climbs again as in no empty machine.
    fn after_fall(&mut self, at: EventTime, bt_c: f64) -> Option<Event> {
        let plunge = self.plunge.as_mut()?;
        if at.since_s(plunge.shown.at) > TURN_S {
            self.plunge = None;
            return None;
        }
        if bt_c < plunge.low_c {
            (plunge.low_c, plunge.low_at) = (bt_c, at);
        }
        let (fell_c, rose_c) = (plunge.from_c - plunge.low_c, bt_c - plunge.low_c);
        if rose_c < (if fell_c < TURN_FALL_C { BACK_C } else { TURN_RISE_C }) {
            plunge.risen = None;
            return None;
        }
        let leaps = rose_c > TURN_C_PER_S_MAX * at.since_s(plunge.low_at);
        if fell_c >= TURN_FALL_C && plunge.risen.is_none() && leaps {
            self.plunge = None;
            return None;
        }
        if at.since_s(*plunge.risen.get_or_insert(at)) < RISEN_S {
            return None;
        }
        let plunge = self.plunge.take()?;
        if fell_c < TURN_FALL_C {
            return Some(Event::DropWithdrawn);
        }
        // An emptied machine that is heated again turns too, so only one that was never charged counts.
        plunge.from_cold.then_some(Event::DropWasCharge(plunge.shown))
    }
}

fn shown(found: &Break, confidence: f64) -> Shown {
    Shown { at: found.at, confidence, interval_s: found.interval_s, bend_c_per_s: found.bend_c_per_s() }
}

/// How sure a downward break is: sharp ones are, on samplers that can place them.
fn certainty(found: &Break, sharp_c_per_s: f64) -> f64 {
    let clear = if found.bend_c_per_s() <= 2.0 * sharp_c_per_s {
        0.95
    } else if found.bend_c_per_s() <= sharp_c_per_s {
        0.9
    } else if found.bend_c_per_s() <= 0.6 * sharp_c_per_s {
        0.85
    } else {
        GENTLE
    };
    if found.interval_s > 3.0 { clear - 0.2 } else { clear }
}

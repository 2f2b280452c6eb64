//! Scores: one roast in a few numbers, gathered while it runs.
//!
//! Of a curve only the last half minute is kept, so that many roasts can run at once. What a number is read
//! from, the displays or the truth, its own line says.

use trier_roast::{MarkKind, Phases, Sample};

use super::sink::{Look, Sink};
use super::{Ended, Outcome};

/// How far back a rate of rise looks, s.
const ROR_S: f64 = 30.0;
/// How long after first crack starts its crash is looked for, s.
const CRASH_S: f64 = 60.0;
/// BT whose time is noted, °C.
const NOTED_BT_C: f64 = 150.0;

/// Declares the scores so that none can be forgotten in the list of them.
macro_rules! scores {
    ($($(#[$doc:meta])* $field:ident [$unit:literal],)*) => {
        /// One roast in numbers; None where what a number is about did not happen.
        ///
        /// Times are s since charge. BT, ET and inlet are what displays show, between two readings on a
        /// straight line. RoR is the rise of shown BT over the last 30 s, °C/min, so noise and steps of the
        /// display are in it: 0.25 °C of them are 0.5 °C/min.
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct Scores {
            /// How it ended.
            pub outcome: Outcome,
            $($(#[$doc])* #[doc = concat!("\n\nUnit: ", $unit)] pub $field: Option<f64>,)*
        }

        impl Scores {
            /// The name and the unit of each number, in the order of [`Self::values`].
            pub const NAMES: &'static [(&'static str, &'static str)] = &[$((stringify!($field), $unit),)*];

            /// The numbers, in the order of [`Self::NAMES`].
            #[must_use]
            pub fn values(&self) -> Vec<Option<f64>> {
                vec![$(self.$field,)*]
            }

            /// A roast of which nothing is known but how it ended.
            fn of(outcome: Outcome) -> Self {
                Self { outcome, $($field: None,)* }
            }
        }
    };
}

scores! {
    /// Green coffee in, as weighed.
    green_kg ["kg"],
    /// BT at charge.
    charge_bt_c ["°C"],
    /// ET at charge.
    charge_et_c ["°C"],
    /// Inlet at charge.
    charge_inlet_c ["°C"],
    /// When the bean probe's own tip is coldest, before noise and display.
    turning_point_s ["s"],
    /// BT then.
    turning_point_bt_c ["°C"],
    /// Highest RoR whose window does not begin before the turning point, up to first crack.
    peak_ror_c_per_min ["°C/min"],
    /// When that is; the end of its window.
    peak_ror_s ["s"],
    /// ET then.
    peak_ror_et_c ["°C"],
    /// Inlet then.
    peak_ror_inlet_c ["°C"],
    /// When bean shells truly reach 157 °C: drying ends.
    dry_end_s ["s"],
    /// BT then.
    dry_end_bt_c ["°C"],
    /// First reading of BT at 150 °C or above after the turning point.
    bt_150_s ["s"],
    /// When 5 % of the beans have truly cracked.
    first_crack_s ["s"],
    /// BT then.
    first_crack_bt_c ["°C"],
    /// ET then.
    first_crack_et_c ["°C"],
    /// Inlet then.
    first_crack_inlet_c ["°C"],
    /// RoR then.
    first_crack_ror_c_per_min ["°C/min"],
    /// Crash: lowest RoR in the 60 s after it, until drop.
    crash_ror_c_per_min ["°C/min"],
    /// Flick: the most that RoR rises again above its lowest since first crack, until drop; 0 where it only falls.
    flick_ror_c_per_min ["°C/min"],
    /// When 95 % of the beans have truly cracked.
    first_crack_end_s ["s"],
    /// BT then.
    first_crack_end_bt_c ["°C"],
    /// When 5 % of the beans have truly cracked a second time.
    second_crack_s ["s"],
    /// BT then.
    second_crack_bt_c ["°C"],
    /// Drop.
    drop_s ["s"],
    /// BT then.
    drop_bt_c ["°C"],
    /// ET then.
    drop_et_c ["°C"],
    /// Inlet then.
    drop_inlet_c ["°C"],
    /// Drying, by true marks, share of the roast.
    drying_pct ["%"],
    /// Maillard, by true marks, share of the roast.
    maillard_pct ["%"],
    /// Development, by true marks, share of the roast.
    development_pct ["%"],
    /// Mass truly lost at the end of the recording, share of green mass.
    weight_loss_pct ["%"],
    /// Water truly left at the end of the recording, per initial dry mass.
    moisture ["kg/kg"],
    /// Lightness of the beans at the end of the recording, true.
    lightness ["L*"],
    /// Largest energy residual of any step, share of throughput.
    energy_residual ["1"],
    /// Largest mass residual of any step, share of green mass.
    mass_residual ["1"],
}

/// What the displays show at one instant.
#[derive(Clone, Copy, Debug)]
struct Shown {
    t_s: f64,
    bt_c: f64,
    et_c: Option<f64>,
    inlet_c: Option<f64>,
}

impl Shown {
    fn of(t_s: f64, sample: &Sample) -> Option<Self> {
        Some(Self { t_s, bt_c: sample.bt_c?, et_c: sample.et_c, inlet_c: sample.inlet_c })
    }

    /// At `t_s`, on a straight line from here to `next`.
    fn toward(&self, next: &Self, t_s: f64) -> Self {
        let length_s = next.t_s - self.t_s;
        let share = if length_s > 0.0 { ((t_s - self.t_s) / length_s).clamp(0.0, 1.0) } else { 1.0 };
        let part = |a: f64, b: f64| a + share * (b - a);
        let both = |a: Option<f64>, b: Option<f64>| Some(part(a?, b?));
        Self {
            t_s,
            bt_c: part(self.bt_c, next.bt_c),
            et_c: both(self.et_c, next.et_c),
            inlet_c: both(self.inlet_c, next.inlet_c),
        }
    }
}

/// The last half minute of BT, about one point a second.
#[derive(Clone, Debug)]
struct Trail {
    times_s: [f32; Self::KEPT],
    bt_c: [f32; Self::KEPT],
    kept: u8,
    next: u8,
}

impl Trail {
    /// Points of half a minute with some to spare for unequal intervals.
    const KEPT: usize = 34;
    /// Points are at least this far apart, s.
    const APART_S: f64 = 0.9;

    const fn new() -> Self {
        Self { times_s: [0.0; Self::KEPT], bt_c: [0.0; Self::KEPT], kept: 0, next: 0 }
    }

    /// The point `back` before the newest.
    fn back(&self, back: usize) -> Option<(f64, f64)> {
        let at = (usize::from(self.next) + Self::KEPT - 1 - back) % Self::KEPT;
        (back < usize::from(self.kept)).then(|| (f64::from(self.times_s[at]), f64::from(self.bt_c[at])))
    }

    fn push(&mut self, t_s: f64, bt_c: f64) {
        if self.back(0).is_some_and(|(last_s, _)| t_s - last_s < Self::APART_S) {
            return;
        }
        let at = usize::from(self.next);
        // Quarters of a second are exact up to 48 days, and BT to 0.00002 °C.
        #[allow(clippy::cast_possible_truncation)]
        let point = (t_s as f32, bt_c as f32);
        (self.times_s[at], self.bt_c[at]) = point;
        #[allow(clippy::cast_possible_truncation)] // Under KEPT, which is small.
        let next = ((at + 1) % Self::KEPT) as u8;
        self.next = next;
        self.kept += u8::from(usize::from(self.kept) < Self::KEPT);
    }

    /// BT at `t_s`, on a straight line between points; None outside them.
    fn at_c(&self, t_s: f64) -> Option<f64> {
        let mut after: Option<(f64, f64)> = None;
        for back in 0..usize::from(self.kept) {
            let (s, c) = self.back(back)?;
            if s <= t_s {
                return match after {
                    Some((end_s, end_c)) => Some(c + (end_c - c) * (t_s - s) / (end_s - s)),
                    None => (s >= t_s).then_some(c),
                };
            }
            after = Some((s, c));
        }
        None
    }

    /// RoR at `t_s`, where BT is `bt_c`, °C/min.
    fn ror_c_per_min(&self, t_s: f64, bt_c: f64) -> Option<f64> {
        Some((bt_c - self.at_c(t_s - ROR_S)?) / ROR_S * 60.0)
    }
}

/// Gathers [`Scores`] from a running roast.
#[derive(Clone, Debug)]
pub(super) struct Scorer {
    scores: Scores,
    trail: Trail,
    last: Option<Shown>,
    /// How many of the true marks have been seen to.
    marks_seen: usize,
    coldest_s: f64,
    /// Lowest RoR since first crack, °C/min.
    lowest_ror: Option<f64>,
}

impl Scorer {
    pub(super) fn new() -> Self {
        Self {
            scores: Scores::of(Outcome::TimedOut),
            trail: Trail::new(),
            last: None,
            marks_seen: 0,
            coldest_s: f64::NAN,
            lowest_ror: None,
        }
    }

    /// The scores of a roast that `ended`.
    pub(super) fn finish(mut self, ended: &Ended) -> Scores {
        let charged = ended.charged;
        let marked = |kind| ended.truth_marks.iter().find(|m| m.kind == kind).map(|m| m.at.since_s(charged));
        // A recording that stops at drop shows nothing after it.
        if let (None, Some(drop_s), Some(last)) = (self.scores.drop_s, marked(MarkKind::Drop), self.last) {
            self.mark(MarkKind::Drop, drop_s, &last);
        }
        let s = &mut self.scores;
        s.outcome = ended.outcome;
        s.green_kg = Some(ended.green_kg);
        s.turning_point_s = marked(MarkKind::TurningPoint);
        if s.turning_point_s.is_none() {
            (s.turning_point_bt_c, s.bt_150_s) = (None, None);
            (s.peak_ror_c_per_min, s.peak_ror_s) = (None, None);
            (s.peak_ror_et_c, s.peak_ror_inlet_c) = (None, None);
        }
        let phases = Phases::between(&ended.truth_marks);
        let share = |part_s: Option<f64>| Some(100.0 * part_s? / phases.total_s.filter(|s| *s > 0.0)?);
        s.drying_pct = share(phases.drying_s);
        s.maillard_pct = share(phases.maillard_s);
        s.development_pct = share(phases.development_s);
        s.weight_loss_pct = Some(ended.weight_loss_pct);
        s.moisture = Some(ended.moisture);
        s.lightness = Some(ended.lightness);
        s.energy_residual = Some(ended.closure.energy);
        s.mass_residual = Some(ended.closure.mass);
        self.scores
    }

    /// Notes a true mark at `t_s`, where the displays come from `last` to `now`.
    fn mark(&mut self, kind: MarkKind, t_s: f64, now: &Shown) {
        let shown = self.last.map_or(*now, |last| last.toward(now, t_s));
        let (at, bt_c) = (Some(t_s), Some(shown.bt_c));
        let s = &mut self.scores;
        match kind {
            MarkKind::Charge => {
                (s.charge_bt_c, s.charge_et_c, s.charge_inlet_c) = (bt_c, shown.et_c, shown.inlet_c);
            }
            MarkKind::DryEnd => (s.dry_end_s, s.dry_end_bt_c) = (at, bt_c),
            MarkKind::FirstCrackStart => {
                (s.first_crack_s, s.first_crack_bt_c) = (at, bt_c);
                (s.first_crack_et_c, s.first_crack_inlet_c) = (shown.et_c, shown.inlet_c);
                s.first_crack_ror_c_per_min = self.trail.ror_c_per_min(t_s, shown.bt_c);
                self.lowest_ror = s.first_crack_ror_c_per_min;
                s.flick_ror_c_per_min = self.lowest_ror.map(|_| 0.0);
            }
            MarkKind::FirstCrackEnd => (s.first_crack_end_s, s.first_crack_end_bt_c) = (at, bt_c),
            MarkKind::SecondCrackStart => (s.second_crack_s, s.second_crack_bt_c) = (at, bt_c),
            MarkKind::Drop => {
                (s.drop_s, s.drop_bt_c) = (at, bt_c);
                (s.drop_et_c, s.drop_inlet_c) = (shown.et_c, shown.inlet_c);
            }
            MarkKind::TurningPoint | MarkKind::SecondCrackEnd | MarkKind::CoolEnd => {}
        }
    }

    /// Follows the turning point: whatever came before a colder tip was on the way down.
    fn turn(&mut self, coldest_s: f64, now: &Shown) {
        let s = &mut self.scores;
        if coldest_s.to_bits() != self.coldest_s.to_bits() {
            self.coldest_s = coldest_s;
            let shown = self.last.map_or(*now, |last| last.toward(now, coldest_s));
            s.turning_point_bt_c = Some(shown.bt_c);
            (s.bt_150_s, s.peak_ror_c_per_min, s.peak_ror_s) = (None, None, None);
            (s.peak_ror_et_c, s.peak_ror_inlet_c) = (None, None);
        }
        if s.bt_150_s.is_none() && now.t_s > coldest_s && now.bt_c >= NOTED_BT_C {
            s.bt_150_s = Some(now.t_s);
        }
    }

    fn rise(&mut self, now: &Shown) {
        let Some(ror) = self.trail.ror_c_per_min(now.t_s, now.bt_c) else { return };
        let s = &mut self.scores;
        if let Some(crack_s) = s.first_crack_s {
            if now.t_s <= crack_s + CRASH_S {
                s.crash_ror_c_per_min = Some(s.crash_ror_c_per_min.map_or(ror, |lowest| lowest.min(ror)));
            }
            let lowest = self.lowest_ror.map_or(ror, |lowest| lowest.min(ror));
            self.lowest_ror = Some(lowest);
            s.flick_ror_c_per_min = Some(s.flick_ror_c_per_min.unwrap_or(0.0).max(ror - lowest));
        } else if now.t_s >= self.coldest_s + ROR_S && s.peak_ror_c_per_min.is_none_or(|peak| ror > peak) {
            (s.peak_ror_c_per_min, s.peak_ror_s) = (Some(ror), Some(now.t_s));
            (s.peak_ror_et_c, s.peak_ror_inlet_c) = (now.et_c, now.inlet_c);
        }
    }
}

impl Sink for Scorer {
    fn look(&mut self, look: &Look<'_>) {
        let Some(now) = Shown::of(look.since_charge_s, look.sample) else { return };
        // The charge mark's own time is 0; marks so far are of this roast.
        let charged = look.at.plus_s(-look.since_charge_s);
        let new = look.marks.get(self.marks_seen..).unwrap_or_default();
        new.iter().for_each(|mark| self.mark(mark.kind, mark.at.since_s(charged), &now));
        self.marks_seen = look.marks.len();
        if let Some(coldest_s) = look.coldest_s.filter(|_| self.scores.drop_s.is_none()) {
            self.turn(coldest_s, &now);
            self.rise(&now);
            self.trail.push(now.t_s, now.bt_c);
        }
        self.last = Some(now);
    }
}

//! A session: one roast while it is open, and the facts of how it was sealed.

use std::sync::Arc;

use trier_roast::{EventTime, Mark, MarkKind, MarkSource, Quality, Trust};

use super::claims::{Claims, Judged, SURE, Shown};
use super::id::session_id;
use super::shape::{COLD_C, Heat};

/// A roast shorter than this is `aborted`, s. Nine in ten of 408 real roasts take over 508 s.
const ABORTED_S: f64 = 120.0;

/// A machine is preheated from here on, °C: cold beans show in its BT.
const HOT_C: f64 = 100.0;

/// Cold beans in a hot machine take at least this off BT, °C, within so long, s.
const BEANS_COOL_C: f64 = 5.0;
const BEANS_COOL_S: f64 = 150.0;

/// A session that only cools falls by this at least, °C, over so long, s, and rises by no more than that, °C.
const COOLING_FALL_C: f64 = 30.0;
const COOLING_S: f64 = 180.0;
const COOLING_RISE_C: f64 = 5.0;

/// A mark, by the session's own time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlacedMark {
    /// What happened.
    pub kind: MarkKind,
    /// When, s since charge.
    pub at_s: f64,
    /// Who says so.
    pub source: MarkSource,
    /// From 0 (a guess) to 1 (certain).
    pub confidence: f64,
}

/// Why a session was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SealCause {
    /// Drop was marked, and the time in which late marks may follow has passed.
    DropAndCooldown,
    /// The machine was charged again.
    NextCharge,
    /// Nothing was heard for too long.
    Silence,
    /// No roast takes this long; its drop was not marked.
    TooLong,
    /// The stream ended.
    EndOfStream,
}

impl SealCause {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::DropAndCooldown, Self::NextCharge, Self::Silence, Self::TooLong, Self::EndOfStream];

    /// The name used in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DropAndCooldown => "drop+cooldown",
            Self::NextCharge => "next_charge",
            Self::Silence => "silence",
            Self::TooLong => "too_long",
            Self::EndOfStream => "end_of_stream",
        }
    }
}

/// What a session turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// Charged and dropped.
    Complete,
    /// Charged, and never marked as dropped.
    NoDrop,
    /// Over in less than two minutes, dropped or not.
    Aborted,
    /// An empty machine was heated, and charged after.
    Preheat,
    /// BT only fell: an empty machine, or beans, cooling.
    Cooling,
    /// A charge was told of a hot machine, and its BT shows no beans.
    NoBeans,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Complete, Self::NoDrop, Self::Aborted, Self::Preheat, Self::Cooling, Self::NoBeans];

    /// The name used in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::NoDrop => "no_drop",
            Self::Aborted => "aborted",
            Self::Preheat => "preheat",
            Self::Cooling => "cooling",
            Self::NoBeans => "no_beans",
        }
    }
}

/// What usable BT did from charge to drop, °C.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Course {
    /// First.
    pub first_c: f64,
    /// Lowest.
    pub low_c: f64,
    /// Newest.
    pub last_c: f64,
    /// The most it has risen from a lower one.
    pub rise_c: f64,
    /// Lowest in the time in which cold beans show, see [`Outcome::NoBeans`].
    pub early_low_c: f64,
    /// When it was read first and last, s since the charge that opened the session.
    pub from_s: f64,
    /// See `from_s`.
    pub to_s: f64,
}

impl Course {
    fn begin(at_s: f64, bt_c: f64) -> Self {
        Self {
            first_c: bt_c,
            low_c: bt_c,
            last_c: bt_c,
            rise_c: 0.0,
            early_low_c: bt_c,
            from_s: at_s,
            to_s: at_s,
        }
    }

    fn go_on(&mut self, at_s: f64, bt_c: f64) {
        self.low_c = self.low_c.min(bt_c);
        self.rise_c = self.rise_c.max(bt_c - self.low_c);
        if at_s <= BEANS_COOL_S {
            self.early_low_c = self.early_low_c.min(bt_c);
        }
        (self.last_c, self.to_s) = (bt_c, at_s);
    }

    fn only_fell(&self) -> bool {
        self.first_c - self.last_c >= COOLING_FALL_C
            && self.rise_c <= COOLING_RISE_C
            && self.to_s - self.from_s >= COOLING_S
    }

    fn met_no_beans(&self) -> bool {
        self.first_c >= HOT_C
            && self.early_low_c > self.first_c - BEANS_COOL_C
            && self.from_s <= AGREED_START_S
            && self.to_s >= BEANS_COOL_S
    }
}

/// BT is that of the charge when it was read within this, s.
const AGREED_START_S: f64 = 15.0;

/// One roast, from its charge until it is sealed.
#[derive(Clone, Debug)]
pub struct Session {
    /// Its id, see [`session_id`].
    pub id: Arc<str>,
    /// The charge that opened it; its id is made of it.
    pub opened: EventTime,
    /// When the beans went in, by what is known so far.
    pub charge: EventTime,
    /// When they came out, once somebody or the curve says so.
    pub drop: Option<EventTime>,
    /// Who says what of the charge.
    pub charge_said: Claims,
    /// And of the drop.
    pub drop_said: Claims,
    /// Announced drops that the curve went on through as if nothing had happened.
    pub refuted_drops: u32,
    /// How warm the machine was, where the curve showed the charge that opened it.
    pub shown_heat: Option<Heat>,
    /// What BT did; None before it was read.
    pub course: Option<Course>,
    /// Marks announced so far at or after charge, as they came, repetitions and all.
    pub marks: Vec<PlacedMark>,
    /// Samples that carry this session's id.
    pub n_readings: u32,
    /// Those among them whose BT is not usable.
    pub n_unusable: u32,
    /// All flags that any of them earned.
    pub flags: Quality,
    /// Silences of more than a minute between charge and drop; one that sealed it counts.
    pub gaps: u32,
    /// The longest time between two readings from charge to drop, s. A silence that
    /// sealed the session counts whole, up to the reading that ended it.
    pub longest_gap_s: f64,
    /// The worst trust of its readings; None before the first.
    worst_trust: Option<Trust>,
    /// The device's start that spoke last, and how many starts spoke.
    boot: Option<u64>,
    boots: u32,
}

impl Session {
    /// A session of `machine` in the stream of `source` that opens with `charge`.
    #[must_use]
    pub fn open(source: &str, machine: &str, charge: EventTime) -> Self {
        Self {
            id: session_id(source, machine, charge),
            opened: charge,
            charge,
            drop: None,
            charge_said: Claims::default(),
            drop_said: Claims::default(),
            refuted_drops: 0,
            shown_heat: None,
            course: None,
            marks: Vec::new(),
            n_readings: 0,
            n_unusable: 0,
            flags: Quality::GOOD,
            gaps: 0,
            longest_gap_s: 0.0,
            worst_trust: None,
            boot: None,
            boots: 0,
        }
    }

    /// Seconds from charge to `at`; negative before.
    #[must_use]
    pub fn since_charge_s(&self, at: EventTime) -> f64 {
        at.since_s(self.charge)
    }

    /// When a mark of `kind` was first announced for, s since charge.
    #[must_use]
    pub fn mark_s(&self, kind: MarkKind) -> Option<f64> {
        self.marks.iter().find(|mark| mark.kind == kind).map(|mark| mark.at_s)
    }

    /// The worst trust of what was heard in it; unsigned when nothing was.
    #[must_use]
    pub fn trust(&self) -> Trust {
        self.worst_trust.unwrap_or_default()
    }

    /// How many starts of its device spoke in it; 0 where devices do not count them.
    #[must_use]
    pub const fn boots(&self) -> u32 {
        self.boots
    }

    /// Keeps in mind who said something in it.
    pub(super) fn heard(&mut self, trust: Trust, boot: Option<u64>) {
        self.worst_trust = Some(self.worst_trust.map_or(trust, |worst| worst.min(trust)));
        if boot.is_some() && boot != self.boot {
            self.boot = boot;
            self.boots = self.boots.saturating_add(1);
        }
    }

    /// The charge by whose word it stands.
    #[must_use]
    pub fn charge_judged(&self) -> Option<Judged> {
        self.charge_said.judged()
    }

    /// The drop by whose word it stands.
    #[must_use]
    pub fn drop_judged(&self) -> Option<Judged> {
        self.drop_said.judged()
    }

    /// Whether nothing but a vague sign of the curve speaks for its charge.
    pub(super) fn is_vague(&self) -> bool {
        let sign = self.charge_said.shown.is_some_and(|shown| shown.confidence < SURE);
        sign && self.charge_said.told().is_none() && self.shown_heat != Some(Heat::Cold)
    }

    /// Whether BT has fallen since charge as it does when a hot machine is charged.
    pub(super) fn has_plunged(&self) -> bool {
        /// Small batches in slow machines take less off BT, °C, but then nothing is hidden by them.
        const PLUNGE_C: f64 = 30.0;
        self.course.is_some_and(|course| course.low_c <= course.first_c - PLUNGE_C)
    }

    /// How warm the machine was when it was charged.
    #[must_use]
    pub fn heat(&self) -> Heat {
        let cold = self.course.is_some_and(|course| course.first_c <= COLD_C);
        self.shown_heat.unwrap_or(if cold { Heat::Cold } else { Heat::Hot })
    }

    /// Follows usable BT while beans are in.
    pub(super) fn follow(&mut self, at: EventTime, bt_c: f64) {
        let at_s = at.since_s(self.charge);
        match self.course.as_mut() {
            Some(course) => course.go_on(at_s, bt_c),
            None => self.course = Some(Course::begin(at_s, bt_c)),
        }
    }

    /// Moves charge, and the marks that count from it, to the charge that stands, but not before `earliest`.
    /// Whether it moved.
    pub(super) fn settle_charge(&mut self, earliest: Option<EventTime>) -> bool {
        let Some(judged) = self.charge_judged() else {
            return false;
        };
        let charge = earliest.map_or(judged.at, |end| judged.at.max(end));
        let by_s = charge.since_s(self.charge);
        if charge == self.charge {
            return false;
        }
        self.charge = charge;
        for mark in &mut self.marks {
            mark.at_s -= by_s;
        }
        self.course = None;
        true
    }

    /// Takes the drop that stands, if it is after charge.
    pub(super) fn settle_drop(&mut self) {
        self.drop = self.drop_judged().map(|judged| judged.at).filter(|at| *at > self.charge);
    }

    /// Counts a sample that carries this session's id.
    pub fn count(&mut self, quality: Quality) {
        self.n_readings = self.n_readings.saturating_add(1);
        self.flags = self.flags.with(quality);
        if !quality.is_usable() {
            self.n_unusable = self.n_unusable.saturating_add(1);
        }
    }

    /// Keeps `mark` as happening at `at`, unless that is before charge.
    pub(super) fn keep(&mut self, mark: &Mark, at: EventTime) {
        if at >= self.charge {
            let at_s = self.since_charge_s(at);
            self.marks.push(PlacedMark {
                kind: mark.kind,
                at_s,
                source: mark.source,
                confidence: mark.confidence,
            });
        }
    }
}

/// A session that takes no more readings.
#[derive(Clone, Debug)]
pub struct Sealed {
    /// The session.
    pub session: Session,
    /// Drop; without one, the next charge or the last reading before the seal.
    pub end: EventTime,
    /// Why it was sealed.
    pub cause: SealCause,
}

impl Sealed {
    /// What the session turned out to be.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let session = &self.session;
        let roasted_s = session.since_charge_s(self.end);
        let course = session.course.as_ref();
        let charge_shown = session.charge_said.shown.is_some();
        let drop_told = session.drop_said.told().is_some();
        let unturned = session.charge_said.told().is_none()
            && course.is_some_and(|course| course.rise_c <= COOLING_RISE_C);
        if !drop_told && (unturned || course.is_some_and(Course::only_fell)) {
            Outcome::Cooling
        } else if !drop_told && self.cause == SealCause::NextCharge && self.preheated() {
            Outcome::Preheat
        } else if !charge_shown && course.is_some_and(Course::met_no_beans) {
            Outcome::NoBeans
        } else if roasted_s < ABORTED_S {
            Outcome::Aborted
        } else if session.drop.is_some() {
            Outcome::Complete
        } else {
            Outcome::NoDrop
        }
    }

    /// The drop of a recording that ends with it, for want of a better word: the last reading, when
    /// beans were roasted until then. How sure: hardly.
    #[must_use]
    pub fn drop_at_the_end(&self) -> Option<Shown> {
        /// Beans that leave are this hot, °C, and have roasted for so long, s.
        const DROP_C: f64 = 150.0;
        const ROASTED_S: f64 = 240.0;
        const CONFIDENCE: f64 = 0.3;
        let session = &self.session;
        let ended =
            matches!(self.cause, SealCause::EndOfStream | SealCause::Silence) && session.drop.is_none();
        let hot =
            session.course.is_some_and(|course| course.last_c >= DROP_C && course.rise_c > COOLING_RISE_C);
        let roasted = session.since_charge_s(self.end) >= ROASTED_S;
        (ended && hot && roasted).then_some(Shown {
            at: self.end,
            confidence: CONFIDENCE,
            interval_s: 0.0,
            bend_c_per_s: 0.0,
        })
    }

    /// Whether it began cold, had no drop, and ended hot.
    fn preheated(&self) -> bool {
        let session = &self.session;
        let hot = session.course.is_some_and(|course| course.last_c >= HOT_C);
        session.drop.is_none() && session.heat() == Heat::Cold && hot
    }
}

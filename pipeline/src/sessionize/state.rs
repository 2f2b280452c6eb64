//! The state machine: waiting, roasting (charged), cooling (dropped), sealed.
//!
//! After drop the tray is stirred and the probe still reads: those readings belong
//! to the roast before, and never open another. Only a charge does: one that is told, or
//! one that the curve shows. Told and shown instants that belong together are one event.

use std::sync::Arc;

use trier_roast::{EventTime, Mark, MarkKind, MarkSource, Quality, Trust};

use super::claims::{AGREE_S, Claims, SURE, Shown};
use super::session::{SealCause, Sealed, Session};
use super::shape::{Beans, DOWNWARD_DROP_C, Event, Heat, SAME_FALL_S, Shape};

/// A silence longer than this while roasting is counted as a gap, s.
pub const GAP_S: f64 = 60.0;

/// A silence longer than this while roasting seals the session, s. A device that
/// reboots is back well before; nobody roasts on without looking for five minutes.
pub const SILENCE_S: f64 = 300.0;

/// After drop, marks and readings belong to the session for this long, s.
pub const COOLDOWN_S: f64 = 120.0;

/// A charge this soon after another is the same charge told again, s: by the
/// operator after the device, or by a link that repeats itself.
pub const FRESH_CHARGE_S: f64 = 60.0;

/// A charge told this far from the one the curve shows is the same charge, s. Operators
/// press up to two minutes early or late.
pub const SAME_CHARGE_S: f64 = 150.0;

/// How far before its announcement a charge may lie, s.
pub const MARK_REACH_S: f64 = 600.0;

/// A session without a drop is sealed after this long, s. Nine in ten of 408 real
/// roasts are over by 811 s.
pub const ROAST_S_MAX: f64 = 3_600.0;

/// After a charge was shown, a sharper break may still move it for this long, s.
const SHARPER_S: f64 = 25.0;

/// What was taken for a plunge and took nothing off BT gives way to one this many times as sharp.
const CLEARLY_SHARPER: f64 = 3.0;

/// This many times as sharp, and by so much, s.
const SHARPER: f64 = 2.0;
const SHARPER_BY_S: f64 = 6.0;

/// Recorders that a charge starts show its plunge within this, s.
const RECORDER_S: f64 = 9.0;
/// A cold machine shows its charge where BT was lowest, with less lag, s.
const COLD_RECORDER_S: f64 = 4.0;

/// A bend this many times as sharp shortly after a drop, downward, is the drop: the other was the controls'.
const FAR_SHARPER: f64 = -6.0;

/// A told drop is followed by its break within this, s.
const DROP_SHOWS_S: f64 = 60.0;

/// A drop told just after the next charge, and this soon after the last drop, is that one again, s.
const DROP_AGAIN_S: f64 = 120.0;

/// A told drop after which BT climbs on for this long, s, by this much, °C, was none; that is seen by then, s.
const REFUTED_S: f64 = 45.0;
const REFUTED_S_MAX: f64 = 75.0;
const REFUTED_RISE_C: f64 = 1.0;

/// A break this long before a told drop may still be that drop's, s.
const DROP_TOLD_LATE_S: f64 = 20.0;

/// A curve with a longer hole than this, s, does not say what happened in it.
const BLIND_S: f64 = 20.0;

/// What a reading did to the sessions.
#[derive(Clone, Debug, Default)]
pub struct Taken {
    /// Whether it opened one, which is the open one now.
    pub opened: bool,
    /// Whether it moved the charge of the open one.
    pub moved: bool,
    /// The one that this sealed.
    pub sealed: Option<Box<Sealed>>,
    /// The mark that the curve showed with it.
    pub shown: Option<Mark>,
}

/// Cuts the stream of one machine into sessions.
#[derive(Clone, Debug)]
pub struct Sessionizer {
    source: Arc<str>,
    machine: Arc<str>,
    open: Option<Session>,
    /// When the drop of the open session became known.
    drop_announced: Option<EventTime>,
    /// When a drop was told, and BT then, °C.
    drop_told: Option<(EventTime, f64)>,
    /// A charge told while beans were in: somebody is early, or a drop was missed.
    pending: Option<Mark>,
    /// The charge of the newest session and, once it is sealed, its end.
    last_charge: Option<EventTime>,
    last_end: Option<EventTime>,
    /// The newest time heard.
    newest: Option<EventTime>,
    shape: Shape,
    /// When the curve last came back after a hole, or began.
    blind: Option<EventTime>,
}

impl Sessionizer {
    /// Waits for the first charge of `machine` in the stream of `source`.
    #[must_use]
    pub fn new(source: Arc<str>, machine: Arc<str>) -> Self {
        Self {
            source,
            machine,
            open: None,
            drop_announced: None,
            drop_told: None,
            pending: None,
            last_charge: None,
            last_end: None,
            newest: None,
            shape: Shape::keeping(MARK_REACH_S),
            blind: None,
        }
    }

    /// The session that is open, roasting or cooling.
    #[must_use]
    pub fn open(&self) -> Option<&Session> {
        self.open.as_ref()
    }

    /// Usable BT of the last [`MARK_REACH_S`], ascending by time, for a charge that is announced late.
    #[must_use]
    pub fn recent(&self) -> &[(EventTime, f64)] {
        self.shape.recent()
    }

    /// Whether beans are in the drum: charged, and no drop known.
    #[must_use]
    pub fn is_roasting(&self) -> bool {
        self.open.as_ref().is_some_and(|session| session.drop.is_none())
    }

    /// Moves time on to a reading's `at`; what that did to the sessions.
    ///
    /// Call for each reading, before it is taken. An earlier time than heard before
    /// changes nothing.
    pub fn advance(&mut self, at: EventTime) -> Taken {
        let before = self.newest.unwrap_or(at);
        if at <= before && self.newest.is_some() {
            return Taken::default();
        }
        self.newest = Some(at);
        let sealed = self.overdue(at, before);
        if sealed.is_some() {
            self.pending = None;
            return Taken { sealed, ..Taken::default() };
        }
        let late = |mark: &Mark| at.since_s(mark.at) > SAME_CHARGE_S;
        match self.pending.take_if(|mark| late(mark)) {
            // Beans were seen in the drum all the while: nobody charged it.
            Some(mark) if self.could_have_missed(mark.at) => self.open_told(at, &mark),
            _ => Taken::default(),
        }
    }

    /// The session that ends because of the time that has passed.
    fn overdue(&mut self, at: EventTime, before: EventTime) -> Option<Box<Sealed>> {
        let silence_s = at.since_s(before);
        let session = self.open.as_mut()?;
        let cause = if let Some(announced) = self.drop_announced {
            (at.since_s(announced) > COOLDOWN_S).then_some(SealCause::DropAndCooldown)
        } else {
            session.longest_gap_s = session.longest_gap_s.max(silence_s);
            session.gaps = session.gaps.saturating_add(u32::from(silence_s > GAP_S));
            if silence_s > SILENCE_S {
                Some(SealCause::Silence)
            } else {
                (at.since_s(session.charge) > ROAST_S_MAX).then_some(SealCause::TooLong)
            }
        };
        self.seal(cause?, before)
    }

    /// Takes a mark announced at `announced`; what it did to the sessions.
    ///
    /// A mark counts for when it says it happened, but not later than its own
    /// announcement. A charge opens a session unless it belongs to the one that is open, or
    /// beans are still seen in the drum. Others are kept as they come, in whatever order.
    pub fn mark(&mut self, announced: EventTime, mark: &Mark) -> Taken {
        let at = mark.at.min(announced);
        if mark.kind == MarkKind::Charge {
            return self.told_charge(announced, mark, at);
        }
        let Some(session) = self.open.as_mut() else {
            return Taken::default();
        };
        session.keep(mark, at);
        let again = at.since_s(session.charge) < FRESH_CHARGE_S
            && self.last_end.is_some_and(|end| at.since_s(end) < DROP_AGAIN_S);
        if mark.kind == MarkKind::Drop && at > session.charge && !again {
            session.drop_said.tell(at, mark.source);
            session.settle_drop();
            if self.drop_announced.is_none() && session.drop.is_some() {
                // By the newest time heard: a mark may itself come late.
                self.drop_announced = self.newest.or(Some(announced));
            }
            self.drop_told = self.shape.newest();
            return self.pending_after_drop();
        }
        Taken::default()
    }

    fn told_charge(&mut self, announced: EventTime, mark: &Mark, at: EventTime) -> Taken {
        let repeated = self.last_charge.is_some_and(|last| at < last.plus_s(FRESH_CHARGE_S));
        if let Some(session) = self.open.as_mut() {
            let off_s = at.since_s(session.charge).abs();
            if repeated || (session.drop.is_none() && off_s <= SAME_CHARGE_S) {
                session.keep(mark, at);
                if off_s <= SAME_CHARGE_S {
                    session.charge_said.tell(at, mark.source);
                }
                return Taken { moved: self.settle_charge(), ..Taken::default() };
            }
            // A door switch knows; a person may be early.
            let early = mark.source != MarkSource::Device;
            if session.drop.is_none() && early && !self.could_have_missed(at) {
                self.pending = Some(Mark { at, ..*mark });
                return Taken::default();
            }
        } else if repeated {
            return Taken::default();
        }
        self.open_told(announced, mark)
    }

    /// Whether beans could have left and come without the curve showing it, around `at`.
    fn could_have_missed(&self, at: EventTime) -> bool {
        let shown = self.open.as_ref().is_some_and(|session| session.charge_said.shown.is_some());
        let newest = self.newest.unwrap_or(at);
        let stale = self.shape.newest().is_none_or(|(seen, _)| newest.since_s(seen) > BLIND_S);
        let hole = self.blind.is_some_and(|blind| blind.since_s(at) > -SAME_CHARGE_S);
        // A curve that did not show the charge before need not show this one.
        stale || hole || !shown && newest.since_s(at) > SAME_CHARGE_S
    }

    /// Counts a sample; the session it belongs to by its time.
    pub fn sample(&mut self, at: EventTime, quality: Quality) -> Option<&Session> {
        let session = self.open.as_mut().filter(|session| at >= session.charge)?;
        session.count(quality);
        Some(session)
    }

    /// Holds `flags` against the open session, beside those of its samples.
    pub fn flag(&mut self, flags: Quality) {
        if let Some(session) = self.open.as_mut() {
            session.flags = session.flags.with(flags);
        }
    }

    /// Watches usable BT, and ET where it is usable too; what the curve did to the sessions.
    ///
    /// Call in order of time, after the sample was counted.
    pub fn watch(&mut self, at: EventTime, bt_c: f64, et_c: Option<f64>) -> Taken {
        if self.shape.newest().is_none_or(|(seen, _)| at.since_s(seen) > BLIND_S) {
            self.blind = Some(at);
        }
        let beans = self.beans(at);
        if let Some(session) =
            self.open.as_mut().filter(|session| session.drop.is_none() && at >= session.charge)
        {
            session.follow(at, bt_c);
        }
        match self.shape.push(at, bt_c, et_c, beans) {
            None => {
                self.refute(at, bt_c);
                Taken::default()
            }
            Some(Event::Charge(shown, heat)) => self.shown_charge(at, shown, heat),
            Some(Event::Drop(shown)) => self.shown_drop(at, shown),
            Some(Event::DropWasCharge(shown)) => {
                self.forget_shown_drop();
                self.open_shown(at, shown, Heat::Hot)
            }
            Some(Event::DropWithdrawn) => {
                self.forget_shown_drop();
                Taken::default()
            }
        }
    }

    /// What is known of the beans; None while a charge is to be looked for.
    fn beans(&self, at: EventTime) -> Option<Beans> {
        let session = self.open.as_ref()?;
        let low_c = session.course.map_or(f64::INFINITY, |course| course.low_c);
        let beans = Some(Beans { since: session.charge, low_c, heat: session.heat() });
        if session.drop.is_some() {
            let waits = session.drop_said.shown.is_none()
                && session.drop.is_some_and(|drop| at.since_s(drop) <= DROP_SHOWS_S);
            return beans.filter(|_| waits);
        }
        let filling = match session.charge_said.shown {
            // A vague sign of a charge does not hide a clear one.
            Some(shown) if session.has_plunged() => at.since_s(shown.at) <= SHARPER_S,
            Some(shown) => at.since_s(shown.at) <= SAME_CHARGE_S,
            None => at.since_s(session.charge) <= SAME_CHARGE_S,
        };
        beans.filter(|_| !filling)
    }

    fn shown_charge(&mut self, at: EventTime, shown: Shown, heat: Heat) -> Taken {
        let reach_s = if heat == Heat::Cold { COLD_RECORDER_S } else { RECORDER_S };
        let shown = shown.in_new_recording(self.blind, reach_s);
        // Told early, a charge opens its session while the drop before still falls.
        if self.last_end.is_some_and(|end| shown.at.since_s(end) < SAME_FALL_S) {
            return Taken::default();
        }
        let Some(session) = self.open.as_mut() else {
            return self.open_shown(at, shown, heat);
        };
        if session.drop.is_none() {
            let weaker = session.charge_said.shown.is_some_and(|was| {
                let sharper = shown.bend_c_per_s / was.bend_c_per_s;
                let by_s = shown.at.since_s(was.at);
                let reach_s = if sharper >= -FAR_SHARPER { SAME_FALL_S } else { SHARPER_BY_S };
                let vague = shown.confidence >= SURE
                    && !session.has_plunged()
                    && (session.is_vague() || sharper >= CLEARLY_SHARPER);
                // The same knee, seen better.
                let surer = was.confidence < SURE && shown.confidence >= SURE && by_s.abs() <= AGREE_S;
                let weak = shown.confidence <= was.confidence || sharper < SHARPER || by_s > reach_s;
                weak && !vague && !surer
            });
            let far = shown.at.since_s(session.charge).abs() > SAME_CHARGE_S;
            if weaker || far || (heat == Heat::Cold && session.charge_said.shown.is_some()) {
                return Taken::default();
            }
            let shown = session.charge_said.shown.map_or(shown, |was| was.sharpened(shown));
            session.charge_said.shown = Some(shown);
            let moved = self.settle_charge();
            return Taken { moved, shown: Some(shown.mark(MarkKind::Charge)), ..Taken::default() };
        }
        if let Some(was) = session.drop_said.shown {
            let after_s = shown.at.since_s(was.at);
            if after_s <= SAME_FALL_S && shown.bend_c_per_s <= FAR_SHARPER * was.bend_c_per_s.abs() {
                session.drop_said.shown = Some(shown);
                session.settle_drop();
                return Taken { shown: Some(shown.mark(MarkKind::Drop)), ..Taken::default() };
            }
            // The machine is not charged so soon: this is more of the drop's own fall.
            if after_s <= SAME_FALL_S {
                return Taken::default();
            }
        }
        self.open_shown(at, shown, heat)
    }

    fn shown_drop(&mut self, at: EventTime, shown: Shown) -> Taken {
        let Some(session) = self.open.as_mut() else {
            return Taken::default();
        };
        session.drop_said.shown = Some(shown);
        session.settle_drop();
        if session.drop.is_none() {
            session.drop_said.shown = None;
            return Taken::default();
        }
        self.drop_announced = self.drop_announced.or(Some(at));
        Taken { shown: Some(shown.mark(MarkKind::Drop)), ..self.pending_after_drop() }
    }

    /// Takes back a drop that only the curve showed.
    fn forget_shown_drop(&mut self) {
        if let Some(session) = self.open.as_mut() {
            session.drop_said.shown = None;
            session.settle_drop();
            if session.drop.is_none() {
                self.drop_announced = None;
            }
        }
    }

    /// Takes back a drop that a person told and after which BT climbed on as before. The machine's own word stands.
    fn refute(&mut self, at: EventTime, bt_c: f64) {
        let Some((told, told_c)) = self.drop_told else {
            return;
        };
        let by_hand = |said: &Claims| said.shown.is_none() && said.device.is_none();
        let Some(session) = self.open.as_mut().filter(|session| by_hand(&session.drop_said)) else {
            return;
        };
        let Some(drop) = session.drop.filter(|_| at.since_s(told) >= REFUTED_S) else {
            return;
        };
        if at.since_s(told) > REFUTED_S_MAX {
            self.drop_told = None;
            return;
        }
        let from = drop.plus_s(-DROP_TOLD_LATE_S);
        let broke = self.shape.newest_break().is_some_and(|broke| broke >= from);
        let blind = self.blind.is_some_and(|blind| blind >= from);
        // Beans that are dumped before they are hot uncover hotter air, and BT breaks.
        let went_on = told_c < DOWNWARD_DROP_C || self.shape.went_on(told);
        if !broke && !blind && went_on && bt_c >= told_c + REFUTED_RISE_C {
            session.drop_said = Claims::default();
            session.refuted_drops = session.refuted_drops.saturating_add(1);
            session.settle_drop();
            self.drop_announced = None;
            self.drop_told = None;
        }
    }

    /// Tells the open session who said what was just taken, if it is of its time.
    pub fn heard(&mut self, at: EventTime, trust: Trust, boot: Option<u64>) {
        if let Some(session) = self.open.as_mut().filter(|session| at >= session.charge) {
            session.heard(trust, boot);
        }
    }

    /// Ends the stream; the session that was still open.
    pub fn end(mut self) -> Option<Box<Sealed>> {
        let newest = self.newest?;
        self.seal(SealCause::EndOfStream, newest)
    }

    /// Opens the session of a charge that waited for the drop before it, now that this is known.
    fn pending_after_drop(&mut self) -> Taken {
        let drop = self.open.as_ref().and_then(|session| session.drop);
        let after = |mark: &Mark| drop.is_some_and(|drop| mark.at >= drop);
        match self.pending.take_if(|mark| after(mark)) {
            Some(mark) => self.open_told(mark.at, &mark),
            None => Taken::default(),
        }
    }

    fn open_told(&mut self, announced: EventTime, mark: &Mark) -> Taken {
        let at = mark.at.clamp(announced.plus_s(-MARK_REACH_S), announced);
        let sealed = self.open_at(at);
        if let Some(session) = self.open.as_mut() {
            let charge = session.charge;
            session.charge_said.tell(charge, mark.source);
            session.keep(mark, charge);
        }
        Taken { opened: true, sealed, ..Taken::default() }
    }

    fn open_shown(&mut self, at: EventTime, shown: Shown, heat: Heat) -> Taken {
        let told = self.pending.take().filter(|mark| at.since_s(mark.at) <= SAME_CHARGE_S);
        let sealed = self.open_at(shown.at.min(at));
        if let Some(session) = self.open.as_mut() {
            session.charge_said.shown = Some(Shown { at: session.charge, ..shown });
            session.shown_heat = Some(heat);
            if let Some(mark) = told {
                session.charge_said.tell(mark.at, mark.source);
            }
        }
        self.settle_charge();
        Taken { opened: true, sealed, shown: Some(shown.mark(MarkKind::Charge)), ..Taken::default() }
    }

    /// Opens a session charged at `at`, and seals the one before.
    fn open_at(&mut self, at: EventTime) -> Option<Box<Sealed>> {
        let sealed = self.seal(SealCause::NextCharge, at);
        self.shape.forget_fall();
        // Sessions of one machine never overlap, whatever the marks say.
        let at = self.last_end.map_or(at, |end| at.max(end));
        self.last_charge = Some(at);
        self.open = Some(Session::open(&self.source, &self.machine, at));
        sealed
    }

    /// Moves the open session's charge to the one that stands; whether it moved.
    fn settle_charge(&mut self) -> bool {
        let end = self.last_end;
        let Some(session) = self.open.as_mut() else {
            return false;
        };
        let moved = session.settle_charge(end);
        session.settle_drop();
        self.last_charge = Some(session.charge);
        moved
    }

    /// Seals the open session, ending at drop or else at `last_heard`.
    fn seal(&mut self, cause: SealCause, last_heard: EventTime) -> Option<Box<Sealed>> {
        let session = self.open.take()?;
        self.drop_announced = None;
        self.drop_told = None;
        let end = session.drop.unwrap_or(last_heard).max(session.charge);
        self.last_end = Some(end);
        Some(Box::new(Sealed { session, end, cause }))
    }
}

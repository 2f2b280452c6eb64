//! The state machine: waiting, roasting (charged), cooling (dropped), sealed.
//!
//! After drop the tray is stirred and the probe still reads: those readings belong
//! to the roast before, and never open another. Only a charge does.

use std::sync::Arc;

use trier_roast::{EventTime, Mark, MarkKind, Quality, Trust};

use super::session::{SealCause, Sealed, Session};

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

/// How far before its announcement a charge may lie, s.
pub const MARK_REACH_S: f64 = 600.0;

/// A session without a drop is sealed after this long, s. Nine in ten of 408 real
/// roasts are over by 811 s.
pub const ROAST_S_MAX: f64 = 3_600.0;

/// What a mark did to the sessions.
#[derive(Clone, Debug)]
pub struct Taken {
    /// Whether it opened one, which is the open one now.
    pub opened: bool,
    /// The one that this sealed.
    pub sealed: Option<Sealed>,
}

/// Cuts the stream of one machine into sessions.
#[derive(Clone, Debug)]
pub struct Sessionizer {
    source: Arc<str>,
    machine: Arc<str>,
    open: Option<Session>,
    /// When the drop of the open session was announced.
    drop_announced: Option<EventTime>,
    /// The charge of the newest session and, once it is sealed, its end.
    last_charge: Option<EventTime>,
    last_end: Option<EventTime>,
    /// The newest time heard.
    newest: Option<EventTime>,
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
            last_charge: None,
            last_end: None,
            newest: None,
        }
    }

    /// The session that is open, roasting or cooling.
    #[must_use]
    pub fn open(&self) -> Option<&Session> {
        self.open.as_ref()
    }

    /// Whether beans are in the drum: charged, and drop not announced.
    #[must_use]
    pub fn is_roasting(&self) -> bool {
        self.open.as_ref().is_some_and(|session| session.drop.is_none())
    }

    /// Moves time on to a reading's `at`; the session that this seals, if it does.
    ///
    /// Call for each reading, before it is taken. An earlier time than heard before
    /// changes nothing.
    pub fn advance(&mut self, at: EventTime) -> Option<Sealed> {
        let before = self.newest.unwrap_or(at);
        if at <= before && self.newest.is_some() {
            return None;
        }
        self.newest = Some(at);
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
    /// announcement. A charge opens a session unless it is within a minute of the
    /// charge before it, or earlier. A drop counts once, after charge. Others are
    /// kept as they come, in whatever order.
    pub fn mark(&mut self, announced: EventTime, mark: &Mark) -> Taken {
        let at = mark.at.min(announced);
        if mark.kind == MarkKind::Charge
            && self.last_charge.is_none_or(|last| at >= last.plus_s(FRESH_CHARGE_S))
        {
            return Taken { opened: true, sealed: self.charge(announced, mark) };
        }
        if let Some(session) = self.open.as_mut() {
            session.keep(mark, at);
            if mark.kind == MarkKind::Drop && session.drop.is_none() && at > session.charge {
                session.drop = Some(at);
                // By the newest time heard: a mark may itself come late.
                self.drop_announced = self.newest.or(Some(announced));
            }
        }
        Taken { opened: false, sealed: None }
    }

    /// Counts a sample; the session it belongs to by its time.
    pub fn sample(&mut self, at: EventTime, quality: Quality) -> Option<&Session> {
        let session = self.open.as_mut().filter(|session| at >= session.charge)?;
        session.count(quality);
        Some(session)
    }

    /// Tells the open session who said what was just taken, if it is of its time.
    pub fn heard(&mut self, at: EventTime, trust: Trust, boot: Option<u64>) {
        if let Some(session) = self.open.as_mut().filter(|session| at >= session.charge) {
            session.heard(trust, boot);
        }
    }

    /// Ends the stream; the session that was still open.
    pub fn end(mut self) -> Option<Sealed> {
        let newest = self.newest?;
        self.seal(SealCause::EndOfStream, newest)
    }

    fn charge(&mut self, announced: EventTime, mark: &Mark) -> Option<Sealed> {
        let reach = announced.plus_s(-MARK_REACH_S);
        let at = mark.at.clamp(reach, announced);
        let sealed = self.seal(SealCause::NextCharge, at);
        // Sessions of one machine never overlap, whatever the marks say.
        let at = self.last_end.map_or(at, |end| at.max(end));
        let mut session = Session::open(&self.source, &self.machine, at);
        session.keep(mark, at);
        self.last_charge = Some(at);
        self.open = Some(session);
        sealed
    }

    /// Seals the open session, ending at drop or else at `last_heard`.
    fn seal(&mut self, cause: SealCause, last_heard: EventTime) -> Option<Sealed> {
        let session = self.open.take()?;
        self.drop_announced = None;
        let end = session.drop.unwrap_or(last_heard).max(session.charge);
        self.last_end = Some(end);
        Some(Sealed { session, end, cause })
    }
}

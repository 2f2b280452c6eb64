//! A session: one roast while it is open, and the facts of how it was sealed.

use std::sync::Arc;

use trier_roast::{EventTime, Mark, MarkKind, MarkSource, Quality, Trust};

use super::id::session_id;

/// A roast shorter than this is `aborted`, s. Nine in ten of 408 real roasts take over 508 s.
const ABORTED_S: f64 = 120.0;

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
}

impl Outcome {
    /// The name used in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::NoDrop => "no_drop",
            Self::Aborted => "aborted",
        }
    }
}

/// One roast, from its charge until it is sealed.
#[derive(Clone, Debug)]
pub struct Session {
    /// Its id, see [`session_id`].
    pub id: Arc<str>,
    /// When the beans went in.
    pub charge: EventTime,
    /// When they came out, once that is marked.
    pub drop: Option<EventTime>,
    /// Marks announced so far at or after charge, as they came, repetitions and all.
    pub marks: Vec<PlacedMark>,
    /// Samples that carry this session's id.
    pub n_readings: u32,
    /// Those among them whose BT is not usable.
    pub n_unusable: u32,
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
            charge,
            drop: None,
            marks: Vec::new(),
            n_readings: 0,
            n_unusable: 0,
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

    /// Counts a sample that carries this session's id.
    pub fn count(&mut self, quality: Quality) {
        self.n_readings = self.n_readings.saturating_add(1);
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
        if self.session.since_charge_s(self.end) < ABORTED_S {
            Outcome::Aborted
        } else if self.session.drop.is_some() {
            Outcome::Complete
        } else {
            Outcome::NoDrop
        }
    }
}

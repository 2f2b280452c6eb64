//! Claims: who says when an instant was, and which of them stands.
//!
//! Machines and people say it with marks, the curve with its shape. All are kept. The rule
//! for which one names the instant is in `docs/decisions/0012-detection.md`.

use trier_roast::{EventTime, Mark, MarkKind, MarkSource};

/// A told instant this close to the one the curve shows is taken as told, s: people press a
/// few seconds late, and the curve is not read better than that on every probe.
pub const AGREE_S: f64 = 3.5;

/// The curve overrules a person from this confidence on. It never overrules a door switch.
pub const SURE: f64 = 0.8;

/// What the curve shows of an instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shown {
    /// When.
    pub at: EventTime,
    /// From 0 (a guess) to 1 (certain).
    pub confidence: f64,
    /// Time between samples there, s: it is read no better than that.
    pub interval_s: f64,
    /// How sharply the curve bends there, °C/s; negative downward.
    pub bend_c_per_s: f64,
}

impl Shown {
    /// This one, found more sharply by `later`. A slow probe rounds the knee, and the sharper the break looks the
    /// later it is placed; so of two that are near each other the earlier one says when.
    #[must_use]
    pub fn sharpened(&self, later: Self) -> Self {
        if later.at.since_s(self.at).abs() > AGREE_S || self.bend_c_per_s > 0.0 {
            return later;
        }
        Self { at: later.at.min(self.at), ..later }
    }

    /// This one, where the curve broke within `reach_s` of where it began: it was begun by the charge, or soon before, as
    /// probes show it seconds later. The middle is off by at most half.
    #[must_use]
    pub fn in_new_recording(self, began: Option<EventTime>, reach_s: f64) -> Self {
        /// How sure that can be.
        const CONFIDENCE_MAX: f64 = 0.7;
        match began.map(|began| (began, self.at.since_s(began))) {
            Some((began, after_s)) if (0.0..=reach_s).contains(&after_s) => {
                let confidence = self.confidence.min(CONFIDENCE_MAX);
                Self { at: began.plus_s(0.5 * after_s), confidence, ..self }
            }
            _ => self,
        }
    }

    /// What it is a mark of, for the table.
    #[must_use]
    pub fn mark(&self, kind: MarkKind) -> Mark {
        Mark { kind, at: self.at, source: MarkSource::Inferred, confidence: self.confidence }
    }
}

/// All that is said of one instant of a roast, such as its charge.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Claims {
    /// By the machine itself, first.
    pub device: Option<EventTime>,
    /// By a person, first.
    pub operator: Option<EventTime>,
    /// By the curve.
    pub shown: Option<Shown>,
}

/// The instant that stands, and by whose word.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged {
    /// When.
    pub at: EventTime,
    /// By whom.
    pub source: MarkSource,
    /// From 0 (a guess) to 1 (certain): less where others say otherwise.
    pub confidence: f64,
}

impl Claims {
    /// Keeps what was told. Of several by one source the first stands: a button is pressed twice.
    pub fn tell(&mut self, at: EventTime, source: MarkSource) {
        match source {
            MarkSource::Device => self.device = self.device.or(Some(at)),
            MarkSource::Operator | MarkSource::Inferred => self.operator = self.operator.or(Some(at)),
        }
    }

    /// The instant told: the machine's word before a person's.
    #[must_use]
    pub fn told(&self) -> Option<(EventTime, MarkSource)> {
        let device = self.device.map(|at| (at, MarkSource::Device));
        device.or(self.operator.map(|at| (at, MarkSource::Operator)))
    }

    /// The instant that stands: the machine's word, or a person's unless the curve is sure of another
    /// one, or the curve's. None: nobody said anything.
    #[must_use]
    pub fn judged(&self) -> Option<Judged> {
        let shown = self.shown.map(|shown| Judged {
            at: shown.at,
            source: MarkSource::Inferred,
            confidence: shown.confidence,
        });
        let Some((at, source)) = self.told() else {
            return shown;
        };
        match self.shown {
            None => Some(Judged { at, source, confidence: 0.9 }),
            Some(seen) if at.since_s(seen.at).abs() <= AGREE_S + 0.5 * seen.interval_s => {
                Some(Judged { at, source, confidence: 1.0 })
            }
            Some(seen) if seen.confidence >= SURE && source != MarkSource::Device => shown,
            Some(_) => Some(Judged { at, source, confidence: 0.7 }),
        }
    }

    /// Told minus shown, s: positive when told late. None unless both spoke.
    #[must_use]
    pub fn disagreement_s(&self) -> Option<f64> {
        Some(self.told()?.0.since_s(self.shown?.at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(s: f64) -> EventTime {
        EventTime::default().plus_s(s)
    }

    fn shown(s: f64, confidence: f64) -> Option<Shown> {
        Some(Shown { at: at(s), confidence, interval_s: 1.0, bend_c_per_s: -1.0 })
    }

    #[test]
    fn what_was_told_stands_unless_the_curve_is_sure_of_another_instant() {
        let judged = |told_s: f64, seen: Option<Shown>| {
            let claims = Claims { operator: Some(at(told_s)), shown: seen, ..Claims::default() };
            let judged = claims.judged().expect("told");
            (judged.at.since_s(at(0.0)), judged.source)
        };
        assert_eq!(judged(100.0, None), (100.0, MarkSource::Operator));
        assert_eq!(judged(103.0, shown(100.0, 0.9)), (103.0, MarkSource::Operator));
        assert_eq!(judged(130.0, shown(100.0, 0.9)), (100.0, MarkSource::Inferred));
        assert_eq!(judged(130.0, shown(100.0, 0.5)), (130.0, MarkSource::Operator));
        let door = Claims { device: Some(at(130.0)), shown: shown(100.0, 0.9), ..Claims::default() };
        assert_eq!(door.judged().map(|judged| judged.source), Some(MarkSource::Device));
        assert_eq!(door.disagreement_s(), Some(30.0));
    }

    #[test]
    fn the_machine_outranks_a_person_and_the_first_press_the_second() {
        let mut claims = Claims::default();
        claims.tell(at(10.0), MarkSource::Operator);
        claims.tell(at(20.0), MarkSource::Operator);
        assert_eq!(claims.told(), Some((at(10.0), MarkSource::Operator)));
        claims.tell(at(12.0), MarkSource::Device);
        assert_eq!(claims.told(), Some((at(12.0), MarkSource::Device)));
        assert_eq!(claims.disagreement_s(), None);
    }
}

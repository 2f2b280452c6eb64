//! Watches a batch for the instants that are true, whoever notices them.

use trier_roast::{EventTime, Mark, MarkKind, MarkSource};

use crate::machine::{STEP_S, State, mean_bean_c};

/// Mean bean temperature at colour change, °C (B9: 159.4 ± 1.5 over 12 roasts).
pub(super) const COLOUR_CHANGE_C: f64 = 159.4;
/// Share of beans cracked when first crack starts, and second (B9).
const CRACK_STARTS: f64 = 0.05;
/// Share of beans cracked when first crack ends (B9).
const CRACK_ENDS: f64 = 0.95;

/// What the watch looks at, before and after a step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sight {
    mean_c: f64,
    cracked: f64,
    second_cracked: f64,
}

impl Sight {
    /// What is to be seen of beans in `state`, cracked to these shares.
    pub(super) fn of(state: &State, (cracked, second_cracked): (f64, f64)) -> Self {
        Self { mean_c: mean_bean_c(state), cracked, second_cracked }
    }
}

/// The true marks found so far.
#[derive(Clone, Debug)]
pub(super) struct Watch {
    charged: EventTime,
    marks: Vec<Mark>,
    /// Dose when the beans turned yellow, minutes at 200 °C.
    dose_at_colour_min: Option<f64>,
    /// Lowest temperature of the bean probe's tip, °C, and when, s since charge.
    lowest_tip: (f64, f64),
}

impl Watch {
    pub(super) fn new(charged: EventTime) -> Self {
        Self { charged, marks: Vec::new(), dose_at_colour_min: None, lowest_tip: (f64::INFINITY, 0.0) }
    }

    /// Looks at a step of roasting that ended `end_s` after charge, and marks what was
    /// crossed during it, by straight-line interpolation.
    pub(super) fn look(&mut self, end_s: f64, before: Sight, after: Sight, dose_min: f64, tip_c: f64) {
        let crossings = [
            (MarkKind::DryEnd, before.mean_c, after.mean_c, COLOUR_CHANGE_C),
            (MarkKind::FirstCrackStart, before.cracked, after.cracked, CRACK_STARTS),
            (MarkKind::FirstCrackEnd, before.cracked, after.cracked, CRACK_ENDS),
            (MarkKind::SecondCrackStart, before.second_cracked, after.second_cracked, CRACK_STARTS),
        ];
        for (kind, was, is, limit) in crossings {
            if was < limit && is >= limit && self.marks.iter().all(|m| m.kind != kind) {
                let share = (limit - was) / (is - was);
                self.mark(kind, end_s - STEP_S * (1.0 - share));
                if kind == MarkKind::DryEnd {
                    self.dose_at_colour_min = Some(dose_min);
                }
            }
        }
        if tip_c < self.lowest_tip.0 {
            self.lowest_tip = (tip_c, end_s);
        }
    }

    /// Marks `kind` at a time since charge, to the millisecond.
    pub(super) fn mark(&mut self, kind: MarkKind, since_charge_s: f64) {
        let at = self.charged.plus_s((since_charge_s * 1e3).round() / 1e3);
        self.marks.push(Mark { kind, at, source: MarkSource::Device, confidence: 1.0 });
    }

    /// Dose gathered since the beans turned yellow, minutes at 200 °C.
    pub(super) fn dose_since_colour_min(&self, dose_min: f64) -> f64 {
        self.dose_at_colour_min.map_or(0.0, |at| dose_min - at)
    }

    /// All marks in order of time, the turning point of the probe's tip among them.
    ///
    /// - `end_s`: end of the recording, s since charge. A tip that was coldest at the
    ///   very end never turned.
    pub(super) fn finish(mut self, end_s: f64) -> Vec<Mark> {
        let (_, coldest_s) = self.lowest_tip;
        if coldest_s > 0.0 && coldest_s + STEP_S < end_s {
            self.mark(MarkKind::TurningPoint, coldest_s);
        }
        self.marks.sort_by_key(|mark| (mark.at, mark.kind));
        self.marks
    }
}

//! Watches a batch for the instants that are true, whoever notices them.

use trier_roast::{EventTime, Mark, MarkKind, MarkSource};

use crate::machine::{STEP_S, State};

/// Shell temperature at colour change, °C. Bean probes corrected for their lag showed
/// 159.4 ± 1.5 over 12 roasts (B9), and a probe sees 0 to 5 °C of the air above the shells.
pub(super) const COLOUR_CHANGE_C: f64 = 157.0;
/// How far BT must fall and rise for its lowest point to be a turning point, °C.
const DIP_C: f64 = 2.0;
/// Share of beans cracked when first crack starts, and second (B9).
const CRACK_STARTS: f64 = 0.05;
/// Share of beans cracked when first crack ends (B9).
const CRACK_ENDS: f64 = 0.95;

/// What the watch looks at, before and after a step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sight {
    shell_c: f64,
    cracked: f64,
    second_cracked: f64,
}

impl Sight {
    /// What is to be seen of beans in `state`, cracked to these shares.
    pub(super) fn of(state: &State, (cracked, second_cracked): (f64, f64)) -> Self {
        Self { shell_c: state.shell_c, cracked, second_cracked }
    }
}

/// The true marks found so far.
#[derive(Clone, Debug)]
pub(super) struct Watch {
    charged: EventTime,
    marks: Vec<Mark>,
    /// Dose when the beans turned yellow, minutes at 200 °C.
    dose_at_colour_min: Option<f64>,
    /// Temperature of the bean probe's tip at charge, °C.
    charge_tip_c: f64,
    /// Its lowest since, °C, and when, s since charge.
    lowest_tip: (f64, f64),
    /// Whether it has risen from there.
    risen: bool,
}

impl Watch {
    pub(super) fn new(charged: EventTime) -> Self {
        Self {
            charged,
            marks: Vec::new(),
            dose_at_colour_min: None,
            charge_tip_c: f64::NAN,
            lowest_tip: (f64::INFINITY, 0.0),
            risen: false,
        }
    }

    /// Notes the charge, with the bean probe's tip at `tip_c`.
    pub(super) fn charge(&mut self, tip_c: f64) {
        self.charge_tip_c = tip_c;
        self.lowest_tip = (tip_c, 0.0);
        self.mark(MarkKind::Charge, 0.0);
    }

    /// Looks at a step of roasting that ended `end_s` after charge, and marks what was
    /// crossed during it, by straight-line interpolation.
    pub(super) fn look(&mut self, end_s: f64, before: Sight, after: Sight, dose_min: f64, tip_c: f64) {
        let crossings = [
            (MarkKind::DryEnd, before.shell_c, after.shell_c, COLOUR_CHANGE_C),
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
            self.risen = false;
        }
        self.risen |= tip_c >= self.lowest_tip.0 + DIP_C;
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

    /// The marks so far, in the order they came.
    pub(super) fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// When the bean probe's tip was coldest since charge, s.
    pub(super) fn coldest_s(&self) -> f64 {
        self.lowest_tip.1
    }

    /// All marks in order of time, the turning point of the probe's tip among them if it
    /// fell and rose again while the beans were in.
    pub(super) fn finish(mut self) -> Vec<Mark> {
        let (lowest_c, coldest_s) = self.lowest_tip;
        if self.risen && lowest_c <= self.charge_tip_c - DIP_C {
            self.mark(MarkKind::TurningPoint, coldest_s);
        }
        self.marks.sort_by_key(|mark| (mark.at, mark.kind));
        self.marks
    }
}

//! A roast as calibration sees it: inputs, and the curve to be met.

use std::sync::Arc;

use trier_roast::order::median;
use trier_roast::{MarkKind, Reading, ReadingBody, Sample};

/// Controls from a time on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ControlAt {
    /// Since charge, s; the first is in force at charge.
    pub t_s: f64,
    /// Heat control, %.
    pub gas_pct: f64,
    /// Air control, %.
    pub air_pct: f64,
}

/// One recorded roast, from charge to drop.
#[derive(Clone, Debug, PartialEq)]
pub struct Observed {
    /// What tables call it.
    pub source: Arc<str>,
    /// Green coffee in, kg.
    pub charge_kg: f64,
    /// Room temperature, °C; 22 where nobody wrote it down.
    pub ambient_c: f64,
    /// The bean probe: (s since charge, °C), ascending, charge to drop.
    pub bt: Vec<(f64, f64)>,
    /// What an infrared probe saw of the beans: (s since charge, °C), ascending; empty without one.
    pub seen: Vec<(f64, f64)>,
    /// What the controls did, ascending.
    pub controls: Vec<ControlAt>,
    /// The bean probe as the beans went in, °C.
    pub start_bt_c: f64,
    /// The drum probe, else ET, in the empty machine just before the beans went in, °C; None where it had begun to
    /// see them.
    pub start_other_c: Option<f64>,
    /// The mark of dry end, s since charge.
    pub dry_end_s: Option<f64>,
    /// The mark of first crack, s since charge.
    pub first_crack_s: Option<f64>,
    /// Drop, s since charge.
    pub drop_s: f64,
}

/// Charges that are believed, kg: what machines hold, from a sample roaster to the largest.
pub const CHARGE_KG: (f64, f64) = (0.01, 1000.0);

/// Why a recorded roast cannot be calibrated on.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Unusable {
    /// Nobody knows when the beans went in or out.
    #[error("{what} is not marked")]
    NoMark {
        /// Charge or drop.
        what: &'static str,
    },
    /// The heat is not in the file.
    #[error("it records no heat control")]
    NoHeat,
    /// The heat is in the file, but not from the beginning.
    #[error("its heat control is first known {late_s:.0} s after charge, more than {limit_s:.0} s")]
    HeatLate {
        /// When.
        late_s: f64,
        /// The latest that is accepted.
        limit_s: f64,
    },
    /// How much was roasted is not in the file.
    #[error("it records no charge mass")]
    NoMass,
    /// What is said to have been roasted is no charge.
    #[error("its charge mass, {kg} kg, is not between {least} and {most} kg", least = CHARGE_KG.0, most = CHARGE_KG.1)]
    OddMass {
        /// Said.
        kg: f64,
    },
    /// Too little of the bean probe to compare with.
    #[error("the bean probe has {got} readings between charge and drop, fewer than {least}")]
    FewReadings {
        /// Found.
        got: usize,
        /// Needed.
        least: usize,
    },
}

/// An infrared probe falls to within this of the room when cold beans come into view, °C.
const ROOM_C: f64 = 20.0;
/// It does so within this time of charge, s; no probe in a sheath does.
const COME_INTO_VIEW_S: f64 = 6.0;
/// What it saw counts from here on, s: before, beans are spreading.
const SEEN_FROM_S: f64 = 30.0;
/// A probe in the empty machine that changes by this within a second has begun to see beans, °C.
const STEADY_C: f64 = 3.0;
/// Controls that are first known later than this after charge leave too much to guess, s.
const HEAT_LATE_S: f64 = 45.0;
/// Fewer readings than this make no curve.
const READINGS_LEAST: usize = 60;
/// Readings further than this from both neighbours are electrical, °C.
const SPIKE_C: f64 = 15.0;
/// The other probe is read over this long before charge, s: an infrared one meets the beans at once.
const BEFORE_CHARGE_S: f64 = 12.0;
/// Air control where a machine records none: held still, its value then means nothing, %.
const AIR_UNKNOWN_PCT: f64 = 50.0;

impl Observed {
    /// A roast out of its readings.
    ///
    /// - `readings`: samples and marks in time order, as a log or a simulation says them.
    /// - `charge_kg`: what went in, where it is known.
    ///
    /// # Errors
    /// [`Unusable`], with what is missing.
    pub fn from_readings(
        source: &str,
        readings: &[Reading],
        charge_kg: Option<f64>,
        ambient_c: Option<f64>,
    ) -> Result<Self, Unusable> {
        let mark = |kind| {
            readings.iter().find_map(|reading| match &reading.body {
                ReadingBody::Mark(mark) if mark.kind == kind => Some(mark.at),
                _ => None,
            })
        };
        let charge = mark(MarkKind::Charge).ok_or(Unusable::NoMark { what: "charge" })?;
        let drop = mark(MarkKind::Drop).ok_or(Unusable::NoMark { what: "drop" })?;
        let drop_s = drop.since_s(charge);
        let since = |kind| mark(kind).map(|at| at.since_s(charge)).filter(|s| *s > 0.0 && *s < drop_s);
        let samples: Vec<(f64, Sample)> = readings
            .iter()
            .filter_map(|reading| match &reading.body {
                ReadingBody::Sample(sample) => Some((reading.at.since_s(charge), *sample)),
                ReadingBody::Mark(_) => None,
            })
            .collect();
        let controls = controls(&samples, drop_s)?;
        let charge_kg = charge_kg.ok_or(Unusable::NoMass)?;
        if !(CHARGE_KG.0..=CHARGE_KG.1).contains(&charge_kg) {
            return Err(Unusable::OddMass { kg: charge_kg });
        }
        let bt = bean_curve(&samples, drop_s);
        let (Some(first), true) = (bt.first(), bt.len() >= READINGS_LEAST) else {
            return Err(Unusable::FewReadings { got: bt.len(), least: READINGS_LEAST });
        };
        Ok(Self {
            source: source.into(),
            charge_kg,
            ambient_c: ambient_c.unwrap_or(22.0),
            start_bt_c: first.1,
            start_other_c: other_at_charge(&samples, first.1),
            seen: seen(&samples, ambient_c.unwrap_or(22.0), drop_s),
            bt,
            controls,
            dry_end_s: since(MarkKind::DryEnd),
            first_crack_s: since(MarkKind::FirstCrackStart),
            drop_s,
        })
    }

    /// The bean probe at `t_s`, °C, between its readings; held at the ends.
    #[must_use]
    pub fn bt_at(&self, t_s: f64) -> f64 {
        interpolated(&self.bt, t_s)
    }
}

/// The value at `t` on a polyline of at least one point, held at its ends.
pub(super) fn interpolated(points: &[(f64, f64)], t: f64) -> f64 {
    let after = points.partition_point(|point| point.0 <= t);
    match (after.checked_sub(1).and_then(|before| points.get(before)), points.get(after)) {
        (Some(a), Some(b)) => a.1 + (b.1 - a.1) * (t - a.0) / (b.0 - a.0),
        (Some(only), None) | (None, Some(only)) => only.1,
        (None, None) => f64::NAN,
    }
}

/// What the controls did: from charge on, one entry at each change.
fn controls(samples: &[(f64, Sample)], drop_s: f64) -> Result<Vec<ControlAt>, Unusable> {
    let first_of = |value: fn(&Sample) -> Option<f64>| {
        let known = |(t_s, sample): &(f64, Sample)| value(sample).map(|v| (*t_s, v));
        let before = samples.iter().rev().filter(|(t_s, _)| *t_s <= 0.0).find_map(known);
        before.or_else(|| samples.iter().find_map(known))
    };
    let (known_s, gas_pct) = first_of(|sample| sample.gas_pct).ok_or(Unusable::NoHeat)?;
    if known_s > HEAT_LATE_S {
        return Err(Unusable::HeatLate { late_s: known_s, limit_s: HEAT_LATE_S });
    }
    let air_pct = first_of(|sample| sample.air_pct).map_or(AIR_UNKNOWN_PCT, |(_, air_pct)| air_pct);
    let mut held = ControlAt { t_s: 0.0, gas_pct, air_pct };
    let mut controls = vec![held];
    for (t_s, sample) in samples.iter().filter(|(t_s, _)| *t_s > 0.0 && *t_s < drop_s) {
        let now = ControlAt {
            t_s: *t_s,
            gas_pct: sample.gas_pct.unwrap_or(held.gas_pct),
            air_pct: sample.air_pct.unwrap_or(held.air_pct),
        };
        if (now.gas_pct - held.gas_pct).abs() + (now.air_pct - held.air_pct).abs() > 0.0 {
            held = now;
            controls.push(now);
        }
    }
    Ok(controls)
}

/// The bean probe from charge to drop, without readings that no probe in beans can show.
fn bean_curve(samples: &[(f64, Sample)], drop_s: f64) -> Vec<(f64, f64)> {
    let shown: Vec<(f64, f64)> = samples
        .iter()
        .filter(|(t_s, _)| (0.0..=drop_s).contains(t_s))
        .filter_map(|(t_s, sample)| Some((*t_s, sample.bt_c?)))
        .collect();
    let mut curve: Vec<(f64, f64)> = Vec::with_capacity(shown.len());
    for (i, point) in shown.iter().enumerate() {
        let far = |other: Option<&(f64, f64)>| other.is_some_and(|o| (o.1 - point.1).abs() > SPIKE_C);
        let spike = i > 0 && far(shown.get(i - 1)) && (far(shown.get(i + 1)) || i + 1 == shown.len());
        let rises = curve.last().is_none_or(|last| last.0 < point.0);
        if rises && !spike {
            curve.push(*point);
        }
    }
    curve
}

/// The drum probe, else ET, in the empty machine, where BT is `bt_c`.
fn other_at_charge(samples: &[(f64, Sample)], bt_c: f64) -> Option<f64> {
    let just_before = |value: fn(&Sample) -> Option<f64>| {
        let within = |from_s: f64, to_s: f64| -> Vec<f64> {
            let near = move |(t_s, _): &&(f64, Sample)| (from_s..=to_s).contains(t_s);
            samples.iter().filter(near).filter_map(|(_, sample)| value(sample)).collect()
        };
        let before_c = median(&within(-BEFORE_CHARGE_S, 0.0))?;
        // Where recording starts at charge one reading is all, and it may be on its way to the beans.
        let one_only = within(-BEFORE_CHARGE_S, -0.1).is_empty();
        let moving = one_only && within(0.1, 1.1).iter().any(|c| (c - before_c).abs() > STEADY_C);
        let sees_beans = before_c < bt_c - 2.0 * ROOM_C;
        (!moving && !sees_beans).then_some(before_c)
    };
    just_before(|sample| sample.drum_c).or_else(|| just_before(|sample| sample.et_c))
}

/// What an infrared drum probe or ET saw of the beans; nothing where neither is one.
fn seen(samples: &[(f64, Sample)], ambient_c: f64, drop_s: f64) -> Vec<(f64, f64)> {
    let of = |value: fn(&Sample) -> Option<f64>| -> Vec<(f64, f64)> {
        samples.iter().filter_map(|(t_s, sample)| Some((*t_s, value(sample)?))).collect()
    };
    let looks = |curve: &Vec<(f64, f64)>| {
        curve.iter().any(|(t_s, c)| (-1.0..=COME_INTO_VIEW_S).contains(t_s) && *c < ambient_c + ROOM_C)
    };
    let curve = [of(|sample| sample.drum_c), of(|sample| sample.et_c)].into_iter().find(looks);
    let inside = |(t_s, _): &(f64, f64)| (SEEN_FROM_S..=drop_s).contains(t_s);
    curve.unwrap_or_default().into_iter().filter(inside).collect()
}

//! °C or °F: what the file says, held against what beans do.
//!
//! First crack and drop lie at 140 to 270 °C, which is 284 to 518 °F, whatever
//! the probe (161 to 230 °C in 408 real roasts). The two ranges do not meet, so a
//! reading at one of these marks tells the unit by itself.
//!
//! Where °F is declared and first crack is not marked, a BT that makes a roast as
//! written and none as °F is refused: it may be °C, or a roast in °F given up before
//! it browned, and half the temperature is too much to guess.

use crate::LogError;
use crate::number::rounded;
use trier_roast::TempUnit;

/// Where BT can be at first crack or drop when read in °C.
const CRACK_C: core::ops::RangeInclusive<f64> = 140.0..=270.0;

/// Where BT can be at first crack or drop when read in °F.
const CRACK_F: core::ops::RangeInclusive<f64> = 300.0..=520.0;

/// BT that no roast reaches in °C; above it beans burn.
const PEAK_MAX_C: f64 = 300.0;

/// A roast longer than this, s, has passed 149 °C, the lower end of [`CRACK_F`], unless
/// it was given up. Own choice.
const BROWN_BY_S: f64 = 300.0;

/// What the temperatures of a file show, in its own unit.
pub(crate) struct Evidence {
    /// BT around the first-crack mark.
    pub(crate) first_crack: Option<f64>,
    /// BT around the drop mark.
    pub(crate) drop: Option<f64>,
    /// Highest BT that lasted.
    pub(crate) peak: f64,
    /// From charge, or the first sample, to drop, or the last one, s.
    pub(crate) length_s: f64,
}

/// The unit of the file's temperatures, and why when it is not the declared one.
///
/// # Errors
/// [`LogError::UnitUnclear`] when nothing is declared and no mark tells, when the
/// declared unit is impossible and no other is likely, or when °F is declared and only
/// °C makes a roast.
pub(crate) fn decide(
    declared: Option<TempUnit>,
    seen: &Evidence,
) -> Result<(TempUnit, Option<String>), LogError> {
    use TempUnit::{Celsius, Fahrenheit};
    let at_mark = seen.first_crack.map(|bt| (bt, "first crack")).or(seen.drop.map(|bt| (bt, "drop")));
    let said = declared.map_or("no unit is declared", |unit| match unit {
        Celsius => "mode says C",
        Fahrenheit => "mode says F",
    });
    let in_range = |range: &core::ops::RangeInclusive<f64>| at_mark.filter(|(bt, _)| range.contains(bt));
    let because =
        |(bt, mark): (f64, &str), unit| format!("{said}, but BT at {mark} is {bt:.0}: read as {unit}");
    let peak = seen.peak;
    let tops = rounded(peak, 0);
    match declared {
        None | Some(Celsius) => {
            if let Some(fact) = in_range(&CRACK_F) {
                return Ok((Fahrenheit, Some(because(fact, "°F"))));
            }
            if declared.is_none() && at_mark.is_none() && CRACK_F.contains(&peak) && peak > PEAK_MAX_C {
                return Ok((
                    Fahrenheit,
                    Some(format!("{said}, and BT tops at {tops}, where beans burn in °C: read as °F")),
                ));
            }
            if declared.is_none() {
                let fact = in_range(&CRACK_C).ok_or_else(|| {
                    let detail = format!("{said}, and no mark tells; BT tops at {tops}");
                    LogError::UnitUnclear { detail }
                })?;
                return Ok((Celsius, Some(because(fact, "°C"))));
            }
            if peak > PEAK_MAX_C && in_range(&CRACK_C).is_none() {
                let detail = format!("{said}, but BT tops at {tops}, and no mark tells that it is °F");
                return Err(LogError::UnitUnclear { detail });
            }
            Ok((Celsius, None))
        }
        Some(Fahrenheit) => {
            // A roast in °F may be dropped early, so only first crack can contradict.
            if let Some(bt) = seen.first_crack.filter(|bt| CRACK_C.contains(bt) && peak < PEAK_MAX_C) {
                return Ok((Celsius, Some(because((bt, "first crack"), "°C"))));
            }
            if seen.first_crack.is_none() && only_celsius_roasts(seen) {
                let length_s = seen.length_s;
                let detail = format!(
                    "{said}, but BT tops at {tops} after {length_s:.0} s, a roast in °C and none in °F, \
                     and no first crack is marked to tell"
                );
                return Err(LogError::UnitUnclear { detail });
            }
            Ok((Fahrenheit, None))
        }
    }
}

/// Whether BT, where it ends, makes a roast as written in °C and is too cold for one as °F.
fn only_celsius_roasts(seen: &Evidence) -> bool {
    let end = seen.drop.unwrap_or(seen.peak);
    seen.length_s > BROWN_BY_S && CRACK_C.contains(&end) && seen.peak < *CRACK_F.start()
}

/// A jump of BT, in degrees, that needs explaining.
const JUMP_MIN: f64 = 50.0;

/// Converts the rest of a BT curve that changes from °C to °F in the middle.
///
/// A thermocouple board that restarts may come back with its other unit: 176.1
/// becomes 349.0, which is the same temperature. Converted only when the jump is
/// that change to within 2 degrees and the curve has no other jump. The other way
/// round is left alone: a fall by half is also what a charge can look like.
///
/// Says what was done; None when there was nothing to do.
pub(crate) fn undo_switch(bt: &mut [Option<f64>]) -> Option<String> {
    let read: Vec<(usize, f64)> = bt.iter().enumerate().filter_map(|(i, v)| v.map(|t| (i, t))).collect();
    let mut jumps = read.windows(2).filter(|w| (w[1].1 - w[0].1).abs() > JUMP_MIN);
    let (Some([(_, from), (first, to)]), None) = (jumps.next(), jumps.next()) else { return None };
    if (from * 1.8 + 32.0 - to).abs() >= 2.0 {
        return None;
    }
    for value in bt[*first..].iter_mut().flatten() {
        *value = TempUnit::Fahrenheit.to_c(*value);
    }
    let (from, to) = (rounded(*from, 1), rounded(*to, 1));
    Some(format!("BT jumps from {from} to {to} at sample {first} and stays: read as °F from there on"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use TempUnit::{Celsius, Fahrenheit};

    fn unit(
        declared: Option<TempUnit>,
        first_crack: Option<f64>,
        peak: f64,
    ) -> Result<(TempUnit, bool), &'static str> {
        let seen = Evidence { first_crack, drop: None, peak, length_s: 0.0 };
        decide(declared, &seen).map(|(unit, why)| (unit, why.is_some())).map_err(|e| e.code())
    }

    #[test]
    fn what_is_declared_and_plausible_stands() {
        assert_eq!(unit(Some(Celsius), Some(196.0), 220.0), Ok((Celsius, false)));
        assert_eq!(unit(Some(Fahrenheit), Some(385.0), 430.0), Ok((Fahrenheit, false)));
        assert_eq!(unit(Some(Celsius), None, 150.0), Ok((Celsius, false)));
    }

    #[test]
    fn what_beans_cannot_do_is_read_in_the_other_unit() {
        assert_eq!(unit(Some(Celsius), Some(385.0), 430.0), Ok((Fahrenheit, true)));
        assert_eq!(unit(Some(Fahrenheit), Some(196.0), 220.0), Ok((Celsius, true)));
        assert_eq!(unit(None, Some(385.0), 430.0), Ok((Fahrenheit, true)));
        assert_eq!(unit(None, Some(196.0), 220.0), Ok((Celsius, true)));
        assert_eq!(unit(None, None, 449.0), Ok((Fahrenheit, true)));
    }

    #[test]
    fn without_evidence_nothing_is_guessed() {
        assert_eq!(unit(None, None, 220.0), Err("unit_unclear"));
        assert_eq!(unit(Some(Celsius), None, 401.0), Err("unit_unclear"));
        assert_eq!(unit(Some(Celsius), Some(900.0), 900.0), Err("unit_unclear"));
    }

    #[test]
    fn fahrenheit_that_only_roasts_as_celsius_is_refused() {
        let said = |drop, peak, length_s| {
            let seen = Evidence { first_crack: None, drop, peak, length_s };
            decide(Some(Fahrenheit), &seen).map(|(unit, _)| unit).map_err(|e| e.code())
        };
        // As written, a roast dropped at 215 °C; as °F, ten minutes to 102 °C.
        assert_eq!(said(Some(215.0), 216.0, 600.0), Err("unit_unclear"));
        assert_eq!(said(None, 216.0, 600.0), Err("unit_unclear"));
        // A roast in °F: to its end, given up early, or given up so cold that °C roasts nothing either.
        assert_eq!(said(Some(419.0), 420.0, 600.0), Ok(Fahrenheit));
        assert_eq!(said(Some(215.0), 216.0, 200.0), Ok(Fahrenheit));
        assert_eq!(said(Some(130.0), 130.0, 600.0), Ok(Fahrenheit));
        // Preheated as no machine is in °C.
        assert_eq!(said(Some(260.0), 390.0, 600.0), Ok(Fahrenheit));
    }

    #[test]
    fn a_unit_switched_in_the_middle_is_switched_back() {
        let meant: Vec<Option<f64>> = (0..100).map(|i| Some(150.0 + 0.3 * f64::from(i))).collect();
        let mut switched = meant.clone();
        switched[60] = None;
        switched[61..].iter_mut().flatten().for_each(|t| *t = *t * 1.8 + 32.0);
        assert!(undo_switch(&mut switched).is_some());
        for (i, (got, want)) in switched.iter().zip(&meant).enumerate().filter(|(i, _)| *i != 60) {
            assert!((got.expect("read") - want.expect("read")).abs() < 1e-9, "at {i}");
        }
        assert_eq!(undo_switch(&mut meant.clone()), None);
        let mut spiked = meant;
        spiked[50] = Some(361.0); // A spike, though its height is right, comes back.
        let before = spiked.clone();
        assert_eq!((undo_switch(&mut spiked), spiked), (None, before));
    }
}

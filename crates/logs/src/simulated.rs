//! Roasts that no machine made: named like a simulator's, or with a fall of BT at
//! charge that no probe shows. Suspected and said, never refused.

use crate::number::rounded;
use trier_roast::order::median;

/// How long after charge a fall is looked for, s.
const LOOK_S: f64 = 60.0;

/// Fall of BT within one sample that needs explaining, °C.
const FALL_MIN_C: f64 = 20.0;

/// And its pace, °C/s; the fastest real charge seen is 4 °C/s.
const PACE_MIN_C_PER_S: f64 = 10.0;

/// Readings that show the level before a fall, and the least of them that do.
const BEFORE: (usize, usize) = (9, 3);

/// Readings that show the level after it.
const AFTER: usize = 9;

/// Why a roast is suspected to be a simulation, once for each reason.
///
/// - `name`: of the file; - `charge`: the sample of charge.
pub(crate) fn suspicions(name: &str, time_s: &[f64], bt_c: &[Option<f64>], charge: usize) -> Vec<String> {
    let name = name.to_lowercase();
    let named = ["sim-", "sim_"].iter().any(|start| name.starts_with(start));
    let named = named.then(|| "the file name says simulation".to_owned());
    let fallen = instant_fall(time_s, bt_c, charge).map(|(fall_c, step_s)| {
        let fall_c = rounded(fall_c, 0);
        format!("BT falls {fall_c} °C within {step_s:.1} s after charge; no probe does")
    });
    named.into_iter().chain(fallen).collect()
}

/// A fall of BT after charge within a sample that lasts: (°C, s).
///
/// A spike is none, up or down: BT must have been as high before and stay as low after,
/// by the medians of the readings on both sides.
fn instant_fall(time_s: &[f64], bt_c: &[Option<f64>], charge: usize) -> Option<(f64, f64)> {
    let read: Vec<(usize, f64)> = bt_c.iter().enumerate().filter_map(|(i, c)| Some((i, (*c)?))).collect();
    let first = read.partition_point(|(i, _)| *i < charge);
    let until = |k: &usize| time_s[read[*k].0] - time_s[charge] <= LOOK_S;
    let median_of = |part: &[(usize, f64)]| median(&part.iter().map(|(_, c)| *c).collect::<Vec<_>>());
    (first + 1..read.len()).take_while(until).find_map(|k| {
        let (from, to) = (read[k - 1], read[k]);
        let (fall_c, step_s) = (from.1 - to.1, time_s[to.0] - time_s[from.0]);
        if fall_c < FALL_MIN_C || fall_c <= PACE_MIN_C_PER_S * step_s || k < BEFORE.1 {
            return None;
        }
        let before_c = median_of(&read[k.saturating_sub(BEFORE.0)..k])?;
        let after_c = median_of(&read[k..read.len().min(k + AFTER)])?;
        let lasts = before_c > from.1 - fall_c / 2.0 && after_c < to.1 + fall_c / 2.0;
        lasts.then_some((fall_c, step_s))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seconds of the recording before charge.
    const CHARGE: usize = 20;

    /// A real charge, 3 °C/s down from 190 °C, with `bent` laid over it.
    fn suspected(bent: impl Fn(usize, f64) -> f64) -> bool {
        let time_s: Vec<f64> = (0..200_u32).map(f64::from).collect();
        let plain = |i: usize| 190.0 - 3.0 * (time_s[i] - 20.0).clamp(0.0, 30.0);
        let bt_c: Vec<_> = (0..200).map(|i| Some(bent(i, plain(i)))).collect();
        !suspicions("roast.alog", &time_s, &bt_c, CHARGE).is_empty()
    }

    #[test]
    fn a_spike_in_the_first_minute_is_no_plunge() {
        assert!(!suspected(|_, c| c));
        for width in 1..=3 {
            for at in CHARGE - 2..CHARGE + 58 {
                for spike_c in [60.0, -60.0, 159.0] {
                    let spiked = |i, c| if (at..at + width).contains(&i) { c + spike_c } else { c };
                    assert!(!suspected(spiked), "{width} samples of {spike_c} °C at {at}");
                }
            }
        }
    }

    #[test]
    fn a_plunge_from_one_level_to_another_is_suspected() {
        for at in CHARGE + 1..CHARGE + 10 {
            assert!(suspected(|i, _| if i < at { 180.0 } else { 92.0 + 0.1 * (i - at) as f64 }), "at {at}");
        }
        // The slope of a known simulator: three samples of 25 °C each.
        assert!(suspected(|i, _| 180.0 - 25.0 * (i as f64 - 25.0).clamp(0.0, 3.0)));
        assert_eq!(suspicions("SIM-1.alog", &[0.0], &[None], 0).len(), 1);
    }
}

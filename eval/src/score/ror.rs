//! The rate of rise shown, held against the true one of the bean mass: how far off, and how often it says that
//! the roast ran away or broke in where the beans did not.
//!
//! Roasters fear two shapes around first crack: a crash, where the rate of rise falls off, and the flick up after
//! it. A real one is in the true rate too and is no excursion; one that only the display has is.

use super::curve::BeanCurve;
use super::metric::{Direction, Metric};
use super::reason::NO_REFERENCE;
use super::samples::{Sampled, between};
use super::subject::{PIPELINE, Subject};
use trier_roast::ror::ror_c_per_min;
use trier_tables::rows::ScoreRow;

/// The true rate is taken over as long a window, looking back, as the pipeline's, s.
const WINDOW_S: f64 = 30.0;

/// Where an excursion begins, °C/min off the true rate; one that is back within half of it is over.
///
/// Sound probes of golden machines stay within 5: one of twice the lag by up to 4 until it has caught up, one of
/// three times the noise by up to 4. A roaster turns the gas on a change of 5.
const EXCURSION_C_PER_MIN: f64 = 5.0;

const SPIKES: Metric = Metric::of_roast(
    "ror.spikes",
    "1",
    Direction::Lower,
    "times that the rate of rise went more than 5 °C/min above the true one",
);
const CRASHES: Metric = Metric::of_roast(
    "ror.crashes",
    "1",
    Direction::Lower,
    "times that the rate of rise went more than 5 °C/min below the true one",
);
const RMSE: Metric = Metric::of_roast(
    "ror.rmse",
    "°C/min",
    Direction::Lower,
    "root mean square of the rate of rise minus the true one, from 120 s after the turning point to drop",
);

/// The family's metrics.
pub(super) const METRICS: [Metric; 3] = [SPIKES, CRASHES, RMSE];

/// Excursions of the rate of rise from the true one, and how far off it is.
pub(super) fn scores(subject: &Subject, beans: Option<&BeanCurve>, samples: &[Sampled]) -> Vec<ScoreRow> {
    let off =
        beans.ok_or_else(|| NO_REFERENCE.to_owned()).map(|beans| (beans, off_c_per_min(beans, samples)));
    let rmse = off.clone().and_then(|(beans, off)| beans.rms(&off));
    let counted = |sign: f64| {
        let enough = rmse.as_ref().map_err(Clone::clone);
        enough.and(off.as_ref().map_err(Clone::clone)).map(|(_, off)| f64::from(excursions(off, sign)))
    };
    vec![
        subject.row(PIPELINE, &SPIKES, None, counted(1.0)),
        subject.row(PIPELINE, &CRASHES, None, counted(-1.0)),
        subject.row(PIPELINE, &RMSE, None, rmse.clone()),
    ]
}

/// The pipeline's rate minus the true one at each sample that has both.
fn off_c_per_min(beans: &BeanCurve, samples: &[Sampled]) -> Vec<f64> {
    let off = |sample: &Sampled| {
        let until_s = beans.since_s(sample.t_us);
        let from = beans.points.partition_point(|(at_s, _)| *at_s < until_s - WINDOW_S);
        let until = beans.points.partition_point(|(at_s, _)| *at_s <= until_s);
        let window = &beans.points[from..until];
        Some(sample.ror_c_per_min? - ror_c_per_min(window)?)
    };
    between(samples, beans.from, beans.until).iter().filter_map(off).collect()
}

/// How often `off`, times `sign`, goes beyond the limit; it must come back within half of it in between.
fn excursions(off: &[f64], sign: f64) -> u32 {
    let (mut count, mut is_out) = (0, false);
    for off in off.iter().map(|off| sign * off) {
        if !is_out && off > EXCURSION_C_PER_MIN {
            (count, is_out) = (count + 1, true);
        } else if off < 0.5 * EXCURSION_C_PER_MIN {
            is_out = false;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::super::made_up::{at_s, sampled, subject};
    use super::*;

    /// Beans that climb 12 °C/min, once a second for 400 s; the probe has settled at 120 s.
    fn beans() -> BeanCurve {
        let points = (0..400).map(|s| (f64::from(s), 100.0 + 0.2 * f64::from(s))).collect();
        BeanCurve { from: at_s(120), until: at_s(400), points, instants: 280, charge: at_s(0) }
    }

    /// Spikes, crashes and error of a rate that is off by `off(s)`.
    fn scored(off: impl Fn(i64) -> f64) -> [Option<f64>; 3] {
        let sample = |s: i64| Sampled { ror_c_per_min: Some(12.0 + off(s)), ..sampled(s, 150.0) };
        let samples: Vec<Sampled> = (0..400).map(sample).collect();
        let rows = scores(&subject(), Some(&beans()), &samples);
        [rows[0].value, rows[1].value, rows[2].value]
    }

    #[test]
    fn the_true_rate_is_no_excursion_and_a_crash_with_its_flick_is_two() {
        let [spikes, crashes, rmse] = scored(|_| 0.0);
        assert_eq!((spikes, crashes), (Some(0.0), Some(0.0)));
        // A slope through 30 points of numbers to 1e-14.
        assert!(rmse.expect("scored") < 1e-9);
        let crash = |s: i64| match s {
            200..230 => -6.0,
            230..240 => 6.0,
            _ => 0.0,
        };
        let [spikes, crashes, rmse] = scored(crash);
        assert_eq!((spikes, crashes), (Some(1.0), Some(1.0)));
        // 40 of 280 samples are off by 6.
        assert!((rmse.expect("scored") - 6.0 * (40.0_f64 / 280.0).sqrt()).abs() < 1e-9);
    }

    #[test]
    fn an_excursion_that_trembles_at_the_limit_is_one() {
        let trembling = |s: i64| match s {
            200..230 => {
                if s % 2 == 0 {
                    5.5
                } else {
                    4.5
                }
            }
            _ => 0.0,
        };
        assert_eq!(scored(trembling)[0], Some(1.0));
        let twice = |s: i64| if (200..210).contains(&s) || (250..260).contains(&s) { 5.5 } else { 0.0 };
        assert_eq!(scored(twice)[0], Some(2.0));
        assert_eq!(scored(|_| 4.9)[0], Some(0.0));
        assert_eq!(scored(|s| if s < 120 { 90.0 } else { 0.0 })[0], Some(0.0), "before the probe settles");
    }

    #[test]
    fn half_a_roast_without_a_rate_is_no_quiet_roast() {
        let samples: Vec<Sampled> = (0..400).map(|s| sampled(s, 150.0)).collect();
        let rows = scores(&subject(), Some(&beans()), &samples);
        assert!(rows.iter().all(|row| row.missing.as_deref() == Some("too_few_samples")), "{rows:?}");
        let rows = scores(&subject(), None, &samples);
        assert!(rows.iter().all(|row| row.missing.as_deref() == Some("no_reference")));
    }
}

//! The curve shown, held against the true temperature of the beans.
//!
//! A simulated roast keeps no noise-free reading, so the reference is the bean mass itself, and what the probe
//! does by its nature (lag, touching air) is in the figure too: two arms or two builds compare, machines do not.

use super::metric::{Direction, Metric};
use super::reason::{NO_REFERENCE, TOO_FEW_SAMPLES};
use super::samples::{Sampled, between};
use super::seen::Seen;
use super::subject::{PIPELINE, Subject};
use crate::stats::sum::exact_sum;
use trier_roast::{EventTime, MarkKind};
use trier_sim::TruthRow;
use trier_tables::rows::ScoreRow;

/// From the true turning point until the probe has come from the empty drum's temperature to the beans', s.
const SETTLES_S: f64 = 120.0;

const BT_RMSE: Metric = Metric::of_roast(
    "curve.bt_rmse",
    "°C",
    Direction::Lower,
    "root mean square of usable BT minus true bean temperature, from 120 s after the turning point to drop",
);

/// The family's metrics.
pub(super) const METRICS: [Metric; 1] = [BT_RMSE];

/// The true temperature of the beans while a probe among them shows it.
#[derive(Clone, Debug)]
pub(super) struct BeanCurve {
    /// From when the probe has settled.
    pub from: EventTime,
    /// Drop, or the last instant in the drum.
    pub until: EventTime,
    /// (s since charge, mean temperature in °C) of all instants in the drum, ascending.
    pub points: Vec<(f64, f64)>,
    /// How many instants lie from `from` to `until`.
    pub instants: usize,
    /// When the beans went in.
    pub charge: EventTime,
}

impl BeanCurve {
    /// The curve of a simulated roast; None for a real log, and for a roast that was over before the probe settled.
    pub(super) fn of(seen: &Seen<'_>) -> Option<Self> {
        let (truth, charge) = (seen.truth?, seen.reference.charge);
        let in_drum = |row: &&TruthRow| row.beans_in.as_deref() == Some("drum");
        let beans: Vec<(EventTime, f64)> = (truth.rows.iter().filter(in_drum))
            .filter_map(|row| Some((EventTime::from_us(row.t_us), row.bean_mean_c?)))
            .collect();
        // Beans charged into a cold drum only ever warm, and the probe with them.
        let from = truth.at(MarkKind::TurningPoint).unwrap_or(charge).plus_s(SETTLES_S);
        let until = seen.reference.drop.or(beans.last().map(|(at, _)| *at))?;
        let instants = beans.iter().filter(|(at, _)| (from..until).contains(at)).count();
        let points = beans.into_iter().map(|(at, bean_c)| (at.since_s(charge), bean_c)).collect();
        (instants > 0).then_some(Self { from, until, points, instants, charge })
    }

    /// s since charge.
    pub(super) fn since_s(&self, t_us: i64) -> f64 {
        EventTime::from_us(t_us).since_s(self.charge)
    }

    /// Mean bean temperature, °C, on the straight line between two instants; None outside of all.
    fn at_c(&self, t_s: f64) -> Option<f64> {
        let next = self.points.partition_point(|(at_s, _)| *at_s < t_s);
        let (after_s, after_c) = *self.points.get(next)?;
        if after_s <= t_s {
            return Some(after_c);
        }
        let (before_s, before_c) = *self.points.get(next.checked_sub(1)?)?;
        Some(before_c + (after_c - before_c) * (t_s - before_s) / (after_s - before_s))
    }

    /// Root mean square of `off`, if it has values for half of the instants.
    pub(super) fn rms(&self, off: &[f64]) -> Result<f64, String> {
        if off.is_empty() || 2 * off.len() < self.instants {
            return Err(TOO_FEW_SAMPLES.to_owned());
        }
        let squares: Vec<f64> = off.iter().map(|off| off * off).collect();
        #[allow(clippy::cast_precision_loss)]
        Ok((exact_sum(&squares) / off.len() as f64).sqrt())
    }
}

/// How far the usable readings lie from the beans.
pub(super) fn scores(subject: &Subject, beans: Option<&BeanCurve>, samples: &[Sampled]) -> Vec<ScoreRow> {
    let rmse = beans.ok_or_else(|| NO_REFERENCE.to_owned()).and_then(|beans| {
        let off = |sample: &Sampled| Some(sample.bt_c? - beans.at_c(beans.since_s(sample.t_us))?);
        let off: Vec<f64> = between(samples, beans.from, beans.until).iter().filter_map(off).collect();
        beans.rms(&off)
    });
    vec![subject.row(PIPELINE, &BT_RMSE, None, rmse)]
}

#[cfg(test)]
mod tests {
    use super::super::made_up::{at_s, sampled, subject};
    use super::*;

    /// Beans that climb 0.2 °C/s from 100 °C, once a second for 400 s; the probe has settled at 120 s.
    fn beans() -> BeanCurve {
        let points = (0..400).map(|s| (f64::from(s), 100.0 + 0.2 * f64::from(s))).collect();
        BeanCurve { from: at_s(120), until: at_s(400), points, instants: 280, charge: at_s(0) }
    }

    fn rmse(samples: &[Sampled]) -> Result<f64, String> {
        let rows = scores(&subject(), Some(&beans()), samples);
        rows[0].value.ok_or_else(|| rows[0].missing.as_deref().unwrap_or("").to_owned())
    }

    #[test]
    fn a_probe_that_is_off_by_three_is_off_by_three() {
        let shown = |off_c: f64| -> Vec<Sampled> {
            (0..400_i32).map(|s| sampled(i64::from(s), 100.0 + 0.2 * f64::from(s) + off_c)).collect()
        };
        // Sums of a few hundred squares of numbers to 1e-13.
        assert!((rmse(&shown(-3.0)).expect("scored") - 3.0).abs() < 1e-9);
        let mut torn = shown(3.0);
        torn.iter_mut().take(120).for_each(|sample| sample.bt_c = Some(900.0));
        assert!((rmse(&torn).expect("scored") - 3.0).abs() < 1e-9, "before it settles nothing counts");
        torn.retain(|sample| sample.t_us < at_s(300).us());
        assert!((rmse(&torn).expect("scored") - 3.0).abs() < 1e-9, "over the 180 there are");
        torn.retain(|sample| sample.t_us < at_s(259).us());
        assert_eq!(rmse(&torn), Err("too_few_samples".to_owned()));
        assert_eq!(rmse(&[]), Err("too_few_samples".to_owned()));
    }

    #[test]
    fn between_two_instants_the_beans_are_on_the_line() {
        assert!((beans().at_c(10.5).expect("inside") - 102.1).abs() < 1e-9);
        assert_eq!((beans().at_c(0.0), beans().at_c(-0.1), beans().at_c(399.1)), (Some(100.0), None, None));
    }
}

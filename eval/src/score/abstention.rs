//! How much of a roast an arm leaves without a forecast.

use super::metric::{Direction, Metric};
use super::reason::{NO_REFERENCE, TOO_FEW_SAMPLES};
use super::samples::{Sampled, between};
use super::subject::Subject;
use super::told::Told;
use std::collections::BTreeSet;
use trier_roast::EventTime;
use trier_tables::rows::ScoreRow;

/// Nobody owes a forecast before this, s after charge: BT still falls.
const OWED_S: f64 = 60.0;

/// The family's metrics.
pub(super) const METRICS: [Metric; 2] = Metric::pair(
    Metric::of_roast(
        "first_crack.abstained",
        "1",
        Direction::Lower,
        "share of the samples from 60 s after charge to the event at which there is no forecast",
    ),
    "drop.abstained",
);

/// The share of the samples from a minute after charge to `until` at which the arm said nothing.
///
/// Counted over samples and not over what was asked, so that a pipeline that finds the roast late, or stops asking
/// because it believes the event has come, does not go unseen.
pub(super) fn scores(
    subject: &Subject,
    told: &Told<'_>,
    until: Option<EventTime>,
    samples: &[Sampled],
) -> Vec<ScoreRow> {
    let share = until.ok_or_else(|| NO_REFERENCE.to_owned()).and_then(|until| {
        let asked = between(samples, told.charge.plus_s(OWED_S), until);
        if asked.is_empty() {
            return Err(TOO_FEW_SAMPLES.to_owned());
        }
        let said: BTreeSet<i64> =
            told.rows.iter().filter(|row| row.p50_s.is_some()).map(|row| row.as_of_us).collect();
        let silent = asked.iter().filter(|sample| !said.contains(&sample.t_us)).count();
        #[allow(clippy::cast_precision_loss)]
        Ok(silent as f64 / asked.len() as f64)
    });
    vec![subject.row(told.arm, told.own(&METRICS), None, share)]
}

#[cfg(test)]
mod tests {
    use super::super::made_up::{at_s, prediction, reference, sampled, subject};
    use super::*;
    use trier_pipeline::Target;
    use trier_tables::rows::PredictionRow;

    fn share(said: &[PredictionRow], drop_s: i64, samples: &[Sampled]) -> Result<f64, String> {
        let all: Vec<&PredictionRow> = said.iter().collect();
        let told = Told::of("slope90", Target::Drop, &reference(None, Some(drop_s)), &all);
        let rows = scores(&subject(), &told, Some(at_s(drop_s)), samples);
        assert_eq!((rows.len(), &*rows[0].metric), (1, "drop.abstained"));
        rows[0].value.ok_or_else(|| rows[0].missing.as_deref().unwrap_or("").to_owned())
    }

    #[test]
    fn silence_counts_from_a_minute_after_charge_to_the_event() {
        // Samples at 59 to 63 s, drop at 63 s: asked are 60, 61 and 62.
        let samples: Vec<Sampled> = (59..64).map(|s| sampled(s, 150.0)).collect();
        let said = |s: i64, p50_s| prediction("drop", s, p50_s);
        assert_eq!(share(&[60, 61, 62].map(|s| said(s, Some(9.0))), 63, &samples), Ok(0.0));
        let one = [said(59, Some(9.0)), said(60, Some(9.0)), said(61, None), said(63, Some(0.0))];
        assert_eq!(share(&one, 63, &samples), Ok(2.0 / 3.0));
        assert_eq!(share(&[], 63, &samples), Ok(1.0), "who was never asked said nothing");
        assert_eq!(share(&[], 60, &samples), Err("too_few_samples".to_owned()));
    }
}

//! Whether forecasts of first crack are such as any roast could keep, whatever came of this one.

use super::metric::{Direction, Metric};
use super::reason::{NO_FORECAST, NO_INTERVAL, NO_REFERENCE};
use super::samples::{self, Sampled};
use super::subject::Subject;
use super::told::{FORECAST_AGE_S_MAX, Told};
use trier_roast::EventTime;
use trier_tables::rows::{PredictionRow, ScoreRow};

/// No bean cracks with BT below this, °C: roasters note first crack at 180 to 205, and a probe of many times the
/// usual lag is some 20 behind.
const CRACKS_C_MIN: f64 = 150.0;

/// No machine heats beans faster, °C/s: four times what a drum roaster does after the turning point.
const RISE_C_PER_S_MAX: f64 = 1.0;

/// An interval may grow from one sample to the next by as much as goes by between most of them, s.
const GROWTH_S: f64 = 1.0;

const BEFORE_NOW: Metric = Metric::of_roast(
    "first_crack.before_now",
    "1",
    Direction::Lower,
    "share of the forecasts before it that place it not after now",
);
const OUT_OF_REACH: Metric = Metric::of_roast(
    "first_crack.out_of_reach",
    "1",
    Direction::Lower,
    "share of the forecasts before it that place it before BT could be 150 °C at 1 °C/s",
);
const WIDTH_GROWTH: Metric = Metric::of_roast(
    "first_crack.width_growth",
    "1",
    Direction::Lower,
    "share of steps between good readings at which the 90 % width grows by more than 1 s",
);

/// The family's metrics.
pub(super) const METRICS: [Metric; 3] = [BEFORE_NOW, OUT_OF_REACH, WIDTH_GROWTH];

/// The shares of one arm, over its forecasts of first crack from charge to `until`.
///
/// - `until`: first crack, or as long as it is known that it had not come.
pub(super) fn scores(
    subject: &Subject,
    told: &Told<'_>,
    until: Option<EventTime>,
    samples: &[Sampled],
) -> Vec<ScoreRow> {
    let said = until.ok_or_else(|| NO_REFERENCE.to_owned()).map(|until| {
        let is_before = |row: &&&PredictionRow| (told.charge.us()..until.us()).contains(&row.as_of_us);
        told.rows.iter().filter(is_before).copied().collect::<Vec<_>>()
    });
    let medians = said.clone().map(|said| {
        said.iter().filter_map(|row| Some((row.as_of_us, row.p50_s?))).collect::<Vec<(i64, f64)>>()
    });
    let before_now = medians
        .clone()
        .and_then(|said| share(said.iter().map(|(_, median_s)| *median_s <= 0.0), NO_FORECAST));
    let out_of_reach = medians.and_then(|said| {
        share(said.iter().map(|(t_us, median_s)| is_out_of_reach(samples, *t_us, *median_s)), NO_FORECAST)
    });
    let growth = said.and_then(|said| share(steps(&said, samples).into_iter(), NO_INTERVAL));
    vec![
        subject.row(told.arm, &BEFORE_NOW, None, before_now),
        subject.row(told.arm, &OUT_OF_REACH, None, out_of_reach),
        subject.row(told.arm, &WIDTH_GROWTH, None, growth),
    ]
}

/// Whether a forecast of `median_s` at `t_us` leaves too little time to heat the beans from BT then. One made
/// without a usable BT cannot be told to be.
fn is_out_of_reach(samples: &[Sampled], t_us: i64, median_s: f64) -> bool {
    let bt_c = samples::at(samples, t_us).and_then(|sample| sample.bt_c);
    bt_c.is_some_and(|bt_c| median_s < (CRACKS_C_MIN - bt_c) / RISE_C_PER_S_MAX)
}

/// Whether the width grew, for each step between neighbouring forecasts with an interval that ends at a good reading.
fn steps(said: &[&PredictionRow], samples: &[Sampled]) -> Vec<bool> {
    let width_s = |row: &PredictionRow| Some(row.p95_s? - row.p05_s?);
    let step = |pair: &[&PredictionRow]| {
        let since_s = EventTime::from_us(pair[1].as_of_us).since_s(EventTime::from_us(pair[0].as_of_us));
        let is_good = samples::at(samples, pair[1].as_of_us).is_some_and(|sample| sample.is_good);
        let grew_s = width_s(pair[1])? - width_s(pair[0])?;
        (since_s <= FORECAST_AGE_S_MAX && is_good).then_some(grew_s > GROWTH_S)
    };
    said.windows(2).filter_map(step).collect()
}

/// The share of `found` that is true; `none` where there is nothing.
fn share(found: impl ExactSizeIterator<Item = bool>, none: &str) -> Result<f64, String> {
    let n = found.len();
    if n == 0 {
        return Err(none.to_owned());
    }
    #[allow(clippy::cast_precision_loss)]
    Ok(found.filter(|is| *is).count() as f64 / n as f64)
}

#[cfg(test)]
mod tests {
    use super::super::made_up::{at_s, prediction, reference, sampled, subject};
    use super::*;
    use trier_pipeline::Target;

    /// The three shares of forecasts of first crack, which comes at 500 s, or their reasons.
    fn shares(said: &[PredictionRow], samples: &[Sampled]) -> [Result<f64, String>; 3] {
        let all: Vec<&PredictionRow> = said.iter().collect();
        let told = Told::of("slope90", Target::FirstCrackStart, &reference(Some(500), None), &all);
        let rows = scores(&subject(), &told, Some(at_s(500)), samples);
        let of = |row: &ScoreRow| row.value.ok_or_else(|| row.missing.as_deref().unwrap_or("").to_owned());
        [of(&rows[0]), of(&rows[1]), of(&rows[2])]
    }

    fn wide(as_of_s: i64, p50_s: f64, width_s: f64) -> PredictionRow {
        let said = prediction("first_crack_start", as_of_s, Some(p50_s));
        PredictionRow { p05_s: Some(p50_s - 0.4 * width_s), p95_s: Some(p50_s + 0.6 * width_s), ..said }
    }

    #[test]
    fn a_forecast_of_now_and_one_that_no_machine_could_keep_are_told() {
        let said = [
            // 100 °C at 200 s needs 50 s at 1 °C/s: 49 is too few, 50 is not.
            prediction("first_crack_start", 200, Some(49.0)),
            prediction("first_crack_start", 201, Some(50.0)),
            prediction("first_crack_start", 499, Some(0.0)),
            prediction("first_crack_start", 490, None),
            // Said after it had come, which is no forecast of it.
            prediction("first_crack_start", 501, Some(0.0)),
        ];
        let samples = [sampled(200, 100.0), sampled(201, 100.0), sampled(499, 199.0)];
        let third = 1.0 / 3.0;
        assert_eq!(shares(&said, &samples), [Ok(third), Ok(third), Err("no_interval".to_owned())]);
    }

    #[test]
    fn only_growth_between_neighbours_at_good_readings_counts() {
        let said = [
            wide(300, 200.0, 40.0),
            wide(301, 199.0, 41.0),
            wide(302, 198.0, 42.5),
            // After a gap, and at a reading with a complaint: neither is a step.
            wide(330, 170.0, 90.0),
            wide(331, 169.0, 99.0),
            wide(332, 168.0, 60.0),
        ];
        let mut samples: Vec<Sampled> = [300, 301, 302, 330, 331, 332].map(|s| sampled(s, 180.0)).to_vec();
        samples[4].is_good = false;
        // Steps to 301, 302 and 332: +1 is within what may be, +1.5 is not, -39 is none.
        assert_eq!(shares(&said, &samples)[2], Ok(1.0 / 3.0));
    }

    #[test]
    fn who_says_nothing_has_no_share_and_a_roast_nobody_knows_of_neither() {
        let silent = Err("no_forecast".to_owned());
        assert_eq!(shares(&[], &[]), [silent.clone(), silent, Err("no_interval".to_owned())]);
        let told = Told::of("slope90", Target::FirstCrackStart, &reference(None, None), &[]);
        let rows = scores(&subject(), &told, None, &[]);
        assert!(rows.iter().all(|row| row.missing.as_deref() == Some("no_reference")));
    }
}

//! How unsure a forecast says it is, held against what happened.
//!
//! The same figures for score rows and for backtests. Coverage has no better way of its own: many roasts of it
//! are held against the nominal share, from both sides. Nor has width: narrow is better only among
//! forecasts that cover alike, and `winkler_90` and `crps` are the losses that weigh both.

use super::metric::{Direction, Metric, joined};
use super::reason::NO_INTERVAL;
use super::subject::Subject;
use super::told::{AtLead, Standing, Told};
use crate::stats::interval::{covers, crps_of_quantiles, interval_score, pinball};
use trier_tables::rows::{PredictionRow, ScoreRow};

/// The lead that the probability integral transform is taken at, s: one for each roast, because moments of one
/// roast are not independent, and in every suite at the same lead, so that they compare.
pub const PIT_LEAD_S: f64 = 120.0;

const PINBALL: [Metric; 2] = Metric::pair(
    Metric::at_leads(
        "first_crack.pinball",
        "s",
        Direction::Lower,
        "mean pinball loss of the stated quantiles; half the error of one number",
    ),
    "drop.pinball",
);
const CRPS: [Metric; 2] = Metric::pair(
    Metric::at_leads(
        "first_crack.crps",
        "s",
        Direction::Lower,
        "how far the whole forecast lies from the event; the error of one number",
    ),
    "drop.crps",
);
const WINKLER_90: [Metric; 2] = Metric::pair(
    Metric::at_leads(
        "first_crack.winkler_90",
        "s",
        Direction::Lower,
        "width from 5 % to 95 %, and 20 s for each second by which the event lies outside",
    ),
    "drop.winkler_90",
);
const WITHIN_50: [Metric; 2] = Metric::pair(
    Metric::at_leads(
        "first_crack.within_50",
        "1",
        Direction::None,
        "1 when the event lies from 25 % to 75 %, else 0; should be .5 on average",
    ),
    "drop.within_50",
);
const WITHIN_80: [Metric; 2] = Metric::pair(
    Metric::at_leads(
        "first_crack.within_80",
        "1",
        Direction::None,
        "1 when the event lies from 10 % to 90 %, else 0; should be .8 on average",
    ),
    "drop.within_80",
);
const WITHIN_90: [Metric; 2] = Metric::pair(
    Metric::at_leads(
        "first_crack.within_90",
        "1",
        Direction::None,
        "1 when the event lies from 5 % to 95 %, else 0; should be .9 on average",
    ),
    "drop.within_90",
);
const WIDTH_90: [Metric; 2] = Metric::pair(
    Metric::at_leads(
        "first_crack.width_90",
        "s",
        Direction::None,
        "from 5 % to 95 %; narrow is better only where the coverage is right",
    ),
    "drop.width_90",
);
const PIT: [Metric; 2] = Metric::pair(
    Metric::of_roast(
        "first_crack.pit",
        "1",
        Direction::None,
        "share of the forecast 120 s before that lies below the event; should be uniform over roasts",
    ),
    "drop.pit",
);

/// The family's metrics.
pub(super) const METRICS: [Metric; 16] =
    joined(&[&PINBALL, &CRPS, &WINKLER_90, &WITHIN_50, &WITHIN_80, &WITHIN_90, &WIDTH_90, &PIT]);

/// The share of roasts on which a metric of coverage should be 1; None for any other metric.
#[must_use]
pub fn nominal(metric: &Metric) -> Option<f64> {
    let shares = [(&WITHIN_50, 0.5), (&WITHIN_80, 0.8), (&WITHIN_90, 0.9)];
    shares.iter().find(|(own, _)| own.contains(metric)).map(|(_, share)| *share)
}

/// All that is scored about how unsure one forecast was. None where the quantiles it needs are not stated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spread {
    /// Mean pinball loss over the stated quantiles, s.
    pub pinball_s: f64,
    /// Continuous ranked probability score, s.
    pub crps_s: Option<f64>,
    /// Interval score from 5 % to 95 %, s.
    pub winkler_90_s: Option<f64>,
    /// 1 inside 25 % to 75 %, else 0.
    pub within_50: Option<f64>,
    /// 1 inside 10 % to 90 %, else 0.
    pub within_80: Option<f64>,
    /// 1 inside 5 % to 95 %, else 0.
    pub within_90: Option<f64>,
    /// From 5 % to 95 %, s.
    pub width_90_s: Option<f64>,
    /// Share of the forecast below the event, 0 to 1.
    pub pit: Option<f64>,
}

impl Spread {
    /// Of the forecast that stood, against how long it really took.
    pub(super) fn of(standing: &Standing<'_>) -> Self {
        let (row, left_s) = (standing.row, standing.left_s);
        let quantiles = stated(row);
        #[allow(clippy::cast_precision_loss)] // Seven at most.
        let n = quantiles.len() as f64;
        let within = |low: Option<f64>, high: Option<f64>| Some(indicator(covers(left_s, low?, high?)));
        let ends = row.p05_s.zip(row.p95_s);
        Self {
            pinball_s: quantiles.iter().map(|(level, q)| pinball(left_s, *q, *level)).sum::<f64>() / n,
            crps_s: crps_of_quantiles(left_s, &quantiles),
            winkler_90_s: ends.map(|(low, high)| interval_score(left_s, low, high, 0.1)),
            within_50: within(row.p25_s, row.p75_s),
            within_80: within(row.p10_s, row.p90_s),
            within_90: within(row.p05_s, row.p95_s),
            width_90_s: ends.map(|(low, high)| high - low),
            pit: pit(left_s, &quantiles),
        }
    }
}

/// 1 for true, 0 for false.
fn indicator(is: bool) -> f64 {
    f64::from(u8::from(is))
}

/// The quantiles that `row` states, as (level, s), ascending by level.
fn stated(row: &PredictionRow) -> Vec<(f64, f64)> {
    let all = [
        (0.05, row.p05_s),
        (0.10, row.p10_s),
        (0.25, row.p25_s),
        (0.50, row.p50_s),
        (0.75, row.p75_s),
        (0.90, row.p90_s),
        (0.95, row.p95_s),
    ];
    all.iter().filter_map(|(level, q)| Some((*level, (*q)?))).collect()
}

/// F(y) of a forecast known by `quantiles`, (level, value) ascending by both: straight lines between them.
///
/// Nothing is said of where in a tail `y` lies, so beyond the outermost levels it counts as the middle of the
/// tail, where it is on average: .025 below 5 %. Where several quantiles have the value `y` it is the middle of
/// their levels. None for fewer than two quantiles: one number is no distribution.
fn pit(y: f64, quantiles: &[(f64, f64)]) -> Option<f64> {
    let [first, .., last] = quantiles else {
        return None;
    };
    let below = quantiles.partition_point(|(_, q)| *q < y);
    let above = quantiles.partition_point(|(_, q)| *q <= y);
    if below == quantiles.len() {
        return Some(0.5 * (1.0 + last.0));
    }
    if above == 0 {
        return Some(0.5 * first.0);
    }
    if below < above {
        return Some(0.5 * (quantiles[below].0 + quantiles[above - 1].0));
    }
    let ((low_level, low), (high_level, high)) = (quantiles[below - 1], quantiles[below]);
    Some(low_level + (high_level - low_level) * (y - low) / (high - low))
}

/// Everything at each lead, and the transform at its own.
pub(super) fn scores(subject: &Subject, told: &Told<'_>, at: &[AtLead<'_>]) -> Vec<ScoreRow> {
    let mut rows = Vec::with_capacity(7 * at.len() + 1);
    let asked = |value: Option<f64>| value.ok_or_else(|| NO_INTERVAL.to_owned());
    for (lead_s, standing) in at {
        let spread = standing.as_ref().map(Spread::of);
        let mut put = |metrics, of: fn(&Spread) -> Option<f64>| {
            let value = spread.as_ref().map_err(|why| (*why).clone()).and_then(|spread| asked(of(spread)));
            rows.push(subject.row(told.arm, told.own(metrics), Some(*lead_s), value));
        };
        put(&PINBALL, |spread| Some(spread.pinball_s));
        put(&CRPS, |spread| spread.crps_s);
        put(&WINKLER_90, |spread| spread.winkler_90_s);
        put(&WITHIN_50, |spread| spread.within_50);
        put(&WITHIN_80, |spread| spread.within_80);
        put(&WITHIN_90, |spread| spread.within_90);
        put(&WIDTH_90, |spread| spread.width_90_s);
    }
    let pit = told.at(PIT_LEAD_S).and_then(|standing| asked(Spread::of(&standing).pit));
    rows.push(subject.row(told.arm, told.own(&PIT), None, pit));
    rows
}

#[cfg(test)]
mod tests {
    use super::super::made_up::{prediction, reference, subject};
    use super::*;
    use crate::stats::{calibration::calibration, normal};
    use proptest::prelude::*;
    use trier_pipeline::Target;

    /// Quantiles at the seven levels as `of` has them.
    fn stated_as(of: impl Fn(f64) -> f64) -> PredictionRow {
        let [p05_s, p10_s, p25_s, p50_s, p75_s, p90_s, p95_s] =
            [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95].map(|level| Some(of(level)));
        let said = prediction("first_crack_start", 440, Some(0.0));
        PredictionRow { p05_s, p10_s, p25_s, p50_s, p75_s, p90_s, p95_s, ..said }
    }

    fn spread(row: &PredictionRow, left_s: f64) -> Spread {
        Spread::of(&Standing { row, median_s: row.p50_s.expect("stated"), left_s })
    }

    #[test]
    fn inside_the_interval_winkler_is_its_width_and_outside_it_pays_twenty_for_one() {
        // 5 % to 95 % is 45 to 135 s, 25 % to 75 % is 65 to 115 s.
        let row = stated_as(|level| 40.0 + 100.0 * level);
        let inside = spread(&row, 120.0);
        assert_eq!((inside.winkler_90_s, inside.width_90_s), (Some(90.0), Some(90.0)));
        assert_eq!((inside.within_50, inside.within_80, inside.within_90), (Some(0.0), Some(1.0), Some(1.0)));
        assert_eq!(inside.pit, Some(0.8));
        let outside = spread(&row, 137.0);
        assert_eq!((outside.winkler_90_s, outside.within_90), (Some(90.0 + 40.0), Some(0.0)));
        // Beyond all that is stated: the middle of the tail.
        assert_eq!((outside.pit, spread(&row, 45.0 - 1e-9).pit), (Some(0.975), Some(0.025)));
        assert_eq!(spread(&row, 45.0).pit, Some(0.05));
    }

    #[test]
    fn one_number_scores_its_error_and_says_nothing_of_how_sure_it_is() {
        let row = prediction("first_crack_start", 440, Some(65.0));
        let point = spread(&row, 60.0);
        assert_eq!((point.crps_s, point.pinball_s), (Some(5.0), 2.5));
        assert_eq!((point.winkler_90_s, point.width_90_s, point.pit), (None, None, None));
        let told = Told::of("slope90", Target::FirstCrackStart, &reference(Some(500), None), &[&row]);
        let rows = scores(&subject(), &told, &told.at_leads(&[60.0]));
        let missing =
            |name: &str| rows.iter().find(|row| &*row.metric == name).and_then(|row| row.missing.clone());
        assert_eq!(missing("first_crack.within_90").as_deref(), Some("no_interval"));
        assert_eq!(missing("first_crack.crps"), None);
        // At 380 s nothing had been said yet.
        assert_eq!(missing("first_crack.pit").as_deref(), Some("no_forecast"));
        assert_eq!(rows.len(), 8);
    }

    #[test]
    fn quantiles_of_one_value_share_what_lies_on_them() {
        let row = stated_as(|level| if level < 0.2 { 50.0 } else { 60.0 });
        assert_eq!(spread(&row, 50.0).pit, Some(0.5 * (0.05 + 0.1)));
        assert_eq!(spread(&row, 60.0).pit, Some(0.5 * (0.25 + 0.95)));
        assert_eq!(spread(&row, 55.0).pit, Some(0.1 + 0.5 * 0.15));
    }

    /// Transforms of 400 events that come as the forecast says, stretched by `spread_of_events`.
    fn transforms(spread_of_events: f64) -> Vec<f64> {
        let row = stated_as(|level| 120.0 + 20.0 * normal::quantile(level));
        let events = (0..400).map(|i| normal::quantile((f64::from(i) + 0.5) / 400.0));
        events.map(|z| spread(&row, 120.0 + 20.0 * spread_of_events * z).pit.expect("an interval")).collect()
    }

    #[test]
    fn the_transform_of_a_calibrated_forecast_is_uniform_and_of_one_too_sure_is_not() {
        let fair = calibration(&transforms(1.0)).expect("inside");
        // The tails are .05 wide and lie on one value each: .025 off the uniform distribution at most, but for the
        // bend of the normal between two levels, and .05²/12·.1 in variance.
        assert!(fair.ks_d < 0.03 && fair.ks_p > 0.8, "{fair:?}");
        assert!((fair.mean - 0.5).abs() < 1e-9 && (fair.variance - 1.0 / 12.0).abs() < 3e-3, "{fair:?}");
        let sure = calibration(&transforms(2.0)).expect("inside");
        assert!(sure.ks_p < 1e-3 && sure.variance > 0.11, "{sure:?}");
    }

    proptest! {
        #[test]
        fn losses_are_never_negative_and_carry_shift_and_scale(
            mut q in proptest::collection::vec(0.0_f64..500.0, 7),
            left_s in 0.0_f64..500.0, shift_s in 0.0_f64..90.0, scale in 0.1_f64..9.0,
        ) {
            q.sort_by(f64::total_cmp);
            let levels = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95];
            let at = |level: f64| q[levels.iter().position(|known| *known == level).expect("a level")];
            let one = spread(&stated_as(at), left_s);
            let two = spread(&stated_as(|level| scale * at(level) + shift_s), scale * left_s + shift_s);
            prop_assert!(one.crps_s >= Some(0.0) && one.pinball_s >= 0.0 && one.winkler_90_s >= one.width_90_s);
            prop_assert!((0.0..=1.0).contains(&one.pit.expect("an interval")));
            // Losses are in seconds; 1e-9 s is rounding of sums of a few hundred.
            prop_assert!((two.crps_s.expect("some") - scale * one.crps_s.expect("some")).abs() < 1e-9);
            prop_assert!((two.winkler_90_s.expect("some") - scale * one.winkler_90_s.expect("some")).abs() < 1e-6);
            prop_assert!((two.pinball_s - scale * one.pinball_s).abs() < 1e-9);
        }
    }
}

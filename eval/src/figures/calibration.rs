//! Whether forecasts are as sure as they say: how often intervals held, and where events fell in them.

use super::LEVEL;
use crate::judge::rows_of;
use crate::plan::Plan;
use crate::score::{METRICS, Metric, PIT_LEAD_S, metric_named, nominal};
use crate::stats::{binomial, calibration::calibration, proportion};
use trier_tables::rows::ScoreRow;

/// Bins of equal width that transforms are counted in.
pub const BINS: usize = 10;

/// The metrics of the transform.
const PITS: [&str; 2] = ["first_crack.pit", "drop.pit"];

/// How often the intervals of one arm held, at one lead and nominal share.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// The metric.
    pub metric: &'static str,
    /// The arm.
    pub arm: String,
    /// How long before the event, s.
    pub lead_s: f64,
    /// The share of events that should lie within, 0 to 1.
    pub nominal: f64,
    /// How many did.
    pub held: u64,
    /// Of how many.
    pub n: u64,
    /// `held` / `n`; None where the arm stated no interval.
    pub share: Option<f64>,
    /// Its exact 95 % interval, as if no two roasts shared their luck.
    pub interval: Option<(f64, f64)>,
    /// Why the rows cannot be used; None when they can.
    pub fault: Option<String>,
}

/// Where events fell in the forecasts of one arm, [`PIT_LEAD_S`] before them.
#[derive(Clone, Debug, PartialEq)]
pub struct Pit {
    /// The metric.
    pub metric: &'static str,
    /// The arm.
    pub arm: String,
    /// How long before the event, s.
    pub lead_s: f64,
    /// Roasts counted.
    pub n: u64,
    /// How many lie in each tenth of the forecast, the earliest first; all 0 where the arm stated no interval.
    pub bins: [u64; BINS],
    /// How many would lie in each were the forecast right on average.
    pub expected: f64,
    /// Fewest and most that one bin then holds, but for once in twenty.
    pub likely: (u64, u64),
    /// Chance of a distribution at least so uneven were it right, from the exact Kolmogorov distribution.
    pub p: Option<f64>,
    /// Why the rows cannot be used; None when they can.
    pub fault: Option<String>,
}

/// How often the intervals of both arms of `plan` held, the baseline first, by metric then lead.
#[must_use]
pub fn held(plan: &Plan, scores: &[ScoreRow]) -> Vec<Held> {
    let metrics: Vec<(&'static Metric, f64)> =
        all().filter_map(|metric| Some((metric, nominal(metric)?))).collect();
    let mut leads_s = plan.leads_s.clone();
    leads_s.sort_by(f64::total_cmp);
    let mut found = Vec::new();
    for (metric, nominal) in metrics {
        for lead_s in &leads_s {
            for arm in [&plan.baseline.name, &plan.candidate.name] {
                found.push(held_at(plan, scores, (metric, nominal), *lead_s, arm));
            }
        }
    }
    found
}

fn all() -> impl Iterator<Item = &'static Metric> {
    const ALL: &[Metric] = &METRICS;
    ALL.iter()
}

fn held_at(plan: &Plan, scores: &[ScoreRow], of: (&'static Metric, f64), lead_s: f64, arm: &str) -> Held {
    let (metric, nominal) = of;
    let (values, fault) = split(values(plan, scores, metric, Some(lead_s), arm));
    let (held, n) = (values.iter().filter(|value| **value > 0.5).count() as u64, values.len() as u64);
    // Without an interval there is no share.
    let share = proportion::share(held, n, LEVEL).ok();
    Held {
        metric: metric.name,
        arm: arm.to_owned(),
        lead_s,
        nominal,
        held,
        n,
        share: share.map(|share| share.share),
        interval: share.map(|share| share.exact),
        fault,
    }
}

/// Where events fell in the forecasts of both arms of `plan`, the baseline first, by metric.
#[must_use]
pub fn pit(plan: &Plan, scores: &[ScoreRow]) -> Vec<Pit> {
    let metrics = PITS.iter().filter_map(|name| metric_named(name));
    let arms = [&plan.baseline.name, &plan.candidate.name];
    metrics.flat_map(|metric| arms.map(|arm| pit_of(plan, scores, metric, arm))).collect()
}

fn pit_of(plan: &Plan, scores: &[ScoreRow], metric: &'static Metric, arm: &str) -> Pit {
    let (values, mut fault) = split(values(plan, scores, metric, None, arm));
    let outside = |value: &f64| !(0.0..=1.0).contains(value);
    if let Some(value) = values.iter().copied().find(outside) {
        fault = Some(format!("out_of_range: a transform is {value}, and all lie from 0 to 1"));
    }
    let values = if fault.is_some() { Vec::new() } else { values };
    let mut bins = [0; BINS];
    for value in &values {
        #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        // 0 to BINS.
        let bin = ((value * BINS as f64) as usize).min(BINS - 1);
        bins[bin] += 1;
    }
    #[allow(clippy::cast_precision_loss)]
    let (n, share) = (values.len() as u64, 1.0 / BINS as f64);
    let reaches = |chance: f64| (0..=n).find(|k| binomial::cdf(*k, n, share) >= chance).unwrap_or(n);
    Pit {
        metric: metric.name,
        arm: arm.to_owned(),
        lead_s: PIT_LEAD_S,
        n,
        bins,
        #[allow(clippy::cast_precision_loss)]
        expected: n as f64 * share,
        likely: if n == 0 { (0, 0) } else { (reaches(0.5 * (1.0 - LEVEL)), reaches(0.5 * (1.0 + LEVEL))) },
        p: calibration(&values).ok().map(|figures| figures.ks_p),
        fault,
    }
}

/// The arm's values on the units that owe one, in the order of the plan; or why they cannot be used.
fn values(
    plan: &Plan,
    scores: &[ScoreRow],
    metric: &Metric,
    lead_s: Option<f64>,
    arm: &str,
) -> Result<Vec<f64>, String> {
    let rows = rows_of(scores, arm, metric, lead_s).map_err(|fault| fault.to_string())?;
    Ok(plan.scored().filter_map(|planned| rows.get(&planned.unit)?.value).collect())
}

fn split(found: Result<Vec<f64>, String>) -> (Vec<f64>, Option<String>) {
    match found {
        Ok(values) => (values, None),
        Err(fault) => (Vec::new(), Some(fault)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::made_up::{Said, plan, scores};
    use super::*;

    #[test]
    fn shares_are_counted_arm_by_arm() {
        let plan = plan(&[1; 20]);
        let within = |unit: usize, is_candidate: bool| match (is_candidate, unit) {
            (false, _) => Said::Silent("no_interval"),
            (true, 0..=3) => Said::Value(0.0),
            (true, 19) => Said::Silent("no_reference"),
            (true, _) => Said::Value(1.0),
        };
        let found = held(&plan, &scores(&plan, "first_crack.within_90", Some(60.0), within));
        let at = |arm: &str| {
            let is =
                |one: &&Held| one.metric == "first_crack.within_90" && one.lead_s == 60.0 && one.arm == arm;
            found.iter().find(is).expect("asked").clone()
        };
        let own = at("new");
        assert_eq!((own.held, own.n, own.nominal), (15, 19, 0.9));
        let (low, high) = own.interval.expect("an interval");
        // P(X ≥ 15) and P(X ≤ 15) of 19 are 2.5 % there, by the sums themselves.
        assert!((low - 0.5443469).abs() < 1e-6 && (high - 0.9394755).abs() < 1e-6, "{low} {high}");
        let other = at("old");
        assert_eq!((other.n, other.share, other.interval), (0, None, None));
    }

    #[test]
    fn transforms_fall_into_tenths_and_ends_belong_to_the_outer_ones() {
        let plan = plan(&[1; 40]);
        let place = |unit: usize, _| Said::Value([0.0, 0.05, 0.1, 1.0][unit % 4]);
        let found = pit(&plan, &scores(&plan, "drop.pit", None, place));
        let own = found.iter().find(|one| one.metric == "drop.pit" && one.arm == "new").expect("asked");
        assert_eq!(own.bins, [20, 10, 0, 0, 0, 0, 0, 0, 0, 10]);
        assert_eq!((own.n, own.expected), (40, 4.0));
        // Of 40 draws at .1, 1 to 8 are met or missed by less than 2.5 % on each side.
        assert_eq!(own.likely, (1, 8));
        assert!(own.p.expect("some") < 1e-6);
        let none = found.iter().find(|one| one.metric == "first_crack.pit").expect("asked");
        assert_eq!((none.n, none.bins, none.likely, none.p), (0, [0; BINS], (0, 0), None));
    }

    #[test]
    fn a_transform_that_is_none_is_said() {
        let plan = plan(&[1; 9]);
        let found = pit(&plan, &scores(&plan, "drop.pit", None, |_, _| Said::Value(1.5)));
        let own = found.iter().find(|one| one.metric == "drop.pit").expect("asked");
        assert!(own.n == 0 && own.fault.as_deref().is_some_and(|why| why.contains("1.5")), "{own:?}");
    }
}

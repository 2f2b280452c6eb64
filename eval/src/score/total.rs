//! Many scores in few figures: per machine and over all.

use crate::stats::cluster::robust_mean;
use crate::stats::point::{PointErrors, point_errors};
use crate::stats::student_t;
use std::collections::BTreeMap;
use std::sync::Arc;
use trier_tables::rows::ScoreRow;

/// Figures of one arm's signed errors at one lead, on one machine or all.
#[derive(Clone, Debug, PartialEq)]
pub struct Total {
    /// The machine; None for all together.
    pub machine: Option<Arc<str>>,
    /// The signed-error metric, such as `first_crack.error`.
    pub metric: Arc<str>,
    /// The lead, s; None where it does not apply.
    pub lead_s: Option<f64>,
    /// Whose forecasts.
    pub arm: Arc<str>,
    /// Roasts scored and not, all of them.
    pub n_roasts: u32,
    /// How many had no value, by reason.
    pub missing: BTreeMap<Arc<str>, u32>,
    /// Figures of those that had one; None when there were none or one was not finite.
    pub errors: Option<PointErrors>,
    /// 95 % interval of the mean absolute error; None with fewer than six clusters.
    ///
    /// By a cluster-robust standard error (CR1) and Student's t. Clusters are the roasts of
    /// one lot, machine and day on a machine, and machines over all of them.
    pub mae_interval: Option<(f64, f64)>,
}

impl Total {
    /// Roasts with a value.
    #[must_use]
    pub fn n_scored(&self) -> u32 {
        self.n_roasts - self.missing.values().sum::<u32>()
    }

    /// Roasts where the arm would not say.
    #[must_use]
    pub fn n_abstained(&self) -> u32 {
        self.missing.iter().filter(|(why, _)| why.starts_with("abstained:")).map(|(_, n)| n).sum()
    }
}

/// What a total is taken over. Leads are keyed by their bits: positive doubles sort as their bits do.
type Key = (Option<Arc<str>>, Arc<str>, Option<u64>, Arc<str>);

/// Totals of all signed errors in `rows`: over all machines first, then machine by machine.
///
/// Sorted by machine, metric, lead and arm. The order of `rows` changes nothing.
#[must_use]
pub fn totals(rows: &[ScoreRow]) -> Vec<Total> {
    let mut groups: BTreeMap<Key, Vec<&ScoreRow>> = BTreeMap::new();
    for row in rows.iter().filter(|row| &*row.direction == "zero") {
        for machine in [None, Some(Arc::clone(&row.machine))] {
            let lead = row.lead_s.map(f64::to_bits);
            let key = (machine, Arc::clone(&row.metric), lead, Arc::clone(&row.arm));
            groups.entry(key).or_default().push(row);
        }
    }
    groups.into_iter().map(|(key, rows)| total_of(key, &rows)).collect()
}

fn total_of((machine, metric, lead, arm): Key, rows: &[&ScoreRow]) -> Total {
    let values: Vec<f64> = rows.iter().filter_map(|row| row.value).collect();
    let mut missing: BTreeMap<Arc<str>, u32> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.value.is_none()) {
        let why = row.missing.clone().unwrap_or_else(|| "no_reason_given".into());
        *missing.entry(why).or_default() += 1;
    }
    let over_all = machine.is_none();
    Total {
        mae_interval: mae_interval(rows, |row| if over_all { &row.machine } else { &row.cluster }),
        machine,
        metric,
        lead_s: lead.map(f64::from_bits),
        arm,
        n_roasts: u32::try_from(rows.len()).unwrap_or(u32::MAX),
        missing,
        errors: point_errors(&values).ok(),
    }
}

/// Fewest clusters that an interval is given for: below, a cluster-robust standard error
/// is itself too uncertain for t, and comes out too small.
const CLUSTERS_MIN: usize = 6;

fn mae_interval<'a>(
    rows: &[&'a ScoreRow],
    cluster_of: impl Fn(&'a ScoreRow) -> &'a str,
) -> Option<(f64, f64)> {
    let mut clusters: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for row in rows {
        if let Some(value) = row.value {
            clusters.entry(cluster_of(row)).or_default().push(value.abs());
        }
    }
    let clusters: Vec<Vec<f64>> = clusters.into_values().collect();
    if clusters.len() < CLUSTERS_MIN {
        return None;
    }
    let fit = robust_mean(&clusters).ok()?;
    #[allow(clippy::cast_precision_loss)]
    let reach = student_t::quantile(0.975, (clusters.len() - 1) as f64) * fit.se_cr1;
    // An absolute error is never negative, whatever a symmetric interval says.
    Some(((fit.mean - reach).max(0.0), fit.mean + reach))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::{METRICS, Subject};

    #[test]
    fn counts_in_equal_counts_out() {
        let roast = |machine: &str, value: Result<f64, &str>| {
            let subject = Subject {
                case: "c".into(),
                seed: None,
                session_id: None,
                machine: machine.into(),
                lot: "".into(),
                cluster: "".into(),
            };
            subject.row("constant", &METRICS[0], Some(60.0), value.map_err(str::to_owned))
        };
        let rows = [
            roast("b", Ok(-4.0)),
            roast("a", Ok(2.0)),
            roast("a", Err("abstained:no_history")),
            roast("b", Err("no_reference")),
        ];
        let all = totals(&rows);
        let names: Vec<Option<&str>> = all.iter().map(|t| t.machine.as_deref()).collect();
        assert_eq!(names, [None, Some("a"), Some("b")]);
        assert_eq!((all[0].n_roasts, all[0].n_scored(), all[0].n_abstained()), (4, 2, 1));
        let errors = all[0].errors.expect("two values");
        assert_eq!((errors.mae, errors.bias), (3.0, -1.0));
    }

    #[test]
    fn the_interval_of_a_mean_counts_days_not_roasts() {
        // Six days of one roast each: mean 4, sd √0.8, so 4 ± t(.975, 5)·√(0.8/6) with t = 2.570582.
        let on = |day: &str, value: f64| {
            let subject = Subject {
                case: "c".into(),
                seed: None,
                session_id: None,
                machine: "m".into(),
                lot: "".into(),
                cluster: day.into(),
            };
            subject.row("artisan", &METRICS[0], Some(60.0), Ok(value))
        };
        let days = [on("a", 3.0), on("b", -4.0), on("c", 5.0), on("d", 3.0), on("e", 4.0), on("f", -5.0)];
        let of = |rows: &[ScoreRow]| totals(rows).pop().expect("one machine").mae_interval;
        let (low, high) = of(&days).expect("six days");
        let reach = 2.570_582 * (0.8_f64 / 6.0).sqrt();
        assert!((low - (4.0 - reach)).abs() < 1e-5 && (high - (4.0 + reach)).abs() < 1e-5, "{low} {high}");
        // The same roasts twice on each day are no more days.
        let doubled: Vec<ScoreRow> = days.iter().chain(&days).cloned().collect();
        let (low2, high2) = of(&doubled).expect("six days");
        assert!((low2 - low).abs() < 1e-9 && (high2 - high).abs() < 1e-9);
        assert_eq!(of(&days[..5]), None);
    }
}

//! Many forecasts in few figures: by lead, by how far the roast was, by how much was known, by
//! machine and over all, each beside the best baseline on the same roasts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::stats::bootstrap::{REPLICATES, drawn};
use crate::stats::point::point_errors;
use trier_tables::rows::{AskedRow, BacktestRow};

/// What roasters use today; every other predictor is held against the best of these.
pub const BASELINES: [&str; 3] = ["artisan", "slope90", "constant"];

/// Fewest clusters that an interval is given for.
const CLUSTERS_MIN: usize = 6;

/// Between early and late in a roast, °C.
const REGIME_C: f64 = 150.0;

/// Names of how many earlier roasts were known, with the least and the most.
const EARLIER: [(&str, u32, u32); 6] = [
    ("all", 0, u32::MAX),
    ("0", 0, 0),
    ("1-2", 1, 2),
    ("3-9", 3, 9),
    ("10+", 10, u32::MAX),
    ("3+", 3, u32::MAX),
];

/// A slice of the forecasts asked for, in the order of the table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Slice {
    target: Arc<str>,
    /// Bits of the lead, which sort as positive numbers do; None for all leads.
    lead: Option<u64>,
    regime: &'static str,
    /// Index into [`EARLIER`].
    earlier: usize,
    machine: Option<Arc<str>>,
}

/// The figures of `rows`, which may come in any order.
///
/// Over all machines for each lead and number of earlier roasts, and for each regime; for each
/// machine with three or more earlier roasts, and with any.
#[must_use]
pub fn backtest(rows: &[AskedRow]) -> Vec<BacktestRow> {
    let mut slices: BTreeMap<Slice, Vec<&AskedRow>> = BTreeMap::new();
    for row in rows {
        for (earlier, (_, least, most)) in EARLIER.iter().enumerate() {
            if !(*least..=*most).contains(&row.n_earlier) {
                continue;
            }
            let slice = |lead, regime, machine| Slice {
                target: Arc::clone(&row.target),
                lead,
                regime,
                earlier,
                machine,
            };
            let mut put = |slice: Slice| slices.entry(slice).or_default().push(row);
            put(slice(Some(row.lead_s.to_bits()), "all", None));
            if let Some(bt_c) = row.bt_c {
                put(slice(None, if bt_c < REGIME_C { "below_150" } else { "above_150" }, None));
            }
            if matches!(EARLIER[earlier].0, "all" | "3+") {
                put(slice(Some(row.lead_s.to_bits()), "all", Some(Arc::clone(&row.machine))));
            }
        }
    }
    slices.iter().flat_map(|(slice, rows)| of_slice(slice, rows)).collect()
}

/// The figures of each predictor on one slice.
fn of_slice(slice: &Slice, rows: &[&AskedRow]) -> Vec<BacktestRow> {
    let mut by_predictor: BTreeMap<&str, Vec<&AskedRow>> = BTreeMap::new();
    for row in rows {
        by_predictor.entry(&row.predictor).or_default().push(row);
    }
    let figures = |(name, own): (&&str, &Vec<&AskedRow>)| {
        let mut row = figures_of(slice, name, own);
        if !BASELINES.contains(name) {
            beside_best(&mut row, slice, own, &by_predictor);
        }
        row
    };
    by_predictor.iter().map(figures).collect()
}

fn figures_of(slice: &Slice, predictor: &str, rows: &[&AskedRow]) -> BacktestRow {
    let errors: Vec<f64> = rows.iter().filter_map(|row| row.error_s).collect();
    let point = point_errors(&errors).ok();
    let sizes: Vec<(&str, f64)> =
        rows.iter().filter_map(|row| Some((cluster(slice, row), row.error_s?.abs()))).collect();
    let interval = interval(&sizes, &format!("backtest mae {}", key(slice, predictor)));
    let abstained =
        |row: &&&AskedRow| row.missing.as_deref().is_some_and(|why| why.starts_with("abstained:"));
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let share = |of: fn(&AskedRow) -> Option<f64>| mean(rows.iter().filter_map(|row| of(row)));
    BacktestRow {
        target: Arc::clone(&slice.target),
        slice: if slice.lead.is_some() { "lead" } else { "regime" }.into(),
        lead_s: slice.lead.map(f64::from_bits),
        regime: slice.regime.into(),
        earlier: EARLIER[slice.earlier].0.into(),
        machine: slice.machine.clone(),
        predictor: predictor.into(),
        n_asked: count(rows.len()),
        n_scored: count(errors.len()),
        n_abstained: count(rows.iter().filter(abstained).count()),
        n_clusters: count(grouped(&sizes).len()),
        mae_s: point.as_ref().map(|point| point.mae),
        mae_low_s: interval.map(|(low, _)| low),
        mae_high_s: interval.map(|(_, high)| high),
        bias_s: point.as_ref().map(|point| point.bias),
        p90_s: point.as_ref().map(|point| point.p90_abs),
        pinball_s: share(|row| row.pinball_s),
        crps_s: share(|row| row.crps_s),
        coverage_50: share(|row| row.within_50),
        coverage_80: share(|row| row.within_80),
        coverage_90: share(|row| row.within_90),
        width_90_s: share(|row| row.width_90_s),
        naive_width_90_s: None,
        best_baseline: None,
        baseline_mae_s: None,
        difference_s: None,
        difference_low_s: None,
        difference_high_s: None,
    }
}

/// Puts the best baseline beside a predictor: the one with the least mean absolute error where it
/// said a time; and the mean of the differences where both did.
fn beside_best(
    row: &mut BacktestRow,
    slice: &Slice,
    own: &[&AskedRow],
    by_predictor: &BTreeMap<&str, Vec<&AskedRow>>,
) {
    let mae = |name: &&str| mean(by_predictor.get(name)?.iter().filter_map(|row| Some(row.error_s?.abs())));
    let best =
        BASELINES.iter().filter_map(|name| Some((*name, mae(name)?))).min_by(|a, b| a.1.total_cmp(&b.1));
    let Some((name, baseline_mae_s)) = best else {
        return;
    };
    let same = |row: &AskedRow| (Arc::clone(&row.source), row.lead_s.to_bits());
    let theirs: BTreeMap<_, f64> = by_predictor
        .get(name)
        .into_iter()
        .flatten()
        .filter_map(|row| Some((same(row), row.error_s?.abs())))
        .collect();
    let differences: Vec<(&str, f64)> = own
        .iter()
        .filter_map(|row| Some((cluster(slice, row), row.error_s?.abs() - theirs.get(&same(row))?)))
        .collect();
    let interval = interval(&differences, &format!("backtest difference {}", key(slice, &row.predictor)));
    let stated: Vec<(f64, f64)> =
        own.iter().filter_map(|row| Some((*theirs.get(&same(row))?, row.within_90?))).collect();
    row.naive_width_90_s = naive_width_s(&stated);
    row.best_baseline = Some(name.into());
    row.baseline_mae_s = Some(baseline_mae_s);
    row.difference_s = mean(differences.iter().map(|(_, d)| *d));
    row.difference_low_s = interval.map(|(low, _)| low);
    row.difference_high_s = interval.map(|(_, high)| high);
}

/// The width about a baseline's forecasts that holds as many events as intervals did: of each forecast the
/// baseline's absolute error, s, and whether the event lay within the interval.
fn naive_width_s(stated: &[(f64, f64)]) -> Option<f64> {
    let held = stated.iter().filter(|(_, within)| *within > 0.0).count();
    let errors: Vec<f64> = stated.iter().map(|(error_s, _)| *error_s).collect();
    let widest = held.checked_sub(1)?;
    crate::stats::quantile::sorted(&errors).get(widest).map(|half_s| 2.0 * half_s)
}

/// Machines with so many roasts or more count when a predictor is held against baselines machine by machine.
pub const ROASTS_MIN: u32 = 10;

/// A predictor is worse than a baseline when its error is more than this many times as large.
const WORSE: f64 = 1.10;

/// Machines on which `predictor` was held against baselines with three or more earlier roasts known, of those
/// with [`ROASTS_MIN`] roasts or more; and the figures of those leads where it was worse than the best of them.
#[must_use]
pub fn worse_than_baseline<'a>(
    figures: &'a [BacktestRow],
    target: &str,
    predictor: &str,
) -> (usize, Vec<&'a BacktestRow>) {
    let own = |row: &&BacktestRow| {
        *row.target == *target
            && *row.predictor == *predictor
            && row.machine.is_some()
            && row.lead_s.is_some()
    };
    let many: BTreeSet<&str> = figures
        .iter()
        .filter(own)
        .filter(|row| *row.earlier == *"all" && row.n_asked >= ROASTS_MIN)
        .filter_map(|row| row.machine.as_deref())
        .collect();
    let held: Vec<&BacktestRow> = figures
        .iter()
        .filter(own)
        .filter(|row| *row.earlier == *"3+" && row.machine.as_deref().is_some_and(|name| many.contains(name)))
        .collect();
    let worse = |row: &&BacktestRow| {
        row.mae_s.zip(row.baseline_mae_s).is_some_and(|(own_s, best_s)| own_s > WORSE * best_s)
    };
    let machines: BTreeSet<&str> = held.iter().filter_map(|row| row.machine.as_deref()).collect();
    (machines.len(), held.iter().copied().filter(worse).collect())
}

/// Machines are independent of each other, and on one machine its days.
fn cluster<'a>(slice: &Slice, row: &'a AskedRow) -> &'a str {
    if slice.machine.is_none() { &row.machine } else { &row.cluster }
}

fn key(slice: &Slice, predictor: &str) -> String {
    format!("{slice:?} {predictor}")
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let values: Vec<f64> = values.collect();
    crate::stats::sum::mean(&values)
}

/// Sums and counts by cluster.
fn grouped(values: &[(&str, f64)]) -> Vec<(f64, f64)> {
    let mut clusters: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    for (cluster, value) in values {
        let (sum, n) = clusters.entry(cluster).or_default();
        *sum += value;
        *n += 1.0;
    }
    clusters.into_values().collect()
}

/// The 95 % interval of the mean over all values, resampling clusters; None where there are few,
/// or where the resampling says no more than guesses.
fn interval(values: &[(&str, f64)], key: &str) -> Option<(f64, f64)> {
    let clusters = grouped(values);
    if clusters.len() < CLUSTERS_MIN {
        return None;
    }
    let pooled = |drawn: &[usize]| {
        let (sum, n) = drawn
            .iter()
            .fold((0.0, 0.0), |(sum, n), cluster| (sum + clusters[*cluster].0, n + clusters[*cluster].1));
        sum / n
    };
    drawn(clusters.len(), REPLICATES, key, 0.05, pooled).ok()?.sound()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(machine: &str, source: &str, predictor: &str, n_earlier: u32, error_s: Option<f64>) -> AskedRow {
        AskedRow {
            source: source.into(),
            machine: machine.into(),
            cluster: source.into(),
            predictor: predictor.into(),
            target: "first_crack_start".into(),
            lead_s: 60.0,
            n_earlier,
            bt_c: Some(170.0),
            event_s: 500.0,
            error_s,
            pinball_s: error_s.map(|e| 0.5 * e.abs()),
            crps_s: error_s.map(f64::abs),
            within_50: None,
            within_80: None,
            within_90: error_s.map(|e| f64::from(u8::from(e.abs() < 20.0))),
            width_90_s: error_s.map(|_| 40.0),
            missing: error_s.is_none().then(|| "abstained:no_bt".into()),
        }
    }

    fn at<'a>(
        rows: &'a [BacktestRow],
        earlier: &str,
        machine: Option<&str>,
        predictor: &str,
    ) -> &'a BacktestRow {
        rows.iter()
            .find(|r| {
                *r.slice == *"lead"
                    && *r.earlier == *earlier
                    && r.machine.as_deref() == machine
                    && *r.predictor == *predictor
            })
            .expect("a row")
    }

    #[test]
    fn a_predictor_stands_beside_the_best_baseline_on_the_roasts_both_answered() {
        let rows = [
            asked("a", "1", "curve", 3, Some(10.0)),
            asked("a", "1", "artisan", 3, Some(-30.0)),
            asked("a", "1", "constant", 3, Some(50.0)),
            asked("a", "2", "curve", 0, Some(-30.0)),
            asked("a", "2", "artisan", 0, None),
            asked("a", "2", "constant", 0, Some(40.0)),
        ];
        let figures = backtest(&rows);
        let all = at(&figures, "all", None, "curve");
        assert_eq!((all.n_asked, all.mae_s, all.bias_s), (2, Some(20.0), Some(-10.0)));
        assert_eq!(all.coverage_90, Some(0.5));
        // artisan's error is 30 s where it answered, constant's 45 s; both answered roast 1.
        assert_eq!(all.best_baseline.as_deref(), Some("artisan"));
        assert_eq!((all.baseline_mae_s, all.difference_s), (Some(30.0), Some(-20.0)));
        assert_eq!(all.mae_low_s, None, "two roasts make no interval");
        assert_eq!(at(&figures, "0", None, "artisan").n_abstained, 1);
        assert_eq!(at(&figures, "3+", Some("a"), "curve").mae_s, Some(10.0));
    }

    #[test]
    fn the_naive_interval_holds_as_many_and_a_worse_machine_is_named() {
        // curve states 40 s and is off by 10 s at nine roasts and by 30 s at the tenth, artisan by 1 to 10 s.
        let rows: Vec<AskedRow> = (0..10_u32)
            .flat_map(|i| {
                let off = if i == 9 { 30.0 } else { 10.0 };
                [
                    asked("a", &format!("{i}"), "curve", i, Some(off)),
                    asked("a", &format!("{i}"), "artisan", i, Some(f64::from(i) + 1.0)),
                ]
            })
            .collect();
        let figures = backtest(&rows);
        let all = at(&figures, "all", None, "curve");
        // Nine of ten within 20 s: the ninth of artisan's errors is 9 s.
        assert_eq!((all.coverage_90, all.naive_width_90_s), (Some(0.9), Some(18.0)));
        // With three known and more: curve is off by 12.9 s, artisan by 7 s.
        let (machines, worse) = worse_than_baseline(&figures, "first_crack_start", "curve");
        assert_eq!((machines, worse.len()), (1, 1));
        assert_eq!(worse_than_baseline(&figures, "drop", "curve"), (0, vec![]));
        // A machine of nine roasts is none to hold anything against.
        let (machines, _) = worse_than_baseline(&backtest(&rows[2..]), "first_crack_start", "curve");
        assert_eq!(machines, 0);
    }

    #[test]
    fn over_all_machines_an_interval_counts_machines() {
        let rows: Vec<AskedRow> = (0..40)
            .map(|i| asked(&format!("m{}", i % 8), &format!("{i}"), "artisan", 3, Some(f64::from(i % 8))))
            .collect();
        let figures = backtest(&rows);
        let all = at(&figures, "3+", None, "artisan");
        assert_eq!((all.n_clusters, all.mae_s), (8, Some(3.5)));
        // Eight machines of 0 to 7 s: the standard error of their mean is √(5.25/8) = 0.81 s.
        let (low, high) = (all.mae_low_s.expect("eight"), all.mae_high_s.expect("eight"));
        assert!((low - 1.95).abs() < 0.25 && (high - 5.05).abs() < 0.25, "{low} to {high}");
        let mut turned = rows.clone();
        turned.reverse();
        assert_eq!(backtest(&turned), figures);
    }
}

//! What a machine model still misses: bars, and evidence of where the misses come from.

use trier_roast::order::median;

use super::{BatchScalars, Observed, RoastErrors, Total};

/// One bar and how the held-out roasts stand to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// What is asked for.
    pub what: &'static str,
    /// What was found; None when no roast could be compared.
    pub value: Option<f64>,
    /// The limit.
    pub limit: f64,
    /// Unit of both.
    pub unit: &'static str,
    /// Whether the limit is the most, else the least.
    pub at_most: bool,
}

impl Bar {
    /// Whether it is met; nothing to compare meets nothing.
    #[must_use]
    pub fn met(&self) -> bool {
        self.value.is_some_and(|value| if self.at_most { value <= self.limit } else { value >= self.limit })
    }
}

/// The bars, from totals over the held-out roasts: the machine's, and those with the batch's own numbers.
#[must_use]
pub fn bars(machine: &[Total], with_batch: &[Total]) -> Vec<Bar> {
    let of = |totals: &[Total], metric: &str| {
        totals.iter().find(|total| total.metric == metric).and_then(|total| total.value)
    };
    let most = |what, value, limit| Bar { what, value, limit, unit: "°C", at_most: true };
    let share = |what, metric| Bar {
        what,
        value: of(machine, metric),
        limit: 0.75,
        unit: "of roasts",
        at_most: false,
    };
    vec![
        most("median BT RMSE", of(machine, "median.bt_rmse"), 5.0),
        most("median BT RMSE with 3 numbers a batch", of(with_batch, "median.bt_rmse"), 3.5),
        share("turning point within 8 s and 6 °C", "turning_point.within_8_s_and_6_c"),
        share("first crack within 30 s", "first_crack.within_30_s"),
    ]
}

/// A number that was found for each roast beside something recorded of it, and how they go together.
#[derive(Clone, Debug, PartialEq)]
pub struct GoesWith {
    /// Which of the batch's own numbers, of [`BatchScalars::NAMES`].
    pub number: &'static str,
    /// What was recorded.
    pub recorded: &'static str,
    /// Spearman's rank correlation over the roasts.
    pub rank_correlation: f64,
    /// Roasts compared.
    pub n: usize,
}

/// What is recorded of a roast that its misses may go with.
const RECORDED: [&str; 7] = [
    "charge mass",
    "BT at charge",
    "other probe at charge",
    "mean heat control",
    "mean air control",
    "length of the roast",
    "place in time",
];

/// Which of the batch's own numbers go with what is recorded of the batch, strongest first.
///
/// - `roasts`: each with its own numbers, in time order.
///
/// Only rank correlations beyond 2.8 standard errors of none are kept: one in 200 by chance, and 21 are tried.
#[must_use]
pub fn go_together(roasts: &[(&Observed, BatchScalars)]) -> Vec<GoesWith> {
    let mut all = Vec::new();
    for (place, number) in BatchScalars::NAMES.into_iter().enumerate() {
        for recorded in RECORDED {
            let pairs: Vec<(f64, f64)> = roasts
                .iter()
                .enumerate()
                .filter_map(|(i, (roast, batch))| {
                    Some((batch.values()[place], recorded_of(recorded, roast, i)?))
                })
                .collect();
            let Some(r) = rank_correlation(&pairs) else { continue };
            let n = pairs.len();
            if r.abs() * as_f64(n - 1).sqrt() > 2.8 {
                all.push(GoesWith { number, recorded, rank_correlation: r, n });
            }
        }
    }
    all.sort_by(|a, b| b.rank_correlation.abs().total_cmp(&a.rank_correlation.abs()));
    all
}

fn recorded_of(what: &str, roast: &Observed, place: usize) -> Option<f64> {
    let mean = |of: fn(&super::ControlAt) -> f64| {
        let ends = roast.controls.iter().skip(1).map(|next| next.t_s).chain([roast.drop_s]);
        let held = roast.controls.iter().zip(ends).map(|(now, end_s)| of(now) * (end_s - now.t_s));
        held.sum::<f64>() / roast.drop_s
    };
    Some(match what {
        "charge mass" => roast.charge_kg,
        "BT at charge" => roast.start_bt_c,
        "other probe at charge" => roast.start_other_c?,
        "mean heat control" => mean(|control| control.gas_pct),
        "mean air control" => mean(|control| control.air_pct),
        "length of the roast" => roast.drop_s,
        _ => as_f64(place),
    })
}

/// Spearman's rank correlation; None below six pairs or where one side does not vary.
fn rank_correlation(pairs: &[(f64, f64)]) -> Option<f64> {
    if pairs.len() < 6 {
        return None;
    }
    let ranks = |of: fn(&(f64, f64)) -> f64| -> Vec<f64> {
        let value = |i: usize| of(&pairs[i]);
        let rank = |i: usize| {
            let below = pairs.iter().filter(|pair| of(pair) < value(i)).count();
            let same = pairs.iter().filter(|pair| of(pair).total_cmp(&value(i)).is_eq()).count();
            as_f64(below) + 0.5 * as_f64(same)
        };
        (0..pairs.len()).map(rank).collect()
    };
    let (a, b) = (ranks(|pair| pair.0), ranks(|pair| pair.1));
    let middle = 0.5 * as_f64(pairs.len());
    let product =
        |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| (x - middle) * (y - middle)).sum::<f64>();
    let size = (product(&a, &a) * product(&b, &b)).sqrt();
    (size > 0.0).then(|| product(&a, &b) / size)
}

/// Where the recorded curve itself meets what probes showed at the marks of `train` in the median, less the mark
/// of `held`, s: how far off a machine would be that misses nothing.
#[must_use]
pub fn crack_at_recorded_bt(train: &[&Observed], held: &Observed) -> Option<f64> {
    let marked: Vec<f64> = train.iter().filter_map(|roast| Some(roast.bt_at(roast.first_crack_s?))).collect();
    let crack_c = median(&marked)?;
    let marked_s = held.first_crack_s?;
    let crossed = held.bt.iter().find(|(t_s, c)| *t_s > 0.3 * held.drop_s && *c >= crack_c);
    Some(crossed.map_or(held.drop_s, |(t_s, _)| *t_s) - marked_s)
}

/// What all roasts miss alike in a phase and what each misses on its own: the mean over roasts of their mean miss,
/// and its standard deviation, °C.
///
/// A shared miss is the model's shape; one of the roast's own is something about the batch that nobody wrote down.
#[must_use]
pub fn shared_and_own_c(errors: &[RoastErrors], phase: usize) -> Option<(f64, f64)> {
    let misses: Vec<f64> = errors.iter().filter_map(|roast| roast.phase_bias_c[phase]).collect();
    let n = as_f64(misses.len());
    let mean = misses.iter().sum::<f64>() / n;
    let squares: f64 = misses.iter().map(|miss| (miss - mean) * (miss - mean)).sum();
    (misses.len() >= 3).then(|| (mean, (squares / (n - 1.0)).sqrt()))
}

#[allow(clippy::cast_precision_loss)] // A handful of roasts.
fn as_f64(n: usize) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_go_together_whatever_the_scale() {
        let grown: Vec<(f64, f64)> = (1..=8).map(|i| (f64::from(i), f64::from(i * i * i))).collect();
        assert!((rank_correlation(&grown).expect("eight") - 1.0).abs() < 1e-12);
        let fallen: Vec<(f64, f64)> = grown.iter().map(|(a, b)| (*a, -b)).collect();
        assert!((rank_correlation(&fallen).expect("eight") + 1.0).abs() < 1e-12);
        // One side that never varies goes with nothing, and five roasts tell nothing.
        assert_eq!(rank_correlation(&[(1.0, 2.0); 8]), None);
        assert_eq!(rank_correlation(&grown[..5]), None);
    }
}

//! What a sweep came to: how each score is spread, and which key moves it.

use std::collections::BTreeMap;
use std::sync::Arc;

use trier_roast::order::quantile_of_sorted;
use trier_tables::table;

use crate::Scores;

use super::design::mixed;
use super::load::Sweep;
use super::roasted::Swept;

/// Roasts that are kept for the summary: of more, an even share. Of so many, a rank correlation is
/// known to 0.008.
pub const KEPT_MAX: u32 = 16_384;

table! {
    /// One row per score of a sweep: how it is spread over the roasts that have it.
    pub struct SpreadRow = "sweep_scores", version 1 {
        /// The score, a column of the table `sweep`.
        score: Arc<str>,
        /// Unit of the numbers.
        unit: Arc<str>,
        /// Roasts that have it, of those looked at.
        n: u32 ["1"],
        /// A tenth of the roasts lie below; null where none has it.
        p10: Option<f64> ["as the column unit says"],
        /// Median.
        p50: Option<f64> ["as the column unit says"],
        /// A tenth of the roasts lie above.
        p90: Option<f64> ["as the column unit says"],
    }
}

table! {
    /// One row per varied key and score of a sweep: whether they rise together.
    pub struct EffectRow = "sweep_effects", version 1 {
        /// The key, a column of the table `sweep`.
        key: Arc<str>,
        /// The score, a column of the table `sweep`.
        score: Arc<str>,
        /// Roasts that have the score, of those looked at.
        n: u32 ["1"],
        /// Spearman's rank correlation, -1 to 1; null where either does not differ. A key whose
        /// effect turns round shows less than it does.
        rank_correlation: Option<f64> ["1"],
    }
}

/// Gathers a sweep's roasts, keeping no more than [`KEPT_MAX`] of them.
#[derive(Clone, Debug)]
pub struct Summary {
    keys: Vec<Arc<str>>,
    roasts: u32,
    kept: Vec<Vec<Option<f64>>>,
    outcomes: BTreeMap<Arc<str>, u32>,
}

impl Summary {
    /// Of a sweep, before its first roast.
    #[must_use]
    pub fn new(sweep: &Sweep) -> Self {
        let keys = sweep.varied.iter().map(|varied| varied.key.as_str().into()).collect();
        Self { keys, roasts: sweep.roasts, kept: Vec::new(), outcomes: BTreeMap::new() }
    }

    /// Takes in a roast. In which order does not matter to what is kept, only to its order.
    pub fn take(&mut self, swept: &Swept) {
        *self.outcomes.entry(Arc::clone(&swept.row.outcome)).or_default() += 1;
        // By chance and not by every so many: a design has a pattern.
        let drawn = (u64::from(mixed(u64::from(swept.row.index) + 1)) * u64::from(self.roasts)) >> 32;
        if drawn < u64::from(KEPT_MAX) {
            self.kept.push(swept.numbers.clone());
        }
    }

    /// How many roasts had each outcome, by its name.
    #[must_use]
    pub fn outcomes(&self) -> &BTreeMap<Arc<str>, u32> {
        &self.outcomes
    }

    /// How many roasts the spreads and effects are worked out from.
    #[must_use]
    pub fn kept(&self) -> u32 {
        u32::try_from(self.kept.len()).unwrap_or(u32::MAX)
    }

    /// How each score is spread.
    #[must_use]
    pub fn spreads(&self) -> Vec<SpreadRow> {
        let spread = |(place, &(score, unit)): (usize, &(&str, &str))| {
            let mut values: Vec<f64> =
                self.kept.iter().filter_map(|numbers| numbers[self.keys.len() + place]).collect();
            values.sort_by(f64::total_cmp);
            let quantile = |p| quantile_of_sorted(&values, p);
            SpreadRow {
                score: score.into(),
                unit: unit.into(),
                n: u32::try_from(values.len()).unwrap_or(u32::MAX),
                p10: quantile(0.1),
                p50: quantile(0.5),
                p90: quantile(0.9),
            }
        };
        Scores::NAMES.iter().enumerate().map(spread).collect()
    }

    /// Which way each key moves each score, key by key.
    #[must_use]
    pub fn effects(&self) -> Vec<EffectRow> {
        let scores = || Scores::NAMES.iter().enumerate();
        let effect = |key: usize, (place, &(score, _)): (usize, &(&str, &str))| {
            let both = |numbers: &Vec<Option<f64>>| numbers[key].zip(numbers[self.keys.len() + place]);
            let (x, y): (Vec<f64>, Vec<f64>) = self.kept.iter().filter_map(both).unzip();
            EffectRow {
                key: Arc::clone(&self.keys[key]),
                score: score.into(),
                n: u32::try_from(x.len()).unwrap_or(u32::MAX),
                rank_correlation: rank_correlation(&x, &y),
            }
        };
        (0..self.keys.len()).flat_map(|key| scores().map(move |score| effect(key, score))).collect()
    }
}

/// Spearman's rank correlation: the correlation of the ranks, equal values sharing theirs.
///
/// None for fewer than three pairs, and where all values of a side are equal.
fn rank_correlation(x: &[f64], y: &[f64]) -> Option<f64> {
    let (x, y) = (ranks(x), ranks(y));
    #[allow(clippy::cast_precision_loss)]
    let middle = (x.len() as f64 + 1.0) / 2.0;
    let sum =
        |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| (a - middle) * (b - middle)).sum() };
    let size = (sum(&x, &x) * sum(&y, &y)).sqrt();
    (x.len() > 2 && size > 0.0).then(|| (sum(&x, &y) / size).clamp(-1.0, 1.0))
}

/// The rank of each value, from 1; equal values have the mean of theirs.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut first = 0;
    for group in order.chunk_by(|a, b| values[*a].total_cmp(&values[*b]).is_eq()) {
        #[allow(clippy::cast_precision_loss)]
        let rank = first as f64 + (group.len() as f64 + 1.0) / 2.0;
        group.iter().for_each(|i| ranks[*i] = rank);
        first += group.len();
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rank_correlations_meet_their_known_values() {
        let x = [1.0, 2.0, 3.0, 4.0, 5.0];
        assert_eq!(rank_correlation(&x, &x.map(|v| v * v * v)), Some(1.0));
        assert_eq!(rank_correlation(&x, &x.map(|v| -v)), Some(-1.0));
        // 1 − 6·Σd²/(n(n² − 1)) with d = 1, −1, 0, 1, −1: 0.8.
        let rho = rank_correlation(&x, &[2.0, 1.0, 3.0, 5.0, 4.0]).expect("they differ");
        assert!((rho - 0.8).abs() < 1e-12, "{rho}");
        assert_eq!(rank_correlation(&x, &[7.0; 5]), None);
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 2.0]), [3.5, 1.0, 3.5, 2.0]);
    }
}

//! The roasts of a sweep: each a row of numbers, whatever became of it.

use std::ops::Range;
use std::sync::Arc;

use trier_tables::{Extra, table};

use crate::{Scores, score};

use super::load::Sweep;
use super::point::Points;

table! {
    /// One row per roast of a sweep, by its number. After these columns stand those of the keys
    /// that vary, by name, and the scores, null where a roast has none.
    pub struct SweepRow = "sweep", version 1 {
        /// The roast's number, from 0.
        index: u32 ["1"],
        /// The seed it was roasted with.
        seed: i64 ["1"],
        /// How it ended: `dropped`, another outcome of a roast, `refused` for numbers that do not go
        /// together, or `errored`.
        outcome: Arc<str>,
        /// Reason code when it was refused or errored; null otherwise.
        reason: Option<Arc<str>>,
    }
}

/// One roast of a sweep.
#[derive(Clone, Debug, PartialEq)]
pub struct Swept {
    /// Which, with what became of it.
    pub row: SweepRow,
    /// The varied numbers, then the scores: one for each of [`Sweep::columns`].
    pub numbers: Vec<Option<f64>>,
}

impl Sweep {
    /// The columns of [`Swept::numbers`]: keys, then scores.
    #[must_use]
    pub fn columns(&self) -> Vec<Extra> {
        let of_key = |varied: &super::Varied| Extra {
            name: varied.key.clone(),
            unit: varied.unit.clone(),
            doc: "Varied by the sweep.".into(),
        };
        let of_score = |&(name, unit): &(&str, &str)| Extra {
            name: name.into(),
            unit: unit.into(),
            doc: "Score of the roast.".into(),
        };
        self.varied.iter().map(of_key).chain(Scores::NAMES.iter().map(of_score)).collect()
    }
}

impl Points<'_> {
    /// Roasts those of `range`, in order. None is lost: what cannot be roasted has a row that says so.
    #[must_use]
    pub fn roast(&self, range: Range<u32>) -> Vec<Swept> {
        range.map(|index| self.roast_one(index)).collect()
    }

    fn roast_one(&self, index: u32) -> Swept {
        let seed = self.seed(index);
        let (outcome, reason, scores) = match self.scenario(index) {
            Err(error) => ("refused", Some(error.code()), None),
            Ok(scenario) => match score(&scenario, seed, scenario.history_roasts) {
                Err(error) => ("errored", Some(error.code()), None),
                Ok(scores) => (scores.outcome.code(), None, Some(scores)),
            },
        };
        let scores = scores.map_or_else(|| vec![None; Scores::NAMES.len()], |scores| scores.values());
        let values = self.values(index).into_iter().map(Some);
        let seed = i64::try_from(seed).unwrap_or(i64::MAX);
        let row = SweepRow { index, seed, outcome: outcome.into(), reason: reason.map(Arc::from) };
        Swept { row, numbers: values.chain(scores).collect() }
    }
}

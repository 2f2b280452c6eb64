//! The points of a sweep: the numbers, the seed and the scenario of each roast.

use crate::{Scenario, ScenarioError};

use super::design::{Design, Method};
use super::file::Seeds;
use super::load::Sweep;

/// A sweep under a seed: any of its roasts can be asked for.
#[derive(Clone, Debug)]
pub struct Points<'a> {
    sweep: &'a Sweep,
    seed: u64,
    design: Design,
}

impl<'a> Points<'a> {
    pub(super) fn new(sweep: &'a Sweep, seed: u64) -> Self {
        let keys: Vec<(&str, u32)> =
            sweep.varied.iter().map(|varied| (varied.key.as_str(), varied.levels)).collect();
        Self { sweep, seed, design: Design::new(sweep.method, seed, sweep.roasts, &keys) }
    }

    /// The varied numbers of roast `i`, in the order of the sweep's keys and in their units.
    #[must_use]
    pub fn values(&self, i: u32) -> Vec<f64> {
        let value = |(place, varied): (f64, &super::Varied)| match self.sweep.method {
            Method::Grid => varied.law.at_level(place, varied.levels),
            _ => varied.law.at(place),
        };
        self.design.at(i).into_iter().zip(&self.sweep.varied).map(value).collect()
    }

    /// The seed that roast `i` is roasted with.
    #[must_use]
    pub fn seed(&self, i: u32) -> u64 {
        match self.sweep.seeds {
            // A seed is a positive number of 63 bits wherever it is written.
            Seeds::Own => self.seed.wrapping_add(i.into()) & (u64::MAX >> 1),
            Seeds::Shared => self.seed,
        }
    }

    /// The scenario of roast `i`.
    ///
    /// # Errors
    /// A [`ScenarioError`] when its numbers do not go together.
    pub fn scenario(&self, i: u32) -> Result<Scenario, ScenarioError> {
        let (sweep, values) = (self.sweep, self.values(i));
        let keys = sweep.varied.iter().map(|varied| varied.key.as_str());
        let laid: Vec<(&str, f64)> = keys.zip(values).collect();
        sweep.parts.laid(&sweep.base, &sweep.path, &laid)
    }
}

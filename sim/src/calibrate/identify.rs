//! What the roasts say about each number, and what they cannot tell apart.

use nalgebra::DMatrix;
use serde::Serialize;

use super::solve::jacobian;
use super::{Fit, Level, Problem};

/// One fitted number and what is known of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// Its key in the machine's file, or its name.
    pub key: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// Whose number it is.
    #[serde(skip)]
    pub level: Level,
    /// The family's number.
    pub prior: f64,
    /// One standard deviation of its prior below that.
    #[serde(skip)]
    pub prior_low: f64,
    /// One standard deviation of its prior above it.
    #[serde(skip)]
    pub prior_high: f64,
    /// The fitted one.
    pub value: f64,
    /// One standard error below it.
    pub low: f64,
    /// One standard error above it.
    pub high: f64,
    /// Whether it ran into the end of what it may be.
    #[serde(skip)]
    pub at_bound: bool,
    /// Standard deviation after the roasts over that before them: near 1 where they say nothing.
    pub sd_ratio: f64,
}

/// All fitted numbers, and which go together.
#[derive(Clone, Debug)]
pub struct Identified {
    /// In the order they are fitted in.
    pub estimates: Vec<Estimate>,
    /// Pairs that the roasts cannot tell apart, by key, with their correlation.
    pub pairs: Vec<(&'static str, &'static str, f64)>,
    /// Over how many of the numbers' directions the roasts say more than the prior does.
    pub directions: usize,
}

/// Beyond this a pair moves as one.
const CORRELATION: f64 = 0.95;

/// What the roasts of `problem` say about `fit`.
///
/// The covariance is (JᵀJ)⁻¹ with the priors among the residuals. Correlations are those of the roasts
/// and priors together; a pair beyond 0.95 either way is named.
#[must_use]
pub fn identify(problem: &Problem<'_>, fit: &Fit) -> Identified {
    let n = fit.z.len();
    let all = jacobian(&|z| problem.residuals(z), &fit.z);
    let information = all.transpose() * &all;
    // With the priors' ones on its diagonal it is positive definite.
    let covariance = information.clone().try_inverse().unwrap_or_else(|| DMatrix::identity(n, n));
    let sd = |i: usize| covariance[(i, i)].max(0.0).sqrt();
    let estimates = problem
        .parameters()
        .iter()
        .enumerate()
        .map(|(i, parameter)| {
            let at = |z: f64| parameter.value(problem.prior(), z);
            Estimate {
                key: parameter.key,
                unit: parameter.unit,
                level: parameter.level,
                prior: (parameter.get)(problem.prior()),
                prior_low: at(-1.0),
                prior_high: at(1.0),
                value: at(fit.z[i]),
                low: at(fit.z[i] - sd(i)),
                high: at(fit.z[i] + sd(i)),
                at_bound: parameter.is_at_bound(at(fit.z[i])),
                sd_ratio: sd(i),
            }
        })
        .collect();
    let mut pairs = Vec::new();
    for i in 0..n {
        for j in 0..i {
            let correlation = covariance[(i, j)] / (sd(i) * sd(j));
            if correlation.abs() > CORRELATION {
                pairs.push((problem.parameters()[j].key, problem.parameters()[i].key, correlation));
            }
        }
    }
    // Eigenvalues of the information are 1 from the prior plus what the roasts add.
    let directions = information.symmetric_eigenvalues().iter().filter(|value| **value > 2.0).count();
    Identified { estimates, pairs, directions }
}

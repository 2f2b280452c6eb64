//! Why a sweep could not be used.

use std::path::PathBuf;

use crate::ScenarioError;

/// Why a sweep file could not be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SweepError {
    /// The file cannot be read, its scenario cannot be used, or a value leaves what is possible.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// A key that the scenario does not have, or that is no number.
    #[error(
        "{path}, vary {index}, key {key:?}: {scenario} has no number of that name\nhint: near it are {near}"
    )]
    UnknownKey {
        /// The sweep.
        path: PathBuf,
        /// Which `[[vary]]`, from 1.
        index: usize,
        /// The key asked for.
        key: String,
        /// Id of the scenario.
        scenario: String,
        /// Keys it does have, joined by commas.
        near: String,
    },
    /// A `[[vary]]` that does not say what it needs to, or says too much.
    #[error("{path}, vary {index}, key {key:?}: {problem}")]
    BadVary {
        /// The sweep.
        path: PathBuf,
        /// Which one, from 1.
        index: usize,
        /// The key it varies.
        key: String,
        /// What is wrong with it.
        problem: String,
    },
    /// As many roasts as cannot be, or keys.
    #[error("{path}, key {key}: {got} is {problem}")]
    BadCount {
        /// The sweep.
        path: PathBuf,
        /// `roasts` or `vary`.
        key: &'static str,
        /// How many.
        got: u64,
        /// What is wrong with that, and what would be right.
        problem: String,
    },
    /// A law whose far end, said or 4 standard deviations out, leaves what is possible.
    #[error(
        "the law of vary {index} reaches {end}\nhint: set low and high in that vary, or make its law narrower"
    )]
    LawEnd {
        /// Which `[[vary]]`, from 1.
        index: usize,
        /// The value at its end, in the key's unit.
        end: f64,
        /// What is wrong with it.
        source: Box<ScenarioError>,
    },
    /// Keys that go together alone, but not as a point of the sweep has them.
    #[error(
        "roast {index} of the sweep cannot be\nhint: each key may have its values, but not these together; narrow one of them"
    )]
    Point {
        /// Which roast, from 0.
        index: u32,
        /// What is wrong with it.
        source: Box<ScenarioError>,
    },
}

impl SweepError {
    /// A short name of the reason, stable across versions.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Scenario(error) => error.code(),
            Self::UnknownKey { .. } => "unknown_key",
            Self::BadVary { .. } => "bad_vary",
            Self::BadCount { .. } => "bad_count",
            Self::LawEnd { source, .. } => source.code(),
            Self::Point { .. } => "bad_point",
        }
    }
}

//! Why a statistic has no value.

/// Why a statistic has no value for the numbers it was given.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StatsError {
    /// A NaN or an infinity: evidence is broken, and dropping it would be a choice.
    #[error("value {index} is {value}, not a finite number")]
    NonFinite {
        /// Which value, from 0.
        index: usize,
        /// The value.
        value: f64,
    },
    /// Not enough values for the statistic to exist.
    #[error("{got} values given, {need} needed")]
    TooFew {
        /// How many were given.
        got: usize,
        /// The least that will do.
        need: usize,
    },
    /// All values are equal, so there is no spread to judge against.
    #[error("all {n} values are equal, so their spread says nothing")]
    NoSpread {
        /// How many values.
        n: usize,
    },
    /// A share of a baseline that is nothing.
    #[error("a change relative to a baseline of {value} is undefined")]
    ZeroBaseline {
        /// The baseline.
        value: f64,
    },
    /// The period before had no spread, so no reduction of it can be told.
    #[error("all {n} values before are equal, so their variance cannot have been reduced")]
    ZeroBaselineVariance {
        /// How many values before.
        n: usize,
    },
    /// So few values that no outcome could reach the level asked for.
    #[error("the smallest p that {n} values can reach is {floor}, above alpha {alpha}")]
    Unreachable {
        /// How many values.
        n: usize,
        /// The smallest p there is.
        floor: f64,
        /// The level asked for.
        alpha: f64,
    },
    /// Two lists that belong together differ in length.
    #[error("{left} values on one side, {right} on the other")]
    Unequal {
        /// Length of the first list.
        left: usize,
        /// Length of the second list.
        right: usize,
    },
    /// A parameter outside the range where the statistic means anything.
    #[error("{name} is {value}, outside {range}")]
    OutOfRange {
        /// The parameter.
        name: &'static str,
        /// What it was.
        value: f64,
        /// What it may be.
        range: &'static str,
    },
}

impl StatsError {
    /// The reason as tables name it.
    #[must_use]
    pub fn reason(&self) -> String {
        let name = match self {
            Self::Unreachable { floor, .. } => return format!("min_attainable_p {floor} > alpha"),
            Self::NonFinite { .. } => "non_finite_input",
            Self::TooFew { .. } => "too_few_values",
            Self::NoSpread { .. } => "degenerate_no_variation",
            Self::ZeroBaseline { .. } => "relative_undefined_at_zero_baseline",
            Self::ZeroBaselineVariance { .. } => "zero_baseline_variance",
            Self::Unequal { .. } => "pairing_mismatch",
            Self::OutOfRange { .. } => "out_of_range",
        };
        name.to_owned()
    }
}

/// Checks that `x` has at least `need` values and that all of them are finite.
pub(crate) fn check_finite(x: &[f64], need: usize) -> Result<(), StatsError> {
    if let Some((index, value)) = x.iter().enumerate().find(|(_, v)| !v.is_finite()) {
        return Err(StatsError::NonFinite { index, value: *value });
    }
    if x.len() < need {
        return Err(StatsError::TooFew { got: x.len(), need });
    }
    Ok(())
}

/// Checks that a probability-like parameter lies strictly between 0 and 1.
pub(crate) fn check_share(name: &'static str, value: f64) -> Result<(), StatsError> {
    if value > 0.0 && value < 1.0 {
        return Ok(());
    }
    Err(StatsError::OutOfRange { name, value, range: "0 to 1, ends excluded" })
}

/// Whether the values differ by no more than rounding: a spread of 1e-12 of the largest.
pub(crate) fn is_constant(x: &[f64]) -> bool {
    let low = x.iter().copied().fold(f64::INFINITY, f64::min);
    let high = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    x.is_empty() || high - low <= 1e-12 * low.abs().max(high.abs())
}

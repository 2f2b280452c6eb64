//! What an interval says when held against a margin.

/// The verdict on one comparison of losses, from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decision {
    /// The whole interval is below 0: better.
    Superior,
    /// Below the margin: not worse by as much as matters.
    NonInferior,
    /// Below the margin but above 0: worse, by less than matters.
    NonInferiorButWorse,
    /// Reaches past the margin: not known.
    Inconclusive,
    /// Above 0 and reaches past the margin: worse, how much is not known.
    InconclusiveLikelyWorse,
    /// The whole interval is above the margin: worse.
    Inferior,
}

impl Decision {
    /// The label used in tables.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Superior => "SUPERIOR",
            Self::NonInferior => "NON_INFERIOR",
            Self::NonInferiorButWorse => "NON_INFERIOR_BUT_WORSE",
            Self::Inconclusive => "INCONCLUSIVE",
            Self::InconclusiveLikelyWorse => "INCONCLUSIVE_LIKELY_WORSE",
            Self::Inferior => "INFERIOR",
        }
    }

    /// Whether the candidate is shown to be no worse than the margin allows.
    #[must_use]
    pub const fn is_non_inferior(self) -> bool {
        matches!(self, Self::Superior | Self::NonInferior | Self::NonInferiorButWorse)
    }
}

/// Decides from the interval `lower` to `upper` of candidate minus baseline loss.
///
/// `margin` > 0. Inequalities are strict, so a tie goes to the worse verdict, and
/// NaN is never better than [`Decision::Inconclusive`]. Vector: `decision/ci_vs_margin`.
#[must_use]
pub fn decide(lower: f64, upper: f64, margin: f64) -> Decision {
    if upper < 0.0 {
        Decision::Superior
    } else if lower > margin {
        Decision::Inferior
    } else if upper < margin {
        if lower > 0.0 { Decision::NonInferiorButWorse } else { Decision::NonInferior }
    } else if lower > 0.0 {
        Decision::InconclusiveLikelyWorse
    } else {
        Decision::Inconclusive
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_known_decides_nothing() {
        assert_eq!(decide(f64::NAN, f64::NAN, 1.0), Decision::Inconclusive);
        assert_eq!(decide(f64::NEG_INFINITY, f64::INFINITY, 1.0), Decision::Inconclusive);
    }

    #[test]
    fn a_tie_goes_to_the_worse_verdict() {
        assert_eq!(decide(-1.0, 0.0, 1.0), Decision::NonInferior);
        assert_eq!(decide(-0.5, 1.0, 1.0), Decision::Inconclusive);
        assert_eq!(decide(1.0, 2.0, 1.0), Decision::InconclusiveLikelyWorse);
    }
}

//! McNemar's test: two arms that pass or fail the same cases.

use super::binomial;
use super::error::StatsError;

/// What the discordant cases say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct McNemar {
    /// Exact two-sided p, binomial at one half.
    pub p_exact: f64,
    /// Two-sided mid-p: half the probability of what was seen counts.
    pub p_mid: f64,
    /// χ² with continuity correction, one degree of freedom; 0 without discordant cases.
    pub chi2_corrected: f64,
}

/// The test on cases that only the baseline passes (`lost`) and only the candidate passes (`won`).
///
/// Cases on which both agree carry no evidence and are not asked for. Vector: `prop/mcnemar`.
#[must_use]
pub fn mcnemar(lost: u32, won: u32) -> McNemar {
    let (few, all) = (u64::from(lost.min(won)), u64::from(lost) + u64::from(won));
    // Half of what was seen is taken from each tail, so the middle of an even split stays 1.
    let p_mid =
        if lost == won { 1.0 } else { 2.0 * binomial::cdf(few, all, 0.5) - binomial::pmf(few, all, 0.5) };
    let gap = ((f64::from(lost) - f64::from(won)).abs() - 1.0).max(0.0);
    let sum = f64::from(lost) + f64::from(won);
    McNemar {
        p_exact: binomial::p_two_sided_half(few, all),
        p_mid,
        chi2_corrected: if all == 0 { 0.0 } else { gap * gap / sum },
    }
}

/// Counts the discordant cases of two arms: (lost, won), true where a case passed.
///
/// # Errors
/// Lists of different length.
pub fn discordant(baseline: &[bool], candidate: &[bool]) -> Result<(u32, u32), StatsError> {
    if baseline.len() != candidate.len() {
        return Err(StatsError::Unequal { left: baseline.len(), right: candidate.len() });
    }
    let pairs = || baseline.iter().zip(candidate);
    let count = |which: (bool, bool)| {
        u32::try_from(pairs().filter(|(b, c)| (**b, **c) == which).count()).unwrap_or(u32::MAX)
    };
    Ok((count((true, false)), count((false, true))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_disagreement_counts() {
        let none = mcnemar(0, 0);
        assert_eq!((none.p_exact, none.p_mid, none.chi2_corrected), (1.0, 1.0, 0.0));
        // Five of five: 2/32; mid-p half of that.
        let five = mcnemar(0, 5);
        assert!((five.p_exact - 0.0625).abs() < 1e-15 && (five.p_mid - 0.031_25).abs() < 1e-15);
        assert_eq!(mcnemar(3, 11), mcnemar(11, 3));
        assert_eq!(discordant(&[true, true, false], &[true, false, true]), Ok((1, 1)));
        assert!(discordant(&[true], &[]).is_err());
    }
}

//! The sign test: in how many cases the candidate is better, whatever by how much.

use super::binomial;
use super::error::{StatsError, check_finite};

/// What the signs say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SignTest {
    /// Differences below 0.
    pub improved: u64,
    /// Differences that are not 0; the others have no sign.
    pub nonzero: u64,
    /// Two-sided p; 1 when no difference has a sign.
    pub p_two_sided: f64,
    /// P(this many improved or more): small favours "better".
    pub p_improve: f64,
}

/// The sign test of `d`. Vector: `paired/sign_test`.
///
/// # Errors
/// No values, or one that is not finite.
pub fn sign_test(d: &[f64]) -> Result<SignTest, StatsError> {
    check_finite(d, 1)?;
    let improved = d.iter().filter(|v| **v < 0.0).count() as u64;
    let nonzero = improved + d.iter().filter(|v| **v > 0.0).count() as u64;
    Ok(SignTest {
        improved,
        nonzero,
        p_two_sided: binomial::p_two_sided_half(improved, nonzero),
        p_improve: binomial::at_least(improved, nonzero, 0.5),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_of_three_are_one_in_eight() {
        let got = sign_test(&[-1.0, -9.0, 0.0, -0.1]).expect("finite");
        assert_eq!((got.improved, got.nonzero), (3, 3));
        assert!((got.p_improve - 0.125).abs() < 1e-15 && (got.p_two_sided - 0.25).abs() < 1e-15);
        let none = sign_test(&[0.0, 0.0]).expect("finite");
        assert_eq!((none.p_two_sided, none.p_improve), (1.0, 1.0));
    }
}

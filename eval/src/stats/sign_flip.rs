//! The sign-flip test: if the arms were equal, each difference could as well have the other sign.
//!
//! Valid when differences are symmetric about 0 under equality, whatever their
//! distribution. Exact by enumeration for few values, otherwise by keyed random flips.

use super::error::{StatsError, check_finite};
use super::sum::exact_sum;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// The most differences for which all 2^n flips are enumerated.
pub const EXACT_N_MAX: usize = 20;

/// Random flips drawn where enumeration is too long.
pub const DRAWS: u32 = 99_999;

/// What flipping signs says about a mean of differences; negative is better.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SignFlip {
    /// Share of flips with a total at least as far from 0, the identity included.
    pub p_two_sided: f64,
    /// Share of flips with a total at or below the one seen: small favours "better".
    pub p_less: f64,
    /// Flips looked at: 2^n when exact, else the draws.
    pub flips: u64,
    /// Whether all flips were looked at.
    pub exact: bool,
}

/// The sign-flip test of `d`: exact up to [`EXACT_N_MAX`] values, else [`DRAWS`] random flips.
///
/// `key` names the comparison (plan, metric, slice): the same key draws the same
/// flips on any machine. Random flips go with the order of `d`; sort it first.
///
/// # Errors
/// No values, or one that is not finite.
pub fn sign_flip(d: &[f64], key: &str) -> Result<SignFlip, StatsError> {
    if d.len() <= EXACT_N_MAX { exact(d) } else { monte_carlo(d, DRAWS, key) }
}

/// The smallest two-sided p that `n` differences can reach: 2/2^n, 1 at most.
///
/// Random flips reach no lower than 1/([`DRAWS`] + 1).
#[must_use]
pub fn floor_two_sided(n: usize) -> f64 {
    if n > EXACT_N_MAX {
        return 1.0 / (f64::from(DRAWS) + 1.0);
    }
    let flips = (0..n).fold(1.0, |flips, _| flips * 2.0);
    (2.0_f64 / flips).min(1.0)
}

/// The sign-flip test over all 2^n flips. Vectors: `paired/sign_flip_exact`, `uplift/switchback_randomization`.
///
/// # Errors
/// No values, more than [`EXACT_N_MAX`], or one that is not finite.
pub fn exact(d: &[f64]) -> Result<SignFlip, StatsError> {
    check_finite(d, 1)?;
    if d.len() > EXACT_N_MAX {
        #[allow(clippy::cast_precision_loss)]
        let value = d.len() as f64;
        return Err(StatsError::OutOfRange { name: "n", value, range: "1 to 20 for an exact sign flip" });
    }
    let mut tally = Tally::new(d);
    // Two halves first: 2^10 + 2^10 totals make the 2^20 by one addition each.
    let (left, right) = d.split_at(d.len() / 2);
    let right_totals = totals_of_flips(right);
    for from_left in totals_of_flips(left) {
        for from_right in &right_totals {
            tally.count(from_left + from_right);
        }
    }
    #[allow(clippy::cast_precision_loss)]
    let flips = tally.seen as f64;
    #[allow(clippy::cast_precision_loss)]
    let (far, low) = (tally.far as f64, tally.low as f64);
    Ok(SignFlip { p_two_sided: far / flips, p_less: low / flips, flips: tally.seen, exact: true })
}

/// The sign-flip test over `draws` random flips, p = (1 + count)/(1 + draws).
///
/// Never 0: the flip that was seen counts as one of them (Phipson and Smyth 2010).
///
/// # Errors
/// No values, one that is not finite, or no draws.
pub fn monte_carlo(d: &[f64], draws: u32, key: &str) -> Result<SignFlip, StatsError> {
    check_finite(d, 1)?;
    let mut tally = Tally::new(d);
    sampled_flips(d, draws, key, |flipped, _| tally.count(flipped));
    tally.sampled()
}

/// The sign-flip tests of `d` and of `d` less `margin`, as [`sign_flip`] makes them with the same key: the flips
/// are the same, so those about the margin cost next to nothing.
///
/// # Errors
/// As [`sign_flip`], or a margin that is not finite.
pub(crate) fn sign_flip_and_about(
    d: &[f64],
    margin: f64,
    key: &str,
) -> Result<(SignFlip, SignFlip), StatsError> {
    let from_margin: Vec<f64> = d.iter().map(|value| value - margin).collect();
    if d.len() <= EXACT_N_MAX {
        return Ok((exact(d)?, exact(&from_margin)?));
    }
    check_finite(d, 1)?;
    check_finite(&from_margin, 1)?;
    let (mut about_zero, mut about_margin) = (Tally::new(d), Tally::new(&from_margin));
    #[allow(clippy::cast_precision_loss)]
    let n = d.len() as f64;
    sampled_flips(d, DRAWS, key, |flipped, turned| {
        about_zero.count(flipped);
        // Σ ±(d − m) = Σ ±d − m Σ ±1.
        about_margin.count(flipped - margin * (n - 2.0 * f64::from(turned)));
    });
    Ok((about_zero.sampled()?, about_margin.sampled()?))
}

/// Hands the total of each of `draws` random flips of `d` to `count`, with how many signs it turned.
fn sampled_flips(d: &[f64], draws: u32, key: &str, mut count: impl FnMut(f64, u32)) {
    /// Flips made side by side: their random words stay in the cache, and so do 64 values' totals.
    const BESIDE: usize = 128;
    let mut generator = ChaCha8Rng::from_seed(*blake3::hash(key.as_bytes()).as_bytes());
    // Eight values have 256 flips; with their totals at hand a flip of all costs an addition per eight.
    let eights: Vec<Vec<f64>> = d.chunks(8).map(totals_of_flips).collect();
    let words = eights.len().div_ceil(8);
    let mut turns = vec![0_u64; words * BESIDE];
    let mut left = draws as usize;
    while left > 0 {
        let beside = left.min(BESIDE);
        turns[..words * beside].iter_mut().for_each(|word| *word = generator.next_u64());
        let mut flips = [(0.0, 0_u32); BESIDE];
        for (at, sixty_four) in eights.chunks(8).enumerate() {
            for ((flipped, turned), row) in flips[..beside].iter_mut().zip(turns.chunks(words)) {
                for (totals, byte) in sixty_four.iter().zip(row[at].to_le_bytes()) {
                    // The last group may be smaller: its length is a power of two, so the mask keeps its bits.
                    let turn = usize::from(byte) & (totals.len() - 1);
                    *flipped += totals[turn];
                    *turned += turn.count_ones();
                }
            }
        }
        flips[..beside].iter().for_each(|(flipped, turned)| count(*flipped, *turned));
        left -= beside;
    }
}

/// The sign-flip test over the flips given, true where a sign turns.
///
/// Vector: `paired/sign_flip_monte_carlo`.
///
/// # Errors
/// No values, one that is not finite, no rows, or a row of another length than `d`.
pub fn with_rows(d: &[f64], rows: &[Vec<bool>]) -> Result<SignFlip, StatsError> {
    check_finite(d, 1)?;
    if let Some(row) = rows.iter().find(|row| row.len() != d.len()) {
        return Err(StatsError::Unequal { left: d.len(), right: row.len() });
    }
    let mut tally = Tally::new(d);
    for row in rows {
        tally.count_flip(d, |i| row[i]);
    }
    tally.sampled()
}

/// Counts flips against the total that was seen.
struct Tally {
    total: f64,
    tolerance: f64,
    seen: u64,
    far: u64,
    low: u64,
}

impl Tally {
    fn new(d: &[f64]) -> Self {
        let largest = d.iter().fold(0.0_f64, |size, v| size.max(v.abs()));
        #[allow(clippy::cast_precision_loss)]
        let n = d.len() as f64;
        // Totals that tie but for rounding count as ties, or p would hang on the order of addition.
        Self { total: exact_sum(d), tolerance: 1e-9 * largest * n, seen: 0, far: 0, low: 0 }
    }

    fn count(&mut self, flipped: f64) {
        self.seen += 1;
        self.far += u64::from(flipped.abs() >= self.total.abs() - self.tolerance);
        self.low += u64::from(flipped <= self.total + self.tolerance);
    }

    fn count_flip(&mut self, d: &[f64], turns: impl Fn(usize) -> bool) {
        let flipped: f64 = d.iter().enumerate().map(|(i, v)| if turns(i) { -v } else { *v }).sum();
        self.count(flipped);
    }

    fn sampled(&self) -> Result<SignFlip, StatsError> {
        if self.seen == 0 {
            return Err(StatsError::TooFew { got: 0, need: 1 });
        }
        #[allow(clippy::cast_precision_loss)]
        let share = |count: u64| (1 + count) as f64 / (1 + self.seen) as f64;
        Ok(SignFlip { p_two_sided: share(self.far), p_less: share(self.low), flips: self.seen, exact: false })
    }
}

/// The totals of all flips of `d`, 2^n of them, the identity first.
fn totals_of_flips(d: &[f64]) -> Vec<f64> {
    let mut totals = vec![0.0];
    for value in d {
        let turned: Vec<f64> = totals.iter().map(|total| total - value).collect();
        totals.iter_mut().for_each(|total| *total += value);
        totals.extend(turned);
    }
    totals
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn eight_equal_differences_reach_the_floor() {
        let all = exact(&[-1.5; 9]).expect("nine");
        // Edge case `edge/constant_nonzero_differences`.
        assert_eq!(all.p_two_sided.to_bits(), 0.003_906_25_f64.to_bits());
        assert_eq!(floor_two_sided(9).to_bits(), all.p_two_sided.to_bits());
        assert_eq!(floor_two_sided(5).to_bits(), 0.0625_f64.to_bits());
        assert_eq!(floor_two_sided(0).to_bits(), 1.0_f64.to_bits());
    }

    #[test]
    fn no_difference_is_no_evidence() {
        let all = exact(&[0.0; 8]).expect("eight");
        assert_eq!((all.p_two_sided, all.p_less), (1.0, 1.0));
    }

    #[test]
    fn random_flips_agree_with_all_flips_and_with_themselves() {
        let d: Vec<f64> = (0..18).map(|i| f64::from(i * 7 % 11) - 3.6).collect();
        let all = exact(&d).expect("eighteen");
        let some = monte_carlo(&d, 99_999, "a key").expect("draws");
        // Five standard errors of a share estimated from 99,999 draws.
        let bound = 5.0 * (all.p_two_sided * (1.0 - all.p_two_sided) / 99_999.0).sqrt();
        assert!((some.p_two_sided - all.p_two_sided).abs() < bound, "{some:?} against {all:?}");
        assert_eq!(monte_carlo(&d, 99_999, "a key"), Ok(some));
        assert_ne!(monte_carlo(&d, 99_999, "another key"), Ok(some));
        assert!(exact(&[1.0; 21]).is_err());
    }

    #[test]
    fn one_pass_about_both_agrees_with_two() {
        // Below and above the length where all flips are looked at, and where the last group of eight is short.
        for n in [12, 27, 200] {
            let d: Vec<f64> = (0..n).map(|i| f64::from(i * 7 % 11) - 4.3).collect();
            let from_margin: Vec<f64> = d.iter().map(|v| v - 0.9).collect();
            let both = (sign_flip(&d, "k").expect("finite"), sign_flip(&from_margin, "k").expect("finite"));
            assert_eq!(sign_flip_and_about(&d, 0.9, "k"), Ok(both), "{n}");
        }
    }

    proptest! {
        #[test]
        fn order_and_scale_change_nothing(
            d in proptest::collection::vec(-40.0_f64..40.0, 1..11),
            scale in 0.1_f64..9.0,
        ) {
            let one = exact(&d).expect("finite");
            let mut other: Vec<f64> = d.iter().map(|v| v * scale).collect();
            other.reverse();
            let two = exact(&other).expect("finite");
            prop_assert_eq!(one.p_two_sided.to_bits(), two.p_two_sided.to_bits());
            prop_assert!(one.p_two_sided >= floor_two_sided(d.len()));
        }
    }
}

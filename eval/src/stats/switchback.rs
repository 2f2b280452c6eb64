//! Switchback: one machine takes turns with both arms, in an order drawn beforehand.
//!
//! Blocks of two (roasts or half days, inside one SKU) hold each arm once; a key draws which comes first, and
//! the analysis flips exactly what was drawn.

use super::bootstrap::Draws;
use super::error::StatsError;
use super::sign_flip;
use super::sum::mean;

/// The order inside a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Baseline, then candidate.
    BaselineFirst,
    /// Candidate, then baseline.
    CandidateFirst,
}

/// The orders of `blocks` blocks, drawn by `key` (plan, machine, SKU): the same on any machine.
#[must_use]
pub fn schedule(key: &str, blocks: usize) -> Vec<Order> {
    let mut draws = Draws::new(key);
    (0..blocks)
        .map(|_| if draws.below(2) == 0 { Order::BaselineFirst } else { Order::CandidateFirst })
        .collect()
}

/// What the blocks say; negative is better.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Switchback {
    /// Mean difference candidate − baseline over blocks.
    pub mean: f64,
    /// One-sided p for "lower".
    pub p_less: f64,
    /// Two-sided p.
    pub p_two_sided: f64,
    /// The smallest two-sided p that as many blocks can reach: 2/2ⁿ.
    pub floor: f64,
}

/// Tests differences candidate − baseline, one per block. Vector: `uplift/switchback_randomization`.
///
/// # Errors
/// No blocks, a value that is not finite, or blocks so few that no outcome reaches `alpha` (two-sided).
pub fn switchback(differences: &[f64], key: &str, alpha: f64) -> Result<Switchback, StatsError> {
    let test = sign_flip::sign_flip(differences, key)?;
    let floor = sign_flip::floor_two_sided(differences.len());
    if floor > alpha {
        return Err(StatsError::Unreachable { n: differences.len(), floor, alpha });
    }
    Ok(Switchback {
        mean: mean(differences).ok_or(StatsError::TooFew { got: 0, need: 1 })?,
        p_less: test.p_less,
        p_two_sided: test.p_two_sided,
        floor,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_draws_both_orders_about_as_often() {
        let drawn = schedule("plan/m1/sku", 1_000);
        let first = drawn.iter().filter(|o| **o == Order::BaselineFirst).count();
        // Four standard errors of a fair coin: 4·√250 = 63.
        assert!((437..=563).contains(&first), "{first}");
        assert_eq!(drawn, schedule("plan/m1/sku", 1_000));
        assert_ne!(drawn, schedule("plan/m2/sku", 1_000));
    }

    #[test]
    fn five_blocks_cannot_show_anything_at_five_percent() {
        let got = switchback(&[-1.0, -2.0, -1.5, -0.5, -3.0], "k", 0.05);
        assert_eq!(got, Err(StatsError::Unreachable { n: 5, floor: 0.0625, alpha: 0.05 }));
        let six = switchback(&[-1.0, -2.0, -1.5, -0.5, -3.0, -1.0], "k", 0.05).expect("enough");
        assert_eq!((six.p_two_sided, six.p_less), (six.floor, 1.0 / 64.0));
    }
}

//! Evidence that grows roast by roast and may be looked at any time: bets against "no difference".
//!
//! Each is a wealth that cannot grow on average while the hypothesis holds, so it exceeds 1/alpha with
//! probability alpha at most, ever. The order of values matters.

use super::beta;
use super::error::{StatsError, check_finite, check_share};
use trier_roast::math;

/// Wealth after each paired win (true) or loss, against a win rate of one half: Beta(1/2, 1/2) mixture.
///
/// B(½ + S, ½ + n − S)/B(½, ½) · 2ⁿ. Ties are no bets: leave them out. Vector: `sequential/win_rate_eprocess`.
#[must_use]
pub fn win_rate(wins: &[bool]) -> Vec<f64> {
    let (mut won, mut lost) = (0.0, 0.0);
    wins.iter()
        .map(|win| {
            if *win {
                won += 1.0;
            } else {
                lost += 1.0;
            }
            let ln_ratio = beta::ln_beta(0.5 + won, 0.5 + lost) - beta::ln_beta(0.5, 0.5);
            math::exp(ln_ratio + (won + lost) * math::ln(2.0))
        })
        .collect()
}

/// A run of bets.
#[derive(Clone, Debug, PartialEq)]
pub struct Bets {
    /// Stake before each value.
    pub stakes: Vec<f64>,
    /// Wealth after each value.
    pub wealth: Vec<f64>,
}

/// Bets that scores from 0 to 1 have a mean above `mean_max`. Vector: `sequential/betting_onesided`.
///
/// The predictable plug-in of I. Waudby-Smith and A. Ramdas, Journal of the Royal Statistical Society B 86
/// (2024): each stake rests on the values before it, and half of what could be lost is kept.
///
/// # Errors
/// A value that is not finite or outside 0 to 1, or `mean_max` or `alpha` outside 0 to 1.
pub fn betting_above(scores: &[f64], mean_max: f64, alpha: f64) -> Result<Bets, StatsError> {
    check_share("mean_max", mean_max)?;
    check_share("alpha", alpha)?;
    check_finite(scores, 0)?;
    if let Some(&value) = scores.iter().find(|x| !(0.0..=1.0).contains(*x)) {
        return Err(StatsError::OutOfRange { name: "score", value, range: "0 to 1" });
    }
    let mut bets =
        Bets { stakes: Vec::with_capacity(scores.len()), wealth: Vec::with_capacity(scores.len()) };
    // Prior values worth one half for the mean and one quarter for the variance.
    let (mut sum, mut squares, mut wealth) = (0.5, 0.25, 1.0);
    for (before, x) in scores.iter().enumerate() {
        #[allow(clippy::cast_precision_loss)]
        let i = before as f64 + 1.0;
        let spread = squares / i;
        let stake =
            (2.0 * math::ln(2.0 / alpha) / (spread * i * math::ln(i + 1.0))).sqrt().min(0.5 / mean_max);
        wealth *= 1.0 + stake * (x - mean_max);
        bets.stakes.push(stake);
        bets.wealth.push(wealth);
        sum += x;
        let mean = sum / (i + 1.0);
        squares += (x - mean) * (x - mean);
    }
    Ok(bets)
}

/// The first value at which `wealth` reaches 1/alpha; None while it has not.
#[must_use]
pub fn shown_at(wealth: &[f64], alpha: f64) -> Option<usize> {
    wealth.iter().position(|w| *w >= 1.0 / alpha)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_win_or_loss_changes_nothing_and_a_run_does() {
        // B(3/2, 1/2)/B(1/2, 1/2)·2 = 1.
        assert!((win_rate(&[true])[0] - 1.0).abs() < 1e-13 && (win_rate(&[false])[0] - 1.0).abs() < 1e-13);
        let run = win_rate(&[true; 9]);
        assert_eq!(shown_at(&run, 0.05), run.iter().position(|e| *e >= 20.0));
        assert!(run[8] > 20.0 && shown_at(&win_rate(&[true, false]), 0.05).is_none());
    }

    #[test]
    fn wealth_is_fair_where_the_hypothesis_holds() {
        // Over all 2⁸ sequences of fair wins the mean wealth is exactly 1.
        let wealth_of = |code: u32| {
            let wins: Vec<bool> = (0..8).map(|i| code >> i & 1 == 1).collect();
            win_rate(&wins)[7]
        };
        let mean = (0..256).map(wealth_of).sum::<f64>() / 256.0;
        assert!((mean - 1.0).abs() < 1e-12, "{mean}");
        let betting = |code: u32| {
            let scores: Vec<f64> = (0..8).map(|i| f64::from(code >> i & 1)).collect();
            betting_above(&scores, 0.5, 0.05).expect("inside").wealth[7]
        };
        let mean = (0..256).map(betting).sum::<f64>() / 256.0;
        assert!((mean - 1.0).abs() < 1e-12, "{mean}");
    }

    #[test]
    fn a_score_out_of_bounds_is_no_bet() {
        assert!(betting_above(&[1.1], 0.5, 0.05).is_err() && betting_above(&[0.1], 1.0, 0.05).is_err());
        assert!(matches!(
            betting_above(&[0.1, f64::NAN], 0.5, 0.05),
            Err(StatsError::NonFinite { index: 1, .. })
        ));
    }
}

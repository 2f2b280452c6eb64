//! How often the gate is fooled: rates over many made-up suites, within Monte Carlo bounds.

use crate::evidence::{Made, PRIMARY};
use crate::stats_laws::{Draws, four_se};
use trier_eval::gate::Outcome;

const SUITES: u32 = 1_500;

/// A suite of 13 cases whose differences are a case's luck and a roast's, around `shift`.
fn suite(draws: &mut Draws, shift: f64, guard: f64) -> Made {
    let luck: Vec<f64> = (0..26).map(|_| draws.normal()).collect();
    Made::new(13, |metric, case, _| {
        let is_primary = metric == PRIMARY.0;
        let of_case = luck[case as usize + if is_primary { 0 } else { 13 }];
        (if is_primary { shift } else { guard }) + of_case + 0.5 * draws.normal()
    })
}

/// Shares of suites with a superior primary, and promoted.
fn shares(seed: u64, shift: f64, guard: f64) -> (f64, f64) {
    let mut draws = Draws::new(seed);
    let (mut superior, mut promoted) = (0_u32, 0_u32);
    for _ in 0..SUITES {
        let verdict = suite(&mut draws, shift, guard).judged();
        superior += u32::from(verdict.comparisons[0].is_superior());
        promoted += u32::from(verdict.outcome == Outcome::Promoted);
    }
    (f64::from(superior) / f64::from(SUITES), f64::from(promoted) / f64::from(SUITES))
}

#[test]
fn equal_arms_are_called_superior_once_in_forty() {
    let (superior, promoted) = shares(11, 0.0, 0.0);
    assert!((superior - 0.025).abs() < four_se(0.025, SUITES), "{superior}");
    assert!(promoted <= superior && promoted < 0.025 + four_se(0.025, SUITES), "{promoted}");
}

#[test]
fn harm_of_a_margin_on_a_guardrail_is_stopped() {
    // At exactly the margin "not worse" is claimed once in forty, whatever the primary shows.
    let (_, promoted) = shares(12, -4.0, 3.0);
    assert!((promoted - 0.025).abs() < four_se(0.025, SUITES), "{promoted}");
}

#[test]
fn a_plain_gain_gets_through() {
    // 1.2 s at a spread of 1.06 s over 13 clusters: t is 4.1, power about 96 %.
    let (_, promoted) = shares(13, -1.2, 0.0);
    assert!(promoted > 0.9, "{promoted}");
}

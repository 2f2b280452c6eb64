//! Questions that hand their error rate on: Bretz and Maurer's graphs, for primaries that feed secondaries.
//!
//! Each question holds a share of alpha; once answered, its share goes to the others along the
//! arrows of the graph. F. Bretz, W. Maurer, W. Brannath and M. Posch, Statistics in Medicine 28 (2009).

use super::error::{StatsError, check_finite};
use super::multiplicity::check_p;

/// Room for rounding in shares that should add to 1.
const ROUNDING: f64 = 1e-9;

/// The answers of a graph.
#[derive(Clone, Debug, PartialEq)]
pub struct Graph {
    /// Adjusted p in the order of the questions: an answer at alpha is one at or below it.
    pub adjusted_p: Vec<f64>,
    /// The questions in the order in which they are answered; those that never get a share are left out.
    pub order: Vec<usize>,
}

/// Walks the graph. Vector: `multiplicity/graphical`.
///
/// - `p`: one per question.
/// - `weights`: share of alpha each starts with, 0 or more, together 1 at most.
/// - `arrows`: `arrows[i][j]` is the part of i's share that goes to j; 0 on the diagonal, each row 1 at most.
///
/// # Errors
/// A p outside 0 to 1, shares that break these rules, or lists that do not fit.
pub fn graphical(p: &[f64], weights: &[f64], arrows: &[Vec<f64>]) -> Result<Graph, StatsError> {
    check(p, weights, arrows)?;
    let (mut weights, mut arrows) = (weights.to_vec(), arrows.to_vec());
    let mut open: Vec<usize> = (0..p.len()).collect();
    let mut graph = Graph { adjusted_p: vec![1.0; p.len()], order: Vec::new() };
    let mut worst = 0.0_f64;
    loop {
        let ratio = |i: usize| p[i] / weights[i];
        let next = open.iter().copied().filter(|&i| weights[i] > 0.0);
        let Some(done) = next.min_by(|&i, &j| ratio(i).total_cmp(&ratio(j))) else { break };
        worst = worst.max(ratio(done).min(1.0));
        graph.adjusted_p[done] = worst;
        graph.order.push(done);
        open.retain(|&i| i != done);
        hand_on(done, &open, &mut weights, &mut arrows);
    }
    Ok(graph)
}

/// Gives the share of `done` to the `open` ones and ties the arrows that went through it.
fn hand_on(done: usize, open: &[usize], weights: &mut [f64], arrows: &mut [Vec<f64>]) {
    let old = arrows.to_vec();
    for &i in open {
        weights[i] += weights[done] * old[done][i];
        for &j in open {
            let back = old[i][done] * old[done][i];
            arrows[i][j] = if i == j || back >= 1.0 {
                0.0
            } else {
                (old[i][j] + old[i][done] * old[done][j]) / (1.0 - back)
            };
        }
    }
    weights[done] = 0.0;
}

fn check(p: &[f64], weights: &[f64], arrows: &[Vec<f64>]) -> Result<(), StatsError> {
    check_p(p)?;
    check_shares("weight", weights, p.len())?;
    if arrows.len() != p.len() {
        return Err(StatsError::Unequal { left: p.len(), right: arrows.len() });
    }
    for (i, row) in arrows.iter().enumerate() {
        check_shares("arrow", row, p.len())?;
        if row[i] != 0.0 {
            return Err(StatsError::OutOfRange { name: "arrow to itself", value: row[i], range: "0" });
        }
    }
    Ok(())
}

fn check_shares(name: &'static str, shares: &[f64], n: usize) -> Result<(), StatsError> {
    check_finite(shares, 0)?;
    if shares.len() != n {
        return Err(StatsError::Unequal { left: n, right: shares.len() });
    }
    if let Some(&value) = shares.iter().find(|v| **v < 0.0) {
        return Err(StatsError::OutOfRange { name, value, range: "0 or more" });
    }
    let total: f64 = shares.iter().sum();
    if total > 1.0 + ROUNDING {
        return Err(StatsError::OutOfRange { name, value: total, range: "1 at most in all" });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::multiplicity::{fixed_sequence, holm, weighted_holm};
    use proptest::prelude::*;

    fn even(n: usize) -> Vec<Vec<f64>> {
        let part = 1.0 / (n as f64 - 1.0);
        (0..n).map(|i| (0..n).map(|j| if i == j { 0.0 } else { part }).collect()).collect()
    }

    /// The largest adjusted p over all sets of questions that hold `i`, each by weighted Bonferroni.
    fn closed(p: &[f64], weights: &[f64], arrows: &[Vec<f64>], i: usize) -> f64 {
        let n = p.len();
        let sets = (1_usize..1 << n).filter(|set| set >> i & 1 == 1);
        sets.map(|set| {
            let (mut w, mut g) = (weights.to_vec(), arrows.to_vec());
            let mut open: Vec<usize> = (0..n).collect();
            for out in (0..n).filter(|j| set >> j & 1 == 0) {
                open.retain(|&j| j != out);
                hand_on(out, &open, &mut w, &mut g);
            }
            open.iter().filter(|&&j| w[j] > 0.0).map(|&j| (p[j] / w[j]).min(1.0)).fold(1.0, f64::min)
        })
        .fold(0.0, f64::max)
    }

    #[test]
    fn a_broken_graph_is_refused() {
        assert!(graphical(&[0.1, 0.2], &[0.7, 0.7], &even(2)).is_err());
        assert!(graphical(&[0.1, 0.2], &[0.5, 0.5], &[vec![1.0, 0.0], vec![0.0, 0.0]]).is_err());
        assert!(graphical(&[0.1, 0.2], &[0.5, 0.5], &[vec![0.0, 1.0]]).is_err());
        assert!(graphical(&[0.1], &[-0.1], &[vec![0.0]]).is_err());
    }

    proptest! {
        #[test]
        fn known_procedures_are_graphs(p in proptest::collection::vec(0.0_f64..1.0, 4)) {
            // Sharing evenly is Holm; a chain is the fixed sequence.
            let near = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-12);
            let got = graphical(&p, &[0.25; 4], &even(4)).expect("valid").adjusted_p;
            prop_assert!(near(&got, &holm(&p).expect("valid")));
            let weights = [0.4, 0.3, 0.2, 0.1];
            let by_weight: Vec<Vec<f64>> = (0..4)
                .map(|i| (0..4).map(|j| if i == j { 0.0 } else { weights[j] / (1.0 - weights[i]) }).collect())
                .collect();
            let got = graphical(&p, &weights, &by_weight).expect("valid").adjusted_p;
            prop_assert!(near(&got, &weighted_holm(&p, &weights).expect("valid")));
            let chain: Vec<Vec<f64>> =
                (0..4).map(|i| (0..4).map(|j| f64::from(u8::from(j == i + 1))).collect()).collect();
            let got = graphical(&p, &[1.0, 0.0, 0.0, 0.0], &chain).expect("valid").adjusted_p;
            prop_assert!(near(&got, &fixed_sequence(&p).expect("valid")));
        }

        #[test]
        fn the_walk_is_the_closed_test(p in proptest::collection::vec(0.0_f64..0.2, 4)) {
            let arrows =
                vec![vec![0.0, 0.5, 0.5, 0.0], vec![0.5, 0.0, 0.0, 0.5], vec![0.0, 1.0, 0.0, 0.0], vec![1.0, 0.0, 0.0, 0.0]];
            let weights = [0.5, 0.5, 0.0, 0.0];
            let got = graphical(&p, &weights, &arrows).expect("valid").adjusted_p;
            for (i, value) in got.iter().enumerate() {
                prop_assert!((value - closed(&p, &weights, &arrows, i)).abs() < 1e-12);
            }
        }
    }
}

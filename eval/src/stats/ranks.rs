//! Ranks of values among each other, ties sharing the middle of theirs.

/// The mid-rank of each value of `x`, in the order of `x`; the smallest has rank 1.
///
/// Equal values share the mean of the ranks they take up. Vectors: `effect/cliffs_delta`,
/// `paired/wilcoxon_ties_wilcox_nocc`, `multi/friedman_nemenyi`.
#[must_use]
pub fn mid_ranks(x: &[f64]) -> Vec<f64> {
    let mut ranks = vec![0.0; x.len()];
    for (from, group) in tie_groups(x) {
        #[allow(clippy::cast_precision_loss)]
        let shared = from as f64 + 0.5 * (group.len() as f64 + 1.0);
        for i in group {
            ranks[i] = shared;
        }
    }
    ranks
}

/// Σ(t³ − t) over the groups of t equal values: what ties take from a rank variance.
#[must_use]
pub fn tie_sum(x: &[f64]) -> f64 {
    #[allow(clippy::cast_precision_loss)]
    tie_groups(x).iter().map(|(_, group)| group.len() as f64).map(|t| t * t * t - t).sum()
}

/// Groups of equal values ascending: how many values are smaller, and the indices of the group.
fn tie_groups(x: &[f64]) -> Vec<(usize, Vec<usize>)> {
    let mut order: Vec<usize> = (0..x.len()).collect();
    order.sort_by(|&i, &j| x[i].total_cmp(&x[j]));
    let mut groups: Vec<(usize, Vec<usize>)> = Vec::new();
    for (place, i) in order.into_iter().enumerate() {
        match groups.last_mut() {
            // Not by bits: 0 and −0 are one value.
            Some((_, group)) if x[group[0]] >= x[i] => group.push(i),
            _ => groups.push((place, vec![i])),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_share_the_middle() {
        assert_eq!(mid_ranks(&[3.0, 1.0, 3.0, 2.0]), [3.5, 1.0, 3.5, 2.0]);
        assert_eq!(mid_ranks(&[0.0, -0.0]), [1.5, 1.5]);
        assert_eq!(tie_sum(&[3.0, 1.0, 3.0, 2.0]).to_bits(), 6.0_f64.to_bits());
        assert!(mid_ranks(&[]).is_empty());
    }
}

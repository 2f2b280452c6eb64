//! Instants found held against true ones: precision, recall, and how far off in which direction.

/// How well instants were found, over any number of recordings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Boundaries {
    /// True instants that were found within the tolerance.
    pub found: u32,
    /// True instants that were not.
    pub missed: u32,
    /// Instants claimed where there is no true one within the tolerance.
    pub false_claims: u32,
    /// Claimed minus true of each that was found, s; positive is late.
    pub off_s: Vec<f64>,
}

impl Boundaries {
    /// Adds a recording: what was `claimed` and what is true, s, each in any order.
    ///
    /// Each true instant takes the nearest claim within `tolerance_s` that no nearer one took,
    /// so two claims for one instant are one find and one false claim.
    pub fn add(&mut self, claimed_s: &[f64], true_s: &[f64], tolerance_s: f64) {
        let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
        for (t, at_s) in true_s.iter().enumerate() {
            for (c, claim_s) in claimed_s.iter().enumerate() {
                let off_s = (claim_s - at_s).abs();
                if off_s <= tolerance_s {
                    pairs.push((off_s, t, c));
                }
            }
        }
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        let (mut taken_t, mut taken_c) = (vec![false; true_s.len()], vec![false; claimed_s.len()]);
        for (_, t, c) in pairs {
            if !taken_t[t] && !taken_c[c] {
                (taken_t[t], taken_c[c]) = (true, true);
                self.off_s.push(claimed_s[c] - true_s[t]);
            }
        }
        let count = |taken: &[bool], is: bool| {
            u32::try_from(taken.iter().filter(|t| **t == is).count()).unwrap_or(u32::MAX)
        };
        self.found = self.found.saturating_add(count(&taken_t, true));
        self.missed = self.missed.saturating_add(count(&taken_t, false));
        self.false_claims = self.false_claims.saturating_add(count(&taken_c, false));
    }

    /// Adds what was counted elsewhere.
    pub fn join(&mut self, other: &Self) {
        self.found = self.found.saturating_add(other.found);
        self.missed = self.missed.saturating_add(other.missed);
        self.false_claims = self.false_claims.saturating_add(other.false_claims);
        self.off_s.extend(&other.off_s);
    }

    /// Share of claims that are right. None when nothing was claimed.
    #[must_use]
    pub fn precision(&self) -> Option<f64> {
        share(self.found, self.false_claims)
    }

    /// Share of true instants that were found. None when there were none.
    #[must_use]
    pub fn recall(&self) -> Option<f64> {
        share(self.found, self.missed)
    }

    /// The harmonic mean of precision and recall. None when there was nothing to find or claim.
    #[must_use]
    pub fn f1(&self) -> Option<f64> {
        let wrong = f64::from(self.missed) + f64::from(self.false_claims);
        let found = 2.0 * f64::from(self.found);
        (found + wrong > 0.0).then(|| found / (found + wrong))
    }
}

fn share(of: u32, others: u32) -> Option<f64> {
    let all = f64::from(of) + f64::from(others);
    (all > 0.0).then(|| f64::from(of) / all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_true_instant_is_found_once_by_the_nearest_claim() {
        let mut all = Boundaries::default();
        all.add(&[99.0, 102.0, 500.0], &[100.0, 300.0], 5.0);
        assert_eq!((all.found, all.missed, all.false_claims), (1, 1, 2));
        assert_eq!(all.off_s, [-1.0]);
        assert_eq!((all.precision(), all.recall()), (Some(1.0 / 3.0), Some(0.5)));
        assert_eq!(all.f1(), Some(0.4));
    }

    #[test]
    fn the_tolerance_is_met_at_its_edge_and_nothing_beyond() {
        let mut all = Boundaries::default();
        all.add(&[105.0], &[100.0], 5.0);
        all.add(&[105.001], &[100.0], 5.0);
        assert_eq!((all.found, all.missed, all.false_claims), (1, 1, 1));
    }

    #[test]
    fn nothing_to_find_and_nothing_claimed_has_no_score() {
        let mut none = Boundaries::default();
        none.add(&[], &[], 5.0);
        assert_eq!((none.precision(), none.recall(), none.f1()), (None, None, None));
        none.join(&Boundaries { found: 1, ..Boundaries::default() });
        assert_eq!(none.f1(), Some(1.0));
    }
}

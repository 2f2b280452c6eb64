//! What is believed of one number before the roast: the machine's own, held towards its kind's.

/// What roasts of all machines are like: a number's mean, how far machines lie apart in it,
/// and how far the roasts of one machine do (standard deviations, in its unit).
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    pub mean: f64,
    pub between: f64,
    pub within: f64,
}

/// Where a number is expected, and how far from there (a standard deviation, in its unit).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Belief {
    pub mean: f64,
    pub sd: f64,
}

/// The scatter within a machine starts as if this many roasts had shown that of its kind.
const KIND_ROASTS: f64 = 4.0;

/// A roast further than this many `within` from the middle one counts as if it were there.
const OUTLIER: f64 = 2.5;

/// Degrees of freedom of [`Belief::odds`]: marks are forgotten and set late now and then.
const FREEDOM: f64 = 5.0;

impl Belief {
    /// Of the next roast, after `told` by earlier ones with weights, any order.
    ///
    /// Normal within and between machines, with the scatter within estimated on the way: the
    /// more roasts have told, the less the kind counts.
    pub(super) fn after(kind: Kind, told: &[(f64, f64)]) -> Self {
        let weight: f64 = told.iter().map(|(_, w)| w).sum();
        let Some(middle) = weighted_median(told).filter(|_| weight > 0.0) else {
            return Self { mean: kind.mean, sd: root_sum(kind.between, kind.within) };
        };
        let reach = OUTLIER * kind.within;
        let held = |value: f64| value.clamp(middle - reach, middle + reach);
        let mean = told.iter().map(|(v, w)| w * held(*v)).sum::<f64>() / weight;
        let squares: f64 = told.iter().map(|(v, w)| w * (held(*v) - mean) * (held(*v) - mean)).sum();
        let within2 = (squares + KIND_ROASTS * kind.within * kind.within) / (weight + KIND_ROASTS);
        let (own, kinds) = (weight / within2, 1.0 / (kind.between * kind.between));
        Self {
            mean: (own * mean + kinds * kind.mean) / (own + kinds),
            sd: (within2 + 1.0 / (own + kinds)).sqrt(),
        }
    }

    /// The same number with `offset` added, told with an error of `sd` more.
    pub(super) fn moved(self, offset: f64, sd: f64) -> Self {
        Self { mean: self.mean + offset, sd: root_sum(self.sd, sd) }
    }

    /// How likely `value` is, as a multiple of the likeliest: Student's t density of five
    /// degrees of freedom without its factor, times the standard deviation.
    pub(super) fn odds(self, value: f64) -> f64 {
        let z = (value - self.mean) / self.sd;
        let u = 1.0 + z * z / FREEDOM;
        1.0 / (u * u * u)
    }
}

fn root_sum(a: f64, b: f64) -> f64 {
    (a * a + b * b).sqrt()
}

/// The value up to which half the weight lies.
fn weighted_median(told: &[(f64, f64)]) -> Option<f64> {
    let mut sorted = told.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = 0.5 * sorted.iter().map(|(_, w)| w).sum::<f64>();
    let mut so_far = 0.0;
    sorted.into_iter().find_map(|(value, weight)| {
        so_far += weight;
        (so_far >= half).then_some(value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: Kind = Kind { mean: 190.0, between: 12.0, within: 5.0 };

    #[test]
    fn nobody_told_is_the_kind_and_many_told_are_the_machine() {
        let cold = Belief::after(KIND, &[]);
        assert_eq!((cold.mean, cold.sd), (190.0, 13.0));
        let many: Vec<(f64, f64)> = (0..1000).map(|i| (175.0 + f64::from(i % 2) * 4.0, 1.0)).collect();
        let own = Belief::after(KIND, &many);
        // 1,000 roasts at 177 ± 2 °C outweigh four of the kind's.
        assert!((own.mean - 177.0).abs() < 0.01 && (own.sd - 2.0).abs() < 0.03, "{own:?}");
    }

    #[test]
    fn one_told_lies_between_by_the_two_variances() {
        let one = Belief::after(KIND, &[(178.0, 1.0)]);
        // Within stays 5 · √(4/5): one roast shows no scatter. Weights 1/20 and 1/144.
        let want = (178.0 / 20.0 + 190.0 / 144.0) / (1.0 / 20.0 + 1.0 / 144.0);
        assert!((one.mean - want).abs() < 1e-9, "{one:?}");
        assert!(one.sd > 20.0_f64.sqrt());
    }

    #[test]
    fn a_mark_forgotten_once_moves_little() {
        let told: Vec<(f64, f64)> = [180.0, 181.0, 179.0, 180.0, 230.0].map(|c| (c, 1.0)).to_vec();
        let belief = Belief::after(KIND, &told);
        assert!((belief.mean - 182.0).abs() < 1.5, "{belief:?}");
    }

    #[test]
    fn odds_fall_evenly_to_both_sides() {
        let belief = Belief { mean: 10.0, sd: 2.0 };
        assert!((belief.odds(10.0) - 1.0).abs() < 1e-15);
        assert!((belief.odds(7.0) - belief.odds(13.0)).abs() < 1e-15);
        assert!(belief.odds(13.0) < belief.odds(12.0));
    }
}

//! Laws: from a place between 0 and 1 to a key's value.

use trier_roast::math;
use trier_roast::quantile::normal_quantile;

/// Where a normal law is cut when its file does not say, standard deviations from its middle: 6 of
/// 100,000 values would lie beyond. A law without ends would leave every key's limits sometime.
const CUT_SD: f64 = 4.0;

/// How a key's values are spread.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Law {
    /// Any value from the first to the second alike.
    Uniform { from: f64, to: f64 },
    /// A normal law, cut at both ends.
    Normal { mean: f64, sd: f64, low: f64, high: f64 },
    /// A law whose logarithm is normal, cut at both ends; `share` is the logarithm's standard deviation.
    LogNormal { median: f64, share: f64, low: f64, high: f64 },
    /// Each of these alike, in this order.
    Values(Vec<f64>),
}

impl Law {
    /// A normal law, cut four standard deviations from its mean where no end is said.
    pub(super) fn normal(mean: f64, sd: f64, low: Option<f64>, high: Option<f64>) -> Self {
        let (low, high) = (low.unwrap_or(mean - CUT_SD * sd), high.unwrap_or(mean + CUT_SD * sd));
        Self::Normal { mean, sd, low, high }
    }

    /// A log-normal law, cut where its logarithm is four standard deviations out where no end is said.
    pub(super) fn log_normal(median: f64, share: f64, low: Option<f64>, high: Option<f64>) -> Self {
        let low = low.unwrap_or_else(|| median * math::exp(-CUT_SD * share));
        let high = high.unwrap_or_else(|| median * math::exp(CUT_SD * share));
        Self::LogNormal { median, share, low, high }
    }

    /// The values that lie furthest out: those a check needs to see.
    pub(super) fn ends(&self) -> Vec<f64> {
        match self {
            Self::Uniform { from, to } => vec![*from, *to],
            Self::Normal { low, high, .. } | Self::LogNormal { low, high, .. } => vec![*low, *high],
            Self::Values(values) => values.clone(),
        }
    }

    /// The value at `place`, 0 to below 1: of all values, a share `place` lies below it.
    pub(super) fn at(&self, place: f64) -> f64 {
        match self {
            Self::Uniform { from, to } => from + (to - from) * place,
            Self::Normal { mean, sd, low, high } => {
                let z = cut_normal((low - mean) / sd, (high - mean) / sd, place);
                (mean + sd * z).clamp(*low, *high)
            }
            Self::LogNormal { median, share, low, high } => {
                let z = |value: f64| math::ln(value / median) / share;
                (median * math::exp(share * cut_normal(z(*low), z(*high), place))).clamp(*low, *high)
            }
            Self::Values(values) => {
                #[allow(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    clippy::cast_precision_loss
                )]
                let index = (place * values.len() as f64) as usize;
                values[index.min(values.len() - 1)]
            }
        }
    }

    /// The value of the level in the middle of whose share `place` lies. Levels of a uniform law
    /// stand evenly from its one end to its other; those of others, in the middle of equal shares.
    pub(super) fn at_level(&self, place: f64, levels: u32) -> f64 {
        match self {
            Self::Uniform { .. } if levels > 1 => {
                let level = (place * f64::from(levels)).floor();
                self.at(level / f64::from(levels - 1))
            }
            _ => self.at(place),
        }
    }
}

/// The z below which a share `place` of a standard normal between `low` and `high` lies.
fn cut_normal(low: f64, high: f64, place: f64) -> f64 {
    // On the side of the longer tail the shares keep their digits.
    if low > 0.0 {
        return -cut_normal(-high, -low, 1.0 - place);
    }
    let (below, above) = (math::normal_cdf(low), math::normal_cdf(high));
    if above <= below {
        // Both ends lie so far out that no digit is left of the share between them: all of it is at the inner one.
        return high;
    }
    normal_quantile(below + place * (above - below))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mean and standard deviation over the middles of 10,000 equal shares.
    fn moments(law: &Law, of: impl Fn(f64) -> f64) -> (f64, f64) {
        const N: u32 = 10_000;
        let values: Vec<f64> = (0..N).map(|i| of(law.at((f64::from(i) + 0.5) / f64::from(N)))).collect();
        let mean = values.iter().sum::<f64>() / f64::from(N);
        let square = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / f64::from(N);
        (mean, square.sqrt())
    }

    #[test]
    fn laws_have_the_moments_they_say() {
        // Cut at 4 sd, a normal law has an sd of 0.99946; middles of shares lose 1e-4 more of it.
        let (mean, sd) = moments(&Law::normal(9.0, 0.5, None, None), |v| v);
        assert!((mean - 9.0).abs() < 1e-9 && (sd / 0.5 - 0.9994).abs() < 3e-4, "{mean} {sd}");
        let (mean, sd) = moments(&Law::log_normal(20.0, 0.1, None, None), math::ln);
        assert!((mean - math::ln(20.0)).abs() < 1e-9 && (sd / 0.1 - 0.9994).abs() < 3e-4, "{mean} {sd}");
        // A uniform law from a to b: (a + b)/2 and (b − a)/√12.
        let (mean, sd) = moments(&Law::Uniform { from: 2.0, to: 14.0 }, |v| v);
        assert!((mean - 8.0).abs() < 1e-9 && (sd - 12.0_f64.sqrt()).abs() < 1e-6, "{mean} {sd}");
        // Half a normal law: mean √(2/π).
        let half = Law::normal(0.0, 1.0, Some(0.0), Some(9.0));
        let (mean, _) = moments(&half, |v| v);
        assert!((mean - (2.0 / math::PI).sqrt()).abs() < 1e-4, "{mean}");
    }

    #[test]
    fn no_value_lies_beyond_the_ends() {
        let places = [0.0, 1e-300, 0.3, 1.0 - 1e-16];
        for law in [
            Law::normal(1.0, 0.1, None, None),
            Law::normal(1.0, 0.1, Some(1.3), Some(1.9)),
            Law::normal(1.0, 0.1, Some(0.1), Some(0.7)),
            Law::log_normal(1.0, 0.3, Some(0.5), None),
        ] {
            let ends = law.ends();
            let values = places.map(|place| law.at(place));
            assert!(values.iter().all(|v| (ends[0]..=ends[1]).contains(v)), "{law:?}: {values:?}");
            assert!(values.is_sorted(), "{law:?}: {values:?}");
        }
    }

    #[test]
    fn a_law_cut_far_from_its_middle_is_all_at_the_nearer_end() {
        // Found by review: 100 and more standard deviations out no digit of the shares is left.
        assert_eq!(Law::normal(9.0, 0.01, Some(7.0), Some(8.0)).at(0.5), 8.0);
        assert_eq!(Law::normal(9.0, 0.01, Some(10.0), Some(11.0)).at(0.5), 10.0);
    }

    #[test]
    fn levels_take_in_both_ends_and_values_come_in_turn() {
        let uniform = Law::Uniform { from: 7.0, to: 10.0 };
        let middles = [0.125, 0.375, 0.625, 0.875];
        assert_eq!(middles.map(|place| uniform.at_level(place, 4)), [7.0, 8.0, 9.0, 10.0]);
        let values = Law::Values(vec![3.0, 1.0, 2.0, 1.0]);
        assert_eq!(middles.map(|place| values.at_level(place, 4)), [3.0, 1.0, 2.0, 1.0]);
    }
}

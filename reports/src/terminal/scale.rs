//! Axes: from values to dots, with round numbers along them.

/// One axis: the values at its ends, and the round ones between.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scale {
    /// Value at the low end.
    pub(crate) low: f64,
    /// Value at the high end; above `low`.
    pub(crate) high: f64,
    /// From one round number to the next.
    pub(crate) step: f64,
}

impl Scale {
    /// A scale from a round number at or below `low` to one at or above `high`, with the first of
    /// `steps` (ascending) that gives at most `ticks_max` numbers, or the last.
    pub(crate) fn round(low: f64, high: f64, steps: &[f64], ticks_max: usize) -> Self {
        let at = |step: f64| {
            let low = (low / step).floor() * step;
            let high = (high / step).ceil() * step;
            Self { low, high: if high > low { high } else { low + step }, step }
        };
        let fits = |scale: &Self| (scale.high - scale.low) / scale.step + 1.0 <= ticks_max as f64;
        let all = || steps.iter().map(|step| at(*step));
        all().find(fits).or_else(|| all().next_back()).unwrap_or(Self { low, high: low + 1.0, step: 1.0 })
    }

    /// Where a value stands on `dots` dots, 0 at the low end. Values far outside come out at most
    /// three lengths away.
    pub(crate) fn dot(&self, value: f64, dots: usize) -> i32 {
        let share = (value - self.low) / (self.high - self.low);
        (share.clamp(-3.0, 3.0) * (dots.saturating_sub(1)) as f64).round() as i32
    }

    /// The round numbers, ascending.
    pub(crate) fn ticks(&self) -> Vec<f64> {
        let first = (self.low / self.step).ceil();
        let count = ((self.high / self.step).floor() - first).clamp(0.0, 1000.0) as u32;
        (0..=count).map(|n| (first + f64::from(n)) * self.step).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_round_and_ticks_fit() {
        let scale = Scale::round(92.3, 214.6, &[10.0, 20.0, 50.0], 6);
        assert_eq!(scale, Scale { low: 50.0, high: 250.0, step: 50.0 });
        assert_eq!(scale.ticks(), [50.0, 100.0, 150.0, 200.0, 250.0]);
        assert_eq!([50.0, 150.0, 250.0].map(|v| scale.dot(v, 101)), [0, 50, 100]);
        assert_eq!(Scale::round(20.0, 20.0, &[10.0], 3), Scale { low: 20.0, high: 30.0, step: 10.0 });
        assert_eq!(scale.dot(1e300, 101), 300);
    }
}

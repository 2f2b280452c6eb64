//! A value that wanders around 0 and forgets: an Ornstein–Uhlenbeck process.

use trier_roast::math;

use crate::draw::Draw;

/// A wandering value, moved by its exact update over a fixed interval (B16).
#[derive(Clone, Debug)]
pub(crate) struct Wander {
    keep: f64,
    kick: f64,
    value: f64,
    draw: Draw,
}

impl Wander {
    /// Starts from its long-run law, so there is no warming up.
    ///
    /// - `sd`: long-run standard deviation; `memory_s`: time to forget to 1/e, above 0.
    pub(crate) fn new(sd: f64, memory_s: f64, interval_s: f64, mut draw: Draw) -> Self {
        let keep = math::exp(-interval_s / memory_s);
        let value = sd * draw.normal();
        Self { keep, kick: sd * (1.0 - keep * keep).sqrt(), value, draw }
    }

    /// The value now.
    pub(crate) fn value(&self) -> f64 {
        self.value
    }

    /// Moves on by one interval.
    pub(crate) fn advance(&mut self) {
        self.value = self.keep * self.value + self.kick * self.draw.normal();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Seed;

    #[test]
    fn spread_and_memory_are_those_asked_for() {
        // 40,000 values that remember 2 s at 0.25 s steps: about 2,500 independent ones,
        // so a standard error of 1.4 % on the standard deviation. Five are allowed.
        let mut wander = Wander::new(0.15, 2.0, 0.25, Seed::new(3, "m", 0).stream("w"));
        let mut values = Vec::new();
        for _ in 0..40_000 {
            wander.advance();
            values.push(wander.value());
        }
        let n = values.len() as f64;
        let variance = values.iter().map(|v| v * v).sum::<f64>() / n;
        let lagged = values.windows(9).map(|w| w[0] * w[8]).sum::<f64>() / n;
        assert!((variance.sqrt() / 0.15 - 1.0).abs() < 0.07);
        // Eight steps are 2 s: correlation 1/e.
        assert!((lagged / variance - math::exp(-1.0)).abs() < 0.1);
    }
}

//! Draws from a stream: uniform, normal, Poisson. Their first values are pinned,
//! because a library's next version may draw otherwise and move every result.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use trier_roast::math;

/// Numbers kept ahead, half a block of the cipher.
const AHEAD: usize = 4;
/// Words of 32 bits in them, which the generator counts in.
const AHEAD_WORDS: u128 = 8;

/// One stream of random numbers: ChaCha8 under a key of its own.
///
/// A roast has a dozen of them, so each keeps few numbers ahead and makes the generator, four times as large,
/// anew for the next.
#[derive(Clone, Debug)]
pub(crate) struct Draw {
    key: [u8; 32],
    ahead: [u64; AHEAD],
    /// Numbers taken so far.
    taken: u64,
}

impl Draw {
    pub(crate) fn new(key: [u8; 32]) -> Self {
        Self { key, ahead: [0; AHEAD], taken: 0 }
    }

    /// 64 bits, each as likely 0 as 1.
    pub(crate) fn bits(&mut self) -> u64 {
        #[allow(clippy::cast_possible_truncation)] // A remainder by 4.
        let within = (self.taken % AHEAD as u64) as usize;
        if within == 0 {
            let mut source = ChaCha8Rng::from_seed(self.key);
            source.set_word_pos(u128::from(self.taken / AHEAD as u64) * AHEAD_WORDS);
            self.ahead = std::array::from_fn(|_| source.next_u64());
        }
        self.taken += 1;
        self.ahead[within]
    }

    /// Uniform on [0, 1), 53 bits.
    pub(crate) fn uniform(&mut self) -> f64 {
        /// 2^-53.
        const ULP: f64 = 1.110_223_024_625_156_5e-16;
        #[allow(clippy::cast_precision_loss)] // 53 bits fit.
        let bits = (self.bits() >> 11) as f64;
        bits * ULP
    }

    /// Uniform on [`low`, `high`).
    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    /// Normal with mean 0 and standard deviation 1, by Box and Muller.
    ///
    /// Takes two uniforms and gives one normal: a stream that keeps the second for
    /// later would have hidden state that a split run could not see.
    pub(crate) fn normal(&mut self) -> f64 {
        // 1 − u is in (0, 1], so the logarithm is finite.
        let radius = (-2.0 * math::ln(1.0 - self.uniform())).sqrt();
        radius * math::cos(2.0 * math::PI * self.uniform())
    }

    /// A factor with median 1 whose logarithm has standard deviation `sd`.
    pub(crate) fn log_normal(&mut self, sd: f64) -> f64 {
        math::exp(sd * self.normal())
    }

    /// Poisson with mean `mean` (0 or more), by counting exponential gaps in chunks.
    pub(crate) fn poisson(&mut self, mean: f64) -> u32 {
        /// exp(−16) is far from underflow, and chunks of one size keep the draw simple.
        const CHUNK: f64 = 16.0;
        let mut left = mean;
        let mut count = 0;
        while left > 0.0 {
            let floor = math::exp(-left.min(CHUNK));
            let mut product = self.uniform();
            while product > floor {
                count += 1;
                product *= self.uniform();
            }
            left -= CHUNK;
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use crate::seed::Seed;

    fn draw(name: &str) -> super::Draw {
        Seed::new(7, "gd12", 0).stream(name)
    }

    #[test]
    fn first_values_are_pinned() {
        let mut d = draw("pin");
        let uniforms = [d.uniform(), d.uniform()];
        let mut d = draw("pin");
        let normal = d.normal();
        let mut d = draw("pin");
        let counts = [d.poisson(0.5), d.poisson(3.0), d.poisson(70.0)];
        insta::assert_snapshot!(format!("{uniforms:?} {normal:?} {counts:?}"), @"[0.8520699852427422, 0.4161760275269476] -1.6900597532981003 [1, 4, 68]");
    }

    #[test]
    fn moments_are_those_of_the_laws() {
        // Standard errors at n = 40,000: 0.005 for the normal mean, 0.007 for its
        // variance, 0.026 for the mean of Poisson(27). Five of them are allowed.
        const N: u32 = 40_000;
        let n = f64::from(N);
        let mut d = draw("moments");
        let (mut sum, mut squares, mut counts) = (0.0, 0.0, 0.0);
        for _ in 0..N {
            let z = d.normal();
            sum += z;
            squares += z * z;
            counts += f64::from(d.poisson(27.0));
        }
        assert!((sum / n).abs() < 0.025);
        assert!((squares / n - 1.0).abs() < 0.036);
        assert!((counts / n - 27.0).abs() < 0.13);
    }

    #[test]
    fn poisson_of_nothing_is_nothing() {
        assert_eq!(draw("none").poisson(0.0), 0);
    }
}

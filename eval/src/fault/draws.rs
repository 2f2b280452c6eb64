//! The random numbers of one fault: a stream of its own, so that adding a fault moves no other.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// One stream.
pub(super) struct Draws(ChaCha8Rng);

impl Draws {
    /// The stream of fault `index` of a case under `seed`.
    pub(super) fn new(seed: u64, index: usize) -> Self {
        let key = blake3::hash(format!("trier fault {index} seed {seed}").as_bytes());
        Self(ChaCha8Rng::from_seed(*key.as_bytes()))
    }

    /// Uniform in [0, 1).
    pub(super) fn uniform(&mut self) -> f64 {
        #[allow(clippy::cast_precision_loss)] // 53 bits fit a double.
        let bits = (self.0.next_u64() >> 11) as f64;
        bits / (1_u64 << 53) as f64
    }

    /// Nearly normal, of mean 0 and deviation 1: twelve uniforms, which never go past six deviations.
    pub(super) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

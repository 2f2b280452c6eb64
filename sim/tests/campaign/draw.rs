//! Random numbers for cases: SplitMix64 (Steele, Lea and Flood 2014), one sequence for each case.

pub(crate) struct Draw(u64);

impl Draw {
    pub(crate) fn of(index: u64) -> Self {
        Self(index.wrapping_mul(0xD134_2543_DE82_EF95).wrapping_add(0x9E37_79B9_7F4A_7C15))
    }

    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Evenly from 0 to 1.
    pub(crate) fn share(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + self.share() * (high - low)
    }

    /// From `1/most` to `most`, as often below 1 as above.
    pub(crate) fn factor(&mut self, most: f64) -> f64 {
        let power = self.between(-1.0, 1.0);
        trier_roast::math::pow(most, power)
    }

    pub(crate) fn one_in(&mut self, n: u64) -> bool {
        self.bits().is_multiple_of(n)
    }
}

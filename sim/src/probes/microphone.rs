//! A microphone that counts cracks: what it hears of them, and what it takes for one. Equations B9.
//!
//! It hears pops, never their truth: those that truly happened are the crack model's.

use trier_roast::math;

use crate::draw::Draw;
use crate::machine::{Inputs, MicrophoneSpec, State, crack_shares};

/// Fractures of one bean in second crack: 3 to 5 (B9), each as loud as its first crack within 15 %.
const SECOND_FRACTURES: f64 = 4.0;

/// A microphone at work. Pops come as a Poisson process; after each one counted it is deaf for a while.
#[derive(Clone, Debug)]
pub(crate) struct Microphone {
    spec: MicrophoneSpec,
    /// Shares cracked, first and second, when it listened last.
    cracked: (f64, f64),
    /// How long it stays deaf, s.
    deaf_s: f64,
    counted: u32,
    /// Time since it was read, s.
    listened_s: f64,
    draw: Draw,
}

impl Microphone {
    pub(crate) fn new(spec: &MicrophoneSpec, draw: Draw) -> Self {
        Self { spec: spec.clone(), cracked: (0.0, 0.0), deaf_s: 0.0, counted: 0, listened_s: 0.0, draw }
    }

    /// Listens for `part_s` that end in `state`.
    pub(crate) fn listen(&mut self, state: &State, inputs: &Inputs<'_>, part_s: f64) {
        let cracked = inputs.load.map_or((0.0, 0.0), |(load, _)| crack_shares(state, load.lot));
        let beans = inputs.load.map_or(0.0, |(load, _)| load.green_kg * 1e3 / load.lot.bean_mass_g);
        let more = |now: f64, was: f64| (now - was).max(0.0);
        let fractures =
            beans * (more(cracked.0, self.cracked.0) + SECOND_FRACTURES * more(cracked.1, self.cracked.1));
        self.cracked = cracked;
        self.count(self.spec.audible_share * fractures / part_s + self.spec.background_per_s, part_s);
    }

    /// Counts what arrives at `rate_per_s` over `part_s`.
    fn count(&mut self, rate_per_s: f64, part_s: f64) {
        self.listened_s += part_s;
        let mut awake_s = self.deaf_s;
        while rate_per_s > 0.0 && awake_s < part_s {
            // Gaps between pops are exponential, and what is left of one forgets how long it has been.
            awake_s -= math::ln(1.0 - self.draw.uniform()) / rate_per_s;
            if awake_s < part_s {
                self.counted += 1;
                awake_s += self.spec.dead_time_s;
            } else {
                awake_s = part_s;
            }
        }
        self.deaf_s = (awake_s - part_s).max(0.0);
    }

    /// Pops per second since it was last read; None before it has listened.
    pub(crate) fn read(&mut self) -> Option<f64> {
        let heard = (self.listened_s > 0.0).then(|| f64::from(self.counted) / self.listened_s);
        (self.counted, self.listened_s) = (0, 0.0);
        heard
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Seed;

    #[test]
    fn a_deaf_time_keeps_the_count_under_its_limit() {
        // A counter that is deaf for d after each count shows n/(1 + n·d) of n per second.
        for (rate_per_s, dead_time_s) in [(3.0, 0.0), (3.0, 0.05), (40.0, 0.05), (40.0, 0.7)] {
            let spec = MicrophoneSpec { dead_time_s, ..MicrophoneSpec::default() };
            let mut microphone = Microphone::new(&spec, Seed::new(2, "m", 0).stream("mic"));
            (0..40_000).for_each(|_| microphone.count(rate_per_s, 0.25));
            let wanted = rate_per_s / (1.0 + rate_per_s * dead_time_s);
            let got = microphone.read().expect("listened");
            // 14,000 counts at least, and dead time only evens them out: 0.85 % is a standard error; five.
            assert!((got / wanted - 1.0).abs() < 0.043, "{got} of {wanted} per second");
        }
    }

    #[test]
    fn nothing_is_heard_in_silence() {
        let mut microphone = Microphone::new(&MicrophoneSpec::default(), Seed::new(2, "m", 0).stream("mic"));
        assert_eq!(microphone.read(), None, "it has not listened");
        microphone.count(0.0, 1.0);
        assert_eq!(microphone.read(), Some(0.0));
    }
}

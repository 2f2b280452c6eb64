//! One probe's chain: lag, bias, noise, steps. Equations B11.

use trier_roast::math;

use crate::draw::Draw;
use crate::machine::ProbeSpec;

/// One probe: follows its target with a first-order lag, exactly over each step.
#[derive(Clone, Debug)]
pub(crate) struct Chain {
    spec: ProbeSpec,
    step_s: f64,
    catch_up: f64,
    element_c: f64,
    draw: Draw,
}

impl Chain {
    /// A probe that has settled at `target_c`.
    pub(crate) fn settled(spec: &ProbeSpec, target_c: f64, step_s: f64, draw: Draw) -> Self {
        let catch_up = -math::exp_m1(-step_s / spec.lag_s);
        Self { spec: spec.clone(), step_s, catch_up, element_c: target_c, draw }
    }

    /// Follows `target_c` for one step.
    pub(crate) fn follow(&mut self, target_c: f64) {
        self.element_c += self.catch_up * (target_c - self.element_c);
    }

    /// Follows a target that goes straight from `from_c` to `to_c` within one step, exactly:
    /// T' = y' + (T − y)·e^(−h/τ) − (τ/h)·(y' − y)·(1 − e^(−h/τ)).
    pub(crate) fn follow_ramp(&mut self, from_c: f64, to_c: f64) {
        let behind_c = (to_c - from_c) * self.spec.lag_s / self.step_s;
        self.element_c = to_c + (self.element_c - from_c) * (1.0 - self.catch_up) - behind_c * self.catch_up;
    }

    /// Temperature of the sensing element, °C: lagged, but without bias, noise or steps.
    pub(crate) fn element_c(&self) -> f64 {
        self.element_c
    }

    /// What the display shows, °C.
    pub(crate) fn read(&mut self) -> f64 {
        let raw = self.element_c + self.spec.bias_c + self.spec.noise_c * self.draw.normal();
        // Steps per degree, so that 203.4 comes out as 203.4 and not 203.40000000000003.
        let per_c = (1.0 / self.spec.step_c * 1e9).round() / 1e9;
        (raw * per_c).round() / per_c
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Seed;

    fn chain(lag_s: f64, step_c: f64) -> Chain {
        let spec = ProbeSpec { lag_s, stray_share: 0.0, bias_c: 0.0, noise_c: 0.0, step_c };
        Chain::settled(&spec, 100.0, 0.25, Seed::new(1, "m", 0).stream("p"))
    }

    #[test]
    fn a_step_in_the_target_is_followed_to_63_percent_in_one_lag() {
        let mut probe = chain(26.0, 0.1);
        for _ in 0..104 {
            probe.follow(200.0);
        }
        // 104 steps of 0.25 s are 26 s: 100·(1 − 1/e) above the start, exactly.
        assert!((probe.element_c() - 200.0 + 100.0 * math::exp(-1.0)).abs() < 1e-9);
    }

    #[test]
    fn behind_a_steady_rise_a_probe_settles_one_lag_late() {
        let mut probe = chain(4.0, 0.1);
        // 1.5 °C/s, from where it had settled: T − y = −r·τ·(1 − e^(−t/τ)).
        for i in 0..80 {
            let from_c = 100.0 + 0.375 * f64::from(i);
            probe.follow_ramp(from_c, from_c + 0.375);
            let (t, to_c) = (0.25 * f64::from(i + 1), from_c + 0.375);
            let wanted_c = to_c + 6.0 * math::exp_m1(-t / 4.0);
            assert!((probe.element_c() - wanted_c).abs() < 1e-11, "at {t} s");
        }
    }

    #[test]
    fn the_display_shows_whole_steps() {
        let mut probe = chain(26.0, 0.25);
        probe.follow(131.3);
        let shown = probe.read();
        assert!((shown * 4.0 - (shown * 4.0).round()).abs() < 1e-12);
        assert!((shown - probe.element_c()).abs() <= 0.125 + 1e-12);
    }
}
